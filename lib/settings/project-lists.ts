import type { MemberPlan, ProjectSettingsPlan, SettingsPlan } from '../plan/settings.js';
import { MANAGED } from './managed.js';
import { each, type Found, type Kind, type Wanted } from './reconcile.js';
import { idOf, isOurs, type Session } from './session.js';

/** What a project holds several of. */
export interface ListOf<T extends object, Raw> {
  readonly kind: string;
  readonly hidden?: readonly string[];
  /** What one project shall have, by name; nothing when its list is none of our business. */
  readonly wanted: (project: ProjectSettingsPlan) => ReadonlyMap<string, T> | undefined;
  /** More that must be there before, besides the project. */
  readonly needs?: (name: string, state: T) => readonly string[];
  readonly path: (project: string) => string;
  readonly found: (raw: Raw) => readonly [name: string, found: Found<T>];
  readonly create: (project: string, name: string, state: T) => Promise<unknown>;
  readonly update: (project: string, name: string, state: T, found: Found<T>) => Promise<unknown>;
  readonly remove: (project: string, name: string, found: Found<T>) => Promise<unknown>;
}

/** Lists of all projects as one kind, whose names are `project/name`. Projects without such a list are not asked. */
export function listKind<T extends object, Raw>(plan: SettingsPlan, session: Session, list: ListOf<T, Raw>): Kind<T> {
  const lists = plan.projects.flatMap((project) => {
    const wanted = list.wanted(project);
    return wanted === undefined ? [] : [{ project: project.name, wanted }];
  });
  const split = (name: string): readonly [string, string] => {
    const at = name.indexOf('/');
    return [name.slice(0, at), name.slice(at + 1)];
  };
  return {
    kind: list.kind,
    hidden: list.hidden,
    wanted: new Map(
      lists.flatMap(({ project, wanted }) =>
        [...wanted].map(([name, state]): [string, Wanted<T>] => [
          `${project}/${name}`,
          { state, needs: [`project ${project}`, ...(list.needs?.(name, state) ?? [])] },
        ]),
      ),
    ),
    async read() {
      // A project that is not made yet, as in a dry run, has nothing.
      const there = lists.filter(({ project }) => session.projects.has(project));
      const found = await each(there, async ({ project }) => {
        const items = await session.api.list<Raw>(list.path(project));
        return items.map(list.found).map(([name, item]): [string, Found<T>] => [`${project}/${name}`, item]);
      });
      return new Map(found.flat());
    },
    async create(name, state) {
      await list.create(...split(name), state);
    },
    async update(name, state, found) {
      await list.update(...split(name), state, found);
    },
    async remove(name, found) {
      await list.remove(...split(name), found);
    },
  };
}

interface HarborMember {
  readonly id: number;
  readonly entity_name: string;
  readonly entity_type: 'u' | 'g';
  readonly role_id: number;
}

interface MemberState {
  readonly role: number;
}

/** Who may do what in a project. The account that this runs as made the project, and stays its administrator. */
export const members = (plan: SettingsPlan, session: Session, self: string): Kind<MemberState> => {
  const { api } = session;
  const groupTypes = new Map(plan.groups.map(({ name, type, ldapDn }) => [name, { type, ldapDn }]));
  const nameOf = ({ kind, name }: Pick<MemberPlan, 'kind' | 'name'>): string => `${kind} ${name}`;
  const entityOf = (member: string): object => {
    if (member.startsWith('user ')) return { member_user: { username: member.slice(5) } };
    const name = member.slice(6);
    const { type, ldapDn } = groupTypes.get(name) ?? {};
    return { member_group: { group_name: name, group_type: type, ldap_group_dn: ldapDn } };
  };
  return listKind<MemberState, HarborMember>(plan, session, {
    kind: 'member',
    wanted: (project) =>
      project.members && new Map(project.members.map((member) => [nameOf(member), { role: member.role }])),
    // A user of LDAP or OIDC is none of those who are made here, and nothing that could have failed.
    needs: (member) => [member],
    path: (project) => `/projects/${project}/members`,
    found: ({ id, entity_name: name, entity_type, role_id }) => [
      nameOf({ kind: entity_type === 'g' ? 'group' : 'user', name }),
      { id, ours: !(entity_type === 'u' && name === self), state: { role: role_id } },
    ],
    create: (project, member, { role }) =>
      api.send('POST', `/projects/${project}/members`, { role_id: role, ...entityOf(member) }),
    update: (project, _, { role }, { id }) => api.send('PUT', `/projects/${project}/members/${id}`, { role_id: role }),
    remove: (project, _, { id }) => api.send('DELETE', `/projects/${project}/members/${id}`),
  });
};

interface WebhookState {
  readonly type: string;
  readonly address: string;
  readonly events: readonly string[];
  readonly format: string;
  readonly insecure: boolean;
  readonly authorization: string;
  readonly enabled: boolean;
  readonly managed: boolean;
}

interface HarborWebhook {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly event_types?: readonly string[];
  readonly targets?: readonly {
    readonly type: string;
    readonly address: string;
    readonly auth_header?: string;
    readonly skip_cert_verify?: boolean;
    readonly payload_format?: string;
  }[];
}

/** Who is told of what happens in a project. */
export const webhooks = (plan: SettingsPlan, session: Session): Kind<WebhookState> => {
  const { api } = session;
  const refs = new Map(
    plan.projects.flatMap((project) =>
      (project.webhooks ?? []).map(({ name, authorization }) => [`${project.name}/${name}`, authorization] as const),
    ),
  );
  const bodyOf = (project: string, name: string, state: WebhookState): object => {
    const ref = refs.get(`${project}/${name}`);
    return {
      name,
      description: MANAGED,
      enabled: true,
      event_types: state.events,
      targets: [
        {
          type: state.type,
          address: state.address,
          auth_header: ref === undefined ? '' : session.secret(ref),
          skip_cert_verify: state.insecure,
          payload_format: state.format,
        },
      ],
    };
  };
  return listKind<WebhookState, HarborWebhook>(plan, session, {
    kind: 'webhook',
    hidden: ['authorization'],
    wanted: ({ webhooks: list }) =>
      list &&
      new Map(
        list.map(({ name, type, address, events, format, insecure, authorization }) => [
          name,
          {
            type,
            address,
            events: [...events].sort(),
            format,
            insecure,
            authorization: session.fingerprint(authorization) ?? '',
            enabled: true,
            managed: true,
          },
        ]),
      ),
    path: (project) => `/projects/${project}/webhook/policies`,
    found: ({ id, name, description, enabled, event_types, targets }) => {
      const { type = '', address = '', auth_header = '', skip_cert_verify, payload_format } = targets?.[0] ?? {};
      const state = {
        type,
        address,
        events: [...(event_types ?? [])].sort(),
        format: payload_format ?? 'Default',
        insecure: skip_cert_verify ?? false,
        authorization: auth_header === '' ? '' : api.fingerprint(api.hide(auth_header)),
        enabled: enabled ?? false,
        managed: isOurs(description),
      };
      return [name, { id, ours: state.managed, state }];
    },
    create: (project, name, state) =>
      api.send('POST', `/projects/${project}/webhook/policies`, bodyOf(project, name, state)),
    update: (project, name, state, { id }) =>
      api.send('PUT', `/projects/${project}/webhook/policies/${id}`, { id, ...bodyOf(project, name, state) }),
    remove: (project, _, { id }) => api.send('DELETE', `/projects/${project}/webhook/policies/${id}`),
  });
};

interface LabelState {
  readonly color: string;
  readonly managed: boolean;
}

interface HarborLabel {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  readonly color?: string;
}

const foundLabel = ({ id, name, description, color = '' }: HarborLabel): readonly [string, Found<LabelState>] => [
  name,
  { id, ours: isOurs(description), state: { color, managed: isOurs(description) } },
];

/** Labels of projects. */
export const projectLabels = (plan: SettingsPlan, session: Session): Kind<LabelState> => {
  const { api } = session;
  const bodyOf = (project: string, name: string, color: string): object => ({
    name,
    color,
    description: MANAGED,
    scope: 'p',
    project_id: idOf(session.projects, project),
  });
  return listKind<LabelState, HarborLabel>(plan, session, {
    kind: 'project label',
    wanted: ({ labels }) => labels && new Map(labels.map(({ name, color }) => [name, { color, managed: true }])),
    path: (project) => `/labels?scope=p&project_id=${idOf(session.projects, project)}`,
    found: foundLabel,
    create: (project, name, { color }) => api.send('POST', '/labels', bodyOf(project, name, color)),
    update: (project, name, { color }, { id }) => api.send('PUT', `/labels/${id}`, bodyOf(project, name, color)),
    remove: (_, __, { id }) => api.send('DELETE', `/labels/${id}`),
  });
};

/** Labels that every project may use. */
export const globalLabels = (plan: SettingsPlan, { api }: Session): Kind<LabelState> => {
  const bodyOf = (name: string, color: string): object => ({ name, color, description: MANAGED, scope: 'g' });
  return {
    kind: 'label',
    wanted: new Map(plan.labels.map(({ name, color }) => [name, { state: { color, managed: true } }])),
    async read() {
      return new Map((await api.list<HarborLabel>('/labels?scope=g')).map(foundLabel));
    },
    async create(name, { color }) {
      await api.send('POST', '/labels', bodyOf(name, color));
    },
    async update(name, { color }, { id }) {
      await api.send('PUT', `/labels/${id}`, bodyOf(name, color));
    },
    async remove(_, { id }) {
      await api.send('DELETE', `/labels/${id}`);
    },
  };
};
