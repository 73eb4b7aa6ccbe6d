import { concat, type Output, output } from '@pulumi/pulumi';
import { lift, type Runtime } from '../plan/deferred.js';

/** How Pulumi combines late values: secrets stay secret, unknown values stay unknown, and dependencies are kept. */
export const runtime: Runtime<Output<unknown>> = {
  live: (value) => output(value),
  map: (value, fn) => (output(value) as Output<unknown>).apply(fn as (value: unknown) => unknown),
  concat: (parts) => concat(...parts),
};

/** A text that may hold late values, as an Output. */
export const asOutput = (text: string): Output<string> => output(lift(text, runtime)) as Output<string>;
