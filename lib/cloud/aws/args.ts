import { checkText, type Reader, type TextRule } from '../../plan/reader.js';

/** Records a component's name that AWS does not take for a server, of which it becomes a part. */
export function checkServerName(reader: Reader, name: string, maxLength: number): void {
  const rule = {
    pattern: /^[a-z](-?[a-z0-9])*$/,
    allowed: `a name of at most ${maxLength} lower-case letters, digits and single "-", beginning with a letter`,
    maxLength,
  };
  checkText(name, rule, reader.path, reader.issues);
}

/** The identifier of a resource, such as `vpc-…` for the prefix `vpc`. */
export const id = (prefix: string): TextRule => ({
  pattern: new RegExp(`^${prefix}-[0-9a-f]+$`),
  allowed: `an identifier such as ${prefix}-0123456789abcdef0`,
});
export const VPC_ID = id('vpc');
export const SUBNET_ID = id('subnet');
export const SECURITY_GROUP_ID = id('sg');
export const ROUTE_TABLE_ID = id('rtb');

export const ARN: TextRule = {
  pattern: /^arn:[a-z-]+:[a-z0-9-]+:[^:]*:[^:]*:.+$/,
  allowed: 'an ARN such as arn:aws:kms:us-east-1:111122223333:key/…',
};

/** Tags of everything a component makes. */
export interface Tagged {
  /** Tags of all resources made. @default - none but those of the provider's `defaultTags` */
  readonly tags?: Readonly<Record<string, string>>;
}
