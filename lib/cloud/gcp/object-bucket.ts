import { Bucket } from '@pulumi/gcp/storage';
import { ComponentResource, type ComponentResourceOptions, type Output, output } from '@pulumi/pulumi';
import type { Reader } from '../../plan/reader.js';
import type { GcsStorage } from '../../plan/storage.js';
import { type Inputs, plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { type Labelled, PROJECT } from './args.js';
import { type BucketAccess, grant, readBucketAccess } from './bucket-access.js';

/** A bucket for the images of one Harbor. */
export interface ObjectBucketProps extends Labelled {
  /** Its name, unique in all of Google Cloud; another one makes a new, empty bucket, and Harbor moves to it. */
  readonly bucket: string;
  /** The bucket is there already: nothing of it is changed, only access to it is made. @default false */
  readonly existing?: boolean;
  /**
   * Where it lies: a region such as `europe-west4`, or a dual-region such as `EUR4`, which keeps every object in two regions and costs
   * more storage. Needed for a new bucket; it can never be changed.
   */
  readonly location?: string;
  /** Project of the bucket and of its service account. @default - that of the provider */
  readonly project?: string;
  /** Key of Cloud KMS, which the service agent of Cloud Storage may use. @default - keys of Google, at no cost */
  readonly kmsKeyName?: string;
  /**
   * Days for which what is deleted or overwritten can be brought back: 7 to 90, or 0 for none. Costs that storage: the registry writes
   * each layer to a temporary object first, so what was pushed in these days is paid twice. @default 7
   */
  readonly softDeleteDays?: number;
  /** @default BucketAccess.keys() */
  readonly access?: BucketAccess;
  /** Folder of this Harbor in the bucket, such as `/harbor`; access is to the whole bucket. @default / */
  readonly rootDirectory?: string;
  /** The bucket stays in Google Cloud when it leaves the stack. With `false` it is deleted, which Google refuses as long as it holds an object. @default true */
  readonly retainOnDelete?: boolean;
}

/** As {@link ObjectBucketProps}, with an Output wherever free text goes. */
export type ObjectBucketArgs = Inputs<ObjectBucketProps>;

/**
 * A bucket for the images of one Harbor, and access to it: private, with access by IAM alone, and with what is deleted kept for a
 * while. It stays in Google Cloud when it leaves the stack, and nothing here ever empties it.
 *
 * ```ts
 * const bucket = new ObjectBucket('holland', { bucket: 'example-registry-holland', location: 'europe-west4' });
 * // regions: { holland: { storage: bucket.storage, … } }
 * ```
 */
export class ObjectBucket extends ComponentResource {
  /** Name of the bucket. */
  readonly bucket: Output<string>;
  /** JSON key of the service account, with `BucketAccess.keys()`; secret. */
  readonly serviceAccountKey?: Output<string>;
  /** The setting for a region or a Harbor: `storage: bucket.storage`. */
  readonly storage: GcsStorage;

  constructor(name: string, args: ObjectBucketArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:gcp:ObjectBucket', name, {}, opts);
    const { existing, softDeleteDays, retainOnDelete } = readArgs('gcp', this, name, args, readObjectBucket);
    const { bucket, project, location = '', kmsKeyName, labels } = args;
    const made = existing
      ? undefined
      : new Bucket(
          name,
          {
            name: bucket,
            project,
            location,
            labels,
            uniformBucketLevelAccess: true,
            publicAccessPrevention: 'enforced',
            forceDestroy: false,
            encryption: kmsKeyName === undefined ? undefined : { defaultKmsKeyName: kmsKeyName },
            softDeletePolicy: { retentionDurationSeconds: softDeleteDays * 86_400 },
          },
          { parent: this, retainOnDelete },
        );
    this.bucket = made?.name ?? output(bucket);
    const granted = grant(this, name, { bucket: this.bucket, project }, args.access ?? { type: 'keys' });
    this.serviceAccountKey = granted.serviceAccountKey;
    this.storage = plain<GcsStorage>({ type: 'gcs', bucket, rootDirectory: args.rootDirectory, ...granted });
    this.registerOutputs({ bucket: this.bucket });
  }
}

// https://cloud.google.com/storage/docs/buckets#naming; without dots, which need a domain of one's own.
const BUCKET_NAME = {
  pattern: /^(?!goog)[a-z0-9][a-z0-9_-]+[a-z0-9]$/,
  allowed: 'a bucket name: 3 to 63 lower-case letters, digits, "-" and "_", not beginning with "goog"',
  maxLength: 63,
};
const LOCATION = { pattern: /^[A-Za-z][A-Za-z0-9-]+$/, allowed: 'a location such as europe-west4 or EUR4' };
const KMS_KEY = {
  pattern: /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/,
  allowed: 'a key such as projects/example/locations/europe-west4/keyRings/registry/cryptoKeys/images',
};
const FOLDER = {
  pattern: /^(?!.*(^|\/)\.\.?(\/|$))\/[A-Za-z0-9._/-]*$/,
  allowed: 'an absolute path such as /harbor, of letters, digits, ".", "_", "-" and "/"',
};
/** What has no meaning for a bucket that is there already. */
const OWN_SETTINGS = ['location', 'kmsKeyName', 'softDeleteDays', 'retainOnDelete'] as const;

function readObjectBucket(reader: Reader) {
  reader.only('bucket', 'existing', 'project', 'access', 'rootDirectory', 'labels', ...OWN_SETTINGS);
  reader.requiredText('bucket', BUCKET_NAME);
  reader.text('project', PROJECT);
  reader.text('rootDirectory', FOLDER);
  reader.textMap('labels');
  readBucketAccess(reader);
  const existing = reader.flag('existing') ?? false;
  if (!existing) reader.requiredText('location', LOCATION);
  reader.text('kmsKeyName', KMS_KEY);
  if (existing) {
    for (const key of OWN_SETTINGS.filter((one) => reader.has(one))) {
      const allowed = 'project, access and rootDirectory';
      const problem = 'is not changed on a bucket that exists';
      reader.issues.error(reader.at(key), problem, reader.raw(key), allowed, `remove ${key}, or existing`);
    }
  }
  const softDeleteDays = reader.count('softDeleteDays', 0, 90) ?? 7;
  if (softDeleteDays > 0 && softDeleteDays < 7) {
    const allowed = '0, or 7 to 90 days';
    reader.issues.error(
      reader.at('softDeleteDays'),
      'is less than Google keeps',
      softDeleteDays,
      allowed,
      `set ${allowed}`,
    );
  }
  return { existing, softDeleteDays, retainOnDelete: reader.flag('retainOnDelete') ?? true };
}
