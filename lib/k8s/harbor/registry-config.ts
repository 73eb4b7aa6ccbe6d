import { registryRedis } from '../../plan/cache.js';
import type { HarborPlan, LogLevel } from '../../plan/harbor.js';
import { METRICS_PORT } from '../../plan/harbor-names.js';

/** Whom the registry tells about pushes, such as Kraken's proxy. */
export interface NotificationEndpoint {
  /** Name in the registry's log and metrics; each endpoint needs another. */
  readonly name: string;
  /** Where events are posted, such as `http://kraken-proxy.kraken.svc.cluster.local:15005/registry/notifications`. */
  readonly url: string;
}

/** What the registry knows of its storage. */
export interface StorageConfig {
  /** The driver's block below `storage`. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly redirectDisabled: boolean;
}

/** The registry knows four levels and stops at any other word. */
const LEVELS: Readonly<Record<LogLevel, string>> = {
  debug: 'debug',
  info: 'info',
  warning: 'warn',
  error: 'error',
  fatal: 'error',
};

/**
 * The registry's config.yml (goharbor/distribution 2.8). Durations carry units, because a bare number means nanoseconds; booleans
 * are always written, because the driver's own defaults differ.
 */
export function registryConfig(
  plan: HarborPlan,
  storage: StorageConfig,
  notifications: readonly NotificationEndpoint[],
): object {
  const { registry, uploadPurging } = plan;
  return {
    version: 0.1,
    log: { level: LEVELS[plan.logLevel], fields: { service: 'registry' } },
    storage: {
      ...storage.config,
      cache: { layerinfo: 'redis' },
      maintenance: {
        uploadpurging: {
          enabled: uploadPurging.enabled,
          age: uploadPurging.age,
          interval: uploadPurging.interval,
          dryrun: uploadPurging.dryRun,
        },
      },
      delete: { enabled: true },
      redirect: { disable: storage.redirectDisabled },
    },
    redis: registryRedis(plan.cache).config,
    http: {
      addr: `:${registry.podPort}`,
      relativeurls: false,
      ...(registry.scheme === 'https' ? { tls: REGISTRY_TLS } : {}),
      ...(plan.metrics ? { debug: { addr: `:${METRICS_PORT}`, prometheus: { enabled: true, path: '/metrics' } } } : {}),
    },
    auth: { htpasswd: { realm: 'harbor-registry-basic-realm', path: '/etc/registry/passwd' } },
    validation: { disabled: true },
    compatibility: { schema1: { enabled: true } },
    ...(notifications.length === 0
      ? {}
      : { notifications: { events: { includereferences: false }, endpoints: notifications.map(endpoint) } }),
  };
}

const REGISTRY_TLS = {
  certificate: '/etc/harbor/ssl/registry/tls.crt',
  key: '/etc/harbor/ssl/registry/tls.key',
  minimumtls: 'tls1.2',
};

/** Pushed manifests only. `ignore.actions` has no effect unless a media type is ignored too (distribution 2.8). */
const endpoint = ({ name, url }: NotificationEndpoint): object => ({
  name,
  disabled: false,
  url,
  timeout: '3s',
  threshold: 5,
  backoff: '1s',
  ignore: { mediatypes: ['application/octet-stream'], actions: ['pull', 'mount', 'delete'] },
});

/** The config.yml of registryctl, which reads the registry's beside it and opens the storage by itself. */
export function registryctlConfig(plan: HarborPlan): object {
  const { scheme, podPort } = plan.registryctlEndpoint;
  return {
    protocol: scheme,
    port: podPort,
    ...(scheme === 'https' ? { https_config: { cert: REGISTRY_TLS.certificate, key: REGISTRY_TLS.key } } : {}),
    log_level: plan.logLevel,
    registry_config: '/etc/registry/config.yml',
  };
}
