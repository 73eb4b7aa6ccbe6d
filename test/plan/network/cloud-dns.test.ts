import { Links } from '../../../lib/plan/network/links';
import type { Network } from '../../../lib/plan/network/networks';
import { planTopology, regionOf, type TopologyPlan, type TopologyProps } from '../../../lib/plan/plan';
import { mistake } from '../topologies';
import { network, networked } from './networks';

const GOOGLE = '35.199.192.0/19';
const google = (i: number, more: object = {}): Network => ({ ...network('gcp', i), ...more }) as Network;
const factory = (i: number, more: object = {}): Network =>
  ({ ...network('onPremises', i), resolvers: [`10.${i}.0.53`], ...more }) as Network;
const mesh = (...networks: readonly Network[]): TopologyProps => networked(networks, Links.mesh());
const forwards = (plan: TopologyPlan, i: number) =>
  (regionOf(plan, `region-${i}`).network?.forwards ?? []).map(({ zone, through, resolvers }) =>
    [zone.replace('.registry.example.com', ''), through ?? resolvers ?? 'learned'].flat().join(' '),
  );
const warnings = (props: TopologyProps) => planTopology(props).warnings.map(({ path, problem }) => [path, problem]);
/** Who is asked on port 53 by a region, as its firewall sees it. */
const asked = (plan: TopologyPlan, i: number) =>
  (regionOf(plan, `region-${i}`).network?.firewall ?? [])
    .filter(({ direction, ports, protocol }) => direction === 'egress' && ports.includes(53) && protocol === 'udp')
    .flatMap(({ peers }) => peers.map(({ region }) => region));

describe('names of regions in two VPCs of Google Cloud', () => {
  it("are looked up in the other's VPC, also its private domains, and need no packets", () => {
    const plan = planTopology(mesh(google(0), google(1, { privateDomains: ['db.example.net'] })));
    expect(forwards(plan, 0)).toEqual(['region-1 region-1', 'db.example.net region-1']);
    expect(forwards(plan, 1)).toEqual(['region-0 region-0']);
    expect([asked(plan, 0), asked(plan, 1), plan.warnings]).toEqual([[], [], []]);
  });

  it('cannot both be asked for by one network outside: it would answer either', () => {
    expect(mistake(mesh(google(0), google(1), factory(2)))).toEqual({
      path: 'regions.region-1.network.dnsPeering',
      problem: `is missing: region-0 asks from ${GOOGLE} too, out of another VPC, and region-2 sends its answers to either`,
      given: 'nothing',
      allowed: 'one VPC of Google Cloud that asks for all',
      fix: 'set dnsPeering: region-0, which then asks for both; where both stand in one VPC, give both the same "vpc"',
    });
    const overTransit = [google(0), factory(1, { resolvers: undefined }), google(2), factory(3)];
    expect(mistake(networked(overTransit, Links.hub('region-1')))).toMatchObject({
      path: 'regions.region-2.network.dnsPeering',
      problem: expect.stringContaining('region-3 sends its answers'),
    });
  });

  it('are fine where no network outside is asked, or none knows both', () => {
    const unasked = planTopology(mesh(google(0), google(1), factory(2, { resolvers: undefined })));
    expect(unasked.warnings.map(({ path }) => path)).toEqual(['regions.region-2.network.resolvers']);
    const apart = networked([google(0), google(1), factory(2), factory(3)], {
      type: 'list',
      links: [{ between: ['region-0', 'region-2'] }, { between: ['region-1', 'region-3'] }],
    });
    expect(warnings(apart)).toEqual([]);
  });

  it('only warn over links that others made, which may announce otherwise', () => {
    const links = { type: 'list' as const, links: [{ between: ['region-0', 'region-2'] as const }] };
    const existing = { between: ['region-1', 'region-2'] as const, via: 'existing' as const };
    const props = networked([google(0), google(1), factory(2)], { ...links, links: [...links.links, existing] });
    expect(warnings(props)).toEqual([
      ['regions.region-1.network.dnsPeering', expect.stringContaining('region-2 sends its answers to either')],
    ]);
  });
});

describe('a VPC that asks for another', () => {
  const place = { region: 'us-central1', dnsPeering: 'region-0' };
  const both = (more: object = {}, ...others: readonly Network[]) =>
    mesh(google(0), google(1, { ...place, ...more }), factory(2), ...others);

  it('announces where it asks from, and the other asks through it', () => {
    const plan = planTopology(both());
    expect(plan.regions.map((region) => region.network?.announces)).toEqual([
      ['10.0.0.0/16', GOOGLE],
      ['10.1.0.0/16'],
      ['10.2.0.0/16'],
    ]);
    expect(forwards(plan, 0)).toEqual(['region-1 region-1', 'region-2 10.2.0.53']);
    expect(forwards(plan, 1)).toEqual(['region-0 region-0', 'region-2 region-0']);
    expect(forwards(plan, 2)).toEqual(['region-0 learned', 'region-1 learned']);
    expect([asked(plan, 0), asked(plan, 1), asked(plan, 2)]).toEqual([['region-2'], [], ['region-0', 'region-1']]);
  });

  it("must have something in the other's region of Google Cloud, which the plan sees of its own regions only", () => {
    expect(warnings(both())).toEqual([
      [
        'regions.region-1.network.dnsPeering',
        'asks out of the VPC of region-0, which Google does only where that VPC has a machine, a VLAN attachment or a tunnel in us-central1',
      ],
    ]);
    const inBoth = [google(0, { vpc: 'hub' }), google(1, place), google(2, { vpc: 'hub', region: 'us-central1' })];
    expect(warnings(mesh(...inBoth, factory(3)))).toEqual([]);
    expect(warnings(both({ region: 'europe-west4' }))).toEqual([]);
  });

  it.each<[TopologyProps, number, string]>([
    [both({ dnsPeering: 'region-2' }), 1, 'is no other region in Google Cloud'],
    [both({ dnsPeering: 'region-1' }), 1, 'is no other region in Google Cloud'],
    [
      mesh(google(0, { vpc: 'a' }), google(1, { ...place, vpc: 'a' }), factory(2)),
      1,
      'is a region in the same VPC, which knows the same names',
    ],
    [
      both({}, google(3, { dnsPeering: 'region-1', region: 'us-central1' })),
      3,
      'asks other networks through region-0 itself',
    ],
    [
      networked([google(0), google(1, place), factory(2)], {
        type: 'list',
        links: [{ between: ['region-1', 'region-2'] }],
      }),
      1,
      'cannot ask for the names of region-2: no region in its VPC has a route there',
    ],
    [
      mesh(google(0), google(1, { ...place, vpc: 'a' }), google(2, { vpc: 'a' }), factory(3)),
      2,
      'is not that of region-1, which stands in the same VPC',
    ],
  ])('is told what is wrong: %#', (props, i, problem) => {
    expect(mistake(props)).toMatchObject({ path: `regions.region-${i}.network.dnsPeering`, problem });
  });
});

describe('regions in one VPC of Google Cloud', () => {
  const [one, two] = [
    google(0, { vpc: 'registry' }),
    google(1, { vpc: 'registry', privateDomains: ['db.example.net'] }),
  ];

  it("know each other's names, and the first that has a route asks for others", () => {
    const plan = planTopology(mesh(one, two, factory(2), google(3, { dnsPeering: 'region-0' })));
    expect(forwards(plan, 0)).toEqual(['region-2 10.2.0.53', 'region-3 region-3']);
    expect(forwards(plan, 1)).toEqual([]);
    expect(forwards(plan, 3)).toEqual([
      ...['region-0 region-0', 'region-1 region-1', 'db.example.net region-1'],
      'region-2 region-0',
    ]);
    const far = networked([one, two, factory(2), factory(3)], {
      type: 'list',
      links: [{ between: ['region-0', 'region-2'] }, { between: ['region-1', 'region-3'] }],
    });
    expect([forwards(planTopology(far), 0), forwards(planTopology(far), 1)]).toEqual([
      ['region-2 10.2.0.53'],
      ['region-3 10.3.0.53'],
    ]);
  });

  it('may both be linked to others, and their questions may come over either', () => {
    const plan = planTopology(mesh(one, two, factory(2)));
    expect(plan.warnings).toEqual([]);
    expect([asked(plan, 0), asked(plan, 1)]).toEqual([['region-2'], ['region-2']]);
    expect(plan.regions.slice(0, 2).map((region) => region.network?.announces.includes(GOOGLE))).toEqual([true, true]);
  });

  it.each([
    [{ vpc: 'Registry VPC' }, 'vpc'],
    [{ vpc: 7 }, 'vpc'],
    [{ dnsPeering: '' }, 'dnsPeering'],
  ])('are told what is no name: %j', (more, key) => {
    expect(mistake(mesh(google(0), google(1, more)))).toMatchObject({ path: `regions.region-1.network.${key}` });
  });
});
