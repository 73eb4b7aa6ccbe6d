import type { Flow } from '../flows.js';
import type { RegionPlan } from '../plan.js';
import type { ProjectPlan } from '../projects.js';

/** A region on the other side of a rule, with the ranges that its traffic comes from or goes to. */
export interface FirewallPeer {
  readonly region: string;
  readonly cidrs: readonly string[];
}

/**
 * What a region's network must let through to or from linked regions. Everything else between them stays shut. Security groups,
 * firewall rules of clouds and nftables are all written from these.
 */
export interface FirewallRule {
  readonly direction: 'ingress' | 'egress';
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** Ports of the receiving side; none for ICMP, of which only "fragmentation needed" (type 3, code 4) is meant. */
  readonly ports: readonly number[];
  readonly peers: readonly FirewallPeer[];
  /** Why it is needed, for the report. */
  readonly purpose: string;
}

/** A region whose network is linked. */
export interface LinkedRegion {
  readonly region: string;
  readonly cidrs: readonly string[];
  /** Ranges that its resolver asks from. */
  readonly askers: readonly string[];
  /** Other regions that it has a route to. */
  readonly reaches: readonly string[];
  /** Regions whose resolvers it asks. */
  readonly asks: readonly string[];
}

/** One use that crosses from a region to another. */
interface Crossing {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  readonly purpose: string;
}

const CLIENTS = 'clients by the private name of a region';
const NAMES = 'private names of linked regions';
/** Whether a rule is for questions of one resolver to another: where a cloud answers them, nodes need none. */
export const isForNames = ({ purpose }: Pick<FirewallRule, 'purpose'>): boolean => purpose === NAMES;
const PATH_MTU = 'path MTU discovery: packets that do not fit into a tunnel';

/** The rules of every linked region, from the flows of the plan: the same crossing is let out here and in there. */
export function planFirewall(
  regions: readonly RegionPlan[],
  projects: readonly ProjectPlan[],
  linked: ReadonlyMap<string, LinkedRegion>,
): ReadonlyMap<string, readonly FirewallRule[]> {
  const served = [...pulls(regions), ...replications(regions, projects)];
  const crossings = [
    ...served,
    ...clients(regions, linked, served),
    ...[...linked.values()].flatMap(({ region, asks }) =>
      asks.flatMap((to) =>
        (['udp', 'tcp'] as const).map((protocol) => ({ from: region, to, protocol, port: 53, purpose: NAMES })),
      ),
    ),
    ...[...linked.values()].flatMap(({ region, reaches }) =>
      reaches.map((to) => ({ from: region, to, protocol: 'icmp' as const, purpose: PATH_MTU })),
    ),
  ].filter(({ from, to }) => linked.get(from)?.reaches.includes(to));
  // One object for each peer: a hundred regions name each other's ranges in every rule.
  const peers = new Map(
    [...linked].map(([region, { cidrs, askers }]) => [
      region,
      { plain: { region, cidrs }, asking: { region, cidrs: [...cidrs, ...askers] } },
    ]),
  );
  const rules = new Map([...linked.keys()].map((region) => [region, new Map<string, RuleDraft>()]));
  for (const crossing of crossings) {
    const [from, to] = [peers.get(crossing.from), peers.get(crossing.to)];
    add(rules.get(crossing.from), 'egress', crossing, to?.plain);
    add(rules.get(crossing.to), 'ingress', crossing, crossing.purpose === NAMES ? from?.asking : from?.plain);
  }
  return new Map([...rules].map(([region, drafts]) => [region, [...drafts.values()].map(finished)]));
}

interface RuleDraft extends Omit<FirewallRule, 'peers'> {
  readonly peers: Map<string, FirewallPeer>;
}

const finished = (draft: RuleDraft): FirewallRule => ({ ...draft, peers: [...draft.peers.values()] });

function add(
  drafts: Map<string, RuleDraft> | undefined,
  direction: FirewallRule['direction'],
  { protocol, port, purpose }: Crossing,
  peer: FirewallPeer | undefined,
): void {
  if (drafts === undefined || peer === undefined) return;
  const key = `${direction} ${protocol} ${port} ${purpose}`;
  const draft = drafts.get(key) ?? {
    direction,
    protocol,
    ports: port === undefined ? [] : [port],
    peers: new Map(),
    purpose,
  };
  draft.peers.set(peer.region, peer);
  drafts.set(key, draft);
}

/** Flows to a Harbor by the name of its region. */
function pulls(regions: readonly RegionPlan[]): readonly Crossing[] {
  const holders = new Map(
    regions.flatMap(({ name, harbors }) =>
      harbors.flatMap(({ aliases }) => aliases.map((alias) => [alias, name] as const)),
    ),
  );
  return regions.flatMap(({ name, flows }) =>
    flows.flatMap((flow) => {
      const to = flow.to.kind === 'external' ? holders.get(flow.to.host) : undefined;
      return to === undefined || to === name ? [] : [crossingOf(name, to, flow)];
    }),
  );
}

const crossingOf = (from: string, to: string, { protocol, port, purpose }: Flow): Crossing => ({
  from,
  to,
  protocol: protocol === 'TCP' ? 'tcp' : 'udp',
  port,
  purpose,
});

/** From the home of a project to the Harbors that receive its images. */
function replications(regions: readonly RegionPlan[], projects: readonly ProjectPlan[]): readonly Crossing[] {
  const ports = new Map(regions.map(({ name, harbors: [own] }) => [name, portOf(own.url)]));
  return projects.flatMap(({ home, replicateTo }) =>
    replicateTo.map((to) => ({
      from: home,
      to,
      protocol: 'tcp' as const,
      port: ports.get(to) ?? 443,
      purpose: 'replication of images',
    })),
  );
}

/**
 * Clients other than nodes, such as `docker login` or a check of health: where a region asks for another's private names, those hide
 * the public ones, so each Harbor there is reached over the link or not at all. What others open already is not opened twice.
 */
function clients(
  regions: readonly RegionPlan[],
  linked: ReadonlyMap<string, LinkedRegion>,
  served: readonly Crossing[],
): readonly Crossing[] {
  const keyOf = ({ from, to, protocol, port }: Crossing): string => `${from} ${to} ${protocol} ${port}`;
  const open = new Set(served.map(keyOf));
  const ports = new Map(regions.map(({ name, harbors }) => [name, new Set(harbors.map(({ url }) => portOf(url)))]));
  return [...linked.values()]
    .flatMap(({ region, asks }) =>
      asks.flatMap((to) =>
        [...(ports.get(to) ?? [])].map((port) => ({
          from: region,
          to,
          protocol: 'tcp' as const,
          port,
          purpose: CLIENTS,
        })),
      ),
    )
    .filter((crossing) => !open.has(keyOf(crossing)));
}

/** The port of a URL: its own, or that of its scheme. */
const portOf = (url: string): number => Number(/:(\d+)$/.exec(url)?.[1] ?? (url.startsWith('https:') ? 443 : 80));
