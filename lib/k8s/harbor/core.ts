import { Construct } from 'constructs';
import { cacheEnv, cacheUrl } from '../../plan/cache.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { endpointUrl, METRICS_PORT } from '../../plan/harbor-names.js';
import { REGISTRY_USERNAME } from '../../plan/harbor-secrets.js';
import { httpProbe } from '../container.js';
import { manifest } from '../manifest.js';
import { trustMounts } from '../tls/mounts.js';
import { objectLabels, Workload, type WorkloadContext } from '../workload.js';
import {
  cloudIdentity,
  configFile,
  fromSecret,
  GRACE_SECONDS,
  harborService,
  LEAVING,
  merge,
  metricsEnv,
  ownCertificate,
  type Parts,
  PROXY_CACHE_TYPES,
  proxyEnv,
  secretFile,
  servicePort,
  workloadOf,
} from './common.js';
import { serviceAnnotations } from './front-routes.js';

/** Harbor's API, token service and gate in front of the registry. */
export class Core extends Construct {
  /** @param storageName what core calls the registry's storage */
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext, storageName: string) {
    super(scope, id);
    const { scheme, port, podPort } = plan.core;
    const name = `${plan.instance}-core`;
    const conf = appConf(plan);
    manifest(this, 'config', 'ConfigMap', {
      metadata: { name, namespace: plan.namespace, labels: objectLabels(context, 'core') },
      data: { 'app.conf': conf },
    });
    const parts = merge(
      { env: coreEnv(plan, storageName), configuration: [conf] },
      configFile('config', name, 'app.conf', '/etc/core/app.conf'),
      secretFile('secret-key', plan.keys.secretKey, '/etc/core/key'),
      secretFile('token-key', plan.keys.tokenKey, '/etc/core/private_key.pem'),
      downloadableCa(plan),
      ownCertificate(plan, 'core'),
      cloudIdentity(plan),
      trustMounts(plan, { component: 'core' }),
    );
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'core'),
      kind: 'Deployment',
      containers: [
        {
          name: 'core',
          image: plan.images.core,
          // The image's own entrypoint writes the CA bundle, which a read-only root file system does not allow.
          command: ['/harbor/harbor_core'],
          env: parts.env,
          ports: { [`${scheme}-web`]: podPort, ...(plan.metrics ? { 'http-metrics': METRICS_PORT } : {}) },
          // It migrates the database before it answers, which takes up to an hour for a large one.
          startup: httpProbe('/api/v2.0/ping', podPort, scheme, { failureThreshold: 360 }),
          readiness: httpProbe('/api/v2.0/ping', podPort, scheme, { failureThreshold: 2 }),
          liveness: httpProbe('/api/version', podPort, scheme, { failureThreshold: 3 }),
          lifecycle: LEAVING,
          mounts: parts.mounts,
        },
      ],
      volumes: parts.volumes,
      configuration: parts.configuration,
      serviceAccountAnnotations: plan.serviceAccountAnnotations,
      terminationGracePeriodSeconds: GRACE_SECONDS,
    });
    harborService(
      this,
      'service',
      plan,
      context,
      'core',
      [
        servicePort(`${scheme}-web`, port, podPort),
        ...(plan.metrics ? [servicePort('http-metrics', METRICS_PORT)] : []),
      ],
      { annotations: serviceAnnotations(plan, 'core') },
    );
  }
}

/** With internal TLS core listens on 8443, which is fixed in its code; the port here must agree. */
const appConf = (plan: HarborPlan): string => `appname = Harbor
runmode = prod
enablegzip = true

[prod]
httpport = ${plan.core.podPort}
`;

/** The CA that clients download from `/api/v2.0/systeminfo/getcert`; core reads it, and trusts nothing by it. */
const downloadableCa = ({ caConfigMaps: { outside } }: HarborPlan): Partial<Parts> =>
  outside === undefined
    ? {}
    : { mounts: [{ volume: 'ca', path: '/etc/core/ca' }], volumes: { ca: { configMap: { name: outside } } } };

function coreEnv(plan: HarborPlan, storageName: string): Parts['env'] {
  const { core, database, cache, keys } = plan;
  return {
    ...cacheEnv(cache, ['core', 'registry']),
    CONFIG_PATH: '/etc/core/app.conf',
    PORT: String(core.podPort),
    LOG_LEVEL: plan.logLevel,
    EXT_ENDPOINT: plan.url,
    // With its port: what core compares with the Host header of those who log in by its own address.
    CORE_URL: `${core.scheme}://${core.host}:${core.port}`,
    CORE_LOCAL_URL: `${core.scheme}://127.0.0.1:${core.podPort}`,
    TOKEN_SERVICE_URL: `${endpointUrl(core)}/service/token`,
    PORTAL_URL: endpointUrl(plan.portal),
    JOBSERVICE_URL: endpointUrl(plan.jobserviceEndpoint),
    REGISTRY_URL: endpointUrl(plan.registry),
    REGISTRY_CONTROLLER_URL: endpointUrl(plan.registryctlEndpoint),
    WITH_TRIVY: String(plan.trivyEndpoint !== undefined),
    TRIVY_ADAPTER_URL: plan.trivyEndpoint && endpointUrl(plan.trivyEndpoint),
    REGISTRY_STORAGE_PROVIDER_NAME: storageName,
    DATABASE_TYPE: 'postgresql',
    POSTGRESQL_HOST: database.host,
    POSTGRESQL_PORT: String(database.port),
    POSTGRESQL_USERNAME: database.username,
    POSTGRESQL_DATABASE: database.name,
    POSTGRESQL_SSLMODE: database.sslMode,
    POSTGRESQL_MAX_IDLE_CONNS: String(Math.min(100, plan.connections.perPod)),
    POSTGRESQL_MAX_OPEN_CONNS: String(plan.connections.perPod),
    POSTGRESQL_PASSWORD: fromSecret(database.password),
    _REDIS_URL_CORE: cacheUrl(cache, 'core', { idleTimeoutSeconds: 30 }),
    _REDIS_URL_REG: cacheUrl(cache, 'registry', { idleTimeoutSeconds: 30 }),
    CORE_SECRET: fromSecret(keys.coreSecret),
    JOBSERVICE_SECRET: fromSecret(keys.jobserviceSecret),
    CSRF_KEY: fromSecret(keys.csrfKey),
    HARBOR_ADMIN_PASSWORD: fromSecret(plan.adminPassword),
    REGISTRY_CREDENTIAL_USERNAME: REGISTRY_USERNAME,
    REGISTRY_CREDENTIAL_PASSWORD: fromSecret(keys.registryPassword),
    PERMITTED_REGISTRY_TYPES_FOR_PROXY_CACHE: PROXY_CACHE_TYPES,
    ...cacheLayerEnv(plan),
    ...(plan.metrics ? { METRIC_ENABLE: 'true', METRIC_PATH: '/metrics', METRIC_PORT: String(METRICS_PORT) } : {}),
    ...metricsEnv(plan, 'core'),
    ...proxyEnv(plan),
  };
}

/** Must be the same for every pod of core and jobservice. */
export const cacheLayerEnv = (plan: HarborPlan): Parts['env'] =>
  plan.cacheLayer ? { CACHE_ENABLED: 'true', CACHE_EXPIRE_HOURS: '24' } : {};
