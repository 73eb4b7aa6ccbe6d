import {
  type ComponentResource,
  type Input,
  interpolate,
  Output,
  output,
  type ResourceOptions,
  rootStackResource,
  secret,
} from '@pulumi/pulumi';
import { CertRequest, LocallySignedCert, PrivateKey, SelfSignedCert } from '@pulumi/tls';
import { isIpv4 } from '../plan/address-rules.js';
import { authorityName } from '../secrets/certificates.js';
import { asOutput } from './runtime.js';

/** A private certificate authority as another stack hands it over. */
export interface CertificateAuthority {
  /** PEM of its certificate, and of the ones before it that are still trusted. */
  readonly certificate: Output<string>;
  /** PEM of its private key (PKCS#8); secret. */
  readonly privateKey: Output<string>;
}

/** What a certificate is for. */
export interface CertificateProps {
  readonly commonName: string;
  /** DNS names and IPv4 addresses; texts may be late. */
  readonly names: readonly string[];
  /** Another number issues it anew, with another key. */
  readonly generation: number;
}

/** A certificate with its key and the CA that signed it, all in PEM. */
export type CertificateParts = Readonly<Record<'tls.crt' | 'tls.key' | 'ca.crt', Output<string>>>;

const DAY = 24;
/** As long as those that `harbor-fleet secrets` makes: a CA for ten years, certificates below the 825 days that Apple's systems accept. */
const AUTHORITY_HOURS = 3650 * DAY;
const CERTIFICATE_HOURS = 820 * DAY;
/** An update renews a certificate that ends within 30 days. */
const RENEWAL_HOURS = 30 * DAY;
/** The longest common name of X.509 (RFC 5280, ub-common-name). */
const COMMON_NAME = 64;
/** What `pulumi state move` brought from another stack of the topology, and left outside of the component, is taken over. */
export const MOVED: Pick<ResourceOptions, 'aliases'> = { aliases: [{ parent: rootStackResource }] };
const RSA = { algorithm: 'RSA', rsaBits: 2048 } as const;

/** What stands behind a logical name from its second generation on. */
export const suffix = (generation: number): string => (generation === 1 ? '' : `-${generation}`);

/**
 * A private CA that this stack keeps, also when the domain changes: its name stays that of the first. From its second generation on, the one
 * before it stays trusted, so that what it signed is good until everything was issued anew.
 */
function createAuthority(
  parent: ComponentResource,
  name: string,
  domain: string,
  generation: number,
): CertificateAuthority {
  const make = (number: number) => {
    const key = new PrivateKey(`${name}${suffix(number)}`, RSA, { parent, ...MOVED });
    const certificate = new SelfSignedCert(
      `${name}${suffix(number)}`,
      {
        privateKeyPem: key.privateKeyPem,
        isCaCertificate: true,
        subject: { commonName: asOutput(domain).apply(authorityName) },
        validityPeriodHours: AUTHORITY_HOURS,
        allowedUses: ['cert_signing', 'crl_signing'],
        setSubjectKeyId: true,
      },
      // Another name would be another CA, which nobody trusts yet.
      { parent, ignoreChanges: ['subject'], ...MOVED },
    );
    return { certificate: certificate.certPem, privateKey: key.privateKeyPemPkcs8 };
  };
  const current = make(generation);
  if (generation === 1) return current;
  const former = make(generation - 1);
  return { ...current, certificate: interpolate`${current.certificate}${former.certificate}` };
}

/** PEM of an RSA key of its own (PKCS#1), which Harbor's core reads; secret. */
export const rsaKey = (
  parent: ComponentResource,
  name: string,
  options: Pick<ResourceOptions, 'aliases'> = {},
): Output<string> => new PrivateKey(name, RSA, { parent, ...options }).privateKeyPem;

/** Has a CA issue a certificate for servers and clients. */
export function issue(
  parent: ComponentResource,
  name: string,
  authority: CertificateAuthority,
  { commonName, names, generation }: CertificateProps,
): CertificateParts {
  const logicalName = `${name}${suffix(generation)}`;
  const key = new PrivateKey(logicalName, RSA, { parent });
  const request = new CertRequest(
    logicalName,
    {
      privateKeyPem: key.privateKeyPem,
      subject: { commonName: asOutput(commonName).apply((text) => text.slice(0, COMMON_NAME)) },
      dnsNames: names.filter((one) => !isIpv4(one)).map(asOutput),
      ipAddresses: names.filter(isIpv4),
    },
    { parent },
  );
  const certificate = new LocallySignedCert(
    logicalName,
    {
      certRequestPem: request.certRequestPem,
      caCertPem: authority.certificate.apply(newest),
      caPrivateKeyPem: authority.privateKey,
      validityPeriodHours: CERTIFICATE_HOURS,
      earlyRenewalHours: RENEWAL_HOURS,
      allowedUses: ['digital_signature', 'key_encipherment', 'server_auth', 'client_auth'],
      setSubjectKeyId: true,
    },
    { parent },
  );
  return {
    'tls.crt': certificate.certPem,
    'tls.key': key.privateKeyPemPkcs8,
    'ca.crt': authority.certificate,
  };
}

/** The CA that signs now: the first of the certificates that are trusted. */
const newest = (certificates: string): string =>
  /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----\n?/.exec(certificates)?.[0] ?? certificates;

/** A private CA as another stack or component hands it over. */
export interface GivenAuthority {
  /** PEM of its certificate, and of the ones before it that are still trusted. */
  readonly certificate: Input<string>;
  /** PEM of its private key (PKCS#8). */
  readonly privateKey: Input<string>;
}

/** Where certificates of the private CA come from. */
export interface AuthorityArgs {
  /**
   * The private CA: that of another stack or component; or a generation, of which another number makes a new CA and has it issue every
   * certificate anew, while the one before stays trusted. @default - made and kept in this stack when a certificate needs it, generation 1
   */
  readonly certificateAuthority?: Input<GivenAuthority> | { readonly generation: number };
}

/** The CA that was given, or one of this stack, which is made when the first certificate asks for it. */
export function authorityOf(
  parent: ComponentResource,
  name: string,
  domain: string,
  given: AuthorityArgs['certificateAuthority'],
): () => CertificateAuthority {
  let known: CertificateAuthority | undefined;
  return () => {
    known ??= isGiven(given)
      ? handedOver(output(given))
      : createAuthority(parent, `${name}-ca`, domain, given?.generation ?? 1);
    return known;
  };
}

/** Whether it is that of another stack or component. */
export const isGiven = (given: AuthorityArgs['certificateAuthority']): given is Input<GivenAuthority> =>
  Output.isInstance(given) ||
  given instanceof Promise ||
  (typeof given === 'object' && given !== null && 'certificate' in given);

const handedOver = (
  given: Output<{ readonly certificate: string; readonly privateKey: string }>,
): CertificateAuthority => ({
  certificate: given.apply(({ certificate }) => certificate),
  privateKey: secret(given.apply(({ privateKey }) => privateKey)),
});
