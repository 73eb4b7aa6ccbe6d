import { isSkipped, obtainCluster, type TestCluster } from './support/cluster';
import { Engine, type Stack } from './support/engine';
import { HarborApi } from './support/harbor-api';
import { makeImage } from './support/images';
import { Nodes } from './support/nodes';
import { Project } from './support/project';
import { push, type RegistryLogin } from './support/push';
import { stackLogin } from './support/stack-login';
import { ensureTools } from './support/tools';

const DOMAIN = 'registry.example.test';
const EAST = 'east';
const WEST = 'west';
const REGIONS = [EAST, WEST] as const;
type Region = (typeof REGIONS)[number];

/** Only the lab gives two clusters that reach each other. */
const TITLE = 'two regions in two clusters';
(isSkipped(TITLE) ? describe.skip : describe)(TITLE, () => {
  let clusters: Readonly<Record<Region, TestCluster>>;
  let engine: Engine;
  let project: Project;
  let together: readonly string[] = [];
  let count = 0;

  beforeAll(async () => {
    await ensureTools();
    const start = (region: Region) => obtainCluster({ name: `${region}${process.pid}`, nodes: 1 });
    const [east, west] = await Promise.all(REGIONS.map(start));
    if (!east || !west) throw new Error('two clusters are needed');
    clusters = { east, west };
    engine = await Engine.obtain();
    project = await Project.of('test/e2e/projects/two-regions');
  });

  afterAll(async () => {
    await Promise.all(Object.values(clusters ?? {}).map((cluster) => cluster.down()));
    engine?.remove();
    project?.remove();
  });

  /** A stack that owns some regions. */
  const stackOf = async (name: string, settings: Readonly<Record<string, string>>): Promise<Stack> => {
    const stack = await engine.stack(project.folder, name);
    const { harbor, kraken } = clusters.east.images;
    await stack.setConfig('domain', DOMAIN);
    await stack.setConfig('harborImages', harbor);
    await stack.setConfig('krakenImage', kraken);
    for (const region of REGIONS)
      await stack.setConfig(`kubeconfigs.${region}`, clusters[region].kubectl.kubeconfig, { path: true });
    for (const [key, value] of Object.entries(settings)) await stack.setConfig(key, value, { path: true });
    return stack;
  };

  /** Logical names of what a stack would make, without the stack itself, its providers and what it reads of other stacks. */
  const namesIn = async (stack: Stack): Promise<readonly string[]> => {
    const { changes, steps } = await stack.preview();
    expect(Object.keys(changes)).toEqual(['create']);
    return steps
      .filter(({ op, type }) => op === 'create' && !/^pulumi:(pulumi:Stack$|providers:)/.test(type))
      .map(({ type, name }) => `${type} ${name}`)
      .sort();
  };

  /** Makes every region's own name known in both clusters, and gives the logins. */
  const logins = async (stacks: Readonly<Record<Region, Stack>>): Promise<Readonly<Record<Region, RegistryLogin>>> => {
    const east = await stackLogin(stacks.east, EAST, clusters.east);
    const west = await stackLogin(stacks.west, WEST, clusters.west);
    await clusters.east.lab?.alias(`${WEST}.${DOMAIN}`, west.address);
    await clusters.west.lab?.alias(`${EAST}.${DOMAIN}`, east.address);
    for (const login of [east, west]) await new HarborApi(login).waitHealthy();
    return { east, west };
  };

  /** Pushes a new image in a region and pulls it in every region, by its one name. */
  const roundTrip = async (login: RegistryLogin) => {
    const image = makeImage({ kind: 'oci' });
    const repository = `library/app-${++count}`;
    await push(image, login, repository, '1');
    image.remove();
    const pulls = await Promise.all(
      REGIONS.map((region) => new Nodes(clusters[region].kubectl).pullOnEveryNode(`${DOMAIN}/${repository}:1`)),
    );
    return pulls.flat();
  };

  /** What a token of each region opens in each: a private project, as anonymous users may pull a public one. */
  const tokensTravel = async (login: Readonly<Record<Region, RegistryLogin>>) => {
    const repository = `private/app-${++count}`;
    const image = makeImage({ kind: 'oci' });
    for (const region of REGIONS) {
      await new HarborApi(login[region]).createProject('private', { public: false });
      await push(image, login[region], repository, '1');
    }
    image.remove();
    const tokens = await Promise.all(REGIONS.map((region) => new HarborApi(login[region]).pullToken(repository)));
    const asked = tokens.map((token) =>
      REGIONS.map((region) => new HarborApi(login[region]).manifestStatus(`${repository}:1`, token)),
    );
    const garbled = await new HarborApi(login.east).manifestStatus(`${repository}:1`, `${tokens[0]}x`);
    return { garbled, statuses: await Promise.all(asked.map((statuses) => Promise.all(statuses))) };
  };
  const EVERYWHERE = { garbled: 401, statuses: REGIONS.map(() => REGIONS.map(() => 200)) };

  const removeData = (region: Region) =>
    clusters[region].kubectl.run(['delete', 'namespace', 'harbor', 'kraken', 'kraken-nodes', '--wait'], {
      timeoutMs: 180_000,
    });

  it('come up in one stack; what is pushed in one region is pulled in both, and a token of one is good in both', async () => {
    const both = await stackOf('both', {});
    together = await namesIn(both);
    const { changes } = await both.up();
    expect(changes).toEqual({ create: changes.create });
    expect(await both.up()).toEqual({ changes: { same: changes.create }, steps: [] });
    const { east, west } = await logins({ east: both, west: both });
    expect(west.ca).toBe(east.ca);
    expect(await tokensTravel({ east, west })).toEqual(EVERYWHERE);
    for (const login of [east, west]) {
      const pulls = await roundTrip(login);
      expect(pulls.map((pull) => pull.error)).toEqual([undefined, undefined]);
    }
    await both.destroy();
    await Promise.all(REGIONS.map(removeData));
  });

  it('come up the same in two stacks that share a CA and the key of tokens', async () => {
    const east = await stackOf(EAST, { 'only[0]': EAST });
    const west = await stackOf(WEST, { 'only[0]': WEST, first: EAST });
    const namesInEast = await namesIn(east);
    await east.up();
    const namesInWest = await namesIn(west);
    expect(namesInEast.some((name) => namesInWest.includes(name) && !name.startsWith('harbor-fleet:'))).toBe(false);
    expect([...new Set([...namesInEast, ...namesInWest])].sort()).toEqual(together);
    await west.up();
    const login = await logins({ east, west });
    expect(login.west.ca).toBe(login.east.ca);
    expect(await tokensTravel(login)).toEqual(EVERYWHERE);
    for (const one of [login.east, login.west]) {
      const pulls = await roundTrip(one);
      expect(pulls.map((pull) => pull.error)).toEqual([undefined, undefined]);
    }
    expect((await east.up()).steps).toEqual([]);
    await Promise.all([east.destroy(), west.destroy()]);
  });
});
