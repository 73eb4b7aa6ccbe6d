import { type ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import type { PersistentVolumeClaim, PodSpec, PodTemplateSpec, Volume } from 'kubernetes-types/core/v1';
import type { ComponentPlan } from '../plan/components.js';
import { type ContainerProps, container, nonEmpty, secretsOf } from './container.js';
import { exceptionsFor, podFacts } from './exceptions.js';
import { manifest } from './manifest.js';
import { sha256 } from './text.js';

/** Who a pod runs as. Numeric, because the kubelet cannot check a user's name against `runAsNonRoot`. */
export interface PodUser {
  readonly uid: number;
  /** Group that owns mounted volumes. @default - the uid */
  readonly fsGroup?: number;
}

/** What all workloads of one installation share. */
export interface WorkloadContext {
  readonly namespace: string;
  /** Name of the installation, such as `harbor`: the prefix of its objects' names. */
  readonly instance: string;
  /** `app.kubernetes.io/name`: `harbor` or `kraken`. */
  readonly application: string;
  /** Version of the application; a label of the objects, not of their pods, so that a new label rolls nothing. */
  readonly version: string;
  /** Revisions of Secrets by name: a new one rolls exactly the pods that read that Secret. */
  readonly secretRevisions?: Readonly<Record<string, string>>;
  /** Names of Secrets with credentials of the registry that the images come from. */
  readonly imagePullSecrets?: readonly string[];
  /** Labels of the nodes that its images run on. @default - every node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** One workload: what is special about it. All else is decided here, once for all workloads. */
export interface WorkloadProps {
  readonly context: WorkloadContext;
  /** Component, such as `core`; the object is called `<instance>-<component>`. */
  readonly component: string;
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
  /** Labels that select the pods. They can never change. */
  readonly selector: Readonly<Record<string, string>>;
  readonly plan: ComponentPlan;
  readonly user: PodUser;
  readonly containers: readonly ContainerProps[];
  readonly initContainers?: readonly ContainerProps[];
  readonly volumes?: Readonly<Record<string, Omit<Volume, 'name'>>>;
  /** Texts of the configuration that the pods read at start: they roll when one changes. A function is asked at synthesis. */
  readonly configuration?: readonly (string | (() => string))[];
  /** Names of Secrets whose values its pods get from others at their start: a new revision rolls them too. */
  readonly secretsOfOthers?: readonly string[];
  /** Claims made for each pod of a StatefulSet. */
  readonly volumeClaims?: readonly PersistentVolumeClaim[];
  /** The claims hold a cache: they go with the StatefulSet, and with a pod that is scaled away. @default false: they stay */
  readonly disposableVolumes?: boolean;
  /** Name of the Service of a StatefulSet. @default - its own name */
  readonly serviceName?: string;
  /** Whether that Service gives each pod a DNS name of its own. @default true */
  readonly headless?: boolean;
  /** `Recreate` for a volume that only one pod may hold. @default RollingUpdate */
  readonly strategy?: 'RollingUpdate' | 'Recreate';
  /** New pods of a DaemonSet start before the old ones end; not possible with a host port. @default false */
  readonly surge?: boolean;
  /** Seconds a pod may take to end. @default 30 */
  readonly terminationGracePeriodSeconds?: number;
  /** Annotations of the ServiceAccount: an identity in the cloud. */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  /** What else a pod needs, such as tolerations or host aliases. */
  readonly pod?: Partial<PodSpec>;
}

/** The labels of an object: Kubernetes' recommended set. */
export function recommendedLabels(context: WorkloadContext, component: string): Record<string, string> {
  return {
    'app.kubernetes.io/name': context.application,
    'app.kubernetes.io/instance': context.instance,
    'app.kubernetes.io/component': component,
    'app.kubernetes.io/part-of': 'harbor-fleet',
    'app.kubernetes.io/managed-by': 'harbor-fleet',
  };
}

/** Labels of an object itself: the recommended set and the version. */
export function objectLabels(context: WorkloadContext, component: string): Record<string, string> {
  return { ...recommendedLabels(context, component), 'app.kubernetes.io/version': context.version };
}

/**
 * A Deployment, StatefulSet or DaemonSet with what every workload gets: a ServiceAccount without a token, the restricted pod
 * security profile, a read-only root file system, spread and a disruption budget for several replicas, and a checksum that
 * rolls its pods when their configuration changes.
 */
export class Workload extends Construct {
  readonly object: ApiObject;
  /** Names of all Secrets that its pods read. */
  readonly secrets: readonly string[];

  constructor(scope: Construct, id: string, props: WorkloadProps) {
    super(scope, id);
    const { context, component, plan } = props;
    const name = `${context.instance}-${component}`;
    const metadata = {
      name,
      namespace: context.namespace,
      labels: objectLabels(context, component),
    };
    const containers = [...(props.initContainers ?? []), ...props.containers];
    const own = secretsOf(containers, props.volumes ?? {});
    this.secrets = [...new Set([...own, ...(props.secretsOfOthers ?? [])])].sort();
    manifest(this, 'account', 'ServiceAccount', {
      metadata: { ...metadata, annotations: props.serviceAccountAnnotations },
      automountServiceAccountToken: false,
    });
    const annotations = exceptionsFor({
      kind: props.kind,
      replicas: plan.replicas,
      headless: props.headless ?? true,
      ...podFacts(containers, props.volumes ?? {}, props.user.uid),
    });
    const spec = {
      selector: { matchLabels: { ...props.selector } },
      template: podTemplate(props, this.secrets, props.kind !== 'DaemonSet' && plan.replicas > 1),
      revisionHistoryLimit: 5,
    };
    const annotated = { ...metadata, annotations };
    if (props.kind === 'Deployment') {
      this.object = manifest(this, 'workload', 'Deployment', {
        metadata: annotated,
        spec: { ...spec, replicas: plan.replicas, strategy: deploymentStrategy(props.strategy) },
      });
    } else if (props.kind === 'StatefulSet') {
      this.object = manifest(this, 'workload', 'StatefulSet', {
        metadata: annotated,
        spec: {
          ...spec,
          replicas: plan.replicas,
          serviceName: props.serviceName ?? name,
          podManagementPolicy: 'Parallel',
          updateStrategy: { type: 'RollingUpdate' },
          volumeClaimTemplates: props.volumeClaims?.map(claimTemplate),
          persistentVolumeClaimRetentionPolicy: props.disposableVolumes
            ? { whenDeleted: 'Delete', whenScaled: 'Delete' }
            : undefined,
        },
      });
    } else {
      // A node that never gets ready, such as one that is gone, takes one place of them, not the only one.
      const rollingUpdate = props.surge ? { maxSurge: '10%', maxUnavailable: 0 } : { maxUnavailable: '10%' };
      this.object = manifest(this, 'workload', 'DaemonSet', {
        metadata: annotated,
        spec: { ...spec, updateStrategy: { type: 'RollingUpdate', rollingUpdate } },
      });
    }
    if (props.kind !== 'DaemonSet' && plan.replicas > 1) {
      manifest(this, 'disruption-budget', 'PodDisruptionBudget', {
        metadata,
        spec: {
          maxUnavailable: 1,
          selector: { matchLabels: { ...props.selector } },
          unhealthyPodEvictionPolicy: 'AlwaysAllow',
        },
      });
    }
  }
}

/** What is special about the pods of a workload. */
export type PodProps = Pick<
  WorkloadProps,
  | 'context'
  | 'component'
  | 'selector'
  | 'user'
  | 'containers'
  | 'initContainers'
  | 'volumes'
  | 'configuration'
  | 'terminationGracePeriodSeconds'
  | 'pod'
> & { readonly plan: Pick<ComponentPlan, 'resources'> };

/** The pods of a workload, with what every pod gets; `secrets` are the names of those that they read. */
export function podTemplate(props: PodProps, secrets: readonly string[], isSpread: boolean): PodTemplateSpec {
  const { context, component, plan, user } = props;
  return {
    metadata: {
      labels: { ...recommendedLabels(context, component), ...props.selector },
      annotations: { ...revisions(context, secrets), ...checksum(props.configuration ?? []) },
    },
    spec: {
      serviceAccountName: `${context.instance}-${component}`,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      imagePullSecrets: context.imagePullSecrets?.map((secret) => ({ name: secret })),
      nodeSelector: context.nodeSelector,
      securityContext: podSecurity(user),
      terminationGracePeriodSeconds: props.terminationGracePeriodSeconds ?? 30,
      ...(isSpread ? spread(props.selector) : {}),
      initContainers: nonEmpty((props.initContainers ?? []).map((item) => container(item, plan.resources, user))),
      containers: props.containers.map((item) => container(item, plan.resources, user)),
      volumes: nonEmpty(Object.entries(props.volumes ?? {}).map(([volume, source]) => ({ name: volume, ...source }))),
      ...props.pod,
    },
  };
}

function revisions(context: WorkloadContext, secrets: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    secrets.flatMap((secret) => {
      const revision = context.secretRevisions?.[secret];
      return revision === undefined ? [] : [[`harbor-fleet/${annotationName(`secret-${secret}`)}`, revision]];
    }),
  );
}

/** The name of an annotation holds 63 characters, that of a Secret 253: a longer one ends in its hash. */
const annotationName = (name: string): string =>
  name.length <= 63 ? name : `${name.slice(0, 46)}-${sha256(name).slice(0, 16)}`;

/** A claim with all that the API server would add to it, or every apply would find a difference. */
const claimTemplate = (claim: PersistentVolumeClaim): PersistentVolumeClaim => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  ...claim,
  spec: { volumeMode: 'Filesystem', ...claim.spec },
  status: { phase: 'Pending' },
});

/** The restricted profile for a whole pod; root only where a workload must write the node's own files. */
function podSecurity(user: PodUser): NonNullable<PodSpec['securityContext']> {
  return {
    runAsNonRoot: user.uid !== 0,
    runAsUser: user.uid,
    runAsGroup: user.uid,
    fsGroup: user.fsGroup ?? user.uid,
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

function checksum(configuration: readonly (string | (() => string))[]): Record<string, string> {
  if (configuration.length === 0) return {};
  const produce = (): string =>
    sha256(configuration.map((text) => (typeof text === 'string' ? text : text())).join('\0'));
  const late = configuration.some((text) => typeof text === 'function');
  return { 'harbor-fleet/configuration': late ? (Lazy.any({ produce }) as string) : produce() };
}

function deploymentStrategy(strategy: WorkloadProps['strategy']) {
  return strategy === 'Recreate'
    ? { type: 'Recreate' }
    : { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
}

function spread(selector: Readonly<Record<string, string>>): Partial<PodSpec> {
  const labelSelector = { matchLabels: { ...selector } };
  const over = (topologyKey: string) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector,
    // During a rollout of a Deployment only new pods count; with the old ones all of the new could end up on one node.
    matchLabelKeys: ['pod-template-hash'],
  });
  return {
    topologySpreadConstraints: [over('kubernetes.io/hostname'), over('topology.kubernetes.io/zone')],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector } },
        ],
      },
    },
  };
}
