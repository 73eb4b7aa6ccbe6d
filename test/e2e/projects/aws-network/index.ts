import { RouteTable, SecurityGroup, Subnet, Vpc } from '@pulumi/aws/ec2';
import { Provider } from '@pulumi/kubernetes';
import { Config } from '@pulumi/pulumi';
import { Links, Network } from 'harbor-fleet';
import { aws, DnsRecords, DnsTarget, DnsZone } from 'harbor-fleet/aws';
import { onPremises } from 'harbor-fleet/on-premises/pulumi';
import { type RegionArgs, RegistryTopology, SharedStorage } from 'harbor-fleet/pulumi';

const config = new Config();
const domain = 'registry.example.test';

/** What a region has already: a VPC. */
const landingZone = (name: string, network: string) => {
  const vpcId = new Vpc(name, { cidrBlock: `${network}.0.0/16` }).id;
  const subnets = ['a', 'b'].map((zone, i) => {
    const place = { cidrBlock: `${network}.${i}.0/24`, availabilityZone: `us-east-1${zone}` };
    return new Subnet(`${name}-${zone}`, { vpcId, ...place });
  });
  return {
    vpcId,
    subnetIds: subnets.map(({ id }) => id),
    routeTableIds: [new RouteTable(name, { vpcId }).id],
    securityGroupIds: [new SecurityGroup(name, { vpcId }).id],
  };
};

/** A small region whose objects are written to files. */
const region = (name: string, ip: string, more: Partial<RegionArgs>): RegionArgs => ({
  cluster: { provider: new Provider(name, { renderYamlToDirectory: `${config.require('manifests')}/${name}` }) },
  storage: SharedStorage.nas({ server: `${name}.example.test`, path: '/export' }),
  kraken: false,
  nodeMirror: false,
  addresses: { [`${name}.${domain}`]: [ip] },
  ...more,
});

const dataCentre = (name: string, network: string, publicIps: string[]) =>
  region(name, `${network}.0.10`, {
    network: Network.onPremises({ cidrs: [`${network}.0.0/16`], publicIps, resolvers: [`${network}.0.53`] }),
    cloud: onPremises(),
  });

const registry = new RegistryTopology('registry', {
  domain,
  regions: {
    virginia: region('virginia', '10.0.0.10', {
      network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'], asn: 64600 }),
      cloud: aws({ ...landingZone('virginia', '10.0'), transitGateway: { id: config.require('hubId') } }),
    }),
    georgia: region('georgia', '10.3.0.10', {
      network: Network.aws({ region: 'us-east-1', cidrs: ['10.3.0.0/16'], asn: 64601, gateway: 'vpnGateway' }),
      cloud: aws(landingZone('georgia', '10.3')),
    }),
    factory: dataCentre('factory', '10.1', ['198.51.100.1', '198.51.100.2']),
    ...(config.getBoolean('depot') ? { depot: dataCentre('depot', '10.2', ['198.51.100.3']) } : {}),
  },
  dns: {},
  links: Links.mesh({
    links: [
      { between: ['virginia', 'factory'], keyRotation: config.getNumber('keyRotation') ?? 0 },
      { between: ['virginia', 'georgia'], via: 'existing' },
    ],
  }),
});

/** The one name, which leads to the next region while one is unhealthy. */
const names = new DnsRecords('registry', {
  plan: registry.plan,
  zone: DnsZone.public(),
  targets: Object.fromEntries(
    registry.plan.regions.map(({ hostname }, i) => [hostname, DnsTarget.addresses({ ipv4: [`203.0.113.${i + 1}`] })]),
  ),
});

export const { networks, sharedSecrets, files } = registry;
export const { zoneId } = names;
