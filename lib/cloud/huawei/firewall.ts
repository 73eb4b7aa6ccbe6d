import { isForNames } from '../../plan/network/firewall.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { type Resources, variable } from './json.js';

/** A rule for each port and range of a peer. Questions for names that come in go to an endpoint, which has no group: nodes answer none. */
export function firewallRules({ firewall }: NetworkPlan): Resources {
  const opened = firewall.filter((rule) => rule.direction === 'egress' || !isForNames(rule));
  const rules = opened.flatMap(({ direction, protocol, ports, peers, purpose }) =>
    peers.flatMap(({ region, cidrs }) =>
      cidrs.map((cidr) => ({
        security_group_id: variable('security_group_id'),
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
