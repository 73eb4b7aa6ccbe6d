import type { Construct } from 'constructs';
import { type KrakenPlan, podsOf } from '../../plan/kraken.js';
import { httpProbe, tcpProbe } from '../container.js';
import { Workload } from '../workload.js';
import { contextOf, KRAKEN_USER, planOf, service } from './component.js';

/** Kraken's demo store: one pod that keeps files in a temporary folder. */
export function testfs(scope: Construct, plan: KrakenPlan): void {
  const port = plan.ports.testfs;
  service(scope, plan, 'testfs', { http: port });
  new Workload(scope, 'testfs', {
    context: contextOf(plan, 'testfs'),
    component: 'testfs',
    kind: 'Deployment',
    selector: podsOf(plan, 'testfs').labels,
    plan: planOf(plan, 'testfs'),
    user: KRAKEN_USER,
    // Two of them would each know half of the files.
    strategy: 'Recreate',
    containers: [
      {
        name: 'testfs',
        image: plan.image,
        command: ['/usr/bin/kraken', 'testfs'],
        args: [`--port=${port}`],
        ports: { http: port },
        readiness: httpProbe('/health', port, 'http'),
        liveness: tcpProbe(port, { failureThreshold: 6 }),
        mounts: [{ volume: 'tmp', path: '/tmp', writable: true }],
      },
    ],
    volumes: { tmp: { emptyDir: {} } },
  });
}
