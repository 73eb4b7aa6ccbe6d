import type { Construct } from 'constructs';
import type { KrakenPlan } from '../../plan/kraken.js';
import { buildIndexConfig } from './build-index-config.js';
import { headlessService, krakenComponent, nginxProbes } from './component.js';
import { tagShim } from './shim.js';

/** Build-indexes: they say which digest a tag is. */
export function buildIndex(scope: Construct, plan: KrakenPlan): void {
  const port = plan.ports.buildIndex;
  headlessService(scope, plan, 'buildIndex', { http: port });
  krakenComponent(scope, plan, 'buildIndex', {
    kind: 'StatefulSet',
    config: buildIndexConfig(plan),
    nginx: plan.registry === undefined ? undefined : tagShim(plan),
    flags: [`--port=${port}`],
    ports: { http: port },
    probes: nginxProbes(plan, port),
    cache: { claim: { ...plan.volumes.buildIndex } },
  });
}
