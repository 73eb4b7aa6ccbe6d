import type { Issues } from '../issues.js';
import { isClusterHost } from '../names.js';
import { type Duration, milliseconds } from '../quantities.js';
import type { Reader } from '../reader.js';
import { regionalUrl } from '../region-plan.js';
import type { ReadRegion } from '../regions.js';
import type { Site } from '../sites.js';
import type { Network } from './networks.js';

/** How the common name leads to a healthy region. */
export interface DnsProps {
  /**
   * `failover` leads everyone to the first healthy region in the order of `regions`; `latency` to the nearest healthy one, where a
   * login of one region must be good in the next: Harbors that sign tokens with different keys refuse each other's. @default failover
   */
  readonly routing?: 'failover' | 'latency';
  /** How long resolvers keep an answer, 10s to 1h: a part of the time to fail over. @default 30s */
  readonly ttl?: Duration;
  /** Time between two health checks of a region. `10s` costs more than `30s` at most providers. @default 10s */
  readonly checkInterval?: '10s' | '30s';
  /** Failed checks in a row until a region is left, 1 to 10. @default 3 */
  readonly checkFailures?: number;
  /** For `latency`: where regions without a cloud network are, by a place that the DNS provider knows, such as `eu-central-1`. @default - none */
  readonly places?: Readonly<Record<string, string>>;
}

/** What a record leads to. Addresses are known when deployed. */
export interface RecordTarget {
  readonly region: string;
  readonly kind: 'harbor' | 'kraken-origin' | 'kraken-build-index' | 'database';
  /** Name of the Harbor or Kraken that it belongs to. */
  readonly instance: string;
  /** Where the target is a name already, such as that of a database server. */
  readonly host?: string;
}

/** A DNS record to make. */
export interface RecordPlan {
  readonly name: string;
  /** `private` ones exist in the region's own network, and are forwarded to from those that reach it. */
  readonly scope: 'public' | 'private';
  /** Zone of a private one: the region's own name. Public ones go into whichever zone holds them. */
  readonly zone?: string;
  readonly target: RecordTarget;
  readonly ttlSeconds: number;
  /** Of a name with several targets. */
  readonly routing?:
    | { readonly policy: 'failover' /** 1 is asked first. */; readonly order: number }
    | { readonly policy: 'latency' /** The cloud's region, or the place given. */; readonly place: string };
  /** Name of the health check that must pass. */
  readonly healthCheck?: string;
}

/**
 * A check of one region's Harbor, from outside. Its health endpoint answers 200 when it is sick, so the body must be searched: the
 * state of the whole is its last field.
 */
export interface HealthCheckPlan {
  /** The name that is checked, which is also the check's. */
  readonly name: string;
  readonly region: string;
  readonly url: string;
  readonly search: string;
  readonly intervalSeconds: number;
  readonly failures: number;
}

/** Whom a region asks for another's private names. */
export interface ForwardPlan {
  /** All names in and below it. */
  readonly zone: string;
  readonly region: string;
  /** Addresses of the other region's resolver; learned when deployed where there are none. */
  readonly resolvers?: readonly string[];
}

/** The public side of names as planned. */
export interface DnsPlan {
  readonly routing: 'failover' | 'latency';
  readonly ttlSeconds: number;
  readonly checks: readonly HealthCheckPlan[];
  /** Longest time until clients ask another region: interval × failures until the check fails, then the TTL. */
  readonly failoverSeconds: number;
}

/** All names of a topology. */
export interface NamesPlan {
  readonly dns?: DnsPlan;
  readonly records: readonly RecordPlan[];
}

const HEALTH = { path: '/api/v2.0/health', search: '],"status":"healthy"' } as const;

/** What the private names of a region depend on. */
export interface NamedNetwork {
  readonly network: Network;
  /** Some other region has a route here. */
  readonly reached: boolean;
  /** Pods have addresses that other regions have a route to. */
  readonly podsRouted: boolean;
}

/** Plans every name: public ones where `dns` is given, private ones where networks are linked. */
export function planNames(
  topology: Reader,
  regions: readonly ReadRegion[],
  networkOf: (region: string) => NamedNetwork | undefined,
): NamesPlan {
  const settings = topology.child('dns').only('routing', 'ttl', 'checkInterval', 'checkFailures', 'places');
  const ttl = settings.quantity<Duration>('ttl', milliseconds, 'a duration from "10s" to "1h"', 10_000, 3_600_000);
  const ttlSeconds = milliseconds(ttl ?? '30s') / 1000;
  const sites = regions.flatMap((region) => region.sites);
  const privates = regions.flatMap(({ name, sites: own }) => {
    const network = networkOf(name);
    return network?.reached ? own.flatMap((site) => planPrivate(site, network, ttlSeconds)) : [];
  });
  if (!topology.has('dns')) return { records: privates };
  const routing = settings.choice('routing', ['failover', 'latency'] as const) ?? 'failover';
  const intervalSeconds = settings.choice('checkInterval', ['10s', '30s'] as const) === '30s' ? 30 : 10;
  const failures = settings.count('checkFailures', 1, 10) ?? 3;
  const places = readPlaces(settings, regions);
  const open = sites.filter((site) => isPublic(site, topology.issues));
  const placeOf = ({ region }: Site): string => {
    const network = networkOf(region)?.network;
    const place = network !== undefined && 'region' in network ? network.region : places[region];
    if (place === undefined) reportPlace(settings, region);
    return place ?? '';
  };
  const publics = open.flatMap((site): RecordPlan[] => {
    const { domain, instance } = site.harbor;
    const peers = open.filter(({ harbor }) => harbor.domain === domain);
    const target: RecordTarget = { region: site.region, kind: 'harbor', instance };
    const common = { scope: 'public' as const, target, ttlSeconds };
    const order = peers.indexOf(site) + 1;
    return [
      {
        name: domain,
        ...common,
        ...(peers.length < 2
          ? {}
          : {
              routing: routing === 'failover' ? { policy: routing, order } : { policy: routing, place: placeOf(site) },
              healthCheck: site.hostname,
            }),
      },
      { name: site.hostname, ...common },
    ];
  });
  const checked = new Set(publics.flatMap(({ healthCheck }) => healthCheck ?? []));
  return {
    records: [...publics, ...privates],
    dns: {
      routing,
      ttlSeconds,
      checks: open
        .filter(({ hostname }) => checked.has(hostname))
        .map((site) => ({
          name: site.hostname,
          region: site.region,
          url: `${regionalUrl(site)}${HEALTH.path}`,
          search: HEALTH.search,
          intervalSeconds,
          failures,
        })),
      failoverSeconds: intervalSeconds * failures + ttlSeconds,
    },
  };
}

function readPlaces(settings: Reader, regions: readonly ReadRegion[]): Readonly<Record<string, string>> {
  settings.child('places').only(...regions.map(({ name }) => name));
  return settings.textMap('places') ?? {};
}

function reportPlace(settings: Reader, region: string): void {
  const allowed = 'a place that the DNS provider knows, such as eu-central-1';
  const fix = `add places: { ${region}: … }, or choose routing: failover`;
  settings.issues.error(
    settings.at(`places.${region}`),
    'is missing: the region stands in no cloud',
    undefined,
    allowed,
    fix,
  );
}

/** A Service inside the cluster has no public name. */
function isPublic({ path, harbor: { exposure } }: Site, issues: Issues): boolean {
  if (exposure.type !== 'clusterIp') return true;
  const problem = 'is reached inside its cluster only: it gets no public name';
  issues.warning(
    `${path}.exposure`,
    problem,
    exposure.type,
    'loadBalancer, nodePort, ingress or gateway',
    'choose another exposure',
  );
  return false;
}

/** Names that other regions ask for: of Harbor, of a database server, and of Kraken where pods can be reached. */
function planPrivate(site: Site, { podsRouted }: NamedNetwork, ttlSeconds: number): readonly RecordPlan[] {
  const { region, hostname: zone, harbor, kraken } = site;
  const record = (prefix: string, kind: RecordTarget['kind'], instance: string, host?: string): RecordPlan => ({
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

/** The private names of a region, which other regions ask for. */
export const privateRecords = ({ records }: Pick<NamesPlan, 'records'>, region: string): readonly RecordPlan[] =>
  records.filter(({ scope, target }) => scope === 'private' && target.region === region);

/** The zones of those names. */
export const privateZones = (names: Pick<NamesPlan, 'records'>, region: string): readonly string[] => [
  ...new Set(privateRecords(names, region).flatMap(({ zone }) => zone ?? [])),
];

/** Forwarding rules to a region's resolver: one for each of its private zones, none where nothing would answer. */
export const forwardsTo = (network: Network, region: ReadRegion | undefined): readonly ForwardPlan[] =>
  region !== undefined && (learnsResolvers(network) || network.resolvers !== undefined)
    ? region.sites.map(({ hostname }) => ({ zone: hostname, region: region.name, resolvers: network.resolvers }))
    : [];

/** Whether addresses of the resolver come from a cloud when deployed. */
const learnsResolvers = ({ type }: Network): boolean => type !== 'onPremises' && type !== 'external';
