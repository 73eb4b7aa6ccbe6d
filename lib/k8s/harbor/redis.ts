import { Construct } from 'constructs';
import type { HarborPlan } from '../../plan/harbor.js';
import { HARBOR_RELEASES } from '../../plan/harbor-images.js';
import { tcpProbe } from '../container.js';
import { Workload, type WorkloadContext } from '../workload.js';
import { GRACE_SECONDS, harborService, servicePort, workloadOf } from './common.js';
import { dataClaim } from './data-claim.js';

const PORT = 6379;
/** Answers only once the saved data is loaded. */
const HEALTH = { exec: { command: ['docker-healthcheck'] }, timeoutSeconds: 5 };

/** Valkey (Redis with Harbor 2.14) in one pod, by the official chart's names; unlike there, it asks for a password. */
export class EmbeddedCache extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const { cache } = plan;
    if (cache.type !== 'embedded') throw new Error('the plan has no embedded cache');
    const server = HARBOR_RELEASES[plan.version].redis === 'redis-photon' ? 'redis-server' : 'valkey-server';
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'redis'),
      kind: 'StatefulSet',
      headless: false,
      user: { uid: 999 },
      terminationGracePeriodSeconds: GRACE_SECONDS,
      containers: [
        {
          name: 'redis',
          image: plan.images.redis,
          command: [server, '/etc/redis.conf', '--requirepass', '$(REDIS_PASSWORD)'],
          env: {
            REDIS_PASSWORD: cache.password,
            // What the image's health check logs in with.
            REDISCLI_AUTH: cache.password,
          },
          ports: { redis: PORT },
          startup: { ...HEALTH, periodSeconds: 2, failureThreshold: 150 },
          readiness: { ...HEALTH, periodSeconds: 10 },
          liveness: tcpProbe(PORT, { failureThreshold: 6 }),
          mounts: [{ volume: 'data', path: '/var/lib/redis', writable: true }],
        },
      ],
      volumeClaims: [dataClaim(plan, 'redis', 'data', cache)],
    });
    harborService(this, 'service', plan, context, 'redis', [servicePort('tcp-redis', PORT)]);
  }
}
