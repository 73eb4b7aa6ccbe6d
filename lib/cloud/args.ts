import { log, type Resource } from '@pulumi/pulumi';
import { formatIssue, Issues } from '../plan/issues.js';
import { Reader } from '../plan/reader.js';
import { plain } from '../pulumi/inputs.js';

/**
 * Reads what decides about a component's resources: numbers, switches and choices, with defaults. Texts are only checked, as far
 * as they are known. Throws a `PlanError` with every mistake at once, each with the cloud's and the component's name in its path.
 */
export function readArgs<T>(
  cloud: string,
  component: Resource,
  name: string,
  args: object,
  read: (reader: Reader, name: string) => T,
): T {
  const about = `${cloud} ${component.constructor.name} "${name}"`;
  const issues = new Issues(`the settings of ${about}`);
  const settings = read(new Reader(plain(args), about, issues), name);
  issues.throwIfAny();
  for (const warning of issues.warnings) log.warn(formatIssue(warning), component);
  return settings;
}
