/**
 * What Alibaba Cloud supplies to a region, as Pulumi components.
 *
 * @packageDocumentation
 */

export type { PlannedNames, PublicRecordsProps } from '../public-records.js';
export { DnsTarget } from '../public-targets.js';
export type { ClientAccess, Tagged } from './args.js';
export { DnsRecords, type DnsRecordsArgs, type DnsRecordsProps } from './dns-records.js';
export { type LoadBalancerProps, loadBalancerAnnotations } from './load-balancer.js';
export { ManagedCache, type ManagedCacheArgs, type ManagedCacheProps } from './managed-cache.js';
export { ManagedDatabase, type ManagedDatabaseArgs, type ManagedDatabaseProps } from './managed-database.js';
export { NasFileSystem, type NasFileSystemArgs, type NasFileSystemProps } from './nas-file-system.js';
export { alicloud } from './network.js';
export type { AlicloudArgs, AlicloudProps, ExistingCen, ExistingVpnGateway, Vswitch } from './network-args.js';
export { ObjectBucket, type ObjectBucketArgs, type ObjectBucketProps } from './object-bucket.js';
