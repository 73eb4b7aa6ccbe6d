import { isSecret, type Output, output } from '@pulumi/pulumi';
import { lift } from '../../../lib/plan/deferred';
import { formatIssue, PlanError } from '../../../lib/plan/issues';
import { runtime } from '../../../lib/pulumi/runtime';
import { type RecordOptions, record, Secret } from '../../pulumi/support/mocks';

/** A VPC that exists, as components take it. */
export const NETWORK = {
  vpcId: 'vpc-0a1b',
  subnetIds: ['subnet-0a', 'subnet-0b'],
  clientSecurityGroupIds: ['sg-0c'],
} as const;

/** What an Output turns out to be, once everything before it is deployed. */
export const known = <T>(live: Output<T>): Promise<T> =>
  new Promise((resolve) => {
    live.apply(resolve);
  });

/** What AWS makes up besides the inputs. */
export const answers: RecordOptions['outputs'] = ({ type, name }) => {
  switch (type) {
    case 'aws:s3/bucket:Bucket':
      return { arn: `arn:aws:s3:::${name}`, region: 'us-east-1' };
    case 'aws:kms/key:Key':
      return { arn: `arn:aws:kms:us-east-1:111122223333:key/${name}` };
    case 'aws:iam/user:User':
      return { name: `${name}-1a2b3c4` };
    case 'aws:iam/role:Role':
      return { name: `${name}-1a2b3c4`, arn: `arn:aws:iam::111122223333:role/${name}` };
    case 'aws:iam/accessKey:AccessKey':
      return { secret: `secret of ${name}` };
    case 'aws:efs/fileSystem:FileSystem':
      return { arn: `arn:aws:elasticfilesystem:us-east-1:111122223333:file-system/${name}` };
    case 'aws:rds/instance:Instance':
      return { address: `${name}.rds.example.test` };
    case 'aws:elasticache/replicationGroup:ReplicationGroup':
      return { primaryEndpointAddress: `master.${name}.cache.example.test` };
    case 'aws:route53/zone:Zone':
      return { zoneId: 'Z1', arn: 'arn:aws:route53:::hostedzone/Z1', nameServers: ['ns-1.example.test'] };
    default:
      return undefined;
  }
};

/** A setting with its late values known, and those that are secret as {@link Secret}; to be called inside of a program. */
export async function deployed(setting: object): Promise<Record<string, unknown>> {
  const entries = Object.entries(setting)
    .filter(([, value]) => value !== undefined)
    .map(async ([key, value]) => {
      const live: Output<unknown> = output(lift(value, runtime));
      const text = await known(live);
      return [key, (await isSecret(live)) ? new Secret(text) : text] as const;
    });
  return Object.fromEntries(await Promise.all(entries));
}

/** The mistakes of a component, in full; none when it is made. */
export async function mistakes(program: () => unknown, options?: RecordOptions): Promise<readonly string[]> {
  try {
    await record(program, options);
  } catch (error) {
    if (error instanceof PlanError) return error.issues.map(formatIssue);
    throw error;
  }
  return [];
}

/** The first lines of them: where, and what. */
export const mistaken = async (program: () => unknown, options?: RecordOptions): Promise<readonly string[]> =>
  (await mistakes(program, options)).map((issue) => issue.replace(/^- /, '').replace(/\n.*/s, ''));

/** A policy document that was sent as text. */
export const json = (text: unknown): unknown => JSON.parse(String(text));
