import { type Input, Output, type Resource } from '@pulumi/pulumi';
import { defer } from '../plan/deferred.js';

type Fixed = number | boolean | bigint | symbol | null | undefined | Resource | ((...args: never[]) => unknown);

/**
 * The same props, with an Output allowed wherever free text goes, at any depth. Choices, quantities, numbers and switches stay
 * plain: what is made depends on them, so a preview must know them.
 */
export type Inputs<T> = T extends string
  ? string extends T
    ? Input<T>
    : T
  : T extends Fixed
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Inputs<Item>[]
      : { readonly [Key in keyof T]: Inputs<T[Key]> };

// The same Output has the same marker wherever it stands, so that the plan sees what is equal.
const markers = new WeakMap<object, string>();

function markerOf(live: object): string {
  const known = markers.get(live);
  if (known !== undefined) return known;
  const marker = defer(live);
  markers.set(live, marker);
  return marker;
}

/** Props as constructs take them: every Output and Promise, at any depth, stands as a deferred value. */
export function plain<T>(args: Inputs<T>): T {
  return replace(args) as T;
}

function replace(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Output.isInstance(value) || value instanceof Promise) return markerOf(value);
  if (Array.isArray(value)) return value.map(replace);
  // Resources and other objects with a life of their own are taken as they are.
  if (Object.getPrototypeOf(Object.getPrototypeOf(value) ?? {}) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replace(item)]));
}
