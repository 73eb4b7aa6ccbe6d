import type { Construct } from 'constructs';
import type { KrakenPlan } from '../../plan/kraken.js';
import { headlessService, krakenComponent, nginxProbes } from './component.js';
import { trackerConfig } from './tracker-config.js';

/** Trackers: they tell each agent which peers have the blob it wants. */
export function tracker(scope: Construct, plan: KrakenPlan): void {
  const port = plan.ports.tracker;
  headlessService(scope, plan, 'tracker', { http: port });
  krakenComponent(scope, plan, 'tracker', {
    kind: 'StatefulSet',
    config: trackerConfig(plan),
    flags: [`--port=${port}`],
    ports: { http: port },
    probes: nginxProbes(plan, port),
    cache: { sizeLimit: '256Mi' },
  });
}
