import { json, sha256, yaml } from '../../lib/k8s/text';
import { defer, isDeferred } from '../../lib/plan/deferred';
import { known } from '../../lib/testing';

describe('texts', () => {
  it('renders known values at once', () => {
    expect(yaml({ b: 1, a: ['x'] })).toBe('b: 1\na:\n  - x\n');
    expect(json({ a: 1 })).toBe('{\n  "a": 1\n}\n');
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('renders late values when they are known, quoted as they need to be', () => {
    const password = ': " # not a key';
    const text = yaml({ password: defer(password) });
    expect(isDeferred(text)).toBe(true);
    expect(known(text)).toBe(yaml({ password }));
    expect(known(sha256(text))).toBe(sha256(yaml({ password })));
  });

  it('does not break long lines', () => {
    expect(yaml({ a: `${'word '.repeat(60)}end` }).split('\n')).toHaveLength(2);
  });
});
