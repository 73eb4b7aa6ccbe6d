import { RecordSet } from '@pulumi/gcp/dns';
import { ComponentResource, type ComponentResourceOptions, output } from '@pulumi/pulumi';
import type { Inputs } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { type PlannedNames, type PublicRecordsProps, publicRecords, readPublicRecords } from '../public-records.js';

/** Public names of a topology in a public zone of Cloud DNS. */
export interface DnsRecordsProps extends PublicRecordsProps {
  /** Name of the managed zone, which exists. */
  readonly managedZone: string;
  /** Project of the zone. @default - the provider's */
  readonly project?: string;
}

/** As {@link DnsRecordsProps}, with an Output wherever free text goes, and the plan. */
export type DnsRecordsArgs = Inputs<DnsRecordsProps> & PlannedNames;

/**
 * The public names of Harbors in Cloud DNS: `<region>.<domain>` for each region, and `<domain>` where it leads to one. Where it leads to
 * several, `DnsRecords` of `harbor-fleet/aws` makes it: health checks of Cloud DNS take 30 s or more, and fail over to one other.
 */
export class DnsRecords extends ComponentResource {
  constructor(name: string, { plan, ...args }: DnsRecordsArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:gcp:DnsRecords', name, {}, opts);
    const names = readArgs('gcp', this, name, args, readPublicRecords(plan, 'managedZone', 'project'));
    const { managedZone, project } = args;
    for (const { label, name: full, type, values, ttlSeconds } of publicRecords(this, names, args)) {
      new RecordSet(
        `${name}-${label}`,
        {
          name: `${full}.`,
          managedZone,
          project,
          type,
          ttl: ttlSeconds,
          rrdatas: values.map((value) => output(value).apply((one) => (type === 'CNAME' ? absolute(one) : one))),
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

const absolute = (host: string): string => `${host.replace(/[.]$/, '')}.`;
