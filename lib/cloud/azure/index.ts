/**
 * What Azure supplies to a region, as Pulumi components.
 *
 * @packageDocumentation
 */
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
export { type LoadBalancerProps, loadBalancerAnnotations } from './load-balancer.js';
export { ManagedDatabase, type ManagedDatabaseArgs, type ManagedDatabaseProps } from './managed-database.js';
export { NasFileSystem, type NasFileSystemArgs, type NasFileSystemProps } from './nas-file-system.js';
export { azure } from './network.js';
export { ObjectContainer } from './object-container.js';
export type { ObjectContainerArgs, ObjectContainerProps } from './object-container-args.js';
export type { ServiceAccess } from './service-access.js';
