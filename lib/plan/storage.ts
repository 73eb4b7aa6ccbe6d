import type { BucketAddressing } from './bucket-addressing.js';
import { isDeferred } from './deferred.js';
import type { Size } from './quantities.js';

export { readStorage } from './storage-reader.js';

/** Settings of an S3 bucket, or of one of any service that speaks S3 (MinIO, Ceph, R2, Huawei Cloud OBS, Tencent Cloud COS). */
export interface S3Storage {
  readonly type: 's3';
  readonly bucket: string;
  /** Region of the bucket, such as `us-east-1`; a service outside AWS accepts any text. */
  readonly region: string;
  /** URL of an S3-compatible service, without the bucket, such as `https://minio.example.com:9000`. @default - AWS */
  readonly endpoint?: string;
  /**
   * Where the bucket's name stands in addresses of `endpoint`. Harbor's registry knows `path` only; for `virtualHosted` each of its pods
   * gets one more container, an Envoy that puts the name into the host and signs anew (`components.s3Gateway`, `images.s3Gateway`). It needs
   * an access key, costs 50m to 500m of processor time and 192Mi to 512Mi of memory a pod, by size, and excludes `redirect`.
   * @default virtualHosted for Huawei Cloud OBS and Tencent Cloud COS, which refuse the other; path for all others, and where `endpoint` is known when deployed
   */
  readonly addressing?: BucketAddressing;
  /** Folder in the bucket, such as `/harbor`. Two Harbors must never share one: each would delete the other's blobs. @default / */
  readonly rootDirectory?: string;
  /** PEM of the private CA of `endpoint`. @default - a public CA */
  readonly ca?: string;
  /** Identifier of an access key that may write the bucket; with `secretAccessKey`. */
  readonly accessKeyId?: string;
  /**
   * The secret of that access key. Only a value known when deployed (a Pulumi Output) is accepted; a plain text would land in the
   * manifests. IRSA and EKS Pod Identity do not work with Harbor's registry.
   * @default - `credentialsSecret`, or no key at all: the role of the nodes (instance metadata, hop limit 2)
   */
  readonly secretAccessKey?: string;
  /** Name of the Secret with `REGISTRY_STORAGE_S3_ACCESSKEY` and `REGISTRY_STORAGE_S3_SECRETKEY`. @default - made of the access key, when there is one */
  readonly credentialsSecret?: string;
  /** Server-side encryption by the bucket's service. @default false */
  readonly encrypt?: boolean;
  /** KMS key for `encrypt`. @default - the service's own key */
  readonly kmsKeyId?: string;
  /** Size of an upload's parts, 5Mi to 5Gi; a layer has at most 10,000 of them, and each takes that much memory while it is written. @default 10Mi, for layers up to 97 GiB */
  readonly chunkSize?: Size;
  /** Blobs are fetched from the bucket by whoever pulls, who needs a route to it and its CA (`ca` reaches Harbor and Kraken only); `false` sends all bytes through Harbor. @default true on AWS, false with `endpoint` */
  readonly redirect?: boolean;
}

/** An Azure Blob container; Harbor's registry needs the account key, managed identity does not work. */
export interface AzureBlobStorage {
  readonly type: 'azureBlob';
  readonly accountName: string;
  readonly container: string;
  /** The account key; only a value known when deployed (a Pulumi Output). This or `credentialsSecret` is needed. */
  readonly accountKey?: string;
  /** Name of the Secret with `REGISTRY_STORAGE_AZURE_ACCOUNTKEY`. @default - made of `accountKey` */
  readonly credentialsSecret?: string;
  /** Azure cloud's domain. @default core.windows.net */
  readonly realm?: string;
  /** Blobs are fetched from the container by whoever pulls; `false` sends all bytes through Harbor. @default true */
  readonly redirect?: boolean;
}

/** A Google Cloud Storage bucket. */
export interface GcsStorage {
  readonly type: 'gcs';
  readonly bucket: string;
  /** Folder in the bucket, such as `/harbor`. @default / */
  readonly rootDirectory?: string;
  /**
   * The service account's key as JSON; only a value known when deployed (a Pulumi Output).
   * @default - `credentialsSecret`, or workload identity: no key, and all bytes go through Harbor
   */
  readonly serviceAccountKey?: string;
  /** Name of the Secret with the service account's JSON key under `GCS_KEY_DATA`. @default - made of `serviceAccountKey`, when there is one */
  readonly credentialsSecret?: string;
  /** E-mail of the Google service account that the registry's Kubernetes ServiceAccount acts as, instead of a key. @default - none */
  readonly workloadIdentity?: string;
}

/** An Alibaba Cloud OSS bucket. */
export interface OssStorage {
  readonly type: 'oss';
  readonly bucket: string;
  /** OSS region, such as `oss-cn-hangzhou`. */
  readonly region: string;
  /** Identifier of the access key; not secret in itself. */
  readonly accessKeyId: string;
  /** The secret of the access key; only a value known when deployed (a Pulumi Output). This or `credentialsSecret` is needed. */
  readonly accessKeySecret?: string;
  /** Name of the Secret with `REGISTRY_STORAGE_OSS_ACCESSKEYSECRET`. @default - made of `accessKeySecret` */
  readonly credentialsSecret?: string;
  /** Host of the service without the bucket's name, such as `oss-cn-hangzhou.aliyuncs.com`. @default - the region's endpoint */
  readonly endpoint?: string;
  /** Reach OSS over Alibaba Cloud's own network, which costs no traffic but only works in the bucket's region. @default true, false with `endpoint` */
  readonly internal?: boolean;
  /** Folder in the bucket, such as `/harbor`. @default / */
  readonly rootDirectory?: string;
  /** Blobs are fetched from the bucket by whoever pulls; with `internal` only machines of the same Alibaba Cloud region can. @default true, false with `internal` */
  readonly redirect?: boolean;
}

/** An OpenStack Swift container. */
export interface SwiftStorage {
  readonly type: 'swift';
  /** Keystone's URL, with the version that the registry speaks at the end of its path: `https://keystone.example.com:5000/v3`. */
  readonly authUrl: string;
  /**
   * URL of the object store where its port is not 443, such as `https://swift.example.com:8080`: Keystone's catalogue tells the registry where the
   * store is, but NetworkPolicies must name its port. It opens that port instead of 443. @default - at 443
   */
  readonly objectStoreUrl?: string;
  readonly username: string;
  readonly container: string;
  /** The user's password; only a value known when deployed (a Pulumi Output). This or `credentialsSecret` is needed. */
  readonly password?: string;
  /** Name of the Secret with `REGISTRY_STORAGE_SWIFT_PASSWORD`. @default - made of `password` */
  readonly credentialsSecret?: string;
  /** @default - the only one */
  readonly region?: string;
  /** Name of the project (tenant). @default - the user's own */
  readonly tenant?: string;
  /** Name of the domain of the user and the project, such as `Default`. Needed with Keystone 3, which knows a user's name only within one. @default - none */
  readonly domain?: string;
  /** PEM of the private CA of Keystone and the object store. @default - a public CA */
  readonly ca?: string;
  /** Prefix of object names. @default - none */
  readonly prefix?: string;
}

/**
 * A network file system, mounted by every registry pod. One claim holds all components' folders. Exactly one way: `server`
 * with `path`, `fileSystemId` with `accessPointId`, `claim`, or `storageClass`. Harbor runs as user and group 10000, so its folder
 * must be writable for them.
 */
export interface NasStorage {
  readonly type: 'nas';
  /** NFS server's address; with `path`. */
  readonly server?: string;
  /** Path that the NFS server exports, such as `/export/harbor`. */
  readonly path?: string;
  /** Who mounts `server`: Kubernetes itself, or the CSI driver of Alibaba Cloud NAS. @default nfs */
  readonly driver?: 'nfs' | 'alibabaCloud';
  /** Amazon EFS file system, such as `fs-0123456789abcdef0`, mounted by its CSI driver; with `accessPointId`. */
  readonly fileSystemId?: string;
  /** EFS access point that acts as user and group 10000, such as `fsap-0123456789abcdef0`. */
  readonly accessPointId?: string;
  /** Mount options of the volume; with `server` or `fileSystemId`. @default - hard, nfsvers=4.1; for Alibaba Cloud nolock, tcp, noresvport, vers=3; for EFS tls */
  readonly mountOptions?: readonly string[];
  /** Name of a PersistentVolumeClaim that exists, in Harbor's namespace. */
  readonly claim?: string;
  /** Name of a StorageClass that makes the volume. */
  readonly storageClass?: string;
  /** `ReadWriteOnce` restricts the registry to one pod. @default ReadWriteMany */
  readonly accessMode?: 'ReadWriteMany' | 'ReadWriteOnce';
  /** Size asked for; an NFS server does not enforce it. It can only grow later, where the StorageClass allows that; with `server` never. @default 100Gi */
  readonly size?: Size;
}

/** Where a region's images are kept. */
export type SharedStorage = S3Storage | AzureBlobStorage | GcsStorage | OssStorage | SwiftStorage | NasStorage;

/** Where a region's images are kept: one of these factories. */
export const SharedStorage = {
  /** A bucket of AWS, or of any service that speaks S3. */
  s3: (props: Omit<S3Storage, 'type'>): S3Storage => ({ type: 's3', ...props }),
  /** An Azure Blob container. */
  azureBlob: (props: Omit<AzureBlobStorage, 'type'>): AzureBlobStorage => ({ type: 'azureBlob', ...props }),
  /** A Google Cloud Storage bucket. */
  gcs: (props: Omit<GcsStorage, 'type'>): GcsStorage => ({ type: 'gcs', ...props }),
  /** An Alibaba Cloud OSS bucket. */
  oss: (props: Omit<OssStorage, 'type'>): OssStorage => ({ type: 'oss', ...props }),
  /** An OpenStack Swift container. */
  swift: (props: Omit<SwiftStorage, 'type'>): SwiftStorage => ({ type: 'swift', ...props }),
  /** A network file system: an NFS server, a claim that exists, or a StorageClass. */
  nas: (props: Omit<NasStorage, 'type'>): NasStorage => ({ type: 'nas', ...props }),
} as const;

/** Network file systems that come ready-made. */
export const NasStorage = {
  /**
   * Alibaba Cloud NAS: a mount target as `server` and a folder below `/` (extreme NAS: below `/share`) as `path`, or a
   * StorageClass of the cluster, whose own mount options then count. The CSI driver makes the folder and opens it to Harbor's user.
   */
  alibabaCloud: (
    props: Pick<NasStorage, 'server' | 'path' | 'mountOptions' | 'storageClass' | 'accessMode' | 'size'>,
  ): NasStorage =>
    props.storageClass === undefined ? { type: 'nas', driver: 'alibabaCloud', ...props } : { type: 'nas', ...props },
  /**
   * Amazon EFS: a file system, and an access point of it that acts as user and group 10000. Its CSI driver, which the cluster must
   * have, encrypts the way to it.
   */
  efs: (
    props: Required<Pick<NasStorage, 'fileSystemId' | 'accessPointId'>> &
      Pick<NasStorage, 'mountOptions' | 'accessMode' | 'size'>,
  ): NasStorage => ({ type: 'nas', ...props }),
} as const;

/** Whether only one pod may write the storage, so that the registry cannot have several. */
export const isReadWriteOnce = (storage: SharedStorage): boolean =>
  storage.type === 'nas' && storage.accessMode === 'ReadWriteOnce';

/**
 * Where the images lie, the same text for the same place, such as `s3://s3.amazonaws.com/example/harbor`: two Harbors with
 * separate databases must never share one. Nothing where the place is not known before deployment.
 */
export function storageLocation(storage: SharedStorage): string | undefined {
  const place = placeOf(storage);
  if (place === undefined || isDeferred(place)) return undefined;
  return place.replace(/([^:])\/{2,}/g, '$1/').replace(/\/$/, '');
}

function placeOf(storage: SharedStorage): string | undefined {
  switch (storage.type) {
    case 's3':
      return `s3://${s3Host(storage.endpoint)}/${storage.bucket}/${storage.rootDirectory ?? ''}`;
    case 'azureBlob':
      return `azure://${storage.accountName}.blob.${storage.realm ?? 'core.windows.net'}/${storage.container}`;
    case 'gcs':
      return `gcs://${storage.bucket}/${storage.rootDirectory ?? ''}`;
    case 'oss':
      return `oss://${storage.bucket}/${storage.rootDirectory ?? ''}`;
    case 'swift':
      return `swift://${hostOf(storage.authUrl)}/${storage.tenant ?? storage.username}/${storage.container}/${storage.prefix ?? ''}`;
    case 'nas':
      if (storage.fileSystemId !== undefined) return `efs://${storage.fileSystemId}/${storage.accessPointId ?? ''}`;
      return storage.server === undefined ? undefined : `nfs://${storage.server.toLowerCase()}/${storage.path ?? ''}`;
  }
}

/** A bucket's name is unique in all of AWS, whatever its region, so all of its endpoints are one. */
const s3Host = (endpoint = 's3.amazonaws.com'): string =>
  hostOf(endpoint).replace(/^s3[.-][a-z0-9.-]*amazonaws\.com(:443)?(?=\/|$)/, 's3.amazonaws.com');

/** The host of a storage that one names oneself; nothing for those that are the same for everyone. */
export function storageHost(storage: SharedStorage): string | undefined {
  switch (storage.type) {
    case 's3':
      return storage.endpoint && hostOf(storage.endpoint).replace(/[:/].*$/, '');
    case 'swift':
      return hostOf(storage.authUrl).replace(/[:/].*$/, '');
    case 'nas':
      return storage.server;
    default:
      return undefined;
  }
}

const hostOf = (url: string): string => url.toLowerCase().replace(/^https?:\/\//, '');
