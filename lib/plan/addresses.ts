import type ipaddr from 'ipaddr.js';
import { isDeferred } from './deferred.js';
import type { Issues } from './issues.js';
import type { Reader } from './reader.js';

/** A range of addresses as the user wrote it, and what it is for. */
export interface AddressRange {
  /** Path of the setting, such as `regions.virginia.cluster.podCidr`. */
  readonly path: string;
  readonly cidr: string;
  readonly region: string;
  readonly use: 'pods' | 'services' | 'nodes';
}

interface Parsed extends AddressRange {
  readonly family: number;
  /** First and last address in hexadecimal, so that order of text is order of addresses. */
  readonly first: string;
  readonly last: string;
}

/** The ranges of a cluster that are given. */
export const readAddresses = (cluster: Reader, region: string): readonly AddressRange[] =>
  (
    [
      ['podCidr', 'pods'],
      ['serviceCidr', 'services'],
      ['nodeCidr', 'nodes'],
    ] as const
  ).flatMap(([key, use]) => {
    const cidr = cluster.text(key);
    return cidr === undefined ? [] : [{ path: cluster.at(key), cidr, region, use }];
  });

const ALLOWED = 'a range of addresses such as 10.20.0.0/16';
/** Ranges that no cluster can hand out (RFC 6890), as ipaddr.js names them. */
const UNUSABLE = ['unspecified', 'broadcast', 'multicast', 'linkLocal', 'loopback', 'reserved'];

/** The library for addresses, read when the first range is checked: most topologies give none. */
const library = (): typeof ipaddr => require('ipaddr.js');

const hex = (address: ipaddr.IPv4 | ipaddr.IPv6): string =>
  address
    .toByteArray()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/** Checks each range by itself, and records every two that overlap where that does harm. */
export function checkAddresses(ranges: readonly AddressRange[], issues: Issues): void {
  const parsed = ranges
    .flatMap((range) => parse(range, issues))
    .sort((a, b) => a.family - b.family || order(a.first, b.first) || order(b.last, a.last));
  for (const [i, one] of parsed.entries()) {
    for (let j = i + 1; j < parsed.length; j++) {
      const other = parsed[j];
      if (other === undefined || other.family !== one.family || other.first > one.last) break;
      if (meet(one, other)) report(one, other, ranges, issues);
    }
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Addresses of Services never leave their own cluster: those of two clusters may be the same. */
const meet = (a: Parsed, b: Parsed): boolean => a.region === b.region || a.use !== 'services' || b.use !== 'services';

function report(a: Parsed, b: Parsed, ranges: readonly AddressRange[], issues: Issues): void {
  const rank = (range: Parsed): number => ranges.findIndex((given) => given.path === range.path);
  const [earlier, later] = rank(a) <= rank(b) ? [a, b] : [b, a];
  issues.error(
    later.path,
    earlier.region === later.region
      ? `overlaps the addresses of ${earlier.use} (${earlier.cidr})`
      : `overlaps the addresses of ${earlier.use} of ${earlier.region} (${earlier.cidr}), so the two can never be linked`,
    later.cidr,
    'ranges that do not overlap',
    earlier.region === later.region
      ? 'give one of them another range'
      : 'give one of them another range; regions that are never linked may leave theirs out',
  );
}

/** The range in a form that can be compared; nothing, and an issue, when it is not one. */
function parse(range: AddressRange, issues: Issues): Parsed[] {
  if (isDeferred(range.cidr)) return [];
  const [address, bits] = range.cidr.split('/');
  const { IPv4, IPv6 } = library();
  const kind = [IPv4, IPv6].find(
    (one) => one.isValidCIDR(range.cidr) && (one !== IPv4 || IPv4.isValidCIDRFourPartDecimal(range.cidr)),
  );
  if (kind === undefined || address === undefined || bits === undefined) {
    issues.error(range.path, 'is not a range of addresses', range.cidr, ALLOWED, `write ${ALLOWED}`);
    return [];
  }
  const network = kind.networkAddressFromCIDR(range.cidr);
  if (UNUSABLE.includes(network.range())) {
    issues.error(
      range.path,
      'is a range that no cluster can use',
      range.cidr,
      'a private range: within 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10 or fd00::/8',
      'choose a private range',
    );
    return [];
  }
  if (hex(network) !== hex(kind.parse(address))) {
    issues.error(
      range.path,
      'does not begin at its first address',
      range.cidr,
      'the first address of the range, then the length of its prefix',
      `write ${network.toString()}/${bits}, if that is the range you mean`,
    );
  }
  const last = kind.broadcastAddressFromCIDR(range.cidr);
  return [{ ...range, family: kind === IPv4 ? 4 : 6, first: hex(network), last: hex(last) }];
}
