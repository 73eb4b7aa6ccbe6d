import { spreadOf } from './cron.js';
import type { ReadRegistry } from './remote-registries.js';
import type { ReplicationPlan } from './settings.js';
import type { ReplicationSettings } from './settings-plan.js';

/** Where copies go: a registry outside, or another region. */
export type Destination = Pick<ReadRegistry, 'namespace' | 'stripLevels'> & {
  readonly plan: { readonly name: string };
};

/**
 * The policies that copy a project to a registry: one at each push, and one that compares everything, so that an outage heals
 * itself. Harbor takes a schedule and pushes in separate policies only.
 *
 * @param decides whether a tag that differs becomes, when all is compared, what it is here; otherwise only what is missing is copied
 */
export function replicationsTo(
  project: string,
  { plan: { name: registry }, namespace, stripLevels }: Destination,
  { deletion, speed, cron }: ReplicationSettings,
  decides = true,
): readonly ReplicationPlan[] {
  const name = `${project}-to-${registry}`;
  const common = {
    registry,
    repositories: `${project}/**`,
    destinationNamespace: namespace,
    replaceCount: stripLevels,
    speed,
  };
  const hourly = `0 ${spreadOf(name).minute} * * * *`;
  const schedule = cron ?? hourly;
  return [
    { name, ...common, overwrites: true, deletion },
    // A schedule knows nothing of deletions: it copies what is there.
    ...(schedule === ''
      ? []
      : [{ name: `${name}-all`, ...common, cron: schedule, overwrites: decides, deletion: false }]),
  ];
}
