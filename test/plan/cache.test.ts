import { Cache, cacheEnv, cacheSecrets, cacheUrl, readCache, registryRedis } from '../../lib/plan/cache';
import { defer } from '../../lib/plan/deferred';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';
import { known } from '../../lib/testing';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const read = (cache: unknown, size: 'small' | 'large' = 'small') => {
  const issues = new Issues();
  const context = { size, instance: 'team', namespace: 'registry' };
  const value = readCache(new Reader({ cache }, '', issues), 'cache', context);
  return { value, issues: issues.all.map((issue) => `${issue.level} ${issue.path}: ${issue.problem}`) };
};
const plan = (cache: unknown) => {
  const { value, issues } = read(cache);
  expect(issues).toEqual([]);
  return value;
};
const SENTINELS = { hosts: ['a.example.com:26379', 'b.example.com:26380'], masterSet: 'mymaster' };

/** A server for core, and one for the rest. */
const CORE = { host: 'core', port: 10000, tls: true, username: 'u', passwordSecret: 'of-core' };
const TWO = Cache.external({ host: 'rest', passwordSecret: 'of-rest', core: CORE });
const variablesIn = (url: string) => [...url.matchAll(/\$\((\w+)\)/g)].map((match) => match[1]).sort();

describe('readCache', () => {
  it('puts Valkey, with a password, into the cluster of a small installation', () => {
    expect(plan(undefined)).toEqual({
      type: 'embedded',
      hosts: ['team-redis.registry.svc.cluster.local:6379'],
      ports: [6379],
      tls: false,
      password: { secret: 'team-redis', key: 'REDIS_PASSWORD', urlKey: 'REDIS_PASSWORD' },
      volumeSize: '1Gi',
    });
  });

  it('wants a choice beyond small, and warns of the embedded one', () => {
    expect(read(undefined, 'large').issues).toEqual([
      'error cache: is missing: an installation of size large gets no cache by default',
    ]);
    const { value, issues } = read(Cache.embedded({ size: '2Gi', storageClass: 'fast' }), 'large');
    expect(issues).toEqual([expect.stringContaining('warning cache: is one pod without a replica')]);
    expect(value).toMatchObject({ volumeSize: '2Gi', storageClass: 'fast' });
  });

  it('reads a server behind one address', () => {
    expect(plan(Cache.external({ host: 'redis.example.com' }))).toEqual({
      type: 'external',
      hosts: ['redis.example.com:6379'],
      ports: [6379],
      tls: false,
    });
    const full = Cache.external({
      host: 'redis.example.com',
      port: 6380,
      tls: true,
      username: 'harbor',
      passwordSecret: 'redis',
      ca: PEM,
    });
    expect(plan(full)).toEqual({
      type: 'external',
      hosts: ['redis.example.com:6380'],
      ports: [6380],
      tls: true,
      username: 'harbor',
      password: { secret: 'redis', key: 'REDIS_PASSWORD', urlKey: 'REDIS_PASSWORD' },
      ca: PEM,
    });
  });

  it('reads a second server, for core', () => {
    expect(plan(Cache.external({ ...TWO, core: { ...CORE, ca: PEM } }))).toEqual({
      type: 'external',
      hosts: ['rest:6379'],
      ports: [6379],
      tls: false,
      password: { secret: 'of-rest', key: 'REDIS_PASSWORD', urlKey: 'REDIS_PASSWORD' },
      core: {
        hosts: ['core:10000'],
        ports: [10000],
        tls: true,
        username: 'u',
        password: { secret: 'of-core', key: 'REDIS_PASSWORD', urlKey: 'REDIS_PASSWORD' },
        ca: PEM,
      },
    });
    const managed = { host: 'rest.westeurope.redis.azure.net', core: { host: 'core.westeurope.redis.azure.net' } };
    expect(plan(Cache.external(managed)).hosts).toEqual(['rest.westeurope.redis.azure.net:6379']);
  });

  it('reads Sentinels, and needs the ports of the servers behind them too', () => {
    expect(plan(Cache.sentinel(SENTINELS))).toEqual({
      type: 'sentinel',
      hosts: SENTINELS.hosts,
      ports: [6379, 26379, 26380],
      masterSet: 'mymaster',
      tls: false,
    });
    const late = read(Cache.sentinel({ ...SENTINELS, port: 7000, hosts: [defer('late:1'), `${defer('late')}:26390`] }));
    expect(late.value.ports).toEqual([7000, 26379, 26390]);
    expect(late.issues).toEqual(['warning cache.hosts[0]: is known only when deployed: its port is taken to be 26379']);
  });

  it.each([
    [{ type: 'cluster' }, 'error cache.type: is a Redis Cluster'],
    [Cache.external({ host: 'a,b,c' }), 'error cache.host: is a Redis Cluster'],
    [Cache.external({ host: 'clustercfg.x.use1.cache.amazonaws.com' }), 'error cache.host: is a Redis Cluster'],
    [
      { type: 'sentinel', ...SENTINELS, sentinelPasswordSecret: 'x' },
      'error cache.sentinelPasswordSecret: is not supported',
    ],
    [Cache.sentinel({ ...SENTINELS, hosts: [] }), 'error cache.hosts: is missing'],
    [Cache.sentinel({ ...SENTINELS, hosts: ['no-port'] }), 'error cache.hosts[0]: is not valid'],
    [{ type: 'sentinel', hosts: SENTINELS.hosts }, 'error cache.masterSet: is missing'],
    [Cache.external({ host: 'redis://a' }), 'error cache.host: is not valid'],
    [Cache.external({ host: 'a', username: 'u' }), 'error cache.username: has no password'],
    [Cache.external({ host: 'a', username: 'u:1', passwordSecret: 'p' }), 'error cache.username: is not valid'],
    [Cache.external({ host: 'a', ca: PEM }), 'error cache.ca: is not used without tls'],
    [{ type: 'external', host: 'a', password: 'x' }, 'error cache.password: is a plain text, which would land in'],
    [{ type: 'external', host: 'a', password: 'x', passwordSecret: 's' }, 'error cache.password: is given twice'],
    [{ type: 'sentinel', ...SENTINELS, password: 'x' }, 'error cache.password: is a plain text, which would land in'],
    [{ type: 'external' }, 'error cache.host: is missing'],
    [{ type: 'embedded', host: 'a' }, 'error cache.host: is not a setting here'],
    [Cache.external({ host: 'a.westeurope.redis.azure.net' }), 'error cache.host: has one numbered database'],
    [Cache.external({ host: 'a.redisenterprise.cache.azure.net' }), 'error cache.host: has one numbered database'],
    [Cache.external({ host: 'a', core: { host: 'a' } }), 'error cache.core.host: is the server of everything else'],
    [Cache.external({ host: 'a', core: { host: 'a,b' } }), 'error cache.core.host: is a Redis Cluster'],
    [Cache.external({ host: 'a', core: { host: 'b', ca: PEM } }), 'error cache.core.ca: is not used without tls'],
    [{ type: 'external', host: 'a', core: {} }, 'error cache.core.host: is missing'],
    [{ type: 'external', host: 'a', core: { host: 'b', core: {} } }, 'error cache.core.core: is not a setting here'],
    [{ type: 'sentinel', ...SENTINELS, core: { host: 'b' } }, 'error cache.core: is not a setting here'],
    [{ type: 'memcached' }, 'error cache.type: is not one of the choices'],
    [{}, 'error cache.type: is missing'],
  ])('answers %p with: %s', (cache, issue) => {
    expect(read(cache).issues).toEqual([expect.stringContaining(issue)]);
  });
});

describe('cacheUrl', () => {
  it.each([
    [Cache.external({ host: 'r' }), 'redis://r:6379/1'],
    [Cache.external({ host: 'r', passwordSecret: 's' }), 'redis://:$(REDIS_PASSWORD)@r:6379/1'],
    [
      Cache.external({ host: 'r', passwordSecret: 's', username: 'u', tls: true }),
      'rediss://$(REDIS_USERNAME):$(REDIS_PASSWORD)@r:6379/1',
    ],
    [Cache.sentinel(SENTINELS), 'redis+sentinel://a.example.com:26379,b.example.com:26380/mymaster/1'],
    [
      Cache.sentinel({ ...SENTINELS, tls: true, passwordSecret: 's' }),
      'rediss+sentinel://:$(REDIS_PASSWORD)@a.example.com:26379,b.example.com:26380/mymaster/1',
    ],
  ])('of %p is %s', (cache, url) => expect(cacheUrl(plan(cache), 'jobservice')).toBe(url));

  it('takes an idle timeout', () => {
    expect(cacheUrl(plan(Cache.external({ host: 'r' })), 'core', { idleTimeoutSeconds: 30 })).toBe(
      'redis://r:6379/0?idle_timeout_seconds=30',
    );
  });

  it('uses exactly the variables that cacheEnv gives', () => {
    for (const cache of [
      Cache.external({ host: 'r' }),
      Cache.external({ host: 'r', passwordSecret: 's' }),
      Cache.external({ host: 'r', passwordSecret: 's', username: 'u' }),
      Cache.sentinel({ ...SENTINELS, passwordSecret: 's' }),
      Cache.embedded(),
    ]) {
      expect(Object.keys(cacheEnv(plan(cache), ['trivy'])).sort()).toEqual(variablesIn(cacheUrl(plan(cache), 'trivy')));
      expect(cacheEnv(plan(cache), ['core', 'registry'])).toEqual(cacheEnv(plan(cache), ['trivy']));
    }
    const two = plan(TWO);
    const urls = `${cacheUrl(two, 'core')} ${cacheUrl(two, 'registry')}`;
    expect(Object.keys(cacheEnv(two, ['core', 'registry'])).sort()).toEqual(variablesIn(urls));
  });

  it('gives core a server of its own, and every component database 0', () => {
    const two = plan(TWO);
    expect(cacheUrl(two, 'core')).toBe('rediss://$(REDIS_CORE_USERNAME):$(REDIS_CORE_PASSWORD)@core:10000/0');
    for (const user of ['jobservice', 'registry', 'trivy'] as const)
      expect(cacheUrl(two, user)).toBe('redis://:$(REDIS_PASSWORD)@rest:6379/0');
    expect(cacheEnv(two, ['core'])).toEqual({
      REDIS_CORE_USERNAME: 'u',
      REDIS_CORE_PASSWORD: { secret: 'of-core', key: 'REDIS_PASSWORD' },
    });
    expect(cacheEnv(plan(Cache.external({ host: 'a', passwordSecret: 's', core: { host: 'b' } })), ['core'])).toEqual(
      {},
    );
    expect(registryRedis(two).config).toMatchObject({ addr: 'rest:6379', db: 0 });
  });

  it('takes a password for URLs percent-encoded, and the registry’s as it is', () => {
    const given = plan(Cache.external({ host: 'r', password: defer('a+b/c=') }));
    expect(cacheEnv(given, ['trivy'])).toEqual({
      REDIS_PASSWORD: { secret: 'team-redis-password', key: 'REDIS_PASSWORD_IN_URL' },
    });
    expect(registryRedis(given).env).toMatchObject({
      REGISTRY_REDIS_PASSWORD: { secret: 'team-redis-password', key: 'REDIS_PASSWORD' },
    });
    const [secret] = cacheSecrets(given, { namespace: 'registry', readers: [], readersOfCore: [] });
    expect(known(secret)).toMatchObject({
      keys: {
        REDIS_PASSWORD: { kind: 'given', value: 'a+b/c=' },
        REDIS_PASSWORD_IN_URL: { kind: 'given', value: 'a%2Bb%2Fc%3D' },
      },
    });
  });
});

describe('registryRedis', () => {
  it('spells TLS in both ways, and keeps the password out of the file', () => {
    const { config, env } = registryRedis(
      plan(Cache.external({ host: 'r', tls: true, username: 'u', passwordSecret: 's' })),
    );
    expect(config).toMatchObject({ addr: 'r:6379', username: 'u', db: 2, enableTLS: true, enabletls: true });
    expect(config).not.toHaveProperty('password');
    expect(env).toMatchObject({ REGISTRY_REDIS_PASSWORD: { secret: 's', key: 'REDIS_PASSWORD' } });
  });

  it('names the set that Sentinels watch, also with TLS', () => {
    expect(registryRedis(plan(Cache.sentinel({ ...SENTINELS, tls: true })))).toMatchObject({
      config: { addr: SENTINELS.hosts.join(','), sentinelMasterSet: 'mymaster', enableTLS: true },
      env: {},
    });
    expect(registryRedis(plan(undefined)).config).not.toHaveProperty('sentinelMasterSet');
  });

  it('writes durations with units, because a bare number means nanoseconds', () => {
    const { config } = registryRedis(plan(undefined));
    expect(config).toMatchObject({
      dialtimeout: '10s',
      readtimeout: '10s',
      writetimeout: '10s',
      pool: { idletimeout: '60s' },
    });
  });
});

describe('cacheSecrets', () => {
  const readers = ['registry/core', 'registry/jobservice'];
  const where = { namespace: 'registry', readers, readersOfCore: ['registry/core'] };

  it('makes the password of the embedded one, expects others, and needs none without a password', () => {
    expect(cacheSecrets(plan(undefined), where)).toMatchObject([
      {
        namespace: 'registry',
        readers,
        name: 'team-redis',
        source: 'generated',
        keys: { REDIS_PASSWORD: { kind: 'password' } },
      },
    ]);
    expect(cacheSecrets(plan(Cache.sentinel({ ...SENTINELS, passwordSecret: 's' })), where)).toMatchObject([
      { name: 's', source: 'existing' },
    ]);
    expect(cacheSecrets(plan(Cache.external({ host: 'r' })), where)).toEqual([]);
  });

  it('makes one of a password given, for a user too', () => {
    for (const cache of [
      Cache.external({ host: 'r', username: 'u', password: defer('S3cret') }),
      Cache.sentinel({ ...SENTINELS, password: defer('S3cret') }),
    ]) {
      const [secret, ...more] = cacheSecrets(plan(cache), where);
      expect(more).toEqual([]);
      expect(known(secret)).toMatchObject({
        name: 'team-redis-password',
        source: 'generated',
        keep: false,
        keys: { REDIS_PASSWORD: { kind: 'given', value: 'S3cret' } },
      });
    }
    const spaced = plan(Cache.external({ host: 'r', password: defer('a: b') }));
    expect(() => known(cacheSecrets(spaced, where))).toThrow(
      /cache\.password: is not valid\n +given: +\(hidden\)\n +allowed: letters, digits, "-", "\.", "_", "~", "\+", "\/" and "="/,
    );
  });

  it('makes one for each server, or expects one for both, read by those who reach the server', () => {
    const core = { host: 'core', password: defer('C+re') };
    const two = cacheSecrets(plan(Cache.external({ host: 'rest', password: defer('R/st'), core })), where);
    expect(known(two)).toMatchObject([
      { name: 'team-redis-password', readers, keys: { REDIS_PASSWORD: { value: 'R/st' } } },
      {
        name: 'team-redis-core-password',
        readers: ['registry/core'],
        source: 'generated',
        keys: { REDIS_PASSWORD: { value: 'C+re' }, REDIS_PASSWORD_IN_URL: { value: 'C%2Bre' } },
      },
    ]);
    const named = (passwordSecret: string) =>
      cacheSecrets(plan(Cache.external({ ...TWO, core: { ...CORE, passwordSecret } })), where);
    expect(named('of-core').map(({ name, source }) => [name, source])).toEqual([
      ['of-rest', 'existing'],
      ['of-core', 'existing'],
    ]);
    expect(named('of-rest').map(({ name, readers: who }) => [name, who])).toEqual([['of-rest', readers]]);
  });
});
