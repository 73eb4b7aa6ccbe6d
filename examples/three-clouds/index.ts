import { Provider } from '@pulumi/alicloud';
import { Config, secret } from '@pulumi/pulumi';
import { Links, Network } from 'harbor-fleet';
import * as ofAlicloud from 'harbor-fleet/alicloud';
import * as ofAws from 'harbor-fleet/aws';
import * as ofAzure from 'harbor-fleet/azure';
import * as ofGoogle from 'harbor-fleet/gcp';
import { onPremises } from 'harbor-fleet/on-premises/pulumi';
import { ClusterProvider, Exposure, type RegionArgs, RegistryTopology, SharedStorage } from 'harbor-fleet/pulumi';

interface LandingZone {
  readonly kubeconfig: string;
  readonly storageClass: string;
  /** What other regions reach through the tunnels; no two regions overlap. */
  readonly cidrs: string[];
}
interface Virginia extends LandingZone {
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly routeTableIds: string[];
  readonly securityGroupIds: string[];
}
interface Singapore extends LandingZone {
  readonly vpcId: string;
  readonly vswitches: ofAlicloud.Vswitch[];
  readonly securityGroupId: string;
  readonly resolvers: string[];
}
interface Amsterdam extends LandingZone {
  readonly virtualNetworkId: string;
  readonly networkSecurityGroupIds: string[];
}
interface Iowa extends LandingZone {
  readonly network: string;
  readonly networkTags: string[];
}
interface Factory extends LandingZone {
  readonly publicIps: string[];
  readonly resolvers: string[];
}

const config = new Config();
const domain = config.require('domain');
/** What each landing zone has already. */
const virginia = config.requireObject<Virginia>('virginia');
const singapore = config.requireObject<Singapore>('singapore');
const factory = config.requireObject<Factory>('factory');
/** Regions that join once the configuration has them, in any order: their indices are pinned, so that no tunnel changes. */
const amsterdam = config.getObject<Amsterdam>('amsterdam');
const iowa = config.getObject<Iowa>('iowa');
/** Where the internet reaches each region's load balancer, such as a firewall in front of it, by the region's name. */
const publicAddresses = config.getObject<Record<string, string[]>>('publicAddresses');

/** @param annotations of an internal load balancer: what regions ask each other for goes through the tunnels */
const cluster = (
  name: string,
  { kubeconfig, storageClass }: LandingZone,
  annotations?: Readonly<Record<string, string>>,
): RegionArgs => ({
  cluster: { provider: new ClusterProvider(name, { kubeconfig: secret(kubeconfig) }) },
  storage: SharedStorage.nas({ storageClass }),
  exposure: Exposure.loadBalancer({ annotations }),
});

const inAzure = (landingZone: Amsterdam): RegionArgs => ({
  ...cluster('amsterdam', landingZone, ofAzure.loadBalancerAnnotations({ scheme: 'internal' })),
  network: Network.azure({ region: 'westeurope', cidrs: landingZone.cidrs, index: 3 }),
  cloud: ofAzure.azure({
    virtualNetworkId: landingZone.virtualNetworkId,
    gateway: ofAzure.VpnGateway.made({ subnetId: `${landingZone.virtualNetworkId}/subnets/GatewaySubnet` }),
    resolver: ofAzure.PrivateResolver.made({
      inboundSubnetId: `${landingZone.virtualNetworkId}/subnets/dns-in`,
      outboundSubnetId: `${landingZone.virtualNetworkId}/subnets/dns-out`,
    }),
    networkSecurityGroupIds: landingZone.networkSecurityGroupIds,
  }),
});

const inGoogleCloud = (landingZone: Iowa): RegionArgs => ({
  ...cluster('iowa', landingZone, ofGoogle.loadBalancerAnnotations({ scheme: 'internal' })),
  network: Network.gcp({ region: 'us-central1', cidrs: landingZone.cidrs, index: 4 }),
  cloud: ofGoogle.gcp({
    network: landingZone.network,
    gateway: ofGoogle.VpnGateway.made(),
    firewallTargets: { networkTags: landingZone.networkTags },
  }),
});

const registry = new RegistryTopology('registry', {
  domain,
  images: { kraken: config.require('krakenImage') },
  regions: {
    virginia: {
      ...cluster(
        'virginia',
        virginia,
        ofAws.loadBalancerAnnotations({ scheme: 'internal', subnetIds: virginia.subnetIds }),
      ),
      network: Network.aws({ region: 'us-east-1', cidrs: virginia.cidrs }),
      cloud: ofAws.aws({
        vpcId: virginia.vpcId,
        subnetIds: virginia.subnetIds,
        routeTableIds: virginia.routeTableIds,
        securityGroupIds: virginia.securityGroupIds,
      }),
    },
    singapore: {
      ...cluster('singapore', singapore, ofAlicloud.loadBalancerAnnotations({ addressType: 'intranet' })),
      network: Network.alicloud({
        region: 'ap-southeast-1',
        cidrs: singapore.cidrs,
        resolvers: singapore.resolvers,
      }),
      cloud: ofAlicloud.alicloud({
        provider: new Provider('singapore', { region: 'ap-southeast-1' }),
        vpcId: singapore.vpcId,
        vswitches: singapore.vswitches,
        securityGroupId: singapore.securityGroupId,
      }),
    },
    factory: {
      ...cluster('factory', factory),
      network: Network.onPremises({
        cidrs: factory.cidrs,
        publicIps: factory.publicIps,
        resolvers: factory.resolvers,
      }),
      cloud: onPremises(),
    },
    ...(amsterdam && { amsterdam: inAzure(amsterdam) }),
    ...(iowa && { iowa: inGoogleCloud(iowa) }),
  },
  links: Links.mesh(),
  dns: {},
  settings: {}, // projects and replication are made and kept, and every region takes the tokens of the others
  projects: { library: { home: 'virginia', public: true, replicateTo: 'all' } },
});

if (publicAddresses) {
  // The one name: the first region whose Harbor is healthy, as Route 53 asks it from the internet.
  new ofAws.DnsRecords('registry', {
    plan: registry.plan,
    zone: ofAws.DnsZone.existing({ zoneId: config.require('zoneId') }),
    targets: Object.fromEntries(
      Object.entries(publicAddresses).map(([region, ipv4]) => [
        `${region}.${domain}`,
        ofAws.DnsTarget.addresses({ ipv4 }),
      ]),
    ),
  });
}

/** Where clients reach each Harbor. */
export const endpoints = registry.endpoints;
/** The data centre's files, as one secret: `pulumi stack output files --show-secrets`. */
export const files = registry.files;
/** Outside addresses of all ends, and resolvers. */
export const networks = registry.networks;
/** Tunnels, addresses, names, firewall rules and costs as tables. */
export const report = registry.report;
