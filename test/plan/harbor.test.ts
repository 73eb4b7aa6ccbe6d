import { planHarbor } from '../../lib/plan/harbor';
import { HARBOR_KEYS, readHarbor } from '../../lib/plan/harbor-plan';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';
import { SharedStorage } from '../../lib/plan/storage';
import { MEDIUM, mistakes, PEM, plan, SMALL, told } from './harbors';

describe('planHarbor', () => {
  it('decides everything for the smallest settings', () => {
    const harbor = plan();
    expect(harbor).toMatchObject({
      kind: 'Harbor',
      instance: 'harbor',
      namespace: 'harbor',
      version: '2.15.2',
      size: 'small',
      url: 'https://registry.example.com',
      aliases: [],
      tls: { type: 'provided' },
      internalTls: { type: 'none' },
      exposure: { type: 'loadBalancer' },
      database: { type: 'embedded' },
      cache: { type: 'embedded' },
      metrics: false,
      warnings: [],
    });
    expect(Object.keys(harbor.components).sort()).toEqual(
      ['core', 'database', 'jobservice', 'nginx', 'portal', 'redis', 'registry'].sort(),
    );
    expect(Object.values(harbor.components).every((component) => component.replicas === 1)).toBe(true);
  });

  it('survives the loss of a pod in medium and large, scans and measures', () => {
    for (const size of ['medium', 'large'] as const) {
      const harbor = plan({ size }, MEDIUM);
      for (const name of ['core', 'portal', 'jobservice', 'registry', 'nginx'] as const) {
        expect(harbor.components[name]?.replicas).toBeGreaterThan(1);
      }
      expect(harbor.components).toHaveProperty('trivy');
      expect(harbor.components).toHaveProperty('exporter');
      expect(harbor.components).not.toHaveProperty('database');
      expect(harbor.components).not.toHaveProperty('redis');
      expect(harbor.internalTls.type).toBe('provided');
    }
  });

  it('is frozen all the way down, and the same again', () => {
    const harbor = plan();
    expect(Object.isFrozen(harbor.components.core?.resources)).toBe(true);
    expect(Object.isFrozen(harbor.flows[0])).toBe(true);
    expect(plan()).toEqual(harbor);
    expect(JSON.parse(JSON.stringify(harbor))).toEqual(harbor);
  });

  it('does not freeze what the user wrote', () => {
    const props = { ...SMALL, aliases: ['eu.example.com'] };
    planHarbor(props);
    expect(Object.isFrozen(props.aliases)).toBe(false);
    expect(Object.isFrozen(props.storage)).toBe(false);
  });

  it('gives addresses that hold in every namespace, on the ports of the official chart', () => {
    const harbor = plan({ instance: 'team', namespace: 'apps' }, MEDIUM);
    const host = (name: string) => `team-${name}.apps.svc.cluster.local`;
    expect(harbor.core).toMatchObject({ scheme: 'https', host: host('core'), port: 443, podPort: 8443 });
    expect(harbor.portal).toMatchObject({ host: host('portal'), port: 443, podPort: 8443 });
    expect(harbor.jobserviceEndpoint).toMatchObject({ host: host('jobservice'), port: 443, podPort: 8443 });
    expect(harbor.registry).toMatchObject({ host: host('registry'), port: 5443, podPort: 5443 });
    expect(harbor.registryctlEndpoint).toMatchObject({ host: host('registry'), port: 8443, podPort: 8443 });
    expect(harbor.trivyEndpoint).toMatchObject({ host: host('trivy'), port: 8443, podPort: 8443 });
    expect(harbor.front).toMatchObject({ scheme: 'https', host: 'team.apps.svc.cluster.local', port: 443 });
    expect(harbor.core.pods.labels).toEqual({ release: 'team', app: 'harbor', component: 'core' });
    const plain = plan({ tls: { type: 'none' } });
    expect(plain.core).toMatchObject({ scheme: 'http', port: 80, podPort: 8080 });
    expect(plain.registry).toMatchObject({ scheme: 'http', port: 5000, podPort: 5000 });
    expect(plain.front).toMatchObject({ scheme: 'http', port: 80, podPort: 8080 });
  });

  it('writes the URL that clients use, also behind something else that terminates TLS', () => {
    expect(plan({ tls: { type: 'none' } }).url).toBe('http://registry.example.com');
    expect(plan({ tls: { type: 'none', externalScheme: 'https' } }).url).toBe('https://registry.example.com');
  });

  it('knows what each version is made of', () => {
    expect(plan().images.redis).toBe('docker.io/goharbor/valkey-photon:v2.15.2');
    const old = plan({ version: '2.14.4' });
    expect(old.images.redis).toBe('docker.io/goharbor/redis-photon:v2.14.4');
    expect(old.warnings.map((issue) => issue.problem)).toEqual([
      expect.stringContaining('its embedded PostgreSQL goes from 15 to 18'),
    ]);
    const external = plan({ version: '2.14.4', metrics: false }, { ...MEDIUM, size: 'small' });
    expect(external.warnings[0]?.problem).not.toContain('PostgreSQL');
    expect(told(mistakes({ version: '2.8.0' }))).toEqual(['version: is not one of the choices']);
  });

  it('warns of a user of the cache that the registry of an older version does not know', () => {
    const cache = { type: 'external', host: 'redis', username: 'harbor', passwordSecret: 'redis' } as const;
    expect(told(plan({ version: '2.14.4', cache }).warnings)).toContain(
      'cache.username: is not known to the registry of Harbor 2.14.4, which logs in as the default user',
    );
    expect(told(plan({ cache }).warnings)).toEqual([]);
  });

  it('warns of certificates that cert-manager renews, but pods read at start only', () => {
    const certManager = { type: 'certManager', issuer: 'ours', ca: PEM } as const;
    const problem = 'renews certificates that pods go on showing until they are started again';
    expect(told(plan({ tls: certManager, internalTls: certManager }).warnings)).toEqual([
      `tls: ${problem}`,
      `internalTls: ${problem}`,
    ]);
    // A controller watches its Secrets by itself.
    expect(told(plan({ tls: certManager, exposure: { type: 'ingress' } }).warnings)).toEqual([]);
  });

  it('takes images from elsewhere, all or single ones', () => {
    const harbor = plan({
      images: {
        prefix: 'mirror.example.com:5000/goharbor',
        core: 'localhost/core:dev',
        pullSecrets: ['mirror'],
        architecture: 'any',
      },
    });
    expect(harbor.images.portal).toBe('mirror.example.com:5000/goharbor/harbor-portal:v2.15.2');
    expect(harbor.images.core).toBe('localhost/core:dev');
    expect(harbor.imagePullSecrets).toEqual(['mirror']);
    expect(harbor.architecture).toBeUndefined();
    expect(plan().architecture).toBe('amd64');
    expect(told(mistakes({ images: { prefix: 'mirror/', portal: 'no-tag' } }))).toEqual([
      'images.prefix: is not valid',
      'images.portal: is not valid',
    ]);
  });

  it('lets components be sized one by one', () => {
    const harbor = plan({
      components: {
        core: { replicas: 5 },
        registry: { resources: { memory: '3Gi' } },
        registryctl: { resources: { cpu: '1', cpuLimit: '2' } },
      },
    });
    expect(harbor.components.core?.replicas).toBe(5);
    expect(harbor.components.registry?.resources).toMatchObject({ memory: '3Gi', cpu: '100m' });
    expect(harbor.registryctl).toMatchObject({ cpu: '1', cpuLimit: '2', memory: '128Mi' });
    expect(told(mistakes({ components: { database: { replicas: 2 }, registryctl: { replicas: 2 } } }))).toEqual([
      'components.database.replicas: is out of range',
      'components.registryctl.replicas: is not a setting here',
    ]);
  });

  it('has a gateway to the bucket only where its service wants the bucket in the host', () => {
    const storage = SharedStorage.s3({
      bucket: 'images',
      region: 'ap-southeast-3',
      endpoint: 'https://obs.ap-southeast-3.myhuaweicloud.com',
      credentialsSecret: 'obs',
    });
    const components = { s3Gateway: { resources: { memory: '1Gi' } } } as const;
    expect(plan({ storage, components, images: { prefix: 'mirror.example.com/goharbor' } }).s3Gateway).toEqual({
      image: 'docker.io/envoyproxy/envoy:distroless-v1.40.0',
      resources: { cpu: '50m', cpuLimit: '1', memory: '1Gi', ephemeralStorage: '64Mi' },
    });
    const image = 'mirror.example.com/envoy:1';
    expect(plan({ storage, images: { s3Gateway: image } }).s3Gateway?.image).toBe(image);
    expect(plan({ images: { s3Gateway: image } }).s3Gateway).toBeUndefined();
    expect(plan({ components }).warnings.map(({ path }) => path)).toEqual(['components.s3Gateway']);
  });

  it('warns of settings of what does not run', () => {
    const harbor = plan({ components: { trivy: { replicas: 2 } } });
    expect(told(harbor.warnings)).toEqual(['components.trivy: does not run here, so its settings have no effect']);
    expect(harbor.components).not.toHaveProperty('trivy');
  });
});

describe('readHarbor', () => {
  const read = (props: unknown, given: Partial<Parameters<typeof readHarbor>[1]> = {}) => {
    const issues = new Issues();
    const harbor = readHarbor(new Reader(props, 'regions.a', issues), { domain: 'registry.example.com', ...given });
    return { harbor, issues: told(issues.all) };
  };

  it('takes the domain, and whatever its settings leave open, from outside', () => {
    const { harbor, issues } = read(
      { storage: SMALL.storage },
      { aliases: ['a.registry.example.com'], instance: 'acme', version: '2.14.4', size: 'small' },
    );
    expect(harbor).toMatchObject({ instance: 'acme', namespace: 'acme', version: '2.14.4' });
    expect(harbor.certificates.front?.names).toContain('a.registry.example.com');
    expect(issues).toHaveLength(1);
  });

  it('leaves keys of others to the caller', () => {
    expect(read({ storage: SMALL.storage, kraken: {}, tenants: {} }).issues).toEqual([]);
    expect(HARBOR_KEYS).toContain('storage');
    expect(told(mistakes({ kraken: {} }))).toEqual(['kraken: is not a setting here']);
  });

  it('takes a namespace given', () => {
    expect(read({ storage: SMALL.storage }, { namespace: 'shared' }).harbor.namespace).toBe('shared');
  });
});

describe('mistakes', () => {
  it('are told all at once', () => {
    const paths = mistakes({
      domain: 'registry',
      aliases: ['Bad'],
      instance: '9x',
      size: 'huge',
      storage: undefined,
      logLevel: 'trace',
      metrics: 'yes',
    }).map((issue) => issue.path);
    expect(paths.sort()).toEqual(['domain', 'aliases[0]', 'instance', 'size', 'storage', 'logLevel', 'metrics'].sort());
  });

  it.each([
    [{ domain: undefined }, ['domain: is missing']],
    [{ domain: 7 }, ['domain: is not a text']],
    [{ aliases: ['registry.example.com'] }, ['aliases[0]: is the domain itself']],
    [{ aliases: ['a.example.com', 'a.example.com'] }, ['aliases[1]: is given twice']],
    [{ instance: 'a'.repeat(36) }, ['instance: is too long (36 characters)']],
    [
      {
        storage: { type: 'nas', storageClass: 'block', accessMode: 'ReadWriteOnce' },
        components: { registry: { replicas: 2 } },
      },
      ['components.registry.replicas: needs a volume that several pods can write, but the storage is ReadWriteOnce'],
    ],
    [
      { jobservice: { loggers: 'file' }, storage: MEDIUM.storage },
      ['jobservice.loggers: needs a file system that outlives the pods, but the storage is an object store'],
    ],
    [
      {
        jobservice: { loggers: 'file' },
        storage: { type: 'nas', storageClass: 'block', accessMode: 'ReadWriteOnce' },
        components: { jobservice: { replicas: 2 } },
      },
      ['jobservice.loggers: needs a volume that 2 pods can write, but the storage is ReadWriteOnce'],
    ],
    [
      { jobservice: { workers: 0, threads: 2 } },
      ['jobservice.threads: is not a setting here', 'jobservice.workers: is out of range'],
    ],
    [{ uploadPurging: { age: '5m' } }, ['uploadPurging.age: is not a quantity allowed here']],
    [{ uploadPurging: { interval: '5' } }, ['uploadPurging.interval: is not a quantity allowed here']],
    [{ trivy: { severity: ['HIGH', 'low'] } }, ['trivy.severity[1]: is not a severity of Trivy']],
    [{ trivy: { dbRepository: ['trivy-db'] } }, ['trivy.dbRepository[0]: is not valid']],
    [{ trivy: { storage: { size: '1Gi' } } }, ['trivy.storage.size: is not a quantity allowed here']],
    [{ proxy: { http: 'http://user:secret@proxy:3128' } }, ['proxy.http: is not valid']],
    [
      { internalTls: { type: 'certManager', issuer: 'ours' } },
      ['internalTls.ca: is missing: the components would not trust each other'],
    ],
    [{ egressPorts: [636, 0] }, ['egressPorts: is not a list of whole numbers within bounds']],
    [{ egressPorts: 636 }, ['egressPorts: is not a list of whole numbers within bounds']],
    [{ secretRevisions: { 'harbor-core': 2 } }, ['secretRevisions: is not a map of texts']],
    [{ serviceAccountAnnotations: 'role' }, ['serviceAccountAnnotations: is not a map of texts']],
  ])('%j', (change, expected) => {
    expect(told(mistakes(change as Record<string, unknown>))).toEqual(expected);
  });

  it('a medium Harbor chooses its database and cache', () => {
    expect(mistakes({ size: 'medium' }).map((issue) => issue.path)).toEqual(['database', 'cache']);
  });
});

describe('settings', () => {
  it('file logs on a ReadWriteOnce volume bind jobservice to the node of the registry', () => {
    const harbor = plan({
      jobservice: { loggers: 'file', workers: 3 },
      storage: { type: 'nas', storageClass: 'block', accessMode: 'ReadWriteOnce' },
    });
    expect(harbor.jobservice).toEqual({ loggers: 'file', workers: 3 });
    expect(harbor.warnings.map((issue) => issue.path)).toEqual(['jobservice.loggers']);
    expect(plan({ jobservice: { loggers: 'file' } }).warnings).toEqual([]);
  });

  it('Trivy runs when asked, with its settings', () => {
    expect(plan().trivy).toBeUndefined();
    expect(plan({ trivy: { enabled: false } }, MEDIUM).trivy).toBeUndefined();
    expect(
      plan({
        trivy: {
          enabled: true,
          offline: true,
          skipUpdate: true,
          severity: ['CRITICAL', 'HIGH'],
          dbRepository: ['mirror.example.com/aquasec/trivy-db:2'],
          storage: { size: '10Gi', storageClass: 'fast' },
        },
      }).trivy,
    ).toEqual({
      offline: true,
      skipUpdate: true,
      severity: ['HIGH', 'CRITICAL'],
      dbRepository: ['mirror.example.com/aquasec/trivy-db:2'],
      storage: { size: '10Gi', storageClass: 'fast' },
    });
    expect(plan({ trivy: { enabled: true } }).trivy).toMatchObject({ skipUpdate: false, storage: { size: '5Gi' } });
  });

  it('a forward proxy is never used between components', () => {
    const { proxy } = plan({ proxy: { https: 'http://proxy.example.com:3128', noProxy: ['10.0.0.0/8'] } }, MEDIUM);
    expect(proxy?.https).toBe('http://proxy.example.com:3128');
    for (const name of ['core', 'portal', 'jobservice', 'registry', 'trivy']) {
      expect(proxy?.noProxy).toContain(`harbor-${name}.harbor.svc.cluster.local`);
    }
    expect(proxy?.noProxy).toEqual(expect.arrayContaining(['127.0.0.1', 'localhost', '.svc', '10.0.0.0/8']));
    expect(plan().proxy).toBeUndefined();
    expect(plan({ proxy: {} }).proxy?.http).toBeUndefined();
  });

  it('upload purging has the defaults of Harbor', () => {
    expect(plan().uploadPurging).toEqual({ enabled: true, age: '168h', interval: '24h', dryRun: false });
    expect(plan({ uploadPurging: { enabled: false, age: '2h', interval: '1h', dryRun: true } }).uploadPurging).toEqual({
      enabled: false,
      age: '2h',
      interval: '1h',
      dryRun: true,
    });
  });

  it('other switches are taken as they are', () => {
    const harbor = plan({ cacheLayer: true, logLevel: 'fatal', metrics: true });
    expect(harbor).toMatchObject({ cacheLayer: true, logLevel: 'fatal', metrics: true });
    expect(harbor.components).toHaveProperty('exporter');
  });
});

describe('certificates', () => {
  it('of the front names every name that clients use', () => {
    expect(plan({ aliases: ['eu.registry.example.com'] }).certificates.front).toEqual({
      secret: 'harbor-tls',
      commonName: 'registry.example.com',
      names: [
        'registry.example.com',
        'eu.registry.example.com',
        'harbor',
        'harbor.harbor',
        'harbor.harbor.svc',
        'harbor.harbor.svc.cluster.local',
      ],
    });
  });

  it('of a public CA name nothing that only the cluster knows', () => {
    const names = (tls: object) => plan({ tls: tls as never }).certificates.front?.names;
    expect(names({ type: 'certManager', issuer: 'letsencrypt' })).toEqual(['registry.example.com']);
    expect(names({ type: 'certManager', issuer: 'ours', ca: PEM })).toContain('harbor.harbor.svc');
    expect(plan({ exposure: { type: 'ingress' } }).certificates.front?.names).toEqual(['registry.example.com']);
  });

  it('have a common name that fits, whatever the domain', () => {
    const domain = `${'a'.repeat(60)}.example.com`;
    expect(plan({ domain }).certificates.front).toMatchObject({ commonName: 'harbor' });
    expect(plan({ domain }).certificates.front?.names).toContain(domain);
  });

  it('between components name all forms of the Service, and core its own loopback', () => {
    const { certificates } = plan({ internalTls: { type: 'provided' } }, MEDIUM);
    expect(certificates.registry).toEqual({
      secret: 'harbor-registry-internal-tls',
      commonName: 'harbor-registry',
      names: [
        'harbor-registry',
        'harbor-registry.harbor',
        'harbor-registry.harbor.svc',
        'harbor-registry.harbor.svc.cluster.local',
      ],
    });
    expect(certificates.core?.names.slice(-2)).toEqual(['localhost', '127.0.0.1']);
    expect(Object.keys(certificates).sort()).toEqual(['core', 'front', 'jobservice', 'portal', 'registry', 'trivy']);
    expect(plan({ trivy: { enabled: false } }, MEDIUM).certificates).not.toHaveProperty('trivy');
  });

  it('that exist are called as the user says', () => {
    const harbor = plan({
      tls: { type: 'existingSecret', name: 'wildcard' },
      internalTls: { type: 'existingSecret', name: 'mesh', ca: PEM },
    });
    expect(harbor.certificates.front?.secret).toBe('wildcard');
    expect(harbor.certificates.core?.secret).toBe('mesh-core-internal-tls');
    expect(harbor.caConfigMaps).toEqual({ internal: 'harbor-internal-ca' });
    expect(harbor.internalCa).toEqual({ from: 'text', pem: PEM });
  });

  it('are none without TLS', () => {
    const harbor = plan({ tls: { type: 'none' } });
    expect(harbor.certificates).toEqual({});
    expect(harbor.ca).toBeUndefined();
  });
});
