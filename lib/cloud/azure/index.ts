/**
 * What Azure supplies to a region, as Pulumi components.
 *
 * @packageDocumentation
 */

export type { PlannedNames, PublicRecordsProps } from '../public-records.js';
export { DnsTarget } from '../public-targets.js';
export type { Tagged } from './args.js';
export {
  type AzureArgs,
  type AzureProps,
  type ExistingGateway,
  type ExistingResolver,
  type MadeGateway,
  type MadeResolver,
  PrivateResolver,
  VpnGateway,
} from './cloud-args.js';
export { DnsRecords, type DnsRecordsArgs, type DnsRecordsProps } from './dns-records.js';
export { type LoadBalancerProps, loadBalancerAnnotations } from './load-balancer.js';
export { ManagedCache, type ManagedCacheArgs, type ManagedCacheProps } from './managed-cache.js';
export { ManagedDatabase, type ManagedDatabaseArgs, type ManagedDatabaseProps } from './managed-database.js';
export { NasFileSystem, type NasFileSystemArgs, type NasFileSystemProps } from './nas-file-system.js';
export { azure } from './network.js';
export { ObjectContainer } from './object-container.js';
export type { ObjectContainerArgs, ObjectContainerProps } from './object-container-args.js';
export type { PrivateEndpointProps, ServiceAccess } from './service-access.js';
