import { Instance } from '@pulumi/gcp/filestore';
import { ComponentResource, type ComponentResourceOptions, interpolate, type Output } from '@pulumi/pulumi';
import { gibibytes, readGibibytes } from '../../plan/disk-size.js';
import type { Size } from '../../plan/quantities.js';
import type { Reader } from '../../plan/reader.js';
import type { NasStorage } from '../../plan/storage.js';
import { lateMistake } from '../../pulumi/errors.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { readClientCidrs } from '../client-cidrs.js';
import { type Labelled, NAME, NETWORK_LINK, PROJECT } from './args.js';

/** A Filestore instance for the images of one Harbor. */
export interface NasFileSystemProps extends Labelled {
  /** Self link of the VPC of the nodes. */
  readonly network: string;
  /** A region such as `europe-west4`; for `ZONAL` a zone such as `europe-west4-a`. It can never be changed. */
  readonly location: string;
  /** Address ranges of the nodes, each written with its first address: nobody else may mount it. Never everyone. */
  readonly clientCidrs: readonly string[];
  /** `REGIONAL` keeps its data in three zones, `ZONAL` in one; it can never be changed. @default REGIONAL */
  readonly tier?: 'REGIONAL' | 'ZONAL';
  /**
   * Size, paid as a whole, whether it is used or not; speed grows with it. `ZONAL` takes 1Ti to 9984Gi by 256Gi, `REGIONAL` 1Ti to 10239Gi by 1Gi,
   * where Google still has steps of 256Gi for some projects; both take 10Ti to 100Ti by 2560Gi. Which of the two ranges it is in is for good: it can be
   * changed within that range only. @default 1024Gi
   */
  readonly size?: Size;
  /** Project of the instance. @default - that of the provider */
  readonly project?: string;
  /** Name of the address range reserved for private services, or a /26 to take. @default - chosen by Google */
  readonly reservedIpRange?: string;
  /** How the VPC reaches it: by a peering of its own, or by private services access, which a shared VPC needs. @default DIRECT_PEERING */
  readonly connectMode?: 'DIRECT_PEERING' | 'PRIVATE_SERVICE_ACCESS';
  /**
   * Filestore refuses to delete the instance; set `false` and deploy before you remove it. With `false` another `network`, `location`, `tier`,
   * `project`, `reservedIpRange` or `connectMode` deletes it with all images, and makes a new, empty one. @default true
   */
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
    const { tier, size, connectMode, deletionProtection } = readArgs('gcp', this, name, args, readNasFileSystem);
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
          capacityGb: gibibytes(size),
          // The driver acts as root when it opens the share to Harbor's user.
          nfsExportOptions: [{ ipRanges: [...clientCidrs], accessMode: 'READ_WRITE', squashMode: 'NO_ROOT_SQUASH' }],
        },
        networks: [{ network, modes: ['MODE_IPV4'], connectMode, reservedIpRange: args.reservedIpRange }],
        deletionProtectionEnabled: deletionProtection,
        deletionProtectionReason: deletionProtection ? 'holds the images of Harbor' : undefined,
      },
      { parent: this },
    );
    this.address = instance.networks.apply((networks) => addressOf(name, networks));
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

/** The address of an instance in its one network. */
export function addressOf(name: string, [network]: readonly { readonly ipAddresses?: readonly string[] }[]): string {
  const address = network?.ipAddresses?.[0];
  if (address !== undefined) return address;
  throw lateMistake(`Filestore gave ${name} no address: run pulumi up --refresh`);
}

function readNasFileSystem(reader: Reader, name: string) {
  reader.only(
    ...['network', 'location', 'clientCidrs', 'tier', 'size', 'project', 'reservedIpRange', 'connectMode'],
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
  readClientCidrs(reader, true);
  reader.text('project', PROJECT);
  reader.text('reservedIpRange');
  reader.textMap('labels');
  return {
    tier,
    size: readSize(reader, tier),
    connectMode:
      reader.choice('connectMode', ['DIRECT_PEERING', 'PRIVATE_SERVICE_ACCESS'] as const) ?? 'DIRECT_PEERING',
    deletionProtection: reader.flag('deletionProtection') ?? true,
  };
}

const SIZES = {
  REGIONAL: '1Ti to 10239Gi, or 10Ti to 100Ti by 2560Gi',
  ZONAL: '1Ti to 9984Gi by 256Gi, or 10Ti to 100Ti by 2560Gi',
} as const;

// https://cloud.google.com/filestore/docs/service-tiers
function readSize(reader: Reader, tier: keyof typeof SIZES): Size {
  const size = readGibibytes(reader, 'size', '1Ti', '100Ti') ?? '1024Gi';
  const amount = gibibytes(size);
  const lower = tier === 'ZONAL' ? 256 : 1;
  const step = amount < 10_240 ? lower : 2560;
  if (amount % step !== 0) {
    const fix = `set it to ${Math.ceil(amount / step) * step}Gi`;
    reader.issues.error(reader.at('size'), 'is no size of this tier', size, SIZES[tier], fix);
  }
  return size;
}
