import { connect as connectTcp } from 'node:net';
import type { Event, Pod } from 'kubernetes-types/core/v1';
import { Database, Exposure, SharedStorage, Tls, type TopologyProps } from '../../lib/index';
import { isSkipped, obtainCluster, type TestCluster } from './support/cluster';
import { Dials } from './support/dials';
import { HarborApi } from './support/harbor-api';
import { type ImageKind, LARGE, makeImage, type TestImage } from './support/images';
import { Installation } from './support/installation';
import { type KubernetesObject, restarts } from './support/kubectl';
import { NodeDisks } from './support/node-disks';
import { type NodePull, Nodes } from './support/nodes';
import { eventually, sleep } from './support/process';
import { push, type RegistryLogin } from './support/push';
import { ensureTools, loadCrane } from './support/tools';
import { type Place, Traffic } from './support/traffic';
import { untilWarm } from './support/warm';

const REGION = 'east';
const DOMAIN = 'registry.example.test';
/** The image of the synthetic check when nothing else is set. */
const CRANE = 'gcr.io/go-containerregistry/crane:v0.20.6';
const AGENTS: Place = { namespace: 'kraken-nodes', selector: 'app.kubernetes.io/component=agent' };
const AGENT_PORT = 16000;
const HOSTS_TOML = `/etc/containerd/certs.d/${DOMAIN}/hosts.toml`;
/** A connection that is refused costs a pull nothing; exit 28 would be a timeout. */
const REFUSED = 'curl exit 7';
const REGISTRY: Place = { namespace: 'harbor', selector: 'app=harbor,component=registry' };
const NAMESPACES = ['harbor', 'kraken', 'kraken-nodes'];

const topology = (cluster: TestCluster, change: Partial<TopologyProps['regions'][string]> = {}): TopologyProps => ({
  domain: DOMAIN,
  images: { harbor: cluster.images.harbor, kraken: cluster.images.kraken },
  regions: {
    [REGION]: {
      size: 'small',
      cluster: { kubernetes: '1.34', containerd: '2.2' },
      storage: SharedStorage.nas({ storageClass: process.env.E2E_STORAGE_CLASS || 'standard', size: '5Gi' }),
      database: Database.embedded(),
      exposure: Exposure.loadBalancer(),
      tls: Tls.provided(),
      internalTls: Tls.provided(),
      metrics: true,
      // It pulls from Harbor too, which would be counted where tests ask what nodes made Harbor send: only when a test wants it.
      check: { schedule: '0 0 29 2 *' },
      kraken: { tls: Tls.provided() },
      ...change,
    },
  },
  projects: { library: { public: true }, team: {}, vault: { confidential: true } },
});

describe('one region on a real cluster', () => {
  let cluster: TestCluster;
  let installation: Installation;
  let manifests: string;
  /** What the region has besides. */
  let applied: Parameters<typeof topology>[1] = {};
  let login: RegistryLogin;
  let api: HarborApi;
  let nodes: Nodes;
  let traffic: Traffic;
  const made: TestImage[] = [];
  let count = 0;

  beforeAll(async () => {
    await ensureTools();
    cluster = await obtainCluster();
    nodes = new Nodes(cluster.kubectl);
    traffic = new Traffic(cluster.kubectl);
    if (cluster.lab) await loadCrane(cluster.lab, CRANE);
    installation = new Installation(cluster, REGION, DOMAIN);
    await installation.generateSecrets(topology(cluster));
    // A node that has no processor for 200 ms while it dials its agent goes on to Harbor, as it should: not where it is measured who sends what.
    applied = { nodeMirror: { agentDialTimeout: '5s' } };
    manifests = await installation.synth('first', topology(cluster, applied));
  });

  afterAll(async () => {
    for (const image of made) image.remove();
    installation?.remove();
    await cluster?.down();
  });

  const newImage = (kind: ImageKind, layers?: readonly number[]): TestImage => {
    const image = makeImage({ kind, layers });
    made.push(image);
    return image;
  };
  /** A new image, pushed. */
  const pushed = async (kind: ImageKind = 'oci', project = 'team', layers?: readonly number[]) => {
    const image = newImage(kind, layers);
    const repository = `${project}/app-${++count}`;
    await push(image, login, repository, '1');
    return { image, repository, reference: `${DOMAIN}/${repository}:1` };
  };
  const pull = (reference: string, on?: readonly string[]) =>
    nodes.pullOnEveryNode(reference, { nodes: on, pullSecrets: ['registry'] });
  const failed = (pulls: readonly NodePull[]) => pulls.filter((one) => one.error !== undefined);
  const kubectl = (...args: string[]) => cluster.kubectl.run(args, { timeoutMs: 180_000 });

  const warm = (image: TestImage) => untilWarm(cluster.kubectl, image);

  const scale = async (namespace: string, what: string, replicas: number) => {
    await kubectl('scale', what, '-n', namespace, `--replicas=${replicas}`);
    if (replicas > 0) await kubectl('rollout', 'status', what, '-n', namespace, '--timeout=120s');
    else {
      const component = what.replace(/^\w+\/(kraken|harbor)-/, '');
      const selector = namespace === 'harbor' ? `component=${component}` : `app.kubernetes.io/component=${component}`;
      await eventually(
        async () => ((await cluster.kubectl.pods(namespace, selector)).length === 0 ? true : undefined),
        { what: `${what} to be gone`, explain: () => cluster.kubectl.troubles(namespace) },
      );
    }
  };
  /** Takes agents away from nodes that lack a label, and brings them back. */
  const keepAgentsOn = async (label: string | undefined, expected: number) => {
    const value = label === undefined ? { 'e2e-agent': null } : { 'e2e-agent': label };
    const patch = JSON.stringify({ spec: { template: { spec: { nodeSelector: value } } } });
    await kubectl('patch', 'daemonset/kraken-agent', '-n', 'kraken-nodes', '--type=merge', '-p', patch);
    await eventually(
      async () => {
        const pods = await cluster.kubectl.pods('kraken-nodes', AGENTS.selector);
        return pods.length === expected ? true : undefined;
      },
      { what: `${expected} agents`, timeoutMs: 120_000 },
    );
    if (expected > 0)
      await kubectl('rollout', 'status', 'daemonset/kraken-agent', '-n', 'kraken-nodes', '--timeout=180s');
  };
  /** What nodes get that ask for their agents; of no node where none can be entered, as the lab's can. */
  const agentsOf = (names: readonly string[]): Promise<readonly string[]> => {
    const ask = `curl -s -o /dev/null -m 5 http://127.0.0.1:${AGENT_PORT}/; echo "curl exit $?"`;
    const asked = cluster.lab === undefined ? [] : names;
    return Promise.all(asked.map(async (node) => (await cluster.lab?.exec(node, ['sh', '-c', ask]))?.trim() ?? ''));
  };

  it('accepts every object under strict validation, in namespaces that enforce their profile', async () => {
    const lines = await installation.apply(manifests);
    expect(lines.length).toBeGreaterThan(40);
    const again = await cluster.kubectl.apply(manifests, { serverSide: true, dryRun: true });
    expect(again.length).toBe(lines.length);
  });

  it('becomes ready, and Harbor calls every component healthy', async () => {
    login = await installation.login('harbor', 'harbor');
    for (const namespace of NAMESPACES) await cluster.kubectl.waitReady(namespace, undefined, 300_000);
    api = new HarborApi(login);
    const health = await api.waitHealthy();
    expect(health.components.map((component) => component.name).sort()).toEqual([
      'core',
      'database',
      'jobservice',
      'portal',
      'redis',
      'registry',
      'registryctl',
    ]);
    for (const project of ['team', 'vault']) await api.createProject(project, { public: false });
    await nodes.createPullSecret('registry', login);
  });

  it.each([
    ['a Docker v2 image', 'docker', 'team/docker'],
    ['an OCI image', 'oci', 'library/oci'],
    ['an index of two platforms', 'index', 'team/index'],
    ['an image in a nested repository', 'oci', 'team/deep/er/app'],
  ] as const)('%s is pushed and pulled on every node by its one name, from peers', async (_what, kind, repository) => {
    const image = newImage(kind);
    const since = new Date();
    await push(image, login, repository, '1');
    await warm(image);
    const { result, blobBytes } = await traffic.duringRegistry(REGISTRY, () => pull(`${DOMAIN}/${repository}:1`));
    expect(failed(result)).toEqual([]);
    expect(result).toHaveLength((await nodes.names()).length);
    for (const agent of await traffic.servedByAgents(AGENTS, since)) {
      expect([agent.node, ...agent.blobs]).toEqual(expect.arrayContaining([agent.node, ...image.blobs]));
    }
    // Harbor's registry counts the few bytes of a refused question too, so not quite zero is allowed.
    expect(blobBytes).toBeLessThan(image.pullBytes / 10);
  });

  it('200 MB pulled cold by three nodes leave Harbor at most 1.2 times, and not once more when origins are warm', async () => {
    const image = newImage(LARGE.kind, LARGE.layers);
    const since = new Date();
    const cold = await traffic.duringRegistry(REGISTRY, async () => {
      await push(image, login, 'team/large', '1');
      return pull(`${DOMAIN}/team/large:1`);
    });
    expect(failed(cold.result)).toEqual([]);
    const served = await traffic.servedByAgents(AGENTS, since);
    const [origin = ''] = (await cluster.kubectl.pods('kraken', 'app.kubernetes.io/component=origin')).map(nameOf);
    const log = await cluster.kubectl.logs('kraken', origin, { since });
    const fetched = log.match(/"shim":"GET","uri":"[^"]*\/blobs\/[^"]*","status":200/g) ?? [];
    console.log(
      `200 MB cold: Harbor sent ${(cold.blobBytes / image.pullBytes).toFixed(2)} × its size, agents ${(served.reduce((sum, agent) => sum + agent.blobBytes, 0) / image.pullBytes).toFixed(2)} ×, the origin fetched ${fetched.length - new Set(fetched).size} blobs twice; ${cold.result.map((one) => `${one.node} ${one.seconds} s`).join(', ')}`,
    );
    expect(cold.blobBytes).toBeLessThanOrEqual(1.2 * image.pullBytes);
    for (const agent of served) expect(agent.blobBytes).toBeGreaterThanOrEqual(image.pullBytes);

    if (cluster.lab) await new NodeDisks(cluster.lab).forgetImage(`${DOMAIN}/team/large:1`, await nodes.names());
    const again = await traffic.duringRegistry(REGISTRY, () => pull(`${DOMAIN}/team/large:1`));
    expect(failed(again.result)).toEqual([]);
    expect(again.blobBytes).toBe(0);
  });

  it('a project that must stay private never reaches Kraken, and still pulls', async () => {
    const since = new Date();
    const { image, reference, repository } = await pushed('oci', 'vault');
    const { result, blobBytes } = await traffic.duringRegistry(REGISTRY, () => pull(reference));
    expect(failed(result)).toEqual([]);
    expect(blobBytes).toBeGreaterThanOrEqual(3 * image.pullBytes);
    for (const agent of await traffic.servedByAgents(AGENTS, since)) expect(agent.blobs).toEqual([]);
    for (const pod of await cluster.kubectl.pods('kraken')) {
      const log = await cluster.kubectl.logs('kraken', nameOf(pod), { since });
      expect(log.split('\n').filter((line) => line.includes(`"shim"`) && line.includes(repository))).toEqual([]);
    }
    const [origin] = await cluster.kubectl.pods('kraken', 'app.kubernetes.io/component=origin');
    const stored = await cluster.kubectl.exec('kraken', origin?.metadata?.name ?? '', 'origin', [
      'ls',
      '-R',
      '/var/cache/kraken/cache',
    ]);
    for (const blob of image.blobs) expect(stored).not.toContain(blob.slice('sha256:'.length));
  });

  it('goes on with the local agent stopped', async () => {
    const [first = '', ...others] = await nodes.names();
    for (const node of others) await kubectl('label', 'node', node, 'e2e-agent=here', '--overwrite');
    await keepAgentsOn('here', others.length);
    const { reference } = await pushed();
    const pulls = await pull(reference);
    const answers = await agentsOf([first]);
    await keepAgentsOn(undefined, others.length + 1);
    expect(failed(pulls)).toEqual([]);
    console.log(`without its agent a node pulled in ${pulls.find((one) => one.node === first)?.seconds} s`);
    expect(answers).toEqual(answers.map(() => REFUSED));
  });

  const silent = 'loses less than a second where the local agent does not answer at all';
  (isSkipped(silent) ? it.skip : it)(silent, async () => {
    const { lab } = cluster;
    if (lab === undefined) throw new Error('no cluster of the lab');
    const { reference } = await pushed('oci', 'team', []);
    const [first = ''] = await nodes.names();
    applied = {};
    manifests = await installation.synth('default', topology(cluster, applied));
    await installation.apply(manifests);
    await cluster.kubectl.waitReady('kraken-nodes');
    const agent = await Dials.of(lab, first, { port: AGENT_PORT, isSilent: true });
    const pulls = await pull(reference, [first]);
    const tries = await agent.count();
    await agent.end();
    expect(failed(pulls)).toEqual([]);
    // Counted, not timed: how long the rest of a pull takes depends on the machine.
    const hosts = await new NodeDisks(lab).readFile(first, HOSTS_TOML);
    const [, patience] = new RegExp(`:${AGENT_PORT}"\\][^]*?dial_timeout = "(\\d+)ms"`).exec(hosts) ?? [];
    console.log(`a silent agent was tried ${tries} times, ${patience} ms each; the pull took ${pulls[0]?.seconds} s`);
    expect(tries).toBeGreaterThan(0);
    expect(tries * Number(patience)).toBeLessThan(1_000);
  });

  it('goes on with the tracker stopped', async () => {
    const { reference } = await pushed();
    await scale('kraken', 'statefulset/kraken-tracker', 0);
    const pulls = await pull(reference);
    await scale('kraken', 'statefulset/kraken-tracker', 1);
    expect(failed(pulls)).toEqual([]);
  });

  it.each(['origin', 'build-index'])('goes on when %s is deleted', async (component) => {
    const { reference } = await pushed();
    await kubectl('delete', 'pod', '-n', 'kraken', `kraken-${component}-0`, '--grace-period=0', '--force');
    expect(failed(await pull(reference))).toEqual([]);
    await cluster.kubectl.waitReady('kraken');
  });

  it('goes on from Harbor, with a bounded delay, when all of Kraken is stopped', async () => {
    await keepAgentsOn('nowhere', 0);
    const stateful = ['origin', 'tracker', 'build-index'].map((name) => `statefulset/kraken-${name}`);
    for (const what of [...stateful, 'deployment/kraken-proxy']) await scale('kraken', what, 0);
    const { reference } = await pushed();
    const pulls = await pull(reference);
    const answers = await agentsOf(await nodes.names());
    for (const what of [...stateful, 'deployment/kraken-proxy']) await scale('kraken', what, 1);
    await keepAgentsOn(undefined, (await nodes.names()).length);
    expect(failed(pulls)).toEqual([]);
    const slowest = Math.max(...pulls.map((one) => one.seconds ?? Number.POSITIVE_INFINITY));
    console.log(`without Kraken the slowest node pulled in ${slowest} s`);
    expect(answers).toEqual(answers.map(() => REFUSED));
  });

  it('goes on from peers, by tag, when Harbor is stopped after the image is warm', async () => {
    const { image, reference } = await pushed();
    await warm(image);
    const [first = '', ...others] = await nodes.names();
    expect(failed(await pull(reference, [first]))).toEqual([]);
    const parts = ['core', 'registry', 'nginx'].map((name) => `deployment/harbor-${name}`);
    for (const part of parts) await scale('harbor', part, 0);
    // Kraken itself forgets a tag after five minutes; taking that memory away now shows that the build-index has a longer one.
    const [index = ''] = (await cluster.kubectl.pods('kraken', 'app.kubernetes.io/component=build-index')).map(nameOf);
    const forget = 'rm -rf /var/cache/kraken/nginx/*';
    await cluster.kubectl.exec('kraken', index, 'build-index', ['sh', '-c', forget]);
    const pulls = await pull(reference, others);
    for (const part of parts) await scale('harbor', part, 1);
    await api.waitHealthy();
    console.log(`with Harbor away: ${pulls.map((one) => `${one.node} ${one.seconds ?? one.error} s`).join(', ')}`);
    expect(failed(pulls)).toEqual([]);
  });

  it('refuses plain connections everywhere', async () => {
    const plain = async (namespace: string, target: string, port: number) => {
      const forward = await cluster.kubectl.portForward(namespace, target, port);
      try {
        return await plainAnswer(forward.port);
      } finally {
        forward.close();
      }
    };
    // A TLS port answers plain HTTP with an error or not at all; it never serves it.
    const targets: readonly (readonly [string, string, number])[] = [
      ['harbor', 'deployment/harbor-core', 8443],
      ['harbor', 'deployment/harbor-registry', 5443],
      ['harbor', 'deployment/harbor-jobservice', 8443],
      ['harbor', 'deployment/harbor-portal', 8443],
      ['harbor', 'deployment/harbor-nginx', 8443],
      ['kraken', 'pod/kraken-origin-0', 15002],
      ['kraken', 'pod/kraken-tracker-0', 15003],
      ['kraken', 'pod/kraken-build-index-0', 15004],
    ];
    for (const [namespace, target, port] of targets) {
      expect([target, await plain(namespace, target, port)]).toEqual([target, expect.stringMatching(/^(400|closed)$/)]);
    }
    // The plain port of the front serves nothing but the way to the other one.
    expect(await plainAnswer(80, login.address)).toMatch(/^30[18]$/);
  });

  it('a Job that logs in, pushes and pulls through the front succeeds', async () => {
    await kubectl('create', 'job', 'check-now', '-n', 'harbor', '--from=cronjob/harbor-check');
    await kubectl('wait', 'job/check-now', '-n', 'harbor', '--for=condition=complete', '--timeout=120s');
    const events = await kubectl('get', 'job/check-now', '-n', 'harbor', '-o', 'jsonpath={.status.succeeded}');
    expect(events).toBe('1');
    await kubectl('delete', 'job/check-now', '-n', 'harbor');
  });

  it('no probe has killed what was well', async () => {
    const killed: string[] = [];
    for (const namespace of NAMESPACES) {
      const events = await cluster.kubectl.list<Event>('events', '-n', namespace);
      for (const { reason, message, involvedObject } of events) {
        if (reason === 'Killing' && message?.includes('probe')) killed.push(`${involvedObject.name}: ${message}`);
      }
    }
    expect(killed).toEqual([]);
  });

  it('applying a second synthesis changes and restarts nothing', async () => {
    const pods = async () =>
      (await Promise.all(NAMESPACES.map((namespace) => cluster.kubectl.pods(namespace)))).flat().filter(isServing);
    const before = await pods();
    const second = await installation.synth('second', topology(cluster, applied));
    const lines = await cluster.kubectl.apply(second);
    expect(lines.filter((line) => !line.endsWith('unchanged'))).toEqual([]);
    await sleep(5_000);
    const after = await pods();
    expect(after.map(uid).sort()).toEqual(before.map(uid).sort());
    expect(restarts(after)).toBe(restarts(before));
  });

  it('a changed setting rolls only what reads it', async () => {
    const before = await podsByComponent();
    const changed = await installation.synth('changed', topology(cluster, { ...applied, jobservice: { workers: 7 } }));
    const lines = await cluster.kubectl.apply(changed);
    expect(lines.filter((line) => !line.endsWith('unchanged')).map((line) => line.split(' ')[0])).toEqual([
      expect.stringMatching(/^configmap\/harbor-jobservice/),
      'deployment.apps/harbor-jobservice',
    ]);
    await kubectl('rollout', 'status', 'deployment/harbor-jobservice', '-n', 'harbor', '--timeout=180s');
    const after = await podsByComponent();
    const rolled = Object.keys(before).filter((component) => before[component] !== after[component]);
    expect(rolled).toEqual(['harbor/jobservice']);
  });

  it('removal leaves no file on the nodes, and no object but what is kept', async () => {
    const objects = installation.objects(manifests);
    const kept = objects.filter((object) => object.metadata?.labels?.['harbor-fleet/keep'] === 'true');
    expect(kept.map((object) => object.kind)).toEqual(expect.arrayContaining(['Namespace', 'PersistentVolumeClaim']));
    await kubectl('delete', '-f', manifests, '-l', 'harbor-fleet/keep!=true', '--wait=true', '--timeout=150s');
    if (cluster.lab) {
      // A mirror's pod takes its files away as its last deed, and kubectl does not wait for pods.
      await eventually(async () => ((await cluster.kubectl.pods('kraken-nodes')).length === 0 ? true : undefined), {
        what: 'the pods on the nodes to be gone',
      });
      const disks = new NodeDisks(cluster.lab);
      for (const node of await nodes.names()) {
        expect(await disks.listFiles(node, `/etc/containerd/certs.d/${DOMAIN}`)).toEqual([]);
      }
    }
    const left = await remaining(objects);
    expect(left.sort()).toEqual(kept.map(identity).sort());
  });

  const podsByComponent = async (): Promise<Record<string, string>> => {
    const groups: Record<string, string> = {};
    for (const namespace of NAMESPACES) {
      for (const pod of (await cluster.kubectl.pods(namespace)).filter(isServing)) {
        const key = `${namespace}/${pod.metadata?.labels?.['app.kubernetes.io/component']}`;
        groups[key] = [groups[key] ?? '', uid(pod)].sort().join(' ');
      }
    }
    return groups;
  };

  /** Which of some objects the cluster still has. */
  const remaining = async (objects: readonly KubernetesObject[]): Promise<string[]> => {
    const found: string[] = [];
    for (const object of objects) {
      const { name = '', namespace } = object.metadata ?? {};
      const place = namespace ? ['-n', namespace] : [];
      const answer = await kubectl('get', object.kind ?? '', name, ...place, '--ignore-not-found', '-o', 'name');
      if (answer.trim() !== '') found.push(identity(object));
    }
    return found;
  };
});

const nameOf = (pod: Pod): string => pod.metadata?.name ?? '';
const uid = (pod: Pod): string => pod.metadata?.uid ?? '';
const isServing = (pod: Pod): boolean => pod.metadata?.ownerReferences?.[0]?.kind !== 'Job';
const identity = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata?.namespace ?? ''}/${metadata?.name}`;

/** The status that a plain HTTP request gets, or `closed`. */
const plainAnswer = (port: number, host = '127.0.0.1'): Promise<string> =>
  new Promise((resolve) => {
    let said = '';
    const socket = connectTcp(port, host, () => {
      socket.write('GET / HTTP/1.1\r\nHost: registry\r\nConnection: close\r\n\r\n');
    });
    socket.setTimeout(10_000, () => socket.destroy());
    socket.on('data', (data: Buffer) => {
      said += data.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(/^HTTP\/1\.\d (\d{3})/.exec(said)?.[1] ?? 'closed'));
  });
