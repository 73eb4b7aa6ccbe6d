import { FileShare, StorageAccount } from '@pulumi/azure-native/storage';
import { ComponentResource, type ComponentResourceOptions, type Output, output } from '@pulumi/pulumi';
import { gibibytes, readGibibytes } from '../../plan/disk-size.js';
import { DNS_LABEL } from '../../plan/names.js';
import type { Size } from '../../plan/quantities.js';
import type { Reader } from '../../plan/reader.js';
import type { NasStorage } from '../../plan/storage.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { LOCATION, RESOURCE_GROUP, type Tagged } from './args.js';
import { ACCOUNT_NAME } from './object-container-args.js';
import {
  networkRules,
  privateEndpoint,
  readServiceAccess,
  SERVICE_ACCESS,
  type ServiceAccess,
} from './service-access.js';

/** A share of Azure Files by NFS for the images of one Harbor. */
export interface NasFileSystemProps extends ServiceAccess, Tagged {
  /**
   * Subnets of the nodes, with the service endpoint `Microsoft.Storage`: nobody else reaches the share, which knows no keys. At no cost. Needed
   * unless there is a `privateEndpoint`.
   */
  readonly clientSubnetIds?: readonly string[];
  readonly resourceGroupName: string;
  /** Name of the storage account, unique in all of Azure; another one makes a new, empty account, and Harbor moves to it. */
  readonly accountName: string;
  /** Azure's own name of the region, such as `westeurope`; it can never be changed. */
  readonly location: string;
  /** Name of the share; another one makes a new, empty share, and Harbor moves to it. @default harbor */
  readonly share?: string;
  /** Size, 100Gi to 100Ti: paid as a whole, whether it is used or not, and speed grows with it. @default 100Gi */
  readonly size?: Size;
  /** Copies in one zone (`Premium_LRS`), or in three, which costs more. @default Premium_ZRS */
  readonly sku?: 'Premium_LRS' | 'Premium_ZRS';
  /** The account stays in Azure when it leaves the stack. With `false` it is deleted, with all images. @default true */
  readonly retainOnDelete?: boolean;
}

/** As {@link NasFileSystemProps}, with an Output wherever free text goes. */
export type NasFileSystemArgs = Inputs<NasFileSystemProps>;

/**
 * A share of Azure Files for the images of one Harbor, by NFS 4.1, and the PersistentVolume by which the cluster mounts it. The network
 * alone decides who may: NFS knows no keys, and is not encrypted on the way, so `clientSubnetIds` or a private endpoint is needed. The
 * CSI driver of AKS opens the share to Harbor's user.
 *
 * ```ts
 * const nas = new NasFileSystem('holland', { resourceGroupName, location: 'westeurope', accountName: 'exampleimages', clientSubnetIds });
 * new k8s.core.v1.PersistentVolume('images', nas.persistentVolume, { provider: cluster });
 * // regions: { holland: { storage: nas.storage, … } }
 * ```
 */
export class NasFileSystem extends ComponentResource {
  /** Name of the storage account. */
  readonly accountName: Output<string>;
  /** The volume to make in the cluster, once: Harbor's claim finds it by the name of its class. */
  readonly persistentVolume: {
    readonly metadata: { readonly name: string };
    readonly spec: {
      readonly capacity: { readonly storage: string };
      readonly accessModes: string[];
      readonly persistentVolumeReclaimPolicy: string;
      readonly storageClassName: string;
      readonly mountOptions: string[];
      readonly csi: {
        readonly driver: string;
        readonly volumeHandle: Output<string>;
        readonly volumeAttributes: Output<{ [key: string]: string }>;
      };
    };
  };
  /** The setting for a region or a Harbor: `storage: nas.storage`. */
  readonly storage: NasStorage;

  constructor(name: string, args: NasFileSystemArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:azure:NasFileSystem', name, {}, opts);
    const { size, sku, retainOnDelete } = readArgs('azure', this, name, args, readNasFileSystem);
    const { resourceGroupName, location, tags } = args;
    const kept = { parent: this, retainOnDelete };
    const account = new StorageAccount(
      name,
      {
        accountName: args.accountName,
        resourceGroupName,
        location,
        tags,
        kind: 'FileStorage',
        sku: { name: sku },
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        // NFS has no TLS of its own, and Azure refuses it where TLS is demanded.
        enableHttpsTrafficOnly: false,
        minimumTlsVersion: 'TLS1_2',
        ...networkRules(args),
      },
      kept,
    );
    const share = new FileShare(
      `${name}-share`,
      {
        accountName: account.name,
        resourceGroupName,
        shareName: args.share ?? 'harbor',
        enabledProtocols: 'NFS',
        // The driver acts as root when it opens the share to Harbor's user.
        rootSquash: 'NoRootSquash',
        shareQuota: gibibytes(size),
      },
      kept,
    );
    const endpoint = privateEndpoint(this, name, { id: account.id, group: 'file' }, args);
    this.accountName = account.name;
    const place = output({
      resourceGroup: resourceGroupName,
      storageAccount: account.name,
      shareName: share.name,
      // Nothing can mount it before it has an address.
      reachable: endpoint?.id,
    });
    this.persistentVolume = {
      metadata: { name },
      spec: {
        capacity: { storage: size },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: name,
        mountOptions: ['nconnect=4', 'noresvport', 'actimeo=30'],
        csi: {
          driver: 'file.csi.azure.com',
          volumeHandle: place.apply((at) => `${at.resourceGroup}#${at.storageAccount}#${at.shareName}`),
          volumeAttributes: place.apply(
            ({ resourceGroup, storageAccount, shareName }): Record<string, string> => ({
              resourceGroup,
              storageAccount,
              shareName,
              protocol: 'nfs',
              mountPermissions: '0777',
            }),
          ),
        },
      },
    };
    this.storage = plain<NasStorage>({ type: 'nas', storageClass: name, size });
    this.registerOutputs({ accountName: this.accountName });
  }
}

function readNasFileSystem(reader: Reader, name: string) {
  reader.only(
    ...['resourceGroupName', 'accountName', 'location', 'share', 'size', 'sku', 'retainOnDelete', 'tags'],
    ...SERVICE_ACCESS,
  );
  if (!DNS_LABEL.pattern.test(name) || name.length > 63) {
    const fix = 'choose another name for the component';
    reader.issues.error(reader.path, 'is no name for a volume', name, DNS_LABEL.allowed, fix);
  }
  reader.requiredText('resourceGroupName', RESOURCE_GROUP);
  reader.requiredText('accountName', ACCOUNT_NAME);
  reader.requiredText('location', LOCATION);
  reader.textMap('tags');
  reader.text('share', {
    pattern: /^(?=.{3})[a-z0-9]+(-[a-z0-9]+)*$/,
    allowed: 'a name of a share: 3 to 63 lower-case letters, digits and single "-"',
    maxLength: 63,
  });
  if (!readServiceAccess(reader)) {
    const allowed =
      'the subnets of the nodes; or privateEndpoint: by NFS whoever reaches the account reads and writes all images';
    reader.missing('clientSubnetIds', allowed);
  }
  return {
    size: readGibibytes(reader, 'size', '100Gi', '100Ti') ?? '100Gi',
    sku: reader.choice('sku', ['Premium_LRS', 'Premium_ZRS'] as const) ?? 'Premium_ZRS',
    retainOnDelete: reader.flag('retainOnDelete') ?? true,
  };
}
