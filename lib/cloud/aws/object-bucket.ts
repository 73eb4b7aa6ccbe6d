import { VpcEndpoint } from '@pulumi/aws/ec2';
import { Key } from '@pulumi/aws/kms';
import {
  Bucket,
  BucketLifecycleConfiguration,
  BucketOwnershipControls,
  BucketPolicy,
  BucketPublicAccessBlock,
  BucketServerSideEncryptionConfiguration,
  BucketVersioning,
  getBucketOutput,
} from '@pulumi/aws/s3';
import {
  all,
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Input,
  interpolate,
  jsonStringify,
  type Output,
  output,
} from '@pulumi/pulumi';
import type { S3Storage } from '../../plan/storage.js';
import { plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';

import { accessKeys, type BucketKey, type BucketRef, nodeRolePolicy } from './bucket-access.js';
import { replicate } from './bucket-replication.js';
import { type ObjectBucketArgs, readObjectBucket } from './object-bucket-args.js';

type Settings = ReturnType<typeof readObjectBucket>;

/**
 * A bucket for the images of one Harbor, and access to it: private, owned by its account, encrypted, reached by TLS only, versioned.
 * It stays in AWS when it leaves the stack, and nothing here ever empties it.
 *
 * ```ts
 * const bucket = new ObjectBucket('virginia', { bucket: 'example-registry-virginia' });
 * // regions: { virginia: { storage: bucket.storage, … } }
 * ```
 */
export class ObjectBucket extends ComponentResource {
  /** Name of the bucket. */
  readonly bucket: Output<string>;
  /** Known once the bucket is versioned, as S3 asks of one that others are copied to. */
  readonly arn: Output<string>;
  /** Region of the bucket, such as `us-east-1`. */
  readonly region: Output<string>;
  /** Key of KMS that encrypts it; nothing with SSE-S3. */
  readonly kmsKeyArn?: Output<string>;
  /** With `BucketAccess.keys()`. */
  readonly accessKeyId?: Output<string>;
  /** With `BucketAccess.keys()`; secret. */
  readonly secretAccessKey?: Output<string>;
  /** The setting for a region or a Harbor: `storage: bucket.storage`, or `{ ...bucket.storage, redirect: false }`. */
  readonly storage: S3Storage;

  constructor(name: string, args: ObjectBucketArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:aws:ObjectBucket', name, {}, opts);
    const { replication } = args;
    // A bucket given as an object is read by its ARN and key.
    const destination = replication && {
      arn: replication.destination.arn,
      kmsKeyArn: replication.destination.kmsKeyArn,
    };
    const settings = readArgs(
      'aws',
      this,
      name,
      { ...args, replication: replication && { ...replication, destination } },
      readObjectBucket,
    );
    this.kmsKeyArn = this.key(name, args, settings);
    if (settings.existing) {
      const found = getBucketOutput({ bucket: args.bucket }, { parent: this });
      this.bucket = output(args.bucket);
      this.arn = found.arn;
      this.region = found.bucketRegion;
    } else {
      const made = this.make(name, args, settings);
      this.bucket = made.bucket;
      this.arn = made.arn;
      this.region = made.region;
    }
    if (args.gatewayEndpoint !== undefined) {
      new VpcEndpoint(
        `${name}-s3`,
        {
          vpcId: args.gatewayEndpoint.vpcId,
          serviceName: interpolate`com.amazonaws.${this.region}.s3`,
          vpcEndpointType: 'Gateway',
          routeTableIds: [...args.gatewayEndpoint.routeTableIds],
          tags: args.tags,
        },
        { parent: this, protect: false },
      );
    }
    const key = this.access(name, args);
    this.accessKeyId = key?.id;
    this.secretAccessKey = key?.secret;
    this.storage = plain<S3Storage>({
      type: 's3',
      bucket: args.bucket,
      region: this.region,
      rootDirectory: args.rootDirectory,
      accessKeyId: key?.id,
      secretAccessKey: key?.secret,
      credentialsSecret: args.access?.type === 'existingSecret' ? args.access.name : undefined,
    });
    this.registerOutputs({ bucket: this.bucket, arn: this.arn, region: this.region, kmsKeyArn: this.kmsKeyArn });
  }

  private key(name: string, args: ObjectBucketArgs, { isKms, retainOnDelete }: Settings): Output<string> | undefined {
    const given = args.encryption?.type === 'kms' ? args.encryption.keyArn : undefined;
    if (given !== undefined) return output(given);
    if (!isKms) return undefined;
    const key = new Key(
      `${name}-key`,
      { description: `Images in the bucket of ${name}`, enableKeyRotation: true, tags: args.tags },
      // Without its key a bucket that is kept could not be read.
      { parent: this, retainOnDelete },
    );
    return key.arn;
  }

  private make(name: string, args: ObjectBucketArgs, settings: Settings): Pick<Bucket, 'bucket' | 'arn' | 'region'> {
    const { retainOnDelete } = settings;
    const kept: CustomResourceOptions = { parent: this, retainOnDelete };
    const made = new Bucket(name, { bucket: args.bucket, tags: args.tags }, kept);
    const { bucket } = made;
    // All that protects the bucket is kept with it: deleting a setting would take it off the bucket that stays.
    const block = new BucketPublicAccessBlock(
      `${name}-private`,
      { bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      kept,
    );
    new BucketOwnershipControls(`${name}-owner`, { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } }, kept);
    new BucketPolicy(
      `${name}-tls`,
      { bucket, policy: tlsOnly(made.arn) },
      // S3 refuses two such changes of one bucket at a time.
      { ...kept, dependsOn: block },
    );
    new BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        bucket,
        rules: [
          this.kmsKeyArn === undefined
            ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
            : {
                applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: this.kmsKeyArn },
                bucketKeyEnabled: true,
              },
        ],
      },
      kept,
    );
    const versioning = new BucketVersioning(
      `${name}-versioning`,
      { bucket, versioningConfiguration: { status: settings.versioning ? 'Enabled' : 'Suspended' } },
      kept,
    );
    new BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { bucket, rules: lifecycleRules(settings) },
      { ...kept, dependsOn: versioning },
    );
    if (args.replication !== undefined) {
      const source: BucketRef = { arn: made.arn, kmsKeyArn: this.kmsKeyArn };
      replicate(
        { parent: this, protect: false, dependsOn: versioning },
        name,
        bucket,
        source,
        args.replication,
        args.tags,
      );
    }
    return { bucket, arn: all([made.arn, versioning.id]).apply(([arn]) => arn), region: made.region };
  }

  private access(name: string, args: ObjectBucketArgs): BucketKey | undefined {
    const bucket: BucketRef = { arn: this.arn, kmsKeyArn: this.kmsKeyArn, rootDirectory: args.rootDirectory };
    const access = args.access ?? { type: 'keys' };
    switch (access.type) {
      case 'keys':
        return accessKeys(this, name, bucket, access, args.tags);
      case 'nodeRole':
        nodeRolePolicy(this, name, bucket, access.roleName);
        return undefined;
      default:
        return undefined;
    }
  }
}

const tlsOnly = (arn: Input<string>): Output<string> =>
  jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [arn, interpolate`${arn}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });

const lifecycleRules = ({ incompleteUploadDays, noncurrentDays }: Settings) => [
  {
    id: 'incomplete-uploads',
    status: 'Enabled',
    filter: {},
    abortIncompleteMultipartUpload: { daysAfterInitiation: incompleteUploadDays },
  },
  {
    id: 'noncurrent-versions',
    status: 'Enabled',
    filter: {},
    noncurrentVersionExpiration: { noncurrentDays },
    // A delete marker without a version behind it only makes the registry's listings slower.
    expiration: { expiredObjectDeleteMarker: true },
  },
];
