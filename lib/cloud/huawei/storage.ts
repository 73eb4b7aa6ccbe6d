import { gibibytes, readGibibytes } from '../../plan/disk-size.js';
import type { Size } from '../../plan/quantities.js';
import type { Reader, TextRule } from '../../plan/reader.js';
import { attribute, type Resources, variable } from './json.js';

/** What a region in Huawei Cloud keeps images in, made with its network. */
export interface HuaweiStorageProps {
  /**
   * Name of an OBS bucket: private, encrypted, in several zones, versioned for a week, never deleted by Terraform. Costs storage and
   * requests. Used by `SharedStorage.s3` with `endpoint: 'https://obs.<region>.myhuaweicloud.com'`. @default - none
   */
  readonly bucket?: string;
  /**
   * An SFS Turbo file system, at least 500Gi, paid by size; Terraform never deletes it. Its mount point comes out as `file_system`, an
   * address and path for `SharedStorage.nas`. Not with an SDK, whose own class makes one. @default - none
   */
  readonly fileSystem?: {
    /** 500Gi to 32Ti. @default 500Gi */
    readonly size?: Size;
    /** PERFORMANCE has a fraction of the latency, and costs more. @default STANDARD */
    readonly type?: 'STANDARD' | 'PERFORMANCE';
  };
  /** Name of an organization of SWR, unique in all of Huawei Cloud, that Harbor replicates images to (`type: 'huawei-SWR'`). @default - none */
  readonly organization?: string;
}

export const HUAWEI_STORAGE = ['bucket', 'fileSystem', 'organization'] as const;

/** https://support.huaweicloud.com/intl/en-us/api-obs/obs_04_0007.html */
const BUCKET: TextRule = {
  pattern: /^(?!\d+\.\d+\.\d+\.\d+$)(?!.*(\.[.-]|-\.))[a-z0-9][a-z0-9.-]+[a-z0-9]$/,
  allowed:
    'a bucket name: 3 to 63 lower-case letters, digits, "-" and ".", no "." beside "-" or ".", and not like an address',
  maxLength: 63,
};
/** https://support.huaweicloud.com/intl/en-us/api-swr/swr_02_0026.html */
const ORGANIZATION: TextRule = {
  pattern: /^[a-z][a-z0-9]*(([.-]|__?)[a-z0-9]+)*$/,
  allowed:
    'a name of 1 to 64 lower-case letters and digits, the first a letter, with single ".", "-" and "_" or "__" between them',
  maxLength: 64,
};
/** Records every mistake in what a region keeps images in, but for the file system. */
export function checkStorage(reader: Reader): void {
  reader.text('bucket', BUCKET);
  reader.text('organization', ORGANIZATION);
}

/** Records every mistake in the file system, which Terraform makes. */
export function checkFileSystem(reader: Reader): void {
  const fileSystem = reader.child('fileSystem').only('size', 'type');
  // STANDARD and PERFORMANCE: docs/resources/sfs_turbo.md of the provider.
  readGibibytes(fileSystem, 'size', '500Gi', '32Ti');
  fileSystem.choice('type', ['STANDARD', 'PERFORMANCE'] as const);
}

const KEPT = { prevent_destroy: true };
const DAYS = 7;

/** Resources of a region's storage. */
export function storage(
  name: string,
  { bucket, fileSystem, organization }: HuaweiStorageProps,
): Readonly<Record<string, Resources>> {
  return {
    huaweicloud_obs_bucket:
      bucket === undefined
        ? {}
        : {
            registry: {
              bucket,
              acl: 'private',
              storage_class: 'STANDARD',
              multi_az: true,
              versioning: true,
              encryption: true,
              sse_algorithm: 'AES256',
              // Both in one: no two rules may be about the same objects.
              lifecycle_rule: [
                {
                  name: 'after-a-week',
                  enabled: true,
                  abort_incomplete_multipart_upload: [{ days: DAYS }],
                  noncurrent_version_expiration: [{ days: DAYS }],
                },
              ],
              lifecycle: KEPT,
            },
          },
    huaweicloud_obs_bucket_bpa:
      bucket === undefined
        ? {}
        : {
            registry: {
              bucket: attribute('huaweicloud_obs_bucket', 'registry', 'bucket'),
              block_public_acls: true,
              ignore_public_acls: true,
              block_public_policy: true,
              restrict_public_buckets: true,
              // What protects the bucket is kept with it.
              lifecycle: KEPT,
            },
          },
    huaweicloud_sfs_turbo:
      fileSystem === undefined
        ? {}
        : {
            registry: {
              name: `${name}-registry`,
              size: gibibytes(fileSystem.size ?? '500Gi'),
              share_proto: 'NFS',
              share_type: fileSystem.type ?? 'STANDARD',
              availability_zone: variable('availability_zones', 0),
              vpc_id: variable('vpc_id'),
              subnet_id: variable('connect_subnet'),
              security_group_id: variable('security_group_id'),
              lifecycle: KEPT,
            },
          },
    huaweicloud_swr_organization: organization === undefined ? {} : { registry: { name: organization } },
  };
}
