import type { TopologyPlan } from './plan.js';

/** Up to this many regions a drawing shows what is inside each. */
export const DETAILED = 12;

/** What one region's Harbor sends to others. */
export interface Replications {
  readonly home: string;
  readonly targets: readonly { readonly region: string; readonly projects: readonly string[] }[];
}

/** Who sends which projects to whom, by home region, in the order of the regions. */
export function replicationsOf(plan: TopologyPlan): readonly Replications[] {
  const names = plan.regions.map((region) => region.name);
  return names
    .map((home) => {
      const projects = plan.projects.filter((project) => project.home === home);
      const targets = names.map((region) => ({
        region,
        projects: projects.filter((project) => project.replicateTo.includes(region)).map((project) => project.name),
      }));
      return { home, targets: targets.filter((target) => target.projects.length > 0) };
    })
    .filter(({ targets }) => targets.length > 0);
}
