import type { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServicePort, ServiceSpec, Volume } from 'kubernetes-types/core/v1';
import type { ComponentPlan } from '../../plan/components.js';
import type { HarborComponent, HarborPlan, InternalTlsComponent, KeyRef } from '../../plan/harbor.js';
import { HARBOR_USER } from '../../plan/harbor-images.js';
import { harborPods } from '../../plan/harbor-names.js';
import type { EnvValue, MountProps } from '../container.js';
import { manifest } from '../manifest.js';
import { json } from '../text.js';
import { internalTlsDirectory, internalTlsMount } from '../tls/mounts.js';
import { objectLabels, type WorkloadContext } from '../workload.js';

/** What Harbor's longest requests, pushes and pulls of big layers, get to end in. */
export const GRACE_SECONDS = 120;

/** Seconds that a pod goes on serving while the last clients learn that it is going: Services forget a pod after its end began. */
export const LEAVING = { preStop: { sleep: { seconds: 5 } } };

/** Only the owner and the pod's group read a file of a Secret. */
export const SECRET_MODE = 0o440;

/** Variables and mounts of a container together with the volumes of its pod. */
export interface Parts {
  readonly env: Readonly<Record<string, EnvValue | undefined>>;
  readonly mounts: readonly MountProps[];
  readonly volumes: Readonly<Record<string, Omit<Volume, 'name'>>>;
  /** Texts that the container reads at start: its pod rolls when one changes. */
  readonly configuration: readonly (string | (() => string))[];
}

/** Puts parts together, in their order. */
export const merge = (...parts: readonly Partial<Parts>[]): Parts => ({
  env: Object.assign({}, ...parts.map((part) => part.env)),
  mounts: parts.flatMap((part) => part.mounts ?? []),
  volumes: Object.assign({}, ...parts.map((part) => part.volumes)),
  configuration: parts.flatMap((part) => part.configuration ?? []),
});

/** What all workloads of a Harbor share. */
export const harborContext = (plan: HarborPlan): WorkloadContext => ({
  namespace: plan.namespace,
  instance: plan.instance,
  application: 'harbor',
  version: plan.version,
  secretRevisions: plan.secretRevisions,
  imagePullSecrets: plan.imagePullSecrets.length === 0 ? undefined : plan.imagePullSecrets,
  nodeSelector: plan.architecture === undefined ? undefined : { 'kubernetes.io/arch': plan.architecture },
});

/** Pods and resources of a component that runs. */
export function sizeOf(plan: HarborPlan, component: HarborComponent): ComponentPlan {
  const size = plan.components[component];
  if (size === undefined) throw new Error(`${component} is not a part of the plan of ${plan.instance}`);
  return size;
}

/** What is the same for the workload of every component. */
export const workloadOf = (plan: HarborPlan, context: WorkloadContext, component: HarborComponent) => ({
  context,
  component,
  selector: harborPods(plan, component).labels,
  plan: sizeOf(plan, component),
  user: { uid: HARBOR_USER },
});

/** Who core and jobservice are in the cloud. The cluster acts on it when it makes a pod, so they roll when it changes. */
export const cloudIdentity = ({ serviceAccountAnnotations }: HarborPlan): Partial<Parts> =>
  serviceAccountAnnotations === undefined ? {} : { configuration: [json(serviceAccountAnnotations)] };

/** A variable that Kubernetes takes from a Secret. */
export const fromSecret = ({ secret, key }: KeyRef): EnvValue => ({ secret, key });

/** One key of a Secret as a file. */
export const secretFile = (
  volume: string,
  { secret, key }: KeyRef,
  path: string,
): Pick<Parts, 'mounts' | 'volumes'> => ({
  mounts: [{ volume, path, subPath: key }],
  volumes: { [volume]: { secret: { secretName: secret, items: [{ key, path: key }], defaultMode: SECRET_MODE } } },
});

/** One key of a ConfigMap as a file. */
export const configFile = (
  volume: string,
  configMap: string,
  key: string,
  path: string,
): Pick<Parts, 'mounts' | 'volumes'> => ({
  mounts: [{ volume, path, subPath: key }],
  volumes: { [volume]: { configMap: { name: configMap } } },
});

/** A folder for temporary files, which goes with the pod. */
export const temporary = (volume: string, path: string): Pick<Parts, 'mounts' | 'volumes'> => ({
  mounts: [{ volume, path, writable: true }],
  volumes: { [volume]: { emptyDir: {} } },
});

/** The Service of a component, `<instance>-<component>`. */
export function harborService(
  scope: Construct,
  id: string,
  plan: HarborPlan,
  context: WorkloadContext,
  component: HarborComponent,
  ports: readonly ServicePort[],
  more: { readonly name?: string; readonly annotations?: Record<string, string>; readonly spec?: ServiceSpec } = {},
): ApiObject {
  return manifest(scope, id, 'Service', {
    metadata: {
      name: more.name ?? `${plan.instance}-${component}`,
      namespace: plan.namespace,
      labels: objectLabels(context, component),
      annotations: more.annotations,
    },
    spec: { selector: { ...harborPods(plan, component).labels }, ports: [...ports], ...more.spec },
  });
}

/** A port of a Service. */
export const servicePort = (name: string, port: number, targetPort: number = port): ServicePort => ({
  name,
  port,
  targetPort,
  protocol: 'TCP',
});

/** Variables of the forward proxy; none without one. */
export function proxyEnv(plan: HarborPlan): Parts['env'] {
  if (plan.proxy === undefined) return {};
  return {
    HTTP_PROXY: plan.proxy.http,
    HTTPS_PROXY: plan.proxy.https,
    NO_PROXY: plan.proxy.noProxy.join(','),
  };
}

/** Variables by which Harbor's programs find their own certificate, and switch to TLS; none without TLS between components. */
function internalTlsEnv(plan: HarborPlan, component: InternalTlsComponent): Parts['env'] {
  if (plan.internalTls.type === 'none') return {};
  const folder = internalTlsDirectory(component);
  return {
    INTERNAL_TLS_ENABLED: 'true',
    INTERNAL_TLS_KEY_PATH: `${folder}/tls.key`,
    INTERNAL_TLS_CERT_PATH: `${folder}/tls.crt`,
  };
}

/** A component's own certificate as file and variables. */
export const ownCertificate = (plan: HarborPlan, component: InternalTlsComponent): Partial<Parts> => ({
  ...internalTlsMount(plan, component),
  env: internalTlsEnv(plan, component),
});

/** Variables of the metrics that core and jobservice show of themselves. */
export const metricsEnv = (plan: HarborPlan, subsystem: 'core' | 'jobservice' | 'exporter'): Parts['env'] =>
  plan.metrics ? { METRIC_NAMESPACE: 'harbor', METRIC_SUBSYSTEM: subsystem } : {};

/** Lists of registries that Harbor may talk to, as in the official chart: an empty list of the first would allow none. */
export const PROXY_CACHE_TYPES =
  'docker-hub,harbor,azure-acr,ali-acr,aws-ecr,google-gcr,docker-registry,github-ghcr,jfrog-artifactory';
