import { getCallerIdentityOutput } from '@pulumi/aws';
import { Route, VpcPeeringConnection, VpcPeeringConnectionAccepter } from '@pulumi/aws/ec2';
import { Route as HubRoute, PeeringAttachment, PeeringAttachmentAccepter } from '@pulumi/aws/ec2transitgateway';
import { all, type Output, type ProviderResource, type Resource } from '@pulumi/pulumi';
import type { LinkPlan } from '../../plan/network/links.js';
import type { Hub } from './gateway.js';
import type { Place } from './network.js';
import { otherGateway } from './shared-gateway.js';

/** One end of a peering of transit gateways. */
interface HubEnd {
  readonly place: Place;
  readonly gateway: Hub;
}

/** Joins two transit gateways. No BGP runs between them, so each has a route to the other's ranges. */
export function joinGateways(link: LinkPlan, own: HubEnd, peer: HubEnd): void {
  const { name, parent, region, hub, tags } = own.place;
  const label = `${name}/${link.name}`;
  const attachment = new PeeringAttachment(
    label,
    {
      transitGatewayId: own.gateway.id,
      peerTransitGatewayId: all([peer.gateway.id, own.gateway.id]).apply(([id, ours]) => otherGateway(peer, id, ours)),
      peerRegion: peer.place.region,
      peerAccountId: accountOf(hub, peer.place.hub, peer.place.parent),
      region,
      tags: tags(label),
    },
    { parent, provider: hub },
  );
  const accepter = new PeeringAttachmentAccepter(
    label,
    { transitGatewayAttachmentId: attachment.id, region: peer.place.region, tags: peer.place.tags(label) },
    { parent: peer.place.parent, provider: peer.place.hub },
  );
  for (const [here, there] of [
    [own, peer],
    [peer, own],
  ] as const) {
    const options = { parent: here.place.parent, provider: here.place.hub, dependsOn: accepter };
    here.gateway.attach({ name: `${here.place.name}/${link.name}`, kind: 'peering', id: attachment.id }, options);
    for (const cidr of there.place.site.network.announces) {
      new HubRoute(
        `${here.place.name}/${link.name}/${cidr}`,
        {
          destinationCidrBlock: cidr,
          transitGatewayAttachmentId: attachment.id,
          transitGatewayRouteTableId: here.gateway.vpcTableId,
          region: here.place.region,
        },
        options,
      );
    }
  }
}

/** Joins two VPCs, and routes each to the other's ranges. */
export function joinVpcs(link: LinkPlan, own: Place, peer: Place): void {
  const label = `${own.name}/${link.name}`;
  const connection = new VpcPeeringConnection(
    label,
    {
      vpcId: own.args.vpcId,
      peerVpcId: peer.args.vpcId,
      peerRegion: peer.region,
      peerOwnerId: accountOf(own.args.provider, peer.args.provider, peer.parent),
      region: own.region,
      tags: own.tags(label),
    },
    { parent: own.parent },
  );
  const accepter = new VpcPeeringConnectionAccepter(
    label,
    { vpcPeeringConnectionId: connection.id, autoAccept: true, region: peer.region, tags: peer.tags(label) },
    { parent: peer.parent },
  );
  for (const [here, there] of [
    [own, peer],
    [peer, own],
  ] as const) {
    for (const cidr of there.site.network.announces) {
      for (const [i, routeTableId] of here.args.routeTableIds.entries()) {
        new Route(
          `${here.name}/routes/${i}/${cidr}`,
          { routeTableId, destinationCidrBlock: cidr, vpcPeeringConnectionId: connection.id, region: here.region },
          { parent: here.parent, dependsOn: accepter },
        );
      }
    }
  }
}

/** The account of the other end, where another provider stands for it; without one it has that of its parent. */
const accountOf = (
  own: ProviderResource | undefined,
  peer: ProviderResource | undefined,
  parent: Resource,
): Output<string> | undefined =>
  own === peer ? undefined : getCallerIdentityOutput({}, { parent, provider: peer }).accountId;
