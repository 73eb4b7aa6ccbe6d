import type { Issues } from '../issues.js';
import type { KrakenPlan } from '../kraken.js';
import { isClusterHost } from '../names.js';
import type { RegionPlan } from '../plan.js';
import type { ReadRegion } from '../regions.js';
import type { Site } from '../sites.js';
import type { Network } from './networks.js';
import type { PlannedRecords, PrivateRecord, RecordPlan, RecordTarget } from './records.js';

/** Whom a region asks for another's private names. */
export interface ForwardPlan {
  /** All names in and below it. */
  readonly zone: string;
  readonly region: string;
  /** Addresses of the other region's resolver; learned when deployed where there are none. */
  readonly resolvers?: readonly string[];
  /** Region in whose VPC the names are looked up instead of by addresses: between VPCs of Google Cloud. */
  readonly through?: string;
}

/** What the private names of a region depend on. */
export interface NamedNetwork {
  readonly network: Network;
  /** Some other region has a route here. */
  readonly reached: boolean;
  /** Pods have addresses that other regions have a route to. */
  readonly podsRouted: boolean;
}

/** Plans the names that linked regions ask for. */
export function planPrivateNames(
  regions: readonly ReadRegion[],
  networkOf: (region: string) => NamedNetwork | undefined,
  ttlSeconds: number,
  issues: Issues,
): readonly PrivateRecord[] {
  const records = regions.flatMap(({ name, sites }) => {
    const network = networkOf(name);
    return network?.reached ? sites.flatMap((site) => recordsOf(site, network, ttlSeconds)) : [];
  });
  warnOfExternalDns(issues, regions, records, networkOf);
  warnOfDns01(issues, regions, records, networkOf);
  return records;
}

/** Records an external-dns that has no name to keep, or no zone to keep it in. */
function warnOfExternalDns(
  issues: Issues,
  regions: readonly ReadRegion[],
  privates: readonly PrivateRecord[],
  networkOf: (region: string) => NamedNetwork | undefined,
): void {
  for (const { name, path } of regions) {
    const { network } = networkOf(name) ?? {};
    if (!network?.externalDns) continue;
    const at = `${path}.network.externalDns`;
    if (!privates.some(({ target }) => target.region === name && target.kind === 'kraken-origin')) {
      const problem = 'keeps no name: no other region has a route to pods of a Kraken here';
      const fix = 'link the region and set cluster.podCidr within network.cidrs, or leave it out';
      issues.warning(at, problem, true, 'true where pods have a route', fix);
    } else if (network.type === 'onPremises') {
      const problem = 'keeps no name of the generated resolver: the zone of a data centre is unbound.conf or Corefile';
      const fix = 'leave it out and give addresses of names that are needed, or run a resolver that it can write to';
      issues.warning(at, problem, true, 'true in a cloud, or with a resolver of your own', fix);
    }
  }
}

/** Clouds whose private zones answer for all names below theirs, also for those that only the public zone has. */
const HIDING: readonly Network['type'][] = ['aws', 'azure', 'gcp'];

/** Records a cert-manager that cannot see the records by which it proves a region's name, when it looks before the issuer does. */
function warnOfDns01(
  issues: Issues,
  regions: readonly ReadRegion[],
  privates: readonly PrivateRecord[],
  networkOf: (region: string) => NamedNetwork | undefined,
): void {
  for (const { name, sites } of regions) {
    const { network } = networkOf(name) ?? {};
    const hidden = sites.find(
      // A CA of one's own seldom asks for a proof.
      ({ hostname, harbor: { tls } }) =>
        tls.type === 'certManager' && tls.ca === undefined && privates.some(({ zone }) => zone === hostname),
    );
    if (network === undefined || !HIDING.includes(network.type) || hidden === undefined) continue;
    const problem = `is checked by cert-manager in the private zone ${hidden.hostname}, which has no records of DNS-01`;
    const allowed = 'an issuer that proves names by HTTP-01, or a cert-manager that asks resolvers of the public zone';
    const flags = '--dns01-recursive-nameservers-only --dns01-recursive-nameservers=1.1.1.1:53,8.8.8.8:53';
    const fix = `with DNS-01 run cert-manager with ${flags}, or with others that know the public zone`;
    issues.warning(`${hidden.path}.tls`, problem, hidden.harbor.tls.type, allowed, fix);
  }
}

/** Names that other regions ask for: of Harbor, of a database server, and of Kraken where pods can be reached. */
function recordsOf(site: Site, { podsRouted }: NamedNetwork, ttlSeconds: number): readonly PrivateRecord[] {
  const { region, hostname: zone, harbor, kraken } = site;
  const record = (prefix: string, kind: RecordTarget['kind'], instance: string, host?: string): PrivateRecord => ({
    name: `${prefix}${zone}`,
    scope: 'private',
    zone,
    target: { region, kind, instance, host },
    ttlSeconds,
  });
  const { database } = harbor;
  return [
    record('', 'harbor', harbor.instance),
    ...(database.type === 'external' && !isClusterHost(database.host)
      ? [record('database.', 'database', harbor.instance, database.host)]
      : []),
    ...(kraken !== undefined && podsRouted
      ? [
          record('kraken-origin.', 'kraken-origin', kraken.instance),
          record('kraken-build-index.', 'kraken-build-index', kraken.instance),
        ]
      : []),
  ];
}

/** Krakens of a region with the private names that its external-dns keeps. */
export function namedKrakens(region: RegionPlan, { records }: PlannedRecords): readonly KrakenPlan[] {
  const own = privateRecords({ records }, region.name);
  return region.krakens.map((kraken) => {
    const nameOf = (kind: RecordTarget['kind']): string | undefined =>
      own.find(({ target }) => target.kind === kind && target.instance === kraken.instance)?.name;
    return { ...kraken, privateNames: { origin: nameOf('kraken-origin'), buildIndex: nameOf('kraken-build-index') } };
  });
}

/** The private names of a region, which other regions ask for. */
export const privateRecords = ({ records }: PlannedRecords, region: string): readonly PrivateRecord[] =>
  records.filter(isPrivate).filter(({ target }) => target.region === region);

const isPrivate = (record: RecordPlan): record is PrivateRecord =>
  record.scope === 'private' && record.zone !== undefined;

/** The zones of those names. */
export const privateZones = (names: PlannedRecords, region: string): readonly string[] => [
  ...new Set(privateRecords(names, region).map(({ zone }) => zone)),
];

/** Forwarding rules to a region's resolver: one for each of its private zones and domains, none where nothing would answer. */
export function forwardsTo(network: Network, region: ReadRegion | undefined): readonly ForwardPlan[] {
  if (region === undefined || (!learnsResolvers(network) && network.resolvers === undefined)) return [];
  const zones = [...region.sites.map(({ hostname }) => hostname), ...(network.privateDomains ?? [])];
  return zones.map((zone) => ({ zone, region: region.name, resolvers: network.resolvers }));
}

/** Whether addresses of the resolver come from a cloud when deployed. */
const learnsResolvers = ({ type }: Network): boolean => type !== 'onPremises' && type !== 'external';
