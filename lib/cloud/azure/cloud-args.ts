import type { ProviderResource } from '@pulumi/pulumi';
import { IPV4 } from '../../plan/address-rules.js';
import { privateRecords } from '../../plan/network/private-names.js';
import { linksOf } from '../../plan/network/tunnels.js';
import type { Reader, TextRule } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import type { CloudSite } from '../cloud.js';
import {
  GATEWAY_ID,
  GATEWAY_SUBNET_ID,
  RESOURCE_GROUP,
  RULESET_ID,
  SECURITY_GROUP_ID,
  SUBNET_ID,
  type Tagged,
  VIRTUAL_NETWORK_ID,
} from './args.js';

const SKUS = ['VpnGw1AZ', 'VpnGw2AZ', 'VpnGw3AZ', 'VpnGw4AZ', 'VpnGw5AZ'] as const;

/** A VPN gateway that is made. */
export interface MadeGateway {
  readonly type: 'made';
  /** Id of the subnet `GatewaySubnet` of the virtual network, /27 or larger. */
  readonly subnetId: string;
  /**
   * Size: 0.65, 1, 2.5, 5 or 10 Gbit/s for all tunnels, at most 30 of them; by the hour. It can change among VpnGw2AZ to VpnGw5AZ, which are
   * of generation 2. VpnGw1AZ is of generation 1 and stays what it is: Azure resizes within a generation only. @default VpnGw2AZ
   */
  readonly sku?: (typeof SKUS)[number];
  /** Zones of its addresses; `[]` in a region without zones. @default ['1', '2', '3'] */
  readonly zones?: readonly ('1' | '2' | '3')[];
}

/** A VPN gateway that is there, active-active and with BGP: of this virtual network, or of a hub that it is peered with. */
export interface ExistingGateway {
  readonly type: 'existing';
  readonly id: string;
  /** Its two outside IPv4 addresses, in the order of its IP configurations. */
  readonly outsideAddresses: readonly string[];
  /** Names of its two IP configurations. */
  readonly ipConfigurations: readonly string[];
}

/** Where tunnels end. */
export type VpnGateway = MadeGateway | ExistingGateway;

/** Where tunnels end: one of these factories. */
export const VpnGateway = {
  /** A zone-redundant active-active gateway is made, which takes Azure up to 45 minutes; costs its size by the hour, and two addresses. */
  made: (props: Inputs<Omit<MadeGateway, 'type'>>): Inputs<MadeGateway> => ({ type: 'made', ...props }),
  /**
   * A gateway that is there. It must have the ASN of the plan and, as custom BGP addresses, what `custom-bgp-addresses.json` of the
   * region's files lists: only its owner can add these. Of a hub: the peering to it must use the hub's gateway.
   */
  existing: (props: Inputs<Omit<ExistingGateway, 'type'>>): Inputs<ExistingGateway> => ({ type: 'existing', ...props }),
} as const;

/** A private resolver that is made in the virtual network. */
export interface MadeResolver {
  readonly type: 'made';
  /** Subnet of its inbound endpoint alone, /28 or larger, delegated to `Microsoft.Network/dnsResolvers`. */
  readonly inboundSubnetId: string;
  /** Subnet of its outbound endpoint alone, /28 or larger, delegated likewise. */
  readonly outboundSubnetId: string;
}

/** A private resolver that is there, such as that of a hub. */
export interface ExistingResolver {
  readonly type: 'existing';
  /** Addresses of its inbound endpoints, which other regions ask. */
  readonly addresses: readonly string[];
  /** Ruleset that the virtual network is linked to: rules for other regions are added to it. */
  readonly forwardingRulesetId: string;
}

/** What answers other regions' questions for names, and asks theirs. */
export type PrivateResolver = MadeResolver | ExistingResolver;

/** What answers other regions' questions for names, and asks theirs: one of these factories. */
export const PrivateResolver = {
  /** A DNS private resolver is made; costs two endpoints by the hour and a ruleset by the month. A virtual network has at most one. */
  made: (props: Inputs<Omit<MadeResolver, 'type'>>): Inputs<MadeResolver> => ({ type: 'made', ...props }),
  /** A resolver that is there. Name the virtual network that it stands in among `zoneNetworkIds`, so that it knows the region's names. */
  existing: (props: Inputs<Omit<ExistingResolver, 'type'>>): Inputs<ExistingResolver> => ({
    type: 'existing',
    ...props,
  }),
} as const;

/** A region's place in Azure. */
export interface AzureProps extends Tagged {
  /** Id of the virtual network that the cluster stands in; its address space is what other regions learn. */
  readonly virtualNetworkId: string;
  /** Resource group of what is made. @default - that of the virtual network */
  readonly resourceGroupName?: string;
  /** Needed where the region has links with tunnels. @default - none */
  readonly gateway?: VpnGateway;
  /**
   * Network security groups of the subnets of nodes and load balancers. They get a rule for each flow with other regions, and one that
   * shuts everything else between them, which Azure would let through: also port 53, so they are none of the resolver's subnets. @default - the rules are files for their owners, `security-rules.json`
   */
  readonly networkSecurityGroupIds?: readonly string[];
  /** Rules have priorities from here, 100 to 3097, up to 999 above; rules of your own with lower numbers count first. @default 3000 */
  readonly firstPriority?: number;
  /** Needed where regions ask each other for private names. @default - none */
  readonly resolver?: PrivateResolver;
  /** Further virtual networks that know the region's private names, such as that of a resolver in a hub. @default - none */
  readonly zoneNetworkIds?: readonly string[];
  /** Provider of the subscription of the virtual network. @default - that of the topology */
  readonly provider?: ProviderResource;
  /** Provider of the subscription of a gateway and a resolver that are there. @default provider */
  readonly hubProvider?: ProviderResource;
}

/** As {@link AzureProps}, with an Output wherever free text goes. */
export type AzureArgs = Inputs<AzureProps>;

const CONFIGURATION = { pattern: /^[A-Za-z0-9][\w.-]*$/, allowed: 'the name of an IP configuration', maxLength: 80 };

/** Records what is wrong with a region's place in Azure. */
export function readAzure(reader: Reader, site: CloudSite) {
  reader.only(
    ...['virtualNetworkId', 'resourceGroupName', 'gateway', 'networkSecurityGroupIds', 'firstPriority'],
    ...['resolver', 'zoneNetworkIds', 'provider', 'hubProvider', 'tags'],
  );
  reader.requiredText('virtualNetworkId', VIRTUAL_NETWORK_ID);
  reader.text('resourceGroupName', RESOURCE_GROUP);
  reader.texts('networkSecurityGroupIds', SECURITY_GROUP_ID);
  reader.texts('zoneNetworkIds', VIRTUAL_NETWORK_ID);
  reader.textMap('tags');
  readGateway(reader, site);
  readResolver(reader, site);
  // https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#security-rules
  return { firstPriority: reader.count('firstPriority', 100, 3097) ?? 3000 };
}

function readGateway(reader: Reader, { plan, region }: CloudSite): void {
  if (!reader.has('gateway')) {
    const needed = linksOf(plan.links, region.name).some(({ tunnels }) => tunnels.length > 0);
    if (needed)
      reader.missing('gateway', 'VpnGateway.made(…) or VpnGateway.existing(…): the region has links with tunnels');
    return;
  }
  const gateway = reader.child('gateway');
  const type = choice(gateway);
  if (type === 'made') {
    gateway.only('type', 'subnetId', 'sku', 'zones').requiredText('subnetId', GATEWAY_SUBNET_ID);
    gateway.choice('sku', SKUS);
    gateway.texts('zones', { pattern: /^[123]$/, allowed: "'1', '2' or '3'" });
  } else if (type === 'existing') {
    gateway.only('type', 'id', 'outsideAddresses', 'ipConfigurations').requiredText('id', GATEWAY_ID);
    readTwo(gateway, 'outsideAddresses', IPV4);
    readTwo(gateway, 'ipConfigurations', CONFIGURATION);
  }
}

const choice = (reader: Reader): 'made' | 'existing' | undefined => {
  if (!reader.has('type')) reader.missing('type', 'made or existing');
  return reader.choice('type', ['made', 'existing'] as const);
};

function readTwo(reader: Reader, key: string, rule: TextRule): void {
  const found = reader.texts(key, rule) ?? [];
  if (!reader.has(key)) reader.missing(key, `two, one for each instance of the gateway: ${rule.allowed}`);
  else if (found.length !== 2)
    reader.issues.error(reader.at(key), 'is not one for each instance of the gateway', found, 'two', 'name both');
}

function readResolver(reader: Reader, { plan, region, network }: CloudSite): void {
  const names = privateRecords(plan, region.name).length > 0;
  if (!reader.has('resolver')) {
    if (names || network.forwards.length > 0) {
      reader.missing(
        'resolver',
        'PrivateResolver.made(…) or .existing(…): linked regions ask each other for private names',
      );
    }
    return;
  }
  const resolver = reader.child('resolver');
  const type = choice(resolver);
  if (type === 'made') {
    resolver.only('type', 'inboundSubnetId', 'outboundSubnetId').requiredText('inboundSubnetId', SUBNET_ID);
    resolver.requiredText('outboundSubnetId', SUBNET_ID);
    if ((network.resolvers ?? []).length > 1) {
      const problem = 'are more than an inbound endpoint has';
      const fix = 'keep one, or leave them out';
      reader.issues.error(`regions.${region.name}.network.resolvers`, problem, network.resolvers, 'one address', fix);
    }
  } else if (type === 'existing') {
    resolver.only('type', 'addresses', 'forwardingRulesetId').requiredText('forwardingRulesetId', RULESET_ID);
    if ((resolver.texts('addresses', IPV4) ?? []).length === 0) resolver.missing('addresses', 'at least one address');
  }
}
