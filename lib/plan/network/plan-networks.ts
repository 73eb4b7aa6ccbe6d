import type { AddressRange } from '../addresses.js';
import type { Issues } from '../issues.js';
import type { Reader } from '../reader.js';
import type { ReadRegion } from '../regions.js';
import { checkMembers, checkPool, checkQuotas, checkReserved } from './link-checks.js';
import type { LinkPlan } from './links.js';
import { linkEnd, type ReadLink, readLinks } from './links-reader.js';
import { assertMirrored } from './mirror.js';
import type { Network } from './networks.js';
import { type Reach, reachOf } from './reach.js';
import { checkNumbers, checkPeerAsns, numbered } from './region-network.js';
import { blockOf, insideCidrs, planTunnels } from './tunnels.js';

/** A region's network as planned. */
export type NetworkPlan = Network & {
  /** Number of the region in the address plan. */
  readonly index: number;
  readonly asn: number;
  /** Other regions that it has a route to, in their order. */
  readonly reaches: readonly string[];
};

/** The networks of all regions as planned. */
export interface NetworksPlan {
  readonly links: readonly LinkPlan[];
  readonly networkOf: (region: string) => NetworkPlan | undefined;
  /** Ranges of the sites, to be checked with all others. */
  readonly ranges: readonly AddressRange[];
  readonly reach: Reach;
  /** Checks both ends of every tunnel, which means something only where nothing else is wrong. */
  readonly assert: () => void;
}

/** Plans the networks of all regions and the links between them. */
export function planNetworks(topology: Reader, regions: readonly ReadRegion[], issues: Issues): NetworksPlan {
  const names = regions.map(({ name }) => name);
  const networks = regions.flatMap(({ name, path, network }, place) =>
    network === undefined ? [] : [numbered(name, `${path}.network`, place, network)],
  );
  const byRegion = new Map(networks.map((network) => [network.region, network]));
  const clusters = new Map(regions.map(({ name, cluster }) => [name, cluster]));
  checkNumbers(networks, issues);
  const links = readLinks(topology, names, byRegion);
  const reach = reachOf(networks, links);
  checkNames(links, issues);
  checkPeerAsns(links, issues);
  checkPool(networks, links, issues);
  checkQuotas(networks, links, reach, issues);
  checkReserved(networks, reach, issues);
  checkMembers(networks, (region) => clusters.get(region) ?? {}, reach, issues);
  const planned = links.map(planLink);
  return {
    links: planned,
    assert: () => assertMirrored(planned, (region) => byRegion.get(region)?.network ?? { type: 'external' }),
    reach,
    ranges: networks.flatMap(({ region, path, network }) =>
      network.cidrs.map((cidr, i): AddressRange => ({ path: `${path}.cidrs[${i}]`, cidr, region, use: 'site' })),
    ),
    networkOf: (region) => {
      const found = byRegion.get(region);
      return found && { ...found.network, index: found.index, asn: found.asn, reaches: reach.reaches(region) };
    },
  };
}

const nameOf = ({ a, b }: ReadLink): string => `${a.region}--${b.region}`;

/** Two pairs of regions may join to one name when names have dashes in them. */
function checkNames(links: readonly ReadLink[], issues: Issues): void {
  const taken = new Map<string, ReadLink>();
  for (const link of links) {
    const earlier = taken.get(nameOf(link));
    if (earlier === undefined) taken.set(nameOf(link), link);
    else {
      const problem = `makes the same name of a link as ${earlier.a.region} and ${earlier.b.region}`;
      const given = `${link.a.region} and ${link.b.region}`;
      issues.error(link.path, problem, given, 'names of regions without "--"', 'rename one of the regions');
    }
  }
}

function planLink(link: ReadLink): LinkPlan {
  const { a, b, via, crypto, tunnels, keyRotation } = link;
  const name = nameOf(link);
  const common = { name, between: [a.region, b.region] as const, via };
  if (via !== 'vpn') return { ...common, insideCidrs: [], tunnels: [] };
  return {
    ...common,
    crypto,
    insideCidrs: insideCidrs(blockOf(a.index, b.index)),
    tunnels: planTunnels(name, linkEnd(a), linkEnd(b), tunnels, keyRotation),
  };
}
