import { replaceMarkers } from './deferred.js';
import type { HarborPlan } from './harbor.js';
import type { KrakenPlan } from './kraken.js';
import type { LinkKind } from './network/links.js';
import type { NodeMirrorPlan } from './node-mirror.js';
import type { RegionPlan } from './plan.js';
import type { SharedStorage } from './storage.js';

/** A text for people: a value that is known only when deployed is called so. */
export const plainText = (value: string): string => replaceMarkers(value, '(known when deployed)');

/** A number with its noun, such as `1 region` or `3 regions`. */
export const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** How a link joins two networks, such as `VPN, 4 tunnels`. */
export const linkText = (via: LinkKind, tunnels: number): string =>
  via === 'vpn' ? `VPN, ${plural(tunnels, 'tunnel')}` : `${via} link`;

/** A Harbor in two words. */
export const registryText = (harbor: HarborPlan): string => `Harbor ${harbor.version}`;

/** Where images are kept, such as `S3 example-registry/harbor`. */
export function storageText(storage: SharedStorage): string {
  switch (storage.type) {
    case 's3':
      return `S3 ${inFolder(storage.bucket, storage.rootDirectory)}`;
    case 'azureBlob':
      return `Azure ${storage.accountName}/${storage.container}`;
    case 'gcs':
      return `GCS ${inFolder(storage.bucket, storage.rootDirectory)}`;
    case 'oss':
      return `OSS ${inFolder(storage.bucket, storage.rootDirectory)}`;
    case 'swift':
      return `Swift ${inFolder(storage.container, storage.prefix)}`;
    case 'nas':
      if (storage.server !== undefined) return `NAS ${storage.server}:${storage.path ?? '/'}`;
      if (storage.fileSystemId !== undefined) return `EFS ${storage.fileSystemId}`;
      return `NAS ${storage.claim ?? storage.storageClass ?? 'default class'}`;
  }
}

const inFolder = (bucket: string, folder = ''): string => {
  const path = folder.replace(/^\/+|\/+$/g, '');
  return path === '' ? bucket : `${bucket}/${path}`;
};

/** Where a Harbor keeps everything but its images, such as `PostgreSQL db.example.com`. */
export const databaseText = ({ database }: HarborPlan): string =>
  `PostgreSQL ${database.type === 'embedded' ? 'embedded' : database.host}`;

/** Where a Harbor keeps sessions and queues, such as `Redis cache.example.com:6379`. */
export const cacheText = ({ cache }: HarborPlan): string => {
  const core = cache.core === undefined ? '' : `, of core ${cache.core.hosts.join(', ')}`;
  return `Redis ${cache.type === 'embedded' ? 'embedded' : cache.hosts.join(', ')}${core}`;
};

/** The Kraken that a Harbor feeds. */
export const krakenOf = (region: RegionPlan, harbor: HarborPlan): KrakenPlan | undefined =>
  region.krakens.find((kraken) => kraken.registry?.core.host === harbor.core.host);

/** The node mirror that sends nodes to a Harbor. */
export const mirrorOf = (region: RegionPlan, harbor: HarborPlan): NodeMirrorPlan | undefined =>
  region.nodeMirrors.find((mirror) => mirror.server === harbor.url);
