import type { Container, EnvVar, Probe, Volume } from 'kubernetes-types/core/v1';
import type { ComponentPlan } from '../plan/components.js';
import type { PodUser } from './workload.js';

/** Where the value of an environment variable comes from: a text, a key of a Secret, or a field of the pod. */
export type EnvValue =
  | string
  | { readonly secret: string; readonly key: string; readonly optional?: boolean }
  | { readonly field: string };

/** A volume of the pod as one container sees it. */
export interface MountProps {
  /** Name of the pod's volume. */
  readonly volume: string;
  readonly path: string;
  readonly subPath?: string;
  /** @default false */
  readonly writable?: boolean;
}

/** One container: what is special about it. */
export interface ContainerProps {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Environment in the order given: a later text may use an earlier variable as `$(NAME)`. */
  readonly env?: Readonly<Record<string, EnvValue | undefined>>;
  /** Ports by name. */
  readonly ports?: Readonly<
    Record<
      string,
      | number
      | {
          readonly containerPort: number;
          readonly hostPort?: number;
          readonly hostIP?: string;
          readonly protocol?: 'TCP' | 'UDP';
        }
    >
  >;
  readonly startup?: Probe;
  readonly readiness?: Probe;
  readonly liveness?: Probe;
  readonly mounts?: readonly MountProps[];
  readonly lifecycle?: Container['lifecycle'];
  /** An init container that goes on running: ready before the containers of the pod start, and ended after them. @default false */
  readonly sidecar?: boolean;
  /** Resources of this container. @default - those of its component */
  readonly resources?: ComponentPlan['resources'];
}

/** A container with what every container gets: no privileges, a read-only root file system, requests and limits. */
export function container(props: ContainerProps, bySize: ComponentPlan['resources'], user: PodUser): Container {
  const resources = props.resources ?? bySize;
  return {
    name: props.name,
    image: props.image,
    // A registry's own pods must start again while the registry that their images came from cannot be reached.
    imagePullPolicy: 'IfNotPresent',
    restartPolicy: props.sidecar ? 'Always' : undefined,
    command: props.command ? [...props.command] : undefined,
    args: props.args ? [...props.args] : undefined,
    env: nonEmpty(env(props.env ?? {})),
    ports: nonEmpty(
      Object.entries(props.ports ?? {}).map(([name, port]) =>
        typeof port === 'number' ? { name, containerPort: port, protocol: 'TCP' } : { name, protocol: 'TCP', ...port },
      ),
    ),
    startupProbe: props.startup,
    readinessProbe: props.readiness,
    livenessProbe: props.liveness,
    lifecycle: props.lifecycle,
    resources: {
      requests: { cpu: resources.cpu, memory: resources.memory, 'ephemeral-storage': resources.ephemeralStorage },
      limits: { cpu: resources.cpuLimit, memory: resources.memory, 'ephemeral-storage': resources.ephemeralStorage },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
      runAsNonRoot: user.uid !== 0,
      runAsUser: user.uid,
      runAsGroup: user.uid,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    volumeMounts: nonEmpty(
      (props.mounts ?? []).map((mount) => ({
        name: mount.volume,
        mountPath: mount.path,
        subPath: mount.subPath,
        // False is what the API server takes nothing for, and leaves out: written down, every apply would find a difference.
        readOnly: mount.writable ? undefined : true,
      })),
    ),
  };
}

function env(variables: Readonly<Record<string, EnvValue | undefined>>): EnvVar[] {
  return Object.entries(variables).flatMap(([name, value]): EnvVar[] => {
    if (value === undefined) return [];
    if (typeof value === 'string') return [{ name, value }];
    if ('field' in value) return [{ name, valueFrom: { fieldRef: { fieldPath: value.field } } }];
    return [{ name, valueFrom: { secretKeyRef: { name: value.secret, key: value.key, optional: value.optional } } }];
  });
}

/** A list, or nothing when it is empty: manifests hold no empty lists. */
export const nonEmpty = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

/** Names of all Secrets that containers and volumes read, sorted. */
export function secretsOf(
  containers: readonly ContainerProps[],
  volumes: Readonly<Record<string, Omit<Volume, 'name'>>>,
): readonly string[] {
  const fromEnv = containers.flatMap((item) =>
    Object.values(item.env ?? {}).flatMap((value) =>
      typeof value === 'object' && 'secret' in value ? [value.secret] : [],
    ),
  );
  const fromVolumes = Object.values(volumes).flatMap((volume) => [
    ...(volume.secret?.secretName !== undefined ? [volume.secret.secretName] : []),
    ...(volume.projected?.sources ?? []).flatMap((source) =>
      source.secret?.name !== undefined ? [source.secret.name] : [],
    ),
  ]);
  return [...new Set([...fromEnv, ...fromVolumes])].sort();
}

/** An HTTP probe; the kubelet does not verify certificates, so it works with a private CA. */
export function httpProbe(
  path: string,
  port: number | string,
  scheme: 'http' | 'https',
  timing: Partial<Probe> = {},
): Probe {
  return { httpGet: { path, port, scheme: scheme.toUpperCase() }, timeoutSeconds: 6, periodSeconds: 10, ...timing };
}

/**
 * The question of the readiness probe, asked more patiently: a pod that answers badly leaves its Service after three failures and
 * is started again after six. A bare TCP probe of a TLS port would be an error in the server's log each time.
 */
export function livenessProbe(path: string, port: number | string, scheme: 'http' | 'https'): Probe {
  return httpProbe(path, port, scheme, { failureThreshold: 6 });
}

/** A probe that only asks whether the port is open. */
export function tcpProbe(port: number | string, timing: Partial<Probe> = {}): Probe {
  return { tcpSocket: { port }, timeoutSeconds: 3, periodSeconds: 10, ...timing };
}
