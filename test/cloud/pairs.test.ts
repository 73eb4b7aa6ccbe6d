import { aws } from '../../lib/cloud/aws';
import { Links, Network } from '../../lib/index';
import type { CryptoProfile } from '../../lib/plan/network/crypto';
import { configurations, mirrorMistakes, type TunnelConfiguration } from '../../lib/plan/network/mirror';
import { endsFrom } from '../../lib/plan/network/tunnels';
import { regionOf, type TopologyPlan } from '../../lib/plan/plan';
import { asked, RecordedCloud } from '../pulumi/support/clouds';
import { type Recording, Secret } from '../pulumi/support/mocks';
import { awsEnds, networkAnswers } from './aws/ends';
import { deploy } from './linked';

const cidrs = (i: number): string[] => [`10.${i}.0.0/16`];
const resolvers = (i: number): string[] => [`10.${i}.0.53`];

// A whole mesh of regions is made.
jest.setTimeout(120_000);

/** A region of each kind, by name. */
const NETWORKS: Readonly<Record<string, Network>> = {
  virginia: Network.aws({ region: 'us-east-1', cidrs: cidrs(0) }),
  amsterdam: Network.azure({ region: 'westeurope', cidrs: cidrs(1) }),
  eemshaven: Network.gcp({ region: 'europe-west4', cidrs: cidrs(2) }),
  singapore: Network.alicloud({ region: 'ap-southeast-1', cidrs: cidrs(3) }),
  bangkok: Network.huawei({ region: 'ap-southeast-2', cidrs: cidrs(4) }),
  factory: Network.onPremises({ cidrs: cidrs(5), publicIps: ['192.0.5.0', '192.0.5.1'], resolvers: resolvers(5) }),
  depot: Network.onPremises({ cidrs: cidrs(6), publicIps: ['192.0.6.0'], resolvers: resolvers(6) }),
};

/** A region's number, which the recorded clouds' addresses follow from. */
const placeOf = (name: string): number => Object.keys(NETWORKS).indexOf(name);

/** What clouds that are not made here were told, by tunnel and region: the peer's address, and the key. */
type Told = ReadonlyMap<string, readonly [peerOutside: string, key: string]>;

interface Mesh {
  readonly recording: Recording;
  readonly plan: TopologyPlan;
  readonly told: Told;
}

/** All regions, each joined to each other. */
async function mesh(names: readonly string[], crypto: CryptoProfile): Promise<Mesh> {
  const log: ConstructorParameters<typeof RecordedCloud>[0] = [];
  const virginia = aws({ vpcId: 'vpc-a', subnetIds: ['subnet-a', 'subnet-b'], routeTableIds: ['rtb-a'] });
  const [recording, { plan }] = await deploy(
    () =>
      Object.fromEntries(
        names.map((name) => {
          const network = { ...(NETWORKS[name] as Network), index: placeOf(name) };
          return [name, { network, cloud: name === 'virginia' ? virginia : new RecordedCloud(log, network) }];
        }),
      ),
    { links: Links.mesh({ crypto }) },
    { outputs: networkAnswers },
  );
  const connected = ((await asked(log)) as [string, string, [string, string, Secret][]][]).filter(
    ([, method]) => method === 'connect',
  );
  const told = connected.flatMap(([region, , tunnels]) =>
    tunnels.map(
      ([tunnel, to, key]) => [`${tunnel} ${region}`, [to.replace(/^.* at /, ''), String(key.value)]] as const,
    ),
  );
  return { recording, plan, told: new Map(told) };
}

/** Ends of tunnels between two regions: of AWS as it was asked for them, of others as they were told, else from the plan. */
function ends({ recording, plan, told }: Mesh, pair: readonly [string, string]) {
  const ofAws = awsEnds(recording, plan, 'virginia', 64_600);
  const links = plan.links.filter(({ between }) => between.join() === pair.join());
  return links.flatMap((link) =>
    configurations(link, (name) => regionOf(plan, name).network ?? { type: 'external' }).map((both, i) =>
      both.map((end): TunnelConfiguration => {
        if (end.region === 'virginia') return ofAws.find(({ tunnel }) => tunnel === end.tunnel) ?? end;
        const tunnel = link.tunnels[i];
        if (tunnel === undefined) throw new Error(`no tunnel ${end.tunnel}`);
        const [remoteOutside = 'untold', key = 'untold'] = told.get(`${end.tunnel} ${end.region}`) ?? [];
        const localOutside = `192.0.${placeOf(end.region)}.${endsFrom(tunnel, end.region).own.outside}`;
        return { ...end, localOutside, remoteOutside, key };
      }),
    ),
  );
}

/** Where a key stands in plain in what the engine was asked for. */
function plainKeys(value: unknown, path: string): readonly string[] {
  if (value instanceof Secret) return [];
  if (typeof value === 'string') return value.includes('password of registry/shared/tunnels') ? [path] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => plainKeys(item, `${path}.${key}`));
}

/** Dependencies that reached the engine after what depends on them. */
function outOfOrder({ requests }: Recording): readonly string[] {
  const earlier = new Set<string>();
  return requests.flatMap(({ urn, dependencies }) => {
    const late = dependencies.filter((one) => !earlier.has(one)).map((one) => `${urn} before ${one}`);
    earlier.add(urn);
    return late;
  });
}

const pairsOf = (names: readonly string[]): [string, string][] =>
  names.flatMap((a, i) => names.slice(i + 1).map((b): [string, string] => [a, b]));

describe.each([
  ['common', Object.keys(NETWORKS)],
  // Alibaba Cloud has no AES-GCM.
  ['strong', ['virginia', 'amsterdam', 'factory']],
] as const)('a mesh of clouds with the %s profile', (crypto, names) => {
  let made: Promise<Mesh> | undefined;
  const all = (): Promise<Mesh> => {
    made ??= mesh(names, crypto);
    return made;
  };

  it.each(pairsOf(names))('%s and %s mirror each other in every tunnel', async (a, b) => {
    const found = ends(await all(), [a, b]);
    const { tunnels = [] } = (await all()).plan.links.find(({ between }) => between.join() === `${a},${b}`) ?? {};
    expect(found.map(([end]) => end?.tunnel)).toEqual(tunnels.map(({ name }) => name));
    expect(found.length).toBeGreaterThan(0);
    expect(found.flatMap(([x, y]) => (x && y ? mirrorMistakes(x, y) : ['an end is missing']))).toEqual([]);
    const keys = found.map(([end]) => end?.key);
    expect(keys).toEqual(tunnels.map(({ name }) => `Kpassword of registry/shared/tunnels/${name}`));
  });

  it('makes everything in one pass: nothing waits for what comes after it', async () => {
    expect(outOfOrder((await all()).recording)).toEqual([]);
  });

  it('keeps every key secret in the state', async () => {
    const { requests } = (await all()).recording;
    expect(requests.flatMap((one) => plainKeys(one.inputs, one.name))).toEqual([]);
    expect(JSON.stringify(requests)).toContain('Kpassword of registry/shared/tunnels/virginia--factory-1');
  });
});
