import { log, type Resource } from '@pulumi/pulumi';
import { formatIssue, Issues } from '../../plan/issues.js';
import { checkText, Reader, type TextRule } from '../../plan/reader.js';
import { plain } from '../../pulumi/inputs.js';

/**
 * Reads what decides about a component's resources: numbers, switches and choices, with defaults. Texts are only checked, as far
 * as they are known. Throws a `PlanError` with every mistake at once, each with the component's name in its path.
 */
export function readArgs<T>(
  component: Resource,
  name: string,
  args: object,
  read: (reader: Reader, name: string) => T,
): T {
  const issues = new Issues();
  const settings = read(new Reader(plain(args), `aws ${component.constructor.name} "${name}"`, issues), name);
  issues.throwIfAny();
  for (const warning of issues.warnings) log.warn(formatIssue(warning), component);
  return settings;
}

/** Records a component's name that AWS does not take for a server, of which it becomes a part. */
export function checkServerName(reader: Reader, name: string, maxLength: number): void {
  const rule = {
    pattern: /^[a-z](-?[a-z0-9])*$/,
    allowed: `a name of at most ${maxLength} lower-case letters, digits and single "-", beginning with a letter`,
    maxLength,
  };
  checkText(name, rule, reader.path, reader.issues);
}

const id = (prefix: string): TextRule => ({
  pattern: new RegExp(`^${prefix}-[0-9a-f]+$`),
  allowed: `an identifier such as ${prefix}-0123456789abcdef0`,
});
export const VPC_ID = id('vpc');
export const SUBNET_ID = id('subnet');
export const SECURITY_GROUP_ID = id('sg');
export const ROUTE_TABLE_ID = id('rtb');
export const FILE_SYSTEM_ID = id('fs');

export const ARN: TextRule = {
  pattern: /^arn:[a-z-]+:[a-z0-9-]+:[^:]*:[^:]*:.+$/,
  allowed: 'an ARN such as arn:aws:kms:us-east-1:111122223333:key/…',
};

/** Tags of everything a component makes. */
export interface Tagged {
  /** Tags of all resources made. @default - none but those of the provider's `defaultTags` */
  readonly tags?: Readonly<Record<string, string>>;
}
