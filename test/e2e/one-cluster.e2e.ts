import { join } from 'node:path';
import type { Pod, Secret } from 'kubernetes-types/core/v1';
import { isSkipped, obtainCluster, type TestCluster } from './support/cluster';
import { Engine, finished, type Stack } from './support/engine';
import { HarborApi } from './support/harbor-api';
import { makeImage } from './support/images';
import type { KubernetesObject } from './support/kubectl';
import { NodeDisks } from './support/node-disks';
import { Nodes } from './support/nodes';
import { generatedValues, plainSecretsIn } from './support/plain-secrets';
import { eventually } from './support/process';
import { Project } from './support/project';
import { pushAgain, type RegistryLogin } from './support/push';
import { stackLogin } from './support/stack-login';
import { ensureTools } from './support/tools';
import { type Place, Traffic } from './support/traffic';

const DOMAIN = 'registry.example.test';
const REGION = 'home';
const NAMESPACES = ['harbor', 'kraken', 'kraken-nodes'];
const SMALL = "size: 'small',";
/** All Secrets of which every value, or all but those that data depends on, can be made anew. */
const RENEWED = ['core', 'jobservice', 'redis', 'registry', 'registry-htpasswd', 'tls'].map(
  (name) => `harbor/harbor-${name}`,
);
const GENERATIONS = `\n      generations: ${JSON.stringify(Object.fromEntries(RENEWED.map((id) => [id, 2])))},`;
const AGENTS: Place = { namespace: 'kraken-nodes', selector: 'app.kubernetes.io/component=agent' };

/** The first thing that a newcomer deploys, as a newcomer does: the packed package, the example's own files, the real engine. */
describe('examples/one-cluster by pulumi', () => {
  let cluster: TestCluster;
  let engine: Engine;
  let project: Project;
  let stack: Stack;
  let login: RegistryLogin;
  let nodes: Nodes;
  let resources = 0;

  beforeAll(async () => {
    await ensureTools();
    [cluster, engine, project] = await Promise.all([
      obtainCluster(),
      Engine.obtain(),
      Project.of('examples/one-cluster'),
    ]);
    nodes = new Nodes(cluster.kubectl);
    stack = await engine.stack(project.folder, 'dev', { KUBECONFIG: cluster.kubectl.kubeconfig });
  });

  afterAll(async () => {
    await cluster?.down();
    engine?.remove();
    project?.remove();
  });

  it('asks for the settings that have no default', async () => {
    await expect(stack.preview()).rejects.toThrow("missing configuration values 'domain' and 'krakenImage'");
    const settings = {
      domain: DOMAIN,
      krakenImage: cluster.images.kraken,
      harborImages: cluster.images.harbor,
      storageClass: process.env.E2E_STORAGE_CLASS || 'standard',
      volumeGiB: '5',
    };
    for (const [key, value] of Object.entries(settings)) await stack.setConfig(key, value);
  });

  it('is previewed without a cluster', async () => {
    const offline = stack.with({ KUBECONFIG: join(project.folder, 'no-such-kubeconfig') });
    const { changes } = await offline.preview();
    expect(Object.keys(changes)).toEqual(['create']);
    resources = changes.create ?? 0;
    expect(resources).toBeGreaterThan(80);
  });

  it('comes up, even when the engine is killed in the middle', async () => {
    const first = stack.startUp();
    await first.until((said) => finished(said) > resources / 3);
    await first.kill(() => stack.isStored());
    await expect(stack.up()).rejects.toThrow('pulumi cancel');
    await stack.cancel();
    const { changes } = await stack.up();
    expect(Object.keys(changes).sort()).toEqual(['create', 'same']);
    expect((changes.create ?? 0) + (changes.same ?? 0)).toBe(resources);
  });

  it('serves a pull on every node through peers', async () => {
    login = await stackLogin(stack, REGION, cluster);
    const since = new Date();
    const { image, pulls } = await pushAndPull('1');
    const served = await new Traffic(cluster.kubectl).servedByAgents(AGENTS, since);
    expect(served).toHaveLength(pulls.length);
    for (const agent of served) expect(agent.blobBytes).toBeGreaterThanOrEqual(image.pullBytes);
  });

  it('a second up changes nothing, and neither it nor the state tells a secret', async () => {
    const printed = await stack.run(['up', '--yes', '--diff', '--color=never']);
    expect(printed).toContain(`${resources} unchanged`);
    expect(await stack.up()).toEqual({ changes: { same: resources }, steps: [] });
    const known = await stack.exportState({ showSecrets: true });
    const generated = generatedValues(known);
    expect(Object.keys(generated).length).toBeGreaterThan(20);
    // The search finds each of them where they are in plain.
    expect(plainSecretsIn(known, generated)).toEqual(Object.keys(generated));
    expect(plainSecretsIn(await stack.exportState(), generated)).toEqual([]);
    expect(plainSecretsIn(printed, generated)).toEqual([]);
  });

  it('a changed setting shows as the very leaf it is, and rolls only what reads it', async () => {
    project.edit(SMALL, `${SMALL}\n      jobservice: { workers: 7 },`);
    const { steps } = await stack.preview();
    const deployment = 'registry-home/harbor/jobservice/workload/workload';
    expect(steps.map(({ op, name, diff }) => [op, name, ...diff])).toEqual([
      ['update', 'registry-home/harbor/jobservice/config', 'data["config.yml"]'],
      ['update', deployment, 'spec.template.metadata.annotations.harbor-fleet/configuration'],
    ]);
    expect(await stack.previewText()).toMatch(/~ workers +: 10 => 7\n/);
    const before = await podsByComponent();
    const { changes } = await stack.up();
    expect(changes).toEqual({ update: 2, same: resources - 2 });
    const after = await podsByComponent();
    expect(Object.keys(before).filter((component) => before[component] !== after[component])).toEqual([
      'harbor/jobservice',
    ]);
  });

  it('a refresh finds no drift', async () => {
    expect((await stack.refresh()).changes).toEqual({ same: resources });
  });

  it('what cannot be made anew is refused before anything changes', async () => {
    project.edit(SMALL, `${SMALL}\n      generations: { 'harbor/harbor-database': 2 },`);
    await expect(stack.preview()).rejects.toThrow('generations["harbor/harbor-database"]: cannot be made anew');
    project.edit("\n      generations: { 'harbor/harbor-database': 2 },", '');
  });

  it('every value that can be made anew is, while Harbor runs, and clients go on', async () => {
    const before = await secretValues();
    project.edit(SMALL, `${SMALL}\n      internalTls: { type: 'provided' },${GENERATIONS}`);
    const seconds = await secondsOf(() => stack.up());
    console.log(`new values of ${RENEWED.length} Secrets, and TLS between components: ${seconds} s`);
    const after = await secretValues();
    const renewed = Object.keys(before).filter((key) => before[key] !== after[key]);
    expect([...new Set(renewed.map((key) => key.split(' ')[0]))].sort()).toEqual([...RENEWED].sort());
    for (const key of ['secretKey', 'HARBOR_ADMIN_PASSWORD'])
      expect(renewed).not.toContain(`harbor/harbor-core ${key}`);
    await pushAndPull('2');
  });

  it('a new CA issues every certificate anew, and clients that know the one before go on', async () => {
    const before = await secretValues();
    const { ca } = login;
    project.edit('projects: {', 'certificateAuthority: { generation: 2 },\n  projects: {');
    const seconds = await secondsOf(() => stack.up());
    console.log(`a new CA, and all certificates by it: ${seconds} s`);
    const after = await secretValues();
    const renewed = Object.keys(before).filter((key) => before[key] !== after[key] && key.endsWith(' tls.crt'));
    expect(renewed).toEqual(Object.keys(before).filter((key) => key.endsWith(' tls.crt')));
    expect(renewed.length).toBeGreaterThan(4);
    login = await stackLogin(stack, REGION, cluster);
    expect(login.ca?.endsWith(ca ?? 'no CA')).toBe(true);
    await pushAndPull('3');
    const { changes } = await stack.up();
    expect(Object.keys(changes)).toEqual(['same']);
    resources = changes.same ?? 0;
  });

  // Of a cluster of one's own no control plane is stopped.
  const vanishing = 'a cluster that vanishes in the middle is told, and no state is lost';
  (isSkipped(vanishing) ? it.skip : it)(vanishing, async () => {
    const { lab } = cluster;
    if (!lab) throw new Error('only a cluster that the test started can be stopped');
    project.edit('workers: 7', 'workers: 8');
    const control = `${lab.name}-control`;
    const up = stack.startUp();
    await up.until((said) => finished(said) > 1);
    // The engine stands still meanwhile: it could be done with the change before the cluster is gone.
    await up.whileFrozen(() => lab.command(['stop-node', control]));
    await expect(up.done).rejects.toThrow(/jobservice.*(no route to host|connection lost|unreachable)/s);
    const state = JSON.parse(await stack.exportState()) as { deployment: { resources: readonly unknown[] } };
    // Besides what a preview counts, a state holds the providers that the engine itself made.
    expect(state.deployment.resources.length).toBeGreaterThanOrEqual(resources);
    await lab.command(['start-node', control]);
    await eventually(() => cluster.kubectl.run(['get', '--raw', '/readyz']), { what: 'the cluster to be back' });
    for (const namespace of NAMESPACES) await cluster.kubectl.waitReady(namespace);
    const { changes } = await stack.up({ refresh: true });
    expect((changes.same ?? 0) + (changes.update ?? 0)).toBe(resources);
    expect((await stack.preview()).changes).toEqual({ same: resources });
  });

  it.each([
    ['Service', 'harbor-portal'],
    ['ConfigMap', 'harbor-registry'],
    ['Deployment', 'harbor-portal'],
  ])('a %s deleted by hand is restored', async (kind, name) => {
    await cluster.kubectl.run(['delete', kind, name, '-n', 'harbor', '--wait']);
    const { changes } = await stack.up({ refresh: true });
    expect(changes.create).toBe(1);
    const again = await cluster.kubectl.getJson<KubernetesObject>(kind, name, '-n', 'harbor');
    expect(again.metadata?.labels).toMatchObject({ 'app.kubernetes.io/part-of': 'harbor-fleet' });
  });

  it('destroy leaves only what holds data', async () => {
    const before = await objects();
    const kept = before.filter(isKept).map(identity);
    expect(new Set(kept.map((one) => one.split(' ')[0]))).toEqual(
      new Set(['Namespace', 'PersistentVolumeClaim', 'Secret']),
    );
    await stack.destroy();
    expect((await objects()).map(identity)).toEqual(kept);
    if (!cluster.lab) return;
    for (const node of await nodes.names())
      expect(await new NodeDisks(cluster.lab).listFiles(node, `/etc/containerd/certs.d/${DOMAIN}`)).toEqual([]);
  });

  it('what stayed is taken over by the next up, when its Secrets are named', async () => {
    // Nothing is overwritten by mistake.
    await expect(stack.up()).rejects.toThrow(/field conflict/);
    const kept = ['harbor/harbor-core', 'harbor/harbor-database'];
    project.edit(GENERATIONS, `\n      restore: ${JSON.stringify(kept)},`);
    await stack.up();
    const { password } = login;
    login = await stackLogin(stack, REGION, cluster);
    expect(login.password).toBe(password);
    const api = new HarborApi(login);
    await api.waitHealthy();
    expect(await api.artifacts('library', 'app')).toHaveLength(3);
    const pulls = await nodes.pullOnEveryNode(`${DOMAIN}/library/app:1`);
    expect(pulls.map((pull) => pull.error)).toEqual(pulls.map(() => undefined));
    await stack.destroy();
  });

  /** Everything in the topology's namespaces that somebody made, and the namespaces. */
  const objects = async (): Promise<readonly KubernetesObject[]> => {
    const kinds =
      'configmaps,secrets,services,serviceaccounts,persistentvolumeclaims,deployments.apps,statefulsets.apps,daemonsets.apps,cronjobs.batch,networkpolicies.networking.k8s.io,poddisruptionbudgets.policy';
    const found = await Promise.all([
      cluster.kubectl.list('namespaces', ...[]),
      ...NAMESPACES.map((namespace) => cluster.kubectl.list(kinds, '-n', namespace)),
    ]);
    return found
      .flat()
      .filter((object) => object.kind !== 'Namespace' || NAMESPACES.includes(object.metadata?.name ?? ''))
      .filter((object) => !['kube-root-ca.crt', 'default'].includes(object.metadata?.name ?? ''))
      .sort((a, b) => identity(a).localeCompare(identity(b)));
  };

  /** The values of all Secrets of ours, by Secret and key. */
  const secretValues = async (): Promise<Readonly<Record<string, string>>> => {
    const ours = ['-l', 'app.kubernetes.io/part-of=harbor-fleet'];
    const found = await Promise.all(
      NAMESPACES.map((name) => cluster.kubectl.list<Secret>('secrets', '-n', name, ...ours)),
    );
    return Object.fromEntries(
      found.flat().flatMap(({ metadata, data = {} }) => {
        const id = `${metadata?.namespace}/${metadata?.name}`;
        return Object.entries(data).map(([key, value]) => [`${id} ${key}`, value]);
      }),
    );
  };

  /** Pushes a new image, and pulls it on every node. */
  const pushAndPull = async (tag: string) => {
    await new HarborApi(login).waitHealthy();
    const image = makeImage({ kind: 'oci' });
    await pushAgain(image, login, 'library/app', tag);
    const pulls = await nodes.pullOnEveryNode(`${DOMAIN}/library/app:${tag}`);
    image.remove();
    expect(pulls.map((pull) => pull.error)).toEqual(pulls.map(() => undefined));
    return { image, pulls };
  };

  const podsByComponent = async (): Promise<Record<string, string>> => {
    const groups: Record<string, string> = {};
    for (const namespace of NAMESPACES) {
      for (const pod of (await cluster.kubectl.pods(namespace)).filter(isServing)) {
        const key = `${namespace}/${pod.metadata?.labels?.['app.kubernetes.io/component']}`;
        groups[key] = [groups[key] ?? '', pod.metadata?.uid ?? ''].sort().join(' ');
      }
    }
    return groups;
  };
});

const secondsOf = async (act: () => Promise<unknown>): Promise<number> => {
  const start = Date.now();
  await act();
  return Math.round((Date.now() - start) / 1000);
};
const isServing = (pod: Pod): boolean => pod.metadata?.ownerReferences?.[0]?.kind !== 'Job';
const isKept = ({ metadata }: KubernetesObject): boolean => metadata?.labels?.['harbor-fleet/keep'] === 'true';
const identity = ({ kind, metadata }: KubernetesObject): string =>
  `${kind} ${metadata?.namespace ?? ''}/${metadata?.name}`;
