import { all, type ComponentResource, type Input, log, type Output, output } from '@pulumi/pulumi';
import type {
  AnsweredRecord,
  Cloud,
  CloudNetwork,
  CloudSite,
  ConnectedTunnel,
  ForwardTarget,
  PeeredLink,
} from '../cloud/cloud.js';
import { isIpv4 } from '../plan/address-rules.js';
import { isWithin } from '../plan/addresses.js';
import { Issues } from '../plan/issues.js';
import { rulesOf } from '../plan/network/clouds.js';
import { checkedCas, uniqueCertificates } from '../plan/network/health.js';
import type { LinkPlan, TunnelKey, TunnelPlan } from '../plan/network/links.js';
import { privateRecords } from '../plan/network/private-names.js';
import type { RecordPlan } from '../plan/network/records.js';
import { endsFrom, linksOf } from '../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../plan/plan.js';
import type { CertificateAuthority } from './authority.js';
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
  /** Self link of its VPC in Google Cloud, where other VPCs of Google Cloud look up its names. @default - they do not */
  readonly vpc?: Input<string>;
}

/** What the networks of a topology take from elsewhere. */
export interface NetworksArgs {
  /**
   * Networks that this stack does not make, by region: as other stacks hand them over in `networks`, or as others configured them. Which
   * tunnels there are must be known when planned: `(await reference.getOutputDetails('networks')).value`. A tunnel whose peer has no
   * address yet is left out with a warning, until an update after it has one; so is every tunnel to a region that is `undefined` here,
   * as it is while its stack has no outputs. @default - none
   */
  readonly networks?: Readonly<Record<string, NetworkEnds | undefined>>;
}

/** The arguments of a topology that its networks are made from. */
export interface NetworkSettings extends NetworksArgs {
  readonly regions: Readonly<Record<string, RegionNetworkArgs>>;
  readonly only?: readonly string[];
  /** Which regions meet, as the plan reads it. */
  readonly links?: unknown;
}

/** The networks that a stack made. */
export interface MadeNetworks {
  /** By region. */
  readonly ends: Readonly<Record<string, NetworkEnds>>;
  /** What teams configure by hand, by region and by file; secret. */
  readonly files: Readonly<Record<string, Output<Readonly<Record<string, string>>>>>;
}

/** What else of a stack its networks are made with. */
export interface NetworkNeeds {
  readonly keyOf: (key: TunnelKey) => Output<string>;
  readonly regions: Readonly<Record<string, Region>>;
  /** The private CA; nothing where no certificate of this stack comes from it, and none was given. */
  readonly authority: () => CertificateAuthority | undefined;
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
    const addresses = Object.keys(regions[region.name]?.addresses ?? {});
    return [{ cloud, site: { path, plan, region, network, links: linksOf(plan.links, region.name), addresses } }];
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
  { keyOf, regions, authority }: NetworkNeeds,
): MadeNetworks {
  const issues = new Issues();
  const opened = sitesOf(plan, settings).map(({ cloud, site: bare }): Opened => {
    const site = { ...bare, ca: casOf(bare, authority, issues) };
    const network = cloud.open(`${name}-${site.region.name}`, site, parent);
    return { region: site.region.name, site, network, outsides: new Map(), late: rulesOf(site.network).late };
  });
  const made = new Map(opened.map((one) => [one.region, one]));
  const leftOut = (region: string, what: string, so: string): void => {
    const [allowed, fix] = [`${what} of ${region}`, missing(plan, settings, region)];
    issues.warning(`networks.${region}`, `tells no ${what}, so ${so}`, undefined, allowed, fix);
  };
  const outsideOf = outsidesOf(plan, made, settings);
  for (const { site, network, outsides } of opened.filter(({ late }) => !late)) {
    for (const { tunnel } of tunnelsOf(site.links)) outsides.set(tunnel.name, network.outside(tunnel));
  }
  for (const { site, region, network, outsides, late } of opened.toSorted((a, b) => Number(b.late) - Number(a.late))) {
    const tunnels = tunnelsOf(site.links).flatMap(({ link, tunnel }): ConnectedTunnel[] => {
      const { own, peer } = endsFrom(tunnel, region);
      const peerOutside = outsideOf(peer.region, peer.outside, tunnel);
      if (peerOutside !== undefined) return [{ link, tunnel, own, peer, peerOutside, key: keyOf(tunnel.key) }];
      leftOut(peer.region, 'outside addresses', `${region} has no tunnel to it yet`);
      return [];
    });
    if (tunnels.length > 0) network.connect(tunnels);
    if (late) for (const { tunnel } of tunnels) outsides.set(tunnel.name, network.outside(tunnel));
  }
  for (const one of opened) peer(one, made);
  for (const { region, network } of opened) {
    const records = answersOf(plan, region, settings.regions[region]?.addresses ?? {}, regions[region], parent);
    if (records.length > 0) network.answer(records);
  }
  for (const { region, site, network } of opened) {
    const forwards = site.network.forwards.flatMap((forward): ForwardTarget[] => {
      const { through } = forward;
      if (through !== undefined) {
        const vpc = made.get(through)?.network.vpc ?? settings.networks?.[through]?.vpc;
        if (vpc !== undefined) return [{ forward, resolvers: [], vpc }];
        leftOut(through, 'vpc', `${region} does not know names of ${forward.region} yet`);
        return [];
      }
      const { network: other } = made.get(forward.region) ?? {};
      const given = settings.networks?.[forward.region];
      const resolvers = [forward.resolvers, other?.resolvers, given?.resolvers].find(answers);
      if (resolvers !== undefined) return [{ forward, resolvers }];
      leftOut(forward.region, 'resolvers', `${region} does not ask it for names yet`);
      return [];
    });
    if (forwards.length > 0) network.forward(forwards);
  }
  warn(parent, issues.warnings);
  return {
    ends: Object.fromEntries(
      opened.map(({ region, network, outsides }) => [
        region,
        {
          outsides: Object.fromEntries(outsides),
          resolvers: network.resolvers,
          ...(network.vpc === undefined ? {} : { vpc: network.vpc }),
        },
      ]),
    ),
    files: Object.fromEntries(opened.flatMap(({ region, network: { files } }) => (files ? [[region, files]] : []))),
  };
}

/** Whether anybody answers there, as far as it is known. */
const answers = (resolvers: Input<readonly string[]> | null | undefined): boolean =>
  Array.isArray(resolvers) ? resolvers.length > 0 : (resolvers ?? undefined) !== undefined;

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
    return made.get(region)?.outsides.get(tunnel.name) ?? planned ?? networks?.[region]?.outsides?.[tunnel.name];
  };

/** Joins a region to others of its cloud, each link from its first end. Regions of one VPC may be another stack's: nothing joins them. */
function peer({ region, site, network }: Opened, made: ReadonlyMap<string, Opened>): void {
  const links = site.links.flatMap((link): PeeredLink[] => {
    const other = made.get(link.between[1]);
    return link.via === 'peering' && link.between[0] === region && other !== undefined
      ? [{ link, other: other.network }]
      : [];
  });
  if (links.length > 0) network.peer(links);
}

/** Private CAs of the Harbors whose health a data centre asks itself. */
function casOf(
  { plan, region: { name }, network }: CloudSite,
  authority: NetworkNeeds['authority'],
  issues: Issues,
): Output<string> | undefined {
  if (network.type !== 'onPremises') return undefined;
  const sources = checkedCas(plan, name);
  const known = authority();
  const own = sources.filter(({ ca }) => ca.from === 'secrets').map(({ region }) => region);
  if (own.length > 0 && known === undefined) {
    issues.warning(
      'certificateAuthority',
      `is not given, so ${name} has no file of the private CA, by which it could ask ${own.join(', ')} for health`,
      undefined,
      'certificateAuthority of the stack that makes it',
      `give it here, or put the CA's certificate on the machine of ${name}'s resolver, where common-name.sh looks for it`,
    );
  }
  const texts = sources.flatMap(({ ca }) => (ca.from === 'text' ? [asOutput(ca.pem)] : (known?.certificate ?? [])));
  return texts.length === 0 ? undefined : all(texts).apply(uniqueCertificates);
}

/** The region's private names that lead somewhere. */
function answersOf(
  plan: TopologyPlan,
  name: string,
  given: NonNullable<RegionNetworkArgs['addresses']>,
  region: Region | undefined,
  parent: ComponentResource,
): readonly AnsweredRecord[] {
  return privateRecords(plan, name).flatMap((record): readonly AnsweredRecord[] => {
    const target = given[record.name] ?? targetOf(record, region);
    const tell = (known: readonly string[]): readonly string[] => told(plan, record, known, parent);
    // A cloud that makes a record for each address must know how many there are.
    if (isKnown(target)) return [{ record, target: tell(target) }];
    if (target !== undefined) return [{ record, target: output(target).apply(tell) }];
    void log.info(`${record.name}: is not made, because regions.${name}.addresses does not say where it leads`, parent);
    return [];
  });
}

const isKnown = (target: Input<readonly string[]> | undefined): target is readonly string[] =>
  Array.isArray(target) && target.every((one) => typeof one === 'string');

/** Tells of addresses that other regions would not reach over their links. */
function told(
  plan: TopologyPlan,
  { name, target: { region } }: RecordPlan,
  targets: readonly string[],
  parent: ComponentResource,
): readonly string[] {
  const cidrs = regionOf(plan, region).network?.cidrs ?? [];
  const outside = targets.filter((target) => isIpv4(target) && !cidrs.some((cidr) => isWithin(`${target}/32`, cidr)));
  if (outside.length > 0) {
    const fix = `give the load balancer an internal scheme, or say regions.${region}.addresses["${name}"]`;
    void log.warn(
      `${name}: leads to ${outside.join(', ')}, outside of the ranges of ${region}: other regions go there over the internet, not over links; ${fix}`,
      parent,
    );
  }
  return targets;
}

/** What this stack knows of a record's target; nothing for pods, and behind fronts that have no address of their own. */
function targetOf({ target }: RecordPlan, region: Region | undefined): Output<readonly string[]> | undefined {
  const address = target.kind === 'harbor' ? region?.addressOf(target.instance) : target.host && asOutput(target.host);
  return address ? output(address).apply((known) => [known]) : undefined;
}

/** What to do where a region's end of a link is not known: by another stack, in this one, or by another team. */
function missing(plan: TopologyPlan, { regions, only }: NetworkSettings, name: string): string {
  const elsewhere = 'write down what others configured there';
  if (only?.includes(name) === false)
    return `update the stack that makes ${name}, then this one with its output networks.${name}; or ${elsewhere}`;
  const { type } = regionOf(plan, name).network ?? {};
  const settled = regions[name]?.cloud !== undefined || type === undefined || type === 'external';
  const here = settled ? `add resolvers to regions.${name}.network` : `add cloud: ${type}({ … }) to regions.${name}`;
  return `${here}; or ${elsewhere}, as networks.${name}`;
}
