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

/** All changes in one line of a fixed form, for logs: `harbor-fleet settings result=ok made=1 changed=0 removed=0 failed=0`. */
export function summaryLine(changes: readonly Change[]): string {
  const count = (action: Change['action']): number =>
    changes.filter((change) => change.action === action && change.result === 'done').length;
  const failed = changes.filter(({ result }) => result === 'failed' || result === 'skipped').length;
  const result = failed === 0 ? 'ok' : 'failed';
  return `harbor-fleet settings result=${result} made=${count('create')} changed=${count('update')} removed=${count('remove')} failed=${failed}`;
}
