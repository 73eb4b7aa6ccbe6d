import { Provider } from '@pulumi/alicloud';
import { type Input, output } from '@pulumi/pulumi';
import { type AlicloudArgs, alicloud } from '../../../lib/cloud/alicloud';
import { Issues } from '../../../lib/plan/issues';
import { configurations } from '../../../lib/plan/network/mirror';
import { Network, type NetworkType } from '../../../lib/plan/network/networks';
import { privateRecords } from '../../../lib/plan/network/private-names';
import { planTopology, regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import { network, networked, pair, TYPES } from '../../plan/network/networks';
import { record, Secret } from '../../pulumi/support/mocks';
import { complaints, open, siteOf, tunnelsOf } from '../gathered';
import { deploy } from '../linked';
import { alicloudEnds } from './ends';
import { ARGS, answers, calls } from './fixtures';

const REGION = 'region-1';
const RESOLVERS = ['10.1.0.53', '10.1.1.53'];
const ours = Network.alicloud({ cidrs: ['10.1.0.0/16'], region: 'ap-southeast-1', resolvers: RESOLVERS });
const planWith = (other: Network = network('onPremises', 0)) => planTopology(pair(other, ours));
const outsides = [0, 1].map((i) => `outside address ${i} of ${REGION}`);

/** All of a region's network, as a topology makes it. */
const make = (plan: TopologyPlan, args: AlicloudArgs = ARGS) =>
  record(
    () => {
      const made = open(alicloud(args), plan, REGION);
      made.connect(tunnelsOf(plan, REGION));
      const own = privateRecords(plan, REGION);
      made.answer(own.map((one) => ({ record: one, target: ['10.1.0.10', '10.1.0.11'] })));
      made.forward(
        (regionOf(plan, REGION).network?.forwards ?? []).map((forward) => ({
          forward,
          resolvers: output(['10.0.0.53']),
        })),
      );
    },
    { outputs: answers, calls },
  );

const checked = (plan: TopologyPlan, args: AlicloudArgs) => complaints(alicloud(args), plan, REGION);

describe('tunnels of Alibaba Cloud', () => {
  const kinds = TYPES.filter((type) => type !== 'alicloud').flatMap((type): (readonly [NetworkType, 1 | 2])[] =>
    type === 'onPremises'
      ? [
          [type, 2],
          [type, 1],
        ]
      : [[type, 2]],
  );

  it.each(kinds)('are what the plan says towards %s with %d addresses', async (type, addresses) => {
    const plan = planWith(network(type, 0, addresses));
    const recording = await make(plan);
    const planned = plan.links.flatMap((link) =>
      configurations(link, (name) => regionOf(plan, name).network ?? { type: 'external' }),
    );
    const ends = planned.map((both) => both.find(({ region }) => region === REGION));
    const made = alicloudEnds(recording, plan, REGION, REGION, outsides);
    expect([...made].sort((a, b) => a.tunnel.localeCompare(b.tunnel))).toEqual(ends);
  });

  it('lie across the connections of AWS, whose tunnels each lead to one address', async () => {
    const plan = planWith(network('aws', 0));
    const made = alicloudEnds(await make(plan), plan, REGION, REGION, outsides);
    expect(made.map(({ tunnel, localOutside }) => [tunnel, localOutside])).toEqual([
      ['region-0--region-1-1', outsides[0]],
      ['region-0--region-1-3', outsides[1]],
      ['region-0--region-1-2', outsides[0]],
      ['region-0--region-1-4', outsides[1]],
    ]);
  });

  it('hide their keys in the state, and are made one connection at a time', async () => {
    const plan = planWith(network('aws', 0));
    const recording = await make(plan);
    const [first, second] = recording.requests.filter(({ type }) => type === 'alicloud:vpn/connection:Connection');
    expect(first?.additionalSecretOutputs).toEqual(['tunnelOptionsSpecifications']);
    expect(second?.dependencies).toContain(first?.urn);
    expect(first?.inputs).toMatchObject({
      vpnGatewayId: `${REGION}-id`,
      localSubnets: ['0.0.0.0/0'],
      remoteSubnets: ['0.0.0.0/0'],
      enableTunnelsBgp: true,
      networkType: 'public',
    });
    expect(first?.inputs).toHaveProperty('tunnelOptionsSpecifications.0', {
      customerGatewayId: 'region-1/region-0/0-id',
      role: 'master',
      enableDpd: true,
      enableNatTraversal: true,
      tunnelIkeConfig: {
        ikeVersion: 'ikev2',
        ikeMode: 'main',
        ikeEncAlg: 'aes256',
        ikeAuthAlg: 'sha256',
        ikePfs: 'group14',
        ikeLifetime: 28_800,
        psk: new Secret('region-0--region-1-1 1'),
      },
      tunnelIpsecConfig: {
        ipsecEncAlg: 'aes256',
        ipsecAuthAlg: 'sha256',
        ipsecPfs: 'group14',
        ipsecLifetime: 3_600,
      },
      tunnelBgpConfig: { localAsn: '64601', localBgpIp: '169.254.21.18', tunnelCidr: '169.254.21.16/30' },
    });
  });

  it('know an outside address before any peer does, from a gateway made or given', async () => {
    const plan = planWith();
    const addresses: unknown[] = [];
    const look = (args: AlicloudArgs) =>
      record(
        () => {
          const made = open(alicloud(args), plan, REGION);
          for (const tunnel of plan.links.flatMap(({ tunnels }) => tunnels)) {
            output(made.outside(tunnel)).apply((address) => addresses.push(address));
          }
        },
        { outputs: answers },
      );
    await look(ARGS);
    const recording = await look({
      ...ARGS,
      vpnGateway: { id: 'vpn-bp1a', internetIp: '192.0.2.1', disasterRecoveryInternetIp: '192.0.2.2' },
    });
    expect(addresses.sort()).toEqual(['192.0.2.1', '192.0.2.2', ...outsides]);
    expect(recording.names().filter((name) => name.includes('vpn/gateway'))).toEqual([]);
  });
});

describe('the network around them', () => {
  it('is a gateway of two zones that gives its routes to the VPC', async () => {
    const recording = await make(planWith(), { ...ARGS, bandwidth: 200, tags: { team: 'registry' } });
    expect(recording.find(REGION, 'alicloud:vpn/gateway:Gateway').inputs).toMatchObject({
      vpcId: 'vpc-bp1a',
      vswitchId: 'vsw-bp1a',
      disasterRecoveryVswitchId: 'vsw-bp1b',
      bandwidth: 200,
      networkType: 'public',
      enableIpsec: true,
      autoPropagate: true,
      tags: { team: 'registry' },
    });
    // A change would replace the gateway, and with it the addresses that all peers know.
    expect(recording.find(REGION, 'alicloud:vpn/gateway:Gateway').ignoreChanges).toEqual(['bandwidth']);
  });

  it('has routes in custom tables, which BGP does not reach', async () => {
    const recording = await make(planWith(network('gcp', 0)), { ...ARGS, routeTableIds: ['vtb-bp1a', 'vtb-bp1b'] });
    const routes = recording.requests.filter(({ type }) => type === 'alicloud:vpc/routeEntry:RouteEntry');
    // Google Cloud also announces where its resolver asks from.
    expect(routes.map(({ inputs }) => [inputs.routeTableId, inputs.destinationCidrblock, inputs.nexthopId])).toEqual([
      ['vtb-bp1a', '10.0.0.0/16', `${REGION}-id`],
      ['vtb-bp1a', '35.199.192.0/19', `${REGION}-id`],
      ['vtb-bp1b', '10.0.0.0/16', `${REGION}-id`],
      ['vtb-bp1b', '35.199.192.0/19', `${REGION}-id`],
    ]);
  });

  it('opens the security group for what the plan needs, and nothing else', async () => {
    const recording = await make(planWith(network('azure', 0)));
    const rules = recording.requests.filter(({ type }) => type === 'alicloud:ecs/securityGroupRule:SecurityGroupRule');
    expect(
      rules.map(({ inputs }) => [inputs.type, inputs.ipProtocol, inputs.portRange, inputs.cidrIp].join(' ')).sort(),
    ).toEqual([
      'egress icmp -1/-1 10.0.0.0/16',
      'egress tcp 443/443 10.0.0.0/16',
      'egress tcp 53/53 10.0.0.0/16',
      'egress udp 53/53 10.0.0.0/16',
      'ingress icmp -1/-1 10.0.0.0/16',
      'ingress tcp 443/443 10.0.0.0/16',
    ]);
    expect(rules.every(({ inputs }) => inputs.nicType === 'intranet' && inputs.policy === 'accept')).toBe(true);
  });

  it('leaves the security group alone when another team sets its rules', async () => {
    const recording = await make(planWith(), { ...ARGS, firewallRules: false });
    expect(recording.names().filter((name) => name.includes('securityGroupRule'))).toEqual([]);
  });

  it('answers for its private names and asks others for theirs', async () => {
    const plan = planWith(network('azure', 0));
    const recording = await make(plan);
    const zone = 'region-1.registry.example.com';
    expect(recording.find(`${REGION}/${zone}`, 'alicloud:pvtz/zone:Zone').inputs).toMatchObject({ zoneName: zone });
    expect(recording.find(`${REGION}/${zone}`, 'alicloud:pvtz/zoneAttachment:ZoneAttachment').inputs).toEqual({
      zoneId: `${REGION}/${zone}-id`,
      vpcs: [{ vpcId: 'vpc-bp1a', regionId: 'ap-southeast-1' }],
    });
    expect([0, 1].map((i) => recording.find(`${REGION}/${zone}/${i}`).inputs)).toEqual(
      ['10.1.0.10', '10.1.0.11'].map((value) => ({
        zoneId: `${REGION}/${zone}-id`,
        rr: '@',
        type: 'A',
        value,
        ttl: 30,
      })),
    );
    expect(recording.find(`${REGION}/outbound`).inputs).toMatchObject({
      vpcId: 'vpc-bp1a',
      vpcRegionId: 'ap-southeast-1',
      securityGroupId: 'sg-bp1a',
      ipConfigs: [{ vswitchId: 'vsw-bp1a' }, { vswitchId: 'vsw-bp1b' }],
    });
    const other = `${REGION}/region-0.registry.example.com`;
    expect(recording.find(other, 'alicloud:pvtz/rule:Rule').inputs).toMatchObject({
      type: 'OUTBOUND',
      zoneName: 'region-0.registry.example.com',
      endpointId: `${REGION}/outbound-id`,
      forwardIps: [{ ip: '10.0.0.53', port: 53 }],
    });
    expect(recording.find(other, 'alicloud:pvtz/ruleAttachment:RuleAttachment').inputs).toMatchObject({
      ruleId: `${other}-id`,
      vpcs: [{ vpcId: 'vpc-bp1a' }],
    });
  });

  it('uses a zone that exists, and one record for a target that is known late', async () => {
    const plan = planWith();
    const zone = 'region-1.registry.example.com';
    const [answered] = privateRecords(plan, REGION).filter(({ name }) => name === zone);
    if (answered === undefined) throw new Error('no record');
    const recording = await record(
      () =>
        open(alicloud({ ...ARGS, privateZoneIds: { [zone]: 'z1' } }), plan, REGION).answer([
          { record: answered, target: output(['10.1.0.10', '10.1.0.11']) },
        ]),
      { outputs: answers },
    );
    const records = recording.requests.filter(({ type }) => type === 'alicloud:pvtz/zoneRecord:ZoneRecord');
    expect(records.map(({ inputs }) => [inputs.zoneId, inputs.value])).toEqual([['z1', '10.1.0.10']]);
    expect(recording.names().filter((name) => name.includes('pvtz/zone:'))).toEqual([]);
  });

  it('has a record in a stack for each address that is known, and tells of those outside of its ranges', async () => {
    const name = 'singapore.registry.example.com';
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    const records = async (addresses: Input<readonly string[]>) => {
      const [{ requests }] = await deploy(
        () => ({
          singapore: { network: ours, cloud: alicloud(ARGS), addresses: { [name]: addresses } },
          factory: { network: network('onPremises', 0) },
        }),
        { only: ['singapore'] },
        { outputs: answers, calls },
      );
      const made = requests.filter(({ type }) => type === 'alicloud:pvtz/zoneRecord:ZoneRecord');
      return made.map((one) => [one.name, one.inputs.value]);
    };
    const record = (i: number) => `registry-singapore/${name}/${i}`;
    const two = ['10.1.0.10', '10.9.0.11'];
    expect(await records(two)).toEqual([
      [record(0), '10.1.0.10'],
      [record(1), '10.9.0.11'],
    ]);
    expect(await records(output(two))).toEqual([[record(0), '10.1.0.10']]);
    const told = warned.mock.calls.map(([text]) => String(text)).filter((text) => text.includes(name));
    warned.mockRestore();
    const outside = expect.stringContaining('leads to 10.9.0.11, outside of the ranges of singapore');
    expect(told).toEqual([outside, outside]);
  });

  it('is made by the provider of its region', async () => {
    const recording = await record(
      () =>
        open(
          alicloud({ ...ARGS, provider: new Provider('singapore', { region: 'ap-southeast-1' }) }),
          planWith(),
          REGION,
        ),
      { outputs: answers },
    );
    const made = recording.requests.filter(({ type, custom }) => custom && type.startsWith('alicloud:'));
    expect(made.length).toBeGreaterThan(5);
    expect(made.filter(({ provider }) => !provider.includes('::singapore::'))).toEqual([]);
  });
});

describe('regions of Alibaba Cloud are peered', () => {
  const regions = ['ap-southeast-1', 'eu-central-1', 'us-west-1'].map((region, i) =>
    Network.alicloud({ cidrs: [`10.${i}.0.0/16`], region, resolvers: [`10.${i}.0.53`] }),
  );
  const plan = planTopology(networked(regions, { type: 'mesh' }));
  const cen = { id: 'cen-a1', transitRouterId: 'tr-a1', vpcAttachmentId: 'tr-attach-a1' };

  const peered = (args: (i: number) => AlicloudArgs) =>
    record(
      () => {
        const made = plan.regions.map(({ name }, i) => open(alicloud(args(i)), plan, name));
        for (const [i, { name }] of plan.regions.entries()) {
          made[i]?.peer(
            plan.links
              .filter(({ between }) => between[0] === name)
              .map((link) => {
                const other = made[plan.regions.findIndex((one) => one.name === link.between[1])];
                if (other === undefined) throw new Error('no other end');
                return { link, other };
              }),
          );
        }
      },
      { outputs: answers, calls },
    );

  it('by transit routers of one network, whose tables both learn', async () => {
    const recording = await peered((i) => ({ ...ARGS, routeTableIds: [`vtb-a${i}`] }));
    const of = (type: string) => recording.requests.filter((request) => request.type.endsWith(`:${type}`));
    expect(of('Instance').map(({ name }) => name)).toEqual(['registry.example.com']);
    expect(of('TransitRouter').map(({ inputs }) => inputs.cenId)).toEqual(Array(3).fill('registry.example.com-id'));
    expect(
      of('TransitRouterPeerAttachment').map(({ name, inputs }) => [name, inputs.peerTransitRouterRegionId]),
    ).toEqual([
      ['region-0/region-0--region-1', 'eu-central-1'],
      ['region-0/region-0--region-2', 'us-west-1'],
      ['region-1/region-1--region-2', 'us-west-1'],
    ]);
    expect(of('TransitRouterPeerAttachment')[0]?.inputs).toMatchObject({
      transitRouterId: 'tr of region-0/transit',
      peerTransitRouterId: 'tr of region-1/transit',
      bandwidth: 100,
      bandwidthType: 'DataTransfer',
      autoPublishRouteEnabled: true,
    });
    for (const kind of ['TransitRouterRouteTableAssociation', 'TransitRouterRouteTablePropagation']) {
      expect(
        of(kind).map(({ inputs }) => [inputs.transitRouterAttachmentId, inputs.transitRouterRouteTableId]),
      ).toEqual(
        expect.arrayContaining([
          ['attachment of region-0/vpc', 'table of tr of region-0/transit'],
          ['attachment of region-0/region-0--region-1', 'table of tr of region-0/transit'],
          ['attachment of region-0/region-0--region-1', 'table of tr of region-1/transit'],
        ]),
      );
      expect(of(kind)).toHaveLength(9);
    }
    expect(of('RouteEntry').map(({ inputs }) => [inputs.nexthopType, inputs.nexthopId])).toContainEqual([
      'Attachment',
      'attachment of region-0/vpc',
    ]);
    expect(of('Gateway')).toEqual([]);
  });

  it('in a network that exists, by a package of bandwidth', async () => {
    const recording = await peered(() => ({ ...ARGS, cen, bandwidthPackageId: 'cenbwp-a1' }));
    expect(
      recording.names().filter((name) => /cen\/(instance|transitRouter|transitRouterVpcAttachment):/.test(name)),
    ).toEqual([]);
    expect(
      recording.find(
        'region-0/region-0--region-1',
        'alicloud:cen/transitRouterPeerAttachment:TransitRouterPeerAttachment',
      ).inputs,
    ).toMatchObject({
      cenId: 'cen-a1',
      transitRouterId: 'tr-a1',
      bandwidthType: 'BandwidthPackage',
      cenBandwidthPackageId: 'cenbwp-a1',
    });
  });

  it('not when only some of them name the network', () => {
    const fresh = planTopology(networked(regions, { type: 'mesh' }));
    const issues = new Issues();
    alicloud(ARGS).check(siteOf(fresh, 'region-0'), issues);
    alicloud({ ...ARGS, cen }).check(siteOf(fresh, 'region-1'), issues);
    expect(issues.all.map(({ path, problem }) => `${path}: ${problem}`)).toEqual([
      'regions.region-1.cloud.cen: is given, unlike that of region-0: regions are peered within one network',
    ]);
  });

  it('with a warning at the border of mainland China', () => {
    const china = Network.alicloud({ cidrs: ['10.9.0.0/16'], region: 'cn-hangzhou', resolvers: ['10.9.0.53'] });
    const crossing = planTopology(pair(china, ours));
    const issues = new Issues();
    alicloud(ARGS).check(siteOf(crossing, 'region-0'), issues);
    expect(issues.all.map(({ path, level }) => [path, level])).toEqual([
      ['regions.region-0.cloud.bandwidthPackageId', 'warning'],
    ]);
  });
});

describe('mistakes are told before anything is made', () => {
  it('none', () => {
    expect(checked(planWith(), ARGS)).toEqual([]);
    const late = { ...ARGS, vpcId: output('vpc-x'), securityGroupId: output('sg-x') };
    expect(checked(planWith(), late)).toEqual([]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['a VPC of another cloud', { vpcId: 'VPC 1' }, ['regions.region-1.cloud.vpcId: is not valid']],
    [
      'one zone',
      { vswitches: [ARGS.vswitches[0], ARGS.vswitches[0]] },
      ['regions.region-1.cloud.vswitches: are not in two zones'],
    ],
    ['a bandwidth', { bandwidth: 300 }, ['regions.region-1.cloud.bandwidth: is not what a gateway can have']],
    ['a misspelt setting', { routeTables: [] }, ['regions.region-1.cloud.routeTables: is not a setting here']],
    [
      'half a gateway',
      { vpnGateway: { id: 'vpn-bp1a', internetIp: '192.0.2.1' } },
      ['regions.region-1.cloud.vpnGateway.disasterRecoveryInternetIp: is missing'],
    ],
    [
      'a private zone that the region does not have',
      { privateZoneIds: { 'region-2.registry.example.com': 'df2d03865266bd9842306db586d3a1b2' } },
      ['regions.region-1.cloud.privateZoneIds.region-2.registry.example.com: is not a setting here'],
    ],
    [
      'the name of a private zone in place of its identifier',
      { privateZoneIds: { 'region-1.registry.example.com': 'registry.example.com' } },
      ['regions.region-1.cloud.privateZoneIds.region-1.registry.example.com: is not valid'],
    ],
    [
      'an attachment of no router',
      { cen: { id: 'cen-a1', vpcAttachmentId: 'tr-attach-a1' } },
      ['regions.region-1.cloud.cen.transitRouterId: is missing'],
    ],
  ])('%s', (_, change, expected) => {
    expect(checked(planWith(), { ...ARGS, ...change } as AlicloudArgs)).toEqual(expected);
  });

  it('no address at which PrivateZone answers the regions that ask', () => {
    const plan = planTopology(pair(network('azure', 0), network('alicloud', 1)));
    expect(checked(plan, ARGS)).toEqual([
      expect.stringMatching(/^regions\.region-1\.network\.resolvers: is missing: region-0 ask for its private names/),
    ]);
  });
});
