import { ComponentResource, output } from '@pulumi/pulumi';
import { gcp, VpnGateway } from '../../../lib/cloud/gcp';
import { reachable } from '../../../lib/cloud/gcp/names';
import { Issues } from '../../../lib/plan/issues';
import type { Network } from '../../../lib/plan/network/networks';
import { privateRecords } from '../../../lib/plan/network/private-names';
import { known, record, Secret, UNKNOWN } from '../../pulumi/support/mocks';
import { siteOf, tunnelsOf } from '../gathered';
import { type Kind, networkOf, plannedEnds, planOf } from '../network-fixtures';
import { gcpEnds } from './ends';
import { ARGS, answers, calls, opened } from './fixtures';

const KINDS: readonly Kind[] = [
  'aws',
  'azure',
  'alicloud',
  'huawei',
  'onPremises',
  'onPremises with one address',
  'external',
];
const toPremises = planOf({ holland: networkOf('gcp', 0), factory: networkOf('onPremises', 1) });
const twoOfGoogle = planOf({ holland: networkOf('gcp', 0), iowa: networkOf('gcp', 1) });
const inVpc = (i: number): Network => ({ ...networkOf('gcp', i), vpc: 'registry' }) as Network;
const oneVpc = () => planOf({ holland: inVpc(0), iowa: inVpc(1) });
const zone = 'holland.registry.example.com';

describe('the tunnels of a region in Google Cloud', () => {
  const crypto = (kind: Kind) => (kind === 'alicloud' ? (['common'] as const) : (['common', 'strong'] as const));
  const cases = KINDS.flatMap((kind) => crypto(kind).map((profile) => [kind, profile] as const));

  it.each(cases)('to %s are what the plan says, encrypted as %s', async (kind, profile) => {
    for (const networks of [
      { holland: networkOf('gcp', 0), peer: networkOf(kind, 1) },
      { peer: networkOf(kind, 0), holland: networkOf('gcp', 1) },
    ]) {
      const plan = planOf(networks, { type: 'mesh', crypto: profile });
      const recording = await opened(plan, 'holland', ARGS, (network) => network.connect(tunnelsOf(plan, 'holland')));
      const planned = plannedEnds(plan, 'holland');
      expect(planned.length).toBeGreaterThan(0);
      expect(gcpEnds(recording, 'holland')).toEqual(planned);
    }
  });

  it('to all others at once are what the plan says', async () => {
    const networks = { holland: networkOf('gcp', 0) } as Record<string, Network>;
    for (const [i, kind] of KINDS.entries()) networks[`peer-${i}`] = networkOf(kind, i + 1);
    const plan = planOf(networks);
    const recording = await opened(plan, 'holland', ARGS, (network) => network.connect(tunnelsOf(plan, 'holland')));
    expect(gcpEnds(recording, 'holland')).toEqual(plannedEnds(plan, 'holland'));
    expect(plannedEnds(plan, 'holland')).toHaveLength(16);
  });

  it.each<[Kind, string, number]>([
    ['aws', 'FOUR_IPS_REDUNDANCY', 4],
    ['azure', 'TWO_IPS_REDUNDANCY', 2],
    ['onPremises with one address', 'SINGLE_IP_INTERNALLY_REDUNDANT', 1],
  ])('to %s know its addresses as %s', async (kind, redundancyType, count) => {
    const plan = planOf({ holland: networkOf('gcp', 0), peer: networkOf(kind, 1) });
    const recording = await opened(plan, 'holland', ARGS, (network) => network.connect(tunnelsOf(plan, 'holland')));
    const { inputs } = recording.find('holland-holland--peer');
    expect(inputs).toMatchObject({ name: 'holland-holland--peer', redundancyType });
    expect(inputs.interfaces).toHaveLength(count);
    expect((inputs.interfaces as { id: number }[]).map(({ id }) => id)).toEqual([0, 1, 2, 3].slice(0, count));
  });

  it('to AWS with two tunnels know the two addresses that are used', async () => {
    const plan = planOf(
      { holland: networkOf('gcp', 0), peer: networkOf('aws', 1) },
      { type: 'list', links: [{ between: ['holland', 'peer'], tunnels: 2 }] },
    );
    const recording = await opened(plan, 'holland', ARGS, (network) => network.connect(tunnelsOf(plan, 'holland')));
    expect(recording.find('holland-holland--peer').inputs).toMatchObject({
      redundancyType: 'TWO_IPS_REDUNDANCY',
      interfaces: [
        { id: 0, ipAddress: 'outside address 0 of peer' },
        { id: 1, ipAddress: 'outside address 2 of peer' },
      ],
    });
    expect(gcpEnds(recording, 'holland')).toEqual(plannedEnds(plan, 'holland'));
  });

  it('are asked for with every field, announce what is planned, and their keys are secret', async () => {
    const recording = await opened(toPremises, 'holland', { ...ARGS, project: 'example-hub' }, (network) =>
      network.connect(tunnelsOf(toPremises, 'holland')),
    );
    const common = { name: 'holland-holland--factory-2', project: 'example-hub', region: 'europe-west4' };
    const find = (type: string) => recording.find('holland-holland--factory-2', type);
    const tunnel = find('gcp:compute/vPNTunnel:VPNTunnel');
    expect(tunnel.inputs).toEqual({
      ...common,
      vpnGateway: 'link of holland-vpn',
      vpnGatewayInterface: 1,
      peerExternalGateway: 'link of holland-holland--factory',
      peerExternalGatewayInterface: 1,
      sharedSecret: new Secret('holland--factory-2 1'),
      ikeVersion: 2,
      router: 'holland-vpn',
      cipherSuite: {
        phase1: {
          encryptions: ['AES-CBC-256'],
          integrities: ['HMAC-SHA2-256-128'],
          prves: ['PRF-HMAC-SHA2-256'],
          dhs: ['Group-14'],
        },
        phase2: { encryptions: ['AES-CBC-256'], integrities: ['HMAC-SHA2-256-128'], pfs: ['Group-14'] },
      },
    });
    expect(tunnel.additionalSecretOutputs).toContain('sharedSecret');
    expect(find('gcp:compute/routerInterface:RouterInterface').inputs).toEqual({
      ...common,
      router: 'holland-vpn',
      ipRange: '169.254.21.21/30',
      vpnTunnel: 'holland-holland--factory-2',
    });
    expect(find('gcp:compute/routerPeer:RouterPeer').inputs).toEqual({
      ...common,
      router: 'holland-vpn',
      interface: 'holland-holland--factory-2',
      ipAddress: '169.254.21.21',
      peerIpAddress: '169.254.21.22',
      peerAsn: 64601,
      advertiseMode: 'CUSTOM',
      advertisedGroups: [],
      advertisedIpRanges: [{ range: '10.0.0.0/16' }, { range: '35.199.192.0/19' }],
    });
    expect(recording.find('holland-vpn', 'gcp:compute/router:Router').inputs).toEqual({
      name: 'holland-vpn',
      network: ARGS.network,
      project: 'example-hub',
      region: 'europe-west4',
      bgp: { asn: 64600, keepaliveInterval: 20 },
    });
    expect(recording.find('holland-vpn', 'gcp:compute/haVpnGateway:HaVpnGateway').inputs).toEqual({
      name: 'holland-vpn',
      network: ARGS.network,
      project: 'example-hub',
      region: 'europe-west4',
      stackType: 'IPV4_ONLY',
      gatewayIpVersion: 'IPV4',
    });
  });

  it('end at a gateway and a router that are there', async () => {
    const gateway = VpnGateway.existing({
      gateway: 'projects/hub/regions/europe-west4/vpnGateways/hub',
      outsideAddresses: ['203.0.113.1', '203.0.113.2'],
      router: 'hub',
    });
    const recording = await opened(toPremises, 'holland', { ...ARGS, gateway }, (network) => {
      const tunnels = tunnelsOf(toPremises, 'holland');
      network.connect(tunnels);
      expect(tunnels.map(({ tunnel }) => network.outside(tunnel))).toEqual(['203.0.113.1', '203.0.113.2']);
    });
    expect(recording.names().filter((name) => /HaVpnGateway|Router::/.test(name))).toEqual([]);
    expect(recording.find('holland-holland--factory-1', 'gcp:compute/vPNTunnel:VPNTunnel').inputs).toMatchObject({
      vpnGateway: 'projects/hub/regions/europe-west4/vpnGateways/hub',
      router: 'hub',
    });
    expect([gcp({ ...ARGS, gateway }).gateway, gcp(ARGS).gateway]).toEqual([gateway.gateway, undefined]);
  });

  it('need no gateway where there are none', async () => {
    const recording = await opened(twoOfGoogle, 'holland', ARGS);
    expect(recording.names().filter((name) => /Gateway|Router/.test(name))).toEqual([]);
  });
});

describe('peering in Google Cloud', () => {
  const peered = (plan = twoOfGoogle, other = 'projects/example/global/networks/other') =>
    record(
      () => {
        const parent = new ComponentResource('test:Topology', 'registry');
        const [one, two] = [
          gcp(ARGS).open('holland', siteOf(plan, 'holland'), parent),
          gcp({ ...ARGS, network: other, inboundForwarding: 'existing' }).open('iowa', siteOf(plan, 'iowa'), parent),
        ];
        one.peer(plan.links.map((link) => ({ link, other: two })));
      },
      { outputs: answers, calls },
    );

  it('has both ends, one after the other', async () => {
    const recording = await peered();
    const [one, two] = ['holland-holland--iowa', 'iowa-holland--iowa'].map((name) => recording.find(name));
    expect(one?.inputs).toEqual({
      name: 'holland-holland--iowa',
      network: ARGS.network,
      peerNetwork: 'projects/example/global/networks/other',
      exportCustomRoutes: false,
      importCustomRoutes: false,
    });
    expect(two?.inputs).toMatchObject({ network: one?.inputs.peerNetwork, peerNetwork: one?.inputs.network });
    expect(two?.dependencies).toContain(one?.urn);
  });

  it('is not needed within one VPC', async () => {
    const recording = await peered(oneVpc(), ARGS.network);
    expect(recording.names().filter((name) => name.includes('NetworkPeering'))).toEqual([]);
  });
});

describe('names in Google Cloud', () => {
  it('are in a private zone of the VPC', async () => {
    const recording = await opened(toPremises, 'holland', ARGS, (network) => {
      const [harbor] = privateRecords(toPremises, 'holland');
      if (harbor === undefined) throw new Error('no record');
      network.answer([
        { record: harbor, target: ['10.0.1.4', '10.0.1.5'] },
        { record: { ...harbor, name: `database.${zone}` }, target: output(['db.example.com']) },
      ]);
    });
    expect(recording.find(`holland-${zone}`, 'gcp:dns/managedZone:ManagedZone').inputs).toMatchObject({
      name: expect.stringMatching(/^holland-holland-registry-example-com-[0-9a-f]{8}$/),
      dnsName: `${zone}.`,
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: ARGS.network }] },
      // external-dns leaves its records in it.
      forceDestroy: true,
    });
    expect(recording.find(`holland-${zone}`, 'gcp:dns/recordSet:RecordSet').inputs).toMatchObject({
      name: `${zone}.`,
      type: 'A',
      ttl: 30,
      rrdatas: ['10.0.1.4', '10.0.1.5'],
    });
    expect(recording.find(`holland-database.${zone}`).inputs).toMatchObject({
      name: `database.${zone}.`,
      type: 'CNAME',
      rrdatas: ['db.example.com.'],
    });
  });

  it('are answered at addresses that others have a route to, and asked for through the VPC', async () => {
    const recording = await opened(toPremises, 'holland', ARGS, async (network) => {
      expect(await known(output(network.resolvers))).toEqual(['10.0.4.2', '10.0.8.2']);
      const [forward] = siteOf(toPremises, 'holland').network.forwards;
      if (forward === undefined) throw new Error('nothing to ask');
      network.forward([{ forward, resolvers: output(['10.1.0.53']) }]);
    });
    expect(recording.find('holland-inbound').inputs).toEqual({
      name: 'holland-inbound',
      description: 'answers linked regions',
      enableInboundForwarding: true,
      networks: [{ networkUrl: ARGS.network }],
    });
    expect(recording.find('holland-forward-factory.registry.example.com').inputs).toMatchObject({
      dnsName: 'factory.registry.example.com.',
      visibility: 'private',
      privateVisibilityConfig: { networks: [{ networkUrl: ARGS.network }] },
      forwardingConfig: { targetNameServers: [{ ipv4Address: '10.1.0.53', forwardingPath: 'private' }] },
    });
  });

  it('cannot be answered where no subnet is announced', () => {
    const at = 'regions.holland.cloud';
    expect(() => reachable(at, [{ address: '192.168.0.2' }], ['10.0.0.0/16'])).toThrow(
      'regions.holland.cloud: Cloud DNS has no address for other networks within 10.0.0.0/16, but 192.168.0.2:',
    );
    expect(() => reachable(at, [], ['10.0.0.0/16'])).toThrow('within 10.0.0.0/16, but none at all: its VPC needs');
    const many = ['10.0.5.2', '10.0.1.2', '10.0.4.2', '10.0.3.2', '10.0.2.2'].map((address) => ({ address }));
    expect(reachable('holland', many, ['10.0.0.0/16'])).toEqual(['10.0.1.2', '10.0.2.2', '10.0.3.2', '10.0.4.2']);
  });
});

describe('firewall rules in Google Cloud', () => {
  const { network } = siteOf(toPremises, 'holland');
  // Cloud DNS asks and answers, not the nodes.
  const forNodes = network.firewall.filter(({ ports }) => !ports.includes(53));

  it('let each planned flow through for the machines that are named, and shut the rest', async () => {
    const recording = await opened(toPremises, 'holland', ARGS);
    const made = recording.requests.filter(({ type }) => type === 'gcp:compute/firewall:Firewall');
    expect(made).toHaveLength(forNodes.length + 2);
    expect(made.every(({ inputs }) => (inputs.targetTags as string[])[0] === 'nodes')).toBe(true);
    const of = (direction: string, protocol: string) =>
      made.find(
        ({ inputs }) =>
          inputs.direction === direction && (inputs.allows as { protocol: string }[])?.[0]?.protocol === protocol,
      )?.inputs;
    expect(of('INGRESS', 'icmp')).toMatchObject({
      network: ARGS.network,
      priority: 900,
      sourceRanges: ['10.1.0.0/16'],
      allows: [{ protocol: 'icmp' }],
    });
    expect(JSON.stringify(made.map(({ inputs }) => inputs.allows))).not.toContain('"53"');
    expect(of('EGRESS', 'icmp')).toMatchObject({ destinationRanges: ['10.1.0.0/16'], allows: [{ protocol: 'icmp' }] });
    expect(recording.find('holland-firewall-holland-egress-rest').inputs).toMatchObject({
      priority: 901,
      direction: 'EGRESS',
      destinationRanges: ['10.1.0.0/16'],
      denies: [{ protocol: 'all' }],
    });
    const names = made.map(({ inputs }) => String(inputs.name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.every((name) => name.length <= 63)).toBe(true);
  });

  it('are for service accounts, or a file for whoever owns the firewall', async () => {
    const serviceAccounts = ['nodes@example.iam.gserviceaccount.com'];
    const recording = await opened(toPremises, 'holland', { ...ARGS, firewallTargets: { serviceAccounts } });
    expect(recording.find('holland-firewall-holland-egress-rest').inputs).toMatchObject({
      targetServiceAccounts: serviceAccounts,
    });
    const { firewallTargets: _, ...args } = ARGS;
    let text = '';
    const none = await opened(toPremises, 'holland', args, async ({ files }) => {
      if (files !== undefined) text = (await known(files))['firewall-rules.json'] ?? '';
    });
    expect(none.names().filter((name) => name.includes('Firewall'))).toEqual([]);
    expect(JSON.parse(text)).toHaveLength(forNodes.length + 2);
    expect(forNodes.length).toBeLessThan(network.firewall.length);
  });
});

describe('a preview', () => {
  it('knows all but what Google Cloud gives', async () => {
    const recording = await record(
      () => {
        const parent = new ComponentResource('test:Topology', 'registry');
        const network = gcp(ARGS).open('holland', siteOf(toPremises, 'holland'), parent);
        network.connect(tunnelsOf(toPremises, 'holland'));
      },
      { preview: true, calls },
    );
    expect(recording.find('holland-holland--factory-1', 'gcp:compute/vPNTunnel:VPNTunnel').inputs).toMatchObject({
      vpnGateway: UNKNOWN,
      vpnGatewayInterface: 0,
      sharedSecret: new Secret('holland--factory-1 1'),
    });
  });
});

describe('mistakes of a place in Google Cloud', () => {
  const told = (args: object, plan = toPremises): readonly string[] => {
    const issues = new Issues();
    gcp({ ...ARGS, ...args }).check(siteOf(plan, 'holland'), issues);
    return issues.all.map(({ path, problem }) => `${path}: ${problem}`);
  };
  const at = 'regions.holland.cloud';

  it('none where all is well, and none of what is known late', () => {
    expect(told({})).toEqual([]);
    expect(told({ network: output('late'), project: output('late') })).toEqual([]);
  });

  it.each<[object, string[]]>([
    [{ network: 'registry' }, [`${at}.network: is not valid`]],
    [{ project: 'X' }, [`${at}.project: is not valid`]],
    [{ gateway: undefined }, [`${at}.gateway: is missing`]],
    [{ gateway: { type: 'made', router: 'x' } }, [`${at}.gateway.router: is not a setting here`]],
    [
      { gateway: { type: 'existing', gateway: 'hub', outsideAddresses: ['203.0.113.1'] } },
      [
        `${at}.gateway.gateway: is not valid`,
        `${at}.gateway.router: is missing`,
        `${at}.gateway.outsideAddresses: is not one for each interface of the gateway`,
      ],
    ],
    [{ firewallTargets: {} }, [`${at}.firewallTargets: names no machines`]],
    [
      { firewallTargets: { networkTags: ['a'], serviceAccounts: ['b'] } },
      [
        `${at}.firewallTargets.serviceAccounts[0]: is not valid`,
        `${at}.firewallTargets: names both tags and service accounts`,
      ],
    ],
    [{ firewallPriority: 65_535 }, [`${at}.firewallPriority: is out of range`]],
    [{ inboundForwarding: true }, [`${at}.inboundForwarding: is not one of the choices`]],
    [{ vpc: 'x' }, [`${at}.vpc: is not a setting here`]],
  ])('%j', (args, mistakes) => {
    expect(told(args)).toEqual(mistakes);
  });
});
