import type { ConfigMapProjection, Volume } from 'kubernetes-types/core/v1';
import type { HarborPlan, InternalTlsComponent } from '../../plan/harbor.js';
import { trustedCaName, trustedCas } from '../../plan/trusted-cas.js';
import type { MountProps } from '../container.js';

/** What a pod and its containers need to read certificates. */
export interface TlsMounts {
  readonly volumes: Readonly<Record<string, Omit<Volume, 'name'>>>;
  readonly mounts: readonly MountProps[];
  readonly env: Readonly<Record<string, string>>;
  /** Certificates that are known as texts: pods roll when one changes. */
  readonly configuration: readonly string[];
}

/** Where a component finds its own certificate. */
export const internalTlsDirectory = (component: InternalTlsComponent): string => `/etc/harbor/ssl/${component}`;

/** The certificate that a component shows to the others; nothing without TLS between components. */
export function internalTlsMount(
  plan: Pick<HarborPlan, 'certificates'>,
  component: InternalTlsComponent,
): Pick<TlsMounts, 'volumes' | 'mounts'> {
  const certificate = plan.certificates[component];
  if (certificate === undefined) return { volumes: {}, mounts: [] };
  return {
    volumes: { 'internal-tls': { secret: { secretName: certificate.secret, defaultMode: 0o440 } } },
    mounts: [{ volume: 'internal-tls', path: internalTlsDirectory(component) }],
  };
}

/** Folder of CA certificates in Harbor's images, and where theirs are added. */
const HARBOR_CERTIFICATES = '/etc/pki/tls/certs';
export const ADDED_CERTIFICATES = '/harbor_cust_cert';

/**
 * The private CAs that Harbor's pods must trust: of the outside name, between components, of database, cache and storage. Go
 * programs read every file of the folders in SSL_CERT_DIR, so no program has to change a file of its image.
 *
 * @param options.component whose own certificate is mounted too: the CA that came with it is trusted as well, also while the two
 *   differ because cert-manager renews it
 * @param options.system folder of public CAs in the image; by default that of Harbor's images
 */
export function trustMounts(
  plan: Pick<
    HarborPlan,
    'instance' | 'certificates' | 'caConfigMaps' | 'ca' | 'internalCa' | 'database' | 'cache' | 'storage'
  >,
  options: { readonly component?: InternalTlsComponent; readonly system?: string } = {},
): TlsMounts {
  const services = trustedCas(plan);
  const sources = [
    ...caFile(plan.caConfigMaps.outside, 'outside.crt'),
    ...caFile(plan.caConfigMaps.internal, 'internal.crt'),
    ...(Object.keys(services).length > 0 ? [{ configMap: { name: trustedCaName(plan.instance) } }] : []),
  ];
  const texts = [plan.ca, plan.internalCa].flatMap((ca) => (ca?.from === 'text' ? [ca.pem] : []));
  const { component, system = HARBOR_CERTIFICATES } = options;
  const isOwn = component !== undefined && plan.certificates[component] !== undefined;
  const added = [
    ...(sources.length > 0 ? [ADDED_CERTIFICATES] : []),
    ...(isOwn ? [internalTlsDirectory(component)] : []),
  ];
  return {
    volumes: sources.length > 0 ? { 'trusted-ca': { projected: { sources } } } : {},
    mounts: sources.length > 0 ? [{ volume: 'trusted-ca', path: ADDED_CERTIFICATES }] : [],
    env: added.length > 0 ? { SSL_CERT_DIR: [system, ...added].join(':') } : {},
    configuration: [...texts, ...Object.values(services)],
  };
}

const caFile = (name: string | undefined, path: string): { configMap: ConfigMapProjection }[] =>
  name === undefined ? [] : [{ configMap: { name, items: [{ key: 'ca.crt', path }] } }];
