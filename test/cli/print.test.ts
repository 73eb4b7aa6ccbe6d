import { stripVTControlCharacters } from 'node:util';
import { printIssues, printJson, table } from '../../lib/cli/print.js';
import { defer } from '../../lib/plan/deferred.js';
import type { Issue } from '../../lib/plan/issues.js';
import { testIo } from './fixtures.js';

const rows = {
  columns: ['region', 'address'],
  rows: [
    ['virginia', 'x'.repeat(40)],
    ['eu', ''],
  ],
};

describe('table', () => {
  it('lines columns up by their edges, with nothing behind them', () => {
    expect(
      table(
        {
          columns: ['region', 'n'],
          rows: [
            ['virginia', '1'],
            ['eu', '22'],
          ],
        },
        testIo('.'),
      ),
    ).toBe(['region    n', 'virginia  1', 'eu        22', ''].join('\n'));
  });

  it('wraps the widest column to fit a terminal, between words when that is enough', () => {
    const words = { columns: ['region', 'why'], rows: [['virginia', 'alpha beta gamma delta']] };
    expect(table(words, testIo('.', { width: 24 })).split('\n')).toEqual([
      'region    why',
      'virginia  alpha beta',
      '          gamma delta',
      '',
    ]);
    const fitted = table(rows, testIo('.', { width: 40 })).split('\n');
    expect(Math.max(...fitted.map((line) => line.length))).toBeLessThanOrEqual(40);
    expect(fitted.join('').match(/x/g)).toHaveLength(40);
  });

  it('wraps nothing where there is no terminal', () => {
    expect(table(rows, testIo('.')).split('\n')).toHaveLength(4);
  });

  it('calls late values so', () => {
    const late = { columns: ['region', 'address'], rows: [['eu', `https://${defer('x')}/`]] };
    expect(table(late, testIo('.'))).toBe('region  address\neu      https://(known when deployed)/\n');
  });

  it('is the same text with and without colours', () => {
    const coloured = table(rows, testIo('.', { colours: { out: true, err: true } }));
    expect(coloured).not.toBe(table(rows, testIo('.')));
    expect(stripVTControlCharacters(coloured)).toBe(table(rows, testIo('.')));
  });
});

describe('printJson', () => {
  it('prints one document, in which late values are called so', () => {
    const io = testIo('.');
    printJson({ host: defer('x') }, io);
    expect(JSON.parse(io.printed.out)).toEqual({ host: '(known when deployed)' });
  });
});

describe('printIssues', () => {
  const issue = (level: Issue['level'], path: string): Issue => ({
    path,
    problem: 'is wrong',
    given: '"a"',
    allowed: 'b',
    fix: 'write b',
    level,
  });

  it('prints errors before warnings, to standard error, with everything a user needs', () => {
    const io = testIo('.');
    printIssues([issue('warning', 'regions.eu'), issue('error', 'domain'), issue('error', '')], io);
    expect(io.printed.out).toBe('');
    expect(io.printed.err).toBe(
      [
        '2 mistakes',
        '',
        '  domain is wrong',
        '    given:   "a"',
        '    allowed: b',
        '    fix:     write b',
        '',
        '  the topology is wrong',
        '    given:   "a"',
        '    allowed: b',
        '    fix:     write b',
        '',
        '1 warning',
        '',
        '  regions.eu is wrong',
        '    given:   "a"',
        '    allowed: b',
        '    fix:     write b',
        '',
        '',
      ].join('\n'),
    );
  });

  it('prints nothing for nothing', () => {
    const io = testIo('.');
    printIssues([], io);
    expect(io.printed).toEqual({ out: '', err: '' });
  });
});
