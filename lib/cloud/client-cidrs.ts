import ipaddr from 'ipaddr.js';
import { IPV4_RANGE } from '../plan/address-rules.js';
import { isDeferred } from '../plan/deferred.js';
import type { Reader } from '../plan/reader.js';

const KEY = 'clientCidrs';
const ALLOWED = 'IPv4 ranges such as 10.20.0.0/16, each written with its first address';
const FIX = 'name the ranges of the nodes';

/** Reads whom a service lets in by their addresses; `needed` where it lets in nobody else. */
export function readClientCidrs(reader: Reader, needed = false): readonly string[] {
  if (needed && !reader.has(KEY)) reader.missing(KEY, ALLOWED);
  const cidrs = reader.texts(KEY);
  if (needed && cidrs?.length === 0) reader.issues.error(reader.at(KEY), 'names nobody', cidrs, ALLOWED, FIX);
  for (const [i, cidr] of (cidrs ?? []).entries()) checkCidr(reader, `${KEY}[${i}]`, cidr);
  return cidrs ?? [];
}

function checkCidr(reader: Reader, key: string, cidr: string): void {
  if (isDeferred(cidr)) return;
  const wrong = (problem: string, fix: string) => reader.issues.error(reader.at(key), problem, cidr, ALLOWED, fix);
  if (!IPV4_RANGE.pattern.test(cidr)) {
    wrong('is not a range of addresses', 'write a range such as 10.20.0.0/16');
    return;
  }
  const bits = cidr.replace(/^.*\//, '');
  const first = `${ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()}/${bits}`;
  if (bits === '0') wrong('lets everyone in', FIX);
  else if (first !== cidr) wrong('does not begin at its first address', `write ${first}`);
}
