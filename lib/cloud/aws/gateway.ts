import {
  getVpnGatewayOutput,
  Route,
  type VpnConnectionArgs,
  VpnGateway,
  VpnGatewayRoutePropagation,
} from '@pulumi/aws/ec2';
import {
  type GetTransitGatewayResult,
  getTransitGatewayOutput,
  RouteTable,
  RouteTableAssociation,
  RouteTablePropagation,
  TransitGateway,
  VpcAttachment,
  VpcAttachmentAccepter,
} from '@pulumi/aws/ec2transitgateway';
import { all, type CustomResourceOptions, type Input, type Output, output } from '@pulumi/pulumi';
import type { LinkPlan } from '../../plan/network/links.js';
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
  /** The VPC's route table, where routes to peered regions belong. */
  readonly vpcTableId: Input<string>;
  /** Associates an attachment with its route table. What speaks BGP, and the VPC, also fill the tables that learn. */
  readonly attach: (attachment: Attachment, options?: CustomResourceOptions) => void;
}

/** What is attached to a hub. */
interface Attachment {
  readonly name: string;
  readonly kind: 'vpc' | 'vpn' | 'peering';
  readonly id: Input<string>;
}

export type Gateway = VpcGateway | Hub;

const kindOf = (network: NetworkPlan | undefined): Gateway['kind'] =>
  network?.type === 'aws' && network.gateway === 'vpnGateway' ? 'vpnGateway' : 'transitGateway';

/** The gateway that a region's links need: one that exists, or a new one. */
export function gatewayOf(place: Place): Gateway | undefined {
  const own = kindOf(place.site.network);
  if (!hasTunnels(place) && (own === 'vpnGateway' || peeredHubs(place).length === 0)) return undefined;
  return own === 'vpnGateway' ? vpcGateway(place) : hub(place);
}

const hasTunnels = ({ site }: Place): boolean => site.links.some(({ via }) => via === 'vpn');

/** Regions whose transit gateways this region's is joined to. */
const peeredHubs = (place: Place): readonly string[] => peersOver(place, (peer) => kindOf(peer) === 'transitGateway');

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

/** A gateway that exists, if it has the planned ASN: with another it would never exchange a route over a tunnel. */
export function plannedGateway(path: string, id: string, asn: string, planned: string | undefined): string {
  if (planned === undefined || asn === planned) return id;
  throw lateMistake(`${path}: ${id} has ASN ${asn}, but ${planned} is planned: set network.asn: ${asn} in the region`);
}

/** The ASN that peers know a region by; none without tunnels, because peered hubs have routes that are static. */
export const spokenAsn = ({ links, network }: SpeakingSite): string | undefined =>
  links.some(({ via }) => via === 'vpn') ? String(network.asn) : undefined;

interface SpeakingSite {
  readonly links: readonly LinkPlan[];
  readonly network: Pick<NetworkPlan, 'asn'>;
}

function hub(place: Place): Hub {
  const { name, region, args, parent, hub: provider } = place;
  const existing = args.transitGateway;
  const made = existing === undefined ? newHub(place) : oldHub(place, existing);
  const inHub = { parent, provider };
  const attach: Hub['attach'] = ({ name: label, kind, id }, options) => {
    const at = { transitGatewayAttachmentId: id, region };
    const association = made.tables?.[kind === 'vpc' ? 'vpc' : 'others'];
    if (association !== undefined) {
      new RouteTableAssociation(
        label,
        {
          ...at,
          transitGatewayRouteTableId: association,
          // A gateway may have associated a connection by itself, which has no switch for that.
          replaceExistingAssociation: existing === undefined ? undefined : true,
        },
        // An attachment has one table at a time.
        { ...inHub, deleteBeforeReplace: true, ...options },
      );
    }
    for (const [i, transitGatewayRouteTableId] of kind === 'peering' ? [] : made.propagation.entries()) {
      new RouteTablePropagation(`${label}/${i}`, { ...at, transitGatewayRouteTableId }, { ...inHub, ...options });
    }
  };
  const attached = attachVpc(place, made, attach);
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
    vpcTableId: made.vpcTableId,
    attach,
  };
}

interface HubParts {
  readonly id: Output<string>;
  /** Tables that attachments are associated with. Nothing where the gateway associates them itself. */
  readonly tables?: { readonly vpc: Input<string>; readonly others: Input<string> };
  readonly vpcTableId: Input<string>;
  readonly propagation: readonly Input<string>[];
  /** Whether the VPC is associated with the gateway's default table all the same. */
  readonly byDefault?: Input<boolean>;
}

/**
 * A new gateway with a route table for its attachments. With a peered region the VPC has one of its own: a gateway announces to the
 * peers of its tunnels all that stands in their table, static routes too, and a peering carries the routes of its two ends alone.
 */
function newHub(place: Place): HubParts {
  const { name, region, site, parent, tags } = place;
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
  const table = (label: string, tag: string): Output<string> =>
    new RouteTable(label, { transitGatewayId: gateway.id, region, tags: tags(tag) }, { parent }).id;
  const others = table(`${name}/gateway`, name);
  const vpc = peeredHubs(place).length === 0 ? others : table(`${name}/vpc`, `${name}/vpc`);
  return {
    id: gateway.id,
    tables: { vpc, others },
    vpcTableId: vpc,
    propagation: vpc === others ? [others] : [others, vpc],
  };
}

function oldHub(place: Place, existing: NonNullable<Place['args']['transitGateway']>): HubParts {
  const { region, site, args, parent, hub } = place;
  const { associationRouteTableId: association, propagationRouteTableIds: propagation } = existing;
  const found = getTransitGatewayOutput({ id: existing.id, region }, { parent, provider: hub });
  const planned = spokenAsn(site);
  const path = `${site.path}.transitGateway`;
  // Attachments that AWS propagates without being asked: connections, and a VPC for which nobody here may say otherwise.
  const foreign = args.networkProvider !== undefined && existing.acceptAttachment !== true;
  const vpc = existing.vpcAttachmentId === undefined && (association === undefined || foreign);
  const unasked = hasTunnels(place) || vpc;
  const into: Output<readonly string[] | undefined> = output(propagation && [...propagation]);
  const id = all([found, association, into]).apply(([one, associated, learning]) => {
    if (unasked) propagatedOnce(path, one, associated, learning);
    return plannedGateway(`${path}.id`, one.id ?? '', String(one.amazonSideAsn), planned);
  });
  return {
    id,
    tables: association === undefined ? undefined : { vpc: association, others: association },
    vpcTableId: association ?? found.associationDefaultRouteTableId,
    propagation: propagation ?? (association === undefined ? [] : [association]),
    byDefault: all([found, association]).apply(([one, own]) => own === one.associationDefaultRouteTableId),
  };
}

/** Refuses tables that the gateway itself propagates into: AWS would, a second time. */
export function propagatedOnce(
  path: string,
  gateway: Pick<GetTransitGatewayResult, 'id' | 'propagationDefaultRouteTableId' | 'defaultRouteTablePropagation'>,
  association: string | undefined,
  propagation?: readonly string[],
): void {
  const { id, propagationDefaultRouteTableId: own, defaultRouteTablePropagation } = gateway;
  const into = propagation ?? (association === undefined ? [] : [association]);
  if (defaultRouteTablePropagation !== 'enable' || !into.includes(own)) return;
  const [key, fix] =
    propagation === undefined
      ? ['associationRouteTableId', 'leave associationRouteTableId out']
      : ['propagationRouteTableIds', 'remove it from the list'];
  throw lateMistake(`${path}.${key}: ${id} propagates into ${own}, its default table, by itself: ${fix}`);
}

/** Attaches the VPC, unless it is already. */
function attachVpc(
  { name, region, args, parent, tags, hub: provider }: Place,
  { id: transitGatewayId, tables, byDefault = false }: HubParts,
  attach: Hub['attach'],
): VpcAttachment | VpcAttachmentAccepter | undefined {
  const { transitGateway: existing, networkProvider } = args;
  if (existing?.vpcAttachmentId !== undefined) return undefined;
  // Only the account of the gateway may say so.
  const said = tables !== undefined && networkProvider === undefined;
  const attachment = new VpcAttachment(
    `${name}/vpc`,
    {
      transitGatewayId,
      vpcId: args.vpcId,
      subnetIds: [...args.subnetIds],
      transitGatewayDefaultRouteTableAssociation: said ? byDefault : undefined,
      transitGatewayDefaultRouteTablePropagation: said ? false : undefined,
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
            transitGatewayDefaultRouteTableAssociation: tables === undefined ? true : byDefault,
            transitGatewayDefaultRouteTablePropagation: tables === undefined,
            region,
            tags: tags(name),
          },
          { parent, provider },
        )
      : undefined;
  attach({ name: `${name}/vpc`, kind: 'vpc', id: attachment.id }, { dependsOn: accepted });
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
