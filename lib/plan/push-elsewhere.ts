import { isPushedIn, type ProjectPlan } from './projects.js';
import type { ProjectSettingsPlan } from './settings.js';

/**
 * Projects that are pushed in other regions only, each with the name of its home: a push that the one name leads here would be
 * overwritten by the next copy from there, or never leave.
 */
export const pushElsewhere = (
  projects: readonly ProjectPlan[],
  region: string,
  domain: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    projects
      .filter((project) => !isPushedIn(project, region))
      .map(({ name, home }) => [name, `${home}.${domain}`] as const),
  );

/** Roles that may push: project admin, developer, maintainer. */
const PUSHERS: readonly number[] = [1, 2, 4];
const GUEST = 3;

/** Settings of a project where nobody pushes it: members who may push elsewhere are guests here. */
export const withGuests = (settings: ProjectSettingsPlan): ProjectSettingsPlan => ({
  ...settings,
  members: settings.members?.map((member) => (PUSHERS.includes(member.role) ? { ...member, role: GUEST } : member)),
});
