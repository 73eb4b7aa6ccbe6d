import { output } from '@pulumi/pulumi';
import { acmeDnsPolicy, PodIdentity, PodRole, type PodRoleArgs } from '../../../lib/cloud/aws';
import { Harbor, SharedStorage } from '../../../lib/pulumi';
import { record, UNKNOWN } from '../../pulumi/support/mocks';
import { answers, json, known, mistaken } from './fixtures';

const PROVIDER = 'arn:aws:iam::111122223333:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/ABC';
const make = (args: Partial<PodRoleArgs> = {}) =>
  new PodRole('replication', {
    identity: PodIdentity.eks({ clusterName: 'virginia' }),
    namespace: 'harbor',
    serviceAccounts: ['harbor-core', 'harbor-jobservice'],
    policy: '{"Version":"2012-10-17"}',
    ...args,
  });
const ROLE = 'arn:aws:iam::111122223333:role/replication';

describe('PodRole', () => {
  it('is handed out by EKS Pod Identity to each ServiceAccount', async () => {
    let annotations: unknown;
    const recording = await record(
      () => {
        annotations = make({ permissionsBoundary: ROLE, tags: { team: 'registry' } }).serviceAccountAnnotations;
      },
      { outputs: answers },
    );
    expect(recording.names()).toEqual([
      'aws:eks/podIdentityAssociation:PodIdentityAssociation::replication-0',
      'aws:eks/podIdentityAssociation:PodIdentityAssociation::replication-1',
      'aws:iam/role:Role::replication',
      'aws:iam/rolePolicy:RolePolicy::replication',
      'harbor-fleet:aws:PodRole::replication',
    ]);
    const role = recording.find('replication', 'aws:iam/role:Role').inputs;
    expect(role).toMatchObject({ permissionsBoundary: ROLE, tags: { team: 'registry' } });
    expect(json(role.assumeRolePolicy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'pods.eks.amazonaws.com' },
          Action: ['sts:AssumeRole', 'sts:TagSession'],
        },
      ],
    });
    expect(recording.find('replication', 'aws:iam/rolePolicy:RolePolicy').inputs).toEqual({
      role: 'replication-1a2b3c4',
      policy: '{"Version":"2012-10-17"}',
    });
    expect(recording.find('replication-1').inputs).toEqual({
      clusterName: 'virginia',
      namespace: 'harbor',
      serviceAccount: 'harbor-jobservice',
      roleArn: ROLE,
      tags: { team: 'registry' },
    });
    expect(annotations).toEqual({});
  });

  it('trusts the cluster’s OIDC provider for these ServiceAccounts only, with IRSA', async () => {
    let annotation: unknown;
    const recording = await record(
      async () => {
        const role = make({ identity: PodIdentity.irsa({ oidcProviderArn: output(PROVIDER) }) });
        annotation = await known(output(role.serviceAccountAnnotations['eks.amazonaws.com/role-arn']));
      },
      { outputs: answers },
    );
    expect(recording.requests.filter(({ type }) => type.startsWith('aws:eks/'))).toEqual([]);
    expect(json(recording.find('replication', 'aws:iam/role:Role').inputs.assumeRolePolicy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Federated: PROVIDER },
          Action: 'sts:AssumeRoleWithWebIdentity',
          Condition: {
            StringEquals: {
              'oidc.eks.us-east-1.amazonaws.com/id/ABC:aud': 'sts.amazonaws.com',
              'oidc.eks.us-east-1.amazonaws.com/id/ABC:sub': [
                'system:serviceaccount:harbor:harbor-core',
                'system:serviceaccount:harbor:harbor-jobservice',
              ],
            },
          },
        },
      ],
    });
    expect(annotation).toBe(ROLE);
  });

  it('by IRSA makes core and jobservice of a Harbor who they are to AWS', async () => {
    const recording = await record(
      () => {
        const identity = PodIdentity.irsa({ oidcProviderArn: PROVIDER });
        const { serviceAccountAnnotations } = make({ identity });
        const storage = SharedStorage.nas({ storageClass: 'efs' });
        new Harbor('harbor', { domain: 'registry.example.com', storage, serviceAccountAnnotations });
      },
      { outputs: answers },
    );
    for (const component of ['core', 'jobservice']) {
      const { metadata, automountServiceAccountToken } = recording.find(
        `harbor/harbor/${component}/workload/account`,
      ).inputs;
      expect(metadata).toMatchObject({ annotations: { 'eks.amazonaws.com/role-arn': ROLE } });
      expect(automountServiceAccountToken).toBe(false);
    }
  });

  it('is previewed as far as it is known', async () => {
    const recording = await record(
      () => make({ policy: acmeDnsPolicy({ zoneArn: 'arn:aws:route53:::hostedzone/Z1', domains: ['a.example.com'] }) }),
      { preview: true },
    );
    expect(recording.find('replication-0').inputs).toMatchObject({ serviceAccount: 'harbor-core', roleArn: UNKNOWN });
    expect(recording.find('replication', 'aws:iam/rolePolicy:RolePolicy').inputs.policy).toContain('_acme-challenge');
  });

  it.each<[Record<string, unknown>, string]>([
    [{ identity: {} }, 'identity.type: is missing'],
    [{ identity: { type: 'keys' } }, 'identity.type: is not one of the choices'],
    [{ identity: { type: 'irsa', oidcProviderArn: 'https://oidc.eks' } }, 'identity.oidcProviderArn: is not valid'],
    [{ identity: { type: 'irsa' } }, 'identity.oidcProviderArn: is missing'],
    [{ identity: { type: 'eksPodIdentity', clusterName: '-' } }, 'identity.clusterName: is not valid'],
    [
      { identity: { type: 'eksPodIdentity', cluster: 'a', clusterName: 'a' } },
      'identity.cluster: is not a setting here',
    ],
    [{ namespace: 'Harbor' }, 'namespace: is not valid'],
    [{ serviceAccounts: [] }, 'serviceAccounts: is missing'],
    [{ serviceAccounts: ['harbor-core', '*'] }, 'serviceAccounts[1]: is not valid'],
    [{ policy: undefined }, 'policy: is missing'],
    [{ permissionsBoundary: 'bound' }, 'permissionsBoundary: is not valid'],
    [{ policies: [] }, 'policies: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`aws PodRole "replication".${mistake}`]);
  });
});
