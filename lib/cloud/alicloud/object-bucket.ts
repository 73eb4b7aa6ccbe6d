import { Bucket, BucketAcl, BucketPolicy, BucketPublicAccessBlock } from '@pulumi/alicloud/oss';
import { AccessKey, Policy, User, UserPolicyAttachment } from '@pulumi/alicloud/ram';
import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  interpolate,
  jsonStringify,
  type Output,
  output,
  secret,
} from '@pulumi/pulumi';
import type { Reader } from '../../plan/reader.js';
import type { OssStorage } from '../../plan/storage.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { KMS_KEY_ID, REGION_ID, type Tagged } from './args.js';

/** A bucket for the images of one Harbor. */
export interface ObjectBucketProps extends Tagged {
  /** Its name, unique in all of OSS. Another name means another, empty bucket. */
  readonly bucket: string;
  /** Alibaba Cloud's own name of the provider's region, such as `cn-hangzhou`. */
  readonly region: string;
  /** The bucket is there already: nothing of it is changed, only a key for it is made. With SSE-KMS, name its `kmsKeyId`. @default false */
  readonly existing?: boolean;
  /**
   * Key of KMS in the bucket's region that encrypts it, by its id; the registry's user may use it, and each use costs a request. For a bucket that
   * exists, the key it is encrypted with. What is stored stays encrypted with the key before, which the user may not use after a change.
   * @default - keys of OSS itself, at no cost
   */
  readonly kmsKeyId?: string;
  /** Copies in three zones (`ZRS`) or in one (`LRS`, cheaper); it can never be changed: the other means a new bucket. @default ZRS */
  readonly redundancy?: 'ZRS' | 'LRS';
  /** Keeps what is deleted or overwritten for `noncurrentDays`; costs that storage. @default true */
  readonly versioning?: boolean;
  /** Days for which older versions are kept. @default 7 */
  readonly noncurrentDays?: number;
  /** Days after which the parts of an upload that never ended are deleted. @default 7 */
  readonly incompleteUploadDays?: number;
  /** Folder of this Harbor in the bucket, such as `/harbor`; the key is limited to it. @default / */
  readonly rootDirectory?: string;
  /** Add one for a new key of a new user; the one before stays valid until the next time, so that pods can roll. @default 1 */
  readonly keyGeneration?: number;
  /** The bucket and its settings stay in OSS when they leave the stack; nothing here ever empties a bucket. @default true */
  readonly retainOnDelete?: boolean;
}

/** As {@link ObjectBucketProps}, with an Output wherever free text goes. */
export type ObjectBucketArgs = Inputs<ObjectBucketProps>;

/**
 * A bucket of OSS for the images of one Harbor: private, encrypted, reached by TLS only, versioned, with the key of a user that may do no more.
 * Harbor's `oss` driver knows keys only. Kraken reads the images from Harbor.
 *
 * ```ts
 * const bucket = new ObjectBucket('hangzhou', { bucket: 'example-registry-hangzhou', region: 'cn-hangzhou' });
 * // regions: { hangzhou: { storage: bucket.storage, … } }
 * ```
 */
export class ObjectBucket extends ComponentResource {
  readonly bucket: Output<string>;
  readonly accessKeyId: Output<string>;
  /** Secret. */
  readonly accessKeySecret: Output<string>;
  /** The setting for a region or a Harbor: `storage: bucket.storage`, or `{ ...bucket.storage, redirect: true }`. */
  readonly storage: OssStorage;

  constructor(name: string, args: ObjectBucketArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:alicloud:ObjectBucket', name, {}, opts);
    const settings = readArgs('alicloud', this, name, args, readObjectBucket);
    this.bucket = settings.existing ? output(args.bucket) : this.make(name, args, settings);
    const { keyGeneration } = settings;
    if (keyGeneration > 1) this.key(`${name}-registry-${keyGeneration - 1}`, args);
    const key = this.key(`${name}-registry-${keyGeneration}`, args);
    this.accessKeyId = key.id;
    this.accessKeySecret = secret(key.secret);
    this.storage = plain<OssStorage>({
      type: 'oss',
      bucket: this.bucket,
      region: interpolate`oss-${args.region}`,
      rootDirectory: args.rootDirectory,
      accessKeyId: this.accessKeyId,
      accessKeySecret: this.accessKeySecret,
    });
    this.registerOutputs({ bucket: this.bucket, accessKeyId: this.accessKeyId });
  }

  private make(name: string, args: ObjectBucketArgs, settings: ReturnType<typeof readObjectBucket>): Output<string> {
    // All that protects the bucket is kept with it.
    const kept = { parent: this, retainOnDelete: settings.retainOnDelete };
    const bucket = new Bucket(
      name,
      {
        bucket: args.bucket,
        storageClass: 'Standard',
        redundancyType: settings.redundancy,
        versioning: { status: settings.versioning ? 'Enabled' : 'Suspended' },
        serverSideEncryptionRule:
          args.kmsKeyId === undefined
            ? { sseAlgorithm: 'AES256' }
            : { sseAlgorithm: 'KMS', kmsMasterKeyId: args.kmsKeyId },
        lifecycleRules: [
          {
            id: 'incomplete-uploads',
            enabled: true,
            prefix: '',
            abortMultipartUploads: [{ days: settings.incompleteUploadDays }],
          },
          {
            id: 'noncurrent-versions',
            enabled: true,
            prefix: '',
            noncurrentVersionExpirations: [{ days: settings.noncurrentDays }],
            // A delete marker without a version behind it only makes the registry's listings slower.
            expirations: [{ expiredObjectDeleteMarker: true }],
          },
        ],
        // Each rule does another thing, to all objects.
        lifecycleRuleAllowSameActionOverlap: true,
        tags: args.tags,
      },
      kept,
    ).bucket.apply((known) => known ?? '');
    const acl = new BucketAcl(`${name}-private`, { bucket, acl: 'private' }, kept);
    const block = new BucketPublicAccessBlock(
      `${name}-block`,
      { bucket, blockPublicAccess: true },
      { ...kept, dependsOn: acl },
    );
    new BucketPolicy(`${name}-tls`, { bucket, policy: tlsOnly(bucket) }, { ...kept, dependsOn: block });
    return bucket;
  }

  /** A user for each generation: who is still in use shows by name. */
  private key(part: string, { rootDirectory, kmsKeyId, tags }: ObjectBucketArgs): AccessKey {
    const parent = { parent: this, protect: false };
    const user = new User(part, { name: part, comments: 'The registry of a Harbor', tags }, parent);
    const policy = new Policy(
      part,
      { policyName: part, policyDocument: registryPolicy(this.bucket, rootDirectory ?? '/', kmsKeyId), tags },
      parent,
    );
    const allowed = new UserPolicyAttachment(
      part,
      { policyName: policy.policyName.apply((known) => known ?? part), policyType: 'Custom', userName: user.name },
      parent,
    );
    // A key that may nothing yet would be in the pods too early.
    return new AccessKey(part, { userName: user.name }, { ...parent, dependsOn: allowed });
  }
}

const tlsOnly = (bucket: Input<string>): Output<string> =>
  jsonStringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Deny',
        Action: ['oss:*'],
        Principal: ['*'],
        Resource: [interpolate`acs:oss:*:*:${bucket}`, interpolate`acs:oss:*:*:${bucket}/*`],
        Condition: { Bool: { 'acs:SecureTransport': ['false'] } },
      },
    ],
  });

/** What the registry's driver for OSS calls, and no more. */
function registryPolicy(
  bucket: Input<string>,
  rootDirectory: Input<string>,
  kmsKeyId: Input<string> | undefined,
): Output<string> {
  const folder = output(rootDirectory).apply((path) => path.replace(/\/+$/, ''));
  return jsonStringify({
    Version: '1',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['oss:ListObjects', 'oss:ListMultipartUploads', 'oss:GetBucketLocation'],
        Resource: [interpolate`acs:oss:*:*:${bucket}`],
      },
      {
        Effect: 'Allow',
        Action: ['oss:GetObject', 'oss:PutObject', 'oss:DeleteObject', 'oss:ListParts', 'oss:AbortMultipartUpload'],
        Resource: [interpolate`acs:oss:*:*:${bucket}${folder}/*`],
      },
      // OSS asks KMS in the user's name.
      ...(kmsKeyId === undefined
        ? []
        : [
            {
              Effect: 'Allow',
              Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
              Resource: [interpolate`acs:kms:*:*:key/${kmsKeyId}`],
            },
          ]),
    ],
  });
}

function readObjectBucket(reader: Reader, name: string) {
  reader.only(
    ...['bucket', 'region', 'existing', 'kmsKeyId', 'redundancy', 'versioning', 'noncurrentDays'],
    ...['incompleteUploadDays', 'rootDirectory', 'keyGeneration', 'retainOnDelete', 'tags'],
  );
  // Names of users have 64 characters.
  if (name.length > 45) {
    const allowed = 'at most 45 characters: a user of RAM is named after it';
    reader.issues.error(reader.path, 'has a name that is too long', name, allowed, 'shorten it');
  }
  reader.requiredText('bucket', {
    pattern: /^[a-z0-9][a-z0-9-]+[a-z0-9]$/,
    allowed: 'a bucket name: 3 to 63 lower-case letters, digits and "-"',
    maxLength: 63,
  });
  reader.requiredText('region', REGION_ID);
  reader.text('kmsKeyId', KMS_KEY_ID);
  reader.text('rootDirectory', {
    pattern: /^(?!.*(^|\/)\.\.?(\/|$))\/[A-Za-z0-9._/-]*$/,
    allowed: 'an absolute path such as /harbor, of letters, digits, ".", "_", "-" and "/"',
  });
  reader.textMap('tags');
  const existing = reader.flag('existing') ?? false;
  for (const key of ['redundancy', 'versioning', 'noncurrentDays', 'incompleteUploadDays', 'retainOnDelete']) {
    if (!existing || !reader.has(key)) continue;
    const allowed = 'settings of a bucket that is made';
    reader.issues.error(
      reader.at(key),
      'has no meaning for a bucket that exists',
      reader.raw(key),
      allowed,
      'remove it',
    );
  }
  return {
    existing,
    redundancy: reader.choice('redundancy', ['ZRS', 'LRS'] as const) ?? 'ZRS',
    versioning: reader.flag('versioning') ?? true,
    noncurrentDays: reader.count('noncurrentDays', 1, 3650) ?? 7,
    incompleteUploadDays: reader.count('incompleteUploadDays', 1, 3650) ?? 7,
    keyGeneration: reader.count('keyGeneration', 1, 1_000_000) ?? 1,
    retainOnDelete: reader.flag('retainOnDelete') ?? true,
  };
}
