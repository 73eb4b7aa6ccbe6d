import type { ComponentPlan } from './components.js';
import { readJobSchedule } from './cron.js';
import type { Endpoint, HarborPlan } from './harbor.js';
import { harborPods, METRICS_PORT, serviceHost } from './harbor-names.js';
import { IMAGE } from './names.js';
import type { Reader } from './reader.js';
import type { SecretKeyRef } from './secrets.js';
import type { RobotPlan } from './settings.js';

/** How settings are brought about in the cluster. */
export interface ReconcilePlan {
  readonly image: string;
  /** Five cron fields. */
  readonly schedule: string;
  /** Seconds after which a run has failed. */
  readonly deadlineSeconds: number;
  readonly resources: ComponentPlan['resources'];
  /** What shows how replication and these runs stand; nothing without metrics. */
  readonly exporter?: ExporterPlan;
}

/** The exporter of the reconciler. */
export interface ExporterPlan extends ComponentPlan {
  /** Where it is inside the cluster. */
  readonly endpoint: Endpoint;
  /** Whom it asks Harbor as. */
  readonly robot: { readonly login: string; readonly password: SecretKeyRef };
}

/** The component that the exporter is. */
export const METRICS_COMPONENT = 'metrics';

/** Plans the exporter, with a robot for it alone. */
export const exporterOf = (
  harbor: Pick<HarborPlan, 'instance' | 'namespace'>,
  robotPrefix: string,
  { name, password }: RobotPlan,
): ExporterPlan => ({
  replicas: 1,
  resources: { cpu: '10m', cpuLimit: '200m', memory: '96Mi', ephemeralStorage: '32Mi' },
  endpoint: {
    scheme: 'http',
    host: serviceHost(`${harbor.instance}-${METRICS_COMPONENT}`, harbor.namespace),
    port: METRICS_PORT,
    podPort: METRICS_PORT,
    pods: harborPods(harbor, METRICS_COMPONENT),
  },
  robot: { login: `${robotPrefix}${name}`, password },
});

/** Reads how settings are brought about in the cluster; nothing when that is left to the command line. */
export function readReconcile(settings: Reader): ReconcilePlan | undefined {
  if (settings.raw('reconcile') === false) return undefined;
  const reconcile = settings.child('reconcile').only('image', 'schedule');
  return {
    image: reconcile.text('image', IMAGE) ?? 'docker.io/library/node:22.12.0-alpine3.21',
    schedule: readJobSchedule(reconcile) ?? '*/30 * * * *',
    deadlineSeconds: 1_800,
    resources: { cpu: '10m', cpuLimit: '500m', memory: '128Mi', ephemeralStorage: '32Mi' },
  };
}
