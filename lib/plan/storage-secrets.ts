import { readSecret } from './given-secrets.js';
import type { Reader, TextRule } from './reader.js';
import { given, type SecretPlan } from './secrets.js';
import type { SharedStorage } from './storage.js';

type ObjectStore = Exclude<SharedStorage['type'], 'nas'>;

/** Keys of the Secret with a bucket's credentials, by the names that Harbor's registry reads. */
export const S3_ACCESS_KEY = 'REGISTRY_STORAGE_S3_ACCESSKEY';
export const S3_SECRET_KEY = 'REGISTRY_STORAGE_S3_SECRETKEY';
/** Key of the Secret with a Google service account's JSON key. */
export const GCS_KEY = 'GCS_KEY_DATA';

/** What is secret of each store's credentials: the setting that takes it, and its key in the Secret. */
const SECRETS: Readonly<
  Record<ObjectStore, { readonly value: string; readonly key: string; readonly rule?: TextRule }>
> = {
  s3: { value: 'secretAccessKey', key: S3_SECRET_KEY },
  azureBlob: { value: 'accountKey', key: 'REGISTRY_STORAGE_AZURE_ACCOUNTKEY' },
  gcs: {
    value: 'serviceAccountKey',
    key: GCS_KEY,
    rule: { pattern: /^\s*\{[\s\S]*\}\s*$/, allowed: 'the JSON key of a Google service account' },
  },
  oss: { value: 'accessKeySecret', key: 'REGISTRY_STORAGE_OSS_ACCESSKEYSECRET' },
  swift: { value: 'password', key: 'REGISTRY_STORAGE_SWIFT_PASSWORD' },
};

/** Reads a store's credentials: what is secret of them, or the name of the Secret that holds them. */
export function readCredentials(
  storage: Reader,
  type: ObjectStore,
  options: { readonly planned: string; readonly required: boolean },
): { readonly secret?: string; readonly given?: string } {
  return readSecret(storage, { ...SECRETS[type], secret: 'credentialsSecret', ...options });
}

/** An access key of S3, or the name of the Secret that holds one. */
export interface S3Credentials {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly credentialsSecret?: string;
}

/** Reads an access key: both halves, or the name of the Secret that holds them, or nothing. */
export function readS3Credentials(storage: Reader, planned: string): S3Credentials {
  const { secret: credentialsSecret, given: secretAccessKey } = readCredentials(storage, 's3', {
    planned,
    required: false,
  });
  const accessKeyId = storage.text('accessKeyId');
  if (storage.has('accessKeyId') !== storage.has('secretAccessKey')) {
    const half = storage.has('accessKeyId') ? 'accessKeyId' : 'secretAccessKey';
    storage.issues.error(
      storage.at(half),
      'is only one half of an access key',
      half,
      'accessKeyId and secretAccessKey together, or neither',
      'add the other half, or put both in a Secret, and its name alone in credentialsSecret',
    );
  }
  return { accessKeyId, secretAccessKey, credentialsSecret };
}

/** The Secret with the storage's credentials; nothing when none is needed. */
export function storageSecrets(storage: SharedStorage, where: Pick<SecretPlan, 'namespace' | 'readers'>): SecretPlan[] {
  if (storage.type === 'nas' || storage.credentialsSecret === undefined) return [];
  const keys = givenKeys(storage);
  return [
    {
      namespace: where.namespace,
      name: storage.credentialsSecret,
      objectKind: 'Secret',
      type: 'Opaque',
      keys: keys ?? EXISTING[storage.type],
      source: keys === undefined ? 'existing' : 'generated',
      keep: false,
      readers: where.readers,
    },
  ];
}

/** The keys of a Secret that is made of an access key given; nothing when none was. */
export const s3Keys = ({ accessKeyId = '', secretAccessKey }: S3Credentials): SecretPlan['keys'] | undefined =>
  secretAccessKey === undefined
    ? undefined
    : { [S3_ACCESS_KEY]: { kind: 'text', value: accessKeyId }, [S3_SECRET_KEY]: given(secretAccessKey) };

function givenKeys(storage: Exclude<SharedStorage, { readonly type: 'nas' }>): SecretPlan['keys'] | undefined {
  const only = (secret: string | undefined): SecretPlan['keys'] | undefined =>
    secret === undefined ? undefined : { [SECRETS[storage.type].key]: given(secret) };
  switch (storage.type) {
    case 's3':
      return s3Keys(storage);
    case 'azureBlob':
      return only(storage.accountKey);
    case 'gcs':
      return only(storage.serviceAccountKey);
    case 'oss':
      return only(storage.accessKeySecret);
    case 'swift':
      return only(storage.password);
  }
}

/** What the user's own Secret must hold. */
const EXISTING: Readonly<Record<ObjectStore, SecretPlan['keys']>> = {
  s3: {
    [S3_ACCESS_KEY]: { kind: 'text', value: 'access key of an account that may write the bucket' },
    [S3_SECRET_KEY]: { kind: 'password', length: 40 },
  },
  azureBlob: { [SECRETS.azureBlob.key]: { kind: 'password', length: 88 } },
  gcs: { [GCS_KEY]: { kind: 'text', value: 'JSON key of a service account that may write the bucket' } },
  oss: { [SECRETS.oss.key]: { kind: 'password', length: 30 } },
  swift: { [SECRETS.swift.key]: { kind: 'password', length: 32 } },
};

/** Names of the variables that the registry reads from the storage's Secret; of Google Cloud it reads a file. */
export const credentialVariables = (storage: SharedStorage): readonly string[] =>
  storage.type === 'nas' || storage.type === 'gcs' ? [] : Object.keys(EXISTING[storage.type]);
