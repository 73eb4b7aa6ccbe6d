import {
  getVpnGatewayOutput,
  Route,
  type VpnConnectionArgs,
  VpnGateway,
  VpnGatewayRoutePropagation,
} from '@pulumi/aws/ec2';
import {
  getTransitGatewayOutput,
  RouteTable,
  RouteTableAssociation,
  RouteTablePropagation,
  TransitGateway,
  VpcAttachment,
  VpcAttachmentAccepter,
} from '@pulumi/aws/ec2transitgateway';
import type { CustomResourceOptions, Input, Output } from '@pulumi/pulumi';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { regionOf } from '../../plan/plan.js';
import { lateMistake } from '../../pulumi/errors.js';
import type { Place } from './network.js';

/** A gateway of the VPC alone. It passes on what it learns to the route tables. */
export interface VpcGateway {
  readonly kind: 'vpnGateway';
  readonly connectionArgs: Pick<VpnConnectionArgs, 'vpnGatewayId'>;
}

/** A hub that the VPC is attached to. */
export interface Hub {
  readonly kind: 'transitGateway';
  readonly connectionArgs: Pick<VpnConnectionArgs, 'transitGatewayId'>;
  readonly id: Output<string>;
  /** The route table of its attachments. */
  readonly routeTableId: Input<string>;
  /** Associates an attachment with its route table. What speaks BGP, and the VPC, also fill the tables that learn. */
  readonly attach: (name: string, attachmentId: Input<string>, learn: boolean, options?: CustomResourceOptions) => void;
}

export type Gateway = VpcGateway | Hub;

const kindOf = (network: NetworkPlan | undefined): Gateway['kind'] =>
  network?.type === 'aws' && network.gateway === 'vpnGateway' ? 'vpnGateway' : 'transitGateway';

/** The gateway that a region's links need: one that exists, or a new one. */
export function gatewayOf(place: Place): Gateway | undefined {
  const { links, network } = place.site;
  const own = kindOf(network);
  const hubs = peersOver(place, (peer) => own === 'transitGateway' && kindOf(peer) === 'transitGateway');
  if (!links.some(({ via }) => via === 'vpn') && hubs.length === 0) return undefined;
  return own === 'vpnGateway' ? vpcGateway(place) : hub(place);
}

/** Regions that a peering of a kind leads to. */
const peersOver = ({ site }: Place, wanted: (peer: NetworkPlan | undefined) => boolean): readonly string[] =>
  site.links
    .filter(({ via }) => via === 'peering')
    .map(({ between: [a, b] }) => (a === site.region.name ? b : a))
    .filter((peer) => wanted(regionOf(site.plan, peer).network));

function vpcGateway({ name, region, args, site, parent, tags }: Place): VpcGateway {
  const asn = String(site.network.asn);
  const found = args.vpnGatewayId && getVpnGatewayOutput({ id: args.vpnGatewayId, region }, { parent });
  const vpnGatewayId = found
    ? found.apply(({ id, amazonSideAsn }) => plannedGateway(`${site.path}.vpnGatewayId`, id, amazonSideAsn, asn))
    : new VpnGateway(`${name}/gateway`, { vpcId: args.vpcId, amazonSideAsn: asn, region, tags: tags(name) }, { parent })
        .id;
  for (const [i, routeTableId] of args.routeTableIds.entries()) {
    new VpnGatewayRoutePropagation(`${name}/routes/${i}`, { routeTableId, vpnGatewayId, region }, { parent });
  }
  return { kind: 'vpnGateway', connectionArgs: { vpnGatewayId } };
}

/** A gateway that exists, if it has the planned ASN: with another it would never exchange a route. */
export function plannedGateway(path: string, id: string, asn: string, planned: string): string {
  if (asn === planned) return id;
  throw lateMistake(`${path}: ${id} has ASN ${asn}, but ${planned} is planned: set network.asn: ${asn} in the region`);
}

function hub(place: Place): Hub {
  const { name, region, args, parent, hub: provider } = place;
  const existing = args.transitGateway;
  const made = existing === undefined ? newHub(place) : oldHub(place, existing);
  const inHub = { parent, provider };
  const attach: Hub['attach'] = (label, transitGatewayAttachmentId, learn, options) => {
    const { association, propagation } = made;
    const at = { transitGatewayAttachmentId, region };
    if (association !== undefined) {
      new RouteTableAssociation(label, { ...at, transitGatewayRouteTableId: association }, { ...inHub, ...options });
    }
    for (const [i, transitGatewayRouteTableId] of learn ? propagation.entries() : []) {
      new RouteTablePropagation(`${label}/${i}`, { ...at, transitGatewayRouteTableId }, { ...inHub, ...options });
    }
  };
  const attached = attachVpc(place, made.id, attach);
  for (const cidr of routed(place)) {
    for (const [i, routeTableId] of args.routeTableIds.entries()) {
      new Route(
        `${name}/routes/${i}/${cidr}`,
        { routeTableId, destinationCidrBlock: cidr, transitGatewayId: made.id, region },
        { parent, dependsOn: attached },
      );
    }
  }
  return {
    kind: 'transitGateway',
    connectionArgs: { transitGatewayId: made.id },
    id: made.id,
    routeTableId: made.routeTableId,
    attach,
  };
}

interface HubParts {
  readonly id: Output<string>;
  readonly routeTableId: Input<string>;
  /** Nothing where the gateway associates attachments itself. */
  readonly association?: Input<string>;
  readonly propagation: readonly Input<string>[];
}

/** A new gateway with one route table for all its attachments. */
function newHub({ name, region, site, parent, tags }: Place): HubParts {
  const gateway = new TransitGateway(
    `${name}/gateway`,
    {
      amazonSideAsn: site.network.asn,
      description: name,
      vpnEcmpSupport: 'enable',
      defaultRouteTableAssociation: 'disable',
      defaultRouteTablePropagation: 'disable',
      region,
      tags: tags(name),
    },
    { parent },
  );
  const { id } = new RouteTable(
    `${name}/gateway`,
    { transitGatewayId: gateway.id, region, tags: tags(name) },
    { parent },
  );
  return { id: gateway.id, routeTableId: id, association: id, propagation: [id] };
}

function oldHub(
  { region, site, parent, hub }: Place,
  existing: NonNullable<Place['args']['transitGateway']>,
): HubParts {
  const { associationRouteTableId: association, propagationRouteTableIds: propagation = [] } = existing;
  const found = getTransitGatewayOutput({ id: existing.id, region }, { parent, provider: hub });
  const planned = String(site.network.asn);
  const id = found.apply((one) =>
    plannedGateway(`${site.path}.transitGateway.id`, one.id ?? '', String(one.amazonSideAsn), planned),
  );
  return { id, routeTableId: association ?? found.associationDefaultRouteTableId, association, propagation };
}

/** Attaches the VPC, unless it is already. */
function attachVpc(
  { name, region, args, parent, tags, hub: provider }: Place,
  transitGatewayId: Output<string>,
  attach: Hub['attach'],
): VpcAttachment | VpcAttachmentAccepter | undefined {
  const { transitGateway: existing, networkProvider } = args;
  if (existing?.vpcAttachmentId !== undefined) return undefined;
  const tables = existing === undefined || existing.associationRouteTableId !== undefined;
  // Only the account of the gateway may say so.
  const byItself = tables && networkProvider === undefined ? false : undefined;
  const attachment = new VpcAttachment(
    `${name}/vpc`,
    {
      transitGatewayId,
      vpcId: args.vpcId,
      subnetIds: [...args.subnetIds],
      transitGatewayDefaultRouteTableAssociation: byItself,
      transitGatewayDefaultRouteTablePropagation: byItself,
      region,
      tags: tags(name),
    },
    { parent },
  );
  const accepted =
    existing?.acceptAttachment === true
      ? new VpcAttachmentAccepter(
          `${name}/vpc`,
          {
            transitGatewayAttachmentId: attachment.id,
            transitGatewayDefaultRouteTableAssociation: !tables,
            transitGatewayDefaultRouteTablePropagation: !tables,
            region,
            tags: tags(name),
          },
          { parent, provider },
        )
      : undefined;
  attach(`${name}/vpc`, attachment.id, true, { dependsOn: accepted });
  return accepted ?? attachment;
}

/** Ranges that the VPC reaches over the hub: not those that existing links or a peering of VPCs lead to. */
function routed(place: Place): readonly string[] {
  const { plan, region, network, links } = place.site;
  const existing = links.filter(({ via }) => via === 'existing').flatMap(({ between }) => between);
  const others = [...existing, ...peersOver(place, (peer) => kindOf(peer) === 'vpnGateway')];
  const peers = network.reaches.filter((peer) => peer !== region.name && !others.includes(peer));
  return [...new Set(peers.flatMap((peer) => regionOf(plan, peer).network?.announces ?? []))];
}
