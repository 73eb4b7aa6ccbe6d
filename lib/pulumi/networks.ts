import { type ComponentResource, type Input, log, type Output, output } from '@pulumi/pulumi';
import type { AnsweredRecord, Cloud, CloudNetwork, CloudSite, ConnectedTunnel, PeeredLink } from '../cloud/cloud.js';
import { Issues } from '../plan/issues.js';
import { rulesOf } from '../plan/network/clouds.js';
import { privateRecords, type RecordPlan } from '../plan/network/dns.js';
import type { LinkPlan, TunnelKey, TunnelPlan } from '../plan/network/links.js';
import { endsFrom, linksOf } from '../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../plan/plan.js';
import { warn } from './installation.js';
import type { Region } from './region.js';
import { asOutput } from './runtime.js';

/** What a region of a stack may have besides its plan, for its network. */
export interface RegionNetworkArgs {
  /**
   * The region's place in its cloud, of the same kind as `network`: tunnels, firewall rules and private names are made there.
   * @default - nothing is made: the network is configured by others, from the plan
   */
  readonly cloud?: Cloud;
  /**
   * What private names of the region lead to, by name: IPv4 addresses, or one host name. Pods' addresses change, so Kraken's names are
   * made only from here; better leave them out and let external-dns keep them. @default - the address of Harbor's load balancer or
   * Ingress, and the database's host
   */
  readonly addresses?: Readonly<Record<string, Input<readonly string[]>>>;
}

/** What a stack tells others of the network of a region. */
export interface NetworkEnds {
  /** Outside addresses of its ends of tunnels, by the tunnel's name. */
  readonly outsides: Readonly<Record<string, Input<string>>>;
  /** Addresses at which its resolver answers other regions. */
  readonly resolvers: Input<readonly string[]>;
}

/** What the networks of a topology take from elsewhere. */
export interface NetworksArgs {
  /**
   * Networks that this stack does not make, by region: as other stacks hand them over in `networks`, or as others configured them. Which
   * tunnels there are must be known when planned: `(await reference.getOutputDetails('networks')).value`. A tunnel whose peer has no
   * address yet is left out with a warning, until an update after it has one. @default - none
   */
  readonly networks?: Readonly<Record<string, NetworkEnds>>;
}

/** The arguments of a topology that its networks are made from. */
export interface NetworkSettings extends NetworksArgs {
  readonly regions: Readonly<Record<string, RegionNetworkArgs>>;
  readonly only?: readonly string[];
}

/** The networks that a stack made. */
export interface MadeNetworks {
  /** By region. */
  readonly ends: Readonly<Record<string, NetworkEnds>>;
  /** What teams configure by hand, by region and by file; secret. */
  readonly files: Readonly<Record<string, Output<Readonly<Record<string, string>>>>>;
}

/** The regions of a stack whose networks it makes, each with its cloud. */
export const sitesOf = (
  plan: TopologyPlan,
  { regions, only }: NetworkSettings,
): readonly { readonly cloud: Cloud; readonly site: CloudSite }[] =>
  plan.regions.flatMap((region) => {
    const cloud = regions[region.name]?.cloud;
    const { network } = region;
    if (cloud === undefined || network === undefined || only?.includes(region.name) === false) return [];
    const path = `regions.${region.name}.cloud`;
    return [{ cloud, site: { path, plan, region, network, links: linksOf(plan.links, region.name) } }];
  });

/**
 * Makes the networks of a stack's regions in one pass: all gateways, then the ends of tunnels whose outside addresses come late, then
 * all others, then what joins regions of one cloud, and names.
 */
export function makeNetworks(
  parent: ComponentResource,
  name: string,
  plan: TopologyPlan,
  settings: NetworkSettings,
  {
    keyOf,
    regions,
  }: { readonly keyOf: (key: TunnelKey) => Output<string>; readonly regions: Readonly<Record<string, Region>> },
): MadeNetworks {
  const issues = new Issues();
  const opened = sitesOf(plan, settings).map(({ cloud, site }): Opened => {
    const network = cloud.open(`${name}-${site.region.name}`, site, parent);
    return { region: site.region.name, site, network, outsides: new Map(), late: rulesOf(site.network).late };
  });
  const made = new Map(opened.map((one) => [one.region, one]));
  const outsideOf = outsidesOf(plan, made, settings);
  for (const { site, network, outsides } of opened.filter(({ late }) => !late)) {
    for (const { tunnel } of tunnelsOf(site.links)) outsides.set(tunnel.name, network.outside(tunnel));
  }
  for (const { site, region, network, outsides, late } of opened.toSorted((a, b) => Number(b.late) - Number(a.late))) {
    const tunnels = tunnelsOf(site.links).flatMap(({ link, tunnel }): ConnectedTunnel[] => {
      const { own, peer } = endsFrom(tunnel, region);
      const peerOutside = outsideOf(peer.region, peer.outside, tunnel);
      if (peerOutside !== undefined) return [{ link, tunnel, own, peer, peerOutside, key: keyOf(tunnel.key) }];
      leftOut(issues, peer.region, 'outside addresses', `${region} has no tunnel to it yet`);
      return [];
    });
    if (tunnels.length > 0) network.connect(tunnels);
    if (late) for (const { tunnel } of tunnels) outsides.set(tunnel.name, network.outside(tunnel));
  }
  for (const one of opened) peer(one, made, issues);
  for (const { region, network } of opened) {
    const records = answersOf(plan, region, settings.regions[region]?.addresses ?? {}, regions[region], parent);
    if (records.length > 0) network.answer(records);
  }
  for (const { region, site, network } of opened) {
    const forwards = site.network.forwards.flatMap((forward) => {
      const { network: other } = made.get(forward.region) ?? {};
      const given = settings.networks?.[forward.region];
      const resolvers = [forward.resolvers, other?.resolvers, given?.resolvers].find(answers);
      if (resolvers !== undefined) return [{ forward, resolvers }];
      leftOut(issues, forward.region, 'resolvers', `${region} does not ask it for names yet`);
      return [];
    });
    if (forwards.length > 0) network.forward(forwards);
  }
  warn(parent, issues.warnings);
  return {
    ends: Object.fromEntries(
      opened.map(({ region, network, outsides }) => [
        region,
        { outsides: Object.fromEntries(outsides), resolvers: network.resolvers },
      ]),
    ),
    files: Object.fromEntries(opened.flatMap(({ region, network: { files } }) => (files ? [[region, files]] : []))),
  };
}

/** Whether anybody answers there, as far as it is known. */
const answers = (resolvers: Input<readonly string[]> | undefined): boolean =>
  Array.isArray(resolvers) ? resolvers.length > 0 : resolvers !== undefined;

/** A region's network while it is made. */
interface Opened {
  readonly region: string;
  readonly site: CloudSite;
  readonly network: CloudNetwork;
  readonly late: boolean;
  /** Its outside addresses by the tunnel's name, as far as there are any yet. */
  readonly outsides: Map<string, Input<string>>;
}

const tunnelsOf = (links: readonly LinkPlan[]): readonly { readonly link: LinkPlan; readonly tunnel: TunnelPlan }[] =>
  links.flatMap((link) => link.tunnels.map((tunnel) => ({ link, tunnel })));

/** Where outside addresses are found: made here, known from the plan, or given. */
const outsidesOf =
  (plan: TopologyPlan, made: ReadonlyMap<string, Opened>, { networks }: NetworksArgs) =>
  (region: string, outside: number, tunnel: TunnelPlan): Input<string> | undefined => {
    const { network } = regionOf(plan, region);
    const planned = network !== undefined && 'publicIps' in network ? network.publicIps?.[outside] : undefined;
    return made.get(region)?.outsides.get(tunnel.name) ?? planned ?? networks?.[region]?.outsides[tunnel.name];
  };

/** Joins a region to others of its cloud, each link from its first end. */
function peer({ region, site, network }: Opened, made: ReadonlyMap<string, Opened>, issues: Issues): void {
  const links = site.links.flatMap((link): PeeredLink[] => {
    if (link.via !== 'peering') return [];
    const other = link.between[0] === region ? link.between[1] : link.between[0];
    const found = made.get(other);
    if (found !== undefined) return link.between[0] === region ? [{ link, other: found.network }] : [];
    issues.warning(
      `regions.${region}.cloud`,
      `is not joined to ${other}: what joins two regions of one cloud is made where both are`,
      `${other} without a cloud in this stack`,
      'both regions in one stack, each with its cloud',
      `own both here, or join them by other means and set { between: ['${link.between.join("', '")}'], via: 'existing' }`,
    );
    return [];
  });
  if (links.length > 0) network.peer(links);
}

/** The region's private names that lead somewhere. */
function answersOf(
  plan: TopologyPlan,
  name: string,
  given: NonNullable<RegionNetworkArgs['addresses']>,
  region: Region | undefined,
  parent: ComponentResource,
): readonly AnsweredRecord[] {
  return privateRecords(plan, name).flatMap((record) => {
    const target = given[record.name] ?? targetOf(record, region);
    if (target !== undefined) return [{ record, target }];
    void log.info(`${record.name}: is not made, because regions.${name}.addresses does not say where it leads`, parent);
    return [];
  });
}

/** What this stack knows of a record's target; nothing for pods, and behind fronts that have no address of their own. */
function targetOf({ target }: RecordPlan, region: Region | undefined): Output<readonly string[]> | undefined {
  const address = target.kind === 'harbor' ? region?.addressOf(target.instance) : target.host && asOutput(target.host);
  return address ? output(address).apply((known) => [known]) : undefined;
}

/** Tells what is not made yet because another stack, or another team, has not said enough. */
function leftOut(issues: Issues, peer: string, what: string, so: string): void {
  issues.warning(
    `networks.${peer}`,
    `tells no ${what}, so ${so}`,
    undefined,
    `${what} of ${peer}`,
    `update the stack that makes ${peer}, then this one with its output networks.${peer}; or write down what others configured there`,
  );
}
