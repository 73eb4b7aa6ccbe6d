import { ApiObject, type ApiObjectMetadata } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import type { DaemonSet, Deployment, StatefulSet } from 'kubernetes-types/apps/v1';
import type { CronJob, Job } from 'kubernetes-types/batch/v1';
import type {
  ConfigMap,
  Namespace,
  PersistentVolume,
  PersistentVolumeClaim,
  Secret,
  Service,
  ServiceAccount,
} from 'kubernetes-types/core/v1';
import type { Ingress, NetworkPolicy } from 'kubernetes-types/networking/v1';
import type { PodDisruptionBudget } from 'kubernetes-types/policy/v1';
import type { Role, RoleBinding } from 'kubernetes-types/rbac/v1';
import type { StorageClass } from 'kubernetes-types/storage/v1';
import { shortest } from '../plan/quantities.js';

export { isKept, kept, keptTemplate } from '../plan/keep.js';

/** Every kind the library writes, with its apiVersion. */
interface Kinds {
  Namespace: Namespace;
  ServiceAccount: ServiceAccount;
  Role: Role;
  RoleBinding: RoleBinding;
  NetworkPolicy: NetworkPolicy;
  StorageClass: StorageClass;
  PersistentVolume: PersistentVolume;
  PersistentVolumeClaim: PersistentVolumeClaim;
  ConfigMap: ConfigMap;
  Secret: Secret;
  Service: Service;
  Deployment: Deployment;
  StatefulSet: StatefulSet;
  DaemonSet: DaemonSet;
  Job: Job;
  CronJob: CronJob;
  PodDisruptionBudget: PodDisruptionBudget;
  Ingress: Ingress;
  /** gateway.networking.k8s.io/v1; of it only the fields used here. */
  HTTPRoute: { spec: HttpRouteSpec };
  /** gateway.networking.k8s.io/v1; tells a Gateway how to reach a backend over TLS. */
  BackendTLSPolicy: { spec: BackendTlsPolicySpec };
  /** cert-manager.io/v1; of it only the fields used here. */
  Certificate: { spec: CertificateSpec };
}

export interface HttpRouteSpec {
  parentRefs: { name: string; namespace?: string; sectionName?: string }[];
  hostnames: string[];
  rules: {
    matches: { path: { type: 'PathPrefix' | 'Exact'; value: string } }[];
    backendRefs?: { name: string; port: number }[];
    timeouts?: { request?: string; backendRequest?: string };
  }[];
}

export interface BackendTlsPolicySpec {
  targetRefs: { group: string; kind: string; name: string; sectionName?: string }[];
  validation: { hostname: string; caCertificateRefs: { group: string; kind: string; name: string }[] };
}

export interface CertificateSpec {
  secretName: string;
  commonName?: string;
  dnsNames?: string[];
  ipAddresses?: string[];
  usages?: string[];
  issuerRef: { name: string; kind: string; group: string };
  privateKey?: { algorithm: string; size?: number; rotationPolicy?: string; encoding?: string };
}

/** The apiVersion of each kind. */
export const API_VERSIONS: Readonly<Record<keyof Kinds, string>> = {
  Namespace: 'v1',
  ServiceAccount: 'v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  StorageClass: 'storage.k8s.io/v1',
  PersistentVolume: 'v1',
  PersistentVolumeClaim: 'v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Service: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  DaemonSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  PodDisruptionBudget: 'policy/v1',
  Ingress: 'networking.k8s.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  BackendTLSPolicy: 'gateway.networking.k8s.io/v1',
  Certificate: 'cert-manager.io/v1',
};

/** A kind the library writes. */
export type Kind = keyof Kinds;

/** The body of an object: everything but apiVersion, kind, status and the free part of its metadata. */
export type Body<K extends Kind> = Omit<Kinds[K], 'apiVersion' | 'kind' | 'metadata' | 'status'> & {
  readonly metadata: ApiObjectMetadata & { readonly name: string };
};

/** Emits one Kubernetes object. Every object of the library is made here. */
export function manifest<K extends Kind>(scope: Construct, id: string, kind: K, body: Body<K>): ApiObject {
  return new ApiObject(scope, id, { apiVersion: API_VERSIONS[kind], kind, ...(normal(body) as Body<K>) });
}

/** A Kubernetes object as plain data. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly [key: string]: unknown;
  };
  readonly [key: string]: unknown;
}

/** All objects of a construct tree as plain data, in the order in which they were made. */
export function objectsOf(scope: IConstruct): KubernetesObject[] {
  return scope.node
    .findAll()
    .filter((node): node is ApiObject => ApiObject.isApiObject(node))
    .map((object) => object.toJson() as KubernetesObject);
}

/** Fields that hold quantities, one or several by name. */
const QUANTITIES: ReadonlySet<string> = new Set(['requests', 'limits', 'capacity', 'sizeLimit']);

/**
 * A body in the form the API server keeps it in: quantities in their shortest form, no empty lists and no empty annotations.
 * Whatever is written in another form, every `kubectl apply` takes for a change.
 */
function normal(value: unknown, isQuantity = false): unknown {
  if (isQuantity && typeof value === 'string') return shortest(value);
  if (Array.isArray(value)) return value.map((item) => normal(item));
  // Anything else than plain data, such as a value that cdk8s resolves at synthesis, is not looked into.
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, normal(item, isQuantity || QUANTITIES.has(key))] as const)
      .filter(([key, item]) => !isEmpty(item, key)),
  );
}

const isEmpty = (value: unknown, key: string): boolean =>
  Array.isArray(value)
    ? value.length === 0
    : key === 'annotations' && typeof value === 'object' && value !== null && Object.keys(value).length === 0;
