import type { TextRule } from '../../plan/reader.js';

const id = (prefix: string): TextRule => ({
  pattern: new RegExp(`^${prefix}-[0-9a-z]+$`),
  allowed: `an identifier such as ${prefix}-bp1a2b3c4d5e6f`,
});
export const VPC_ID = id('vpc');
export const VSWITCH_ID = id('vsw');
export const SECURITY_GROUP_ID = id('sg');
export const ROUTE_TABLE_ID = id('vtb');
export const VPN_GATEWAY_ID = id('vpn');
export const CEN_ID = id('cen');
export const TRANSIT_ROUTER_ID = id('tr');
export const ATTACHMENT_ID = id('tr-attach');

export const ZONE_ID: TextRule = {
  pattern: /^[a-z]{2}-[-a-z0-9]+$/,
  allowed: 'a zone such as cn-hangzhou-h or ap-southeast-1a',
};

/** Tags of everything a component makes. */
export interface Tagged {
  /** Tags of all resources made that take any. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}
