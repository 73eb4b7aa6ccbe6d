import type { CertificatePlan } from './harbor.js';
import { given, type SecretPlan, type SecretValue } from './secrets.js';
import type { Tls } from './tls.js';

/** The Secret of a certificate; nothing where cert-manager makes it, or where there is no TLS. */
export function certificateSecret(
  tls: Tls,
  certificate: CertificatePlan,
  where: Pick<SecretPlan, 'namespace' | 'readers'> & { readonly needsCa?: boolean },
): SecretPlan[] {
  if (tls.type !== 'provided' && tls.type !== 'existingSecret') return [];
  return [
    {
      namespace: where.namespace,
      name: certificate.secret,
      objectKind: 'Secret',
      type: 'kubernetes.io/tls',
      keys: keysOf(tls, certificate, where.needsCa),
      source: tls.type === 'provided' ? 'generated' : 'existing',
      keep: false,
      readers: where.readers,
    },
  ];
}

function keysOf(
  tls: Extract<Tls, { readonly type: 'provided' | 'existingSecret' }>,
  { commonName, names }: CertificatePlan,
  needsCa = false,
): SecretPlan['keys'] {
  const { ca } = tls;
  if (tls.type === 'provided' && tls.certificate !== undefined) {
    return {
      'tls.crt': { kind: 'text', value: tls.certificate },
      'tls.key': given(tls.privateKey ?? ''),
      ...(ca === undefined ? {} : { 'ca.crt': { kind: 'text', value: ca } }),
    };
  }
  const part = (name: 'tls.crt' | 'tls.key' | 'ca.crt'): SecretValue => ({
    kind: 'certificate',
    part: name,
    commonName,
    names,
  });
  const withCa = needsCa || tls.type === 'provided' || ca !== undefined;
  return {
    'tls.crt': part('tls.crt'),
    'tls.key': part('tls.key'),
    ...(withCa ? { 'ca.crt': part('ca.crt') } : {}),
  };
}
