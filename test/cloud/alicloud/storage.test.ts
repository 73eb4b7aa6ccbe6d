import { output } from '@pulumi/pulumi';
import {
  loadBalancerAnnotations,
  ManagedCache,
  ManagedDatabase,
  NasFileSystem,
  ObjectBucket,
  type ObjectBucketArgs,
} from '../../../lib/cloud/alicloud';
import { readCache } from '../../../lib/plan/cache';
import { readDatabase } from '../../../lib/plan/database';
import { Issues, PlanError } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { readStorage } from '../../../lib/plan/storage';
import { type RecordOptions, record, Secret } from '../../pulumi/support/mocks';
import { deployed, json, mistaken } from '../aws/fixtures';

const ACCESS = { vpcId: 'vpc-bp1a', vswitchId: 'vsw-bp1a', zoneId: 'cn-hangzhou-h', clientCidrs: ['10.1.0.0/16'] };
const STANDBY = { standbyZoneId: 'cn-hangzhou-i', standbyVswitchId: 'vsw-bp1b' };
const BUCKET: ObjectBucketArgs = { bucket: 'example-registry', region: 'cn-hangzhou', rootDirectory: '/harbor' };
const outputs: RecordOptions['outputs'] = ({ type, name }) => {
  switch (type) {
    case 'alicloud:ram/accessKey:AccessKey':
      return { secret: `secret of ${name}` };
    case 'alicloud:nas/mountTarget:MountTarget':
      return { mountTargetDomain: `${name}.nas.example.test` };
    case 'alicloud:rds/instance:Instance':
      return { connectionString: `${name}.rds.example.test` };
    case 'alicloud:kvstore/instance:Instance':
      return { connectionDomain: `${name}.redis.example.test` };
    default:
      return undefined;
  }
};

/** A component's setting as Harbor's plan takes it, without a mistake. */
async function settingOf(
  make: () => object,
  read: (reader: Reader) => unknown,
): Promise<{ readonly recording: Awaited<ReturnType<typeof record>>; readonly setting: Record<string, unknown> }> {
  const issues = new Issues();
  let setting = {};
  const recording = await record(
    async () => {
      const given = make();
      read(new Reader({ given }, '', issues));
      setting = await deployed(given);
    },
    { outputs },
  );
  expect(issues.all).toEqual([]);
  return { recording, setting };
}
const site = { size: 'large', instance: 'harbor', namespace: 'harbor' } as const;

describe('ObjectBucket of Alibaba Cloud', () => {
  const bucket = () =>
    settingOf(
      () => new ObjectBucket('hangzhou', BUCKET).storage,
      (reader) => readStorage(reader, 'given', site as never),
    );

  it('is private, encrypted, versioned, and reached by TLS only', async () => {
    const { recording } = await bucket();
    const made = recording.find('hangzhou', 'alicloud:oss/bucket:Bucket');
    expect(made.inputs).toMatchObject({
      bucket: 'example-registry',
      redundancyType: 'ZRS',
      versioning: { status: 'Enabled' },
      serverSideEncryptionRule: { sseAlgorithm: 'AES256' },
    });
    expect(made.inputs.lifecycleRules).toMatchObject([
      { id: 'incomplete-uploads', abortMultipartUploads: [{ days: 7 }] },
      { id: 'noncurrent-versions', noncurrentVersionExpirations: [{ days: 7 }] },
    ]);
    const kept = ['hangzhou-private', 'hangzhou-block', 'hangzhou-tls'].map((name) => recording.find(name));
    expect([made, ...kept].map(({ retainOnDelete }) => retainOnDelete)).toEqual([true, true, true, true]);
    expect(recording.find('hangzhou-block').inputs).toMatchObject({ blockPublicAccess: true });
    expect(json(recording.find('hangzhou-tls').inputs.policy)).toMatchObject({
      Statement: [{ Effect: 'Deny', Condition: { Bool: { 'acs:SecureTransport': ['false'] } } }],
    });
  });

  it('has the key of a user that may do no more than the registry’s driver does in its folder', async () => {
    const { recording, setting } = await bucket();
    const policy = recording.find('hangzhou-registry-1', 'alicloud:ram/policy:Policy');
    expect(json(policy.inputs.policyDocument)).toMatchObject({
      Statement: [
        { Action: ['oss:ListObjects', 'oss:ListMultipartUploads', 'oss:GetBucketLocation'] },
        { Resource: ['acs:oss:*:*:example-registry/harbor/*'] },
      ],
    });
    const key = recording.find('hangzhou-registry-1', 'alicloud:ram/accessKey:AccessKey');
    expect(key.additionalSecretOutputs).toContain('secret');
    expect(setting).toEqual({
      type: 'oss',
      bucket: 'example-registry',
      region: 'oss-cn-hangzhou',
      rootDirectory: '/harbor',
      accessKeyId: 'hangzhou-registry-1-id',
      accessKeySecret: new Secret('secret of hangzhou-registry-1'),
    });
  });

  it.each([false, true])(
    'lets the registry use the key that encrypts it, and no other (existing: %s)',
    async (existing) => {
      const recording = await record(
        () => new ObjectBucket('hangzhou', { ...BUCKET, existing, kmsKeyId: 'key-hzz1a', keyGeneration: 2 }),
        { outputs },
      );
      for (const name of ['hangzhou-registry-1', 'hangzhou-registry-2']) {
        const policy = recording.find(name, 'alicloud:ram/policy:Policy');
        const { Statement } = json(policy.inputs.policyDocument) as { Statement: unknown[] };
        expect(Statement).toHaveLength(3);
        expect(Statement).toContainEqual({
          Effect: 'Allow',
          Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
          Resource: ['acs:kms:*:*:key/key-hzz1a'],
        });
      }
      const rules = recording.requests.flatMap(({ type, inputs }) =>
        type === 'alicloud:oss/bucket:Bucket' ? [inputs.serverSideEncryptionRule] : [],
      );
      expect(rules).toEqual(existing ? [] : [{ sseAlgorithm: 'KMS', kmsMasterKeyId: 'key-hzz1a' }]);
    },
  );

  it('gives no right on any key when OSS encrypts with its own', async () => {
    const { recording } = await bucket();
    const policy = recording.find('hangzhou-registry-1', 'alicloud:ram/policy:Policy');
    expect(JSON.stringify(json(policy.inputs.policyDocument))).not.toContain('kms');
  });

  it('keeps the key before the newest, and leaves a bucket alone that exists', async () => {
    const recording = await record(
      () => new ObjectBucket('hangzhou', { ...BUCKET, existing: true, keyGeneration: 3 }),
      {
        outputs,
      },
    );
    expect(recording.names().filter((name) => name.includes('accessKey'))).toEqual([
      'alicloud:ram/accessKey:AccessKey::hangzhou-registry-2',
      'alicloud:ram/accessKey:AccessKey::hangzhou-registry-3',
    ]);
    expect(recording.names().filter((name) => name.includes('oss/'))).toEqual([]);
  });

  it.each<[Partial<ObjectBucketArgs>, string]>([
    [{ bucket: 'Example' }, 'alicloud ObjectBucket "hangzhou".bucket: is not valid'],
    [{ region: 'oss_cn' }, 'alicloud ObjectBucket "hangzhou".region: is not valid'],
    [
      { existing: true, versioning: false },
      'alicloud ObjectBucket "hangzhou".versioning: has no meaning for a bucket that exists',
    ],
    [{ noncurrentDays: 0 }, 'alicloud ObjectBucket "hangzhou".noncurrentDays: is out of range'],
    [{ kmsKeyId: 'acs:kms:cn-hangzhou:1:key/a' }, 'alicloud ObjectBucket "hangzhou".kmsKeyId: is not valid'],
    [{ kmsKeyId: '*' }, 'alicloud ObjectBucket "hangzhou".kmsKeyId: is not valid'],
  ])('is told about %j', async (change, expected) => {
    expect(await mistaken(() => new ObjectBucket('hangzhou', { ...BUCKET, ...change }))).toEqual([expected]);
  });
});

describe('NasFileSystem of Alibaba Cloud', () => {
  it('is encrypted, and mounted by the clients named only', async () => {
    const { recording, setting } = await settingOf(
      () => new NasFileSystem('hangzhou', { ...ACCESS, clientCidrs: ['10.1.0.0/17', '10.1.128.0/17'] }).storage,
      (reader) => readStorage(reader, 'given', site as never),
    );
    expect(recording.find('hangzhou', 'alicloud:nas/fileSystem:FileSystem')).toMatchObject({
      retainOnDelete: true,
      inputs: { protocolType: 'NFS', storageType: 'Performance', encryptType: 1, zoneId: 'cn-hangzhou-h' },
    });
    expect([0, 1].map((i) => recording.find(`hangzhou-${i}`).inputs.sourceCidrIp)).toEqual([
      '10.1.0.0/17',
      '10.1.128.0/17',
    ]);
    expect(setting).toEqual({
      type: 'nas',
      driver: 'alibabaCloud',
      server: 'hangzhou.nas.example.test',
      path: '/harbor',
    });
  });

  it('lets not everyone in', async () => {
    expect(await mistaken(() => new NasFileSystem('hangzhou', { ...ACCESS, clientCidrs: ['0.0.0.0/0'] }))).toEqual([
      'alicloud NasFileSystem "hangzhou".clientCidrs[0]: lets everyone in',
    ]);
    expect(await mistaken(() => new NasFileSystem('hangzhou', { ...ACCESS, clientCidrs: [] }))).toEqual([
      'alicloud NasFileSystem "hangzhou".clientCidrs: names nobody',
    ]);
  });
});

describe('ManagedDatabase of Alibaba Cloud', () => {
  it('has a standby, TLS, a user and a database of its own', async () => {
    const { recording, setting } = await settingOf(
      () => new ManagedDatabase('hangzhou', { ...ACCESS, ...STANDBY, size: '40Gi' }).database,
      (reader) => readDatabase(reader, 'given', site as never),
    );
    expect(recording.find('hangzhou', 'alicloud:rds/instance:Instance').inputs).toMatchObject({
      engine: 'PostgreSQL',
      engineVersion: '15.0',
      collectStatMode: 'Before',
      category: 'HighAvailability',
      instanceStorage: 40,
      storageUpperBound: 100,
      zoneId: 'cn-hangzhou-h',
      zoneIdSlaveA: 'cn-hangzhou-i',
      vswitchId: 'vsw-bp1a,vsw-bp1b',
      securityIps: ['10.1.0.0/16'],
      sslAction: 'Open',
      deletionProtection: true,
    });
    const account = recording.find('hangzhou', 'alicloud:rds/account:Account');
    expect(account.inputs.accountPassword).toEqual(new Secret('password of hangzhou-password'));
    expect(setting).toEqual({
      type: 'external',
      host: 'hangzhou.rds.example.test',
      name: 'registry',
      username: 'harbor',
      password: new Secret('password of hangzhou-password'),
      sslMode: 'require',
      maxConnections: 400,
    });
  });

  it('has both in one zone and vSwitch without a zone for the standby', async () => {
    const recording = await record(() => new ManagedDatabase('hangzhou', ACCESS), { outputs });
    expect(recording.find('hangzhou', 'alicloud:rds/instance:Instance').inputs).toMatchObject({
      zoneId: 'cn-hangzhou-h',
      zoneIdSlaveA: 'cn-hangzhou-h',
      vswitchId: 'vsw-bp1a',
    });
  });

  it('takes a vSwitch for the standby that is known only when deployed', async () => {
    const standby = { ...STANDBY, standbyVswitchId: output('vsw-late') };
    const recording = await record(() => new ManagedDatabase('hangzhou', { ...ACCESS, ...standby }), { outputs });
    const { inputs } = recording.find('hangzhou', 'alicloud:rds/instance:Instance');
    expect(inputs.vswitchId).toBe('vsw-bp1a,vsw-late');
  });

  it.each([true, false])(
    'is replaced by an empty one only without protection (deletionProtection: %s)',
    async (given) => {
      const args = { ...ACCESS, deletionProtection: given };
      const recording = await record(() => new ManagedDatabase('hangzhou', args), { outputs });
      expect(recording.find('hangzhou', 'alicloud:rds/instance:Instance').protect).toBe(given);
    },
  );

  it.each<[Partial<typeof STANDBY>, string]>([
    [{ standbyZoneId: STANDBY.standbyZoneId }, 'alicloud ManagedDatabase "hangzhou".standbyVswitchId: is missing'],
    [{ standbyVswitchId: STANDBY.standbyVswitchId }, 'alicloud ManagedDatabase "hangzhou".standbyZoneId: is missing'],
    [{ ...STANDBY, standbyVswitchId: 'sw-1' }, 'alicloud ManagedDatabase "hangzhou".standbyVswitchId: is not valid'],
  ])('is told about %j', async (change, expected) => {
    expect(await mistaken(() => new ManagedDatabase('hangzhou', { ...ACCESS, ...change }))).toEqual([expected]);
  });

  it('asks how many connections an instance type has that is not known here', async () => {
    const other = { ...ACCESS, instanceType: 'pg.n4.4c.2m' as const };
    expect(await mistaken(() => new ManagedDatabase('hangzhou', other))).toEqual([
      'alicloud ManagedDatabase "hangzhou".maxConnections: is missing',
    ]);
    expect(await mistaken(() => new ManagedDatabase('hangzhou', { ...other, maxConnections: 800 }))).toEqual([]);
  });

  it('is told about sizes and names', async () => {
    const make = () => new ManagedDatabase('1st', { ...ACCESS, size: '200Gi', maxSize: '100Gi' });
    expect(await mistaken(make)).toEqual([
      'alicloud ManagedDatabase "1st": is not valid',
      'alicloud ManagedDatabase "1st".maxSize: is smaller than the disk to begin with',
    ]);
  });
});

describe('ManagedCache of Alibaba Cloud', () => {
  it('has a standby in another zone and a password', async () => {
    const { recording, setting } = await settingOf(
      () => new ManagedCache('hangzhou', { ...ACCESS, standbyZoneId: 'cn-hangzhou-i' }).cache,
      (reader) => readCache(reader, 'given', site),
    );
    expect(recording.find('hangzhou', 'alicloud:kvstore/instance:Instance').inputs).toMatchObject({
      instanceType: 'Redis',
      engineVersion: '7.0',
      vswitchId: 'vsw-bp1a',
      secondaryZoneId: 'cn-hangzhou-i',
      securityIps: ['10.1.0.0/16'],
      vpcAuthMode: 'Open',
      password: new Secret('password of hangzhou-password'),
    });
    expect(setting).toEqual({
      type: 'external',
      host: 'hangzhou.redis.example.test',
      password: new Secret('password of hangzhou-password'),
    });
  });
});

describe('loadBalancerAnnotations of Alibaba Cloud', () => {
  const PREFIX = 'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-';

  it('make one within the VPC, or take one over that exists', () => {
    expect(loadBalancerAnnotations({ addressType: 'intranet', vswitchId: 'vsw-bp1a' })).toEqual({
      [`${PREFIX}address-type`]: 'intranet',
      [`${PREFIX}vswitch-id`]: 'vsw-bp1a',
      [`${PREFIX}instance-charge-type`]: 'PayByCLCU',
    });
    expect(loadBalancerAnnotations({ addressType: 'internet', loadBalancerId: 'lb-bp1a' })).toEqual({
      [`${PREFIX}address-type`]: 'internet',
      [`${PREFIX}id`]: 'lb-bp1a',
      [`${PREFIX}force-override-listeners`]: 'true',
    });
  });

  it('are told about what does not fit', () => {
    expect(() => loadBalancerAnnotations({ addressType: 'internet', vswitchId: 'vsw-bp1a' })).toThrow(PlanError);
    expect(() => loadBalancerAnnotations({} as never)).toThrow('addressType: is missing');
  });
});
