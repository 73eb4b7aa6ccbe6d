import type { HealthCheckPlan } from '../plan/network/public-names.js';
import type { RecordPlan } from '../plan/network/records.js';
import { regionOf, type TopologyPlan } from '../plan/plan.js';

/** A Harbor behind a common name. */
export interface PublicHarbor {
  readonly region: string;
  /** Its own name, such as `virginia.registry.example.com`. */
  readonly hostname: string;
  /** What tells it from others in names of resources: its region, and its instance when that is a tenant's. */
  readonly label: string;
  /** How long resolvers keep an answer. */
  readonly ttlSeconds: number;
  /** Its place among several. */
  readonly routing?: RecordPlan['routing'];
  /** What it must pass among several. */
  readonly check?: HealthCheckPlan;
}

/** A common name with the Harbors that answer for it, in the order in which they are asked. */
export interface CommonName {
  readonly name: string;
  readonly harbors: readonly PublicHarbor[];
}

/** The common names of a topology, one for each domain; none without `dns`. */
export function commonNames(plan: TopologyPlan): readonly CommonName[] {
  const { regions, records, dns } = plan;
  const domains = new Set(regions.flatMap(({ harbors }) => harbors.map(({ domain }) => domain)));
  const named = [...domains].map((name): CommonName => {
    const own = records.filter((record) => record.scope === 'public' && record.name === name);
    const harbors = own.map(({ target: { region, instance }, ttlSeconds, routing, healthCheck }): PublicHarbor => {
      const isMain = regionOf(plan, region).harbors[0].instance === instance;
      return {
        region,
        hostname: `${region}.${name}`,
        label: isMain ? region : `${region}-${instance}`,
        ttlSeconds,
        routing,
        check: dns?.checks.find((check) => check.name === healthCheck),
      };
    });
    return { name, harbors };
  });
  return named.filter(({ harbors }) => harbors.length > 0);
}
