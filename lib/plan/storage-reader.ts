import { hostOf, readAddressing } from './bucket-addressing.js';
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
import { readCredentials, readS3Credentials } from './storage-secrets.js';
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
// The registry's driver takes the version from the URL, and does not start without (github.com/ncw/swift, newAuth); to those of Keystone it adds a path.
const AUTH_URL: TextRule = {
  pattern: /^https?:\/\/[^\s/]+(\/\S*)?\/(v1(\.\d+)?(\/\S*)?|v[23](\.\d+)?\/?)$/,
  allowed: 'a URL with its version at the end, /v3, /v2.0 or /v1.0, such as https://keystone.example.com:5000/v3',
};
const KEYSTONE_3 = /\/v3(\.\d+)?\/?$/;
const OBJECT_STORE_URL: TextRule = {
  pattern: /^https?:\/\/[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?(:\d{1,5})?(\/\S*)?$/,
  allowed: 'a URL such as https://swift.example.com:8080, as the catalogue of Keystone has it',
};
const EMAIL: TextRule = { pattern: /^[^@\s]+@[^@\s]+$/, allowed: 'the e-mail address of a Google service account' };
const OSS_REGION: TextRule = { pattern: /^oss-[a-z0-9-]+$/, allowed: 'an OSS region such as oss-cn-hangzhou' };

/** Bounds of a part of an upload to S3 (and of the registry's driver). */
const S3_CHUNK = { min: bytes('5Mi'), max: bytes('5Gi') };
const SMALLEST_VOLUME = bytes('1Gi');

/**
 * Reads the storage and records every mistake; after a mistake the answer is of no use but to go on reading.
 *
 * @param instance prefix of the name of the Secret that is made of credentials given
 */
export function readStorage(reader: Reader, key: string, instance: string): SharedStorage {
  const storage = reader.child(key);
  const planned = `${instance}-storage`;
  if (!reader.has(key)) reader.missing(key, FACTORIES);
  else if (!storage.has('type')) storage.missing('type', CHOICES);
  switch (storage.choice('type', TYPES)) {
    case 's3':
      return readS3(storage, planned);
    case 'azureBlob':
      return readAzureBlob(storage, planned);
    case 'gcs':
      return readGcs(storage, planned);
    case 'oss':
      return readOss(storage, planned);
    case 'swift':
      return readSwift(storage, planned);
    case 'nas':
      return readNas(storage);
    default:
      return { type: 'nas', storageClass: 'unknown', accessMode: 'ReadWriteMany', size: '100Gi' };
  }
}

const folder = (storage: Reader): string => storage.text('rootDirectory', FOLDER) ?? '/';

const AWS_REGION: TextRule = {
  pattern: /^[a-z0-9-]+$/,
  allowed: "AWS's own name of the region, such as us-east-1; any text with an endpoint of another service",
};

function readS3(storage: Reader, planned: string): S3Storage {
  storage.only(
    ...['type', 'bucket', 'region', 'endpoint', 'addressing', 'rootDirectory', 'ca'],
    ...['accessKeyId', 'secretAccessKey', 'credentialsSecret'],
    ...['encrypt', 'kmsKeyId', 'chunkSize', 'redirect'],
  );
  const endpoint = storage.text('endpoint', URL);
  const read: S3Storage = {
    type: 's3',
    bucket: storage.requiredText('bucket', NAMES.s3),
    region: storage.requiredText('region', endpoint === undefined ? AWS_REGION : undefined),
    endpoint,
    rootDirectory: folder(storage),
    ca: storage.text('ca', PEM),
    ...readS3Credentials(storage, planned),
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
  const addressing = readAddressing(storage, read);
  if (endpoint !== undefined && addressing !== 'virtualHosted' && read.redirect === true) {
    warnOfRedirect(storage, endpoint, read.ca !== undefined);
  }
  return { ...read, addressing };
}

function readAzureBlob(storage: Reader, planned: string): AzureBlobStorage {
  storage.only('type', 'accountName', 'container', 'accountKey', 'credentialsSecret', 'realm', 'redirect');
  const { secret, given } = readCredentials(storage, 'azureBlob', { planned, required: true });
  return {
    type: 'azureBlob',
    accountName: storage.requiredText('accountName', NAMES.azureAccount),
    container: storage.requiredText('container', NAMES.azureContainer),
    accountKey: given,
    credentialsSecret: secret,
    realm: storage.text('realm', HOST) ?? 'core.windows.net',
    redirect: storage.flag('redirect') ?? true,
  };
}

function readGcs(storage: Reader, planned: string): GcsStorage {
  storage.only('type', 'bucket', 'rootDirectory', 'serviceAccountKey', 'credentialsSecret', 'workloadIdentity');
  const { secret, given } = readCredentials(storage, 'gcs', { planned, required: false });
  const key = storage.has('credentialsSecret') ? 'credentialsSecret' : 'serviceAccountKey';
  if (storage.has(key) && storage.has('workloadIdentity')) {
    storage.issues.error(
      storage.path,
      'has two identities',
      `${key} and workloadIdentity`,
      'one of them',
      `remove ${key} to use workload identity, or workloadIdentity to use the key`,
    );
  }
  return {
    type: 'gcs',
    bucket: storage.requiredText('bucket', NAMES.gcs),
    rootDirectory: folder(storage),
    serviceAccountKey: given,
    credentialsSecret: secret,
    workloadIdentity: storage.text('workloadIdentity', EMAIL),
  };
}

function readOss(storage: Reader, planned: string): OssStorage {
  storage.only(
    ...['type', 'bucket', 'region', 'accessKeyId', 'accessKeySecret', 'credentialsSecret', 'endpoint', 'internal'],
    ...['rootDirectory', 'redirect'],
  );
  const { secret, given } = readCredentials(storage, 'oss', { planned, required: true });
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
    accessKeySecret: given,
    credentialsSecret: secret,
    endpoint,
    internal,
    rootDirectory: folder(storage),
    redirect,
  };
}

function readSwift(storage: Reader, planned: string): SwiftStorage {
  storage.only(
    ...['type', 'authUrl', 'username', 'container', 'password', 'credentialsSecret'],
    ...['objectStoreUrl', 'region', 'tenant', 'domain', 'prefix', 'ca'],
  );
  const { secret, given } = readCredentials(storage, 'swift', { planned, required: true });
  const authUrl = storage.requiredText('authUrl', AUTH_URL);
  if (KEYSTONE_3.test(authUrl) && !storage.has('domain')) {
    storage.missing('domain', 'the name of the user\'s domain, such as "Default": Keystone 3 knows users within one');
  }
  return {
    type: 'swift',
    authUrl,
    objectStoreUrl: storage.text('objectStoreUrl', OBJECT_STORE_URL),
    username: storage.requiredText('username'),
    container: storage.requiredText('container', NAMES.swift),
    password: given,
    credentialsSecret: secret,
    region: storage.text('region'),
    tenant: storage.text('tenant'),
    domain: storage.text('domain'),
    prefix: storage.text('prefix'),
    ca: storage.text('ca', PEM),
  };
}

function readNas(storage: Reader): NasStorage {
  storage.only(
    ...['type', 'server', 'path', 'driver', 'fileSystemId', 'accessPointId', 'mountOptions'],
    ...['claim', 'storageClass', 'accessMode', 'size'],
  );
  checkOneWay(storage);
  const driver = storage.choice('driver', ['nfs', 'alibabaCloud'] as const) ?? 'nfs';
  const server = storage.text('server', HOST);
  const path = storage.text('path', FOLDER);
  const mountOptions = storage.texts('mountOptions');
  const fileSystemId = storage.text('fileSystemId', EFS.fileSystem);
  if (server === undefined && fileSystemId === undefined && mountOptions !== undefined) {
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
    ...(fileSystemId === undefined
      ? {}
      : {
          fileSystemId,
          accessPointId: storage.requiredText('accessPointId', EFS.accessPoint),
          mountOptions: mountOptions ?? MOUNT_OPTIONS.efs,
        }),
    claim: storage.text('claim', OBJECT_NAME),
    storageClass: storage.text('storageClass', OBJECT_NAME),
    accessMode: storage.choice('accessMode', ['ReadWriteMany', 'ReadWriteOnce'] as const) ?? 'ReadWriteMany',
    size: storage.quantity<Size>('size', bytes, 'a size of at least "1Gi"', SMALLEST_VOLUME) ?? '100Gi',
  };
}

const EFS = {
  fileSystem: { pattern: /^fs-[0-9a-f]+$/, allowed: 'an identifier such as fs-0123456789abcdef0' },
  accessPoint: { pattern: /^fsap-[0-9a-f]+$/, allowed: 'an identifier such as fsap-0123456789abcdef0' },
} as const satisfies Record<string, TextRule>;

/** Of Alibaba Cloud NAS: what its documentation advises, NFS 3 without locks and from any source port. */
const MOUNT_OPTIONS: Readonly<Record<'nfs' | 'alibabaCloud' | 'efs', readonly string[]>> = {
  nfs: ['hard', 'nfsvers=4.1'],
  alibabaCloud: ['nolock', 'tcp', 'noresvport', 'vers=3'],
  efs: ['tls'],
};

function checkOneWay(storage: Reader): void {
  const ways = ['server', 'fileSystemId', 'claim', 'storageClass'].filter((way) => storage.has(way));
  if (ways.length !== 1) {
    storage.issues.error(
      storage.path,
      ways.length === 0
        ? 'does not say where the volume comes from'
        : 'says in several ways where the volume comes from',
      ways.length === 0 ? undefined : ways.join(' and '),
      'exactly one of server (with path), fileSystemId (with accessPointId), claim, storageClass',
      ways.length === 0 ? 'add one of them' : 'keep one of them',
    );
  }
  if (storage.has('server') !== storage.has('path')) {
    if (storage.has('server')) storage.missing('path', FOLDER.allowed);
    else needs(storage, 'path', 'server', 'the NFS server that exports it');
  }
  if (storage.has('accessPointId') && !storage.has('fileSystemId')) {
    needs(storage, 'accessPointId', 'fileSystemId', 'the file system that it belongs to');
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
  if (/^https?:/.test(endpoint) && !PRIVATE.test(hostOf(endpoint))) return;
  storage.issues.warning(
    storage.at('redirect'),
    'sends whoever pulls to an endpoint that only some can reach',
    `true with ${endpoint}`,
    'true when nodes of all regions, CI and laptops reach that endpoint',
    'set redirect: false to send all bytes through Harbor',
  );
}
