import { defer } from '../../lib/plan/deferred';
import { Issues } from '../../lib/plan/issues';
import { Reader } from '../../lib/plan/reader';
import { readStorage, SharedStorage } from '../../lib/plan/storage';
import { credentialVariables, storageSecrets } from '../../lib/plan/storage-secrets';
import { known } from '../../lib/testing';

const S3 = { bucket: 'example-registry', region: 'us-east-1' };
const AZURE = { accountName: 'exampleregistry', container: 'harbor' };
const GCS = { bucket: 'example' };
const OSS = { bucket: 'example', region: 'oss-cn-hangzhou', accessKeyId: 'LTAI' };
const SWIFT = {
  authUrl: 'https://keystone.example.com:5000/v3',
  username: 'harbor',
  container: 'images',
  domain: 'Default',
};
const where = { namespace: 'harbor', readers: ['harbor/registry'] };

const read = (storage: unknown) => {
  const issues = new Issues();
  const value = readStorage(new Reader({ storage }, 'regions.a', issues), 'storage', 'team');
  return { value, issues: issues.all };
};

describe('credentials given as late values', () => {
  const key = defer('the key');

  it.each([
    [
      SharedStorage.s3({ ...S3, accessKeyId: 'AKIA', secretAccessKey: key }),
      {
        REGISTRY_STORAGE_S3_ACCESSKEY: { kind: 'text', value: 'AKIA' },
        REGISTRY_STORAGE_S3_SECRETKEY: { kind: 'given', value: key },
      },
    ],
    [
      SharedStorage.azureBlob({ ...AZURE, accountKey: key }),
      { REGISTRY_STORAGE_AZURE_ACCOUNTKEY: { kind: 'given', value: key } },
    ],
    [
      SharedStorage.oss({ ...OSS, accessKeySecret: key }),
      { REGISTRY_STORAGE_OSS_ACCESSKEYSECRET: { kind: 'given', value: key } },
    ],
    [
      SharedStorage.swift({ ...SWIFT, password: key }),
      { REGISTRY_STORAGE_SWIFT_PASSWORD: { kind: 'given', value: key } },
    ],
  ])('get a Secret of their own: %p', (storage, keys) => {
    const { value, issues } = read(storage);
    expect(issues).toEqual([]);
    expect(value).toMatchObject({ credentialsSecret: 'team-storage' });
    expect(storageSecrets(value, where)).toEqual([
      { ...where, name: 'team-storage', objectKind: 'Secret', type: 'Opaque', keys, source: 'generated', keep: false },
    ]);
  });

  it('of Google Cloud are JSON, which is asked when it is known', () => {
    const { value } = read(SharedStorage.gcs({ ...GCS, serviceAccountKey: defer('{"type": "service_account"}') }));
    expect(known(storageSecrets(value, where)[0]?.keys)).toEqual({
      GCS_KEY_DATA: { kind: 'given', value: '{"type": "service_account"}' },
    });
    const bad = read(SharedStorage.gcs({ ...GCS, serviceAccountKey: defer('top secret') })).value;
    expect(() => known(storageSecrets(bad, where))).toThrow(
      /regions\.a\.storage\.serviceAccountKey: is not valid\n +given: +\(hidden\)\n +allowed: the JSON key of a Google service account/,
    );
  });

  it.each([
    [
      SharedStorage.s3({ ...S3, accessKeyId: 'AKIA', secretAccessKey: 'top secret' }),
      'secretAccessKey: is a plain text, which would land in the manifests',
      'put it in a Secret under the key REGISTRY_STORAGE_S3_SECRETKEY, and the name of that Secret in credentialsSecret',
    ],
    [
      SharedStorage.azureBlob({ ...AZURE, accountKey: 'top secret' }),
      'accountKey: is a plain text, which would land in the manifests',
      'put it in a Secret under the key REGISTRY_STORAGE_AZURE_ACCOUNTKEY, and the name of that Secret in credentialsSecret',
    ],
    [
      SharedStorage.gcs({ ...GCS, serviceAccountKey: 'top secret' }),
      'serviceAccountKey: is a plain text, which would land in the manifests',
      'put it in a Secret under the key GCS_KEY_DATA, and the name of that Secret in credentialsSecret',
    ],
    [
      SharedStorage.oss({ ...OSS, accessKeySecret: 'top secret' }),
      'accessKeySecret: is a plain text, which would land in the manifests',
      'put it in a Secret under the key REGISTRY_STORAGE_OSS_ACCESSKEYSECRET, and the name of that Secret in credentialsSecret',
    ],
    [
      SharedStorage.swift({ ...SWIFT, password: 'top secret' }),
      'password: is a plain text, which would land in the manifests',
      'put it in a Secret under the key REGISTRY_STORAGE_SWIFT_PASSWORD, and the name of that Secret in credentialsSecret',
    ],
    [
      SharedStorage.s3({ ...S3, accessKeyId: 'AKIA', secretAccessKey: key, credentialsSecret: 'mine' }),
      'secretAccessKey: is given twice',
      'remove one',
    ],
    [
      SharedStorage.s3({ ...S3, accessKeyId: 'AKIA' }),
      'accessKeyId: is only one half of an access key',
      'add the other half, or put both in a Secret, and its name alone in credentialsSecret',
    ],
    [
      SharedStorage.s3({ ...S3, secretAccessKey: key }),
      'secretAccessKey: is only one half of an access key',
      'add the other half, or put both in a Secret, and its name alone in credentialsSecret',
    ],
    [
      SharedStorage.gcs({ ...GCS, serviceAccountKey: key, workloadIdentity: 'a@b' }),
      ': has two identities',
      'remove serviceAccountKey to use workload identity, or workloadIdentity to use the key',
    ],
    [SharedStorage.azureBlob(AZURE), 'credentialsSecret: is missing', 'add "credentialsSecret" or "accountKey"'],
    [SharedStorage.oss(OSS), 'credentialsSecret: is missing', 'add "credentialsSecret" or "accessKeySecret"'],
    [SharedStorage.swift(SWIFT), 'credentialsSecret: is missing', 'add "credentialsSecret" or "password"'],
  ])('%# are refused in one clear error, and never shown', (storage, problem, fix) => {
    const { issues } = read(storage);
    expect(issues.map((issue) => `${issue.path}: ${issue.problem}`)).toEqual([
      `regions.a.storage${problem.startsWith(':') ? '' : '.'}${problem}`,
    ]);
    expect(issues[0]?.fix).toBe(fix);
    expect(JSON.stringify(issues)).not.toContain('top secret');
  });
});

describe('storageSecrets', () => {
  it.each([
    [
      SharedStorage.s3({ ...S3, credentialsSecret: 'x' }),
      ['REGISTRY_STORAGE_S3_ACCESSKEY', 'REGISTRY_STORAGE_S3_SECRETKEY'],
    ],
    [SharedStorage.azureBlob({ ...AZURE, credentialsSecret: 'azure' }), ['REGISTRY_STORAGE_AZURE_ACCOUNTKEY']],
    [SharedStorage.oss({ ...OSS, credentialsSecret: 'oss' }), ['REGISTRY_STORAGE_OSS_ACCESSKEYSECRET']],
    [SharedStorage.swift({ ...SWIFT, credentialsSecret: 'swift' }), ['REGISTRY_STORAGE_SWIFT_PASSWORD']],
  ])('names the keys of %p, which the registry reads from its environment', (storage, keys) => {
    const [secret, ...more] = storageSecrets(storage, where);
    expect(more).toEqual([]);
    expect(secret).toMatchObject({ ...where, source: 'existing', name: storage.credentialsSecret, type: 'Opaque' });
    expect(Object.keys(secret?.keys ?? {})).toEqual(keys);
    expect(credentialVariables(storage)).toEqual(keys);
  });

  it('of Google Cloud is a file, not a variable', () => {
    const storage = SharedStorage.gcs({ bucket: 'b', credentialsSecret: 'x' });
    expect(Object.keys(storageSecrets(storage, where)[0]?.keys ?? {})).toEqual(['GCS_KEY_DATA']);
    expect(credentialVariables(storage)).toEqual([]);
  });

  it('are none where the cloud or the network knows who comes', () => {
    expect(storageSecrets(SharedStorage.s3(S3), where)).toEqual([]);
    expect(storageSecrets(SharedStorage.nas({ claim: 'a' }), where)).toEqual([]);
    expect(credentialVariables(SharedStorage.nas({ claim: 'a' }))).toEqual([]);
  });
});
