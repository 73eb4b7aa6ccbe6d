import type { RetentionRulePlan, SettingsPlan, TagSelection } from '../plan/settings.js';
import { listKind } from './project-lists.js';
import { each, type Found, type Kind, type Wanted } from './reconcile.js';
import { idOf, type Session } from './session.js';

interface Selector {
  readonly kind: string;
  readonly decoration: string;
  readonly pattern: string;
  /** JSON in a text. */
  readonly extras?: string;
}

interface HarborRule {
  readonly id?: number;
  readonly disabled?: boolean;
  readonly action?: string;
  readonly template?: string;
  readonly params?: Readonly<Record<string, number>> | null;
  readonly tag_selectors?: readonly Selector[];
  readonly scope_selectors?: Readonly<Record<string, readonly Selector[]>>;
}

const selectors = (rule: TagSelection, extras?: string): Pick<HarborRule, 'tag_selectors' | 'scope_selectors'> => ({
  tag_selectors: [
    { kind: 'doublestar', decoration: rule.tagsExcluded ? 'excludes' : 'matches', pattern: rule.tags, extras },
  ],
  scope_selectors: {
    repository: [
      {
        kind: 'doublestar',
        decoration: rule.repositoriesExcluded ? 'repoExcludes' : 'repoMatches',
        pattern: rule.repositories,
      },
    ],
  },
});

const foundSelection = ({ tag_selectors, scope_selectors }: HarborRule): TagSelection => {
  const tags = tag_selectors?.[0];
  const repositories = scope_selectors?.repository?.[0];
  return {
    repositories: repositories?.pattern ?? '',
    tags: tags?.pattern ?? '',
    repositoriesExcluded: repositories?.decoration === 'repoExcludes',
    tagsExcluded: tags?.decoration === 'excludes',
  };
};

/** A selection as one text: immutability rules have no name, so what they say is what they are called. */
const textOf = (rule: TagSelection): string =>
  `${rule.repositoriesExcluded ? 'all but ' : ''}${rule.repositories}:${rule.tagsExcluded ? 'all but ' : ''}${rule.tags}`;

interface ImmutabilityState {
  readonly enabled: boolean;
}

/** Tags that nobody overwrites or deletes. A rule that changes is another one. */
export const immutability = (plan: SettingsPlan, session: Session): Kind<ImmutabilityState> => {
  const { api } = session;
  const rules = new Map(
    plan.projects.flatMap((project) => (project.immutability ?? []).map((rule) => [textOf(rule), rule] as const)),
  );
  const bodyOf = (name: string): object => {
    const rule = rules.get(name);
    return {
      action: 'immutable',
      template: 'immutable_template',
      disabled: false,
      ...(rule === undefined ? {} : selectors(rule)),
    };
  };
  return listKind<ImmutabilityState, HarborRule>(plan, session, {
    kind: 'immutability rule',
    wanted: (project) =>
      project.immutability && new Map(project.immutability.map((rule) => [textOf(rule), { enabled: true }])),
    path: (project) => `/projects/${project}/immutabletagrules`,
    found: (rule) => [
      textOf(foundSelection(rule)),
      { id: rule.id ?? 0, ours: true, state: { enabled: rule.disabled !== true } },
    ],
    create: (project, name) => api.send('POST', `/projects/${project}/immutabletagrules`, bodyOf(name)),
    update: (project, name, _, { id }) =>
      api.send('PUT', `/projects/${project}/immutabletagrules/${id}`, { id, ...bodyOf(name) }),
    remove: (project, _, { id }) => api.send('DELETE', `/projects/${project}/immutabletagrules/${id}`),
  });
};

interface HarborRetention {
  readonly trigger?: { readonly settings?: { readonly cron?: string } };
  readonly rules?: readonly HarborRule[];
}

interface RetentionState {
  readonly cron: string;
  /** Rules as texts, in alphabetical order: which comes first means nothing to Harbor. */
  readonly rules: readonly string[];
}

/** Which tags are kept; all others go. A project has one such policy. */
export function retention(plan: SettingsPlan, session: Session): Kind<RetentionState> {
  const { api } = session;
  const planned = new Map(
    plan.projects.flatMap(({ name, retention: policy }) => (policy === undefined ? [] : [[name, policy] as const])),
  );
  const bodyOf = (name: string): object => ({
    algorithm: 'or',
    scope: { level: 'project', ref: idOf(session.projects, name) },
    trigger: { kind: 'Schedule', settings: { cron: planned.get(name)?.cron ?? '' } },
    rules: (planned.get(name)?.rules ?? []).map(harborRule),
  });
  return {
    kind: 'retention',
    wanted: new Map(
      [...planned].map(([name, { cron, rules }]): [string, Wanted<RetentionState>] => [
        name,
        { state: { cron, rules: rules.map((rule) => ruleText(harborRule(rule))).sort() }, needs: [`project ${name}`] },
      ]),
    ),
    async read() {
      const there = [...planned.keys()].flatMap((name) => {
        const id = session.retentions.get(name);
        return id === undefined ? [] : [{ name, id }];
      });
      const found = await each(there, async ({ name, id }): Promise<[string, Found<RetentionState>][]> => {
        const policy = await api.get<HarborRetention>(`/retentions/${id}`);
        // The policy of a project that was deleted and made again.
        return policy === undefined ? [] : [[name, { id, ours: false, state: foundRetention(policy) }]];
      });
      return new Map(found.flat());
    },
    async create(name) {
      await api.send('POST', '/retentions', bodyOf(name));
    },
    async update(name, _, { id }) {
      await api.send('PUT', `/retentions/${id}`, { id, ...bodyOf(name) });
    },
  };
}

const harborRule = (rule: RetentionRulePlan): HarborRule => ({
  action: 'retain',
  template: rule.template,
  // The one parameter is called like the template.
  params: rule.count === undefined ? {} : { [rule.template]: rule.count },
  ...selectors(rule, JSON.stringify({ untagged: rule.untagged })),
});

/** A retention policy that Harbor shows, in the form of the plan. */
export const foundRetention = ({ trigger, rules = [] }: HarborRetention): RetentionState => ({
  cron: trigger?.settings?.cron ?? '',
  rules: rules.map(ruleText).sort(),
});

function ruleText(rule: HarborRule): string {
  const extras = rule.tag_selectors?.[0]?.extras ?? '';
  const untagged = /"untagged"\s*:\s*true/.test(extras) ? ' and what has no tag' : '';
  const count = Object.values(rule.params ?? {})[0];
  const selected = textOf(foundSelection(rule));
  return `${rule.disabled === true ? '(off) ' : ''}${rule.template}${count === undefined ? '' : ` ${count}`} of ${selected}${untagged}`;
}
