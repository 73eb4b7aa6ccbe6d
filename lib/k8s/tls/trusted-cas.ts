import { Construct } from 'constructs';
import type { HarborPlan } from '../../plan/harbor.js';
import { trustedCaName, trustedCas } from '../../plan/trusted-cas.js';
import { manifest } from '../manifest.js';
import { objectLabels, type WorkloadContext } from '../workload.js';

/** The ConfigMap with the CAs of database, cache and storage; no object when all have public ones. */
export class TrustedCas extends Construct {
  constructor(
    scope: Construct,
    id: string,
    plan: Pick<HarborPlan, 'instance' | 'database' | 'cache' | 'storage'>,
    context: WorkloadContext,
  ) {
    super(scope, id);
    const data = trustedCas(plan);
    if (Object.keys(data).length === 0) return;
    manifest(this, 'config-map', 'ConfigMap', {
      metadata: {
        name: trustedCaName(plan.instance),
        namespace: context.namespace,
        labels: objectLabels(context, 'ca'),
      },
      data: { ...data },
    });
  }
}
