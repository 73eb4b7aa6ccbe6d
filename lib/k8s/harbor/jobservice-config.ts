import type { HarborPlan } from '../../plan/harbor.js';
import { METRICS_PORT } from '../../plan/harbor-names.js';

/** Where job logs are kept as files. */
export const JOB_LOGS = '/var/log/jobs';
/** Days that job logs are kept, as in the official chart. */
const LOG_DAYS = 14;

/** Jobservice's config.yml. The URL of its queue has a password, so it comes by `JOB_SERVICE_POOL_REDIS_URL`. */
export function jobserviceConfig(plan: HarborPlan): object {
  const { scheme, podPort } = plan.jobserviceEndpoint;
  const level = plan.logLevel.toUpperCase();
  return {
    protocol: scheme,
    port: podPort,
    ...(scheme === 'https'
      ? { https_config: { cert: '/etc/harbor/ssl/jobservice/tls.crt', key: '/etc/harbor/ssl/jobservice/tls.key' } }
      : {}),
    worker_pool: {
      workers: plan.jobservice.workers,
      backend: 'redis',
      redis_pool: { namespace: JOB_NAMESPACE, idle_timeout_second: 3600 },
    },
    job_loggers: [{ level, ...JOB_LOGGERS[plan.jobservice.loggers] }],
    loggers: [{ name: 'STD_OUTPUT', level }],
    metric: { enabled: plan.metrics, path: '/metrics', port: METRICS_PORT },
    // Smaller values are ignored (jobservice's own floors).
    reaper: { max_update_hours: 24, max_dangling_hours: 168 },
  };
}

/** Prefix of jobservice's keys in the cache; the exporter reads them too. */
export const JOB_NAMESPACE = 'harbor_job_service_namespace';

const JOB_LOGGERS: Readonly<Record<HarborPlan['jobservice']['loggers'], object>> = {
  database: { name: 'DB', sweeper: { duration: LOG_DAYS } },
  file: {
    name: 'FILE',
    settings: { base_dir: JOB_LOGS },
    sweeper: { duration: LOG_DAYS, settings: { work_dir: JOB_LOGS } },
  },
  stdout: { name: 'STD_OUTPUT' },
};
