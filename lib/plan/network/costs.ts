import { rulesOf } from './clouds.js';
import type { LinkKind, LinkPlan } from './links.js';
import { type PaidNetwork, PaidRegion, type RegionCost, rounded } from './paid-region.js';
import { EXAMPLE_PRICES, type PricesProps } from './prices.js';
import { type Hop, routesFrom } from './routes.js';

/** What a link costs. */
export interface LinkCost {
  readonly name: string;
  readonly between: readonly [string, string];
  readonly via: LinkKind;
  /** Its part of what both regions pay idle: connections, tunnels and their attachments. Nothing when no price is known. */
  readonly idleMonth?: number;
  /** A gigabyte from the first region to the second, and back, with what gateways take; nothing where the price is not known. */
  readonly gigabyte: { readonly there?: number; readonly back?: number };
  /** What images of 1 GB cost on this link; see `ImagesCost`. */
  readonly images: ImagesCost;
}

/**
 * What 1 GB of images costs that each node pulls once, pushed to each region equally often. Nothing when no price is known.
 */
export interface ImagesCost {
  /** With a Kraken in each region: replication carries it to each other region once. */
  readonly perRegion?: number;
  /** With one tracker for all: of what a node pulls, each region that it reaches sends the same share, so (1 − 1/N) crosses. */
  readonly central?: number;
}

/** What linked networks cost as planned. */
export interface CostsPlan {
  readonly currency: string;
  /** Whether the prices are the library's examples, not the user's. */
  readonly example: boolean;
  /** Nodes of each region in the comparison. */
  readonly nodes: number;
  readonly regions: readonly RegionCost[];
  readonly links: readonly LinkCost[];
  /** What all regions pay idle; nothing when no price is known. */
  readonly idleMonth?: number;
  /** What images of 1 GB cost on all links. */
  readonly images: ImagesCost;
}

const NODES = 100;

/** What each region and each link costs. */
export function planCosts(
  links: readonly LinkPlan[],
  networks: readonly PaidNetwork[],
  own: PricesProps | undefined,
): CostsPlan {
  const { currency = 'USD', clouds = {}, nodes = NODES } = own ?? EXAMPLE_PRICES;
  const byRegion = new Map<string, LinkPlan[]>(networks.map(({ region }) => [region, []]));
  for (const link of links) for (const region of link.between) byRegion.get(region)?.push(link);
  const paid = new Map(
    networks.map((network) => [network.region, new PaidRegion(network, clouds[network.network.type])]),
  );
  const regionOf = (region: string): PaidRegion => {
    const found = paid.get(region);
    if (found === undefined) throw new Error(`region "${region}" is linked and has no network`);
    return found;
  };
  for (const link of links) {
    const [a, b] = [regionOf(link.between[0]), regionOf(link.between[1])];
    a.add(link, b);
    b.add(link, a);
  }
  const priceOf = (hop: Hop, first: boolean): number | undefined =>
    regionOf(hop.from).gigabyte(hop.link, regionOf(hop.to), first);
  const linksOf = (region: string): readonly LinkPlan[] => byRegion.get(region) ?? [];
  const images = imagesOf(networks, linksOf, priceOf);
  const imageCost = (amount: number | undefined): ImagesCost => ({
    perRegion: rounded(amount, 4),
    central: rounded(amount === undefined ? undefined : amount * nodes, 4),
  });
  const regions = networks.filter(({ region }) => linksOf(region).length > 0);
  const regionCosts = regions.map(({ region }) => regionOf(region).cost());
  return {
    currency,
    example: own === undefined,
    nodes,
    regions: regionCosts,
    links: links.map((link): LinkCost => {
      const { name, via, between } = link;
      const [from, to] = between;
      return {
        ...{ name, between, via },
        idleMonth: rounded(sum([regionOf(from).idleOf(link), regionOf(to).idleOf(link)])),
        gigabyte: {
          there: priceOf({ link, from, to }, true),
          back: priceOf({ link, from: to, to: from }, true),
        },
        images: imageCost(images.get(name)),
      };
    }),
    idleMonth: rounded(sum(regionCosts.map(({ idleMonth }) => idleMonth))),
    images: imageCost(sum([...images.values()])),
  };
}

/** What 1 GB that each region takes in from those that it reaches, in equal shares, costs on each link; only links with a price. */
function imagesOf(
  networks: readonly PaidNetwork[],
  linksOf: (region: string) => readonly LinkPlan[],
  priceOf: (hop: Hop, first: boolean) => number | undefined,
): ReadonlyMap<string, number> {
  const passing = new Set(networks.filter(({ network }) => rulesOf(network).transit).map(({ region }) => region));
  const routes = new Map(
    networks.map(({ region }) => [region, routesFrom(region, linksOf, (name) => passing.has(name))]),
  );
  const costs = new Map<string, number>();
  for (const ways of routes.values()) {
    for (const [to, way] of ways) {
      const share = 1 / ((routes.get(to)?.size ?? 0) + 1);
      for (const [i, hop] of way.entries()) {
        const price = priceOf(hop, i === 0);
        if (price !== undefined) costs.set(hop.link.name, (costs.get(hop.link.name) ?? 0) + share * price);
      }
    }
  }
  return costs;
}

/** A sum of what is known; nothing when nothing is. */
function sum(amounts: readonly (number | undefined)[]): number | undefined {
  const known = amounts.filter((amount) => amount !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, amount) => total + amount, 0);
}
