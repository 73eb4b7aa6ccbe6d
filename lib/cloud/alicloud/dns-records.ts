import { AlidnsRecord } from '@pulumi/alicloud/dns';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { Inputs } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { type PlannedNames, type PublicRecordsProps, publicRecords, readPublicRecords } from '../public-records.js';

/** Public names of a topology in a domain of Alibaba Cloud DNS. */
export interface DnsRecordsProps extends PublicRecordsProps {
  /** Seconds for which resolvers keep an answer. The free edition takes 600 or more, others 120, 60, 10 or 1. @default - the plan's `dns.ttl` */
  readonly ttl?: number;
}

/** As {@link DnsRecordsProps}, with an Output wherever free text goes, and the plan. */
export type DnsRecordsArgs = Inputs<DnsRecordsProps> & PlannedNames;

/**
 * The public names of Harbors in Alibaba Cloud DNS: `<region>.<domain>` for each region, and `<domain>` where it leads to one. Where it
 * leads to several, `DnsRecords` of `harbor-fleet/aws` makes it: Global Traffic Manager asks for a status alone, and Harbor's is 200 even
 * when it is sick.
 */
export class DnsRecords extends ComponentResource {
  constructor(name: string, { plan, ...args }: DnsRecordsArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:alicloud:DnsRecords', name, {}, opts);
    const { names, ttl } = readArgs('alicloud', this, name, args, (reader) => ({
      names: readPublicRecords(plan, 'ttl')(reader),
      ttl: reader.count('ttl', 1, 86_400),
    }));
    for (const { label, relative, type, values, ttlSeconds } of publicRecords(this, names, args)) {
      for (const [i, value] of values.entries()) {
        new AlidnsRecord(
          `${name}-${label}${i === 0 ? '' : `-${i + 1}`}`,
          { domainName: args.zoneName, rr: relative, type, value, ttl: ttl ?? ttlSeconds },
          { parent: this },
        );
      }
    }
    this.registerOutputs();
  }
}
