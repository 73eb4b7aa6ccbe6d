import { parse } from 'yaml';
import { Harbor } from '../../../lib/k8s/harbor/harbor';
import type { HarborProps } from '../../../lib/plan/harbor';
import { find, type KubernetesObject, synth } from '../../../lib/testing';

export const SMALL: HarborProps = {
  domain: 'registry.example.com',
  storage: { type: 'nas', storageClass: 'nfs' },
};

/** Everything switched on. */
export const FULL: HarborProps = {
  domain: 'registry.example.com',
  aliases: ['eu.registry.example.com'],
  instance: 'team',
  namespace: 'registry',
  size: 'large',
  storage: { type: 's3', bucket: 'images', region: 'eu-central-1', credentialsSecret: 'bucket' },
  database: {
    type: 'external',
    host: 'db.example.com',
    username: 'harbor',
    passwordSecret: 'db',
    maxConnections: 500,
    ca: '-----BEGIN CERTIFICATE-----\nDB\n-----END CERTIFICATE-----\n',
  },
  cache: {
    type: 'external',
    host: 'redis.example.com',
    tls: true,
    username: 'harbor',
    passwordSecret: 'cache',
    ca: '-----BEGIN CERTIFICATE-----\nCACHE\n-----END CERTIFICATE-----\n',
  },
  tls: {
    type: 'certManager',
    issuer: 'ours',
    ca: '-----BEGIN CERTIFICATE-----\nOUT\n-----END CERTIFICATE-----\n',
  },
  images: { prefix: 'mirror.example.com/goharbor', pullSecrets: ['mirror'] },
  secrets: { core: 'core-values', admin: 'admin-password', secretKey: 'key' },
  secretRevisions: { 'core-values': '2', db: '7' },
  trivy: { severity: ['HIGH', 'CRITICAL'], dbRepository: ['mirror.example.com/trivy-db:2'] },
  logLevel: 'warning',
  proxy: { https: 'http://proxy.example.com:3128', noProxy: ['10.0.0.0/8'] },
  cacheLayer: true,
  jobservice: { workers: 20, loggers: 'stdout' },
  uploadPurging: { age: '48h' },
};

/** All objects of a Harbor with some settings changed. */
export const objectsOf = (change: Partial<HarborProps> = {}, base: HarborProps = SMALL): KubernetesObject[] =>
  synth((chart) => void new Harbor(chart, 'harbor', { ...base, ...change }));

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: number; readonly scheme: string };
  readonly tcpSocket?: { readonly port: number };
  readonly failureThreshold?: number;
  readonly periodSeconds?: number;
}
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
    readonly readOnly?: boolean;
  }[];
  readonly startupProbe?: Probe;
  readonly readinessProbe: Probe;
  readonly livenessProbe: Probe;
  readonly lifecycle?: object;
  readonly resources: { readonly limits: Readonly<Record<string, string>> };
}
export interface Template {
  readonly metadata: {
    readonly annotations: Readonly<Record<string, string>>;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly containers: readonly Container[];
    readonly initContainers?: readonly Container[];
    readonly volumes?: readonly { readonly name: string; readonly [source: string]: unknown }[];
    readonly terminationGracePeriodSeconds: number;
    readonly nodeSelector?: object;
    readonly imagePullSecrets?: readonly object[];
  };
}

export const specOf = <T = Record<string, unknown>>(
  objects: readonly KubernetesObject[],
  kind: string,
  name: string,
): T => find(objects, kind, name).spec as T;

export const templateOf = (objects: readonly KubernetesObject[], name: string, kind = 'Deployment'): Template =>
  specOf<{ template: Template }>(objects, kind, name).template;

/** A container of a workload, by its own name. */
export function containerOf(
  objects: readonly KubernetesObject[],
  workload: string,
  name: string,
  kind?: string,
): Container {
  const found = templateOf(objects, workload, kind).spec.containers.find((container) => container.name === name);
  if (found === undefined) throw new Error(`${workload} has no container ${name}`);
  return found;
}

/** Variables by name: a text, or `secret/key`. */
export const envOf = (container: Container): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }) => [
      name,
      value ?? `${valueFrom?.secretKeyRef.name}/${valueFrom?.secretKeyRef.key}`,
    ]),
  );

export const mountsOf = (container: Container): Readonly<Record<string, string>> =>
  Object.fromEntries((container.volumeMounts ?? []).map((mount) => [mount.mountPath, mount.name]));

/** A text of a ConfigMap. */
export const textOf = (objects: readonly KubernetesObject[], name: string, key: string): string =>
  (find(objects, 'ConfigMap', name).data as Record<string, string>)[key] ?? '';

/** A YAML text of a ConfigMap as the old YAML of Harbor's parsers. */
export const configOf = (objects: readonly KubernetesObject[], name: string, key = 'config.yml') =>
  parse(textOf(objects, name, key), { version: '1.1' });
