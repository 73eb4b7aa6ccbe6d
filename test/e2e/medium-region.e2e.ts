import { Database, Exposure, planHarbor, type SharedStorage, Tls, type TopologyProps } from '../../lib/index';
import { CacheServers } from './support/cache-servers';
import { obtainCluster, type TestCluster } from './support/cluster';
import { HarborApi } from './support/harbor-api';
import { type ImageSpec, MIB, makeImage } from './support/images';
import { Installation } from './support/installation';
import { Nodes } from './support/nodes';
import { ObjectStore } from './support/object-store';
import { eventually, run } from './support/process';
import { pushAgain, type RegistryLogin } from './support/push';
import { ensureTools } from './support/tools';

const REGION = 'east';
const DOMAIN = 'registry.example.test';

/** Size medium as a user gets it, but for what has no image here: a scanner, and a database of one's own. */
const topology = (cluster: TestCluster, storage: SharedStorage): TopologyProps => ({
  domain: DOMAIN,
  images: { harbor: cluster.images.harbor, kraken: cluster.images.kraken },
  regions: {
    [REGION]: {
      size: 'medium',
      storage,
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
  let store: ObjectStore;
  let count = 0;

  beforeAll(async () => {
    if (!process.env.E2E_KUBECONFIG) await ObjectStore.makePrograms();
    await ensureTools();
    cluster = await obtainCluster();
    nodes = new Nodes(cluster.kubectl);
    installation = new Installation(cluster, REGION, DOMAIN);
    const images = { prefix: cluster.images.harbor };
    store = new ObjectStore(cluster);
    const { storage } = store;
    caches = new CacheServers(cluster.kubectl, planHarbor({ domain: DOMAIN, storage, images }).images.redis);
    await Promise.all([caches.start(), store.start()]);
    await installation.generateSecrets(topology(cluster, storage));
    await installation.apply(await installation.synth('medium', topology(cluster, storage)));
    // Garbage collection keeps otherwise what was pushed within the last two hours.
    await cluster.kubectl.run(['set', 'env', 'deployment/harbor-core', '-n', 'harbor', 'GC_TIME_WINDOW_HOURS=0']);
    await caches.makeSecret('harbor');
    await store.makeSecret('harbor');
    login = await installation.login('harbor', 'harbor');
    for (const namespace of ['harbor', 'kraken', 'kraken-nodes']) await cluster.kubectl.waitReady(namespace);
    await new HarborApi(login).waitHealthy();
    // Programs are made once, which takes minutes by itself.
  }, 1_500_000);
  afterAll(async () => {
    installation?.remove();
    store?.remove();
    await cluster?.down();
  });

  /** Pushes a new image and pulls it on every node. */
  const roundTrip = async (layers?: ImageSpec['layers']) => {
    const image = makeImage({ kind: 'oci', layers });
    try {
      const repository = `library/app-${++count}`;
      await pushAgain(image, login, repository, '1');
      const pulls = await nodes.pullOnEveryNode(`${DOMAIN}/${repository}:1`);
      return { image, repository, errors: pulls.flatMap(({ node, error }) => (error ? [`${node}: ${error}`] : [])) };
    } finally {
      image.remove();
    }
  };

  /** Digests of all blobs that the registry has in its bucket. */
  const bucketBlobs = async () =>
    (await store.keys('harbor/docker/registry/v2/blobs/')).flatMap((key) => {
      const digest = /\/([0-9a-f]{64})\/data$/.exec(key)?.[1];
      return digest === undefined ? [] : [`sha256:${digest}`];
    });

  it('pushes and pulls, with TLS between all components by default', async () => {
    const { errors } = await roundTrip();
    expect(errors).toEqual([]);
    const config = await cluster.kubectl.run(['get', 'configmap', 'kraken-tracker', '-n', 'kraken', '-o', 'yaml']);
    expect(config).toContain('/etc/kraken/tls/tls.crt');
  });

  it('keeps layers in a bucket whose service refuses its name in the path', async () => {
    // Uploaded in parts, and copied to its place in parts: the registry does the latter beyond 32 MiB.
    const { image, errors } = await roundTrip([40 * MIB]);
    expect(errors).toEqual([]);
    expect(await bucketBlobs()).toEqual(expect.arrayContaining([...image.blobs]));
    const { endpoint = '', bucket } = store.storage;
    const refused = await store.ask('GET', `/${bucket}`, new URL(endpoint).hostname);
    expect(refused).toEqual({ status: 403, body: expect.stringContaining('VirtualHostDomainRequired') });
    // Nor does it take what newer SDKs send: it would have told.
    const unframed = await store.ask('PUT', '/framed', undefined, ['content-encoding: aws-chunked']);
    expect([unframed.status, (await store.ask('POST', '/?delete')).status]).toEqual([400, 400]);
    // What an upload leaves behind is deleted with it.
    expect((await store.keys('harbor/')).filter((key) => key.includes('/_uploads/'))).toEqual([]);
  });

  it('collects garbage in that bucket', async () => {
    const before = await bucketBlobs();
    const { image, repository } = await roundTrip();
    expect(await bucketBlobs()).toEqual(expect.arrayContaining([...before, ...image.blobs]));
    const api = new HarborApi(login);
    await api.call('DELETE', `/api/v2.0/projects/library/repositories/${repository.slice('library/'.length)}`);
    const { headers } = await api.call('POST', '/api/v2.0/system/gc/schedule', {
      schedule: { type: 'Manual' },
      parameters: { delete_untagged: true },
    });
    const run = `/api/v2.0${String(headers.location).replace(/^.*\/api\/v2.0/, '')}`;
    const ended = await eventually(
      async () => {
        const found = await api.get<{ job_status: string }>(run);
        return /Success|Error|Stopped/.test(found.job_status) ? found.job_status : undefined;
      },
      { what: 'garbage collection', explain: async () => (await api.call('GET', `${run}/log`)).body },
    );
    expect(ended).toBe('Success');
    expect(await bucketBlobs()).toEqual(before);
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
    const { errors } = await roundTrip();
    expect(errors).toEqual([]);
    await cluster.kubectl.waitReady(namespace);
  });
});
