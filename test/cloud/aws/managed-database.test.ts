import { ManagedDatabase, type ManagedDatabaseArgs } from '../../../lib/cloud/aws';
import { readDatabase } from '../../../lib/plan/database';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { type Recording, type RecordOptions, record, Secret, UNKNOWN } from '../../pulumi/support/mocks';
import { answers, deployed, mistaken, NETWORK } from './fixtures';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/ours';
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const make = (args: Partial<ManagedDatabaseArgs> = {}) => new ManagedDatabase('virginia', { ...NETWORK, ...args });
const outputs: RecordOptions['outputs'] = (args) =>
  args.type === 'random:index/randomId:RandomId' ? { hex: '0a1b2c3d' } : answers?.(args);
const instance = (recording: Recording) => recording.find('virginia', 'aws:rds/instance:Instance').inputs;

describe('ManagedDatabase', () => {
  it('is encrypted, highly available, backed up and protected', async () => {
    const recording = await record(() => make({ tags: { team: 'registry' }, kmsKeyArn: KEY }), { outputs });
    expect(recording.names()).toEqual([
      'aws:ec2/securityGroup:SecurityGroup::virginia-clients',
      'aws:rds/instance:Instance::virginia',
      'aws:rds/parameterGroup:ParameterGroup::virginia-18',
      'aws:rds/subnetGroup:SubnetGroup::virginia',
      'harbor-fleet:aws:ManagedDatabase::virginia',
      'random:index/randomId:RandomId::virginia-final',
      'random:index/randomPassword:RandomPassword::virginia-password',
    ]);
    expect(instance(recording)).toEqual({
      identifierPrefix: 'virginia-',
      engine: 'postgres',
      engineVersion: '18',
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: true,
      applyImmediately: true,
      instanceClass: 'db.t4g.medium',
      multiAz: true,
      storageType: 'gp3',
      allocatedStorage: 20,
      maxAllocatedStorage: 100,
      storageEncrypted: true,
      kmsKeyId: KEY,
      dbName: 'registry',
      username: 'postgres',
      password: new Secret('password of virginia-password'),
      dbSubnetGroupName: undefined,
      vpcSecurityGroupIds: ['virginia-clients-id'],
      parameterGroupName: undefined,
      publiclyAccessible: false,
      backupRetentionPeriod: 7,
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: false,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: 'virginia-final-0a1b2c3d',
      tags: { team: 'registry' },
    });
    expect(recording.find('virginia-18').inputs).toMatchObject({
      family: 'postgres18',
      parameters: [
        { name: 'rds.force_ssl', value: '1' },
        { name: 'max_connections', value: '405', applyMethod: 'pending-reboot' },
      ],
      tags: { team: 'registry' },
    });
    expect(recording.find('virginia-password').inputs).toMatchObject({ length: 32, special: false });
    expect(recording.find('virginia-clients').inputs.ingress).toMatchObject([{ fromPort: 5432, toPort: 5432 }]);
  });

  it('is a setting that Harbor’s plan takes', async () => {
    let setting = {};
    const issues = new Issues();
    await record(
      async () => {
        const { database } = make();
        readDatabase(new Reader({ database }, '', issues), 'database', {
          size: 'large',
          instance: 'harbor',
          namespace: 'harbor',
        });
        setting = await deployed(database);
      },
      { outputs },
    );
    expect(issues.all).toEqual([]);
    expect(setting).toEqual({
      type: 'external',
      host: 'virginia.rds.example.test',
      name: 'registry',
      username: 'postgres',
      password: new Secret('password of virginia-password'),
      sslMode: 'require',
      maxConnections: 405,
    });
  });

  it('is verified by Harbor when its CAs are given', async () => {
    let setting = {};
    await record(
      async () => {
        setting = await deployed(make({ ca: PEM }).database);
      },
      { outputs },
    );
    expect(setting).toMatchObject({ sslMode: 'verify-full', ca: PEM });
  });

  it('tells Harbor of as many connections as the server accepts', async () => {
    let setting = {};
    const recording = await record(
      async () => {
        setting = await deployed(make({ instanceClass: 'db.x2g.large', maxConnections: 777 }).database);
      },
      { outputs },
    );
    expect(setting).toMatchObject({ maxConnections: 777 });
    expect(recording.find('virginia-18').inputs).toMatchObject({ parameters: [{}, { value: '777' }] });
  });

  it('can be for tests: small, and gone without a trace', async () => {
    const recording = await record(
      () =>
        make({
          version: 15,
          multiAz: false,
          size: '1Ti',
          maxSize: '2Ti',
          backupRetentionDays: 0,
          deletionProtection: false,
          finalSnapshot: false,
          passwordGeneration: 4,
        }),
      { outputs },
    );
    expect(recording.find('virginia-15').inputs.family).toBe('postgres15');
    expect(instance(recording)).toMatchObject({
      engineVersion: '15',
      multiAz: false,
      allocatedStorage: 1024,
      maxAllocatedStorage: 2048,
      backupRetentionPeriod: 0,
      deletionProtection: false,
      deleteAutomatedBackups: true,
      skipFinalSnapshot: true,
    });
    expect(instance(recording)).not.toHaveProperty('finalSnapshotIdentifier');
    expect(recording.find('virginia-password').inputs.keepers).toEqual({ generation: '4' });
  });

  it('does not shrink a large volume to the default of growth', async () => {
    const recording = await record(() => make({ size: '500Gi' }), { outputs });
    expect(instance(recording)).toMatchObject({ allocatedStorage: 500, maxAllocatedStorage: 500 });
  });

  it('is previewed as far as it is known, and its password stays secret', async () => {
    const recording = await record(() => make(), { preview: true });
    expect(instance(recording)).toMatchObject({
      engineVersion: '18',
      deletionProtection: true,
      finalSnapshotIdentifier: UNKNOWN,
      vpcSecurityGroupIds: [UNKNOWN],
    });
    expect([UNKNOWN, new Secret(UNKNOWN)]).toContainEqual(instance(recording).password);
  });

  it.each<[Record<string, unknown>, string]>([
    [
      { subnetIds: ['subnet-0a'], multiAz: false },
      'subnetIds: are too few: RDS wants two availability zones, also for an instance without a standby',
    ],
    [{ version: 16 }, 'version: is not a version that Harbor ships'],
    [{ instanceClass: 'm7g.large' }, 'instanceClass: is not valid'],
    [{ instanceClass: 'db.x2g.large' }, 'maxConnections: is missing'],
    [{ maxConnections: 5 }, 'maxConnections: is out of range'],
    [{ backupRetentionDays: 36 }, 'backupRetentionDays: is out of range'],
    [{ backupRetentionDays: 0 }, 'backupRetentionDays: leaves a protected database without any backup'],
    [{ size: '10Gi' }, 'size: is not a quantity allowed here'],
    [{ size: '20.5Gi' }, 'size: is not a quantity allowed here'],
    [{ size: '200Gi', maxSize: '100Gi' }, 'maxSize: is smaller than the disk to begin with'],
    [{ kmsKeyArn: 'alias/ours' }, 'kmsKeyArn: is not valid'],
    [{ ca: 'bundle.pem' }, 'ca: is not valid'],
    [{ passwordGeneration: 0 }, 'passwordGeneration: is out of range'],
    [{ multiAZ: false }, 'multiAZ: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`aws ManagedDatabase "virginia".${mistake}`]);
  });

  it.each([
    ['Virginia', 'is not valid'],
    ['v'.repeat(37), 'is too long (37 characters)'],
  ])('refuses the name %p, which RDS does not take', async (name, problem) => {
    expect(await mistaken(() => new ManagedDatabase(name, NETWORK))).toEqual([
      `aws ManagedDatabase "${name}": ${problem}`,
    ]);
  });

  it('tells all mistakes at once', async () => {
    const args = { vpcId: 'a', version: 9 as 15, size: '1Gi' as const };
    expect(await mistaken(() => make(args))).toHaveLength(3);
  });
});
