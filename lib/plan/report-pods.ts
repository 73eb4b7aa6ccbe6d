import type { ComponentPlan } from './components.js';
import type { HarborPlan } from './harbor.js';
import { COMPONENT_NAMES, type KrakenComponent, type KrakenPlan } from './kraken.js';
import type { RegionPlan, TopologyPlan } from './plan.js';
import { bytes, millicores } from './quantities.js';
import { METRICS_COMPONENT } from './reconcile.js';
import { grouped, type Section } from './report-rows.js';

/** One kind of pod of an installation; an agent's replicas are one a node. */
interface PodRow {
  readonly installation: string;
  readonly component: string;
  readonly plan: ComponentPlan;
  readonly perNode: boolean;
}

function podsOfRegion(region: RegionPlan): readonly PodRow[] {
  const harbor = (one: HarborPlan): PodRow[] =>
    Object.entries({ ...one.components, ...exporterOf(one) }).map(([component, plan]) => ({
      installation: one.instance,
      component,
      plan: component === 'registry' ? { ...plan, resources: resourcesOfRegistry(one, plan.resources) } : plan,
      perNode: false,
    }));
  const kraken = (one: KrakenPlan): PodRow[] =>
    Object.entries(one.components).map(([component, plan]) => ({
      installation: one.instance,
      component: COMPONENT_NAMES[component as KrakenComponent],
      plan,
      perNode: component === 'agent',
    }));
  return [...region.harbors.flatMap(harbor), ...region.krakens.flatMap(kraken)];
}

/** Registryctl and the gateway to the bucket share registry's pods. */
const resourcesOfRegistry = (one: HarborPlan, own: ComponentPlan['resources']): ComponentPlan['resources'] =>
  [one.registryctl, ...(one.s3Gateway === undefined ? [] : [one.s3Gateway.resources])].reduce(sum, own);

/** The reconciler's exporter, which always runs, unlike the reconciler. */
const exporterOf = ({ reconcile }: HarborPlan): Readonly<Record<string, ComponentPlan>> =>
  reconcile?.exporter === undefined ? {} : { [METRICS_COMPONENT]: reconcile.exporter };

const sum = (a: ComponentPlan['resources'], b: ComponentPlan['resources']): ComponentPlan['resources'] => ({
  ...a,
  cpu: `${millicores(a.cpu) + millicores(b.cpu)}m`,
  memory: `${(bytes(a.memory) + bytes(b.memory)) / 2 ** 20}Mi`,
});

/** Cores with at most three digits behind the point. */
const cores = (thousandths: number): string => `${Number((thousandths / 1000).toFixed(3))}`;
/** Memory in GiB with at most one digit behind the point. */
const gibibytes = (amount: number): string => `${Number((amount / 2 ** 30).toFixed(1))} GiB`;

/** What each kind of pod reserves. */
export const sizesTable = (plan: TopologyPlan): Section => ({
  title: 'Pods, and what each reserves',
  detail: true,
  columns: ['Installation', 'Component', 'Pods', 'CPU', 'Memory', 'Regions'],
  rows: grouped(plan, podsOfRegion, ({ installation, component, plan: { replicas, resources }, perNode }) => [
    installation,
    component,
    perNode ? '1 a node' : `${replicas}`,
    cores(millicores(resources.cpu)),
    gibibytes(bytes(resources.memory)),
  ]),
});

/** What each region reserves in all, and on each of its nodes. */
export function totalsTable(plan: TopologyPlan): Section {
  return {
    title: 'Reserved in all',
    columns: ['Pods', 'CPU', 'Memory', 'CPU on each node', 'Memory on each node', 'Regions'],
    rows: grouped(
      plan,
      (region) => [podsOfRegion(region)],
      (pods) => {
        const total = (perNode: boolean, amount: (pod: PodRow) => number): number =>
          pods.filter((pod) => pod.perNode === perNode).reduce((all, pod) => all + pod.plan.replicas * amount(pod), 0);
        const cpu = (perNode: boolean): string => cores(total(perNode, (pod) => millicores(pod.plan.resources.cpu)));
        const memory = (perNode: boolean): string =>
          gibibytes(total(perNode, (pod) => bytes(pod.plan.resources.memory)));
        return [`${total(false, () => 1)}`, cpu(false), memory(false), cpu(true), memory(true)];
      },
    ),
  };
}
