import { ComponentResource, output } from '@pulumi/pulumi';
import { azure, PrivateResolver, VpnGateway } from '../../../lib/cloud/azure';
import { Issues } from '../../../lib/plan/issues';
import { Network } from '../../../lib/plan/network/networks';
import { privateRecords } from '../../../lib/plan/network/private-names';
import { known, record, Secret, UNKNOWN } from '../../pulumi/support/mocks';
import { siteOf, tunnelsOf } from '../gathered';
import { type Kind, networkOf, plannedEnds, planOf } from '../network-fixtures';
import { azureEnds } from './ends';
import { ARGS, answers, id, opened } from './fixtures';

const KINDS: readonly Kind[] = [
  'aws',
  'gcp',
  'alicloud',
  'huawei',
  'onPremises',
  'onPremises with one address',
  'external',
];
const toPremises = planOf({ holland: networkOf('azure', 0), factory: networkOf('onPremises', 1) });
const ofPeerings = planOf({ holland: networkOf('azure', 0), ireland: networkOf('azure', 1) });

describe('the tunnels of a region in Azure', () => {
  // Each resource of Azure's SDK has a hundred aliases, which takes time: no more of them than the tunnels need.
  const { networkSecurityGroupIds: _, ...args } = ARGS;
  const lean = {
    ...args,
    resolver: PrivateResolver.existing({
      addresses: ['10.200.0.4'],
      forwardingRulesetId: id('dnsForwardingRulesets/all'),
    }),
  };
  const others = (from: number) => KINDS.map((kind, i) => [`peer-${i}`, networkOf(kind, from + i)] as const);

  it.each([
    ['first', 'common'],
    ['last', 'strong'],
  ] as const)(
    'to every other kind of network are what the plan says, as the %s region, encrypted as %s',
    async (place, crypto) => {
      const networks =
        place === 'first'
          ? [['holland', networkOf('azure', 0)] as const, ...others(1)]
          : [...others(0), ['holland', networkOf('azure', KINDS.length)] as const];
      const plan = planOf(Object.fromEntries(networks), { type: 'hub', region: 'holland', crypto });
      const recording = await opened(plan, 'holland', lean, (network) => network.connect(tunnelsOf(plan, 'holland')));
      const planned = plannedEnds(plan, 'holland');
      // Four to AWS, one to a data centre of one address, two to each other.
      expect(planned).toHaveLength(4 + 1 + 5 * 2);
      expect(new Set(planned.map(({ ike }) => ike)).size).toBe(crypto === 'common' ? 1 : 2);
      expect(azureEnds(recording, 'holland')).toEqual(planned);
    },
  );

  it('end at an active-active gateway that names itself, and has an address for each instance', async () => {
    const recording = await opened(toPremises, 'holland', { ...ARGS, tags: { team: 'registry' } });
    const gatewayId = id('virtualNetworkGateways/holland-gateway');
    expect(recording.find('holland-gateway').inputs).toEqual({
      resourceGroupName: 'network',
      location: 'westeurope',
      tags: { team: 'registry' },
      virtualNetworkGatewayName: 'holland-gateway',
      gatewayType: 'Vpn',
      vpnType: 'RouteBased',
      vpnGatewayGeneration: 'Generation2',
      sku: { name: 'VpnGw2AZ', tier: 'VpnGw2AZ' },
      activeActive: true,
      enableBgp: true,
      ipConfigurations: [0, 1].map((instance) => ({
        name: `instance-${instance}`,
        privateIPAllocationMethod: 'Dynamic',
        publicIPAddress: { id: `holland-gateway-${instance}-id` },
        subnet: { id: id('virtualNetworks/spoke/subnets/GatewaySubnet') },
      })),
      bgpSettings: {
        asn: 64600,
        bgpPeeringAddresses: [
          {
            ipconfigurationId: `${gatewayId}/ipConfigurations/instance-0`,
            customBgpIpAddresses: ['169.254.21.17'],
          },
          {
            ipconfigurationId: `${gatewayId}/ipConfigurations/instance-1`,
            customBgpIpAddresses: ['169.254.21.21'],
          },
        ],
      },
    });
    expect(recording.find('holland-gateway-1').inputs).toEqual({
      resourceGroupName: 'network',
      location: 'westeurope',
      tags: { team: 'registry' },
      publicIpAddressName: 'holland-gateway-1',
      publicIPAllocationMethod: 'Static',
      publicIPAddressVersion: 'IPv4',
      sku: { name: 'Standard', tier: 'Regional' },
      zones: ['1', '2', '3'],
    });
  });

  it('are asked for with every field, and their keys are secret in the state too', async () => {
    const recording = await opened(toPremises, 'holland', ARGS, (network) =>
      network.connect(tunnelsOf(toPremises, 'holland')),
    );
    const connection = recording.find('holland-holland--factory-2');
    const configuration = (instance: number) =>
      id(`virtualNetworkGateways/holland-gateway/ipConfigurations/instance-${instance}`);
    expect(connection.inputs).toEqual({
      resourceGroupName: 'network',
      location: 'westeurope',
      virtualNetworkGatewayConnectionName: 'holland-holland--factory-2',
      connectionType: 'IPsec',
      connectionProtocol: 'IKEv2',
      connectionMode: 'Default',
      virtualNetworkGateway1: { id: 'holland-gateway-id' },
      localNetworkGateway2: { id: 'holland-holland--factory-2-peer-id' },
      sharedKey: new Secret('holland--factory-2 1'),
      enableBgp: true,
      gatewayCustomBgpIpAddresses: [
        { customBgpIpAddress: '169.254.21.17', ipConfigurationId: configuration(0) },
        { customBgpIpAddress: '169.254.21.21', ipConfigurationId: configuration(1) },
      ],
      dpdTimeoutSeconds: 45,
      usePolicyBasedTrafficSelectors: false,
      ipsecPolicies: [
        {
          ikeEncryption: 'AES256',
          ikeIntegrity: 'SHA256',
          dhGroup: 'DHGroup14',
          ipsecEncryption: 'AES256',
          ipsecIntegrity: 'SHA256',
          pfsGroup: 'PFS2048',
          saLifeTimeSeconds: 3600,
          saDataSizeKilobytes: 102400000,
        },
      ],
    });
    expect(connection.additionalSecretOutputs).toContain('sharedKey');
    const gateway = recording.find('holland-gateway').urn;
    expect(connection.propertyDependencies.virtualNetworkGateway1).toEqual([gateway]);
    expect(recording.find('holland-holland--factory-2-peer').inputs).toEqual({
      resourceGroupName: 'network',
      location: 'westeurope',
      localNetworkGatewayName: 'holland-holland--factory-2-peer',
      gatewayIpAddress: '198.51.100.3',
      bgpSettings: { asn: 64601, bgpPeeringAddress: '169.254.21.22' },
    });
  });

  it('wait for no gateway: its outside addresses are there before it', async () => {
    const recording = await opened(toPremises, 'holland', ARGS, async (network) => {
      const [first] = tunnelsOf(toPremises, 'holland');
      if (first === undefined) throw new Error('no tunnel');
      const address = output(network.outside(first.tunnel));
      expect(await known(address)).toBe('outside address 0 of holland');
      const resources = await (address as unknown as { allResources(): Promise<Set<{ urn: unknown }>> }).allResources();
      expect(resources.size).toBe(1);
    });
    expect(recording.find('holland-gateway-0').dependencies).toEqual([]);
  });

  it('end at a gateway of a hub that is there, whose owner is told which addresses it needs', async () => {
    let files: Readonly<Record<string, string>> | undefined;
    const hub = '/subscriptions/s-2/resourceGroups/hub/providers/Microsoft.Network/virtualNetworkGateways/hub';
    const gateway = VpnGateway.existing({
      id: hub,
      outsideAddresses: ['203.0.113.1', '203.0.113.2'],
      ipConfigurations: ['default', 'activeActive'],
    });
    const recording = await opened(toPremises, 'holland', { ...ARGS, gateway }, async (network) => {
      const tunnels = tunnelsOf(toPremises, 'holland');
      network.connect(tunnels);
      expect(tunnels.map(({ tunnel }) => network.outside(tunnel))).toEqual(['203.0.113.1', '203.0.113.2']);
      files = network.files && (await known(network.files));
    });
    expect(recording.names().filter((name) => /VirtualNetworkGateway::|PublicIP/.test(name))).toEqual([]);
    expect([azure({ ...ARGS, gateway }).gateway, azure(ARGS).gateway]).toEqual([hub, undefined]);
    expect(recording.find('holland-holland--factory-1').inputs).toMatchObject({
      resourceGroupName: 'hub',
      virtualNetworkGateway1: { id: hub },
      gatewayCustomBgpIpAddresses: [
        { customBgpIpAddress: '169.254.21.17', ipConfigurationId: `${hub}/ipConfigurations/default` },
        { customBgpIpAddress: '169.254.21.21', ipConfigurationId: `${hub}/ipConfigurations/activeActive` },
      ],
    });
    expect(Object.keys(files ?? {})).toEqual(['custom-bgp-addresses.json']);
    expect(JSON.parse(files?.['custom-bgp-addresses.json'] ?? '')).toEqual({
      asn: 64600,
      customBgpIpAddresses: [['169.254.21.17'], ['169.254.21.21']],
    });
  });

  it('need no gateway where there are none, and it costs nothing then', async () => {
    const recording = await opened(ofPeerings, 'holland', ARGS);
    expect(recording.names().filter((name) => /Gateway|PublicIP/.test(name))).toEqual([]);
  });
});

describe('peering in Azure', () => {
  it('has both ends, in the group of each network', async () => {
    const other = '/subscriptions/s-1/resourceGroups/irish/providers/Microsoft.Network/virtualNetworks/emerald';
    const recording = await record(
      () => {
        const parent = new ComponentResource('test:Topology', 'registry');
        const [one, two] = [
          azure(ARGS).open('holland', siteOf(ofPeerings, 'holland'), parent),
          azure({ ...ARGS, virtualNetworkId: other }).open('ireland', siteOf(ofPeerings, 'ireland'), parent),
        ];
        one.peer(ofPeerings.links.map((link) => ({ link, other: two })));
      },
      { outputs: answers },
    );
    const common = {
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: false,
      allowGatewayTransit: false,
      useRemoteGateways: false,
    };
    expect(recording.find('holland-holland--ireland').inputs).toEqual({
      ...common,
      resourceGroupName: 'network',
      virtualNetworkName: 'spoke',
      virtualNetworkPeeringName: 'holland-holland--ireland',
      remoteVirtualNetwork: { id: other },
    });
    expect(recording.find('ireland-holland--ireland').inputs).toEqual({
      ...common,
      resourceGroupName: 'irish',
      virtualNetworkName: 'emerald',
      virtualNetworkPeeringName: 'ireland-holland--ireland',
      remoteVirtualNetwork: { id: ARGS.virtualNetworkId },
    });
  });
});

describe('names in Azure', () => {
  it('are in a private zone that its own network knows, and others that are named', async () => {
    const zoneNetworkIds = [id('virtualNetworks/hub')];
    const recording = await opened(toPremises, 'holland', { ...ARGS, zoneNetworkIds }, (network) => {
      const [harbor] = privateRecords(toPremises, 'holland');
      if (harbor === undefined) throw new Error('no record');
      network.answer([
        { record: harbor, target: ['10.0.1.4', '10.0.1.5'] },
        { record: { ...harbor, name: `database.${harbor.name}` }, target: ['db.postgres.database.azure.com'] },
        { record: { ...harbor, name: `cache.${harbor.name}` }, target: output(['10.0.1.9']) },
      ]);
    });
    const zone = 'holland.registry.example.com';
    expect(recording.find(`holland-${zone}`, 'azure-native:privatedns:PrivateZone').inputs).toEqual({
      resourceGroupName: 'network',
      location: 'Global',
      privateZoneName: zone,
    });
    expect([0, 1].map((i) => recording.find(`holland-${zone}-${i}`).inputs)).toMatchObject([
      { virtualNetwork: { id: ARGS.virtualNetworkId }, registrationEnabled: false, location: 'Global' },
      { virtualNetwork: { id: zoneNetworkIds[0] } },
    ]);
    const common = { resourceGroupName: 'network', privateZoneName: zone, ttl: 30 };
    expect(recording.find(`holland-${zone}`, 'azure-native:privatedns:PrivateRecordSet').inputs).toEqual({
      ...common,
      relativeRecordSetName: '@',
      recordType: 'A',
      aRecords: [{ ipv4Address: '10.0.1.4' }, { ipv4Address: '10.0.1.5' }],
    });
    expect(recording.find(`holland-database.${zone}`).inputs).toEqual({
      ...common,
      relativeRecordSetName: 'database',
      recordType: 'CNAME',
      cnameRecord: { cname: 'db.postgres.database.azure.com' },
    });
    expect(recording.find(`holland-cache.${zone}`).inputs).toEqual({
      ...common,
      relativeRecordSetName: 'cache',
      recordType: 'A',
      aRecords: [{ ipv4Address: '10.0.1.9' }],
    });
  });

  it('are answered at the address of an inbound endpoint, and asked for by rules', async () => {
    const recording = await opened(toPremises, 'holland', ARGS, async (network) => {
      expect(await known(output(network.resolvers))).toEqual(['10.0.9.4']);
      const [forward] = siteOf(toPremises, 'holland').network.forwards;
      if (forward === undefined) throw new Error('nothing to ask');
      network.forward([{ forward, resolvers: output(['10.1.0.53', '10.1.0.54']) }]);
    });
    expect(recording.find('holland-resolver', 'azure-native:dnsresolver:DnsResolver').inputs).toMatchObject({
      dnsResolverName: 'holland-resolver',
      virtualNetwork: { id: ARGS.virtualNetworkId },
    });
    expect(recording.find('holland-resolver-inbound').inputs).toMatchObject({
      dnsResolverName: 'holland-resolver',
      ipConfigurations: [{ subnet: { id: ARGS.resolver.inboundSubnetId }, privateIpAllocationMethod: 'Dynamic' }],
    });
    expect(recording.find('holland-resolver', 'azure-native:dnsresolver:DnsForwardingRuleset').inputs).toMatchObject({
      dnsResolverOutboundEndpoints: [{ id: 'holland-resolver-outbound-id' }],
    });
    expect(recording.find('holland-forward-factory.registry.example.com').inputs).toEqual({
      resourceGroupName: 'network',
      dnsForwardingRulesetName: 'holland-resolver',
      forwardingRuleName: expect.stringMatching(/^holland-forward-factory-registry-example-com-[0-9a-f]{8}$/),
      domainName: 'factory.registry.example.com.',
      forwardingRuleState: 'Enabled',
      targetDnsServers: [
        { ipAddress: '10.1.0.53', port: 53 },
        { ipAddress: '10.1.0.54', port: 53 },
      ],
    });
  });

  it('are answered at the planned address, or by a resolver that is there', async () => {
    const holland = Network.azure({ region: 'westeurope', cidrs: ['10.0.0.0/16'], resolvers: ['10.0.9.9'] });
    const plan = planOf({ holland, factory: networkOf('onPremises', 1) });
    const fixed = await opened(plan, 'holland');
    expect(fixed.find('holland-resolver-inbound').inputs.ipConfigurations).toMatchObject([
      { privateIpAllocationMethod: 'Static', privateIpAddress: '10.0.9.9' },
    ]);
    const resolver = PrivateResolver.existing({
      addresses: ['10.200.0.4'],
      forwardingRulesetId:
        '/subscriptions/s-2/resourceGroups/hub/providers/Microsoft.Network/dnsForwardingRulesets/all',
    });
    const found = await opened(toPremises, 'holland', { ...ARGS, resolver }, async (network) => {
      expect(await known(output(network.resolvers))).toEqual(['10.200.0.4']);
      const [forward] = siteOf(toPremises, 'holland').network.forwards;
      if (forward !== undefined) network.forward([{ forward, resolvers: ['10.1.0.53'] }]);
    });
    expect(found.names().filter((name) => /dnsresolver/.test(name))).toHaveLength(1);
    expect(found.find('holland-forward-factory.registry.example.com').inputs).toMatchObject({
      resourceGroupName: 'hub',
      dnsForwardingRulesetName: 'all',
    });
  });
});

describe('a preview', () => {
  it('knows all but what Azure gives', async () => {
    const recording = await record(
      () => {
        const parent = new ComponentResource('test:Topology', 'registry');
        const network = azure(ARGS).open('holland', siteOf(toPremises, 'holland'), parent);
        network.connect(tunnelsOf(toPremises, 'holland'));
      },
      { preview: true },
    );
    expect(recording.find('holland-gateway').inputs).toMatchObject({
      bgpSettings: { asn: 64600 },
      ipConfigurations: [{ publicIPAddress: { id: UNKNOWN } }, {}],
    });
    expect(recording.find('holland-holland--factory-1').inputs.sharedKey).toEqual(new Secret('holland--factory-1 1'));
  });
});

describe('mistakes of a place in Azure', () => {
  const told = (args: object, plan = toPremises): readonly string[] => {
    const issues = new Issues();
    azure({ ...ARGS, ...args }).check(siteOf(plan, 'holland'), issues);
    return issues.all.map(({ path, problem }) => `${path}: ${problem}`);
  };
  const at = 'regions.holland.cloud';

  it('none where all is well, and none of what is known late', () => {
    expect(told({})).toEqual([]);
    expect(told({ virtualNetworkId: output('late'), networkSecurityGroupIds: [output('late')] })).toEqual([]);
  });

  it.each<[object, string[]]>([
    [{ virtualNetworkId: 'spoke' }, [`${at}.virtualNetworkId: is not valid`]],
    [{ gateway: undefined, resolver: undefined }, [`${at}.gateway: is missing`, `${at}.resolver: is missing`]],
    [
      { gateway: { type: 'made', subnetId: id('virtualNetworks/spoke/subnets/nodes') } },
      [`${at}.gateway.subnetId: is not valid`],
    ],
    [{ gateway: { ...ARGS.gateway, sku: 'VpnGw2' } }, [`${at}.gateway.sku: is not one of the choices`]],
    [
      { gateway: { type: 'existing', id: 'hub', outsideAddresses: ['203.0.113.1'] } },
      [
        `${at}.gateway.id: is not valid`,
        `${at}.gateway.outsideAddresses: is not one for each instance of the gateway`,
        `${at}.gateway.ipConfigurations: is missing`,
      ],
    ],
    [
      { resolver: { type: 'made' } },
      [`${at}.resolver.inboundSubnetId: is missing`, `${at}.resolver.outboundSubnetId: is missing`],
    ],
    [
      { resolver: { type: 'existing', forwardingRulesetId: 'all' } },
      [`${at}.resolver.forwardingRulesetId: is not valid`, `${at}.resolver.addresses: is missing`],
    ],
    [{ firstPriority: 4000 }, [`${at}.firstPriority: is out of range`]],
    [
      { networkSecurityGroupIds: ['nodes'], vnet: 'x' },
      [`${at}.vnet: is not a setting here`, `${at}.networkSecurityGroupIds[0]: is not valid`],
    ],
  ])('%j', (args, mistakes) => {
    expect(told(args)).toEqual(mistakes);
  });

  it('two planned resolvers, where an endpoint has one address', () => {
    const holland = Network.azure({
      region: 'westeurope',
      cidrs: ['10.0.0.0/16'],
      resolvers: ['10.0.9.9', '10.0.9.8'],
    });
    expect(told({}, planOf({ holland, factory: networkOf('onPremises', 1) }))).toEqual([
      'regions.holland.network.resolvers: are more than an inbound endpoint has',
    ]);
  });
});
