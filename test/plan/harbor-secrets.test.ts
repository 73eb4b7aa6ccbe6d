import { defer } from '../../lib/plan/deferred';
import type { HarborProps } from '../../lib/plan/harbor';
import { known } from '../../lib/testing';
import { MEDIUM, mistakes, PEM, plan, SMALL } from './harbors';

const KEY = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';

const secretsOf = (change: Partial<HarborProps> = {}, base: HarborProps = SMALL) =>
  Object.fromEntries(plan(change, base).secrets.map((secret) => [secret.name, secret]));

describe('planned Secrets', () => {
  it('have the names and keys of the official chart', () => {
    const secrets = secretsOf();
    expect(secrets['harbor-core']).toEqual({
      namespace: 'harbor',
      name: 'harbor-core',
      objectKind: 'Secret',
      type: 'Opaque',
      keys: {
        secret: { kind: 'password', length: 16 },
        secretKey: { kind: 'password', length: 16 },
        CSRF_KEY: { kind: 'password', length: 32 },
        'tls.key': { kind: 'rsaKey' },
        HARBOR_ADMIN_PASSWORD: { kind: 'password', length: 24 },
      },
      source: 'generated',
      keep: true,
      readers: ['harbor/core', 'harbor/jobservice', 'harbor/registry', 'harbor/check'],
    });
    expect(secrets['harbor-jobservice']?.keys).toEqual({ JOBSERVICE_SECRET: { kind: 'password', length: 16 } });
    expect(secrets['harbor-registry']?.keys).toEqual({ REGISTRY_HTTP_SECRET: { kind: 'password', length: 16 } });
    expect(secrets['harbor-registry']?.readers).toEqual(['harbor/registry']);
    expect(secrets['harbor-registry-htpasswd']?.keys.REGISTRY_HTPASSWD).toEqual({
      kind: 'htpasswd',
      username: 'harbor_registry_user',
      passwordOf: { namespace: 'harbor', secret: 'harbor-registry-htpasswd', key: 'REGISTRY_PASSWD' },
    });
  });

  it('name the exporter and the check as readers only where they run', () => {
    expect(secretsOf({ metrics: true })['harbor-core']?.readers).toContain('harbor/exporter');
    expect(secretsOf({ check: { enabled: false } })['harbor-core']?.readers).not.toContain('harbor/check');
  });

  it('hold certificates and CAs from the private CA', () => {
    const secrets = secretsOf({ internalTls: { type: 'provided' } });
    expect(secrets['harbor-tls']).toMatchObject({
      type: 'kubernetes.io/tls',
      source: 'generated',
      readers: ['harbor/nginx'],
    });
    expect(secrets['harbor-tls']?.keys).toMatchObject({
      'tls.crt': { kind: 'certificate', part: 'tls.crt', commonName: 'registry.example.com' },
      'tls.key': { part: 'tls.key' },
      'ca.crt': { part: 'ca.crt' },
    });
    expect(secrets['harbor-core-internal-tls']?.readers).toEqual(['harbor/core']);
    expect(secrets['harbor-ca']).toMatchObject({ objectKind: 'ConfigMap', keys: { 'ca.crt': { kind: 'ca' } } });
    expect(secrets['harbor-internal-ca']?.readers).toContain('harbor/nginx');
  });

  it('of certificates that exist say what must be in them', () => {
    const tls = { type: 'existingSecret' as const, name: 'wildcard' };
    expect(Object.keys(secretsOf({ tls }).wildcard?.keys ?? {})).toEqual(['tls.crt', 'tls.key']);
    expect(secretsOf({ tls }).wildcard?.source).toBe('existing');
    expect(Object.keys(secretsOf({ tls: { ...tls, ca: PEM } }).wildcard?.keys ?? {})).toContain('ca.crt');
  });

  it('leave out what cert-manager or the manifests make', () => {
    const issued = secretsOf({ tls: { type: 'certManager', issuer: 'ours', ca: PEM } });
    expect(issued).not.toHaveProperty('harbor-tls');
    expect(issued).not.toHaveProperty('harbor-ca');
  });

  it('hold a certificate that was given, with its key and CA', () => {
    const tls = { type: 'provided' as const, certificate: PEM, privateKey: defer(KEY) };
    expect(known(secretsOf({ tls })['harbor-tls'])).toEqual({
      namespace: 'harbor',
      name: 'harbor-tls',
      objectKind: 'Secret',
      type: 'kubernetes.io/tls',
      keys: { 'tls.crt': { kind: 'text', value: PEM }, 'tls.key': { kind: 'given', value: KEY } },
      source: 'generated',
      keep: false,
      readers: ['harbor/nginx'],
    });
    const withCa = secretsOf({ internalTls: { ...tls, ca: PEM } });
    expect(withCa['harbor-registry-internal-tls']?.keys['ca.crt']).toEqual({ kind: 'text', value: PEM });
    // The CA is a text, so its ConfigMap is among the manifests.
    expect(withCa).not.toHaveProperty('harbor-internal-ca');
  });

  it('are kept where kept data could not be read without them', () => {
    const kept = (change: Partial<HarborProps>): string[] =>
      plan(change).secrets.flatMap(({ name, keep }) => (keep ? [name] : []));
    expect(kept({})).toEqual(['harbor-core', 'harbor-database']);
    expect(kept({ secretKey: defer('0123456789abcdef') })).toEqual(['harbor-secret-key', 'harbor-database']);
    expect(kept({ secrets: { secretKey: 'mine', admin: 'mine' } })).toEqual(['mine', 'harbor-database']);
    expect(kept({ database: { type: 'external', host: 'db', passwordSecret: 'db' } })).toEqual(['harbor-core']);
  });

  it('include those of storage, database and cache', () => {
    const secrets = secretsOf({}, MEDIUM);
    expect(secrets.bucket).toMatchObject({ source: 'existing', readers: ['harbor/registry'] });
    expect(secrets.db).toMatchObject({
      source: 'existing',
      readers: ['harbor/core', 'harbor/jobservice', 'harbor/exporter'],
    });
    expect(secretsOf()['harbor-database']).toMatchObject({
      source: 'generated',
      readers: ['harbor/core', 'harbor/jobservice', 'harbor/database'],
    });
  });
});

describe('Secrets of the user', () => {
  it('replace the planned ones key by key', () => {
    const harbor = plan({
      secrets: {
        core: 'my-core',
        admin: 'my-admin',
        secretKey: 'my-key',
        jobservice: 'my-jobs',
        registry: 'my-registry',
        registryCredentials: 'my-login',
      },
    });
    expect(harbor.adminPassword).toEqual({ namespace: 'harbor', secret: 'my-admin', key: 'HARBOR_ADMIN_PASSWORD' });
    expect(harbor.keys).toEqual({
      coreSecret: { secret: 'my-core', key: 'secret' },
      secretKey: { secret: 'my-key', key: 'secretKey' },
      csrfKey: { secret: 'my-core', key: 'CSRF_KEY' },
      tokenKey: { secret: 'my-core', key: 'tls.key' },
      jobserviceSecret: { secret: 'my-jobs', key: 'JOBSERVICE_SECRET' },
      registryHttpSecret: { secret: 'my-registry', key: 'REGISTRY_HTTP_SECRET' },
      registryPassword: { secret: 'my-login', key: 'REGISTRY_PASSWD' },
      registryHtpasswd: { secret: 'my-login', key: 'REGISTRY_HTPASSWD' },
    });
    const own = harbor.secrets.filter((secret) => secret.name.startsWith('my-'));
    expect(own.map((secret) => secret.source)).toEqual(Array(6).fill('existing'));
    expect(Object.keys(own[0]?.keys ?? {})).toEqual(['secret', 'CSRF_KEY', 'tls.key']);
  });

  it('may hold several values in one', () => {
    const harbor = plan({ secrets: { admin: 'mine', secretKey: 'mine', jobservice: 'mine' } });
    const mine = harbor.secrets.filter((secret) => secret.name === 'mine');
    expect(mine).toHaveLength(1);
    expect(Object.keys(mine[0]?.keys ?? {}).sort()).toEqual(
      ['HARBOR_ADMIN_PASSWORD', 'JOBSERVICE_SECRET', 'secretKey'].sort(),
    );
    expect(mine[0]?.readers).toEqual(['harbor/core', 'harbor/jobservice', 'harbor/registry', 'harbor/check']);
  });

  it('roll pods by revisions of names that exist; others are told', () => {
    const harbor = plan({ secretRevisions: { 'harbor-core': '2', 'harbor-tls': '3', 'harbor-cor': '1' } });
    expect(harbor.warnings.map((issue) => issue.path)).toEqual(['secretRevisions.harbor-cor']);
    const late = { secrets: { core: defer('x') }, secretRevisions: { 'harbor-registry': '1', anything: '1' } };
    expect(mistakes(late)).toMatchObject([
      {
        path: 'secretRevisions.anything',
        problem: 'may be the revision of a Secret whose name is known only when deployed: no pod would roll',
        allowed: expect.stringContaining('harbor-registry'),
        fix: 'write the name of that Secret in the program, or remove its revision',
      },
    ]);
  });
});

describe('secretKey', () => {
  it.each([
    ['too-short', 'has a length that AES does not know'],
    ['twenty-characters-xx', 'has a length that AES does not know'],
    [1234567890123456, 'is not a text'],
    ['sixteen-letters!', 'is a plain text, which would land in the manifests'],
    ['thirty-two-characters-are-fine!!', 'is a plain text, which would land in the manifests'],
  ])('%j is refused, and never shown', (secretKey, problem) => {
    const issues = mistakes({ secretKey });
    expect(issues).toHaveLength(1);
    expect(issues[0]).toMatchObject({ path: 'secretKey', problem: expect.stringContaining(problem) });
    expect(JSON.stringify(issues)).not.toContain(String(secretKey));
  });

  it('known at deployment gets a Secret of its own', () => {
    const secretKey = defer('0123456789abcdef');
    expect(plan({ secretKey }).keys.secretKey).toEqual({ secret: 'harbor-secret-key', key: 'secretKey' });
    const secrets = secretsOf({ secretKey });
    expect(Object.keys(secrets['harbor-core']?.keys ?? {})).not.toContain('secretKey');
    expect(known(secrets['harbor-secret-key'])).toMatchObject({
      keys: { secretKey: { kind: 'given', value: '0123456789abcdef' } },
      source: 'generated',
      readers: ['harbor/core'],
    });
    expect(mistakes({ secretKey, secrets: { secretKey: 'mine' } }).map((issue) => issue.problem)).toEqual([
      'is given twice',
    ]);
  });

  it('stops the deployment when its length, known then, is one that AES does not know', () => {
    expect(() => known(secretsOf({ secretKey: defer('too-short') }))).toThrow(
      /secretKey: is not valid\n +given: +\(hidden\)\n +allowed: 16, 24 or 32 characters\n +fix: +give it 16, 24 or 32 characters/,
    );
  });
});
