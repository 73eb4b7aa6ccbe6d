import type { Links } from '../../lib/plan/network/links';
import { configurations, type TunnelConfiguration } from '../../lib/plan/network/mirror';
import { Network, type NetworkType } from '../../lib/plan/network/networks';
import type { NetworkPlan } from '../../lib/plan/network/plan-networks';
import { linksOf } from '../../lib/plan/network/tunnels';
import { planTopology, regionOf, type TopologyPlan, type TopologyProps } from '../../lib/plan/plan';
import { bucket, topology } from '../plan/topologies';

/** A kind of network, with as many outside addresses where the plan names them. */
export type Kind = NetworkType | 'onPremises with one address';

const PLACES = {
  aws: 'us-east-1',
  azure: 'westeurope',
  gcp: 'europe-west4',
  alicloud: 'ap-southeast-1',
  huawei: 'ap-southeast-3',
} as const;

/** A network whose ranges and addresses follow from a number. */
export function networkOf(kind: Kind, i: number): Network {
  const cidrs = [`10.${i}.0.0/16`];
  const publicIps = [`198.51.100.${2 * i}`, `198.51.100.${2 * i + 1}`];
  const resolvers = [`10.${i}.0.53`];
  if (kind === 'onPremises with one address') {
    return Network.onPremises({ cidrs, publicIps: publicIps.slice(0, 1), resolvers });
  }
  if (kind === 'onPremises' || kind === 'external') return Network[kind]({ cidrs, publicIps, resolvers });
  return Network[kind]({ cidrs, region: PLACES[kind] });
}

/** A plan of regions with these networks: by name, in their order. */
export const planOf = (
  networks: Readonly<Record<string, Network>>,
  links: Links | undefined = { type: 'mesh' },
  more: Partial<TopologyProps> = {},
): TopologyPlan =>
  planTopology(
    topology(0, {
      regions: Object.fromEntries(
        Object.entries(networks).map(([name, network]) => [name, { ...bucket(name), network }]),
      ),
      links,
      ...more,
    }),
  );

const planned = (plan: TopologyPlan, region: string): NetworkPlan => {
  const { network } = regionOf(plan, region);
  if (network === undefined) throw new Error(`${region} has no network`);
  return network;
};

/** The ends of a region's tunnels as the plan means them, in the order of their names. */
export const plannedEnds = (plan: TopologyPlan, region: string): readonly TunnelConfiguration[] =>
  linksOf(plan.links, region)
    .flatMap((link) => configurations(link, (name) => planned(plan, name)).flat())
    .filter((end) => end.region === region)
    .sort((a, b) => a.tunnel.localeCompare(b.tunnel));
