import type { HarborProps, LogLevel } from '../../../lib/plan/harbor';
import { configOf, FULL, objectsOf, textOf } from './objects';

const registry = (change: Partial<HarborProps> = {}, base?: HarborProps) =>
  configOf(objectsOf(change, base), base === undefined ? 'harbor-registry' : 'team-registry');
const jobservice = (change: Partial<HarborProps> = {}) => configOf(objectsOf(change), 'harbor-jobservice');

describe('config.yml of the registry', () => {
  it('is what Harbor writes, on a NAS', () => {
    expect(registry()).toEqual({
      version: 0.1,
      log: { level: 'info', fields: { service: 'registry' } },
      storage: {
        filesystem: { rootdirectory: '/storage', maxthreads: 100 },
        cache: { layerinfo: 'redis' },
        maintenance: { uploadpurging: { enabled: true, age: '168h', interval: '24h', dryrun: false } },
        delete: { enabled: true },
        redirect: { disable: true },
      },
      redis: {
        addr: 'harbor-redis.harbor.svc.cluster.local:6379',
        db: 2,
        dialtimeout: '10s',
        readtimeout: '10s',
        writetimeout: '10s',
        enableTLS: false,
        enabletls: false,
        pool: { maxidle: 100, maxactive: 500, idletimeout: '60s' },
      },
      http: { addr: ':5000', relativeurls: false },
      auth: { htpasswd: { realm: 'harbor-registry-basic-realm', path: '/etc/registry/passwd' } },
      validation: { disabled: true },
      compatibility: { schema1: { enabled: true } },
    });
  });

  it('has TLS, metrics and the bucket with everything on, and no credentials', () => {
    const config = registry({}, FULL);
    expect(config.http).toEqual({
      addr: ':5443',
      relativeurls: false,
      tls: {
        certificate: '/etc/harbor/ssl/registry/tls.crt',
        key: '/etc/harbor/ssl/registry/tls.key',
        minimumtls: 'tls1.2',
      },
      debug: { addr: ':8001', prometheus: { enabled: true, path: '/metrics' } },
    });
    expect(config.storage.s3).toMatchObject({ bucket: 'images', region: 'eu-central-1', secure: true, v4auth: true });
    expect(config.storage.redirect.disable).toBe(false);
    expect(config.storage.maintenance.uploadpurging.age).toBe('48h');
    expect(config.redis).toMatchObject({ addr: 'redis.example.com:6379', enableTLS: true, enabletls: true });
    expect(JSON.stringify(config)).not.toMatch(/password|accesskey/);
  });

  it.each([
    ['debug', 'debug'],
    ['info', 'info'],
    ['warning', 'warn'],
    ['error', 'error'],
    ['fatal', 'error'],
  ] as [LogLevel, string][])('knows log level %s as %s', (logLevel, level) => {
    expect(registry({ logLevel }).log.level).toBe(level);
  });
});

describe('config.yml of registryctl', () => {
  it('follows the scheme between components', () => {
    expect(configOf(objectsOf(), 'harbor-registry', 'ctl-config.yml')).toEqual({
      protocol: 'http',
      port: 8080,
      log_level: 'info',
      registry_config: '/etc/registry/config.yml',
    });
    expect(configOf(objectsOf({}, FULL), 'team-registry', 'ctl-config.yml')).toMatchObject({
      protocol: 'https',
      port: 8443,
      https_config: { cert: '/etc/harbor/ssl/registry/tls.crt', key: '/etc/harbor/ssl/registry/tls.key' },
    });
  });
});

describe('config.yml of jobservice', () => {
  it('is what Harbor writes, without the password of the queue', () => {
    expect(jobservice()).toEqual({
      protocol: 'http',
      port: 8080,
      worker_pool: {
        workers: 10,
        backend: 'redis',
        redis_pool: { namespace: 'harbor_job_service_namespace', idle_timeout_second: 3600 },
      },
      job_loggers: [{ name: 'DB', level: 'INFO', sweeper: { duration: 14 } }],
      loggers: [{ name: 'STD_OUTPUT', level: 'INFO' }],
      metric: { enabled: false, path: '/metrics', port: 8001 },
      reaper: { max_update_hours: 24, max_dangling_hours: 168 },
    });
  });

  it.each([
    [
      'file',
      {
        name: 'FILE',
        settings: { base_dir: '/var/log/jobs' },
        sweeper: { duration: 14, settings: { work_dir: '/var/log/jobs' } },
      },
    ],
    ['stdout', { name: 'STD_OUTPUT' }],
    ['database', { name: 'DB', sweeper: { duration: 14 } }],
  ] as const)('logs jobs to %s', (loggers, expected) => {
    expect(jobservice({ jobservice: { loggers }, logLevel: 'warning' }).job_loggers).toEqual([
      { level: 'WARNING', ...expected },
    ]);
  });

  it('serves TLS with its own certificate', () => {
    expect(configOf(objectsOf({}, FULL), 'team-jobservice')).toMatchObject({
      protocol: 'https',
      port: 8443,
      https_config: { cert: '/etc/harbor/ssl/jobservice/tls.crt', key: '/etc/harbor/ssl/jobservice/tls.key' },
      worker_pool: { workers: 20 },
      metric: { enabled: true },
    });
  });
});

describe('app.conf of core', () => {
  it('listens where core must', () => {
    expect(textOf(objectsOf(), 'harbor-core', 'app.conf')).toContain('\nhttpport = 8080\n');
    expect(textOf(objectsOf({}, FULL), 'team-core', 'app.conf')).toContain('\nhttpport = 8443\n');
  });
});
