import { defer } from '../../lib/plan/deferred';
import { HIDDEN, Issues, PlanError, show } from '../../lib/plan/issues';

describe('Issues', () => {
  it('throws all errors at once, each with path, given, allowed and fix', () => {
    const issues = new Issues();
    issues.error('regions.a.size', 'is not one of the choices', 'tiny', 'small, medium, large', 'use small');
    issues.error('domain', 'is missing', undefined, 'a DNS name', 'add "domain"');
    const thrown = catchError(() => issues.throwIfAny());
    expect(thrown).toBeInstanceOf(PlanError);
    expect((thrown as PlanError).issues).toHaveLength(2);
    expect((thrown as PlanError).message).toBe(
      '2 mistakes in the topology:\n' +
        '- regions.a.size: is not one of the choices\n    given:   "tiny"\n    allowed: small, medium, large\n    fix:     use small\n' +
        '- domain: is missing\n    given:   nothing\n    allowed: a DNS name\n    fix:     add "domain"',
    );
  });

  it('says what the mistakes are in', () => {
    const issues = new Issues('the settings of a Harbor');
    issues.error('size', 'is not one of the choices', 'tiny', 'small, medium, large', 'use small');
    expect(() => issues.throwIfAny()).toThrow('1 mistake in the settings of a Harbor:\n- size: is not one');
  });

  it('shows no stack trace for a user’s mistake', () => {
    const error = new PlanError([{ path: 'a', problem: 'b', given: 'c', allowed: 'd', fix: 'e', level: 'error' }]);
    expect(error.stack).toBe(`PlanError: ${error.message}`);
    expect(error.message).toMatch(/^1 mistake in/);
  });

  it('lets a plan with warnings alone go on', () => {
    const issues = new Issues();
    issues.warning('cluster.containerd', 'is old', '2.0', '2.1 or later', 'upgrade');
    expect(() => issues.throwIfAny()).not.toThrow();
    expect(issues.warnings.map((issue) => issue.path)).toEqual(['cluster.containerd']);
    expect(issues.all).toHaveLength(1);
  });

  it('records the same about the same setting once', () => {
    const issues = new Issues();
    for (const given of [1, 1, 2]) issues.error('a', 'b', given, 'c', 'd');
    const others = new Issues();
    others.add(issues.all);
    others.add(issues.all);
    expect(others.all.map(({ given }) => given)).toEqual(['1', '2']);
  });

  it('names late values in every part', () => {
    const issues = new Issues();
    const host = defer('x');
    issues.error('a', `is at ${host}`, host, `not ${host}`, `leave ${host}`);
    expect(issues.all).toEqual([
      {
        path: 'a',
        problem: 'is at (a late value)',
        given: '(a late value)',
        allowed: 'not (a late value)',
        fix: 'leave (a late value)',
        level: 'error',
      },
    ]);
  });

  it('shows what JSON cannot hold', () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect([show(cycle), show(10n)]).toEqual(['[object Object]', '10']);
  });

  it.each([
    ['text', '"text"'],
    [undefined, 'nothing'],
    [3, '3'],
    [{ a: 1 }, '{"a":1}'],
    [HIDDEN, '(hidden)'],
    [defer('x'), '(a late value)'],
    [`https://${defer('x')}/`, '"https://(a late value)/"'],
    [Symbol.for('s'), 'Symbol(s)'],
    ['x'.repeat(200), `"${'x'.repeat(116)}…`],
  ])('shows %p as %p', (value, shown) => {
    expect(show(value)).toBe(shown);
  });
});

function catchError(fn: () => void): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return undefined;
}
