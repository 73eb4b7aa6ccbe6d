import { Provider } from '@pulumi/alicloud';
import { Config, secret } from '@pulumi/pulumi';
import { Links, Network } from 'harbor-fleet';
import { alicloud, type Vswitch } from 'harbor-fleet/alicloud';
import { aws } from 'harbor-fleet/aws';
import { VpnGateway as AzureGateway, azure, PrivateResolver } from 'harbor-fleet/azure';
import { VpnGateway as GoogleGateway, gcp } from 'harbor-fleet/gcp';
import { onPremises } from 'harbor-fleet/on-premises/pulumi';
import { ClusterProvider, Exposure, type RegionArgs, RegistryTopology, SharedStorage } from 'harbor-fleet/pulumi';

interface Cluster {
  readonly kubeconfig: string;
  readonly storageClass: string;
}
interface Virginia extends Cluster {
  readonly vpcId: string;
  readonly subnetIds: string[];
  readonly routeTableIds: string[];
  readonly securityGroupIds: string[];
}
interface Singapore extends Cluster {
  readonly vpcId: string;
  readonly vswitches: Vswitch[];
  readonly securityGroupId: string;
}
interface Amsterdam extends Cluster {
  readonly virtualNetworkId: string;
  readonly networkSecurityGroupIds: string[];
}
interface Iowa extends Cluster {
  readonly network: string;
  readonly networkTags: string[];
}
interface Factory extends Cluster {
  readonly publicIps: string[];
  readonly resolvers: string[];
  readonly harborAddress: string;
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

const cluster = (name: string, { kubeconfig, storageClass }: Cluster): RegionArgs => ({
  cluster: { provider: new ClusterProvider(name, { kubeconfig: secret(kubeconfig) }) },
  storage: SharedStorage.nas({ storageClass }),
  exposure: Exposure.loadBalancer(),
});

const inAzure = (landingZone: Amsterdam): RegionArgs => ({
  ...cluster('amsterdam', landingZone),
  network: Network.azure({ region: 'westeurope', cidrs: ['10.3.0.0/16'], index: 3 }),
  cloud: azure({
    virtualNetworkId: landingZone.virtualNetworkId,
    gateway: AzureGateway.made({ subnetId: `${landingZone.virtualNetworkId}/subnets/GatewaySubnet` }),
    resolver: PrivateResolver.made({
      inboundSubnetId: `${landingZone.virtualNetworkId}/subnets/dns-in`,
      outboundSubnetId: `${landingZone.virtualNetworkId}/subnets/dns-out`,
    }),
    networkSecurityGroupIds: landingZone.networkSecurityGroupIds,
  }),
});

const inGoogleCloud = (landingZone: Iowa): RegionArgs => ({
  ...cluster('iowa', landingZone),
  network: Network.gcp({ region: 'us-central1', cidrs: ['10.4.0.0/16'], index: 4 }),
  cloud: gcp({
    network: landingZone.network,
    gateway: GoogleGateway.made(),
    firewallTargets: { networkTags: landingZone.networkTags },
  }),
});

const registry = new RegistryTopology('registry', {
  domain,
  images: { kraken: config.require('krakenImage') },
  regions: {
    virginia: {
      ...cluster('virginia', virginia),
      network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'] }),
      cloud: aws({
        vpcId: virginia.vpcId,
        subnetIds: virginia.subnetIds,
        routeTableIds: virginia.routeTableIds,
        securityGroupIds: virginia.securityGroupIds,
      }),
    },
    singapore: {
      ...cluster('singapore', singapore),
      network: Network.alicloud({
        region: 'ap-southeast-1',
        cidrs: ['10.1.0.0/16'],
        resolvers: ['10.1.0.53', '10.1.1.53'],
      }),
      cloud: alicloud({
        provider: new Provider('singapore', { region: 'ap-southeast-1' }),
        vpcId: singapore.vpcId,
        vswitches: singapore.vswitches,
        securityGroupId: singapore.securityGroupId,
      }),
    },
    factory: {
      ...cluster('factory', factory),
      network: Network.onPremises({
        cidrs: ['10.2.0.0/16'],
        publicIps: factory.publicIps,
        resolvers: factory.resolvers,
      }),
      cloud: onPremises(),
      exposure: Exposure.nodePort(),
      addresses: { [`factory.${domain}`]: [factory.harborAddress] },
    },
    ...(amsterdam && { amsterdam: inAzure(amsterdam) }),
    ...(iowa && { iowa: inGoogleCloud(iowa) }),
  },
  links: Links.mesh(),
  projects: { library: { home: 'virginia', public: true, replicateTo: 'all' } },
});

/** Where clients reach each Harbor. */
export const endpoints = registry.endpoints;
/** The data centre's files, as one secret: `pulumi stack output files --show-secrets`. */
export const files = registry.files;
/** Outside addresses of all ends, and resolvers. */
export const networks = registry.networks;
/** Tunnels, addresses, names, firewall rules and costs as tables. */
export const report = registry.report;
