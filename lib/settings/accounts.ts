import type { RobotPlan, SettingsPlan } from '../plan/settings.js';
import { MANAGED } from './managed.js';
import { each, type Found, type Kind } from './reconcile.js';
import { isOurs, type Session } from './session.js';

/** Harbor takes 30 characters. */
const COMMENT = 'Made by harbor-fleet';

interface UserState {
  readonly admin: boolean;
}

/** Users of Harbor's own database. Their passwords are set once: whoever has one changes it. */
export function users(plan: SettingsPlan, session: Session): Kind<UserState> {
  const { api } = session;
  const planned = new Map(plan.users.map((user) => [user.name, user]));
  return {
    kind: 'user',
    wanted: new Map(plan.users.map(({ name, admin }) => [name, { state: { admin } }])),
    async read() {
      if (planned.size === 0) return new Map();
      const all = await api.list<{ user_id: number; username: string; sysadmin_flag?: boolean }>('/users');
      return new Map(
        all.map(({ user_id, username, sysadmin_flag = false }): [string, Found<UserState>] => [
          username,
          { id: user_id, ours: false, state: { admin: sysadmin_flag } },
        ]),
      );
    },
    async create(name, { admin }) {
      const user = planned.get(name);
      if (user === undefined) return;
      const body = {
        username: name,
        email: user.email,
        realname: name,
        comment: COMMENT,
        password: session.secret(user.password),
      };
      const id = await api.send('POST', '/users', body);
      if (admin) await api.send('PUT', `/users/${id}/sysadmin`, { sysadmin_flag: true });
    },
    async update(_, { admin }, { id }) {
      await api.send('PUT', `/users/${id}/sysadmin`, { sysadmin_flag: admin });
    },
  };
}

interface GroupState {
  readonly type: number;
  readonly ldapDn: string | undefined;
}

/** Groups that are known elsewhere. They are never removed: members may be made of them by hand. */
export function groups(plan: SettingsPlan, { api }: Session): Kind<GroupState> {
  return {
    kind: 'group',
    wanted: new Map(plan.groups.map(({ name, type, ldapDn }) => [name, { state: { type, ldapDn } }])),
    async read() {
      if (plan.groups.length === 0) return new Map();
      const all = await api.list<{ id: number; group_name: string; group_type: number; ldap_group_dn?: string }>(
        '/usergroups',
      );
      return new Map(
        all.map(({ id, group_name, group_type, ldap_group_dn }): [string, Found<GroupState>] => [
          group_name,
          { id, ours: false, state: { type: group_type, ldapDn: ldap_group_dn } },
        ]),
      );
    },
    async create(name, { type, ldapDn }) {
      await api.send('POST', '/usergroups', { group_name: name, group_type: type, ldap_group_dn: ldapDn });
    },
    async update(name, { type, ldapDn }, { id }) {
      await api.send('PUT', `/usergroups/${id}`, { group_name: name, group_type: type, ldap_group_dn: ldapDn });
    },
  };
}

interface HarborRobot {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  readonly level: string;
  readonly disable?: boolean;
  readonly duration: number;
  readonly permissions?: readonly {
    readonly kind: string;
    readonly namespace: string;
    readonly access?: readonly { readonly resource: string; readonly action: string; readonly effect?: string }[];
  }[];
}

interface RobotState {
  readonly enabled: boolean;
  readonly expires: boolean;
  /** `project: resource action` in alphabetical order: Harbor keeps no order. */
  readonly permissions: readonly string[];
  readonly managed: boolean;
  readonly password: string;
}

const PLANNED = 'as planned';
const OTHER = 'another';

/** Robot accounts, each with the password that was chosen for it. Whether it still has it, Harbor is asked by logging in. */
export function robots(plan: SettingsPlan, session: Session): Kind<RobotState> {
  const { api } = session;
  const planned = new Map(plan.robots.map((robot) => [robot.name, robot]));
  const bodyOf = (name: string, more: object): object => {
    const { permissions = [], system = [] } = planned.get(name) ?? {};
    return {
      name,
      level: 'system',
      description: MANAGED,
      disable: false,
      duration: -1,
      permissions: [
        ...permissions.map(({ project, access }) => ({ kind: 'project', namespace: project, access })),
        ...(system.length === 0 ? [] : [{ kind: 'system', namespace: '/', access: system }]),
      ],
      ...more,
    };
  };
  const setPassword = async (name: string, id: number): Promise<void> => {
    const robot = planned.get(name);
    // Harbor takes no password when it makes a robot, it makes one up.
    if (robot !== undefined) await api.send('PATCH', `/robots/${id}`, { secret: session.secret(robot.password) });
  };
  return {
    kind: 'robot',
    wanted: new Map(
      plan.robots.map((robot) => [
        robot.name,
        { state: stateOf(robot), needs: robot.permissions.map(({ project }) => `project ${project}`) },
      ]),
    ),
    async read() {
      const all = await api.list<HarborRobot>('/robots?q=Level%3Dsystem');
      const found = await each(all, async (robot): Promise<[string, Found<RobotState>]> => {
        const name = robot.name.slice(session.robotPrefix.length);
        const wanted = planned.get(name);
        const known = wanted !== undefined && (await hasPassword(robot, wanted, session));
        const state = foundRobot(robot, known ? PLANNED : OTHER);
        return [name, { id: robot.id, ours: state.managed, state }];
      });
      return new Map(found);
    },
    async create(name) {
      const robot = planned.get(name);
      // A robot whose password nobody has would be of no use, and could not be told from one that works.
      if (robot !== undefined) session.secret(robot.password);
      await setPassword(name, await api.send('POST', '/robots', bodyOf(name, {})));
    },
    async update(name, _, { id }, fields) {
      if (fields.some(({ field }) => field !== 'password')) {
        const full = `${session.robotPrefix}${name}`;
        await api.send('PUT', `/robots/${id}`, bodyOf(name, { id, name: full }));
      }
      if (fields.some(({ field }) => field === 'password')) await setPassword(name, id);
    },
    async remove(_, { id }) {
      await api.send('DELETE', `/robots/${id}`);
    },
  };
}

async function hasPassword(robot: HarborRobot, { password }: RobotPlan, session: Session): Promise<boolean> {
  // One that is disabled or has ended is let in with no password at all.
  if (robot.disable === true) return true;
  return session.api.logsIn(robot.name, session.secret(password));
}

const stateOf = ({ permissions, system = [] }: RobotPlan): RobotState => ({
  enabled: true,
  expires: false,
  permissions: [
    ...permissions.flatMap(({ project, access }) =>
      access.map(({ resource, action }) => `${project}: ${resource} ${action}`),
    ),
    ...system.map(({ resource, action }) => `system /: ${resource} ${action}`),
  ].sort(),
  managed: true,
  password: PLANNED,
});

/** A robot that Harbor shows, in the form of the plan. */
export const foundRobot = (robot: HarborRobot, password: string): RobotState => ({
  enabled: robot.disable !== true,
  expires: robot.duration !== -1,
  permissions: (robot.permissions ?? [])
    .flatMap(({ kind, namespace, access = [] }) =>
      access.map(({ resource, action, effect }) => {
        const what = `${namespace}: ${resource} ${action}${effect === 'deny' ? ' (denied)' : ''}`;
        return kind === 'project' ? what : `${kind} ${what}`;
      }),
    )
    .sort(),
  managed: isOurs(robot.description),
  password,
});
