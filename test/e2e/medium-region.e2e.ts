import { Database, Exposure, planHarbor, SharedStorage, Tls, type TopologyProps } from '../../lib/index';
import { CacheServers } from './support/cache-servers';
import { obtainCluster, type TestCluster } from './support/cluster';
import { HarborApi } from './support/harbor-api';
import { makeImage } from './support/images';
import { Installation } from './support/installation';
import { Nodes } from './support/nodes';
import { eventually, run } from './support/process';
import { push, type RegistryLogin } from './support/push';
import { ensureTools } from './support/tools';

const REGION = 'east';
const DOMAIN = 'registry.example.test';

/** Size medium as a user gets it, but for what has no image here: a scanner, and a database of one's own. */
const topology = (cluster: TestCluster): TopologyProps => ({
  domain: DOMAIN,
  images: { harbor: cluster.images.harbor, kraken: cluster.images.kraken },
  regions: {
    [REGION]: {
      size: 'medium',
      storage: SharedStorage.nas({ storageClass: process.env.E2E_STORAGE_CLASS || 'standard', size: '5Gi' }),
      database: Database.embedded(),
      cache: CacheServers.cache,
      exposure: Exposure.loadBalancer(),
      tls: Tls.provided(),
      trivy: { enabled: false },
      check: { enabled: false },
    },
  },
  projects: { library: { public: true } },
});

describe('a region of size medium', () => {
  let cluster: TestCluster;
  let installation: Installation;
  let login: RegistryLogin;
  let nodes: Nodes;
  let caches: CacheServers;
  let count = 0;

  beforeAll(async () => {
    await ensureTools();
    cluster = await obtainCluster();
    nodes = new Nodes(cluster.kubectl);
    installation = new Installation(cluster, REGION, DOMAIN);
    const images = { prefix: cluster.images.harbor };
    const storage = SharedStorage.nas({ claim: 'images' });
    caches = new CacheServers(cluster.kubectl, planHarbor({ domain: DOMAIN, storage, images }).images.redis);
    await caches.start();
    await installation.generateSecrets(topology(cluster));
    await installation.apply(await installation.synth('medium', topology(cluster)));
    await caches.makeSecret('harbor');
    login = await installation.login('harbor', 'harbor');
    for (const namespace of ['harbor', 'kraken', 'kraken-nodes']) await cluster.kubectl.waitReady(namespace);
    await new HarborApi(login).waitHealthy();
  });
  afterAll(async () => {
    installation?.remove();
    await cluster?.down();
  });

  /** Pushes a new image and pulls it on every node. */
  const roundTrip = async () => {
    const image = makeImage({ kind: 'oci' });
    try {
      const repository = `library/app-${++count}`;
      // An upload that the lost pod had in hand is cut with a 502; clients such as docker begin it again.
      await eventually(() => push(image, login, repository, '1'), { what: 'a push', timeoutMs: 20_000 });
      return await nodes.pullOnEveryNode(`${DOMAIN}/${repository}:1`);
    } finally {
      image.remove();
    }
  };

  it('pushes and pulls, with TLS between all components by default', async () => {
    const pulls = await roundTrip();
    expect(pulls.map((pull) => pull.error)).toEqual(pulls.map(() => undefined));
    const config = await cluster.kubectl.run(['get', 'configmap', 'kraken-tracker', '-n', 'kraken', '-o', 'yaml']);
    expect(config).toContain('/etc/kraken/tls/tls.crt');
  });

  it('keeps on a server of its own what the cookie of anybody may name', async () => {
    const jobs = '{harbor_job_service_namespace}:known_jobs';
    const before = await caches.ask('rest', 'SMEMBERS', jobs);
    expect(before).toContain('GARBAGE_COLLECTION');
    const askWith = (key: string) =>
      run('curl', [
        ...['--silent', '--fail', '--insecure', '--cookie', `sid=${key}`],
        ...['--resolve', `${DOMAIN}:443:${login.address}`, `https://${DOMAIN}/api/v2.0/systeminfo`],
      ]);
    // Core writes a session over whatever its own server has by this name.
    await caches.ask('core', 'SADD', 'named-by-a-cookie', 'x');
    await askWith('named-by-a-cookie');
    expect(await caches.ask('core', 'TYPE', 'named-by-a-cookie')).toBe('string');
    await askWith(jobs);
    expect(await caches.ask('rest', 'SMEMBERS', jobs)).toBe(before);
    const keys = (await caches.ask('rest', '--scan')).split('\n');
    expect(keys.filter((key) => !/^({harbor_job_service_namespace}:|blobs::|repository::|upload:)/.test(key))).toEqual(
      [],
    );
    expect(await caches.ask('core', 'KEYS', '*')).not.toMatch(/{harbor_job|blobs::|repository::/);
  });

  it.each([
    ['harbor', 'core'],
    ['harbor', 'registry'],
    ['harbor', 'nginx'],
    ['kraken', 'origin'],
    ['kraken', 'tracker'],
    ['kraken', 'build-index'],
  ])('pushes and pulls at once after a pod of %s %s is lost', async (namespace, component) => {
    const selector = `app.kubernetes.io/component=${component}`;
    const pods = await cluster.kubectl.pods(namespace, selector);
    expect(pods.length).toBeGreaterThan(1);
    const lost = pods[0]?.metadata?.name ?? '';
    await cluster.kubectl.run(['delete', 'pod', '-n', namespace, lost, '--grace-period=0', '--force', '--wait=false']);
    const pulls = await roundTrip();
    expect(pulls.map((pull) => pull.error)).toEqual(pulls.map(() => undefined));
    await cluster.kubectl.waitReady(namespace);
  });
});
