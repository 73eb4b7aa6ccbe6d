import { AccessKey, RolePolicy, User, UserPolicy } from '@pulumi/aws/iam';
import { type Input, interpolate, jsonStringify, type Output, output, type Resource } from '@pulumi/pulumi';
import { OBJECT_NAME } from '../../plan/names.js';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { ARN } from './args.js';

/** An IAM user with nothing but this bucket, and its access key. */
export interface KeysAccess {
  readonly type: 'keys';
  /**
   * Add one to rotate: a new user and key are made, and the key before stays valid until the next rotation, so that uploads
   * under way can end. Pods roll to the new key. @default 1
   */
  readonly generation?: number;
  /** `false` ends the key before as soon as the pods have the new one, such as after a leak. @default true */
  readonly keepPrevious?: boolean;
  /** ARN of the policy that bounds every user, where the landing zone demands one. @default - none */
  readonly permissionsBoundary?: string;
}

/** The role of the nodes that Harbor's registry runs on. */
export interface NodeRoleAccess {
  readonly type: 'nodeRole';
  /** Name (not ARN) of the role in the nodes' instance profile. */
  readonly roleName: string;
}

/** Credentials that another team keeps in a Secret of Harbor's namespace. */
export interface ExistingSecretAccess {
  readonly type: 'existingSecret';
  /** Name of the Secret with `REGISTRY_STORAGE_S3_ACCESSKEY` and `REGISTRY_STORAGE_S3_SECRETKEY`. */
  readonly name: string;
}

/** Nothing is made. */
export interface NoAccess {
  readonly type: 'none';
}

/**
 * How Harbor's registry comes to its bucket. IRSA and EKS Pod Identity are not among the choices: the registry in Harbor 2.14 and
 * 2.15 is built with an AWS SDK (1.15.11) that knows neither.
 */
export type BucketAccess = KeysAccess | NodeRoleAccess | ExistingSecretAccess | NoAccess;

/** How Harbor's registry comes to its bucket: one of these factories. */
export const BucketAccess = {
  /** A long-lived access key of an IAM user that may use this bucket only. Works everywhere; it is in the stack's state, encrypted. */
  keys: (props: Inputs<Omit<KeysAccess, 'type'>> = {}): Inputs<KeysAccess> => ({ type: 'keys', ...props }),
  /**
   * No key: a policy on the role of the nodes. Every pod on these nodes that reaches the instance metadata can then read and
   * delete all images, and the registry's SDK asks it in the old way: the nodes must allow IMDSv1 (`HttpTokens: optional`),
   * which many landing zones forbid. Use nodes of its own for Harbor.
   */
  nodeRole: (props: Inputs<Omit<NodeRoleAccess, 'type'>>): Inputs<NodeRoleAccess> => ({ type: 'nodeRole', ...props }),
  /** Credentials that exist in a Secret of the cluster, such as one of External Secrets. */
  existingSecret: (props: Inputs<Omit<ExistingSecretAccess, 'type'>>): Inputs<ExistingSecretAccess> => ({
    type: 'existingSecret',
    ...props,
  }),
  /** Nothing is made: the destination of a replication, or nodes whose role may use the bucket already. */
  none: (): NoAccess => ({ type: 'none' }),
} as const;

const CHOICES = ['keys', 'nodeRole', 'existingSecret', 'none'] as const;

/** Checks the access and records every mistake. */
export function checkBucketAccess(reader: Reader): void {
  const access = reader.child('access');
  const type = access.raw('type');
  if (type === 'irsa' || type === 'podIdentity') {
    access.issues.error(
      access.at('type'),
      'does not work with Harbor’s registry, whose AWS SDK knows static keys and the role of the node only',
      type,
      CHOICES.join(', '),
      'use BucketAccess.keys(), or keep the images on a NasFileSystem, which needs no key',
    );
    return;
  }
  if (reader.has('access') && type === undefined) access.missing('type', CHOICES.join(', '));
  switch (access.choice('type', CHOICES)) {
    case 'nodeRole':
      access.only('type', 'roleName').requiredText('roleName', {
        pattern: /^[A-Za-z0-9_+=,.@-]+$/,
        allowed: 'the name of a role, not its ARN',
        maxLength: 64,
      });
      return;
    case 'existingSecret':
      access.only('type', 'name').requiredText('name', OBJECT_NAME);
      return;
    case 'none':
      access.only('type');
      return;
    default:
      access.only('type', 'generation', 'keepPrevious', 'permissionsBoundary').text('permissionsBoundary', ARN);
      access.count('generation', 1, 1_000_000);
      access.flag('keepPrevious');
  }
}

/** What an access is to. */
export interface BucketRef {
  readonly arn: Input<string>;
  readonly kmsKeyArn?: Input<string>;
  /** Folder that the access is limited to. @default / */
  readonly rootDirectory?: Input<string>;
}

/** What the registry's S3 driver calls (https://distribution.github.io/distribution/storage-drivers/s3/), and no more. */
function bucketPolicy({ arn, kmsKeyArn, rootDirectory = '/' }: BucketRef): Output<string> {
  const folder = output(rootDirectory).apply((path) => path.replace(/\/+$/, ''));
  return jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
        Resource: arn,
      },
      {
        Effect: 'Allow',
        Action: [
          's3:GetObject',
          's3:PutObject',
          's3:DeleteObject',
          's3:ListMultipartUploadParts',
          's3:AbortMultipartUpload',
        ],
        Resource: interpolate`${arn}${folder}/*`,
      },
      ...(kmsKeyArn === undefined
        ? []
        : [{ Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: kmsKeyArn }]),
    ],
  });
}

/** The newest key of a bucket's users. */
export interface BucketKey {
  readonly id: Output<string>;
  /** Secret. */
  readonly secret: Output<string>;
}

/**
 * One user for each generation: AWS allows a user two keys only, and during a rotation there would be three. CloudTrail then also
 * tells by name which key is still in use.
 */
export function accessKeys(
  parent: Resource,
  name: string,
  bucket: BucketRef,
  { generation = 1, keepPrevious = true, permissionsBoundary }: Omit<Inputs<KeysAccess>, 'type'>,
  tags?: Readonly<Record<string, Input<string>>>,
): BucketKey {
  const policy = bucketPolicy(bucket);
  // Made anew by each generation, so never protected.
  const options = { parent, protect: false };
  const make = (number: number): BucketKey => {
    const part = `${name}-registry-${number}`;
    const user = new User(part, { permissionsBoundary, tags }, options);
    const allowed = new UserPolicy(part, { user: user.name, policy }, options);
    // A key that may nothing yet would be in the pods too early.
    const key = new AccessKey(part, { user: user.name }, { ...options, dependsOn: allowed });
    return { id: key.id, secret: key.secret };
  };
  if (generation > 1 && keepPrevious) make(generation - 1);
  return make(generation);
}

/** Lets the nodes' role use the bucket. */
export const nodeRolePolicy = (
  parent: Resource,
  name: string,
  bucket: BucketRef,
  roleName: Input<string>,
): RolePolicy =>
  new RolePolicy(`${name}-registry`, { role: roleName, policy: bucketPolicy(bucket) }, { parent, protect: false });
