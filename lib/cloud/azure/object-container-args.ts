import { OBJECT_NAME } from '../../plan/names.js';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { LOCATION, RESOURCE_GROUP, type Tagged } from './args.js';
import { readServiceAccess, SERVICE_ACCESS, type ServiceAccess } from './service-access.js';

const SKUS = ['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'] as const;

/** A storage account with a container for the images of one Harbor. */
export interface ObjectContainerProps extends ServiceAccess, Tagged {
  readonly resourceGroupName: string;
  /** Name of the storage account, unique in all of Azure; another one makes a new, empty account, and Harbor moves to it. */
  readonly accountName: string;
  /** Another name makes a new, empty container, and Harbor moves to it. @default harbor */
  readonly container?: string;
  /** Account and container are there already: nothing of them is changed, only the key is read. @default false */
  readonly existing?: boolean;
  /** Azure's own name of the region, such as `westeurope`. Needed for a new account; it can never be changed. */
  readonly location?: string;
  /**
   * Copies: in one zone (LRS), in three (ZRS), and in another region besides (GRS, GZRS), which is for disasters and costs the storage once
   * more and the traffic. @default Standard_ZRS
   */
  readonly sku?: (typeof SKUS)[number];
  /** Keeps what is overwritten for `noncurrentDays`. @default true */
  readonly versioning?: boolean;
  /**
   * Days for which what is deleted or overwritten can be brought back, 1 to 365. Costs that storage: the registry writes each layer to a
   * temporary blob first, so what was pushed in these days is paid twice. @default 7
   */
  readonly noncurrentDays?: number;
  /**
   * Which of the account's two keys the registry uses. To rotate, name the other one, deploy, and regenerate the first in Azure.
   * @default 1
   */
  readonly keyNumber?: 1 | 2;
  /** Name of a Secret in Harbor's namespace with `REGISTRY_STORAGE_AZURE_ACCOUNTKEY`, instead of the key itself. @default - the key is read */
  readonly credentialsSecret?: string;
  /** The account stays in Azure when it leaves the stack. With `false` it is deleted, with all images. @default true */
  readonly retainOnDelete?: boolean;
}

/** As {@link ObjectContainerProps}, with an Output wherever free text goes. */
export type ObjectContainerArgs = Inputs<ObjectContainerProps>;

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftstorage
export const ACCOUNT_NAME = {
  pattern: /^[a-z0-9]{3,}$/,
  allowed: 'a storage account name: 3 to 24 lower-case letters and digits',
  maxLength: 24,
};
const CONTAINER_NAME = {
  pattern: /^(?=.{3})[a-z0-9]+(-[a-z0-9]+)*$/,
  allowed: 'a container name: 3 to 63 lower-case letters, digits and single "-"',
  maxLength: 63,
};
/** What has no meaning for an account that is there already. */
const OWN_SETTINGS = ['location', 'sku', 'versioning', 'noncurrentDays', 'retainOnDelete', ...SERVICE_ACCESS] as const;

/** Reads what decides about the container's resources. */
export function readObjectContainer(reader: Reader) {
  refuseIdentity(reader);
  reader.only(
    ...['resourceGroupName', 'accountName', 'container', 'existing', 'keyNumber', 'credentialsSecret', 'tags'],
    ...['identity', 'access', ...OWN_SETTINGS],
  );
  reader.requiredText('resourceGroupName', RESOURCE_GROUP);
  reader.requiredText('accountName', ACCOUNT_NAME);
  reader.text('container', CONTAINER_NAME);
  reader.text('credentialsSecret', OBJECT_NAME);
  reader.textMap('tags');
  const existing = reader.flag('existing') ?? false;
  if (existing) {
    for (const key of OWN_SETTINGS.filter((one) => reader.has(one))) {
      const problem = 'is not changed on an account that exists';
      const allowed = 'container, keyNumber and credentialsSecret';
      reader.issues.error(reader.at(key), problem, reader.raw(key), allowed, `remove ${key}, or existing`);
    }
  } else {
    reader.requiredText('location', LOCATION);
    readServiceAccess(reader);
  }
  return {
    existing,
    sku: reader.choice('sku', SKUS) ?? 'Standard_ZRS',
    versioning: reader.flag('versioning') ?? true,
    noncurrentDays: reader.count('noncurrentDays', 1, 365) ?? 7,
    keyNumber: reader.count('keyNumber', 1, 2) ?? 1,
    retainOnDelete: reader.flag('retainOnDelete') ?? true,
  };
}

/** Says why what other services take does not work here. */
function refuseIdentity(reader: Reader): void {
  for (const key of ['identity', 'access'].filter((one) => reader.has(one))) {
    const problem =
      'is not possible: the registry of Harbor 2.14 and 2.15 logs in to Azure with an account key only, not with a managed identity, workload identity or SAS';
    const allowed = 'the key that is read, or credentialsSecret';
    reader.issues.error(reader.at(key), problem, reader.raw(key), allowed, `remove ${key}`);
  }
}
