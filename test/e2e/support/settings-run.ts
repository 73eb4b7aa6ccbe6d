import type { CronJob, Job } from 'kubernetes-types/batch/v1';
import type { Kubectl } from './kubectl';
import { eventually } from './process';
import { Traffic } from './traffic';

const CORE = { namespace: 'harbor', selector: 'app=harbor,component=core' };
let runs = 0;

const settingsJobs = async (kubectl: Kubectl): Promise<readonly Job[]> =>
  (await kubectl.list<Job>('jobs', '-n', 'harbor')).filter(({ metadata }) =>
    metadata?.name?.startsWith('harbor-settings-'),
  );

/** Waits until the settings are brought about; gives the name of the run that did it. */
export const untilSettled = (kubectl: Kubectl, isMeant: (run: Job) => boolean = () => true): Promise<string> =>
  eventually(
    async () =>
      (await settingsJobs(kubectl)).find((run) => (run.status?.succeeded ?? 0) > 0 && isMeant(run))?.metadata?.name,
    {
      what: 'the settings to be brought about',
      timeoutMs: 300_000,
      explain: () => kubectl.run(['logs', '-n', 'harbor', '-l', 'component=settings', '--tail=20', '--prefix']),
    },
  );

/**
 * Makes a change of the stack, and waits until a run has brought it about: the one that comes with the change, or one that began after it. One
 * that was scheduled while the change was made may have had the settings before.
 */
export const untilChanged = async (kubectls: readonly Kubectl[], change: () => Promise<unknown>): Promise<void> => {
  const runs = await Promise.all(kubectls.map(settingsJobs));
  const known = new Set(runs.flat().map(({ metadata }) => metadata?.uid));
  await change();
  const changed = Date.now();
  const isMeant = ({ metadata, status }: Job): boolean =>
    !known.has(metadata?.uid) &&
    (metadata?.ownerReferences === undefined || Date.parse(String(status?.startTime)) > changed);
  await Promise.all(kubectls.map((kubectl) => untilSettled(kubectl, isMeant)));
};

/** Runs a reconciliation at once; gives its log, and the writing calls that core counted meanwhile. */
export const reconcileNow = async (kubectl: Kubectl): Promise<{ readonly log: string; readonly writes: object }> => {
  const traffic = new Traffic(kubectl);
  const name = `harbor-settings-by-hand-${++runs}`;
  const before = await traffic.writes(CORE);
  const { spec } = await kubectl.getJson<CronJob>('cronjob', 'harbor-settings', '-n', 'harbor');
  // `kubectl create job --from` makes a Job that the CronJob owns, and takes away when the next one is done.
  const job = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace: 'harbor' },
    spec: spec?.jobTemplate.spec,
  };
  await kubectl.apply([job]);
  await kubectl.run(['wait', '-n', 'harbor', '--for=condition=complete', '--timeout=120s', `job/${name}`], {
    timeoutMs: 130_000,
  });
  const after = await traffic.writes(CORE);
  const writes = Object.entries(after).filter(([call, count]) => count !== (before[call] ?? 0));
  const pods = await kubectl.pods('harbor', `batch.kubernetes.io/job-name=${name}`);
  const succeeded = pods.find(({ status }) => status?.phase === 'Succeeded')?.metadata?.name ?? '';
  return { log: await kubectl.run(['logs', '-n', 'harbor', succeeded]), writes: Object.fromEntries(writes) };
};

/** Does something while no run is at work, and none begins. */
export const whileSuspended = async <T>(kubectl: Kubectl, act: () => Promise<T>): Promise<T> => {
  const suspend = (value: boolean) =>
    kubectl.run([
      'patch',
      'cronjob/harbor-settings',
      '-n',
      'harbor',
      '-p',
      JSON.stringify({ spec: { suspend: value } }),
    ]);
  await suspend(true);
  await eventually(
    async () => {
      const { status } = await kubectl.getJson<CronJob>('cronjob', 'harbor-settings', '-n', 'harbor');
      return (status?.active ?? []).length === 0 ? true : undefined;
    },
    { what: 'the last run to end' },
  );
  try {
    return await act();
  } finally {
    await suspend(false);
  }
};
