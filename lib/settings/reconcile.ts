import { ApiError } from './api.js';
import { type Difference, differences } from './compare.js';

/** Something as Harbor has it, in the words of the plan. */
export interface Found<T> {
  readonly id: number;
  readonly state: T;
  /** Whether it carries our mark: it may be removed. */
  readonly ours: boolean;
}

/** Something as it shall be. */
export interface Wanted<T> {
  readonly state: T;
  /** What must be there before, such as `project payments`: when that failed, this is not tried. */
  readonly needs?: readonly string[];
}

/** All objects of one kind: what they shall be like, what they are like, and how they are changed. */
export interface Kind<T extends object> {
  readonly kind: string;
  readonly wanted: ReadonlyMap<string, Wanted<T>>;
  /** Fields whose values are never shown. */
  readonly hidden?: readonly string[];
  read(): Promise<ReadonlyMap<string, Found<T>>>;
  create?(name: string, state: T): Promise<void>;
  update(name: string, state: T, found: Found<T>, fields: readonly Difference[]): Promise<void>;
  remove?(name: string, found: Found<T>): Promise<void>;
}

/** What was found different, and what became of it. */
export interface Change {
  readonly kind: string;
  readonly name: string;
  readonly action: 'create' | 'update' | 'remove' | 'read';
  readonly fields: readonly Difference[];
  readonly result: 'planned' | 'done' | 'failed' | 'skipped';
  /** Why it failed, or was not tried. */
  readonly error?: string;
}

export interface ReconcileOptions {
  /** Nothing is changed. */
  readonly dryRun: boolean;
  /** Told of each change as soon as it is done. */
  readonly report?: (change: Change) => void;
}

/** Requests at a time: Harbor's core handles more, but it has others to serve. */
const WORKERS = 6;

/** Does something with every item, a few at a time, and gathers what comes of it in the order of the items. */
export async function each<T, R>(items: Iterable<T>, task: (item: T) => Promise<R>): Promise<readonly R[]> {
  const all = [...items];
  const results: R[] = new Array(all.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < all.length; i = next++) results[i] = await task(all[i] as T);
  };
  await Promise.all(Array.from({ length: Math.min(WORKERS, all.length) }, worker));
  return results;
}

/**
 * Makes everything as it shall be, kind after kind; what is ours and not wanted any more is removed at the end, in the opposite
 * order. What fails does not stop what does not depend on it.
 *
 * @returns every difference; none when everything is as it shall be
 */
export async function reconcile(kinds: readonly Kind<object>[], options: ReconcileOptions): Promise<readonly Change[]> {
  const run = new Run(options);
  for (const kind of kinds) await run.bring(kind);
  for (const kind of [...kinds].reverse()) await run.clear(kind);
  return run.changes;
}

type Outcome = Pick<Change, 'result' | 'error'>;

class Run {
  readonly changes: Change[] = [];
  private readonly failed = new Set<string>();
  private readonly leftovers = new Map<string, readonly (readonly [string, Found<object>])[]>();

  constructor(private readonly options: ReconcileOptions) {}

  async bring(kind: Kind<object>): Promise<void> {
    const found = await this.read(kind);
    if (found === undefined) return;
    this.leftovers.set(
      kind.kind,
      [...found].filter(([name, { ours }]) => ours && !kind.wanted.has(name)),
    );
    const changes = await each(kind.wanted, async ([name, wanted]) => {
      const before = found.get(name);
      const fields = differences(wanted.state, before?.state, kind.hidden);
      if (before !== undefined && fields.length === 0) return [];
      const action = before === undefined && kind.create !== undefined ? 'create' : 'update';
      const outcome = await this.attempt(wanted.needs ?? [], async () => {
        if (before !== undefined) await kind.update(name, wanted.state, before, fields);
        else if (kind.create !== undefined) await kind.create(name, wanted.state);
        else throw new ApiError('is not there, and nothing but Harbor itself makes it');
      });
      return [this.report({ kind: kind.kind, name, action, fields, ...outcome })];
    });
    this.changes.push(...changes.flat());
  }

  async clear(kind: Kind<object>): Promise<void> {
    if (kind.remove === undefined) return;
    const changes = await each(this.leftovers.get(kind.kind) ?? [], async ([name, found]) => {
      const outcome = await this.attempt([], async () => kind.remove?.(name, found));
      return this.report({ kind: kind.kind, name, action: 'remove', fields: [], ...outcome });
    });
    this.changes.push(...changes);
  }

  private async read(kind: Kind<object>): Promise<ReadonlyMap<string, Found<object>> | undefined> {
    try {
      return await kind.read();
    } catch (error) {
      for (const name of kind.wanted.keys()) this.failed.add(`${kind.kind} ${name}`);
      const failure = { kind: kind.kind, name: 'all', action: 'read', fields: [], result: 'failed' } as const;
      this.changes.push(this.report({ ...failure, error: reasonOf(error) }));
      return undefined;
    }
  }

  private async attempt(needs: readonly string[], task: () => Promise<void>): Promise<Outcome> {
    const missing = needs.filter((need) => this.failed.has(need));
    if (missing.length > 0) return { result: 'skipped', error: `not tried, because ${missing.join(' and ')} failed` };
    if (this.options.dryRun) return { result: 'planned' };
    try {
      await task();
      return { result: 'done' };
    } catch (error) {
      return { result: 'failed', error: reasonOf(error) };
    }
  }

  private report(change: Change): Change {
    if (change.result === 'failed' || change.result === 'skipped') this.failed.add(`${change.kind} ${change.name}`);
    this.options.report?.(change);
    return change;
  }
}

/** The message of what Harbor refused; anything else is a mistake of ours, and must not look like one of Harbor's. */
function reasonOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof MissingSecret) return error.message;
  throw error;
}

/** A value that should be in a Secret is not there. */
export class MissingSecret extends Error {}
