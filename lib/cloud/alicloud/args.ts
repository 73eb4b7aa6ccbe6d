import { checkText, type Reader, type TextRule } from '../../plan/reader.js';

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

export const REGION_ID: TextRule = {
  pattern: /^[a-z]{2}-[a-z]+(-[a-z0-9]+)*$/,
  allowed: "Alibaba Cloud's own name of a region, such as cn-hangzhou",
};

/** Where in a VPC a service answers, and whom. */
export interface ClientAccess {
  readonly vpcId: string;
  /** The vSwitch that it has an address in. */
  readonly vswitchId: string;
  /** Zone of that vSwitch. */
  readonly zoneId: string;
  /** Address ranges of the clients, such as the vSwitches of the nodes; with Terway those of the pods. */
  readonly clientCidrs: readonly string[];
}

export const CLIENT_ACCESS = ['vpcId', 'vswitchId', 'zoneId', 'clientCidrs'] as const;

/** Reads where a service answers and whom. */
export function readClientAccess(reader: Reader): void {
  reader.requiredText('vpcId', VPC_ID);
  reader.requiredText('vswitchId', VSWITCH_ID);
  reader.requiredText('zoneId', ZONE_ID);
  const allowed = 'ranges such as 10.1.0.0/16, at least one';
  if (!reader.has('clientCidrs')) reader.missing('clientCidrs', allowed);
  const cidrs = reader.texts('clientCidrs', { pattern: /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, allowed }) ?? [];
  if (cidrs.length === 0 && reader.has('clientCidrs')) {
    reader.issues.error(reader.at('clientCidrs'), 'names nobody', cidrs, allowed, 'name the ranges of the nodes');
  }
  for (const [i, cidr] of cidrs.entries()) {
    if (cidr !== '0.0.0.0/0') continue;
    reader.issues.error(
      reader.at(`clientCidrs[${i}]`),
      'lets everyone in',
      cidr,
      allowed,
      'name the ranges of the nodes',
    );
  }
}

/** A standby in another zone of the VPC. */
export interface Standby {
  /** Zone of the standby, which takes over when the first fails. @default - in the same zone, which survives a server, not a zone */
  readonly standbyZoneId?: string;
}

/** Records a component's name that Alibaba Cloud does not take for an instance. */
export function checkInstanceName(reader: Reader, name: string): void {
  const allowed = 'a name of 2 to 64 letters, digits, "-" and "_", beginning with a letter';
  checkText(name, { pattern: /^[A-Za-z][\w-]+$/, allowed, maxLength: 64 }, reader.path, reader.issues);
}
