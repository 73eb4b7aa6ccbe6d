import { seal } from '../../lib/plan/freeze';

describe('seal', () => {
  it('copies without what has no value, and freezes the copy only', () => {
    const given = { a: [{ b: undefined, c: null }], d: undefined, e: { f: 1 } };
    const sealed = seal(given);
    expect(Object.keys(sealed)).toEqual(['a', 'e']);
    expect(sealed).toStrictEqual({ a: [{ c: null }], e: { f: 1 } });
    expect([sealed, sealed.a, sealed.a[0], sealed.e].every(Object.isFrozen)).toBe(true);
    expect(Object.isFrozen(given.e)).toBe(false);
  });

  it('shares in the copy what is shared in the original', () => {
    const shared = { a: 1 };
    const sealed = seal([shared, shared]);
    expect(sealed[0]).toBe(sealed[1]);
  });

  it('keeps a key that means something to JavaScript a key', () => {
    const sealed = seal(JSON.parse('{"__proto__":{"x":1}}')) as object;
    expect(Object.keys(sealed)).toEqual(['__proto__']);
    expect('x' in sealed).toBe(false);
  });

  it.each([[1], ['text'], [null], [undefined], [true]])('leaves %p as it is', (value) => {
    expect(seal(value)).toBe(value);
  });
});
