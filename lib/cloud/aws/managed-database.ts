import { Instance, ParameterGroup, SubnetGroup } from '@pulumi/aws/rds';
import { ComponentResource, type ComponentResourceOptions, interpolate, type Output } from '@pulumi/pulumi';
import { RandomId, RandomPassword } from '@pulumi/random';
import type { ExternalDatabase } from '../../plan/database.js';
import { gibibytes } from '../../plan/disk-size.js';
import { plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { serviceSecurityGroups } from './client-access.js';
import { type ManagedDatabaseArgs, readManagedDatabase } from './managed-database-args.js';

/**
 * RDS for PostgreSQL for one Harbor: encrypted, reached by TLS and by the clients named only, with a standby in another zone, daily
 * backups, protection against deletion, and a password made here.
 *
 * ```ts
 * const database = new ManagedDatabase('virginia', { vpcId, subnetIds, clientSecurityGroupIds: [nodeSecurityGroupId] });
 * // regions: { virginia: { database: database.database, … } }
 * ```
 */
export class ManagedDatabase extends ComponentResource {
  /** Host name of the server. */
  readonly host: Output<string>;
  /** Password of the user `postgres`; secret. */
  readonly password: Output<string>;
  /** The security group that is made; nothing with `securityGroupIds`. */
  readonly securityGroupId?: Output<string>;
  /** The setting for a region or a Harbor: `database: database.database`. */
  readonly database: ExternalDatabase;

  constructor(name: string, args: ManagedDatabaseArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:aws:ManagedDatabase', name, {}, opts);
    const settings = readArgs('aws', this, name, args, readManagedDatabase);
    const parent = { parent: this };
    // Made anew by settings, so never protected.
    const renewed = { parent: this, protect: false };
    const { tags } = args;
    const groups = serviceSecurityGroups(this, name, args, { port: 5432, description: `PostgreSQL of ${name}` });
    const subnets = new SubnetGroup(name, { subnetIds: [...args.subnetIds], tags }, parent);
    const parameters = new ParameterGroup(
      `${name}-${settings.version}`,
      {
        family: `postgres${settings.version}`,
        parameters: [
          { name: 'rds.force_ssl', value: '1' },
          { name: 'max_connections', value: String(settings.maxConnections), applyMethod: 'pending-reboot' },
        ],
        tags,
      },
      renewed,
    );
    const password = new RandomPassword(
      `${name}-password`,
      // Harbor writes it into a connection string as it is.
      { length: 32, special: false, keepers: { generation: String(settings.passwordGeneration) } },
      renewed,
    );
    // The name of a snapshot is unique in the account: another installation of this name must not meet it.
    const suffix = new RandomId(`${name}-final`, { byteLength: 4 }, parent);
    const instance = new Instance(
      name,
      {
        identifierPrefix: `${name}-`,
        engine: 'postgres',
        engineVersion: String(settings.version),
        autoMinorVersionUpgrade: true,
        allowMajorVersionUpgrade: true,
        // Harbor is told of it at once, too; otherwise a change would wait for the maintenance window.
        applyImmediately: true,
        instanceClass: settings.instanceClass,
        multiAz: settings.multiAz,
        storageType: 'gp3',
        allocatedStorage: gibibytes(settings.size),
        maxAllocatedStorage: gibibytes(settings.maxSize),
        storageEncrypted: true,
        kmsKeyId: args.kmsKeyArn,
        dbName: 'registry',
        username: 'postgres',
        password: password.result,
        dbSubnetGroupName: subnets.name,
        vpcSecurityGroupIds: [...groups.ids],
        parameterGroupName: parameters.name,
        publiclyAccessible: false,
        backupRetentionPeriod: settings.backupRetentionDays,
        copyTagsToSnapshot: true,
        deleteAutomatedBackups: !settings.finalSnapshot,
        deletionProtection: settings.deletionProtection,
        skipFinalSnapshot: !settings.finalSnapshot,
        finalSnapshotIdentifier: settings.finalSnapshot ? interpolate`${name}-final-${suffix.hex}` : undefined,
        tags,
      },
      parent,
    );
    this.host = instance.address;
    this.password = password.result;
    this.securityGroupId = groups.made?.id;
    this.database = plain<ExternalDatabase>({
      type: 'external',
      host: this.host,
      name: 'registry',
      username: 'postgres',
      password: this.password,
      sslMode: args.ca === undefined ? 'require' : 'verify-full',
      maxConnections: settings.maxConnections,
      ca: args.ca,
    });
    this.registerOutputs({ host: this.host, password: this.password });
  }
}
