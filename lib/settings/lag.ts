import type { ReplicationPlan } from '../plan/settings.js';

/** An execution of a replication policy, as Harbor lists it. */
export interface Execution {
  readonly id: number;
  readonly policy_id: number;
  readonly status: 'InProgress' | 'Succeed' | 'Failed' | 'Stopped';
  /** Why it failed. */
  readonly status_text?: string;
  /** `event_based` copies what one push brought, all others compare everything. */
  readonly trigger: string;
  readonly start_time: string;
}

/** What is known of the copies of one project to one registry. */
export interface Progress {
  /** Name of the policy for pushes. */
  readonly policy: string;
  readonly registry: string;
  /** Start of the oldest copy that is not known to be there, in milliseconds since 1970; nothing when all are. */
  readonly waitingSince?: number;
  /** Start of the last comparison of everything that succeeded; nothing before the first, or without a schedule. */
  readonly complete?: number;
  /** Whether everything is compared again and again. */
  readonly scheduled: boolean;
  /** Executions that have failed since this was started. */
  readonly failures: number;
}

interface Way {
  /** Starts of copies that have not succeeded, by the id of their execution. */
  readonly waiting: Map<number, number>;
  complete?: number;
  failures: number;
}

/**
 * How far copies lag behind, from the executions that Harbor lists. An execution for a push waits until it has succeeded, or until a
 * comparison of everything has succeeded that began later. A comparison that has failed waits likewise. Harbor keeps the last 50
 * executions of a policy: those that waited longer are remembered here.
 */
export class Lag {
  private readonly ways = new Map<string, Way>();
  /** Executions that were running when they were last seen. */
  private running = new Set<number>();
  /** Those from {@link oldest} on that had ended. */
  private ended = new Set<number>();
  private newest = 0;
  private isFirst = true;

  /** The id of the oldest execution that may tell something new. */
  get oldest(): number {
    return Math.min(this.newest + 1, ...this.running);
  }

  /**
   * Takes in what Harbor shows.
   *
   * @param planned policies as planned: two with the same registry and repositories belong together
   * @param ids of the policies that Harbor has, by name
   * @param executions all from {@link oldest} on
   * @returns the progress of all that is planned and that Harbor has
   */
  see(
    planned: readonly ReplicationPlan[],
    ids: ReadonlyMap<string, number>,
    executions: readonly Execution[],
  ): readonly Progress[] {
    const keys = new Map(
      planned.flatMap((policy) => {
        const id = ids.get(policy.name);
        return id === undefined ? [] : [[id, keyOf(policy)] as const];
      }),
    );
    const there = new Set(keys.values());
    for (const key of this.ways.keys()) if (!there.has(key)) this.ways.delete(key);
    for (const key of there) if (!this.ways.has(key)) this.ways.set(key, { waiting: new Map(), failures: 0 });
    for (const execution of executions) this.take(execution, this.ways.get(keys.get(execution.policy_id) ?? ''));
    for (const { waiting, complete = 0 } of this.ways.values()) {
      for (const [id, start] of waiting) if (start < complete) waiting.delete(id);
    }
    this.running = new Set(executions.flatMap(({ id, status }) => (status === 'InProgress' ? [id] : [])));
    this.newest = Math.max(this.newest, ...executions.map(({ id }) => id));
    const { oldest } = this;
    const ended = executions.flatMap(({ id, status }) => (status !== 'InProgress' && id >= oldest ? [id] : []));
    this.ended = new Set(ended);
    this.isFirst = false;
    return this.progress(planned, there);
  }

  private take({ id, status, status_text = '', trigger, start_time }: Execution, way: Way | undefined): void {
    // A comparison that does not begin because the one before still runs is listed as failed; that one tells.
    if (way === undefined || status_text.startsWith('Execution skipped')) return;
    const start = Date.parse(start_time);
    const isPush = trigger === 'event_based';
    if (status === 'Succeed') {
      way.waiting.delete(id);
      if (!isPush) way.complete = Math.max(way.complete ?? 0, start);
    } else if (isPush || status === 'Failed') {
      // A comparison that runs, or was stopped, tells of nothing that is missing.
      way.waiting.set(id, start);
    }
    // What had failed before this was started would count again with each start.
    if (status === 'Failed' && !this.isFirst && !this.ended.has(id)) way.failures++;
  }

  private progress(planned: readonly ReplicationPlan[], there: ReadonlySet<string>): readonly Progress[] {
    return planned.flatMap((policy) => {
      const way = this.ways.get(keyOf(policy));
      if (policy.cron !== undefined || way === undefined || !there.has(keyOf(policy))) return [];
      const starts = [...way.waiting.values()];
      return [
        {
          policy: policy.name,
          registry: policy.registry,
          waitingSince: starts.length === 0 ? undefined : starts.reduce((a, b) => Math.min(a, b)),
          complete: way.complete,
          scheduled: planned.some((other) => other.cron !== undefined && keyOf(other) === keyOf(policy)),
          failures: way.failures,
        },
      ];
    });
  }
}

const keyOf = ({ registry, repositories }: ReplicationPlan): string => `${registry} ${repositories}`;
