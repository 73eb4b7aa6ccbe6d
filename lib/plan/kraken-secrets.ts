import { S3_ACCESS_KEY, S3_SECRET_KEY } from './backend.js';
import type { HarborPlan } from './harbor.js';
import type { KrakenPlan } from './kraken.js';
import { certificateSecrets, readersOf, shimComponents, trustConfigMaps } from './kraken-certificates.js';
import type { SecretKeyRef, SecretPlan, SecretValue } from './secrets.js';

type Base = Pick<
  KrakenPlan,
  'instance' | 'namespace' | 'nodeNamespace' | 'backend' | 'registry' | 'tls' | 'certificates' | 'trusts'
>;

/** As whom Kraken reads Harbor. */
export interface KrakenAccount {
  readonly username: string;
  /** It is the user's own, in a Secret of the user's own. */
  readonly existing: boolean;
  /** Password of the robot that is planned for it; nothing for the admin. */
  readonly passwordOf?: SecretKeyRef;
}

/** The robot that a Harbor's settings plan for Kraken, in its newest generation; nothing where settings are no code. */
export function krakenRobot({
  settings,
}: HarborPlan): { readonly username: string; readonly passwordOf: SecretKeyRef } | undefined {
  const robot = settings?.robots.find(({ name }) => /^kraken(-\d+)?$/.test(name));
  return settings && robot && { username: `${settings.robotPrefix}${robot.name}`, passwordOf: robot.password };
}

/** What must exist before Kraken starts. */
export function krakenSecrets(plan: Base, registry: HarborPlan | undefined, account: KrakenAccount): SecretPlan[] {
  return [
    ...(registry && plan.registry ? [registryAccount(plan, plan.registry.accountSecret, registry, account)] : []),
    ...bucketCredentials(plan),
    ...certificateSecrets(plan),
    ...trustConfigMaps(plan.trusts),
  ];
}

function registryAccount(plan: Base, name: string, registry: HarborPlan, account: KrakenAccount): SecretPlan {
  const password = account.passwordOf ?? registry.adminPassword;
  const passwordOf: SecretKeyRef = account.existing
    ? { namespace: plan.namespace, secret: name, key: 'password' }
    : password;
  const authorization: SecretValue = { kind: 'nginxBasicAuth', username: account.username, passwordOf };
  return {
    namespace: plan.namespace,
    name,
    objectKind: 'Secret',
    type: 'Opaque',
    keys: account.existing
      ? { 'auth.conf': authorization }
      : {
          'auth.conf': authorization,
          username: { kind: 'text', value: account.username },
          password: { kind: 'copy', of: password },
        },
    source: account.existing ? 'existing' : 'generated',
    readers: readersOf(plan, shimComponents(plan)),
  };
}

function bucketCredentials(plan: Base): SecretPlan[] {
  if (plan.backend.type !== 's3') return [];
  return [
    {
      namespace: plan.namespace,
      name: plan.backend.credentialsSecret,
      objectKind: 'Secret',
      type: 'Opaque',
      keys: {
        [S3_ACCESS_KEY]: { kind: 'text', value: 'access key of an account that may read the bucket' },
        [S3_SECRET_KEY]: { kind: 'password', length: 40 },
      },
      source: 'existing',
      readers: readersOf(plan, ['origin']),
    },
  ];
}
