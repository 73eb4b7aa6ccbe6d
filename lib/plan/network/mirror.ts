import { type CryptoProfile, cryptoWords, proposal } from './crypto.js';
import type { LinkPlan, TunnelEnd, TunnelPlan } from './links.js';
import type { NetworkType } from './networks.js';
import { endsFrom } from './tunnels.js';

/** One end of a tunnel as it is configured: read from a plan, or from what a provider was asked for. */
export interface TunnelConfiguration {
  readonly tunnel: string;
  readonly region: string;
  /** Outside addresses; while an address is not known, any text that both ends use for it. */
  readonly localOutside: string;
  readonly remoteOutside: string;
  readonly localInside: string;
  readonly remoteInside: string;
  readonly insideCidr: string;
  readonly localAsn: number;
  readonly remoteAsn: number;
  /** The pre-shared key, or any text that is the same for the same key, such as a hash. */
  readonly key: string;
  /** What IKE proposes, as strongSwan writes it: see `proposal`. */
  readonly ike: string;
  readonly esp: string;
}

/** What both ends must agree on, and what one end calls local and the other remote. */
const SAME = ['insideCidr', 'ike', 'esp'] as const;
const CROSSED = [
  ['localOutside', 'remoteOutside'],
  ['remoteOutside', 'localOutside'],
  ['localInside', 'remoteInside'],
  ['remoteInside', 'localInside'],
  ['localAsn', 'remoteAsn'],
  ['remoteAsn', 'localAsn'],
] as const;

/** Why a tunnel between two configured ends would not come up; nothing when they mirror each other. Keys are never told. */
export function mirrorMistakes(a: TunnelConfiguration, b: TunnelConfiguration): readonly string[] {
  const differ = (what: string, ofA: string | number, ofB: string | number): string[] =>
    ofA === ofB ? [] : [`${a.tunnel}: ${what}: ${a.region} has ${ofA}, ${b.region} has ${ofB}`];
  return [
    ...differ('tunnel', a.tunnel, b.tunnel),
    ...SAME.flatMap((key) => differ(key, a[key], b[key])),
    ...CROSSED.flatMap(([own, other]) => differ(`${own} and ${other}`, a[own], b[other])),
    ...(a.key === b.key ? [] : [`${a.tunnel}: the pre-shared keys of ${a.region} and ${b.region} differ`]),
  ];
}

/** What the check must know of a network. */
export interface MirroredNetwork {
  readonly type: NetworkType;
  readonly publicIps?: readonly string[];
}

/**
 * Both ends of every tunnel of a link, each as its own cloud understands what is planned for it: AWS takes the first address
 * inside, and its connections lead to one outside address of the peer each; tunnels of Alibaba Cloud leave from the address of their number.
 */
export function configurations(
  link: LinkPlan,
  networkOf: (region: string) => MirroredNetwork,
): readonly (readonly [TunnelConfiguration, TunnelConfiguration])[] {
  const { crypto, between } = link;
  if (crypto === undefined) return [];
  return link.tunnels.map((tunnel) => [
    configuration(tunnel, between[0], crypto, networkOf),
    configuration(tunnel, between[1], crypto, networkOf),
  ]);
}

function configuration(
  tunnel: TunnelPlan,
  region: string,
  profile: CryptoProfile,
  networkOf: (region: string) => MirroredNetwork,
): TunnelConfiguration {
  const { own, peer } = endsFrom(tunnel, region);
  const network = networkOf(region);
  const aws = network.type === 'aws';
  const words = cryptoWords(network.type, profile);
  return {
    tunnel: tunnel.name,
    region,
    localOutside: outsideText(region, network, leavesFrom(network.type, own)),
    remoteOutside: outsideText(peer.region, networkOf(peer.region), aws ? (own.connection?.index ?? 0) : peer.outside),
    localInside: aws ? host(tunnel.insideCidr, 1) : own.inside,
    remoteInside: aws ? host(tunnel.insideCidr, 2) : peer.inside,
    insideCidr: tunnel.insideCidr,
    localAsn: own.asn,
    remoteAsn: peer.asn,
    key: `${tunnel.key.name} ${tunnel.key.generation}`,
    ike: words === undefined ? 'none' : proposal(words.ike, 'ike'),
    esp: words === undefined ? 'none' : proposal(words.esp, 'esp'),
  };
}

function leavesFrom(type: NetworkType, { outside, connection }: TunnelEnd): number {
  if (connection === undefined) return outside;
  return type === 'aws' ? 2 * connection.index + connection.tunnel - 1 : connection.tunnel - 1;
}

const outsideText = (region: string, network: MirroredNetwork, outside: number): string =>
  network.publicIps?.[outside] ?? `outside address ${outside} of ${region}`;

const host = (cidr: string, number: number): string =>
  cidr.replace(/(\d+)\/30$/, (_, last: string) => `${Number(last) + number}`);

/**
 * Checks both ends of every tunnel of a plan.
 *
 * @throws Error when two ends do not mirror each other, which no setting of a user can bring about
 */
export function assertMirrored(links: readonly LinkPlan[], networkOf: (region: string) => MirroredNetwork): void {
  const found = links.flatMap((link) => configurations(link, networkOf).flatMap(([a, b]) => mirrorMistakes(a, b)));
  if (found.length > 0) throw new Error(`planned tunnels would not come up:\n${found.join('\n')}`);
}
