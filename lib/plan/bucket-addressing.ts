import { isDeferred } from './deferred.js';
import type { Reader } from './reader.js';

/**
 * Where a bucket's name stands in the addresses of an S3-compatible service: `path` is `https://s3.example.com/bucket/key`,
 * `virtualHosted` is `https://bucket.s3.example.com/key`.
 */
export type BucketAddressing = 'path' | 'virtualHosted';

/** A service that answers path-style addresses with an error, and what it is called. */
interface VirtualHostedService {
  readonly name: string;
  /** Its hosts, without and with a bucket in front. */
  readonly hosts: RegExp;
}

/** 403 VirtualHostDomainRequired: https://support.huaweicloud.com/intl/en-us/api-obs/obs_errorcode_0014.html */
const OBS: VirtualHostedService = {
  name: 'Huawei Cloud OBS',
  hosts: /^(.+\.)?obs(\.[-a-z0-9]+)?\.myhuaweicloud\.[a-z.]+$/,
};
/** 403 PathStyleDomainForbidden for buckets made since 2024: https://www.tencentcloud.com/document/product/436/57456 */
const COS: VirtualHostedService = {
  name: 'Tencent Cloud COS',
  hosts: /^(.+\.)?cos\.[-a-z0-9]+\.(myqcloud\.com|tencentcos\.cn)$/,
};
/** 403 SecondLevelDomainForbidden: https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3 */
const OSS: VirtualHostedService = { name: 'Alibaba Cloud OSS', hosts: /^(.+\.)?oss-[-a-z0-9]+\.aliyuncs\.com$/ };

/** The host of a service's URL. */
export const hostOf = (endpoint: string): string => endpoint.toLowerCase().replace(/^https?:\/\/|[:/].*$/g, '');

const serviceAt = (endpoint: string): VirtualHostedService | undefined =>
  [OBS, COS, OSS].find(({ hosts }) => hosts.test(hostOf(endpoint)));

/** How a service is addressed that is known by its host; MinIO, Ceph, R2 and most others by path. */
export const addressingOf = (endpoint: string): BucketAddressing => (serviceAt(endpoint) ? 'virtualHosted' : 'path');

/** The host of a bucket in a service. */
export const bucketHost = (addressing: BucketAddressing, bucket: string, host: string): string =>
  addressing === 'path' ? host : `${bucket}.${host}`;

interface Bucket {
  readonly bucket: string;
  readonly endpoint?: string;
  readonly ca?: string;
  readonly redirect?: boolean;
  readonly credentialsSecret?: string;
}

/** Reads the setting itself, which only an endpoint of one's own can have. */
export function readGivenAddressing(reader: Reader, endpoint: string | undefined): BucketAddressing | undefined {
  const given = reader.choice('addressing', ['path', 'virtualHosted'] as const);
  if (endpoint !== undefined || given === undefined) return given;
  reader.issues.error(
    reader.at('addressing'),
    'has no effect without an endpoint',
    given,
    'a setting for services other than AWS',
    'remove addressing, or add endpoint',
  );
  return undefined;
}

/**
 * Reads how Harbor's registry reaches a bucket, and records every mistake. The registry itself puts the bucket into the path as soon as it has an endpoint
 * (distribution 2.8, `s3.go`: `WithS3ForcePathStyle(true)`), and knows no setting for it (goharbor/harbor#22820); for `virtualHosted` a
 * gateway beside it changes its requests. Nothing without an endpoint: the addresses of AWS are known.
 */
export function readAddressing(storage: Reader, read: Bucket): BucketAddressing | undefined {
  const { endpoint } = read;
  const given = readGivenAddressing(storage, endpoint);
  if (endpoint === undefined) return undefined;
  if (isDeferred(endpoint)) return given ?? 'path';
  const service = serviceAt(endpoint);
  const addressing = given ?? addressingOf(endpoint);
  if (service === OSS) {
    storage.issues.error(
      storage.at('endpoint'),
      "is Alibaba Cloud OSS, for which Harbor's registry has a driver of its own",
      endpoint,
      'a service that has only S3 to speak',
      'use SharedStorage.oss',
    );
  } else if (service === OBS && addressing === 'path') {
    storage.issues.error(
      storage.at('addressing'),
      'is what Huawei Cloud OBS refuses',
      addressing,
      'virtualHosted',
      'remove addressing',
    );
  }
  if (addressing === 'virtualHosted') checkVirtualHosted(storage, { ...read, endpoint });
  return addressing;
}

function checkVirtualHosted(storage: Reader, { bucket, endpoint, ca, redirect, credentialsSecret }: Bucket): void {
  const { issues } = storage;
  if (!isDeferred(bucket) && hostOf(endpoint ?? '').startsWith(`${bucket}.`)) {
    issues.error(
      storage.at('endpoint'),
      'has the bucket in its host already, and would get it twice',
      endpoint,
      'the URL of the service itself',
      `write ${endpoint?.replace(`${bucket}.`, '')}`,
    );
  }
  if (bucket.includes('.') && !isDeferred(bucket) && ca === undefined && !endpoint?.startsWith('http://')) {
    issues.error(
      storage.at('bucket'),
      'has a "." in its name, so the certificate of its service does not hold for its host',
      bucket,
      'a bucket without "." in its name, for certificates such as *.obs.ap-southeast-3.myhuaweicloud.com hold for one label',
      'use another bucket',
    );
  }
  if (redirect === true) {
    issues.error(
      storage.at('redirect'),
      'cannot be where the bucket stands in the host: the gateway that puts it there is known in the pods of the registry alone',
      true,
      'false',
      'remove redirect: all bytes go through Harbor',
    );
  }
  if (credentialsSecret === undefined) {
    issues.error(
      storage.at('credentialsSecret'),
      'is missing',
      undefined,
      'an access key, with which the gateway that puts the bucket into the host signs',
      'add "credentialsSecret", or "accessKeyId" and "secretAccessKey"',
    );
  }
}
