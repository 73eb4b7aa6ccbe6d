import { type Output, output } from '@pulumi/pulumi';
import { acmeDnsPolicy, ecrReplicationPolicy } from '../../../lib/cloud/aws';
import { json, known } from './fixtures';

interface Policy {
  readonly Statement: readonly {
    readonly Action: string | readonly string[];
    readonly Resource: unknown;
    readonly Condition?: unknown;
  }[];
}

const read = async (policy: Output<string>): Promise<Policy> => json(await known(policy)) as Policy;

describe('acmeDnsPolicy', () => {
  it.each(['aws', 'aws-cn'])(
    'writes TXT records of the challenge in one zone, in the partition %s',
    async (partition) => {
      const zone = `arn:${partition}:route53:::hostedzone/Z1`;
      const { Statement } = await read(
        acmeDnsPolicy({ zoneArn: output(zone), domains: ['Registry.example.com', output('*.a.example.com')] }),
      );
      expect(Statement).toEqual([
        { Effect: 'Allow', Action: 'route53:GetChange', Resource: `arn:${partition}:route53:::change/*` },
        { Effect: 'Allow', Action: 'route53:ListResourceRecordSets', Resource: zone },
        {
          Effect: 'Allow',
          Action: 'route53:ChangeResourceRecordSets',
          Resource: zone,
          Condition: {
            'ForAllValues:StringEquals': {
              'route53:ChangeResourceRecordSetsNormalizedRecordNames': [
                '_acme-challenge.registry.example.com',
                '_acme-challenge.a.example.com',
              ],
              'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'],
            },
          },
        },
      ]);
    },
  );
});

describe('ecrReplicationPolicy', () => {
  it('writes the repositories named, and deletes no repository', async () => {
    const repository = 'arn:aws:ecr:us-east-1:111122223333:repository/mirror/*';
    const { Statement } = await read(ecrReplicationPolicy({ repositoryArns: [output(repository)] }));
    const wide = Statement.filter(({ Resource }) => Resource === '*').map(({ Action }) => Action);
    expect(wide).toEqual(['ecr:GetAuthorizationToken']);
    expect(Statement[1]?.Resource).toEqual([repository]);
    expect(Statement[1]?.Action).toEqual(
      expect.arrayContaining(['ecr:CreateRepository', 'ecr:PutImage', 'ecr:BatchGetImage']),
    );
    expect(Statement[1]?.Action).not.toContain('ecr:DeleteRepository');
  });
});
