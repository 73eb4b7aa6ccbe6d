import type { Provider } from '@pulumi/aws';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import type { CloudSite } from '../cloud.js';
import { checkZoneIds } from '../zone-ids.js';
import { id, ROUTE_TABLE_ID, SECURITY_GROUP_ID, SUBNET_ID, type Tagged, VPC_ID } from './args.js';

/**
 * A transit gateway that exists, such as the hub of a landing zone. Its ASN must be the region's `network.asn` where the region has tunnels.
 * Regions that name the same one, as a text or by the same Output, reach each other over it without a peering: each must propagate into
 * the other's `associationRouteTableId`, as it does where both name the same table or none.
 */
export interface ExistingTransitGateway {
  readonly id: string;
  /** The VPC's attachment, when it is attached already. @default - the VPC is attached, which costs by the hour and by the gigabyte */
  readonly vpcAttachmentId?: string;
  /** Accepts the VPC's attachment in the gateway's account; for a gateway that does not accept by itself. @default false */
  readonly acceptAttachment?: boolean;
  /**
   * Route table that attachments are associated with, in place of what the gateway associated by itself. Routes to regions of AWS that are
   * peered stand in it too, and the gateway announces them to the peers of its tunnels. @default - the gateway's default one, by itself
   */
  readonly associationRouteTableId?: string;
  /**
   * Route tables that learn the ranges of the VPC and what connections hear; not the one that the gateway propagates into by itself.
   * @default - associationRouteTableId; without it the gateway's default one, by itself
   */
  readonly propagationRouteTableIds?: readonly string[];
}

/** A region's place in AWS: what exists there already. */
export interface AwsCloudProps extends Tagged {
  /** The VPC of the cluster. */
  readonly vpcId: string;
  /** Private subnets of it, two or more, each in another availability zone: where gateway and resolver get an address. */
  readonly subnetIds: readonly string[];
  /** Route tables of the subnets that reach other regions; add new ones at the end. */
  readonly routeTableIds: readonly string[];
  /**
   * Security groups of nodes and load balancers, which are opened for the plan's flows; `[]` where others open them, by the plan's
   * `firewall`. @default - none, with a warning where the region is linked
   */
  readonly securityGroupIds?: readonly string[];
  /** A transit gateway that exists. @default - one is made when the region has links and `network.gateway` is not vpnGateway; each attachment costs by the hour */
  readonly transitGateway?: ExistingTransitGateway;
  /** A VPN gateway of the VPC that exists; for `network.gateway: 'vpnGateway'`. @default - one is made there, which costs nothing */
  readonly vpnGatewayId?: string;
  /**
   * Private names: zone, records and Resolver. An endpoint costs by the hour for each of its addresses, one in each of `subnetIds`: one is
   * made for questions from other regions, and one for questions to them. @default true
   */
  readonly names?: boolean;
  /** Private zones that exist, by name; the VPC must be associated with them. @default - made, and deleted with every record in them */
  readonly zoneIds?: Readonly<Record<string, string>>;
  /** An inbound endpoint exists already, at `network.resolvers`. @default false: made, at `network.resolvers` when these are given */
  readonly inboundEndpoint?: boolean;
  /** An outbound endpoint that exists. @default - made */
  readonly outboundEndpointId?: string;
  /** The account of the VPC. The region comes from the plan. @default - the topology's provider */
  readonly provider?: Provider;
  /** The account of an existing transit gateway, where it is another. @default - the same as `provider` */
  readonly networkProvider?: Provider;
}

/** As {@link AwsCloudProps}, with an Output wherever free text goes. */
export type AwsCloudArgs = Inputs<AwsCloudProps>;

const HOSTED_ZONE_ID = {
  pattern: /^[A-Z0-9]+$/,
  allowed: 'the identifier of a private hosted zone, such as Z0123456789ABC',
};

/** Records what is wrong with a region's place. */
export function checkNetworkArgs(reader: Reader, site: CloudSite): void {
  const { network, links } = site;
  reader.only(
    ...[
      'vpcId',
      'subnetIds',
      'routeTableIds',
      'securityGroupIds',
      'transitGateway',
      'vpnGatewayId',
      'names',
      'zoneIds',
    ],
    ...['inboundEndpoint', 'outboundEndpointId', 'provider', 'networkProvider', 'tags'],
  );
  reader.requiredText('vpcId', VPC_ID);
  const subnets = reader.texts('subnetIds', SUBNET_ID) ?? [];
  if (new Set(subnets).size < 2) {
    const fix = 'name 2 or more private subnets of the VPC';
    const allowed = 'at least 2 subnets, each in another availability zone';
    reader.issues.error(
      reader.at('subnetIds'),
      'leaves gateway or resolver without a second zone',
      subnets,
      allowed,
      fix,
    );
  }
  const tables = reader.texts('routeTableIds', ROUTE_TABLE_ID) ?? [];
  if (tables.length === 0 && links.some(({ via }) => via !== 'existing')) {
    reader.missing('routeTableIds', 'the route tables of the subnets that reach other regions');
  }
  reader.texts('securityGroupIds', SECURITY_GROUP_ID);
  if (!reader.has('securityGroupIds') && network.firewall.length > 0) {
    const problem = 'is missing: no firewall rules are made, and linked regions are refused where none are open';
    const fix = "name them, or open them yourself by the plan's firewall rules and set securityGroupIds: []";
    const allowed = 'the security groups of nodes and load balancers';
    reader.issues.warning(reader.at('securityGroupIds'), problem, undefined, allowed, fix);
  }
  reader.textMap('tags');
  checkGateway(reader, network.type === 'aws' ? network.gateway : undefined);
  checkZoneIds(reader, 'zoneIds', site, HOSTED_ZONE_ID);
  checkNames(reader, network.resolvers, subnets.length);
}

function checkGateway(reader: Reader, gateway: 'transitGateway' | 'vpnGateway' = 'transitGateway'): void {
  const other = (key: string, allowed: string, fix: string): void =>
    reader.issues.error(reader.at(key), `is not used: network.gateway is ${gateway}`, reader.raw(key), allowed, fix);
  const hub = reader.child('transitGateway');
  if (gateway === 'vpnGateway' && reader.has('transitGateway')) {
    other('transitGateway', 'vpnGatewayId, or neither', "remove it, or remove network.gateway: 'vpnGateway'");
  }
  if (gateway === 'transitGateway' && reader.has('vpnGatewayId')) {
    other('vpnGatewayId', 'transitGateway, or neither', "remove it, or set network.gateway: 'vpnGateway'");
  }
  if (reader.has('networkProvider') && !reader.has('transitGateway')) {
    const allowed = 'only with transitGateway: what is made here is in the account of the VPC';
    reader.issues.error(reader.at('networkProvider'), 'has no gateway', 'a provider', allowed, 'remove it');
  }
  reader.text('vpnGatewayId', id('vgw'));
  if (!reader.has('transitGateway')) return;
  const keys = ['vpcAttachmentId', 'acceptAttachment', 'associationRouteTableId', 'propagationRouteTableIds'];
  hub.only('id', ...keys).requiredText('id', id('tgw'));
  hub.text('vpcAttachmentId', id('tgw-attach'));
  hub.flag('acceptAttachment');
  hub.text('associationRouteTableId', id('tgw-rtb'));
  hub.texts('propagationRouteTableIds', id('tgw-rtb'));
}

function checkNames(reader: Reader, resolvers: readonly string[] | undefined, subnets: number): void {
  reader.flag('names');
  reader.text('outboundEndpointId', id('rslvr-out'));
  const existing = reader.flag('inboundEndpoint') === true;
  if (existing && resolvers === undefined) {
    const allowed = 'true with network.resolvers, the addresses of the endpoint';
    const fix = 'add resolvers to the network, or remove it';
    reader.issues.error(reader.at('inboundEndpoint'), 'exists at unknown addresses', true, allowed, fix);
  }
  if (!existing && resolvers !== undefined && resolvers.length !== subnets) {
    const allowed = `${resolvers.length} subnets, one for each address of network.resolvers, in their order`;
    const fix = 'name as many of each, or set inboundEndpoint: true when it exists already';
    reader.issues.error(reader.at('subnetIds'), 'does not fit network.resolvers', `${subnets} subnets`, allowed, fix);
  }
}
