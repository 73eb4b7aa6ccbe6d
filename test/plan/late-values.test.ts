import { App } from 'cdk8s';
import { RegionChart } from '../../lib/k8s/region-chart';
import { synthRegion } from '../../lib/k8s/synth';
import { defer, isDeferred, MARKER_PREFIX } from '../../lib/plan/deferred';
import { mermaid, svg } from '../../lib/plan/diagram';
import { type Issue, PlanError } from '../../lib/plan/issues';
import { planTopology, type RegionProps, type TopologyPlan, type TopologyProps } from '../../lib/plan/plan';
import { report } from '../../lib/plan/report';
import { known, objectsOf } from '../../lib/testing';
import fc from '../support/properties';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';

const virginia: RegionProps = {
  size: 'medium',
  namespace: 'registry',
  instance: 'team',
  storage: {
    type: 's3',
    bucket: 'example-registry',
    region: 'us-east-1',
    endpoint: 'https://minio.example.com:9000',
    rootDirectory: '/harbor',
    ca: PEM,
    encrypt: true,
    kmsKeyId: 'key',
    accessKeyId: 'AKIA',
    secretAccessKey: defer('S3cret'),
    chunkSize: '10Mi',
  },
  database: {
    type: 'external',
    host: 'db.example.com',
    name: 'harbor',
    username: 'harbor',
    sslMode: 'verify-full',
    password: defer('S3cret'),
    maxConnections: 500,
    ca: PEM,
  },
  cache: {
    type: 'external',
    host: 'redis.example.com',
    tls: true,
    username: 'harbor',
    password: defer('S3cret'),
    ca: PEM,
    core: {
      host: 'core.example.com',
      port: 10000,
      tls: true,
      username: 'harbor',
      password: defer('S+cret/='),
      ca: PEM,
    },
  },
  exposure: {
    type: 'ingress',
    className: 'nginx',
    annotations: { 'example.com/a': 'b' },
    controllerPods: { namespace: 'ingress', labels: { app: 'nginx' } },
  },
  tls: { type: 'certManager', issuer: 'letsencrypt', ca: PEM },
  internalTls: { type: 'certManager', issuer: 'internal', ca: PEM },
  images: { prefix: 'mirror.example.com/goharbor', core: 'mirror.example.com/core:v1', pullSecrets: ['pull'] },
  components: { core: { replicas: 2, resources: { cpu: '1', memory: '1Gi' } } },
  secrets: {
    core: 'core-values',
    admin: 'admin-password',
    jobservice: 'jobservice-values',
    registry: 'registry-values',
    registryCredentials: 'registry-login',
  },
  secretKey: defer('0123456789abcdef'),
  secretRevisions: { 'team-storage': '3' },
  trivy: {
    enabled: true,
    severity: ['HIGH'],
    dbRepository: ['mirror.example.com/trivy-db:2'],
    storage: { size: '6Gi', storageClass: 'fast' },
  },
  logLevel: 'warning',
  proxy: { http: 'http://proxy.example.com:3128', https: 'http://proxy.example.com:3129', noProxy: ['10.0.0.0/8'] },
  uploadPurging: { age: '48h' },
  check: {
    schedule: '*/10 * * * *',
    image: 'mirror.example.com/crane:v1',
    reference: 'library/check:1',
  },
  cluster: {
    kubernetes: '1.34',
    containerd: '2.2',
    podCidr: '10.20.0.0/16',
    serviceCidr: '10.21.0.0/16',
    nodeCidr: '10.22.0.0/16',
  },
  kraken: {
    namespace: 'swarm',
    nodeNamespace: 'swarm-nodes',
    instance: 'swarm',
    image: 'tools.example.com/kraken:v0.1.27',
    imagePullSecrets: ['pull'],
    backend: { type: 's3', rootDirectory: '/harbor', credentialsSecret: 'reads' },
    tls: { type: 'provided', certificate: PEM, privateKey: defer(KEY), ca: PEM },
    registryAccount: { username: 'robot$kraken', password: defer('S3cret') },
    volumes: { origin: { size: '20Gi', storageClass: 'fast' }, buildIndex: { storageClass: 'fast' } },
    agents: {
      nodeSelector: { pool: 'a' },
      tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'build', effect: 'NoSchedule' }],
    },
    nodeCidr: '10.22.0.0/16',
    secretRevisions: { 'swarm-tls': '1' },
    bandwidth: { agent: { egress: '1Gbit/s' } },
    cache: { agentTtl: '24h' },
  },
  nodeMirror: {
    instance: 'mirror',
    namespace: 'mirror-nodes',
    ca: PEM,
    image: 'tools.example.com/kraken:v0.1.27',
    imagePullSecrets: ['pull'],
    configPath: '/etc/containerd/certs.d',
    containerdConfig: '/etc/containerd',
    agentDialTimeout: '200ms',
    nodes: { nodeSelector: { pool: 'a' } },
  },
  tenants: {
    acme: {
      domain: 'acme.example.com',
      storage: { type: 'gcs', bucket: 'acme-images', rootDirectory: '/acme', workloadIdentity: 'a@b.example.com' },
      tls: { type: 'existingSecret', name: 'wildcard', ca: PEM },
      exposure: { type: 'gateway', parentRefs: [{ name: 'front', namespace: 'gateways', sectionName: 'https' }] },
    },
  },
};

const hangzhou: RegionProps = {
  storage: {
    type: 'oss',
    bucket: 'example-hangzhou',
    region: 'oss-cn-hangzhou',
    accessKeyId: 'LTAI',
    credentialsSecret: 'oss',
    endpoint: 'oss-cn-hangzhou.aliyuncs.com',
    rootDirectory: '/harbor',
  },
  database: { type: 'embedded', storageClass: 'fast', size: '10Gi' },
  cache: {
    type: 'sentinel',
    hosts: ['a.example.com:26379', 'b.example.com:26379'],
    masterSet: 'mymaster',
    passwordSecret: 'redis',
  },
  exposure: {
    type: 'loadBalancer',
    loadBalancerIp: '10.0.0.9',
    sourceRanges: ['10.0.0.0/8'],
    annotations: { 'example.com/a': 'b' },
  },
  tls: { type: 'provided', certificate: PEM, privateKey: defer(KEY), ca: PEM },
  kraken: { registryAccount: { username: 'robot', secret: 'robot' }, backend: { type: 'harbor' } },
  tenants: {
    beta: {
      domain: 'beta.example.com',
      storage: {
        type: 'azureBlob',
        accountName: 'exampleregistry',
        container: 'beta',
        realm: 'core.windows.net',
        credentialsSecret: 'azure',
      },
      database: { type: 'external', host: 'db.example.com', passwordSecret: 'db', name: 'beta' },
      cache: { type: 'external', host: 'beta.example.com', passwordSecret: 'redis' },
      secrets: { secretKey: 'key' },
    },
    gamma: {
      domain: 'gamma.example.com',
      storage: {
        type: 'swift',
        authUrl: 'https://keystone.example.com:5000/v3',
        objectStoreUrl: 'https://swift.example.com:8080',
        username: 'harbor',
        container: 'gamma',
        region: 'RegionOne',
        tenant: 'team',
        domain: 'Default',
        prefix: 'harbor',
        ca: PEM,
        credentialsSecret: 'swift',
      },
    },
    delta: {
      domain: 'delta.example.com',
      storage: { type: 'nas', server: 'nas.example.com', path: '/delta', mountOptions: ['hard'], size: '10Gi' },
      nodeMirror: {},
    },
    epsilon: { domain: 'epsilon.example.com', storage: { type: 'nas', claim: 'images' } },
    zeta: { domain: 'zeta.example.com', storage: { type: 'nas', storageClass: 'nfs', driver: 'nfs' } },
  },
};

const FULL: TopologyProps = {
  domain: 'registry.example.com',
  images: { harbor: 'mirror.example.com/goharbor', kraken: 'tools.example.com/kraken:v0.1.27', pullSecrets: ['pull'] },
  regions: { virginia, hangzhou },
  projects: {
    library: { home: 'virginia', public: true, replicateTo: 'all' },
    payments: { home: 'hangzhou', replicateTo: ['virginia'], confidential: true },
  },
};

type Path = readonly string[];

/** Where texts stand that are known. */
function textsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'string') return isDeferred(value) ? [] : [path];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => textsOf(item, [...path, key]));
}

/** The same props, but some texts come late. */
function withLate(paths: readonly Path[]): TopologyProps {
  const replace = (value: unknown, below: readonly Path[]): unknown => {
    if (below.length === 0) return value;
    if (typeof value === 'string') return defer(value);
    const entries = Object.entries(value as object).map(([key, item]) => {
      const inside = below.filter(([first]) => first === key);
      return [
        key,
        replace(
          item,
          inside.map((path) => path.slice(1)),
        ),
      ] as const;
    });
    return Array.isArray(value) ? entries.map(([, item]) => item) : Object.fromEntries(entries);
  };
  return replace(FULL, paths) as TopologyProps;
}

/** What a late value may change of a plan are warnings: what is not known yet cannot be warned of. */
const decisions = ({ warnings: _, ...plan }: TopologyPlan): string => JSON.stringify(known(plan));

const synthesised = (plan: TopologyPlan) =>
  plan.regions.flatMap((region) =>
    objectsOf(new RegionChart(new App({ outdir: '.' }), region.name, { plan, region: region.name })),
  );
const manifests = (plan: TopologyPlan): string => JSON.stringify(known(synthesised(plan)));

function planned(paths: readonly Path[]): TopologyPlan | readonly Issue[] {
  try {
    return planTopology(withLate(paths));
  } catch (error) {
    if (error instanceof PlanError) return error.issues;
    throw error;
  }
}

const isPlan = (made: TopologyPlan | readonly Issue[]): made is TopologyPlan => 'regions' in made;

const plain = planTopology(FULL);
const texts = textsOf(FULL);
const alone = texts.map((path) => ({ path, made: planned([path]) }));
const refused = alone.flatMap(({ path, made }) => (isPlan(made) ? [] : [{ path, issues: made }]));
const mayBeLate = alone.flatMap(({ path, made }) => (isPlan(made) ? [path] : []));

/** A path as it stands in an error. */
const written = (path: Path): string => path.join('.').replace(/\.(\d+)\b/g, '[$1]');

describe('a text that is known only when deployed', () => {
  it('decides nothing, wherever it stands and the plan takes it', () => {
    expect(mayBeLate.length).toBeGreaterThan(90);
    const expected = decisions(plain);
    const different = alone.filter(({ made }) => isPlan(made) && decisions(made) !== expected);
    expect(different.map(({ path }) => written(path))).toEqual([]);
  });

  it('is refused plainly, and never shown, where anything is decided by it', () => {
    for (const { path, issues } of refused) {
      expect(issues).toContainEqual({
        path: written(path),
        problem: 'is known only when deployed, and what is made depends on it',
        given: '(a late value)',
        allowed: expect.any(String),
        fix: "write it in the program, or read it from the stack's configuration, or another stack's output as a plain value: (await reference.getOutputDetails('<output>')).value",
        level: 'error',
      });
      expect(JSON.stringify(issues)).not.toContain(MARKER_PREFIX);
    }
  });

  it('is refused only as a choice, a quantity, or a name of which names and lists are made', () => {
    const isChoice = /\.(type|size|sslMode|logLevel|driver|operator|effect|severity\[\d\])$/;
    const isQuantity = /\.(cpu|memory|chunkSize|age|egress|agentTtl|agentDialTimeout)$/;
    const names = refused
      .map(({ path }) => written(path))
      .filter((path) => !isChoice.test(path) && !isQuantity.test(path));
    expect(names).toEqual([
      'regions.virginia.namespace',
      'regions.virginia.instance',
      'regions.virginia.cluster.kubernetes',
      'regions.virginia.cluster.containerd',
      'regions.virginia.kraken.namespace',
      'regions.virginia.kraken.nodeNamespace',
      'regions.virginia.kraken.instance',
      'regions.virginia.nodeMirror.instance',
      'regions.virginia.nodeMirror.namespace',
      'projects.library.home',
      'projects.library.replicateTo',
      'projects.payments.home',
      'projects.payments.replicateTo[0]',
    ]);
  });

  it('makes no difference to the manifests, any of them together', () => {
    const expected = manifests(plain);
    const all = planned(mayBeLate);
    if (!isPlan(all)) throw new PlanError(all);
    expect(manifests(all)).toBe(expected);
    fc.assert(
      fc.property(fc.subarray(mayBeLate, { minLength: 1 }), (paths) => {
        const some = planned(paths);
        expect(isPlan(some) && decisions(some) === decisions(plain) && manifests(some) === expected).toBe(true);
      }),
      { numRuns: 6 },
    );
  });

  it('has a name in reports and pictures, and no place in files', () => {
    const all = planned(mayBeLate);
    if (!isPlan(all)) throw new PlanError(all);
    for (const shown of [JSON.stringify(report(all)), mermaid(all), svg(all)]) {
      expect(shown).toContain('(known when deployed)');
      expect(shown).not.toContain(MARKER_PREFIX);
    }
    expect(JSON.stringify(all.warnings)).not.toContain(MARKER_PREFIX);
    expect(() => synthRegion(all, 'hangzhou')).toThrow(
      /regions\.hangzhou: holds values that are known only when deployed, which files cannot hold\n +given: +"NetworkPolicy harbor\//,
    );
    expect(() =>
      synthRegion(planTopology(withLate([['regions', 'virginia', 'database', 'host']])), 'hangzhou'),
    ).not.toThrow();
  });
});
