import { ObjectContainer, type ObjectContainerArgs } from '../../../lib/cloud/azure';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { readStorage } from '../../../lib/plan/storage';
import { type RecordOptions, record, Secret } from '../../pulumi/support/mocks';
import { deployed, mistaken } from '../aws/fixtures';
import { id } from './fixtures';

const ACCOUNT = { resourceGroupName: 'registry', location: 'westeurope', accountName: 'exampleregistry' } as const;
const make = (args: Partial<ObjectContainerArgs> = {}) => new ObjectContainer('holland', { ...ACCOUNT, ...args });

const options: RecordOptions = {
  outputs: ({ type, inputs }) =>
    type === 'azure-native:storage:StorageAccount' ? { name: inputs.accountName } : { name: 'holland-endpoint' },
  calls: ({ token }) =>
    token === 'azure-native:storage:listStorageAccountKeys'
      ? { keys: [{ value: 'first key' }, { value: 'second key' }] }
      : undefined,
};

/** The container's setting, once Harbor's plan has taken it. */
async function setting(args: Partial<ObjectContainerArgs> = {}): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> = {};
  const issues = new Issues();
  await record(async () => {
    const { storage } = make(args);
    readStorage(new Reader({ storage }, '', issues), 'storage', 'harbor');
    found = await deployed(storage);
  }, options);
  expect(issues.all).toEqual([]);
  return found;
}

describe('ObjectContainer', () => {
  it('is private, versioned, tidied up, and lets account keys in, which the registry needs', async () => {
    const recording = await record(() => make({ tags: { team: 'registry' } }), options);
    expect(recording.names()).toEqual([
      'azure-native:storage:BlobContainer::holland-container',
      'azure-native:storage:BlobServiceProperties::holland-properties',
      'azure-native:storage:ManagementPolicy::holland-lifecycle',
      'azure-native:storage:StorageAccount::holland',
      'harbor-fleet:azure:ObjectContainer::holland',
    ]);
    expect(recording.find('holland', 'azure-native:storage:StorageAccount').inputs).toEqual({
      ...ACCOUNT,
      tags: { team: 'registry' },
      kind: 'StorageV2',
      sku: { name: 'Standard_ZRS' },
      accessTier: 'Hot',
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      allowSharedKeyAccess: true,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: 'TLS1_2',
      publicNetworkAccess: 'Enabled',
    });
    const common = { resourceGroupName: 'registry', accountName: 'exampleregistry' };
    expect(recording.find('holland-properties').inputs).toEqual({
      ...common,
      blobServicesName: 'default',
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: 7 },
      containerDeleteRetentionPolicy: { enabled: true, days: 7 },
    });
    expect(recording.find('holland-container').inputs).toEqual({
      ...common,
      containerName: 'harbor',
      publicAccess: 'None',
    });
    expect(recording.find('holland-lifecycle').inputs).toMatchObject({
      managementPolicyName: 'default',
      policy: {
        rules: [{ definition: { actions: { version: { delete: { daysAfterCreationGreaterThan: 7 } } } } }],
      },
    });
    expect(recording.requests.filter(({ custom, retainOnDelete }) => custom && !retainOnDelete)).toEqual([]);
  });

  it('is a setting that Harbor’s plan takes, with a key that stays secret', async () => {
    expect(await setting()).toEqual({
      type: 'azureBlob',
      accountName: 'exampleregistry',
      container: 'harbor',
      accountKey: new Secret('first key'),
    });
    expect(await setting({ keyNumber: 2, container: 'images' })).toMatchObject({
      container: 'images',
      accountKey: new Secret('second key'),
    });
  });

  it('is fetched from by Harbor alone where nobody else reaches it', async () => {
    const subnetId = id('virtualNetworks/spoke/subnets/nodes');
    expect(await setting({ clientSubnetIds: [subnetId] })).toMatchObject({ redirect: false });
    expect(await setting({ privateEndpoint: { subnetId } })).toMatchObject({ redirect: false });
    expect(await setting()).not.toHaveProperty('redirect');
  });

  it('may be there already, with a Secret that another team keeps', async () => {
    const args = { existing: true, location: undefined };
    expect((await record(() => make(args), options)).names()).toEqual(['harbor-fleet:azure:ObjectContainer::holland']);
    expect(await setting(args)).toMatchObject({ accountKey: new Secret('first key') });
    expect(await setting({ ...args, credentialsSecret: 'blob' })).toEqual({
      type: 'azureBlob',
      accountName: 'exampleregistry',
      container: 'harbor',
      credentialsSecret: 'blob',
    });
  });

  it('is reached from named subnets alone, or at an address of its own', async () => {
    const subnet = id('virtualNetworks/spoke/subnets/nodes');
    const limited = await record(() => make({ clientSubnetIds: [subnet] }), options);
    expect(limited.find('holland', 'azure-native:storage:StorageAccount').inputs).toMatchObject({
      publicNetworkAccess: 'Enabled',
      networkRuleSet: {
        bypass: 'None',
        defaultAction: 'Deny',
        virtualNetworkRules: [{ virtualNetworkResourceId: subnet, action: 'Allow' }],
      },
    });
    const privateDnsZoneId = id('privateDnsZones/privatelink.blob.core.windows.net');
    const closed = await record(() => make({ privateEndpoint: { subnetId: subnet, privateDnsZoneId } }), options);
    expect(closed.find('holland', 'azure-native:storage:StorageAccount').inputs).toMatchObject({
      publicNetworkAccess: 'Disabled',
      networkRuleSet: { defaultAction: 'Deny' },
    });
    expect(closed.find('holland-endpoint', 'azure-native:network:PrivateEndpoint').inputs).toMatchObject({
      resourceGroupName: 'registry',
      location: 'westeurope',
      privateEndpointName: 'holland-endpoint',
      subnet: { id: subnet },
      privateLinkServiceConnections: [{ name: 'blob', privateLinkServiceId: 'holland-id', groupIds: ['blob'] }],
    });
    expect(closed.find('holland-endpoint', 'azure-native:network:PrivateDnsZoneGroup').inputs).toMatchObject({
      privateEndpointName: 'holland-endpoint',
      privateDnsZoneConfigs: [{ name: 'blob', privateDnsZoneId }],
    });
    const byPolicy = await record(() => make({ privateEndpoint: { subnetId: subnet } }), options);
    expect(byPolicy.names().filter((name) => name.includes('PrivateDnsZoneGroup'))).toEqual([]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ accountName: 'Example' }, 'accountName: is not valid'],
    [{ accountName: 'a'.repeat(25) }, 'accountName: is too long (25 characters)'],
    [{ location: undefined }, 'location: is missing'],
    [{ container: 'a--b' }, 'container: is not valid'],
    [{ sku: 'Premium_LRS' }, 'sku: is not one of the choices'],
    [{ keyNumber: 3 }, 'keyNumber: is out of range'],
    [{ noncurrentDays: 0 }, 'noncurrentDays: is out of range'],
    [{ existing: true }, 'location: is not changed on an account that exists'],
    [{ privateEndpoint: { subnetId: 'nodes' } }, 'privateEndpoint.subnetId: is not valid'],
    [
      {
        privateEndpoint: { subnetId: id('virtualNetworks/spoke/subnets/nodes') },
        clientSubnetIds: [id('virtualNetworks/spoke/subnets/nodes')],
      },
      'clientSubnetIds: are not used with a private endpoint',
    ],
    [{ sas: 'x' }, 'sas: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`azure ObjectContainer "holland".${mistake}`]);
  });

  it.each(['identity', 'access'])('refuses %s with the reason why it does not work', async (key) => {
    expect(await mistaken(() => make({ [key]: { type: 'workloadIdentity' } }))).toEqual([
      `azure ObjectContainer "holland".${key}: is not possible: the registry of Harbor 2.14 and 2.15 logs in to Azure with an account key only, not with a managed identity, workload identity or SAS`,
    ]);
  });
});
