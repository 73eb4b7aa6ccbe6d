import { Account, Database, Instance } from '@pulumi/alicloud/rds';
import { all, ComponentResource, type ComponentResourceOptions, interpolate, type Output } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';
import type { ExternalDatabase } from '../../plan/database.js';
import { gibibytes, readGrowth } from '../../plan/disk-size.js';
import type { Size } from '../../plan/quantities.js';
import type { Reader } from '../../plan/reader.js';
import { PEM } from '../../plan/tls.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { readConnections } from '../postgres.js';
import {
  CLIENT_ACCESS,
  type ClientAccess,
  checkInstanceName,
  readClientAccess,
  type Tagged,
  VSWITCH_ID,
  ZONE_ID,
} from './args.js';

/** RDS for PostgreSQL, for one Harbor. VPC, vSwitches and zones can never be changed: another would mean a new, empty database. */
export interface ManagedDatabaseProps extends ClientAccess, Tagged {
  /**
   * Zone of the standby, which takes over when the first fails; together with `standbyVswitchId`. Choose it at the beginning: it can never be
   * added, changed or taken away. @default - in the same zone, which survives a server, not a zone
   */
  readonly standbyZoneId?: string;
  /** vSwitch of that zone, in the same VPC: the database has its address there after a failover. @default - that of the first */
  readonly standbyVswitchId?: string;
  /**
   * Major version of PostgreSQL that the region's RDS has: Harbor 2.15.2 ships 18, and works with 14 and later. A higher one upgrades the
   * instance at once, where it stands: RDS checks it, then it takes no writes and cuts connections, for minutes. By the documentation of 2025
   * RDS upgrades from 16 and earlier, and there is no way back. @default 15
   */
  readonly version?: 14 | 15 | 16 | 17 | 18;
  /** Instance type, of the high-availability edition. @default pg.n2.2c.2m, 2 cores and 4 GiB: for medium */
  readonly instanceType?: `pg.${string}`;
  /** Size of the ESSD to begin with, 20Gi to 32Ti. @default 20Gi */
  readonly size?: Size;
  /** Size up to which RDS grows the disk by itself when it fills; costs what it has grown to, and never shrinks. @default 100Gi, or `size` where that is more */
  readonly maxSize?: Size;
  /** Connections of the instance type, which RDS sets; needed for another than the default. @default 400, those of pg.n2.2c.2m */
  readonly maxConnections?: number;
  /**
   * RDS refuses to delete the instance, and Pulumi to replace it by an empty one; set `false` and deploy before you remove it.
   * @default true
   */
  readonly deletionProtection?: boolean;
  /** Add one for a new password. It is changed at once, and pods that have not rolled yet cannot connect anew until they have. @default 1 */
  readonly passwordGeneration?: number;
  /** PEM of the CA of RDS, from its console. Harbor then verifies the server (`verify-ca`). @default - it encrypts without verifying (`require`) */
  readonly ca?: string;
}

/** As {@link ManagedDatabaseProps}, with an Output wherever free text goes. */
export type ManagedDatabaseArgs = Inputs<ManagedDatabaseProps>;

const USER = 'harbor';

/**
 * RDS for PostgreSQL for one Harbor: high availability, reached by TLS and by the clients named only, with protection against deletion and a
 * password made here.
 *
 * ```ts
 * const database = new ManagedDatabase('hangzhou', { vpcId, vswitchId, zoneId, clientCidrs: ['10.1.0.0/16'] });
 * // regions: { hangzhou: { database: database.database, … } }
 * ```
 */
export class ManagedDatabase extends ComponentResource {
  readonly host: Output<string>;
  /** Secret. */
  readonly password: Output<string>;
  /** The setting for a region or a Harbor: `database: database.database`. */
  readonly database: ExternalDatabase;

  constructor(name: string, args: ManagedDatabaseArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:alicloud:ManagedDatabase', name, {}, opts);
    const settings = readArgs('alicloud', this, name, args, readManagedDatabase);
    const parent = { parent: this };
    const password = new RandomPassword(
      `${name}-password`,
      {
        // RDS takes 32 characters of three kinds; Harbor writes them into a connection string as they are.
        length: 32,
        special: false,
        minUpper: 1,
        minLower: 1,
        minNumeric: 1,
        keepers: { generation: String(settings.passwordGeneration) },
      },
      // Made anew by each generation, so never protected.
      { ...parent, protect: false },
    );
    const instance = new Instance(
      name,
      {
        instanceName: name,
        engine: 'PostgreSQL',
        engineVersion: `${settings.version}.0`,
        // Read by an upgrade only, which RDS refuses without it: statistics are there when queries come back.
        collectStatMode: 'Before',
        category: 'HighAvailability',
        instanceType: settings.instanceType,
        instanceChargeType: 'Postpaid',
        dbInstanceStorageType: 'cloud_essd',
        instanceStorage: gibibytes(settings.size),
        storageAutoScale: 'Enable',
        storageThreshold: 10,
        storageUpperBound: gibibytes(settings.maxSize),
        vpcId: args.vpcId,
        // One for each zone, in the order of the zones.
        vswitchId:
          args.standbyVswitchId === undefined
            ? args.vswitchId
            : interpolate`${args.vswitchId},${args.standbyVswitchId}`,
        zoneId: args.zoneId,
        zoneIdSlaveA: args.standbyZoneId ?? args.zoneId,
        securityIps: [...args.clientCidrs],
        sslAction: 'Open',
        caType: 'aliyun',
        deletionProtection: settings.deletionProtection,
        tags: args.tags,
      },
      // RDS would refuse only after Harbor has been led to a new, empty instance.
      { ...parent, protect: settings.deletionProtection || undefined },
    );
    const account = new Account(
      name,
      { dbInstanceId: instance.id, accountName: USER, accountPassword: password.result, accountType: 'Super' },
      parent,
    );
    const database = new Database(
      name,
      { instanceId: instance.id, dataBaseName: 'registry', characterSet: 'UTF8,C,en_US.utf8' },
      { ...parent, dependsOn: account },
    );
    // Nobody can log in before user and database are there.
    this.host = all([instance.connectionString, account.id, database.id]).apply(([host]) => host);
    this.password = password.result;
    this.database = plain<ExternalDatabase>({
      type: 'external',
      host: this.host,
      name: 'registry',
      username: USER,
      password: this.password,
      sslMode: args.ca === undefined ? 'require' : 'verify-ca',
      maxConnections: settings.maxConnections,
      ca: args.ca,
    });
    this.registerOutputs({ host: this.host, password: this.password });
  }
}

/** Reads zone and vSwitch of the standby: RDS takes a vSwitch for each zone. */
function readStandby(reader: Reader): void {
  reader.text('standbyZoneId', ZONE_ID);
  reader.text('standbyVswitchId', VSWITCH_ID);
  if (reader.has('standbyZoneId') && !reader.has('standbyVswitchId')) {
    reader.missing(
      'standbyVswitchId',
      'a vSwitch in standbyZoneId, such as vsw-bp1a2b3c4d5e6f: RDS takes one for each zone',
    );
  }
  if (reader.has('standbyVswitchId') && !reader.has('standbyZoneId')) {
    reader.missing('standbyZoneId', 'the zone of standbyVswitchId, such as cn-hangzhou-i');
  }
}

const DEFAULT_TYPE = 'pg.n2.2c.2m';

function readManagedDatabase(reader: Reader, name: string) {
  checkInstanceName(reader, name);
  reader.only(
    ...CLIENT_ACCESS,
    ...['standbyZoneId', 'standbyVswitchId', 'version', 'instanceType', 'size', 'maxSize', 'maxConnections'],
    ...['deletionProtection', 'passwordGeneration', 'ca', 'tags'],
  );
  readClientAccess(reader);
  readStandby(reader);
  reader.text('ca', PEM);
  reader.textMap('tags');
  const instanceType =
    reader.text('instanceType', { pattern: /^pg\.[a-z0-9.-]+$/, allowed: 'an instance type such as pg.n4.4c.2m' }) ??
    DEFAULT_TYPE;
  return {
    version: reader.count('version', 14, 18) ?? 15,
    instanceType,
    ...readGrowth(reader, '20Gi', '32Ti'),
    maxConnections: readConnections(reader, instanceType === DEFAULT_TYPE ? 400 : undefined, instanceType),
    deletionProtection: reader.flag('deletionProtection') ?? true,
    passwordGeneration: reader.count('passwordGeneration', 1, 1_000_000) ?? 1,
  };
}
