import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { type RegionPlan, regionOf, type TopologyPlan } from '../plan/plan.js';
import { Harbor } from './harbor/harbor.js';
import { Kraken } from './kraken/kraken.js';
import { kept, manifest } from './manifest.js';
import { NodeMirror } from './node-mirror/node-mirror.js';

/** Settings of a region's chart. */
export interface RegionChartProps {
  /** The topology as planned. */
  readonly plan: TopologyPlan;
  /** Name of the region. */
  readonly region: string;
}

/** One region as one chart: its namespaces, and everything in them but the Secrets, which are made by other means. */
export class RegionChart extends Chart {
  readonly plan: RegionPlan;

  /** @throws Error when the topology has no such region */
  constructor(scope: Construct, id: string, props: RegionChartProps) {
    super(scope, id, { disableResourceNameHashes: true });
    this.plan = regionOf(props.plan, props.region);
    addRegion(this, this.plan);
  }
}

/** Adds one region to a chart. */
export function addRegion(chart: Construct, plan: RegionPlan): void {
  addNamespaces(chart, plan);
  const harbors = new Map(
    plan.harbors.map((harbor) => [harbor.core.host, new Harbor(chart, harbor.instance, { plan: harbor })] as const),
  );
  for (const kraken of plan.krakens) {
    new Kraken(chart, kraken.instance, {
      plan: kraken,
      registry: kraken.registry && harbors.get(kraken.registry.core.host),
    });
  }
  for (const mirror of plan.nodeMirrors) {
    new NodeMirror(chart, `${mirror.instance}-node-mirror`, { plan: mirror });
  }
}

/** Namespaces with the pod security level that they enforce, in which nothing is let through unless a policy says so. */
function addNamespaces(chart: Construct, { namespaces }: RegionPlan): void {
  const group = new Construct(chart, 'namespaces');
  for (const { name, podSecurity } of namespaces) {
    const labels = { 'app.kubernetes.io/part-of': 'harbor-fleet', 'app.kubernetes.io/managed-by': 'harbor-fleet' };
    const levels = ['enforce', 'warn', 'audit'].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, podSecurity],
      [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
    ]);
    // What is kept lives in it, so it is kept too.
    const metadata = { name, labels: { ...labels, ...Object.fromEntries(levels) } };
    manifest(group, name, 'Namespace', { metadata: kept(metadata) });
    manifest(group, `${name}-default-deny`, 'NetworkPolicy', {
      metadata: { name: 'default-deny', namespace: name, labels },
      spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
    });
  }
}
