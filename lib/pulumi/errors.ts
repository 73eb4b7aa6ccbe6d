import { RunError } from '@pulumi/pulumi';

/**
 * A mistake of the user's that only shows when values are known, or a value that a cloud does not tell. It has no stack trace: ours would tell the user nothing, and Node 20 and 22
 * never finish printing one that leads through Pulumi's own sources.
 */
export function lateMistake(message: string): RunError {
  const error = new RunError(message);
  error.stack = '';
  return error;
}

/**
 * Makes something of late values. A plain Error is a mistake in them, and is told as one, with the path of the settings; any other is passed on,
 * because it is a fault of ours, or is told already.
 */
export function toldLate<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (error instanceof Error && error.constructor === Error) throw lateMistake(`${path}: ${error.message}`);
    throw error;
  }
}
