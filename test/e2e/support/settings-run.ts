import type { Job } from 'kubernetes-types/batch/v1';
import type { Kubectl } from './kubectl';
import { eventually } from './process';
import { Traffic } from './traffic';

const CORE = { namespace: 'harbor', selector: 'app=harbor,component=core' };
let runs = 0;

const settingsJobs = async (kubectl: Kubectl): Promise<readonly Job[]> =>
  (await kubectl.list<Job>('jobs', '-n', 'harbor')).filter(({ metadata }) =>
    metadata?.name?.startsWith('harbor-settings-'),
  );

/** Waits until a run that began after the others has brought all settings about; gives its name. */
export const untilSettled = (kubectl: Kubectl, others: readonly string[] = []): Promise<string> =>
  eventually(
    async () =>
      (await settingsJobs(kubectl))
        .filter(({ status }) => (status?.succeeded ?? 0) > 0)
        .map(({ metadata }) => metadata?.name ?? '')
        .find((name) => !others.includes(name)),
    {
      what: 'the settings to be brought about',
      timeoutMs: 300_000,
      explain: () => kubectl.run(['logs', '-n', 'harbor', '-l', 'component=settings', '--tail=20', '--prefix']),
    },
  );

/** Names of the runs so far. */
export const settingsRuns = async (kubectl: Kubectl): Promise<readonly string[]> =>
  (await settingsJobs(kubectl)).map(({ metadata }) => metadata?.name ?? '');

/** Runs a reconciliation at once; gives its log, and the writing calls that core counted meanwhile. */
export const reconcileNow = async (kubectl: Kubectl): Promise<{ readonly log: string; readonly writes: object }> => {
  const traffic = new Traffic(kubectl);
  const name = `harbor-settings-by-hand-${++runs}`;
  const before = await traffic.writes(CORE);
  await kubectl.run(['create', 'job', '-n', 'harbor', name, '--from=cronjob/harbor-settings']);
  await kubectl.run(['wait', '-n', 'harbor', '--for=condition=complete', '--timeout=120s', `job/${name}`], {
    timeoutMs: 130_000,
  });
  const after = await traffic.writes(CORE);
  const writes = Object.entries(after).filter(([call, count]) => count !== (before[call] ?? 0));
  return { log: await kubectl.run(['logs', '-n', 'harbor', `job/${name}`]), writes: Object.fromEntries(writes) };
};
