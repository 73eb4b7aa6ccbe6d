import { type ComponentResource, log } from '@pulumi/pulumi';
import type { TopologyPlan } from '../plan/plan.js';
import type { Reader } from '../plan/reader.js';
import type { Inputs } from '../pulumi/inputs.js';
import type { CommonName, PublicHarbor } from './public-names.js';
import { checkInZone, checkIpv6, checkTarget, type DnsTarget, readTargeted, ZONE_NAME } from './public-targets.js';

/** Public names of a topology in a zone that exists, in a DNS service whose health checks read no text. */
export interface PublicRecordsProps {
  /** The zone's DNS name, such as `example.com`. */
  readonly zoneName: string;
  /**
   * Where Harbors answer, by their own names such as `virginia.registry.example.com`. Those of domains that are all left out are not
   * made, such as tenants' with a zone of their own.
   */
  readonly targets: Readonly<Record<string, DnsTarget>>;
}

/** The plan that they are made from. */
export interface PlannedNames {
  /** The topology as planned, such as `plan` of a `RegistryTopology`, with `dns`. */
  readonly plan: TopologyPlan;
}

/** A record to make: all answers of one type at one name. */
export interface PublicRecord {
  /** What tells it from others in names of resources. */
  readonly label: string;
  readonly name: string;
  /** The name within the zone; `@` is the zone itself. */
  readonly relative: string;
  readonly type: 'A' | 'AAAA' | 'CNAME';
  readonly values: readonly Inputs<string>[];
  readonly ttlSeconds: number;
}

/** Reads what decides about the records, and which names they are for. */
export const readPublicRecords =
  (plan: TopologyPlan, ...more: readonly string[]) =>
  (reader: Reader): readonly CommonName[] => {
    reader.only('zoneName', 'targets', ...more);
    const zone = reader.requiredText('zoneName', ZONE_NAME);
    const names = readTargeted(reader, plan);
    for (const common of names) {
      checkInZone(reader, 'zoneName', common.name, reader.has('zoneName') ? zone : undefined);
      checkIpv6(reader, common);
      for (const { hostname } of common.harbors) {
        const isApex = common.name === zone && common.harbors.length === 1;
        checkTarget(reader.child('targets').child(hostname), ['hostname', 'addresses'], isApex);
      }
    }
    return names;
  };

/**
 * The records of a topology: of each Harbor by its own name, and of a domain that leads to one Harbor. A domain that leads to several is
 * told of: without a check of Harbor's health it would lead to sick ones, too.
 */
export function publicRecords(
  component: ComponentResource,
  names: readonly CommonName[],
  { zoneName, targets }: Inputs<PublicRecordsProps>,
): readonly PublicRecord[] {
  const at = (label: string, name: string, { hostname, ttlSeconds }: PublicHarbor): readonly PublicRecord[] => {
    const relative = name === zoneName ? '@' : name.slice(0, -`.${zoneName}`.length);
    const common = { name, relative, ttlSeconds };
    return answersOf(targets[hostname] as Inputs<DnsTarget>).map(({ type, values }) => ({
      label: `${label}/${type}`,
      type,
      values,
      ...common,
    }));
  };
  return names.flatMap(({ name, harbors }) => {
    const [only] = harbors;
    const own = harbors.flatMap((harbor) => at(harbor.label, harbor.hostname, harbor));
    if (only !== undefined && harbors.length === 1) {
      return [...own, ...at(`${only.label}/domain`, name, only)];
    }
    const instead = 'DnsRecords of harbor-fleet/aws makes it, with checks of their health';
    void log.info(`${name}: is not made here, because it leads to several Harbors: ${instead}`, component);
    return own;
  });
}

function answersOf(target: Inputs<DnsTarget>): readonly Pick<PublicRecord, 'type' | 'values'>[] {
  if (target.type === 'hostname') return [{ type: 'CNAME', values: [target.hostname] }];
  const { ipv4, ipv6 } = target;
  return [{ type: 'A', values: ipv4 }, ...(ipv6 === undefined ? [] : [{ type: 'AAAA' as const, values: ipv6 }])];
}
