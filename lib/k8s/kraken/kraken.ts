import { Construct } from 'constructs';
import type { Flow } from '../../plan/flows.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { type KrakenPlan, type KrakenProps, planKraken } from '../../plan/kraken.js';

/** A Harbor construct as a Kraken needs it: it reports pushes to Kraken's proxy, and its policies let Kraken in. */
export interface KrakenRegistry {
  readonly plan: HarborPlan;
  addNotification(notification: KrakenPlan['notification']): void;
  addFlows(flows: readonly Flow[]): void;
}

/** Settings of a Kraken, with the Harbor it serves as a construct or a plan; or a Kraken that was planned before. */
export type KrakenConstructProps =
  | (Omit<KrakenProps, 'registry'> & { readonly registry?: HarborPlan | KrakenRegistry })
  | { readonly plan: KrakenPlan; readonly registry?: KrakenRegistry };

// Read when the first Kraken is made: importing the package must cost little to those who make none.
const parts = (): typeof import('./parts.js') => require('./parts.js');

/**
 * A Kraken cluster: images travel between nodes instead of from Harbor to each of them. With the Harbor construct as
 * `registry`, Harbor's registry also reports every push, so that origins hold the layers before the first pull.
 */
export class Kraken extends Construct {
  readonly plan: KrakenPlan;

  constructor(scope: Construct, id: string, props: KrakenConstructProps) {
    super(scope, id);
    this.plan = 'plan' in props ? props.plan : planKraken(props);
    const { plan } = this;
    parts().krakenParts(this, plan);
    const { registry } = props;
    if (registry !== undefined && 'addNotification' in registry) {
      registry.addNotification(plan.notification);
      registry.addFlows(plan.flows);
    }
  }
}
