import { addressingOf, type BucketAddressing, bucketHost, readGivenAddressing } from './bucket-addressing.js';
import { derive } from './deferred.js';
import type { Reader } from './reader.js';
import type { OssStorage, S3Storage, SharedStorage } from './storage.js';
import { readS3Credentials } from './storage-secrets.js';

/** Blobs and tags come through Harbor's core, which is asked by a loopback proxy that adds credentials and media types. */
export interface HarborBackend {
  readonly type: 'harbor';
}

/** Blobs come straight from the bucket that Harbor's registry writes; tags still come through Harbor's core. */
export interface S3Backend {
  readonly type: 's3';
  /** @default - the bucket of Harbor's storage */
  readonly bucket?: string;
  /** @default - the region of Harbor's storage */
  readonly region?: string;
  /** URL of an S3-compatible service. @default - that of Harbor's storage, or AWS */
  readonly endpoint?: string;
  /** Where the bucket's name stands in addresses of `endpoint`; Kraken knows both. @default - by the host of `endpoint`, or that of Harbor's storage */
  readonly addressing?: BucketAddressing;
  /** Folder of the registry in the bucket. @default - that of Harbor's storage */
  readonly rootDirectory?: string;
  /** Identifier of an access key that may read the bucket; with `secretAccessKey`. @default - that of Harbor's storage, when it was given there */
  readonly accessKeyId?: string;
  /**
   * The secret of that access key; only a value known when deployed (a Pulumi Output). Kraken knows static keys only, no role of the
   * node. @default - that of Harbor's storage, which may also write; or `credentialsSecret`
   */
  readonly secretAccessKey?: string;
  /**
   * Name of a Secret in Kraken's namespace with `REGISTRY_STORAGE_S3_ACCESSKEY` and `REGISTRY_STORAGE_S3_SECRETKEY`; a key that may
   * only read is enough. @default `<instance>-s3`, made of the access key when one is given
   */
  readonly credentialsSecret?: string;
}

/** A file store of Kraken's own, in one pod without a volume: images are pushed through Kraken's proxy and are lost with the pod. */
export interface TestfsBackend {
  readonly type: 'testfs';
}

/** Where Kraken finds what no peer has yet. */
export type Backend = HarborBackend | S3Backend | TestfsBackend;

/** Where Kraken finds what no peer has yet: one of these factories. */
export const Backend = {
  /** Through Harbor's core, which keeps its audit log and its gates for the first fetch of every blob. */
  harbor: (): HarborBackend => ({ type: 'harbor' }),
  /** Straight from the bucket of Harbor's registry: less work for Harbor, but it neither logs nor checks these reads. */
  s3: (props: Omit<S3Backend, 'type'> = {}): S3Backend => ({ type: 's3', ...props }),
  /** For a development cluster without Harbor: Kraken's own demo store. Nothing in it outlives its pod. */
  testfs: (): TestfsBackend => ({ type: 'testfs' }),
} as const;

/** A backend as planned. */
export type BackendPlan =
  | HarborBackend
  | TestfsBackend
  | {
      readonly type: 's3';
      readonly bucket: string;
      readonly region: string;
      readonly endpoint?: string;
      /** Nothing without an endpoint. */
      readonly addressing?: BucketAddressing;
      /** Absolute, as Kraken wants it. */
      readonly rootDirectory: string;
      readonly credentialsSecret: string;
      /** An access key that was given, of which `credentialsSecret` is made. */
      readonly accessKeyId?: string;
      readonly secretAccessKey?: string;
    };

/** Reads the backend; `storage` is that of the Harbor it serves, nothing without Harbor. */
export function readBackend(
  reader: Reader,
  key: string,
  instance: string,
  storage: SharedStorage | undefined,
): BackendPlan {
  const backend = reader.child(key);
  if (reader.has(key) && !backend.has('type')) backend.missing('type', 'harbor, s3 or testfs');
  const type = backend.choice('type', ['harbor', 's3', 'testfs'] as const);
  if (type === 's3') return readS3(backend, instance, storage);
  backend.only('type');
  if (type === 'testfs' && storage !== undefined) {
    reader.issues.error(
      backend.at('type'),
      'has nothing to do with the Harbor given',
      type,
      'harbor or s3 for a Kraken that serves a Harbor',
      'remove the backend, or the registry',
    );
  }
  if (type !== 'testfs' && storage === undefined) {
    reader.issues.error(
      reader.at('registry'),
      'is missing',
      undefined,
      'the Harbor that Kraken serves, or Backend.testfs() for a development cluster without Harbor',
      'pass registry: harbor, or backend: Backend.testfs()',
    );
  }
  return { type: type ?? 'harbor' };
}

function readS3(backend: Reader, instance: string, storage: SharedStorage | undefined): BackendPlan {
  backend.only(
    ...['type', 'bucket', 'region', 'endpoint', 'addressing', 'rootDirectory'],
    ...['accessKeyId', 'secretAccessKey', 'credentialsSecret'],
  );
  if (storage === undefined) {
    backend.issues.error(
      backend.path,
      'has no Harbor whose tags it could resolve',
      's3',
      'the Harbor that writes the bucket, as registry',
      'pass registry: harbor',
    );
  }
  const shared: Partial<S3Storage> = storage?.type === 's3' ? storage : {};
  const from = (key: 'bucket' | 'region'): string => {
    const value = backend.text(key) ?? shared[key];
    if (value === undefined) backend.missing(key, `the ${key} that Harbor's registry writes`);
    return value ?? '';
  };
  const planned = `${instance}-s3`;
  const own = readS3Credentials(backend, planned);
  const { accessKeyId, secretAccessKey } = own.credentialsSecret === undefined ? shared : own;
  const endpoint = backend.text('endpoint');
  const addressing =
    readGivenAddressing(backend, endpoint ?? shared.endpoint) ??
    (endpoint === undefined ? shared.addressing : derive(endpoint, addressingOf));
  return {
    type: 's3',
    bucket: from('bucket'),
    region: from('region'),
    endpoint: endpoint ?? shared.endpoint,
    addressing,
    rootDirectory: absolute(backend.text('rootDirectory') ?? shared.rootDirectory ?? '/'),
    accessKeyId,
    secretAccessKey,
    credentialsSecret: own.credentialsSecret ?? planned,
  };
}

const absolute = (folder: string): string => derive(folder, (text) => `/${text.replace(/^\/+|\/+$/g, '')}`);

/** A service outside the cluster by host and port. */
export interface OutsideService {
  readonly host: string;
  readonly port: number;
}

/** Host and port of a URL such as `https://minio.example.com:9000`. */
export function outsideService(url: string): OutsideService {
  return {
    host: derive(url, (text) => parseUrl(text).host),
    port: derive(url, (text) => parseUrl(text).port),
  };
}

function parseUrl(text: string): OutsideService {
  const match = /^(?:(https?):\/\/)?([^:/]+)(?::(\d+))?/.exec(text);
  return { host: match?.[2] ?? text, port: Number(match?.[3] ?? (match?.[1] === 'http' ? 80 : 443)) };
}

/**
 * The object store that Harbor's registry sends whoever reads a blob to (a 307 answer); nothing when all bytes pass through
 * Harbor. Kraken's origins follow it, so they need the way there.
 */
export function redirectTarget(storage: SharedStorage): OutsideService | undefined {
  switch (storage.type) {
    case 's3':
      return (storage.redirect ?? storage.endpoint === undefined) ? s3Service(storage) : undefined;
    case 'azureBlob':
      return storage.redirect === false
        ? undefined
        : { host: `${storage.accountName}.blob.${storage.realm ?? 'core.windows.net'}`, port: 443 };
    case 'gcs':
      return storage.credentialsSecret === undefined ? undefined : { host: 'storage.googleapis.com', port: 443 };
    case 'oss':
      return (storage.redirect ?? !isInternal(storage)) ? ossService(storage) : undefined;
    default:
      return undefined;
  }
}

/** The service that holds an S3 bucket. */
export function s3Service(store: {
  readonly bucket: string;
  readonly region: string;
  readonly endpoint?: string;
  readonly addressing?: BucketAddressing;
}): OutsideService {
  const { bucket, region, endpoint, addressing = 'path' } = store;
  if (endpoint === undefined) return { host: `${bucket}.s3.${region}.${derive(region, awsDomain)}`, port: 443 };
  const { host, port } = outsideService(endpoint);
  const known = { addressing, bucket, host };
  return { host: derive(known, (it) => bucketHost(it.addressing, it.bucket, it.host)), port };
}

// AWS in China is a partition of its own, with a domain of its own.
const awsDomain = (region: string): string => (region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com');

const isInternal = (storage: OssStorage): boolean => storage.internal ?? storage.endpoint === undefined;

const ossService = (storage: OssStorage): OutsideService =>
  storage.endpoint === undefined
    ? { host: `${storage.bucket}.${storage.region}${isInternal(storage) ? '-internal' : ''}.aliyuncs.com`, port: 443 }
    : outsideService(storage.endpoint);
