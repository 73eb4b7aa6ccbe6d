import { NasFileSystem, type NasFileSystemArgs } from '../../../lib/cloud/aws';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { readStorage } from '../../../lib/plan/storage';
import { record } from '../../pulumi/support/mocks';
import { answers, deployed, json, mistaken, NETWORK } from './fixtures';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/ours';
const make = (args: Partial<NasFileSystemArgs> = {}) => new NasFileSystem('virginia', { ...NETWORK, ...args });
const FILE_SYSTEM = 'aws:efs/fileSystem:FileSystem';

describe('NasFileSystem', () => {
  it('is encrypted at rest and on the way, backed up, and Harbor’s user’s own', async () => {
    const recording = await record(() => make({ kmsKeyArn: KEY, tags: { team: 'registry' } }), { outputs: answers });
    expect(recording.names()).toEqual([
      'aws:ec2/securityGroup:SecurityGroup::virginia-clients',
      'aws:efs/accessPoint:AccessPoint::virginia-harbor',
      'aws:efs/backupPolicy:BackupPolicy::virginia-backup',
      'aws:efs/fileSystem:FileSystem::virginia',
      'aws:efs/fileSystemPolicy:FileSystemPolicy::virginia-tls',
      'aws:efs/mountTarget:MountTarget::virginia-0',
      'aws:efs/mountTarget:MountTarget::virginia-1',
      'harbor-fleet:aws:NasFileSystem::virginia',
    ]);
    expect(recording.find('virginia', FILE_SYSTEM).inputs).toEqual({
      encrypted: true,
      kmsKeyId: KEY,
      throughputMode: 'elastic',
      tags: { Name: 'virginia', team: 'registry' },
    });
    expect(json(recording.find('virginia-tls').inputs.policy)).toMatchObject({
      Statement: [
        { Effect: 'Allow', Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'] },
        { Effect: 'Deny', Action: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      ],
    });
    expect(recording.find('virginia-backup').inputs.backupPolicy).toEqual({ status: 'ENABLED' });
    expect(recording.find('virginia-1').inputs).toEqual({
      fileSystemId: 'virginia-id',
      subnetId: 'subnet-0b',
      securityGroups: ['virginia-clients-id'],
    });
    expect(recording.find('virginia-clients').inputs.ingress).toMatchObject([{ fromPort: 2049, toPort: 2049 }]);
    expect(recording.find('virginia-harbor').inputs).toMatchObject({
      posixUser: { uid: 10000, gid: 10000 },
      rootDirectory: { path: '/harbor', creationInfo: { ownerUid: 10000, ownerGid: 10000, permissions: '0750' } },
    });
  });

  it('stays in AWS with what protects it', async () => {
    const recording = await record(() => make(), { outputs: answers });
    expect(recording.requests.filter(({ retainOnDelete }) => retainOnDelete).map(({ type }) => type)).toEqual([
      FILE_SYSTEM,
      'aws:efs/backupPolicy:BackupPolicy',
      'aws:efs/fileSystemPolicy:FileSystemPolicy',
    ]);
    const given = await record(() => make({ retainOnDelete: false }), { outputs: answers });
    expect(given.requests.filter(({ retainOnDelete }) => retainOnDelete)).toEqual([]);
  });

  it('is a setting that Harbor’s plan takes, once it has its addresses', async () => {
    let setting = {};
    const issues = new Issues();
    await record(
      async () => {
        const { storage } = make();
        readStorage(new Reader({ storage }, '', issues), 'storage', 'harbor');
        setting = await deployed(storage);
      },
      { outputs: answers },
    );
    expect(issues.all).toEqual([]);
    expect(setting).toEqual({ type: 'nas', fileSystemId: 'virginia-id', accessPointId: 'virginia-harbor-id' });
  });

  it('has other throughput, no backup and another folder when asked', async () => {
    const recording = await record(
      () =>
        make({
          throughputMode: 'provisioned',
          provisionedThroughputInMibps: 256,
          backup: false,
          rootDirectory: '/registries/virginia',
        }),
      { outputs: answers },
    );
    expect(recording.find('virginia', FILE_SYSTEM).inputs).toMatchObject({
      throughputMode: 'provisioned',
      provisionedThroughputInMibps: 256,
    });
    expect(recording.find('virginia-backup').inputs.backupPolicy).toEqual({ status: 'DISABLED' });
    expect(recording.find('virginia-harbor').inputs).toMatchObject({
      rootDirectory: { path: '/registries/virginia' },
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ subnetIds: [] }, 'subnetIds: names no subnet, so the file system would have no address'],
    [{ throughputMode: 'fast' }, 'throughputMode: is not one of the choices'],
    [{ throughputMode: 'provisioned' }, 'provisionedThroughputInMibps: is missing'],
    [{ provisionedThroughputInMibps: 10 }, 'provisionedThroughputInMibps: is not used with elastic throughput'],
    [
      { throughputMode: 'provisioned', provisionedThroughputInMibps: 5000 },
      'provisionedThroughputInMibps: is out of range',
    ],
    [{ rootDirectory: '/' }, 'rootDirectory: is not valid'],
    [{ rootDirectory: '/a/b/c/d/e' }, 'rootDirectory: is not valid'],
    [{ kmsKeyArn: 'ours' }, 'kmsKeyArn: is not valid'],
    [{ performanceMode: 'maxIO' }, 'performanceMode: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`aws NasFileSystem "virginia".${mistake}`]);
  });
});
