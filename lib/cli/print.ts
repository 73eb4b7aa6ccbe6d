import Table from 'cli-table3';
import { plainText } from '../plan/describe.js';
import type { Issue } from '../plan/issues.js';
import { counted, type Io, painter } from './io.js';

/** A table's rows and their headings. */
export interface Columns {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const PADDING = 2;
/** A column keeps at least this width, and that of its heading, when a table is fitted into a terminal. */
const NARROWEST = 12;

/** A table as text, fitted into the terminal when there is one. */
export function table({ columns, rows: given }: Columns, io: Io): string {
  const rows = given.map((row) => row.map(plainText));
  const cells = columns.map((heading, i) => [heading, ...rows.map((row) => row[i] ?? '')]);
  const least = columns.map((heading) => Math.max(heading.length + PADDING, NARROWEST));
  // Words are only broken when lines alone do not help.
  const words = cells.map(longest(/\s/)).map((width, i) => Math.max(width, least[i] ?? 0));
  const wholeWords = narrowed(cells.map(longest(/\n/)), words, io.width);
  const widths = narrowed(wholeWords, least, io.width);
  const made = new Table({
    head: [...columns],
    colWidths: widths,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': PADDING },
    chars: LINES,
  });
  made.push(...rows.map((row) => columns.map((_, i) => wrapped(row[i] ?? '', (widths[i] ?? 0) - PADDING))));
  const [heading = '', ...lines] = made
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
  return `${[painter(io.colours.out)('bold', heading), ...lines].join('\n')}\n`;
}

/** A text in lines of at most a width, broken between words, and within a word that is longer. */
function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ').flatMap((long) => long.match(new RegExp(`.{1,${width}}`, 'gs')) ?? [''])) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}

/** Width of a column for the longest piece of its texts, between what separates pieces. */
const longest =
  (separator: RegExp) =>
  (texts: readonly string[]): number =>
    Math.max(...texts.flatMap((text) => text.split(separator)).map((piece) => piece.length)) + PADDING;

/** No lines: the eye follows columns by their edges. */
const LINES = {
  ...Object.fromEntries(
    ['top', 'bottom', 'left', 'right'].flatMap((side) => [
      [side, ''],
      [`${side}-mid`, ''],
    ]),
  ),
  ...Object.fromEntries(
    ['top-left', 'top-right', 'bottom-left', 'bottom-right', 'mid', 'mid-mid', 'middle'].map((at) => [at, '']),
  ),
};

/** Takes width from the widest columns until the table fits; nothing is wrapped where there is no terminal. */
function narrowed(widths: readonly number[], least: readonly number[], available: number | undefined): number[] {
  const fitted = [...widths];
  const spare = (i: number): number => Math.max(0, (fitted[i] ?? 0) - (least[i] ?? 0));
  for (let excess = fitted.reduce((sum, width) => sum + width, 0) - (available ?? Infinity); excess > 0; excess--) {
    const candidates = fitted.flatMap((width, i) => (spare(i) > 0 ? [{ width, i }] : []));
    const widest = candidates.sort((a, b) => b.width - a.width)[0];
    if (widest === undefined) break;
    fitted[widest.i] = widest.width - 1;
  }
  return fitted;
}

/** Issues as paragraphs, errors before warnings. */
export function printIssues(issues: readonly Issue[], io: Io): void {
  const paint = painter(io.colours.err);
  for (const level of ['error', 'warning'] as const) {
    const of = issues.filter((issue) => issue.level === level);
    if (of.length === 0) continue;
    io.err(
      `${paint(['bold', level === 'error' ? 'red' : 'yellow'], counted(of.length, level === 'error' ? 'mistake' : 'warning'))}\n`,
    );
    for (const issue of of) {
      const lines = [
        ['given', issue.given],
        ['allowed', issue.allowed],
        ['fix', issue.fix],
      ] as const;
      io.err(`\n  ${paint('bold', issue.path || 'the topology')} ${issue.problem}\n`);
      for (const [name, text] of lines) io.err(`    ${paint('dim', `${name}:`.padEnd(9))}${text}\n`);
    }
    io.err('\n');
  }
}

/** A machine's view of a result: one JSON document on standard output. */
export const printJson = (value: unknown, io: Io): void => io.out(`${plainText(JSON.stringify(value, null, 2))}\n`);
