import { defer } from '../../lib/plan/deferred';
import { Issues, PlanError } from '../../lib/plan/issues';
import { DNS_LABEL, NAMESPACE } from '../../lib/plan/names';
import { bytes } from '../../lib/plan/quantities';
import { nearest, Reader } from '../../lib/plan/reader';
import { known } from '../../lib/testing';

const read = (source: unknown) => {
  const issues = new Issues();
  return { issues, reader: new Reader(source, 'top', issues) };
};
const problems = (issues: Issues) => issues.all.map((issue) => `${issue.path}: ${issue.problem}`);

describe('Reader', () => {
  it('reads what is right without an issue', () => {
    const { reader, issues } = read({
      name: 'abc',
      names: ['a', 'b'],
      map: { k: 'v' },
      flag: false,
      count: 3,
      choice: 'x',
      size: '1Gi',
      list: [{ a: 'b' }],
      more: { in: { a: '1' } },
    });
    expect(reader.text('name', DNS_LABEL)).toBe('abc');
    expect(reader.requiredText('name')).toBe('abc');
    expect(reader.texts('names', DNS_LABEL)).toEqual(['a', 'b']);
    expect(reader.textMap('map')).toEqual({ k: 'v' });
    expect(reader.flag('flag')).toBe(false);
    expect(reader.count('count', 1, 3)).toBe(3);
    expect(reader.choice('choice', ['x', 'y'])).toBe('x');
    expect(reader.quantity('size', bytes, 'a size')).toBe('1Gi');
    expect(reader.items('list').map((item) => item.text('a'))).toEqual(['b']);
    expect(reader.entries('more').map(([name, entry]) => [name, entry.path, entry.text('a')])).toEqual([
      ['in', 'top.more.in', '1'],
    ]);
    expect(reader.raw('count')).toBe(3);
    expect(issues.all).toEqual([]);
  });

  it('answers nothing for what is absent', () => {
    const { reader, issues } = read(undefined);
    expect([
      reader.text('a'),
      reader.texts('a'),
      reader.textMap('a'),
      reader.flag('a'),
      reader.count('a', 0, 1),
    ]).toEqual(Array(5).fill(undefined));
    expect([reader.choice('a', ['x']), reader.quantity('a', bytes, 'a size')]).toEqual([undefined, undefined]);
    expect([reader.items('a'), reader.entries('a'), reader.has('a')]).toEqual([[], [], false]);
    expect(issues.all).toEqual([]);
  });

  it('records each wrong value with its path', () => {
    const { reader, issues } = read({
      text: 5,
      empty: '',
      label: 'No_Label',
      long: 'a'.repeat(64),
      texts: 'a',
      map: { a: 1 },
      flag: 'yes',
      count: 4,
      choice: 'smal',
      far: 'zzz',
      size: '5',
      list: {},
      child: [],
    });
    reader.text('text');
    reader.text('empty');
    reader.text('label', DNS_LABEL);
    reader.text('long', DNS_LABEL);
    reader.texts('texts');
    reader.textMap('map');
    reader.flag('flag');
    reader.count('count', 1, 3);
    reader.choice('choice', ['small', 'large']);
    reader.choice('far', ['small', 'large']);
    reader.quantity('size', bytes, 'a size');
    reader.items('list');
    reader.child('child');
    reader.requiredText('gone');
    expect(problems(issues)).toEqual([
      'top.text: is not a text',
      'top.empty: is not a text',
      'top.label: is not valid',
      'top.long: is too long (64 characters)',
      'top.texts: is not a list of texts',
      'top.map: is not a map of texts',
      'top.flag: is not a switch',
      'top.count: is out of range',
      'top.choice: is not one of the choices',
      'top.far: is not one of the choices',
      'top.size: is not a quantity allowed here',
      'top.list: is not a list',
      'top.child: is not a map of settings',
      'top.gone: is missing',
    ]);
    expect(issues.all[8]?.fix).toBe('did you mean "small"?');
    expect(issues.all[9]?.fix).toBe('use small or large');
  });

  it('tells a number in quotes from one that is out of range, and a list from a map', () => {
    const { reader, issues } = read({ count: '80', late: 'all', large: 8000, list: [{ name: 'a' }] });
    for (const key of ['count', 'late', 'large']) reader.count(key, 10, 800);
    reader.entries('list');
    expect(issues.all.map(({ path, problem, fix }) => `${path} ${problem}: ${fix}`)).toEqual([
      'top.count is a text, not a number: write 80, without quotes',
      'top.late is not a number: set it to a whole number from 10 to 800',
      'top.large is out of range: set it to a whole number from 10 to 800',
      'top.list is not a map of settings: write its settings as keys below it, each with its name, without "-" or [ ]',
    ]);
  });

  it('checks each text of a list', () => {
    const { reader, issues } = read({ texts: ['good', 'Bad'] });
    reader.texts('texts', DNS_LABEL);
    expect(problems(issues)).toEqual(['top.texts[1]: is not valid']);
  });

  it('names the setting that an unknown key may have meant', () => {
    const { reader, issues } = read({ storag: 1, other: 2, gone: undefined });
    reader.only('storage', 'database');
    expect(issues.all.map((issue) => [issue.path, issue.allowed, issue.fix])).toEqual([
      ['top.storag', 'one of database, storage', 'did you mean "storage"?'],
      ['top.other', 'one of database, storage', 'remove it'],
    ]);
  });

  it('lets a text that comes late pass unread', () => {
    const { reader, issues } = read({ name: defer('Not A Label') });
    reader.text('name', DNS_LABEL);
    expect(issues.all).toEqual([]);
  });

  it('refuses what comes late where anything is decided by it', () => {
    const late = defer('x');
    const { reader, issues } = read({
      namespace: late,
      flag: late,
      count: late,
      counts: late,
      oneOfCounts: [1, late],
      choice: late,
      size: late,
      texts: late,
      map: late,
      list: late,
      child: late,
    });
    reader.text('namespace', NAMESPACE);
    reader.flag('flag');
    reader.count('count', 1, 3);
    reader.counts('counts', 1, 3);
    reader.counts('oneOfCounts', 1, 3);
    reader.choice('choice', ['small', 'large']);
    reader.quantity('size', bytes, 'a size');
    reader.texts('texts');
    reader.textMap('map');
    reader.items('list');
    reader.child('child');
    expect(issues.all.map(({ path, allowed }) => [path, allowed])).toEqual([
      ['top.namespace', NAMESPACE.allowed],
      ['top.flag', 'true or false'],
      ['top.count', 'a whole number from 1 to 3'],
      ['top.counts', 'a list of whole numbers from 1 to 3'],
      ['top.oneOfCounts', 'a list of whole numbers from 1 to 3'],
      ['top.choice', 'small, large'],
      ['top.size', 'a size'],
      ['top.texts', 'a list of texts'],
      ['top.map', 'a map of texts'],
      ['top.list', 'a list'],
      ['top.child', 'a map'],
    ]);
    for (const issue of issues.all) {
      expect(issue).toMatchObject({
        problem: 'is known only when deployed, and what is made depends on it',
        given: '(a late value)',
        fix: "write it in the program, or read it from the stack's configuration, or another stack's output as a plain value: (await reference.getOutputDetails('<output>')).value",
      });
    }
  });

  it('lets a secret pass that comes late, asks what it looks like when it is known, and shows none', () => {
    const rule = { pattern: /^[a-z]+$/, allowed: 'small letters' };
    const { reader, issues } = read({ late: defer('s3cret'), plain: 's3cret', number: 12345, map: { a: 's3cret' } });
    const passed = reader.secretText('late', 'name a Secret', rule);
    expect([reader.secretText('gone', ''), known(reader.secretText('late', ''))]).toEqual([undefined, 's3cret']);
    expect(() => known(passed)).toThrow(
      new PlanError([
        {
          path: 'top.late',
          problem: 'is not valid',
          given: '(hidden)',
          allowed: 'small letters',
          fix: 'give it small letters',
          level: 'error',
        },
      ]),
    );
    for (const key of ['plain', 'number', 'map']) {
      expect(reader.secretText(key, 'name a Secret', rule)).toBeUndefined();
    }
    expect(problems(issues)).toEqual([
      'top.plain: is a plain text, which would land in the manifests',
      'top.number: is not a text',
      'top.map: is not a text',
    ]);
    for (const issue of issues.all) expect(issue).toMatchObject({ given: '(hidden)', fix: 'name a Secret' });
  });

  it('has paths without a leading dot at the top', () => {
    expect(new Reader({}, '', new Issues()).at('domain')).toBe('domain');
  });

  it('finds a near word, and none when all are far', () => {
    expect(nearest('exposuer', ['exposure', 'storage'])).toBe('exposure');
    expect(nearest('x', [])).toBeUndefined();
    expect(nearest('database', ['portal'])).toBeUndefined();
  });
});
