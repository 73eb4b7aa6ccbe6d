import { registryStorage } from '../../../lib/k8s/harbor/registry-storage';
import { yaml } from '../../../lib/k8s/text';
import { defer, lift } from '../../../lib/plan/deferred';
import { NasStorage, SharedStorage } from '../../../lib/plan/storage';
import { planOf } from './plan-of';

const of = (storage: SharedStorage) => registryStorage(planOf({ storage }));
const S3 = { bucket: 'example', region: 'eu-west-1' };
const OSS = { bucket: 'example', region: 'oss-cn-hangzhou', accessKeyId: 'LTAI', credentialsSecret: 'oss' };

describe('registryStorage', () => {
  it('of S3 writes every switch out, because the driver would take what is absent for true', () => {
    expect(of(SharedStorage.s3(S3))).toMatchObject({
      config: {
        s3: {
          region: 'eu-west-1',
          bucket: 'example',
          rootdirectory: '/',
          encrypt: false,
          secure: true,
          skipverify: false,
          v4auth: true,
          chunksize: 10_485_760,
        },
      },
      redirectDisabled: false,
      env: {},
      providerName: 's3',
    });
  });

  it('of an S3-compatible service keeps the bytes in Harbor, and speaks the scheme of its endpoint', () => {
    const secure = (endpoint: string) => of(SharedStorage.s3({ ...S3, endpoint })).config.s3?.secure;
    expect(of(SharedStorage.s3({ ...S3, endpoint: 'http://minio:9000' }))).toMatchObject({
      config: { s3: { regionendpoint: 'http://minio:9000', secure: false } },
      redirectDisabled: true,
    });
    expect(secure('https://minio.example.com')).toBe(true);
    expect(secure('http://minio.example.com')).toBe(false);
  });

  it('of S3 encrypts with a key of one’s own, and takes its credentials from a Secret', () => {
    const storage = SharedStorage.s3({
      ...S3,
      encrypt: true,
      kmsKeyId: 'k',
      chunkSize: '32Mi',
      credentialsSecret: 's3',
    });
    expect(of(storage)).toMatchObject({
      config: { s3: { encrypt: true, keyid: 'k', chunksize: 33_554_432 } },
      env: {
        REGISTRY_STORAGE_S3_ACCESSKEY: { secret: 's3', key: 'REGISTRY_STORAGE_S3_ACCESSKEY' },
        REGISTRY_STORAGE_S3_SECRETKEY: { secret: 's3', key: 'REGISTRY_STORAGE_S3_SECRETKEY' },
      },
    });
  });

  it('of Azure has the key in the environment', () => {
    const storage = SharedStorage.azureBlob({ accountName: 'acc', container: 'images', credentialsSecret: 'azure' });
    expect(of(storage)).toMatchObject({
      config: { azure: { accountname: 'acc', container: 'images', realm: 'core.windows.net' } },
      env: { REGISTRY_STORAGE_AZURE_ACCOUNTKEY: { secret: 'azure' } },
      redirectDisabled: false,
      providerName: 'azure',
    });
    expect(of(SharedStorage.azureBlob({ ...storage, redirect: false })).redirectDisabled).toBe(true);
  });

  it('of Google Cloud has its key in a file', () => {
    const { config, mounts, volumes, ...rest } = of(SharedStorage.gcs({ bucket: 'abc', credentialsSecret: 'gcs' }));
    expect(config).toEqual({ gcs: { bucket: 'abc', rootdirectory: '/', keyfile: '/etc/registry-gcs/gcs-key.json' } });
    expect(mounts).toContainEqual({ volume: 'gcs-key', path: '/etc/registry-gcs' });
    expect(volumes['gcs-key']).toMatchObject({
      secret: { secretName: 'gcs', items: [{ key: 'GCS_KEY_DATA', path: 'gcs-key.json' }] },
    });
    expect(rest).toMatchObject({ redirectDisabled: false, env: {} });
  });

  it('of Google Cloud without a key is an identity of the pod, which can sign no redirect', () => {
    const storage = SharedStorage.gcs({ bucket: 'abc', workloadIdentity: 'harbor@p.iam.gserviceaccount.com' });
    expect(of(storage)).toMatchObject({
      redirectDisabled: true,
      serviceAccountAnnotations: { 'iam.gke.io/gcp-service-account': 'harbor@p.iam.gserviceaccount.com' },
    });
    expect(of(storage).config.gcs).not.toHaveProperty('keyfile');
    expect(of(SharedStorage.gcs({ bucket: 'abc' })).serviceAccountAnnotations).toBeUndefined();
  });

  it('of OSS names the bucket in the endpoint', () => {
    expect(of(SharedStorage.oss(OSS))).toMatchObject({
      config: { oss: { accesskeyid: 'LTAI', internal: true, secure: true, encrypt: false, rootdirectory: '/' } },
      env: { REGISTRY_STORAGE_OSS_ACCESSKEYSECRET: { secret: 'oss' } },
      redirectDisabled: true,
      providerName: 'oss',
    });
    const own = of(SharedStorage.oss({ ...OSS, endpoint: 'oss.example.com' }));
    expect(own).toMatchObject({
      config: { oss: { endpoint: 'example.oss.example.com', internal: false } },
      redirectDisabled: false,
    });
  });

  it('of Swift leaves out what is not given', () => {
    const storage = SharedStorage.swift({
      authUrl: 'https://keystone.example.com/v3',
      username: 'u',
      container: 'c',
      credentialsSecret: 'swift',
      tenant: 't',
      domain: 'Default',
    });
    expect(of(storage)).toMatchObject({
      config: {
        swift: {
          authurl: 'https://keystone.example.com/v3',
          username: 'u',
          container: 'c',
          tenant: 't',
          domain: 'Default',
          insecureskipverify: false,
        },
      },
      env: { REGISTRY_STORAGE_SWIFT_PASSWORD: { secret: 'swift' } },
      redirectDisabled: true,
      providerName: 'swift',
    });
    expect(of(storage).config.swift).not.toHaveProperty('region');
  });

  it('of a NAS is a folder of the shared claim, made by Harbor’s own user', () => {
    const nas = of(NasStorage.alibabaCloud({ server: 'x.nas.aliyuncs.com', path: '/harbor' }));
    expect(nas).toEqual({
      config: { filesystem: { rootdirectory: '/storage', maxthreads: 100 } },
      redirectDisabled: true,
      env: {},
      volumes: { storage: { persistentVolumeClaim: { claimName: 'harbor-storage' } } },
      mounts: [{ volume: 'storage', path: '/storage', subPath: 'registry', writable: true }],
      initContainers: [
        expect.objectContaining({
          image: 'docker.io/goharbor/registry-photon:v2.15.2',
          command: ['mkdir', '-p', '/volume/registry'],
          mounts: [{ volume: 'storage', path: '/volume', writable: true }],
        }),
      ],
      providerName: 'filesystem',
    });
    expect(of(SharedStorage.nas({ claim: 'ours' })).volumes.storage).toEqual({
      persistentVolumeClaim: { claimName: 'ours' },
    });
  });

  it('mounts scratch space where no folder is shared', () => {
    expect(of(SharedStorage.s3(S3))).toMatchObject({
      volumes: { storage: { emptyDir: {} } },
      mounts: [{ volume: 'storage', path: '/storage', writable: true }],
      initContainers: [],
    });
  });

  it('keeps the law of late values, also for what follows from a text', () => {
    const late = SharedStorage.s3({ ...S3, endpoint: defer('http://minio:9000'), bucket: defer('example') });
    const identity = {
      live: (value: unknown) => value,
      map: (value: unknown, fn: (value: never) => unknown) => fn(value as never),
      concat: (parts: readonly unknown[]) => parts.join(''),
    };
    expect(lift(yaml(of(late).config), identity)).toBe(
      yaml(of(SharedStorage.s3({ ...S3, endpoint: 'http://minio:9000' })).config),
    );
  });
});
