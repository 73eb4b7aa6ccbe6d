/**
 * What AWS supplies to a region, as Pulumi components.
 *
 * @packageDocumentation
 */
export type { Tagged } from './args.js';
export {
  BucketAccess,
  type ExistingSecretAccess,
  type KeysAccess,
  type NoAccess,
  type NodeRoleAccess,
} from './bucket-access.js';
export type { ClientAccess } from './client-access.js';
export { DnsRecords } from './dns-records.js';
export {
  type DnsRecordsArgs,
  type DnsRecordsProps,
  DnsTarget,
  DnsZone,
  type ExistingZone,
  type PrivateZone,
  type PublicZone,
} from './dns-records-args.js';
export { type LoadBalancerProps, loadBalancerAnnotations } from './load-balancer.js';
export { ManagedCache, type ManagedCacheArgs, type ManagedCacheProps } from './managed-cache.js';
export { ManagedDatabase } from './managed-database.js';
export type { ManagedDatabaseArgs, ManagedDatabaseProps } from './managed-database-args.js';
export { NasFileSystem, type NasFileSystemArgs, type NasFileSystemProps } from './nas-file-system.js';
export { aws } from './network.js';
export type { AwsCloudArgs, AwsCloudProps, ExistingTransitGateway } from './network-args.js';
export { bottlerocketSettings, type NodeadmConfigProps, nodeadmConfig } from './node-config.js';
export { ObjectBucket } from './object-bucket.js';
export {
  BucketEncryption,
  type BucketReplication,
  type KmsEncryption,
  type ObjectBucketArgs,
  type ObjectBucketProps,
  type S3Encryption,
} from './object-bucket-args.js';
export {
  type AcmeDnsPolicyProps,
  acmeDnsPolicy,
  type EcrReplicationPolicyProps,
  ecrReplicationPolicy,
} from './pod-policies.js';
export {
  type EksPodIdentity,
  type Irsa,
  PodIdentity,
  PodRole,
  type PodRoleArgs,
  type PodRoleProps,
} from './pod-role.js';
