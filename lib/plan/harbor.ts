import type { Cache, CachePlan } from './cache.js';
import type { CheckPlan, CheckProps } from './check.js';
import type { ComponentPlan, ComponentProps, InstallationSize } from './components.js';
import type { Database, DatabasePlan } from './database.js';
import type { Exposure, ExposurePlan } from './exposure.js';
import type { Flow, Party } from './flows.js';
import type { HarborImage, ImagesProps } from './harbor-images.js';
import type { Issue } from './issues.js';
import type { ProjectProps } from './projects.js';
import type { Duration, Size } from './quantities.js';
import type { ReconcilePlan } from './reconcile.js';
import type { RemoteRegistry } from './registry-props.js';
import type { SecretKeyRef, SecretPlan } from './secrets.js';
import type { SettingsPlan } from './settings.js';
import type { GroupProps, RobotProps, SettingsProps, UserProps } from './settings-props.js';
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
/** The components that serve TLS to each other; registryctl shares registry's certificate. */
export type InternalTlsComponent = 'core' | 'portal' | 'jobservice' | 'registry' | 'trivy';
export type HarborVersion = '2.14.4' | '2.15.2';
export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'fatal';
export type Pods = Extract<Party, { kind: 'pods' }>;

/** Settings of the vulnerability scanner. */
export interface TrivyProps {
  /** @default - false in `small`, else true */
  readonly enabled?: boolean;
  /** Never download the vulnerability database: it must be put into the volume by other means. @default false */
  readonly skipUpdate?: boolean;
  /** Ask no service on the internet while scanning; the database is still downloaded unless `skipUpdate`. @default false */
  readonly offline?: boolean;
  /** Severities that are reported. @default - all */
  readonly severity?: readonly ('UNKNOWN' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL')[];
  /** OCI repositories of the vulnerability database, asked in this order. @default - Trivy's own: mirror.gcr.io, then ghcr.io */
  readonly dbRepository?: readonly string[];
  /** Volume of each pod, for the vulnerability database. */
  readonly storage?: {
    /** At least 2Gi. To change it later, delete the StatefulSet first: what its pods hold is downloaded again. @default 5Gi */
    readonly size?: Size;
    /** @default - the cluster's default class */
    readonly storageClass?: string;
  };
}

/** Settings of the job service, which replicates, scans, preheats and collects garbage. */
export interface JobserviceProps {
  /** Jobs that one pod runs at a time; replication runs as many as there are workers in all pods; 1 to 1000. @default 10 */
  readonly workers?: number;
  /**
   * Where the logs of jobs go. `file` is a folder on the NAS of `storage`, shared by all pods. `stdout` leaves Harbor's pages
   * and API without them. @default database
   */
  readonly loggers?: 'database' | 'file' | 'stdout';
}

/** Removal of uploads that were never finished. */
export interface UploadPurgingProps {
  /** @default true */
  readonly enabled?: boolean;
  /** Uploads without a change for this long are removed; at least 1h. @default 168h */
  readonly age?: Duration;
  /** How often, at least every 1m. @default 24h */
  readonly interval?: Duration;
  /** Only log what would be removed. @default false */
  readonly dryRun?: boolean;
}

/** Forward proxy for what core, jobservice and Trivy fetch from the internet. The registry reaches its object store without it. */
export interface ProxyProps {
  /** URL for `http://` targets. */
  readonly http?: string;
  /** URL for `https://` targets. */
  readonly https?: string;
  /** Hosts and networks reached directly. Harbor's own components and the cluster's Services are always among them. @default - none more */
  readonly noProxy?: readonly string[];
}

/** Names of Secrets that exist in Harbor's namespace and replace those that `harbor-fleet secrets` would make. */
export interface HarborSecretNames {
  /**
   * With the keys `secret` (16 characters), `secretKey` (16, 24 or 32), `CSRF_KEY` (32), `tls.key` (RSA key in PKCS#1 PEM) and
   * `HARBOR_ADMIN_PASSWORD`: what the official chart keeps in `<release>-core`. @default `<instance>-core`
   */
  readonly core?: string;
  /** With the key `HARBOR_ADMIN_PASSWORD`; Harbor reads it at its very first start only. @default - the Secret of core */
  readonly admin?: string;
  /**
   * With the key `secretKey`, of 16, 24 or 32 characters without a line end. It encrypts every credential that Harbor keeps in
   * its database; once changed they are all lost. @default - the Secret of core
   */
  readonly secretKey?: string;
  /** With the key `JOBSERVICE_SECRET` (16 characters). @default `<instance>-jobservice` */
  readonly jobservice?: string;
  /** With the key `REGISTRY_HTTP_SECRET` (16 characters). @default `<instance>-registry` */
  readonly registry?: string;
  /**
   * With the keys `REGISTRY_PASSWD` and `REGISTRY_HTPASSWD`: the password of the user `harbor_registry_user`, by which core and
   * jobservice reach the registry, and its htpasswd line by bcrypt. @default `<instance>-registry-htpasswd`
   */
  readonly registryCredentials?: string;
}

/** Settings of one Harbor. A region of a topology takes the same settings. */
export interface HarborProps {
  /** The one name that nodes pull from, such as `registry.example.com`. */
  readonly domain: string;
  /** More names that it answers to, such as the region's own. @default - none */
  readonly aliases?: readonly string[];
  /** Prefix of its objects' names, at most 35 characters; each Harbor of a cluster needs another. @default harbor */
  readonly instance?: string;
  /** @default - the instance's name */
  readonly namespace?: string;
  /** @default 2.15.2 */
  readonly version?: HarborVersion;
  /** `small` runs on one node, with everything embedded; `medium` survives the loss of any pod; `large` is for thousands of nodes. @default small */
  readonly size?: InstallationSize;
  /** Where images are kept. */
  readonly storage: SharedStorage;
  /** PostgreSQL. @default - `Database.embedded()` in `small`, a single pod that holds all of Harbor's state; larger sizes must choose */
  readonly database?: Database;
  /** Redis or Valkey. @default - `Cache.embedded()` in `small`, a single pod; larger sizes must choose */
  readonly cache?: Cache;
  /** How clients reach it. @default - nginx behind a Service of type LoadBalancer, which costs one load balancer */
  readonly exposure?: Exposure;
  /** Certificates for clients. @default - `Tls.provided()`: issued by the topology's private CA, which nodes must be told to trust */
  readonly tls?: Tls;
  /** Certificates between components. @default - none in `small`, else `Tls.provided()` */
  readonly internalTls?: Tls;
  /** Where its images come from. @default - docker.io/goharbor, for amd64 */
  readonly images?: ImagesProps;
  /** Pods and resources of single components. @default - by size */
  readonly components?: Readonly<
    Partial<Record<HarborComponent, ComponentProps>> & {
      /** The container beside the registry that garbage collection talks to. */
      readonly registryctl?: Pick<ComponentProps, 'resources'>;
      /** The container beside the registry that puts the bucket into the host, where `storage.addressing` is `virtualHosted`. */
      readonly s3Gateway?: Pick<ComponentProps, 'resources'>;
    }
  >;
  /** Existing Secrets in place of generated ones. @default - `harbor-fleet secrets` makes them all */
  readonly secrets?: HarborSecretNames;
  /**
   * The key that encrypts credentials in Harbor's database: 16, 24 or 32 characters that never change. Only a value known when
   * deployed (a Pulumi Output) is accepted; a plain text would land in the manifests. @default - `secretKey` of the Secret of core
   */
  readonly secretKey?: string;
  /** Revisions of Secrets by name: a new one rolls exactly the pods that read that Secret. @default - none */
  readonly secretRevisions?: Readonly<Record<string, string>>;
  /** The vulnerability scanner. @default - by size */
  readonly trivy?: TrivyProps;
  /** Metrics of all components, and the exporter. @default - false in `small`, else true */
  readonly metrics?: boolean;
  /** @default info */
  readonly logLevel?: LogLevel;
  /** Forward proxy to the internet. @default - none */
  readonly proxy?: ProxyProps;
  /**
   * More TCP ports that its pods may reach outside: 636 for LDAP, 80 or 5000 for another registry, or a pod's own port where a
   * Service in the cluster (a database, MinIO) has another. @default - none: 443, and those of database, cache, storage and proxy
   */
  readonly egressPorts?: readonly number[];
  /**
   * Annotations of the ServiceAccounts of core and jobservice, which copy to and from registries of a cloud: by them its cluster gives them an
   * identity there, such as a `PodRole` with IRSA. Another one rolls their pods. @default - none
   */
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  /** Keep manifests and artifacts in the cache: faster pulls for more of its memory. @default false */
  readonly cacheLayer?: boolean;
  readonly jobservice?: JobserviceProps;
  readonly uploadPurging?: UploadPurgingProps;
  /**
   * Most database connections of one pod of core or jobservice, 5 to 10000. @default - an equal share of what the server allows, at most 200;
   * 50 with the embedded one
   */
  readonly connectionsPerPod?: number;
  /** Synthetic check: a job that logs in and pulls through the front, because Harbor's own health endpoint answers 200 when it is sick. */
  readonly check?: CheckProps;
  /** What it is like inside: switches settings as code on. @default - left as it is */
  readonly settings?: SettingsProps;
  /** Projects by name; needs `settings`. @default - Harbor's own `library` */
  readonly projects?: Readonly<Record<string, HarborProjectProps>>;
  /** Robot accounts by name; needs `settings`. @default - none but Kraken's */
  readonly robots?: Readonly<Record<string, RobotProps>>;
  /** Users of Harbor's own database by name; needs `settings`. Their first passwords are in the Secret `<instance>-users`. @default - none */
  readonly users?: Readonly<Record<string, UserProps>>;
  /** Groups of LDAP or OIDC by name; needs `settings`. @default - none */
  readonly groups?: Readonly<Record<string, GroupProps>>;
  /** Registries outside by name, that images are copied to or fetched from; needs `settings`. @default - none */
  readonly registries?: Readonly<Record<string, RemoteRegistry>>;
}

/** A project of a Harbor that stands alone: images travel to `registries` only. */
export type HarborProjectProps = Omit<ProjectProps, 'home' | 'primaries' | 'replicateTo'> & {
  /** Names of `registries` that receive its images. @default - none */
  readonly replicateTo?: readonly string[];
};

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

/** A certificate of one server: the Secret that holds it, and the names it is for. */
export interface CertificatePlan {
  /** Secret with `tls.crt`, `tls.key` and, from a private CA, `ca.crt`. */
  readonly secret: string;
  readonly commonName: string;
  /** DNS names and IPv4 addresses. */
  readonly names: readonly string[];
}

/** A Secret's key in Harbor's own namespace. */
export type KeyRef = Pick<SecretKeyRef, 'secret' | 'key'>;

/** What changes the registry's requests to its bucket as planned. */
export interface S3GatewayPlan {
  readonly image: string;
  readonly resources: ComponentPlan['resources'];
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
  /** Every component that runs. */
  readonly components: Readonly<Partial<Record<HarborComponent, ComponentPlan>>>;
  /** Resources of the second container of registry's pods. */
  readonly registryctl: ComponentPlan['resources'];
  /** The container of registry's pods that puts the bucket into the host of its addresses; nothing where the storage needs none. */
  readonly s3Gateway?: S3GatewayPlan;
  /** Image of each program. */
  readonly images: Readonly<Record<HarborImage, string>>;
  readonly imagePullSecrets: readonly string[];
  /** Nodes that its images run on; nothing when they run on any. */
  readonly architecture?: 'amd64' | 'arm64';
  readonly core: Endpoint;
  readonly registry: Endpoint;
  readonly registryctlEndpoint: Endpoint;
  readonly portal: Endpoint;
  readonly jobserviceEndpoint: Endpoint;
  /** Vulnerability scanner; nothing without it. */
  readonly trivyEndpoint?: Endpoint;
  /** nginx, inside the cluster; nothing behind an Ingress or a Gateway. */
  readonly front?: Endpoint;
  readonly exposure: ExposurePlan;
  readonly storage: SharedStorage;
  readonly database: DatabasePlan;
  readonly cache: CachePlan;
  readonly tls: Tls;
  readonly internalTls: Tls;
  /** Certificate of the front and, with internal TLS, of the components. */
  readonly certificates: Readonly<Partial<Record<'front' | InternalTlsComponent, CertificatePlan>>>;
  /** CA of the outside name, for whoever must trust it: nodes, jobs, the synthetic check. */
  readonly ca: CaSource;
  /** CA between components, for Kraken, which reads core inside the cluster. */
  readonly internalCa: CaSource;
  /** ConfigMaps of these CAs, each with the key `ca.crt`; nothing where there is no private CA. */
  readonly caConfigMaps: { readonly outside?: string; readonly internal?: string };
  /** The key of the Secret that holds the admin's first password. */
  readonly adminPassword: SecretKeyRef;
  /** Every other value that its pods read from Secrets. */
  readonly keys: Readonly<Record<HarborKey, KeyRef>>;
  readonly trivy?: Required<Omit<TrivyProps, 'enabled' | 'storage'>> & {
    readonly storage: { readonly size: Size; readonly storageClass?: string };
  };
  readonly metrics: boolean;
  readonly logLevel: LogLevel;
  readonly proxy?: { readonly http?: string; readonly https?: string; readonly noProxy: readonly string[] };
  readonly egressPorts: readonly number[];
  readonly serviceAccountAnnotations?: Readonly<Record<string, string>>;
  readonly cacheLayer: boolean;
  readonly jobservice: Required<JobserviceProps>;
  readonly uploadPurging: Required<UploadPurgingProps>;
  /** Most database connections of one pod. */
  readonly connections: { readonly perPod: number; readonly exporter: number };
  /** The synthetic check, which may be switched off by `check.enabled`. */
  readonly check: CheckPlan;
  readonly secretRevisions: Readonly<Record<string, string>>;
  /** What it shall be like inside; nothing when that is left as it is. */
  readonly settings?: SettingsPlan;
  /** How that is brought about in the cluster; nothing when it is not. */
  readonly reconcile?: ReconcilePlan;
  /** Projects that are pushed in other regions only, each with the host of its home: pushes by the one name are sent there. */
  readonly pushElsewhere: Readonly<Record<string, string>>;
  /** ARN of the IAM role by which core and jobservice reach ECR; nothing for keys, Pod Identity, or the role of nodes. */
  readonly registryRole?: string;
  readonly secrets: readonly SecretPlan[];
  readonly flows: readonly Flow[];
  /** What works, but not as well as one may think. */
  readonly warnings: readonly Issue[];
}

/** Values that pods read from Secrets, by what they are. */
export type HarborKey =
  | 'coreSecret'
  | 'secretKey'
  | 'csrfKey'
  | 'tokenKey'
  | 'jobserviceSecret'
  | 'registryHttpSecret'
  | 'registryPassword'
  | 'registryHtpasswd';

// Read when the first Harbor is planned: importing the package must cost little to those who plan none.
const planner = (): typeof import('./harbor-plan.js') => require('./harbor-plan.js');

/**
 * Plans one Harbor: checks every setting, decides every name, address and size.
 *
 * @throws PlanError with every mistake at once
 */
export const planHarbor = (props: HarborProps): HarborPlan => planner().planHarbor(props);
