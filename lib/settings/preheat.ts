import type { PreheatPolicyPlan, SettingsPlan } from '../plan/settings.js';
import { MANAGED } from './managed.js';
import { listKind } from './project-lists.js';
import type { Found, Kind } from './reconcile.js';
import { idOf, isOurs, type Session } from './session.js';

interface HarborInstance {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  readonly vendor: string;
  readonly endpoint: string;
  readonly enabled?: boolean;
  readonly auth_mode?: string;
}

interface InstanceState {
  readonly endpoint: string;
  readonly vendor: string;
  readonly enabled: boolean;
  readonly managed: boolean;
}

/** The Krakens that Harbor may fill. */
export function preheatInstances(plan: SettingsPlan, session: Session): Kind<InstanceState> {
  const { api } = session;
  const bodyOf = (name: string, { endpoint, vendor }: InstanceState): object => ({
    name,
    endpoint,
    vendor,
    description: MANAGED,
    auth_mode: 'NONE',
    enabled: true,
    default: false,
    insecure: true,
  });
  return {
    kind: 'preheat instance',
    wanted: new Map(
      plan.preheatInstances.map(({ name, endpoint }) => [
        name,
        { state: { endpoint, vendor: 'kraken', enabled: true, managed: true } },
      ]),
    ),
    async read() {
      const all = await api.list<HarborInstance>('/p2p/preheat/instances');
      for (const { id, name } of all) session.preheatInstances.set(name, id);
      return new Map(
        all.map(({ id, name, description, vendor, endpoint, enabled = false }): [string, Found<InstanceState>] => {
          const managed = isOurs(description);
          return [name, { id, ours: managed, state: { endpoint, vendor, enabled, managed } }];
        }),
      );
    },
    async create(name, state) {
      await api.send('POST', '/p2p/preheat/instances', bodyOf(name, state));
      // The answer tells the name in place of the id.
      const made = await api.get<HarborInstance>(`/p2p/preheat/instances/${name}`);
      if (made !== undefined) session.preheatInstances.set(name, made.id);
    },
    async update(name, state, { id }) {
      await api.send('PUT', `/p2p/preheat/instances/${name}`, { id, ...bodyOf(name, state) });
    },
    async remove(name) {
      await api.send('DELETE', `/p2p/preheat/instances/${name}`);
    },
  };
}

interface HarborPolicy {
  readonly id: number;
  readonly name: string;
  readonly description?: string;
  readonly enabled?: boolean;
  readonly provider_name?: string;
  /** JSON in a text. */
  readonly filters?: string;
  /** JSON in a text. */
  readonly trigger?: string;
}

interface PolicyState {
  readonly instance: string;
  readonly repositories: string;
  readonly tags: string;
  readonly trigger: string;
  readonly enabled: boolean;
  readonly managed: boolean;
}

const EACH_PUSH = 'event_based';

/** What Harbor fills Kraken with. */
export const preheatPolicies = (plan: SettingsPlan, session: Session): Kind<PolicyState> => {
  const { api } = session;
  const bodyOf = (project: string, name: string, state: PolicyState): object => ({
    name,
    description: MANAGED,
    enabled: true,
    project_id: idOf(session.projects, project),
    provider_id: idOf(session.preheatInstances, state.instance),
    filters: JSON.stringify([
      { type: 'repository', value: state.repositories },
      { type: 'tag', value: state.tags },
    ]),
    trigger: JSON.stringify(
      state.trigger === EACH_PUSH
        ? { type: EACH_PUSH }
        : { type: 'scheduled', trigger_setting: { cron: state.trigger } },
    ),
    extra_attrs: '{}',
  });
  return listKind<PolicyState, HarborPolicy>(plan, session, {
    kind: 'preheat policy',
    wanted: ({ preheat }) => preheat && new Map(preheat.map((policy) => [policy.name, policyState(policy)])),
    needs: (_, { instance }) => [`preheat instance ${instance}`],
    path: (project) => `/projects/${project}/preheat/policies`,
    found: (policy) => [policy.name, foundPolicy(policy)],
    create: (project, name, state) =>
      api.send('POST', `/projects/${project}/preheat/policies`, bodyOf(project, name, state)),
    update: (project, name, state, { id }) =>
      api.send('PUT', `/projects/${project}/preheat/policies/${name}`, { id, ...bodyOf(project, name, state) }),
    remove: (project, name) => api.send('DELETE', `/projects/${project}/preheat/policies/${name}`),
  });
};

const policyState = ({ instance, repositories, tags, cron }: PreheatPolicyPlan): PolicyState => ({
  instance,
  repositories,
  tags,
  trigger: cron ?? EACH_PUSH,
  enabled: true,
  managed: true,
});

function foundPolicy(policy: HarborPolicy): Found<PolicyState> {
  const filters = JSON.parse(policy.filters || '[]') as readonly { readonly type: string; readonly value: string }[];
  const trigger = JSON.parse(policy.trigger || '{}') as { type?: string; trigger_setting?: { cron?: string } };
  const patternOf = (type: string): string => filters.find((filter) => filter.type === type)?.value ?? '**';
  // A filter that the plan has no word for must not pass as equal.
  const known = filters.every(({ type }) => type === 'repository' || type === 'tag');
  return {
    id: policy.id,
    ours: isOurs(policy.description),
    state: {
      instance: policy.provider_name ?? '',
      repositories: known ? patternOf('repository') : JSON.stringify(filters),
      tags: patternOf('tag'),
      trigger: trigger.type === 'scheduled' ? (trigger.trigger_setting?.cron ?? '') : (trigger.type ?? 'manual'),
      enabled: policy.enabled ?? false,
      managed: isOurs(policy.description),
    },
  };
}
