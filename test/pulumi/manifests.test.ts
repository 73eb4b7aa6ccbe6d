import * as k8s from '@pulumi/kubernetes';
import * as pulumi from '@pulumi/pulumi';
import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { sha256, yaml } from '../../lib/k8s/text';
import { derive, Manifests, type ObjectOptions, plain } from '../../lib/pulumi/index';
import { known, type Recording, record, Secret, UNKNOWN } from './support/mocks';

class Late extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>;
  constructor(name: string) {
    super('test:index:Late', name, { value: undefined });
  }
}

const outputs = ({ type, name }: { readonly type: string; readonly name: string }) =>
  type === 'test:index:Late' ? { value: name === 'password' ? pulumi.secret('p: "1"') : 'bucket-1' } : undefined;

const base64 = (text: string): string => derive(text, (value) => Buffer.from(value).toString('base64'));

/** A configuration, a Secret and a workload that read late values in every form. */
function program(options: ObjectOptions = {}): Manifests<Construct> {
  const { bucket, password } = plain<{ bucket: string; password: string }>({
    bucket: new Late('bucket').value,
    password: new Late('password').value,
  });
  return new Manifests(
    'app',
    (chart) => {
      const group = new Construct(chart, 'group');
      const file = yaml({ password, bucket });
      new ApiObject(group, 'config', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'config', namespace: 'n' },
        data: { 'app.yaml': file, plain: 'x', bucket: `s3://${bucket}/`, key: 'y' },
      });
      new ApiObject(group, 'secret', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'secret', namespace: 'n', annotations: { 'helm.sh/resource-policy': 'keep' } },
        data: { b64: base64(password) },
        stringData: { dsn: `postgres://u:${password}@h`, user: 'u' },
      });
      new ApiObject(group, 'workload', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'w', namespace: 'n' },
        spec: {
          replicas: 2,
          template: {
            metadata: { annotations: { checksum: sha256(file) } },
            spec: {
              containers: [{ name: 'c', image: 'i', env: [{ name: 'BUCKET', value: bucket }] }],
              volumes: [{ name: 'v', configMap: { name: 'config' } }],
            },
          },
        },
      });
      new ApiObject(group, 'direct', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'direct', namespace: 'n', labels: { bucket: new Late('label').value as unknown as string } },
        data: { a: pulumi.output('direct') },
      });
      return group;
    },
    options,
  );
}

const data = (recording: Recording, name: string, field = 'data') =>
  recording.find(`app/group/${name}`).inputs[field] as Record<string, unknown>;

describe('manifests in a stack', () => {
  it('have the values in them, each secret leaf alone secret, through texts, base64 and hashes', async () => {
    const recording = await record(() => program(), { outputs });
    expect(data(recording, 'config')).toEqual({
      'app.yaml': new Secret(`password: 'p: "1"'\nbucket: bucket-1\n`),
      plain: 'x',
      bucket: 's3://bucket-1/',
      key: 'y',
    });
    expect(data(recording, 'secret')).toEqual({ b64: new Secret(Buffer.from('p: "1"').toString('base64')) });
    expect(data(recording, 'secret', 'stringData')).toEqual({
      dsn: new Secret('postgres://u:p: "1"@h'),
      user: new Secret('u'),
    });
    const spec = recording.find('app/group/workload').inputs.spec as {
      template: { metadata: { annotations: { checksum: unknown } } };
    };
    expect(spec.template.metadata.annotations.checksum).toBeInstanceOf(Secret);
  });

  it('hide in a preview only the leaf that is not known', async () => {
    const recording = await record(() => program(), { preview: true });
    expect(data(recording, 'config')).toMatchObject({ plain: 'x', bucket: UNKNOWN, key: 'y' });
    expect(data(recording, 'secret', 'stringData').user).toEqual(new Secret('u'));
    expect(recording.find('app/group/workload').inputs.spec).toMatchObject({
      replicas: 2,
      template: { spec: { containers: [{ name: 'c', image: 'i', env: [{ name: 'BUCKET', value: UNKNOWN }] }] } },
    });
  });

  it('depend on exactly what their values come from, and on what they name', async () => {
    const recording = await record(() => program(), { outputs });
    const [bucket, password] = ['bucket', 'password'].map((name) => recording.find(name).urn);
    const config = recording.find('app/group/config');
    expect(config.propertyDependencies.data?.toSorted()).toEqual([bucket, password].toSorted());
    expect(config.propertyDependencies.metadata).toEqual([]);
    expect(recording.find('app/group/secret').propertyDependencies.stringData).toEqual([password]);
    expect(recording.find('app/group/workload').dependencies).toContain(config.urn);
  });

  it('take Outputs that stand in an object as they are', async () => {
    const recording = await record(() => program(), { outputs });
    expect(data(recording, 'direct')).toEqual({ a: 'direct' });
    expect(data(recording, 'direct', 'metadata').labels).toEqual({ bucket: 'bucket-1' });
  });

  it('hand no late value to the engine', async () => {
    for (const preview of [true, false]) {
      const recording = await record(() => program(), { outputs, preview });
      expect(JSON.stringify(recording.requests)).not.toMatch(/late-value/i);
    }
  });

  it('stand below the component, with its provider, and are retained where they hold data', async () => {
    const recording = await record(() => {
      const provider = new k8s.Provider('cluster', { kubeconfig: 'x' });
      new Manifests(
        'app',
        (chart) => {
          const metadata = { name: 'a', labels: { 'harbor-fleet/keep': 'true' } };
          new ApiObject(chart, 'a', { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata });
        },
        { provider },
      );
    });
    expect(recording.find('app/a')).toMatchObject({
      type: 'kubernetes:core/v1:PersistentVolumeClaim',
      parent: recording.find('app').urn,
      provider: `${recording.find('cluster').urn}::cluster-id`,
      version: '4.25.0',
      retainOnDelete: true,
    });
    expect(recording.find('app/a').inputs.metadata).toMatchObject({
      name: 'a',
      annotations: { 'pulumi.com/skipAwait': 'true' },
    });
  });

  it('have the stack as the owner of their fields, but for Secrets that may outlive it', async () => {
    const recording = await record(() => program(), { outputs });
    const owner = { 'pulumi.com/patchFieldManager': 'pulumi/project/stack' };
    expect(data(recording, 'workload', 'metadata').annotations).toEqual(owner);
    expect(data(recording, 'secret', 'metadata').annotations).toEqual({ 'helm.sh/resource-policy': 'keep' });
  });

  it('take options for single objects', async () => {
    const recording = await record(
      () => program({ configure: () => ({ protect: true, ignoreChanges: ['metadata'], aliases: [{ name: 'old' }] }) }),
      { outputs },
    );
    const request = recording.find('app/group/config');
    expect(request).toMatchObject({ protect: true, ignoreChanges: ['metadata'], aliases: ['old'] });
    expect(recording.find('app/group/secret').retainOnDelete).toBe(true);
    expect(request.retainOnDelete).toBe(false);
  });

  it('let single objects be changed by what cdk8s offers', async () => {
    const configure = (object: ApiObject) => {
      if (object.kind === 'Deployment') object.metadata.addAnnotation('pulumi.com/patchForce', 'true');
      return undefined;
    };
    const recording = await record(() => program({ configure }), { outputs });
    expect(data(recording, 'workload', 'metadata').annotations).toMatchObject({ 'pulumi.com/patchForce': 'true' });
    expect(data(recording, 'config', 'metadata').annotations).not.toHaveProperty('pulumi.com/patchForce');
  });

  it('give access to live objects', async () => {
    const seen: unknown[] = [];
    await record(
      async () => {
        const manifests = program();
        const [config] = manifests.built.node.children.filter(({ node }) => node.id === 'workload');
        if (config === undefined) throw new Error('no workload');
        seen.push(await known(manifests.resource(config).metadata.apply(({ name }) => name)));
        expect(() => manifests.resource(manifests.built)).toThrow(/has 4 objects: ask for one of .*group\/config/);
        expect(() => manifests.resource(new Construct(manifests.built, 'other'))).toThrow('has no object of these');
      },
      { outputs },
    );
    expect(seen).toEqual(['w']);
  });

  it('refuse constructs that are not valid, all at once', async () => {
    const build = (): void => {
      new Manifests('app', (chart) => {
        chart.node.addValidation({ validate: () => ['no name', 'no port'] });
      });
    };
    await record(() => {
      expect(build).toThrow('the chart is not valid:\n- app: no name\n- app: no port');
    });
  });
});
