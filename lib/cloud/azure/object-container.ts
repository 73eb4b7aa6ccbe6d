import {
  BlobContainer,
  BlobServiceProperties,
  listStorageAccountKeysOutput,
  ManagementPolicy,
  StorageAccount,
} from '@pulumi/azure-native/storage';
import {
  ComponentResource,
  type ComponentResourceOptions,
  type CustomResourceOptions,
  type Output,
  output,
  type Resource,
  secret,
} from '@pulumi/pulumi';
import type { AzureBlobStorage } from '../../plan/storage.js';
import { lateMistake } from '../../pulumi/errors.js';
import { plain } from '../../pulumi/inputs.js';
import { readArgs } from '../args.js';
import { type ObjectContainerArgs, readObjectContainer } from './object-container-args.js';
import { networkRules, privateEndpoint } from './service-access.js';

type Settings = ReturnType<typeof readObjectContainer>;

/**
 * A storage account with a container for the images of one Harbor: private, encrypted by Azure, reached by TLS only, versioned. It stays
 * in Azure when it leaves the stack, and nothing here ever empties it.
 *
 * Harbor's registry logs in with a key of the account, which therefore stays allowed: its driver knows neither managed identities nor
 * SAS. Kraken knows no Azure storage at all and reads through Harbor, as it does by default.
 *
 * ```ts
 * const container = new ObjectContainer('holland', { resourceGroupName, location: 'westeurope', accountName: 'exampleregistry' });
 * // regions: { holland: { storage: container.storage, … } }
 * ```
 */
export class ObjectContainer extends ComponentResource {
  /** Name of the storage account. */
  readonly accountName: Output<string>;
  /** Name of the container. */
  readonly container: Output<string>;
  /** The key that the registry logs in with; secret. Nothing with `credentialsSecret`. */
  readonly accountKey?: Output<string>;
  /**
   * The setting for a region or a Harbor: `storage: container.storage`. Whoever pulls fetches blobs from the account. Where `clientSubnetIds` or
   * `privateEndpoint` close it, Harbor's registry passes all bytes instead, so that other regions, CI and laptops can pull; where all of them
   * reach it, `{ ...container.storage, redirect: true }` spares Harbor that. An account that exists and is closed needs `redirect: false` here.
   */
  readonly storage: AzureBlobStorage;

  constructor(name: string, args: ObjectContainerArgs, opts?: ComponentResourceOptions) {
    super('harbor-fleet:azure:ObjectContainer', name, {}, opts);
    const settings = readArgs('azure', this, name, args, readObjectContainer);
    const { resourceGroupName, credentialsSecret, container = 'harbor' } = args;
    const made = settings.existing ? undefined : this.make(name, args, settings);
    const accountName = made?.account.name ?? output(args.accountName);
    this.accountName = accountName;
    this.container = output(container);
    if (credentialsSecret === undefined) {
      const { keys } = listStorageAccountKeysOutput(
        { accountName, resourceGroupName },
        { parent: this, dependsOn: made?.ready },
      );
      this.accountKey = secret(keys.apply((found) => keyOf(name, settings.keyNumber, found)));
    }
    this.storage = plain<AzureBlobStorage>({
      type: 'azureBlob',
      accountName: args.accountName,
      container,
      accountKey: this.accountKey,
      credentialsSecret,
      // Whoever pulls may stand outside of the networks that reach a closed account.
      redirect: args.clientSubnetIds === undefined && args.privateEndpoint === undefined ? undefined : false,
    });
    this.registerOutputs({ accountName: this.accountName, container: this.container });
  }

  private make(
    name: string,
    args: ObjectContainerArgs,
    settings: Settings,
  ): { account: StorageAccount; ready: Resource[] } {
    const { resourceGroupName, location, tags } = args;
    const kept: CustomResourceOptions = { parent: this, retainOnDelete: settings.retainOnDelete };
    const account = new StorageAccount(
      name,
      {
        accountName: args.accountName,
        resourceGroupName,
        location,
        tags,
        kind: 'StorageV2',
        sku: { name: settings.sku },
        accessTier: 'Hot',
        allowBlobPublicAccess: false,
        allowCrossTenantReplication: false,
        // The registry of Harbor 2 knows no other way in.
        allowSharedKeyAccess: true,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: 'TLS1_2',
        ...networkRules(args),
      },
      kept,
    );
    const common = { accountName: account.name, resourceGroupName };
    const properties = new BlobServiceProperties(
      `${name}-properties`,
      {
        ...common,
        blobServicesName: 'default',
        isVersioningEnabled: settings.versioning,
        deleteRetentionPolicy: { enabled: true, days: settings.noncurrentDays },
        containerDeleteRetentionPolicy: { enabled: true, days: settings.noncurrentDays },
      },
      kept,
    );
    new ManagementPolicy(
      `${name}-lifecycle`,
      {
        ...common,
        managementPolicyName: 'default',
        policy: {
          rules: [
            {
              name: 'noncurrent-versions',
              enabled: true,
              type: 'Lifecycle',
              definition: {
                filters: { blobTypes: ['blockBlob', 'appendBlob'] },
                actions: { version: { delete: { daysAfterCreationGreaterThan: settings.noncurrentDays } } },
              },
            },
          ],
        },
      },
      { ...kept, dependsOn: properties },
    );
    const container = new BlobContainer(
      `${name}-container`,
      { ...common, containerName: args.container ?? 'harbor', publicAccess: 'None' },
      { ...kept, dependsOn: properties },
    );
    const endpoint = privateEndpoint(this, name, { id: account.id, group: 'blob' }, args);
    return { account, ready: endpoint === undefined ? [container] : [container, endpoint] };
  }
}

/** One of the keys of an account, counted from 1. */
export function keyOf(name: string, keyNumber: number, keys: readonly { readonly value: string }[]): string {
  const { value } = keys[keyNumber - 1] ?? {};
  if (value !== undefined) return value;
  throw lateMistake(
    `azure ObjectContainer "${name}".keyNumber: Azure tells no key ${keyNumber} of the account: choose the other, or name a credentialsSecret`,
  );
}
