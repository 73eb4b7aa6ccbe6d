import type { ComponentPlan, ComponentProps, InstallationSize } from './components.js';
import type { Flow, Party } from './flows.js';
import type { SecretPlan } from './secrets.js';
import type { SharedStorage } from './storage.js';
import type { CaSource, Tls } from './tls.js';

export type HarborComponent =
  | 'core'
  | 'portal'
  | 'jobservice'
  | 'registry'
  | 'trivy'
  | 'exporter'
  | 'nginx'
  | 'database'
  | 'redis';
export type HarborVersion = '2.14.4' | '2.15.2';
export type Pods = Extract<Party, { kind: 'pods' }>;

/** Settings of one Harbor. A region of a topology takes the same settings. */
export interface HarborProps {
  /** The one name that nodes pull from, such as `registry.example.com`. */
  readonly domain: string;
  /** More names that it answers to, such as the region's own. @default - none */
  readonly aliases?: readonly string[];
  /** Prefix of its objects' names; each Harbor of a cluster needs another. @default harbor */
  readonly instance?: string;
  /** @default - the instance's name */
  readonly namespace?: string;
  /** @default 2.15.2 */
  readonly version?: HarborVersion;
  /** @default small */
  readonly size?: InstallationSize;
  readonly storage: SharedStorage;
  // database, cache, tls, internalTls, exposure, images, components, existing secrets, check, metrics … : see the harbor slice
  readonly tls?: Tls;
  readonly internalTls?: Tls;
  readonly components?: Readonly<Partial<Record<HarborComponent, ComponentProps>>>;
}

/** A component's address inside the cluster, and the pods behind it. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** Full Service name, such as `harbor-core.harbor.svc.cluster.local`: valid from every namespace, and a name of its certificate. */
  readonly host: string;
  /** The Service's port. */
  readonly port: number;
  /** The pod's own port, which a flow names. */
  readonly podPort: number;
  readonly pods: Pods;
}

/** One Harbor as planned: every name, address and size decided. */
export interface HarborPlan {
  readonly kind: 'Harbor';
  readonly instance: string;
  readonly namespace: string;
  readonly version: HarborVersion;
  readonly size: InstallationSize;
  readonly domain: string;
  readonly aliases: readonly string[];
  /** What clients use, such as `https://registry.example.com`. */
  readonly url: string;
  readonly components: Readonly<Partial<Record<HarborComponent, ComponentPlan>>>;
  readonly core: Endpoint;
  readonly registry: Endpoint;
  readonly storage: SharedStorage;
  readonly tls: Tls;
  readonly internalTls: Tls;
  /** CA of the outside name, for whoever must trust it: nodes, jobs, the synthetic check. */
  readonly ca: CaSource;
  /** CA between components, for Kraken, which reads core inside the cluster. */
  readonly internalCa: CaSource;
  /** The key of the Secret that holds the admin's first password. */
  readonly adminPassword: { readonly namespace: string; readonly secret: string; readonly key: string };
  readonly secretRevisions: Readonly<Record<string, string>>;
  readonly secrets: readonly SecretPlan[];
  readonly flows: readonly Flow[];
}
