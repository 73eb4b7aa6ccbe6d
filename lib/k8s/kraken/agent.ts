import type { Construct } from 'constructs';
import type { Toleration } from 'kubernetes-types/core/v1';
import type { KrakenPlan } from '../../plan/kraken.js';
import { httpProbe, tcpProbe } from '../container.js';
import { agentConfig } from './agent-config.js';
import { krakenComponent, STARTUP } from './component.js';

/** Agents: one on every node, where containerd finds it on the loopback address, and a peer of all others. */
export function agent(scope: Construct, plan: KrakenPlan): void {
  const { ports } = plan;
  krakenComponent(scope, plan, 'agent', {
    kind: 'DaemonSet',
    config: agentConfig(plan),
    // A layer goes from the cache to containerd without a second copy on the node's disk.
    nginx: 'proxy_max_temp_file_size 0;\n',
    flags: [
      '--peer-ip=$(POD_IP)',
      `--peer-port=${ports.agentPeer}`,
      `--agent-server-port=${ports.agentServer}`,
      `--agent-registry-port=${ports.agent}`,
    ],
    env: { POD_IP: { field: 'status.podIP' } },
    ports: {
      registry: { containerPort: ports.agent, hostPort: ports.agent, hostIP: '127.0.0.1' },
      peer: ports.agentPeer,
      server: ports.agentServer,
    },
    probes: {
      startup: httpProbe('/health', ports.agentServer, 'http', STARTUP),
      // Its nginx answers; the last part of an agent to come up.
      readiness: tcpProbe(ports.agent),
      // Asks the loop that all transfers go through; a host port still leads to an agent that is not ready, so it must be started again.
      liveness: httpProbe('/health', ports.agentServer, 'http', { failureThreshold: 6 }),
    },
    cache: { sizeLimit: plan.cache.agentSize },
    pod: {
      tolerations: plan.agents.tolerations.map((one): Toleration => ({ ...one })),
      nodeSelector: { 'kubernetes.io/os': 'linux', ...plan.agents.nodeSelector },
    },
  });
}
