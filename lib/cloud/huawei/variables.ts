import type { JsonValue } from './json.js';

const variable = (description: string, type: string, more: Readonly<Record<string, JsonValue>> = {}): JsonValue => ({
  description,
  type,
  ...more,
});

/** Mbit/s. */
export const DEFAULT_BANDWIDTH = 100;

const VARIABLES: Readonly<Record<string, JsonValue>> = {
  vpc_id: variable('VPC of the region', 'string'),
  connect_subnet: variable('Network id of the subnet that the VPN gateway and the file system use', 'string'),
  availability_zones: variable('Two availability zones', 'list(string)'),
  bandwidth_size: variable('Mbit/s of each outside address', 'number', { default: DEFAULT_BANDWIDTH }),
  eip_ids: variable('Two EIPs of the VPN gateway', 'list(string)'),
  security_group_id: variable('Security group of the nodes', 'string'),
  resolver_subnet_ids: variable('Two subnets of the DNS endpoints', 'list(string)'),
  psk: variable('Pre-shared keys by name of the tunnel', 'map(string)', { sensitive: true }),
  outside_addresses: variable('Outside addresses of other clouds by region', 'map(list(string))', { default: {} }),
  resolvers: variable('Addresses of resolvers by region, where the plan has none', 'map(list(string))', {
    default: {},
  }),
  records: variable(
    'What private names lead to: A with addresses, or CNAME with one host name',
    'map(object({ type = string, values = list(string) }))',
  ),
};

/** Those variables that a configuration uses: others would be asked for in vain. */
export function usedVariables(configuration: JsonValue): Readonly<Record<string, JsonValue>> {
  const text = JSON.stringify(configuration);
  return Object.fromEntries(Object.entries(VARIABLES).filter(([name]) => new RegExp(`\\bvar[.]${name}\\b`).test(text)));
}
