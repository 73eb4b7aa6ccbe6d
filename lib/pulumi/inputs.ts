import { type Input, isSecret, Output, output, type Resource } from '@pulumi/pulumi';
import { defer } from '../plan/deferred.js';
import type { Network } from '../plan/network/networks.js';
import { lateMistake } from './errors.js';

/** What is never free text; of a region's network nothing is, because tunnels, routes and firewall rules follow from all of it. */
export type FixedValue =
  | number
  | boolean
  | bigint
  | symbol
  | null
  | undefined
  | Resource
  | Network
  | ((...args: never[]) => unknown);

/** Settings whose text decides what is made, or by which names parts find each other. */
export type DecisiveSetting =
  | 'instance'
  | 'namespace'
  | 'nodeNamespace'
  | 'kubernetes'
  | 'containerd'
  | 'version'
  | 'home'
  | 'replicateTo';

/**
 * The same props, with an Output allowed wherever free text goes, at any depth. Choices, quantities, numbers, switches, versions,
 * namespaces, networks and names of regions stay plain: what is made depends on them, so a preview must know them.
 */
export type Inputs<T> = T extends string
  ? string extends T
    ? Input<T>
    : T
  : T extends FixedValue
    ? T
    : T extends readonly (infer Item)[]
      ? readonly Inputs<Item>[]
      : { readonly [Key in keyof T]: Key extends DecisiveSetting ? T[Key] : Inputs<T[Key]> };

// The same Output has the same marker wherever it stands, so that the plan sees what is equal.
const markers = new WeakMap<object, string>();

/** The marker of an Output or Promise; nothing for any other value. */
export function markerOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || (!Output.isInstance(value) && !(value instanceof Promise))) return undefined;
  const marker = markers.get(value) ?? defer(value);
  markers.set(value, marker);
  return marker;
}

/** Settings that take a secret, which then reaches the cluster in a Secret. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set([
  'password',
  'secretKey',
  'privateKey',
  'accessKeyId',
  'secretAccessKey',
  'accountKey',
  'serviceAccountKey',
  'accessKeySecret',
]);

/**
 * Props as constructs take them: every Output and Promise, at any depth, stands as a late value.
 *
 * @param path of the props; when it is given, a secret in a setting that ends up readable is an error that names the setting.
 *   @default - secrets may stand anywhere
 */
export function plain<T>(args: Inputs<T>, path?: string): T {
  return replace(args, path, false) as T;
}

function replace(value: unknown, path: string | undefined, mayBeSecret: boolean): unknown {
  const isLate = Output.isInstance(value) || value instanceof Promise;
  if (isLate) return markerOf(path === undefined || mayBeSecret ? value : readable(value, path));
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item, i) => replace(item, path && `${path}[${i}]`, false));
  // Resources and other objects with a life of their own are taken as they are.
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const below = path === '' ? key : path && `${path}.${key}`;
      return [key, replace(item, below, SECRET_SETTINGS.has(key))];
    }),
  );
}

const checked = new WeakMap<object, Output<unknown>>();

/** The same Output, which fails when it turns out to be secret. */
function readable(value: object, path: string): Output<unknown> {
  const known = checked.get(value);
  if (known !== undefined) return known;
  const made = output(isSecret(output(value))).apply((hidden) => {
    if (!hidden) return value;
    throw lateMistake(
      `${path}: is a secret, in a setting that everyone who may read the cluster's objects can read\n` +
        `    given:   a secret Output\n` +
        `    allowed: an Output that is not secret; secrets in ${[...SECRET_SETTINGS].join(', ')}\n` +
        `    fix:     if it is none, pass pulumi.unsecret(…); else put it into a Secret of your own and give its name`,
    );
  });
  checked.set(value, made);
  return made;
}

function isMap(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
