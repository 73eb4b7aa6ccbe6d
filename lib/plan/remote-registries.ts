import { OBJECT_NAME } from './names.js';
import type { ProjectPlan } from './projects.js';
import type { Reader, TextRule } from './reader.js';
import { checkTarget, readRole, urlRule, usernameRule } from './registry-credentials.js';
import type { RegistryType } from './registry-props.js';
import type { SecretPlan } from './secrets.js';
import type { RegistryPlan } from './settings.js';
import type { SettingsContext } from './settings-plan.js';
import { checkName, ownSecret } from './system-settings.js';
import { PEM } from './tls.js';

/** A registry outside, as read. */
export interface ReadRegistry {
  readonly plan: RegistryPlan;
  readonly namespace: string;
  readonly stripLevels: number;
  readonly secrets: readonly SecretPlan[];
  /** IAM role of the pods that ask it. */
  readonly role?: string;
}

const TYPES = [
  'harbor',
  'docker-hub',
  'docker-registry',
  'aws-ecr',
  'huawei-SWR',
  'azure-acr',
  'google-gcr',
  'ali-acr',
  'github-ghcr',
  'gitlab',
  'jfrog-artifactory',
  'quay',
  'tencent-tcr',
  'volcengine-cr',
] as const satisfies readonly RegistryType[];

/** Those that a proxy cache may fetch from: what core is told by PERMITTED_REGISTRY_TYPES_FOR_PROXY_CACHE. */
export const PROXY_TYPES: readonly string[] = [
  'docker-hub',
  'harbor',
  'azure-acr',
  'ali-acr',
  'aws-ecr',
  'google-gcr',
  'docker-registry',
  'github-ghcr',
  'jfrog-artifactory',
];

const REGISTRY_NAME: TextRule = {
  pattern: /^[a-z0-9]+([._-][a-z0-9]+)*$/,
  allowed: 'small letters and digits with single ".", "_" or "-" between them, at most 60 characters',
  maxLength: 60,
};
const URL_RULE: TextRule = {
  // A setting that is missing in JavaScript becomes a word of the host.
  pattern: /^https?:\/\/(?![^/]*\bundefined\b)[^\s/@:]+(:\d+)?(\/[^\s@]*)?$/,
  allowed: 'a URL of http or https without credentials',
};
const NAMESPACE: TextRule = {
  pattern: /^[a-z0-9]+([._/-][a-z0-9]+)*$/,
  allowed: 'small letters and digits with single ".", "_", "-" or "/" between them',
};

/** Reads the registries outside and records every mistake. */
export function readRegistries(
  reader: Reader,
  { regions, hosts, projects, harbor }: Pick<SettingsContext, 'regions' | 'hosts' | 'projects' | 'harbor'>,
): readonly ReadRegistry[] {
  return reader.entries('registries').map(([name, registry]) => {
    registry.only('type', 'url', 'username', 'passwordSecret', 'ca', 'insecure', 'namespace', 'stripLevels', 'role');
    checkName(name, REGISTRY_NAME, registry);
    if (regions.includes(name)) {
      registry.issues.error(
        registry.path,
        'is the name of a region too',
        name,
        'a name of its own',
        'choose another name',
      );
    }
    if (!registry.has('type')) registry.missing('type', TYPES.join(', '));
    const type = registry.choice('type', TYPES) ?? 'docker-registry';
    const url = registry.requiredText('url', urlRule(type) ?? URL_RULE);
    const host = hosts.find((one) => url.replace(/^https?:\/\//, '').split(/[:/]/)[0] === one);
    if (host !== undefined) {
      registry.issues.error(
        registry.at('url'),
        'is a Harbor of this topology: images would go round between it and itself',
        url,
        'a registry outside the topology',
        'name the region in replicateTo instead',
      );
    }
    const username = registry.text('username', usernameRule(type));
    const secret = registry.text('passwordSecret', OBJECT_NAME);
    if ((username === undefined) !== (secret === undefined)) {
      registry.missing(
        username === undefined ? 'username' : 'passwordSecret',
        'both username and passwordSecret, or none',
      );
    }
    const password = secret === undefined ? undefined : { namespace: harbor.namespace, secret, key: 'password' };
    const plan: RegistryPlan = {
      name,
      type,
      url,
      insecure: registry.flag('insecure') ?? false,
      ca: registry.text('ca', PEM),
      username,
      password,
    };
    if (plan.ca !== undefined && harbor.version === '2.14.4') {
      registry.issues.error(
        registry.at('ca'),
        'is not known to Harbor 2.14, which trusts what its own pods trust',
        'a certificate',
        'Harbor 2.15.2',
        'upgrade, or remove it and set insecure',
      );
    }
    const namespace = registry.text('namespace', NAMESPACE) ?? '';
    checkTarget(registry, plan, namespace, projects);
    return {
      plan,
      namespace,
      role: readRole(registry, type, username),
      stripLevels: registry.count('stripLevels', 0, 5) ?? 0,
      secrets: password === undefined ? [] : [ownSecret(password)],
    };
  });
}

/** Records projects whose images would get the same names in a registry outside. */
export function checkClashes(
  reader: Reader,
  registries: readonly ReadRegistry[],
  projects: readonly ProjectPlan[],
): void {
  for (const { plan, stripLevels } of registries) {
    if (stripLevels === 0) continue;
    const senders = projects
      .filter(({ registries: targets = [] }) => targets.includes(plan.name))
      .map(({ name }) => name);
    if (senders.length < 2) continue;
    reader.issues.error(
      `${reader.at('registries')}.${plan.name}.stripLevels`,
      `takes away what tells the images of ${senders.join(' and ')} apart`,
      stripLevels,
      '0, or one project alone that goes there',
      'set it to 0, or make a registry for each project with another namespace',
    );
  }
}
