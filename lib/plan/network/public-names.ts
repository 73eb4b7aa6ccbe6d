import type { Issues } from '../issues.js';
import type { Duration } from '../quantities.js';
import type { Reader, TextRule } from '../reader.js';
import { regionalUrl } from '../region-plan.js';
import type { ReadRegion } from '../regions.js';
import type { Site } from '../sites.js';
import { hasOwnTokenKey } from '../token-keys.js';
import type { Network } from './networks.js';
import type { RecordPlan, RecordTarget } from './records.js';

/** How the common name leads to a healthy region. */
export interface DnsProps {
  /**
   * `failover` leads everyone to the first healthy region in the order of `regions`; `latency` to the nearest healthy one. A token that
   * a client got in one region is good in the next where they share their `tokenKey`, as with `settings`. @default failover
   */
  readonly routing?: 'failover' | 'latency';
  /** How long resolvers keep an answer, 10s to 1h: a part of the time to fail over. @default 30s */
  readonly ttl?: Duration;
  /** Time between two health checks of a region. `10s` costs more than `30s` at most providers. @default 10s */
  readonly checkInterval?: '10s' | '30s';
  /** Failed checks in a row until a region is left, 1 to 10. @default 3 */
  readonly checkFailures?: number;
  /**
   * For `latency`: where a region is, by a place that the DNS provider knows, such as `eu-central-1`; needed where the region stands in
   * no cloud or in another than the provider's. @default - the region of its network's cloud
   */
  readonly places?: Readonly<Record<string, string>>;
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

/** The public side of names as planned. */
export interface DnsPlan {
  readonly routing: 'failover' | 'latency';
  readonly ttlSeconds: number;
  readonly checks: readonly HealthCheckPlan[];
  /** Longest time until clients ask another region: interval × failures until the check fails, then the TTL. */
  readonly failoverSeconds: number;
}

const PLACE: TextRule = { pattern: /\S/, allowed: 'a place that the DNS provider knows, such as eu-central-1' };

const HEALTH = { path: '/api/v2.0/health', search: '],"status":"healthy"' } as const;

/** Plans the names that lead to Harbors from the internet, and what their checks ask. */
export function planPublicNames(
  settings: Reader,
  regions: readonly ReadRegion[],
  networkOf: (region: string) => Network | undefined,
  ttlSeconds: number,
): { readonly records: readonly RecordPlan[]; readonly dns: DnsPlan } {
  const routing = settings.choice('routing', ['failover', 'latency'] as const) ?? 'failover';
  const intervalSeconds = settings.choice('checkInterval', ['10s', '30s'] as const) === '30s' ? 30 : 10;
  const failures = settings.count('checkFailures', 1, 10) ?? 3;
  const places = readPlaces(settings, regions);
  const open = regions.flatMap(({ sites }) => sites).filter((site) => isPublic(site, settings.issues));
  const placeOf = ({ region }: Site): string => {
    const network = networkOf(region);
    const place = places.get(region) ?? (network !== undefined && 'region' in network ? network.region : undefined);
    if (place === undefined) reportPlace(settings, region);
    return place ?? '';
  };
  checkTokenKeys(open, routing, settings);
  const records = open.flatMap((site): RecordPlan[] => {
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
  const checked = new Set(records.flatMap(({ healthCheck }) => healthCheck ?? []));
  const checks = open
    .filter(({ hostname }) => checked.has(hostname))
    .map((site) => ({
      name: site.hostname,
      region: site.region,
      url: `${regionalUrl(site)}${HEALTH.path}`,
      search: HEALTH.search,
      intervalSeconds,
      failures,
    }));
  const failoverSeconds = intervalSeconds * failures + ttlSeconds;
  return { records, dns: { routing, ttlSeconds, checks, failoverSeconds } };
}

/** Clients that move between regions, now and then or when one fails, need tokens that are good in all of them. */
function checkTokenKeys(sites: readonly Site[], routing: DnsPlan['routing'], settings: Reader): void {
  for (const domain of new Set(sites.map(({ harbor }) => harbor.domain))) {
    const [one, other] = sites.filter(({ harbor }) => harbor.domain === domain && hasOwnTokenKey(harbor));
    if (one === undefined || other === undefined) continue;
    const problem = `leads clients of ${domain} to Harbors that refuse each other's tokens, such as ${one.region} and ${other.region}`;
    const fix = 'add settings: {} to the topology, or defaults: { tokenKey: { shared: true } }';
    settings.issues.warning(settings.at('routing'), problem, routing, 'a token key that regions share', fix);
  }
}

function readPlaces(settings: Reader, regions: readonly ReadRegion[]): ReadonlyMap<string, string> {
  const places = settings.child('places').only(...regions.map(({ name }) => name));
  return new Map(
    regions.flatMap(({ name }) => {
      const place = places.text(name, PLACE);
      return place === undefined ? [] : [[name, place]];
    }),
  );
}

function reportPlace(settings: Reader, region: string): void {
  const fix = `add places: { ${region}: … }, or choose routing: failover`;
  settings.issues.error(
    settings.at(`places.${region}`),
    'is missing: the region stands in no cloud',
    undefined,
    PLACE.allowed,
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
