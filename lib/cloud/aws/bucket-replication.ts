import { Role, RolePolicy } from '@pulumi/aws/iam';
import { BucketReplicationConfig } from '@pulumi/aws/s3';
import { type CustomResourceOptions, type Input, interpolate, jsonStringify, type Output } from '@pulumi/pulumi';
import type { Inputs } from '../../pulumi/inputs.js';
import type { BucketRef } from './bucket-access.js';
import type { BucketReplication } from './object-bucket-args.js';

/**
 * Copies every object to another bucket, deletions too: otherwise the copy would grow for ever, and versions in it undo a mistake.
 * Taken off when it leaves the stack: its role is gone then.
 */
export function replicate(
  opts: CustomResourceOptions,
  name: string,
  bucket: Input<string>,
  source: BucketRef,
  replication: Inputs<BucketReplication>,
  tags?: Readonly<Record<string, Input<string>>>,
): void {
  const { destination } = replication;
  const isKms = source.kmsKeyArn !== undefined;
  const role = replication.roleArn ?? replicationRole(opts, name, source, replication, tags);
  new BucketReplicationConfig(
    `${name}-replication`,
    {
      bucket,
      role,
      rules: [
        {
          id: 'all',
          status: 'Enabled',
          priority: 0,
          filter: {},
          deleteMarkerReplication: { status: 'Enabled' },
          destination: {
            bucket: destination.arn,
            ...(isKms && destination.kmsKeyArn !== undefined
              ? { encryptionConfiguration: { replicaKmsKeyId: destination.kmsKeyArn } }
              : {}),
          },
          ...(isKms ? { sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } } } : {}),
        },
      ],
    },
    opts,
  );
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
function replicationRole(
  { parent }: CustomResourceOptions,
  name: string,
  source: BucketRef,
  { destination, permissionsBoundary }: Inputs<BucketReplication>,
  tags?: Readonly<Record<string, Input<string>>>,
): Output<string> {
  const role = new Role(
    `${name}-replication`,
    {
      assumeRolePolicy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      }),
      permissionsBoundary,
      tags,
    },
    { parent, protect: false },
  );
  const allow = (resource: Input<string>, ...actions: string[]) => ({
    Effect: 'Allow',
    Action: actions,
    Resource: resource,
  });
  const policy = new RolePolicy(
    `${name}-replication`,
    {
      role: role.name,
      policy: jsonStringify({
        Version: '2012-10-17',
        Statement: [
          allow(source.arn, 's3:GetReplicationConfiguration', 's3:ListBucket'),
          allow(
            interpolate`${source.arn}/*`,
            's3:GetObjectVersionForReplication',
            's3:GetObjectVersionAcl',
            's3:GetObjectVersionTagging',
          ),
          allow(interpolate`${destination.arn}/*`, 's3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'),
          ...(source.kmsKeyArn === undefined ? [] : [allow(source.kmsKeyArn, 'kms:Decrypt')]),
          ...(destination.kmsKeyArn === undefined
            ? []
            : [allow(destination.kmsKeyArn, 'kms:Encrypt', 'kms:GenerateDataKey')]),
        ],
      }),
    },
    { parent, protect: false },
  );
  // S3 checks the role when the replication is set up.
  return policy.role.apply(() => role.arn);
}
