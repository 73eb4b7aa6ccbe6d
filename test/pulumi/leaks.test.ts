import * as pulumi from '@pulumi/pulumi';
import { defer } from '../../lib/plan/deferred';
import { refuseLeaks } from '../../lib/pulumi/leaks';
import fc from '../support/properties';
import { failureOf } from './support/mocks';

const WHERE = 'ConfigMap harbor/harbor-core';
const marker = defer('x');

describe('the leak check', () => {
  it('finds a late value as it is, in capitals, cut, in base64, and in the name of a field', () => {
    const late = [marker, `a${marker.toUpperCase()}b`, marker.slice(0, 18), Buffer.from(marker).toString('base64')];
    for (const text of late) {
      expect(() => refuseLeaks({ data: { 'app.conf': text } }, WHERE)).toThrow(
        'ConfigMap harbor/harbor-core: data.app.conf holds a late value that was cut or re-encoded',
      );
    }
    expect(() => refuseLeaks({ data: { [marker]: 'x' } }, WHERE)).toThrow('the name of a field at ConfigMap');
    expect(() => refuseLeaks({ spec: [{ args: ['a', marker] }] }, WHERE)).toThrow('spec[0].args[1]');
  });

  it('finds it in base64 wherever it begins', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.uint8Array({ maxLength: 64 }), (before, after) => {
        const text = Buffer.concat([before, Buffer.from(marker), after]).toString('base64');
        expect(() => refuseLeaks(text, WHERE)).toThrow('late value');
      }),
    );
  });

  it('takes nothing else for one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), fc.string(), (bytes, text) => {
        const value = { a: Buffer.from(bytes).toString('base64'), b: [text, 1, null, true] };
        expect(refuseLeaks(value, WHERE)).toEqual(value);
      }),
    );
  });

  it('finds it in what an Output turns out to be', async () => {
    expect(
      await failureOf(
        (refuseLeaks({ data: { a: pulumi.output(`x${marker}`) } }, WHERE) as { data: { a: unknown } }).data.a,
      ),
    ).toContain('ConfigMap harbor/harbor-core: data.a holds a late value');
  });

  it('looks at an Output once, however often it stands there', () => {
    const late = pulumi.output('plain');
    expect(refuseLeaks({ a: late, b: [late] }, WHERE)).toEqual({
      a: refuseLeaks(late, WHERE),
      b: [refuseLeaks(late, 'b')],
    });
    const [first, again] = [refuseLeaks(late, WHERE), refuseLeaks(late, 'elsewhere')];
    expect(Object.is(first, again)).toBe(true);
  });
});
