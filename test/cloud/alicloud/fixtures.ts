import { ComponentResource, type Input, output, secret } from '@pulumi/pulumi';
import { type AlicloudArgs, alicloud } from '../../../lib/cloud/alicloud';
import type { CloudNetwork, CloudSite, ConnectedTunnel } from '../../../lib/cloud/cloud';
import { endsFrom, linksOf } from '../../../lib/plan/network/tunnels';
import { regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import type { RecordOptions } from '../../pulumi/support/mocks';

/** What a landing zone has there. */
export const ARGS: AlicloudArgs = {
  vpcId: 'vpc-bp1a',
  vswitches: [
    { id: 'vsw-bp1a', zoneId: 'ap-southeast-1a', cidrBlock: '10.1.0.0/24' },
    { id: 'vsw-bp1b', zoneId: 'ap-southeast-1b', cidrBlock: '10.1.1.0/24' },
  ],
  securityGroupId: 'sg-bp1a',
};

/** What Alibaba Cloud makes up besides the inputs. */
export const answers: RecordOptions['outputs'] = ({ type, name }) => {
  switch (type) {
    case 'alicloud:vpn/gateway:Gateway':
      return { internetIp: `outside address 0 of ${name}`, disasterRecoveryInternetIp: `outside address 1 of ${name}` };
    case 'alicloud:cen/transitRouter:TransitRouter':
      return { transitRouterId: `tr of ${name}` };
    case 'alicloud:cen/transitRouterVpcAttachment:TransitRouterVpcAttachment':
    case 'alicloud:cen/transitRouterPeerAttachment:TransitRouterPeerAttachment':
      return { transitRouterAttachmentId: `attachment of ${name}` };
    default:
      return undefined;
  }
};

export const calls: RecordOptions['calls'] = ({ inputs }) => ({
  tables: [{ transitRouterRouteTableId: `table of ${inputs.transitRouterId}` }],
});

export function siteOf(plan: TopologyPlan, name: string): CloudSite {
  const region = regionOf(plan, name);
  if (region.network === undefined) throw new Error(`no network in ${name}`);
  const path = `regions.${name}.cloud`;
  return { path, plan, region, network: region.network, links: linksOf(plan.links, name) };
}

class Topology extends ComponentResource {
  constructor() {
    super('test:Topology', 'registry');
  }
}

/** Opens a region's network, named as the region is. */
export const opened = (plan: TopologyPlan, name: string, args: AlicloudArgs = ARGS): CloudNetwork =>
  alicloud(args).open(name, siteOf(plan, name), new Topology());

/** The tunnels of a region as a topology connects them: peers have the outside addresses of the plan, or are told by number. */
export const tunnelsOf = (plan: TopologyPlan, name: string): readonly ConnectedTunnel[] =>
  linksOf(plan.links, name).flatMap((link) =>
    link.tunnels.map((tunnel) => {
      const ends = endsFrom(tunnel, name);
      const network = regionOf(plan, ends.peer.region).network;
      const known =
        network !== undefined && 'publicIps' in network ? network.publicIps?.[ends.peer.outside] : undefined;
      const peerOutside: Input<string> = output(known ?? `outside address ${ends.peer.outside} of ${ends.peer.region}`);
      return { link, tunnel, ...ends, peerOutside, key: secret(`${tunnel.key.name} ${tunnel.key.generation}`) };
    }),
  );
