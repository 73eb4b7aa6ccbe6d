import { Instance } from '@pulumi/gcp/filestore';
import { ComponentResource, type ComponentResourceOptions, interpolate, type Output } from '@pulumi/pulumi';
import type { Reader } from '../../plan/reader.js';
import type { NasStorage } from '../../plan/storage.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { type Labelled, NAME, NETWORK_LINK, PROJECT } from './args.js';

/** A Filestore instance for the images of one Harbor. */
export interface NasFileSystemProps extends Labelled {
  /** Self link of the VPC of the nodes. */
  readonly network: string;
  /** A region such as `europe-west4`; for `ZONAL` a zone such as `europe-west4-a`. It can never be changed. */
  readonly location: string;
  /** Address ranges of the nodes: nobody else may mount it. */
  readonly clientCidrs: readonly string[];
  /** `REGIONAL` keeps its data in three zones, `ZONAL` in one. @default REGIONAL */
  readonly tier?: 'REGIONAL' | 'ZONAL';
  /** Size in GiB, 1024 to 102400: paid as a whole, whether it is used or not, and speed grows with it. @default 1024 */
  readonly sizeGib?: number;
  /** Project of the instance. @default - that of the provider */
  readonly project?: string;
  /** Name of the address range reserved for private services, or a /26 to take. @default - chosen by Google */
  readonly reservedIpRange?: string;
  /** How the VPC reaches it: by a peering of its own, or by private services access, which a shared VPC needs. @default DIRECT_PEERING */
  readonly connectMode?: 'DIRECT_PEERING' | 'PRIVATE_SERVICE_ACCESS';
  /** Filestore refuses to delete the instance; set `false` and deploy before you remove it. @default true */
  readonly deletionProtection?: boolean;
}

/** As {@link NasFileSystemProps}, with an Output wherever free text goes. */
export type NasFileSystemArgs = Inputs<NasFileSystemProps>;

const SHARE = 'harbor';

/**
 * A Filestore instance for the images of one Harbor, and the PersistentVolume by which the cluster mounts it. The network alone decides
 * who may: NFS knows no keys, and is not encrypted on the way. The cluster needs the Filestore CSI driver, which opens the share to
 * Harbor's user.
 *
 * ```ts
 * const nas = new NasFileSystem('holland', { network, location: 'europe-west4', clientCidrs: ['10.20.0.0/16'] });
 * new k8s.core.v1.PersistentVolume('images', nas.persistentVolume, { provider: cluster });
 * // regions: { holland: { storage: nas.storage, … } }
 * ```
 */
export class NasFileSystem extends ComponentResource {
  /** Its IPv4 address. */
  readonly address: Output<string>;
  /** The volume to make in the cluster, once: Harbor's claim finds it by the name of its class. */
  readonly persistentVolume: {
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly capacity: { readonly storage: string };
      readonly accessModes: string[];
      readonly persistentVolumeReclaimPolicy: string;
      readonly storageClassName: string;
      readonly csi: {
        readonly driver: string;
        readonly volumeHandle: Output<string>;
        readonly volumeAttributes: { readonly ip: Output<string>; readonly volume: string };
      };
    };
  };
  /** The setting for a region or a Harbor: `storage: nas.storage`. */
  readonly storage: NasStorage;

  constructor(name: string, args: NasFileSystemArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:gcp:NasFileSystem', name, {}, opts);
    const { tier, sizeGib, connectMode, deletionProtection } = readArgs('gcp', this, name, args, readNasFileSystem);
    const { network, location, clientCidrs, project, labels } = args;
    const instance = new Instance(
      name,
      {
        name,
        project,
        location,
        labels,
        tier,
        protocol: 'NFS_V3',
        fileShares: {
          name: SHARE,
          capacityGb: sizeGib,
          // The driver acts as root when it opens the share to Harbor's user.
          nfsExportOptions: [{ ipRanges: [...clientCidrs], accessMode: 'READ_WRITE', squashMode: 'NO_ROOT_SQUASH' }],
        },
        networks: [{ network, modes: ['MODE_IPV4'], connectMode, reservedIpRange: args.reservedIpRange }],
        deletionProtectionEnabled: deletionProtection,
        deletionProtectionReason: deletionProtection ? 'holds the images of Harbor' : undefined,
      },
      { parent: this },
    );
    this.address = instance.networks.apply((networks) => {
      const address = networks[0]?.ipAddresses?.[0];
      if (address !== undefined) return address;
      throw new Error(`Filestore gave ${name} no address`);
    });
    const size = `${sizeGib}Gi` as const;
    this.persistentVolume = {
      metadata: { name },
      spec: {
        capacity: { storage: size },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: name,
        csi: {
          driver: 'filestore.csi.storage.gke.io',
          volumeHandle: interpolate`modeInstance/${location}/${instance.name}/${SHARE}`,
          volumeAttributes: { ip: this.address, volume: SHARE },
        },
      },
    };
    this.storage = plain<NasStorage>({ type: 'nas', storageClass: name, size });
    this.registerOutputs({ address: this.address });
  }
}

const CIDR = { pattern: /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, allowed: 'an IPv4 range such as 10.20.0.0/16' };

function readNasFileSystem(reader: Reader, name: string) {
  reader.only(
    ...['network', 'location', 'clientCidrs', 'tier', 'sizeGib', 'project', 'reservedIpRange', 'connectMode'],
    ...['deletionProtection', 'labels'],
  );
  if (!NAME.pattern.test(name) || name.length > 63) {
    const fix = 'choose another name for the component';
    reader.issues.error(reader.path, 'is no name for an instance of Filestore', name, NAME.allowed, fix);
  }
  reader.requiredText('network', NETWORK_LINK);
  const tier = reader.choice('tier', ['REGIONAL', 'ZONAL'] as const) ?? 'REGIONAL';
  reader.requiredText(
    'location',
    tier === 'REGIONAL'
      ? { pattern: /^[a-z]+-[a-z]+\d+$/, allowed: 'a region such as europe-west4' }
      : { pattern: /^[a-z]+-[a-z]+\d+-[a-z]$/, allowed: 'a zone such as europe-west4-a' },
  );
  if ((reader.texts('clientCidrs', CIDR) ?? []).length === 0) {
    reader.missing('clientCidrs', 'the ranges of the nodes, such as 10.20.0.0/16');
  }
  reader.text('project', PROJECT);
  reader.text('reservedIpRange');
  reader.textMap('labels');
  return {
    tier,
    sizeGib: reader.count('sizeGib', 1024, 102_400) ?? 1024,
    connectMode:
      reader.choice('connectMode', ['DIRECT_PEERING', 'PRIVATE_SERVICE_ACCESS'] as const) ?? 'DIRECT_PEERING',
    deletionProtection: reader.flag('deletionProtection') ?? true,
  };
}
