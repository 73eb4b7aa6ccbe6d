import { defer } from '../../lib/plan/deferred';
import { mermaid, svg } from '../../lib/plan/diagram';
import { planTopology, type TopologyPlan } from '../../lib/plan/plan';
import { bucket, oneRegion, topology, twoRegions } from './topologies';

const PROJECTS = {
  library: { home: 'virginia', public: true, replicateTo: 'all' as const },
  payments: { home: 'hangzhou', replicateTo: ['virginia'] },
};
const TENANTS = { acme: { ...bucket('acme'), domain: 'acme.example.com' } };
const two = planTopology(twoRegions({ tenants: TENANTS }, { kraken: false }, { projects: PROJECTS }));

describe('mermaid', () => {
  it('draws each region with its parts, the way of an image, reports of pushes and replication', () => {
    const text = mermaid(two);
    for (const line of [
      'flowchart LR',
      '  subgraph r0["virginia · virginia.registry.example.com"]',
      '    r0_nodes -->|"1 pull"| r0_kraken',
      '    r0_nodes -->|"2 when peers cannot"| r0_harbor',
      '    r0_harbor -.->|"pushes"| r0_kraken',
      '    r0_harbor --> r0_storage[("S3 example-registry-virginia")]',
      '    r0_tenant0["Harbor acme<br/>acme.example.com"]',
      '    r1_nodes -->|"pull"| r1_harbor',
      '  r0_nodes -.->|"else"| r1_harbor',
      '  r0_harbor ==>|"replicates library"| r1_harbor',
      '  r1_harbor ==>|"replicates payments"| r0_harbor',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).not.toContain('r1_kraken');
  });

  it('draws a box for each of many regions', () => {
    const text = mermaid(planTopology(topology(13)));
    expect(text).not.toContain('subgraph');
    expect(text).toContain('  r12["region-12<br/>Harbor 2.15.2<br/>S3 example-registry-region-12"]');
    expect(text).toContain('  r0 ==>|"replicates library"| r12');
  });

  it('draws the ways to other regions of few regions only', () => {
    expect(mermaid(planTopology(topology(4)))).toContain('"else"');
    expect(mermaid(planTopology(topology(5)))).not.toContain('"else"');
  });

  it('says nothing of peers where no node is told of them', () => {
    const text = mermaid(planTopology(oneRegion({ nodeMirror: false })));
    expect(text).toContain('r0_nodes -->|"pull"| r0_harbor');
    expect(text).not.toContain('1 pull');
  });

  it('writes signs that mean something to Mermaid as entities', () => {
    const host = 'a"]#<b>';
    const database = { type: 'external', host: defer(host), passwordSecret: 'db' };
    const plan = JSON.parse(
      JSON.stringify(planTopology(oneRegion({ database }))).replace(/late-value-tok-[0-9a-f]{8}-kot/g, 'a\\"]#<b>'),
    );
    expect(mermaid(plan as TopologyPlan)).toContain('[("PostgreSQL a#34;]#35;#60;b#62;<br/>Redis embedded")]');
  });
});

/** Opening and closing tags of a drawing, in pairs. */
function isWellFormed(xml: string): boolean {
  const open: string[] = [];
  for (const [, close, name, rest] of xml.matchAll(/<(\/?)([a-zA-Z]+)((?:[^<>"]|"[^"]*")*)>/g)) {
    if (close === '/') {
      if (open.pop() !== name) return false;
    } else if (!rest?.endsWith('/')) open.push(name ?? '');
  }
  return open.length === 0 && !/&(?!amp;|lt;|gt;|quot;|#\d+;)/.test(xml);
}

const numbers = (xml: string, name: string): number[] =>
  [...xml.matchAll(new RegExp(` ${name}="([\\d.]+)"`, 'g'))].map((m) => Number(m[1]));

describe('svg', () => {
  it.each([1, 2, 3, 4, 5, 12, 13, 100])('is a well-formed drawing of %d regions, all inside its frame', (count) => {
    const xml = svg(planTopology(topology(count)));
    expect(isWellFormed(xml)).toBe(true);
    const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(xml)?.map(Number) ?? [];
    expect(Math.max(...numbers(xml, 'x'))).toBeLessThan(width ?? 0);
    expect(Math.max(...numbers(xml, 'y'))).toBeLessThan(height ?? 0);
    for (let i = 0; i < count; i++) expect(xml).toContain(`>region-${i}</text>`);
  });

  it('needs nothing from elsewhere, and is readable in light and dark', () => {
    const xml = svg(two);
    expect(xml.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /https?:\/\/[^<]*\.(css|woff|js)|@import|url\((?!#)|<image|<script/,
    );
    expect(xml).toContain('prefers-color-scheme:dark');
    expect(xml).toContain('class="ground"');
  });

  it('shows the parts of a region, its tenants, and who sends which projects', () => {
    const xml = svg(two);
    for (const text of [
      'Harbor 2.15.2',
      'Kraken 0.1.27',
      'no Kraken',
      '1 tenant: acme',
      '1 other region',
      'payments',
      'library',
    ]) {
      expect(xml).toContain(`>${text}</text>`);
    }
    expect(xml.match(/class="line lane c0"/g)).toHaveLength(3);
    expect(xml.match(/class="line lane c1"/g)).toHaveLength(3);
  });

  it('numbers the ways of an image in the order that nodes ask', () => {
    const steps = (props: object) =>
      svg(planTopology(oneRegion(props))).match(/class="number"[^>]*>(\d)/g)?.length ?? 0;
    expect([steps({}), steps({ kraken: false }), steps({ nodeMirror: false })]).toEqual([2, 1, 1]);
    expect(svg(two).match(/class="number"/g)).toHaveLength(5);
  });

  it('names the projects of a lane beside its line, and ends it in its own colour', () => {
    const home = /<circle class="dot f0" cx="(\d+)"/.exec(svg(two))?.[1];
    const name = />library<\/text>/.exec(svg(two))?.index ?? 0;
    const text = svg(two).slice(svg(two).lastIndexOf('<text', name), name);
    expect(text).toContain('text-anchor="end"');
    expect([Number(home) - Number(/ x="(\d+)"/.exec(text)?.[1])]).toEqual([8]);
    expect(svg(two)).toMatch(/class="line lane c0"[^>]*marker-end="url\(#head0\)"/);
    expect(svg(two)).toContain('<marker id="head0"');
  });

  it('joins replication between rows at the left edge', () => {
    const projects = { library: { home: 'region-0', replicateTo: ['region-4'] } };
    const xml = svg(planTopology(topology(5, { projects })));
    expect(xml.match(/class="line lane c0"/g)).toHaveLength(5);
  });

  it('marks the homes of projects on the grid', () => {
    const projects = { library: { home: 'region-3', replicateTo: 'all' as const } };
    const xml = svg(planTopology(topology(20, { projects, defaults: { kraken: false, nodeMirror: false } })));
    expect(xml.match(/class="dot f0"/g)).toHaveLength(1);
    expect(xml).toContain('>small, 1 project, no Kraken</text>');
  });

  it('shortens a long text and keeps all of it for the pointer', () => {
    const storage = { type: 's3', bucket: `example-${'x'.repeat(50)}`, region: 'us-east-1' };
    const xml = svg(planTopology(oneRegion({ storage })));
    expect(xml).toContain(`<title>example-${'x'.repeat(50)}</title>example-xxx`);
    expect(xml).toContain('…</text>');
  });

  it('writes signs that mean something to XML as entities', () => {
    const plan = JSON.parse(
      JSON.stringify(two).replaceAll('registry.example.com', "r&<'\\u0007>.example.com"),
    ) as TopologyPlan;
    const xml = svg(plan);
    expect(isWellFormed(xml)).toBe(true);
    expect(xml).toContain('r&amp;&lt;&#39;&gt;.example.com');
  });
});
