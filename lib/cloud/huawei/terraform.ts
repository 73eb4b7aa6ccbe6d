import { rulesOf } from '../../plan/network/clouds.js';
import { cryptoWords, LIFETIME, type PhaseWords } from '../../plan/network/crypto.js';
import type { LinkPlan, TunnelPlan } from '../../plan/network/links.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { endsFrom, linksOf } from '../../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';

/** A value of JSON. */
export type JsonValue = string | number | boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A Terraform configuration: written as `main.tf.json`. */
export type TerraformJson = Readonly<Record<'terraform' | 'provider' | 'variable' | 'resource' | 'output', JsonValue>>;

const variable = (description: string, type: string, more: Readonly<Record<string, JsonValue>> = {}): JsonValue => ({
  description,
  type,
  ...more,
});

/**
 * The VPN end, firewall rules and forwarding of a region in Huawei Cloud. Late values are variables: `psk` by the name of the tunnel, and
 * `outside_addresses` by region, in the order of the plan, once other clouds know theirs; its own come out as `outside_addresses`.
 *
 * @throws Error when the region does not stand in Huawei Cloud
 */
export function terraformJson(plan: TopologyPlan, name: string): TerraformJson {
  const { network } = regionOf(plan, name);
  if (network?.type !== 'huawei') throw new Error(`region "${name}" does not stand in Huawei Cloud`);
  const vpn = linksOf(plan.links, name).filter(({ via }) => via === 'vpn');
  return {
    terraform: { required_providers: { huaweicloud: { source: 'huaweicloud/huaweicloud' } } },
    provider: { huaweicloud: { region: network.region } },
    variable: {
      vpc_id: variable('VPC of the region', 'string'),
      connect_subnet: variable('Network id of the subnet that the VPN gateway uses', 'string'),
      availability_zones: variable('Two availability zones', 'list(string)'),
      bandwidth_size: variable('Mbit/s of each outside address', 'number', { default: 100 }),
      security_group_id: variable('Security group of the nodes', 'string'),
      resolver_subnet_ids: variable('Two subnets of the DNS endpoint', 'list(string)'),
      psk: variable('Pre-shared keys by name of the tunnel', 'map(string)', { sensitive: true }),
      outside_addresses: variable('Outside addresses of other clouds by region', 'map(list(string))', { default: {} }),
      resolvers: variable('Addresses of resolvers by region, where the plan has none', 'map(list(string))', {
        default: {},
      }),
    },
    resource: filled({
      huaweicloud_vpn_gateway: vpn.length === 0 ? {} : { main: gateway(name, network) },
      huaweicloud_vpn_customer_gateway: merged(vpn, (link) => customerGateways(plan, name, link)),
      huaweicloud_vpn_connection: merged(vpn, (link) => connections(plan, name, link)),
      huaweicloud_networking_secgroup_rule: firewallRules(network),
      ...resolution(network),
    }),
    output:
      vpn.length === 0
        ? {}
        : {
            outside_addresses: {
              value: [1, 2].map((i) => `\${huaweicloud_vpn_gateway.main.eip${i}[0].ip_address}`),
            },
          },
  };
}

type Resources = Readonly<Record<string, JsonValue>>;

const merged = (links: readonly LinkPlan[], make: (link: LinkPlan) => Resources): Resources =>
  Object.assign({}, ...links.map(make));

/** Kinds of resources of which there are any. */
const filled = (kinds: Readonly<Record<string, Resources>>): JsonValue =>
  Object.fromEntries(Object.entries(kinds).filter(([, resources]) => Object.keys(resources).length > 0));

function gateway(name: string, { asn, cidrs }: NetworkPlan): JsonValue {
  const address = (i: number): JsonValue => ({
    type: '5_bgp',
    bandwidth_name: `${name}-vpn-${i}`,
    bandwidth_size: '${var.bandwidth_size}',
    charge_mode: 'traffic',
  });
  return {
    name: `${name}-vpn`,
    vpc_id: '${var.vpc_id}',
    local_subnets: cidrs,
    connect_subnet: '${var.connect_subnet}',
    availability_zones: '${var.availability_zones}',
    flavor: 'Professional1',
    ha_mode: 'active-active',
    asn,
    eip1: [address(1)],
    eip2: [address(2)],
  };
}

/** The outside address of a peer: from the plan, or from the variable. */
function outsideOf(plan: TopologyPlan, region: string, outside: number): string {
  const { network } = regionOf(plan, region);
  const known = network !== undefined && 'publicIps' in network ? network.publicIps?.[outside] : undefined;
  return known ?? `\${var.outside_addresses["${region}"][${outside}]}`;
}

/** A customer gateway for each outside address of the peer. */
const customerGateways = (plan: TopologyPlan, name: string, { tunnels }: LinkPlan): Resources =>
  Object.fromEntries(
    tunnels.map((tunnel) => {
      const { peer } = endsFrom(tunnel, name);
      const id = peerId(tunnel, name);
      return [id, { name: id, id_value: outsideOf(plan, peer.region, peer.outside), asn: peer.asn }] as const;
    }),
  );

const peerId = (tunnel: TunnelPlan, name: string): string => {
  const { peer } = endsFrom(tunnel, name);
  return `${peer.region}-${peer.outside}`;
};

function connections(plan: TopologyPlan, name: string, link: LinkPlan): Resources {
  const words = cryptoWords('huawei', link.crypto ?? 'common');
  if (words === undefined) throw new Error(`link ${link.name} has a profile that Huawei Cloud lacks`);
  return Object.fromEntries(
    link.tunnels.map((tunnel) => {
      const { own, peer } = endsFrom(tunnel, name);
      return [
        tunnel.name,
        {
          name: tunnel.name,
          gateway_id: '${huaweicloud_vpn_gateway.main.id}',
          gateway_ip: `\${huaweicloud_vpn_gateway.main.eip${own.outside + 1}[0].id}`,
          customer_gateway_id: `\${huaweicloud_vpn_customer_gateway.${peerId(tunnel, name)}.id}`,
          vpn_type: 'bgp',
          ha_role: own.outside === 0 ? 'master' : 'slave',
          psk: `\${var.psk["${tunnel.key.name}"]}`,
          peer_subnets: rangesBehind(plan, name, peer.region),
          tunnel_local_address: `${own.inside}/30`,
          tunnel_peer_address: `${peer.inside}/30`,
          ikepolicy: [{ ...phase(words.ike, LIFETIME.ike), dh_group: words.ike.group, ike_version: 'v2' }],
          ipsecpolicy: [{ ...phase(words.esp, LIFETIME.esp), pfs: words.esp.group }],
        },
      ] as const;
    }),
  );
}

const phase = ({ encryption, integrity = '' }: PhaseWords, lifetime: number): Readonly<Record<string, JsonValue>> => ({
  encryption_algorithm: encryption,
  authentication_algorithm: integrity,
  lifetime_seconds: lifetime,
});

/** Ranges that a peer leads to: its own, and all others where it passes routes on. */
function rangesBehind(plan: TopologyPlan, name: string, peer: string): readonly string[] {
  const own = regionOf(plan, name).network;
  const network = regionOf(plan, peer).network;
  const regions = network !== undefined && rulesOf(network).transit ? (own?.reaches ?? []) : [peer];
  return regions.flatMap((region) => regionOf(plan, region).network?.announces ?? []);
}

/** A rule for each port and range of a peer. */
function firewallRules({ firewall }: NetworkPlan): Resources {
  const rules = firewall.flatMap(({ direction, protocol, ports, peers, purpose }) =>
    peers.flatMap(({ region, cidrs }) =>
      cidrs.map((cidr) => ({
        security_group_id: '${var.security_group_id}',
        direction,
        ethertype: 'IPv4',
        protocol,
        ...(ports.length === 0 ? {} : { ports: ports.join(',') }),
        remote_ip_prefix: cidr,
        description: `${region}: ${purpose}`,
      })),
    ),
  );
  const id = ({ direction, protocol, ports = 'all', remote_ip_prefix: cidr }: (typeof rules)[number]): string =>
    `${direction}-${protocol}-${ports}-${cidr}`.replace(/[^-a-z0-9]/g, '_');
  // Two purposes may need the same: one rule serves both.
  const firsts = rules.filter((rule, i) => rules.findIndex((other) => id(other) === id(rule)) === i);
  return Object.fromEntries(firsts.map((rule) => [id(rule), rule]));
}

/** Forwarding of other regions' private names. */
function resolution({ forwards }: NetworkPlan): Readonly<Record<string, Resources>> {
  if (forwards.length === 0) return {};
  const id = (zone: string): string => zone.replaceAll('.', '_');
  const rules = forwards.map(({ zone, region, resolvers }) => [id(zone), { zone, region, resolvers }] as const);
  return {
    huaweicloud_dns_endpoint: {
      outbound: {
        name: 'linked-regions',
        direction: 'outbound',
        ip_addresses: [0, 1].map((i) => ({ subnet_id: `\${var.resolver_subnet_ids[${i}]}` })),
      },
    },
    huaweicloud_dns_resolver_rule: Object.fromEntries(
      rules.map(([key, { zone, region, resolvers }]) => [
        key,
        {
          name: key,
          domain_name: zone,
          endpoint_id: '${huaweicloud_dns_endpoint.outbound.id}',
          ...(resolvers === undefined
            ? {
                dynamic: {
                  ip_addresses: [
                    { for_each: `\${var.resolvers["${region}"]}`, content: [{ ip: '${ip_addresses.value}' }] },
                  ],
                },
              }
            : { ip_addresses: resolvers.map((ip) => ({ ip })) }),
        },
      ]),
    ),
    huaweicloud_dns_resolver_rule_associate: Object.fromEntries(
      rules.map(([key]) => [
        key,
        { resolver_rule_id: `\${huaweicloud_dns_resolver_rule.${key}.id}`, vpc_id: '${var.vpc_id}' },
      ]),
    ),
  };
}
