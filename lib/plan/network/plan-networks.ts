import { type AddressRange, isWithin } from '../addresses.js';
import type { Issues } from '../issues.js';
import type { RegionPlan } from '../plan.js';
import type { ProjectPlan } from '../projects.js';
import type { Reader } from '../reader.js';
import type { ReadRegion } from '../regions.js';
import { type Asked, planAsking } from './cloud-dns.js';
import { checkAsking } from './cloud-dns-checks.js';
import { type CostsPlan, planCosts } from './costs.js';
import { type NamesPlan, planNames } from './dns.js';
import { type FirewallRule, type LinkedRegion, planFirewall } from './firewall.js';
import { checkHub } from './hub.js';
import { announced, checkMembers, checkPool, checkQuotas, checkReserved } from './link-checks.js';
import type { LinkPlan } from './links.js';
import { linkEnd, type ReadLink, readLinks } from './links-reader.js';
import { assertMirrored } from './mirror.js';
import type { Network } from './networks.js';
import { checkOutsides } from './outside-addresses.js';
import type { PaidNetwork } from './paid-region.js';
import { readPrices } from './prices.js';
import { checkPrivateDomains } from './private-domains.js';
import { type ForwardPlan, forwardsTo, type NamedNetwork, namedKrakens, privateRecords } from './private-names.js';
import { type Reach, reachOf } from './reach.js';
import { checkNumbers, checkPeerAsns, checkSharedAsns, numbered, type RegionNetwork } from './region-network.js';
import { blockOf, insideCidrs, planTunnels } from './tunnels.js';

/** A region's network as planned. */
export type NetworkPlan = Network & {
  /** Number of the region in the address plan. */
  readonly index: number;
  readonly asn: number;
  /** Ranges that it announces to its peers. */
  readonly announces: readonly string[];
  /** Other regions that it has a route to, in their order. */
  readonly reaches: readonly string[];
  /** Whom it asks for the private names of those regions. */
  readonly forwards: readonly ForwardPlan[];
  /** What it lets through to and from those regions. */
  readonly firewall: readonly FirewallRule[];
};

/** The networks of all regions as planned. */
export interface NetworksPlan extends NamesPlan {
  readonly links: readonly LinkPlan[];
  readonly regions: readonly RegionPlan[];
  readonly costs?: CostsPlan;
  /** Ranges of the sites, to be checked with all others. */
  readonly ranges: readonly AddressRange[];
  /** Whether two regions are linked, directly or over others. */
  readonly linked: Reach['linked'];
  /** Checks both ends of every tunnel, which means something only where nothing else is wrong. */
  readonly assert: () => void;
}

/** Plans the networks of all regions, the links between them, and their names. */
export function planNetworks(
  topology: Reader,
  read: readonly ReadRegion[],
  regions: readonly RegionPlan[],
  projects: readonly ProjectPlan[],
): NetworksPlan {
  const { issues } = topology;
  const networks = read.flatMap(({ name, path, network }, place) =>
    network === undefined ? [] : [numbered(name, `${path}.network`, place, network)],
  );
  const byRegion = new Map(networks.map((network) => [network.region, network]));
  const links = readLinks(
    topology,
    read.map(({ name }) => name),
    byRegion,
  );
  const reach = reachOf(networks, links);
  checkHub(topology, networks, reach);
  checkNumbers(networks, issues);
  checkSharedAsns(networks, reach, issues);
  checkNames(links, issues);
  checkPeerAsns(links, issues);
  checkPool(networks, links, issues);
  checkQuotas(networks, links, reach, issues);
  checkReserved(networks, reach, issues);
  checkOutsides(networks, links, reach, issues);
  checkMembers(networks, read, reach, issues);
  checkPrivateDomains(networks, read, issues);
  const planned = links.map(planLink);
  const answers = new Map(
    networks.map(({ region, network }) => [
      region,
      forwardsTo(
        network,
        read.find(({ name }) => name === region),
      ),
    ]),
  );
  checkAsking(networks, answers, reach, issues);
  const asking = planAsking(networks, answers, reach);
  const linked = new Map(networks.map((network) => [network.region, linkedRegion(network, reach, asking)]));
  const firewall = planFirewall(regions, projects, linked);
  const networkOf = (region: string): NetworkPlan | undefined => {
    const found = byRegion.get(region);
    const { reaches = [] } = linked.get(region) ?? {};
    return (
      found && {
        ...found.network,
        index: found.index,
        asn: found.asn,
        announces: announced(found),
        reaches,
        forwards: asking.get(region)?.forwards ?? [],
        firewall: firewall.get(region) ?? [],
      }
    );
  };
  const prices = readPrices(topology);
  const names = planNames(topology, read, (region) => namedNetwork(byRegion.get(region), read, linked));
  const paidNetwork = ({ region, network }: RegionNetwork): PaidNetwork => ({
    ...{ region, network },
    asked: privateRecords(names, region).length > 0,
    asks: (linked.get(region)?.asks ?? []).length > 0,
  });
  return {
    ...names,
    links: planned,
    regions: regions.map((region) => {
      const network = networkOf(region.name);
      return { ...region, network, ...(network?.externalDns ? { krakens: namedKrakens(region, names) } : {}) };
    }),
    costs: planned.length === 0 ? undefined : planCosts(planned, networks.map(paidNetwork), prices),
    ranges: networks.flatMap(({ region, path, network }) =>
      network.cidrs.map((cidr, i): AddressRange => ({ path: `${path}.cidrs[${i}]`, cidr, region, use: 'site' })),
    ),
    linked: reach.linked,
    assert: () => assertMirrored(planned, (region) => byRegion.get(region)?.network ?? { type: 'external' }),
  };
}

function linkedRegion(network: RegionNetwork, reach: Reach, asking: ReadonlyMap<string, Asked>): LinkedRegion {
  const { region, rules } = network;
  const asks = asking.get(region)?.asks ?? [];
  return { region, cidrs: network.network.cidrs, askers: rules.resolverSources, reaches: reach.reaches(region), asks };
}

/** What the private names of a region depend on. */
function namedNetwork(
  found: RegionNetwork | undefined,
  read: readonly ReadRegion[],
  linked: ReadonlyMap<string, LinkedRegion>,
): NamedNetwork | undefined {
  if (found === undefined) return undefined;
  const { network, region } = found;
  const podCidr = read.find(({ name }) => name === region)?.cluster.podCidr;
  return {
    network,
    reached: [...linked.values()].some(({ reaches }) => reaches.includes(region)),
    podsRouted: podCidr !== undefined && network.cidrs.some((cidr) => isWithin(podCidr, cidr)),
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
