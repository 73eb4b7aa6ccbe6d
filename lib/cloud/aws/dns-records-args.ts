import { isDeferred } from '../../plan/deferred.js';
import type { TopologyPlan } from '../../plan/plan.js';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import type { CommonName } from '../public-names.js';
import {
  checkInZone,
  checkIpv6,
  checkTarget,
  DnsTarget as PublicTarget,
  readTargeted,
  ZONE_NAME,
} from '../public-targets.js';
import { type Tagged, VPC_ID } from './args.js';

/** A hosted zone that exists, also one of another account that the provider may write. */
export interface ExistingZone {
  readonly type: 'existing';
  readonly zoneId: string;
  /** Its name, where that is the topology's domain itself: DNS allows no CNAME there. @default - a domain above */
  readonly name?: string;
}

/** A public hosted zone that is made; whoever owns the domain above it must delegate to its name servers. */
export interface PublicZone {
  readonly type: 'public';
  /** @default - the topology's domain */
  readonly name?: string;
}

/** A private hosted zone that is made. */
export interface PrivateZone {
  readonly type: 'private';
  /** VPCs in which it answers. */
  readonly vpcIds: readonly string[];
  /** @default - the topology's domain */
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

/** Where a Harbor answers. */
export type DnsTarget = PublicTarget | { readonly type: 'loadBalancer'; readonly hostname: string };

/** Where a Harbor answers: one of these factories. */
export const DnsTarget = {
  ...PublicTarget,
  /** Host name of a load balancer of AWS, as AWS gave it. An alias, which AWS answers for 60 s. */
  loadBalancer: (hostname: Inputs<string>): Inputs<DnsTarget> => ({ type: 'loadBalancer', hostname }),
} as const;

/** Public names of a topology in Route 53. */
export interface DnsRecordsProps extends Tagged {
  readonly zone: DnsZone;
  /**
   * Where Harbors answer, by their own names such as `virginia.registry.example.com`. Common names whose Harbors are all left out
   * are not made, such as those of tenants with a zone of their own.
   */
  readonly targets: Readonly<Record<string, DnsTarget>>;
  /**
   * Route 53 asks each Harbor among several whether it is healthy, from the internet, as the plan's `dns` says, and answers without it
   * while it is not; costs a check for each, more with `checkInterval: '10s'`. @default - true but in a private zone
   */
  readonly healthChecks?: boolean;
}

/** As {@link DnsRecordsProps}, with an Output wherever free text goes, and the plan. */
export type DnsRecordsArgs = Inputs<DnsRecordsProps> & {
  /** The topology as planned, such as `plan` of a `RegistryTopology`: its `dns` decides about names, order, health checks and TTLs. */
  readonly plan: TopologyPlan;
};

/** A common name as it is written. */
export interface WrittenName extends CommonName {
  /** Whether it is the zone itself, where DNS allows no CNAME. */
  readonly isApex: boolean;
}

const ZONE_ID = { pattern: /^[A-Z0-9]+$/, allowed: 'the identifier of a hosted zone, such as Z0123456789ABCDEFGHIJ' };
const AWS_REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;
const TARGETS = ['loadBalancer', 'hostname', 'addresses'] as const;

/** Reads what decides about the records. */
export const readDnsRecords =
  (plan: TopologyPlan) =>
  (reader: Reader): { readonly healthChecks: boolean; readonly names: readonly WrittenName[] } => {
    reader.only('zone', 'targets', 'healthChecks', 'tags').textMap('tags');
    const zone = readZone(reader, plan.domain);
    const names = readTargeted(reader, plan).map((common) => ({ ...common, isApex: zone.name === common.name }));
    for (const common of names) {
      checkInZone(reader, 'zone.name', common.name, zone.name);
      checkIpv6(reader, common);
      for (const harbor of common.harbors) {
        checkTarget(reader.child('targets').child(harbor.hostname), TARGETS, common.isApex);
        if (harbor.routing?.policy === 'latency') checkPlace(reader, harbor.region, harbor.routing.place);
      }
    }
    const healthChecks = reader.flag('healthChecks') ?? zone.type !== 'private';
    if (zone.type === 'private') checkPrivate(reader, healthChecks, names);
    return { healthChecks, names };
  };

function readZone(reader: Reader, domain: string): { type?: DnsZone['type']; name?: string } {
  const zone = reader.child('zone');
  if (!zone.has('type')) zone.missing('type', 'existing, public or private');
  const type = zone.choice('type', ['existing', 'public', 'private'] as const);
  zone.only('type', 'name', ...(type === 'private' ? ['vpcIds'] : []), ...(type === 'existing' ? ['zoneId'] : []));
  if (type === 'existing') zone.requiredText('zoneId', ZONE_ID);
  if (type === 'private' && (zone.texts('vpcIds', VPC_ID) ?? []).length === 0) {
    zone.missing('vpcIds', 'at least one VPC in which the zone answers');
  }
  return { type, name: zone.text('name', ZONE_NAME) ?? (type === 'existing' ? undefined : domain) };
}

/** Route 53 measures delays from its own regions only. */
function checkPlace(reader: Reader, region: string, place: string): void {
  if (isDeferred(place) || AWS_REGION.test(place)) return;
  const fix = `add dns: { places: { ${region}: 'eu-central-1' } } to the topology, with the nearest region of AWS`;
  const allowed = 'a region of AWS such as us-east-1';
  reader.issues.error(reader.at('plan'), `has ${region} at a place that Route 53 does not know`, place, allowed, fix);
}

function checkPrivate(reader: Reader, healthChecks: boolean, names: readonly CommonName[]): void {
  const several = names.flatMap(({ harbors }) => harbors);
  if (healthChecks) {
    const problem = 'cannot see a private zone: Route 53 asks from the internet';
    reader.issues.error(reader.at('healthChecks'), problem, true, 'false with DnsZone.private(…)', 'remove it');
  }
  if (several.some(({ routing }) => routing?.policy === 'failover')) {
    const problem = 'fails over by health checks, which cannot see a private zone';
    const fix = 'make the names in a public zone, or choose routing: latency';
    reader.issues.error(reader.at('plan'), problem, 'failover', 'latency in a private zone', fix);
  }
}
