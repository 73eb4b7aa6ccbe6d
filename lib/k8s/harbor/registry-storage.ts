import type { Volume } from 'kubernetes-types/core/v1';
import { derive } from '../../plan/deferred.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { bytes } from '../../plan/quantities.js';
import type { GcsStorage, OssStorage, S3Storage, SwiftStorage } from '../../plan/storage.js';
import { credentialVariables, GCS_KEY } from '../../plan/storage-secrets.js';
import type { ContainerProps, EnvValue, MountProps } from '../container.js';
import { folderContainer, SHARED_VOLUME, sharedClaim } from '../storage/shared-volume.js';
import { S3_GATEWAY_URL } from './s3-gateway.js';

/** What the containers registry and registryctl need to reach the storage: the same for both, because both open it. */
export interface RegistryStorage {
  /** The driver's block below `storage` of the registry's configuration. */
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** `storage.redirect.disable`: all bytes go through Harbor. */
  readonly redirectDisabled: boolean;
  /** Credentials. */
  readonly env: Readonly<Record<string, EnvValue>>;
  readonly volumes: Readonly<Record<string, Omit<Volume, 'name'>>>;
  readonly mounts: readonly MountProps[];
  readonly initContainers: readonly ContainerProps[];
  /** What core calls it: REGISTRY_STORAGE_PROVIDER_NAME. */
  readonly providerName: string;
  /** Identity in the cloud, for the registry's ServiceAccount. */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
}

/** The folder that the registry writes to in its own file system, on a NAS or as scratch space. */
const DIRECTORY = '/storage';
const GCS_DIRECTORY = '/etc/registry-gcs';
const GCS_FILE = 'gcs-key.json';

/**
 * The storage as the registry's configuration has it (distribution 2.8). Every switch is written out: the official chart leaves
 * out those that are false, and the driver's own default, true, then counts.
 */
export function registryStorage(plan: Pick<HarborPlan, 'storage' | 'instance' | 'images'>): RegistryStorage {
  const { storage } = plan;
  const common = {
    env: credentials(plan),
    volumes: { [SHARED_VOLUME]: { emptyDir: {} } },
    mounts: [{ volume: SHARED_VOLUME, path: DIRECTORY, writable: true }],
    initContainers: [],
  };
  switch (storage.type) {
    case 's3':
      return {
        ...common,
        config: { s3: s3(storage) },
        redirectDisabled: storage.redirect !== true,
        providerName: 's3',
      };
    case 'azureBlob': {
      const { accountName, container, realm = 'core.windows.net', redirect } = storage;
      const azure = { accountname: accountName, container, realm };
      return { ...common, config: { azure }, redirectDisabled: redirect === false, providerName: 'azure' };
    }
    case 'gcs':
      return { ...common, ...gcs(storage) };
    case 'oss':
      return {
        ...common,
        config: { oss: oss(storage) },
        redirectDisabled: storage.redirect !== true,
        providerName: 'oss',
      };
    case 'swift':
      return { ...common, config: { swift: swift(storage) }, redirectDisabled: true, providerName: 'swift' };
    case 'nas':
      return {
        env: {},
        config: { filesystem: { rootdirectory: DIRECTORY, maxthreads: 100 } },
        redirectDisabled: true,
        volumes: { [SHARED_VOLUME]: { persistentVolumeClaim: { claimName: sharedClaim(plan.instance, storage) } } },
        mounts: [{ volume: SHARED_VOLUME, path: DIRECTORY, subPath: 'registry', writable: true }],
        initContainers: [folderContainer('registry', plan.images.registry)],
        providerName: 'filesystem',
      };
  }
}

function credentials({ storage }: Pick<HarborPlan, 'storage'>): Record<string, EnvValue> {
  if (storage.type === 'nas' || storage.credentialsSecret === undefined) return {};
  const secret = storage.credentialsSecret;
  return Object.fromEntries(credentialVariables(storage).map((key) => [key, { secret, key }]));
}

function s3(storage: S3Storage): Record<string, unknown> {
  const endpoint = storage.addressing === 'virtualHosted' ? S3_GATEWAY_URL : storage.endpoint;
  return {
    region: storage.region,
    bucket: storage.bucket,
    ...(endpoint === undefined ? {} : { regionendpoint: endpoint }),
    rootdirectory: storage.rootDirectory ?? '/',
    encrypt: storage.encrypt ?? false,
    ...(storage.kmsKeyId === undefined ? {} : { keyid: storage.kmsKeyId }),
    secure: endpoint === undefined ? true : derive(endpoint, (url) => !url.startsWith('http://')),
    skipverify: false,
    v4auth: true,
    chunksize: bytes(storage.chunkSize ?? '10Mi'),
  };
}

/** With a key the registry can sign addresses that it redirects to; as a workload identity it cannot. */
function gcs(
  storage: GcsStorage,
): Pick<RegistryStorage, 'config' | 'redirectDisabled' | 'providerName'> &
  Partial<Pick<RegistryStorage, 'volumes' | 'mounts' | 'serviceAccountAnnotations'>> {
  const { bucket, rootDirectory: rootdirectory = '/', credentialsSecret, workloadIdentity } = storage;
  const keyed = credentialsSecret !== undefined;
  const keyfile = `${GCS_DIRECTORY}/${GCS_FILE}`;
  return {
    config: { gcs: { bucket, rootdirectory, ...(keyed ? { keyfile } : {}) } },
    redirectDisabled: !keyed,
    providerName: 'gcs',
    ...(keyed
      ? {
          volumes: {
            [SHARED_VOLUME]: { emptyDir: {} },
            'gcs-key': {
              secret: {
                secretName: credentialsSecret,
                items: [{ key: GCS_KEY, path: GCS_FILE }],
                defaultMode: 0o440,
              },
            },
          },
          mounts: [
            { volume: SHARED_VOLUME, path: DIRECTORY, writable: true },
            { volume: 'gcs-key', path: GCS_DIRECTORY },
          ],
        }
      : {}),
    ...(workloadIdentity === undefined
      ? {}
      : { serviceAccountAnnotations: { 'iam.gke.io/gcp-service-account': workloadIdentity } }),
  };
}

function oss(storage: OssStorage): Record<string, unknown> {
  return {
    accesskeyid: storage.accessKeyId,
    region: storage.region,
    bucket: storage.bucket,
    // The driver takes the whole host, bucket included.
    ...(storage.endpoint === undefined ? {} : { endpoint: `${storage.bucket}.${storage.endpoint}` }),
    internal: storage.internal ?? storage.endpoint === undefined,
    encrypt: false,
    secure: true,
    rootdirectory: storage.rootDirectory ?? '/',
  };
}

function swift(storage: SwiftStorage): Record<string, unknown> {
  const { authUrl: authurl, username, container, region, tenant, domain, prefix } = storage;
  const optional = Object.entries({ region, tenant, domain, prefix }).filter(([, value]) => value !== undefined);
  return { authurl, username, container, ...Object.fromEntries(optional), insecureskipverify: false };
}
