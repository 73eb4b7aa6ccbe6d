import type { ProjectPlan } from './projects.js';
import type { Reader, TextRule } from './reader.js';
import type { RegistryPlan } from './settings.js';

/** User names of registries that take special ones. */
const USERNAMES: Readonly<Partial<Record<string, TextRule>>> = {
  'aws-ecr': {
    pattern: /^AKIA[A-Z0-9]{12,}$/,
    allowed: 'an access key that begins with AKIA (one that begins with ASIA ends within hours), or none and a role',
  },
  'huawei-SWR': { pattern: /^[a-z0-9-]+@[A-Za-z0-9]+$/, allowed: '<region>@<access key>, such as cn-north-4@ABCDEF' },
  'google-gcr': { pattern: /^_json_key$/, allowed: '_json_key, with the JSON key of a service account as password' },
};

/** URLs by which Harbor knows the region of a registry. */
const URLS: Readonly<Partial<Record<string, TextRule>>> = {
  'aws-ecr': {
    pattern: /^https:\/\/(api|\d{12}\.dkr)\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/,
    allowed: 'https://api.ecr.<region>.amazonaws.com, or the host of the registry',
  },
  'azure-acr': {
    pattern: /^https:\/\/[A-Za-z0-9]{1,50}(-[a-z0-9]+)?\.azurecr\.(io|cn|us)$/,
    allowed: 'https://<name>.azurecr.io, with the name of the registry alone',
  },
};

export const usernameRule = (type: string): TextRule | undefined => USERNAMES[type];
export const urlRule = (type: string): TextRule | undefined => URLS[type];

/** Records what a registry lacks for copies to it, which would fail one by one. */
export function checkTarget(
  registry: Reader,
  plan: RegistryPlan,
  namespace: string,
  projects: readonly ProjectPlan[],
): void {
  if (!projects.some(({ registries = [] }) => registries.includes(plan.name))) return;
  // A registry of one's own may let anyone push; of ECR the role of the pods counts.
  if (plan.username === undefined && !['aws-ecr', 'docker-registry'].includes(plan.type)) {
    registry.missing('username', 'who may push there, with passwordSecret');
  }
  if (plan.type === 'google-gcr' && namespace === '') {
    registry.missing('namespace', '<project>/<repository> that images are pushed to');
  }
}

/** Records that a role is given where it has no effect. */
export function readRole(registry: Reader, type: string, username: string | undefined): string | undefined {
  const role = registry.text('role', {
    pattern: /^arn:aws(-[a-z]+)*:iam::\d{12}:role\/\S+$/,
    allowed: 'the ARN of an IAM role',
  });
  if (role !== undefined && (type !== 'aws-ecr' || username !== undefined)) {
    registry.issues.error(
      registry.at('role'),
      type === 'aws-ecr' ? 'has no effect beside an access key' : 'is taken by Amazon ECR only',
      role,
      'aws-ecr without a username',
      'remove role, or username and passwordSecret',
    );
  }
  return role;
}

/** The one role of core and jobservice: a pod has no more. */
export function oneRole(reader: Reader, roles: readonly (string | undefined)[]): string | undefined {
  const all = [...new Set(roles.filter((role) => role !== undefined))];
  if (all.length > 1) {
    reader.issues.error(
      reader.at('registries'),
      'need several roles, and a pod takes one',
      all.join(', '),
      'one role for all ECR registries',
      'give one role the rights for all of them',
    );
  }
  return all[0];
}
