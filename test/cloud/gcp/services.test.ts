import { secret } from '@pulumi/pulumi';
import {
  loadBalancerAnnotations,
  ManagedCache,
  type ManagedCacheArgs,
  ManagedDatabase,
  type ManagedDatabaseArgs,
  NasFileSystem,
  type NasFileSystemArgs,
} from '../../../lib/cloud/gcp';
import { connectionsOf } from '../../../lib/cloud/gcp/managed-database';
import { readCache } from '../../../lib/plan/cache';
import { readDatabase } from '../../../lib/plan/database';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { readStorage } from '../../../lib/plan/storage';
import { type RecordOptions, record, Secret } from '../../pulumi/support/mocks';
import { deployed, known, mistaken } from '../aws/fixtures';

const network = 'projects/example/global/networks/registry';
const PEM = '-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n';
const nas = (args: Partial<NasFileSystemArgs> = {}) =>
  new NasFileSystem('holland', { network, location: 'europe-west4', clientCidrs: ['10.20.0.0/16'], ...args });
const ZONAL = { tier: 'ZONAL', location: 'europe-west4-a' } as const;
const database = (args: Partial<ManagedDatabaseArgs> = {}) =>
  new ManagedDatabase('holland', { network, region: 'europe-west4', ...args });
const cache = (args: Partial<ManagedCacheArgs> = {}) =>
  new ManagedCache('holland', { network, region: 'europe-west4', ...args });

const options: RecordOptions = {
  outputs: ({ type, inputs }) => {
    switch (type) {
      case 'gcp:filestore/instance:Instance':
        return { networks: [{ ...inputs.networks[0], ipAddresses: ['10.99.0.2'] }] };
      case 'gcp:redis/instance:Instance':
        return { host: '10.98.0.3', authString: secret('auth'), serverCaCerts: secret([{ cert: PEM }]) };
      case 'gcp:sql/databaseInstance:DatabaseInstance':
        return { privateIpAddress: '10.97.0.4', serverCaCerts: secret([{ cert: PEM }]) };
      case 'random:index/randomId:RandomId':
        return { hex: '0a1b2c3d' };
      default:
        return undefined;
    }
  },
};

describe('NasFileSystem of Google Cloud', () => {
  it('is in three zones, protected, and mounted by its nodes alone', async () => {
    const recording = await record(() => nas({ labels: { team: 'registry' } }), options);
    expect(recording.find('holland', 'gcp:filestore/instance:Instance').inputs).toEqual({
      name: 'holland',
      location: 'europe-west4',
      labels: { team: 'registry' },
      tier: 'REGIONAL',
      protocol: 'NFS_V3',
      fileShares: {
        name: 'harbor',
        capacityGb: 1024,
        nfsExportOptions: [{ ipRanges: ['10.20.0.0/16'], accessMode: 'READ_WRITE', squashMode: 'NO_ROOT_SQUASH' }],
      },
      networks: [{ network, modes: ['MODE_IPV4'], connectMode: 'DIRECT_PEERING' }],
      deletionProtectionEnabled: true,
      deletionProtectionReason: 'holds the images of Harbor',
    });
  });

  it('is a setting that Harbor’s plan takes, with the volume that its claim finds', async () => {
    const issues = new Issues();
    let handle = '';
    await record(async () => {
      const { storage, persistentVolume } = nas();
      readStorage(new Reader({ storage }, '', issues), 'storage', 'harbor');
      expect(storage).toEqual({ type: 'nas', storageClass: 'holland', size: '1024Gi' });
      expect(persistentVolume.spec).toMatchObject({
        storageClassName: 'holland',
        capacity: { storage: '1024Gi' },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
      });
      const { driver, volumeHandle, volumeAttributes } = persistentVolume.spec.csi;
      expect(driver).toBe('filestore.csi.storage.gke.io');
      handle = `${await known(volumeHandle)} at ${await known(volumeAttributes.ip)}`;
    }, options);
    expect(issues.all).toEqual([]);
    expect(handle).toBe('modeInstance/europe-west4/holland/harbor at 10.99.0.2');
  });

  it.each([
    [{}, 1024],
    [{ ...ZONAL, size: '1280Gi' }, 1280],
    [{ ...ZONAL, size: '9984Gi' }, 9984],
    [{ ...ZONAL, size: '12800Gi' }, 12_800],
    [{ size: '1500Gi' }, 1500],
    [{ size: '10239Gi' }, 10_239],
    [{ size: '100Ti' }, 102_400],
  ] as const)('has the size of %j', async (args, capacityGb) => {
    const recording = await record(() => nas(args), options);
    expect(recording.find('holland', 'gcp:filestore/instance:Instance').inputs.fileShares).toMatchObject({
      capacityGb,
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ network: 'registry' }, 'network: is not valid'],
    [{ clientCidrs: [] }, 'clientCidrs: names nobody'],
    [{ tier: 'ZONAL' }, 'location: is not valid'],
    [{ size: '100Gi' }, 'size: is not a quantity allowed here'],
    [{ size: '11000Gi' }, 'size: is no size of this tier'],
    [{ ...ZONAL, size: '1500Gi' }, 'size: is no size of this tier'],
    [{ ...ZONAL, size: '10000Gi' }, 'size: is no size of this tier'],
    [{ ...ZONAL, size: '102000Gi' }, 'size: is no size of this tier'],
    [{ connectMode: 'PSC' }, 'connectMode: is not one of the choices'],
    [{ backup: true }, 'backup: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => nas(args))).toEqual([`gcp NasFileSystem "holland".${mistake}`]);
  });
});

describe('ManagedDatabase of Google Cloud', () => {
  it('is private, by TLS, with a standby, backups and protection against deletion', async () => {
    const recording = await record(() => database({ labels: { team: 'registry' } }), options);
    expect(recording.names()).toEqual([
      'gcp:sql/database:Database::holland',
      'gcp:sql/databaseInstance:DatabaseInstance::holland',
      'gcp:sql/user:User::holland',
      'harbor-fleet:gcp:ManagedDatabase::holland',
      'random:index/randomId:RandomId::holland',
      'random:index/randomPassword:RandomPassword::holland-password',
    ]);
    const instance = recording.find('holland', 'gcp:sql/databaseInstance:DatabaseInstance');
    expect(instance.inputs).toEqual({
      name: 'holland-0a1b2c3d',
      region: 'europe-west4',
      databaseVersion: 'POSTGRES_18',
      deletionProtection: true,
      settings: {
        tier: 'db-custom-2-8192',
        edition: 'ENTERPRISE',
        availabilityType: 'REGIONAL',
        diskType: 'PD_SSD',
        diskSize: 20,
        diskAutoresize: true,
        diskAutoresizeLimit: 100,
        deletionProtectionEnabled: true,
        databaseFlags: [{ name: 'max_connections', value: '400' }],
        ipConfiguration: {
          ipv4Enabled: false,
          privateNetwork: network,
          sslMode: 'ENCRYPTED_ONLY',
          serverCaMode: 'GOOGLE_MANAGED_INTERNAL_CA',
        },
        backupConfiguration: {
          enabled: true,
          pointInTimeRecoveryEnabled: true,
          transactionLogRetentionDays: 7,
          backupRetentionSettings: { retainedBackups: 7, retentionUnit: 'COUNT' },
        },
        userLabels: { team: 'registry' },
      },
    });
    expect(instance.ignoreChanges).toEqual(['settings.diskSize']);
    expect(recording.find('holland', 'gcp:sql/user:User').inputs).toMatchObject({
      name: 'postgres',
      password: new Secret('password of holland-password'),
    });
  });

  it('is a setting that Harbor’s plan takes, which verifies the server', async () => {
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
      host: '10.97.0.4',
      name: 'registry',
      username: 'postgres',
      password: new Secret('password of holland-password'),
      sslMode: 'verify-ca',
      maxConnections: 400,
      ca: PEM.trim(),
    });
  });

  it.each([
    ['db-custom-1-3840', 100],
    ['db-custom-2-7680', 400],
    ['db-custom-8-32768', 600],
    ['db-custom-32-131072', 1000],
    ['db-custom-1-2048', undefined],
    ['db-f1-micro', undefined],
  ])('knows what %s has memory for', (tier, connections) => {
    expect(connectionsOf(tier)).toBe(connections);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ region: 'Europe' }, 'region: is not valid'],
    [{ version: 16 }, 'version: is not a version that Harbor ships'],
    [{ tier: 'db-custom-1-2048' }, 'maxConnections: is missing'],
    [{ size: '200Gi', maxSize: '100Gi' }, 'maxSize: is smaller than the disk to begin with'],
    [{ backupRetentionDays: 8 }, 'backupRetentionDays: is out of range'],
    [{ vpc: 'x' }, 'vpc: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => database(args))).toEqual([`gcp ManagedDatabase "holland".${mistake}`]);
  });
});

describe('ManagedCache of Google Cloud', () => {
  it('is in the VPC alone, by TLS, with a password and a standby', async () => {
    const recording = await record(() => cache(), options);
    expect(recording.find('holland', 'gcp:redis/instance:Instance').inputs).toEqual({
      name: 'holland',
      region: 'europe-west4',
      displayName: 'Harbor of holland',
      tier: 'STANDARD_HA',
      memorySizeGb: 1,
      redisVersion: 'REDIS_7_2',
      authorizedNetwork: network,
      connectMode: 'PRIVATE_SERVICE_ACCESS',
      authEnabled: true,
      transitEncryptionMode: 'SERVER_AUTHENTICATION',
    });
    const lone = await record(() => cache({ standby: false, memory: '5Gi' }), options);
    expect(lone.find('holland', 'gcp:redis/instance:Instance').inputs).toMatchObject({
      tier: 'BASIC',
      memorySizeGb: 5,
    });
  });

  it('is a setting that Harbor’s plan takes, which verifies the server', async () => {
    const issues = new Issues();
    let setting = {};
    await record(async () => {
      const made = cache();
      readCache(new Reader({ cache: made.cache }, '', issues), 'cache', {
        size: 'large',
        instance: 'harbor',
        namespace: 'harbor',
      });
      setting = await deployed(made.cache);
    }, options);
    expect(issues.all).toEqual([]);
    expect(setting).toEqual({
      type: 'external',
      host: '10.98.0.3',
      port: 6378,
      tls: true,
      password: new Secret('auth'),
      ca: PEM.trim(),
    });
  });

  it.each<[Record<string, unknown>, string]>([
    [{ network: 'x' }, 'network: is not valid'],
    [{ memory: '512Mi' }, 'memory: is not a quantity allowed here'],
    [{ memory: 5 }, 'memory: is not a quantity allowed here'],
    [{ redisVersion: 'VALKEY_8' }, 'redisVersion: is not one of the choices'],
    [{ cluster: true }, 'cluster: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => cache(args))).toEqual([`gcp ManagedCache "holland".${mistake}`]);
  });
});

describe('load balancers of GKE', () => {
  it.each([
    [
      { scheme: 'internal', subnetwork: 'lb', addressName: 'harbor' } as const,
      {
        'networking.gke.io/load-balancer-type': 'Internal',
        'networking.gke.io/internal-load-balancer-allow-global-access': 'true',
        'networking.gke.io/internal-load-balancer-subnet': 'lb',
        'networking.gke.io/load-balancer-ip-addresses': 'harbor',
      },
    ],
    [{ scheme: 'internet-facing' } as const, { 'cloud.google.com/l4-rbs': 'enabled' }],
  ])('%j', (args, expected) => {
    expect(loadBalancerAnnotations(args)).toEqual(expected);
  });

  it('says what does not fit together', () => {
    expect(() => loadBalancerAnnotations({ scheme: 'internet-facing', subnetwork: 'lb' })).toThrow(
      'gcp loadBalancerAnnotations.subnetwork: is not used with an internet-facing load balancer',
    );
    expect(() => loadBalancerAnnotations({} as never)).toThrow('gcp loadBalancerAnnotations.scheme: is missing');
  });
});
