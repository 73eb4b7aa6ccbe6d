import { isDeferred } from './deferred.js';
import type { Issues } from './issues.js';
import { REGION_NAME } from './names.js';
import { checkText, type Reader } from './reader.js';

const MOST_REGIONS = 100;

/** Reads the names of the regions; they must be good before anything is made of them. */
export function readRegionNames(topology: Reader, domain: string): readonly string[] {
  const regions = topology.entries('regions');
  const { issues } = topology;
  const given = topology.raw('regions') ?? {};
  const isMap = topology.raw('regions') !== null && typeof given === 'object' && !Array.isArray(given);
  if (isMap && (regions.length === 0 || regions.length > MOST_REGIONS)) {
    const fix =
      regions.length === 0 ? 'add a region below "regions"' : 'make two topologies, each with a domain of its own';
    issues.error('regions', 'has the wrong number of regions', regions.length, `1 to ${MOST_REGIONS} regions`, fix);
  }
  const seen = new Map<string, string>();
  for (const [name, { path }] of regions) {
    checkText(name, REGION_NAME, path, issues);
    const earlier = seen.get(name.toLowerCase());
    if (earlier !== undefined) {
      const problem = `is the same name as "${earlier}": DNS knows no capitals`;
      issues.error(path, problem, name, 'names that differ in lower case', 'rename one of them');
    }
    seen.set(name.toLowerCase(), name);
    checkHostname(`${name}.${domain}`, path, issues);
  }
  return regions.map(([name]) => name);
}

/** Records a host name that is too long: DNS allows 253 characters (RFC 1035, without the dot at its end). */
export function checkHostname(hostname: string, path: string, issues: Issues): void {
  if (isDeferred(hostname) || hostname.length <= 253) return;
  const problem = `makes a DNS name that is too long (${hostname.length} characters)`;
  issues.error(path, problem, hostname, 'at most 253 characters with the domain', 'shorten the name or the domain');
}
