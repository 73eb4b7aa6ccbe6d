import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JsonPatch } from 'cdk8s';
import type { Pod } from 'kubernetes-types/core/v1';
import { planHarbor, SharedStorage, type TopologyProps } from '../../lib/index';
import { synth } from '../../lib/testing';
import { app } from './projects/objects/app';
import { obtainCluster, type TestCluster } from './support/cluster';
import { Engine, type Stack } from './support/engine';
import { HarborApi } from './support/harbor-api';
import { Installation } from './support/installation';
import type { KubernetesObject } from './support/kubectl';
import { Project } from './support/project';

const DOMAIN = 'registry.example.test';
const REGION = 'home';
const STORAGE_CLASS = process.env.E2E_STORAGE_CLASS || 'standard';
const STORAGE = SharedStorage.nas({ storageClass: STORAGE_CLASS, accessMode: 'ReadWriteOnce', size: '5Gi' });

describe('objects that another tool made', () => {
  let cluster: TestCluster;
  let engine: Engine;
  let installation: Installation;
  const projects: Project[] = [];

  beforeAll(async () => {
    [cluster, engine] = await Promise.all([obtainCluster({ nodes: 1 }), Engine.obtain()]);
    installation = new Installation(cluster, REGION, DOMAIN);
  });

  afterAll(async () => {
    await cluster?.down();
    engine?.remove();
    installation?.remove();
    for (const project of projects) project.remove();
  });

  /** A stack of a project, with what it is told. */
  const stackOf = async (
    name: string,
    stackName: string,
    config: Readonly<Record<string, string>>,
  ): Promise<[Stack, Project]> => {
    const project = await Project.of(`test/e2e/projects/${name}`);
    projects.push(project);
    const stack = await engine.stack(project.folder, stackName, { KUBECONFIG: cluster.kubectl.kubeconfig });
    for (const [key, value] of Object.entries(config)) await stack.setConfig(key, value, { path: true });
    return [stack, project];
  };

  /** What tells an object from another one of the same name, and a pod from one that began anew, for all objects of a namespace. */
  const identities = async (namespace: string): Promise<readonly string[]> => {
    const kinds = 'configmaps,secrets,services,serviceaccounts,persistentvolumeclaims,deployments,statefulsets,pods';
    const found = await cluster.kubectl.list<KubernetesObject & Pick<Pod, 'status'>>(kinds, '-n', namespace);
    return found
      .filter(({ metadata }) => metadata?.labels?.owner !== 'helm' && metadata?.ownerReferences?.[0]?.kind !== 'Job')
      .map((object) => `${object.kind} ${object.metadata?.name} ${object.metadata?.uid} ${restartsOf(object)}`.trim())
      .sort();
  };

  /** Any program that goes on running. */
  const image = (): string =>
    planHarbor({ domain: DOMAIN, storage: STORAGE, images: { prefix: cluster.images.harbor } }).images.redis;

  const makeNamespace = (name: string) =>
    cluster.kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);

  describe.each([
    {
      tool: 'kubectl',
      manager: 'kubectl-client-side-apply',
      args: ['apply'],
      adopt: (stack: Stack) => stack.with({ PULUMI_K8S_ENABLE_PATCH_FORCE: 'true' }).up(),
    },
    {
      tool: 'Argo CD',
      manager: 'argocd-controller',
      args: ['apply', '--server-side', '--field-manager=argocd-controller'],
      adopt: async (stack: Stack) => {
        await stack.setConfig('force', 'true');
        return stack.up();
      },
    },
  ])('by $tool', ({ tool, manager, args, adopt }) => {
    it('are taken over as they are once it is said that other values of fields may go', async () => {
      const namespace = `e2e-${tool.toLowerCase().replace(' ', '-')}`;
      await makeNamespace(namespace);
      const objects = synth((chart) => {
        const { settings } = app(chart, { namespace, image: image() });
        settings.addJsonPatch(JsonPatch.replace('/data/level', 'debug'));
      });
      const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
      await cluster.kubectl.run([...args, '-f', '-'], { input: list });
      await cluster.kubectl.waitReady(namespace);
      const before = await identities(namespace);

      const [stack] = await stackOf('objects', namespace, { namespace, image: image() });
      await expect(stack.up()).rejects.toThrow(`conflict with "${manager}"`);
      await expect(stack.up()).rejects.toThrow('.data.level');
      await adopt(stack);
      // The provider keeps a workload in the state as its watch has it, which may be as it was before its own patch (docs/pulumi.md).
      await stack.refresh();
      expect((await stack.up()).steps).toEqual([]);
      expect(await identities(namespace)).toEqual(before);
      const { data } = await cluster.kubectl.getJson<{ data: object }>('configmap', 'settings', '-n', namespace);
      expect(data).toEqual({ level: 'info', color: 'blue' });
    });
  });

  it('and those of our own take every option of Pulumi’s one by one, and tell what the cluster says of them', async () => {
    const namespace = 'e2e-options';
    const live = <T>(kind: string, name: string) => cluster.kubectl.getJson<T>(kind, name, '-n', namespace);
    const replicas = async () => (await live<{ spec: { replicas: number } }>('deployment', 'app')).spec.replicas;
    await makeNamespace(namespace);
    const [stack] = await stackOf('objects', namespace, { namespace, image: image() });
    await stack.up();
    const before = await identities(namespace);
    const { metadata } = await live<KubernetesObject>('deployment', 'app');
    expect(await stack.outputs()).toEqual({ uid: metadata?.uid, readyReplicas: 1 });
    expect(await live('configmap', 'settings')).toMatchObject({ immutable: false }); // by `transforms`

    await stack.setConfig('replicas', '3'); // under `ignoreChanges`
    await stack.setConfig('serviceId', 'front'); // under `aliases`
    expect((await stack.up()).steps).toEqual([]);
    expect(await identities(namespace)).toEqual(before);
    await cluster.kubectl.run(['scale', 'deployment/app', '--replicas=2', '-n', namespace]);
    await stack.up({ refresh: true });
    expect(await replicas()).toBe(2);

    await expect(stack.destroy()).rejects.toThrow(/app\/secret.* protected/s);
    await stack.setConfig('protect', 'false');
    await stack.up();
    await stack.destroy();
    const left = (await identities(namespace)).filter((one) => before.includes(one));
    expect(left.map((one) => one.split(' ', 2).join(' '))).toEqual([
      'ConfigMap kube-root-ca.crt',
      'ConfigMap settings', // under `retainOnDelete`
      'ServiceAccount default',
    ]);
  });

  it('and those of a stack that an engine lost when it was killed are changed as before', async () => {
    const namespace = 'e2e-lost';
    await makeNamespace(namespace);
    const [stack] = await stackOf('objects', namespace, { namespace, image: image(), protect: 'false' });
    await stack.up();
    const before = await identities(namespace);
    await stack.run(['state', 'delete', '--all', '--force', '--yes']);
    await stack.up();
    await stack.setConfig('color', 'red');
    await stack.up();
    expect(await identities(namespace)).toEqual(before);
    const { data } = await cluster.kubectl.getJson<{ data: object }>('configmap', 'settings', '-n', namespace);
    expect(data).toEqual({ level: 'info', color: 'red' });
  });

  it('by Helm are taken over with their values, and Helm lets go without deleting anything', async () => {
    const topology: TopologyProps = {
      domain: DOMAIN,
      images: { harbor: cluster.images.harbor },
      regions: {
        [REGION]: {
          storage: STORAGE,
          kraken: false,
        },
      },
    };
    await installation.generateSecrets(topology);
    const manifests = await installation.synth('manifests', topology);
    const secrets = installation.generatedObjects();
    await makeNamespace('harbor');
    const chart = writeChart(
      [...secrets, ...installation.objects(manifests)].filter(({ kind }) => kind !== 'Namespace'),
    );
    const [helm] = await stackOf('helm', 'test', { release: 'harbor', namespace: 'harbor', chart });
    await helm.up();
    rmSync(chart, { recursive: true });
    const before = await identities('harbor');

    const restore = secrets.filter(({ kind }) => kind === 'Secret').map(({ metadata }) => `harbor/${metadata?.name}`);
    const [stack, project] = await stackOf('adoption', 'test', {
      domain: DOMAIN,
      region: REGION,
      harborImages: cluster.images.harbor,
      storageClass: STORAGE_CLASS,
      ...Object.fromEntries(restore.map((id, i) => [`restore[${i}]`, id])),
    });
    // Helm calls itself as the program that it is in.
    await expect(stack.up()).rejects.toThrow(
      'conflict with "pulumi-resource-kubernetes" using v1: .metadata.labels.app.kubernetes.io/managed-by',
    );
    project.edit(
      '});\n\nexport',
      `}, { configure: (object) => void object.metadata.addAnnotation('pulumi.com/patchForce', 'true') });\n\nexport`,
    );
    await stack.up();
    // The provider keeps a workload in the state as its watch has it, which may be as it was before its own patch (docs/pulumi.md).
    await stack.refresh();
    expect((await stack.up()).steps).toEqual([]);
    expect(await identities('harbor')).toEqual(before);

    await cluster.kubectl.run(['delete', 'secret', '-n', 'harbor', '-l', 'owner=helm,name=harbor']);
    expect((await stack.up({ refresh: true })).steps).toEqual([]);
    expect(await identities('harbor')).toEqual(before);
    const login = await installation.login('harbor', 'harbor');
    await new HarborApi(login).waitHealthy();
  });
});

/** How often the containers of a pod began anew; nothing for anything else. */
const restartsOf = ({ status }: Pick<Pod, 'status'>): string =>
  (status?.containerStatuses ?? []).map(({ name, restartCount }) => `${name} ${restartCount}`).join(' ');

/** A chart of manifests as they are: braces in them are no templates. */
const writeChart = (objects: readonly KubernetesObject[]): string => {
  const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-chart-'));
  for (const name of ['templates', 'files']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: registry\nversion: 1.0.0\n');
  objects.forEach((object, i) => {
    writeFileSync(join(folder, 'files', `${i}.yaml`), JSON.stringify(object));
  });
  writeFileSync(
    join(folder, 'templates', 'all.yaml'),
    '{{ range $path, $_ := .Files.Glob "files/*.yaml" }}\n---\n{{ $.Files.Get $path }}\n{{ end }}\n',
  );
  return folder;
};
