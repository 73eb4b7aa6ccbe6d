import type { Issues } from '../issues.js';
import { accepts, type CloudRules, mayHave, rangesText, rulesOf } from './clouds.js';
import type { ReadLink } from './links-reader.js';
import { LAST_INDEX } from './network-reader.js';
import type { Network } from './networks.js';
import type { Reach } from './reach.js';

/** A region's network with its numbers decided. */
export interface RegionNetwork {
  readonly region: string;
  /** Path of its settings, such as `regions.virginia.network`. */
  readonly path: string;
  readonly network: Network;
  readonly index: number;
  readonly asn: number;
  readonly rules: CloudRules;
  readonly publicIps?: readonly string[];
}

/** ASNs by default begin above those that gateways of AWS and Huawei Cloud have by default. */
const FIRST_ASN = 64_600;

/** Decides index and ASN of a region's network. */
export function numbered(region: string, path: string, place: number, network: Network): RegionNetwork {
  const index = network.index ?? place;
  return {
    region,
    path,
    network,
    index,
    asn: network.asn ?? FIRST_ASN + index,
    rules: rulesOf(network),
    publicIps: 'publicIps' in network ? network.publicIps : undefined,
  };
}

/** Records numbers that no two networks may share, and ASNs that their own cloud does not take. */
export function checkNumbers(networks: readonly RegionNetwork[], issues: Issues): void {
  const taken = networks.map(({ index }) => index);
  const free = Array.from({ length: LAST_INDEX + 1 }, (_, i) => i).find((index) => !taken.includes(index));
  shared(networks, 'index', ({ index }) => [index], issues, 'an index for each region', `set index: ${free}`);
  shared(
    networks,
    'publicIps',
    ({ publicIps }) => publicIps ?? [],
    issues,
    'an address for each region: a peer knows a site by it',
    'give each region addresses of its own',
  );
  for (const { path, asn, rules } of networks) {
    if (mayHave(rules, asn)) continue;
    const allowed = `${rangesText(rules.asn)}, except reserved ones`;
    issues.error(
      `${path}.asn`,
      `is an ASN that no gateway of this kind (${rules.title}) may have`,
      asn,
      allowed,
      'choose another, or leave it out',
    );
  }
}

function shared(
  networks: readonly RegionNetwork[],
  key: 'index' | 'publicIps',
  valuesOf: (network: RegionNetwork) => readonly (string | number)[],
  issues: Issues,
  allowed: string,
  fix: string,
): void {
  const holders = new Map<string | number, string>();
  for (const network of networks) {
    for (const value of valuesOf(network)) {
      const holder = holders.get(value);
      if (holder === undefined) holders.set(value, network.region);
      else if (holder !== network.region)
        issues.error(`${network.path}.${key}`, `is what ${holder} has already`, value, allowed, fix);
    }
  }
}

/** Records ASNs that two regions share, one of which learns routes of the other: it drops those that carry its own. */
export function checkSharedAsns(
  networks: readonly RegionNetwork[],
  reach: Pick<Reach, 'learns'>,
  issues: Issues,
): void {
  const holders = new Map<number, RegionNetwork[]>();
  for (const network of networks) {
    const earlier = holders.get(network.asn) ?? [];
    const learns = earlier.length === 0 ? [] : reach.learns(network.region);
    const other = earlier.find(({ region }) => learns.includes(region));
    holders.set(network.asn, [...earlier, network]);
    if (other === undefined) continue;
    issues.error(
      `${network.path}.asn`,
      `is what ${other.region} has, and tunnels join the two`,
      network.asn,
      'an ASN for each region that tunnels join, directly or over others: routes that carry their own are dropped',
      'choose another asn, or leave it out',
    );
  }
}

/** Records ASNs that the other end of a link refuses. */
export function checkPeerAsns(links: readonly ReadLink[], issues: Issues): void {
  for (const { a, b, via } of links) {
    if (via !== 'vpn') continue;
    for (const [own, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      if (accepts(peer.rules, own.asn)) continue;
      issues.error(
        `${own.path}.asn`,
        `is refused by ${peer.rules.title}, which ${peer.region} stands in`,
        own.asn,
        `none of ${rangesText(peer.rules.peerAsnExcept)}`,
        'choose another, or leave it out',
      );
    }
  }
}
