import { ComponentResource } from '@pulumi/pulumi';
import { type AzureArgs, azure, PrivateResolver, VpnGateway } from '../../../lib/cloud/azure';
import type { CloudNetwork } from '../../../lib/cloud/cloud';
import type { TopologyPlan } from '../../../lib/plan/plan';
import { type Recording, type RecordOptions, record } from '../../pulumi/support/mocks';
import { siteOf } from '../gathered';
import { outsideAddress } from './ends';

const GROUP = '/subscriptions/s-1/resourceGroups/network/providers/Microsoft.Network';

/** The id of a network resource of the landing zone. */
export const id = (path: string): string => `${GROUP}/${path}`;

/** A virtual network that exists. */
export const ARGS = {
  virtualNetworkId: id('virtualNetworks/spoke'),
  gateway: VpnGateway.made({ subnetId: id('virtualNetworks/spoke/subnets/GatewaySubnet') }),
  resolver: PrivateResolver.made({
    inboundSubnetId: id('virtualNetworks/spoke/subnets/dns-in'),
    outboundSubnetId: id('virtualNetworks/spoke/subnets/dns-out'),
  }),
  networkSecurityGroupIds: [id('networkSecurityGroups/nodes')],
} satisfies AzureArgs;

/** What Azure makes up besides the inputs. */
export const answers: RecordOptions['outputs'] = ({ type, name, inputs }) => {
  switch (type) {
    case 'azure-native:network:PublicIPAddress':
      return { ipAddress: outsideAddress(name) };
    case 'azure-native:privatedns:PrivateZone':
      return { name: inputs.privateZoneName };
    case 'azure-native:dnsresolver:DnsResolver':
      return { name: inputs.dnsResolverName };
    case 'azure-native:dnsresolver:DnsForwardingRuleset':
      return { name: inputs.dnsForwardingRulesetName };
    case 'azure-native:dnsresolver:InboundEndpoint':
      return { ipConfigurations: [{ privateIpAddress: '10.0.9.4' }] };
    default:
      return undefined;
  }
};

/** Opens a region of a plan in a program, and records what is asked for. */
export const opened = (
  plan: TopologyPlan,
  region: string,
  args: AzureArgs = ARGS,
  then: (network: CloudNetwork) => unknown = () => undefined,
): Promise<Recording> =>
  record(
    async () => {
      const parent = new ComponentResource('test:Topology', 'registry');
      await then(azure(args).open(region, siteOf(plan, region), parent));
    },
    { outputs: answers },
  );
