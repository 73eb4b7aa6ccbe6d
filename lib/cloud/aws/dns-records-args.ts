import { isDeferred } from '../../plan/deferred.js';
import { DNS_NAME, HOST, REGION_NAME } from '../../plan/names.js';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { type Tagged, VPC_ID } from './args.js';

/** A hosted zone that exists, also one of another account that the provider may write. */
export interface ExistingZone {
  readonly type: 'existing';
  readonly zoneId: string;
}

/** A public hosted zone that is made; whoever owns the domain above it must delegate to its name servers. */
export interface PublicZone {
  readonly type: 'public';
  /** @default - the domain of the records */
  readonly name?: string;
}

/** A private hosted zone that is made. */
export interface PrivateZone {
  readonly type: 'private';
  /** VPCs in which it answers. */
  readonly vpcIds: readonly string[];
  /** @default - the domain of the records */
  readonly name?: string;
}

/** The hosted zone that records are written to. */
export type DnsZone = ExistingZone | PublicZone | PrivateZone;

/** The hosted zone that records are written to: one of these factories. Each zone made costs by the month. */
export const DnsZone = {
  existing: (props: Inputs<Omit<ExistingZone, 'type'>>): Inputs<ExistingZone> => ({ type: 'existing', ...props }),
  public: (props: Inputs<Omit<PublicZone, 'type'>> = {}): Inputs<PublicZone> => ({ type: 'public', ...props }),
  private: (props: Inputs<Omit<PrivateZone, 'type'>>): Inputs<PrivateZone> => ({ type: 'private', ...props }),
} as const;

/** Where a region's Harbor answers. */
export type DnsTarget =
  | { readonly type: 'networkLoadBalancer' | 'applicationLoadBalancer' | 'hostname'; readonly hostname: string }
  | { readonly type: 'addresses'; readonly ipv4: readonly string[]; readonly ipv6?: readonly string[] };

/** Where a region's Harbor answers: one of these factories. */
export const DnsTarget = {
  /** Host name of a network load balancer of AWS, in `awsRegion`. An alias: queries cost nothing. */
  networkLoadBalancer: (hostname: Inputs<string>): Inputs<DnsTarget> => ({ type: 'networkLoadBalancer', hostname }),
  /** Host name of an application load balancer of AWS, in `awsRegion`. An alias: queries cost nothing. */
  applicationLoadBalancer: (hostname: Inputs<string>): Inputs<DnsTarget> => ({
    type: 'applicationLoadBalancer',
    hostname,
  }),
  /** Any other host name, by CNAME; not for a domain that is the zone itself. */
  hostname: (hostname: Inputs<string>): Inputs<DnsTarget> => ({ type: 'hostname', hostname }),
  /** Addresses; of IPv6 in all regions or in none. */
  addresses: (props: Inputs<{ ipv4: readonly string[]; ipv6?: readonly string[] }>): Inputs<DnsTarget> => ({
    type: 'addresses',
    ...props,
  }),
} as const;

/** How the domain itself is answered when several regions have it. */
export type DnsRouting = { readonly type: 'latency' } | { readonly type: 'failover'; readonly primary: string };

/**
 * How the domain itself is answered when several regions have it. Harbors are registries of their own: pushes, and pulls that log
 * in, are safest by a region's own name.
 */
export const DnsRouting = {
  /** The region with the least delay from the client, as AWS measures it. */
  latency: (): DnsRouting => ({ type: 'latency' }),
  /** One of two regions, and the other while it is unhealthy. */
  failover: (props: { readonly primary: string }): DnsRouting => ({ type: 'failover', ...props }),
} as const;

/** One region of the records. */
export interface DnsRegion {
  readonly target: DnsTarget;
  /** AWS region that it is in, or for other clouds the nearest one; needed for load balancers of AWS and for latency routing. */
  readonly awsRegion?: string;
}

/** Records of a topology in Route 53. */
export interface DnsRecordsProps extends Tagged {
  /** The topology's domain, such as `registry.example.com`. */
  readonly domain: string;
  readonly zone: DnsZone;
  /** The regions by name. Each answers at `<region>.<domain>`, and together they answer at `<domain>`. */
  readonly regions: Readonly<Record<string, DnsRegion>>;
  /** Needed with several regions. @default - the one region */
  readonly routing?: DnsRouting;
  /**
   * Route 53 asks each region's Harbor every 30 s whether it is healthy, from the internet, and answers without it after three
   * failures; costs a check for each region. Harbor's health is in its answer's text, since its status is always 200.
   * @default - true with several regions in a public zone
   */
  readonly healthChecks?: boolean;
  /** Seconds for which resolvers remember an answer; aliases have the 60 s of load balancers. @default 60 */
  readonly ttl?: number;
}

/** As {@link DnsRecordsProps}, with an Output wherever free text goes. */
export type DnsRecordsArgs = Inputs<DnsRecordsProps>;

const ZONE_ID = { pattern: /^[A-Z0-9]+$/, allowed: 'the identifier of a hosted zone, such as Z0123456789ABCDEFGHIJ' };
const AWS_REGION = { pattern: /^[a-z]{2}(-[a-z]+)+-\d$/, allowed: 'an AWS region such as us-east-1' };
const TARGETS = ['networkLoadBalancer', 'applicationLoadBalancer', 'hostname', 'addresses'] as const;

/** Reads what decides about the records. */
export function readDnsRecords(reader: Reader) {
  reader.only('domain', 'zone', 'regions', 'routing', 'healthChecks', 'ttl', 'tags');
  const domain = reader.requiredText('domain', DNS_NAME);
  reader.textMap('tags');
  const regions = reader.entries('regions');
  if (regions.length === 0) reader.missing('regions', 'at least one region with its target');
  const zone = readZone(reader, domain);
  const routing = readRouting(
    reader,
    regions.map(([name]) => name),
    zone.type,
  );
  for (const [name, region] of regions) {
    if (!REGION_NAME.pattern.test(name)) {
      reader.issues.error(region.path, 'is not valid', name, REGION_NAME.allowed, `write ${REGION_NAME.allowed}`);
    }
    checkRegion(region, routing, zone.isApex);
  }
  checkIpv6(reader, regions);
  const healthChecks = reader.flag('healthChecks') ?? (regions.length > 1 && zone.type !== 'private');
  if (zone.type === 'private' && healthChecks) {
    reader.issues.error(
      reader.at('healthChecks'),
      'cannot see a private zone: Route 53 asks from the internet',
      true,
      'false with DnsZone.private(…)',
      'remove it',
    );
  }
  return { healthChecks, ttl: reader.count('ttl', 0, 172_800) ?? 60 };
}

function readZone(reader: Reader, domain: string): { type: DnsZone['type'] | undefined; isApex: boolean } {
  const zone = reader.child('zone');
  if (!zone.has('type')) zone.missing('type', 'existing, public or private');
  const type = zone.choice('type', ['existing', 'public', 'private'] as const);
  if (type === 'existing') {
    zone.only('type', 'zoneId').requiredText('zoneId', ZONE_ID);
    return { type, isApex: false };
  }
  zone.only('type', 'name', ...(type === 'private' ? ['vpcIds'] : []));
  if (type === 'private' && (zone.texts('vpcIds', VPC_ID) ?? []).length === 0) {
    zone.missing('vpcIds', 'at least one VPC in which the zone answers');
  }
  const name = zone.text('name', DNS_NAME) ?? domain;
  if (!isDeferred([name, domain]) && name !== domain && !domain.endsWith(`.${name}`)) {
    zone.issues.error(
      zone.at('name'),
      'does not hold the domain',
      name,
      `${domain}, or a domain above it`,
      'remove it',
    );
  }
  return { type, isApex: name === domain };
}

function readRouting(
  reader: Reader,
  regions: readonly string[],
  zone: DnsZone['type'] | undefined,
): DnsRouting['type'] | undefined {
  const routing = reader.child('routing');
  if (!reader.has('routing')) {
    if (regions.length > 1)
      reader.missing('routing', 'DnsRouting.latency() or DnsRouting.failover(…) for several regions');
    return undefined;
  }
  if (!routing.has('type')) routing.missing('type', 'latency or failover');
  const type = routing.choice('type', ['latency', 'failover'] as const);
  if (type !== 'failover') {
    routing.only('type');
    return type;
  }
  const primary = routing.only('type', 'primary').choice('primary', regions);
  if (!routing.has('primary')) routing.missing('primary', `one of ${regions.join(', ')}`);
  if (regions.length !== 2 && (primary !== undefined || regions.length > 0)) {
    routing.issues.error(
      routing.path,
      `is between two regions, but there are ${regions.length}`,
      regions,
      'two regions with failover; any number with latency',
      'use DnsRouting.latency()',
    );
  }
  if (zone === 'private') {
    routing.issues.error(
      routing.path,
      'needs health checks, which cannot see a private zone',
      'failover',
      'latency in a private zone',
      'use DnsRouting.latency()',
    );
  }
  return type;
}

function checkRegion(region: Reader, routing: DnsRouting['type'] | undefined, isApex: boolean): void {
  region.only('target', 'awsRegion').text('awsRegion', AWS_REGION);
  const target = region.child('target');
  if (!target.has('type')) target.missing('type', TARGETS.join(', '));
  const type = target.choice('type', TARGETS);
  if (type === 'addresses') {
    target.only('type', 'ipv4', 'ipv6');
    const ipv4 = target.texts('ipv4', { pattern: /^\d{1,3}(\.\d{1,3}){3}$/, allowed: 'an IPv4 address' }) ?? [];
    target.texts('ipv6', { pattern: /^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/, allowed: 'an IPv6 address' });
    if (ipv4.length === 0) target.missing('ipv4', 'at least one address');
  } else if (type !== undefined) {
    target.only('type', 'hostname').requiredText('hostname', HOST);
  }
  if (type === 'hostname' && isApex) {
    target.issues.error(
      target.at('type'),
      'cannot answer for a domain that is the zone itself: DNS allows no CNAME there',
      type,
      'networkLoadBalancer, applicationLoadBalancer or addresses; or a zone above the domain',
      'use DnsTarget.addresses(…), or name the zone above the domain',
    );
  }
  if (!region.has('awsRegion') && (routing === 'latency' || type?.endsWith('LoadBalancer') === true)) {
    region.missing('awsRegion', 'the AWS region that it is in, or the nearest one, such as us-east-1');
  }
}

function checkIpv6(reader: Reader, regions: readonly (readonly [string, Reader])[]): void {
  const without = regions.filter(([, region]) => !region.child('target').has('ipv6')).map(([name]) => name);
  if (without.length === 0 || without.length === regions.length) return;
  reader.issues.error(
    reader.at('regions'),
    `have IPv6 addresses, but not ${without.join(', ')}: whoever prefers IPv6 would never be led there`,
    regions.map(([name]) => name).filter((name) => !without.includes(name)),
    'IPv6 addresses in every region, or in none',
    'add or remove ipv6',
  );
}
