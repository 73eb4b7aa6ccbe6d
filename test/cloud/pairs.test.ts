import { isSecret } from '@pulumi/pulumi';
import { alicloud } from '../../lib/cloud/alicloud';
import { aws } from '../../lib/cloud/aws';
import { azure } from '../../lib/cloud/azure';
import { gcp } from '../../lib/cloud/gcp';
import { huawei } from '../../lib/cloud/huawei/pulumi';
import { onPremises } from '../../lib/cloud/on-premises/pulumi';
import { Links, Network } from '../../lib/index';
import type { CryptoProfile } from '../../lib/plan/network/crypto';
import { mirrorMistakes, type TunnelConfiguration } from '../../lib/plan/network/mirror';
import type { TopologyPlan } from '../../lib/plan/plan';
import type { RegionArgs } from '../../lib/pulumi/index';
import { known, type Recording, Secret } from '../pulumi/support/mocks';
import { alicloudEnds } from './alicloud/ends';
import * as ofAlicloud from './alicloud/fixtures';
import { calls, hex, outputs } from './all-clouds';
import { awsEnds } from './aws/ends';
import { azureEnds } from './azure/ends';
import * as ofAzure from './azure/fixtures';
import { gcpEnds } from './gcp/ends';
import * as ofGcp from './gcp/fixtures';
import { huaweiEnds } from './huawei/ends';
import { deploy } from './linked';
import { dataCentreEnds } from './on-premises/ends';

// A whole mesh of regions is made.
jest.setTimeout(120_000);

type Files = Readonly<Record<string, string>>;

/** A region of a kind, and its ends of tunnels as recorded: from what its provider was asked for, or from the files handed over. */
interface Kind extends Pick<RegionArgs, 'network' | 'cloud'> {
  readonly ends: (recording: Recording, plan: TopologyPlan, files: Files) => readonly TunnelConfiguration[];
}

const cidrs = (i: number): string[] => [`10.${i}.0.0/16`];
const resolvers = (i: number): string[] => [`10.${i}.0.53`, `10.${i}.1.53`];
const HUAWEI = ['192.0.2.1', '192.0.2.2'];
const DOMAIN = 'corp.example.net';

/** By name of the region. */
const KINDS: Readonly<Record<string, Kind>> = {
  virginia: {
    network: Network.aws({ region: 'us-east-1', cidrs: cidrs(0) }),
    cloud: aws({ vpcId: 'vpc-a', subnetIds: ['subnet-a', 'subnet-b'], routeTableIds: ['rtb-a'] }),
    ends: (recording, plan) => awsEnds(recording, plan, 'virginia', 64_600),
  },
  amsterdam: {
    network: Network.azure({ region: 'westeurope', cidrs: cidrs(1) }),
    cloud: azure(ofAzure.ARGS),
    ends: (recording) => azureEnds(recording, 'amsterdam', 'registry-amsterdam'),
  },
  eemshaven: {
    network: Network.gcp({ region: 'europe-west4', cidrs: cidrs(2) }),
    cloud: gcp(ofGcp.ARGS),
    ends: (recording) => gcpEnds(recording, 'eemshaven', 'registry-eemshaven'),
  },
  singapore: {
    network: Network.alicloud({ region: 'ap-southeast-1', cidrs: cidrs(3), resolvers: resolvers(3) }),
    cloud: alicloud(ofAlicloud.ARGS),
    ends: (recording, plan) =>
      alicloudEnds(
        recording,
        plan,
        'singapore',
        'registry-singapore',
        [0, 1].map((i) => `outside address ${i} of registry-singapore`),
      ),
  },
  bangkok: {
    network: Network.huawei({ region: 'ap-southeast-2', cidrs: cidrs(4), resolvers: resolvers(4) }),
    cloud: huawei({
      vpcId: 'vpc-uuid',
      connectSubnetId: 'subnet-uuid',
      availabilityZones: ['a', 'b'],
      securityGroupId: 'group-uuid',
      resolverSubnetIds: ['subnet-1', 'subnet-2'],
      outsideAddresses: HUAWEI,
    }),
    ends: (_recording, _plan, files) => huaweiEnds(files, 'bangkok', HUAWEI),
  },
  factory: {
    network: Network.onPremises({
      cidrs: cidrs(5),
      publicIps: ['192.0.5.0', '192.0.5.1'],
      resolvers: resolvers(5),
      privateDomains: [DOMAIN],
    }),
    cloud: onPremises(),
    ends: (_recording, _plan, files) => dataCentreEnds(files, 'factory'),
  },
  depot: {
    network: Network.onPremises({ cidrs: cidrs(6), publicIps: ['192.0.6.0'], resolvers: resolvers(6) }),
    cloud: onPremises(),
    ends: (_recording, _plan, files) => dataCentreEnds(files, 'depot'),
  },
};

const KEY = 'registry/shared/tunnels/';

interface Mesh {
  readonly recording: Recording;
  readonly plan: TopologyPlan;
  readonly ends: readonly TunnelConfiguration[];
  /** What is handed over, by region. */
  readonly files: ReadonlyMap<string, Files>;
  /** Names of the regions whose files are not secret. */
  readonly open: readonly string[];
}

/** All regions, each joined to each other in one stack. */
async function mesh(names: readonly string[], crypto: CryptoProfile): Promise<Mesh> {
  const kinds = Object.entries(KINDS).filter(([name]) => names.includes(name));
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const [recording, { plan, files }] = await deploy(
    () => Object.fromEntries(kinds.map(([name, { network, cloud }]) => [name, { network, cloud }])),
    { links: Links.mesh({ crypto }) },
    { outputs, calls },
  );
  warned.mockRestore();
  const handed = await Promise.all(
    Object.entries(files).map(
      async ([name, text]) => [name, { text: await known(text), hidden: await isSecret(text) }] as const,
    ),
  );
  const textOf = new Map(handed.map(([name, { text }]) => [name, text]));
  return {
    recording,
    plan,
    ends: kinds.flatMap(([name, kind]) => kind.ends(recording, plan, textOf.get(name) ?? {})),
    files: textOf,
    open: handed.filter(([, { hidden }]) => !hidden).map(([name]) => name),
  };
}

/** Where a key stands in plain in what the engine was asked for. */
function plainKeys(value: unknown, path: string): readonly string[] {
  if (value instanceof Secret) return [];
  if (typeof value === 'string') return value.includes(hex(KEY)) ? [path] : [];
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => plainKeys(item, `${path}.${key}`));
}

const pairsOf = (names: readonly string[]): [string, string][] =>
  names.flatMap((a, i) => names.slice(i + 1).map((b): [string, string] => [a, b]));

describe.each([
  ['common', Object.keys(KINDS)],
  // Alibaba Cloud has no AES-GCM.
  ['strong', Object.keys(KINDS).filter((name) => name !== 'singapore')],
] as const)('a mesh of clouds with the %s profile', (crypto, names) => {
  let made: Promise<Mesh> | undefined;
  const all = (): Promise<Mesh> => {
    made ??= mesh(names, crypto);
    return made;
  };

  it.each(pairsOf(names))('%s and %s mirror each other in every tunnel', async (a, b) => {
    const { plan, ends } = await all();
    const { tunnels = [] } = plan.links.find(({ between }) => between.join() === `${a},${b}`) ?? {};
    expect(tunnels.length).toBeGreaterThan(0);
    for (const { name } of tunnels) {
      const [x, y, ...more] = ends.filter(({ tunnel }) => tunnel === name);
      if (x === undefined || y === undefined) throw new Error(`${name} has not both ends`);
      expect([mirrorMistakes(x, y), more]).toEqual([[], []]);
      expect([x.region, y.region].sort()).toEqual([a, b].sort());
      expect(x.key).toBe(`K${hex(KEY + name)}`);
    }
  });

  it('makes both ends of every tunnel in one pass: clouds that waited for each other would make none', async () => {
    const { plan, ends } = await all();
    const planned = plan.links.flatMap(({ tunnels }) => tunnels.flatMap(({ name }) => [name, name]));
    expect(ends.map(({ tunnel }) => tunnel).sort()).toEqual(planned.sort());
  });

  it.each(names.filter((name) => name !== 'factory'))('%s asks the factory for its private domain', async (name) => {
    const { recording, files } = await all();
    const asked = recording.requests.filter((one) => one.name.includes(name));
    const text = JSON.stringify([asked.map(({ inputs }) => inputs), files.get(name)]);
    expect(text).toContain(DOMAIN);
    expect(text.split(DOMAIN).length).toBe(text.split(`factory.registry.example.com`).length);
  });

  it('calls resources by names that never change', async () => {
    const { recording } = await all();
    expect(recording.names().filter((name) => !/^(kubernetes|random|tls|pulumi):/.test(name))).toMatchSnapshot();
  });

  it('keeps every key secret in the state and in the files', async () => {
    const { recording, open } = await all();
    expect(recording.requests.flatMap((one) => plainKeys(one.inputs, one.name))).toEqual([]);
    expect(JSON.stringify(recording.requests)).toContain(hex(`${KEY}virginia--factory-1`));
    expect(open).toEqual([]);
  });
});
