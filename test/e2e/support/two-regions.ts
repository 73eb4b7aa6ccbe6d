import { obtainCluster, type TestCluster } from './cluster';
import { Engine, type Stack } from './engine';
import { HarborApi } from './harbor-api';
import { type ImageSpec, makeImage } from './images';
import { Link } from './link';
import { loadNode, NODE_IMAGE } from './node-image';
import { type NodePull, Nodes, PULL_NAMESPACE } from './nodes';
import { eventually } from './process';
import { Project } from './project';
import { push, type RegistryLogin } from './push';
import { stackLogin } from './stack-login';

export type Region = 'east' | 'west';
export const REGIONS = ['east', 'west'] as const;
export const DOMAIN = 'registry.example.test';

/** An image in a region's Harbor. */
export interface Pushed {
  readonly project: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  /** Bytes that a node pulls. */
  readonly pullBytes: number;
  /** Digests of the blobs of every platform. */
  readonly everyBlob: readonly string[];
}

export type Reference = Pick<Pushed, 'project' | 'repository' | 'tag'>;

export interface Execution {
  readonly id: number;
  readonly status: string;
  readonly trigger: string;
  readonly policy_id: number;
}

/** A policy that copies, as Harbor shows it. */
interface Policy {
  readonly id: number;
  readonly name: string;
  readonly trigger: { readonly type: string };
}

/** One region as its users see it. */
export interface RegionAccess {
  readonly cluster: TestCluster;
  readonly nodes: Nodes;
  readonly login: RegistryLogin;
  readonly api: HarborApi;
}

/** `examples/two-regions`, in two clusters of the lab whose link can be cut. */
export class TwoRegions {
  private constructor(
    readonly stack: Stack,
    readonly link: Link,
    private readonly clusters: Readonly<Record<Region, TestCluster>>,
    private readonly engine: Engine,
    private readonly project: Project,
  ) {}

  private access?: Readonly<Record<Region, RegionAccess>>;

  /** Starts the clusters, and writes the stack's configuration. */
  static async prepare(settings: Readonly<Record<string, string>>): Promise<TwoRegions> {
    const started = await Promise.allSettled(
      REGIONS.map((region) => obtainCluster({ name: `${region}${process.pid}`, nodes: 2 })),
    );
    const [east, west] = started.map((one) => (one.status === 'fulfilled' ? one.value : undefined));
    if (!east || !west) {
      await Promise.all([east?.down(), west?.down()]);
      throw started.find((one) => one.status === 'rejected')?.reason;
    }
    const engine = await Engine.obtain();
    const project = await Project.of('examples/two-regions');
    const stack = await engine.stack(project.folder, 'dev');
    const made = new TwoRegions(stack, await Link.between(east, west), { east, west }, engine, project);
    const { harbor, kraken } = east.images;
    const known = { domain: DOMAIN, harborImages: harbor, krakenImage: kraken, nodeImage: NODE_IMAGE };
    const all = { ...known, teamNamespace: PULL_NAMESPACE, volumeGiB: '5', ...settings };
    for (const [key, value] of Object.entries(all)) await stack.setConfig(key, value);
    for (const region of REGIONS) {
      const { kubeconfig } = made.clusters[region].kubectl;
      await stack.setConfig(`clusters.${region}.kubeconfig`, kubeconfig, { path: true });
      await loadNode(made.clusters[region]);
      await new Nodes(made.clusters[region].kubectl).ensureNamespace();
    }
    return made;
  }

  /** What a person does after the first `pulumi up`: makes the names known, all of them everywhere. */
  async makeNamesKnown(): Promise<void> {
    const accessOf = async (region: Region): Promise<RegionAccess> => {
      const cluster = this.clusters[region];
      const login = await stackLogin(this.stack, region, cluster);
      return { cluster, login, nodes: new Nodes(cluster.kubectl), api: new HarborApi(login) };
    };
    const access = { east: await accessOf('east'), west: await accessOf('west') };
    await access.east.cluster.lab?.alias(`west.${DOMAIN}`, access.west.login.address);
    await access.west.cluster.lab?.alias(`east.${DOMAIN}`, access.east.login.address);
    this.access = access;
  }

  in(region: Region): RegionAccess {
    if (this.access === undefined) throw new Error('the names are not known yet');
    return this.access[region];
  }

  /** Pushes a new image; `name` is `project/repository:tag`. */
  async push(region: Region, name: string, spec: ImageSpec = { kind: 'oci' }): Promise<Pushed> {
    const [, project = '', repository = '', tag = ''] = /^([^/]+)\/(.+):(.+)$/.exec(name) ?? [];
    const image = makeImage(spec);
    try {
      const digest = await push(image, this.in(region).login, `${project}/${repository}`, tag);
      return { project, repository, tag, digest, pullBytes: image.pullBytes, everyBlob: image.everyBlob };
    } finally {
      image.remove();
    }
  }

  /** Waits until a region's Harbor has an image under its tag; gives the seconds that it took. */
  async arrival(region: Region, image: Pushed, timeoutMs = 120_000): Promise<number> {
    const start = Date.now();
    await eventually(async () => ((await this.digestOf(region, image)) === image.digest ? true : undefined), {
      what: `${image.project}/${image.repository}:${image.tag} to be in the ${region}`,
      timeoutMs,
      intervalMs: 500,
      explain: async () => JSON.stringify((await this.executions(region === 'east' ? 'west' : 'east')).slice(0, 20)),
    });
    return secondsSince(start);
  }

  /** What a tag is in a region's Harbor; nothing when it is not there. */
  async digestOf(region: Region, { project, repository, tag }: Reference): Promise<string | undefined> {
    const name = encodeURIComponent(encodeURIComponent(repository));
    const path = `/api/v2.0/projects/${project}/repositories/${name}/artifacts/${tag}`;
    const { status, body } = await this.in(region).api.call('GET', path, undefined, [404]);
    return status === 404 ? undefined : (JSON.parse(body) as { digest: string }).digest;
  }

  /** What a region's Harbor has sent, or tried to, the last first. */
  executions(region: Region): Promise<readonly Execution[]> {
    return this.in(region).api.get('/api/v2.0/replication/executions?page_size=100&sort=-id');
  }

  /**
   * Waits until a region's Harbor copies nothing of a project any more: it compared everything twice since it last copied at a push, and a copy makes
   * the other Harbor copy back at once, so images that go round are never quiet. Any number of copies until then is well: each Harbor sends what it has
   * while the other's is on its way.
   */
  async untilQuiet(region: Region, project: string): Promise<void> {
    const policies = await this.in(region).api.get<readonly Policy[]>('/api/v2.0/replication/policies?page_size=100');
    const own = policies.filter(({ name }) => name.startsWith(`${project}-to-`));
    const [compare, none] = own.filter(({ trigger }) => trigger.type === 'scheduled');
    if (compare === undefined || none !== undefined) throw new Error(`${project} has no comparison, or several`);
    const last = async () =>
      (await this.executions(region)).filter(({ policy_id }) => own.some(({ id }) => id === policy_id));
    await eventually(
      async () => {
        const all = await last();
        const pushed = all.findIndex(({ trigger }) => trigger === 'event_based');
        const compared = all
          .slice(0, pushed)
          .filter(({ policy_id, status }) => policy_id === compare.id && status === 'Succeed');
        return pushed >= 0 && compared.length >= 2 ? true : undefined;
      },
      {
        what: `the ${region} to copy nothing of ${project} any more`,
        timeoutMs: 300_000,
        explain: async () => JSON.stringify((await last()).slice(0, 30)),
      },
    );
  }

  /** Lets nodes of a region, all unless named, pull an image by its one name. */
  pull(region: Region, image: Reference, pullSecrets: readonly string[] = [], nodes?: readonly string[]) {
    const name = `${DOMAIN}/${image.project}/${image.repository}:${image.tag}`;
    return this.in(region).nodes.pullOnEveryNode(name, { pullSecrets, nodes });
  }

  async remove(): Promise<void> {
    await Promise.all(REGIONS.map((region) => this.clusters[region].down()));
    this.engine.remove();
    this.project.remove();
  }
}

export const secondsSince = (start: number): number => Math.round((Date.now() - start) / 100) / 10;

/** Fails with what the kubelet said unless every pull went well; gives the slowest one's seconds. */
export const slowest = (pulls: readonly NodePull[]): number => {
  expect(pulls.map(({ error }) => error)).toEqual(pulls.map(() => undefined));
  return Math.max(...pulls.map(({ seconds = 0 }) => seconds));
};
