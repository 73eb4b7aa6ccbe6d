import type { CachePlan, CacheServerPlan, EmbeddedCache } from './cache.js';
import type { ServiceContext } from './database.js';
import { isDeferred } from './deferred.js';
import { readSecret } from './given-secrets.js';
import { HOST, OBJECT_NAME } from './names.js';
import { bytes, type Size } from './quantities.js';
import type { Reader, TextRule } from './reader.js';
import { PEM } from './tls.js';

const HOST_AND_PORT: TextRule = {
  pattern: /^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?:\d{1,5}$/,
  allowed: 'a host with its port, such as sentinel-0.example.com:26379',
};
const MASTER_SET: TextRule = {
  pattern: /^[A-Za-z0-9._-]+$/,
  allowed: 'a name of letters, digits, ".", "_" and "-", such as mymaster',
};
const PART_OF_URL: TextRule = {
  pattern: /^[A-Za-z0-9._~-]+$/,
  allowed: 'letters, digits, "-", ".", "_" and "~": it becomes a part of URLs',
};
/** Percent-encoded in URLs; the registry reads its variable as YAML, where other characters have a meaning. */
const PASSWORD: TextRule = {
  pattern: /^[A-Za-z0-9._~+/=-]+$/,
  allowed: 'letters, digits, "-", ".", "_", "~", "+", "/" and "="',
};
/** Key of a Secret with the password as it is. */
const KEY = 'REDIS_PASSWORD';
/** Hosts of Azure Managed Redis, and of the Enterprise tiers before it. */
const ONE_DATABASE = /\.(redis\.azure\.net|redisenterprise\.cache\.azure\.net)$/i;
const SENTINEL_PORT = 26379;
const SERVER_PORT = 6379;

/** Reads the cache and records every mistake. */
export function readCache(reader: Reader, key: string, context: ServiceContext): CachePlan {
  const cache = reader.child(key);
  if (!reader.has(key)) {
    if (context.size !== 'small') refuseDefault(reader, key, context.size);
    return embedded(context, {});
  }
  if (!cache.has('type')) cache.missing('type', 'embedded, external or sentinel');
  if (cache.raw('type') === 'cluster') {
    refuseCluster(cache, 'type', 'cluster');
    return embedded(context, {});
  }
  switch (cache.choice('type', ['embedded', 'external', 'sentinel'] as const)) {
    case 'embedded':
      return readEmbedded(cache, context);
    case 'external':
      return readExternal(cache, context);
    case 'sentinel':
      return readSentinel(cache, context);
    default:
      return embedded(context, {});
  }
}

function refuseDefault(reader: Reader, key: string, size: string): void {
  reader.issues.error(
    reader.at(key),
    `is missing: an installation of size ${size} gets no cache by default`,
    undefined,
    'an external Redis or Valkey; the embedded one is the default of small only',
    'add Cache.external({ host }) or Cache.sentinel({ hosts, masterSet }), or Cache.embedded() to accept one pod without a replica',
  );
}

function refuseCluster(cache: Reader, key: string, given: string): void {
  cache.issues.error(
    cache.at(key),
    'is a Redis Cluster, which Harbor cannot use (goharbor/harbor issues 20815 and 21845)',
    given,
    'one address of a server without cluster mode, or Sentinel',
    'switch cluster mode off at the server, or use Cache.sentinel(…)',
  );
}

function readEmbedded(cache: Reader, context: ServiceContext): CachePlan {
  cache.only('type', 'storageClass', 'size');
  if (context.size !== 'small') {
    cache.issues.warning(
      cache.path,
      'is one pod without a replica: nobody can log in, push or pull a tag while it moves to another node',
      'embedded',
      'an external Redis or Valkey with a standby for medium and large',
      'use Cache.external(…) or Cache.sentinel(…)',
    );
  }
  return embedded(context, {
    storageClass: cache.text('storageClass', OBJECT_NAME),
    size: cache.quantity<Size>('size', bytes, 'a size of at least "1Gi"', bytes('1Gi')),
  });
}

function embedded(context: ServiceContext, volume: Omit<EmbeddedCache, 'type'>): CachePlan {
  const name = `${context.instance}-redis`;
  return {
    type: 'embedded',
    hosts: [`${name}.${context.namespace}.svc.cluster.local:${SERVER_PORT}`],
    ports: [SERVER_PORT],
    tls: false,
    password: { secret: name, key: KEY, urlKey: KEY },
    storageClass: volume.storageClass,
    volumeSize: volume.size ?? '1Gi',
  };
}

const SERVER = ['host', 'port', 'tls', 'username', 'password', 'passwordSecret', 'ca'] as const;

function readExternal(cache: Reader, context: ServiceContext): CachePlan {
  cache.only('type', 'core', ...SERVER);
  const server = readServer(cache, `${context.instance}-redis-password`);
  const [host = ''] = server.hosts;
  if (!cache.has('core')) {
    if (ONE_DATABASE.test(host.replace(/:\d+$/, ''))) refuseOneDatabase(cache);
    return { type: 'external', ...server };
  }
  const reader = cache.child('core').only(...SERVER);
  const core = readServer(reader, `${context.instance}-redis-core-password`);
  if (host === core.hosts[0]) {
    reader.issues.error(
      reader.at('host'),
      'is the server of everything else: anybody could name its keys by the cookie of a session',
      host,
      'a server for core alone',
      'name another server, or remove core for one that has several numbered databases',
    );
  }
  return { type: 'external', ...server, core };
}

function refuseOneDatabase(cache: Reader): void {
  cache.issues.error(
    cache.at('host'),
    'has one numbered database, and Harbor uses several: beside sessions, anybody could overwrite what jobservice and the registry keep',
    cache.raw('host'),
    'together with a second server, for core alone',
    'add core: { host, … }, or use ManagedCache of harbor-fleet/azure, which makes both',
  );
}

function readServer(reader: Reader, planned: string): CacheServerPlan {
  const several = typeof reader.raw('host') === 'string' && String(reader.raw('host')).includes(',');
  const host = several ? '' : reader.requiredText('host', HOST);
  // Amazon ElastiCache names the address of a cluster in cluster mode so.
  if (several || host.startsWith('clustercfg.')) refuseCluster(reader, 'host', String(reader.raw('host')));
  const username = reader.text('username', PART_OF_URL);
  if (username !== undefined && !reader.has('passwordSecret') && !reader.has('password')) {
    reader.issues.error(
      reader.at('username'),
      'has no password',
      username,
      'a user together with its password',
      'add passwordSecret or password, or remove username',
    );
  }
  const port = reader.count('port', 1, 65535) ?? SERVER_PORT;
  return { hosts: [`${host}:${port}`], ports: [port], username, ...readAccess(reader, planned) };
}

function readSentinel(cache: Reader, context: ServiceContext): CachePlan {
  const ownPassword = ['sentinelPassword', 'sentinelPasswordSecret', 'sentinelUsername'] as const;
  cache.only('type', 'hosts', 'masterSet', 'port', 'tls', 'password', 'passwordSecret', 'ca', ...ownPassword);
  for (const key of ownPassword.filter((name) => cache.has(name))) {
    cache.issues.error(
      cache.at(key),
      'is not supported: Harbor cannot log in to Sentinels (goharbor/harbor issue 22538)',
      'a login of the Sentinels',
      'Sentinels that answer without a password; password and passwordSecret are for the servers behind them',
      `remove ${key}, and let only Harbor's pods reach the Sentinels`,
    );
  }
  const hosts = cache.texts('hosts', HOST_AND_PORT) ?? [];
  if (hosts.length === 0) cache.missing('hosts', 'the Sentinels as a list of host:port');
  const port = cache.count('port', 1, 65535) ?? SERVER_PORT;
  const sentinels = hosts.map((host, i) => sentinelPort(cache, host, i));
  return {
    type: 'sentinel',
    hosts,
    ports: [...new Set([...sentinels, port])].sort((a, b) => a - b),
    masterSet: cache.requiredText('masterSet', MASTER_SET),
    ...readAccess(cache, `${context.instance}-redis-password`),
  };
}

/** Flows must know the port, which may stand behind a host that comes late. */
function sentinelPort(cache: Reader, host: string, i: number): number {
  const port = /:(\d{1,5})$/.exec(host)?.[1];
  if (port === undefined && isDeferred(host)) {
    cache.issues.warning(
      `${cache.at('hosts')}[${i}]`,
      `is known only when deployed: its port is taken to be ${SENTINEL_PORT}`,
      host,
      `the port ${SENTINEL_PORT}, which Sentinel has by default`,
      'add any other port to egressPorts, or Harbor cannot reach it',
    );
  }
  return Number(port ?? SENTINEL_PORT);
}

/** @param planned name of the Secret that is made of a password given */
function readAccess(reader: Reader, planned: string): Pick<CachePlan, 'tls' | 'password' | 'ca'> {
  const tls = reader.flag('tls') ?? false;
  const { secret, given } = readSecret(reader, {
    value: 'password',
    secret: 'passwordSecret',
    key: KEY,
    planned,
    required: false,
    rule: PASSWORD,
  });
  const ca = reader.text('ca', PEM);
  if (ca !== undefined && !tls) {
    reader.issues.error(
      reader.at('ca'),
      'is not used without tls',
      'a certificate',
      'only together with tls: true',
      'set tls: true, or remove ca',
    );
  }
  const urlKey = given === undefined ? KEY : 'REDIS_PASSWORD_IN_URL';
  return { tls, password: secret === undefined ? undefined : { secret, key: KEY, urlKey, given }, ca };
}
