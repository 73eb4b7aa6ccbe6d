import type { Provider } from '@pulumi/alicloud';
import { IPV4, IPV4_RANGE } from '../../plan/address-rules.js';
import { inMainlandChina } from '../../plan/network/clouds.js';
import type { LinkPlan } from '../../plan/network/links.js';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import type { CloudSite } from '../cloud.js';
import { checkZoneIds } from '../zone-ids.js';
import {
  ATTACHMENT_ID,
  CEN_ID,
  PRIVATE_ZONE_ID,
  ROUTE_TABLE_ID,
  SECURITY_GROUP_ID,
  type Tagged,
  TRANSIT_ROUTER_ID,
  VPC_ID,
  VPN_GATEWAY_ID,
  VSWITCH_ID,
  ZONE_ID,
} from './args.js';

/** A vSwitch that exists. */
export interface Vswitch {
  readonly id: string;
  readonly zoneId: string;
  readonly cidrBlock: string;
}

/** A VPN gateway that exists: public, with IPsec of two tunnels, and with `autoPropagate` on. A `vpn.Gateway` will do. */
export interface ExistingVpnGateway {
  readonly id: string;
  readonly internetIp: string;
  readonly disasterRecoveryInternetIp: string;
}

/** A Cloud Enterprise Network that exists, for links to other regions of Alibaba Cloud. */
export interface ExistingCen {
  readonly id: string;
  /** Its transit router in this region. @default - one is made, and paid for by connection and traffic */
  readonly transitRouterId?: string;
  /** The VPC's attachment to that router, with routes published to the VPC. @default - the VPC is attached */
  readonly vpcAttachmentId?: string;
}

/** A region's place in Alibaba Cloud. */
export interface AlicloudProps extends Tagged {
  /** Provider of the region, which says account and region of all that is made. @default - that of the topology */
  readonly provider?: Provider;
  readonly vpcId: string;
  /**
   * Two vSwitches of the VPC in different zones: of the gateway, the transit router and the DNS endpoint. Another first one means a new gateway
   * with new addresses, and new tunnels at every peer.
   */
  readonly vswitches: readonly Vswitch[];
  /**
   * Security group of the nodes, a basic one: it gets the plan's rules, and DNS questions leave under it. Another means a new DNS endpoint
   * with new rules.
   */
  readonly securityGroupId: string;
  /** Whether the security group gets the plan's rules. With `false` another team sets them, from the report. @default true */
  readonly firewallRules?: boolean;
  /** Custom route tables of the nodes: routes learned by BGP reach the VPC's system route table only. @default - none */
  readonly routeTableIds?: readonly string[];
  /** The VPN gateway. @default - one is made when a link has tunnels; costs by the hour and by traffic */
  readonly vpnGateway?: ExistingVpnGateway;
  /**
   * Mbit/s of the gateway that is made, shared by its tunnels; decides its price. It is read when the gateway is made: change it later in the
   * console of VPN Gateway, which keeps the gateway's addresses. @default 100
   */
  readonly bandwidth?: 10 | 100 | 200 | 500 | 1000;
  /**
   * Where two regions are peered. The same in all peered regions. A change makes the links anew, which cuts them.
   * @default - one is made for the topology, at no cost of its own
   */
  readonly cen?: ExistingCen;
  /** Most Mbit/s between this region and a peered one of larger index, 1 to 10000, paid by traffic. @default 100 */
  readonly peeringBandwidth?: number;
  /** Bandwidth package of such links (`cenbwp-…`), which those over the border of mainland China need. @default - paid by traffic */
  readonly bandwidthPackageId?: string;
  /** Private zones of PrivateZone that exist, by name; they must be effective in the VPC. @default - made */
  readonly privateZoneIds?: Readonly<Record<string, string>>;
}

/** As {@link AlicloudProps}, with an Output wherever free text goes. */
export type AlicloudArgs = Inputs<AlicloudProps>;

const BANDWIDTHS = [10, 100, 200, 500, 1000] as const;

/** Reads what decides about the network's resources, and records every mistake. */
export function readAlicloud(reader: Reader) {
  reader.only(
    ...['provider', 'vpcId', 'vswitches', 'securityGroupId', 'firewallRules', 'routeTableIds', 'vpnGateway'],
    ...['bandwidth', 'cen', 'peeringBandwidth', 'bandwidthPackageId', 'privateZoneIds', 'tags'],
  );
  reader.requiredText('vpcId', VPC_ID);
  readVswitches(reader);
  reader.requiredText('securityGroupId', SECURITY_GROUP_ID);
  reader.texts('routeTableIds', ROUTE_TABLE_ID);
  if (reader.has('vpnGateway')) {
    const gateway = reader.child('vpnGateway');
    gateway.requiredText('id', VPN_GATEWAY_ID);
    for (const key of ['internetIp', 'disasterRecoveryInternetIp']) gateway.requiredText(key, IPV4);
  }
  if (reader.has('cen')) {
    const cen = reader.child('cen').only('id', 'transitRouterId', 'vpcAttachmentId');
    cen.requiredText('id', CEN_ID);
    cen.text('transitRouterId', TRANSIT_ROUTER_ID);
    cen.text('vpcAttachmentId', ATTACHMENT_ID);
    if (cen.has('vpcAttachmentId') && !cen.has('transitRouterId')) {
      cen.missing('transitRouterId', 'the transit router that the attachment belongs to');
    }
  }
  reader.text('bandwidthPackageId', { pattern: /^cenbwp-[0-9a-z]+$/, allowed: 'an identifier such as cenbwp-4c2zaa' });
  reader.textMap('tags');
  return {
    bandwidth: readBandwidth(reader),
    firewallRules: reader.flag('firewallRules') ?? true,
    peeringBandwidth: reader.count('peeringBandwidth', 1, 10_000) ?? 100,
  };
}

function readVswitches(reader: Reader): void {
  const vswitches = reader.items('vswitches');
  const zones = vswitches.map((one) => {
    one.only('id', 'zoneId', 'cidrBlock');
    one.requiredText('id', VSWITCH_ID);
    one.requiredText('cidrBlock', IPV4_RANGE);
    return one.requiredText('zoneId', ZONE_ID);
  });
  if (zones.length === 2 && zones[0] !== zones[1]) return;
  reader.issues.error(
    reader.at('vswitches'),
    'are not in two zones',
    zones,
    'two vSwitches, each in another zone: a gateway has a tunnel in each',
    'name two vSwitches of the VPC in different zones',
  );
}

function readBandwidth(reader: Reader): number {
  const given = reader.raw('bandwidth') ?? 100;
  if (BANDWIDTHS.some((one) => one === given)) return Number(given);
  const allowed = `${BANDWIDTHS.join(', ')} Mbit/s`;
  reader.issues.error(reader.at('bandwidth'), 'is not what a gateway can have', given, allowed, 'use one of these');
  return 100;
}

/** Links of a site that Cloud Enterprise Network carries. */
export const peerings = ({ links }: CloudSite): readonly LinkPlan[] => links.filter(({ via }) => via === 'peering');

/** Records what does not fit the site's place in the topology. */
export function checkSite(reader: Reader, site: CloudSite): void {
  const { plan, region, network, links } = site;
  const { issues } = reader;
  checkZoneIds(reader, 'privateZoneIds', site, PRIVATE_ZONE_ID);
  const askers = plan.regions.filter((one) =>
    one.network?.forwards.some((forward) => forward.region === region.name && forward.resolvers === undefined),
  );
  if (askers.length > 0) {
    issues.error(
      `regions.${region.name}.network.resolvers`,
      `is missing: ${askers.map(({ name }) => name).join(', ')} ask for its private names, and PrivateZone answers from outside of a VPC at an inbound endpoint only, which no provider makes`,
      undefined,
      'addresses of an inbound endpoint of PrivateZone in the VPC',
      'make an inbound endpoint in the console of Alibaba Cloud DNS, and write its addresses',
    );
  }
  for (const { name, via, between } of links) {
    const other = plan.regions.find((one) => one.name === between.find((end) => end !== region.name))?.network;
    if (via !== 'peering' || between[0] !== region.name || other === undefined) continue;
    if (inMainlandChina(network) === inMainlandChina(other) || reader.has('bandwidthPackageId')) continue;
    issues.warning(
      reader.at('bandwidthPackageId'),
      `is missing: link ${name} crosses the border of mainland China`,
      undefined,
      'a bandwidth package for links over the border, which a contract with the carrier comes before',
      'buy one, and name it here',
    );
  }
}
