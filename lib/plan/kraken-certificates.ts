import { certificateSecret } from './certificate-secrets.js';
import type { CertificatePlan } from './harbor.js';
import { COMPONENT_NAMES, type KrakenComponent, type KrakenPlan, namespaceOf } from './kraken.js';
import type { SecretPlan } from './secrets.js';
import type { CaSource } from './tls.js';

/** The one name in every certificate of Kraken: its components verify this instead of each other's host names. */
export const TLS_NAME = 'kraken';

/** The certificate of the pods of one namespace. */
export interface KrakenCertificate extends CertificatePlan {
  readonly namespace: string;
  /** Which components read it, as `namespace/component`. */
  readonly readers: readonly string[];
}

/** The CA of others, which pods must trust, in a ConfigMap under the key `ca.crt`. */
export interface TrustPlan {
  readonly namespace: string;
  /** Name of the ConfigMap. */
  readonly configMap: string;
  readonly ca: NonNullable<CaSource>;
  /** Name of its file in the pods. */
  readonly file: string;
  /** Which components read it, as `namespace/component`. */
  readonly readers: readonly string[];
}

type Namespaces = Pick<KrakenPlan, 'namespace' | 'nodeNamespace'>;

/** Components as readers of a Secret: `namespace/component`. */
export const readersOf = (plan: Namespaces, components: readonly KrakenComponent[]): string[] =>
  components.map((component) => `${namespaceOf(plan, component)}/${COMPONENT_NAMES[component]}`);

/** The components that read Harbor by the loopback proxy. */
export function shimComponents(plan: Pick<KrakenPlan, 'backend' | 'registry'>): readonly KrakenComponent[] {
  if (plan.registry === undefined) return [];
  return plan.backend.type === 's3' ? ['buildIndex'] : ['origin', 'buildIndex'];
}

/** The certificates of Kraken's pods: one Secret in each of its namespaces, for servers and clients alike. */
export function krakenCertificates(plan: Namespaces & Pick<KrakenPlan, 'tlsSecret'>): KrakenCertificate[] {
  const { tlsSecret } = plan;
  if (tlsSecret === undefined) return [];
  const servers: readonly KrakenComponent[] = ['origin', 'tracker', 'buildIndex', 'proxy'];
  const certificate = (namespace: string, components: readonly KrakenComponent[]): KrakenCertificate => ({
    namespace,
    secret: tlsSecret,
    commonName: TLS_NAME,
    names: [TLS_NAME],
    readers: readersOf(plan, components),
  });
  return [certificate(plan.namespace, servers), certificate(plan.nodeNamespace, ['agent'])];
}

/** The CAs of Harbor inside the cluster, and of the object store that it sends readers to. */
export function krakenTrusts(plan: Namespaces & Pick<KrakenPlan, 'instance' | 'registry' | 'storageCa'>): TrustPlan[] {
  const { registry, storageCa } = plan;
  const trust = (name: string, ca: NonNullable<CaSource>): TrustPlan => ({
    namespace: plan.namespace,
    configMap: `${plan.instance}-${name}-ca`,
    ca,
    file: `${name}.crt`,
    readers: readersOf(plan, ['origin', 'buildIndex']),
  });
  return [
    ...(registry?.core.scheme === 'https' && registry.ca !== undefined ? [trust('registry', registry.ca)] : []),
    ...(storageCa === undefined ? [] : [trust('storage', { from: 'text', pem: storageCa })]),
  ];
}

/** The Secrets of its certificates; nothing where cert-manager makes them. */
export const certificateSecrets = ({ tls, certificates }: Pick<KrakenPlan, 'tls' | 'certificates'>): SecretPlan[] =>
  certificates.flatMap((certificate) =>
    // Its components verify each other by nothing else than this CA.
    certificateSecret(tls, certificate, { ...certificate, needsCa: true }),
  );

/** The ConfigMaps with the topology's private CA, which `harbor-fleet secrets` makes together with it. */
export const trustConfigMaps = (trusts: readonly TrustPlan[]): SecretPlan[] =>
  trusts
    .filter(({ ca }) => ca.from === 'secrets')
    .map(({ namespace, configMap, readers }) => ({
      namespace,
      name: configMap,
      objectKind: 'ConfigMap',
      type: '',
      keys: { 'ca.crt': { kind: 'ca' } },
      source: 'generated',
      keep: false,
      readers,
    }));
