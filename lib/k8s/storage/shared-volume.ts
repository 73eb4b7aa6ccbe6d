import { Construct } from 'constructs';
import type { PersistentVolumeSpec } from 'kubernetes-types/core/v1';
import type { HarborPlan } from '../../plan/harbor.js';
import type { NasStorage } from '../../plan/storage.js';
import type { ContainerProps } from '../container.js';
import { kept, manifest } from '../manifest.js';
import { objectLabels, type WorkloadContext } from '../workload.js';

/** Name of the volume that pods mount. */
export const SHARED_VOLUME = 'storage';

/** Name of a Harbor's claim, and of the volume that is made for it. */
const sharedVolumeName = (instance: string): string => `${instance}-storage`;

/** The claim that pods mount. */
export const sharedClaim = (instance: string, storage: NasStorage): string =>
  storage.claim ?? sharedVolumeName(instance);

/**
 * The one volume on a network file system that all components of a Harbor share, each in a folder of its own: a claim, and for an
 * NFS server or EFS the volume behind it. Both are kept when all else is removed, and so are the files. A claim that exists needs none.
 */
export class SharedVolume extends Construct {
  constructor(scope: Construct, id: string, plan: Pick<HarborPlan, 'instance' | 'storage'>, context: WorkloadContext) {
    super(scope, id);
    const { storage } = plan;
    if (storage.type !== 'nas' || storage.claim !== undefined) return;
    const name = sharedVolumeName(plan.instance);
    const labels = objectLabels(context, 'storage');
    const accessModes = [storage.accessMode ?? 'ReadWriteMany'];
    const size = storage.size ?? '100Gi';
    const hasVolume = storage.server !== undefined || storage.fileSystemId !== undefined;
    if (hasVolume) {
      manifest(this, 'volume', 'PersistentVolume', {
        metadata: kept({ name, labels }),
        spec: {
          capacity: { storage: size },
          accessModes,
          persistentVolumeReclaimPolicy: 'Retain',
          // Empty, not absent: a default StorageClass must not answer for it.
          storageClassName: '',
          claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace: context.namespace },
          mountOptions: storage.mountOptions && [...storage.mountOptions],
          ...source(storage, name),
        },
      });
    }
    manifest(this, 'claim', 'PersistentVolumeClaim', {
      metadata: kept({ name, namespace: context.namespace, labels }),
      spec: {
        accessModes,
        resources: { requests: { storage: size } },
        ...(hasVolume ? { storageClassName: '', volumeName: name } : { storageClassName: storage.storageClass }),
      },
    });
  }
}

/** Who mounts the file system. */
function source(storage: NasStorage, volume: string): Pick<PersistentVolumeSpec, 'nfs' | 'csi'> {
  if (storage.fileSystemId !== undefined) {
    // https://github.com/kubernetes-sigs/aws-efs-csi-driver/tree/master/examples/kubernetes/access_points
    const volumeHandle = `${storage.fileSystemId}::${storage.accessPointId ?? ''}`;
    return { csi: { driver: 'efs.csi.aws.com', volumeHandle } };
  }
  const server = storage.server ?? '';
  const path = storage.path ?? '/';
  if (storage.driver !== 'alibabaCloud') return { nfs: { server, path } };
  return {
    csi: {
      driver: 'nasplugin.csi.alibabacloud.com',
      // The driver wants a handle of its own for each volume: its name.
      volumeHandle: volume,
      // A new folder belongs to root; Harbor's user may write it only when everyone may.
      volumeAttributes: { server, path, mode: '0777' },
    },
  };
}

/**
 * An init container that makes a component's folder as the component's own user. Left to the kubelet it would belong to root, and
 * on an NFS server, where the kubelet cannot hand folders over to a pod's group, the component could not write it.
 *
 * @param image any image with a `mkdir`, best one that the pod pulls anyway
 */
export const folderContainer = (folder: string, image: string): ContainerProps => ({
  name: 'storage-folder',
  image,
  command: ['mkdir', '-p', `/volume/${folder}`],
  mounts: [{ volume: SHARED_VOLUME, path: '/volume', writable: true }],
});
