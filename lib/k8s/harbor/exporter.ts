import { Construct } from 'constructs';
import { cacheEnv, cacheUrl } from '../../plan/cache.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { METRICS_PORT } from '../../plan/harbor-names.js';
import { httpProbe, tcpProbe } from '../container.js';
import { trustMounts } from '../tls/mounts.js';
import { Workload, type WorkloadContext } from '../workload.js';
import { fromSecret, harborService, merge, type Parts, servicePort, workloadOf } from './common.js';
import { JOB_NAMESPACE } from './jobservice-config.js';

/** The exporter: what Harbor knows of its projects, quotas, jobs and health, as metrics. */
export class Exporter extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const parts = merge({ env: exporterEnv(plan) }, trustMounts(plan));
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'exporter'),
      kind: 'Deployment',
      containers: [
        {
          name: 'exporter',
          image: plan.images.exporter,
          command: ['/harbor/harbor_exporter'],
          env: parts.env,
          ports: { 'http-metrics': METRICS_PORT },
          // It reaches for the database at its start, and ends when that is not there yet.
          startup: tcpProbe(METRICS_PORT, { periodSeconds: 5, failureThreshold: 60 }),
          readiness: httpProbe('/', METRICS_PORT, 'http'),
          liveness: tcpProbe(METRICS_PORT, { failureThreshold: 3 }),
          mounts: parts.mounts,
        },
      ],
      volumes: parts.volumes,
      configuration: parts.configuration,
    });
    harborService(this, 'service', plan, context, 'exporter', [servicePort('http-metrics', METRICS_PORT)]);
  }
}

function exporterEnv(plan: HarborPlan): Parts['env'] {
  const { core, database, cache, connections } = plan;
  return {
    ...cacheEnv(cache, ['jobservice']),
    LOG_LEVEL: plan.logLevel,
    HARBOR_EXPORTER_PORT: String(METRICS_PORT),
    HARBOR_EXPORTER_METRICS_PATH: '/metrics',
    HARBOR_EXPORTER_METRICS_ENABLED: 'true',
    // Seconds; the official chart's values.
    HARBOR_EXPORTER_CACHE_TIME: '23',
    HARBOR_EXPORTER_CACHE_CLEAN_INTERVAL: '14400',
    HARBOR_METRIC_NAMESPACE: 'harbor',
    HARBOR_METRIC_SUBSYSTEM: 'exporter',
    HARBOR_SERVICE_SCHEME: core.scheme,
    HARBOR_SERVICE_HOST: core.host,
    HARBOR_SERVICE_PORT: String(core.port),
    // The database of jobservice's queue.
    HARBOR_REDIS_URL: cacheUrl(cache, 'jobservice'),
    HARBOR_REDIS_NAMESPACE: JOB_NAMESPACE,
    HARBOR_REDIS_TIMEOUT: '3600',
    HARBOR_DATABASE_TYPE: 'postgresql',
    HARBOR_DATABASE_HOST: database.host,
    HARBOR_DATABASE_PORT: String(database.port),
    HARBOR_DATABASE_USERNAME: database.username,
    HARBOR_DATABASE_DBNAME: database.name,
    HARBOR_DATABASE_SSLMODE: database.sslMode,
    HARBOR_DATABASE_MAX_IDLE_CONNS: String(connections.exporter),
    HARBOR_DATABASE_MAX_OPEN_CONNS: String(connections.exporter),
    HARBOR_DATABASE_PASSWORD: fromSecret(database.password),
    HARBOR_ADMIN_PASSWORD: fromSecret(plan.adminPassword),
  };
}
