import { Provider } from '@pulumi/aws';
import { type Input, output } from '@pulumi/pulumi';
import { type AwsCloudArgs, aws } from '../../../lib/cloud/aws';
import { plannedGateway, propagatedOnce, spokenAsn } from '../../../lib/cloud/aws/gateway';
import { otherGateway } from '../../../lib/cloud/aws/shared-gateway';
import { Links, Network } from '../../../lib/index';
import { Database, type RegionArgs, type TopologyArgs } from '../../../lib/pulumi/index';
import { type Recording, Secret } from '../../pulumi/support/mocks';
import { complaints } from '../gathered';
import { deploy as deployLinked } from '../linked';
import { networkOf, planOf } from '../network-fixtures';
import { networkAnswers } from './ends';
import { mistaken } from './fixtures';

const place = (letter: string, more: Partial<AwsCloudArgs> = {}): AwsCloudArgs => ({
  vpcId: `vpc-${letter}`,
  subnetIds: [`subnet-${letter}1`, `subnet-${letter}2`],
  routeTableIds: [`rtb-${letter}1`, `rtb-${letter}2`],
  ...more,
});

const virginia = (more: Partial<AwsCloudArgs> = {}, network: object = {}): Partial<RegionArgs> => ({
  network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'], ...network }),
  cloud: aws(place('a', { securityGroupIds: ['sg-a'], tags: { team: 'registry' }, ...more })),
});
const ireland = (more: Partial<AwsCloudArgs> = {}, network: object = {}): Partial<RegionArgs> => ({
  network: Network.aws({ region: 'eu-west-1', cidrs: ['10.1.0.0/16'], ...network }),
  cloud: aws(place('b', more)),
});
const factory = (): Partial<RegionArgs> => ({
  network: Network.onPremises({
    cidrs: ['10.2.0.0/16', '10.3.0.0/16'],
    publicIps: ['198.51.100.1', '198.51.100.2'],
    resolvers: ['10.2.0.53'],
  }),
});

const deploy = async (
  regions: Parameters<typeof deployLinked>[0],
  more: Partial<TopologyArgs> = {},
  amazonSideAsn = '64600',
) => {
  const owned = (): string[] => Object.keys(regions()).filter((name) => name !== 'factory');
  const [recording] = await deployLinked(
    regions,
    { only: owned(), ...more },
    {
      outputs: networkAnswers,
      calls: ({ token, provider, inputs }) => ({
        id: token.includes('HostedZone') ? 'Z5' : token.includes('VpnGateway') ? 'vgw-0f' : inputs.id,
        accountId: provider === undefined || provider === '' ? '111122223333' : '444455556666',
        amazonSideAsn,
        associationDefaultRouteTableId: 'tgw-rtb-0d',
        propagationDefaultRouteTableId: 'tgw-rtb-0d',
        defaultRouteTablePropagation: 'enable',
      }),
    },
  );
  return recording;
};

/** Requests of AWS whose type ends so, by the rest of their names. */
const asked = ({ requests }: Recording, type: string, prefix = 'registry-virginia/') =>
  Object.fromEntries(
    requests
      .filter((one) => one.type.startsWith('aws:') && one.type.endsWith(`:${type}`) && one.name.startsWith(prefix))
      .map(({ name, inputs }) => [name.slice(prefix.length), inputs]),
  );

let three: Promise<Recording> | undefined;
const mesh = (): Promise<Recording> => {
  three ??= deploy(() => ({ virginia: virginia(), ireland: ireland(), factory: factory() }));
  return three;
};

describe('a region in AWS', () => {
  it('gets a transit gateway with the planned ASN and one route table, and the VPC attached in each zone', async () => {
    const recording = await mesh();
    expect(asked(recording, 'TransitGateway')).toEqual({
      gateway: {
        amazonSideAsn: 64600,
        description: 'registry-virginia',
        vpnEcmpSupport: 'enable',
        defaultRouteTableAssociation: 'disable',
        defaultRouteTablePropagation: 'disable',
        region: 'us-east-1',
        tags: { Name: 'registry-virginia', team: 'registry' },
      },
    });
    expect(asked(recording, 'VpcAttachment').vpc).toMatchObject({
      transitGatewayId: 'registry-virginia/gateway-id',
      vpcId: 'vpc-a',
      subnetIds: ['subnet-a1', 'subnet-a2'],
    });
  });

  it('says everything about both tunnels of a connection, with keys that are secret', async () => {
    const recording = await mesh();
    const tunnel = (number: 1 | 2, name: string, insideCidr: string) =>
      Object.fromEntries(
        Object.entries({
          InsideCidr: insideCidr,
          PresharedKey: new Secret(`Kpassword of registry/shared/tunnels/${name}`),
          IkeVersions: ['ikev2'],
          StartupAction: 'start',
          DpdTimeoutAction: 'restart',
          DpdTimeoutSeconds: 30,
          Phase1EncryptionAlgorithms: ['AES256'],
          Phase1IntegrityAlgorithms: ['SHA2-256'],
          Phase1DhGroupNumbers: [14],
          Phase1LifetimeSeconds: 28_800,
          Phase2EncryptionAlgorithms: ['AES256'],
          Phase2IntegrityAlgorithms: ['SHA2-256'],
          Phase2DhGroupNumbers: [14],
          Phase2LifetimeSeconds: 3_600,
        }).map(([key, value]) => [`tunnel${number}${key}`, value]),
      );
    expect(asked(recording, 'VpnConnection')['virginia--factory/1']).toEqual({
      type: 'ipsec.1',
      customerGatewayId: 'registry-virginia/virginia--factory/1-id',
      transitGatewayId: 'registry-virginia/gateway-id',
      staticRoutesOnly: false,
      region: 'us-east-1',
      tags: { Name: 'registry-virginia/virginia--factory/1', team: 'registry' },
      ...tunnel(1, 'virginia--factory-3', '169.254.21.40/30'),
      ...tunnel(2, 'virginia--factory-4', '169.254.21.44/30'),
    });
    const connection = recording.find('registry-virginia/virginia--factory/1', 'aws:ec2/vpnConnection:VpnConnection');
    expect(connection.additionalSecretOutputs).toEqual(
      expect.arrayContaining(['tunnel1PresharedKey', 'tunnel2PresharedKey', 'customerGatewayConfiguration']),
    );
  });

  it('knows each outside address of a peer as a device of its own, so that AWS hands out none of another region', async () => {
    const gateways = asked(await mesh(), 'CustomerGateway');
    expect(Object.values(gateways).map(({ ipAddress, bgpAsn, deviceName }) => [ipAddress, bgpAsn, deviceName])).toEqual(
      [
        ['198.51.100.1', '64602', 'registry-virginia/virginia--factory/0'],
        ['198.51.100.2', '64602', 'registry-virginia/virginia--factory/1'],
      ],
    );
    const large = { ...factory(), network: { ...factory().network, asn: 4_200_000_001 } as never };
    const recording = await deploy(() => ({ virginia: virginia(), factory: large }));
    expect(asked(recording, 'CustomerGateway')['virginia--factory/0']).toMatchObject({ bgpAsnExtended: '4200000001' });
  });

  it('leaves the second tunnel of each connection idle, in a range of the link, where two were asked for', async () => {
    const links = Links.list([{ between: ['virginia', 'factory'], tunnels: 2 }]);
    const recording = await deploy(() => ({ virginia: virginia(), factory: factory() }), { links });
    const { tunnel1InsideCidr, tunnel2InsideCidr, tunnel2PresharedKey, tunnel2StartupAction } =
      asked(recording, 'VpnConnection')['virginia--factory/1'] ?? {};
    expect([tunnel1InsideCidr, tunnel2InsideCidr]).toEqual(['169.254.21.24/30', '169.254.21.28/30']);
    expect([tunnel2PresharedKey, tunnel2StartupAction]).toEqual([undefined, 'add']);
  });

  it('associates all attachments with one table, and propagates those of the VPC and of each connection into it', async () => {
    const recording = await deploy(() => ({ virginia: virginia(), factory: factory() }));
    const own = ['vpc', 'virginia--factory/0', 'virginia--factory/1'];
    expect(Object.keys(asked(recording, 'RouteTable'))).toEqual(['gateway']);
    expect(Object.keys(asked(recording, 'RouteTableAssociation')).sort()).toEqual([...own].sort());
    expect(Object.keys(asked(recording, 'RouteTablePropagation')).sort()).toEqual(own.map((one) => `${one}/0`).sort());
    expect(asked(recording, 'RouteTableAssociation')['virginia--factory/0']).toEqual({
      transitGatewayAttachmentId: 'attachment of registry-virginia/virginia--factory/0',
      transitGatewayRouteTableId: 'registry-virginia/gateway-id',
      region: 'us-east-1',
    });
  });

  it('keeps routes to a peered region in a table of the VPC alone: what connections are associated with is announced to their peers', async () => {
    const recording = await mesh();
    const tables = (type: string): Record<string, unknown> =>
      Object.fromEntries(
        Object.entries(asked(recording, type)).map(([name, inputs]) => [name, inputs.transitGatewayRouteTableId]),
      );
    const [all, vpc] = ['registry-virginia/gateway-id', 'registry-virginia/vpc-id'];
    expect(tables('RouteTableAssociation')).toEqual({
      vpc,
      'virginia--factory/0': all,
      'virginia--factory/1': all,
      // What arrives from the peer finds the VPC there, and no route to a third region.
      'virginia--ireland': all,
    });
    expect(tables('RouteTablePropagation')).toEqual(
      Object.fromEntries(
        ['vpc', 'virginia--factory/0', 'virginia--factory/1'].flatMap((one) => [
          [`${one}/0`, all],
          [`${one}/1`, vpc],
        ]),
      ),
    );
    const peered = recording.requests.filter(({ type }) => type === 'aws:ec2transitgateway/route:Route');
    expect(peered.map(({ inputs }) => inputs.transitGatewayRouteTableId)).toEqual([vpc, 'registry-ireland/vpc-id']);
  });

  it('lets go of a route table before it takes another, since an attachment has one only', async () => {
    const { requests } = await mesh();
    const associations = requests.filter(({ type }) => type.endsWith(':RouteTableAssociation'));
    expect(associations.map(({ deleteBeforeReplace }) => deleteBeforeReplace)).toEqual(associations.map(() => true));
  });

  it('routes every range of linked regions in every route table, once the VPC is attached', async () => {
    const recording = await mesh();
    const routes = recording.requests.filter(
      ({ type, name }) => type === 'aws:ec2/route:Route' && name.includes('virginia'),
    );
    expect(
      routes.map(({ inputs }) => [inputs.routeTableId, inputs.destinationCidrBlock, inputs.transitGatewayId]),
    ).toEqual(
      ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'].flatMap((cidr) =>
        ['rtb-a1', 'rtb-a2'].map((table) => [table, cidr, 'registry-virginia/gateway-id']),
      ),
    );
    const { urn } = recording.find('registry-virginia/vpc', 'aws:ec2transitgateway/vpcAttachment:VpcAttachment');
    for (const { dependencies } of routes) expect(dependencies).toContain(urn);
  });

  it('is joined to another by a peering of transit gateways, with routes to each other’s ranges', async () => {
    const recording = await mesh();
    expect(asked(recording, 'PeeringAttachment')).toEqual({
      'virginia--ireland': {
        transitGatewayId: 'registry-virginia/gateway-id',
        peerTransitGatewayId: 'registry-ireland/gateway-id',
        peerRegion: 'eu-west-1',
        region: 'us-east-1',
        tags: { Name: 'registry-virginia/virginia--ireland', team: 'registry' },
      },
    });
    expect(asked(recording, 'PeeringAttachmentAccepter')['virginia--ireland']).toMatchObject({ region: 'eu-west-1' });
    const at = 'registry-virginia/virginia--ireland-id';
    const hubRoutes = recording.requests.filter(({ type }) => type === 'aws:ec2transitgateway/route:Route');
    expect(hubRoutes.map(({ inputs }) => inputs)).toEqual([
      {
        destinationCidrBlock: '10.1.0.0/16',
        transitGatewayAttachmentId: at,
        transitGatewayRouteTableId: 'registry-virginia/vpc-id',
        region: 'us-east-1',
      },
      {
        destinationCidrBlock: '10.0.0.0/16',
        transitGatewayAttachmentId: at,
        transitGatewayRouteTableId: 'registry-ireland/vpc-id',
        region: 'eu-west-1',
      },
    ]);
  });

  it('opens security groups for the plan’s flows alone, each port and range once', async () => {
    const recording = await mesh();
    const rules = (type: string) =>
      Object.entries(asked(recording, type)).map(([name, { ipProtocol, fromPort, toPort, cidrIpv4 }]) => [
        name,
        `${ipProtocol} ${fromPort}-${toPort} ${cidrIpv4}`,
      ]);
    const cidrs = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'];
    expect(rules('SecurityGroupIngressRule').sort()).toEqual(
      cidrs
        .flatMap((cidr) => [
          [`security-groups/0/ingress/icmp-3/${cidr}`, `icmp 3-4 ${cidr}`],
          [`security-groups/0/ingress/tcp-443/${cidr}`, `tcp 443-443 ${cidr}`],
        ])
        .sort(),
    );
    expect(rules('SecurityGroupEgressRule').sort()).toEqual(
      [
        ...cidrs.map((cidr) => [`security-groups/0/egress/icmp-3/${cidr}`, `icmp 3-4 ${cidr}`]),
        ...cidrs.map((cidr) => [`security-groups/0/egress/tcp-443/${cidr}`, `tcp 443-443 ${cidr}`]),
      ].sort(),
    );
    expect(Object.keys(asked(recording, 'SecurityGroupIngressRule', 'registry-ireland/'))).toEqual([]);
  });

  it('answers for its names from a private zone, and asks others through Resolver', async () => {
    const recording = await mesh();
    expect(asked(recording, 'Zone')['virginia.registry.example.com']).toMatchObject({
      name: 'virginia.registry.example.com',
      vpcs: [{ vpcId: 'vpc-a', vpcRegion: 'us-east-1' }],
      // Also with records of an external-dns, which Pulumi does not know.
      forceDestroy: true,
    });
    expect(asked(recording, 'Record')['virginia.registry.example.com']).toEqual({
      zoneId: 'zone virginia.registry.example.com',
      name: 'virginia.registry.example.com',
      type: 'A',
      ttl: 30,
      records: ['10.9.9.9'],
    });
    const rules = asked(recording, 'ResolverRule');
    expect(rules['ireland.registry.example.com']).toMatchObject({
      domainName: 'ireland.registry.example.com',
      ruleType: 'FORWARD',
      resolverEndpointId: 'registry-virginia-outbound-id',
      targetIps: [{ ip: '10.0.0.2' }, { ip: '10.0.1.2' }],
    });
    expect(rules['factory.registry.example.com']).toMatchObject({ targetIps: [{ ip: '10.2.0.53' }] });
    expect(asked(recording, 'ResolverRuleAssociation')['factory.registry.example.com']).toMatchObject({
      vpcId: 'vpc-a',
    });
    // Resolver takes 64 letters, digits, "-", "_" and spaces; the engine would make a name of the zone's.
    const resolver = recording.requests.filter(({ type }) => /:Resolver(Rule|RuleAssociation|Endpoint)$/.test(type));
    const named = resolver.map(({ inputs }) => inputs.name);
    expect(named.length).toBeGreaterThanOrEqual(6);
    expect(named).toEqual(named.map(() => expect.stringMatching(/^[A-Za-z0-9_ -]{1,64}$/)));
    const group = recording.find('registry-virginia-inbound', 'aws:ec2/securityGroup:SecurityGroup').inputs;
    const cidrBlocks = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'];
    expect([group.ingress, group.egress]).toEqual([
      ['udp', 'tcp'].map((protocol) => ({ protocol, fromPort: 53, toPort: 53, cidrBlocks })),
      [],
    ]);
    expect(
      recording.find('registry-virginia-inbound', 'aws:route53/resolverEndpoint:ResolverEndpoint').inputs,
    ).toMatchObject({
      direction: 'INBOUND',
      ipAddresses: [{ subnetId: 'subnet-a1' }, { subnetId: 'subnet-a2' }],
    });
  });

  it('answers for a load balancer of AWS by an alias, which may stand at the name of a zone, and for a database by its host', async () => {
    const zone = 'virginia.registry.example.com';
    const record = async (host: string) => {
      const addresses = { [zone]: [host] };
      const database = Database.external({ host: 'db.example.com', passwordSecret: 'db' });
      const regions = () => ({ virginia: { ...virginia(), addresses, database }, factory: factory() });
      return asked(await deploy(regions), 'Record');
    };
    const network = 'registry-0a1b.elb.us-east-1.amazonaws.com';
    const records = await record(network);
    expect(records[zone]).toEqual({
      zoneId: `zone ${zone}`,
      name: zone,
      type: 'A',
      aliases: [{ name: network, zoneId: 'Z5', evaluateTargetHealth: true }],
    });
    expect(records[`database.${zone}`]).toMatchObject({ type: 'CNAME', records: ['db.example.com'] });
    const application = 'internal-k8s-0a1b.us-east-1.elb.amazonaws.com';
    expect((await record(application))[zone]).toMatchObject({ aliases: [{ name: application }] });
  });

  it('makes every regional resource in the region of the plan', async () => {
    const { requests } = await mesh();
    const global = /:(Zone|Record|Network)$/;
    const regional = requests.filter(({ type }) => type.startsWith('aws:') && !global.test(type));
    expect(regional.filter(({ inputs }) => inputs.region === undefined)).toEqual([]);
    expect(new Set(regional.map(({ inputs }) => inputs.region))).toEqual(new Set(['us-east-1', 'eu-west-1']));
  });
});

describe('a region in AWS with what a landing zone has', () => {
  const hub = {
    id: 'tgw-0f',
    vpcAttachmentId: 'tgw-attach-0f',
    associationRouteTableId: 'tgw-rtb-0a',
    propagationRouteTableIds: ['tgw-rtb-0a', 'tgw-rtb-0b'],
  };
  const types = ({ requests }: Recording): readonly string[] => [
    ...new Set(requests.flatMap(({ type }) => (/^aws:.*:(\w+)$/.exec(type) ?? []).slice(1))),
  ];

  it('makes connections at a hub of another account, and nothing of the hub', async () => {
    const recording = await deploy(() => {
      const networkProvider = new Provider('network', { region: 'us-east-1' });
      return {
        virginia: virginia({ transitGateway: hub, networkProvider, names: false, securityGroupIds: undefined }),
        factory: factory(),
      };
    });
    expect(types(recording).toSorted()).toEqual(
      ['CustomerGateway', 'Route', 'RouteTableAssociation', 'RouteTablePropagation', 'VpnConnection'].sort(),
    );
    const providerOf = (type: string): readonly string[] => [
      ...new Set(recording.requests.filter((one) => one.type.endsWith(`:${type}`)).map(({ provider }) => provider)),
    ];
    for (const type of ['CustomerGateway', 'VpnConnection', 'RouteTableAssociation', 'RouteTablePropagation']) {
      expect(providerOf(type)).toEqual([expect.stringContaining('pulumi:providers:aws::network::')]);
    }
    expect(providerOf('Route')).toEqual([expect.not.stringContaining('::network::')]);
    expect(asked(recording, 'RouteTablePropagation')['virginia--factory/0/1']).toMatchObject({
      transitGatewayRouteTableId: 'tgw-rtb-0b',
    });
  });

  it('attaches its VPC to a shared hub that must accept it', async () => {
    const transitGateway = { ...hub, vpcAttachmentId: undefined, acceptAttachment: true };
    const recording = await deploy(() => {
      const networkProvider = new Provider('network', { region: 'us-east-1' });
      return { virginia: virginia({ transitGateway, networkProvider, names: false }), factory: factory() };
    });
    const accepter = recording.find(
      'registry-virginia/vpc',
      'aws:ec2transitgateway/vpcAttachmentAccepter:VpcAttachmentAccepter',
    );
    expect(accepter.inputs).toMatchObject({ transitGatewayAttachmentId: 'registry-virginia/vpc-id' });
    const association = 'aws:ec2transitgateway/routeTableAssociation:RouteTableAssociation';
    expect(recording.find('registry-virginia/vpc', association).dependencies).toContain(accepter.urn);
    expect(asked(recording, 'VpcAttachment').vpc).not.toHaveProperty('transitGatewayDefaultRouteTableAssociation');
  });

  it('leaves association and propagation to a hub that does it itself, and peers over its default table', async () => {
    const recording = await deploy(() => ({
      virginia: virginia({ transitGateway: { id: 'tgw-0f' } }),
      ireland: ireland(),
    }));
    expect(asked(recording, 'RouteTableAssociation')).toEqual({});
    expect(asked(recording, 'Route')['virginia--ireland/10.1.0.0/16']).toMatchObject({
      transitGatewayRouteTableId: 'tgw-rtb-0d',
    });
  });

  it('propagates into the table that attachments are associated with, unless told others', async () => {
    const associationRouteTableId = 'tgw-rtb-0a';
    const recording = await deploy(() => ({
      virginia: virginia({ transitGateway: { id: 'tgw-0f', associationRouteTableId } }),
      factory: factory(),
    }));
    const own = ['vpc', 'virginia--factory/0', 'virginia--factory/1'];
    const into = Object.entries(asked(recording, 'RouteTablePropagation'));
    expect(into.map(([name, { transitGatewayRouteTableId }]) => [name, transitGatewayRouteTableId]).sort()).toEqual(
      own.map((one) => [`${one}/0`, associationRouteTableId]).sort(),
    );
    expect(asked(recording, 'VpcAttachment').vpc).toMatchObject({
      transitGatewayDefaultRouteTableAssociation: false,
      transitGatewayDefaultRouteTablePropagation: false,
    });
  });

  it('takes the place of what a gateway associated by itself, which no connection can refuse', async () => {
    const recording = await deploy(() => ({ virginia: virginia({ transitGateway: hub }), factory: factory() }));
    const associations = Object.values(asked(recording, 'RouteTableAssociation'));
    expect(associations).toHaveLength(2);
    for (const one of associations) expect(one).toMatchObject({ replaceExistingAssociation: true });
  });

  it('does not fight a gateway over its own default table', async () => {
    const recording = await deploy(() => ({
      virginia: virginia({
        transitGateway: {
          id: 'tgw-0f',
          associationRouteTableId: 'tgw-rtb-0d',
          propagationRouteTableIds: ['tgw-rtb-0b'],
        },
      }),
      factory: factory(),
    }));
    expect(asked(recording, 'VpcAttachment').vpc).toMatchObject({
      transitGatewayDefaultRouteTableAssociation: true,
      transitGatewayDefaultRouteTablePropagation: false,
    });
  });

  it('refuses to propagate what the gateway propagates by itself', () => {
    const path = 'regions.virginia.cloud.transitGateway';
    const found = {
      id: 'tgw-0f',
      propagationDefaultRouteTableId: 'tgw-rtb-0d',
      defaultRouteTablePropagation: 'enable',
    };
    const check = (association: string, propagation?: string[], more: object = {}) =>
      propagatedOnce(path, { ...found, ...more }, association, propagation);
    expect(() => check('tgw-rtb-0d')).toThrow(
      `${path}.associationRouteTableId: tgw-0f propagates into tgw-rtb-0d, its default table, by itself: leave associationRouteTableId out`,
    );
    expect(() => check('tgw-rtb-0a', ['tgw-rtb-0a', 'tgw-rtb-0d'])).toThrow(
      `${path}.propagationRouteTableIds: tgw-0f propagates into tgw-rtb-0d, its default table, by itself: remove it from the list`,
    );
    expect(check('tgw-rtb-0d', ['tgw-rtb-0a'])).toBeUndefined();
    expect(check('tgw-rtb-0a')).toBeUndefined();
    expect(check('tgw-rtb-0d', undefined, { defaultRouteTablePropagation: 'disable' })).toBeUndefined();
  });

  it('takes hubs that have the same ASN, by default, where they are only peered', async () => {
    const hubs = () => ({
      virginia: virginia({ transitGateway: { id: 'tgw-0a' } }),
      ireland: ireland({ transitGateway: { id: 'tgw-0b' } }),
    });
    const recording = await deploy(hubs, {}, '64512');
    expect(Object.keys(asked(recording, 'PeeringAttachment'))).toEqual(['virginia--ireland']);
  });

  it.each([
    ['its identifier', (): Input<string> => 'tgw-01'],
    ['one Output', (): Input<string> => output('tgw-01')],
  ])('joins two regions at one hub, told by %s, by their attachments and routes alone', async (_, told) => {
    const recording = await deploy(() => {
      const transitGateway = { id: told() };
      return { virginia: virginia({ transitGateway }), ireland: ireland({ transitGateway }) };
    });
    expect(types(recording).filter((type) => /Peering/.test(type))).toEqual([]);
    for (const [region, cidr] of [
      ['virginia', '10.1.0.0/16'],
      ['ireland', '10.0.0.0/16'],
    ]) {
      const at = `registry-${region}/`;
      expect(asked(recording, 'VpcAttachment', at).vpc).toMatchObject({ transitGatewayId: 'tgw-01' });
      const routes = asked(recording, 'Route', at);
      expect(Object.keys(routes).sort()).toEqual([`routes/0/${cidr}`, `routes/1/${cidr}`]);
      for (const route of Object.values(routes)) expect(route).toMatchObject({ transitGatewayId: 'tgw-01' });
    }
  });

  it('refuses to peer a hub with itself where that shows only when deployed', () => {
    const peer = { place: { site: { path: 'regions.ireland.cloud' } } as never };
    expect(otherGateway(peer, 'tgw-02', 'tgw-01')).toBe('tgw-02');
    expect(() => otherGateway(peer, 'tgw-01', 'tgw-01')).toThrow(
      'regions.ireland.cloud.transitGateway.id: tgw-01 is the gateway of the region that it would be peered with: give both regions the same Output',
    );
  });

  it('refuses to peer two hubs twice', () => {
    const plan = planOf({ a: networkOf('aws', 0), b: networkOf('aws', 1), c: networkOf('aws', 2) });
    const complain = (ids: readonly (string | undefined)[], of = plan) =>
      ids.flatMap((id, i) =>
        complaints(
          aws(place('a', { transitGateway: id === undefined ? undefined : { id } })),
          of,
          'abc'.charAt(i),
        ).filter((told) => told.includes('.transitGateway')),
      );
    const twice = (a: string, b: string) =>
      `would be peered twice with the same gateway: for link ${a}, and for ${b} of a region that shares one`;
    expect(complain(['tgw-01', 'tgw-01', undefined])).toEqual([
      `regions.c.cloud.transitGateway: ${twice('b--c', 'a--c')}`,
    ]);
    const fresh = () => planOf({ a: networkOf('aws', 0), b: networkOf('aws', 1), c: networkOf('aws', 2) });
    expect(complain(['tgw-01', 'tgw-01', 'tgw-01'], fresh())).toEqual([]);
    expect(complain(['tgw-01', 'tgw-02', undefined], fresh())).toEqual([]);
  });

  it('refuses a gateway whose ASN is not the planned one', () => {
    const path = 'regions.virginia.cloud.transitGateway.id';
    expect(plannedGateway(path, 'tgw-0f', '64600', '64600')).toBe('tgw-0f');
    expect(plannedGateway(path, 'tgw-0f', '64512', undefined)).toBe('tgw-0f');
    expect(() => plannedGateway(path, 'tgw-0f', '64512', '64600')).toThrow(
      `${path}: tgw-0f has ASN 64512, but 64600 is planned: set network.asn: 64512 in the region`,
    );
  });

  it.each([
    ['vpn', '64600'],
    ['peering', undefined],
    ['existing', undefined],
  ] as const)('asks a hub for its ASN where BGP tells it to others: %s', (via, asn) => {
    const link = { name: 'a--b', between: ['a', 'b'] as const, insideCidrs: [], tunnels: [] };
    expect(spokenAsn({ links: [{ ...link, via }], network: { asn: 64600 } })).toBe(asn);
  });

  it('uses zones and endpoints of Resolver that exist', async () => {
    const zone = 'virginia.registry.example.com';
    const own = { zoneIds: { [zone]: 'Z9' }, inboundEndpoint: true, outboundEndpointId: 'rslvr-out-0f' };
    const network = { resolvers: ['10.0.0.10', '10.0.1.10'] };
    const recording = await deploy(() => ({ virginia: virginia(own, network), ireland: ireland() }));
    expect(asked(recording, 'Zone')).toEqual({});
    expect(asked(recording, 'Record')[zone]).toMatchObject({ zoneId: 'Z9' });
    expect(asked(recording, 'ResolverEndpoint', 'registry-virginia')).toEqual({});
    expect(asked(recording, 'ResolverRule')['ireland.registry.example.com']).toMatchObject({
      resolverEndpointId: 'rslvr-out-0f',
    });
    const rule = asked(recording, 'ResolverRule', 'registry-ireland/')[zone];
    expect(rule).toMatchObject({ targetIps: [{ ip: '10.0.0.10' }, { ip: '10.0.1.10' }] });
  });

  it('ends connections at a VPN gateway, whose routes every table learns, and joins VPCs instead of hubs', async () => {
    const small = { gateway: 'vpnGateway' as const };
    const recording = await deploy(() => ({ virginia: virginia({}, small), ireland: ireland(), factory: factory() }));
    expect(asked(recording, 'VpnGateway').gateway).toMatchObject({ vpcId: 'vpc-a', amazonSideAsn: '64600' });
    expect(
      Object.values(asked(recording, 'VpnGatewayRoutePropagation')).map(({ routeTableId }) => routeTableId),
    ).toEqual(['rtb-a1', 'rtb-a2']);
    expect(asked(recording, 'VpnConnection')['virginia--factory/0']).toMatchObject({
      vpnGatewayId: 'registry-virginia/gateway-id',
    });
    expect(asked(recording, 'VpcPeeringConnection')['virginia--ireland']).toMatchObject({
      vpcId: 'vpc-a',
      peerVpcId: 'vpc-b',
      peerRegion: 'eu-west-1',
    });
    expect(asked(recording, 'VpcPeeringConnectionAccepter')['virginia--ireland']).toMatchObject({
      region: 'eu-west-1',
    });
    const routes = { ...asked(recording, 'Route'), ...asked(recording, 'Route', 'registry-ireland/') };
    expect(routes['routes/0/10.1.0.0/16']).toMatchObject({
      routeTableId: 'rtb-a1',
      vpcPeeringConnectionId: 'registry-virginia/virginia--ireland-id',
    });
    expect(routes['routes/1/10.0.0.0/16']).toMatchObject({
      routeTableId: 'rtb-b2',
      vpcPeeringConnectionId: 'registry-virginia/virginia--ireland-id',
    });
    expect(routes['routes/1/10.2.0.0/16']).toMatchObject({ transitGatewayId: 'registry-ireland/gateway-id' });
    expect(asked(recording, 'PeeringAttachment')).toEqual({});
  });

  it('uses a VPN gateway that exists', async () => {
    const recording = await deploy(() => ({
      virginia: virginia({ vpnGatewayId: 'vgw-0f' }, { gateway: 'vpnGateway' }),
      factory: factory(),
    }));
    expect(asked(recording, 'VpnGateway')).toEqual({});
    expect(asked(recording, 'VpnConnection')['virginia--factory/0']).toMatchObject({ vpnGatewayId: 'vgw-0f' });
  });

  it('needs no gateway where all links are there already: names and rules only', async () => {
    const links = Links.list([{ between: ['virginia', 'factory'], via: 'existing' }]);
    const recording = await deploy(() => ({ virginia: virginia(), factory: factory() }), { links });
    expect(types(recording).filter((type) => /Gateway|Route$|Attachment|Connection/.test(type))).toEqual([]);
    expect(types(recording)).toEqual(expect.arrayContaining(['SecurityGroupIngressRule', 'Zone', 'ResolverRule']));
  });

  it('asks the other account who it is when two accounts are joined', async () => {
    const recording = await deploy(() => ({
      virginia: virginia(),
      ireland: ireland({ provider: new Provider('ireland', { region: 'eu-west-1' }) }),
    }));
    expect(asked(recording, 'PeeringAttachment')['virginia--ireland']).toMatchObject({ peerAccountId: '444455556666' });
  });

  it('asks the stack’s own account when the other end has no provider of its own', async () => {
    for (const network of [{}, { gateway: 'vpnGateway' }]) {
      const recording = await deploy(() => ({
        virginia: virginia({ provider: new Provider('virginia', { region: 'us-east-1' }) }, network),
        ireland: ireland({}, network),
      }));
      const [inputs] = [asked(recording, 'PeeringAttachment'), asked(recording, 'VpcPeeringConnection')].flatMap(
        Object.values,
      );
      expect(inputs.peerAccountId ?? inputs.peerOwnerId).toBe('111122223333');
    }
  });
});

describe('mistakes about a place in AWS', () => {
  const zone = 'virginia.registry.example.com';
  const wrong = (more: object, network: object = {}) =>
    mistaken(() =>
      deployLinked(() => ({ virginia: virginia(more, network), factory: factory() }), { only: ['virginia'] }),
    );

  it('are told with where and what', async () => {
    expect(
      await wrong({
        vpcId: 'a',
        subnetIds: ['subnet-a'],
        routeTableIds: [],
        zoneIds: { [zone]: 'y' },
        gateway: 'tgw-1',
      }),
    ).toEqual([
      'regions.virginia.cloud.gateway: is not a setting here',
      'regions.virginia.cloud.vpcId: is not valid',
      'regions.virginia.cloud.subnetIds: leaves gateway or resolver without a second zone',
      'regions.virginia.cloud.routeTableIds: is missing',
      `regions.virginia.cloud.zoneIds.${zone}: is not valid`,
    ]);
  });

  it('include a zone that the region does not have, beside which it would get one of its own', async () => {
    expect(await wrong({ zoneIds: { 'virgina.registry.example.com': 'Z9' } })).toEqual([
      'regions.virginia.cloud.zoneIds.virgina.registry.example.com: is not a setting here',
    ]);
    // One that no other region asks yet may name the zone that it will have.
    const alone = planOf({ virginia: networkOf('aws', 0) });
    expect(complaints(aws(place('a', { zoneIds: { [zone]: 'Z9' } })), alone, 'virginia')).toEqual([]);
  });

  it('include a gateway of another kind than planned', async () => {
    expect(await wrong({ vpnGatewayId: 'vgw-0f' })).toEqual([
      'regions.virginia.cloud.vpnGatewayId: is not used: network.gateway is transitGateway',
    ]);
    expect(await wrong({ transitGateway: { id: 'tgw-0f' } }, { gateway: 'vpnGateway' })).toEqual([
      'regions.virginia.cloud.transitGateway: is not used: network.gateway is vpnGateway',
    ]);
    expect(await wrong({ transitGateway: { id: 'x', acceptAttachment: 'yes' } })).toEqual([
      'regions.virginia.cloud.transitGateway.id: is not valid',
      'regions.virginia.cloud.transitGateway.acceptAttachment: is not a switch',
    ]);
  });

  it('include resolvers that no endpoint could have, and a provider for nothing', async () => {
    expect(await wrong({ inboundEndpoint: true })).toEqual([
      'regions.virginia.cloud.inboundEndpoint: exists at unknown addresses',
    ]);
    expect(await wrong({}, { resolvers: ['10.0.0.10'] })).toEqual([
      'regions.virginia.cloud.subnetIds: does not fit network.resolvers',
    ]);
    expect(
      await mistaken(() =>
        deployLinked(() => ({
          virginia: virginia({ networkProvider: new Provider('network', {}) }),
          factory: factory(),
        })),
      ),
    ).toEqual(['regions.virginia.cloud.networkProvider: has no gateway']);
  });
});
