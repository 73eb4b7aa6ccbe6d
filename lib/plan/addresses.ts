import type ipaddr from 'ipaddr.js';
import { RANGE } from './address-rules.js';
import { isDeferred } from './deferred.js';
import type { Issues } from './issues.js';
import type { Reader } from './reader.js';

/** A range of addresses as the user wrote it, and what it is for. */
export interface AddressRange {
  /** Path of the setting, such as `regions.virginia.cluster.podCidr`. */
  readonly path: string;
  readonly cidr: string;
  readonly region: string;
  readonly use: 'pods' | 'services' | 'nodes' | 'site';
}

/** First and last address of a range. */
interface Span {
  readonly family: number;
  /** In hexadecimal, so that order of text is order of addresses. */
  readonly first: string;
  readonly last: string;
}

type Parsed = AddressRange & Span;

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
/** What no range may hold: this host, loopback, link-local with the inside addresses of tunnels, and all from multicast on. */
const NEVER = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'];
/** Ranges that no cluster can hand out (RFC 6890), as ipaddr.js names them. */
const UNUSABLE = ['unspecified', 'broadcast', 'multicast', 'linkLocal', 'loopback', 'reserved'];

/** The library for addresses, read when the first range is checked: most topologies give none. */
const library = (): typeof ipaddr => require('ipaddr.js');

const hex = (address: ipaddr.IPv4 | ipaddr.IPv6): string =>
  address
    .toByteArray()
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');

/**
 * Checks each range by itself, and records every two that overlap where that does harm.
 *
 * @param linked whether the networks of two regions are linked, directly or over others
 */
export function checkAddresses(
  ranges: readonly AddressRange[],
  issues: Issues,
  linked: (a: string, b: string) => boolean = () => false,
): void {
  const parsed = ranges
    .flatMap((range) => parse(range, issues))
    .sort((a, b) => a.family - b.family || order(a.first, b.first) || order(b.last, a.last));
  for (const [i, one] of parsed.entries()) {
    for (let j = i + 1; j < parsed.length; j++) {
      const other = parsed[j];
      if (other === undefined || other.family !== one.family || other.first > one.last) break;
      if (meet(one, other, linked)) report(one, other, ranges, issues);
    }
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Addresses of Services never leave their own cluster: those of two clusters may be the same. A site holds its own nodes and
 * pods, and two sites may be the same while nothing links them.
 */
function meet(a: Parsed, b: Parsed, linked: (a: string, b: string) => boolean): boolean {
  const isSite = [a.use, b.use].includes('site');
  if (a.region !== b.region) return isSite ? linked(a.region, b.region) : a.use !== 'services' || b.use !== 'services';
  const [site, other] = a.use === 'site' ? [a, b] : [b, a];
  return !isSite || a.use === b.use || !inside(other, site);
}

function report(a: Parsed, b: Parsed, ranges: readonly AddressRange[], issues: Issues): void {
  const rank = (range: Parsed): number => ranges.findIndex((given) => given.path === range.path);
  const [earlier, later] = rank(a) <= rank(b) ? [a, b] : [b, a];
  const own = earlier.region === later.region;
  const isSite = [earlier.use, later.use].includes('site');
  const whose = earlier.use === 'site' ? 'the site' : earlier.use;
  const problem = own
    ? `overlaps the addresses of ${whose} (${earlier.cidr})`
    : `overlaps the addresses of ${whose} of ${earlier.region} (${earlier.cidr}), ${isSite ? 'which is linked' : 'so no link could have a route to both'}`;
  const another = 'give one of them another range';
  const holds = inside(earlier, later) || inside(later, earlier);
  const fixes = own
    ? isSite && earlier.use === later.use && holds
      ? 'remove the one that the other holds'
      : `${another}${isSite ? ', or one that holds the other' : ''}`
    : `${another}${isSite ? '; a link over NAT is none' : ', or leave out what no other region has a route to, such as pods behind the addresses of their nodes'}`;
  issues.error(later.path, problem, later.cidr, 'ranges that do not overlap', fixes);
}

const inside = (inner: Span, outer: Span): boolean =>
  inner.family === outer.family && inner.first >= outer.first && inner.last <= outer.last;

/** The library's class for a range as it is written; nothing when it is not one. */
function kindOf(cidr: string): typeof ipaddr.IPv4 | typeof ipaddr.IPv6 | undefined {
  const { IPv4, IPv6 } = library();
  return [IPv4, IPv6].find((one) => one.isValidCIDR(cidr) && (one !== IPv4 || IPv4.isValidCIDRFourPartDecimal(cidr)));
}

// Ranges of a hundred regions are compared with each other many times, and parsing is what takes the time.
const spans = new Map<string, Span | undefined>();
const MOST_SPANS = 10_000;

function spanOf(cidr: string): Span | undefined {
  if (isDeferred(cidr)) return undefined;
  if (!spans.has(cidr)) {
    if (spans.size >= MOST_SPANS) spans.clear();
    spans.set(cidr, parsedSpan(cidr));
  }
  return spans.get(cidr);
}

function parsedSpan(cidr: string): Span | undefined {
  const kind = kindOf(cidr);
  if (kind === undefined) return undefined;
  const family = kind === library().IPv4 ? 4 : 6;
  return { family, first: hex(kind.networkAddressFromCIDR(cidr)), last: hex(kind.broadcastAddressFromCIDR(cidr)) };
}

/** Whether a range is within another; also when that cannot be known yet, or one of them is no range. */
export function isWithin(cidr: string, outer: string): boolean {
  const [a, b] = [spanOf(cidr), spanOf(outer)];
  return a === undefined || b === undefined || inside(a, b);
}

/** Whether two ranges have an address in common; not when that cannot be known yet, or one of them is no range. */
export function overlaps(cidr: string, other: string): boolean {
  const [a, b] = [spanOf(cidr), spanOf(other)];
  return a !== undefined && b !== undefined && a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Ranges for documentation (RFC 5737), which examples and tests take for public ones. */
const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'];

/** Who can send to an IPv4 address: everybody, those in the same private network, or no other host. */
export type AddressReach = 'public' | 'private' | 'none';

/** Who can send to an IPv4 address; nothing when that cannot be known yet, or it is none. */
export function reachOfAddress(address: string): AddressReach | undefined {
  const { IPv4 } = library();
  if (!IPv4.isValidFourPartDecimal(address)) return undefined;
  const kind = IPv4.parse(address).range();
  if (kind === 'private' || kind === 'carrierGradeNat') return 'private';
  const isDocumentation = DOCUMENTATION.some((range) => isWithin(`${address}/32`, range));
  return UNUSABLE.includes(kind) && !isDocumentation ? 'none' : 'public';
}

/** The range in a form that can be compared; nothing, and an issue, when it is not one. */
function parse(range: AddressRange, issues: Issues): Parsed[] {
  if (isDeferred(range.cidr)) return [];
  const [address, bits] = range.cidr.split('/');
  const { IPv4 } = library();
  const kind = kindOf(range.cidr);
  if (kind === undefined || address === undefined || bits === undefined) {
    issues.error(range.path, 'is not a range of addresses', range.cidr, ALLOWED, `write ${ALLOWED}`);
    return [];
  }
  const network = kind.networkAddressFromCIDR(range.cidr);
  if (!RANGE.pattern.test(range.cidr)) {
    const fix = `write ${network.toString()}/${Number(bits)}`;
    issues.error(range.path, 'has zeros in front of a number', range.cidr, ALLOWED, fix);
    return [];
  }
  if (UNUSABLE.includes(network.range()) || NEVER.some((never) => overlaps(range.cidr, never))) {
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
