import { jsonStringify, type Output, output } from '@pulumi/pulumi';
import type { Inputs } from '../../pulumi/inputs.js';

/** What cert-manager may prove. */
export interface AcmeDnsPolicyProps {
  /** ARN of the public hosted zone, such as `arn:aws:route53:::hostedzone/Z0123456789ABCDEFGHIJ`. */
  readonly zoneArn: string;
  /** Names that certificates are asked for; a name covers its wildcard. */
  readonly domains: readonly string[];
}

/**
 * What cert-manager needs to prove by DNS-01 that a domain is yours, and no more: TXT records of that name in one hosted zone. Name
 * the zone in the issuer (`route53.hostedZoneID`), since it may not list zones. Before it asks the issuer to look, cert-manager looks itself:
 * in a linked region, whose private zone hides these records, run it with `--dns01-recursive-nameservers-only` and
 * `--dns01-recursive-nameservers=1.1.1.1:53,8.8.8.8:53`, or others that know the public zone.
 * https://cert-manager.io/docs/configuration/acme/dns01/route53/
 */
export const acmeDnsPolicy = ({ zoneArn, domains }: Inputs<AcmeDnsPolicyProps>): Output<string> =>
  jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'route53:GetChange',
        Resource: output(zoneArn).apply((arn) => arn.replace(/hostedzone\/.*$/, 'change/*')),
      },
      { Effect: 'Allow', Action: 'route53:ListResourceRecordSets', Resource: zoneArn },
      {
        Effect: 'Allow',
        Action: 'route53:ChangeResourceRecordSets',
        Resource: zoneArn,
        Condition: {
          'ForAllValues:StringEquals': {
            'route53:ChangeResourceRecordSetsNormalizedRecordNames': domains.map((domain) =>
              output(domain).apply((name) => `_acme-challenge.${name.replace(/^\*\./, '').toLowerCase()}`),
            ),
            'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'],
          },
        },
      },
    ],
  });

/** Where Harbor may replicate to. */
export interface EcrReplicationPolicyProps {
  /** Repositories that Harbor may write, such as `arn:aws:ecr:us-east-1:111122223333:repository/mirror/*`. */
  readonly repositoryArns: readonly string[];
}

/**
 * What Harbor's replication to ECR calls, and no more. Its core (which tests the endpoint) and jobservice (which copies) use the
 * role when the registry endpoint in Harbor has no access key; both need it: `serviceAccounts: ['harbor-core', 'harbor-jobservice']`.
 */
export const ecrReplicationPolicy = ({ repositoryArns }: Inputs<EcrReplicationPolicyProps>): Output<string> =>
  jsonStringify({
    Version: '2012-10-17',
    Statement: [
      // AWS knows no narrower resource for this action.
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      {
        Effect: 'Allow',
        Action: [
          'ecr:CreateRepository',
          'ecr:DescribeRepositories',
          'ecr:DescribeImages',
          'ecr:ListImages',
          'ecr:BatchGetImage',
          'ecr:BatchCheckLayerAvailability',
          'ecr:GetDownloadUrlForLayer',
          'ecr:InitiateLayerUpload',
          'ecr:UploadLayerPart',
          'ecr:CompleteLayerUpload',
          'ecr:PutImage',
          'ecr:BatchDeleteImage',
        ],
        Resource: repositoryArns,
      },
    ],
  });
