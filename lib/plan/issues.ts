import { replaceMarkers } from './deferred.js';

/** What an error shows of a secret. */
export const HIDDEN = '(hidden)';

/** What an error shows of a value that is known only when deployed. */
export const LATE = '(a late value)';

const TOPOLOGY = 'the topology';

/** One mistake in the user's props: where it is, what was given, what is allowed, and what to change. */
export interface Issue {
  /** Path into the props, such as `regions.virginia.database.host`. */
  readonly path: string;
  /** What is wrong, in a few words. */
  readonly problem: string;
  /** The value found, as the user would recognise it; never a secret. */
  readonly given: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** What to change. */
  readonly fix: string;
  /** `error` stops the plan; `warning` is reported and the plan goes on. */
  readonly level: 'error' | 'warning';
}

/** Every mistake at once. Thrown before anything is created or written. */
export class PlanError extends Error {
  /** All mistakes, in the order of the props. */
  readonly issues: readonly Issue[];

  /** @param about what they are mistakes in */
  constructor(issues: readonly Issue[], about: string = TOPOLOGY) {
    const count = `${issues.length} ${issues.length === 1 ? 'mistake' : 'mistakes'}`;
    super(`${count} in ${about}:\n${issues.map(formatIssue).join('\n')}`);
    this.name = 'PlanError';
    this.issues = issues;
    // A user's mistake is not a crash: the place in our code would only hide the place in theirs.
    this.stack = `${this.name}: ${this.message}`;
  }
}

/** One issue as a short paragraph: `path: problem`, then given, allowed and fix on lines of their own. */
export function formatIssue(issue: Issue): string {
  return `- ${issue.path}: ${issue.problem}\n    given:   ${issue.given}\n    allowed: ${issue.allowed}\n    fix:     ${issue.fix}`;
}

/** Gathers issues while a plan is made, so that the user sees all of them at once. */
export class Issues {
  private readonly found = new Map<string, Issue>();

  /** @param about what is read, such as `the settings of a Harbor` */
  constructor(readonly about: string = TOPOLOGY) {}

  /** Records a mistake that stops the plan. */
  error(path: string, problem: string, given: unknown, allowed: string, fix: string): void {
    this.add([{ ...told(path, problem, given, allowed, fix), level: 'error' }]);
  }

  /** Records something that works, but not as well as the user may think. */
  warning(path: string, problem: string, given: unknown, allowed: string, fix: string): void {
    this.add([{ ...told(path, problem, given, allowed, fix), level: 'warning' }]);
  }

  /** Takes issues over. What is recorded already, about the same setting in the same words, is not recorded again. */
  add(issues: readonly Issue[]): void {
    for (const issue of issues) {
      const key = JSON.stringify(issue);
      if (!this.found.has(key)) this.found.set(key, issue);
    }
  }

  /** What was recorded so far. */
  get all(): readonly Issue[] {
    return [...this.found.values()];
  }

  get warnings(): readonly Issue[] {
    return this.all.filter((issue) => issue.level === 'warning');
  }

  /** Throws a {@link PlanError} when any error was recorded. */
  throwIfAny(): void {
    const errors = this.all.filter((issue) => issue.level === 'error');
    if (errors.length > 0) throw new PlanError(errors, this.about);
  }
}

function told(path: string, problem: string, given: unknown, allowed: string, fix: string): Omit<Issue, 'level'> {
  const words = (text: string): string => replaceMarkers(text, LATE);
  return { path, problem: words(problem), given: show(given), allowed: words(allowed), fix: words(fix) };
}

/** Whether it is Pulumi's late value, told without Pulumi. */
export const isOutput = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && '__pulumiOutput' in value && value.__pulumiOutput === true;

/** A value as it stands in an error: strings quoted, objects shortened, late values by name, nothing for `undefined`. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === HIDDEN) return HIDDEN;
  // What an Output says of itself as JSON is a sentence about what to do instead.
  if (isOutput(value)) return LATE;
  const text = replaceMarkers(typeof value === 'string' ? `"${value}"` : asJson(value), LATE).replace(
    `"${LATE}"`,
    LATE,
  );
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** A value as JSON; what JSON cannot hold (a cycle, a big integer, a function) by its own name. */
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return String(value);
  }
}
