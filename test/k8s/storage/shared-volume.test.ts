import { folderContainer, SharedVolume, sharedClaim } from '../../../lib/k8s/storage/shared-volume';
import { NasStorage, SharedStorage } from '../../../lib/plan/storage';
import { find, law, synth } from '../../../lib/testing';
import { contextOf, planOf } from '../harbor/plan-of';

const objects = (storage: SharedStorage) => {
  const plan = planOf({ storage, namespace: 'registry' });
  return synth((chart) => new SharedVolume(chart, 'storage', plan, contextOf(plan)));
};
const KEPT = {
  labels: { 'harbor-fleet/keep': 'true' },
  annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'helm.sh/resource-policy': 'keep' },
};

describe('SharedVolume', () => {
  it('of an NFS server is a volume bound to one claim, both kept', () => {
    const made = objects(SharedStorage.nas({ server: '10.0.0.5', path: '/export', size: '2Ti' }));
    expect(find(made, 'PersistentVolume', 'harbor-storage')).toMatchObject({
      metadata: KEPT,
      spec: {
        capacity: { storage: '2Ti' },
        accessModes: ['ReadWriteMany'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: '',
        claimRef: { namespace: 'registry', name: 'harbor-storage' },
        mountOptions: ['hard', 'nfsvers=4.1'],
        nfs: { server: '10.0.0.5', path: '/export' },
      },
    });
    expect(find(made, 'PersistentVolumeClaim', 'harbor-storage')).toMatchObject({
      metadata: { namespace: 'registry', ...KEPT },
      spec: {
        accessModes: ['ReadWriteMany'],
        storageClassName: '',
        volumeName: 'harbor-storage',
        resources: { requests: { storage: '2Ti' } },
      },
    });
  });

  it('of Alibaba Cloud NAS is mounted by its driver, with its mount options, open to Harbor’s user', () => {
    const made = objects(NasStorage.alibabaCloud({ server: 'x.nas.aliyuncs.com', path: '/share/harbor' }));
    expect(find(made, 'PersistentVolume', 'harbor-storage').spec).toMatchObject({
      mountOptions: ['nolock', 'tcp', 'noresvport', 'vers=3'],
      csi: {
        driver: 'nasplugin.csi.alibabacloud.com',
        volumeHandle: 'harbor-storage',
        volumeAttributes: { server: 'x.nas.aliyuncs.com', path: '/share/harbor', mode: '0777' },
      },
    });
  });

  it('of EFS is mounted by its driver through the access point, encrypted on its way', () => {
    const made = objects(NasStorage.efs({ fileSystemId: 'fs-0a1b', accessPointId: 'fsap-0c2d' }));
    expect(find(made, 'PersistentVolume', 'harbor-storage')).toMatchObject({
      metadata: KEPT,
      spec: { mountOptions: ['tls'], csi: { driver: 'efs.csi.aws.com', volumeHandle: 'fs-0a1b::fsap-0c2d' } },
    });
    expect(find(made, 'PersistentVolumeClaim', 'harbor-storage').spec).toMatchObject({
      storageClassName: '',
      volumeName: 'harbor-storage',
    });
  });

  it('of a StorageClass is a claim alone', () => {
    const made = objects(SharedStorage.nas({ storageClass: 'efs', accessMode: 'ReadWriteOnce' }));
    expect(made.map((object) => object.kind)).toEqual(['PersistentVolumeClaim']);
    expect(made[0]).toMatchObject({
      metadata: KEPT,
      spec: { storageClassName: 'efs', accessModes: ['ReadWriteOnce'] },
    });
  });

  it('is nothing for a claim that exists, nor for an object store', () => {
    expect(objects(SharedStorage.nas({ claim: 'ours' }))).toEqual([]);
    expect(objects(SharedStorage.s3({ bucket: 'abc', region: 'x' }))).toEqual([]);
  });

  it('makes the claim that pods mount', () => {
    const nas = SharedStorage.nas({ storageClass: 'efs' });
    expect(objects(nas)[0]?.metadata.name).toBe(sharedClaim('harbor', nas));
    expect(sharedClaim('harbor', SharedStorage.nas({ claim: 'ours' }))).toBe('ours');
  });

  it('keeps the law of late values', () => {
    const plan = planOf({ storage: NasStorage.alibabaCloud({ server: 'x.nas.aliyuncs.com', path: '/harbor' }) });
    const { lifted, plain } = law(plan, ['storage.server', 'storage.path'], (chart, marked) => {
      new SharedVolume(chart, 'storage', marked, contextOf(marked));
    });
    expect(lifted).toEqual(plain);
  });

  it('keeps it for EFS', () => {
    const plan = planOf({ storage: NasStorage.efs({ fileSystemId: 'fs-0a1b', accessPointId: 'fsap-0c2d' }) });
    const { lifted, plain } = law(plan, ['storage.fileSystemId', 'storage.accessPointId'], (chart, marked) => {
      new SharedVolume(chart, 'storage', marked, contextOf(marked));
    });
    expect(lifted).toEqual(plain);
  });
});

describe('folderContainer', () => {
  it('makes the folder from inside the whole volume', () => {
    expect(folderContainer('jobservice', 'image:1')).toMatchObject({
      image: 'image:1',
      command: ['mkdir', '-p', '/volume/jobservice'],
      mounts: [{ volume: 'storage', path: '/volume', writable: true }],
    });
  });
});
