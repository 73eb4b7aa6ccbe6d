import { Construct } from 'constructs';
import type { Flow } from '../../plan/flows.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { type KrakenComponent, type KrakenPlan, type KrakenProps, podsOf } from '../../plan/kraken.js';
import { planKraken } from '../../plan/kraken-plan.js';
import { NetworkPolicies } from '../network-policies.js';
import { TlsMaterial } from '../tls/tls-material.js';
import { agent } from './agent.js';
import { buildIndex } from './build-index.js';
import { contextOf } from './component.js';
import { origin } from './origin.js';
import { proxy } from './proxy.js';
import { testfs } from './testfs.js';
import { tracker } from './tracker.js';

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
    this.certificates();
    origin(this, plan);
    tracker(this, plan);
    buildIndex(this, plan);
    proxy(this, plan);
    agent(this, plan);
    if (plan.backend.type === 'testfs') testfs(this, plan);
    this.networkPolicies();
    const { registry } = props;
    if (registry !== undefined && 'addNotification' in registry) {
      registry.addNotification(plan.notification);
      registry.addFlows(plan.flows);
    }
  }

  /** One certificate in each namespace, and the CAs of Harbor and its object store. */
  private certificates(): void {
    const { plan } = this;
    const { tls } = plan;
    for (const component of ['origin', 'agent'] as const) {
      const context = contextOf(plan, component);
      const certificate = plan.certificates.find(({ namespace }) => namespace === context.namespace);
      new TlsMaterial(this, `${component}-tls`, {
        context,
        tls,
        certificates: { [component]: certificate },
        client: true,
      });
    }
    for (const { configMap, ca } of plan.trusts) {
      const context = contextOf(plan, 'origin');
      new TlsMaterial(this, configMap, { context, tls, certificates: {}, ca: { configMap, source: ca } });
    }
  }

  private networkPolicies(): void {
    const { plan } = this;
    // Kubernetes lets a node reach its own pods whatever a policy says, and a rule for "the nodes" would let in every pod.
    const flows = plan.flows.filter((flow) => flow.from.kind !== 'nodes');
    const components = Object.keys(plan.components) as KrakenComponent[];
    for (const [id, members] of [
      ['network-policies', components.filter((component) => component !== 'agent')],
      ['agent-network-policies', components.filter((component) => component === 'agent')],
    ] as const) {
      const policies = new NetworkPolicies(
        this,
        id,
        contextOf(plan, members[0] ?? 'origin'),
        members.map((component) => podsOf(plan, component)),
      );
      policies.addFlows(flows);
    }
  }
}
