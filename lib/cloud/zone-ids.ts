import { privateZones } from '../plan/network/private-names.js';
import type { Reader, TextRule } from '../plan/reader.js';
import type { CloudSite } from './cloud.js';

/** Reads private zones that exist, by name. Of a misspelt name a second zone would be made beside the one that is meant. */
export function checkZoneIds(reader: Reader, key: string, { plan, region }: CloudSite, id: TextRule): void {
  const given = Object.keys(reader.textMap(key) ?? {});
  const zones = privateZones(plan, region.name);
  const ids = reader.child(key);
  // A region that no other asks yet has no zone, and may name those that it will have.
  if (zones.length > 0) ids.only(...zones);
  for (const name of given) ids.text(name, id);
}
