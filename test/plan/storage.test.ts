import { defer } from '../../lib/plan/deferred';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';
import {
  isReadWriteOnce,
  NasStorage,
  readStorage,
  type S3Storage,
  SharedStorage,
  storageHost,
  storageLocation,
} from '../../lib/plan/storage';
import fc from '../support/properties';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const read = (storage: unknown) => {
  const issues = new Issues();
  const value = readStorage(new Reader({ storage }, 'regions.a', issues), 'storage', 'team');
  const found = (level: string) =>
    issues.all.filter((issue) => issue.level === level).map((issue) => `${issue.path}: ${issue.problem}`);
  return { value, all: issues.all, errors: found('error'), warnings: found('warning') };
};
const S3 = { bucket: 'example-registry', region: 'us-east-1' };
const AZURE = { accountName: 'exampleregistry', container: 'harbor', credentialsSecret: 'azure' };
const OSS = { bucket: 'example', region: 'oss-cn-hangzhou', accessKeyId: 'LTAI', credentialsSecret: 'oss' };
const SWIFT = {
  authUrl: 'https://keystone.example.com:5000/v3',
  username: 'harbor',
  container: 'images',
  domain: 'Default',
  credentialsSecret: 'swift',
};

describe('readStorage', () => {
  it.each([
    [SharedStorage.s3(S3), { rootDirectory: '/', encrypt: false, chunkSize: '10Mi', redirect: true }],
    [
      SharedStorage.s3({ ...S3, endpoint: 'https://minio.example.com:9000', ca: PEM, credentialsSecret: 's3' }),
      { rootDirectory: '/', encrypt: false, chunkSize: '10Mi', addressing: 'path', redirect: false },
    ],
    [
      SharedStorage.s3({
        ...S3,
        rootDirectory: '/a/b',
        encrypt: true,
        kmsKeyId: 'k',
        chunkSize: '5Gi',
        redirect: false,
      }),
      {},
    ],
    [SharedStorage.azureBlob(AZURE), { realm: 'core.windows.net', redirect: true }],
    [SharedStorage.gcs({ bucket: 'example_registry.eu' }), { rootDirectory: '/' }],
    [SharedStorage.gcs({ bucket: 'example', workloadIdentity: 'a@b.iam.gserviceaccount.com' }), { rootDirectory: '/' }],
    [SharedStorage.oss(OSS), { rootDirectory: '/', internal: true, redirect: false }],
    [SharedStorage.oss({ ...OSS, internal: false }), { rootDirectory: '/', redirect: true }],
    [
      SharedStorage.oss({ ...OSS, endpoint: 'oss-cn-hangzhou.aliyuncs.com' }),
      { rootDirectory: '/', internal: false, redirect: true },
    ],
    [
      SharedStorage.swift({
        ...SWIFT,
        objectStoreUrl: 'https://swift.example.com:8080',
        region: 'r',
        tenant: 't',
        domain: 'd',
        prefix: 'p',
        ca: PEM,
      }),
      {},
    ],
    [
      SharedStorage.nas({ server: '10.0.0.5', path: '/export' }),
      { driver: 'nfs', mountOptions: ['hard', 'nfsvers=4.1'], accessMode: 'ReadWriteMany', size: '100Gi' },
    ],
    [SharedStorage.nas({ claim: 'ours' }), { accessMode: 'ReadWriteMany', size: '100Gi' }],
    [SharedStorage.nas({ storageClass: 'efs', accessMode: 'ReadWriteOnce', size: '1Ti' }), {}],
    [
      NasStorage.alibabaCloud({ server: 'x.cn-hangzhou.nas.aliyuncs.com', path: '/share/harbor' }),
      { mountOptions: ['nolock', 'tcp', 'noresvport', 'vers=3'], accessMode: 'ReadWriteMany', size: '100Gi' },
    ],
    [
      NasStorage.alibabaCloud({ storageClass: 'alibabacloud-cnfs-nas' }),
      { accessMode: 'ReadWriteMany', size: '100Gi' },
    ],
    [
      NasStorage.efs({ fileSystemId: 'fs-0a1b', accessPointId: 'fsap-0c2d' }),
      { mountOptions: ['tls'], accessMode: 'ReadWriteMany', size: '100Gi' },
    ],
    [
      NasStorage.efs({ fileSystemId: defer('fs'), accessPointId: defer('fsap'), mountOptions: ['tls', 'iam'] }),
      { accessMode: 'ReadWriteMany', size: '100Gi' },
    ],
  ])('reads %p', (storage, defaults) => {
    const { value, all } = read(storage);
    expect(all).toEqual([]);
    expect(value).toEqual({ ...storage, ...defaults });
  });

  it.each([
    ['nothing', undefined, 'regions.a.storage: is missing'],
    ['no type', { bucket: 'x' }, 'regions.a.storage.type: is missing'],
    ['a type that is none', { type: 'ftp' }, 'regions.a.storage.type: is not one of the choices'],
  ])('goes on after %s', (_case, storage, error) => {
    expect(read(storage)).toMatchObject({ errors: [error], value: { type: 'nas' } });
  });

  it.each(['A', 'UPPER', 'a..b', '10.0.0.1', 'xn--a', '-abc', 'abc-', 'a_b', 'a'.repeat(64)])(
    'refuses %p as an S3 bucket',
    (bucket) => {
      const { errors } = read(SharedStorage.s3({ ...S3, bucket }));
      expect(errors).toHaveLength(1);
      expect(errors[0]).toMatch(/^regions\.a\.storage\.bucket: is (not valid|too)/);
    },
  );

  it.each([
    SharedStorage.s3({ ...S3, bucket: 'ab' }),
    SharedStorage.azureBlob({ ...AZURE, accountName: 'ab' }),
    SharedStorage.azureBlob({ ...AZURE, container: 'ab' }),
    SharedStorage.gcs({ bucket: 'ab' }),
    SharedStorage.oss({ ...OSS, bucket: 'ab' }),
  ])('refuses a name of two characters: %p', (storage) => {
    expect(read(storage).errors).toEqual([expect.stringMatching(/(bucket|accountName|container): is not valid$/)]);
  });

  it('lets a name that comes late pass', () => {
    expect(read(SharedStorage.s3({ ...S3, bucket: defer('late') })).errors).toEqual([]);
  });

  it.each([
    [SharedStorage.azureBlob({ ...AZURE, accountName: 'with-dash' }), 'accountName: is not valid'],
    [SharedStorage.azureBlob({ ...AZURE, container: 'two--dashes' }), 'container: is not valid'],
    [SharedStorage.gcs({ bucket: 'goog-registry' }), 'bucket: is not valid'],
    [SharedStorage.gcs({ bucket: 'abc', credentialsSecret: 'a', workloadIdentity: 'a@b' }), 'has two identities'],
    [SharedStorage.oss({ ...OSS, region: 'cn-hangzhou' }), 'region: is not valid'],
    [
      SharedStorage.oss({ ...OSS, endpoint: 'oss.example.com', internal: true }),
      'internal: has no effect with an endpoint of your own',
    ],
    [SharedStorage.swift({ ...SWIFT, container: 'a/b' }), 'container: is not valid'],
    [SharedStorage.swift({ ...SWIFT, authUrl: 'keystone' }), 'authUrl: is not valid'],
    [SharedStorage.swift({ ...SWIFT, authUrl: 'https://keystone.example.com:5000' }), 'authUrl: is not valid'],
    [SharedStorage.swift({ ...SWIFT, authUrl: 'https://keystone.example.com/identity' }), 'authUrl: is not valid'],
    [
      SharedStorage.swift({ ...SWIFT, authUrl: 'https://keystone.example.com/v3/auth/tokens' }),
      'authUrl: is not valid',
    ],
    [SharedStorage.swift({ ...SWIFT, domain: undefined }), 'domain: is missing'],
    [
      SharedStorage.swift({ ...SWIFT, authUrl: 'https://x.example.com/identity/v3/', domain: undefined }),
      'domain: is missing',
    ],
    [SharedStorage.swift({ ...SWIFT, ca: 'MIIB' }), 'ca: is not valid'],
    [SharedStorage.swift({ ...SWIFT, objectStoreUrl: 'swift:8080' }), 'objectStoreUrl: is not valid'],
    [SharedStorage.s3({ ...S3, endpoint: 'minio.example.com' }), 'endpoint: is not valid'],
    [SharedStorage.s3({ ...S3, endpoint: 'https://minio.example.com/bucket' }), 'endpoint: is not valid'],
    [SharedStorage.s3({ ...S3, rootDirectory: 'relative' }), 'rootDirectory: is not valid'],
    [SharedStorage.s3({ ...S3, rootDirectory: '/a/../b' }), 'rootDirectory: is not valid'],
    [SharedStorage.s3({ ...S3, chunkSize: '4Mi' }), 'chunkSize: is not a quantity allowed here'],
    [SharedStorage.s3({ ...S3, chunkSize: '6Gi' }), 'chunkSize: is not a quantity allowed here'],
    [SharedStorage.s3({ ...S3, kmsKeyId: 'k' }), 'kmsKeyId: is of no use without encrypt'],
    [SharedStorage.s3({ ...S3, ca: PEM }), 'ca: is of no use without endpoint'],
    [SharedStorage.nas({}), 'does not say where the volume comes from'],
    [SharedStorage.nas({ claim: 'a', storageClass: 'b' }), 'says in several ways where the volume comes from'],
    [SharedStorage.nas({ server: 'nfs' }), 'path: is missing'],
    [SharedStorage.nas({ server: 'nfs', path: 'export' }), 'path: is not valid'],
    [SharedStorage.nas({ claim: 'a', path: '/x' }), 'path: is of no use without server'],
    [SharedStorage.nas({ claim: 'a', mountOptions: ['hard'] }), 'mountOptions: is of no use without server'],
    [SharedStorage.nas({ claim: 'a', size: '1Mi' }), 'size: is not a quantity allowed here'],
    [SharedStorage.nas({ fileSystemId: 'fs-0a1b' }), 'accessPointId: is missing'],
    [SharedStorage.nas({ claim: 'a', accessPointId: 'fsap-0c2d' }), 'accessPointId: is of no use without fileSystemId'],
    [NasStorage.efs({ fileSystemId: '0a1b', accessPointId: 'fsap-0c2d' }), 'fileSystemId: is not valid'],
    [NasStorage.efs({ fileSystemId: 'fs-0a1b', accessPointId: 'fs-0a1b' }), 'accessPointId: is not valid'],
    [
      SharedStorage.nas({ fileSystemId: 'fs-0a1b', accessPointId: 'fsap-0c2d', claim: 'a' }),
      'says in several ways where the volume comes from',
    ],
    [
      NasStorage.alibabaCloud({ server: 'x.nas.aliyuncs.com', path: '/' }),
      'path: is the root of the file system, which the CSI driver cannot open to Harbor',
    ],
  ])('refuses %p', (storage, problem) => {
    const path = problem.includes(': ') ? `regions.a.storage.${problem}` : `regions.a.storage: ${problem}`;
    expect(read(storage).errors).toEqual([path]);
  });

  it.each([
    'https://keystone.example.com:5000/v2.0',
    'https://swift.example.com:8080/auth/v1.0',
    'https://x.example.com/v1/auth',
    defer('https://keystone.example.com/v2.0'),
  ])('asks for no domain where users have none: %s', (authUrl) => {
    expect(read(SharedStorage.swift({ ...SWIFT, authUrl, domain: undefined })).errors).toEqual([]);
  });

  it('says what the registry needs to know of Keystone', () => {
    const told = (more: object) => read(SharedStorage.swift({ ...SWIFT, ...more })).all;
    expect(told({ authUrl: 'https://keystone.example.com' })).toMatchObject([
      { path: 'regions.a.storage.authUrl', allowed: expect.stringContaining('with its version at the end, /v3') },
    ]);
    expect(told({ domain: undefined })).toMatchObject([
      { path: 'regions.a.storage.domain', allowed: expect.stringContaining('such as "Default"'), fix: 'add "domain"' },
    ]);
  });

  it.each(['s3', 'azureBlob', 'gcs', 'oss', 'swift', 'nas'])('refuses a setting that %s does not know', (type) => {
    expect(read({ type, nonsense: true }).errors).toContain('regions.a.storage.nonsense: is not a setting here');
  });

  it.each([
    'https://10.1.2.3:9000',
    'http://minio:9000',
    'https://minio.storage.svc.cluster.local',
    'https://172.20.0.1',
  ])('warns when who pulls is sent to %s', (endpoint) => {
    const given = { ...S3, endpoint, redirect: true };
    expect(read(SharedStorage.s3(given)).warnings).toEqual([
      'regions.a.storage.redirect: sends whoever pulls to an endpoint that only some can reach',
    ]);
    expect(read(SharedStorage.s3({ ...given, redirect: false })).warnings).toEqual([]);
  });

  const keyed = { ...S3, credentialsSecret: 'keys' };

  it.each([
    ['https://obs.ap-southeast-3.myhuaweicloud.com', 'virtualHosted'],
    ['https://OBS.eu-west-101.myhuaweicloud.eu:443/', 'virtualHosted'],
    ['https://cos.ap-guangzhou.myqcloud.com', 'virtualHosted'],
    ['https://cos-internal.accelerate.tencentcos.cn', 'path'],
    ['https://obs.example.com', 'path'],
    ['https://myhuaweicloud.com.example.com', 'path'],
    ['https://s3.us-east-1.amazonaws.com', 'path'],
    [defer('https://obs.ap-southeast-3.myhuaweicloud.com'), 'path'],
  ])('knows by its host how %s is addressed: %s', (endpoint, addressing) => {
    const { value, all } = read(SharedStorage.s3({ ...keyed, endpoint }));
    expect([value, all]).toEqual([expect.objectContaining({ addressing, redirect: false }), []]);
  });

  it('takes another way of addressing where the service does', () => {
    const addressing = (given: string, endpoint: string) => {
      const { value, all } = read({ ...SharedStorage.s3({ ...keyed, endpoint }), addressing: given });
      expect(all).toEqual([]);
      return value;
    };
    expect(addressing('virtualHosted', 'https://s3.example.com')).toMatchObject({ addressing: 'virtualHosted' });
    expect(addressing('virtualHosted', defer('https://s3.example.com'))).toMatchObject({ addressing: 'virtualHosted' });
    // Buckets that were made before 2024 are still found by path.
    expect(addressing('path', 'https://cos.ap-guangzhou.myqcloud.com')).toMatchObject({ addressing: 'path' });
    expect(read(SharedStorage.s3(S3)).value).toMatchObject({ addressing: undefined });
  });

  const OBS = 'https://obs.ap-southeast-3.myhuaweicloud.com';
  it.each<[Partial<S3Storage>, string, string]>([
    [{ addressing: 'path', endpoint: OBS }, 'addressing: is what Huawei Cloud OBS refuses', 'remove addressing'],
    [{ addressing: 'path' }, 'addressing: has no effect without an endpoint', 'remove addressing, or add endpoint'],
    [
      { endpoint: 'https://oss-cn-hangzhou.aliyuncs.com' },
      "endpoint: is Alibaba Cloud OSS, for which Harbor's registry has a driver of its own",
      'use SharedStorage.oss',
    ],
    [
      { endpoint: OBS.replace('obs', 'example-registry.obs') },
      'endpoint: has the bucket in its host already, and would get it twice',
      `write ${OBS}`,
    ],
    [
      { endpoint: OBS, bucket: 'example.registry' },
      'bucket: has a "." in its name, so the certificate of its service does not hold for its host',
      'use another bucket',
    ],
    [
      { endpoint: OBS, redirect: true },
      'redirect: cannot be where the bucket stands in the host: the gateway that puts it there is known in the pods of the registry alone',
      'remove redirect: all bytes go through Harbor',
    ],
    [
      { endpoint: OBS, credentialsSecret: undefined },
      'credentialsSecret: is missing',
      'add "credentialsSecret", or "accessKeyId" and "secretAccessKey"',
    ],
  ])('refuses %j', (change, problem, fix) => {
    const { all } = read(SharedStorage.s3({ ...keyed, ...change }));
    expect(all.map((issue) => [issue.level, `${issue.path}: ${issue.problem}`, issue.fix])).toEqual([
      ['error', `regions.a.storage.${problem}`, fix],
    ]);
  });

  it('lets a certificate of one’s own hold for a bucket with a "." in its name, and needs none in plain HTTP', () => {
    const own = { ...keyed, bucket: 'example.registry', addressing: 'virtualHosted' } as const;
    expect(read(SharedStorage.s3({ ...own, endpoint: 'https://s3.example.com', ca: PEM })).all).toEqual([]);
    expect(read(SharedStorage.s3({ ...own, endpoint: 'http://s3.example.com' })).all).toEqual([]);
  });

  it('warns of a redirect to a private CA, which whoever pulls must trust', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const storage = SharedStorage.s3({ ...S3, endpoint: 'https://s3.example.com', ca });
    expect(read({ ...storage, redirect: true }).warnings).toHaveLength(1);
    expect(read(storage).warnings).toEqual([]);
  });

  it('warns of a redirect to the internal endpoint of OSS, and of none that the world can reach', () => {
    expect(read(SharedStorage.oss({ ...OSS, internal: true, redirect: true })).warnings).toHaveLength(1);
    expect(read(SharedStorage.s3({ ...S3, endpoint: 'https://s3.example.com', redirect: true })).warnings).toEqual([]);
    expect(read(SharedStorage.s3({ ...S3, endpoint: defer('http://a'), redirect: true })).warnings).toEqual([]);
  });
});

describe('storageHost', () => {
  it.each([
    [SharedStorage.s3({ ...S3, endpoint: 'http://MinIO.minio.svc:9000/' }), 'minio.minio.svc'],
    [SharedStorage.s3(S3), undefined],
    [SharedStorage.swift(SWIFT), 'keystone.example.com'],
    [SharedStorage.nas({ server: 'nfs.data.svc', path: '/x' }), 'nfs.data.svc'],
    [SharedStorage.gcs({ bucket: 'b' }), undefined],
  ])('of %p is %s', (storage, host) => expect(storageHost(storage)).toBe(host));
});

describe('storageLocation', () => {
  it.each([
    [SharedStorage.s3(S3), 's3://s3.amazonaws.com/example-registry'],
    [SharedStorage.s3({ ...S3, rootDirectory: '/harbor/' }), 's3://s3.amazonaws.com/example-registry/harbor'],
    [
      SharedStorage.s3({ ...S3, endpoint: 'https://MinIO.example.com:9000/' }),
      's3://minio.example.com:9000/example-registry',
    ],
    [
      SharedStorage.s3({ ...S3, endpoint: 'https://s3.us-east-1.amazonaws.com' }),
      's3://s3.amazonaws.com/example-registry',
    ],
    [SharedStorage.azureBlob(AZURE), 'azure://exampleregistry.blob.core.windows.net/harbor'],
    [SharedStorage.gcs({ bucket: 'b', rootDirectory: '/x' }), 'gcs://b/x'],
    [SharedStorage.oss(OSS), 'oss://example'],
    [SharedStorage.swift({ ...SWIFT, prefix: 'p' }), 'swift://keystone.example.com:5000/v3/harbor/images/p'],
    [NasStorage.efs({ fileSystemId: 'fs-0a1b', accessPointId: 'fsap-0c2d' }), 'efs://fs-0a1b/fsap-0c2d'],
    [SharedStorage.nas({ server: 'NFS.example.com', path: '/export/' }), 'nfs://nfs.example.com/export'],
  ])('of %p is %s', (storage, location) => expect(storageLocation(storage)).toBe(location));

  it('is the same however the same folder is written, and another for another folder', () => {
    const at = (rootDirectory: string | undefined) => storageLocation(SharedStorage.s3({ ...S3, rootDirectory }));
    expect(at('/')).toBe(at(undefined));
    fc.assert(
      fc.property(fc.constantFrom('a', 'b', 'a/b'), fc.constantFrom('/', '//', ''), (folder, end) => {
        expect(at(`/${folder}${end}`)).toBe(at(`/${folder}`));
        expect(at(`/${folder}`)).not.toBe(at('/c'));
      }),
    );
  });

  it('is not known of volumes that a cluster makes, nor of late values', () => {
    expect(storageLocation(SharedStorage.nas({ claim: 'a' }))).toBeUndefined();
    expect(storageLocation(SharedStorage.nas({ storageClass: 'a' }))).toBeUndefined();
    expect(storageLocation(SharedStorage.s3({ ...S3, bucket: defer('x') }))).toBeUndefined();
  });

  it('tells any two buckets apart', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, maxLength: 9 }), fc.string({ minLength: 3, maxLength: 9 }), (a, b) => {
        const [x, y] = [a, b].map((bucket) =>
          storageLocation(SharedStorage.gcs({ bucket: encodeURIComponent(bucket) })),
        );
        expect(x === y).toBe(a === b);
      }),
    );
  });
});

describe('isReadWriteOnce', () => {
  it('is so only for a NAS that says it', () => {
    expect(isReadWriteOnce(SharedStorage.nas({ claim: 'a', accessMode: 'ReadWriteOnce' }))).toBe(true);
    expect(isReadWriteOnce(SharedStorage.nas({ claim: 'a' }))).toBe(false);
    expect(isReadWriteOnce(SharedStorage.s3(S3))).toBe(false);
  });
});
