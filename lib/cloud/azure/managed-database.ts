import { Database, Server } from '@pulumi/azure-native/dbforpostgresql';
import { ComponentResource, type ComponentResourceOptions, interpolate, type Output } from '@pulumi/pulumi';
import { RandomId, RandomPassword } from '@pulumi/random';
import type { ExternalDatabase } from '../../plan/database.js';
import { gibibytes } from '../../plan/disk-size.js';
import type { Reader } from '../../plan/reader.js';
import { PEM } from '../../plan/tls.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { readConnections, readPostgresVersion } from '../postgres.js';
import { LOCATION, PRIVATE_ZONE_ID, RESOURCE_GROUP, SUBNET_ID, type Tagged } from './args.js';

// The sizes that Azure has.
const SIZES = ['32Gi', '64Gi', '128Gi', '256Gi', '512Gi', '1Ti', '2Ti', '4Ti', '8Ti', '16Ti'] as const;

/** Azure Database for PostgreSQL, flexible server, for one Harbor. */
export interface ManagedDatabaseProps extends Tagged {
  readonly resourceGroupName: string;
  /** Azure's own name of the region, such as `westeurope`; it can never be changed. */
  readonly location: string;
  /** Subnet of its own, delegated to `Microsoft.DBforPostgreSQL/flexibleServers`. */
  readonly subnetId: string;
  /** Private zone whose name ends in `.postgres.database.azure.com`, linked to the virtual network of the clients. */
  readonly privateDnsZoneId: string;
  /** Major version of PostgreSQL, the one that Harbor ships: 18 for Harbor 2.15.2, 15 for 2.14. A higher one upgrades the server at once: it is away for minutes, and there is no way back but a backup. @default 18 */
  readonly version?: 15 | 18;
  /** Size, by the hour; burstable ones (`Standard_B…`) have no standby. @default Standard_D2ds_v5, 8 GiB of memory, for medium */
  readonly sku?: `Standard_${'B' | 'D' | 'E'}${string}`;
  /** A standby in another zone takes over within one to two minutes; doubles the cost. @default true */
  readonly standby?: boolean;
  /**
   * Size of the disk to begin with. It grows by itself when it fills, and never shrinks; a change of this later does nothing. Once it
   * has grown, an update that changes the server fails, because it asks for the size that the stack knows: use `pulumi up --refresh`. @default 32Gi
   */
  readonly size?: (typeof SIZES)[number];
  /** Connections that the server accepts from users, 25 to 262143. Needed for burstable sizes. @default - what Azure gives a server of this memory, less the 15 that it keeps: 844 for 8 GiB */
  readonly maxConnections?: number;
  /** Days for which daily backups and the log for every point in time are kept, 7 to 35; Azure includes as much of it as the disk is large. @default 7 */
  readonly backupRetentionDays?: number;
  /** Keeps backups in the paired region too, for disasters; costs their storage, and can never be changed. @default false */
  readonly geoRedundantBackup?: boolean;
  /** Add one for a new password. It is changed at once, and pods that have not rolled yet cannot connect anew until they have. @default 1 */
  readonly passwordGeneration?: number;
  /** The server stays in Azure when it leaves the stack. With `false` it is deleted, with its backups. @default true */
  readonly retainOnDelete?: boolean;
  /**
   * PEM of the CAs of Azure's servers: DigiCert Global Root G2 and Microsoft RSA Root CA 2017. Harbor then verifies the server
   * (`verify-full`). @default - Harbor encrypts without verifying who answers (`require`)
   */
  readonly ca?: string;
}

/** As {@link ManagedDatabaseProps}, with an Output wherever free text goes. */
export type ManagedDatabaseArgs = Inputs<ManagedDatabaseProps>;

const USER = 'harbor';

/**
 * Azure Database for PostgreSQL (flexible server) for one Harbor: in the virtual network alone, by TLS, with a standby in another zone,
 * backups and a password made here. It stays in Azure when it leaves the stack.
 *
 * ```ts
 * const database = new ManagedDatabase('holland', { resourceGroupName, location: 'westeurope', subnetId, privateDnsZoneId });
 * // regions: { holland: { database: database.database, … } }
 * ```
 */
export class ManagedDatabase extends ComponentResource {
  /** Host name of the server. */
  readonly host: Output<string>;
  /** Password of the user `harbor`; secret. */
  readonly password: Output<string>;
  /** The setting for a region or a Harbor: `database: database.database`. */
  readonly database: ExternalDatabase;

  constructor(name: string, args: ManagedDatabaseArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:azure:ManagedDatabase', name, {}, opts);
    const settings = readArgs('azure', this, name, args, readManagedDatabase);
    const parent = { parent: this };
    const kept = { parent: this, retainOnDelete: settings.retainOnDelete };
    const { resourceGroupName, location, tags } = args;
    const password = new RandomPassword(
      `${name}-password`,
      // Harbor writes it into a connection string as it is; Azure wants three kinds of characters.
      {
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
    // The name of a server is unique in all of Azure.
    const suffix = new RandomId(name, { byteLength: 4 }, parent);
    const server = new Server(
      name,
      {
        serverName: interpolate`${name}-${suffix.hex}`,
        resourceGroupName,
        location,
        tags,
        version: String(settings.version),
        createMode: 'Default',
        sku: { name: settings.sku, tier: TIERS[settings.sku.charAt('Standard_'.length)] ?? '' },
        administratorLogin: USER,
        administratorLoginPassword: password.result,
        authConfig: { passwordAuth: 'Enabled', activeDirectoryAuth: 'Disabled' },
        highAvailability: { mode: settings.standby ? 'ZoneRedundant' : 'Disabled' },
        storage: { storageSizeGB: gibibytes(settings.size), autoGrow: 'Enabled' },
        backup: {
          backupRetentionDays: settings.backupRetentionDays,
          geoRedundantBackup: settings.geoRedundantBackup ? 'Enabled' : 'Disabled',
        },
        network: {
          delegatedSubnetResourceId: args.subnetId,
          privateDnsZoneArmResourceId: args.privateDnsZoneId,
          publicNetworkAccess: 'Disabled',
        },
      },
      {
        ...kept,
        additionalSecretOutputs: ['administratorLoginPassword'],
        // The disk grows by itself, and Azure refuses to make it smaller. What is ignored is sent as it is in the stack's state, so only a refresh learns
        // of the growth.
        ignoreChanges: ['storage.storageSizeGB'],
      },
    );
    const database = new Database(
      name,
      {
        resourceGroupName,
        serverName: server.name,
        databaseName: 'registry',
        charset: 'UTF8',
        collation: 'en_US.utf8',
      },
      kept,
    );
    // Harbor does not wait for the database by itself.
    this.host = interpolate`${server.fullyQualifiedDomainName}${database.id.apply(() => '')}`;
    this.password = password.result;
    this.database = plain<ExternalDatabase>({
      type: 'external',
      host: this.host,
      name: 'registry',
      username: USER,
      password: this.password,
      sslMode: args.ca === undefined ? 'require' : 'verify-full',
      maxConnections: settings.maxConnections,
      ca: args.ca,
    });
    this.registerOutputs({ host: this.host, password: this.password });
  }
}

const TIERS: Readonly<Record<string, string>> = { B: 'Burstable', D: 'GeneralPurpose', E: 'MemoryOptimized' };

/**
 * Connections that Azure leaves to users by memory (https://learn.microsoft.com/azure/postgresql/configure-maintain/concepts-limits);
 * nothing for a size that is not known here.
 */
export function connectionsOf(sku: string): number | undefined {
  const [, family, cores] = /^Standard_([DE])(\d+)[a-z]*(?:_v\d+)?$/.exec(sku) ?? [];
  if (family === undefined) return undefined;
  const gibibytes = Number(cores) * (family === 'D' ? 4 : 8);
  return Math.min(5000, Math.floor(gibibytes * 107.42)) - 15;
}

function readManagedDatabase(reader: Reader, name: string) {
  reader.only(
    ...['resourceGroupName', 'location', 'subnetId', 'privateDnsZoneId', 'version', 'sku', 'standby', 'size'],
    ...['maxConnections', 'backupRetentionDays', 'geoRedundantBackup', 'passwordGeneration', 'retainOnDelete'],
    ...['ca', 'tags'],
  );
  if (!/^[a-z0-9](-?[a-z0-9])*$/.test(name) || name.length > 54) {
    const allowed = 'at most 54 lower-case letters, digits and single "-"';
    const fix = 'choose another name for the component';
    reader.issues.error(reader.path, 'is no name for a server of Azure', name, allowed, fix);
  }
  reader.requiredText('resourceGroupName', RESOURCE_GROUP);
  reader.requiredText('location', LOCATION);
  reader.requiredText('subnetId', SUBNET_ID);
  reader.requiredText('privateDnsZoneId', PRIVATE_ZONE_ID);
  reader.text('ca', PEM);
  reader.textMap('tags');
  const sku =
    reader.text('sku', { pattern: /^Standard_[BDE]\w+$/, allowed: 'a size such as Standard_D4ds_v5', known: true }) ??
    'Standard_D2ds_v5';
  const standby = reader.flag('standby') ?? true;
  if (standby && sku.startsWith('Standard_B')) {
    const problem = 'is burstable, and has no standby';
    reader.issues.error(
      reader.at('sku'),
      problem,
      sku,
      'Standard_D… or Standard_E…',
      'change it, or set standby: false',
    );
  }
  return {
    version: readPostgresVersion(reader),
    sku,
    standby,
    size: reader.choice('size', SIZES) ?? '32Gi',
    maxConnections: readConnections(reader, connectionsOf(sku), sku),
    backupRetentionDays: reader.count('backupRetentionDays', 7, 35) ?? 7,
    geoRedundantBackup: reader.flag('geoRedundantBackup') ?? false,
    passwordGeneration: reader.count('passwordGeneration', 1, 1_000_000) ?? 1,
    retainOnDelete: reader.flag('retainOnDelete') ?? true,
  };
}
