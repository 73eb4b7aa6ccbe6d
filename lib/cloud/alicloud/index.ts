/**
 * What Alibaba Cloud supplies to a region, as Pulumi components.
 *
 * @packageDocumentation
 */
export type { Tagged } from './args.js';
export { alicloud } from './network.js';
export type { AlicloudArgs, AlicloudProps, ExistingCen, ExistingVpnGateway, Vswitch } from './network-args.js';
