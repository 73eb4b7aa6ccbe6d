import { defer, derive, isDeferred, lift, type Runtime } from '../../lib/plan/deferred';

const identity: Runtime<unknown> = {
  live: (value) => value,
  map: (value, fn) => fn(value as never),
  concat: (parts) => parts.join(''),
};

describe('deferred values', () => {
  it('come back whole, inside texts, lists, maps and other deferred values', () => {
    const host = defer('db.example.com');
    const url = `postgres://${host}:5432/${host}`;
    expect(lift({ a: [host, url, 1, null], b: { c: 'plain' } }, identity)).toEqual({
      a: ['db.example.com', 'postgres://db.example.com:5432/db.example.com', 1, null],
      b: { c: 'plain' },
    });
  });

  it('are replaced in copies: what holds none is returned as it is, and what holds one is not changed', () => {
    const plain = { a: ['x', { b: 1 }] };
    expect(lift(plain, identity)).toBe(plain);
    const late = Object.freeze({ plain, host: defer('db') });
    expect(lift(late, identity)).toEqual({ plain, host: 'db' });
    expect(lift({ plain, hosts: [late.host] }, identity)).toHaveProperty('plain', plain);
  });

  it('are computed with later when known later, and at once when known', () => {
    const upper = (text: string) => text.toUpperCase();
    expect(derive('plain', upper)).toBe('PLAIN');
    const late = derive(`x-${defer('late')}`, upper);
    expect(isDeferred(late)).toBe(true);
    expect(lift(late, identity)).toBe('X-LATE');
  });

  it('are found at any depth, and in keys', () => {
    const mark = defer(1);
    expect(isDeferred({ a: [{ b: mark }] })).toBe(true);
    expect(isDeferred({ [mark]: 'x' })).toBe(true);
    expect(isDeferred({ a: [1, 'tok', null] })).toBe(false);
  });

  it('are lifted once for each marker', () => {
    const mark = defer('value');
    let calls = 0;
    lift([mark, mark, `${mark}${mark}`], {
      ...identity,
      live: (value) => {
        calls += 1;
        return value;
      },
    });
    expect(calls).toBe(1);
  });

  it('refuse a marker that another process made', () => {
    expect(() => lift('late-value-tok-ffffffff-kot', identity)).toThrow(
      'unknown deferred value late-value-tok-ffffffff-kot',
    );
  });
});
