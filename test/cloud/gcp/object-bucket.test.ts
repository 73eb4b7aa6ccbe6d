import { secret } from '@pulumi/pulumi';
import { BucketAccess, ObjectBucket, type ObjectBucketArgs } from '../../../lib/cloud/gcp';
import { Issues } from '../../../lib/plan/issues';
import { Reader } from '../../../lib/plan/reader';
import { readStorage } from '../../../lib/plan/storage';
import { type RecordOptions, record, Secret } from '../../pulumi/support/mocks';
import { deployed, mistaken } from '../aws/fixtures';

const BUCKET = { bucket: 'example-registry-holland', location: 'europe-west4' } as const;
const make = (args: Partial<ObjectBucketArgs> = {}) => new ObjectBucket('holland', { ...BUCKET, ...args });
const KEY = '{"type":"service_account"}';

const outputs: RecordOptions['outputs'] = ({ type, name }) => {
  switch (type) {
    case 'gcp:serviceaccount/account:Account':
      return { email: `${name}@example.iam.gserviceaccount.com`, name: `projects/example/serviceAccounts/${name}` };
    case 'gcp:serviceaccount/key:Key':
      return { privateKey: secret(Buffer.from(`${KEY} of ${name}`).toString('base64')) };
    default:
      return undefined;
  }
};

/** The bucket's setting, once Harbor's plan has taken it. */
async function setting(args: Partial<ObjectBucketArgs> = {}): Promise<Record<string, unknown>> {
  let found: Record<string, unknown> = {};
  const issues = new Issues();
  await record(
    async () => {
      const { storage } = make(args);
      readStorage(new Reader({ storage }, '', issues), 'storage', 'harbor');
      found = await deployed(storage);
    },
    { outputs },
  );
  expect(issues.all).toEqual([]);
  return found;
}

describe('ObjectBucket of Google Cloud', () => {
  it('is private, and keeps what is deleted for a week', async () => {
    const recording = await record(() => make({ labels: { team: 'registry' }, project: 'example-data' }), { outputs });
    expect(recording.names()).toEqual([
      'gcp:serviceaccount/account:Account::holland-registry',
      'gcp:serviceaccount/key:Key::holland-registry-1',
      'gcp:storage/bucket:Bucket::holland',
      'gcp:storage/bucketIAMMember:BucketIAMMember::holland-registry',
      'harbor-fleet:gcp:ObjectBucket::holland',
    ]);
    const bucket = recording.find('holland', 'gcp:storage/bucket:Bucket');
    expect(bucket.inputs).toEqual({
      name: 'example-registry-holland',
      project: 'example-data',
      location: 'europe-west4',
      labels: { team: 'registry' },
      uniformBucketLevelAccess: true,
      publicAccessPrevention: 'enforced',
      forceDestroy: false,
      softDeletePolicy: { retentionDurationSeconds: 604800 },
    });
    expect(bucket.retainOnDelete).toBe(true);
    expect(recording.find('holland-registry', 'gcp:serviceaccount/account:Account').inputs).toEqual({
      accountId: 'holland-registry',
      displayName: 'Harbor’s registry of holland'.replace('’', "'"),
      project: 'example-data',
    });
    expect(recording.find('holland-registry', 'gcp:storage/bucketIAMMember:BucketIAMMember').inputs).toEqual({
      bucket: 'example-registry-holland',
      role: 'roles/storage.objectUser',
      member: 'serviceAccount:holland-registry@example.iam.gserviceaccount.com',
    });
    const allowed = recording.find('holland-registry', 'gcp:storage/bucketIAMMember:BucketIAMMember').urn;
    expect(recording.find('holland-registry-1').dependencies).toContain(allowed);
  });

  it('is a setting that Harbor’s plan takes, with a key that stays secret', async () => {
    expect(await setting({ rootDirectory: '/harbor' })).toEqual({
      type: 'gcs',
      bucket: 'example-registry-holland',
      rootDirectory: '/harbor',
      serviceAccountKey: new Secret(`${KEY} of holland-registry-1`),
    });
  });

  it('keeps the key before until the next rotation, or ends it', async () => {
    const keys = async (access: ReturnType<typeof BucketAccess.keys>) =>
      (await record(() => make({ access }), { outputs })).names().filter((name) => name.includes('Key'));
    expect(await keys(BucketAccess.keys({ generation: 3 }))).toEqual([
      'gcp:serviceaccount/key:Key::holland-registry-2',
      'gcp:serviceaccount/key:Key::holland-registry-3',
    ]);
    expect(await keys(BucketAccess.keys({ generation: 3, keepPrevious: false }))).toHaveLength(1);
    expect(await setting({ access: BucketAccess.keys({ generation: 3 }) })).toMatchObject({
      serviceAccountKey: new Secret(`${KEY} of holland-registry-3`),
    });
  });

  it('needs no key on GKE, once the registry may act as the account', async () => {
    const access = BucketAccess.workloadIdentity({ project: 'example-gke' });
    const recording = await record(() => make({ access }), { outputs });
    expect(recording.find('holland-registry', 'gcp:serviceaccount/iAMMember:IAMMember').inputs).toEqual({
      serviceAccountId: 'projects/example/serviceAccounts/holland-registry',
      role: 'roles/iam.workloadIdentityUser',
      member: 'serviceAccount:example-gke.svc.id.goog[harbor/harbor-registry]',
    });
    expect(await setting({ access })).toEqual({
      type: 'gcs',
      bucket: 'example-registry-holland',
      workloadIdentity: 'holland-registry@example.iam.gserviceaccount.com',
    });
  });

  it('may be there already, with a Secret that another team keeps, or none', async () => {
    const args = { existing: true, location: undefined, access: BucketAccess.existingSecret({ name: 'gcs' }) };
    expect((await record(() => make(args), { outputs })).names()).toEqual(['harbor-fleet:gcp:ObjectBucket::holland']);
    expect(await setting(args)).toEqual({
      type: 'gcs',
      bucket: 'example-registry-holland',
      credentialsSecret: 'gcs',
    });
    expect((await record(() => make({ ...args, access: BucketAccess.none() }))).names()).toHaveLength(1);
  });

  it('has a key of its own, and goes with the stack, when asked', async () => {
    const kmsKeyName = 'projects/example/locations/europe-west4/keyRings/registry/cryptoKeys/images';
    const recording = await record(() => make({ kmsKeyName, softDeleteDays: 0, retainOnDelete: false }), { outputs });
    const bucket = recording.find('holland', 'gcp:storage/bucket:Bucket');
    expect(bucket.inputs).toMatchObject({
      encryption: { defaultKmsKeyName: kmsKeyName },
      softDeletePolicy: { retentionDurationSeconds: 0 },
    });
    expect(bucket.retainOnDelete).toBe(false);
  });

  it('has a service account whose name fits', async () => {
    const name = 'a-component-with-quite-a-long-name';
    const recording = await record(() => new ObjectBucket(name, BUCKET), { outputs });
    const { accountId } = recording.find(`${name}-registry`, 'gcp:serviceaccount/account:Account').inputs;
    expect(accountId).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ bucket: 'google.example' }, 'bucket: is not valid'],
    [{ location: undefined }, 'location: is missing'],
    [{ softDeleteDays: 3 }, 'softDeleteDays: is less than Google keeps'],
    [{ kmsKeyName: 'images' }, 'kmsKeyName: is not valid'],
    [{ rootDirectory: 'harbor' }, 'rootDirectory: is not valid'],
    [{ existing: true }, 'location: is not changed on a bucket that exists'],
    [{ access: { type: 'workloadIdentity' } }, 'access.project: is missing'],
    [{ access: { type: 'keys', generation: 0 } }, 'access.generation: is out of range'],
    [{ access: { type: 'nodeRole' } }, 'access.type: is not one of the choices'],
    [{ access: { type: 'existingSecret' } }, 'access.name: is missing'],
    [{ versioning: true }, 'versioning: is not a setting here'],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`gcp ObjectBucket "holland".${mistake}`]);
  });
});
