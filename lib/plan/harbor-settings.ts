import type { InstallationSize } from './components.js';
import type { HarborPlan, JobserviceProps, LogLevel, UploadPurgingProps } from './harbor.js';
import { OBJECT_NAME } from './names.js';
import { bytes, type Duration, milliseconds, type Size } from './quantities.js';
import { isLate, type Reader, type TextRule } from './reader.js';
import { isReadWriteOnce, type SharedStorage } from './storage.js';
import { caOf, readTls, type Tls } from './tls.js';

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'fatal'] as const satisfies readonly LogLevel[];

const SEVERITIES = ['UNKNOWN', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL'] as const;
type Severity = (typeof SEVERITIES)[number];

/** Trivy's settings; nothing when it does not run. */
export function readTrivy(reader: Reader, bySize: boolean): HarborPlan['trivy'] {
  const trivy = reader.child('trivy').only('enabled', 'skipUpdate', 'offline', 'severity', 'dbRepository', 'storage');
  const storage = trivy.child('storage').only('size', 'storageClass');
  const plan = {
    skipUpdate: trivy.flag('skipUpdate') ?? false,
    offline: trivy.flag('offline') ?? false,
    severity: readSeverities(trivy),
    dbRepository: trivy.texts('dbRepository', REPOSITORY) ?? [],
    storage: {
      size: storage.quantity<Size>('size', bytes, 'a size of at least "2Gi"', bytes('2Gi')) ?? '5Gi',
      storageClass: storage.text('storageClass', OBJECT_NAME),
    },
  };
  return (trivy.flag('enabled') ?? bySize) ? plan : undefined;
}

const REPOSITORY: TextRule = {
  pattern: /^[a-z0-9][-a-zA-Z0-9._]*(:\d+)?(\/[-a-z0-9._]+)+(:[-a-zA-Z0-9_.]+)?$/,
  allowed: 'an OCI repository such as mirror.example.com/aquasec/trivy-db',
};

function readSeverities(trivy: Reader): readonly Severity[] {
  const given = trivy.texts('severity');
  if (given === undefined) return SEVERITIES;
  for (const [i, severity] of given.entries()) {
    const path = `${trivy.at('severity')}[${i}]`;
    const allowed = SEVERITIES.join(', ');
    if (SEVERITIES.some((known) => known === severity) || isLate(severity, path, allowed, trivy.issues)) continue;
    trivy.issues.error(path, 'is not a severity of Trivy', severity, allowed, 'write one of them, in capitals');
  }
  return SEVERITIES.filter((severity) => given.includes(severity));
}

/** The job service's settings. Logs in files need a volume that all its pods share. */
export function readJobservice(reader: Reader, storage: SharedStorage, replicas: number): Required<JobserviceProps> {
  const jobservice = reader.child('jobservice').only('workers', 'loggers');
  const loggers = jobservice.choice('loggers', ['database', 'file', 'stdout'] as const) ?? 'database';
  if (loggers === 'file') checkLogFiles(jobservice, storage, replicas);
  return { workers: jobservice.count('workers', 1, 1000) ?? 10, loggers };
}

function checkLogFiles(jobservice: Reader, storage: SharedStorage, replicas: number): void {
  if (storage.type !== 'nas') {
    jobservice.issues.error(
      jobservice.at('loggers'),
      'needs a file system that outlives the pods, but the storage is an object store',
      'file',
      'database or stdout, or a storage of type nas',
      'set loggers to database',
    );
  } else if (isReadWriteOnce(storage)) {
    const [level, problem] =
      replicas > 1
        ? (['error', `needs a volume that ${replicas} pods can write, but the storage is ReadWriteOnce`] as const)
        : (['warning', 'binds jobservice to the node of the registry, because the storage is ReadWriteOnce'] as const);
    jobservice.issues[level](
      jobservice.at('loggers'),
      problem,
      'file',
      'database or stdout, or a storage that is ReadWriteMany',
      'set loggers to database',
    );
  }
}

/** Removal of unfinished uploads. */
export function readUploadPurging(reader: Reader): Required<UploadPurgingProps> {
  const purging = reader.child('uploadPurging').only('enabled', 'age', 'interval', 'dryRun');
  const atLeast = (key: string, min: Duration): Duration | undefined =>
    purging.quantity<Duration>(key, milliseconds, `a duration of at least "${min}", such as "168h"`, milliseconds(min));
  return {
    enabled: purging.flag('enabled') ?? true,
    // An upload that is still going on must not be taken for one that was left.
    age: atLeast('age', '1h') ?? '168h',
    interval: atLeast('interval', '1m') ?? '24h',
    dryRun: purging.flag('dryRun') ?? false,
  };
}

const PROXY_URL: TextRule = {
  pattern: /^https?:\/\/[^\s/@]+$/,
  allowed: 'a URL such as http://proxy.example.com:3128, without credentials, which would land in the manifests',
};

/** The forward proxy, and who is reached without it. */
export function readProxy(
  reader: Reader,
  components: Pick<HarborPlan, 'core' | 'portal' | 'jobserviceEndpoint' | 'registry' | 'trivyEndpoint' | 'front'>,
): HarborPlan['proxy'] {
  if (!reader.has('proxy')) return undefined;
  const proxy = reader.child('proxy').only('http', 'https', 'noProxy');
  const { core, portal, jobserviceEndpoint, registry, trivyEndpoint, front } = components;
  const hosts = [core, portal, jobserviceEndpoint, registry, trivyEndpoint, front].flatMap((endpoint) =>
    endpoint === undefined ? [] : [endpoint.host],
  );
  return {
    http: proxy.text('http', PROXY_URL),
    https: proxy.text('https', PROXY_URL),
    noProxy: ['127.0.0.1', 'localhost', '.svc', '.cluster.local', ...hosts, ...(proxy.texts('noProxy') ?? [])],
  };
}

/** TLS between components. No public CA signs names that only the cluster knows, so their CA must be given or our own. */
export function readInternalTls(reader: Reader, size: InstallationSize): Tls {
  const tls = readTls(reader, 'internalTls', size === 'small' ? { type: 'none' } : { type: 'provided' });
  if (tls.type !== 'none' && caOf(tls) === undefined) {
    reader.issues.error(
      reader.at('internalTls.ca'),
      'is missing: the components would not trust each other',
      undefined,
      'PEM text of the CA that signs the certificates between components',
      'add ca, or use Tls.provided()',
    );
  }
  return tls;
}
