import type { Network } from './networks.js';
import type { ForwardPlan } from './private-names.js';
import type { Reach } from './reach.js';
import type { RegionNetwork } from './region-network.js';

/** The zones that each region answers for, by region. */
export type Answers = ReadonlyMap<string, readonly ForwardPlan[]>;

/** How a region asks for names of others. */
export interface Asked {
  /** Regions whose resolvers its own sends questions to. */
  readonly asks: readonly string[];
  /** Zones of others that it makes; of regions in one VPC, the first with a route makes each. */
  readonly forwards: readonly ForwardPlan[];
}

/** Whether two networks are one VPC of Google Cloud: its private zones are known in all of it, and no zone can be there twice. */
export const sharesVpc = (a: Network, b: Network): boolean =>
  a === b || (a.type === 'gcp' && b.type === 'gcp' && a.vpc !== undefined && a.vpc === b.vpc);

/** The region that asks other networks for this one. */
export const peeringOf = (network: Network): string | undefined =>
  network.type === 'gcp' ? network.dnsPeering : undefined;

/**
 * Plans whom each region asks. Cloud DNS reaches no resolver over the peering of two VPCs, because both keep the range that it asks from
 * to themselves (cloud.google.com/dns/docs/zones/zones-overview, /server-policies-overview): there the names are looked up in the other VPC.
 */
export function planAsking(
  networks: readonly RegionNetwork[],
  answers: Answers,
  reach: Reach,
): ReadonlyMap<string, Asked> {
  const byRegion = new Map(networks.map((one) => [one.region, one.network]));
  const taken = new Set<string>();
  return new Map(
    networks.map(({ region, network }) => {
      const peers = reach.reaches(region).flatMap((name) => {
        const peer = byRegion.get(name);
        return peer === undefined || sharesVpc(network, peer)
          ? []
          : [{ name, through: throughOf(network, peer, name) }];
      });
      const forwards = peers.flatMap(({ name, through }) =>
        (answers.get(name) ?? []).map((one) =>
          through === undefined ? one : { zone: one.zone, region: name, through },
        ),
      );
      const vpc = network.type === 'gcp' ? (network.vpc ?? `of ${region}`) : region;
      const first = forwards.filter(({ zone }) => !taken.has(`${vpc} ${zone}`));
      for (const { zone } of first) taken.add(`${vpc} ${zone}`);
      const asks = peers.filter(({ name, through }) => through === undefined && answers.get(name)?.length);
      return [region, { asks: asks.map(({ name }) => name), forwards: first }];
    }),
  );
}

/** The region in whose VPC the names of a peer are looked up; nothing where its resolver is asked. */
const throughOf = (network: Network, peer: Network, name: string): string | undefined =>
  network.type === 'gcp' && peer.type === 'gcp' ? name : peeringOf(network);
