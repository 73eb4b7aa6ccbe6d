import type { ReplicationPlan } from '../../lib/plan/settings';
import { type Execution, Lag, type Progress } from '../../lib/settings/lag';
import fc from '../support/properties';

const policy = (name: string, more: Partial<ReplicationPlan> = {}): ReplicationPlan => ({
  name,
  registry: 'paris',
  repositories: 'app/**',
  destinationNamespace: '',
  replaceCount: 0,
  overwrites: true,
  deletion: false,
  speed: 0,
  ...more,
});
const PLANNED = [policy('app-to-paris'), policy('app-to-paris-all', { cron: '0 0 * * * *' })];
const IDS = new Map([
  ['app-to-paris', 1],
  ['app-to-paris-all', 2],
]);
const START = Date.parse('2030-01-01T00:00:00Z');
const at = (minute: number): string => new Date(START + minute * 60_000).toISOString();
const pushed = (id: number, minute: number, status: Execution['status']): Execution => ({
  id,
  policy_id: 1,
  status,
  trigger: 'event_based',
  start_time: at(minute),
});
const compared = (id: number, minute: number, status: Execution['status']): Execution => ({
  ...pushed(id, minute, status),
  policy_id: 2,
  trigger: 'scheduled',
});

/** What is shown after several looks, each at what Harbor has since the oldest that counts. */
function seen(...looks: readonly (readonly Execution[])[]): Progress & { readonly minutes?: number } {
  const lag = new Lag();
  const all = new Map<number, Execution>();
  let shown: readonly Progress[] = [];
  for (const look of looks) {
    for (const execution of look) all.set(execution.id, execution);
    const { oldest } = lag;
    shown = lag.see(
      PLANNED,
      IDS,
      [...all.values()].filter(({ id }) => id >= oldest),
    );
  }
  const [one] = shown;
  if (one === undefined || shown.length !== 1) throw new Error(`${shown.length} ways in place of one`);
  return { ...one, minutes: one.waitingSince === undefined ? undefined : (one.waitingSince - START) / 60_000 };
}

describe('Lag', () => {
  it('is none while all copies have succeeded', () => {
    expect(seen([pushed(1, 0, 'Succeed'), compared(2, 5, 'Succeed'), pushed(3, 9, 'Succeed')])).toMatchObject({
      policy: 'app-to-paris',
      registry: 'paris',
      waitingSince: undefined,
      complete: START + 5 * 60_000,
      scheduled: true,
      failures: 0,
    });
  });

  it('is the age of the oldest push that is still on its way, or has failed', () => {
    expect(seen([pushed(1, 1, 'Succeed'), pushed(2, 2, 'InProgress'), pushed(3, 3, 'Failed')]).minutes).toBe(2);
    expect(seen([pushed(2, 2, 'InProgress')], [pushed(2, 2, 'Succeed'), pushed(3, 3, 'Failed')]).minutes).toBe(3);
    expect(seen([pushed(2, 2, 'Stopped')]).minutes).toBe(2);
  });

  it('ends with a comparison that began after the push and succeeded, and not with one that began before', () => {
    expect(seen([pushed(1, 5, 'Failed'), compared(2, 4, 'Succeed')]).minutes).toBe(5);
    expect(seen([pushed(1, 5, 'Failed'), compared(2, 6, 'InProgress')]).minutes).toBe(5);
    expect(seen([pushed(1, 5, 'Failed'), compared(2, 6, 'InProgress')], [compared(2, 6, 'Succeed')]).minutes).toBe(
      undefined,
    );
    // One that is started by hand compares everything too, whichever policy it is of.
    expect(seen([pushed(1, 5, 'Failed'), { ...pushed(2, 6, 'Succeed'), trigger: 'manual' }]).minutes).toBeUndefined();
  });

  it('a comparison that failed counts without any push, one that was stopped or runs does not', () => {
    expect(seen([compared(1, 3, 'Failed')]).minutes).toBe(3);
    expect(seen([compared(1, 3, 'Stopped'), compared(2, 4, 'InProgress')]).minutes).toBeUndefined();
  });

  it('a comparison that did not begin because one still ran is no failure, as Harbor lists it', () => {
    const status_text = 'Execution skipped: active replication still in progress.';
    const skipped = { ...compared(2, 4, 'Failed'), status_text };
    expect(seen([], [compared(1, 3, 'InProgress'), skipped])).toMatchObject({ failures: 0, waitingSince: undefined });
  });

  it('remembers what Harbor has forgotten', () => {
    const lag = new Lag();
    lag.see(PLANNED, IDS, [pushed(1, 1, 'Failed')]);
    expect(lag.oldest).toBe(2);
    const [later] = lag.see(PLANNED, IDS, [pushed(80, 80, 'Failed')]);
    expect(later).toMatchObject({ waitingSince: START + 60_000, failures: 1 });
  });

  it('counts each failure once, and none that was there before', () => {
    expect(seen([pushed(1, 1, 'Failed')]).failures).toBe(0);
    expect(
      seen(
        [pushed(1, 1, 'Failed'), pushed(2, 2, 'InProgress')],
        [pushed(3, 3, 'Failed')],
        [pushed(4, 4, 'Succeed')],
        [pushed(2, 2, 'Failed'), pushed(5, 5, 'Failed')],
        [],
      ).failures,
    ).toBe(3);
  });

  it('tells nothing of what Harbor does not have, and of policies of others', () => {
    const lag = new Lag();
    expect(lag.see(PLANNED, new Map(), [pushed(1, 1, 'Failed')])).toEqual([]);
    const two = [...PLANNED, policy('app-to-lyon', { registry: 'lyon' })];
    const shown = lag.see(two, new Map([...IDS, ['app-to-lyon', 3]]), [
      { ...pushed(2, 2, 'Failed'), policy_id: 3 },
      { ...pushed(3, 3, 'Failed'), policy_id: 99 },
    ]);
    expect(shown.map(({ policy: name, waitingSince, scheduled }) => [name, waitingSince, scheduled])).toEqual([
      ['app-to-paris', undefined, true],
      ['app-to-lyon', START + 120_000, false],
    ]);
    expect(lag.see([], IDS, [])).toEqual([]);
  });

  it('law: however often it looks, it ends up with what one look at everything shows', () => {
    const execution = fc.record({
      isPush: fc.boolean(),
      minutes: fc.nat(100),
      status: fc.constantFrom('Succeed' as const, 'Failed' as const, 'Stopped' as const),
      wasRunning: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(execution, { minLength: 1, maxLength: 30 }), (drawn) => {
        const all = drawn.map(({ isPush, minutes, status }, i) => (isPush ? pushed : compared)(i + 1, minutes, status));
        // Each shows up in its turn, first as running for a few looks.
        const looks = Array.from({ length: all.length + 4 }, (_, look) =>
          all.slice(0, look + 1).map((one, i): Execution => {
            const isRunning = look < i + (drawn[i]?.wasRunning ?? 0);
            return isRunning ? { ...one, status: 'InProgress' } : one;
          }),
        );
        const { failures: _, ...often } = seen([], ...looks);
        const { failures: __, ...once } = seen(all);
        expect(often).toEqual(once);
        expect(seen([], ...looks).failures).toBe(all.filter(({ status }) => status === 'Failed').length);
      }),
    );
  });
});
