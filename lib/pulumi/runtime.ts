import { concat, type Output, output } from '@pulumi/pulumi';
import { lift, type Runtime } from '../plan/deferred.js';
import { PlanError } from '../plan/issues.js';
import { lateMistake } from './errors.js';

/** How Pulumi combines late values: secrets stay secret, unknown values stay unknown, and dependencies are kept. */
export const runtime: Runtime<Output<unknown>> = {
  live: (value) => output(value),
  map: (value, fn) => (output(value) as Output<unknown>).apply((known) => told(() => fn(known as never))),
  concat: (parts) => concat(...parts),
};

/** Tells a mistake that only shows in a late value like every other. */
function told<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    throw error instanceof PlanError ? lateMistake(error.message) : error;
  }
}

/** A text that may hold late values, as an Output. */
export const asOutput = (text: string): Output<string> => output(lift(text, runtime)) as Output<string>;
