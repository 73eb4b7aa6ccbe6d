/**
 * What Google Cloud supplies to a region, as Pulumi components.
 *
 * @packageDocumentation
 */

export type { PlannedNames, PublicRecordsProps } from '../public-records.js';
export { DnsTarget } from '../public-targets.js';
export type { Labelled } from './args.js';
export {
  BucketAccess,
  type ExistingSecretAccess,
  type KeysAccess,
  type NoAccess,
  type WorkloadIdentityAccess,
} from './bucket-access.js';
export {
  type ExistingGateway,
  type FirewallTargets,
  type GcpArgs,
  type GcpProps,
  type MadeGateway,
  VpnGateway,
} from './cloud-args.js';
export { DnsRecords, type DnsRecordsArgs, type DnsRecordsProps } from './dns-records.js';
export { type LoadBalancerProps, loadBalancerAnnotations } from './load-balancer.js';
export { ManagedCache, type ManagedCacheArgs, type ManagedCacheProps } from './managed-cache.js';
export { ManagedDatabase, type ManagedDatabaseArgs, type ManagedDatabaseProps } from './managed-database.js';
export { NasFileSystem, type NasFileSystemArgs, type NasFileSystemProps } from './nas-file-system.js';
export { gcp } from './network.js';
export { ObjectBucket, type ObjectBucketArgs, type ObjectBucketProps } from './object-bucket.js';
