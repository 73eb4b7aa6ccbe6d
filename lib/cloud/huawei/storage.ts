import { bytes, type Size } from '../../plan/quantities.js';
import type { S3Storage } from '../../plan/storage.js';
import { attribute, type Resources, variable } from './json.js';

/** What a region in Huawei Cloud keeps images in, made with its network. */
export interface HuaweiStorageProps {
  /**
   * Name of an OBS bucket: private, encrypted, in several zones, versioned for a week, never deleted by Terraform. Costs storage and
   * requests. `obsStorage` is the setting for the region. @default - none
   */
  readonly bucket?: string;
  /**
   * An SFS Turbo file system, at least 500Gi, paid by size; Terraform never deletes it. Its mount point comes out as `file_system`, an
   * address and path for `SharedStorage.nas`. Not with an SDK, whose own class makes one. @default - none
   */
  readonly fileSystem?: {
    /** @default 500Gi */
    readonly size?: Size;
    /** PERFORMANCE has a fraction of the latency, and costs more. @default STANDARD */
    readonly type?: 'STANDARD' | 'PERFORMANCE';
  };
  /** Name of an organization of SWR, unique in all of Huawei Cloud, that Harbor replicates images to (`type: 'huawei-SWR'`). @default - none */
  readonly organization?: string;
}

export const HUAWEI_STORAGE = ['bucket', 'fileSystem', 'organization'] as const;

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
              lifecycle_rule: [
                {
                  name: 'incomplete-uploads',
                  enabled: true,
                  abort_incomplete_multipart_upload: [{ days: DAYS }],
                },
                { name: 'noncurrent-versions', enabled: true, noncurrent_version_expiration: [{ days: DAYS }] },
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

function gibibytes(size: Size): number {
  const amount = bytes(size) / 2 ** 30;
  if (Number.isInteger(amount) && amount >= 500 && amount <= 32_768) return amount;
  throw new Error(`a file system of SFS Turbo has 500Gi to 32Ti in whole Gi, not ${size}`);
}

/**
 * An OBS bucket as a region's storage; `region` is Huawei Cloud's own name, such as `ap-southeast-3`. Its keys belong into a Secret
 * (`credentialsSecret`) or come as Outputs.
 */
export const obsStorage = (
  props: Omit<S3Storage, 'type' | 'endpoint'> & { readonly endpoint?: string },
): S3Storage => ({ type: 's3', endpoint: `https://obs.${props.region}.myhuaweicloud.com`, ...props });
