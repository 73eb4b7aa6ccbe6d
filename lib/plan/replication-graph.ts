import type { ProjectPlan } from './projects.js';
import type { Reader } from './reader.js';

/** One step of a project's images: from a region to another. */
export interface ReplicationStep {
  readonly from: string;
  readonly to: string;
}

/**
 * Every step of a project's images. Home sends to each region, unless `via` says who sends to whom; those where it is pushed send
 * to each other.
 */
export function replicationSteps({ home, replicateTo, via, primaries = [] }: ProjectPlan): readonly ReplicationStep[] {
  const pushed = [home, ...primaries];
  const mutual = pushed.flatMap((from) => pushed.filter((to) => to !== from).map((to) => ({ from, to })));
  const own =
    via === undefined
      ? replicateTo.filter((to) => !pushed.includes(to)).map((to) => ({ from: home, to }))
      : Object.entries(via).flatMap(([from, targets]) => targets.map((to) => ({ from, to })));
  return [...mutual, ...own];
}

/** Records ways that go round, meet, or begin nowhere. */
export function checkSteps(
  project: Reader,
  home: string,
  primaries: readonly string[],
  via: NonNullable<ProjectPlan['via']>,
): void {
  const { issues } = project;
  const path = project.at('replicateTo');
  const cycle = findCycle(via);
  if (cycle !== undefined) {
    issues.error(
      path,
      `goes round: ${cycle.join(' → ')}`,
      cycle.join(' → '),
      'ways that lead from the home to each region once',
      `remove the step from ${cycle.at(-2)} to ${cycle.at(-1)}; where all of them are pushed to, name them in "primaries"`,
    );
    return;
  }
  const sources = new Map<string, string>();
  for (const [from, targets] of Object.entries(via)) {
    for (const to of targets) {
      const earlier = sources.get(to);
      if (earlier === undefined) sources.set(to, from);
      else {
        const allowed = 'one way to each region: two would copy everything twice';
        issues.error(
          `${path}.${from}`,
          `leads to ${to}, which gets its images from ${earlier}`,
          to,
          allowed,
          'remove one of them',
        );
      }
      if (to === home || primaries.includes(to)) {
        issues.error(
          `${path}.${from}`,
          `leads to ${to}, where the project is pushed`,
          to,
          'regions where it is not pushed',
          'remove it',
        );
      }
    }
  }
  for (const from of Object.keys(via)) {
    if (from === home || primaries.includes(from) || sources.has(from)) continue;
    issues.error(
      `${path}.${from}`,
      'sends images that it never gets',
      from,
      `the home, or a region that gets them from another`,
      `add ${from} below the region that sends to it`,
    );
  }
}

/** A way back to where it began, or nothing. */
function findCycle(via: Readonly<Record<string, readonly string[]>>): readonly string[] | undefined {
  const done = new Set<string>();
  const walk = (region: string, way: readonly string[]): readonly string[] | undefined => {
    const at = way.indexOf(region);
    if (at >= 0) return [...way.slice(at), region];
    if (done.has(region)) return undefined;
    for (const next of Object.hasOwn(via, region) ? (via[region] ?? []) : []) {
      const cycle = walk(next, [...way, region]);
      if (cycle !== undefined) return cycle;
    }
    done.add(region);
    return undefined;
  };
  for (const region of Object.keys(via)) {
    const cycle = walk(region, []);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
