import { ManagedCache, type ManagedCacheArgs } from '../../../lib/cloud/aws';
import { readCache } from '../../../lib/plan/cache';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { type Recording, record, Secret, UNKNOWN } from '../../pulumi/support/mocks';
import { answers, deployed, mistaken, NETWORK } from './fixtures';

const KEY = 'arn:aws:kms:us-east-1:111122223333:key/ours';
const make = (args: Partial<ManagedCacheArgs> = {}) => new ManagedCache('virginia', { ...NETWORK, ...args });
const group = (recording: Recording) => recording.find('virginia', 'aws:elasticache/replicationGroup:ReplicationGroup');

describe('ManagedCache', () => {
  it('is one primary and a standby, encrypted, with a password', async () => {
    const recording = await record(() => make({ tags: { team: 'registry' }, kmsKeyArn: KEY }), { outputs: answers });
    expect(recording.names()).toEqual([
      'aws:ec2/securityGroup:SecurityGroup::virginia-clients',
      'aws:elasticache/replicationGroup:ReplicationGroup::virginia',
      'aws:elasticache/subnetGroup:SubnetGroup::virginia',
      'harbor-fleet:aws:ManagedCache::virginia',
      'random:index/randomPassword:RandomPassword::virginia-password',
    ]);
    expect(group(recording).inputs).toEqual({
      description: 'Harbor of virginia',
      engine: 'valkey',
      engineVersion: '8.0',
      autoMinorVersionUpgrade: false,
      applyImmediately: true,
      nodeType: 'cache.t4g.small',
      parameterGroupName: 'default.valkey8',
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      port: 6379,
      subnetGroupName: undefined,
      securityGroupIds: ['virginia-clients-id'],
      atRestEncryptionEnabled: true,
      kmsKeyId: KEY,
      transitEncryptionEnabled: true,
      authToken: new Secret('password of virginia-password'),
      authTokenUpdateStrategy: 'ROTATE',
      tags: { team: 'registry' },
    });
    expect(recording.find('virginia', 'aws:elasticache/subnetGroup:SubnetGroup').inputs).toMatchObject({
      subnetIds: ['subnet-0a', 'subnet-0b'],
      tags: { team: 'registry' },
    });
    // ElastiCache wants 16 to 128 characters, and not all that are printable.
    expect(recording.find('virginia-password').inputs).toMatchObject({
      length: 64,
      special: false,
      keepers: { generation: '1' },
    });
  });

  it('is a setting that Harbor’s plan takes', async () => {
    let setting = {};
    const issues = new Issues();
    await record(
      async () => {
        const { cache } = make();
        readCache(new Reader({ cache }, '', issues), 'cache', {
          size: 'large',
          instance: 'harbor',
          namespace: 'harbor',
        });
        setting = await deployed(cache);
      },
      { outputs: answers },
    );
    expect(issues.all).toEqual([]);
    expect(setting).toEqual({
      type: 'external',
      host: 'master.virginia.cache.example.test',
      tls: true,
      password: new Secret('password of virginia-password'),
    });
  });

  it('can do without a standby, in one zone', async () => {
    const recording = await record(
      () => make({ replicas: 0, subnetIds: ['subnet-0a'], nodeType: 'cache.m7g.large', engineVersion: '7.2' }),
      { outputs: answers },
    );
    expect(group(recording).inputs).toMatchObject({
      numCacheClusters: 1,
      automaticFailoverEnabled: false,
      multiAzEnabled: false,
      nodeType: 'cache.m7g.large',
      engineVersion: '7.2',
      parameterGroupName: 'default.valkey7',
    });
  });

  it('makes a new password for each generation', async () => {
    const recording = await record(() => make({ passwordGeneration: 2 }), { outputs: answers });
    expect(recording.find('virginia-password').inputs.keepers).toEqual({ generation: '2' });
  });

  it('is previewed as far as it is known, and its password stays secret', async () => {
    const recording = await record(() => make(), { preview: true });
    expect(group(recording).inputs).toMatchObject({ nodeType: 'cache.t4g.small', securityGroupIds: [UNKNOWN] });
    const { authToken } = group(recording).inputs;
    expect([UNKNOWN, new Secret(UNKNOWN)]).toContainEqual(authToken);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ subnetIds: ['subnet-0a'] }, 'subnetIds: are too few: a standby must be in another availability zone'],
    [
      { subnetIds: ['subnet-0a', 'subnet-0a'] },
      'subnetIds: are too few: a standby must be in another availability zone',
    ],
    [{ subnetIds: [], replicas: 0 }, 'subnetIds: names no subnet'],
    [{ replicas: 6 }, 'replicas: is out of range'],
    [{ nodeType: 'db.t4g.small' }, 'nodeType: is not valid'],
    [{ engineVersion: '6.2' }, 'engineVersion: is not valid'],
    [{ kmsKeyArn: 'ours' }, 'kmsKeyArn: is not valid'],
    [{ passwordGeneration: 0 }, 'passwordGeneration: is out of range'],
    [{ nodeTyp: 'x' }, 'nodeTyp: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`aws ManagedCache "virginia".${mistake}`]);
  });

  it.each([
    ['Virginia', 'is not valid'],
    ['1st', 'is not valid'],
    ['two--dashes', 'is not valid'],
    ['v'.repeat(33), 'is too long (33 characters)'],
  ])('refuses the name %p, which ElastiCache does not take', async (name, problem) => {
    expect(await mistaken(() => new ManagedCache(name, NETWORK))).toEqual([`aws ManagedCache "${name}": ${problem}`]);
  });
});
