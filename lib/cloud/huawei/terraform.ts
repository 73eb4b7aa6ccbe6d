import { rulesOf } from '../../plan/network/clouds.js';
import { cryptoWords, LIFETIME, type PhaseWords } from '../../plan/network/crypto.js';
import type { LinkPlan, TunnelPlan } from '../../plan/network/links.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { endsFrom, linksOf } from '../../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';
import { filled, type JsonValue, type Resources } from './json.js';
import { privateNames } from './private-names.js';
import { type HuaweiStorageProps, storage } from './storage.js';
import { usedVariables } from './variables.js';

/** A Terraform configuration: written as `main.tf.json`. */
export type TerraformJson = Readonly<Record<'terraform' | 'provider' | 'variable' | 'resource' | 'output', JsonValue>>;

/** What a region in Huawei Cloud has besides what is planned. */
export interface HuaweiRegionProps extends HuaweiStorageProps {
  /** The gateway uses the EIPs of the variable `eip_ids`, whose addresses are known before it is made. @default false, it makes two */
  readonly existingEips?: boolean;
}

/**
 * The VPN end, firewall rules, private names and storage of a region in Huawei Cloud. Late values are variables: `psk` by the name of the
 * tunnel, `outside_addresses` and `resolvers` by region, `records` by name. Its own addresses come out as `outside_addresses` and `resolvers`.
 *
 * @throws Error when the region does not stand in Huawei Cloud
 */
export function terraformJson(plan: TopologyPlan, name: string, props: HuaweiRegionProps = {}): TerraformJson {
  const { network } = regionOf(plan, name);
  if (network?.type !== 'huawei') throw new Error(`region "${name}" does not stand in Huawei Cloud`);
  const vpn = linksOf(plan.links, name).filter(({ via }) => via === 'vpn');
  const resource = filled({
    huaweicloud_vpn_gateway: vpn.length === 0 ? {} : { main: gateway(name, network, props.existingEips ?? false) },
    huaweicloud_vpn_customer_gateway: merged(vpn, (link) => customerGateways(plan, name, link)),
    huaweicloud_vpn_connection: merged(vpn, (link) => connections(plan, name, link)),
    huaweicloud_networking_secgroup_rule: firewallRules(network),
    ...privateNames(plan, name, network),
    ...storage(name, props),
  });
  return {
    terraform: { required_providers: { huaweicloud: { source: 'huaweicloud/huaweicloud' } } },
    provider: { huaweicloud: { region: network.region } },
    variable: usedVariables(resource),
    resource,
    output: outputs(resource),
  };
}

/** What other tools and other clouds ask for. */
function outputs(resource: Readonly<Record<string, Resources>>): JsonValue {
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

function gateway(name: string, { asn, cidrs }: NetworkPlan, existingEips: boolean): JsonValue {
  const address = (i: number): JsonValue =>
    existingEips
      ? { id: `\${var.eip_ids[${i - 1}]}` }
      : {
          type: '5_bgp',
          bandwidth_name: `${name}-vpn-${i}`,
          bandwidth_size: '${var.bandwidth_size}',
          charge_mode: 'traffic',
        };
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
