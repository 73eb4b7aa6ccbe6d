import type { JsonValue } from './json.js';

const variable = (description: string, type: string, more: Readonly<Record<string, JsonValue>> = {}): JsonValue => ({
  description,
  type,
  ...more,
});

/** Mbit/s. */
export const DEFAULT_BANDWIDTH = 100;

/**
 * What comes by name is empty at first, so that the gateway can be made before other regions are known. Terraform stops with "Invalid index"
 * where an entry is used that is not there: an apply that forgets the values makes no tunnel, and takes none away.
 */
const LATER = { default: {} };

const VARIABLES: Readonly<Record<string, JsonValue>> = {
  vpc_id: variable('VPC of the region', 'string'),
  connect_subnet: variable('Network id of the subnet that the VPN gateway and the file system use', 'string'),
  availability_zones: variable('Two availability zones', 'list(string)'),
  bandwidth_size: variable('Mbit/s of each outside address', 'number', { default: DEFAULT_BANDWIDTH }),
  eip_ids: variable('Two EIPs of the VPN gateway', 'list(string)'),
  security_group_id: variable('Security group of the nodes', 'string'),
  resolver_subnet_ids: variable('Two subnets of the DNS endpoints', 'list(string)'),
  peer_vpc_ids: variable('VPCs of other regions of Huawei Cloud by region', 'map(string)', LATER),
  project_ids: variable('Projects of VPCs in the cloud connection by region', 'map(string)', LATER),
  cloud_connection_id: variable('Cloud connection that exists', 'string'),
  inter_region_bandwidths: variable(
    'Bandwidth packages and Mbit/s to other regions of Huawei Cloud by link',
    'map(object({ package_id = string, bandwidth = number }))',
    LATER,
  ),
  psk: variable('Pre-shared keys by name of the tunnel', 'map(string)', { ...LATER, sensitive: true }),
  outside_addresses: variable('Outside addresses of other clouds by region', 'map(list(string))', LATER),
  resolvers: variable('Addresses of resolvers by region, where the plan has none', 'map(list(string))', LATER),
  records: variable(
    'What private names lead to: A with addresses, or CNAME with one host name',
    'map(object({ type = string, values = list(string) }))',
    LATER,
  ),
};

/** Those variables that a configuration uses: others would be asked for in vain. */
export function usedVariables(configuration: JsonValue): Readonly<Record<string, JsonValue>> {
  const text = JSON.stringify(configuration);
  return Object.fromEntries(Object.entries(VARIABLES).filter(([name]) => new RegExp(`\\bvar[.]${name}\\b`).test(text)));
}
