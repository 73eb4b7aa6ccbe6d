import type { LinkPlan } from '../../plan/network/links.js';
import type { TopologyPlan } from '../../plan/plan.js';
import { attribute, type Resources, variable } from './json.js';
import { cloudConnectionOf, networkOf, peerings } from './peered.js';

/**
 * VPC peering with regions that stand in the same place, and the routes of both VPCs, made from the first end. VPCs that one cloud connection
 * holds reach each other by it, and a route table has one route for each destination.
 */
export function vpcPeering(
  plan: TopologyPlan,
  name: string,
  peers?: readonly string[],
): Readonly<Record<string, Resources>> {
  const connection = cloudConnectionOf(plan, name, peers);
  const own = peerings(plan, name, peers).filter(
    (link) => link.between[0] === name && connection?.links.includes(link) !== true,
  );
  return {
    huaweicloud_vpc_peering_connection: Object.fromEntries(
      own.map((link) => [
        link.name,
        { name: link.name, vpc_id: variable('vpc_id'), peer_vpc_id: variable('peer_vpc_ids', link.between[1]) },
      ]),
    ),
    huaweicloud_vpc_route: Object.fromEntries(
      own.flatMap((link) => {
        const [a, b] = link.between;
        return [...routes(plan, name, link, a, b), ...routes(plan, name, link, b, a)];
      }),
    ),
  };
}

/** What leads from the VPC of one end to the ranges of the other, in the default route table. */
const routes = (plan: TopologyPlan, name: string, link: LinkPlan, from: string, to: string) =>
  networkOf(plan, to).announces.map(
    (destination) =>
      [
        `${link.name}-${destination.replace(/[./]/g, '_')}`,
        {
          vpc_id: from === name ? variable('vpc_id') : variable('peer_vpc_ids', from),
          destination,
          type: 'peering',
          nexthop: attribute('huaweicloud_vpc_peering_connection', link.name, 'id'),
          description: to,
        },
      ] as const,
  );
