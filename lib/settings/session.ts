import type { SecretKeyRef } from '../plan/secrets.js';
import type { Api } from './api.js';
import { MANAGED } from './managed.js';
import { MissingSecret } from './reconcile.js';

/** Reads the value of a planned Secret: from files that are mounted, or from those of `harbor-fleet secrets`. */
export type SecretReader = (ref: SecretKeyRef) => string | undefined;

/** What all kinds share: the API, the secrets, and ids by name, which fill while kinds are read and made. */
export class Session {
  readonly registries = new Map<string, number>();
  readonly projects = new Map<string, number>();
  /** Ids of retention policies by project. */
  readonly retentions = new Map<string, number>();
  readonly preheatInstances = new Map<string, number>();
  /** What Harbor puts before the names of robots. */
  robotPrefix = '';

  constructor(
    readonly api: Api,
    private readonly secrets: SecretReader,
  ) {}

  /** @throws MissingSecret */
  secret(ref: SecretKeyRef): string {
    const value = this.secrets(ref);
    if (value === undefined || value === '') {
      throw new MissingSecret(
        `the key ${ref.key} of Secret ${ref.namespace}/${ref.secret} is missing: make it with harbor-fleet secrets`,
      );
    }
    return this.api.hide(value);
  }

  /** A sign of a secret that is there already; nothing without one, and a text that is equal to no other when its Secret lacks it. */
  fingerprint(ref: SecretKeyRef | undefined): string | undefined {
    if (ref === undefined) return undefined;
    const value = this.secrets(ref);
    return value === undefined || value === '' ? 'missing' : this.api.fingerprint(this.api.hide(value));
  }
}

/** The id that a kind found or made earlier. */
export function idOf(ids: ReadonlyMap<string, number>, name: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`nothing called ${name} was read or made before`);
  return id;
}

/** Whether a description carries our mark. */
export const isOurs = (description: string | undefined): boolean => description?.startsWith(MANAGED) ?? false;

/** The sign that stands in a description, after our mark. */
export const signIn = (description: string | undefined): string | undefined =>
  /\[([0-9a-f]{12})\]$/.exec(description ?? '')?.[1];

/** Our mark with the sign of a secret. */
export const marked = (sign: string | undefined): string => (sign === undefined ? MANAGED : `${MANAGED} [${sign}]`);
