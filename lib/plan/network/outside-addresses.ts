import { overlaps, reachOfAddress } from '../addresses.js';
import type { Issues } from '../issues.js';
import { announced } from './link-checks.js';
import type { ReadLink } from './links-reader.js';
import { OUTSIDE_ADDRESS } from './network-reader.js';
import type { Reach } from './reach.js';
import type { RegionNetwork } from './region-network.js';

/** Records outside addresses to which the other ends of tunnels cannot send. */
export function checkOutsides(
  networks: readonly RegionNetwork[],
  links: readonly ReadLink[],
  reach: Reach,
  issues: Issues,
): void {
  const byRegion = new Map(networks.map((network) => [network.region, network]));
  for (const network of networks) {
    const { region, path, publicIps = [] } = network;
    if (publicIps.length === 0) continue;
    const peers = links
      .filter(({ a, b, via }) => via === 'vpn' && (a === network || b === network))
      .map(({ a, b }) => (a === network ? b : a));
    const routes = routesOf(network, peers, reach, byRegion);
    for (const [i, address] of publicIps.entries()) {
      const at = `${path}.publicIps[${i}]`;
      checkPrivate(at, address, peers, issues);
      const route = routes.find(({ cidr }) => overlaps(`${address}/32`, cidr));
      if (route === undefined) continue;
      const { cidr, to, peer } = route;
      const where = to === peer ? 'at home' : to === region ? 'inside the tunnel' : 'there';
      issues.error(
        at,
        `is within ${cidr} of ${to === region ? 'its own site' : to}: ${peer} would look for it ${where}`,
        address,
        'an address outside of the ranges of all regions that its peers have a route to',
        'leave its part out of those ranges in "cidrs", or give the site an outside address elsewhere',
      );
    }
  }
}

/** Clouds are on the internet; a private WAN joins only what others connect to it. */
function checkPrivate(at: string, address: string, peers: readonly RegionNetwork[], issues: Issues): void {
  const cloud = peers.find(({ network: { type } }) => type !== 'onPremises' && type !== 'external');
  if (cloud === undefined || reachOfAddress(address) !== 'private') return;
  const problem = `is private, and ${cloud.region} (${cloud.rules.title}) would have to reach it over the internet`;
  const fix =
    "write the public address that leads to it, and the router's own in localAddresses of the data centre's files";
  issues.error(at, problem, address, OUTSIDE_ADDRESS, fix);
}

interface Route {
  readonly cidr: string;
  /** Where it leads. */
  readonly to: string;
  /** Who has it. */
  readonly peer: string;
}

/** What the peers of a site have a route to, itself first, each range once. */
function routesOf(
  { region }: RegionNetwork,
  peers: readonly RegionNetwork[],
  reach: Reach,
  byRegion: ReadonlyMap<string, RegionNetwork>,
): readonly Route[] {
  const holders = new Map<string, string>();
  for (const peer of peers) {
    for (const to of [region, peer.region, ...reach.reaches(peer.region)]) {
      if (!holders.has(to)) holders.set(to, peer.region);
    }
  }
  return [...holders].flatMap(([to, peer]) => {
    const found = byRegion.get(to);
    return found === undefined ? [] : announced(found).map((cidr) => ({ cidr, to, peer }));
  });
}
