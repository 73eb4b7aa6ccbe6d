import { cloudRegion } from '../../plan/network/clouds.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { privateRecords, privateZones } from '../../plan/network/private-names.js';
import type { TopologyPlan } from '../../plan/plan.js';
import { type Arguments, attribute, Blocks, identifier, type Resources, variable } from './json.js';

/** The region's own private names, and the ways between its resolver and those of other regions. */
export function privateNames(
  plan: TopologyPlan,
  region: string,
  network: NetworkPlan,
): Readonly<Record<string, Resources>> {
  const asked = isAsked(plan, region);
  return {
    huaweicloud_dns_zone: zones(plan, region, network),
    huaweicloud_dns_recordset: records(plan, region),
    huaweicloud_dns_endpoint: {
      ...(asked ? { inbound: endpoint('inbound', network.resolvers) } : {}),
      ...(network.forwards.length > 0 ? { outbound: endpoint('outbound') } : {}),
    },
    huaweicloud_dns_resolver_rule: Object.fromEntries(
      network.forwards.map(({ zone, region: other, resolvers }) => [
        identifier(zone),
        {
          name: identifier(zone),
          domain_name: zone,
          endpoint_id: attribute('huaweicloud_dns_endpoint', 'outbound', 'id'),
          ip_addresses:
            resolvers === undefined ? new Blocks('ip', variable('resolvers', other)) : resolvers.map((ip) => ({ ip })),
        },
      ]),
    ),
    huaweicloud_dns_resolver_rule_associate: Object.fromEntries(
      network.forwards.map(({ zone }) => [
        identifier(zone),
        {
          resolver_rule_id: attribute('huaweicloud_dns_resolver_rule', identifier(zone), 'id'),
          vpc_id: variable('vpc_id'),
        },
      ]),
    ),
  };
}

/** Whether other regions ask for its private names. */
export const isAsked = (plan: TopologyPlan, name: string): boolean =>
  plan.regions.some(({ network }) => network?.forwards.some(({ region }) => region === name));

function zones(plan: TopologyPlan, region: string, network: NetworkPlan): Resources {
  return Object.fromEntries(
    privateZones(plan, region).map((zone) => [
      identifier(zone),
      {
        name: `${zone}.`,
        zone_type: 'private',
        // Public names of the same zone, such as those of certificate checks, are asked of the internet.
        proxy_pattern: 'RECURSIVE',
        router: [{ router_id: variable('vpc_id'), router_region: cloudRegion(network) }],
      },
    ]),
  );
}

const records = (plan: TopologyPlan, region: string): Resources =>
  Object.fromEntries(
    privateRecords(plan, region).map(({ name, zone, ttlSeconds }) => [
      identifier(name),
      {
        zone_id: attribute('huaweicloud_dns_zone', identifier(zone), 'id'),
        name: `${name}.`,
        type: variable('records', name, 'type'),
        records: variable('records', name, 'values'),
        ttl: ttlSeconds,
      },
    ]),
  );

/** An endpoint has two to six addresses. */
const endpoint = (direction: 'inbound' | 'outbound', addresses: readonly string[] = []): Arguments => ({
  name: direction === 'inbound' ? 'asked-by-linked-regions' : 'linked-regions',
  direction,
  ip_addresses: Array.from({ length: Math.max(2, addresses.length) }, (_, i) => ({
    subnet_id: variable('resolver_subnet_ids', i % 2),
    ...(addresses[i] === undefined ? {} : { ip: addresses[i] }),
  })),
});
