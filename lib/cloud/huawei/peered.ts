import type { LinkPlan } from '../../plan/network/links.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';

/** A region's network, which stands in Huawei Cloud. */
export function networkOf(plan: TopologyPlan, name: string): NetworkPlan & { readonly type: 'huawei' } {
  const { network } = regionOf(plan, name);
  if (network?.type !== 'huawei') throw new Error(`region "${name}" does not stand in Huawei Cloud`);
  return network;
}

/**
 * Links that join two regions of Huawei Cloud by its own means.
 *
 * @param peers regions that are joined to `name` here, itself left out. @default - all
 */
export const peerings = (plan: TopologyPlan, name: string, peers?: readonly string[]): readonly LinkPlan[] =>
  plan.links.filter(
    ({ via, between }) =>
      via === 'peering' &&
      between.every((end) => regionOf(plan, end).network?.type === 'huawei') &&
      between.every((end) => end === name || peers?.includes(end) !== false),
  );

/** What one cloud connection joins. */
export interface CloudConnectionPlan {
  /** Regions whose VPCs it holds; the first, of the smallest index, makes it for all of them. */
  readonly members: readonly string[];
  /** Links that it carries, also those between VPCs that stand in the same place. */
  readonly links: readonly LinkPlan[];
  /** The first link between each two places: its bandwidth is that of all others between them. */
  readonly across: readonly LinkPlan[];
}

/** Where regions stand, the same in any order. */
export const placesOf = (plan: TopologyPlan, names: readonly string[]): string =>
  names
    .map((name) => networkOf(plan, name).region)
    .sort()
    .join(' ');

/** Whether all regions stand in one place. */
const together = (plan: TopologyPlan, names: readonly string[]): boolean =>
  new Set(names.map((name) => networkOf(plan, name).region)).size === 1;

/**
 * The cloud connection that a region's VPC is in. A VPC can be in one only, so it joins all regions that links lead to, one after the other.
 * Nothing where no link leads to another place.
 */
export function cloudConnectionOf(
  plan: TopologyPlan,
  name: string,
  peers?: readonly string[],
): CloudConnectionPlan | undefined {
  const links = peerings(plan, name, peers);
  const wide = links.filter(({ between }) => !together(plan, between));
  const found = new Set([name]);
  for (let before = 0; before < found.size; ) {
    before = found.size;
    for (const { between } of wide) {
      if (between.some((end) => found.has(end))) for (const end of between) found.add(end);
    }
  }
  if (found.size === 1) return undefined;
  const carries = ({ between }: LinkPlan): boolean => between.every((end) => found.has(end));
  const across = new Map<string, LinkPlan>();
  for (const link of wide.filter(carries)) {
    const places = placesOf(plan, link.between);
    if (!across.has(places)) across.set(places, link);
  }
  const index = (member: string): number => networkOf(plan, member).index;
  return {
    members: [...found].sort((a, b) => index(a) - index(b)),
    links: links.filter(carries),
    across: [...across.values()],
  };
}
