import type { ComponentPlan } from './components.js';
import { readJobSchedule } from './cron.js';
import { IMAGE } from './names.js';
import type { Reader, TextRule } from './reader.js';

/**
 * The synthetic check: a job that uses Harbor as a client does. Harbor's own health endpoint answers 200 even when it is sick. A run
 * that fails stays as a failed Job (`kube_job_status_failed`); alert when none has succeeded for three times its schedule:
 * `time() - kube_cronjob_status_last_successful_time{cronjob="harbor-check"} > 900`.
 */
export interface CheckProps {
  /** @default true */
  readonly enabled?: boolean;
  /** When it runs: five cron fields of Kubernetes in the time zone of its controllers, mostly UTC, or `@hourly`, `@daily`, `@weekly`. @default every five minutes */
  readonly schedule?: string;
  /** Image with crane as /ko-app/crane. @default gcr.io/go-containerregistry/crane:v0.20.6 */
  readonly image?: string;
  /** What it pulls, and pushes with `push`: project, repository and tag. @default library/harbor-fleet-check:1 */
  readonly reference?: string;
  /**
   * It also pushes: two images of a few hundred bytes in turn under the one tag, so that every run writes and nothing piles up. Each
   * run then adds two pushes to the audit log and to the events of its project. `false` needs an image that is there.
   * @default true
   */
  readonly push?: boolean;
}

/** The synthetic check as planned. */
export interface CheckPlan extends Required<CheckProps> {
  /** Seconds after which a run has failed. */
  readonly deadlineSeconds: number;
  readonly resources: ComponentPlan['resources'];
}

const REFERENCE: TextRule = {
  pattern: /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+:[A-Za-z0-9_][-A-Za-z0-9_.]{0,127}$/,
  allowed: 'project/repository:tag without a host, such as library/harbor-fleet-check:1',
  maxLength: 255,
};

/** Reads the settings of the synthetic check and records every mistake. */
export function readCheck(reader: Reader, key: string): CheckPlan {
  const check = reader.child(key).only('enabled', 'schedule', 'image', 'reference', 'push');
  return {
    enabled: check.flag('enabled') ?? true,
    schedule: readJobSchedule(check) ?? '*/5 * * * *',
    image: check.text('image', IMAGE) ?? 'gcr.io/go-containerregistry/crane:v0.20.6',
    reference: check.text('reference', REFERENCE) ?? 'library/harbor-fleet-check:1',
    push: check.flag('push') ?? true,
    deadlineSeconds: 120,
    resources: { cpu: '10m', cpuLimit: '500m', memory: '64Mi', ephemeralStorage: '32Mi' },
  };
}
