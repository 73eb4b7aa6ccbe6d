import type { HarborPlan } from './harbor.js';
import type { KrakenPlan } from './kraken.js';
import { certificateSecrets, readersOf, shimComponents, trustConfigMaps } from './kraken-certificates.js';
import { given, type SecretKeyRef, type SecretPlan, type SecretValue } from './secrets.js';
import { S3_ACCESS_KEY, S3_SECRET_KEY, s3Keys } from './storage-secrets.js';

type Base = Pick<
  KrakenPlan,
  'instance' | 'namespace' | 'nodeNamespace' | 'backend' | 'registry' | 'tls' | 'certificates' | 'trusts'
>;

/** The robot that a Harbor's settings plan for Kraken, in its newest generation; nothing where settings are no code. */
export function krakenRobot({
  settings,
}: HarborPlan): { readonly username: string; readonly passwordOf: SecretKeyRef } | undefined {
  const robot = settings?.robots.find(({ name }) => /^kraken(-\d+)?$/.test(name));
  return settings && robot && { username: `${settings.robotPrefix}${robot.name}`, passwordOf: robot.password };
}

/** The account that reads Harbor: its Secret, which may be the user's own, and its password when that was given. */
export interface RegistryAccount {
  readonly username: string;
  readonly secret: string;
  readonly existing: boolean;
  readonly password?: string;
  /** Password of the robot that is planned for it; nothing for the admin. */
  readonly passwordOf?: SecretKeyRef;
}

/** What must exist before Kraken starts. */
export function krakenSecrets(plan: Base, registry: HarborPlan | undefined, account: RegistryAccount): SecretPlan[] {
  return [
    ...(registry === undefined ? [] : [registryAccount(plan, registry, account)]),
    ...bucketCredentials(plan),
    ...certificateSecrets(plan),
    ...trustConfigMaps(plan.trusts),
  ];
}

function registryAccount(
  plan: Base,
  registry: HarborPlan,
  { username, secret, existing, password, passwordOf = registry.adminPassword }: RegistryAccount,
): SecretPlan {
  const own: SecretKeyRef = { namespace: plan.namespace, secret, key: 'password' };
  const isOwn = existing || password !== undefined;
  const authorization: SecretValue = {
    kind: 'nginxBasicAuth',
    username,
    passwordOf: isOwn ? own : passwordOf,
  };
  return {
    namespace: plan.namespace,
    name: secret,
    objectKind: 'Secret',
    type: 'Opaque',
    keys: existing
      ? { 'auth.conf': authorization }
      : {
          'auth.conf': authorization,
          username: { kind: 'text', value: username },
          password: password === undefined ? { kind: 'copy', of: passwordOf } : given(password),
        },
    source: existing ? 'existing' : 'generated',
    keep: false,
    readers: readersOf(plan, shimComponents(plan)),
  };
}

function bucketCredentials(plan: Base): SecretPlan[] {
  if (plan.backend.type !== 's3') return [];
  const keys = s3Keys(plan.backend);
  return [
    {
      namespace: plan.namespace,
      name: plan.backend.credentialsSecret,
      objectKind: 'Secret',
      type: 'Opaque',
      keys: keys ?? {
        [S3_ACCESS_KEY]: { kind: 'text', value: 'access key of an account that may read the bucket' },
        [S3_SECRET_KEY]: { kind: 'password', length: 40 },
      },
      source: keys === undefined ? 'existing' : 'generated',
      keep: false,
      readers: readersOf(plan, ['origin']),
    },
  ];
}
