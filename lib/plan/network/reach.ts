import type { LinkKind } from './links.js';
import type { RegionNetwork } from './region-network.js';

interface Edge {
  readonly a: RegionNetwork;
  readonly b: RegionNetwork;
  readonly via: LinkKind;
}

/** Which regions' networks reach each other. */
export interface Reach {
  /** Regions that a region has a route to, in the order of the regions. */
  readonly reaches: (region: string) => readonly string[];
  /** Those among them that it learns by BGP. */
  readonly learns: (region: string) => readonly string[];
  /** Whether two regions are linked, directly or over others: their addresses must differ. */
  readonly linked: (a: string, b: string) => boolean;
}

/**
 * Follows the links. Routes travel on by BGP through a network that passes them on, from tunnel to tunnel; peering and
 * existing links carry the routes of their two ends alone.
 */
export function reachOf(networks: readonly RegionNetwork[], links: readonly Edge[]): Reach {
  const neighbours = (wanted: (link: Edge) => boolean): ReadonlyMap<string, readonly RegionNetwork[]> => {
    const byRegion = new Map<string, RegionNetwork[]>(networks.map(({ region }) => [region, []]));
    for (const link of links.filter(wanted)) {
      byRegion.get(link.a.region)?.push(link.b);
      byRegion.get(link.b.region)?.push(link.a);
    }
    return byRegion;
  };
  const all = neighbours(() => true);
  const tunnels = neighbours(({ via }) => via === 'vpn');
  const learned = new Map(
    networks.map(({ region }) => [region, spread(region, tunnels, ({ rules }) => rules.transit)]),
  );
  const islands = islandsOf(networks, all);
  const inOrder = (regions: ReadonlySet<string>): readonly string[] =>
    networks.map(({ region }) => region).filter((region) => regions.has(region));
  return {
    learns: (region) => inOrder(learned.get(region) ?? new Set()),
    reaches: (region) =>
      inOrder(new Set([...(learned.get(region) ?? []), ...(all.get(region) ?? []).map((one) => one.region)])),
    linked: (a, b) => islands.get(a) !== undefined && islands.get(a) === islands.get(b),
  };
}

/** Everything that is found from a region, going on only where `passes` says so. */
function spread(
  from: string,
  neighbours: ReadonlyMap<string, readonly RegionNetwork[]>,
  passes: (network: RegionNetwork) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const next of neighbours.get(at) ?? []) {
      if (next.region === from || found.has(next.region)) continue;
      found.add(next.region);
      if (passes(next)) open.push(next.region);
    }
  }
  return found;
}

/** The number of each linked region's island; none for a region without links. */
function islandsOf(
  networks: readonly RegionNetwork[],
  neighbours: ReadonlyMap<string, readonly RegionNetwork[]>,
): ReadonlyMap<string, number> {
  const islands = new Map<string, number>();
  for (const [i, { region }] of networks.entries()) {
    if (islands.has(region) || (neighbours.get(region) ?? []).length === 0) continue;
    for (const member of [region, ...spread(region, neighbours, () => true)]) islands.set(member, i);
  }
  return islands;
}
