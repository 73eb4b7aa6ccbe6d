import type { Reader } from './reader.js';

/**
 * Harbor's registry puts the bucket into the path of every address as soon as it has an endpoint (distribution 2.8, `s3.go`:
 * `WithS3ForcePathStyle(true)`), and knows no setting for it (goharbor/harbor#22820). An endpoint that has the bucket's name in its host does not
 * help: the path keeps it, so each object gets the bucket as a folder, and lists and copies fail (distribution/distribution#4452).
 */
const USED = "the path-style addresses that Harbor's registry uses with every endpoint";
const TAKEN = 'a service that takes them, such as MinIO, Ceph or R2';
const GATEWAY = 'put an S3 gateway that takes them in front of the bucket, and write its URL as endpoint';

/** Services that want the bucket in the host name. */
const REFUSING = [
  // 403 VirtualHostDomainRequired: https://support.huaweicloud.com/intl/en-us/api-obs/obs_errorcode_0014.html
  {
    hosts: /(^|\.)obs(\.[-a-z0-9]+)?\.myhuaweicloud\.[a-z.]+$/,
    level: 'error',
    problem: `is Huawei Cloud OBS, which refuses ${USED}`,
    fix: `use SharedStorage.nas with SFS Turbo, or ${GATEWAY}`,
  },
  // 403 SecondLevelDomainForbidden: https://www.alibabacloud.com/help/en/oss/developer-reference/compatibility-with-amazon-s3
  {
    hosts: /(^|\.)oss-[-a-z0-9]+\.aliyuncs\.com$/,
    level: 'error',
    problem: `is Alibaba Cloud OSS, which refuses ${USED}`,
    fix: 'use SharedStorage.oss, for which the registry has a driver',
  },
  // 403 PathStyleDomainForbidden: https://www.tencentcloud.com/document/product/436/57456
  {
    hosts: /(^|\.)cos\.[-a-z0-9]+\.(myqcloud\.com|tencentcos\.cn)$/,
    level: 'warning',
    problem: `is Tencent Cloud COS, which refuses, for buckets made since 2024, ${USED}`,
    fix: `use a bucket made before, or ${GATEWAY}`,
  },
] as const;

const refusalOf = (host: string) => REFUSING.find(({ hosts }) => hosts.test(host.toLowerCase()));

/** Whether a service wants the bucket in front of its host name: Kraken, unlike Harbor's registry, can put it there. */
export const wantsBucketInHost = (host: string): boolean => refusalOf(host) !== undefined;

/** Records an endpoint that refuses what Harbor's registry would ask it for. */
export function checkPathStyle(storage: Reader, endpoint: string, host: string): void {
  const refusal = refusalOf(host);
  if (refusal === undefined) return;
  storage.issues[refusal.level](storage.at('endpoint'), refusal.problem, endpoint, TAKEN, refusal.fix);
}
