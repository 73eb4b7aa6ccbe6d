import { ComponentResource, output } from '@pulumi/pulumi';
import type { CloudNetwork } from '../../../lib/cloud/cloud';
import { type GcpArgs, gcp } from '../../../lib/cloud/gcp';
import { Links, Network } from '../../../lib/index';
import { Issues } from '../../../lib/plan/issues';
import type { TopologyPlan } from '../../../lib/plan/plan';
import type { RegionArgs, TopologyArgs } from '../../../lib/pulumi/index';
import { failureOf, known, type Recording, type RecordOptions, record, UNKNOWN } from '../../pulumi/support/mocks';
import { outputs } from '../all-clouds';
import { siteOf } from '../gathered';
import { deploy } from '../linked';
import { networkOf, planOf } from '../network-fixtures';
import { ARGS, answers, calls } from './fixtures';

const ZONE = 'gcp:dns/managedZone:ManagedZone';
const OTHER = 'projects/example/global/networks/other';
const HUB = 'projects/example/global/networks/hub';

const google = (i: number, more: object = {}): Network => ({ ...networkOf('gcp', i), ...more }) as Network;
const place = (args: Partial<GcpArgs> = {}) => gcp({ ...ARGS, ...args });
const everywhere: RecordOptions['calls'] = ({ token }) =>
  token === 'gcp:compute/getAddresses:getAddresses'
    ? { addresses: [0, 1, 2, 3].map((i) => ({ address: `10.${i}.4.2` })) }
    : undefined;

/** A stack of linked regions, what it was asked for and warned of. */
async function stack(
  regions: Readonly<Record<string, Partial<RegionArgs>>>,
  more: Partial<TopologyArgs> = {},
): Promise<{ recording: Recording; warnings: string; networks: Readonly<Record<string, unknown>> }> {
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const [recording, { networks }] = await deploy(() => regions, more, { outputs, calls: everywhere });
  const warnings = warned.mock.calls.map(([text]) => String(text)).join('\n');
  warned.mockRestore();
  return { recording, warnings, networks };
}

/** Zones that ask others: of which VPC, for what, and whom. */
const asking = (recording: Recording) =>
  recording.requests
    .filter(({ type, name }) => type === ZONE && name.includes('-forward-'))
    .map(({ inputs }) => {
      const { dnsName, privateVisibilityConfig, forwardingConfig, peeringConfig } = inputs as {
        dnsName: string;
        privateVisibilityConfig: { networks: { networkUrl: string }[] };
        forwardingConfig?: { targetNameServers: { ipv4Address: string }[] };
        peeringConfig?: { targetNetwork: { networkUrl: string } };
      };
      return [
        privateVisibilityConfig.networks.map(({ networkUrl }) => networkUrl.replace(/.*[/]/, '')).join(),
        dnsName.replace('.registry.example.com.', ''),
        forwardingConfig?.targetNameServers.map(({ ipv4Address }) => ipv4Address).join(),
        peeringConfig?.targetNetwork.networkUrl.replace(/.*[/]/, ''),
      ]
        .filter((part) => part !== undefined)
        .join(' ');
    })
    .sort();

const factory = {
  network: Network.onPremises({
    cidrs: ['10.9.0.0/16'],
    publicIps: ['198.51.100.7'],
    resolvers: ['10.9.0.53'],
  }),
};

describe('names of regions in two VPCs', () => {
  it('are looked up by Cloud DNS in the other, not asked for at addresses that no peering leads to', async () => {
    const { recording } = await stack({
      holland: { network: google(0), cloud: place() },
      iowa: { network: google(1, { privateDomains: ['db.example.net'] }), cloud: place({ network: OTHER }) },
    });
    expect(asking(recording)).toEqual([
      'other holland registry',
      'registry db.example.net. other',
      'registry iowa other',
    ]);
    const { inputs } = recording.find('registry-holland-forward-iowa.registry.example.com');
    expect(inputs).toMatchObject({ visibility: 'private', description: 'asks iowa for its names' });
  });

  it('go through the one that asks networks outside, and those ask each region itself', async () => {
    const { recording } = await stack({
      holland: { network: google(0), cloud: place() },
      iowa: { network: google(1, { dnsPeering: 'holland' }), cloud: place({ network: OTHER }) },
      factory,
    });
    expect(asking(recording)).toEqual([
      'other factory registry',
      'other holland registry',
      'registry factory 10.9.0.53',
      'registry iowa other',
    ]);
    const announced = recording.requests
      .filter(({ type }) => type === 'gcp:compute/routerPeer:RouterPeer')
      .map(({ name, inputs }) => [name.includes('registry-iowa'), JSON.stringify(inputs.advertisedIpRanges)] as const);
    expect(announced.length).toBeGreaterThan(1);
    for (const [iowa, ranges] of announced) expect(ranges.includes('35.199.192.0/19')).toBe(!iowa);
  });

  it('of another stack need its VPC, which that stack tells', async () => {
    const regions = {
      holland: { network: google(0), cloud: place() },
      iowa: { network: google(1), cloud: place({ network: OTHER }) },
    };
    const links = Links.list([{ between: ['holland', 'iowa'], via: 'existing' }]);
    const first = await stack(regions, { links, only: ['holland'] });
    expect(asking(first.recording)).toEqual([]);
    expect(first.warnings).toContain('networks.iowa: tells no vpc, so holland does not know names of iowa yet');
    expect(first.networks).toEqual({ holland: { outsides: {}, resolvers: expect.anything(), vpc: ARGS.network } });
    const networks = { iowa: { outsides: {}, resolvers: [], vpc: output(OTHER) } };
    const second = await stack(regions, { links, only: ['holland'], networks });
    expect(asking(second.recording)).toEqual(['registry iowa other']);
    expect(second.warnings).not.toContain('tells no vpc');
  });
});

describe('names of regions in one VPC', () => {
  const vpc = 'registry';

  it('are known in stacks of their own too: nothing joins these regions', async () => {
    const regions = {
      holland: { network: google(0, { vpc }), cloud: place() },
      belgium: { network: google(1, { vpc }), cloud: place({ inboundForwarding: 'existing' }) },
    };
    const { recording } = await stack(regions, { only: ['holland'] });
    expect(recording.requests.filter(({ type }) => type.endsWith(':NetworkPeering'))).toEqual([]);
    expect(asking(recording)).toEqual([]);
  });

  it('are known there, and of a third region each zone is made once', async () => {
    const { recording } = await stack({
      holland: { network: google(0, { vpc }), cloud: place() },
      belgium: { network: google(1, { vpc }), cloud: place({ inboundForwarding: 'existing' }) },
      iowa: { network: google(2, { dnsPeering: 'holland' }), cloud: place({ network: HUB }) },
      factory,
    });
    expect(asking(recording)).toEqual([
      'hub belgium registry',
      'hub factory registry',
      'hub holland registry',
      'registry factory 10.9.0.53',
      'registry iowa hub',
    ]);
    const origins = recording.requests
      .filter(({ type }) => type === ZONE)
      .map(({ inputs }) => JSON.stringify([inputs.dnsName, inputs.privateVisibilityConfig]));
    expect(new Set(origins).size).toBe(origins.length);
  });
});

describe('peerings of VPCs with several regions each', () => {
  const PEERING = 'gcp:compute/networkPeering:NetworkPeering';
  const existing = { inboundForwarding: 'existing' } as const;
  /** Peerings by name, with their two VPCs. */
  const peerings = (recording: Recording) =>
    recording.requests
      .filter(({ type }) => type === PEERING)
      .map(({ name, inputs: { network, peerNetwork } }) =>
        [name, network, peerNetwork].map((part) => String(part).replace(/.*[/]/, '')).join(' '),
      );
  const [one, two] = [google(0, { vpc: 'one' }), google(1, { vpc: 'one' })];

  it('are made once, after the first link of the two VPCs, whichever end begins a link', async () => {
    const { recording } = await stack({
      holland: { network: one, cloud: place() },
      iowa: { network: google(2, { vpc: 'two' }), cloud: place({ network: OTHER }) },
      belgium: { network: two, cloud: place(existing) },
      oregon: { network: google(3, { vpc: 'two' }), cloud: place({ ...existing, network: OTHER }) },
    });
    expect(peerings(recording)).toEqual([
      'registry-holland-holland--iowa registry other',
      'registry-iowa-holland--iowa other registry',
    ]);
  });

  it('are made one after the other, also from different regions of a VPC', async () => {
    const links = Links.list([{ between: ['holland', 'iowa'] }, { between: ['belgium', 'oregon'] }]);
    const { recording } = await stack(
      {
        holland: { network: one, cloud: place() },
        belgium: { network: two, cloud: place(existing) },
        iowa: { network: google(2), cloud: place({ network: OTHER }) },
        oregon: { network: google(3), cloud: place({ network: HUB }) },
      },
      { links },
    );
    expect(peerings(recording)).toEqual([
      'registry-holland-holland--iowa registry other',
      'registry-iowa-holland--iowa other registry',
      'registry-belgium-belgium--oregon registry hub',
      'registry-oregon-belgium--oregon hub registry',
    ]);
    const urnOf = (name: string) => recording.find(name, PEERING).urn;
    const { dependencies } = recording.find('registry-belgium-belgium--oregon', PEERING);
    expect(dependencies).toContain(urnOf('registry-iowa-holland--iowa'));
  });

  it('of another stack are not missed where the VPCs are joined here, or are one', async () => {
    const regions = {
      holland: { network: one, cloud: place() },
      belgium: { network: two, cloud: place(existing) },
      iowa: { network: google(2), cloud: place({ network: OTHER }) },
    };
    const networks = { belgium: { outsides: {}, resolvers: [], vpc: ARGS.network } };
    const { recording, warnings } = await stack(regions, { only: ['holland', 'iowa'], networks });
    expect(peerings(recording)).toHaveLength(2);
    expect(warnings).not.toContain('is not joined to belgium');
    const other = await stack(regions, { only: ['belgium'] }).catch(String);
    expect(other).toContain('regions.belgium.cloud: is not joined to iowa');
    expect(other).not.toContain('is not joined to holland');
  });
});

describe('addresses at which Cloud DNS answers', () => {
  const inOneVpc = () => planOf({ holland: google(0, { vpc: 'v' }), belgium: google(1, { vpc: 'v' }) });
  /** Opens the region without a policy first, and then reads its addresses. */
  const addressesOf = (plan: TopologyPlan, options: RecordOptions, then: (network: CloudNetwork) => unknown) =>
    record(
      async () => {
        const parent = new ComponentResource('test:Topology', 'registry');
        const one = place({ inboundForwarding: 'existing' }).open('holland', siteOf(plan, 'holland'), parent);
        place().open('belgium', siteOf(plan, 'belgium'), parent);
        await then(one);
      },
      { outputs: answers, calls, ...options },
    );

  it('are looked for after the policy of the VPC, whichever region makes it', async () => {
    const asked: string[] = [];
    const recording = await addressesOf(
      inOneVpc(),
      {
        outputs: (request) => {
          asked.push(request.name);
          return answers?.(request);
        },
        calls: (request) => {
          asked.push(request.token);
          return calls?.(request);
        },
      },
      async ({ resolvers }) => expect(await known(output(resolvers))).toEqual(['10.0.4.2', '10.0.8.2']),
    );
    expect(recording.find('belgium-inbound').type).toBe('gcp:dns/policy:Policy');
    const lookUp = asked.indexOf('gcp:compute/getAddresses:getAddresses');
    expect(asked.indexOf('belgium-inbound')).toBeGreaterThanOrEqual(0);
    expect(lookUp).toBeGreaterThan(asked.indexOf('belgium-inbound'));
  });

  it('are not known in a preview before there are any, and missing afterwards', async () => {
    const plan = () => planOf({ holland: google(0), factory: networkOf('onPremises', 1) });
    const none: RecordOptions['calls'] = () => ({ addresses: [] });
    const zones = (options: RecordOptions, then: (network: CloudNetwork) => unknown) =>
      record(
        async () => {
          const parent = new ComponentResource('test:Topology', 'registry');
          await then(place({ inboundForwarding: 'existing' }).open('holland', siteOf(plan(), 'holland'), parent));
        },
        { outputs: answers, calls: none, ...options },
      );
    const forward = { zone: 'iowa.registry.example.com', region: 'iowa' };
    const recording = await zones({ preview: true }, (network) =>
      network.forward([{ forward, resolvers: network.resolvers }]),
    );
    expect(recording.find('holland-forward-iowa.registry.example.com').inputs).toMatchObject({
      forwardingConfig: { targetNameServers: UNKNOWN },
    });
    await zones({}, async ({ resolvers }) =>
      expect(await failureOf(resolvers)).toContain(
        'regions.holland.cloud: Cloud DNS has no address for other networks within 10.0.0.0/16',
      ),
    );
  });
});

describe('mistakes of VPCs', () => {
  const told = (networks: readonly Network[], args: readonly Partial<GcpArgs>[]): readonly string[] => {
    const plan = planOf({ holland: networks[0] ?? google(0), iowa: networks[1] ?? google(1) });
    const issues = new Issues();
    for (const [i, region] of ['holland', 'iowa'].entries()) place(args[i]).check(siteOf(plan, region), issues);
    return issues.all.map(({ path, problem }) => `${path}: ${problem}`);
  };
  const [one, two] = [google(0, { vpc: 'v' }), google(1, { vpc: 'v' })];
  const existing = { inboundForwarding: 'existing' } as const;
  const late = output('late');

  it.each<[readonly Network[], readonly Partial<GcpArgs>[], readonly string[]]>([
    [[google(0), google(1)], [{}, { network: OTHER }], []],
    [[one, two], [{}, existing], []],
    [[one, two], [{}, { ...existing, network: `https://www.googleapis.com/compute/v1/${ARGS.network}` }], []],
    [[one, two], [{ network: late }, { ...existing, network: late }], []],
    [[one, two], [{}, { ...existing, network: late }], []],
    [
      [google(0), google(1)],
      [{}, existing],
      ['regions.iowa.cloud.network: is the VPC of holland, which the plan takes for another'],
    ],
    [
      [google(0), google(1)],
      [{ network: late }, { network: late }],
      ['regions.iowa.cloud.network: is the VPC of holland, which the plan takes for another'],
    ],
    [
      [one, two],
      [{}, { ...existing, network: OTHER }],
      ['regions.iowa.cloud.network: is not the VPC of holland, although both have the same "vpc"'],
    ],
    [
      [one, two],
      [{}, {}],
      ['regions.iowa.cloud.inboundForwarding: is made in the same VPC by holland, and a VPC has one policy'],
    ],
  ])('%#', (networks, args, mistakes) => {
    expect(told(networks, args)).toEqual(mistakes);
  });
});
