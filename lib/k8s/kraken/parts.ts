import type { Construct } from 'constructs';
import { type KrakenComponent, type KrakenPlan, podsOf } from '../../plan/kraken.js';
import { NetworkPolicies } from '../network-policies.js';
import { TlsMaterial } from '../tls/tls-material.js';
import { agent } from './agent.js';
import { buildIndex } from './build-index.js';
import { contextOf } from './component.js';
import { origin } from './origin.js';
import { proxy } from './proxy.js';
import { testfs } from './testfs.js';
import { tracker } from './tracker.js';

/** Makes every part of a Kraken. */
export function krakenParts(kraken: Construct, plan: KrakenPlan): void {
  certificates(kraken, plan);
  origin(kraken, plan);
  tracker(kraken, plan);
  buildIndex(kraken, plan);
  proxy(kraken, plan);
  agent(kraken, plan);
  if (plan.backend.type === 'testfs') testfs(kraken, plan);
  networkPolicies(kraken, plan);
}

/** One certificate in each namespace, and the CAs of Harbor and its object store. */
function certificates(kraken: Construct, plan: KrakenPlan): void {
  const { tls } = plan;
  for (const component of ['origin', 'agent'] as const) {
    const context = contextOf(plan, component);
    const certificate = plan.certificates.find(({ namespace }) => namespace === context.namespace);
    new TlsMaterial(kraken, `${component}-tls`, {
      context,
      tls,
      certificates: { [component]: certificate },
      client: true,
    });
  }
  for (const { configMap, ca } of plan.trusts) {
    const context = contextOf(plan, 'origin');
    new TlsMaterial(kraken, configMap, { context, tls, certificates: {}, ca: { configMap, source: ca } });
  }
}

function networkPolicies(kraken: Construct, plan: KrakenPlan): void {
  // Kubernetes lets a node reach its own pods whatever a policy says, and a rule for "the nodes" would let in every pod.
  const flows = plan.flows.filter((flow) => flow.from.kind !== 'nodes');
  const components = Object.keys(plan.components) as KrakenComponent[];
  for (const [id, members] of [
    ['network-policies', components.filter((component) => component !== 'agent')],
    ['agent-network-policies', components.filter((component) => component === 'agent')],
  ] as const) {
    const policies = new NetworkPolicies(
      kraken,
      id,
      contextOf(plan, members[0] ?? 'origin'),
      members.map((component) => podsOf(plan, component)),
    );
    policies.addFlows(flows);
  }
}
