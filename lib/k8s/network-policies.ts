import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import type {
  NetworkPolicyEgressRule,
  NetworkPolicyIngressRule,
  NetworkPolicyPeer,
} from 'kubernetes-types/networking/v1';
import type { Flow, Party } from '../plan/flows.js';
import { nonEmpty } from './container.js';
import { manifest } from './manifest.js';
import { recommendedLabels, type WorkloadContext } from './workload.js';

type Pods = Extract<Party, { kind: 'pods' }>;

const DNS_PORTS = [
  { port: 53, protocol: 'UDP' },
  { port: 53, protocol: 'TCP' },
];

/**
 * The NetworkPolicies of one installation's components: everything is denied but its flows and DNS. Flows may be added until
 * synthesis, because whoever uses a component (Kraken reads Harbor) brings its flows along.
 */
export class NetworkPolicies extends Construct {
  private readonly flows = new Map<string, Flow>();

  /** @param parties the components that get a policy, each with the labels that select its pods */
  constructor(scope: Construct, id: string, context: WorkloadContext, parties: readonly Pods[]) {
    super(scope, id);
    for (const party of parties) {
      manifest(this, party.component, 'NetworkPolicy', {
        metadata: {
          name: `${context.instance}-${party.component}`,
          namespace: party.namespace,
          labels: recommendedLabels(context, party.component),
        },
        spec: {
          podSelector: selectPods(party.labels),
          policyTypes: ['Ingress', 'Egress'],
          ingress: Lazy.any({
            produce: () => nonEmpty(ingressRules([...this.flows.values()], party)),
          }) as NetworkPolicyIngressRule[],
          egress: Lazy.any({
            produce: () => egressRules([...this.flows.values()], party),
          }) as NetworkPolicyEgressRule[],
        },
      });
    }
  }

  /** Lets more flows through; a flow that is there already changes nothing. */
  addFlows(flows: readonly Flow[]): void {
    for (const flow of flows) this.flows.set(JSON.stringify(flow), flow);
  }
}

/** Selects pods by all labels. The last one, which tells components apart, stands alone: Polaris finds a policy by just one. */
function selectPods(labels: Readonly<Record<string, string>>): LabelSelector {
  const entries = Object.entries(labels);
  return {
    matchLabels: Object.fromEntries(entries.slice(-1)),
    matchExpressions: nonEmpty(entries.slice(0, -1).map(([key, value]) => ({ key, operator: 'In', values: [value] }))),
  };
}

const isSame = (party: Party, pods: Pods): boolean =>
  party.kind === 'pods' && party.namespace === pods.namespace && party.component === pods.component;

/** What may reach the pods of a component. */
function ingressRules(flows: readonly Flow[], to: Pods): NetworkPolicyIngressRule[] {
  return flows
    .filter((flow) => isSame(flow.to, to))
    .map((flow) => ({ from: peers(flow.from, to.namespace), ports: [{ port: flow.port, protocol: flow.protocol }] }));
}

/** What the pods of a component may reach: their flows, and DNS. */
function egressRules(flows: readonly Flow[], from: Pods): NetworkPolicyEgressRule[] {
  const rules = flows
    .filter((flow) => isSame(flow.from, from))
    .map((flow) => ({ to: peers(flow.to, from.namespace), ports: [{ port: flow.port, protocol: flow.protocol }] }));
  // DNS may be a pod of any namespace or an address of the node (node-local DNS cache), so only the port is narrowed.
  return [{ ports: DNS_PORTS }, ...rules];
}

/** A party as peers of a rule; nothing means everyone. */
function peers(party: Party, ownNamespace: string): NetworkPolicyPeer[] | undefined {
  switch (party.kind) {
    case 'pods': {
      const podSelector = { matchLabels: { ...party.labels } };
      if (party.namespace === ownNamespace) return [{ podSelector }];
      return [{ podSelector, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': party.namespace } } }];
    }
    case 'networks':
      return party.cidrs.map((cidr) => ({ ipBlock: { cidr } }));
    default:
      // Nodes and outside services have addresses that no plan knows: the port alone is narrowed.
      return undefined;
  }
}
