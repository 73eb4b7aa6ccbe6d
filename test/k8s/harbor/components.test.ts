import { planHarbor } from '../../../lib/plan/harbor';
import { containerOf, envOf, FULL, mountsOf, objectsOf, specOf, templateOf } from './objects';

const small = objectsOf();
const full = objectsOf({}, FULL);
const portsOf = (objects: typeof small, name: string) =>
  specOf<{ ports: { name: string; port: number; targetPort: number }[] }>(objects, 'Service', name).ports.map(
    ({ name: port, port: number, targetPort }) => `${port} ${number}>${targetPort}`,
  );

describe('core', () => {
  const core = containerOf(small, 'harbor-core', 'core');

  it('gets the environment of the official chart', () => {
    expect(envOf(core)).toEqual({
      REDIS_PASSWORD: 'harbor-redis/REDIS_PASSWORD',
      CONFIG_PATH: '/etc/core/app.conf',
      PORT: '8080',
      LOG_LEVEL: 'info',
      EXT_ENDPOINT: 'https://registry.example.com',
      CORE_URL: 'http://harbor-core.harbor.svc.cluster.local:80',
      CORE_LOCAL_URL: 'http://127.0.0.1:8080',
      TOKEN_SERVICE_URL: 'http://harbor-core.harbor.svc.cluster.local/service/token',
      PORTAL_URL: 'http://harbor-portal.harbor.svc.cluster.local',
      JOBSERVICE_URL: 'http://harbor-jobservice.harbor.svc.cluster.local',
      REGISTRY_URL: 'http://harbor-registry.harbor.svc.cluster.local:5000',
      REGISTRY_CONTROLLER_URL: 'http://harbor-registry.harbor.svc.cluster.local:8080',
      WITH_TRIVY: 'false',
      REGISTRY_STORAGE_PROVIDER_NAME: 'filesystem',
      DATABASE_TYPE: 'postgresql',
      POSTGRESQL_HOST: 'harbor-database.harbor.svc.cluster.local',
      POSTGRESQL_PORT: '5432',
      POSTGRESQL_USERNAME: 'postgres',
      POSTGRESQL_DATABASE: 'registry',
      POSTGRESQL_SSLMODE: 'disable',
      POSTGRESQL_MAX_IDLE_CONNS: '50',
      POSTGRESQL_MAX_OPEN_CONNS: '50',
      POSTGRESQL_PASSWORD: 'harbor-database/POSTGRES_PASSWORD',
      _REDIS_URL_CORE:
        'redis://:$(REDIS_PASSWORD)@harbor-redis.harbor.svc.cluster.local:6379/0?idle_timeout_seconds=30',
      _REDIS_URL_REG: 'redis://:$(REDIS_PASSWORD)@harbor-redis.harbor.svc.cluster.local:6379/2?idle_timeout_seconds=30',
      CORE_SECRET: 'harbor-core/secret',
      JOBSERVICE_SECRET: 'harbor-jobservice/JOBSERVICE_SECRET',
      CSRF_KEY: 'harbor-core/CSRF_KEY',
      HARBOR_ADMIN_PASSWORD: 'harbor-core/HARBOR_ADMIN_PASSWORD',
      REGISTRY_CREDENTIAL_USERNAME: 'harbor_registry_user',
      REGISTRY_CREDENTIAL_PASSWORD: 'harbor-registry-htpasswd/REGISTRY_PASSWD',
      PERMITTED_REGISTRY_TYPES_FOR_PROXY_CACHE: expect.stringContaining('docker-hub,harbor'),
      SSL_CERT_DIR: '/etc/pki/tls/certs:/harbor_cust_cert',
    });
  });

  it('runs its program itself, and finds its files where it looks', () => {
    expect(core.command).toEqual(['/harbor/harbor_core']);
    expect(mountsOf(core)).toEqual({
      '/etc/core/app.conf': 'config',
      '/etc/core/key': 'secret-key',
      '/etc/core/private_key.pem': 'token-key',
      '/etc/core/ca': 'ca',
      '/harbor_cust_cert': 'trusted-ca',
    });
    expect(core.volumeMounts?.every((mount) => mount.readOnly === true)).toBe(true);
  });

  it('has an hour to migrate, and is asked different things later', () => {
    const { startupProbe, readinessProbe, livenessProbe } = core;
    expect((startupProbe?.failureThreshold ?? 0) * (startupProbe?.periodSeconds ?? 0)).toBe(3600);
    expect(readinessProbe.httpGet).toEqual({ path: '/api/v2.0/ping', port: 8080, scheme: 'HTTP' });
    expect(livenessProbe.httpGet?.path).toBe('/api/version');
    expect(templateOf(small, 'harbor-core').spec.terminationGracePeriodSeconds).toBe(120);
  });

  it('with everything on has TLS, scanner, cache layer, metrics and proxy', () => {
    const env = envOf(containerOf(full, 'team-core', 'core'));
    expect(env).toMatchObject({
      PORT: '8443',
      CORE_URL: 'https://team-core.registry.svc.cluster.local:443',
      CORE_LOCAL_URL: 'https://127.0.0.1:8443',
      WITH_TRIVY: 'true',
      TRIVY_ADAPTER_URL: 'https://team-trivy.registry.svc.cluster.local:8443',
      REGISTRY_STORAGE_PROVIDER_NAME: 's3',
      POSTGRESQL_SSLMODE: 'verify-full',
      POSTGRESQL_PASSWORD: 'db/password',
      REDIS_USERNAME: 'harbor',
      _REDIS_URL_CORE: 'rediss://$(REDIS_USERNAME):$(REDIS_PASSWORD)@redis.example.com:6379/0?idle_timeout_seconds=30',
      CORE_SECRET: 'core-values/secret',
      HARBOR_ADMIN_PASSWORD: 'admin-password/HARBOR_ADMIN_PASSWORD',
      CACHE_ENABLED: 'true',
      METRIC_ENABLE: 'true',
      METRIC_PORT: '8001',
      METRIC_SUBSYSTEM: 'core',
      INTERNAL_TLS_ENABLED: 'true',
      INTERNAL_TLS_KEY_PATH: '/etc/harbor/ssl/core/tls.key',
      INTERNAL_TLS_CERT_PATH: '/etc/harbor/ssl/core/tls.crt',
      SSL_CERT_DIR: '/etc/pki/tls/certs:/harbor_cust_cert:/etc/harbor/ssl/core',
      HTTPS_PROXY: 'http://proxy.example.com:3128',
      NO_PROXY: expect.stringContaining('team-registry.registry.svc.cluster.local'),
    });
    expect(env).not.toHaveProperty('HTTP_PROXY');
    expect(portsOf(full, 'team-core')).toEqual(['https-web 443>8443', 'http-metrics 8001>8001']);
    expect(portsOf(small, 'harbor-core')).toEqual(['http-web 80>8080']);
  });

  it('opens no more connections than the plan gives it', () => {
    const env = envOf(containerOf(objectsOf({ connectionsPerPod: 20 }), 'harbor-core', 'core'));
    expect(env).toMatchObject({ POSTGRESQL_MAX_OPEN_CONNS: '20', POSTGRESQL_MAX_IDLE_CONNS: '20' });
  });

  it('mounts single keys of Secrets, for its group only', () => {
    const { volumes } = templateOf(full, 'team-core').spec;
    expect(volumes).toContainEqual({
      name: 'secret-key',
      secret: { secretName: 'key', items: [{ key: 'secretKey', path: 'secretKey' }], defaultMode: 0o440 },
    });
    expect(volumes).toContainEqual({
      name: 'token-key',
      secret: { secretName: 'core-values', items: [{ key: 'tls.key', path: 'tls.key' }], defaultMode: 0o440 },
    });
  });

  it('offers no CA for download when there is no private one', () => {
    const mounts = mountsOf(containerOf(objectsOf({ tls: { type: 'none' } }), 'harbor-core', 'core'));
    expect(mounts).not.toHaveProperty('/etc/core/ca');
  });
});

describe('jobservice', () => {
  it('knows its queue by a variable, and no database', () => {
    const env = envOf(containerOf(small, 'harbor-jobservice', 'jobservice'));
    expect(env).toMatchObject({
      CORE_URL: 'http://harbor-core.harbor.svc.cluster.local:80',
      JOB_SERVICE_POOL_REDIS_URL: 'redis://:$(REDIS_PASSWORD)@harbor-redis.harbor.svc.cluster.local:6379/1',
      CORE_SECRET: 'harbor-core/secret',
      JOBSERVICE_SECRET: 'harbor-jobservice/JOBSERVICE_SECRET',
      REGISTRY_CREDENTIAL_PASSWORD: 'harbor-registry-htpasswd/REGISTRY_PASSWD',
    });
    expect(Object.keys(env).some((name) => name.startsWith('POSTGRESQL'))).toBe(false);
    expect(Object.keys(env).indexOf('REDIS_PASSWORD')).toBeLessThan(
      Object.keys(env).indexOf('JOB_SERVICE_POOL_REDIS_URL'),
    );
  });

  it('shares the cache layer with core', () => {
    const [core, jobservice] = [
      envOf(containerOf(full, 'team-core', 'core')),
      envOf(containerOf(full, 'team-jobservice', 'jobservice')),
    ];
    for (const name of ['CACHE_ENABLED', 'CACHE_EXPIRE_HOURS', '_REDIS_URL_CORE']) {
      expect(jobservice[name]).toBe(core[name]);
    }
  });

  it('keeps log files on the NAS, in a folder of its own', () => {
    const objects = objectsOf({ jobservice: { loggers: 'file' } });
    const { spec } = templateOf(objects, 'harbor-jobservice');
    expect(spec.initContainers?.[0]?.command).toEqual(['mkdir', '-p', '/volume/jobservice']);
    expect(containerOf(objects, 'harbor-jobservice', 'jobservice').volumeMounts).toContainEqual({
      name: 'storage',
      mountPath: '/var/log/jobs',
      subPath: 'jobservice',
    });
    expect(specOf(objects, 'Deployment', 'harbor-jobservice')).toMatchObject({ strategy: { type: 'RollingUpdate' } });
    expect(templateOf(small, 'harbor-jobservice').spec.initContainers).toBeUndefined();
  });

  it('is replaced, not doubled, where only one pod may write', () => {
    const storage = { type: 'nas', storageClass: 'block', accessMode: 'ReadWriteOnce' } as const;
    const strategies = (loggers: 'file' | 'database') => {
      const objects = objectsOf({ storage, jobservice: { loggers } });
      return ['jobservice', 'registry'].map(
        (name) => specOf<{ strategy: { type: string } }>(objects, 'Deployment', `harbor-${name}`).strategy.type,
      );
    };
    expect(strategies('file')).toEqual(['Recreate', 'Recreate']);
    expect(strategies('database')).toEqual(['RollingUpdate', 'Recreate']);
  });
});

describe('a cache of two servers', () => {
  const cache = {
    type: 'external',
    host: 'rest',
    passwordSecret: 'of-rest',
    core: { host: 'core', port: 10000, passwordSecret: 'of-core' },
  } as const;

  it.each(['2.14.4', '2.15.2'] as const)(
    'has core on one, all else on the other, in database 0 of each: %s',
    (version) => {
      const objects = objectsOf({ cache, version, metrics: true, trivy: { enabled: true } });
      const env = (component: string, container = component) =>
        envOf(containerOf(objects, `harbor-${component}`, container));
      const ofCore = 'redis://:$(REDIS_CORE_PASSWORD)@core:10000/0';
      const ofRest = 'redis://:$(REDIS_PASSWORD)@rest:6379/0';
      expect(env('core')).toMatchObject({
        REDIS_CORE_PASSWORD: 'of-core/REDIS_PASSWORD',
        REDIS_PASSWORD: 'of-rest/REDIS_PASSWORD',
        _REDIS_URL_CORE: `${ofCore}?idle_timeout_seconds=30`,
        _REDIS_URL_REG: `${ofRest}?idle_timeout_seconds=30`,
      });
      expect(env('jobservice')).toMatchObject({ JOB_SERVICE_POOL_REDIS_URL: ofRest });
      expect(env('exporter')).toMatchObject({ HARBOR_REDIS_URL: ofRest });
      expect(envOf(containerOf(objects, 'harbor-trivy', 'trivy', 'StatefulSet'))).toMatchObject({
        SCANNER_REDIS_URL: `${ofRest}?idle_timeout_seconds=30`,
      });
      expect(env('registry')).toMatchObject({ REGISTRY_REDIS_PASSWORD: 'of-rest/REDIS_PASSWORD' });
      for (const component of ['jobservice', 'exporter', 'registry'])
        expect(JSON.stringify(env(component))).not.toContain('of-core');
    },
  );

  it('lets jobservice reach core’s with the cache layer', () => {
    const objects = objectsOf({ cache, cacheLayer: true });
    expect(envOf(containerOf(objects, 'harbor-jobservice', 'jobservice'))).toMatchObject({
      REDIS_CORE_PASSWORD: 'of-core/REDIS_PASSWORD',
      _REDIS_URL_CORE: 'redis://:$(REDIS_CORE_PASSWORD)@core:10000/0?idle_timeout_seconds=30',
    });
  });
});

describe('registry', () => {
  it('runs two programs with the same configuration and storage', () => {
    const [registry, ctl] = ['registry', 'registryctl'].map((name) => containerOf(full, 'team-registry', name));
    expect(registry?.command).toEqual(['/usr/bin/registry_DO_NOT_USE_GC', 'serve', '/etc/registry/config.yml']);
    expect(ctl?.command).toEqual(['/home/harbor/harbor_registryctl', '-c', '/etc/registryctl/config.yml']);
    for (const container of [registry, ctl]) {
      expect(container && envOf(container)).toMatchObject({
        REGISTRY_HTTP_SECRET: 'team-registry/REGISTRY_HTTP_SECRET',
        REGISTRY_REDIS_PASSWORD: 'cache/REDIS_PASSWORD',
        REGISTRY_STORAGE_S3_ACCESSKEY: 'bucket/REGISTRY_STORAGE_S3_ACCESSKEY',
        REGISTRY_STORAGE_S3_SECRETKEY: 'bucket/REGISTRY_STORAGE_S3_SECRETKEY',
      });
      expect(container && mountsOf(container)).toHaveProperty(['/etc/registry/config.yml']);
    }
    expect(registry && mountsOf(registry)).toHaveProperty('/etc/registry/passwd');
    expect(ctl && mountsOf(ctl)).not.toHaveProperty('/etc/registry/passwd');
    expect(registry && envOf(registry)).not.toHaveProperty('JOBSERVICE_SECRET');
    expect(ctl && envOf(ctl)).toMatchObject({ JOBSERVICE_SECRET: 'team-jobservice/JOBSERVICE_SECRET' });
    expect(ctl?.resources.limits.memory).toBe('256Mi');
    expect(registry?.resources.limits.memory).toBe('2Gi');
  });

  it('reaches its bucket without the forward proxy, to which no flow leads', () => {
    for (const name of ['registry', 'registryctl']) {
      expect(Object.keys(envOf(containerOf(full, 'team-registry', name))).join()).not.toContain('PROXY');
    }
    const proxied = planHarbor(FULL).flows.filter(({ port }) => port === 3128);
    expect(proxied.map(({ from }) => from.kind === 'pods' && from.component)).toEqual(['core', 'jobservice', 'trivy']);
  });

  it('shows both and the metrics by one Service', () => {
    expect(portsOf(full, 'team-registry')).toEqual([
      'https-registry 5443>5443',
      'https-controller 8443>8443',
      'http-metrics 8001>8001',
    ]);
    expect(portsOf(small, 'harbor-registry')).toEqual(['http-registry 5000>5000', 'http-controller 8080>8080']);
  });
});

describe('every container', () => {
  const workloads = full.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
  const containers = workloads.flatMap(({ kind, metadata: { name } }) =>
    templateOf(full, name, kind).spec.containers.map((container) => ({ name: `${name}/${container.name}`, container })),
  );

  it.each(containers)('$name leaves its Service before it is killed for the same reason', ({ container }) => {
    const { readinessProbe, livenessProbe } = container;
    const target = (probe: typeof readinessProbe) => JSON.stringify([probe.httpGet, probe.tcpSocket]);
    const patience = (probe: typeof readinessProbe) =>
      (probe.failureThreshold ?? 3) *
      (probe.periodSeconds ?? 10) *
      (target(probe) === target(readinessProbe) ? 1 : 100);
    expect(patience(livenessProbe)).toBeGreaterThan(patience(readinessProbe));
  });

  it('jobservice is asked without a query: it lets in without credentials only what is exactly this path', () => {
    const { livenessProbe } = containerOf(full, 'team-jobservice', 'jobservice');
    expect(livenessProbe.httpGet?.path).toBe('/api/v1/stats');
  });

  it.each(containers)('$name names each port once, in 15 characters', ({ container }) => {
    const names = (container.ports ?? []).map((port) => port.name);
    expect(names.every((name) => name.length <= 15)).toBe(true);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('exporter', () => {
  it('asks core, database and the queue of jobservice', () => {
    const exporter = containerOf(full, 'team-exporter', 'exporter');
    expect(exporter.command).toEqual(['/harbor/harbor_exporter']);
    expect(envOf(exporter)).toMatchObject({
      HARBOR_SERVICE_SCHEME: 'https',
      HARBOR_SERVICE_HOST: 'team-core.registry.svc.cluster.local',
      HARBOR_SERVICE_PORT: '443',
      HARBOR_REDIS_URL: 'rediss://$(REDIS_USERNAME):$(REDIS_PASSWORD)@redis.example.com:6379/1',
      HARBOR_DATABASE_HOST: 'db.example.com',
      HARBOR_DATABASE_PASSWORD: 'db/password',
      HARBOR_DATABASE_MAX_OPEN_CONNS: '5',
      HARBOR_ADMIN_PASSWORD: 'admin-password/HARBOR_ADMIN_PASSWORD',
    });
  });
});

describe('trivy', () => {
  const trivy = containerOf(full, 'team-trivy', 'trivy', 'StatefulSet');

  it('scans as it is told', () => {
    expect(trivy.command).toEqual(['/home/scanner/bin/scanner-trivy']);
    expect(envOf(trivy)).toMatchObject({
      SCANNER_API_SERVER_ADDR: ':8443',
      SCANNER_API_SERVER_TLS_CERTIFICATE: '/etc/harbor/ssl/trivy/tls.crt',
      SCANNER_REDIS_URL:
        'rediss://$(REDIS_USERNAME):$(REDIS_PASSWORD)@redis.example.com:6379/5?idle_timeout_seconds=30',
      SCANNER_TRIVY_SEVERITY: 'HIGH,CRITICAL',
      SCANNER_TRIVY_DB_REPOSITORY: 'mirror.example.com/trivy-db:2',
      SCANNER_TRIVY_SKIP_UPDATE: 'false',
    });
  });

  it('keeps its database on a volume that goes with it', () => {
    expect(specOf(full, 'StatefulSet', 'team-trivy')).toMatchObject({
      serviceName: 'team-trivy',
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' },
      volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { resources: { requests: { storage: '5Gi' } } } }],
    });
    const writable = trivy.volumeMounts?.filter((mount) => mount.readOnly !== true).map((mount) => mount.mountPath);
    expect(writable).toEqual(['/home/scanner/.cache', '/tmp']);
  });

  it('on plain HTTP shows no certificate', () => {
    const plain = objectsOf({ trivy: { enabled: true } });
    const env = envOf(containerOf(plain, 'harbor-trivy', 'trivy', 'StatefulSet'));
    expect(env.SCANNER_API_SERVER_ADDR).toBe(':8080');
    expect(env).not.toHaveProperty('SCANNER_API_SERVER_TLS_KEY');
    expect(env).not.toHaveProperty('SCANNER_TRIVY_DB_REPOSITORY');
  });
});
