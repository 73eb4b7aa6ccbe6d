import type { SettingsPlan } from '../plan/settings.js';
import { groups, robots, users } from './accounts.js';
import { type Api, ApiError } from './api.js';
import { preheatInstances, preheatPolicies } from './preheat.js';
import { globalLabels, members, projectLabels, webhooks } from './project-lists.js';
import { projects, quotas } from './projects.js';
import { type Change, type Kind, type ReconcileOptions, reconcile } from './reconcile.js';
import { registries, replications } from './registries.js';
import { immutability, retention } from './rules.js';
import { type SecretReader, Session } from './session.js';
import { configuration, schedules, systemAllowlist } from './system.js';

/** Every kind, each after those that it needs. */
const kindsOf = (plan: SettingsPlan, session: Session, self: string): readonly Kind<object>[] => [
  configuration(plan, session),
  systemAllowlist(plan, session),
  schedules(plan, session),
  globalLabels(plan, session),
  users(plan, session),
  groups(plan, session),
  registries(plan, session),
  projects(plan, session),
  quotas(plan, session),
  members(plan, session, self),
  projectLabels(plan, session),
  immutability(plan, session),
  retention(plan, session),
  webhooks(plan, session),
  robots(plan, session),
  replications(plan, session),
  preheatInstances(plan, session),
  preheatPolicies(plan, session),
];

/**
 * Makes a Harbor as its settings say; a dry run only tells what is different.
 *
 * @param secrets values of the Secrets that the settings name
 * @returns every difference, with what became of it; none when Harbor is as it shall be
 * @throws ApiError when Harbor is not there, or does not let us in as an administrator
 */
export async function applySettings(
  plan: SettingsPlan,
  api: Api,
  secrets: SecretReader,
  options: ReconcileOptions,
): Promise<readonly Change[]> {
  const self = await api.get<{ username?: string; sysadmin_flag?: boolean }>('/users/current');
  if (self?.sysadmin_flag !== true) {
    throw new ApiError(`${self?.username ?? 'the account'} is not an administrator of this Harbor`, 403);
  }
  return reconcile(kindsOf(plan, new Session(api, secrets), self.username ?? ''), options);
}

/** Changes that were not brought about. */
export const failuresOf = (changes: readonly Change[]): readonly Change[] =>
  changes.filter(({ result }) => result === 'failed' || result === 'skipped');
