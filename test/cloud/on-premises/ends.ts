import type { TunnelConfiguration } from '../../../lib/plan/network/mirror';

const value = (text: string, key: string): string =>
  new RegExp(`^ *${key} = "?([^"\n]*)"?$`, 'm').exec(text)?.[1] ?? `no ${key}`;

/**
 * Ends of tunnels as a data centre's router is configured: what strongSwan proposes and to whom, and what BIRD speaks inside.
 *
 * @param files of one router
 */
export function dataCentreEnds(
  files: Readonly<Record<string, string>>,
  region: string,
): readonly TunnelConfiguration[] {
  const swanctl = files['swanctl.conf'] ?? '';
  const [connections = '', secrets = ''] = swanctl.split(/^secrets \{$/m);
  const blocks = connections.split(/^ {2}(?=\S+ \{$)/m).slice(1);
  return blocks.map((block): TunnelConfiguration => {
    const tunnel = /^(\S+) \{/.exec(block)?.[1] ?? '';
    const [localInside = '', localAsn] = bgp(files['bird.conf'] ?? '', tunnel, 'local');
    const [remoteInside = '', remoteAsn] = bgp(files['bird.conf'] ?? '', tunnel, 'neighbor');
    const secret = new RegExp(`^ {2}ike-${tunnel} \\{\\n([^}]*)\\}`, 'm').exec(secrets)?.[1] ?? '';
    const ids = [value(secret, 'id-1'), value(secret, 'id-2')];
    const outside = [/local \{[^}]*?id = (\S+)/.exec(block)?.[1], value(block, 'remote_addrs')];
    if (ids.join() !== outside.join()) throw new Error(`the key of ${tunnel} is for ${ids}, not for ${outside}`);
    return {
      tunnel,
      region,
      localOutside: outside[0] ?? '',
      remoteOutside: outside[1] ?? '',
      localInside,
      remoteInside,
      insideCidr: rangeOf(files['interfaces.sh'] ?? '', localInside),
      localAsn: Number(localAsn),
      remoteAsn: Number(remoteAsn),
      key: value(secret, 'secret'),
      ike: value(block, 'proposals'),
      esp: value(block, 'esp_proposals'),
    };
  });
}

function bgp(bird: string, tunnel: string, side: 'local' | 'neighbor'): readonly string[] {
  const session =
    new RegExp(`^protocol bgp ${tunnel.replaceAll('-', '_')} \\{\\n([^]*?)^\\}`, 'm').exec(bird)?.[1] ?? '';
  return new RegExp(`^ *${side} (\\S+) as (\\d+);`, 'm').exec(session)?.slice(1) ?? [];
}

/** The range of an interface's address. */
function rangeOf(script: string, address: string): string {
  const length = new RegExp(`^address \\S+ ${address.replaceAll('.', '[.]')}/(\\d+)$`, 'm').exec(script)?.[1];
  const last = Number(address.split('.')[3]);
  return address.replace(/\d+$/, `${last - (last % 4)}/${length}`);
}
