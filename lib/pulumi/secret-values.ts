import { createHmac } from 'node:crypto';
import { all, type ComponentResource, CustomResource, type Output, output, secret, unsecret } from '@pulumi/pulumi';
import { RandomPassword } from '@pulumi/random';
import { idOf, type SecretKeyRef, type SecretPlan, type SecretValue, type SharedValue } from '../plan/secrets.js';
import { type Account, dockerConfig, nginxBasicAuth } from '../secrets/values.js';
import { type CertificateAuthority, type CertificateParts, issue, rsaKey, suffix } from './authority.js';
import { lateMistake } from './errors.js';
import { isRenewable } from './made-checks.js';
import { asOutput } from './runtime.js';

/** What the values of planned Secrets are made from. */
export interface SecretValuesProps {
  /** Those of the user's own are read from the cluster when other values are made from them. */
  readonly secrets: readonly SecretPlan[];
  /** The CA that issues certificates; asked for only when one is planned. */
  readonly authority: () => CertificateAuthority;
  /** Generation of each Secret by `namespace/name`; another number makes its values anew. @default - 1 each */
  readonly generations?: Readonly<Record<string, number>>;
  /** Values that several regions share, by their names. @default - made here, for nobody else */
  readonly shared?: SharedValues;
}

/** A value that several regions share, as it is planned. */
export type SharedValues = (spec: SharedValue) => Output<string>;

/** A Secret of the user's own, read from the cluster. */
class ExistingSecret extends CustomResource {
  declare readonly data: Output<Record<string, string>>;
}

/** The values of all Secrets that are planned to be generated: made once and kept in the stack's state, encrypted. */
export class SecretValues {
  /** Values by `namespace/name` of their Secret and by key. */
  readonly values: ReadonlyMap<string, Readonly<Record<string, Output<string>>>>;
  private readonly plans: ReadonlyMap<string, SecretPlan>;
  private readonly made = new Map<string, Output<string>>();
  private readonly passwords = new Map<string, RandomPassword>();
  private readonly certificates = new Map<string, CertificateParts>();
  private readonly existing = new Map<string, ExistingSecret>();
  private salt: Output<string> | undefined;

  /** @param name prefix of the logical names */
  constructor(
    private readonly parent: ComponentResource,
    private readonly name: string,
    private readonly props: SecretValuesProps,
  ) {
    this.plans = new Map(props.secrets.map((plan) => [idOf(plan), plan]));
    this.values = new Map(
      props.secrets
        .filter(({ source }) => source === 'generated')
        .map((plan) => [
          idOf(plan),
          Object.fromEntries(
            Object.keys(plan.keys).map((key) => [
              key,
              this.value({ namespace: plan.namespace, secret: plan.name, key }),
            ]),
          ),
        ]),
    );
  }

  /** The value of one key that was made here; nothing when the Secret is the user's own. */
  generated({ namespace, secret: name, key }: SecretKeyRef): Output<string> | undefined {
    return this.values.get(idOf({ namespace, name }))?.[key];
  }

  /** The value of one key, also of a Secret of the user's own, which is read from the cluster. */
  value(ref: SecretKeyRef): Output<string> {
    const id = idOf({ namespace: ref.namespace, name: ref.secret });
    const known = this.made.get(`${id}/${ref.key}`);
    if (known !== undefined) return known;
    const plan = this.plans.get(id);
    const spec = plan?.keys[ref.key];
    const value =
      plan?.source === 'generated' && spec !== undefined ? this.make(spec, id, ref.key) : this.read(id, ref.key);
    this.made.set(`${id}/${ref.key}`, value);
    return value;
  }

  /**
   * A revision for each generated Secret of an installation, by its name: it changes with the values, or with the CA, and tells nothing
   * of either.
   */
  revisions(secrets: readonly SecretPlan[]): Readonly<Record<string, Output<string>>> {
    const read = secrets.filter(({ source, readers }) => source === 'generated' && readers.length > 0);
    const cas = read.filter(({ objectKind }) => objectKind === 'ConfigMap');
    const names = [...new Set(read.filter(({ objectKind }) => objectKind === 'Secret').map(({ name }) => name))];
    return Object.fromEntries(
      names.map((name) => {
        const parts = [...read.filter((plan) => plan.name === name), ...cas].map((plan) => this.values.get(idOf(plan)));
        const revision = all([this.revisionSalt(), output(parts)]).apply(([salt, values]) =>
          createHmac('sha256', salt).update(JSON.stringify(values)).digest('hex').slice(0, 16),
        );
        return [name, unsecret(revision)];
      }),
    );
  }

  private revisionSalt(): Output<string> {
    this.salt ??= new RandomPassword(
      `${this.name}/revisions`,
      { length: 32, special: false },
      { parent: this.parent },
    ).result;
    return this.salt;
  }

  private make(spec: SecretValue, id: string, key: string): Output<string> {
    switch (spec.kind) {
      case 'password':
        return this.password(spec.length, id, key).result;
      case 'shared':
        return this.props.shared?.(spec) ?? this.password(spec.length, id, key).result;
      case 'copy':
        return this.value(spec.of);
      case 'text':
        return asOutput(spec.value);
      case 'given':
        return secret(asOutput(spec.value));
      case 'htpasswd':
        return this.htpasswd(spec.username, spec.passwordOf);
      case 'nginxBasicAuth':
        return this.value(spec.passwordOf).apply((password) => nginxBasicAuth(spec.username, password));
      case 'dockerConfig':
        return all([this.account(spec), spec.previous && this.account(spec.previous)]).apply(([account, previous]) =>
          dockerConfig(spec.hosts, account, previous),
        );
      case 'rsaKey':
        return this.rsaKey(id, key);
      case 'sharedRsaKey':
        return this.props.shared?.(spec) ?? this.rsaKey(id, key);
      case 'certificate':
        return this.certificate(spec, id)[spec.part];
      case 'ca':
        return this.props.authority().certificate;
    }
  }

  private password(length: number, id: string, key: string): RandomPassword {
    const generation = isRenewable(key, { kind: 'password', length }) ? this.generation(id) : 1;
    const made = new RandomPassword(
      `${this.name}/${id}/${key}${suffix(generation)}`,
      { length, special: false, minUpper: 1, minLower: 1, minNumeric: 1 },
      { parent: this.parent },
    );
    this.passwords.set(`${id}/${key}`, made);
    return made;
  }

  private rsaKey(id: string, key: string): Output<string> {
    return rsaKey(this.parent, `${this.name}/${id}/${key}${suffix(this.generation(id))}`);
  }

  private account({ username, passwordOf }: { readonly username: string; readonly passwordOf: SecretKeyRef }) {
    return this.value(passwordOf).apply((password): Account => ({ username, password }));
  }

  /** The hash is the provider's: it is made with the password and stays. */
  private htpasswd(username: string, { namespace, secret: name, key }: SecretKeyRef): Output<string> {
    this.value({ namespace, secret: name, key });
    const made = this.passwords.get(`${idOf({ namespace, name })}/${key}`);
    if (made === undefined) throw new Error(`${namespace}/${name} has no generated ${key} to make an htpasswd line of`);
    return made.bcryptHash.apply((hash) => `${username}:${hash}`);
  }

  private certificate(spec: Extract<SecretValue, { kind: 'certificate' }>, id: string): CertificateParts {
    const known =
      this.certificates.get(id) ??
      issue(this.parent, `${this.name}/${id}`, this.props.authority(), { ...spec, generation: this.generation(id) });
    this.certificates.set(id, known);
    return known;
  }

  private read(id: string, key: string): Output<string> {
    const found =
      this.existing.get(id) ??
      new ExistingSecret(
        'kubernetes:core/v1:Secret',
        `${this.name}/${id}`,
        { apiVersion: undefined, kind: undefined, metadata: undefined, data: undefined },
        { parent: this.parent, id },
      );
    this.existing.set(id, found);
    return secret(
      found.data.apply((data) => {
        const value = data[key];
        if (value === undefined) throw lateMistake(`Secret ${id} has no key ${key}`);
        return Buffer.from(value, 'base64').toString();
      }),
    );
  }

  private generation(id: string): number {
    return this.props.generations?.[id] ?? 1;
  }
}
