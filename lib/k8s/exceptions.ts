import type { Volume } from 'kubernetes-types/core/v1';
import type { ContainerProps } from './container.js';

/** What static checkers look at in a workload. */
export interface Facts {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'CronJob';
  readonly replicas: number;
  readonly root: boolean;
  /** Whether every image is named by its digest. */
  readonly digests: boolean;
  readonly secretEnvironment: boolean;
  readonly hostPort: boolean;
  readonly hostPath: boolean;
  /** Whether an environment variable that holds no secret is called as if it did. */
  readonly sensitiveNames: boolean;
  /** Whether a container is asked the same for readiness and liveness. */
  readonly sameProbes: boolean;
  /** Whether each pod of a StatefulSet has a DNS name of its own. */
  readonly headless: boolean;
}

/** A finding that is meant: what the checkers call it, on which workloads, and why. */
interface Exception {
  readonly reason: string;
  readonly applies: (facts: Facts) => boolean;
  readonly kubeScore?: readonly string[];
  readonly checkov?: readonly string[];
  readonly polaris?: readonly string[];
  readonly kubeLinter?: readonly string[];
}

/** Every exception from what kube-score, Checkov, Polaris and kube-linter ask. There are no others. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    reason: 'A registry must restart its own pods while the registry of their images cannot be reached',
    applies: () => true,
    kubeScore: ['container-image-pull-policy'],
    checkov: ['CKV_K8S_15'],
    polaris: ['pullPolicyNotAlways'],
  },
  {
    reason: 'Only the user knows the digest of the image in their own registry',
    applies: ({ digests }) => !digests,
    checkov: ['CKV_K8S_43'],
  },
  {
    reason: 'The instance label names the installation, which all its workloads share',
    applies: () => true,
    polaris: ['metadataAndInstanceMismatched'],
  },
  {
    reason: 'The program reads this value from its environment only',
    applies: ({ secretEnvironment }) => secretEnvironment,
    checkov: ['CKV_K8S_35'],
  },
  {
    reason: 'The variable is called so by the program and holds an address, not a secret',
    applies: ({ sensitiveNames }) => sensitiveNames,
    polaris: ['sensitiveContainerEnvVar'],
    kubeLinter: ['env-var-secret'],
  },
  {
    reason: 'The program answers one question about its health, which is asked more patiently for its liveness',
    applies: ({ sameProbes }) => sameProbes,
    kubeScore: ['pod-probes-identical'],
  },
  {
    reason: 'Its Service is that of the official chart, whose address can never change to a headless one',
    applies: ({ headless }) => !headless,
    kubeScore: ['statefulset-has-servicename'],
  },
  {
    reason: 'One pod is what a small installation asks for',
    applies: ({ kind, replicas }) => kind === 'Deployment' && replicas === 1,
    kubeScore: ['deployment-replicas'],
    polaris: ['deploymentMissingReplicas'],
  },
  {
    reason: 'One pod has nothing to be spread over, and none may be evicted for it',
    applies: ({ kind, replicas }) => kind !== 'CronJob' && (kind === 'DaemonSet' || replicas === 1),
    polaris: ['topologySpreadConstraint', 'missingPodDisruptionBudget'],
  },
  {
    reason: 'containerd finds the agent on its own node only; the port is bound to loopback',
    applies: ({ hostPort }) => hostPort,
    checkov: ['CKV_K8S_26'],
    polaris: ['hostPortSet'],
  },
  {
    reason: 'Writing the host configuration of containerd is its task',
    applies: ({ hostPath }) => hostPath,
    polaris: ['hostPathSet'],
  },
  {
    reason: 'The folder belongs to root; every capability is dropped',
    applies: ({ root }) => root,
    kubeScore: ['container-security-context-user-group-id'],
    checkov: ['CKV_K8S_23', 'CKV_K8S_40'],
    polaris: ['runAsRootAllowed'],
    kubeLinter: ['run-as-non-root'],
  },
  {
    reason: 'Nothing connects to it, so its policy has no rule that lets anything in',
    applies: ({ kind, hostPath }) => kind === 'CronJob' || hostPath,
    polaris: ['missingNetworkPolicy'],
  },
  {
    reason: 'A Job is one pod, which has nothing to be spread over',
    applies: ({ kind }) => kind === 'CronJob',
    polaris: ['topologySpreadConstraint'],
  },
];

/** Annotations that tell static checkers which of their findings on a workload are meant. They read them on the workload only. */
export function exceptionsFor(facts: Facts): Record<string, string> {
  const meant = EXCEPTIONS.filter((exception) => exception.applies(facts));
  const kubeScore = meant.flatMap((exception) => exception.kubeScore ?? []);
  return Object.fromEntries([
    ...(kubeScore.length > 0 ? [['kube-score/ignore', kubeScore.join(',')]] : []),
    ...meant.flatMap(({ reason, checkov = [], polaris = [], kubeLinter = [] }) => [
      ...checkov.map((id) => [`checkov.io/skip-${id}`, `${id}=${reason}`]),
      ...polaris.map((id) => [`polaris.fairwinds.com/${id}-exempt`, 'true']),
      ...kubeLinter.map((id) => [`ignore-check.kube-linter.io/${id}`, reason]),
    ]),
  ]);
}

/** What checkers look at in the pods of a workload. */
export function podFacts(
  containers: readonly ContainerProps[],
  volumes: Readonly<Record<string, Omit<Volume, 'name'>>>,
  uid: number,
): Omit<Facts, 'kind' | 'replicas' | 'headless'> {
  return {
    root: uid === 0,
    digests: containers.every((item) => item.image.includes('@sha256:')),
    secretEnvironment: containers.some((item) =>
      Object.values(item.env ?? {}).some((value) => typeof value === 'object' && 'secret' in value),
    ),
    hostPort: containers.some((item) =>
      Object.values(item.ports ?? {}).some((port) => typeof port === 'object' && port.hostPort !== undefined),
    ),
    sensitiveNames: containers.some((item) =>
      Object.entries(item.env ?? {}).some(
        ([name, value]) => typeof value === 'string' && /password|token|secret|bearer/i.test(name),
      ),
    ),
    sameProbes: containers.some(
      ({ readiness, liveness }) =>
        readiness?.httpGet !== undefined &&
        readiness.httpGet.path === liveness?.httpGet?.path &&
        readiness.httpGet.port === liveness?.httpGet?.port,
    ),
    hostPath: Object.values(volumes).some((volume) => volume.hostPath !== undefined),
  };
}
