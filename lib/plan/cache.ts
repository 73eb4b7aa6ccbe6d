import { derive } from './deferred.js';
import { type PasswordRef, passwordSecret } from './given-secrets.js';
import type { Size } from './quantities.js';
import { given, type SecretPlan } from './secrets.js';

export { readCache } from './cache-reader.js';

/** Valkey (Redis with Harbor 2.14) in one pod of the cluster, for small and test installations. */
export interface EmbeddedCache {
  readonly type: 'embedded';
  /** StorageClass of its volume. @default - the cluster's default class */
  readonly storageClass?: string;
  /** Size of its volume; to change it later, see the embedded database. @default 1Gi */
  readonly size?: Size;
}

/** A Redis or Valkey server behind one address. */
export interface CacheServer {
  readonly host: string;
  /** @default 6379 */
  readonly port?: number;
  /** Encrypts the connection; the server's certificate is verified. @default false */
  readonly tls?: boolean;
  /** User of an access control list; the registry of Harbor 2.14 knows none. @default - the default user */
  readonly username?: string;
  /**
   * The password, of letters, digits, "-", ".", "_", "~", "+", "/" and "=". Only a value known when deployed (a Pulumi Output) is
   * accepted; a plain text would land in the manifests. @default - `passwordSecret`, or no password
   */
  readonly password?: string;
  /**
   * Name of the Secret in Harbor's namespace with the password under `REDIS_PASSWORD`. It becomes a part of URLs as it is, so it may only
   * hold letters, digits, "-", ".", "_" and "~". @default - made of `password`, when there is one
   */
  readonly passwordSecret?: string;
  /** PEM of the CA that signed the server's certificate; with `tls`. @default - a public CA */
  readonly ca?: string;
}

/** A Redis or Valkey server behind one address, such as a cloud's with a standby. */
export interface ExternalCache extends CacheServer {
  readonly type: 'external';
  /**
   * A second server, for core alone: sessions, locks and its own cache; costs a server. Both then need their numbered database 0 only,
   * so servers that have no other do, such as Azure Managed Redis. One such server would not: core takes the key of a session from the
   * cookie unchecked, so anybody could overwrite queues and the registry's cache in the same database. To add or remove it moves
   * everything once: users log in again, and jobs that wait are lost. @default - core has database 0 of the one server, jobservice 1, the registry 2, trivy 5
   */
  readonly core?: CacheServer;
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

/** Where a cache's password is. */
export interface CachePasswordRef extends PasswordRef {
  /** Key of the same Secret with the password as a part of URLs, percent-encoded. */
  readonly urlKey: string;
}

/** A server of the cache as planned, or the Sentinels in front of several. */
export interface CacheServerPlan {
  /** Servers, or Sentinels, as `host:port`. */
  readonly hosts: readonly string[];
  /** TCP ports that Harbor's pods need: of the servers, and of the Sentinels. */
  readonly ports: readonly number[];
  /** With Sentinel only. */
  readonly masterSet?: string;
  readonly tls: boolean;
  readonly username?: string;
  /** Where the password is; nothing without one. */
  readonly password?: CachePasswordRef;
  /** PEM of a private CA. */
  readonly ca?: string;
}

/** The cache as planned. */
export interface CachePlan extends CacheServerPlan {
  readonly type: Cache['type'];
  /** A second server, for core alone. */
  readonly core?: CacheServerPlan;
  /** Of the embedded one's volume. */
  readonly storageClass?: string;
  /** Of the embedded one's volume. */
  readonly volumeSize?: Size;
}

/** Numbered databases, as the official chart uses them (Harbor's compose installer differs). */
const DATABASES = { core: 0, jobservice: 1, registry: 2, trivy: 5 } as const;

/** Who keeps keys of its own in the cache. */
export type CacheUser = keyof typeof DATABASES;

/**
 * Which server and which of its numbered databases belong to one component. Beside core all are well together in one: jobservice's keys
 * begin with its namespace in braces, the registry's with `blobs::`, `repository::` and `upload:`, trivy's with `harbor.scanner.trivy:`, and nobody
 * chooses one without a login. Garbage collection deletes what has `blobs::` or `repository::` in its name.
 */
function placeOf(plan: CachePlan, user: CacheUser) {
  if (plan.core === undefined) return { server: plan, database: DATABASES[user], variables: 'REDIS' };
  const ofCore = user === 'core';
  return { server: ofCore ? plan.core : plan, database: 0, variables: ofCore ? 'REDIS_CORE' : 'REDIS' };
}

/**
 * The address of a component's numbered database in Harbor's notation, such as `redis://:$(REDIS_PASSWORD)@harbor-redis:6379/0`, for core,
 * jobservice, trivy and exporter. Kubernetes fills in the variables of {@link cacheEnv}, which must stand before it.
 */
export function cacheUrl(
  plan: CachePlan,
  user: CacheUser,
  options: { readonly idleTimeoutSeconds?: number } = {},
): string {
  const { server, database, variables } = placeOf(plan, user);
  const scheme = `${server.tls ? 'rediss' : 'redis'}${plan.type === 'sentinel' ? '+sentinel' : ''}`;
  const username = server.username === undefined ? '' : `$(${variables}_USERNAME)`;
  const login = server.password === undefined ? '' : `${username}:$(${variables}_PASSWORD)@`;
  const masterSet = server.masterSet === undefined ? '' : `/${server.masterSet}`;
  const query = options.idleTimeoutSeconds === undefined ? '' : `?idle_timeout_seconds=${options.idleTimeoutSeconds}`;
  return `${scheme}://${login}${server.hosts.join(',')}${masterSet}/${database}${query}`;
}

/** A variable's text, or the key of a Secret that holds it. */
type Variables = Readonly<Record<string, string | { readonly secret: string; readonly key: string }>>;

/** The variables in the addresses of these components' databases; none without a password. */
export function cacheEnv(plan: CachePlan, users: readonly CacheUser[]): Variables {
  const all = users.map((user): Variables => {
    const { server, variables } = placeOf(plan, user);
    if (server.password === undefined) return {};
    const { secret, urlKey } = server.password;
    return {
      ...(server.username === undefined ? {} : { [`${variables}_USERNAME`]: server.username }),
      [`${variables}_PASSWORD`]: { secret, key: urlKey },
    };
  });
  return Object.assign({}, ...all);
}

/**
 * How the registry reaches its numbered database: the `redis` block of its configuration, and the variable that adds the
 * password to it. The registry's forks differ in how they spell TLS, so both spellings are written.
 */
export function registryRedis(plan: CachePlan): {
  readonly config: Readonly<Record<string, unknown>>;
  readonly env: Variables;
} {
  return {
    config: {
      addr: plan.hosts.join(','),
      ...(plan.masterSet === undefined ? {} : { sentinelMasterSet: plan.masterSet }),
      ...(plan.username === undefined ? {} : { username: plan.username }),
      db: placeOf(plan, 'registry').database,
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

/** Who reads the Secrets of the cache, as `namespace/component`: of its server, and of core's. */
interface CacheReaders {
  readonly namespace: string;
  readonly readers: readonly string[];
  readonly readersOfCore: readonly string[];
}

/** The Secrets with the cache's passwords; nothing without a password. */
export function cacheSecrets(plan: CachePlan, { namespace, readers, readersOfCore }: CacheReaders): SecretPlan[] {
  const ours = plan.type === 'embedded';
  const own = plan.password === undefined ? [] : [serverSecret(plan.password, { namespace, readers, ours })];
  const ofCore = plan.core?.password;
  return ofCore === undefined || ofCore.secret === plan.password?.secret
    ? own
    : [...own, serverSecret(ofCore, { namespace, readers: readersOfCore, ours })];
}

function serverSecret(
  password: CachePasswordRef,
  where: { readonly namespace: string; readonly readers: readonly string[]; readonly ours: boolean },
): SecretPlan {
  const plan = passwordSecret(password, { ...where, keep: false });
  if (password.given === undefined) return plan;
  return { ...plan, keys: { ...plan.keys, [password.urlKey]: given(derive(password.given, encodeURIComponent)) } };
}
