import { isDeferred } from './deferred.js';
import { HOST, OBJECT_NAME } from './names.js';
import { bytes, type Size } from './quantities.js';
import type { Reader, TextRule } from './reader.js';
import type {
  AzureBlobStorage,
  GcsStorage,
  NasStorage,
  OssStorage,
  S3Storage,
  SharedStorage,
  SwiftStorage,
} from './storage.js';
import { PEM } from './tls.js';

const TYPES = ['s3', 'azureBlob', 'gcs', 'oss', 'swift', 'nas'] as const;
const CHOICES = 's3, azureBlob, gcs, oss, swift or nas';
const FACTORIES = 'SharedStorage.s3(…), .azureBlob(…), .gcs(…), .oss(…), .swift(…) or .nas(…)';

/** Rules of the services for names of buckets and containers. */
const NAMES = {
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  s3: {
    pattern: /^(?!xn--)(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
    allowed: 'a bucket name: 3 to 63 lower-case letters, digits, "-" and ".", and not like an address',
    maxLength: 63,
  },
  // https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage
  azureAccount: {
    pattern: /^[a-z0-9]{3,}$/,
    allowed: 'a storage account name: 3 to 24 lower-case letters and digits',
    maxLength: 24,
  },
  azureContainer: {
    pattern: /^(?=.{3})[a-z0-9]+(-[a-z0-9]+)*$/,
    allowed: 'a container name: 3 to 63 lower-case letters, digits and single "-"',
    maxLength: 63,
  },
  // https://cloud.google.com/storage/docs/buckets#naming
  gcs: {
    pattern: /^(?!goog)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9._-]+[a-z0-9]$/,
    allowed: 'a bucket name: 3 to 222 lower-case letters, digits, "-", "_" and ".", not beginning with "goog"',
    maxLength: 222,
  },
  // https://www.alibabacloud.com/help/oss/user-guide/bucket-naming-conventions
  oss: {
    pattern: /^[a-z0-9][a-z0-9-]+[a-z0-9]$/,
    allowed: 'a bucket name: 3 to 63 lower-case letters, digits and "-"',
    maxLength: 63,
  },
  // https://docs.openstack.org/api-ref/object-store: no slash, at most 256 bytes.
  swift: { pattern: /^[^/]+$/, allowed: 'a container name without "/", at most 256 characters', maxLength: 256 },
} as const satisfies Record<string, TextRule>;

const FOLDER: TextRule = {
  pattern: /^(?!.*(^|\/)\.\.?(\/|$))\/[A-Za-z0-9._/-]*$/,
  allowed: 'an absolute path such as /harbor, of letters, digits, ".", "_", "-" and "/"',
};
const URL: TextRule = {
  pattern: /^https?:\/\/[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:\d{1,5})?\/?$/,
  allowed: 'a URL with scheme and host, without a path, such as https://minio.example.com:9000',
};
const AUTH_URL: TextRule = {
  pattern: /^https?:\/\/[^\s/]+(\/\S*)?$/,
  allowed: 'a URL such as https://keystone.example.com:5000/v3',
};
const EMAIL: TextRule = { pattern: /^[^@\s]+@[^@\s]+$/, allowed: 'the e-mail address of a Google service account' };
const OSS_REGION: TextRule = { pattern: /^oss-[a-z0-9-]+$/, allowed: 'an OSS region such as oss-cn-hangzhou' };

/** Bounds of a part of an upload to S3 (and of the registry's driver). */
const S3_CHUNK = { min: bytes('5Mi'), max: bytes('5Gi') };
const SMALLEST_VOLUME = bytes('1Gi');

/** Reads the storage and records every mistake; after a mistake the answer is of no use but to go on reading. */
export function readStorage(reader: Reader, key: string): SharedStorage {
  const storage = reader.child(key);
  if (!reader.has(key)) reader.missing(key, FACTORIES);
  else if (!storage.has('type')) storage.missing('type', CHOICES);
  switch (storage.choice('type', TYPES)) {
    case 's3':
      return readS3(storage);
    case 'azureBlob':
      return readAzureBlob(storage);
    case 'gcs':
      return readGcs(storage);
    case 'oss':
      return readOss(storage);
    case 'swift':
      return readSwift(storage);
    case 'nas':
      return readNas(storage);
    default:
      return { type: 'nas', storageClass: 'unknown', accessMode: 'ReadWriteMany', size: '100Gi' };
  }
}

const folder = (storage: Reader): string => storage.text('rootDirectory', FOLDER) ?? '/';

function readS3(storage: Reader): S3Storage {
  storage.only(
    ...['type', 'bucket', 'region', 'endpoint', 'rootDirectory', 'ca', 'credentialsSecret'],
    ...['encrypt', 'kmsKeyId', 'chunkSize', 'redirect'],
  );
  const endpoint = storage.text('endpoint', URL);
  const read: S3Storage = {
    type: 's3',
    bucket: storage.requiredText('bucket', NAMES.s3),
    region: storage.requiredText('region'),
    endpoint,
    rootDirectory: folder(storage),
    ca: storage.text('ca', PEM),
    credentialsSecret: storage.text('credentialsSecret', OBJECT_NAME),
    encrypt: storage.flag('encrypt') ?? false,
    kmsKeyId: storage.text('kmsKeyId'),
    chunkSize:
      storage.quantity<Size>('chunkSize', bytes, 'a size from "5Mi" to "5Gi"', S3_CHUNK.min, S3_CHUNK.max) ?? '10Mi',
    redirect: storage.flag('redirect') ?? endpoint === undefined,
  };
  if (read.kmsKeyId !== undefined && read.encrypt !== true) {
    needs(storage, 'kmsKeyId', 'encrypt', 'encrypt: true, without which the key is not used');
  }
  if (read.ca !== undefined && endpoint === undefined) {
    needs(storage, 'ca', 'endpoint', 'an endpoint of your own: the certificates of AWS are known everywhere');
  }
  if (endpoint !== undefined && read.redirect === true) warnOfRedirect(storage, endpoint, read.ca !== undefined);
  return read;
}

function readAzureBlob(storage: Reader): AzureBlobStorage {
  storage.only('type', 'accountName', 'container', 'credentialsSecret', 'realm', 'redirect');
  return {
    type: 'azureBlob',
    accountName: storage.requiredText('accountName', NAMES.azureAccount),
    container: storage.requiredText('container', NAMES.azureContainer),
    credentialsSecret: storage.requiredText('credentialsSecret', OBJECT_NAME),
    realm: storage.text('realm', HOST) ?? 'core.windows.net',
    redirect: storage.flag('redirect') ?? true,
  };
}

function readGcs(storage: Reader): GcsStorage {
  storage.only('type', 'bucket', 'rootDirectory', 'credentialsSecret', 'workloadIdentity');
  if (storage.has('credentialsSecret') && storage.has('workloadIdentity')) {
    storage.issues.error(
      storage.path,
      'has two identities',
      'credentialsSecret and workloadIdentity',
      'one of them',
      'remove credentialsSecret to use workload identity, or workloadIdentity to use the key',
    );
  }
  return {
    type: 'gcs',
    bucket: storage.requiredText('bucket', NAMES.gcs),
    rootDirectory: folder(storage),
    credentialsSecret: storage.text('credentialsSecret', OBJECT_NAME),
    workloadIdentity: storage.text('workloadIdentity', EMAIL),
  };
}

function readOss(storage: Reader): OssStorage {
  storage.only(
    ...['type', 'bucket', 'region', 'accessKeyId', 'credentialsSecret', 'endpoint', 'internal'],
    ...['rootDirectory', 'redirect'],
  );
  const endpoint = storage.text('endpoint', HOST);
  const internal = storage.flag('internal') ?? endpoint === undefined;
  const redirect = storage.flag('redirect') ?? !internal;
  if (internal && endpoint !== undefined) {
    storage.issues.error(
      storage.at('internal'),
      'has no effect with an endpoint of your own',
      true,
      'false, or no endpoint',
      'remove endpoint, or write the internal host as endpoint and remove internal',
    );
  }
  if (internal && redirect) warnOfRedirect(storage, 'the internal endpoint of OSS');
  return {
    type: 'oss',
    bucket: storage.requiredText('bucket', NAMES.oss),
    region: storage.requiredText('region', OSS_REGION),
    accessKeyId: storage.requiredText('accessKeyId'),
    credentialsSecret: storage.requiredText('credentialsSecret', OBJECT_NAME),
    endpoint,
    internal,
    rootDirectory: folder(storage),
    redirect,
  };
}

function readSwift(storage: Reader): SwiftStorage {
  storage.only(
    ...['type', 'authUrl', 'username', 'container', 'credentialsSecret', 'region', 'tenant', 'domain', 'prefix'],
  );
  return {
    type: 'swift',
    authUrl: storage.requiredText('authUrl', AUTH_URL),
    username: storage.requiredText('username'),
    container: storage.requiredText('container', NAMES.swift),
    credentialsSecret: storage.requiredText('credentialsSecret', OBJECT_NAME),
    region: storage.text('region'),
    tenant: storage.text('tenant'),
    domain: storage.text('domain'),
    prefix: storage.text('prefix'),
  };
}

function readNas(storage: Reader): NasStorage {
  storage.only(...['type', 'server', 'path', 'driver', 'mountOptions', 'claim', 'storageClass', 'accessMode', 'size']);
  checkOneWay(storage);
  const driver = storage.choice('driver', ['nfs', 'alibabaCloud'] as const) ?? 'nfs';
  const server = storage.text('server', HOST);
  const path = storage.text('path', FOLDER);
  const mountOptions = storage.texts('mountOptions');
  if (server === undefined && mountOptions !== undefined) {
    needs(storage, 'mountOptions', 'server', 'server and path: a claim or a StorageClass has mount options of its own');
  }
  if (driver === 'alibabaCloud' && path === '/') {
    storage.issues.error(
      storage.at('path'),
      'is the root of the file system, which the CSI driver cannot open to Harbor',
      path,
      'a folder below it, such as /harbor',
      'write /harbor (extreme NAS: /share/harbor); the driver makes the folder',
    );
  }
  return {
    type: 'nas',
    ...(server === undefined ? {} : { server, path: path ?? '/', driver }),
    ...(server === undefined ? {} : { mountOptions: mountOptions ?? MOUNT_OPTIONS[driver] }),
    claim: storage.text('claim', OBJECT_NAME),
    storageClass: storage.text('storageClass', OBJECT_NAME),
    accessMode: storage.choice('accessMode', ['ReadWriteMany', 'ReadWriteOnce'] as const) ?? 'ReadWriteMany',
    size: storage.quantity<Size>('size', bytes, 'a size of at least "1Gi"', SMALLEST_VOLUME) ?? '100Gi',
  };
}

/** Of Alibaba Cloud NAS: what its documentation advises, NFS 3 without locks and from any source port. */
const MOUNT_OPTIONS: Readonly<Record<'nfs' | 'alibabaCloud', readonly string[]>> = {
  nfs: ['hard', 'nfsvers=4.1'],
  alibabaCloud: ['nolock', 'tcp', 'noresvport', 'vers=3'],
};

function checkOneWay(storage: Reader): void {
  const ways = ['server', 'claim', 'storageClass'].filter((way) => storage.has(way));
  if (ways.length !== 1) {
    storage.issues.error(
      storage.path,
      ways.length === 0
        ? 'does not say where the volume comes from'
        : 'says in several ways where the volume comes from',
      ways.length === 0 ? undefined : ways.join(' and '),
      'exactly one of server (with path), claim, storageClass',
      ways.length === 0 ? 'add one of them' : 'keep one of them',
    );
  }
  if (storage.has('server') !== storage.has('path')) {
    if (storage.has('server')) storage.missing('path', FOLDER.allowed);
    else needs(storage, 'path', 'server', 'the NFS server that exports it');
  }
}

function needs(storage: Reader, key: string, other: string, allowed: string): void {
  storage.issues.error(
    storage.at(key),
    `is of no use without ${other}`,
    storage.raw(key),
    `only together with ${allowed}`,
    `add ${other}, or remove ${key}`,
  );
}

const PRIVATE =
  /^(10\.|127\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|localhost$|[^.]+$)|\.(svc|local|internal|lan|cluster)(\.|$)/;

/** A redirect sends whoever pulls to the endpoint; a private one cannot be reached by all who reach Harbor. */
function warnOfRedirect(storage: Reader, endpoint: string, isPrivateCa = false): void {
  if (isPrivateCa) {
    storage.issues.warning(
      storage.at('redirect'),
      'sends whoever pulls to an endpoint whose private CA only Harbor and Kraken are told to trust',
      'true with ca',
      'true when nodes, CI and laptops trust that CA already',
      'set redirect: false to send all bytes through Harbor',
    );
  }
  if (isDeferred(endpoint)) return;
  const host = endpoint.replace(/^https?:\/\//, '').replace(/[:/].*$/, '');
  if (/^https?:/.test(endpoint) && !PRIVATE.test(host)) return;
  storage.issues.warning(
    storage.at('redirect'),
    'sends whoever pulls to an endpoint that only some can reach',
    `true with ${endpoint}`,
    'true when nodes of all regions, CI and laptops reach that endpoint',
    'set redirect: false to send all bytes through Harbor',
  );
}
