import { NetworkPolicies } from '../../lib/k8s/network-policies';
import type { WorkloadContext } from '../../lib/k8s/workload';
import type { Flow, Party } from '../../lib/plan/flows';
import { find, synth } from '../../lib/testing';

const CONTEXT: WorkloadContext = { namespace: 'harbor', instance: 'harbor', application: 'harbor', version: '2.15.2' };
const pods = (namespace: string, component: string): Extract<Party, { kind: 'pods' }> => ({
  kind: 'pods',
  namespace,
  component,
  labels: { component },
});
const CORE = pods('harbor', 'core');
const REGISTRY = pods('harbor', 'registry');
const ORIGIN = pods('kraken', 'origin');
const flow = (from: Party, to: Party, port: number): Flow => ({ from, to, port, protocol: 'TCP', purpose: 'test' });

const policy = (flows: readonly Flow[], component = 'core') => {
  const objects = synth((chart) => {
    const policies = new NetworkPolicies(chart, 'p', CONTEXT, [CORE, REGISTRY]);
    for (const item of flows) policies.addFlows([item]);
  });
  return find(objects, 'NetworkPolicy', `harbor-${component}`).spec as Record<string, unknown>;
};
const DNS = {
  ports: [
    { port: 53, protocol: 'UDP' },
    { port: 53, protocol: 'TCP' },
  ],
};

describe('NetworkPolicies', () => {
  it('deny everything but DNS without flows', () => {
    expect(policy([])).toEqual({
      podSelector: { matchLabels: { component: 'core' } },
      policyTypes: ['Ingress', 'Egress'],
      egress: [DNS],
    });
  });

  it('open both ends of a flow, in the same namespace by pod labels alone', () => {
    const flows = [flow(CORE, REGISTRY, 5000)];
    const port = [{ port: 5000, protocol: 'TCP' }];
    expect(policy(flows).egress).toEqual([
      DNS,
      { to: [{ podSelector: { matchLabels: { component: 'registry' } } }], ports: port },
    ]);
    expect(policy(flows, 'registry').ingress).toEqual([
      { from: [{ podSelector: { matchLabels: { component: 'core' } } }], ports: port },
    ]);
    expect(policy(flows).ingress).toBeUndefined();
  });

  it('name the namespace of pods elsewhere', () => {
    expect(policy([flow(ORIGIN, CORE, 8080)]).ingress).toEqual([
      {
        from: [
          {
            podSelector: { matchLabels: { component: 'origin' } },
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kraken' } },
          },
        ],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ]);
  });

  it('narrow only the port for nodes and outside services, and the addresses for networks', () => {
    expect(policy([flow({ kind: 'nodes' }, CORE, 1)]).ingress).toEqual([{ ports: [{ port: 1, protocol: 'TCP' }] }]);
    expect(policy([flow(CORE, { kind: 'external', host: 'db.example.com', name: 'database' }, 5432)]).egress).toEqual([
      DNS,
      { ports: [{ port: 5432, protocol: 'TCP' }] },
    ]);
    expect(policy([flow({ kind: 'networks', cidrs: ['10.0.0.0/8'], name: 'office' }, CORE, 443)]).ingress).toEqual([
      { from: [{ ipBlock: { cidr: '10.0.0.0/8' } }], ports: [{ port: 443, protocol: 'TCP' }] },
    ]);
  });

  it('say a flow that is given twice once', () => {
    expect(policy([flow(CORE, REGISTRY, 5000), flow(CORE, REGISTRY, 5000)]).egress).toHaveLength(2);
  });
});
