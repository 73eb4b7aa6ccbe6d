import { type Duration, milliseconds } from '../quantities.js';
import type { Reader } from '../reader.js';
import type { ReadRegion } from '../regions.js';
import { type NamedNetwork, planPrivateNames } from './private-names.js';
import { type DnsPlan, planPublicNames } from './public-names.js';
import type { PlannedRecords } from './records.js';

/** All names of a topology. */
export interface NamesPlan extends PlannedRecords {
  readonly dns?: DnsPlan;
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
  const privates = planPrivateNames(regions, networkOf, ttlSeconds, topology.issues);
  if (!topology.has('dns')) return { records: privates };
  const { records, dns } = planPublicNames(settings, regions, (region) => networkOf(region)?.network, ttlSeconds);
  return { records: [...records, ...privates], dns };
}
