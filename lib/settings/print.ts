import type { RunResult } from './metrics.js';
import type { Change } from './reconcile.js';

const WORDS = {
  create: ['makes', 'made', 'make'],
  update: ['changes', 'changed', 'change'],
  remove: ['removes', 'removed', 'remove'],
  read: ['reads', 'read', 'read'],
} as const;

/** A change in one line: what, and what became of it. */
export function changeLine({ kind, name, action, fields, result, error }: Change): string {
  const [planned, done, never] = WORDS[action];
  const what = `${kind} ${name}`;
  if (result === 'failed' || result === 'skipped') {
    return `could not ${never} ${what}: ${error}`;
  }
  const details = action === 'update' ? fields.map(({ field, from, to }) => `${field} ${from} → ${to}`).join(', ') : '';
  return `${result === 'planned' ? planned : done} ${what}${details === '' ? '' : `: ${details}`}`;
}

/** What a run came to. */
export function resultOf(changes: readonly Change[]): RunResult {
  const count = (action: Change['action']): number =>
    changes.filter((change) => change.action === action && change.result === 'done').length;
  const failed = changes.filter(({ result }) => result === 'failed' || result === 'skipped').length;
  return { made: count('create'), changed: count('update'), removed: count('remove'), failed };
}

/** A result in one line of a fixed form, for logs: `harbor-fleet settings result=ok made=1 changed=0 removed=0 failed=0`. */
export const summaryLine = ({ made, changed, removed, failed }: RunResult): string =>
  `harbor-fleet settings result=${failed === 0 ? 'ok' : 'failed'} made=${made} changed=${changed} removed=${removed} failed=${failed}`;
