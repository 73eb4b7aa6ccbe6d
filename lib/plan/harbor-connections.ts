import type { DatabasePlan } from './database.js';
import type { HarborPlan } from './harbor.js';
import type { Reader } from './reader.js';

/** Sessions left to PostgreSQL's superuser (3 by its default), backups and people. */
const RESERVED = 10;
/** The exporter asks a handful of queries every 23 seconds. */
const EXPORTER = 5;
/** More sessions than this make PostgreSQL slower, not Harbor faster. */
const MOST = 200;
/** Of core and jobservice together 100 sessions, which fit into the 512Mi of `small` even when each sorts in its 4 MiB (work_mem). */
const MOST_EMBEDDED = 50;
/** Core holds about this many when nobody uses it. */
const LEAST = 5;

/**
 * Shares the database's connections among the pods of core and jobservice, which takes core's limit over. During a rollout
 * one more pod of each component runs. Harbor's own limit is 900 a pod, more than most servers allow in all.
 */
export function readConnections(
  reader: Reader,
  components: HarborPlan['components'],
  { type, maxConnections }: Pick<DatabasePlan, 'type' | 'maxConnections'>,
): HarborPlan['connections'] {
  const replicas = (name: 'core' | 'jobservice' | 'exporter'): number => {
    const component = components[name];
    return component === undefined ? 0 : component.replicas + 1;
  };
  const pods = replicas('core') + replicas('jobservice');
  const others = RESERVED + replicas('exporter') * EXPORTER;
  const share = Math.floor((maxConnections - others) / pods);
  const given = reader.count('connectionsPerPod', LEAST, 10_000);
  if (share < LEAST) {
    reader.issues.error(
      reader.at('database.maxConnections'),
      `is too few for ${pods} pods of core and jobservice, counting one more of each during a rollout`,
      maxConnections,
      `at least ${pods * LEAST + others}`,
      'raise max_connections of the server, or run fewer replicas of core and jobservice',
    );
  } else if (given !== undefined && given > share) {
    reader.issues.error(
      reader.at('connectionsPerPod'),
      `exceeds what the database allows: ${pods} pods × ${given} + ${others} = ${pods * given + others} connections`,
      given,
      `at most ${share}, for a server that allows ${maxConnections}`,
      'lower it, leave it out, or raise max_connections of the server and database.maxConnections',
    );
  }
  return {
    perPod: given ?? Math.max(LEAST, Math.min(type === 'embedded' ? MOST_EMBEDDED : MOST, share)),
    exporter: EXPORTER,
  };
}
