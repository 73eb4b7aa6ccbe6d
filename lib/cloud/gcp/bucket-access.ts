import { Account, IAMMember, Key } from '@pulumi/gcp/serviceaccount';
import { BucketIAMMember } from '@pulumi/gcp/storage';
import { type Input, interpolate, type Output, type Resource } from '@pulumi/pulumi';
import { DNS_LABEL, OBJECT_NAME } from '../../plan/names.js';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { nameWithin } from '../resource-name.js';
import { PROJECT } from './args.js';

/** A service account with nothing but this bucket, and its key. */
export interface KeysAccess {
  readonly type: 'keys';
  /**
   * Add one to rotate: a new key is made, and the one before stays valid until the next rotation, so that uploads under way can
   * end. Pods roll to the new key. @default 1
   */
  readonly generation?: number;
  /** `false` ends the key before as soon as the pods have the new one, such as after a leak. @default true */
  readonly keepPrevious?: boolean;
}

/** A service account with nothing but this bucket, as which Harbor's registry acts on GKE, without a key. */
export interface WorkloadIdentityAccess {
  readonly type: 'workloadIdentity';
  /** Project of the GKE cluster, whose workload identity pool is `<project>.svc.id.goog`. */
  readonly project: string;
  /** Namespace of Harbor. @default harbor */
  readonly namespace?: string;
  /** Kubernetes ServiceAccount of the registry. @default harbor-registry */
  readonly serviceAccount?: string;
}

/** A key that another team keeps in a Secret of Harbor's namespace. */
export interface ExistingSecretAccess {
  readonly type: 'existingSecret';
  /** Name of the Secret with the service account's JSON key under `GCS_KEY_DATA`. */
  readonly name: string;
}

/** Nothing is made. */
export interface NoAccess {
  readonly type: 'none';
}

/** How Harbor's registry comes to its bucket. */
export type BucketAccess = KeysAccess | WorkloadIdentityAccess | ExistingSecretAccess | NoAccess;

/** How Harbor's registry comes to its bucket: one of these factories. */
export const BucketAccess = {
  /**
   * A long-lived key of a service account that may use this bucket only; whoever pulls fetches blobs from Google. Many organisations
   * forbid such keys (`iam.disableServiceAccountKeyCreation`). It is in the stack's state, encrypted.
   */
  keys: (props: Inputs<Omit<KeysAccess, 'type'>> = {}): Inputs<KeysAccess> => ({ type: 'keys', ...props }),
  /** No key: Workload Identity Federation for GKE. Without one the registry cannot sign URLs, so all bytes go through Harbor. */
  workloadIdentity: (props: Inputs<Omit<WorkloadIdentityAccess, 'type'>>): Inputs<WorkloadIdentityAccess> => ({
    type: 'workloadIdentity',
    ...props,
  }),
  /** A key that exists in a Secret of the cluster, such as one of External Secrets. */
  existingSecret: (props: Inputs<Omit<ExistingSecretAccess, 'type'>>): Inputs<ExistingSecretAccess> => ({
    type: 'existingSecret',
    ...props,
  }),
  /** Nothing is made. */
  none: (): NoAccess => ({ type: 'none' }),
} as const;

const CHOICES = ['keys', 'workloadIdentity', 'existingSecret', 'none'] as const;

/** Checks the access and records every mistake. */
export function readBucketAccess(reader: Reader): void {
  if (!reader.has('access')) return;
  const access = reader.child('access');
  if (!access.has('type')) access.missing('type', CHOICES.join(', '));
  switch (access.choice('type', CHOICES)) {
    case 'keys':
      access.only('type', 'generation', 'keepPrevious').count('generation', 1, 1_000_000);
      access.flag('keepPrevious');
      return;
    case 'workloadIdentity':
      access.only('type', 'project', 'namespace', 'serviceAccount').requiredText('project', PROJECT);
      access.text('namespace', DNS_LABEL);
      access.text('serviceAccount', OBJECT_NAME);
      return;
    case 'existingSecret':
      access.only('type', 'name').requiredText('name', OBJECT_NAME);
      return;
    case 'none':
      access.only('type');
  }
}

/** What a bucket's access gives to Harbor's registry. */
export interface Granted {
  readonly serviceAccountKey?: Output<string>;
  readonly workloadIdentity?: Output<string>;
  readonly credentialsSecret?: Input<string>;
}

/** Gives access to a bucket. */
export function grant(
  parent: Resource,
  name: string,
  { bucket, project }: { readonly bucket: Input<string>; readonly project?: Input<string> },
  access: Inputs<BucketAccess>,
): Granted {
  if (access.type === 'existingSecret') return { credentialsSecret: access.name };
  if (access.type === 'none') return {};
  const part = `${name}-registry`;
  // Made anew by settings, so never protected.
  const options = { parent, protect: false };
  const account = new Account(
    part,
    // https://cloud.google.com/iam/docs/service-accounts-create: 6 to 30 characters.
    { accountId: nameWithin(30, name, 'registry'), displayName: `Harbor's registry of ${name}`, project },
    options,
  );
  const allowed = new BucketIAMMember(
    part,
    { bucket, role: 'roles/storage.objectUser', member: interpolate`serviceAccount:${account.email}` },
    options,
  );
  if (access.type === 'workloadIdentity') {
    const { namespace = 'harbor', serviceAccount = 'harbor-registry' } = access;
    const acts = new IAMMember(
      part,
      {
        serviceAccountId: account.name,
        role: 'roles/iam.workloadIdentityUser',
        member: interpolate`serviceAccount:${access.project}.svc.id.goog[${namespace}/${serviceAccount}]`,
      },
      options,
    );
    // Pods that start before they may would only fail.
    return { workloadIdentity: interpolate`${account.email}${acts.id.apply(() => '')}${allowed.id.apply(() => '')}` };
  }
  const { generation = 1, keepPrevious = true } = access;
  const make = (number: number): Key =>
    new Key(`${part}-${number}`, { serviceAccountId: account.name }, { ...options, dependsOn: allowed });
  if (generation > 1 && keepPrevious) make(generation - 1);
  const key = make(generation);
  return { serviceAccountKey: key.privateKey.apply((text) => Buffer.from(text, 'base64').toString()) };
}
