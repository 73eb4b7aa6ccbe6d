import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { ARN, ROUTE_TABLE_ID, type Tagged, VPC_ID } from './args.js';
import { type BucketAccess, checkBucketAccess } from './bucket-access.js';

/** Encryption by S3 itself. */
export interface S3Encryption {
  readonly type: 's3';
}

/** Encryption with a key of KMS. */
export interface KmsEncryption {
  readonly type: 'kms';
  /** ARN of a key that exists. @default - a key is made, which rotates every year and is kept like the bucket */
  readonly keyArn?: string;
}

/** How objects are encrypted at rest. */
export type BucketEncryption = S3Encryption | KmsEncryption;

/** How objects are encrypted at rest: one of these factories. */
export const BucketEncryption = {
  /** SSE-S3: keys of S3 itself, at no cost. */
  s3: (): S3Encryption => ({ type: 's3' }),
  /**
   * SSE-KMS: every use of the key is in CloudTrail, and who reads needs the key too. Costs a key by the month and requests to KMS;
   * a bucket key keeps these few.
   */
  kms: (props: Inputs<Omit<KmsEncryption, 'type'>> = {}): Inputs<KmsEncryption> => ({ type: 'kms', ...props }),
} as const;

/** Copies of all objects in another region, for disasters. Harbor's own replication is for daily use. */
export interface BucketReplication {
  /**
   * The other bucket, versioned: an `ObjectBucket`, or its ARN and key. S3 wants it to be versioned already: an `ObjectBucket` is waited for.
   * For copies both ways one of two buckets gets its destination in a later update, as a text: the ARN of the other.
   */
  readonly destination: {
    readonly arn: string;
    /** ARN of its key; needed when this bucket is encrypted with KMS. @default - as the object was encrypted by S3 */
    readonly kmsKeyArn?: string;
  };
  /** ARN of the role that S3 acts as. @default - one is made that may do nothing else */
  readonly roleArn?: string;
  /** ARN of the policy that bounds the role made. @default - none */
  readonly permissionsBoundary?: string;
}

/** A bucket for the images of one Harbor. */
export interface ObjectBucketProps extends Tagged {
  /** Its name, unique in all of AWS; another one makes a new, empty bucket, and Harbor moves to it. */
  readonly bucket: string;
  /** The bucket is there already: nothing of it is changed, only access to it is made. @default false */
  readonly existing?: boolean;
  /** @default BucketEncryption.s3(), which costs nothing */
  readonly encryption?: BucketEncryption;
  /**
   * Keeps what is deleted or overwritten for `noncurrentDays`, which undoes mistakes and replication needs. Costs that storage: the
   * registry writes each layer to a temporary object first, so what was pushed in these days is paid twice. @default true
   */
  readonly versioning?: boolean;
  /** What S3 clears away by itself. */
  readonly lifecycle?: {
    /** Days after which the parts of an upload that never ended are deleted. @default 7, as long as the registry takes an upload up again */
    readonly incompleteUploadDays?: number;
    /** Days for which older versions are kept. @default 7 */
    readonly noncurrentDays?: number;
  };
  /** @default - none; costs the storage of all images once more, and the traffic to the other region */
  readonly replication?: BucketReplication;
  /** @default BucketAccess.keys() */
  readonly access?: BucketAccess;
  /** Folder of this Harbor in the bucket, such as `/harbor`; access is limited to it. @default / */
  readonly rootDirectory?: string;
  /** A gateway endpoint, by which nodes reach S3 without a NAT gateway, at no cost. One is enough for all buckets of a VPC. @default - none is made */
  readonly gatewayEndpoint?: {
    readonly vpcId: string;
    /** Route tables of the nodes' subnets. */
    readonly routeTableIds: readonly string[];
  };
  /**
   * The bucket, its settings and the key that is made stay in AWS when they leave the stack. With `false` they are deleted, which
   * AWS refuses as long as the bucket holds an object: nothing here ever empties a bucket. @default true
   */
  readonly retainOnDelete?: boolean;
}

/** As {@link ObjectBucketProps}, with an Output wherever free text goes. */
export type ObjectBucketArgs = Inputs<ObjectBucketProps>;

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; without dots, which TLS certificates do not cover.
const BUCKET_NAME = {
  pattern: /^(?!xn--)(?!.*-s3alias$)[a-z0-9][a-z0-9-]+[a-z0-9]$/,
  allowed: 'a bucket name: 3 to 63 lower-case letters, digits and "-"',
  maxLength: 63,
};
const FOLDER = {
  pattern: /^(?!.*(^|\/)\.\.?(\/|$))\/[A-Za-z0-9._/-]*$/,
  allowed: 'an absolute path such as /harbor, of letters, digits, ".", "_", "-" and "/"',
};
/** What has no meaning for a bucket that is there already. */
const OWN_SETTINGS = ['versioning', 'lifecycle', 'replication', 'retainOnDelete'] as const;

/** Reads what decides about the bucket's resources. */
export function readObjectBucket(reader: Reader) {
  reader.only(
    ...['bucket', 'existing', 'encryption', 'versioning', 'lifecycle', 'replication', 'access'],
    ...['rootDirectory', 'gatewayEndpoint', 'retainOnDelete', 'tags'],
  );
  reader.requiredText('bucket', BUCKET_NAME);
  reader.text('rootDirectory', FOLDER);
  reader.textMap('tags');
  const existing = reader.flag('existing') ?? false;
  const versioning = reader.flag('versioning') ?? true;
  const lifecycle = reader.child('lifecycle').only('incompleteUploadDays', 'noncurrentDays');
  const settings = {
    existing,
    versioning,
    isKms: readEncryption(reader, existing),
    incompleteUploadDays: lifecycle.count('incompleteUploadDays', 1, 3650) ?? 7,
    noncurrentDays: lifecycle.count('noncurrentDays', 1, 3650) ?? 7,
    retainOnDelete: reader.flag('retainOnDelete') ?? true,
  };
  checkBucketAccess(reader);
  checkReplication(reader, versioning, settings.isKms);
  checkGatewayEndpoint(reader);
  if (existing) for (const key of OWN_SETTINGS) refuseOnExisting(reader, key);
  return settings;
}

function readEncryption(reader: Reader, existing: boolean): boolean {
  const encryption = reader.child('encryption');
  if (!reader.has('encryption')) return false;
  if (!encryption.has('type')) encryption.missing('type', 's3 or kms');
  const type = encryption.choice('type', ['s3', 'kms'] as const);
  encryption.only('type', ...(type === 'kms' ? ['keyArn'] : []));
  const keyArn = encryption.text('keyArn', ARN);
  if (existing && type === 'kms' && keyArn === undefined) {
    encryption.missing('keyArn', 'the key with which the bucket is encrypted, so that access to it can be given');
  }
  return type === 'kms';
}

function checkReplication(reader: Reader, versioning: boolean, isKms: boolean): void {
  if (!reader.has('replication')) return;
  const replication = reader.child('replication').only('destination', 'roleArn', 'permissionsBoundary');
  // An ObjectBucket has more to it than what is read here.
  const destination = replication.child('destination');
  destination.requiredText('arn', ARN);
  destination.text('kmsKeyArn', ARN);
  if (isKms && !destination.has('kmsKeyArn')) {
    destination.missing(
      'kmsKeyArn',
      'a key in the region of the destination: S3 decrypts with one and encrypts with the other',
    );
  }
  replication.text('roleArn', ARN);
  replication.text('permissionsBoundary', ARN);
  if (replication.has('roleArn') && replication.has('permissionsBoundary')) {
    replication.issues.error(
      replication.at('permissionsBoundary'),
      'is not used with a role that exists',
      replication.raw('permissionsBoundary'),
      'roleArn, or a boundary of the role that is made',
      'remove one of them',
    );
  }
  if (!versioning) {
    reader.issues.error(
      reader.at('versioning'),
      'is needed by replication',
      false,
      'true',
      'remove versioning: false, or replication',
    );
  }
}

function checkGatewayEndpoint(reader: Reader): void {
  if (!reader.has('gatewayEndpoint')) return;
  const endpoint = reader.child('gatewayEndpoint').only('vpcId', 'routeTableIds');
  endpoint.requiredText('vpcId', VPC_ID);
  if ((endpoint.texts('routeTableIds', ROUTE_TABLE_ID) ?? []).length === 0) {
    endpoint.missing('routeTableIds', 'the route tables of the nodes’ subnets');
  }
}

function refuseOnExisting(reader: Reader, key: string): void {
  if (!reader.has(key)) return;
  reader.issues.error(
    reader.at(key),
    'is not changed on a bucket that exists',
    reader.raw(key),
    'access, rootDirectory, gatewayEndpoint, and encryption to name its key',
    `remove ${key}, or existing`,
  );
}
