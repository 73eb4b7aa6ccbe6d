import { readCron, spreadOf } from './cron.js';
import { OBJECT_NAME } from './names.js';
import { bitsPerSecond } from './quantities.js';
import type { Reader, TextRule } from './reader.js';
import type { SecretPlan } from './secrets.js';
import type {
  MemberPlan,
  PreheatPolicyPlan,
  ProjectSettingsPlan,
  RetentionRulePlan,
  TagSelection,
  WebhookPlan,
} from './settings.js';
import type { ProjectRole } from './settings-props.js';
import { checkName, ownSecret, readCveAllowlist, readLabels, readQuota } from './system-settings.js';

/** Every setting of what a project is like inside Harbor. */
export const PROJECT_DETAILS = [
  'quota',
  'members',
  'scanOnPush',
  'sbomOnPush',
  'blockSeverity',
  'requireSignature',
  'cveAllowlist',
  'retention',
  'immutability',
  'webhooks',
  'labels',
  'proxyCache',
  'preheat',
  'replication',
] as const;

const ROLES: Readonly<Record<ProjectRole, number>> = {
  projectAdmin: 1,
  developer: 2,
  guest: 3,
  maintainer: 4,
  limitedGuest: 5,
};

/** What a Harbor's projects may name. */
export interface ProjectContext {
  readonly namespace: string;
  /** Names of the groups that are planned. */
  readonly groups: readonly string[];
  /** Whether a scanner runs. */
  readonly scanner: boolean;
  /** Its region; nothing of a Harbor that stands alone. */
  readonly region?: string;
  /** The Kraken that this Harbor feeds, as a preheat instance; nothing without one, `unknown` where none can be known. */
  readonly preheat?: 'kraken' | 'unknown';
}

/** A project inside one Harbor, with the user's own Secrets that it needs. */
export interface ReadProjectSettings {
  readonly plan: ProjectSettingsPlan;
  readonly secrets: readonly SecretPlan[];
}

/** Reads what a project is like inside one Harbor and records every mistake. */
export function readProjectSettings(
  name: string,
  isPublic: boolean,
  project: Reader,
  context: ProjectContext,
): ReadProjectSettings {
  const webhooks = readWebhooks(project, context.namespace);
  const proxy = project.child('proxyCache').only('registry', 'bandwidth', 'keepDeleted');
  const proxyOf = project.has('proxyCache') ? proxy.requiredText('registry') : undefined;
  const bandwidth = readSpeed(proxy, 'bandwidth');
  const keepDeleted = proxy.flag('keepDeleted');
  const allowlist = readCveAllowlist(project, 'cveAllowlist');
  const plan: ProjectSettingsPlan = {
    name,
    metadata: texts({
      public: isPublic,
      ...readGates(project, context),
      reuse_sys_cve_allowlist: allowlist === undefined ? undefined : false,
      proxy_speed_kb: bandwidth,
      proxy_cache_local_on_not_found: keepDeleted,
    }),
    quota: readQuota(project, 'quota'),
    proxyOf,
    cveAllowlist: allowlist,
    members: readMembers(project, context.groups),
    retention: readRetention(project, name),
    immutability: project.has('immutability') ? readImmutability(project) : undefined,
    webhooks: webhooks?.map(({ plan: webhook }) => webhook),
    labels: readLabels(project, 'labels'),
    preheat: readPreheat(project, context.preheat),
  };
  return { plan, secrets: (webhooks ?? []).flatMap(({ secret }) => secret ?? []) };
}

/** Harbor keeps numbers and switches as texts. */
const texts = (values: Readonly<Record<string, string | number | boolean | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const])),
  );

/** Kilobits a second, as Harbor counts them: 1024 bits. Nothing for no limit. */
export function readSpeed(reader: Reader, key: string): number | undefined {
  const bandwidth = reader.quantity(key, bitsPerSecond, 'a rate of at least "1Mbit/s", such as "100Mbit/s"', 1e6);
  return bandwidth === undefined ? undefined : Math.floor(bitsPerSecond(bandwidth) / 1024);
}

function readGates(project: Reader, { scanner, region }: ProjectContext) {
  const here = region === undefined ? '' : ` in ${region}`;
  const severity = project.choice('blockSeverity', ['low', 'medium', 'high', 'critical', 'none'] as const);
  const signatures = project.texts('requireSignature');
  for (const [i, kind] of (signatures ?? []).entries()) {
    if (kind === 'cosign' || kind === 'notation') continue;
    const allowed = 'cosign and notation';
    project.issues.error(
      `${project.at('requireSignature')}[${i}]`,
      'is no signature that Harbor knows',
      kind,
      allowed,
      'remove it',
    );
  }
  const scanOnPush = project.flag('scanOnPush');
  const sbomOnPush = project.flag('sbomOnPush');
  for (const [key, on] of [
    ['scanOnPush', scanOnPush],
    ['sbomOnPush', sbomOnPush],
    ['blockSeverity', severity !== undefined && severity !== 'none'],
  ] as const) {
    if (on !== true || scanner) continue;
    project.issues.error(
      project.at(key),
      `needs a scanner, and none runs${here}: nothing would be scanned, and nothing unscanned could be pulled`,
      project.raw(key),
      'only Harbors with trivy.enabled',
      `switch trivy on${here}, or remove it`,
    );
  }
  return {
    auto_scan: scanOnPush,
    auto_sbom_generation: sbomOnPush,
    prevent_vul: severity === undefined ? undefined : severity !== 'none',
    severity: severity === 'none' ? undefined : severity,
    enable_content_trust_cosign: signatures?.includes('cosign'),
    enable_content_trust: signatures?.includes('notation'),
  };
}

function readMembers(project: Reader, groups: readonly string[]): readonly MemberPlan[] | undefined {
  if (!project.has('members')) return undefined;
  const members = project.child('members').only('users', 'groups');
  const roles = Object.keys(ROLES) as ProjectRole[];
  return (['user', 'group'] as const).flatMap((kind) => {
    const map = members.child(`${kind}s`);
    return members.names(`${kind}s`).flatMap((name): MemberPlan[] => {
      if (kind === 'group' && !groups.includes(name)) {
        map.issues.error(
          map.at(name),
          'is not among the groups of the topology: Harbor must be told of which kind it is',
          name,
          groups.join(', ') || 'none so far',
          `add "${name}" below "groups"`,
        );
      }
      const role = map.choice(name, roles);
      return role === undefined ? [] : [{ kind, name, role: ROLES[role] }];
    });
  });
}

const PATTERN: TextRule = { pattern: /^\S+$/, allowed: 'a pattern without spaces, such as v* or {app,web}/**' };

function readSelection(rule: Reader): TagSelection {
  const one = (key: string, except: string): readonly [string, boolean] => {
    const [pattern, excluded] = [rule.text(key, PATTERN), rule.text(except, PATTERN)];
    if (pattern !== undefined && excluded !== undefined) {
      rule.issues.error(
        rule.at(except),
        `says the opposite of ${key}`,
        excluded,
        `${key} or ${except}`,
        'remove one of them',
      );
    }
    return excluded === undefined ? [pattern ?? '**', false] : [excluded, true];
  };
  const [repositories, repositoriesExcluded] = one('repositories', 'exceptRepositories');
  const [tags, tagsExcluded] = one('tags', 'exceptTags');
  return { repositories, tags, repositoriesExcluded, tagsExcluded };
}

const SELECTION = ['repositories', 'exceptRepositories', 'tags', 'exceptTags'] as const;

function readImmutability(project: Reader): readonly TagSelection[] {
  const rules = project.items('immutability').map((rule) => readSelection(rule.only(...SELECTION)));
  for (const [i, rule] of rules.entries()) {
    if (rules.findIndex((other) => JSON.stringify(other) === JSON.stringify(rule)) === i) continue;
    project.issues.error(
      `${project.at('immutability')}[${i}]`,
      'is there twice',
      rule.tags,
      'each rule once',
      'remove it',
    );
  }
  return rules;
}

/** Harbor's template by the setting that stands for it. */
const TEMPLATES = {
  latestPushed: 'latestPushedK',
  latestPulled: 'latestPulledN',
  pushedWithinDays: 'nDaysSinceLastPush',
  pulledWithinDays: 'nDaysSinceLastPull',
} as const;

function readRetention(project: Reader, name: string): ProjectSettingsPlan['retention'] {
  if (!project.has('retention')) return undefined;
  const retention = project.child('retention').only('schedule', 'rules');
  const items = retention.items('rules');
  const rules = items.flatMap((rule) => readRetentionRule(rule));
  if (!retention.has('rules')) retention.missing('rules', 'a list of rules');
  // Harbor's own limit (goharbor/harbor, retention controller: 15 rules).
  else if (Array.isArray(retention.raw('rules')) && (items.length === 0 || items.length > 15)) {
    const [problem, fix] =
      items.length === 0
        ? (['is empty: nothing would be kept', 'remove retention, or say what is kept'] as const)
        : (['has more rules than Harbor takes', 'put some of them together with {a,b}'] as const);
    retention.issues.error(retention.at('rules'), problem, items.length, '1 to 15 rules', fix);
  }
  // Daily, at an hour of its own.
  const { minute, hour } = spreadOf(name);
  return { cron: readCron(retention, 'schedule') ?? `0 ${minute} ${hour} * * *`, rules };
}

function readRetentionRule(rule: Reader): readonly RetentionRulePlan[] {
  const kinds = Object.keys(TEMPLATES) as (keyof typeof TEMPLATES)[];
  rule.only(...SELECTION, ...kinds, 'always', 'untagged');
  const given = [...kinds, 'always'].filter((key) => rule.has(key));
  if (given.length !== 1) {
    const allowed = `one of ${[...kinds, 'always'].join(', ')}`;
    rule.issues.error(
      rule.path,
      given.length === 0 ? 'says not what is kept' : 'says more than one thing',
      given,
      allowed,
      `keep ${allowed}`,
    );
    return [];
  }
  const base = { ...readSelection(rule), untagged: rule.flag('untagged') ?? false };
  const kind = kinds.find((key) => rule.has(key));
  if (kind !== undefined) return [{ ...base, template: TEMPLATES[kind], count: rule.count(kind, 1, 1_000_000) ?? 1 }];
  rule.flag('always');
  return [{ ...base, template: 'always' }];
}

const WEBHOOK_EVENTS = [
  'PUSH_ARTIFACT',
  'PULL_ARTIFACT',
  'DELETE_ARTIFACT',
  'QUOTA_EXCEED',
  'QUOTA_WARNING',
  'SCANNING_FAILED',
  'SCANNING_STOPPED',
  'SCANNING_COMPLETED',
  'REPLICATION',
  'TAG_RETENTION',
] as const;

const POLICY_NAME: TextRule = {
  pattern: /^[a-zA-Z0-9]+([._-][a-zA-Z0-9]+)*$/,
  allowed: 'letters and digits with single ".", "_" or "-" between them, at most 100 characters',
  maxLength: 100,
};
const HTTP_URL: TextRule = { pattern: /^https?:\/\/[^\s@]+$/, allowed: 'a URL of http or https without credentials' };

function readWebhooks(
  project: Reader,
  namespace: string,
): readonly { readonly plan: WebhookPlan; readonly secret?: SecretPlan }[] | undefined {
  if (!project.has('webhooks')) return undefined;
  return project.entries('webhooks').map(([name, webhook]) => {
    webhook.only('address', 'events', 'type', 'format', 'authorizationSecret', 'insecure');
    checkName(name, POLICY_NAME, webhook);
    const events = webhook.texts('events') ?? [];
    if (events.length === 0) webhook.missing('events', WEBHOOK_EVENTS.join(', '));
    for (const [i, event] of events.entries()) {
      if (WEBHOOK_EVENTS.some((known) => known === event)) continue;
      webhook.issues.error(
        `${webhook.at('events')}[${i}]`,
        'is no event of Harbor',
        event,
        WEBHOOK_EVENTS.join(', '),
        'write one of them',
      );
    }
    const secret = webhook.text('authorizationSecret', OBJECT_NAME);
    const authorization = secret === undefined ? undefined : { namespace, secret, key: 'authorization' };
    const type = webhook.choice('type', ['http', 'slack'] as const) ?? 'http';
    return {
      plan: {
        name,
        type,
        address: webhook.requiredText('address', HTTP_URL),
        events: [...events].sort(),
        format: webhook.choice('format', ['Default', 'CloudEvents'] as const) ?? 'Default',
        insecure: webhook.flag('insecure') ?? false,
        authorization,
      },
      secret: authorization && ownSecret(authorization),
    };
  });
}

function readPreheat(project: Reader, instance: ProjectContext['preheat']): readonly PreheatPolicyPlan[] | undefined {
  if (!project.has('preheat')) return undefined;
  const policies = project.entries('preheat').map(([name, policy]) => {
    policy.only('repositories', 'tags', 'schedule');
    checkName(name, POLICY_NAME, policy);
    return {
      name,
      repositories: policy.text('repositories', PATTERN) ?? '**',
      tags: policy.text('tags', PATTERN) ?? '**',
      cron: readCron(policy, 'schedule'),
    };
  });
  if (instance === 'unknown') {
    const allowed = 'a Harbor that is the own one of a region, with its Kraken';
    project.issues.error(project.at('preheat'), 'has no Kraken to fill', policies.length, allowed, 'remove it');
  }
  // Another region may have a Kraken: the policies are for that one.
  return instance === 'kraken' ? policies.map((policy) => ({ ...policy, instance })) : undefined;
}
