import { text } from 'node:stream/consumers';
import { styleText } from 'node:util';
import type { Issue } from '../plan/issues.js';
import { type Source, systemSource } from '../secrets/source.js';

/** What the command ends with. */
export const EXIT = {
  fine: 0,
  /** The topology has mistakes. */
  mistakes: 1,
  /** The command line is wrong, or a file cannot be read. */
  usage: 2,
  /** Nothing was written, because something of the user's would be overwritten or lost. */
  refused: 3,
  /** `diff` or `settings plan` found differences. */
  different: 4,
  /** Harbor refused something, or did not answer. */
  failed: 5,
  /** A mistake in harbor-fleet itself. */
  bug: 70,
} as const;

/** Something that ends the command with a message of its own and without a stack trace. */
export class CliError extends Error {
  constructor(
    readonly exitCode: (typeof EXIT)[keyof typeof EXIT],
    message: string,
  ) {
    super(message);
    this.name = 'CliError';
  }
}

type Style = Parameters<typeof styleText>[0];

/** The world around the command: replaced in tests. */
export interface Io {
  /** Folder that relative paths start from. */
  readonly cwd: string;
  /** Results go here. */
  readonly out: (text: string) => void;
  /** Messages go here. */
  readonly err: (text: string) => void;
  readonly colours: { readonly out: boolean; readonly err: boolean };
  /** Columns of the terminal. @default - not a terminal: lines are never wrapped */
  readonly width?: number;
  readonly source: Source;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** All of standard input. */
  readonly stdin: () => Promise<string>;
}

/** The real world. Colours only on a terminal, and never with `NO_COLOR` (no-color.org). */
export function systemIo(): Io {
  const plain = (process.env.NO_COLOR ?? '') !== '' || process.env.TERM === 'dumb';
  return {
    cwd: process.cwd(),
    out: (message) => process.stdout.write(message),
    err: (message) => process.stderr.write(message),
    colours: { out: process.stdout.isTTY === true && !plain, err: process.stderr.isTTY === true && !plain },
    width: process.stdout.isTTY ? process.stdout.columns : undefined,
    source: systemSource,
    env: process.env,
    stdin: () => text(process.stdin),
  };
}

/** A function that styles text, or leaves it as it is where there is no terminal. */
export const painter =
  (coloured: boolean) =>
  (style: Style, message: string): string =>
    coloured ? styleText(style, message, { validateStream: false }) : message;

/** `1 file`, `2 files`. */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The text of whatever was thrown. A topology module may throw errors of another realm, which are no `Error` here. */
export const messageOf = (thrown: unknown): string =>
  String((thrown as { message?: unknown } | null)?.message ?? thrown);

/** The issues of a `PlanError`, also of one that another copy of the package threw. */
export function planErrorIssues(thrown: unknown): readonly Issue[] | undefined {
  const { name, issues } = (thrown ?? {}) as { name?: unknown; issues?: readonly Issue[] };
  return name === 'PlanError' && Array.isArray(issues) ? issues : undefined;
}
