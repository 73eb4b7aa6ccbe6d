import { S3_ACCESS_KEY, S3_SECRET_KEY } from './backend.js';
import type { HarborPlan } from './harbor.js';
import type { KrakenPlan } from './kraken.js';
import { certificateSecrets, readersOf, shimComponents, trustConfigMaps } from './kraken-certificates.js';
import type { SecretKeyRef, SecretPlan, SecretValue } from './secrets.js';

type Base = Pick<
  KrakenPlan,
  'instance' | 'namespace' | 'nodeNamespace' | 'backend' | 'registry' | 'tls' | 'certificates' | 'trusts'
>;

/** What must exist before Kraken starts. `account` is the user's own account in Harbor, nothing for the admin. */
export function krakenSecrets(
  plan: Base,
  registry: HarborPlan | undefined,
  account: { readonly username: string; readonly existing: boolean },
): SecretPlan[] {
  return [
    ...(registry && plan.registry ? [registryAccount(plan, plan.registry.accountSecret, registry, account)] : []),
    ...bucketCredentials(plan),
    ...certificateSecrets(plan),
    ...trustConfigMaps(plan.trusts),
  ];
}

function registryAccount(
  plan: Base,
  name: string,
  registry: HarborPlan,
  account: { readonly username: string; readonly existing: boolean },
): SecretPlan {
  const passwordOf: SecretKeyRef = account.existing
    ? { namespace: plan.namespace, secret: name, key: 'password' }
    : registry.adminPassword;
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
          password: { kind: 'copy', of: registry.adminPassword },
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
