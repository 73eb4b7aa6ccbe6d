import { differences } from '../../lib/settings/compare';
import fc from '../support/properties';

describe('differences', () => {
  it('are told field by field, as texts', () => {
    expect(differences({ a: 1, b: 'x', c: [1, 2] }, { a: 2, b: 'x', c: [2, 1] })).toEqual([
      { field: 'a', from: '2', to: '1' },
      { field: 'c', from: '[2,1]', to: '[1,2]' },
    ]);
    expect(differences({ a: 'x' }, undefined)).toEqual([{ field: 'a', from: 'nothing', to: '"x"' }]);
  });

  it('never show what is hidden, only whether it was there', () => {
    expect(differences({ password: 'new' }, { password: 'old' }, ['password'])).toEqual([
      { field: 'password', from: '(hidden)', to: '(hidden)' },
    ]);
    expect(differences({ password: 'new' }, {}, ['password'])[0]?.from).toBe('nothing');
  });

  it('leave alone what is not wanted, and what Harbor has besides', () => {
    expect(differences({ a: undefined }, { a: 1, b: 2 })).toEqual([]);
  });

  it('law: nothing differs from itself, in whatever order its keys are, and from JSON and back', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(value, (wanted) => {
        const reversed = Object.fromEntries(Object.entries(JSON.parse(JSON.stringify(wanted))).reverse());
        expect(differences(wanted, reversed)).toEqual([]);
      }),
    );
  });

  it('law: what is taken over is no difference any more', () => {
    const state = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.jsonValue());
    fc.assert(
      fc.property(state, state, (wanted, found) => {
        const changed = {
          ...found,
          ...Object.fromEntries(differences(wanted, found).map(({ field }) => [field, wanted[field]])),
        };
        expect(differences(wanted, changed)).toEqual([]);
      }),
    );
  });
});
