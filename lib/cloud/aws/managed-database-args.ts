import { readGrowth } from '../../plan/disk-size.js';
import type { Size } from '../../plan/quantities.js';
import type { Reader } from '../../plan/reader.js';
import { PEM } from '../../plan/tls.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { readPostgresVersion } from '../postgres.js';
import { ARN, checkServerName, type Tagged } from './args.js';
import { CLIENT_ACCESS, type ClientAccess, readClientAccess } from './client-access.js';
import { connectionsOf } from './database-connections.js';

/** RDS for PostgreSQL, for one Harbor. */
export interface ManagedDatabaseProps extends ClientAccess, Tagged {
  /**
   * Major version of PostgreSQL, the one that Harbor ships: 18 for Harbor 2.15.2, 15 for 2.14. A higher one upgrades the instance at once:
   * it is away for minutes, with its standby, and the only way back is the snapshot that RDS takes before where it keeps backups. @default 18
   */
  readonly version?: 15 | 18;
  /**
   * Instance class. Another one is taken at once and restarts the database: minutes without a standby, one to two with `multiAz`.
   * @default db.t4g.medium, 4 GiB of memory: for medium; large wants db.m7g.large or more
   */
  readonly instanceClass?: `db.${string}`;
  /** A standby in another zone takes over within one to two minutes; doubles the cost of the instance and its storage. @default true */
  readonly multiAz?: boolean;
  /** Size of the gp3 volume to begin with, 20Gi to 64Ti. @default 20Gi */
  readonly size?: Size;
  /** Size up to which RDS grows the volume by itself when it fills; costs what it has grown to, and never shrinks. @default 100Gi, or `size` where that is more */
  readonly maxSize?: Size;
  /**
   * Connections that the server accepts (`max_connections`). A change takes effect when the instance restarts.
   * Needed for an instance class whose memory is not known here.
   * @default - by the memory of the instance class, with the rule of RDS less a tenth: 405 for db.t4g.medium, 811 for db.m7g.large
   */
  readonly maxConnections?: number;
  /** Days for which daily backups and the log for every point in time are kept, 0 to 35; RDS includes as much of it as the volume is large. @default 7 */
  readonly backupRetentionDays?: number;
  /** RDS refuses to delete the instance; set `false` and deploy before you remove it. @default true */
  readonly deletionProtection?: boolean;
  /** A snapshot is taken when the instance is deleted, and stays; it costs its storage. @default true */
  readonly finalSnapshot?: boolean;
  /** ARN of the key that encrypts volume, backups and snapshots; changing it makes a new, empty database, and Harbor moves to it. @default - the key that AWS keeps for RDS, at no cost */
  readonly kmsKeyArn?: string;
  /** Add one for a new password. It is changed at once, and pods that have not rolled yet cannot connect anew until they have. @default 1 */
  readonly passwordGeneration?: number;
  /**
   * PEM of the CAs of RDS in this region, which no system trusts by itself:
   * `https://truststore.pki.rds.amazonaws.com/<region>/<region>-bundle.pem`. Harbor then verifies the server (`verify-full`).
   * @default - Harbor encrypts without verifying who answers (`require`)
   */
  readonly ca?: string;
}

/** As {@link ManagedDatabaseProps}, with an Output wherever free text goes. */
export type ManagedDatabaseArgs = Inputs<ManagedDatabaseProps>;

/** Reads what decides about the database's resources. */
export function readManagedDatabase(reader: Reader, name: string) {
  // RDS takes 63 characters; the provider appends 26 to make it unique.
  checkServerName(reader, name, 36);
  reader.only(
    ...CLIENT_ACCESS,
    ...['version', 'instanceClass', 'multiAz', 'size', 'maxSize', 'maxConnections', 'backupRetentionDays'],
    ...['deletionProtection', 'finalSnapshot', 'kmsKeyArn', 'passwordGeneration', 'ca', 'tags'],
  );
  readClientAccess(reader, 2, 'are too few: RDS wants two availability zones, also for an instance without a standby');
  reader.text('kmsKeyArn', ARN);
  reader.text('ca', PEM);
  reader.textMap('tags');
  const instanceClass = reader.text('instanceClass', INSTANCE_CLASS) ?? 'db.t4g.medium';
  const backupRetentionDays = reader.count('backupRetentionDays', 0, 35) ?? 7;
  const deletionProtection = reader.flag('deletionProtection') ?? true;
  if (backupRetentionDays === 0 && deletionProtection) {
    reader.issues.error(
      reader.at('backupRetentionDays'),
      'leaves a protected database without any backup',
      0,
      '1 to 35 days; 0 only with deletionProtection: false, for what may be lost',
      'remove it to keep backups for 7 days',
    );
  }
  return {
    version: readPostgresVersion(reader),
    instanceClass,
    multiAz: reader.flag('multiAz') ?? true,
    ...readGrowth(reader, '20Gi', '64Ti'),
    maxConnections: readMaxConnections(reader, instanceClass),
    backupRetentionDays,
    deletionProtection,
    finalSnapshot: reader.flag('finalSnapshot') ?? true,
    passwordGeneration: reader.count('passwordGeneration', 1, 1_000_000) ?? 1,
  };
}

const INSTANCE_CLASS = { pattern: /^db\.[a-z0-9-]+\.[a-z0-9]+$/, allowed: 'an instance class such as db.m7g.large' };

function readMaxConnections(reader: Reader, instanceClass: string): number {
  // The bounds of RDS for PostgreSQL.
  const given = reader.count('maxConnections', 6, 262143);
  const known = connectionsOf(instanceClass);
  if (given === undefined && known === undefined && INSTANCE_CLASS.pattern.test(instanceClass)) {
    reader.missing('maxConnections', `what ${instanceClass}, whose memory is not known here, has memory for`);
  }
  return given ?? known ?? 100;
}
