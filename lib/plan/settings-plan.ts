import { readCron } from './cron.js';
import { type Flow, tcp } from './flows.js';
import type { HarborPlan } from './harbor.js';
import { harborPods } from './harbor-names.js';
import type { KrakenPlan } from './kraken.js';
import { PROJECT_DETAILS, readProjectSettings, readSpeed } from './project-settings.js';
import { isIn, isPushedIn, type ProjectPlan } from './projects.js';
import { pushElsewhere, withGuests } from './push-elsewhere.js';
import type { Reader, TextRule } from './reader.js';
import { exporterOf, type ReconcilePlan, readReconcile } from './reconcile.js';
import { oneRole } from './registry-credentials.js';
import { checkClashes, PROXY_TYPES, type ReadRegistry, readRegistries } from './remote-registries.js';
import { replicationsTo } from './replication-policies.js';
import { ownersName, readRobots, robotsSecret } from './robots.js';
import type { SecretKeyRef, SecretPlan } from './secrets.js';
import type { GroupPlan, SettingsPlan, UserPlan } from './settings.js';
import { checkName, readSystem, type SystemPlan } from './system-settings.js';

/** What is written where settings are code, beside `projects` and `settings` themselves. */
const SETTINGS_PROPS = ['robots', 'users', 'groups', 'registries'] as const;

/** What settings are planned for. */
export interface SettingsContext {
  readonly harbor: Pick<
    HarborPlan,
    'instance' | 'namespace' | 'domain' | 'aliases' | 'url' | 'trivy' | 'version' | 'metrics'
  >;
  /** Region, or the instance of a Harbor that stands alone. */
  readonly region: string;
  /** All regions: those that projects may name. */
  readonly regions: readonly string[];
  /** Every name of a Harbor of the topology. */
  readonly hosts: readonly string[];
  readonly projects: readonly ProjectPlan[];
  /** Whether a Kraken reads this Harbor. */
  readonly kraken: boolean;
  /** Whether it is no part of a topology: then nobody knows where its Kraken is. */
  readonly alone: boolean;
}

/** Settings of one Harbor, with what must exist before they are brought about. */
export interface ReadSettings {
  readonly plan: SettingsPlan;
  readonly reconcile: ReconcilePlan | undefined;
  readonly secrets: readonly SecretPlan[];
  /** Host of the home of each project that is pushed in other regions only. */
  readonly pushElsewhere: Readonly<Record<string, string>>;
  /** IAM role of core and jobservice. */
  readonly registryRole: string | undefined;
}

/**
 * Reads what one Harbor shall be like, from the settings of a topology or of a Harbor that stands alone.
 *
 * @returns nothing without `settings`: then Harbor is left as it is
 */
export function readSettings(reader: Reader, context: SettingsContext): ReadSettings | undefined {
  if (!reader.has('settings')) {
    refuseWithout(reader);
    return undefined;
  }
  const { harbor, region, projects } = context;
  const system = readSystem(reader.child('settings'), harbor.namespace);
  const groups = readGroups(reader, system);
  const users = readUsers(reader, system, harbor);
  const registries = readRegistries(reader, context);
  checkClashes(reader, registries, projects);
  const reconcile = readReconcile(reader.child('settings'));
  const measured = reconcile !== undefined && harbor.metrics;
  const owner = ownersName(harbor.instance, context.alone);
  const robots = readRobots(reader, { ...context, owner, robotPrefix: system.robotPrefix, measured });
  const [robot] = robots.robots.filter(({ plan }) => plan.system !== undefined);
  const here = projects.filter((project) => isIn(project, region));
  const known = new Map(reader.entries('projects'));
  const read = here.map((project) => {
    const own = known.get(project.name) ?? reader.child('projects').child(project.name);
    const settings = readProjectSettings(project.name, project.public, own, {
      namespace: harbor.namespace,
      groups: groups.map(({ name }) => name),
      scanner: harbor.trivy !== undefined,
      region: context.alone ? undefined : region,
      preheat: context.alone ? 'unknown' : context.kraken ? PREHEAT_INSTANCE : undefined,
    });
    // Read here for its mistakes: what it says is used where images are sent.
    readReplication(own);
    checkProxy(own, project, settings.plan.proxyOf, registries, context);
    return isPushedIn(project, region) ? settings : { ...settings, plan: withGuests(settings.plan) };
  });
  const passwords = [...robots.robots.map(({ plan, value }) => [plan.password.key, value] as const)];
  const used = registries.filter(
    ({ plan: { name } }) =>
      read.some(({ plan }) => plan.proxyOf === name) ||
      here.some((project) => project.home === region && project.registries?.includes(name)),
  );
  const { authentication: _, secrets: own, ...plan } = system;
  return {
    reconcile:
      reconcile === undefined || robot === undefined
        ? reconcile
        : { ...reconcile, exporter: exporterOf(harbor, system.robotPrefix, robot.plan) },
    plan: {
      ...plan,
      users: users.map(({ user }) => user),
      groups,
      registries: used.map((registry) => registry.plan),
      projects: read.map((project) => project.plan),
      robots: robots.robots.map((robot) => robot.plan),
      replications: here.flatMap((project) =>
        project.home === region
          ? (project.registries ?? []).flatMap((name) => {
              const registry = registries.find((one) => one.plan.name === name);
              const settings = readReplication(known.get(project.name));
              return registry === undefined ? [] : replicationsTo(project.name, registry, settings);
            })
          : [],
      ),
      preheatInstances: [],
    },
    secrets: [
      ...secretOf(robotsSecret(harbor), harbor.namespace, passwords),
      ...secretOf(
        `${harbor.instance}-users`,
        harbor.namespace,
        users.map(
          ({ user }) => [user.password.key, { kind: 'shared', name: `user ${user.name}${owner}`, length: 24 }] as const,
        ),
      ),
      ...robots.pullSecrets,
      ...own,
      ...used.flatMap((registry) => registry.secrets),
      ...read.flatMap((project) => project.secrets),
    ],
    registryRole: oneRole(
      reader,
      used.map(({ role }) => role),
    ),
    pushElsewhere: pushElsewhere(projects, region, harbor.domain),
  };
}

/** What the Kraken of a Harbor is called in it. */
export const PREHEAT_INSTANCE = 'kraken';

/** How a project's images travel, as read. */
export interface ReplicationSettings {
  readonly deletion: boolean;
  readonly speed: number;
  /** Five fields as the user wrote them. */
  readonly cron?: string;
}

/** Reads how a project's images travel. */
export function readReplication(project: Reader | undefined): ReplicationSettings {
  if (project === undefined) return { deletion: false, speed: 0 };
  const replication = project.child('replication').only('deletion', 'bandwidth', 'schedule');
  return {
    deletion: replication.flag('deletion') ?? false,
    speed: readSpeed(replication, 'bandwidth') ?? 0,
    cron: readCron(replication, 'schedule'),
  };
}

/** Records settings that nothing would bring about. */
function refuseWithout(reader: Reader): void {
  const refuse = (at: Reader, key: string): void => {
    if (!at.has(key)) return;
    at.issues.error(
      at.at(key),
      'needs settings as code, which is not switched on',
      at.raw(key),
      'nothing here without "settings"',
      'add "settings: {}" beside "projects"',
    );
  };
  for (const key of SETTINGS_PROPS) refuse(reader, key);
  for (const [, project] of reader.entries('projects')) {
    for (const key of [...PROJECT_DETAILS, 'primaries']) refuse(project, key);
    const { replicateTo } = { replicateTo: project.raw('replicateTo') };
    if (typeof replicateTo === 'object' && replicateTo !== null && !Array.isArray(replicateTo))
      refuse(project, 'replicateTo');
  }
}

function checkProxy(
  project: Reader,
  plan: ProjectPlan,
  proxyOf: string | undefined,
  registries: readonly ReadRegistry[],
  { region, regions }: SettingsContext,
): void {
  if (proxyOf === undefined) return;
  const path = project.at('proxyCache.registry');
  const { issues } = project;
  const known = registries.find((registry) => registry.plan.name === proxyOf);
  const others = regions.filter((name) => name !== region);
  if (known === undefined && !others.includes(proxyOf)) {
    const names = [...registries.map((registry) => registry.plan.name), ...others];
    const [problem, fix] =
      proxyOf === region
        ? (['is the Harbor that the cache is in', 'name another region, or a registry'] as const)
        : (['is neither a registry nor a region', `add "${proxyOf}" below "registries"`] as const);
    issues.error(path, problem, proxyOf, names.join(', ') || 'a registry', fix);
  } else if (known !== undefined && !PROXY_TYPES.includes(known.plan.type)) {
    issues.error(
      path,
      'is of a type that Harbor has no proxy cache for',
      known.plan.type,
      PROXY_TYPES.join(', '),
      'replicate from it instead',
    );
  }
  if (plan.replicateTo.length > 0 || plan.registries !== undefined || plan.primaries !== undefined) {
    issues.error(
      project.at('replicateTo'),
      'is a way out of a proxy cache: Harbor copies nothing into such a project, and nobody pushes to it',
      project.raw('replicateTo'),
      'nothing for a proxy cache',
      'remove it, or make a proxy cache in each region',
    );
  }
}

const GROUP_TYPES = { ldap: 1, oidc: 3 } as const;

function readGroups(reader: Reader, { authentication }: SystemPlan): readonly GroupPlan[] {
  return reader.entries('groups').map(([name, group]) => {
    group.only('ldapDn');
    const ldapDn = group.text('ldapDn');
    if (authentication !== 'ldap' && authentication !== 'oidc') {
      group.issues.error(
        group.path,
        'is a group, and only LDAP and OIDC have some',
        authentication ?? 'no authentication given',
        'settings.authentication of type ldap or oidc',
        'say who users are in settings.authentication',
      );
      return { name, type: GROUP_TYPES.oidc };
    }
    if (authentication === 'ldap' && ldapDn === undefined) group.missing('ldapDn', 'the DN of the group');
    return { name, type: GROUP_TYPES[authentication], ldapDn };
  });
}

const USER_NAME: TextRule = {
  pattern: /^[A-Za-z0-9._-]+$/,
  allowed: 'letters, digits, ".", "_" and "-", at most 100 characters',
  maxLength: 100,
};
const EMAIL: TextRule = { pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/, allowed: 'an address such as anna@example.com' };

function readUsers(
  reader: Reader,
  { authentication }: SystemPlan,
  { instance, namespace }: SettingsContext['harbor'],
): readonly { readonly user: UserPlan }[] {
  return reader.entries('users').map(([name, user]) => {
    user.only('email', 'admin');
    checkName(name, USER_NAME, user);
    if (name === 'admin') {
      user.issues.error(
        user.path,
        'is the account that Harbor is born with',
        name,
        'another name',
        'choose another name',
      );
    }
    if (authentication === 'ldap' || authentication === 'oidc') {
      user.issues.error(
        user.path,
        `cannot be made here: users come from ${authentication === 'ldap' ? 'LDAP' : 'OIDC'}`,
        name,
        'authentication by database',
        'remove it, and name the user in members',
      );
    }
    const password: SecretKeyRef = { namespace, secret: `${instance}-users`, key: name };
    return { user: { name, email: user.requiredText('email', EMAIL), admin: user.flag('admin') ?? false, password } };
  });
}

/** A Secret of passwords; none without any. */
export const secretOf = (
  name: string,
  namespace: string,
  values: readonly (readonly [string, SecretPlan['keys'][string]])[],
): readonly SecretPlan[] =>
  values.length === 0
    ? []
    : [
        {
          namespace,
          name,
          objectKind: 'Secret',
          type: 'Opaque',
          keys: Object.fromEntries(values),
          source: 'generated',
          keep: false,
          readers: [],
        },
      ];

/** Who of a Harbor talks to a registry: core asks whether it is well and fetches for proxy caches, jobservice copies. */
export const registryFlows = (harbor: HarborPlan, host: string, port: number): readonly Flow[] =>
  (['core', 'jobservice'] as const).map((component) =>
    tcp(harborPods(harbor, component), { kind: 'external', host, name: 'regional Harbors' }, port, 'replication'),
  );

/** Core asks Kraken whether it is well, jobservice fills it. */
export const preheatFlows = (harbor: HarborPlan, { notification, ports }: KrakenPlan): readonly Flow[] =>
  (['core', 'jobservice'] as const).map((component) =>
    tcp(harborPods(harbor, component), notification.pods, ports.notification, 'preheat'),
  );
