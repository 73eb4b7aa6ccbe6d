import { Construct } from 'constructs';
import type { Flow } from '../../plan/flows.js';
import { type HarborPlan, type HarborProps, planHarbor } from '../../plan/harbor.js';
import type { HarborParts } from './parts.js';
import type { NotificationEndpoint } from './registry-config.js';

/** Settings of a Harbor, or a Harbor that was planned before. */
export type HarborConstructProps = HarborProps | HarborPlan | { readonly plan: HarborPlan };

// Read when the first Harbor is made: importing the package must cost little to those who make none.
const parts = (): typeof import('./parts.js') => require('./parts.js');

/**
 * A Harbor: every object of one installation but its Secrets, which are planned in `plan.secrets` and made by other means.
 * Objects are called as in the official chart, so that an installation can be taken over.
 *
 * @throws PlanError when it is given settings with mistakes
 */
export class Harbor extends Construct {
  readonly plan: HarborPlan;
  private readonly parts: HarborParts;

  constructor(scope: Construct, id: string, props: HarborConstructProps) {
    super(scope, id);
    this.plan = planOf(props);
    this.parts = parts().harborParts(this, this.plan);
    this.addFlows(this.plan.flows);
  }

  /** Has the registry report every push to one more endpoint, such as Kraken's proxy; possible until synthesis. */
  addNotification(endpoint: NotificationEndpoint): void {
    this.parts.registry.addNotification(endpoint);
  }

  /** Lets more flows through its NetworkPolicies; possible until synthesis. */
  addFlows(flows: readonly Flow[]): void {
    this.parts.policies.addFlows(flows);
  }
}

function planOf(props: HarborConstructProps): HarborPlan {
  if ('plan' in props) return props.plan;
  return 'kind' in props ? props : planHarbor(props);
}
