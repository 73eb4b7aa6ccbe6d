import { PlannedSecrets } from '../../../lib/k8s/secrets/planned-secrets';
import { defer } from '../../../lib/plan/deferred';
import { idOf, type SecretPlan } from '../../../lib/plan/secrets';
import { find, known, synth } from '../../../lib/testing';
import { secretPlan } from '../../secrets/fixtures';

type Values = Readonly<Record<string, string>>;

const objects = (...filled: readonly (readonly [SecretPlan, Values | undefined])[]) =>
  synth((chart) => {
    const values = filled.flatMap(([plan, texts]) => (texts === undefined ? [] : [[idOf(plan), texts] as const]));
    new PlannedSecrets(chart, 'secrets', { secrets: filled.map(([plan]) => plan), values: new Map(values) });
  });
const password = secretPlan('core', { secret: { kind: 'password', length: 16 } });

describe('PlannedSecrets', () => {
  it('writes a Secret with its late values', () => {
    const late = { secret: defer('S3cret') };
    const [secret, ...more] = objects([password, late]);
    expect(more).toEqual([]);
    expect(secret).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'core',
        namespace: 'harbor',
        labels: { 'app.kubernetes.io/part-of': 'harbor-fleet', 'app.kubernetes.io/managed-by': 'harbor-fleet' },
      },
      type: 'Opaque',
      stringData: late,
    });
    expect(known(secret)).toMatchObject({ stringData: { secret: 'S3cret' } });
  });

  it('marks what is kept', () => {
    const [secret] = objects([{ ...password, keep: true }, { secret: defer('x') }]);
    expect(secret?.metadata.labels).toMatchObject({ 'harbor-fleet/keep': 'true' });
    expect(secret?.metadata.annotations).toHaveProperty(['helm.sh/resource-policy'], 'keep');
  });

  it('writes a CA into a ConfigMap, known or late', () => {
    const ca = secretPlan('ca', { 'ca.crt': { kind: 'ca' } }, { objectKind: 'ConfigMap', type: '' });
    const [configMap] = objects([ca, { 'ca.crt': 'PEM' }]);
    expect(configMap).toMatchObject({ kind: 'ConfigMap', metadata: { name: 'ca' }, data: { 'ca.crt': 'PEM' } });
    expect(configMap).not.toHaveProperty('type');
  });

  it('takes a plain text where nothing is secret', () => {
    const account = secretPlan('account', {
      username: { kind: 'text', value: 'admin' },
      password: { kind: 'given', value: defer('x') },
    });
    const [secret] = objects([account, { username: 'admin', password: defer('x') }]);
    expect(secret?.stringData).toMatchObject({ username: 'admin' });
  });

  it.each(['password', 'given', 'nginxBasicAuth'] as const)(
    'refuses a plain text for a %s, and never shows it',
    (kind) => {
      const spec = {
        password: { kind: 'password', length: 16 },
        given: { kind: 'given', value: defer('x') },
        nginxBasicAuth: {
          kind: 'nginxBasicAuth',
          username: 'admin',
          passwordOf: { namespace: 'harbor', secret: 'core', key: 'secret' },
        },
      } as const;
      const made = () => objects([secretPlan('core', { secret: spec[kind] }), { secret: 'top secret' }]);
      expect(made).toThrow(
        new Error(
          'Secret harbor/core, key secret: its value is a plain text, which would land in the manifests: hand it over as a late value',
        ),
      );
    },
  );

  it('misses a value', () => {
    expect(() => objects([password, {}])).toThrow('Secret harbor/core, key secret: has no value');
    expect(() => objects([password, undefined])).toThrow('Secret harbor/core, key secret: has no value');
  });

  it('passes by those of the user', () => {
    expect(objects([{ ...password, source: 'existing' }, undefined])).toEqual([]);
  });

  it('tells objects of the same names apart', () => {
    const value = { secret: defer('x') };
    const made = objects(
      [{ ...password, namespace: 'a', name: 'b-c' }, value],
      [{ ...password, namespace: 'a-b', name: 'c' }, value],
      [{ ...password, namespace: 'a', name: 'b-c', objectKind: 'ConfigMap' }, value],
    );
    expect(made).toHaveLength(3);
    expect(find(made, 'Secret', 'c').metadata.namespace).toBe('a-b');
  });
});
