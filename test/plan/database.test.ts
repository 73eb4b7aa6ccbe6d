import { Database, databaseSecrets, readDatabase } from '../../lib/plan/database';
import { defer } from '../../lib/plan/deferred';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';
import { known } from '../../lib/testing';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const CONTEXT = { size: 'small', instance: 'team', namespace: 'registry' } as const;
const read = (database: unknown, size: 'small' | 'medium' | 'large' = 'small') => {
  const issues = new Issues();
  const value = readDatabase(new Reader({ database }, '', issues), 'database', { ...CONTEXT, size });
  return { value, issues: issues.all.map((issue) => `${issue.level} ${issue.path}: ${issue.problem}`) };
};
const EXTERNAL = { host: 'pg.example.com', passwordSecret: 'pg' };

describe('readDatabase', () => {
  it('puts PostgreSQL into the cluster of a small installation', () => {
    const { value, issues } = read(undefined);
    expect(issues).toEqual([]);
    expect(value).toEqual({
      type: 'embedded',
      host: 'team-database.registry.svc.cluster.local',
      port: 5432,
      username: 'postgres',
      name: 'registry',
      sslMode: 'disable',
      password: { secret: 'team-database', key: 'POSTGRES_PASSWORD' },
      maxConnections: 1024,
      volumeSize: '5Gi',
    });
  });

  it.each(['medium', 'large'] as const)('wants a choice for %s, and warns of the embedded one', (size) => {
    expect(read(undefined, size).issues).toEqual([
      `error database: is missing: an installation of size ${size} gets no database by default`,
    ]);
    const { value, issues } = read(Database.embedded({ size: '20Gi', storageClass: 'fast' }), size);
    expect(issues).toEqual([expect.stringContaining('warning database: is one pod without a replica')]);
    expect(value).toMatchObject({ type: 'embedded', volumeSize: '20Gi', storageClass: 'fast' });
  });

  it('reads an external one with its defaults', () => {
    const { value, issues } = read(Database.external(EXTERNAL), 'large');
    expect(issues).toEqual([]);
    expect(value).toEqual({
      type: 'external',
      host: 'pg.example.com',
      port: 5432,
      username: 'postgres',
      name: 'registry',
      sslMode: 'require',
      password: { secret: 'pg', key: 'password' },
      maxConnections: 100,
    });
  });

  it('verifies the server as soon as its CA is known', () => {
    const full = Database.external({
      ...EXTERNAL,
      port: 6432,
      name: 'harbor',
      username: 'harbor@server',
      maxConnections: 500,
      ca: PEM,
    });
    expect(read(full)).toMatchObject({
      issues: [],
      value: {
        port: 6432,
        name: 'harbor',
        username: 'harbor@server',
        maxConnections: 500,
        sslMode: 'verify-full',
        ca: PEM,
      },
    });
    expect(read({ ...full, sslMode: 'verify-ca' }).value.sslMode).toBe('verify-ca');
  });

  it.each([
    [
      { ...EXTERNAL, type: 'external', sslMode: 'require', ca: PEM },
      ['error database.ca: is not used with sslMode require'],
    ],
    [
      { ...EXTERNAL, type: 'external', sslMode: 'disable' },
      ['warning database.sslMode: lets everyone on the way read what Harbor stores'],
    ],
    [{ type: 'external' }, ['error database.host: is missing', 'error database.passwordSecret: is missing']],
    [{ ...EXTERNAL, type: 'external', host: 'postgres://pg' }, ['error database.host: is not valid']],
    [{ ...EXTERNAL, type: 'external', name: 'two words' }, ['error database.name: is not valid']],
    [{ ...EXTERNAL, type: 'external', maxConnections: 5 }, ['error database.maxConnections: is out of range']],
    [{ ...EXTERNAL, type: 'external', password: 'x' }, ['error database.password: is given twice']],
    [
      { type: 'external', host: 'pg', password: 'x' },
      ['error database.password: is a plain text, which would land in the manifests'],
    ],
    [{ type: 'external', host: 'pg', password: 12 }, ['error database.password: is not a text']],
    [{ type: 'embedded', size: '10' }, ['error database.size: is not a quantity allowed here']],
    [{ type: 'embedded', host: 'x' }, ['error database.host: is not a setting here']],
    [{ type: 'mysql' }, ['error database.type: is not one of the choices']],
    [{}, ['error database.type: is missing']],
  ])('answers %p with %p', (database, issues) => {
    expect(read(database).issues).toEqual(issues);
  });
});

describe('databaseSecrets', () => {
  const where = { namespace: 'registry', readers: ['registry/core'] };

  it('makes the password of the embedded one', () => {
    expect(databaseSecrets(read(undefined).value, where)).toEqual([
      {
        ...where,
        name: 'team-database',
        objectKind: 'Secret',
        type: 'Opaque',
        keys: { POSTGRES_PASSWORD: { kind: 'password', length: 24 } },
        source: 'generated',
        keep: true,
      },
    ]);
  });

  it('expects that of an external one to exist', () => {
    expect(databaseSecrets(read(Database.external(EXTERNAL)).value, where)).toMatchObject([
      { name: 'pg', source: 'existing', keep: false, keys: { password: {} } },
    ]);
  });

  it('makes one of a password given, beside that of an embedded one, which is kept', () => {
    const { value, issues } = read(Database.external({ host: 'pg', password: defer('S3cret') }));
    expect(issues).toEqual([]);
    const [secret, ...more] = databaseSecrets(value, where);
    expect(more).toEqual([]);
    expect(known(secret)).toMatchObject({
      name: 'team-database-password',
      source: 'generated',
      keep: false,
      keys: { password: { kind: 'given', value: 'S3cret' } },
    });
  });

  it.each(['two words', "it's", 'a"b', 'a\\b'])('stops the deployment when a password given is %p', (password) => {
    const { value } = read(Database.external({ host: 'pg', password: defer(password) }));
    expect(() => known(databaseSecrets(value, where))).toThrow(
      /database\.password: is not valid\n +given: +\(hidden\)\n +allowed: a password without spaces, quotes and backslashes\n/,
    );
  });
});
