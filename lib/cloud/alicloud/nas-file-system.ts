import { AccessGroup, AccessRule, FileSystem, MountTarget } from '@pulumi/alicloud/nas';
import { ComponentResource, type ComponentResourceOptions, type Output } from '@pulumi/pulumi';
import type { Reader } from '../../plan/reader.js';
import type { NasStorage } from '../../plan/storage.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { CLIENT_ACCESS, type ClientAccess, readClientAccess, type Tagged } from './args.js';

/** A NAS file system for the images of one Harbor. */
export interface NasFileSystemProps extends ClientAccess, Tagged {
  /**
   * `Performance` has a fraction of the latency of `Capacity`, and costs several times as much. Neither is paid before it is used.
   * It can never be changed: the other means a new, empty file system, and the images stay in the one before. @default Performance
   */
  readonly storageType?: 'Performance' | 'Capacity';
  /** Folder of this Harbor in the file system, made by the CSI driver for its user; changing it moves Harbor to a new, empty one. @default /harbor */
  readonly rootDirectory?: string;
  /** The file system stays when it leaves the stack. With `false` it is deleted, with all images. @default true */
  readonly retainOnDelete?: boolean;
}

/** As {@link NasFileSystemProps}, with an Output wherever free text goes. */
export type NasFileSystemArgs = Inputs<NasFileSystemProps>;

/**
 * A NAS file system for the images of one Harbor: encrypted at rest, with an address in the VPC that the clients named may mount. NFS itself is
 * not encrypted. The cluster needs the CSI driver of Alibaba Cloud, which ACK has.
 *
 * ```ts
 * const nas = new NasFileSystem('hangzhou', { vpcId, vswitchId, zoneId, clientCidrs: ['10.1.0.0/16'] });
 * // regions: { hangzhou: { storage: nas.storage, … } }
 * ```
 */
export class NasFileSystem extends ComponentResource {
  readonly fileSystemId: Output<string>;
  /** Host name of the mount target. */
  readonly server: Output<string>;
  /** The setting for a region or a Harbor: `storage: nas.storage`, or `{ ...nas.storage, size: '1Ti' }`. */
  readonly storage: NasStorage;

  constructor(name: string, args: NasFileSystemArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:alicloud:NasFileSystem', name, {}, opts);
    const { storageType, retainOnDelete } = readArgs('alicloud', this, name, args, readNasFileSystem);
    const parent = { parent: this };
    const fileSystemType = 'standard';
    const fileSystem = new FileSystem(
      name,
      {
        protocolType: 'NFS',
        fileSystemType,
        storageType,
        zoneId: args.zoneId,
        // With a key that NAS keeps.
        encryptType: 1,
        description: `Images of ${name}`,
        tags: args.tags,
      },
      { ...parent, retainOnDelete },
    );
    const group = new AccessGroup(
      name,
      { accessGroupName: `${name}-clients`, accessGroupType: 'Vpc', fileSystemType },
      { ...parent, retainOnDelete },
    );
    const accessGroupName = group.accessGroupName.apply((known) => known ?? '');
    const rules = args.clientCidrs.map(
      (sourceCidrIp, i) =>
        new AccessRule(
          `${name}-${i}`,
          {
            accessGroupName,
            fileSystemType,
            sourceCidrIp,
            rwAccessType: 'RDWR',
            // The CSI driver opens Harbor's folder to its user as root.
            userAccessType: 'no_squash',
            priority: i + 1,
          },
          { ...parent, retainOnDelete, protect: false },
        ),
    );
    const target = new MountTarget(
      name,
      {
        fileSystemId: fileSystem.id,
        accessGroupName,
        networkType: 'Vpc',
        vpcId: args.vpcId,
        vswitchId: args.vswitchId,
      },
      { ...parent, dependsOn: rules, retainOnDelete },
    );
    this.fileSystemId = fileSystem.id;
    this.server = target.mountTargetDomain;
    this.storage = plain<NasStorage>({
      type: 'nas',
      driver: 'alibabaCloud',
      server: this.server,
      path: args.rootDirectory ?? '/harbor',
    });
    this.registerOutputs({ fileSystemId: this.fileSystemId, server: this.server });
  }
}

function readNasFileSystem(reader: Reader) {
  reader.only(...CLIENT_ACCESS, 'storageType', 'rootDirectory', 'retainOnDelete', 'tags');
  readClientAccess(reader);
  reader.textMap('tags');
  reader.text('rootDirectory', {
    pattern: /^(\/[A-Za-z0-9._-]+){1,4}$/,
    allowed: 'a folder such as /harbor, at most four deep, below the root of the file system',
    maxLength: 100,
  });
  return {
    storageType: reader.choice('storageType', ['Performance', 'Capacity'] as const) ?? 'Performance',
    retainOnDelete: reader.flag('retainOnDelete') ?? true,
  };
}
