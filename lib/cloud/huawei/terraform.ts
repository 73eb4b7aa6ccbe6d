import { Issues } from '../../plan/issues.js';
import type { LinkPlan } from '../../plan/network/links.js';
import { linksOf } from '../../plan/network/tunnels.js';
import type { TopologyPlan } from '../../plan/plan.js';
import { Reader } from '../../plan/reader.js';
import { type CloudConnectProps, cloudConnect } from './cloud-connect.js';
import { firewallRules } from './firewall.js';
import { filled, type JsonValue, type Resources, toJson } from './json.js';
import { networkOf } from './peered.js';
import { privateNames } from './private-names.js';
import { checkFileSystem, checkStorage, type HuaweiStorageProps, storage } from './storage.js';
import { usedVariables } from './variables.js';
import { vpcPeering } from './vpc-peering.js';
import { connections, customerGateways, gateway } from './vpn.js';

/** Of April 2026: the first that knows `huaweicloud_obs_bucket_bpa`. */
const PROVIDER = { source: 'huaweicloud/huaweicloud', version: '>= 1.91.0' };

/** A Terraform configuration: written as `main.tf.json`. */
export type TerraformJson = Readonly<Record<'terraform' | 'provider' | 'variable' | 'resource' | 'output', JsonValue>>;

/** What a region in Huawei Cloud has besides what is planned. */
export interface HuaweiRegionProps extends HuaweiStorageProps, CloudConnectProps {
  /** The gateway uses the EIPs of the variable `eip_ids`, whose addresses are known before it is made. @default false, it makes two */
  readonly existingEips?: boolean;
}

/** Arguments of all resources of a region, by kind and name. */
export function regionResources(
  plan: TopologyPlan,
  name: string,
  { existingEips = false, ...props }: HuaweiRegionProps,
): Readonly<Record<string, Resources>> {
  const network = networkOf(plan, name);
  const vpn = linksOf(plan.links, name).filter(({ via }) => via === 'vpn');
  return filled({
    huaweicloud_vpn_gateway: vpn.length === 0 ? {} : { main: gateway(name, network, existingEips) },
    huaweicloud_vpn_customer_gateway: merged(vpn, (link) => customerGateways(plan, name, link)),
    huaweicloud_vpn_connection: merged(vpn, (link) => connections(plan, name, link)),
    ...vpcPeering(plan, name, props.peers),
    ...cloudConnect(plan, name, props),
    huaweicloud_networking_secgroup_rule: firewallRules(network),
    ...privateNames(plan, name, network),
    ...storage(name, props),
  });
}

/**
 * The VPN end, peering, firewall rules, private names and storage of a region in Huawei Cloud. Late values are variables: `psk` by the name of
 * the tunnel, `outside_addresses`, `resolvers`, `peer_vpc_ids` and `project_ids` by region, `records` by name, `inter_region_bandwidths` by the
 * name of the link. Its own addresses come out as `outside_addresses` and `resolvers`, its cloud connection as `cloud_connection`. What joins
 * two regions of Huawei Cloud is made once for both, in the configuration of that with the smaller index.
 *
 * @throws Error when the region does not stand in Huawei Cloud, PlanError with every mistake in what it keeps images in
 */
export function terraformJson(plan: TopologyPlan, name: string, props: HuaweiRegionProps = {}): TerraformJson {
  const issues = new Issues(`the settings of ${name} in Huawei Cloud`);
  const reader = new Reader(props, '', issues);
  checkStorage(reader);
  checkFileSystem(reader);
  issues.throwIfAny();
  return configuration(plan, name, props);
}

/** The configuration of a region by props that were checked. */
export function configuration(plan: TopologyPlan, name: string, props: HuaweiRegionProps): TerraformJson {
  const resource = toJson(regionResources(plan, name, props));
  return {
    terraform: { required_providers: { huaweicloud: PROVIDER } },
    provider: { huaweicloud: { region: networkOf(plan, name).region } },
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
    ...(made('huaweicloud_cc_connection', 'main')
      ? { cloud_connection: { value: '${huaweicloud_cc_connection.main.id}' } }
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
