import type { Reader } from '../plan/reader.js';

/** Reads the major version of PostgreSQL: one that Harbor ships. */
export function readPostgresVersion(reader: Reader): 15 | 18 {
  const version = reader.raw('version') ?? 18;
  if (version === 15 || version === 18) return version;
  const allowed = '18 for Harbor 2.15.2, 15 for Harbor 2.14';
  reader.issues.error(reader.at('version'), 'is not a version that Harbor ships', version, allowed, 'use 15 or 18');
  return 18;
}

/** Connections to tell Harbor's plan: what is given, else what a size has; a size that is not known here needs a number. */
export function readConnections(reader: Reader, ofSize: number | undefined, size: string): number {
  const given = reader.count('maxConnections', 25, 262_143);
  if (given === undefined && ofSize === undefined) {
    reader.missing('maxConnections', `how many connections ${size}, whose memory is not known here, has memory for`);
  }
  return given ?? ofSize ?? 100;
}
