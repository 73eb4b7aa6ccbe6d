import type { TopologyPlan } from './plan.js';
import { replicationSteps } from './replication-graph.js';

/** Up to this many regions a drawing shows what is inside each. */
export const DETAILED = 12;

/** What one region's Harbor sends to others. */
export interface Replications {
  readonly home: string;
  readonly targets: readonly { readonly region: string; readonly projects: readonly string[] }[];
}

/** Who sends which projects to whom, by the region that sends, in the order of the regions. */
export function replicationsOf(plan: TopologyPlan): readonly Replications[] {
  const names = plan.regions.map((region) => region.name);
  return names
    .map((home) => {
      const sent = plan.projects.map((project) => ({
        name: project.name,
        to: replicationSteps(project).flatMap((step) => (step.from === home ? [step.to] : [])),
      }));
      const targets = names.map((region) => ({
        region,
        projects: sent.filter(({ to }) => to.includes(region)).map(({ name }) => name),
      }));
      return { home, targets: targets.filter((target) => target.projects.length > 0) };
    })
    .filter(({ targets }) => targets.length > 0);
}
