import type { Node } from 'kubernetes-types/core/v1';
import { isSkipped } from './support/cluster';
import { Dials } from './support/dials';
import { MIB } from './support/images';
import { NodeDisks } from './support/node-disks';
import { goSeconds } from './support/nodes';
import { eventually } from './support/process';
import { reconcileNow, untilChanged, untilSettled, whileSuspended } from './support/settings-run';
import { ensureTools } from './support/tools';
import { Traffic } from './support/traffic';
import { DOMAIN, type Pushed, REGIONS, secondsSince, slowest, TwoRegions } from './support/two-regions';
import { untilWarm } from './support/warm';

const REGISTRY = { namespace: 'harbor', selector: 'app=harbor,component=registry' };
const NOTHING_TO_DO = 'harbor-fleet settings result=ok made=0 changed=0 removed=0 failed=0\n';
/** What nodes of the example pull a confidential project with. */
const PULL_SECRET = 'harbor-pull-nodes';
/** An image is in the other region's Harbor when its copy is, but in its Kraken only after two clusters on one machine got to it. */
const WARM_MS = 180_000;

/** Only the lab gives two clusters that reach each other, by a link that can be cut. */
const TITLE = 'examples/two-regions by pulumi';
(isSkipped(TITLE) ? describe.skip : describe)(TITLE, () => {
  let regions: TwoRegions;
  let copied: readonly Pushed[] = [];

  beforeAll(async () => {
    await ensureTools();
    regions = await TwoRegions.prepare({ reconcileSchedule: '* * * * *', compareSchedule: '0-59/1 * * * *' });
  });
  afterAll(() => regions?.remove());

  const kubectlIn = (region: (typeof REGIONS)[number]) => regions.in(region).cluster.kubectl;

  it('comes up by one pulumi up, and its settings follow by themselves when the names are known', async () => {
    const start = Date.now();
    const { changes } = await regions.stack.up();
    const up = secondsSince(start);
    expect(Object.keys(changes)).toEqual(['create']);
    await regions.makeNamesKnown();
    const known = Date.now();
    await Promise.all(REGIONS.map((region) => untilSettled(kubectlIn(region))));
    console.log(
      `pulumi up took ${up} s; ${secondsSince(known)} s after the names were known both regions were settled`,
    );
    expect(await regions.stack.up()).toEqual({ changes: { same: changes.create }, steps: [] });
  });

  it('reconciles again without a writing call; drift is healed, and what is not planned stays', async () => {
    for (const region of REGIONS)
      expect(await reconcileNow(kubectlIn(region))).toEqual({ log: NOTHING_TO_DO, writes: {} });
    const { api } = regions.in('east');
    await api.createProject('handmade', { public: false });
    await api.createRobot('handmade', 'Handmade1', ['handmade']);
    const members = () =>
      api.get<readonly { id: number; entity_name: string }[]>('/api/v2.0/projects/payments/members');
    const anna = async () => (await members()).find((member) => member.entity_name === 'anna');
    const policies = () =>
      api.get<readonly { id: number; name: string; enabled?: boolean }[]>('/api/v2.0/replication/policies');
    const policy = async () => (await policies()).find(({ name }) => name === 'library-to-west');
    const [member, planned] = [await anna(), await policy()];
    const start = Date.now();
    const healed = async () => ((await anna()) && (await policy())?.enabled ? true : undefined);
    await whileSuspended(kubectlIn('east'), async () => {
      await api.call('DELETE', `/api/v2.0/projects/payments/members/${member?.id}`);
      await api.call('PUT', `/api/v2.0/replication/policies/${planned?.id}`, { ...planned, enabled: false });
      expect(await healed()).toBeUndefined();
    });
    await eventually(healed, { what: 'drift to be healed', timeoutMs: 150_000 });
    console.log(`drift was healed after ${secondsSince(start)} s, by a schedule of one minute`);
    const robots = await api.get<readonly { name: string }[]>('/api/v2.0/robots');
    expect(robots.map(({ name }) => name)).toContain('robot$handmade');
    expect((await api.call('HEAD', '/api/v2.0/projects?project_name=handmade')).status).toBe(200);
  });

  it('copies what is pushed at home within seconds, and nodes of the other region pull it without the link', async () => {
    copied = [
      await regions.push('east', 'library/image:1', { kind: 'oci', layers: [8 * MIB] }),
      await regions.push('east', 'library/platforms:1', { kind: 'index', layers: [8 * MIB] }),
      await regions.push('east', 'library/team/nested/image:1', { kind: 'docker', layers: [8 * MIB] }),
    ];
    const seconds = await Promise.all(copied.map((image) => regions.arrival('west', image)));
    // Nobody pulled yet.
    for (const image of copied) await untilWarm(kubectlIn('west'), image, WARM_MS);
    const bytes = await regions.link.bytes();
    const { result: pulls, blobBytes } = await new Traffic(kubectlIn('west')).duringRegistry(REGISTRY, async () => {
      const all = [];
      for (const image of copied) all.push(...(await regions.pull('west', image)));
      return all;
    });
    const crossed = (await regions.link.bytes()) - bytes;
    console.log(
      `image, index and nested repository were in the west ${seconds.join(', ')} s after their push; ` +
        `its nodes pulled them in at most ${slowest(pulls)} s, while ${crossed} bytes crossed the link`,
    );
    const pulled = copied.reduce((sum, { pullBytes }) => sum + pullBytes, 0) * 2;
    // Kraken had all of it; and Harbors ask each other now and then whether they are well.
    expect(blobBytes).toBeLessThan(pulled / 100);
    expect(crossed).toBeLessThan(pulled / 100);
  });

  it('lets no pull fail while the password that nodes pull with changes', async () => {
    const image = await regions.push('east', 'payments/secret:1');
    await regions.arrival('west', image);
    const refused = await regions.pull('west', image);
    expect(refused.map(({ error }) => error)).not.toContain(undefined);
    const start = new Date();
    let isDone = false;
    const pulling = REGIONS.map(async (region) => {
      const seconds = [];
      while (!isDone) seconds.push(slowest(await regions.pull(region, image, [PULL_SECRET])));
      return seconds;
    });
    const step = async (key: string, value: string) => {
      await untilChanged(REGIONS.map(kubectlIn), async () => {
        await regions.stack.setConfig(key, value);
        await regions.stack.up();
      });
      const robots = await regions.in('west').api.get<readonly { name: string }[]>('/api/v2.0/robots');
      return robots.map(({ name }) => name).filter((name) => name.startsWith('robot$nodes'));
    };
    const rotation = async () => {
      expect((await step('pullGeneration', '2')).sort()).toEqual(['robot$nodes', 'robot$nodes-2']);
      expect(await step('pullPrevious', 'false')).toEqual(['robot$nodes-2']);
    };
    await rotation().finally(() => {
      isDone = true;
    });
    const seconds = (await Promise.all(pulling)).flat();
    console.log(`${seconds.length} rounds of pulls during the rotation, the slowest took ${Math.max(...seconds)} s`);
    // Nobody asks by the new robot before Harbor knows it: Harbor makes such a one wait.
    for (const region of REGIONS) {
      const log = await kubectlIn(region).logs('harbor', 'deployment/harbor-core', { since: start });
      expect(log).not.toBe('');
      expect(log).not.toContain('locking robot$nodes-2');
      slowest(await regions.pull(region, image, [PULL_SECRET]));
    }
  });

  it('copies by itself what was pushed while the link was cut; its lag rises and falls', async () => {
    const lag = () => new Traffic(kubectlIn('east')).replicationLag('library-to-west');
    await eventually(async () => ((await lag()) === 0 ? true : undefined), { what: 'no lag' });
    const start = Date.now();
    await regions.link.cut();
    const images: Pushed[] = [];
    for (let i = 0; i < 12; i++) images.push(await regions.push('east', `library/cut-${i % 4}:v${i}`));
    const [first] = images;
    if (first === undefined) throw new Error('nothing was pushed');
    expect(await regions.digestOf('west', first)).toBeUndefined();
    const [pulled] = copied;
    if (pulled) slowest(await regions.pull('west', pulled));
    await eventually(async () => ((await lag()) > 0 ? true : undefined), { what: 'the lag to be seen' });
    const cut = secondsSince(start);
    await regions.link.heal();
    const seconds = await Promise.all(images.map((image) => regions.arrival('west', image, 240_000)));
    console.log(
      `${images.length} images, pushed while the link was cut for ${cut} s, were there ${Math.min(...seconds)} ` +
        `to ${Math.max(...seconds)} s after it was healed, by a schedule of one minute`,
    );
    await eventually(async () => ((await lag()) === 0 ? true : undefined), {
      what: 'the lag to be gone',
      timeoutMs: 240_000,
    });
  });

  it('ends in one state when both regions push, and stops copying', async () => {
    const [ofEast, ofWest] = await Promise.all([
      regions.push('east', 'tools/of-east:1'),
      regions.push('west', 'tools/of-west:1'),
    ]);
    await Promise.all([regions.arrival('west', ofEast), regions.arrival('east', ofWest)]);
    const start = Date.now();
    const same = await Promise.all(REGIONS.map((region) => regions.push(region, 'tools/same:1')));
    const [east] = same;
    if (east === undefined) throw new Error('nothing was pushed');
    const state = () => Promise.all(REGIONS.map((region) => regions.digestOf(region, east)));
    await eventually(async () => new Set(await state()).size === 1 || undefined, { what: 'one state of both' });
    const seconds = secondsSince(start);
    await Promise.all(REGIONS.map((region) => regions.untilQuiet(region, 'tools')));
    expect(new Set(await state()).size).toBe(1);
    expect(same.map(({ digest }) => digest)).toContain((await state())[0]);
    console.log(`one tag pushed in both regions was the same after ${seconds} s, and nothing was copied any more`);
  });

  it('goes on pulling in the other region when the home is gone, and in the home when it is back', async () => {
    const [held, fresh, later] = await Promise.all(
      ['held', 'fresh', 'later'].map((name) => regions.push('east', `library/${name}:1`)),
    );
    if (!held || !fresh || !later) throw new Error('not all was pushed');
    for (const image of [held, fresh, later]) await regions.arrival('west', image);
    await untilWarm(kubectlIn('west'), held, WARM_MS);
    const [first = ''] = await regions.in('west').nodes.names();
    slowest(await regions.pull('west', held, [], [first]));

    const { lab } = regions.in('east').cluster;
    const lost = await regions.in('east').nodes.names();
    for (const node of lost) await lab?.command(['stop-node', node]);
    const replicated = await waitsForHome(async () => void slowest(await regions.pull('west', fresh)));
    expect(replicated).toBeLessThan(30);
    const refused = await waitsForHome(async () => {
      const missing = await regions.pull('west', { project: 'library', repository: 'missing', tag: '1' });
      expect(missing.map(({ error }) => error)).not.toContain(undefined);
    });
    expect(refused).toBeGreaterThan(0);
    expect(refused).toBeLessThan(60);
    const scale = (replicas: number) =>
      kubectlIn('west').run(['scale', 'deployment/harbor-core', '-n', 'harbor', `--replicas=${replicas}`]);
    await scale(0);
    const fromPeers = await waitsForHome(async () => void slowest(await regions.pull('west', held)));
    await scale(1);
    expect(fromPeers).toBeLessThan(30);
    await kubectlIn('west').run(['rollout', 'status', 'deployment/harbor-core', '-n', 'harbor', '--timeout=120s'], {
      timeoutMs: 130_000,
    });

    const back = Date.now();
    for (const node of lost) await lab?.command(['start-node', node]);
    await eventually(
      async () => {
        const nodes = await kubectlIn('east').list<Node>('nodes');
        const isReady = ({ status }: Node) =>
          status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
        return nodes.every(isReady) ? true : undefined;
      },
      { what: 'the lost nodes to be ready' },
    );
    // Until its Harbor is up, its nodes ask the other region's.
    await eventually(
      async () => ((await regions.pull('east', later)).every(({ error }) => error === undefined) ? true : undefined),
      { what: 'the home to pull again', timeoutMs: 300_000 },
    );
    const pulled = secondsSince(back);
    await regions.in('east').api.waitHealthy();
    console.log(
      `with the home gone a node waited ${replicated} s for it in a pull of its images, ${refused} s for what is nowhere, and ` +
        `${fromPeers} s where no Harbor was left; ${pulled} s after its nodes started the home pulled again, and its Harbor was well after ${secondsSince(back)} s`,
    );
  });

  /**
   * The longest that a node of the west waits at most for the home, in seconds: how often it dials it, by how long it lets a dial take. Counted, not
   * timed: how long a pull takes besides depends on the machine.
   */
  const waitsForHome = async (act: () => Promise<void>): Promise<number> => {
    const { lab } = regions.in('west').cluster;
    if (lab === undefined) throw new Error('no cluster of the lab');
    const names = await regions.in('west').nodes.names();
    const home = { address: regions.in('east').login.address, port: 443 };
    const dials = await Promise.all(names.map((name) => Dials.of(lab, name, home)));
    await act();
    const waits = await Promise.all(
      names.map(async (name, i) => {
        const hosts = await new NodeDisks(lab).readFile(name, `/etc/containerd/certs.d/${DOMAIN}/hosts.toml`);
        const [, patience] = new RegExp(`//east\\.${DOMAIN}"\\][^]*?dial_timeout = "([^"]+)"`).exec(hosts) ?? [];
        if (patience === undefined) throw new Error(`the home has no dial_timeout:\n${hosts}`);
        return ((await dials[i]?.count()) ?? Number.NaN) * goSeconds(patience);
      }),
    );
    for (const one of dials) await one.end();
    return Math.max(...waits);
  };
});
