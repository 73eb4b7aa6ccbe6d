import { certificateSecret } from './certificate-secrets.js';
import { isDeferred } from './deferred.js';
import type { HarborKey, HarborPlan, HarborSecretNames, InternalTlsComponent, KeyRef } from './harbor.js';
import { HIDDEN } from './issues.js';
import { OBJECT_NAME } from './names.js';
import type { Reader, TextRule } from './reader.js';
import { given, type SecretPlan, type SecretValue } from './secrets.js';
import type { CaSource } from './tls.js';

/** The one user that the registry knows: core and jobservice reach it by this name. */
export const REGISTRY_USERNAME = 'harbor_registry_user';

/** The key of the CA in every Secret and ConfigMap. */
const CA_KEY = 'ca.crt';

/** Where Harbor's own Secrets are, and which of them exist already. */
export interface HarborSecretRefs {
  readonly names: HarborSecretNames;
  readonly keys: Readonly<Record<HarborKey, KeyRef>>;
  readonly adminPassword: HarborPlan['adminPassword'];
  /** The secret key, when it was given: known only when deployed. */
  readonly secretKey?: string;
}

/** Reads the names of existing Secrets, and decides where every value is. */
export function readHarborSecrets(reader: Reader, instance: string, namespace: string): HarborSecretRefs {
  const secrets = reader.child('secrets');
  secrets.only('core', 'admin', 'secretKey', 'jobservice', 'registry', 'registryCredentials');
  const names: HarborSecretNames = {
    core: secrets.text('core', OBJECT_NAME),
    admin: secrets.text('admin', OBJECT_NAME),
    secretKey: secrets.text('secretKey', OBJECT_NAME),
    jobservice: secrets.text('jobservice', OBJECT_NAME),
    registry: secrets.text('registry', OBJECT_NAME),
    registryCredentials: secrets.text('registryCredentials', OBJECT_NAME),
  };
  const secretKey = readSecretKey(reader, secrets);
  const core = names.core ?? `${instance}-core`;
  const credentials = names.registryCredentials ?? `${instance}-registry-htpasswd`;
  const keySecret = secretKey === undefined ? (names.secretKey ?? core) : `${instance}-secret-key`;
  return {
    names,
    secretKey,
    adminPassword: { namespace, secret: names.admin ?? core, key: 'HARBOR_ADMIN_PASSWORD' },
    keys: {
      coreSecret: { secret: core, key: 'secret' },
      secretKey: { secret: keySecret, key: 'secretKey' },
      csrfKey: { secret: core, key: 'CSRF_KEY' },
      tokenKey: { secret: core, key: 'tls.key' },
      jobserviceSecret: { secret: names.jobservice ?? `${instance}-jobservice`, key: 'JOBSERVICE_SECRET' },
      registryHttpSecret: { secret: names.registry ?? `${instance}-registry`, key: 'REGISTRY_HTTP_SECRET' },
      registryPassword: { secret: credentials, key: 'REGISTRY_PASSWD' },
      registryHtpasswd: { secret: credentials, key: 'REGISTRY_HTPASSWD' },
    },
  };
}

/** AES takes keys of these lengths. */
const SECRET_KEY: TextRule = { pattern: /^(.{16}|.{24}|.{32})$/, allowed: '16, 24 or 32 characters' };

/** Reads the secret key itself, when it is known at deployment. */
function readSecretKey(reader: Reader, secrets: Reader): string | undefined {
  const { issues } = reader;
  const key = reader.raw('secretKey');
  if (typeof key === 'string' && !isDeferred(key) && !SECRET_KEY.pattern.test(key)) {
    issues.error(
      reader.at('secretKey'),
      `has a length that AES does not know (${key.length} characters): Harbor could store no credential`,
      HIDDEN,
      `${SECRET_KEY.allowed}, in a Secret`,
      'put a key of 16 characters in a Secret, and its name in secrets.secretKey; or leave it to harbor-fleet secrets',
    );
    return undefined;
  }
  if (key !== undefined && secrets.has('secretKey')) {
    issues.error(reader.at('secretKey'), 'is given twice', HIDDEN, 'secretKey or secrets.secretKey', 'remove one');
    return undefined;
  }
  const fix = 'put it in a Secret under the key secretKey, and the name of that Secret in secrets.secretKey';
  return reader.secretText('secretKey', fix, SECRET_KEY);
}

type Base = Pick<
  HarborPlan,
  'namespace' | 'components' | 'tls' | 'internalTls' | 'certificates' | 'ca' | 'internalCa' | 'caConfigMaps' | 'check'
>;

const password = (length: number): SecretValue => ({ kind: 'password', length });

/** What must exist before Harbor starts, without that of its storage, database and cache. */
export function harborSecrets(plan: Base, refs: HarborSecretRefs): SecretPlan[] {
  return [...ownSecrets(plan, refs), ...certificateSecrets(plan), ...caConfigMaps(plan)];
}

/** Those of these components that run, as readers of a Secret; the check is one of them. */
export const readersOf = (
  plan: Pick<HarborPlan, 'namespace' | 'components' | 'check'>,
  names: readonly string[],
): string[] =>
  names
    .filter((name) => (name === 'check' ? plan.check.enabled : name in plan.components))
    .map((name) => `${plan.namespace}/${name}`);

function ownSecrets(plan: Base, { names, keys, adminPassword, secretKey }: HarborSecretRefs): SecretPlan[] {
  const secret = (
    name: string,
    existing: string | undefined,
    values: Readonly<Record<string, SecretValue>>,
    readers: readonly string[],
  ): SecretPlan => ({
    namespace: plan.namespace,
    name,
    objectKind: 'Secret',
    type: 'Opaque',
    keys: values,
    source: existing === undefined ? 'generated' : 'existing',
    keep: 'secretKey' in values,
    readers: readersOf(plan, readers),
  });
  const ownKey = names.secretKey === undefined && secretKey === undefined;
  const secrets = [
    secret(
      keys.coreSecret.secret,
      names.core,
      {
        secret: password(16),
        ...(ownKey ? { secretKey: password(16) } : {}),
        CSRF_KEY: password(32),
        'tls.key': { kind: 'rsaKey' },
        ...(names.admin === undefined ? { HARBOR_ADMIN_PASSWORD: password(24) } : {}),
      },
      names.admin === undefined
        ? ['core', 'jobservice', 'registry', 'exporter', 'check']
        : ['core', 'jobservice', 'registry'],
    ),
    secret(keys.jobserviceSecret.secret, names.jobservice, { JOBSERVICE_SECRET: password(16) }, [
      'core',
      'jobservice',
      'registry',
    ]),
    secret(keys.registryHttpSecret.secret, names.registry, { REGISTRY_HTTP_SECRET: password(16) }, ['registry']),
    secret(
      keys.registryPassword.secret,
      names.registryCredentials,
      {
        REGISTRY_PASSWD: password(24),
        REGISTRY_HTPASSWD: {
          kind: 'htpasswd',
          username: REGISTRY_USERNAME,
          passwordOf: { namespace: plan.namespace, ...keys.registryPassword },
        },
      },
      ['core', 'jobservice', 'registry'],
    ),
  ];
  if (names.admin !== undefined) {
    const values = { HARBOR_ADMIN_PASSWORD: password(24) };
    secrets.push(secret(adminPassword.secret, names.admin, values, ['core', 'exporter', 'check']));
  }
  if (names.secretKey !== undefined) {
    secrets.push(secret(names.secretKey, names.secretKey, { secretKey: password(16) }, ['core']));
  }
  if (secretKey !== undefined) {
    secrets.push(secret(keys.secretKey.secret, undefined, { secretKey: given(secretKey) }, ['core']));
  }
  return merged(secrets);
}

/** One entry for each Secret: a user may keep several values in one. */
function merged(secrets: readonly SecretPlan[]): SecretPlan[] {
  const byName = new Map<string, SecretPlan>();
  for (const secret of secrets) {
    const known = byName.get(secret.name);
    const readers = [...new Set([...(known?.readers ?? []), ...secret.readers])];
    const keep = secret.keep || known?.keep === true;
    byName.set(secret.name, { ...secret, keys: { ...known?.keys, ...secret.keys }, keep, readers });
  }
  return [...byName.values()];
}

function certificateSecrets(plan: Base): SecretPlan[] {
  const { front, ...internal } = plan.certificates;
  const where = (reader: string) => ({ namespace: plan.namespace, readers: readersOf(plan, [reader]) });
  return [
    ...(front === undefined ? [] : certificateSecret(plan.tls, front, where('nginx'))),
    ...(Object.keys(internal) as InternalTlsComponent[]).flatMap((component) => {
      const certificate = internal[component];
      return certificate === undefined ? [] : certificateSecret(plan.internalTls, certificate, where(component));
    }),
  ];
}

function caConfigMaps(plan: Base): SecretPlan[] {
  const configMap = (name: string | undefined, ca: CaSource, readers: readonly string[]): SecretPlan[] =>
    name === undefined || ca?.from !== 'secrets'
      ? []
      : [
          {
            namespace: plan.namespace,
            name,
            objectKind: 'ConfigMap',
            type: '',
            keys: { [CA_KEY]: { kind: 'ca' } },
            source: 'generated',
            keep: false,
            readers: readersOf(plan, readers),
          },
        ];
  const clients = ['core', 'jobservice', 'registry', 'trivy', 'exporter', 'check'];
  return [
    ...configMap(plan.caConfigMaps.outside, plan.ca, clients),
    ...configMap(plan.caConfigMaps.internal, plan.internalCa, [...clients, 'nginx']),
  ];
}
