import { parseAllDocuments } from 'yaml';
import { readSecrets, SecretsFileError, writeSecrets } from '../../lib/secrets/objects.js';
import { secretPlan } from './fixtures.js';

const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const secret = {
  plan: secretPlan('core', { a: { kind: 'password', length: 16 } }),
  values: { a: '0o17', 'tls.crt': PEM },
};
const configMap = {
  plan: secretPlan('ca', { 'ca.crt': { kind: 'ca' } }, { objectKind: 'ConfigMap', namespace: 'kraken' }),
  values: { 'ca.crt': PEM },
};
const read = (text: string) => readSecrets(new Map([['a.yaml', text]]));

describe('writeSecrets', () => {
  const text = writeSecrets(['Keep this safe.'], [secret, configMap]);

  it('writes a document for each object, with the comment on top', () => {
    expect(text).toMatch(/^# Keep this safe\.\n---\napiVersion: v1\n/);
    expect(parseAllDocuments(text).map((document) => document.toJS())).toEqual([
      expect.objectContaining({
        kind: 'Secret',
        type: 'Opaque',
        metadata: expect.objectContaining({ name: 'core', namespace: 'harbor' }),
        stringData: { a: '0o17', 'tls.crt': PEM },
      }),
      expect.objectContaining({ kind: 'ConfigMap', data: { 'ca.crt': PEM } }),
    ]);
  });

  it('marks what is kept, so that a delete by label and Argo CD leave it', () => {
    const [object] = parseAllDocuments(writeSecrets([], [{ ...secret, plan: { ...secret.plan, keep: true } }]));
    expect(object?.toJS().metadata).toEqual({
      name: 'core',
      namespace: 'harbor',
      labels: {
        'app.kubernetes.io/part-of': 'harbor-fleet',
        'app.kubernetes.io/managed-by': 'harbor-fleet',
        'harbor-fleet/keep': 'true',
      },
      annotations: {
        'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
        'helm.sh/resource-policy': 'keep',
        'kustomize.toolkit.fluxcd.io/prune': 'disabled',
      },
    });
    expect(text).not.toContain('keep');
  });

  it('keeps texts that look like numbers texts, also for YAML 1.1', () => {
    for (const value of ['1234', '0x1F', '0o17', '017', '1e5', '12:30:45', 'yes', '1_000', '.5', 'null']) {
      const written = writeSecrets([], [{ ...secret, values: { a: value } }]);
      for (const version of ['1.1', '1.2'] as const) {
        expect(parseAllDocuments(written, { version }).map((d) => d.toJS().stringData)).toEqual([{ a: value }]);
      }
    }
  });

  it('is read back', () => {
    expect(read(text)).toEqual(
      new Map<string, object>([
        ['harbor/core', secret.values],
        ['kraken/ca', configMap.values],
      ]),
    );
  });
});

describe('readSecrets', () => {
  it('reads what kubectl prints: base64 data, lists', () => {
    const item = { kind: 'Secret', metadata: { name: 'a', namespace: 'n' }, data: { k: 'U2VjcmV0' } };
    expect(read(JSON.stringify({ kind: 'List', items: [item] }))).toEqual(new Map([['n/a', { k: 'Secret' }]]));
  });

  it('lets later files count, key by key, and passes by what is no Secret', () => {
    const file = (values: object) =>
      JSON.stringify({ kind: 'Secret', metadata: { name: 'a', namespace: 'n' }, stringData: values });
    const known = readSecrets(
      new Map([
        ['1', `${file({ x: '1', y: '1' })}\n---\nkind: Namespace\nmetadata: {name: n}\n--- text\n---\n`],
        ['2', file({ y: '2' })],
      ]),
    );
    expect(known).toEqual(new Map([['n/a', { x: '1', y: '2' }]]));
  });

  it('tells the line of a mistake without what stands there', () => {
    const broken = () => read('kind: Secret\nstringData:\n  password: "TopSecret1\n');
    expect(broken).toThrow(SecretsFileError);
    expect(broken).toThrow(/^a\.yaml is not valid YAML \(line \d\)$/);
  });

  it('refuses an encrypted file', () => {
    expect(() => read('kind: Secret\nmetadata: {name: a}\nsops: {version: 3}\n')).toThrow(
      'a.yaml is encrypted: decrypt it first',
    );
  });
});
