import { readJobSchedule } from './check.js';
import type { ComponentPlan } from './components.js';
import { IMAGE } from './names.js';
import type { Reader } from './reader.js';

/** How settings are brought about in the cluster. */
export interface ReconcilePlan {
  readonly image: string;
  /** Five cron fields. */
  readonly schedule: string;
  /** Seconds after which a run has failed. */
  readonly deadlineSeconds: number;
  readonly resources: ComponentPlan['resources'];
}

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
