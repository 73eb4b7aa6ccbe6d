import { redirectTarget, s3Service } from './backend.js';
import { anyone, type Flow, type Party, tcp } from './flows.js';
import type { HarborPlan, Pods } from './harbor.js';
import { type KrakenComponent, type KrakenPlan, podsOf } from './kraken.js';

type Base = Pick<KrakenPlan, 'instance' | 'namespace' | 'nodeNamespace' | 'ports' | 'backend' | 'nodeCidr'>;

/** Who talks to whom: Kraken's components, the nodes, and the Harbor it serves. */
export function krakenFlows(plan: Base, registry: HarborPlan | undefined): Flow[] {
  const { ports, nodeCidr } = plan;
  const pods = (component: KrakenComponent): Pods => podsOf(plan, component);
  const between = (from: KrakenComponent, to: KrakenComponent, port: number, purpose: string): Flow =>
    tcp(pods(from), pods(to), port, purpose);
  const nodes: Party =
    nodeCidr === undefined ? { kind: 'nodes' } : { kind: 'networks', cidrs: [nodeCidr], name: 'nodes' };
  const flows = [
    tcp(nodes, pods('agent'), ports.agent, 'image pulls of a node from its own agent'),
    between('agent', 'agent', ports.agentPeer, 'pieces between peers'),
    between('agent', 'origin', ports.originPeer, 'pieces from origins'),
    between('agent', 'tracker', ports.tracker, 'announcements and metainfo'),
    between('agent', 'buildIndex', ports.buildIndex, 'tags'),
    between('tracker', 'origin', ports.origin, 'metainfo'),
    between('buildIndex', 'origin', ports.origin, 'blobs that a tag needs'),
    between('buildIndex', 'buildIndex', ports.buildIndex, 'tags among build-indexes'),
    between('origin', 'origin', ports.origin, 'copies among origins'),
    between('proxy', 'origin', ports.origin, 'preheating'),
    between('proxy', 'buildIndex', ports.buildIndex, 'tags of pushed images'),
  ];
  if (plan.backend.type === 'testfs') {
    flows.push(tcp(anyone('clients'), pods('proxy'), ports.proxy, 'pushes'));
    for (const from of ['origin', 'buildIndex'] as const) {
      flows.push(between(from, 'testfs', ports.testfs, 'blobs and tags'));
    }
  }
  return registry === undefined ? flows : [...flows, ...harborFlows(plan, registry)];
}

function harborFlows(plan: Base, registry: HarborPlan): Flow[] {
  const { core } = registry;
  const proxy = podsOf(plan, 'proxy');
  const origin = podsOf(plan, 'origin');
  const flows = [tcp(podsOf(plan, 'buildIndex'), core.pods, core.podPort, 'tags')];
  if (plan.backend.type === 's3') {
    const bucket = s3Service(plan.backend);
    flows.push(tcp(origin, outside(bucket.host), bucket.port, 'blobs from the bucket'));
  } else {
    flows.push(tcp(origin, core.pods, core.podPort, 'blobs that no peer has'));
    const bucket = redirectTarget(registry.storage);
    if (bucket !== undefined) flows.push(tcp(origin, outside(bucket.host), bucket.port, 'blobs that Harbor redirects'));
  }
  // Jobservice runs Harbor's own preheat policies, and core asks for the health of the instance they name.
  const senders = [registry.registry.pods, core.pods, ...harborPods(registry, 'jobservice')];
  return [...flows, ...senders.map((pods) => tcp(pods, proxy, plan.ports.notification, 'preheat notifications'))];
}

/** A component of Harbor that its plan names only in its flows. */
function harborPods(registry: HarborPlan, component: string): readonly Pods[] {
  const party = registry.flows
    .flatMap((flow) => [flow.from, flow.to])
    .find((one) => one.kind === 'pods' && one.namespace === registry.namespace && one.component === component);
  return party?.kind === 'pods' ? [party] : [];
}

const outside = (host: string): Party => ({ kind: 'external', host, name: 'object store' });
