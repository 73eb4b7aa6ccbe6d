import { ManagedCache, type ManagedCacheArgs } from '../../../lib/cloud/azure';
import { cacheSecrets, cacheUrl, readCache } from '../../../lib/plan/cache';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { type RecordOptions, record, Secret } from '../../pulumi/support/mocks';
import { deployed, mistaken } from '../aws/fixtures';
import { id } from './fixtures';

const subnetId = id('virtualNetworks/spoke/subnets/services');
const privateDnsZoneId = id('privateDnsZones/privatelink.redis.azure.net');
const place = { resourceGroupName: 'registry', location: 'westeurope' } as const;
const make = (args: Partial<ManagedCacheArgs> = {}) =>
  new ManagedCache('holland', { ...place, privateEndpoint: { subnetId, privateDnsZoneId }, ...args });

const options: RecordOptions = {
  outputs: ({ type, inputs }) => {
    switch (type) {
      case 'azure-native:redisenterprise:RedisEnterprise':
        return { name: inputs.clusterName, hostName: `${inputs.clusterName}.westeurope.redis.example.test` };
      case 'azure-native:redisenterprise:Database':
        return { name: inputs.databaseName };
      case 'azure-native:network:PrivateEndpoint':
        return { name: inputs.privateEndpointName };
      case 'random:index/randomId:RandomId':
        return { hex: '0a1b2c3d' };
      default:
        return undefined;
    }
  },
  calls: ({ token, inputs }) =>
    token === 'azure-native:redisenterprise:listDatabaseKeys' && inputs.databaseName === 'default'
      ? { primaryKey: `${inputs.clusterName}+/1=`, secondaryKey: `${inputs.clusterName}+/2=` }
      : undefined,
};
const server = (part: string, key: 1 | 2) => ({
  host: `${part}-0a1b2c3d.westeurope.redis.example.test`,
  port: 10000,
  tls: true,
  password: `${part}-0a1b2c3d+/${key}=`,
});

describe('ManagedCache of Azure', () => {
  it.each(['holland', 'holland-core'])('is private, without shards, with a standby: %s', async (part) => {
    const recording = await record(() => make({ tags: { team: 'registry' } }), options);
    const clusterName = `${part}-0a1b2c3d`;
    expect(recording.find(part, 'azure-native:redisenterprise:RedisEnterprise').inputs).toEqual({
      ...place,
      clusterName,
      tags: { team: 'registry' },
      sku: { name: 'Balanced_B1' },
      highAvailability: 'Enabled',
      minimumTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
    });
    expect(recording.find(part, 'azure-native:redisenterprise:Database').inputs).toEqual({
      resourceGroupName: 'registry',
      clusterName,
      databaseName: 'default',
      clusteringPolicy: 'NoCluster',
      accessKeysAuthentication: 'Enabled',
      clientProtocol: 'Encrypted',
      port: 10000,
      evictionPolicy: 'NoEviction',
    });
    expect(recording.find(`${part}-endpoint`, 'azure-native:network:PrivateEndpoint').inputs).toMatchObject({
      ...place,
      tags: { team: 'registry' },
      privateEndpointName: `${clusterName}-endpoint`,
      subnet: { id: subnetId },
      privateLinkServiceConnections: [
        { name: 'redisEnterprise', privateLinkServiceId: `${part}-id`, groupIds: ['redisEnterprise'] },
      ],
    });
    expect(recording.find(`${part}-endpoint`, 'azure-native:network:PrivateDnsZoneGroup').inputs).toMatchObject({
      privateEndpointName: `${clusterName}-endpoint`,
      privateDnsZoneConfigs: [{ name: 'redisEnterprise', privateDnsZoneId }],
    });
  });

  it('makes two servers, and others for another size', async () => {
    const args = { sku: 'MemoryOptimized_M20', standby: false, privateEndpoint: { subnetId } } as const;
    const recording = await record(() => make(args), options);
    expect(recording.names()).toEqual([
      'azure-native:network:PrivateEndpoint::holland-core-endpoint',
      'azure-native:network:PrivateEndpoint::holland-endpoint',
      'azure-native:redisenterprise:Database::holland',
      'azure-native:redisenterprise:Database::holland-core',
      'azure-native:redisenterprise:RedisEnterprise::holland',
      'azure-native:redisenterprise:RedisEnterprise::holland-core',
      'harbor-fleet:azure:ManagedCache::holland',
      'random:index/randomId:RandomId::holland',
    ]);
    expect(recording.find('holland', 'random:index/randomId:RandomId').inputs).toEqual({
      byteLength: 4,
      keepers: { sku: 'MemoryOptimized_M20' },
    });
    expect(recording.find('holland-core', 'azure-native:redisenterprise:RedisEnterprise').inputs).toMatchObject({
      sku: { name: 'MemoryOptimized_M20' },
      highAvailability: 'Disabled',
    });
  });

  it.each([1, 2] as const)('is a setting that Harbor’s plan takes, with key %s of each server', async (keyNumber) => {
    const issues = new Issues();
    let setting = {};
    let secrets: unknown;
    await record(async () => {
      const { cache } = make({ keyNumber });
      const plan = readCache(new Reader({ cache }, '', issues), 'cache', {
        size: 'large',
        instance: 'harbor',
        namespace: 'harbor',
      });
      expect(cacheUrl(plan, 'core')).toMatch(/^rediss:\/\/:\$\(REDIS_CORE_PASSWORD\)@.*:10000\/0$/);
      expect(cacheUrl(plan, 'jobservice')).toMatch(/^rediss:\/\/:\$\(REDIS_PASSWORD\)@.*:10000\/0$/);
      setting = await deployed(cache);
      const planned = cacheSecrets(plan, { namespace: 'harbor', readers: [], readersOfCore: [] });
      secrets = await deployed(Object.fromEntries(planned.map(({ name, keys }) => [name, keys])));
    }, options);
    expect(issues.all).toEqual([]);
    const { password, ...rest } = server('holland', keyNumber);
    expect(setting).toEqual({
      type: 'external',
      ...rest,
      password: new Secret(password),
      core: new Secret(server('holland-core', keyNumber)),
    });
    const keysOf = (part: string) => ({
      REDIS_PASSWORD: { kind: 'given', value: `${part}-0a1b2c3d+/${keyNumber}=` },
      REDIS_PASSWORD_IN_URL: { kind: 'given', value: `${part}-0a1b2c3d%2B%2F${keyNumber}%3D` },
    });
    expect(secrets).toEqual({
      'harbor-redis-password': new Secret(keysOf('holland')),
      'harbor-redis-core-password': new Secret(keysOf('holland-core')),
    });
  });

  it('is previewed before there is a server', async () => {
    const { requests } = await record(() => make(), { preview: true });
    expect(requests.filter(({ type }) => type.includes('redisenterprise'))).toHaveLength(4);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ privateEndpoint: undefined }, 'privateEndpoint: is missing'],
    [{ privateEndpoint: { subnetId: 'x' } }, 'privateEndpoint.subnetId: is not valid'],
    [{ privateEndpoint: { subnetId, group: 'x' } }, 'privateEndpoint.group: is not a setting here'],
    [{ resourceGroupName: undefined }, 'resourceGroupName: is missing'],
    [{ location: 'West Europe' }, 'location: is not valid'],
    [{ sku: 'Balanced_B50' }, 'sku: is not one of the choices'],
    [{ keyNumber: 3 }, 'keyNumber: is out of range'],
    [{ coreSku: 'Balanced_B0' }, 'coreSku: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`azure ManagedCache "holland".${mistake}`]);
  });

  it.each(['Holland', 'two--dashes', 'v'.repeat(47)])(
    'refuses the name %p, which Azure does not take',
    async (name) => {
      const made = () => new ManagedCache(name, { ...place, privateEndpoint: { subnetId } });
      expect(await mistaken(made)).toEqual([`azure ManagedCache "${name}": is no name for a server of Azure`]);
    },
  );
});
