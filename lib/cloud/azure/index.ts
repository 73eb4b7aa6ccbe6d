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
export { azure } from './network.js';
