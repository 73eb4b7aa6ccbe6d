import { PodIdentityAssociation } from '@pulumi/aws/eks';
import { Role, RolePolicy } from '@pulumi/aws/iam';
import { all, ComponentResource, type ComponentResourceOptions, type Input, type Output, output } from '@pulumi/pulumi';
import { DNS_LABEL, OBJECT_NAME } from '../../plan/names.js';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { ARN, type Tagged } from './args.js';

/** EKS Pod Identity: an agent on the nodes hands the role out. */
export interface EksPodIdentity {
  readonly type: 'eksPodIdentity';
  /** Name of the EKS cluster, which must have the add-on `eks-pod-identity-agent`. */
  readonly clusterName: string;
}

/** IAM roles for service accounts: the OIDC provider of the cluster vouches for its pods. */
export interface Irsa {
  readonly type: 'irsa';
  /** ARN of the IAM OIDC provider of the cluster. */
  readonly oidcProviderArn: string;
}

/** How pods come to a role. */
export type PodIdentity = EksPodIdentity | Irsa;

/** How pods come to a role: one of these factories. */
export const PodIdentity = {
  /** EKS Pod Identity: nothing to set on ServiceAccounts. Pods ask port 80 of 169.254.170.23, which their NetworkPolicies must let through. */
  eks: (props: Inputs<Omit<EksPodIdentity, 'type'>>): Inputs<EksPodIdentity> => ({ type: 'eksPodIdentity', ...props }),
  /** IRSA: each ServiceAccount needs the annotation of `PodRole.serviceAccountAnnotations`, which is a setting of Harbor too. Pods ask STS at port 443. */
  irsa: (props: Inputs<Omit<Irsa, 'type'>>): Inputs<Irsa> => ({ type: 'irsa', ...props }),
} as const;

/** A role for ServiceAccounts of an EKS cluster. */
export interface PodRoleProps extends Tagged {
  readonly identity: PodIdentity;
  /** Namespace of the ServiceAccounts. */
  readonly namespace: string;
  /** Names of the ServiceAccounts. Add new ones at the end. */
  readonly serviceAccounts: readonly string[];
  /** What the role may do, as JSON: `acmeDnsPolicy(…)`, `ecrReplicationPolicy(…)`, or a policy of your own. */
  readonly policy: string;
  /** ARN of the policy that bounds every role, where the landing zone demands one. @default - none */
  readonly permissionsBoundary?: string;
}

/** As {@link PodRoleProps}, with an Output wherever free text goes. */
export type PodRoleArgs = Inputs<PodRoleProps>;

/**
 * A role that pods of an EKS cluster act as, without any key: cert-manager for DNS-01, Harbor's core and jobservice for replication
 * to ECR. Harbor's registry and Kraken cannot: their AWS SDKs know neither IRSA nor Pod Identity.
 *
 * ```ts
 * new PodRole('cert-manager', {
 *   identity: PodIdentity.eks({ clusterName: 'virginia' }),
 *   namespace: 'cert-manager',
 *   serviceAccounts: ['cert-manager'],
 *   policy: acmeDnsPolicy({ zoneArn: records.zoneArn, domains: ['registry.example.com'] }),
 * });
 * ```
 */
export class PodRole extends ComponentResource {
  readonly roleArn: Output<string>;
  /** What each ServiceAccount needs with IRSA, such as `serviceAccountAnnotations` of a Harbor; empty with Pod Identity. */
  readonly serviceAccountAnnotations: Readonly<Record<string, Output<string>>>;

  constructor(name: string, args: PodRoleArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:aws:PodRole', name, {}, opts);
    readArgs('aws', this, name, args, checkPodRole);
    const { identity, namespace, serviceAccounts, tags } = args;
    const role = new Role(
      name,
      {
        assumeRolePolicy: identity.type === 'irsa' ? irsaTrust(identity.oidcProviderArn, args) : POD_IDENTITY_TRUST,
        permissionsBoundary: args.permissionsBoundary,
        tags,
      },
      { parent: this },
    );
    new RolePolicy(name, { role: role.name, policy: args.policy }, { parent: this });
    if (identity.type === 'eksPodIdentity') {
      for (const [i, serviceAccount] of serviceAccounts.entries()) {
        new PodIdentityAssociation(
          `${name}-${i}`,
          { clusterName: identity.clusterName, namespace, serviceAccount, roleArn: role.arn, tags },
          { parent: this },
        );
      }
    }
    this.roleArn = role.arn;
    this.serviceAccountAnnotations = identity.type === 'irsa' ? { 'eks.amazonaws.com/role-arn': role.arn } : {};
    this.registerOutputs({ roleArn: this.roleArn });
  }
}

/** https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html */
const POD_IDENTITY_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { Service: 'pods.eks.amazonaws.com' },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
    },
  ],
});

/** https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html */
const irsaTrust = (
  providerArn: Input<string>,
  { namespace, serviceAccounts }: Pick<PodRoleArgs, 'namespace' | 'serviceAccounts'>,
): Output<string> =>
  all([output(providerArn), output(namespace), output([...serviceAccounts])]).apply(([arn, space, accounts]) => {
    const issuer = arn.replace(/^.*:oidc-provider\//, '');
    return JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: arn },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              [`${issuer}:aud`]: 'sts.amazonaws.com',
              [`${issuer}:sub`]: accounts.map((account) => `system:serviceaccount:${space}:${account}`),
            },
          },
        },
      ],
    });
  });

function checkPodRole(reader: Reader): void {
  reader.only('identity', 'namespace', 'serviceAccounts', 'policy', 'permissionsBoundary', 'tags');
  const identity = reader.child('identity');
  if (!identity.has('type')) identity.missing('type', 'eksPodIdentity or irsa');
  const type = identity.choice('type', ['eksPodIdentity', 'irsa'] as const);
  if (type === 'irsa') {
    identity.only('type', 'oidcProviderArn').requiredText('oidcProviderArn', {
      pattern: /^arn:[a-z-]+:iam::\d{12}:oidc-provider\/.+$/,
      allowed: 'the ARN of an IAM OIDC provider',
    });
  } else if (type === 'eksPodIdentity') {
    identity.only('type', 'clusterName').requiredText('clusterName', {
      pattern: /^[0-9A-Za-z][A-Za-z0-9_-]*$/,
      allowed: 'the name of an EKS cluster, at most 100 characters',
      maxLength: 100,
    });
  }
  reader.requiredText('namespace', DNS_LABEL);
  if ((reader.texts('serviceAccounts', OBJECT_NAME) ?? []).length === 0) {
    reader.missing('serviceAccounts', 'at least one name, such as "cert-manager"');
  }
  reader.requiredText('policy');
  reader.text('permissionsBoundary', ARN);
  reader.textMap('tags');
}
