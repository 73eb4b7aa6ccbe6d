import { Construct } from 'constructs';
import { cacheEnv, cacheUrl } from '../../plan/cache.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { endpointUrl, METRICS_PORT } from '../../plan/harbor-names.js';
import { REGISTRY_USERNAME } from '../../plan/harbor-secrets.js';
import { isReadWriteOnce } from '../../plan/storage.js';
import { type ContainerProps, httpProbe, livenessProbe } from '../container.js';
import { manifest } from '../manifest.js';
import { folderContainer, SHARED_VOLUME, sharedClaim } from '../storage/shared-volume.js';
import { json, yaml } from '../text.js';
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
  proxyEnv,
  servicePort,
  temporary,
  workloadOf,
} from './common.js';
import { cacheLayerEnv } from './core.js';
import { JOB_LOGS, jobserviceConfig } from './jobservice-config.js';

/** The job service: replication, scans, preheating, garbage collection, webhooks. */
export class Jobservice extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const { scheme, port, podPort } = plan.jobserviceEndpoint;
    const name = `${plan.instance}-jobservice`;
    const config = yaml(jobserviceConfig(plan));
    manifest(this, 'config', 'ConfigMap', {
      metadata: { name, namespace: plan.namespace, labels: objectLabels(context, 'jobservice') },
      data: { 'config.yml': config },
    });
    const logs = logFolder(plan);
    const parts = merge(
      { env: jobserviceEnv(plan), configuration: [config, databaseSettings(plan)] },
      configFile('config', name, 'config.yml', '/etc/jobservice/config.yml'),
      logs,
      ownCertificate(plan, 'jobservice'),
      cloudIdentity(plan),
      trustMounts(plan, { component: 'jobservice' }),
    );
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'jobservice'),
      kind: 'Deployment',
      initContainers: logs.initContainers,
      containers: [
        {
          name: 'jobservice',
          image: plan.images.jobservice,
          // The image's own entrypoint writes the CA bundle, which a read-only root file system does not allow.
          command: ['/harbor/harbor_jobservice', '-c', '/etc/jobservice/config.yml'],
          env: parts.env,
          ports: { [`${scheme}-jobs`]: podPort, ...(plan.metrics ? { 'http-metrics': METRICS_PORT } : {}) },
          // It asks core for its settings first, and ends when core does not answer yet: it is started again until then.
          startup: httpProbe('/api/v1/stats', podPort, scheme, { periodSeconds: 5, failureThreshold: 60 }),
          readiness: httpProbe('/api/v1/stats', podPort, scheme),
          liveness: livenessProbe('/api/v1/stats', podPort, scheme),
          lifecycle: LEAVING,
          mounts: parts.mounts,
        },
      ],
      volumes: parts.volumes,
      configuration: parts.configuration,
      serviceAccountAnnotations: plan.serviceAccountAnnotations,
      secretsOfOthers: [plan.database.password.secret],
      strategy: plan.jobservice.loggers === 'file' && isReadWriteOnce(plan.storage) ? 'Recreate' : 'RollingUpdate',
      terminationGracePeriodSeconds: GRACE_SECONDS,
    });
    harborService(this, 'service', plan, context, 'jobservice', [
      servicePort(`${scheme}-jobservice`, port, podPort),
      ...(plan.metrics ? [servicePort('http-metrics', METRICS_PORT)] : []),
    ]);
  }
}

/** The folder for job logs: on the NAS when they are kept as files, scratch space otherwise. */
function logFolder({ storage, jobservice, instance, images }: HarborPlan): Pick<Parts, 'mounts' | 'volumes'> & {
  readonly initContainers: readonly ContainerProps[];
} {
  if (jobservice.loggers !== 'file' || storage.type !== 'nas') {
    return { ...temporary('job-logs', JOB_LOGS), initContainers: [] };
  }
  return {
    mounts: [{ volume: SHARED_VOLUME, path: JOB_LOGS, subPath: 'jobservice', writable: true }],
    volumes: { [SHARED_VOLUME]: { persistentVolumeClaim: { claimName: sharedClaim(instance, storage) } } },
    initContainers: [folderContainer('jobservice', images.jobservice)],
  };
}

/** What core tells it of the database at its start only: it must start again when this changes. */
const databaseSettings = ({ database, connections }: HarborPlan): string => {
  const { host, port, name, username, sslMode } = database;
  return json({ host, port, name, username, sslMode, perPod: connections.perPod });
};

/** It has no settings of the database: it gets them from core, with the password. */
function jobserviceEnv(plan: HarborPlan): Parts['env'] {
  const { core, cache, keys } = plan;
  return {
    ...cacheEnv(cache, plan.cacheLayer ? ['jobservice', 'core'] : ['jobservice']),
    CORE_URL: `${core.scheme}://${core.host}:${core.port}`,
    TOKEN_SERVICE_URL: `${endpointUrl(core)}/service/token`,
    REGISTRY_URL: endpointUrl(plan.registry),
    REGISTRY_CONTROLLER_URL: endpointUrl(plan.registryctlEndpoint),
    // Minutes: the official chart's values from here on.
    REGISTRY_HTTP_CLIENT_TIMEOUT: '30',
    JOBSERVICE_WEBHOOK_JOB_MAX_RETRY: '3',
    JOBSERVICE_WEBHOOK_JOB_HTTP_CLIENT_TIMEOUT: '3',
    LOG_LEVEL: plan.logLevel,
    JOB_SERVICE_POOL_REDIS_URL: cacheUrl(cache, 'jobservice'),
    CORE_SECRET: fromSecret(keys.coreSecret),
    JOBSERVICE_SECRET: fromSecret(keys.jobserviceSecret),
    REGISTRY_CREDENTIAL_USERNAME: REGISTRY_USERNAME,
    REGISTRY_CREDENTIAL_PASSWORD: fromSecret(keys.registryPassword),
    ...(plan.cacheLayer
      ? { _REDIS_URL_CORE: cacheUrl(cache, 'core', { idleTimeoutSeconds: 30 }), ...cacheLayerEnv(plan) }
      : {}),
    ...metricsEnv(plan, 'jobservice'),
    ...proxyEnv(plan),
  };
}
