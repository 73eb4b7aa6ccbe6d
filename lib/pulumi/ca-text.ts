import type { Output } from '@pulumi/pulumi';
import type { CaSource } from '../plan/tls.js';
import type { CertificateAuthority } from './authority.js';
import { asOutput } from './runtime.js';

/** PEM of a private CA; nothing where clients trust a public one, or where there is none. */
export function caText(ca: CaSource, authority: () => CertificateAuthority): Output<string> | undefined {
  if (ca === undefined) return undefined;
  return ca.from === 'text' ? asOutput(ca.pem) : authority().certificate;
}
