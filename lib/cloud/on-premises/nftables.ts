import type { FirewallRule } from '../../plan/network/firewall.js';
import type { Router } from './router.js';

/** Largest TCP segment: fits into every tunnel of every cloud. */
const MSS = 1350;

const set = (items: readonly (string | number)[]): string => `{ ${[...new Set(items)].join(', ')} }`;

/**
 * nftables rules for what crosses the tunnels, in a table of their own: only planned uses pass, also to the router itself, which may be the
 * site's resolver, and what other regions send to each other. Rules of other tables stay in force: they must let UDP 500 and 4500 in from the peers. One router of several sees
 * answers to questions that went out over another: there, answers pass by their source port, not by connection.
 */
export function nftablesConf({ network, tunnels, peers, dataplane, siblings }: Router): string {
  const links = dataplane === 'xfrm' ? '"hf*"' : '"ipsec0"';
  const linked = peers.flatMap(([, peer]) => peer.announces);
  const towards = (direction: FirewallRule['direction']): readonly FirewallRule[] =>
    network.firewall.filter((rule) => rule.direction === direction);
  const rules = (direction: FirewallRule['direction']): string[] =>
    towards(direction).map((rule) => `    ${line(rule, network.cidrs)}`);
  const answers = (direction: FirewallRule['direction']): string[] =>
    siblings.others.length === 0
      ? ['    ct state established,related accept']
      : towards(direction)
          .filter(({ protocol }) => protocol !== 'icmp')
          .map((rule) => `    ${answerLine(rule, network.cidrs)}`);
  const transit =
    linked.length === 0
      ? []
      : [`    ip saddr ${set(linked)} ip daddr ${set(linked)} accept comment "between other regions"`];
  const speakers = tunnels.map(({ peer }) => peer.inside);
  return [
    'table inet harbor_fleet',
    'delete table inet harbor_fleet',
    'table inet harbor_fleet {',
    '  chain from_links {',
    ...answers('egress'),
    ...rules('ingress'),
    ...transit,
    '    drop',
    '  }',
    '  chain to_links {',
    ...answers('ingress'),
    ...rules('egress'),
    ...transit,
    '    drop',
    '  }',
    '  chain forward {',
    '    type filter hook forward priority filter; policy accept;',
    `    iifname ${links} jump from_links`,
    `    oifname ${links} jump to_links`,
    '  }',
    '  chain segments {',
    '    type filter hook forward priority mangle; policy accept;',
    `    iifname ${links} tcp flags syn tcp option maxseg size set ${MSS}`,
    `    oifname ${links} tcp flags syn tcp option maxseg size set ${MSS}`,
    '  }',
    '  chain input {',
    '    type filter hook input priority filter; policy accept;',
    `    iifname ${links} jump from_peers`,
    '  }',
    '  chain from_peers {',
    '    ct state established,related accept',
    ...(speakers.length === 0 ? [] : [`    ip saddr ${set(speakers)} tcp dport 179 accept comment "BGP"`]),
    '    meta l4proto icmp accept',
    ...rules('ingress'),
    '    drop',
    '  }',
    '}',
    '',
  ].join('\n');
}

function line({ direction, protocol, ports, peers, purpose }: FirewallRule, own: readonly string[]): string {
  const theirs = peers.flatMap(({ cidrs }) => cidrs);
  const [from, to] = direction === 'ingress' ? [theirs, own] : [own, theirs];
  const what =
    protocol === 'icmp' ? 'icmp type destination-unreachable icmp code frag-needed' : `${protocol} dport ${set(ports)}`;
  return `ip saddr ${set(from)} ip daddr ${set(to)} ${what} accept comment "${purpose}"`;
}

/** What answers a rule: back from its ports, over TCP never the first packet of a connection. */
function answerLine({ direction, protocol, ports, peers, purpose }: FirewallRule, own: readonly string[]): string {
  const theirs = peers.flatMap(({ cidrs }) => cidrs);
  const [from, to] = direction === 'ingress' ? [own, theirs] : [theirs, own];
  const later = protocol === 'tcp' ? ' tcp flags & (syn | ack) != syn' : '';
  return `ip saddr ${set(from)} ip daddr ${set(to)} ${protocol} sport ${set(ports)}${later} accept comment "answers: ${purpose}"`;
}
