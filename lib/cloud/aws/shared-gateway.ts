import type { Issues } from '../../plan/issues.js';
import type { TopologyPlan } from '../../plan/plan.js';
import { lateMistake } from '../../pulumi/errors.js';
import { markerOf } from '../../pulumi/inputs.js';
import type { CloudSite } from '../cloud.js';
import type { Place } from './network.js';
import type { AwsCloudArgs } from './network-args.js';

/** What tells a gateway that exists from others: its identifier, or the Output that brings it. */
const gatewayOf = ({ transitGateway }: AwsCloudArgs): string | undefined =>
  transitGateway && (markerOf(transitGateway.id) ?? String(transitGateway.id));

/** Whether two VPCs are attached to one gateway, over which they reach each other without a peering. */
export const shareGateway = (one: Place, other: Place): boolean =>
  gatewayOf(one.args) !== undefined && gatewayOf(one.args) === gatewayOf(other.args);

/** The gateway of a peer, if it is not one's own: which of two Outputs are equal shows only when deployed. */
export function otherGateway({ place }: { readonly place: Place }, id: string, own: string): string {
  if (id !== own) return id;
  throw lateMistake(
    `${place.site.path}.transitGateway.id: ${id} is the gateway of the region that it would be peered with: give both regions the same Output, or the identifier as a text`,
  );
}

// A gateway that regions share shows only when all of them were seen.
const checked = new WeakMap<TopologyPlan, Map<string, string>>();

/** Records a link that would peer two gateways a second time, because one of them serves several regions: AWS takes one peering. */
export function checkPeerings(
  args: AwsCloudArgs,
  { plan, path, region, network, links }: CloudSite,
  issues: Issues,
): void {
  if (network.type === 'aws' && network.gateway === 'vpnGateway') return;
  const gateways = checked.get(plan) ?? new Map<string, string>();
  checked.set(plan, gateways.set(region.name, gatewayOf(args) ?? `of ${region.name}`));
  const pairOf = ([a, b]: readonly [string, string]): string | undefined => {
    const pair = [gateways.get(a), gateways.get(b)];
    return pair.includes(undefined) || pair[0] === pair[1] ? undefined : pair.sort().join(' ');
  };
  const peerings = plan.links.filter(({ via }) => via === 'peering');
  for (const link of links.filter(({ via }) => via === 'peering')) {
    const pair = pairOf(link.between);
    const first = peerings.find(({ between }) => pair !== undefined && pairOf(between) === pair);
    if (first === undefined || first.name === link.name) continue;
    issues.error(
      `${path}.transitGateway`,
      `would be peered twice with the same gateway: for link ${link.name}, and for ${first.name} of a region that shares one`,
      undefined,
      'one peering between two gateways',
      `give each region a gateway of its own, or join ${link.name} by other means and set { between: ['${link.between.join("', '")}'], via: 'existing' }`,
    );
  }
}
