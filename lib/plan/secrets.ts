import { isDeferred } from './deferred.js';
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
  /** A text that is not secret in itself, such as a user name. */
  | { readonly kind: 'text'; readonly value: string }
  /** A bcrypt htpasswd line for a user, made from the password in another planned key. */
  | { readonly kind: 'htpasswd'; readonly username: string; readonly passwordOf: SecretKeyRef }
  /** An nginx line that adds HTTP basic authentication to what it proxies. */
  | { readonly kind: 'nginxBasicAuth'; readonly username: string; readonly passwordOf: SecretKeyRef }
  /** The JSON of `kubernetes.io/dockerconfigjson`: by which user the kubelet pulls from these hosts. */
  | {
      readonly kind: 'dockerConfig';
      readonly hosts: readonly string[];
      readonly username: string;
      readonly passwordOf: SecretKeyRef;
    }
  /** A PEM RSA private key of its own (PKCS#1), such as the one that signs registry tokens. */
  | { readonly kind: 'rsaKey' }
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

/** A Secret (or, for a CA, a ConfigMap) that must exist before the manifests are applied. Planned, never synthesised. */
export interface SecretPlan {
  readonly namespace: string;
  readonly name: string;
  readonly objectKind: 'Secret' | 'ConfigMap';
  /** Kubernetes' type of a Secret, such as `Opaque` or `kubernetes.io/tls`. */
  readonly type: string;
  /** Every key and how its value is made; of an existing Secret the values say what the user must have put there. */
  readonly keys: Readonly<Record<string, SecretValue>>;
  /** `generated`: `harbor-fleet secrets` makes it. `existing`: the user's own, made by other means. */
  readonly source: 'generated' | 'existing';
  /** Which components read it, as `namespace/component`: these pods roll when its revision changes. */
  readonly readers: readonly string[];
}

/** Records the revision of a Secret that nobody reads: it rolls nothing, so its name is misspelt. */
export function checkRevisions(
  reader: Reader,
  { kind, secretRevisions }: { readonly kind: string; readonly secretRevisions: Readonly<Record<string, string>> },
  secrets: readonly string[],
): void {
  for (const name of Object.keys(secretRevisions)) {
    if (secrets.includes(name) || isDeferred(secrets)) continue;
    reader.issues.warning(
      reader.at(`secretRevisions.${name}`),
      `is the revision of a Secret that no pod of this ${kind} reads`,
      name,
      [...new Set(secrets)].sort().join(', ') || 'none: its pods read no Secret',
      'correct the name, or remove it',
    );
  }
}
