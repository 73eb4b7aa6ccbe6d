import { Construct } from 'constructs';
import type { HarborPlan } from '../../plan/harbor.js';
import { tcpProbe } from '../container.js';
import { Workload, type WorkloadContext } from '../workload.js';
import { GRACE_SECONDS, harborService, servicePort, workloadOf } from './common.js';
import { dataClaim } from './data-claim.js';

const DATA = '/var/lib/postgresql/data';
/** The cluster of files lies in a folder by version below it, such as pg18. */
const PGDATA = `${DATA}/pgdata`;
/** Asks the server a question over its network address, as clients do. */
const HEALTH = { exec: { command: ['/docker-healthcheck.sh'] }, timeoutSeconds: 5 };

/** PostgreSQL in one pod, by the official chart's names, so that its volume can be taken over. */
export class EmbeddedDatabase extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const { database } = plan;
    if (database.type !== 'embedded') throw new Error('the plan has no embedded database');
    const image = plan.images.database;
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'database'),
      kind: 'StatefulSet',
      headless: false,
      user: { uid: 999 },
      terminationGracePeriodSeconds: GRACE_SECONDS,
      initContainers: [
        {
          name: 'data-permissions',
          image,
          // PostgreSQL refuses files that a group may read, and a restored volume may come back so.
          command: ['/bin/sh', '-c', `[ ! -e ${PGDATA} ] || chmod -R u=rwX,go= ${PGDATA}`],
          mounts: [{ volume: 'database-data', path: DATA, writable: true }],
        },
      ],
      containers: [
        {
          name: 'database',
          image,
          env: {
            POSTGRES_PASSWORD: database.password,
            POSTGRES_MAX_CONNECTIONS: `${database.maxConnections}`,
            PGDATA,
          },
          ports: { database: database.port },
          // The first start makes the files (10 s); one with a new major version converts them all.
          startup: { ...HEALTH, periodSeconds: 5, failureThreshold: 360 },
          readiness: { ...HEALTH, periodSeconds: 10 },
          // Not the same question: a server that is busy or recovering must not be killed for it.
          liveness: tcpProbe(database.port, { failureThreshold: 6 }),
          // Told to terminate, PostgreSQL would wait for its clients to leave, which they never do; interrupted, it closes at once.
          lifecycle: { preStop: { exec: { command: ['/bin/sh', '-c', 'kill -INT 1'] } } },
          mounts: [
            { volume: 'database-data', path: DATA, writable: true },
            { volume: 'shared-memory', path: '/dev/shm', writable: true },
            { volume: 'run', path: '/run/postgresql', writable: true },
            { volume: 'tmp', path: '/tmp', writable: true },
          ],
        },
      ],
      volumes: {
        'shared-memory': { emptyDir: { medium: 'Memory', sizeLimit: '512Mi' } },
        run: { emptyDir: { sizeLimit: '1Mi' } },
        tmp: { emptyDir: { sizeLimit: '16Mi' } },
      },
      volumeClaims: [dataClaim(plan, 'database', 'database-data', database)],
    });
    harborService(this, 'service', plan, context, 'database', [servicePort('tcp-database', database.port)]);
  }
}
