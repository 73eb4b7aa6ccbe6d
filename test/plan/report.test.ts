import { defer } from '../../lib/plan/deferred';
import { planTopology, type TopologyProps } from '../../lib/plan/plan';
import { report } from '../../lib/plan/report';
import { SharedStorage } from '../../lib/plan/storage';
import { bucket, oneRegion, topology, twoRegions } from './topologies';

const tables = (props: TopologyProps) =>
  new Map(report(planTopology(props)).map((section) => [section.title, section]));
const rows = (props: TopologyProps, title: string): readonly (readonly string[])[] => {
  const found = tables(props).get(title);
  if (found === undefined) throw new Error(`no table ${title}`);
  return found.rows;
};

describe('report', () => {
  it('has tables whose rows have a text for each column', () => {
    const acme = { ...bucket('acme'), domain: 'acme.example.com' };
    for (const { columns, rows: found, title } of report(
      planTopology(twoRegions({ tenants: { acme } }, { size: 'small' })),
    )) {
      expect([title, found.every((row) => row.length === columns.length)]).toEqual([title, true]);
    }
  });

  it('shows each region in a row', () => {
    const acme = { ...bucket('acme'), domain: 'acme.example.com' };
    expect(
      rows(twoRegions({ tenants: { acme } }, { kraken: false, storage: { type: 'nas', claim: 'c' } }), 'Regions'),
    ).toEqual([
      ['virginia', '1.34', '2.2', '2.15.2', 'small', '0.1.27', 'S3 example-registry-virginia', 'acme'],
      ['hangzhou', '1.34', '2.2', '2.15.2', 'small', 'none', 'NAS c', ''],
    ]);
  });

  it.each([
    [{ type: 'ingress' }, 'Ingress (default class)'],
    [{ type: 'ingress', className: 'nginx' }, 'Ingress (nginx)'],
    [{ type: 'gateway', parentRefs: [{ name: 'public' }] }, 'Gateway public'],
    [{ type: 'loadBalancer' }, 'load balancer'],
    [{ type: 'nodePort' }, 'ports 30002, 30003 of the nodes'],
    [{ type: 'clusterIp' }, 'Service inside the cluster'],
  ])('says what stands before Harbor: %j', (exposure, behind) => {
    expect(rows(oneRegion({ exposure }), 'Endpoints')).toEqual([
      [
        'virginia',
        'harbor',
        'https://registry.example.com',
        'virginia.registry.example.com',
        behind,
        '127.0.0.1:16000',
      ],
    ]);
  });

  it.each([
    [{ type: 's3', bucket: 'example', region: 'x', rootDirectory: '/a/b/' }, 'S3 example/a/b'],
    [
      { type: 'azureBlob', accountName: 'example', container: 'images', credentialsSecret: 's' },
      'Azure example/images',
    ],
    [{ type: 'gcs', bucket: 'example' }, 'GCS example'],
    [
      { type: 'oss', bucket: 'example', region: 'oss-cn-hangzhou', accessKeyId: 'id', credentialsSecret: 's' },
      'OSS example',
    ],
    [
      {
        type: 'swift',
        authUrl: 'https://keystone.example.com/v3',
        username: 'u',
        container: 'images',
        domain: 'Default',
        prefix: 'p',
        credentialsSecret: 's',
      },
      'Swift images/p',
    ],
    [{ type: 'nas', server: '10.0.0.5', path: '/export' }, 'NAS 10.0.0.5:/export'],
    [{ type: 'nas', storageClass: 'nas' }, 'NAS nas'],
    [{ type: 'nas', fileSystemId: 'fs-0a1b', accessPointId: 'fsap-0c2d' }, 'EFS fs-0a1b'],
  ])('says where images are kept: %j', (storage, text) => {
    expect(rows(oneRegion({ storage }), 'Regions')[0]?.[6]).toBe(text);
  });

  it('adds up what all pods reserve, and what each node gives', () => {
    const resources = { cpu: '500m', cpuLimit: '1', memory: '1Gi' };
    const total = (replicas: number) =>
      rows(oneRegion({ kraken: { components: { tracker: { replicas, resources } } } }), 'Reserved in all')[0] ?? [];
    const [one, three] = [total(1), total(3)];
    expect(Number(three[0]) - Number(one[0])).toBe(2);
    expect(Number(three[1]) - Number(one[1])).toBeCloseTo(1);
    expect(Number.parseFloat(three[2] ?? '') - Number.parseFloat(one[2] ?? '')).toBeCloseTo(2);
    expect(one.slice(3)).toEqual(['0.05', '0.4 GiB', 'virginia']);
  });

  it('counts registryctl with the registry that it shares a pod with', () => {
    const registryctl = { resources: { cpu: '1', cpuLimit: '1', memory: '1Gi' } };
    const registry = { resources: { cpu: '2', cpuLimit: '2', memory: '2Gi' } };
    const found = rows(oneRegion({ components: { registry, registryctl } }), 'Pods, and what each reserves');
    expect(found.find((row) => row[1] === 'registry')).toEqual(['harbor', 'registry', '1', '3', '3 GiB', 'virginia']);
    expect(found.find((row) => row[1] === 'agent')?.[2]).toBe('1 a node');
  });

  it('counts the gateway to a bucket there too', () => {
    const endpoint = 'https://obs.ap-southeast-3.myhuaweicloud.com';
    const storage = SharedStorage.s3({ bucket: 'images', region: 'b', endpoint, credentialsSecret: 'c' });
    const one = { resources: { cpu: '1', cpuLimit: '1', memory: '1Gi' } } as const;
    const components = { registry: one, registryctl: one, s3Gateway: one };
    const found = rows(oneRegion({ storage, components }), 'Pods, and what each reserves');
    expect(found.find((row) => row[1] === 'registry')).toEqual(['harbor', 'registry', '1', '3', '3 GiB', 'virginia']);
  });

  it('says what is stored where, the same things side by side', () => {
    const found = rows(
      twoRegions({}, { storage: { type: 'nas', storageClass: 'nas', size: '1Ti' }, trivy: { enabled: true } }),
      'Storage',
    );
    expect(found.slice(0, 3)).toEqual([
      ['harbor', 'images', 'S3 example-registry-virginia', '', 'virginia'],
      ['harbor', 'images', 'NAS nas', '1Ti', 'hangzhou'],
      ['harbor', 'database', 'PostgreSQL embedded', '5Gi', 'all'],
    ]);
    const cache = { type: 'external', host: 'rest', core: { host: 'core', port: 10000 } };
    expect(rows(oneRegion({ cache }), 'Storage')).toContainEqual([
      ...['harbor', 'cache', 'Redis rest:6379, of core core:10000', '', 'virginia'],
    ]);
    expect(found).toContainEqual(['harbor', 'vulnerability database', 'volume (default class)', '5Gi', 'hangzhou']);
    expect(found).toContainEqual(['kraken', 'cache of origin', 'volume (default class)', '1 × 20Gi', 'all']);
    expect(found).toContainEqual(['kraken', 'cache of agent', 'disk of the node', '5Gi a node', 'all']);
  });

  it('shows the way of an image to a node', () => {
    expect(rows(twoRegions({}, {}), 'Where a node asks for an image, in order')[1]).toEqual([
      'hangzhou',
      'registry.example.com',
      'agent',
      'region hangzhou → region virginia → https://registry.example.com',
    ]);
  });

  it('shows who may pull a project and where its images are', () => {
    const projects = {
      library: { home: 'region-0', public: true, replicateTo: 'all' as const },
      payments: { home: 'region-1', confidential: true },
      machines: { home: 'region-1', replicateTo: ['region-2'] },
    };
    expect(rows(topology(3, { projects }), 'Projects')).toEqual([
      ['library', 'anyone', 'region-0', 'all others', 'peers and Harbor'],
      ['payments', 'members, confidential', 'region-1', 'none', 'Harbor only'],
      ['machines', 'members', 'region-1', 'region-2', 'peers and Harbor'],
    ]);
  });

  it('shows all places where a project is pushed, and registries outside', () => {
    const projects = { app: { home: 'region-0', primaries: ['region-1'], replicateTo: ['region-2', 'theirs'] } };
    const theirs = { type: 'harbor' as const, url: 'https://harbor.example.net', username: 'u', passwordSecret: 's' };
    const props = topology(4, { projects, settings: {}, registries: { theirs } });
    expect(rows(props, 'Projects')).toEqual([
      ['app', 'members', 'region-0, region-1', 'region-2, region-1, theirs', 'peers and Harbor'],
    ]);
  });

  it('shows quotas and robot accounts where settings are code', () => {
    const projects = {
      app: { home: 'region-0', quota: '20Gi' as const, replicateTo: 'all' as const },
      free: { home: 'region-0', quota: 'unlimited' as const },
      open: { home: 'region-1' },
      small: { home: 'region-1', quota: '10Mi' as const },
    };
    const props = topology(2, { projects, settings: {}, robots: { ci: { push: ['app', 'free'] } } });
    expect(rows(props, 'Projects').map((row) => [row[0], row.at(-1)])).toEqual([
      ['app', '20 GiB'],
      ['free', 'unlimited'],
      ['open', ''],
      ['small', '10 MiB'],
    ]);
    const robots = rows(props, 'Robot accounts');
    expect(robots).toContainEqual([
      'harbor',
      'robot$ci',
      'pull, push',
      'app, free',
      'harbor/harbor-robots',
      'region-0',
    ]);
    expect(robots.find((row) => row[1] === 'robot$kraken')?.slice(2, 4)).toEqual(['pull', 'app, free']);
    expect(rows(topology(2), 'Robot accounts')).toEqual([]);
  });

  it('names many regions by their number', () => {
    const replicateTo = Array.from({ length: 8 }, (_, i) => `region-${i + 1}`);
    const projects = { library: { home: 'region-0', replicateTo } };
    expect(rows(topology(20, { projects }), 'Projects')[0]?.[3]).toBe(
      'region-1, region-2, region-3, region-4, region-5 and 3 more',
    );
  });

  it('merges flows: a row for each two parties, senders of the same side by side', () => {
    const found = rows(oneRegion({}), 'Every flow');
    const pairs = found.map(([from, to]) => `${from} ${to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(found).toContainEqual(['harbor/core, harbor/jobservice', 'harbor/database', '5432', 'database', 'virginia']);
  });

  it('shows at a glance what crosses a namespace, once whatever the region', () => {
    const found = rows(twoRegions({}, { internalTls: { type: 'provided' } }), 'Who talks to whom');
    const pairs = found.map(([from, to]) => `${from} ${to}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    expect(found.length).toBeLessThan(16);
    expect(found.filter(([from, to]) => from === to)).toEqual([]);
    expect(found).toContainEqual(['kraken', 'harbor', '8080, 8443', 'tags, blobs that no peer has', 'all']);
  });

  it('names the Secrets that the user provides first of all', () => {
    expect(rows(twoRegions({}, {}), 'Secrets you provide')).toEqual([
      ['harbor', 'bucket', 'Opaque', 'REGISTRY_STORAGE_S3_ACCESSKEY, REGISTRY_STORAGE_S3_SECRETKEY', 'all'],
    ]);
  });

  it('names every secret once, and who makes it', () => {
    const found = rows(twoRegions({}, {}), 'Every Secret');
    expect(found).toContainEqual([
      'harbor',
      'bucket',
      'REGISTRY_STORAGE_S3_ACCESSKEY, REGISTRY_STORAGE_S3_SECRETKEY',
      'you',
      'all',
    ]);
    const database = { type: 'external', host: 'db.example.com', password: defer('x') };
    expect(rows(oneRegion({ database }), 'Every Secret')).toContainEqual([
      'harbor',
      'harbor-database-password',
      'password',
      'Pulumi',
      'virginia',
    ]);
    expect(found).toContainEqual(['harbor', 'harbor-ca (ConfigMap)', 'ca.crt', 'harbor-fleet secrets', 'all']);
  });

  it('grows little when a hundred regions are alike', () => {
    const sizes = rows(topology(100), 'Pods, and what each reserves');
    expect(sizes).toHaveLength(rows(topology(1), 'Pods, and what each reserves').length);
    expect(sizes.every((row) => row.at(-1) === 'all')).toBe(true);
  });

  it('says of a value that it is known later, instead of its marker', () => {
    const database = { type: 'external', host: defer('db.example.com'), passwordSecret: 'db' };
    const text = JSON.stringify(report(planTopology(oneRegion({ database }))));
    expect(text).toContain('PostgreSQL (known when deployed)');
    expect(text).not.toMatch(/late-value/);
  });

  it('marks other protocols than TCP', () => {
    const plan = structuredClone(planTopology(topology(1)));
    const [region] = plan.regions;
    if (region === undefined) throw new Error('no region');
    const flows = [
      {
        from: { kind: 'nodes' as const },
        to: { kind: 'nodes' as const },
        port: 53,
        protocol: 'UDP' as const,
        purpose: 'names',
      },
    ];
    const found = report({ ...plan, regions: [{ ...region, flows }] }).find(({ title }) => title === 'Every flow');
    expect(found?.rows).toEqual([['nodes', 'nodes', '53/UDP', 'names', 'region-0']]);
  });
});
