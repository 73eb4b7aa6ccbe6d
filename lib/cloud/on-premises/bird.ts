import type { Router } from './router.js';

/** A name as BIRD writes it. */
const symbol = (name: string): string => name.replaceAll('-', '_');

const set = (cidrs: readonly string[], longer = ''): string =>
  `[ ${cidrs.map((cidr) => `${cidr}${longer}`).join(', ')} ]`;

/**
 * `bird.conf` of BIRD 2: a BGP session inside each tunnel. Only planned ranges are taken; what is learned from one peer is told
 * to the others, so that a lost link is replaced by a way around.
 */
export function birdConf(router: Router): string {
  const { id, network, tunnels, siblings, lanAddress, peers } = router;
  const linked = peers.flatMap(([, peer]) => peer.announces);
  return [
    'log syslog all;',
    `router id ${id};`,
    '',
    'protocol device {',
    '  scan time 10;',
    '}',
    '',
    '# next hops are resolved over these',
    'protocol direct {',
    '  ipv4;',
    '}',
    '',
    '# the ranges of this site: announced, never put into the kernel',
    'protocol static {',
    '  ipv4;',
    ...network.announces.map((cidr) => `  route ${cidr} unreachable;`),
    '}',
    '',
    'filter to_kernel {',
    '  if source != RTS_BGP then reject;',
    ...(lanAddress === undefined
      ? []
      : ['  # what the router asks itself comes from here', `  krt_prefsrc = ${lanAddress};`]),
    '  accept;',
    '}',
    '',
    'protocol kernel {',
    '  merge paths yes;',
    '  ipv4 {',
    '    import none;',
    '    export filter to_kernel;',
    '  };',
    '}',
    '',
    'filter from_linked {',
    ...(linked.length === 0 ? [] : [`  if net ~ ${set(linked, '+')} then accept;`]),
    '  reject;',
    '}',
    '',
    'filter to_linked {',
    '  if source = RTS_STATIC || source = RTS_BGP then accept;',
    '  reject;',
    '}',
    ...tunnels.flatMap(({ tunnel, own, peer, interface: name }) => [
      '',
      `protocol bgp ${symbol(tunnel.name)} {`,
      `  local ${own.inside} as ${own.asn};`,
      `  neighbor ${peer.inside} as ${peer.asn};`,
      `  interface "${name}";`,
      '  hold time 30;',
      '  keepalive time 10;',
      // BIRD's own 60 s would hold back the routes of a tunnel that is up again.
      '  error wait time 5, 60;',
      '  graceful restart on;',
      '  ipv4 {',
      '    import filter from_linked;',
      '    export filter to_linked;',
      '    next hop self;',
      '  };',
      '}',
    ]),
    ...siblings.others.flatMap((address, i) => [
      '',
      `protocol bgp sibling_${i + 1} {`,
      `  local ${siblings.own} as ${network.asn};`,
      `  neighbor ${address} as ${network.asn};`,
      '  hold time 30;',
      '  keepalive time 10;',
      '  ipv4 {',
      '    import filter from_linked;',
      '    export filter to_linked;',
      '    next hop self;',
      '  };',
      '}',
    ]),
    '',
  ].join('\n');
}
