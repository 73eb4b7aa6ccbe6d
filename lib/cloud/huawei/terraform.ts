import type { LinkPlan } from '../../plan/network/links.js';
import { linksOf } from '../../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';
import { firewallRules } from './firewall.js';
import { filled, type JsonValue, type Resources, toJson } from './json.js';
import { privateNames } from './private-names.js';
import { type HuaweiStorageProps, storage } from './storage.js';
import { usedVariables } from './variables.js';
import { connections, customerGateways, gateway } from './vpn.js';

/** A Terraform configuration: written as `main.tf.json`. */
export type TerraformJson = Readonly<Record<'terraform' | 'provider' | 'variable' | 'resource' | 'output', JsonValue>>;

/** What a region in Huawei Cloud has besides what is planned. */
export interface HuaweiRegionProps extends HuaweiStorageProps {
  /** The gateway uses the EIPs of the variable `eip_ids`, whose addresses are known before it is made. @default false, it makes two */
  readonly existingEips?: boolean;
}

/** Arguments of all resources of a region, by kind and name. */
export function regionResources(
  plan: TopologyPlan,
  name: string,
  { existingEips = false, ...props }: HuaweiRegionProps,
): Readonly<Record<string, Resources>> {
  const { network } = regionOf(plan, name);
  if (network?.type !== 'huawei') throw new Error(`region "${name}" does not stand in Huawei Cloud`);
  const vpn = linksOf(plan.links, name).filter(({ via }) => via === 'vpn');
  return filled({
    huaweicloud_vpn_gateway: vpn.length === 0 ? {} : { main: gateway(name, network, existingEips) },
    huaweicloud_vpn_customer_gateway: merged(vpn, (link) => customerGateways(plan, name, link)),
    huaweicloud_vpn_connection: merged(vpn, (link) => connections(plan, name, link)),
    huaweicloud_networking_secgroup_rule: firewallRules(network),
    ...privateNames(plan, name, network),
    ...storage(name, props),
  });
}

/**
 * The VPN end, firewall rules, private names and storage of a region in Huawei Cloud. Late values are variables: `psk` by the name of the
 * tunnel, `outside_addresses` and `resolvers` by region, `records` by name. Its own addresses come out as `outside_addresses` and `resolvers`.
 *
 * @throws Error when the region does not stand in Huawei Cloud
 */
export function terraformJson(plan: TopologyPlan, name: string, props: HuaweiRegionProps = {}): TerraformJson {
  const resource = toJson(regionResources(plan, name, props));
  const { network } = regionOf(plan, name);
  return {
    terraform: { required_providers: { huaweicloud: { source: 'huaweicloud/huaweicloud' } } },
    provider: { huaweicloud: { region: network?.type === 'huawei' ? network.region : '' } },
    variable: usedVariables(resource),
    resource,
    output: outputs(resource),
  };
}

/** What other tools and other clouds ask for. */
function outputs(resource: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>): JsonValue {
  const made = (kind: string, name: string): boolean => resource[kind]?.[name] !== undefined;
  return {
    ...(made('huaweicloud_vpn_gateway', 'main')
      ? { outside_addresses: { value: [1, 2].map((i) => `\${huaweicloud_vpn_gateway.main.eip${i}[0].ip_address}`) } }
      : {}),
    ...(made('huaweicloud_dns_endpoint', 'inbound')
      ? { resolvers: { value: '${huaweicloud_dns_endpoint.inbound.ip_addresses[*].ip}' } }
      : {}),
    ...(made('huaweicloud_sfs_turbo', 'registry')
      ? { file_system: { value: '${huaweicloud_sfs_turbo.registry.export_location}' } }
      : {}),
  };
}

const merged = (links: readonly LinkPlan[], make: (link: LinkPlan) => Resources): Resources =>
  Object.assign({}, ...links.map(make));
