import { X509Certificate } from 'node:crypto';
import { defer } from '../../lib/plan/deferred.js';
import type { SecretPlan } from '../../lib/plan/secrets.js';
import { createAuthority } from '../../lib/secrets/certificates.js';
import { type GenerateProps, generateSecrets, SecretsError, usesAuthority } from '../../lib/secrets/generate.js';
import { htpasswdMatches, nginxBasicAuth } from '../../lib/secrets/values.js';
import { asKnown, certificateKeys, fixedSource, secretPlan } from './fixtures.js';

const PASSWORD = { namespace: 'harbor', secret: 'harbor-registry', key: 'REGISTRY_PASSWD' };

const plans: readonly SecretPlan[] = [
  // A value is made from another one, whichever is planned first.
  secretPlan(
    'kraken-auth',
    { 'auth.conf': { kind: 'nginxBasicAuth', username: 'user', passwordOf: PASSWORD } },
    { namespace: 'kraken' },
  ),
  secretPlan('harbor-registry', {
    REGISTRY_PASSWD: { kind: 'password', length: 24 },
    REGISTRY_HTPASSWD: { kind: 'htpasswd', username: 'user', passwordOf: PASSWORD },
  }),
  secretPlan('harbor-copy', { password: { kind: 'copy', of: PASSWORD }, username: { kind: 'text', value: 'user' } }),
  secretPlan('harbor-token', { 'tls.key': { kind: 'rsaKey' } }),
  secretPlan('harbor-tls', certificateKeys('core', ['core', '127.0.0.1']), { type: 'kubernetes.io/tls' }),
  secretPlan('harbor-ca', { 'ca.crt': { kind: 'ca' } }, { objectKind: 'ConfigMap', namespace: 'kraken' }),
  secretPlan('my-database', { password: { kind: 'password', length: 16 } }, { source: 'existing' }),
];

const run = (props: Partial<GenerateProps> = {}) =>
  generateSecrets({
    domain: 'registry.example.com',
    secrets: plans,
    known: new Map(),
    authority: 'new',
    source: fixedSource(),
    ...props,
  });

const first = run();
const known = asKnown(first.secrets);
const authority = first.newAuthority ?? 'lost';
const value = (id: string, key: string): string => known.get(id)?.[key] ?? '';

describe('with nothing known', () => {
  it("makes every Secret that is not the user's own", () => {
    expect([...known.keys()]).toEqual([
      'kraken/kraken-auth',
      'harbor/harbor-registry',
      'harbor/harbor-copy',
      'harbor/harbor-token',
      'harbor/harbor-tls',
      'kraken/harbor-ca',
    ]);
    expect(new Set(first.made.map(({ reason }) => reason))).toEqual(new Set(['is missing']));
  });

  it('makes values that fit each other', () => {
    const password = value('harbor/harbor-registry', 'REGISTRY_PASSWD');
    expect(password).toHaveLength(24);
    expect(htpasswdMatches(value('harbor/harbor-registry', 'REGISTRY_HTPASSWD'), 'user', password)).toBe(true);
    expect(value('harbor/harbor-copy', 'password')).toBe(password);
    expect(value('harbor/harbor-copy', 'username')).toBe('user');
    expect(value('kraken/kraken-auth', 'auth.conf')).toBe(nginxBasicAuth('user', password));
  });

  it('makes one CA and certificates of it', () => {
    const ca = value('kraken/harbor-ca', 'ca.crt');
    expect(first.newAuthority?.certificate).toBe(ca);
    expect(value('harbor/harbor-tls', 'ca.crt')).toBe(ca);
    const certificate = new X509Certificate(value('harbor/harbor-tls', 'tls.crt'));
    expect(certificate.verify(new X509Certificate(ca).publicKey)).toBe(true);
    expect(certificate.subjectAltName).toBe('DNS:core, IP Address:127.0.0.1');
  });

  it('makes no CA when none is needed', () => {
    expect(run({ secrets: plans.slice(1, 3) }).newAuthority).toBeUndefined();
  });

  it('uses the CA it is given', () => {
    const given = createAuthority('registry.example.com', fixedSource(2));
    const made = run({ authority: given });
    expect(made.newAuthority).toBeUndefined();
    expect(asKnown(made.secrets).get('kraken/harbor-ca')).toEqual({ 'ca.crt': given.certificate });
  });
});

describe('with values known', () => {
  it('makes nothing when all are there', () => {
    expect(run({ known, authority })).toEqual({ secrets: [], made: [], newAuthority: undefined });
  });

  it('needs no CA key when all are there', () => {
    expect(run({ known, authority: 'lost' }).made).toEqual([]);
  });

  it('makes only what is missing, beside the values of that Secret that are there', () => {
    const partial = new Map([
      ...known,
      ['harbor/harbor-copy', { password: value('harbor/harbor-copy', 'password'), mine: 'x' }],
    ]);
    const { secrets, made } = run({ known: partial, authority });
    expect(made).toEqual([{ secret: 'harbor/harbor-copy', key: 'username', reason: 'is missing' }]);
    expect(secrets.map(({ values }) => values)).toEqual([
      { password: value('harbor/harbor-copy', 'password'), username: 'user', mine: 'x' },
    ]);
  });

  it('takes an empty value for a missing one', () => {
    const { made } = run({ known: new Map([...known, ['harbor/harbor-token', { 'tls.key': '' }]]), authority });
    expect(made).toEqual([{ secret: 'harbor/harbor-token', key: 'tls.key', reason: 'is missing' }]);
  });

  it('makes what depends on a changed password again', () => {
    const changed = { ...known.get('harbor/harbor-registry'), REGISTRY_PASSWD: 'Changed1' };
    const { made } = run({ known: new Map([...known, ['harbor/harbor-registry', changed]]), authority });
    expect(made).toEqual([
      {
        secret: 'kraken/kraken-auth',
        key: 'auth.conf',
        reason: 'does not match harbor/harbor-registry (key REGISTRY_PASSWD)',
      },
      {
        secret: 'harbor/harbor-registry',
        key: 'REGISTRY_HTPASSWD',
        reason: 'does not match harbor/harbor-registry (key REGISTRY_PASSWD)',
      },
      {
        secret: 'harbor/harbor-copy',
        key: 'password',
        reason: 'differs from harbor/harbor-registry (key REGISTRY_PASSWD)',
      },
    ]);
  });

  it('issues a certificate anew, all its parts, when it lacks a name', () => {
    const renamed = plans.map((plan) =>
      plan.name === 'harbor-tls' ? { ...plan, keys: certificateKeys('core', ['core', '127.0.0.1', 'new']) } : plan,
    );
    const { made, secrets } = run({ secrets: renamed, known, authority });
    expect(made.map(({ key, reason }) => `${key} ${reason}`)).toEqual([
      'tls.crt does not name new',
      'tls.key does not name new',
      'ca.crt does not name new',
    ]);
    const certificate = new X509Certificate(secrets[0]?.values['tls.crt'] ?? '');
    expect(certificate.subjectAltName).toContain('DNS:new');
    expect(secrets[0]?.values['ca.crt']).toBe(value('harbor/harbor-tls', 'ca.crt'));
  });

  it('issues a certificate anew when a part is gone or it ends soon', () => {
    const { 'tls.key': _, ...rest } = known.get('harbor/harbor-tls') ?? {};
    const lost = run({ known: new Map([...known, ['harbor/harbor-tls', rest]]), authority });
    expect(lost.made.map(({ reason }) => reason)).toEqual(['has lost a part', 'is missing', 'has lost a part']);
    const late = run({ known, authority, source: fixedSource(1, new Date('2029-02-01T00:00:00Z')) });
    expect(late.made.map(({ reason }) => reason)).toEqual(Array(3).fill('ends on 2029-02-18'));
  });

  it('issues everything anew under another CA', () => {
    const other = createAuthority('registry.example.com', fixedSource(5));
    const reasons = run({ known, authority: other }).made.map(({ secret, reason }) => `${secret} ${reason}`);
    expect(reasons).toContain('harbor/harbor-tls was signed by another CA');
    expect(reasons).toContain('kraken/harbor-ca is another CA');
  });

  it('replaces what is not a key or not the planned text', () => {
    const broken = new Map([
      ...known,
      ['harbor/harbor-token', { 'tls.key': 'x' }] as const,
      ['harbor/harbor-copy', { ...known.get('harbor/harbor-copy'), username: 'other' }] as const,
    ]);
    expect(run({ known: broken, authority }).made.map(({ reason }) => reason)).toEqual([
      'is another text than planned',
      'is not an RSA private key',
    ]);
  });
});

describe('what cannot be made', () => {
  const own = [
    secretPlan('robot', { secret: { kind: 'text', value: 'yours' } }, { source: 'existing' }),
    secretPlan('auth', {
      line: {
        kind: 'nginxBasicAuth',
        username: 'robot',
        passwordOf: { namespace: 'harbor', secret: 'robot', key: 'secret' },
      },
      copy: { kind: 'copy', of: { namespace: 'harbor', secret: 'robot', key: 'secret' } },
    }),
  ];

  it('is said once for each value that only the user has', () => {
    expect(() => run({ secrets: own })).toThrow(SecretsError);
    expect(() => run({ secrets: own })).toThrow(
      /^harbor\/robot \(key secret\) is a Secret of your own, and other values are made from it: pass a file that holds it with --existing$/,
    );
  });

  it('is made when the user hands that value over', () => {
    const { secrets } = run({ secrets: own, known: new Map([['harbor/robot', { secret: 'S' }]]) });
    expect(secrets[0]?.values).toEqual({ line: nginxBasicAuth('robot', 'S'), copy: 'S' });
  });

  it('is left as it is when it was made earlier', () => {
    const earlier = new Map([['harbor/auth', { line: nginxBasicAuth('robot', 'S'), copy: 'S' }]]);
    expect(run({ secrets: own, known: earlier }).made).toEqual([]);
  });

  it('is a secret that was given as a late value, also when an earlier one is known', () => {
    const given = [secretPlan('database', { password: { kind: 'given', value: defer('S3cret') } })];
    const earlier = new Map([['harbor/database', { password: 'S3cret' }]]);
    for (const known of [new Map(), earlier]) {
      expect(() => run({ secrets: given, known })).toThrow(
        /^harbor\/database \(key password\) was given as a value that is known only when deployed: only Pulumi can make it; name a Secret of your own instead$/,
      );
    }
  });

  it('is a certificate of a CA whose key is not here', () => {
    expect(() => run({ authority: 'lost' })).toThrow(/its key is not here: pass its file with --ca$/);
  });
});

it('usesAuthority tells whether certificates of the CA exist', () => {
  expect(usesAuthority(plans, new Map())).toBe(false);
  expect(usesAuthority(plans, known)).toBe(true);
  expect(usesAuthority(plans, new Map([['harbor/harbor-tls', {}]]))).toBe(false);
});
