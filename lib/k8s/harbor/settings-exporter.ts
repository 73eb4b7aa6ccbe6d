import { Construct } from 'constructs';
import type { HarborPlan } from '../../plan/harbor.js';
import { endpointUrl, METRICS_PORT } from '../../plan/harbor-names.js';
import { type ExporterPlan, METRICS_COMPONENT, type ReconcilePlan } from '../../plan/reconcile.js';
import { httpProbe } from '../container.js';
import { manifest } from '../manifest.js';
import { objectLabels, Workload, type WorkloadContext } from '../workload.js';
import { servicePort } from './common.js';
import { fileOf, PROGRAM, programParts, SECRETS, script, sourcesOf } from './settings-program.js';

interface SettingsExporterProps {
  readonly plan: HarborPlan;
  /** ConfigMaps with the script and the settings. */
  readonly programs: readonly string[];
  readonly reconcile: ReconcilePlan;
  readonly exporter: ExporterPlan;
  readonly context: WorkloadContext;
}

/**
 * Shows how far replication lags behind, and what runs of the reconciler came to, as metrics. It asks Harbor as a robot that may read
 * lists of executions and nothing else. Settings and the password are read anew at each look, so it starts anew for a new script only.
 */
export class SettingsExporter extends Construct {
  constructor(scope: Construct, id: string, { plan, programs, reconcile, exporter, context }: SettingsExporterProps) {
    super(scope, id);
    const { robot, endpoint } = exporter;
    const parts = programParts(plan, programs, sourcesOf([robot.password]));
    new Workload(this, 'workload', {
      context,
      component: METRICS_COMPONENT,
      selector: endpoint.pods.labels,
      plan: exporter,
      kind: 'Deployment',
      // The user of the image.
      user: { uid: 1000 },
      containers: [
        {
          name: METRICS_COMPONENT,
          image: reconcile.image,
          command: ['node'],
          args: [
            `${PROGRAM}/reconcile.js`,
            'exporter',
            endpointUrl(plan.core),
            `${PROGRAM}/settings.json`,
            SECRETS,
            robot.login,
            fileOf(robot.password),
            String(METRICS_PORT),
          ],
          env: parts.env,
          ports: { 'http-metrics': METRICS_PORT },
          readiness: httpProbe('/healthz', METRICS_PORT, 'http'),
          liveness: httpProbe('/healthz', METRICS_PORT, 'http', { failureThreshold: 3 }),
          mounts: parts.mounts,
        },
      ],
      volumes: parts.volumes,
      configuration: [script()],
    });
    manifest(this, 'service', 'Service', {
      metadata: {
        name: `${plan.instance}-${METRICS_COMPONENT}`,
        namespace: plan.namespace,
        labels: objectLabels(context, METRICS_COMPONENT),
      },
      spec: { selector: { ...endpoint.pods.labels }, ports: [servicePort('http-metrics', METRICS_PORT)] },
    });
  }
}
