import { type PasswordRef, passwordSecret } from './given-secrets.js';
import type { Size } from './quantities.js';
import type { SecretPlan } from './secrets.js';

export { readCache } from './cache-reader.js';

/** Valkey (Redis with Harbor 2.14) in one pod of the cluster, for small and test installations. */
export interface EmbeddedCache {
  readonly type: 'embedded';
  /** StorageClass of its volume. @default - the cluster's default class */
  readonly storageClass?: string;
  /** Size of its volume; to change it later, see the embedded database. @default 1Gi */
  readonly size?: Size;
}

/** A Redis or Valkey server behind one address, such as a cloud's with a standby. */
export interface ExternalCache {
  readonly type: 'external';
  readonly host: string;
  /** @default 6379 */
  readonly port?: number;
  /** Encrypts the connection; the server's certificate is verified. @default false */
  readonly tls?: boolean;
  /** User of an access control list; the registry of Harbor 2.14 knows none. @default - the default user */
  readonly username?: string;
  /**
   * The password. It becomes a part of URLs as it is, so it may only hold letters, digits, "-", ".", "_" and "~". Only a value known
   * when deployed (a Pulumi Output) is accepted; a plain text would land in the manifests. @default - `passwordSecret`, or no password
   */
  readonly password?: string;
  /** Name of the Secret in Harbor's namespace with the password under `REDIS_PASSWORD`. @default - made of `password`, when there is one */
  readonly passwordSecret?: string;
  /** PEM of the CA that signed the server's certificate; with `tls`. @default - a public CA */
  readonly ca?: string;
}

/** Redis or Valkey servers watched by Sentinel. */
export interface SentinelCache {
  readonly type: 'sentinel';
  /** The Sentinels, such as `['a:26379', 'b:26379', 'c:26379']`. They must answer without a password: Harbor sends them none. One that is known late is taken to listen on 26379. */
  readonly hosts: readonly string[];
  /** Name under which the Sentinels know the servers, such as `mymaster`. */
  readonly masterSet: string;
  /** Port of the servers that the Sentinels name. @default 6379 */
  readonly port?: number;
  /** Encrypts the connections to Sentinels and servers. @default false */
  readonly tls?: boolean;
  /** The servers' password; as for an external cache. @default - `passwordSecret`, or no password */
  readonly password?: string;
  /** Name of the Secret in Harbor's namespace with the servers' password under `REDIS_PASSWORD`. @default - made of `password`, when there is one */
  readonly passwordSecret?: string;
  /** PEM of the CA that signed the certificates; with `tls`. @default - a public CA */
  readonly ca?: string;
}

/** Where Harbor keeps sessions, queues and short-lived copies. Redis Cluster does not work with Harbor. */
export type Cache = EmbeddedCache | ExternalCache | SentinelCache;

/** Where Harbor keeps sessions, queues and short-lived copies: one of these factories. */
export const Cache = {
  /** Valkey in one pod, for small and test installations. */
  embedded: (props: Omit<EmbeddedCache, 'type'> = {}): EmbeddedCache => ({ type: 'embedded', ...props }),
  /** A server behind one address. */
  external: (props: Omit<ExternalCache, 'type'>): ExternalCache => ({ type: 'external', ...props }),
  /** Servers watched by Sentinel. */
  sentinel: (props: Omit<SentinelCache, 'type'>): SentinelCache => ({ type: 'sentinel', ...props }),
} as const;

/** The cache as planned. */
export interface CachePlan {
  readonly type: Cache['type'];
  /** Servers, or Sentinels, as `host:port`. */
  readonly hosts: readonly string[];
  /** TCP ports that Harbor's pods need: of the servers, and of the Sentinels. */
  readonly ports: readonly number[];
  /** With Sentinel only. */
  readonly masterSet?: string;
  readonly tls: boolean;
  readonly username?: string;
  /** Where the password is; nothing without one. */
  readonly password?: PasswordRef;
  /** PEM of a private CA. */
  readonly ca?: string;
  /** Of the embedded one's volume. */
  readonly storageClass?: string;
  /** Of the embedded one's volume. */
  readonly volumeSize?: Size;
}

/**
 * The address of one numbered database in Harbor's notation, such as `redis://:$(REDIS_PASSWORD)@harbor-redis:6379/0`, for core,
 * jobservice, trivy and exporter. Kubernetes fills in the variables of {@link cacheEnv}, which must stand before it.
 */
export function cacheUrl(
  plan: CachePlan,
  dbIndex: number,
  options: { readonly idleTimeoutSeconds?: number } = {},
): string {
  const scheme = `${plan.tls ? 'rediss' : 'redis'}${plan.type === 'sentinel' ? '+sentinel' : ''}`;
  const username = plan.username === undefined ? '' : '$(REDIS_USERNAME)';
  const login = plan.password === undefined ? '' : `${username}:$(REDIS_PASSWORD)@`;
  const masterSet = plan.masterSet === undefined ? '' : `/${plan.masterSet}`;
  const query = options.idleTimeoutSeconds === undefined ? '' : `?idle_timeout_seconds=${options.idleTimeoutSeconds}`;
  return `${scheme}://${login}${plan.hosts.join(',')}${masterSet}/${dbIndex}${query}`;
}

/** A variable's text, or the key of a Secret that holds it. */
type Variables = Readonly<Record<string, string | { readonly secret: string; readonly key: string }>>;

/** The variables that {@link cacheUrl} uses; none without a password. */
export function cacheEnv(plan: CachePlan): Variables {
  if (plan.password === undefined) return {};
  return {
    ...(plan.username === undefined ? {} : { REDIS_USERNAME: plan.username }),
    REDIS_PASSWORD: plan.password,
  };
}

/**
 * How the registry reaches one numbered database: the `redis` block of its configuration, and the variable that adds the
 * password to it. The registry's forks differ in how they spell TLS, so both spellings are written.
 */
export function registryRedis(
  plan: CachePlan,
  dbIndex: number,
): { readonly config: Readonly<Record<string, unknown>>; readonly env: Variables } {
  return {
    config: {
      addr: plan.hosts.join(','),
      ...(plan.masterSet === undefined ? {} : { sentinelMasterSet: plan.masterSet }),
      ...(plan.username === undefined ? {} : { username: plan.username }),
      db: dbIndex,
      dialtimeout: '10s',
      readtimeout: '10s',
      writetimeout: '10s',
      enableTLS: plan.tls,
      enabletls: plan.tls,
      pool: { maxidle: 100, maxactive: 500, idletimeout: '60s' },
    },
    env: plan.password === undefined ? {} : { REGISTRY_REDIS_PASSWORD: plan.password },
  };
}

/** The Secret with the cache's password; nothing without a password. */
export const cacheSecrets = (
  { type, password }: CachePlan,
  where: { readonly namespace: string; readonly readers: readonly string[] },
): SecretPlan[] =>
  password === undefined ? [] : [passwordSecret(password, { ...where, ours: type === 'embedded', keep: false })];
