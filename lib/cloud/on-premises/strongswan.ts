import { LIFETIME, proposal, wordsOf } from '../../plan/network/crypto.js';
import type { Router, RouterTunnel } from './router.js';

/** Keys are made anew before they end, so that this end asks first. */
const EARLY = 0.9;

/** `swanctl.conf`: a connection and a key for each tunnel. Holds secrets: readable by root alone. */
export function swanctlConf({ tunnels, dataplane }: Router): string {
  return [
    'connections {',
    ...tunnels.flatMap((tunnel) => connection(tunnel, dataplane === 'xfrm')),
    '}',
    'secrets {',
    ...tunnels.flatMap(({ tunnel, localId, remoteId, key }) => [
      `  ike-${tunnel.name} {`,
      `    id-1 = ${localId}`,
      `    id-2 = ${remoteId}`,
      `    secret = "${key}"`,
      '  }',
    ]),
    '}',
    '',
  ].join('\n');
}

function connection(
  { tunnel, link, localAddress, localId, remoteId, interfaceId, dials }: RouterTunnel,
  xfrm: boolean,
): string[] {
  const words = wordsOf('onPremises', link);
  const [ike, esp] = [proposal(words.ike, 'ike'), proposal(words.esp, 'esp')];
  const ids = xfrm ? [`if_id_in = ${interfaceId}`, `if_id_out = ${interfaceId}`] : [];
  const start = dials ? 'start' : 'none';
  // A peer that refuses the first call, because it is not configured yet, is not called again but for traffic: BGP's own.
  const first = dials && xfrm ? 'trap|start' : start;
  return [
    `  ${tunnel.name} {`,
    '    version = 2',
    `    local_addrs = ${localAddress}`,
    `    remote_addrs = ${remoteId}`,
    `    proposals = ${ike}`,
    `    rekey_time = ${LIFETIME.ike * EARLY}s`,
    '    encap = yes',
    '    mobike = no',
    '    fragmentation = yes',
    '    dpd_delay = 10s',
    '    keyingtries = 0',
    '    unique = replace',
    ...ids.map((line) => `    ${line}`),
    `    local {\n      auth = psk\n      id = ${localId}\n    }`,
    `    remote {\n      auth = psk\n      id = ${remoteId}\n    }`,
    '    children {',
    `      ${tunnel.name} {`,
    '        local_ts = 0.0.0.0/0',
    '        remote_ts = 0.0.0.0/0',
    `        esp_proposals = ${esp}`,
    `        rekey_time = ${LIFETIME.esp * EARLY}s`,
    '        mode = tunnel',
    `        start_action = ${first}`,
    `        close_action = ${start}`,
    `        dpd_action = ${dials ? 'restart' : 'clear'}`,
    '        replay_window = 128',
    '      }',
    '    }',
    '  }',
  ];
}

/**
 * How often charon asks a silent peer again, and how long it waits: 2 + 3 + 4.5 + 6.8 + 10.1 = 26 s until it gives the peer up and dials anew, not
 * its default's 165 s, for which a router that is back long since has no tunnel (docs.strongswan.org/docs/latest/config/retransmission.html).
 */
const RETRANSMISSION = { timeout: '2.0', base: '1.5', tries: 4 };

/** `strongswan.conf`: BIRD makes the routes, so charon must not; and a peer that is back after a restart is soon dialled. */
export const strongswanConf = ({ dataplane }: Router): string =>
  [
    'charon {',
    '  install_routes = no',
    '  install_virtual_ip = no',
    ...Object.entries(RETRANSMISSION).map(([key, value]) => `  retransmit_${key} = ${value}`),
    // libipsec makes a default route all the same; this moves it behind all others.
    ...(dataplane === 'libipsec' ? ['  routing_table_prio = 40000'] : []),
    '}',
    '',
  ].join('\n');

/** Largest packet inside a tunnel: what is left of the 1460 bytes that Google Cloud's gateways pass. */
const MTU = 1390;

/**
 * Commands that make the tunnels' interfaces; nothing changes when they are run again. An address that an interface has from an earlier plan, when
 * its side of the range was another, is taken away: BGP would speak from it.
 */
export function interfacesScript({ tunnels, dataplane }: Router): string {
  const lines = tunnels.flatMap(({ interface: name, interfaceId, own }) => [
    ...(dataplane === 'xfrm'
      ? [`ip link show ${name} >/dev/null 2>&1 || ip link add ${name} type xfrm if_id ${interfaceId}`]
      : []),
    `address ${name} ${own.inside}/30`,
    `ip link set ${name} mtu ${MTU} up`,
  ]);
  return [
    '#!/bin/sh',
    'set -eu',
    'sysctl -qw net.ipv4.ip_forward=1',
    // Answers may come back through another tunnel than the question went out.
    'sysctl -qw net.ipv4.conf.all.rp_filter=2',
    'address() {',
    `  for old in $(ip -4 -o addr show dev "$1" | sed -n 's/.* inet \\([0-9./]*\\) .*/\\1/p'); do`,
    '    # The first address of a range may have taken this one with it.',
    '    [ "$old" = "$2" ] || ip addr del "$old" dev "$1" 2>/dev/null || :',
    '  done',
    '  ip addr replace "$2" dev "$1"',
    '}',
    ...lines,
    '',
  ].join('\n');
}
