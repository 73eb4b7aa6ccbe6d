import { RunError } from '@pulumi/pulumi';

/**
 * A mistake of the user's that only shows when values are known. It has no stack trace: ours would tell the user nothing, and Node 20 and 22
 * never finish printing one that leads through Pulumi's own sources.
 */
export function lateMistake(message: string): RunError {
  const error = new RunError(message);
  error.stack = '';
  return error;
}
