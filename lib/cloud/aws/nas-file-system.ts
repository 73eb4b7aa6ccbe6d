import { AccessPoint, BackupPolicy, FileSystem, FileSystemPolicy, MountTarget } from '@pulumi/aws/efs';
import { all, ComponentResource, type ComponentResourceOptions, jsonStringify, type Output } from '@pulumi/pulumi';
import { HARBOR_USER } from '../../plan/harbor-images.js';
import type { Reader } from '../../plan/reader.js';
import type { NasStorage } from '../../plan/storage.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { ARN, type Tagged } from './args.js';
import { CLIENT_ACCESS, type ClientAccess, readClientAccess, serviceSecurityGroups } from './client-access.js';

/** An EFS file system for the images of one Harbor. */
export interface NasFileSystemProps extends ClientAccess, Tagged {
  /** ARN of the key that encrypts it; changing it makes a new, empty file system, and Harbor moves to it. @default - the key that AWS keeps for EFS, at no cost */
  readonly kmsKeyArn?: string;
  /**
   * `elastic` takes what is asked for and costs by the amount read and written; `bursting` is included and grows with what is
   * stored, too little for a new registry; `provisioned` costs by the month. @default elastic
   */
  readonly throughputMode?: 'elastic' | 'bursting' | 'provisioned';
  /** MiB/s of `provisioned`, 1 to 3414. */
  readonly provisionedThroughputInMibps?: number;
  /** Daily copies by AWS Backup, kept for 35 days; costs the storage of what changed. @default true */
  readonly backup?: boolean;
  /** Folder of this Harbor in the file system, made for its user; changing it makes a new, empty one, and Harbor moves to it. @default /harbor */
  readonly rootDirectory?: string;
  /** The file system stays in AWS when it leaves the stack. With `false` it is deleted, with all images. @default true */
  readonly retainOnDelete?: boolean;
}

/** As {@link NasFileSystemProps}, with an Output wherever free text goes. */
export type NasFileSystemArgs = Inputs<NasFileSystemProps>;

/**
 * An EFS file system for the images of one Harbor: encrypted at rest and on the way, reached by the clients named only, through an
 * access point that acts as Harbor's user. No pod needs a key or a role for it. The cluster needs the EFS CSI driver.
 *
 * ```ts
 * const nas = new NasFileSystem('virginia', { vpcId, subnetIds, clientSecurityGroupIds: [nodeSecurityGroupId] });
 * // regions: { virginia: { storage: nas.storage, … } }
 * ```
 */
export class NasFileSystem extends ComponentResource {
  /** Identifier of the file system, such as `fs-0123456789abcdef0`. */
  readonly fileSystemId: Output<string>;
  /** The access point of Harbor's user, such as `fsap-0123456789abcdef0`. */
  readonly accessPointId: Output<string>;
  /** The security group that is made; nothing with `securityGroupIds`. */
  readonly securityGroupId?: Output<string>;
  /** The setting for a region or a Harbor: `storage: nas.storage`, or `{ ...nas.storage, size: '1Ti' }`. */
  readonly storage: NasStorage;

  constructor(name: string, args: NasFileSystemArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:aws:NasFileSystem', name, {}, opts);
    const settings = readArgs('aws', this, name, args, readNasFileSystem);
    const { tags } = args;
    const kept = { parent: this, retainOnDelete: settings.retainOnDelete };
    const fileSystem = new FileSystem(
      name,
      {
        encrypted: true,
        kmsKeyId: args.kmsKeyArn,
        throughputMode: settings.throughputMode,
        provisionedThroughputInMibps: args.provisionedThroughputInMibps,
        tags: { Name: name, ...tags },
      },
      kept,
    );
    const fileSystemId = fileSystem.id;
    new FileSystemPolicy(`${name}-tls`, { fileSystemId, policy: tlsOnly(fileSystem.arn) }, kept);
    new BackupPolicy(
      `${name}-backup`,
      { fileSystemId, backupPolicy: { status: settings.backup ? 'ENABLED' : 'DISABLED' } },
      kept,
    );
    const groups = serviceSecurityGroups(this, name, args, { port: 2049, description: `NFS of ${name}` });
    const targets = args.subnetIds.map(
      (subnetId, i) =>
        new MountTarget(
          `${name}-${i}`,
          { fileSystemId, subnetId, securityGroups: [...groups.ids] },
          { parent: this, deleteBeforeReplace: true, protect: false },
        ),
    );
    const accessPoint = new AccessPoint(
      `${name}-harbor`,
      {
        fileSystemId,
        posixUser: { uid: HARBOR_USER, gid: HARBOR_USER },
        rootDirectory: {
          path: args.rootDirectory ?? '/harbor',
          creationInfo: { ownerUid: HARBOR_USER, ownerGid: HARBOR_USER, permissions: '0750' },
        },
        tags,
      },
      { parent: this },
    );
    this.fileSystemId = fileSystemId;
    // Nothing can mount it before it has an address in the nodes' zone.
    this.accessPointId = all(targets.map((target) => target.id)).apply(() => accessPoint.id);
    this.securityGroupId = groups.made?.id;
    this.storage = plain<NasStorage>({
      type: 'nas',
      fileSystemId: this.fileSystemId,
      accessPointId: this.accessPointId,
    });
    this.registerOutputs({ fileSystemId: this.fileSystemId, accessPointId: this.accessPointId });
  }
}

/** Everyone whom the network lets in may mount, read and write, by TLS only and never as root. */
const tlsOnly = (arn: Output<string>): Output<string> =>
  jsonStringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'Clients',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
        Resource: arn,
        Condition: { Bool: { 'elasticfilesystem:AccessedViaMountTarget': 'true' } },
      },
      {
        Sid: 'TlsOnly',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: '*',
        Resource: arn,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });

function readNasFileSystem(reader: Reader) {
  reader.only(
    ...CLIENT_ACCESS,
    ...['kmsKeyArn', 'throughputMode', 'provisionedThroughputInMibps', 'backup', 'rootDirectory'],
    ...['retainOnDelete', 'tags'],
  );
  readClientAccess(reader, 1, 'names no subnet, so the file system would have no address');
  reader.text('kmsKeyArn', ARN);
  reader.textMap('tags');
  reader.text('rootDirectory', {
    pattern: /^(\/[A-Za-z0-9._-]+){1,4}$/,
    allowed: 'a folder such as /harbor, at most four deep, below the root of the file system',
    maxLength: 100,
  });
  const throughputMode = reader.choice('throughputMode', ['elastic', 'bursting', 'provisioned'] as const) ?? 'elastic';
  // https://docs.aws.amazon.com/efs/latest/ug/limits.html
  reader.count('provisionedThroughputInMibps', 1, 3414);
  if ((throughputMode === 'provisioned') !== reader.has('provisionedThroughputInMibps')) {
    reader.issues.error(
      reader.at('provisionedThroughputInMibps'),
      throughputMode === 'provisioned' ? 'is missing' : `is not used with ${throughputMode} throughput`,
      reader.raw('provisionedThroughputInMibps'),
      'a number of MiB/s with throughputMode: provisioned, and only then',
      throughputMode === 'provisioned' ? 'add it' : 'remove it, or set throughputMode: provisioned',
    );
  }
  return {
    throughputMode,
    backup: reader.flag('backup') ?? true,
    retainOnDelete: reader.flag('retainOnDelete') ?? true,
  };
}
