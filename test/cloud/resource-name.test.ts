import { resourceName } from '../../lib/cloud/resource-name';
import fc from '../support/properties';

describe('the name of a resource', () => {
  it('is its parts where they fit', () => {
    expect(resourceName('registry', 'virginia--holland-1')).toBe('registry-virginia--holland-1');
  });

  it.each([
    ['Registry', /^registry-[0-9a-f]{8}$/],
    ['1st', /^st-[0-9a-f]{8}$/],
    ['a.b_c', /^a-b-c-[0-9a-f]{8}$/],
    ['a-', /^a-[0-9a-f]{8}$/],
    ['登録', /^n-[0-9a-f]{8}$/],
    ['x'.repeat(64), /^x{54}-[0-9a-f]{8}$/],
  ])('of %j is made to fit', (text, expected) => {
    expect(resourceName(text)).toMatch(expected);
  });

  it('always fits, and others have others', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 120 }), { minLength: 2, maxLength: 20 }),
        (texts) => {
          const names = texts.map((text) => resourceName(text));
          for (const name of names) expect(name).toMatch(/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/);
          expect(new Set(names).size).toBe(names.length);
          expect(texts.map((text) => resourceName(text))).toEqual(names);
        },
      ),
    );
  });
});
