import { OBJECT_NAME } from './names.js';
import type { Reader, TextRule } from './reader.js';

/** Certificates that are in a Secret already, made by the team's own means. */
export interface ExistingSecretTls {
  readonly type: 'existingSecret';
  /** Name of the `kubernetes.io/tls` Secret (`tls.crt`, `tls.key`, and `ca.crt` for a private CA). Between components: the prefix of their Secrets' names. */
  readonly name: string;
  /** PEM of a private CA, which then reaches all who must trust it. @default - a public CA, which everyone trusts already */
  readonly ca?: string;
}

/**
 * Certificates that cert-manager issues and renews. Pods read them at start only: after a renewal, and before the old one ends,
 * they must be started again, by a tool such as Reloader or by a new revision of the Secret in `secretRevisions`.
 */
export interface CertManagerTls {
  readonly type: 'certManager';
  /** Name of the Issuer or ClusterIssuer. */
  readonly issuer: string;
  /** @default ClusterIssuer */
  readonly issuerKind?: 'Issuer' | 'ClusterIssuer';
  /** PEM of the issuer's CA, when it is private. @default - a public CA such as Let's Encrypt, which everyone trusts already */
  readonly ca?: string;
}

/** Certificates that come with the topology's own secrets. */
export interface ProvidedTls {
  readonly type: 'provided';
  /** PEM of the certificate chain. @default - issued by the topology's private CA, which `harbor-fleet secrets` creates once */
  readonly certificate?: string;
  /** PEM of the private key. Only a value known when deployed (a Pulumi Output) is accepted; a plain text would land in the manifests. */
  readonly privateKey?: string;
  /** PEM of the CA that signed `certificate`. */
  readonly ca?: string;
}

/** No TLS: plain HTTP. */
export interface NoTls {
  readonly type: 'none';
  /** Scheme that users see, when something in front of the cluster terminates TLS. @default http */
  readonly externalScheme?: 'http' | 'https';
}

/** Where certificates come from. */
export type Tls = ExistingSecretTls | CertManagerTls | ProvidedTls | NoTls;

/** Where certificates come from: one of these factories. */
export const Tls = {
  /** Certificates that are in a Secret already. */
  existingSecret: (props: Omit<ExistingSecretTls, 'type'>): ExistingSecretTls => ({ type: 'existingSecret', ...props }),
  /** Certificates that cert-manager issues and renews; cert-manager must run in the cluster. */
  certManager: (props: Omit<CertManagerTls, 'type'>): CertManagerTls => ({ type: 'certManager', ...props }),
  /** Certificates that come with the topology's own secrets: by default from a private CA that `harbor-fleet secrets` creates once. */
  provided: (props: Omit<ProvidedTls, 'type'> = {}): ProvidedTls => ({ type: 'provided', ...props }),
  /** Plain HTTP: for a closed test network, or behind something that terminates TLS. Passwords cross the network readable. */
  none: (props: Omit<NoTls, 'type'> = {}): NoTls => ({ type: 'none', ...props }),
} as const;

/** A certificate, or several, in PEM. */
export const PEM: TextRule = {
  pattern: /-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/,
  allowed: 'PEM text that begins with -----BEGIN CERTIFICATE-----',
};

const PRIVATE_KEY: TextRule = {
  pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+-----END [A-Z ]*PRIVATE KEY-----/,
  allowed: 'a private key in PEM',
};

/** Reads TLS settings and records every mistake in them. */
export function readTls(reader: Reader, key: string, fallback: Tls): Tls {
  if (!reader.has(key)) return fallback;
  const tls = reader.child(key);
  const type = tls.choice('type', ['existingSecret', 'certManager', 'provided', 'none'] as const);
  switch (type) {
    case 'existingSecret':
      tls.only('type', 'name', 'ca');
      return { type, name: tls.requiredText('name', OBJECT_NAME), ca: tls.text('ca', PEM) };
    case 'certManager':
      tls.only('type', 'issuer', 'issuerKind', 'ca');
      return {
        type,
        issuer: tls.requiredText('issuer', OBJECT_NAME),
        issuerKind: tls.choice('issuerKind', ['Issuer', 'ClusterIssuer'] as const) ?? 'ClusterIssuer',
        ca: tls.text('ca', PEM),
      };
    case 'provided':
      return readProvided(tls);
    case 'none':
      tls.only('type', 'externalScheme');
      return { type, externalScheme: tls.choice('externalScheme', ['http', 'https'] as const) ?? 'http' };
    default:
      if (!tls.has('type')) tls.missing('type', 'existingSecret, certManager, provided or none');
      return fallback;
  }
}

function readProvided(tls: Reader): ProvidedTls {
  tls.only('type', 'certificate', 'privateKey', 'ca');
  if (tls.has('certificate') !== tls.has('privateKey')) {
    tls.issues.error(
      tls.path,
      'has only one half of a certificate',
      tls.has('certificate') ? 'certificate' : 'privateKey',
      'certificate and privateKey together, or neither',
      'add the other half, or leave both out to have the certificate issued by the private CA',
    );
  }
  return {
    type: 'provided',
    certificate: tls.text('certificate', PEM),
    privateKey: tls.secretText(
      'privateKey',
      'put certificate and key in a Secret of type kubernetes.io/tls, and use Tls.existingSecret({ name })',
      PRIVATE_KEY,
    ),
    ca: tls.text('ca', PEM),
  };
}

/** Records that pods which show these certificates themselves learn of no renewal. An Ingress controller or a Gateway does. */
export function warnOfRenewal(reader: Reader, key: string, tls: Tls): void {
  if (tls.type !== 'certManager') return;
  reader.issues.warning(
    reader.at(key),
    'renews certificates that pods go on showing until they are started again',
    tls.type,
    'certManager with something that restarts pods when their Secret changes',
    'run a tool such as Reloader, or set a new secretRevisions entry after each renewal',
  );
}

/** Whether anyone must be handed a CA certificate, and where it comes from. */
export type CaSource = { readonly from: 'text'; readonly pem: string } | { readonly from: 'secrets' } | undefined;

/** The CA behind some TLS settings; nothing for a public CA or none at all. */
export function caOf(tls: Tls): CaSource {
  if (tls.type === 'none') return undefined;
  if (tls.ca !== undefined) return { from: 'text', pem: tls.ca };
  return tls.type === 'provided' && tls.certificate === undefined ? { from: 'secrets' } : undefined;
}
