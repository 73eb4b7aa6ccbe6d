import { Database, DatabaseInstance, User } from '@pulumi/gcp/sql';
import { ComponentResource, type ComponentResourceOptions, interpolate, type Output, unsecret } from '@pulumi/pulumi';
import { RandomId, RandomPassword } from '@pulumi/random';
import type { ExternalDatabase } from '../../plan/database.js';
import { gibibytes, readGrowth } from '../../plan/disk-size.js';
import type { Size } from '../../plan/quantities.js';
import type { Reader } from '../../plan/reader.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { readConnections, readPostgresVersion } from '../postgres.js';
import { type Labelled, NAME, NETWORK_LINK, PROJECT, REGION } from './args.js';

/** Cloud SQL for PostgreSQL, for one Harbor. */
export interface ManagedDatabaseProps extends Labelled {
  /** Self link of the VPC, with private services access. */
  readonly network: string;
  /** Google's own name of the region, such as `europe-west4`; it can never be changed. */
  readonly region: string;
  /** Project of the instance. @default - that of the provider */
  readonly project?: string;
  /** Major version of PostgreSQL, the one that Harbor ships: 18 for Harbor 2.15.2, 15 for 2.14. A higher one upgrades the instance at once: it is away for minutes, and there is no way back but a backup. @default 18 */
  readonly version?: 15 | 18;
  /** Machine type of the edition Enterprise, `db-custom-<processors>-<MiB>`, by the hour. @default db-custom-2-8192, for medium */
  readonly tier?: `db-custom-${number}-${number}`;
  /** A standby in another zone takes over within about a minute; doubles the cost. @default true */
  readonly standby?: boolean;
  /**
   * Size of the disk to begin with, 10Gi to 64Ti. It grows by itself when it fills, and never shrinks; a change of this later does nothing. Once it
   * has grown, an update that changes the server fails, because it asks for the size that the stack knows: use `pulumi up --refresh`. @default 20Gi
   */
  readonly size?: Size;
  /** Size up to which it grows; costs what it has grown to. @default 100Gi, or `size` where that is more */
  readonly maxSize?: Size;
  /** Connections that the server accepts, 25 to 262143; a change restarts it. Needed for less than 3.75 GiB of memory. @default - what Google gives a machine of this memory: 400 for 8 GiB */
  readonly maxConnections?: number;
  /** Days for which daily backups and the log for every point in time are kept, 1 to 7; costs its storage. @default 7 */
  readonly backupRetentionDays?: number;
  /**
   * Google and Pulumi refuse to delete the instance; set `false` and deploy before you remove it. With `false` another `region` or `project`
   * deletes it, and makes a new, empty one. @default true
   */
  readonly deletionProtection?: boolean;
  /** Add one for a new password. It is changed at once, and pods that have not rolled yet cannot connect anew until they have. @default 1 */
  readonly passwordGeneration?: number;
  /** Name of the address range reserved for private services. @default - chosen by Google */
  readonly allocatedIpRange?: string;
}

/** As {@link ManagedDatabaseProps}, with an Output wherever free text goes. */
export type ManagedDatabaseArgs = Inputs<ManagedDatabaseProps>;

/**
 * Cloud SQL for PostgreSQL for one Harbor: in the VPC alone, by TLS against the instance's own CA, with a standby in another zone,
 * backups, protection against deletion, and a password made here.
 *
 * ```ts
 * const database = new ManagedDatabase('holland', { network, region: 'europe-west4' });
 * // regions: { holland: { database: database.database, … } }
 * ```
 */
export class ManagedDatabase extends ComponentResource {
  /** Its private IPv4 address. */
  readonly host: Output<string>;
  /** Password of the user `postgres`; secret. */
  readonly password: Output<string>;
  /** PEM of the instance's own CA. */
  readonly ca: Output<string>;
  /** The setting for a region or a Harbor: `database: database.database`. */
  readonly database: ExternalDatabase;

  constructor(name: string, args: ManagedDatabaseArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:gcp:ManagedDatabase', name, {}, opts);
    const settings = readArgs('gcp', this, name, args, readManagedDatabase);
    const parent = { parent: this };
    const { network, region, project, labels } = args;
    // Google keeps the name of an instance that was deleted for a week.
    const suffix = new RandomId(name, { byteLength: 4 }, parent);
    const instance = new DatabaseInstance(
      name,
      {
        name: interpolate`${name}-${suffix.hex}`,
        project,
        region,
        databaseVersion: `POSTGRES_${settings.version}`,
        deletionProtection: settings.deletionProtection,
        settings: {
          tier: settings.tier,
          edition: 'ENTERPRISE',
          availabilityType: settings.standby ? 'REGIONAL' : 'ZONAL',
          diskType: 'PD_SSD',
          diskSize: gibibytes(settings.size),
          diskAutoresize: true,
          diskAutoresizeLimit: gibibytes(settings.maxSize),
          deletionProtectionEnabled: settings.deletionProtection,
          databaseFlags: [{ name: 'max_connections', value: String(settings.maxConnections) }],
          ipConfiguration: {
            ipv4Enabled: false,
            privateNetwork: network,
            allocatedIpRange: args.allocatedIpRange,
            sslMode: 'ENCRYPTED_ONLY',
            serverCaMode: 'GOOGLE_MANAGED_INTERNAL_CA',
          },
          backupConfiguration: {
            enabled: true,
            pointInTimeRecoveryEnabled: true,
            transactionLogRetentionDays: settings.backupRetentionDays,
            backupRetentionSettings: { retainedBackups: settings.backupRetentionDays, retentionUnit: 'COUNT' },
          },
          userLabels: labels,
        },
      },
      {
        ...parent,
        // The disk grows by itself, and a smaller one would mean a new instance. What is ignored is sent as it is in the stack's state, as is what is left
        // out (https://github.com/pulumi/pulumi-gcp/issues/549), so only a refresh learns of the growth.
        ignoreChanges: ['settings.diskSize'],
      },
    );
    const password = new RandomPassword(
      `${name}-password`,
      // Harbor writes it into a connection string as it is.
      { length: 32, special: false, keepers: { generation: String(settings.passwordGeneration) } },
      // Made anew by each generation, so never protected.
      { ...parent, protect: false },
    );
    const user = new User(
      name,
      { instance: instance.name, project, name: 'postgres', password: password.result, deletionPolicy: 'ABANDON' },
      parent,
    );
    const database = new Database(
      name,
      { instance: instance.name, project, name: 'registry', deletionPolicy: 'ABANDON' },
      { ...parent, dependsOn: user },
    );
    // Harbor waits for neither user nor database by itself.
    this.host = interpolate`${instance.privateIpAddress}${database.id.apply(() => '')}`;
    this.password = password.result;
    this.ca = unsecret(instance.serverCaCerts.apply((found) => found.map(({ cert }) => cert.trim()).join('\n')));
    this.database = plain<ExternalDatabase>({
      type: 'external',
      host: this.host,
      name: 'registry',
      username: 'postgres',
      password: this.password,
      // Certificates of this CA bear no address.
      sslMode: 'verify-ca',
      maxConnections: settings.maxConnections,
      ca: this.ca,
    });
    this.registerOutputs({ host: this.host, password: this.password });
  }
}

// https://cloud.google.com/sql/docs/postgres/flags: from so many GiB, so many connections.
const CONNECTIONS = [
  [120, 1000],
  [60, 800],
  [30, 600],
  [15, 500],
  [7.5, 400],
  [6, 200],
  [3.75, 100],
] as const;

/** Connections that Google gives a machine type; nothing for one that is not known here. */
export function connectionsOf(tier: string): number | undefined {
  const [, mebibytes] = /^db-custom-\d+-(\d+)$/.exec(tier) ?? [];
  if (mebibytes === undefined) return undefined;
  return CONNECTIONS.find(([gibibytes]) => Number(mebibytes) / 1024 >= gibibytes)?.[1];
}

function readManagedDatabase(reader: Reader, name: string) {
  reader.only(
    ...['network', 'region', 'project', 'version', 'tier', 'standby', 'size', 'maxSize', 'maxConnections'],
    ...['backupRetentionDays', 'deletionProtection', 'passwordGeneration', 'allocatedIpRange', 'labels'],
  );
  // Cloud SQL takes 98 characters together with the id of the project.
  if (!NAME.pattern.test(name) || name.length > 58) {
    const allowed = 'at most 58 lower-case letters, digits and "-", beginning with a letter';
    const fix = 'choose another name for the component';
    reader.issues.error(reader.path, 'is no name for an instance of Cloud SQL', name, allowed, fix);
  }
  reader.requiredText('network', NETWORK_LINK);
  reader.requiredText('region', REGION);
  reader.text('project', PROJECT);
  reader.text('allocatedIpRange', NAME);
  reader.textMap('labels');
  const tier =
    reader.text('tier', { pattern: /^db-custom-\d+-\d+$/, allowed: 'a machine type such as db-custom-4-16384' }) ??
    'db-custom-2-8192';
  return {
    version: readPostgresVersion(reader),
    tier,
    standby: reader.flag('standby') ?? true,
    ...readGrowth(reader, '10Gi', '64Ti'),
    maxConnections: readConnections(reader, connectionsOf(tier), tier),
    backupRetentionDays: reader.count('backupRetentionDays', 1, 7) ?? 7,
    deletionProtection: reader.flag('deletionProtection') ?? true,
    passwordGeneration: reader.count('passwordGeneration', 1, 1_000_000) ?? 1,
  };
}
