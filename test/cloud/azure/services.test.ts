import {
  loadBalancerAnnotations,
  ManagedDatabase,
  type ManagedDatabaseArgs,
  NasFileSystem,
  type NasFileSystemArgs,
} from '../../../lib/cloud/azure';
import { connectionsOf } from '../../../lib/cloud/azure/managed-database';
import { readDatabase } from '../../../lib/plan/database';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { readStorage } from '../../../lib/plan/storage';
import { type RecordOptions, record, Secret } from '../../pulumi/support/mocks';
import { deployed, known, mistaken } from '../aws/fixtures';
import { id } from './fixtures';

const subnet = id('virtualNetworks/spoke/subnets/nodes');
const zone = id('privateDnsZones/example.postgres.database.azure.com');
const place = { resourceGroupName: 'registry', location: 'westeurope' } as const;
const nas = (args: Partial<NasFileSystemArgs> = {}) =>
  new NasFileSystem('holland', { ...place, accountName: 'exampleimages', clientSubnetIds: [subnet], ...args });
const database = (args: Partial<ManagedDatabaseArgs> = {}) =>
  new ManagedDatabase('holland', { ...place, subnetId: subnet, privateDnsZoneId: zone, ...args });

const options: RecordOptions = {
  outputs: ({ type, inputs }) => {
    switch (type) {
      case 'azure-native:storage:StorageAccount':
        return { name: inputs.accountName };
      case 'azure-native:storage:FileShare':
        return { name: inputs.shareName };
      case 'azure-native:dbforpostgresql:Server':
        return { name: inputs.serverName, fullyQualifiedDomainName: `${inputs.serverName}.postgres.example.test` };
      case 'random:index/randomId:RandomId':
        return { hex: '0a1b2c3d' };
      default:
        return undefined;
    }
  },
};

describe('NasFileSystem of Azure', () => {
  it('is a premium share by NFS, which named subnets alone reach', async () => {
    const recording = await record(() => nas({ tags: { team: 'registry' } }), options);
    expect(recording.find('holland', 'azure-native:storage:StorageAccount').inputs).toEqual({
      ...place,
      accountName: 'exampleimages',
      tags: { team: 'registry' },
      kind: 'FileStorage',
      sku: { name: 'Premium_ZRS' },
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      enableHttpsTrafficOnly: false,
      minimumTlsVersion: 'TLS1_2',
      publicNetworkAccess: 'Enabled',
      networkRuleSet: {
        bypass: 'None',
        defaultAction: 'Deny',
        virtualNetworkRules: [{ virtualNetworkResourceId: subnet, action: 'Allow' }],
      },
    });
    expect(recording.find('holland-share').inputs).toEqual({
      accountName: 'exampleimages',
      resourceGroupName: 'registry',
      shareName: 'harbor',
      enabledProtocols: 'NFS',
      rootSquash: 'NoRootSquash',
      shareQuota: 100,
    });
    expect(recording.requests.filter(({ custom, retainOnDelete }) => custom && !retainOnDelete)).toEqual([]);
  });

  it('is a setting that Harbor’s plan takes, with the volume that its claim finds', async () => {
    const issues = new Issues();
    let found: unknown;
    await record(async () => {
      const { storage, persistentVolume } = nas({
        size: '500Gi',
        privateEndpoint: { subnetId: subnet },
        clientSubnetIds: undefined,
      });
      readStorage(new Reader({ storage }, '', issues), 'storage', 'harbor');
      expect(storage).toEqual({ type: 'nas', storageClass: 'holland', size: '500Gi' });
      expect(persistentVolume).toMatchObject({
        metadata: { name: 'holland' },
        spec: { storageClassName: 'holland', capacity: { storage: '500Gi' }, accessModes: ['ReadWriteMany'] },
      });
      const { driver, volumeHandle, volumeAttributes } = persistentVolume.spec.csi;
      found = [driver, await known(volumeHandle), await known(volumeAttributes)];
    }, options);
    expect(issues.all).toEqual([]);
    expect(found).toEqual([
      'file.csi.azure.com',
      'registry#exampleimages#harbor',
      {
        resourceGroup: 'registry',
        storageAccount: 'exampleimages',
        shareName: 'harbor',
        protocol: 'nfs',
        mountPermissions: '0777',
      },
    ]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ clientSubnetIds: undefined }, 'clientSubnetIds: is missing'],
    [{ size: '10Gi' }, 'size: is not a quantity allowed here'],
    [{ sku: 'Standard_LRS' }, 'sku: is not one of the choices'],
    [{ share: 'A' }, 'share: is not valid'],
    [{ accountName: 'x' }, 'accountName: is not valid'],
    [{ quota: 1 }, 'quota: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => nas(args))).toEqual([`azure NasFileSystem "holland".${mistake}`]);
  });
});

describe('ManagedDatabase of Azure', () => {
  it('is private, with a standby and backups, and stays', async () => {
    const recording = await record(() => database({ tags: { team: 'registry' } }), options);
    const server = recording.find('holland', 'azure-native:dbforpostgresql:Server');
    // The SDK adds empty texts of its own.
    expect(server.inputs).toMatchObject({
      ...place,
      serverName: 'holland-0a1b2c3d',
      tags: { team: 'registry' },
      version: '18',
      createMode: 'Default',
      sku: { name: 'Standard_D2ds_v5', tier: 'GeneralPurpose' },
      administratorLogin: 'harbor',
      administratorLoginPassword: new Secret('password of holland-password'),
      authConfig: { passwordAuth: 'Enabled', activeDirectoryAuth: 'Disabled' },
      highAvailability: { mode: 'ZoneRedundant' },
      storage: { storageSizeGB: 32, autoGrow: 'Enabled' },
      backup: { backupRetentionDays: 7, geoRedundantBackup: 'Disabled' },
      network: {
        delegatedSubnetResourceId: subnet,
        privateDnsZoneArmResourceId: zone,
        publicNetworkAccess: 'Disabled',
      },
    });
    expect(server.additionalSecretOutputs).toContain('administratorLoginPassword');
    expect([server.retainOnDelete, server.ignoreChanges]).toEqual([true, ['storage.storageSizeGB']]);
    expect(recording.find('holland', 'azure-native:dbforpostgresql:Database').inputs).toEqual({
      resourceGroupName: 'registry',
      serverName: 'holland-0a1b2c3d',
      databaseName: 'registry',
      charset: 'UTF8',
      collation: 'en_US.utf8',
    });
  });

  it('is a setting that Harbor’s plan takes', async () => {
    const issues = new Issues();
    let setting = {};
    await record(async () => {
      const made = database();
      readDatabase(new Reader({ database: made.database }, '', issues), 'database', {
        size: 'large',
        instance: 'harbor',
        namespace: 'harbor',
      });
      setting = await deployed(made.database);
    }, options);
    expect(issues.all).toEqual([]);
    expect(setting).toEqual({
      type: 'external',
      host: 'holland-0a1b2c3d.postgres.example.test',
      name: 'registry',
      username: 'harbor',
      password: new Secret('password of holland-password'),
      sslMode: 'require',
      maxConnections: 844,
    });
  });

  it.each([
    ['Standard_D2ds_v5', 844],
    ['Standard_D4ds_v5', 1703],
    ['Standard_E4ds_v5', 3422],
    ['Standard_D64ds_v5', 4985],
    ['Standard_B2s', undefined],
  ])('knows what %s has memory for', (sku, connections) => {
    expect(connectionsOf(sku)).toBe(connections);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ privateDnsZoneId: 'zone' }, 'privateDnsZoneId: is not valid'],
    [{ version: 14 }, 'version: is not a version that Harbor ships'],
    [{ sku: 'Standard_B2s', maxConnections: 100 }, 'sku: is burstable, and has no standby'],
    [{ sku: 'Standard_B2s', standby: false }, 'maxConnections: is missing'],
    [{ size: '100Gi' }, 'size: is not one of the choices'],
    [{ backupRetentionDays: 3 }, 'backupRetentionDays: is out of range'],
    [{ ca: 'x' }, 'ca: is not valid'],
    [{ tier: 'x' }, 'tier: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => database(args))).toEqual([`azure ManagedDatabase "holland".${mistake}`]);
  });
});

describe('load balancers of AKS', () => {
  const PREFIX = 'service.beta.kubernetes.io/azure-';

  it.each([
    [
      { scheme: 'internal', subnetName: 'lb', ipv4Address: '10.0.3.4' } as const,
      { 'load-balancer-internal': 'true', 'load-balancer-internal-subnet': 'lb', 'load-balancer-ipv4': '10.0.3.4' },
    ],
    [
      { scheme: 'internet-facing', publicIpName: 'harbor', publicIpResourceGroup: 'network' } as const,
      { 'load-balancer-internal': 'false', 'pip-name': 'harbor', 'load-balancer-resource-group': 'network' },
    ],
  ])('%j', (args, expected) => {
    expect(loadBalancerAnnotations(args)).toEqual(
      Object.fromEntries(
        Object.entries({ ...expected, 'load-balancer-health-probe-protocol': 'tcp' }).map(([key, value]) => [
          `${PREFIX}${key}`,
          value,
        ]),
      ),
    );
  });

  it('says what does not fit together', () => {
    expect(() => loadBalancerAnnotations({ scheme: 'internal', publicIpName: 'harbor' })).toThrow(
      'azure loadBalancerAnnotations.publicIpName: is not used with an internal load balancer',
    );
    expect(() => loadBalancerAnnotations({} as never)).toThrow('azure loadBalancerAnnotations.scheme: is missing');
  });
});
