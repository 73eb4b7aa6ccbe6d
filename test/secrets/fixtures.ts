import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { SecretPlan, SecretValue } from '../../lib/plan/secrets.js';
import type { FilledSecret, KnownValues } from '../../lib/secrets/objects.js';
import type { Source } from '../../lib/secrets/source.js';

const keys: KeyObject[] = [];

/** RSA keys take long to make, so that tests share a few. */
function pooledKey(index: number): KeyObject {
  const key = keys[index % 3] ?? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  keys[index % 3] = key;
  return key;
}

/** A source that gives the same values again from the same seed. */
export function fixedSource(seed = 1, now = new Date('2026-11-21T12:00:00Z')): Source {
  let state = seed;
  let made = 0;
  const integer = (below: number): number => {
    // mulberry32, good enough to be spread evenly in tests
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
  return {
    integer,
    bytes: (length) => Uint8Array.from({ length }, () => integer(256)),
    rsaKey: () => pooledKey(made++),
    now: () => now,
  };
}

/** A generated Secret in the namespace `harbor`, unless said otherwise. */
export function secretPlan(
  name: string,
  keys: Readonly<Record<string, SecretValue>>,
  more: Partial<SecretPlan> = {},
): SecretPlan {
  return {
    namespace: 'harbor',
    name,
    objectKind: 'Secret',
    type: 'Opaque',
    keys,
    source: 'generated',
    keep: false,
    readers: [],
    ...more,
  };
}

/** The parts of a certificate as a Secret's keys. */
export function certificateKeys(commonName: string, names: readonly string[]): Record<string, SecretValue> {
  const part = (of: 'tls.crt' | 'tls.key' | 'ca.crt'): SecretValue => ({
    kind: 'certificate',
    part: of,
    commonName,
    names,
  });
  return { 'tls.crt': part('tls.crt'), 'tls.key': part('tls.key'), 'ca.crt': part('ca.crt') };
}

/** Filled Secrets as if they had been read from a file. */
export const asKnown = (secrets: readonly FilledSecret[]): KnownValues =>
  new Map(secrets.map(({ plan, values }) => [`${plan.namespace}/${plan.name}`, values]));
