import { secret } from '@pulumi/pulumi';
import * as alicloud from '../../lib/cloud/alicloud';
import * as aws from '../../lib/cloud/aws';
import * as azure from '../../lib/cloud/azure';
import * as gcp from '../../lib/cloud/gcp';
import { type RecordOptions, record } from '../pulumi/support/mocks';
import { NETWORK, answers as ofAws } from './aws/fixtures';
import { id } from './azure/fixtures';

const options: RecordOptions = {
  outputs: (asked) => {
    switch (asked.type) {
      case 'azure-native:storage:StorageAccount':
        return { name: asked.inputs.accountName };
      case 'gcp:serviceaccount/key:Key':
        return { privateKey: secret('e30=') };
      case 'gcp:sql/databaseInstance:DatabaseInstance':
        return { privateIpAddress: '10.99.0.3', serverCaCerts: [] };
      case 'gcp:filestore/instance:Instance':
        return { networks: [{ ...asked.inputs.networks[0], ipAddresses: ['10.99.0.2'] }] };
      case 'alicloud:ram/accessKey:AccessKey':
        return { secret: 'secret' };
      default:
        return ofAws?.(asked);
    }
  },
  calls: () => ({ keys: [{ value: 'first key' }, { value: 'second key' }] }),
};

const inAzure = { resourceGroupName: 'registry', location: 'westeurope' } as const;
const subnet = id('virtualNetworks/spoke/subnets/nodes');
const inGoogle = 'projects/example/global/networks/registry';
const inAlicloud = { vpcId: 'vpc-1a', vswitchId: 'vsw-1a', zoneId: 'cn-hangzhou-h', clientCidrs: ['10.1.0.0/16'] };
const protect = { protect: true };

/** What `{ protect: true }` of a component keeps; the rest comes and goes with its settings. */
const COMPONENTS: readonly [string, () => unknown, readonly string[], readonly string[]][] = [
  [
    'aws.ManagedDatabase',
    () => new aws.ManagedDatabase('a', NETWORK, protect),
    ['rds/instance:Instance', 'rds/subnetGroup:SubnetGroup', 'index/randomId:RandomId'],
    ['rds/parameterGroup:ParameterGroup', 'index/randomPassword:RandomPassword', 'ec2/securityGroup:SecurityGroup'],
  ],
  [
    'aws.NasFileSystem',
    () => new aws.NasFileSystem('a', NETWORK, protect),
    [
      'efs/fileSystem:FileSystem',
      'efs/accessPoint:AccessPoint',
      'efs/fileSystemPolicy:FileSystemPolicy',
      'efs/backupPolicy:BackupPolicy',
    ],
    ['efs/mountTarget:MountTarget', 'ec2/securityGroup:SecurityGroup'],
  ],
  [
    'aws.ObjectBucket',
    () => new aws.ObjectBucket('a', { bucket: 'example-a', encryption: aws.BucketEncryption.kms() }, protect),
    [
      's3/bucket:Bucket',
      'kms/key:Key',
      's3/bucketPolicy:BucketPolicy',
      's3/bucketVersioning:BucketVersioning',
      's3/bucketPublicAccessBlock:BucketPublicAccessBlock',
      's3/bucketOwnershipControls:BucketOwnershipControls',
      's3/bucketLifecycleConfiguration:BucketLifecycleConfiguration',
      's3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
    ],
    ['iam/user:User', 'iam/userPolicy:UserPolicy', 'iam/accessKey:AccessKey'],
  ],
  [
    'azure.ManagedDatabase',
    () =>
      new azure.ManagedDatabase(
        'a',
        { ...inAzure, subnetId: subnet, privateDnsZoneId: id('privateDnsZones/a.postgres.database.azure.com') },
        protect,
      ),
    ['dbforpostgresql:Server', 'dbforpostgresql:Database', 'index/randomId:RandomId'],
    ['index/randomPassword:RandomPassword'],
  ],
  [
    'azure.NasFileSystem',
    () =>
      new azure.NasFileSystem(
        'a',
        { ...inAzure, accountName: 'examplenas', privateEndpoint: { subnetId: subnet } },
        protect,
      ),
    ['storage:StorageAccount', 'storage:FileShare'],
    ['network:PrivateEndpoint'],
  ],
  [
    'azure.ObjectContainer',
    () => new azure.ObjectContainer('a', { ...inAzure, accountName: 'exampleblobs' }, protect),
    ['storage:StorageAccount', 'storage:BlobContainer', 'storage:BlobServiceProperties', 'storage:ManagementPolicy'],
    [],
  ],
  [
    'gcp.ManagedDatabase',
    () => new gcp.ManagedDatabase('a', { network: inGoogle, region: 'europe-west4' }, protect),
    ['sql/databaseInstance:DatabaseInstance', 'sql/database:Database', 'sql/user:User', 'index/randomId:RandomId'],
    ['index/randomPassword:RandomPassword'],
  ],
  [
    'gcp.NasFileSystem',
    () =>
      new gcp.NasFileSystem(
        'a',
        { network: inGoogle, location: 'europe-west4', clientCidrs: ['10.20.0.0/16'] },
        protect,
      ),
    ['filestore/instance:Instance'],
    [],
  ],
  [
    'gcp.ObjectBucket',
    () => new gcp.ObjectBucket('a', { bucket: 'example-a', location: 'europe-west4' }, protect),
    ['storage/bucket:Bucket'],
    ['serviceaccount/account:Account', 'serviceaccount/key:Key', 'storage/bucketIAMMember:BucketIAMMember'],
  ],
  [
    'alicloud.ManagedDatabase',
    () => new alicloud.ManagedDatabase('aa', inAlicloud, protect),
    ['rds/instance:Instance', 'rds/database:Database', 'rds/account:Account'],
    ['index/randomPassword:RandomPassword'],
  ],
  [
    'alicloud.NasFileSystem',
    () => new alicloud.NasFileSystem('aa', inAlicloud, protect),
    ['nas/fileSystem:FileSystem', 'nas/accessGroup:AccessGroup', 'nas/mountTarget:MountTarget'],
    ['nas/accessRule:AccessRule'],
  ],
  [
    'alicloud.ObjectBucket',
    () => new alicloud.ObjectBucket('aa', { bucket: 'example-aa', region: 'cn-hangzhou' }, protect),
    [
      'oss/bucket:Bucket',
      'oss/bucketAcl:BucketAcl',
      'oss/bucketPolicy:BucketPolicy',
      'oss/bucketPublicAccessBlock:BucketPublicAccessBlock',
    ],
    ['ram/user:User', 'ram/policy:Policy', 'ram/userPolicyAttachment:UserPolicyAttachment', 'ram/accessKey:AccessKey'],
  ],
];

describe('protect: true of a component', () => {
  it.each(COMPONENTS)(
    '%s reaches what holds data, and lets keys and passwords be renewed',
    async (_, make, kept, free) => {
      const { requests } = await record(make, options);
      const types = (protectedOnes: boolean): string[] => [
        ...new Set(
          requests
            .filter((one) => one.custom && one.protect === protectedOnes)
            .map(({ type }) => type.slice(type.indexOf(':') + 1)),
        ),
      ];
      expect(types(true).sort()).toEqual([...kept].sort());
      expect(types(false).sort()).toEqual([...free].sort());
    },
  );
});
