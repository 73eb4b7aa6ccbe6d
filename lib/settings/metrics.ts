import type { Progress } from './lag.js';

/** What a run of the reconciler came to. */
export interface RunResult {
  readonly made: number;
  readonly changed: number;
  readonly removed: number;
  readonly failed: number;
}

/** What is known of all runs since the start. */
export interface Runs {
  /** The last one, and when it ended, in milliseconds since 1970; nothing before the first. */
  readonly last?: RunResult & { readonly at: number };
  /** When the last one ended that brought everything about. */
  readonly succeeded?: number;
  /** Sums over all runs. */
  readonly sums: Omit<RunResult, 'failed'>;
}

/** All that is shown. */
export interface Shown {
  /** Whether Harbor answered when it was last asked; what follows is of its last answer. */
  readonly up: boolean;
  readonly progress: readonly Progress[];
  readonly runs: Runs;
  /** Milliseconds since 1970. */
  readonly started: number;
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number];

/** The metrics as Prometheus reads them. */
export function metricsText({ up, progress, runs, started }: Shown, now: number): string {
  const metric = (name: string, type: 'gauge' | 'counter', help: string, samples: readonly Sample[]): string =>
    samples.length === 0
      ? ''
      : `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((sample) => `${line(name, sample)}\n`).join('')}`;
  const each = (value: (one: Progress) => number | undefined): readonly Sample[] =>
    progress.flatMap((one) => {
      const number = value(one);
      return number === undefined ? [] : [[{ policy: one.policy, registry: one.registry }, number] as const];
    });
  const one = (value: number | undefined): readonly Sample[] => (value === undefined ? [] : [[{}, value]]);
  return [
    metric('harbor_fleet_replication_up', 'gauge', 'Whether Harbor tells of its replications.', one(up ? 1 : 0)),
    metric(
      'harbor_fleet_replication_lag_seconds',
      'gauge',
      'Age of the oldest copy that is not known to be there; 0 when all are.',
      each(({ waitingSince }) => (waitingSince === undefined ? 0 : Math.max(0, now - waitingSince) / 1000)),
    ),
    metric(
      'harbor_fleet_replication_complete_timestamp_seconds',
      'gauge',
      'Start of the last comparison of everything that succeeded; 0 before the first.',
      each(({ complete, scheduled }) => (complete === undefined ? (scheduled ? 0 : undefined) : complete / 1000)),
    ),
    metric(
      'harbor_fleet_replication_failures_total',
      'counter',
      'Executions that have failed.',
      each(({ failures }) => failures),
    ),
    metric(
      'harbor_fleet_settings_run_timestamp_seconds',
      'gauge',
      'End of the last run that brought settings about.',
      one(runs.last && runs.last.at / 1000),
    ),
    metric(
      'harbor_fleet_settings_success_timestamp_seconds',
      'gauge',
      'End of the last such run that failed nowhere.',
      one(runs.succeeded && runs.succeeded / 1000),
    ),
    metric(
      'harbor_fleet_settings_failures',
      'gauge',
      'What the last run could not bring about.',
      one(runs.last?.failed),
    ),
    metric(
      'harbor_fleet_settings_changes_total',
      'counter',
      'What runs made, changed and removed.',
      (['made', 'changed', 'removed'] as const).map((action) => [{ action }, runs.sums[action]]),
    ),
    metric('process_start_time_seconds', 'gauge', 'When this was started.', one(started / 1000)),
  ].join('');
}

function line(name: string, [labels, value]: Sample): string {
  const text = Object.entries(labels).map(([key, label]) => `${key}="${label.replace(/[\\"]/g, '\\$&')}"`);
  return `${name}${text.length === 0 ? '' : `{${text.join(',')}}`} ${value}`;
}
