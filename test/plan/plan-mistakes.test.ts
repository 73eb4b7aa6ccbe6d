import { defer } from '../../lib/plan/deferred';
import { planTopology, type TopologyProps } from '../../lib/plan/plan';
import { bucket, KRAKEN_IMAGE, mistake, mistakes, oneRegion, topology, twoRegions } from './topologies';

const warnings = (props: TopologyProps) => planTopology(props).warnings.map(({ path, problem }) => [path, problem]);
const paths = (props: unknown) => mistakes(props).map(({ path }) => path);
const external = (host: string, name?: string) => ({
  type: 'external',
  host,
  passwordSecret: 'db',
  ...(name ? { name } : {}),
});

describe('mistakes in a topology', () => {
  it('come all at once, each with its path', () => {
    const found = mistakes({
      domain: 'registry',
      region: {},
      regions: { virginia: { storage: { type: 's3', bucket: 'Bucket', region: 'x' }, siz: 'small' }, hangzhou: {} },
      projects: { Library: {} },
    });
    expect(found.map(({ path }) => path)).toEqual([
      'region',
      'domain',
      'projects.Library',
      'projects.Library.home',
      'regions.virginia.siz',
      'regions.virginia.storage.bucket',
      'images.kraken',
      'regions.hangzhou.storage',
    ]);
    expect(found[0]?.fix).toBe('did you mean "regions"?');
  });

  it('nothing is no topology', () => {
    expect(paths(undefined)).toEqual(expect.arrayContaining(['domain', 'regions']));
  });

  it.each([null, 3, 'text', [], [1], new Map([['domain', 'a']]), Promise.resolve({})])('%p is no topology', (props) => {
    expect(paths(props)).toEqual(['', 'regions']);
  });

  it.each([
    [Promise.resolve({}), 'a Promise', 'write "await" before it'],
    [new Map(), 'a Map', 'write Object.fromEntries( ) around it'],
    [() => ({}), 'a function', 'call it, with its settings in ( )'],
  ])('%p is no map of settings', (settings, given, fix) => {
    for (const key of ['defaults', 'projects', 'links', 'settings'])
      expect(mistake(topology(2, { [key]: settings }))).toMatchObject({
        path: key,
        problem: 'is not a map of settings',
        given: JSON.stringify(given),
        fix,
      });
  });

  it('an Output that a template literal made a text is told, wherever texts are', () => {
    const text = `${'Calling [toString] on an [Output<T>] is not supported.'} To get the value of an Output as an Output<string> …`;
    const storage = { type: 's3', bucket: 'images', region: text };
    const exposure = { type: 'loadBalancer', annotations: { subnets: text }, sourceRanges: [text] };
    expect(mistakes(oneRegion({ storage, exposure })).map(({ path, given }) => [path, given])).toEqual(
      ['storage.region', 'exposure.annotations["subnets"]', 'exposure.sourceRanges[0]'].map((path) => [
        expect.stringContaining(path),
        '"an Output in a text"',
      ]),
    );
  });

  it.each([
    ['a text', 'virginia'],
    ['a list', ['virginia']],
    ['nothing', null],
  ])('regions are a map, not %s', (_, regions) => {
    expect(paths(topology(0, { regions: regions as never }))).toEqual(['regions']);
  });

  it('a region is a map', () => {
    expect(paths(topology(0, { regions: { virginia: null as never } }))).toContain('regions.virginia');
  });

  it('there is at least one region, and at most a hundred', () => {
    expect(mistake(topology(0))).toEqual({
      path: 'regions',
      problem: 'has the wrong number of regions',
      given: '0',
      allowed: '1 to 100 regions',
      fix: 'add a region below "regions"',
    });
    expect(mistake(topology(101))).toMatchObject({
      path: 'regions',
      given: '101',
      fix: expect.stringContaining('two'),
    });
  });

  it('names of regions are short DNS labels', () => {
    expect(mistake(topology(0, { regions: { north_virginia: bucket('a') } }))).toMatchObject({
      path: 'regions.north_virginia',
      problem: 'is not valid',
    });
    expect(mistake(topology(0, { regions: { [`r${'x'.repeat(20)}`]: bucket('a') } })).problem).toBe(
      'is too long (21 characters)',
    );
  });

  it('names of regions differ in lower case', () => {
    const regions = { virginia: bucket('a'), Virginia: bucket('b') };
    expect(mistakes(topology(0, { regions })).map(({ path, problem }) => [path, problem])).toEqual([
      ['regions.Virginia', 'is not valid'],
      ['regions.Virginia', 'is the same name as "virginia": DNS knows no capitals'],
    ]);
  });

  it('host names fit into DNS', () => {
    const domain = `${Array.from({ length: 6 }, () => 'x'.repeat(40)).join('.')}.org`;
    expect(mistake(topology(0, { domain, regions: { virginia: bucket('a') } }))).toMatchObject({
      path: 'regions.virginia',
      problem: 'makes a DNS name that is too long (258 characters)',
      fix: 'shorten the name or the domain',
    });
    expect(mistakes(topology(0, { domain: defer(domain), regions: { virginia: bucket('a') } }))).toEqual([]);
  });

  it('a domain is a DNS name', () => {
    expect(mistake(topology(1, { domain: 'Registry.example.com' }))).toMatchObject({
      path: 'domain',
      problem: 'is not valid',
    });
  });
});

describe('what no topology gets past', () => {
  const project = (settings: object) =>
    twoRegions({}, {}, { projects: { payments: { home: 'virginia', ...settings } } });
  const cluster = (settings: object) => oneRegion({ cluster: settings });
  const nodePort = { exposure: { type: 'nodePort', httpPort: 30_002, httpsPort: 30_002 } };
  const large = { size: 'large', cache: { type: 'embedded' }, database: { ...external('db'), maxConnections: 50 } };
  const block = { type: 'nas', storageClass: 'block', accessMode: 'ReadWriteOnce' };

  it.each<[string, string, TopologyProps]>([
    ['an unknown setting', 'regions.virginia.metric', oneRegion({ metric: true })],
    ['an unknown region', 'projects.payments.replicateTo[0]', project({ replicateTo: ['hangzou'] })],
    ['a region named twice', 'projects.payments.replicateTo[1]', project({ replicateTo: ['hangzhou', 'hangzhou'] })],
    ['an instance too long for its pods', 'regions.virginia.instance', oneRegion({ instance: 'x'.repeat(36) })],
    ['a bucket too long for its provider', 'regions.virginia.storage.bucket', oneRegion(bucket('x'.repeat(63)))],
    [
      'a bandwidth below one piece a second',
      'regions.virginia.kraken.bandwidth.agent.egress',
      oneRegion({ kraken: { bandwidth: { agent: { egress: '1Mbit/s' } } } }),
    ],
    [
      'several pods on a ReadWriteOnce volume',
      'regions.virginia.components.registry.replicas',
      oneRegion({ storage: block, components: { registry: { replicas: 2 } } }),
    ],
    ['more connections than the database takes', 'regions.virginia.database.maxConnections', oneRegion(large)],
    ['a secret key of a wrong length', 'regions.virginia.secretKey', oneRegion({ secretKey: 'too-short' })],
    ['one bucket for two databases', 'regions.hangzhou.storage', twoRegions(bucket('one'), bucket('one'))],
    ['a project without a home', 'projects.payments.home', project({ home: undefined })],
    [
      'peers for a project that must stay private',
      'projects.payments.peerToPeer',
      project({ confidential: true, peerToPeer: true }),
    ],
    [
      'addresses that overlap in a cluster',
      'regions.virginia.cluster.serviceCidr',
      cluster({ podCidr: '10.0.0.0/8', serviceCidr: '10.1.0.0/16' }),
    ],
    [
      'addresses that overlap between regions',
      'regions.hangzhou.cluster.podCidr',
      twoRegions({ cluster: { podCidr: '10.0.0.0/8' } }, { cluster: { podCidr: '10.1.0.0/16' } }),
    ],
    ['a Harbor that is not supported', 'regions.virginia.version', oneRegion({ version: '2.9.0' })],
    ['a Kubernetes that is not supported', 'regions.virginia.cluster.kubernetes', cluster({ kubernetes: '1.20' })],
    ['a containerd that is not supported', 'regions.virginia.cluster.containerd', cluster({ containerd: '1.6' })],
    ['a port taken twice on a node', 'regions.virginia.exposure.httpsPort', oneRegion(nodePort)],
  ])('%s', (_, path, props) => {
    expect(mistakes(props).map((issue) => issue.path)).toContain(path);
    for (const { given, allowed, fix, level } of mistakes(props)) {
      expect([given, allowed, fix].every((text) => text !== '')).toBe(true);
      expect(level).toBe('error');
    }
  });
});

describe('mistakes in what the regions have in common', () => {
  it('are told once, where they were made', () => {
    expect(paths(topology(9, { defaults: { size: 'tiny' as never } }))).toEqual(['defaults.size']);
    expect(paths(topology(9, { defaults: { sise: 'small' } as never }))).toEqual(['defaults.sise']);
    expect(paths(topology(9, { defaults: 3 as never }))).toEqual(['defaults']);
    expect(paths(topology(9, { version: '2.13.0' as never }))).toEqual(['version']);
    expect(paths(topology(9, { images: { kraken: KRAKEN_IMAGE, harbor: 'Mirror/' } }))).toEqual(['images.harbor']);
  });

  it('are told at the region when it set them itself', () => {
    const props = oneRegion({ cluster: { kubernetes: '1.20' } }, { defaults: { cluster: { kubernetes: '1.34' } } });
    expect(mistake(props).path).toBe('regions.virginia.cluster.kubernetes');
  });

  it('name the settings that are missing where the rest of them is', () => {
    const regions = { virginia: { storage: { bucket: 'example-a' } }, hangzhou: { storage: { bucket: 'example-b' } } };
    const props = { ...topology(0), regions, defaults: { storage: { type: 's3' } } };
    expect(paths(props)).toEqual(['regions.virginia.storage.region', 'regions.hangzhou.storage.region']);
    expect(paths({ ...props, regions: { virginia: {} } })).toEqual([
      'defaults.storage.bucket',
      'defaults.storage.region',
    ]);
  });

  it('Kraken needs an image, once for all', () => {
    expect(mistake(topology(3, { images: {} }))).toMatchObject({
      path: 'images.kraken',
      problem: 'is missing: no image of Kraken is published anywhere',
    });
    expect(mistakes(topology(3, { images: undefined, defaults: { kraken: false } }))[0]?.path).toBe(
      'regions.region-0.nodeMirror.image',
    );
    expect(mistakes(topology(1, { images: undefined, defaults: { kraken: false } }))).toEqual([]);
  });

  it('images come from another registry than the one they make', () => {
    const images = { kraken: 'registry.example.com/tools/kraken:v0.1.27', harbor: 'registry.example.com/goharbor' };
    expect(mistake(topology(2, { images }))).toMatchObject({
      path: 'images.harbor',
      problem: 'is the Harbor that it would start',
      given: '"registry.example.com/goharbor/harbor-core:v2.15.2"',
    });
    const own = { images: { kraken: images.kraken } };
    const away = 'comes from the Harbor that this Kraken serves: while that is away, no new agent starts';
    expect(warnings(topology(2, own))).toEqual([
      [
        'images.kraken',
        `${away}, and a node gets its private CA from the node mirror of this very image, so a new node never starts either unless its machine has that CA`,
      ],
    ]);
    expect(warnings(topology(2, { ...own, defaults: { nodeMirror: false } }))).toEqual([['images.kraken', away]]);
  });
});

describe('what the topology decides', () => {
  it.each([
    [{ kraken: { projects: ['library'] } }, 'regions.virginia.kraken.projects'],
    [{ nodeMirror: { hosts: [] } }, 'regions.virginia.nodeMirror.hosts'],
    [{ nodeMirror: { containerd: '2.2' } }, 'regions.virginia.nodeMirror.containerd'],
    [{ domain: 'other.example.com' }, 'regions.virginia.domain'],
    [{ aliases: [] }, 'regions.virginia.aliases'],
    [
      { tenants: { acme: { ...bucket('b'), domain: 'a.example.com', instance: 'x' } } },
      'regions.virginia.tenants.acme.instance',
    ],
  ])('cannot be set by a region: %j', (settings, path) => {
    expect(paths(oneRegion(settings))).toEqual([path]);
  });
});

describe('two installations', () => {
  it('never share the place of their images', () => {
    const storage = { storage: { ...bucket('one').storage, rootDirectory: '/harbor' } };
    expect(mistake(twoRegions(storage, storage))).toEqual({
      path: 'regions.hangzhou.storage',
      problem: 'is where region virginia keeps its images: each would delete those of the other',
      given: '"s3://s3.amazonaws.com/example-registry-one/harbor"',
      allowed: 'a bucket, or a folder in it, for each Harbor',
      fix: 'choose another bucket, or set another rootDirectory or path',
    });
    expect(mistakes(twoRegions(storage, bucket('one')))).toEqual([]);
  });

  it('are named in the words of the topology', () => {
    const acme = (name: string) => ({ tenants: { [name]: { ...bucket('acme'), domain: `${name}.example.com` } } });
    expect(mistake(twoRegions(acme('acme'), acme('beta')))).toMatchObject({
      path: 'regions.hangzhou.tenants.beta.storage',
      problem: 'is where tenant acme of virginia keeps its images: each would delete those of the other',
    });
  });

  it('share a claim only in different clusters', () => {
    const nas = { storage: { type: 'nas', claim: 'images' } };
    const acme = { ...nas, domain: 'acme.example.com', namespace: 'harbor' };
    expect(mistakes(twoRegions(nas, nas))).toEqual([]);
    expect(mistake(oneRegion({ ...nas, tenants: { acme } })).path).toBe('regions.virginia.tenants.acme.storage');
  });

  it('never share a database or a cache', () => {
    const stores = (name?: string) => ({
      database: external('db.example.com', name),
      cache: { type: 'external', host: 'cache.example.com' },
    });
    expect(mistakes(twoRegions(stores(), stores('registry'))).map(({ path, given }) => [path, given])).toEqual([
      ['regions.hangzhou.database', '"db.example.com:5432/registry"'],
      ['regions.hangzhou.cache', '"cache.example.com:6379"'],
    ]);
    expect(paths(twoRegions(stores(), { ...stores('other'), cache: undefined }))).toEqual([]);
    const two = { cache: { type: 'external', host: 'other.example.com', core: { host: 'cache.example.com' } } };
    expect(paths(twoRegions(stores(), { ...stores('other'), ...two }))).toEqual(['regions.hangzhou.cache']);
  });

  it('may call what stands inside their clusters by the same name', () => {
    const inside = {
      storage: { type: 's3', bucket: 'images', region: 'x', endpoint: 'http://minio.minio.svc.cluster.local:9000' },
      database: external('postgres.data.svc'),
      cache: { type: 'external', host: 'redis.data.svc.cluster.local' },
    };
    expect(mistakes(twoRegions(inside, inside))).toEqual([]);
    const acme = { ...inside, domain: 'acme.example.com' };
    expect(paths(oneRegion({ ...inside, tenants: { acme } }))).toEqual(
      ['storage', 'database', 'cache'].map((key) => `regions.virginia.tenants.acme.${key}`),
    );
  });

  it('of one namespace have names of which none is that of a Service of another', () => {
    const core = { ...bucket('core'), domain: 'core.example.com', namespace: 'harbor' };
    expect(mistake(oneRegion({ tenants: { 'harbor-core': core } }))).toMatchObject({
      path: 'regions.virginia.tenants.harbor-core',
      problem: 'is the name of a Service of harbor in the same namespace',
    });
    expect(paths(oneRegion({ tenants: { 'harbor-core': { ...core, namespace: 'other' } } }))).toEqual([]);
  });

  it('tell Sentinels apart by the servers that they watch', () => {
    const cache = (masterSet: string) => ({ cache: { type: 'sentinel', hosts: ['s.example.com:26379'], masterSet } });
    expect(paths(twoRegions(cache('a'), cache('a')))).toEqual(['regions.hangzhou.cache']);
    expect(paths(twoRegions(cache('a'), cache('b')))).toEqual([]);
  });

  it('have names of their own in a cluster', () => {
    const acme = { ...bucket('acme'), domain: 'acme.example.com' };
    expect(mistakes(oneRegion({ tenants: { harbor: acme } }))[0]).toMatchObject({
      path: 'regions.virginia.tenants.harbor',
      problem: 'is the name of a Harbor in this cluster already (regions.virginia.instance)',
    });
    expect(paths(oneRegion({ instance: 'kraken' }))).toEqual(['regions.virginia.kraken.instance']);
    expect(paths(twoRegions({ instance: 'registry' }, { instance: 'registry' }))).toEqual([]);
  });

  it('have host names of their own', () => {
    const acme = (domain: string, more: object = {}) => ({ tenants: { acme: { ...bucket('acme'), domain, ...more } } });
    expect(mistakes(oneRegion(acme('registry.example.com')))[0]).toMatchObject({
      path: 'regions.virginia.tenants.acme.domain',
      problem: 'leads to the same host name as region virginia',
      given: '"registry.example.com"',
    });
    expect(mistake(twoRegions({}, acme('virginia.registry.example.com')))).toMatchObject({
      path: 'regions.hangzhou.tenants.acme.domain',
      given: '"virginia.registry.example.com"',
      fix: 'choose another domain',
    });
  });

  it('have regions whose names no other host has', () => {
    const acme = { tenants: { acme: { ...bucket('acme'), domain: 'b.registry.example.com' } } };
    const beta = { tenants: { beta: { ...bucket('beta'), domain: 'example.com' } } };
    const regions = { a: { ...bucket('a'), ...acme }, b: bucket('b'), registry: { ...bucket('r'), ...beta } };
    expect(mistakes(topology(0, { regions })).map(({ path, given }) => [path, given])).toEqual([
      ['regions.a.tenants.acme.domain', '"b.registry.example.com"'],
      ['regions.registry.tenants.beta.domain', '"registry.example.com"'],
    ]);
  });

  it('never take the same port of a node', () => {
    const acme = (more: object) => ({ tenants: { acme: { ...bucket('acme'), domain: 'acme.example.com', ...more } } });
    expect(mistake(oneRegion(acme({ kraken: {} })))).toMatchObject({
      path: 'regions.virginia.tenants.acme.kraken.ports.agent',
      given: '16000',
    });
    const nodePort = { exposure: { type: 'nodePort' } };
    expect(mistakes(oneRegion({ ...nodePort, ...acme(nodePort) })).map(({ path, given }) => [path, given])).toEqual([
      ['regions.virginia.tenants.acme.exposure.httpPort', '30002'],
      ['regions.virginia.tenants.acme.exposure.httpsPort', '30003'],
    ]);
    expect(paths(oneRegion({ ...nodePort, kraken: { ports: { agent: 30_003 } } }))).toEqual([
      'regions.virginia.exposure.httpsPort',
    ]);
    expect(paths(twoRegions(nodePort, nodePort))).toEqual([]);
  });

  it('never mix what touches the nodes with what is restricted', () => {
    expect(mistake(oneRegion({ namespace: 'kraken-nodes' }))).toMatchObject({
      path: 'regions.virginia.namespace',
      given: '"kraken-nodes"',
    });
    const acme = {
      ...bucket('acme'),
      domain: 'acme.example.com',
      kraken: { namespace: 'kraken-nodes', ports: { agent: 17_000 } },
    };
    expect(mistake(oneRegion({ tenants: { acme } })).path).toBe('regions.virginia.tenants.acme.kraken.namespace');
    const nodes = { ...bucket('acme'), domain: 'acme.example.com', nodeMirror: { namespace: 'harbor' } };
    expect(paths(oneRegion({ tenants: { nodes } }))).toContain('regions.virginia.namespace');
  });
});

describe('mistakes of tenants', () => {
  it('are told below the tenant', () => {
    expect(paths(oneRegion({ tenants: { acme: bucket('acme') } }))).toEqual(['regions.virginia.tenants.acme.domain']);
    expect(paths(oneRegion({ tenants: { Acme: { ...bucket('acme'), domain: 'acme.example.com' } } }))).toContain(
      'regions.virginia.tenants.Acme',
    );
    expect(
      paths(
        oneRegion({ images: { prefix: 'X/' }, tenants: { acme: { ...bucket('acme'), domain: 'acme.example.com' } } }),
      ),
    ).toEqual(['regions.virginia.images.prefix']);
  });
});

describe('warnings', () => {
  it('come with the plan, once, at the setting that was written', () => {
    expect(warnings(topology(3, { version: '2.14.4' })).map(([path]) => path)).toEqual(['version']);
    expect(warnings(oneRegion({ cluster: { containerd: '2.0' } }))).toEqual([
      ['regions.virginia.cluster.containerd', 'knows no dial_timeout'],
    ]);
    expect(warnings(topology(2, { defaults: { cluster: { containerd: '1.7' } } })).map(([path]) => path)).toEqual([
      'defaults.cluster.containerd',
    ]);
  });

  it('tell of a Kraken that may serve nothing', () => {
    expect(warnings(oneRegion({}, { projects: { secret: { confidential: true } } })).map(([path]) => path)).toEqual([
      'projects',
    ]);
  });
});
