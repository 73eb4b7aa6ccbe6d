import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { md, pki } from 'node-forge';
import type { Source } from './source.js';

/** A private certificate authority: its certificate, which everyone may know, and its key, which no cluster ever gets. */
export interface Authority {
  readonly certificate: string;
  readonly privateKey: string;
}

/** What a certificate is for. */
export interface CertificateRequest {
  readonly commonName: string;
  /** DNS names and IP addresses. */
  readonly names: readonly string[];
}

/** A certificate with its unencrypted PKCS#8 key and the CA that signed it, all in PEM. */
export interface IssuedCertificate {
  readonly 'tls.crt': string;
  readonly 'tls.key': string;
  readonly 'ca.crt': string;
}

const DAY = 86_400_000;
/** A CA outlives its certificates many times, because replacing it means telling every client. */
const AUTHORITY_DAYS = 3650;
/** Below the 825 days that Apple's systems accept at most, also from a private CA (support.apple.com/103769). */
const CERTIFICATE_DAYS = 820;
/** Certificates count as expired this long before they are, so that there is time to replace them. */
const RENEWAL_DAYS = 30;
/** A certificate is valid from a little before now, for clients whose clocks are late. */
const CLOCK_SKEW = 3_600_000;
/** The longest common name of X.509 (RFC 5280, ub-common-name). Clients check the alternative names, not this one. */
const COMMON_NAME = 64;

/** The common name of a topology's CA, by which it is recognised. */
export const authorityName = (domain: string): string => `harbor-fleet CA ${domain}`.slice(0, COMMON_NAME);

/** Makes a private CA for a topology, valid for ten years. */
export function createAuthority(domain: string, source: Source): Authority {
  const key = newKey(source);
  const subject = authorityName(domain);
  const certificate = build(key.publicKey, subject, subject, AUTHORITY_DAYS, source);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
    { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    { name: 'subjectKeyIdentifier' },
  ]);
  certificate.sign(pki.privateKeyFromPem(key.pkcs1), md.sha256.create());
  return { certificate: pem(certificate), privateKey: key.pkcs8 };
}

/** Issues a certificate for servers and clients, valid for 820 days. */
export function issue(authority: Authority, request: CertificateRequest, source: Source): IssuedCertificate {
  const key = newKey(source);
  const issuer = pki.certificateFromPem(authority.certificate);
  const issuerName = String(issuer.subject.getField('CN').value);
  const certificate = build(
    key.publicKey,
    request.commonName.slice(0, COMMON_NAME),
    issuerName,
    CERTIFICATE_DAYS,
    source,
  );
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
    {
      name: 'subjectAltName',
      altNames: request.names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
    },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer.generateSubjectKeyIdentifier().getBytes() },
  ]);
  certificate.sign(forgeKey(authority.privateKey), md.sha256.create());
  return { 'tls.crt': pem(certificate), 'tls.key': key.pkcs8, 'ca.crt': authority.certificate };
}

/** Why a certificate cannot be used any more, in words that complete "…": or nothing when it can. */
export function certificateProblem(
  found: Partial<IssuedCertificate>,
  request: CertificateRequest,
  now: Date,
): string | undefined {
  const { 'tls.crt': text, 'tls.key': key, 'ca.crt': ca } = found;
  try {
    const certificate = new X509Certificate(text ?? '');
    if (key !== undefined && !certificate.checkPrivateKey(createPrivateKey(key))) return 'belongs to another key';
    if (ca !== undefined && !certificate.verify(new X509Certificate(ca).publicKey)) return 'was signed by another CA';
    const end = new Date(certificate.validTo);
    if (end.getTime() < now.getTime() + RENEWAL_DAYS * DAY) return `ends on ${end.toISOString().slice(0, 10)}`;
    const lacking = request.names.filter((name) => !covers(certificate, name));
    return lacking.length > 0 ? `does not name ${lacking.join(', ')}` : undefined;
  } catch {
    return 'cannot be read';
  }
}

/** A CA as one PEM text: the certificate, then the key. */
export const authorityPem = (authority: Authority): string => `${authority.certificate}${authority.privateKey}`;

/**
 * Reads what {@link authorityPem} wrote.
 *
 * @returns the CA, or why the text is not the CA of this domain
 */
export function readAuthority(text: string, domain: string): Authority | string {
  const block = (label: string): string =>
    new RegExp(`-----BEGIN ${label}-----[\\s\\S]+?-----END ${label}-----\\r?\\n?`).exec(text)?.[0] ?? '';
  const authority = { certificate: block('CERTIFICATE'), privateKey: block('PRIVATE KEY') };
  try {
    const certificate = new X509Certificate(authority.certificate);
    if (!certificate.ca || !certificate.checkPrivateKey(createPrivateKey(authority.privateKey))) {
      return 'its key and its certificate do not belong together';
    }
    const name = authorityName(domain);
    return certificate.subject === `CN=${name}` ? authority : `it is "${certificate.subject}", not "CN=${name}"`;
  } catch {
    return 'it does not hold a certificate and an unencrypted private key in PEM';
  }
}

function covers(certificate: X509Certificate, name: string): boolean {
  const names = (certificate.subjectAltName ?? '').split(', ');
  return names.includes(isIP(name) === 0 ? `DNS:${name}` : `IP Address:${name}`);
}

function newKey(source: Source) {
  const key = source.rsaKey();
  return {
    pkcs1: key.export({ type: 'pkcs1', format: 'pem' }).toString(),
    pkcs8: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** Forge reads RSA keys only in the form of PKCS#1 or unencrypted PKCS#8. */
const forgeKey = (text: string): pki.rsa.PrivateKey =>
  pki.privateKeyFromPem(createPrivateKey(text).export({ type: 'pkcs1', format: 'pem' }).toString());

function build(publicKey: string, subject: string, issuer: string, days: number, source: Source): pki.Certificate {
  const certificate = pki.createCertificate();
  certificate.publicKey = pki.publicKeyFromPem(publicKey);
  // Positive and never starting with a zero byte, as DER wants its integers.
  certificate.serialNumber = `4${Buffer.from(source.bytes(16)).toString('hex').slice(1)}`;
  certificate.validity.notBefore = new Date(source.now().getTime() - CLOCK_SKEW);
  certificate.validity.notAfter = new Date(source.now().getTime() + days * DAY);
  certificate.setSubject([{ name: 'commonName', value: subject }]);
  certificate.setIssuer([{ name: 'commonName', value: issuer }]);
  return certificate;
}

const pem = (certificate: pki.Certificate): string => pki.certificateToPem(certificate).replaceAll('\r\n', '\n');
