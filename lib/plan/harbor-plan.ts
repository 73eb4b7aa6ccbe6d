import { cacheSecrets, readCache } from './cache.js';
import { readCheck } from './check.js';
import { type ComponentPlan, type InstallationSize, readComponent } from './components.js';
import { databaseSecrets, readDatabase } from './database.js';
import { checkExposure, checkHostnames, hasNginx, readExposure } from './exposure.js';
import { seal } from './freeze.js';
import type { HarborComponent, HarborPlan, HarborProps, HarborVersion } from './harbor.js';
import { readConnections } from './harbor-connections.js';
import { harborFlows, usersOfCoreCache } from './harbor-flows.js';
import {
  DEFAULT_HARBOR_VERSION,
  HARBOR_RELEASES,
  HARBOR_VERSIONS,
  readGatewayImage,
  readImages,
} from './harbor-images.js';
import { HARBOR_INSTANCE, harborCertificates, harborEndpoints } from './harbor-names.js';
import { harborSecrets, readersOf, readHarborSecrets } from './harbor-secrets.js';
import {
  LOG_LEVELS,
  readInternalTls,
  readJobservice,
  readProxy,
  readTrivy,
  readUploadPurging,
} from './harbor-settings.js';
import { HARBOR_SIZES } from './harbor-sizes.js';
import { Issues } from './issues.js';
import { DNS_NAME, NAMESPACE } from './names.js';
import { readProjects } from './projects.js';
import { checkText, Reader } from './reader.js';
import { checkRevisions } from './secrets.js';
import { type ReadSettings, readSettings, type SettingsContext } from './settings-plan.js';
import { isReadWriteOnce, readStorage, type SharedStorage } from './storage.js';
import { storageSecrets } from './storage-secrets.js';
import { caOf, readTls, warnOfRenewal } from './tls.js';

/** Every setting of a Harbor, for whoever reads it together with settings of their own. */
export const HARBOR_KEYS = [
  'domain',
  'aliases',
  'instance',
  'namespace',
  'version',
  'size',
  'storage',
  'database',
  'cache',
  'exposure',
  'tls',
  'internalTls',
  'images',
  'components',
  'secrets',
  'secretKey',
  'secretRevisions',
  'trivy',
  'metrics',
  'logLevel',
  'proxy',
  'egressPorts',
  'serviceAccountAnnotations',
  'cacheLayer',
  'jobservice',
  'uploadPurging',
  'connectionsPerPod',
  'check',
  'settings',
  'projects',
  'robots',
  'users',
  'groups',
  'registries',
] as const satisfies readonly (keyof HarborProps)[];

/** Those that a topology decides for all its regions, and a Harbor that stands alone for itself. */
export const FLEET_KEYS: readonly string[] = ['settings', 'projects', 'robots', 'users', 'groups', 'registries'];

/** What is decided outside a Harbor's own settings, which win where both speak; the domain and its aliases are always given. */
export interface HarborGiven {
  readonly domain: string;
  readonly aliases?: readonly string[];
  readonly instance?: string;
  readonly namespace?: string;
  readonly version?: HarborVersion;
  readonly size?: InstallationSize;
  /** Whether a Kraken reads it. @default true */
  readonly kraken?: boolean;
  /** What it shall be like inside, as the topology says. @default - as its own settings say */
  readonly settings?: Omit<SettingsContext, 'harbor' | 'kraken' | 'alone'> & { readonly reader: Reader };
}

/** Plans one Harbor; see `planHarbor` of the catalogue. */
export function planHarbor(props: HarborProps): HarborPlan {
  const issues = new Issues('the settings of a Harbor');
  const reader = new Reader(props, '', issues);
  reader.only(...HARBOR_KEYS);
  const domain = reader.requiredText('domain');
  const plan = readHarbor(reader, { domain, aliases: reader.texts('aliases') });
  issues.throwIfAny();
  return seal({ ...plan, warnings: issues.warnings });
}

/** Reads one Harbor and records every mistake; whether a key is known at all, the caller checks by {@link HARBOR_KEYS}. */
export function readHarbor(reader: Reader, given: HarborGiven): HarborPlan {
  const { domain, aliases = [] } = given;
  if (reader.has('domain') && domain !== '') checkText(domain, DNS_NAME, reader.at('domain'), reader.issues);
  checkHostnames(reader, DNS_NAME, domain, aliases);
  const instance = reader.text('instance', HARBOR_INSTANCE) ?? given.instance ?? 'harbor';
  const namespace = reader.text('namespace', NAMESPACE) ?? given.namespace ?? instance;
  const version = reader.choice('version', HARBOR_VERSIONS) ?? given.version ?? DEFAULT_HARBOR_VERSION;
  const size = reader.choice('size', ['small', 'medium', 'large'] as const) ?? given.size ?? 'small';
  const storage = readStorage(reader, 'storage', instance);
  const context = { size, instance, namespace };
  const database = readDatabase(reader, 'database', context);
  const cache = readCache(reader, 'cache', context);
  const exposure = readExposure(reader, 'exposure');
  const tls = readTls(reader, 'tls', { type: 'provided' });
  const internalTls = readInternalTls(reader, size);
  const metrics = reader.flag('metrics') ?? HARBOR_SIZES[size].metrics;
  const trivy = readTrivy(reader, HARBOR_SIZES[size].trivy);
  const nginx = hasNginx(exposure);
  const { components, registryctl, s3Gateway } = readComponents(reader, size, {
    trivy: trivy !== undefined,
    exporter: metrics,
    nginx,
    database: database.type === 'embedded',
    redis: cache.type === 'embedded',
    s3Gateway: storage.type === 's3' && storage.addressing === 'virtualHosted',
  });
  const jobservice = readJobservice(reader, storage, components.jobservice?.replicas ?? 1);
  const refs = readHarborSecrets(reader, instance, namespace);
  const ca = caOf(tls);
  const internalCa = caOf(internalTls);
  const endpoints = harborEndpoints(
    { instance, namespace },
    { internal: internalTls.type !== 'none', front: tls.type !== 'none' },
    { trivy: trivy !== undefined, nginx },
  );
  const scheme = tls.type === 'none' ? (tls.externalScheme ?? 'http') : 'https';
  const base = {
    kind: 'Harbor' as const,
    instance,
    namespace,
    version,
    size,
    domain,
    aliases,
    url: `${scheme}://${domain}`,
    components,
    registryctl,
    ...(s3Gateway === undefined
      ? {}
      : { s3Gateway: { image: readGatewayImage(reader, 'images'), resources: s3Gateway } }),
    ...readImages(reader, 'images', version),
    ...endpoints,
    exposure,
    storage,
    database,
    cache,
    tls,
    internalTls,
    ca,
    internalCa,
    caConfigMaps: {
      outside: ca === undefined ? undefined : `${instance}-ca`,
      internal: internalCa === undefined ? undefined : `${instance}-internal-ca`,
    },
    certificates: harborCertificates(
      { instance, namespace, domain, aliases, tls, internalTls, front: endpoints.front },
      Object.keys(components),
    ),
    adminPassword: refs.adminPassword,
    keys: refs.keys,
    trivy,
    metrics,
    logLevel: reader.choice('logLevel', LOG_LEVELS) ?? 'info',
    proxy: readProxy(reader, endpoints),
    egressPorts: [...new Set(reader.counts('egressPorts', 1, 65535) ?? [])],
    serviceAccountAnnotations: reader.textMap('serviceAccountAnnotations'),
    cacheLayer: reader.flag('cacheLayer') ?? false,
    jobservice,
    uploadPurging: readUploadPurging(reader),
    connections: readConnections(reader, components, database),
    check: readCheck(reader, 'check'),
    secretRevisions: reader.textMap('secretRevisions') ?? {},
  };
  checkReplicas(reader, storage, components);
  checkExposure(reader, 'exposure', exposure, tls, internalTls);
  checkVersion(reader, version, database.type === 'embedded', cache.username);
  if (nginx) warnOfRenewal(reader, 'tls', tls);
  warnOfRenewal(reader, 'internalTls', internalTls);
  const settings = readSettingsOf(reader, base, given);
  const inside = {
    ...(settings === undefined ? {} : { settings: settings.plan, reconcile: settings.reconcile }),
    pushElsewhere: settings?.pushElsewhere ?? {},
    registryRole: settings?.registryRole,
    serviceAccountAnnotations:
      settings?.registryRole === undefined
        ? base.serviceAccountAnnotations
        : { 'eks.amazonaws.com/role-arn': settings.registryRole, ...base.serviceAccountAnnotations },
  };
  if (!nginx) warnOfPushes(reader, inside.pushElsewhere);
  const where = (...names: readonly string[]) => ({ namespace, readers: readersOf(base, names) });
  const plan: HarborPlan = {
    ...base,
    ...inside,
    secrets: [
      ...harborSecrets(base, refs),
      ...storageSecrets(storage, where('registry')),
      // Jobservice gets it from core.
      ...databaseSecrets(database, where('core', 'jobservice', 'exporter', 'database')),
      ...cacheSecrets(cache, {
        ...where('core', 'jobservice', 'registry', 'trivy', 'exporter', 'redis'),
        readersOfCore: where(...usersOfCoreCache(base)).readers,
      }),
      ...(settings?.secrets ?? []),
    ],
    flows: harborFlows({ ...base, ...inside }),
    warnings: [],
  };
  checkRevisions(reader, plan, secretsRead(plan));
  return plan;
}

/** Only our own nginx can answer a push with the name of the home. */
function warnOfPushes(reader: Reader, elsewhere: HarborPlan['pushElsewhere']): void {
  const names = Object.keys(elsewhere);
  if (names.length === 0) return;
  reader.issues.warning(
    reader.at('exposure'),
    `is none of our own nginx: a push by the one name of what is pushed elsewhere (${names.join(', ')}) is refused without saying where to`,
    reader.raw('exposure'),
    'a load balancer, node ports or a cluster address',
    'push by the name of the home region',
  );
}

/** What it shall be like inside: as the topology says, or as its own settings do where it stands alone. */
function readSettingsOf(
  reader: Reader,
  harbor: SettingsContext['harbor'],
  { settings, kraken = true }: HarborGiven,
): ReadSettings | undefined {
  if (settings !== undefined) return readSettings(settings.reader, { ...settings, harbor, kraken, alone: false });
  const { instance, domain, aliases } = harbor;
  return readSettings(reader, {
    harbor,
    kraken,
    alone: true,
    region: instance,
    regions: [instance],
    hosts: [domain, ...aliases],
    projects: readProjects(reader, [instance]),
  });
}

type Runs = Readonly<Record<'trivy' | 'exporter' | 'nginx' | 'database' | 'redis' | 's3Gateway', boolean>>;

function readComponents(
  reader: Reader,
  size: InstallationSize,
  runs: Runs,
): Pick<HarborPlan, 'components' | 'registryctl'> & { readonly s3Gateway?: ComponentPlan['resources'] } {
  const bySize = HARBOR_SIZES[size];
  const names = Object.keys(bySize.components) as HarborComponent[];
  // The other containers of registry's pods, which have no pods of their own.
  const beside = ['registryctl', 's3Gateway'] as const;
  const overrides = reader.child('components').only(...names, ...beside);
  const single = (name: HarborComponent): boolean => name === 'database' || name === 'redis';
  const isOff = (name: string): boolean => name in runs && !runs[name as keyof Runs];
  for (const name of [...names, ...beside]) {
    if (!isOff(name) || !overrides.has(name)) continue;
    reader.issues.warning(
      overrides.at(name),
      'does not run here, so its settings have no effect',
      overrides.raw(name),
      'settings of components that run',
      'remove them, or switch the component on',
    );
  }
  const plans = names.map(
    (name) => [name, readComponent(overrides, name, bySize.components[name], single(name) ? 1 : 100)] as const,
  );
  const resourcesOf = (name: (typeof beside)[number]): ComponentPlan['resources'] => {
    overrides.child(name).only('resources');
    return readComponent(overrides, name, { replicas: 1, resources: bySize[name] }).resources;
  };
  const s3Gateway = resourcesOf('s3Gateway');
  return {
    components: Object.fromEntries(plans.filter(([name]) => !isOff(name))),
    registryctl: resourcesOf('registryctl'),
    s3Gateway: runs.s3Gateway ? s3Gateway : undefined,
  };
}

function checkReplicas(reader: Reader, storage: SharedStorage, components: HarborPlan['components']): void {
  const replicas = components.registry?.replicas ?? 1;
  if (!isReadWriteOnce(storage) || replicas === 1) return;
  reader.issues.error(
    reader.at('components.registry.replicas'),
    'needs a volume that several pods can write, but the storage is ReadWriteOnce',
    replicas,
    '1, or a storage that is ReadWriteMany or an object store',
    'set components.registry.replicas to 1, or storage.accessMode to ReadWriteMany',
  );
}

function checkVersion(reader: Reader, version: HarborVersion, embedded: boolean, cacheUser: string | undefined): void {
  if (version === DEFAULT_HARBOR_VERSION) return;
  if (cacheUser !== undefined) {
    reader.issues.warning(
      reader.at('cache.username'),
      `is not known to the registry of Harbor ${version}, which logs in as the default user`,
      cacheUser,
      `no user, or Harbor ${DEFAULT_HARBOR_VERSION}`,
      'remove username and use the password of the default user, or upgrade',
    );
  }
  const [from, to] = [HARBOR_RELEASES[version], HARBOR_RELEASES[DEFAULT_HARBOR_VERSION]];
  const database = `; its embedded PostgreSQL goes from ${from.postgresql} to ${to.postgresql} then, which takes twice its space`;
  reader.issues.warning(
    reader.at('version'),
    `is older than ${DEFAULT_HARBOR_VERSION}, and there is no way back from an upgrade but a backup${embedded ? database : ''}`,
    version,
    HARBOR_VERSIONS.join(', '),
    `back up the database, then set version to ${DEFAULT_HARBOR_VERSION}`,
  );
}

/** Names of all Secrets that its pods read. */
const secretsRead = (plan: HarborPlan): readonly string[] => [
  ...plan.secrets.map((secret) => secret.name),
  ...Object.values(plan.certificates).map((certificate) => certificate.secret),
];
