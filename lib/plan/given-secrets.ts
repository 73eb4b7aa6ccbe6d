import { HIDDEN } from './issues.js';
import { OBJECT_NAME } from './names.js';
import type { Reader, TextRule } from './reader.js';
import { given, type SecretPlan } from './secrets.js';

/** A password's key in a Secret of the installation's namespace. */
export interface PasswordRef {
  readonly secret: string;
  readonly key: string;
  /** The password itself, when it was given: known only when deployed. */
  readonly given?: string;
}

/** The two ways to hand over one secret. */
interface SecretSettings {
  /** Setting that takes the value itself, such as `password`. */
  readonly value: string;
  /** Setting that takes the name of a Secret that holds it, such as `passwordSecret`. */
  readonly secret: string;
  /** Key of that Secret. */
  readonly key: string;
  /** Name of the Secret that is planned for a value. */
  readonly planned: string;
  /** Whether one of the two must be there. */
  readonly required: boolean;
  /** What the value must look like. */
  readonly rule?: TextRule;
}

/** Reads one secret: a value known late, for which a Secret is planned, or the name of a Secret that exists. */
export function readSecret(
  reader: Reader,
  { value, secret, key, planned, required, rule }: SecretSettings,
): { readonly secret?: string; readonly given?: string } {
  const { issues } = reader;
  const existing = reader.text(secret, OBJECT_NAME);
  if (reader.has(value) && reader.has(secret)) {
    issues.error(reader.at(value), 'is given twice', HIDDEN, `${value} or ${secret}`, 'remove one');
    return { secret: existing };
  }
  if (required && !reader.has(value) && !reader.has(secret)) {
    const allowed = `the name of a Secret with the key ${key}, or ${value} as a value known only when deployed (a Pulumi Output)`;
    issues.error(reader.at(secret), 'is missing', undefined, allowed, `add "${secret}" or "${value}"`);
  }
  const fix = `put it in a Secret under the key ${key}, and the name of that Secret in ${secret}`;
  const text = reader.secretText(value, fix, rule);
  return text === undefined ? { secret: existing } : { secret: planned, given: text };
}

/** The Secret of a password: made of the one given, made anew for a service of our own, or the user's. */
export const passwordSecret = (
  password: PasswordRef,
  plan: Pick<SecretPlan, 'namespace' | 'readers' | 'keep'> & { readonly ours: boolean },
): SecretPlan => ({
  namespace: plan.namespace,
  name: password.secret,
  objectKind: 'Secret',
  type: 'Opaque',
  keys: { [password.key]: password.given === undefined ? { kind: 'password', length: 24 } : given(password.given) },
  source: plan.ours || password.given !== undefined ? 'generated' : 'existing',
  keep: plan.keep,
  readers: plan.readers,
});
