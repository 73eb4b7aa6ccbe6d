import { isDeferred } from './deferred.js';
import { kept } from './keep.js';
import type { Reader } from './reader.js';

/** One key of a planned Secret. */
export interface SecretKeyRef {
  readonly namespace: string;
  readonly secret: string;
  readonly key: string;
}

/** How the value of one key is made by `harbor-fleet secrets` (or by Pulumi), once. */
export type SecretValue =
  /** Random letters and digits, with at least one capital, one small letter and one digit. */
  | { readonly kind: 'password'; readonly length: number }
  /** Such a password too, the same wherever a plan of the topology calls it by this name: also in other regions. */
  | { readonly kind: 'shared'; readonly name: string; readonly length: number }
  /** The same value as another planned key, which may be in another namespace. */
  | { readonly kind: 'copy'; readonly of: SecretKeyRef }
  /** A text that is not secret in itself, such as a user name or a certificate. */
  | { readonly kind: 'text'; readonly value: string }
  /** A secret that was given as a value known only when deployed (a Pulumi Output): `harbor-fleet secrets` cannot make it. */
  | { readonly kind: 'given'; readonly value: string }
  /** A bcrypt htpasswd line for a user, made from the password in another planned key. */
  | { readonly kind: 'htpasswd'; readonly username: string; readonly passwordOf: SecretKeyRef }
  /** An nginx line that adds HTTP basic authentication to what it proxies. */
  | { readonly kind: 'nginxBasicAuth'; readonly username: string; readonly passwordOf: SecretKeyRef }
  /** The JSON of `kubernetes.io/dockerconfigjson`: by which user the kubelet pulls from these hosts, and by which if that one is refused. */
  | {
      readonly kind: 'dockerConfig';
      readonly hosts: readonly string[];
      readonly username: string;
      readonly passwordOf: SecretKeyRef;
      readonly previous?: { readonly username: string; readonly passwordOf: SecretKeyRef };
    }
  /** A PEM RSA private key of its own (PKCS#1), such as the one that signs registry tokens. */
  | { readonly kind: 'rsaKey' }
  /** Such a key too, the same wherever a plan of the topology calls it by this name: also in other regions. */
  | { readonly kind: 'sharedRsaKey'; readonly name: string }
  /** A part of a certificate that the topology's private CA issues for these names. The parts of one Secret belong together. */
  | {
      readonly kind: 'certificate';
      readonly part: 'tls.crt' | 'tls.key' | 'ca.crt';
      readonly commonName: string;
      /** DNS names and IPv4 addresses of the certificate. */
      readonly names: readonly string[];
    }
  /** The certificate of the topology's private CA, for those who must trust it. */
  | { readonly kind: 'ca' };

/** A value that has a name, and is the same wherever a plan of the topology calls it so. */
export type SharedValue = Extract<SecretValue, { readonly kind: 'shared' | 'sharedRsaKey' }>;

/** Whether a value is one that regions share. */
export const isShared = (spec: SecretValue): spec is SharedValue =>
  spec.kind === 'shared' || spec.kind === 'sharedRsaKey';

/** A Secret (or, for a CA, a ConfigMap) that must exist before the manifests are applied. Planned, never synthesised. */
export interface SecretPlan {
  readonly namespace: string;
  readonly name: string;
  readonly objectKind: 'Secret' | 'ConfigMap';
  /** Kubernetes' type of a Secret, such as `Opaque` or `kubernetes.io/tls`. */
  readonly type: string;
  /** Every key and how its value is made; of an existing Secret the values say what the user must have put there. */
  readonly keys: Readonly<Record<string, SecretValue>>;
  /** `generated`: `harbor-fleet secrets` (or Pulumi) makes it. `existing`: the user's own, made by other means. */
  readonly source: 'generated' | 'existing';
  /**
   * Without it kept data is unreadable: Harbor's `secretKey`, by which credentials in its database are encrypted, and the password
   * that lies in the embedded database's volume. It stays when the rest is removed, as those do.
   */
  readonly keep: boolean;
  /** Which components read it, as `namespace/component`: these pods roll when its revision changes. */
  readonly readers: readonly string[];
}

/** By what name values are kept and reported. */
export const idOf = (secret: { readonly namespace: string; readonly name: string }): string =>
  `${secret.namespace}/${secret.name}`;

/** A secret as it was given. */
export const given = (value: string): SecretValue => ({ kind: 'given', value });

const LABELS = { 'app.kubernetes.io/part-of': 'harbor-fleet', 'app.kubernetes.io/managed-by': 'harbor-fleet' } as const;

/** Metadata of the object that is made of a plan, whoever makes it. */
export function secretMetadata({ namespace, name, keep }: SecretPlan) {
  const metadata = { name, namespace, labels: LABELS };
  return keep ? kept(metadata) : metadata;
}

/** Records the revision of a Secret that nobody reads: it rolls nothing, so its name is misspelt, or known too late. */
export function checkRevisions(
  reader: Reader,
  { kind, secretRevisions }: { readonly kind: string; readonly secretRevisions: Readonly<Record<string, string>> },
  secrets: readonly string[],
): void {
  for (const name of Object.keys(secretRevisions)) {
    if (secrets.includes(name)) continue;
    const path = reader.at(`secretRevisions.${name}`);
    const known = secrets.filter((secret) => !isDeferred(secret));
    const allowed = [...new Set(known)].sort().join(', ') || 'none: its pods read no Secret';
    if (known.length < secrets.length) {
      reader.issues.error(
        path,
        'may be the revision of a Secret whose name is known only when deployed: no pod would roll',
        name,
        allowed,
        'write the name of that Secret in the program, or remove its revision',
      );
    } else {
      reader.issues.warning(
        path,
        `is the revision of a Secret that no pod of this ${kind} reads`,
        name,
        allowed,
        'correct the name, or remove it',
      );
    }
  }
}
