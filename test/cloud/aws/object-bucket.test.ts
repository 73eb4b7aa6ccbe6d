import { type Output, output, secret } from '@pulumi/pulumi';
import { BucketAccess, BucketEncryption, ObjectBucket, type ObjectBucketArgs } from '../../../lib/cloud/aws';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { readStorage } from '../../../lib/plan/storage';
import { type Recording, type RecordOptions, record, Secret, UNKNOWN } from '../../pulumi/support/mocks';
import { answers, deployed, json, mistaken, mistakes } from './fixtures';

const BUCKET = 'example-registry-virginia';
const ARN = 'arn:aws:s3:::virginia';
const KEY = 'arn:aws:kms:us-east-1:111122223333:key/ours';

const make = (args: Partial<ObjectBucketArgs> = {}) => new ObjectBucket('virginia', { bucket: BUCKET, ...args });

async function made(args: Partial<ObjectBucketArgs> = {}, options: RecordOptions = {}) {
  let storage: Record<string, unknown> = {};
  const recording = await record(
    async () => {
      const { storage: setting } = make(args);
      if (options.preview !== true) storage = await deployed(setting);
    },
    { outputs: answers, ...options },
  );
  return { recording, storage };
}

const ofBucket = ({ requests }: Recording) => requests.filter(({ type }) => type.startsWith('aws:s3/'));

describe('ObjectBucket', () => {
  it('is private, owned, encrypted, reached by TLS only, versioned and tidied up', async () => {
    const { recording } = await made({ tags: { team: 'registry' } });
    expect(recording.names()).toEqual([
      'aws:iam/accessKey:AccessKey::virginia-registry-1',
      'aws:iam/user:User::virginia-registry-1',
      'aws:iam/userPolicy:UserPolicy::virginia-registry-1',
      'aws:s3/bucket:Bucket::virginia',
      'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration::virginia-lifecycle',
      'aws:s3/bucketOwnershipControls:BucketOwnershipControls::virginia-owner',
      'aws:s3/bucketPolicy:BucketPolicy::virginia-tls',
      'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock::virginia-private',
      'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration::virginia-encryption',
      'aws:s3/bucketVersioning:BucketVersioning::virginia-versioning',
      'harbor-fleet:aws:ObjectBucket::virginia',
    ]);
    const inputs = (name: string) => recording.find(name).inputs;
    expect(recording.find('virginia', 'aws:s3/bucket:Bucket').inputs).toEqual({
      bucket: BUCKET,
      tags: { team: 'registry' },
    });
    expect(inputs('virginia-private')).toEqual({
      bucket: BUCKET,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    expect(inputs('virginia-owner')).toEqual({ bucket: BUCKET, rule: { objectOwnership: 'BucketOwnerEnforced' } });
    expect(inputs('virginia-encryption').rules).toEqual([
      { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } },
    ]);
    expect(inputs('virginia-versioning').versioningConfiguration).toEqual({ status: 'Enabled' });
    expect(json(inputs('virginia-tls').policy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:*',
          Resource: [ARN, `${ARN}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    });
    expect(inputs('virginia-lifecycle').rules).toEqual([
      expect.objectContaining({ id: 'incomplete-uploads', abortIncompleteMultipartUpload: { daysAfterInitiation: 7 } }),
      expect.objectContaining({
        id: 'noncurrent-versions',
        noncurrentVersionExpiration: { noncurrentDays: 7 },
        expiration: { expiredObjectDeleteMarker: true },
      }),
    ]);
  });

  it('stays in AWS with all that protects it; who may use it does not', async () => {
    const { recording } = await made({ encryption: BucketEncryption.kms() });
    const kept = recording.requests.filter(({ retainOnDelete }) => retainOnDelete).map(({ name }) => name);
    expect(kept.sort()).toEqual([...ofBucket(recording).map(({ name }) => name), 'virginia-key'].sort());
    for (const { inputs } of recording.requests) expect(inputs).not.toHaveProperty('forceDestroy');
  });

  it('can be given up', async () => {
    const { recording } = await made({ retainOnDelete: false, encryption: BucketEncryption.kms() });
    expect(recording.requests.filter(({ retainOnDelete }) => retainOnDelete)).toEqual([]);
  });

  it('gives Harbor a key that may do what its registry does, and no more', async () => {
    const { recording, storage } = await made({
      access: BucketAccess.keys({ permissionsBoundary: output('arn:aws:iam::111122223333:policy/bound') }),
    });
    const find = (type: string) => recording.find('virginia-registry-1', `aws:iam/${type}`);
    expect(find('user:User').inputs).toEqual({ permissionsBoundary: 'arn:aws:iam::111122223333:policy/bound' });
    const policy = find('userPolicy:UserPolicy');
    expect(policy.inputs.user).toBe('virginia-registry-1-1a2b3c4');
    expect(json(policy.inputs.policy)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'],
          Resource: ARN,
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
          Resource: `${ARN}/*`,
        },
      ],
    });
    const key = find('accessKey:AccessKey');
    expect(key.dependencies).toContain(policy.urn);
    expect(key.additionalSecretOutputs).toContain('secret');
    expect(storage).toEqual({
      type: 's3',
      bucket: BUCKET,
      region: 'us-east-1',
      accessKeyId: 'virginia-registry-1-id',
      secretAccessKey: 'secret of virginia-registry-1',
    });
  });

  it('is a setting that Harbor’s plan takes', async () => {
    const issues = new Issues();
    await record(() =>
      readStorage(new Reader({ storage: make({ rootDirectory: '/harbor' }).storage }, '', issues), 'storage', 'harbor'),
    );
    expect(issues.all).toEqual([]);
  });

  it('keeps the secret key secret in the setting', async () => {
    const { storage } = await made({}, { outputs: hidden });
    expect(storage.secretAccessKey).toEqual(new Secret('hidden'));
  });

  it.each([
    ['/harbor', '/harbor/*'],
    ['/harbor/', '/harbor/*'],
    ['/', '/*'],
  ])('limits access to the folder %p, also when it is known late', async (rootDirectory, objects) => {
    for (const given of [rootDirectory, output(rootDirectory)]) {
      const { recording, storage } = await made({ rootDirectory: given });
      const { policy } = recording.find('virginia-registry-1', 'aws:iam/userPolicy:UserPolicy').inputs;
      expect(json(policy)).toMatchObject({ Statement: [{}, { Resource: `${ARN}${objects}` }] });
      expect(storage.rootDirectory).toBe(rootDirectory);
    }
  });

  it.each([
    [BucketAccess.keys({ generation: 3 }), [2, 3]],
    [BucketAccess.keys({ generation: 3, keepPrevious: false }), [3]],
  ])('rotates by a user for each generation: %p', async (access, generations) => {
    const { recording, storage } = await made({ access });
    const users = recording.requests.filter(({ type }) => type === 'aws:iam/user:User').map(({ name }) => name);
    expect(users).toEqual(generations.map((generation) => `virginia-registry-${generation}`));
    expect(storage.accessKeyId).toBe('virginia-registry-3-id');
  });

  it('lets the nodes’ role use it instead', async () => {
    const { recording, storage } = await made({ access: BucketAccess.nodeRole({ roleName: 'nodes' }) });
    expect(recording.requests.filter(({ type }) => type.startsWith('aws:iam/')).map(({ type }) => type)).toEqual([
      'aws:iam/rolePolicy:RolePolicy',
    ]);
    const { inputs } = recording.find('virginia-registry');
    expect(inputs.role).toBe('nodes');
    expect(json(inputs.policy)).toMatchObject({ Statement: [{ Resource: ARN }, { Resource: `${ARN}/*` }] });
    expect(storage).toEqual({ type: 's3', bucket: BUCKET, region: 'us-east-1' });
  });

  it.each([
    [BucketAccess.existingSecret({ name: 'bucket' }), { credentialsSecret: 'bucket' }],
    [BucketAccess.none(), {}],
  ])('makes no identity with %p', async (access, setting) => {
    const { recording, storage } = await made({ access });
    expect(recording.requests.filter(({ type }) => type.startsWith('aws:iam/'))).toEqual([]);
    expect(storage).toEqual({ type: 's3', bucket: BUCKET, region: 'us-east-1', ...setting });
  });

  it('makes a key of KMS when asked, which rotates and which access covers', async () => {
    const { recording } = await made({ encryption: BucketEncryption.kms() });
    const arn = 'arn:aws:kms:us-east-1:111122223333:key/virginia-key';
    expect(recording.find('virginia-key').inputs).toMatchObject({ enableKeyRotation: true });
    expect(recording.find('virginia-encryption').inputs.rules).toEqual([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: arn },
        bucketKeyEnabled: true,
      },
    ]);
    const { policy } = recording.find('virginia-registry-1', 'aws:iam/userPolicy:UserPolicy').inputs;
    expect(json(policy)).toMatchObject({
      Statement: [{}, {}, { Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: arn }],
    });
  });

  it('takes a key of KMS that exists', async () => {
    const { recording } = await made({ encryption: BucketEncryption.kms({ keyArn: KEY }) });
    expect(recording.requests.filter(({ type }) => type === 'aws:kms/key:Key')).toEqual([]);
    expect(recording.find('virginia-encryption').inputs).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { kmsMasterKeyId: KEY } }],
    });
  });

  it('can forgo versions', async () => {
    const { recording } = await made({
      versioning: false,
      lifecycle: { incompleteUploadDays: 2, noncurrentDays: 3 },
    });
    expect(recording.find('virginia-versioning').inputs.versioningConfiguration).toEqual({ status: 'Suspended' });
    expect(recording.find('virginia-lifecycle').inputs.rules).toMatchObject([
      { abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } },
      { noncurrentVersionExpiration: { noncurrentDays: 3 } },
    ]);
  });

  it('copies everything to another bucket, as a role that may do nothing else', async () => {
    const recording = await record(
      () => {
        const destination = new ObjectBucket('ireland', { bucket: 'other', access: BucketAccess.none() });
        make({ replication: { destination } });
      },
      { outputs: answers },
    );
    const config = recording.find('virginia-replication', 'aws:s3/bucketReplicationConfig:BucketReplicationConfig');
    expect(config.inputs).toEqual({
      bucket: BUCKET,
      role: 'arn:aws:iam::111122223333:role/virginia-replication',
      rules: [
        {
          id: 'all',
          status: 'Enabled',
          priority: 0,
          filter: {},
          deleteMarkerReplication: { status: 'Enabled' },
          destination: { bucket: 'arn:aws:s3:::ireland' },
        },
      ],
    });
    expect(config.retainOnDelete).toBe(false);
    expect(config.dependencies).toContain(recording.find('virginia-versioning').urn);
    const policy = recording.find('virginia-replication', 'aws:iam/rolePolicy:RolePolicy');
    expect(config.dependencies).toContain(policy.urn);
    // S3 copies only to a bucket that is versioned already.
    expect(config.propertyDependencies.rules).toContain(recording.find('ireland-versioning').urn);
    expect(json(policy.inputs.policy)).toMatchObject({
      Statement: [
        { Resource: ARN },
        { Resource: `${ARN}/*` },
        {
          Action: ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'],
          Resource: 'arn:aws:s3:::ireland/*',
        },
      ],
    });
    expect(recording.find('virginia-replication', 'aws:iam/role:Role').inputs.assumeRolePolicy).toContain(
      '"Service":"s3.amazonaws.com"',
    );
  });

  it('copies both ways: neither waits for the copies of the other', async () => {
    const recording = await record(
      () => {
        const late: { arn?: (arn: Output<string>) => void } = {};
        const arn = output(new Promise<Output<string>>((resolve) => Object.assign(late, { arn: resolve })));
        const access = BucketAccess.none();
        const ireland = new ObjectBucket('ireland', { bucket: 'other', access, replication: { destination: { arn } } });
        late.arn?.(make({ replication: { destination: ireland } }).arn);
      },
      { outputs: answers },
    );
    for (const [from, to] of [
      ['virginia', 'ireland'],
      ['ireland', 'virginia'],
    ]) {
      const { inputs, dependencies } = recording.find(
        `${from}-replication`,
        'aws:s3/bucketReplicationConfig:BucketReplicationConfig',
      );
      expect(inputs).toMatchObject({ rules: [{ destination: { bucket: `arn:aws:s3:::${to}` } }] });
      expect(dependencies).toEqual(
        expect.arrayContaining([`${from}-versioning`, `${to}-versioning`].map((name) => recording.find(name).urn)),
      );
    }
  });

  it('copies what is encrypted with KMS from one key to the other, as a role that exists', async () => {
    const { recording } = await made({
      encryption: BucketEncryption.kms({ keyArn: KEY }),
      replication: {
        destination: { arn: 'arn:aws:s3:::other', kmsKeyArn: `${KEY}-2` },
        roleArn: 'arn:aws:iam::111122223333:role/copier',
      },
    });
    expect(recording.find('virginia-replication').inputs).toMatchObject({
      role: 'arn:aws:iam::111122223333:role/copier',
      rules: [
        {
          destination: { bucket: 'arn:aws:s3:::other', encryptionConfiguration: { replicaKmsKeyId: `${KEY}-2` } },
          sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
        },
      ],
    });
  });

  it('lets the role it makes use both keys', async () => {
    const { recording } = await made({
      encryption: BucketEncryption.kms({ keyArn: KEY }),
      replication: { destination: { arn: 'arn:aws:s3:::other', kmsKeyArn: `${KEY}-2` }, permissionsBoundary: KEY },
    });
    expect(recording.find('virginia-replication', 'aws:iam/role:Role').inputs.permissionsBoundary).toBe(KEY);
    expect(json(recording.find('virginia-replication', 'aws:iam/rolePolicy:RolePolicy').inputs.policy)).toMatchObject({
      Statement: [{}, {}, {}, { Action: ['kms:Decrypt'], Resource: KEY }, { Resource: `${KEY}-2` }],
    });
  });

  it('changes nothing of a bucket that exists, and gives access to it', async () => {
    const { recording, storage } = await made(
      { existing: true, encryption: BucketEncryption.kms({ keyArn: KEY }) },
      { outputs: answers, calls: () => ({ arn: 'arn:aws:s3:::found', bucketRegion: 'eu-west-1' }) },
    );
    expect(ofBucket(recording)).toEqual([]);
    const { policy } = recording.find('virginia-registry-1', 'aws:iam/userPolicy:UserPolicy').inputs;
    expect(json(policy)).toMatchObject({ Statement: [{ Resource: 'arn:aws:s3:::found' }, {}, { Resource: KEY }] });
    expect(storage).toMatchObject({ bucket: BUCKET, region: 'eu-west-1', accessKeyId: 'virginia-registry-1-id' });
  });

  it('makes a gateway endpoint only when asked', async () => {
    const { recording } = await made({ gatewayEndpoint: { vpcId: 'vpc-0a', routeTableIds: ['rtb-0a', 'rtb-0b'] } });
    expect(recording.find('virginia-s3').inputs).toEqual({
      vpcId: 'vpc-0a',
      serviceName: 'com.amazonaws.us-east-1.s3',
      vpcEndpointType: 'Gateway',
      routeTableIds: ['rtb-0a', 'rtb-0b'],
    });
  });

  it('has all resources below it, and protects them with it, but for keys, which come and go', async () => {
    const recording = await record(() => new ObjectBucket('virginia', { bucket: BUCKET }, { protect: true }), {
      outputs: answers,
    });
    const { urn } = recording.find('virginia', 'harbor-fleet:aws:ObjectBucket');
    for (const { parent, protect, type } of recording.requests.filter(({ custom }) => custom)) {
      expect([type, parent, protect]).toEqual([type, urn, !type.startsWith('aws:iam/')]);
    }
  });

  it('is previewed as far as it is known', async () => {
    const { recording } = await made({ encryption: BucketEncryption.kms() }, { preview: true });
    expect(recording.find('virginia-private').inputs).toMatchObject({ bucket: BUCKET, blockPublicAcls: true });
    expect(recording.find('virginia-tls').inputs).toEqual({ bucket: BUCKET, policy: UNKNOWN });
    expect(recording.find('virginia-encryption').inputs).toMatchObject({
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: UNKNOWN } }],
    });
  });
});

const hidden: RecordOptions['outputs'] = (args) =>
  args.type === 'aws:iam/accessKey:AccessKey' ? { secret: secret('hidden') } : answers?.(args);

describe('mistakes of an ObjectBucket', () => {
  it.each<[Record<string, unknown>, string]>([
    [{ bucket: 'Upper' }, 'bucket: is not valid'],
    [{ bucket: 'with.dots' }, 'bucket: is not valid'],
    [{ bucket: 'a'.repeat(64) }, 'bucket: is too long (64 characters)'],
    [{ bucket: undefined }, 'bucket: is missing'],
    [{ buckt: 'x' }, 'buckt: is not a setting here'],
    [{ rootDirectory: 'harbor' }, 'rootDirectory: is not valid'],
    [{ lifecycle: { noncurrentDays: 0 } }, 'lifecycle.noncurrentDays: is out of range'],
    [{ lifecycle: { incompleteUploadDays: 1.5 } }, 'lifecycle.incompleteUploadDays: is out of range'],
    [{ lifecycle: { days: 1 } }, 'lifecycle.days: is not a setting here'],
    [{ encryption: { type: 'sse' } }, 'encryption.type: is not one of the choices'],
    [{ encryption: {} }, 'encryption.type: is missing'],
    [{ encryption: { type: 's3', keyArn: KEY } }, 'encryption.keyArn: is not a setting here'],
    [{ encryption: { type: 'kms', keyArn: 'alias/ours' } }, 'encryption.keyArn: is not valid'],
    [{ access: { type: 'role' } }, 'access.type: is not one of the choices'],
    [{ access: {} }, 'access.type: is missing'],
    [{ access: { type: 'keys', generation: 0 } }, 'access.generation: is out of range'],
    [{ access: { type: 'keys', permissionsBoundary: 'x' } }, 'access.permissionsBoundary: is not valid'],
    [{ access: { type: 'keys', roleName: 'x' } }, 'access.roleName: is not a setting here'],
    [{ access: { type: 'nodeRole', roleName: 'arn:aws:iam::1:role/nodes' } }, 'access.roleName: is not valid'],
    [{ access: { type: 'existingSecret', name: 'Not_A_Name' } }, 'access.name: is not valid'],
    [{ access: { type: 'none', name: 'x' } }, 'access.name: is not a setting here'],
    [{ replication: { destination: { arn: 'other' } } }, 'replication.destination.arn: is not valid'],
    [{ replication: { destination: {} } }, 'replication.destination.arn: is missing'],
    [
      { encryption: { type: 'kms' }, replication: { destination: { arn: ARN } } },
      'replication.destination.kmsKeyArn: is missing',
    ],
    [{ versioning: false, replication: { destination: { arn: ARN } } }, 'versioning: is needed by replication'],
    [
      { replication: { destination: { arn: ARN }, roleArn: KEY, permissionsBoundary: KEY } },
      'replication.permissionsBoundary: is not used with a role that exists',
    ],
    [{ gatewayEndpoint: { vpcId: 'vpc-0a', routeTableIds: [] } }, 'gatewayEndpoint.routeTableIds: is missing'],
    [{ gatewayEndpoint: { vpcId: 'a', routeTableIds: ['rtb-0a'] } }, 'gatewayEndpoint.vpcId: is not valid'],
    [{ gatewayEndpoint: { vpcId: 'vpc-0a', routeTableIds: ['a'] } }, 'gatewayEndpoint.routeTableIds[0]: is not valid'],
    [{ existing: true, versioning: true }, 'versioning: is not changed on a bucket that exists'],
    [{ existing: true, lifecycle: {} }, 'lifecycle: is not changed on a bucket that exists'],
    [{ existing: true, retainOnDelete: false }, 'retainOnDelete: is not changed on a bucket that exists'],
    [{ existing: true, encryption: { type: 'kms' } }, 'encryption.keyArn: is missing'],
    [
      { existing: true, replication: { destination: { arn: ARN } } },
      'replication: is not changed on a bucket that exists',
    ],
    [{ tags: { a: 1 } }, 'tags: is not a map of texts'],
  ])('%p', async (args, mistake) => {
    expect(await mistaken(() => make(args as Partial<ObjectBucketArgs>))).toEqual([
      `aws ObjectBucket "virginia".${mistake}`,
    ]);
  });

  it('are told all at once', async () => {
    const args = { bucket: 'B', lifecycle: { noncurrentDays: -1 }, access: { type: 'keys' as const, generation: 0 } };
    expect(await mistaken(() => make(args))).toHaveLength(3);
  });

  it.each(['irsa', 'podIdentity'])('of %s say why and what to do', async (type) => {
    const access = { type } as unknown as ObjectBucketArgs['access'];
    expect(await mistakes(() => make({ access }))).toEqual([
      `- aws ObjectBucket "virginia".access.type: does not work with Harbor’s registry, whose AWS SDK knows static keys and the role of the node only
    given:   "${type}"
    allowed: keys, nodeRole, existingSecret, none
    fix:     use BucketAccess.keys(), or keep the images on a NasFileSystem, which needs no key`,
    ]);
  });

  it('does not judge what is known late', async () => {
    const late = output('x');
    expect(
      await mistaken(() =>
        make({ bucket: late, rootDirectory: late, encryption: BucketEncryption.kms({ keyArn: late }) }),
      ),
    ).toEqual([]);
  });
});
