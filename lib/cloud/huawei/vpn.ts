import { rulesOf } from '../../plan/network/clouds.js';
import { LIFETIME, type PhaseWords, wordsOf } from '../../plan/network/crypto.js';
import type { LinkPlan, TunnelPlan } from '../../plan/network/links.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { endsFrom, linksOf } from '../../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';
import { type Arguments, attribute, type Expression, type Resources, variable } from './json.js';
import { cloudConnectionOf, peerings } from './peered.js';

/** The gateway, with two addresses: of EIPs that exist, or of its own. */
export function gateway(name: string, { asn, cidrs }: NetworkPlan, existingEips: boolean): Arguments {
  const address = (i: number): Arguments =>
    existingEips
      ? { id: variable('eip_ids', i - 1) }
      : {
          type: '5_bgp',
          bandwidth_name: `${name}-vpn-${i}`,
          bandwidth_size: variable('bandwidth_size'),
          charge_mode: 'traffic',
        };
  return {
    name: `${name}-vpn`,
    vpc_id: variable('vpc_id'),
    local_subnets: cidrs,
    connect_subnet: variable('connect_subnet'),
    availability_zones: variable('availability_zones'),
    flavor: 'Professional1',
    ha_mode: 'active-active',
    asn,
    eip1: [address(1)],
    eip2: [address(2)],
    // The provider's default releases EIPs with the gateway, also those that it did not make.
    ...(existingEips ? { delete_eip_on_termination: false } : {}),
  };
}

/** The outside address of a peer: from the plan, or from the variable. */
function outsideOf(plan: TopologyPlan, region: string, outside: number): string | Expression {
  const { network } = regionOf(plan, region);
  const known = network !== undefined && 'publicIps' in network ? network.publicIps?.[outside] : undefined;
  return known ?? variable('outside_addresses', region, outside);
}

/** A customer gateway for each outside address of the peer. */
export const customerGateways = (plan: TopologyPlan, name: string, { tunnels }: LinkPlan): Resources =>
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

/** A connection for each tunnel. */
export function connections(plan: TopologyPlan, name: string, link: LinkPlan): Resources {
  const words = wordsOf('huawei', link);
  return Object.fromEntries(
    link.tunnels.map((tunnel) => {
      const { own, peer } = endsFrom(tunnel, name);
      return [
        tunnel.name,
        {
          name: tunnel.name,
          gateway_id: attribute('huaweicloud_vpn_gateway', 'main', 'id'),
          gateway_ip: attribute('huaweicloud_vpn_gateway', 'main', `eip${own.outside + 1}`, 0, 'id'),
          customer_gateway_id: attribute('huaweicloud_vpn_customer_gateway', peerId(tunnel, name), 'id'),
          vpn_type: 'bgp',
          ha_role: own.outside === 0 ? 'master' : 'slave',
          psk: variable('psk', tunnel.key.name),
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

const phase = ({ encryption, integrity = '' }: PhaseWords, lifetime: number): Arguments => ({
  encryption_algorithm: encryption,
  authentication_algorithm: integrity,
  lifetime_seconds: lifetime,
});

/**
 * Ranges that a peer leads to: its own, and all others where it passes routes on. Not those that Huawei Cloud leads to itself, for a route table
 * has one route for each destination.
 */
function rangesBehind(plan: TopologyPlan, name: string, peer: string): readonly string[] {
  const own = regionOf(plan, name).network;
  const network = regionOf(plan, peer).network;
  const joined = new Set([
    ...linksOf(peerings(plan, name), name).flatMap(({ between }) => between),
    ...(cloudConnectionOf(plan, name)?.members ?? []),
  ]);
  const regions = network !== undefined && rulesOf(network).transit ? (own?.reaches ?? []) : [peer];
  return regions
    .filter((region) => region === peer || !joined.has(region))
    .flatMap((region) => regionOf(plan, region).network?.announces ?? []);
}
