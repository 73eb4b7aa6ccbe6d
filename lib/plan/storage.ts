/** Settings of an S3 bucket or of any service that speaks S3 (MinIO, Ceph, OBS, R2). */
export interface S3Storage {
  readonly type: 's3';
  readonly bucket: string;
  /** Region of the bucket, such as `us-east-1`; a service outside AWS accepts any text. */
  readonly region: string;
  /** URL of an S3-compatible service, such as `https://minio.example.com:9000`; also switches to path-style addresses. @default - AWS */
  readonly endpoint?: string;
  /** Folder in the bucket. Two Harbors must never share one: each would delete the other's blobs. @default / */
  readonly rootDirectory?: string;
  /** Name of the Secret with `REGISTRY_STORAGE_S3_ACCESSKEY` and `REGISTRY_STORAGE_S3_SECRETKEY`. IRSA and EKS Pod Identity do not work with Harbor's registry. @default - no Secret: the role of the nodes (instance metadata, hop limit 2) */
  readonly credentialsSecret?: string;
  /** Server-side encryption by the bucket's service. @default false */
  readonly encrypt?: boolean;
  /** KMS key for `encrypt`. @default - the service's own key */
  readonly kmsKeyId?: string;
  /** Size of an upload's parts. @default 10Mi */
  readonly chunkSize?: Size;
  /** Blobs are fetched from the bucket by whoever pulls, who needs a route to it and its CA; `false` sends all bytes through Harbor. @default true on AWS, false with `endpoint` */
  readonly redirect?: boolean;
}

/** An Azure Blob container; Harbor's registry needs the account key, managed identity does not work. */
export interface AzureBlobStorage {
  readonly type: 'azureBlob';
  readonly accountName: string;
  readonly container: string;
  /** Name of the Secret with `REGISTRY_STORAGE_AZURE_ACCOUNTKEY`. */
  readonly credentialsSecret: string;
  /** Azure cloud's domain. @default core.windows.net */
  readonly realm?: string;
  /** @default true */
  readonly redirect?: boolean;
}

/** A Google Cloud Storage bucket. */
export interface GcsStorage {
  readonly type: 'gcs';
  readonly bucket: string;
  /** @default / */
  readonly rootDirectory?: string;
  /** Name of the Secret with the service account's JSON key under `GCS_KEY_DATA`. @default - workload identity: no key, and all bytes go through Harbor */
  readonly credentialsSecret?: string;
  /** E-mail of the Google service account that the registry's Kubernetes ServiceAccount acts as. */
  readonly workloadIdentity?: string;
}

/** An Alibaba Cloud OSS bucket. */
export interface OssStorage {
  readonly type: 'oss';
  readonly bucket: string;
  /** OSS region, such as `oss-cn-hangzhou`. */
  readonly region: string;
  readonly accessKeyId: string;
  /** Name of the Secret with `REGISTRY_STORAGE_OSS_ACCESSKEYSECRET`. */
  readonly credentialsSecret: string;
  /** @default - the region's endpoint */
  readonly endpoint?: string;
  /** Reach OSS over Alibaba Cloud's own network, which costs no traffic. @default true */
  readonly internal?: boolean;
  /** @default / */
  readonly rootDirectory?: string;
  /** @default true */
  readonly redirect?: boolean;
}

/** An OpenStack Swift container. */
export interface SwiftStorage {
  readonly type: 'swift';
  /** Keystone's URL. */
  readonly authUrl: string;
  readonly username: string;
  readonly container: string;
  /** Name of the Secret with `REGISTRY_STORAGE_SWIFT_PASSWORD`. */
  readonly credentialsSecret: string;
  readonly region?: string;
  readonly tenant?: string;
  readonly domain?: string;
  /** Prefix of object names. @default - none */
  readonly prefix?: string;
}

/** A network file system, mounted by every registry pod. One claim holds all components' folders. */
export interface NasStorage {
  readonly type: 'nas';
  /** NFS server's address; with `path`. */
  readonly server?: string;
  /** Path that the NFS server exports. */
  readonly path?: string;
  /** Mount options of the NFS volume. @default - hard, nfsvers=4.1 (`NasStorage.alibabaCloud` sets that service's own) */
  readonly mountOptions?: readonly string[];
  /** Name of a PersistentVolumeClaim that exists, in Harbor's namespace. */
  readonly claim?: string;
  /** Name of a StorageClass that makes the volume. */
  readonly storageClass?: string;
  /** `ReadWriteOnce` restricts the registry to one pod. @default ReadWriteMany */
  readonly accessMode?: 'ReadWriteMany' | 'ReadWriteOnce';
  /** Size asked for. @default 100Gi */
  readonly size?: Size;
}

/** Where a region's images are kept. */
export type SharedStorage = S3Storage | AzureBlobStorage | GcsStorage | OssStorage | SwiftStorage | NasStorage;

import type { Size } from './quantities.js';
