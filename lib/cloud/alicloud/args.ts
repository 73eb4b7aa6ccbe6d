import { checkText, type Reader, type TextRule } from '../../plan/reader.js';
import { readClientCidrs } from '../client-cidrs.js';

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

/** https://www.alibabacloud.com/help/en/dns/api-pvtz-2018-01-01-describezoneinfo; of older zones such as AgIDE1MA_149. */
export const PRIVATE_ZONE_ID: TextRule = {
  pattern: /^[\w-]+$/,
  allowed: 'the identifier of a private zone, such as df2d03865266bd9842306db586d3a1b2',
};

export const ZONE_ID: TextRule = {
  pattern: /^[a-z]{2}-[-a-z0-9]+$/,
  allowed: 'a zone such as cn-hangzhou-h or ap-southeast-1a',
};

/** As OSS takes it; what is not an id would give rights on other keys. */
export const KMS_KEY_ID: TextRule = {
  pattern: /^[0-9A-Za-z-]+$/,
  allowed: "a key's id such as key-hzz1a2b3c4d5e, neither its ARN nor an alias",
};

/** Tags of everything a component makes. */
export interface Tagged {
  /** Tags of all resources made that take any. @default - none */
  readonly tags?: Readonly<Record<string, string>>;
}

export const REGION_ID: TextRule = {
  pattern: /^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$/,
  allowed: "Alibaba Cloud's own name of a region, such as cn-hangzhou",
};

/** Where in a VPC a service answers, and whom. */
export interface ClientAccess {
  /** The VPC. A database is bound to it: another means a new, empty one. A file system gets a new mount target. */
  readonly vpcId: string;
  /** The vSwitch that it has an address in. A cache moves to another, a file system gets a new mount target; for a database it means a new, empty one. */
  readonly vswitchId: string;
  /** Zone of that vSwitch. A cache moves to another; for a database or a file system another zone means a new, empty one. */
  readonly zoneId: string;
  /** Address ranges of the clients, such as the vSwitches of the nodes; with Terway those of the pods. Each is written with its first address; never everyone. */
  readonly clientCidrs: readonly string[];
}

export const CLIENT_ACCESS = ['vpcId', 'vswitchId', 'zoneId', 'clientCidrs'] as const;

/** Reads where a service answers and whom. */
export function readClientAccess(reader: Reader): void {
  reader.requiredText('vpcId', VPC_ID);
  reader.requiredText('vswitchId', VSWITCH_ID);
  reader.requiredText('zoneId', ZONE_ID);
  readClientCidrs(reader, true);
}

/** Records a component's name that Alibaba Cloud does not take for an instance. */
export function checkInstanceName(reader: Reader, name: string): void {
  const allowed = 'a name of 2 to 64 letters, digits, "-" and "_", beginning with a letter';
  checkText(name, { pattern: /^[A-Za-z][\w-]+$/, allowed, maxLength: 64 }, reader.path, reader.issues);
}
