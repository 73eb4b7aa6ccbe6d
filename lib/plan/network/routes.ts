import type { LinkPlan } from './links.js';

/** A link as it is gone along. */
export interface Hop {
  readonly link: LinkPlan;
  readonly from: string;
  readonly to: string;
}

/**
 * The way from a region to each other that it reaches: the link between them, else the fewest tunnels over regions that pass routes on.
 */
export function routesFrom(
  region: string,
  linksOf: (region: string) => readonly LinkPlan[],
  passes: (region: string) => boolean,
): ReadonlyMap<string, readonly Hop[]> {
  const hops = (from: string): readonly Hop[] =>
    linksOf(from).map((link) => ({ link, from, to: link.between[link.between[0] === from ? 1 : 0] }));
  const routes = new Map(hops(region).map((hop): [string, readonly Hop[]] => [hop.to, [hop]]));
  const seen = new Set([region]);
  const open: { readonly at: string; readonly way: readonly Hop[] }[] = [{ at: region, way: [] }];
  for (const { at, way } of open) {
    for (const hop of hops(at)) {
      if (hop.link.via !== 'vpn' || seen.has(hop.to)) continue;
      seen.add(hop.to);
      const further = [...way, hop];
      if (!routes.has(hop.to)) routes.set(hop.to, further);
      if (passes(hop.to)) open.push({ at: hop.to, way: further });
    }
  }
  return routes;
}
