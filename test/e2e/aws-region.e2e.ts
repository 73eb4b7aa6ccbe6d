import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubernetesObject } from '../../lib/testing';
import { Engine, type Stack } from './support/engine';
import { all, Moto } from './support/moto';
import { plainSecretsIn } from './support/plain-secrets';
import { Project } from './support/project';

const DOMAIN = 'registry.example.test';
const BUCKET = 'example-registry-virginia';

/**
 * A region on AWS as a user deploys it, by the real engine and the real AWS provider against moto's server. Edited for the test: the
 * cluster's objects are written to files, since no Harbor starts without a real database; so its Service has no address, and the
 * records lead to one of our own. Not seen here, since moto or the provider at hand lacks it: KMS, EFS, EKS, aliases of load balancers.
 */
describe('examples/aws-region by pulumi', () => {
  let moto: Moto;
  let engine: Engine;
  let project: Project;
  let stack: Stack;
  let manifests: string;
  let resources = 0;

  beforeAll(async () => {
    [moto, engine, project] = await Promise.all([Moto.start(), Engine.obtain(), Project.of('examples/aws-region')]);
    manifests = mkdtempSync(join(tmpdir(), 'harbor-fleet-manifests-'));
    project.edit('import { ClusterProvider, Exp', "import { Provider } from '@pulumi/kubernetes';\nimport { Exp");
    project.edit(
      "new ClusterProvider('virginia', { kubeconfig: config.requireSecret('kubeconfig') })",
      `new Provider('virginia', { renderYamlToDirectory: ${JSON.stringify(manifests)} })`,
    );
    project.edit('registry.endpoints.virginia?.address', "'203.0.113.7'");
    project.edit('DnsTarget.loadBalancer(loadBalancer)', 'DnsTarget.addresses({ ipv4: [loadBalancer] })');
    stack = await engine.stack(project.folder, 'dev', moto.env);
    const zone = await moto.request(
      'route53',
      'POST',
      '/2013-04-01/hostedzone',
      `<CreateHostedZoneRequest><Name>example.test</Name><CallerReference>test</CallerReference></CreateHostedZoneRequest>`,
    );
    const subnets = await moto.query('ec2', 'DescribeSubnets');
    const [group] = all(await moto.query('ec2', 'DescribeSecurityGroups'), 'groupId');
    const settings = {
      ...Moto.config,
      domain: DOMAIN,
      krakenImage: 'tools.example.test/kraken:v0.1.27',
      bucket: BUCKET,
      vpcId: all(subnets, 'vpcId')[0],
      'subnetIds[0]': all(subnets, 'subnetId')[0],
      'subnetIds[1]': all(subnets, 'subnetId')[1],
      nodeSecurityGroupId: group,
      protect: 'false', // to lift the protection later would take the provider more than a minute
      zoneId: /hostedzone\/([A-Z0-9]+)/.exec(zone)?.[1],
    };
    for (const [key, value] of Object.entries(settings))
      await stack.setConfig(key, value ?? '', { path: key.endsWith(']') });
    await stack.setConfig('kubeconfig', 'apiVersion: v1\nkind: Config\n', { secret: true });
  });

  afterAll(() => {
    moto?.stop();
    engine?.remove();
    project?.remove();
    if (manifests) rmSync(manifests, { recursive: true, force: true });
  });

  it('is previewed, and nothing is made', async () => {
    const { changes } = await stack.preview();
    expect(Object.keys(changes)).toEqual(['create']);
    resources = changes.create ?? 0;
    expect(resources).toBeGreaterThan(100);
    expect(await moto.request('s3', 'GET', '/')).not.toContain(BUCKET);
  });

  it('comes up', async () => {
    expect((await stack.up()).changes).toEqual({ create: resources });
  });

  it('hands Harbor what AWS made', async () => {
    const [instance = ''] = all(await moto.query('rds', 'DescribeDBInstances'), 'Address');
    const [cache = ''] = all(await moto.query('elasticache', 'DescribeReplicationGroups'), 'Address');
    const [user = ''] = all(await moto.query('iam', 'ListUsers'), 'UserName');
    const [accessKey = ''] = all(await moto.query('iam', 'ListAccessKeys', { UserName: user }), 'AccessKeyId');
    const core = JSON.stringify(object('Deployment', 'harbor-core'));
    expect(core).toContain(JSON.stringify({ name: 'POSTGRESQL_HOST', value: instance }));
    const registry = JSON.stringify(object('ConfigMap', 'harbor-registry'));
    expect(registry).toContain(`bucket: ${BUCKET}`);
    expect(registry).toContain('region: us-east-1');
    expect(registry).toContain(`addr: ${cache}:6379`);
    const made = resourcesOf(await stack.exportState({ showSecrets: true }));
    const secretOf = (type: string, name: string, output: string): string =>
      decrypted(made.find(({ urn }) => urn.endsWith(`${type}::${name}`))?.outputs?.[output]);
    const secrets = objects().flatMap(({ kind, data }) => (kind === 'Secret' ? Object.entries(data ?? {}) : []));
    const texts = secrets.map(([key, value]) => [key, Buffer.from(String(value), 'base64').toString('utf8')]);
    expect(texts).toEqual(
      expect.arrayContaining([
        ['REGISTRY_STORAGE_S3_ACCESSKEY', accessKey],
        ['REGISTRY_STORAGE_S3_SECRETKEY', secretOf('AccessKey', 'virginia-registry-1', 'secret')],
        ['password', secretOf('Instance', 'virginia', 'password')],
        ['REDIS_PASSWORD', secretOf('ReplicationGroup', 'virginia', 'authToken')],
      ]),
    );
  });

  it('asked AWS for what the components promise', async () => {
    await expectProtectedBucket();
    expect(await moto.request('s3', 'GET', `/${BUCKET}?versioning`)).toContain('Enabled');
    const database = await moto.query('rds', 'DescribeDBInstances');
    const promised = {
      MultiAZ: 'true',
      StorageEncrypted: 'true',
      BackupRetentionPeriod: '7',
      PubliclyAccessible: 'false',
    };
    expect(Object.fromEntries(Object.keys(promised).map((tag) => [tag, all(database, tag).join()]))).toEqual(promised);
    const cache = await moto.query('elasticache', 'DescribeReplicationGroups');
    expect(all(cache, 'CacheClusterId').length).toBeGreaterThanOrEqual(2);
    expect(all(cache, 'TransitEncryptionEnabled')).toEqual(['true']);
  });

  it('a second up changes nothing, and the state tells no secret of AWS', async () => {
    expect((await stack.up()).changes).toEqual({ same: resources });
    const state = await stack.exportState({ showSecrets: true });
    const secrets = Object.fromEntries(
      resourcesOf(state).flatMap(({ urn, type, outputs = {} }) =>
        Object.entries({
          'aws:iam/accessKey:AccessKey': 'secret',
          'random:index/randomPassword:RandomPassword': 'result',
        })
          .filter(([of]) => of === type)
          .map(([, output]) => [urn, decrypted(outputs[output])]),
      ),
    );
    expect(Object.keys(secrets).filter((urn) => urn.includes(':aws:'))).toHaveLength(3);
    // Manifests that are rendered hold secrets in plain, and the provider does not mark them: they are looked for elsewhere only.
    const other = ({ type }: Resource): boolean => !type.startsWith('kubernetes:');
    expect(plainSecretsIn(JSON.stringify(resourcesOf(state).filter(other)), secrets)).toEqual(Object.keys(secrets));
    expect(plainSecretsIn(JSON.stringify(resourcesOf(await stack.exportState()).filter(other)), secrets)).toEqual([]);
  });

  it('a changed setting shows as the very leaf it is, and a new key leaves the one before valid', async () => {
    project.edit("'203.0.113.7'", "'203.0.113.8'");
    project.edit(
      "{ bucket: config.require('bucket') }",
      "{ bucket: config.require('bucket'), access: BucketAccess.keys({ generation: 2 }) }",
    );
    project.edit('import {\n  DnsRecords', 'import {\n  BucketAccess,\n  DnsRecords');
    const { steps } = await stack.preview();
    const ofAws = steps.filter(({ type }) => type.startsWith('aws:'));
    expect(ofAws.map(({ op, type, name, diff }) => [op, type, name, ...diff]).sort()).toEqual([
      ['create', 'aws:iam/accessKey:AccessKey', 'virginia-registry-2'],
      ['create', 'aws:iam/user:User', 'virginia-registry-2'],
      ['create', 'aws:iam/userPolicy:UserPolicy', 'virginia-registry-2'],
      ['update', 'aws:route53/record:Record', 'registry-virginia/A', 'records[0]'],
    ]);
    await stack.up();
    const users = all(await moto.query('iam', 'ListUsers'), 'UserName');
    expect(users.map((user) => user.replace(/-[^-]+$/, '')).sort()).toEqual([
      'virginia-registry-1',
      'virginia-registry-2',
    ]);
    for (const UserName of users)
      expect(all(await moto.query('iam', 'ListAccessKeys', { UserName }), 'Status')).toEqual(['Active']);
  });

  it('a refresh finds no drift in AWS', async () => {
    const components = ['ObjectBucket', 'ManagedDatabase', 'ManagedCache', 'DnsRecords'];
    const targets = components.flatMap((name) => [
      '--target',
      `urn:pulumi:dev::aws-region::harbor-fleet:aws:${name}$**`,
    ]);
    const said = await stack.run(['refresh', '--yes', '--skip-preview', ...targets]);
    // moto does not tell which parameters of a group were set.
    expect([...said.matchAll(/~ +(\S+) \S+ updated/g)].map(([, type]) => type)).toEqual(['aws:rds:ParameterGroup']);
    expect(said).toMatch(/\d\d unchanged/);
  });

  it('destroy leaves the bucket with all that protects it, and a snapshot of the database', async () => {
    await stack.destroy();
    await expectProtectedBucket();
    expect(all(await moto.query('rds', 'DescribeDBSnapshots'), 'DBSnapshotIdentifier')).toContainEqual(
      expect.stringMatching(/^virginia-final-[0-9a-f]{8}$/),
    );
    expect(all(await moto.query('iam', 'ListUsers'), 'UserName')).toEqual([]);
    expect(all(await moto.query('rds', 'DescribeDBInstances'), 'DBInstanceIdentifier')).toEqual([]);
    expect(all(await moto.query('elasticache', 'DescribeReplicationGroups'), 'ReplicationGroupId')).toEqual([]);
  });

  const expectProtectedBucket = async (): Promise<void> => {
    expect(await moto.request('s3', 'GET', `/${BUCKET}?publicAccessBlock`)).toMatch(/(<\w+>true<\/\w+>\s*){4}/);
    expect(await moto.request('s3', 'GET', `/${BUCKET}?policy`)).toContain('aws:SecureTransport');
    expect(await moto.request('s3', 'GET', `/${BUCKET}?encryption`)).toContain('AES256');
  };

  const objects = (): readonly KubernetesObject[] =>
    readdirSync(manifests, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) => parseAllDocuments(readFileSync(join(manifests, file), 'utf8')))
      .map((document) => document.toJS() as KubernetesObject);

  const object = (kind: string, name: string): KubernetesObject => {
    const found = objects().find((one) => one.kind === kind && one.metadata.name === name);
    if (!found) throw new Error(`no ${kind} ${name}`);
    return found;
  };
});

interface Resource {
  readonly type: string;
  readonly urn: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const resourcesOf = (state: string): readonly Resource[] =>
  (JSON.parse(state) as { readonly deployment: { readonly resources: readonly Resource[] } }).deployment.resources;

/** A secret text of a state exported with secrets in plain. */
const decrypted = (value: unknown): string =>
  JSON.parse((value as { readonly plaintext?: string } | undefined)?.plaintext ?? '""') as string;
