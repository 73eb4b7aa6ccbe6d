import { RecordSet } from '@pulumi/azure-native/dns';
import { ComponentResource, type ComponentResourceOptions } from '@pulumi/pulumi';
import type { Inputs } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import {
  type PlannedNames,
  type PublicRecord,
  type PublicRecordsProps,
  publicRecords,
  readPublicRecords,
} from '../public-records.js';

/** Public names of a topology in a public zone of Azure DNS. */
export interface DnsRecordsProps extends PublicRecordsProps {
  /** Resource group of the zone, which exists. */
  readonly resourceGroupName: string;
}

/** As {@link DnsRecordsProps}, with an Output wherever free text goes, and the plan. */
export type DnsRecordsArgs = Inputs<DnsRecordsProps> & PlannedNames;

/**
 * The public names of Harbors in Azure DNS: `<region>.<domain>` for each region, and `<domain>` where it leads to one. Where it leads to
 * several, `DnsRecords` of `harbor-fleet/aws` makes it: Traffic Manager asks for a status alone, and Harbor's is 200 even when it is sick.
 */
export class DnsRecords extends ComponentResource {
  constructor(name: string, { plan, ...args }: DnsRecordsArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:azure:DnsRecords', name, {}, opts);
    const names = readArgs('azure', this, name, args, readPublicRecords(plan, 'resourceGroupName'));
    const { resourceGroupName, zoneName } = args;
    for (const record of publicRecords(this, names, args)) {
      const { label, relative, type, ttlSeconds } = record;
      const common = {
        resourceGroupName,
        zoneName,
        relativeRecordSetName: relative,
        recordType: type,
        ttl: ttlSeconds,
      };
      new RecordSet(`${name}-${label}`, { ...common, ...answersOf(record) }, { parent: this });
    }
    this.registerOutputs();
  }
}

function answersOf({ type, values }: PublicRecord) {
  if (type === 'CNAME') return { cnameRecord: { cname: values[0] } };
  if (type === 'A') return { aRecords: values.map((ipv4Address) => ({ ipv4Address })) };
  return { aaaaRecords: values.map((ipv6Address) => ({ ipv6Address })) };
}
