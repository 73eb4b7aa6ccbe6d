import { X509Certificate } from 'node:crypto';
import { idOf, isShared, type SecretKeyRef, type SecretPlan, type SecretValue } from '../plan/secrets.js';
import {
  type Authority,
  type CertificateRequest,
  certificateProblem,
  createAuthority,
  type IssuedCertificate,
  issue,
} from './certificates.js';
import type { FilledSecret, KnownValues } from './objects.js';
import type { Source } from './source.js';
import {
  type Account,
  dockerConfig,
  htpasswd,
  htpasswdMatches,
  isRsaKey,
  nginxBasicAuth,
  password,
  rsaKey,
} from './values.js';

/** What can be made here. */
type Makeable = Exclude<SecretValue, { kind: 'given' }>;

/** What is given to {@link generateSecrets}. */
export interface GenerateProps {
  readonly domain: string;
  readonly secrets: readonly SecretPlan[];
  /** Values that exist already. They are kept unless they cannot serve any more. */
  readonly known: KnownValues;
  /** The topology's CA. `new`: it is made when one is needed. `lost`: certificates of it are in use, but its key is not here. */
  readonly authority: Authority | 'new' | 'lost';
  /** Values that regions share, by their names: those of other regions, to which the new ones are added. @default - none */
  readonly shared?: Map<string, string>;
  readonly source: Source;
}

/** One value that had to be made. */
export interface MadeValue {
  /** `namespace/name` of its Secret. */
  readonly secret: string;
  readonly key: string;
  /** Why: `is missing`, `ends on 2027-03-01`, `does not name …`. */
  readonly reason: string;
}

/** Secrets that were completed. */
export interface GeneratedSecrets {
  /** Every Secret in which at least one value is new, with all its values, old and new. */
  readonly secrets: readonly FilledSecret[];
  /** The values that are new; none when everything was there. */
  readonly made: readonly MadeValue[];
  /** The CA, when one was made. */
  readonly newAuthority?: Authority;
}

/** Secrets cannot be made; each problem says what is in the way and what to do. */
export class SecretsError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SecretsError';
  }
}

/**
 * Completes the planned Secrets of one region: keeps what exists and still serves, makes the rest. Which values are new
 * depends on the props alone; only the values themselves come from the source.
 *
 * @throws SecretsError when a value depends on one that only the user has, or on a CA that was not handed over
 */
export function generateSecrets(props: GenerateProps): GeneratedSecrets {
  return new Generator(props).run();
}

class Generator {
  private readonly plans: ReadonlyMap<string, SecretPlan>;
  private readonly values = new Map<string, Record<string, string>>();
  private readonly made: MadeValue[] = [];
  private readonly problems = new Set<string>();
  private readonly issued = new Map<string, IssuedCertificate>();
  private readonly shared: Map<string, string>;
  private authority: Authority | undefined;

  constructor(private readonly props: GenerateProps) {
    this.plans = new Map(props.secrets.map((plan) => [idOf(plan), plan]));
    this.shared = props.shared ?? sharedValues(props.secrets, props.known);
    this.authority = typeof props.authority === 'string' ? undefined : props.authority;
  }

  run(): GeneratedSecrets {
    const generated = this.props.secrets.filter((plan) => plan.source === 'generated');
    for (const plan of generated) {
      for (const key of Object.keys(plan.keys)) this.value({ namespace: plan.namespace, secret: plan.name, key });
    }
    if (this.problems.size > 0) throw new SecretsError([...this.problems]);
    const touched = new Set(this.made.map(({ secret }) => secret));
    const secrets = generated
      .filter((plan) => touched.has(idOf(plan)))
      .map((plan) => ({ plan, values: { ...this.props.known.get(idOf(plan)), ...this.valuesOf(plan) } }));
    return { secrets, made: this.made, newAuthority: this.props.authority === 'new' ? this.authority : undefined };
  }

  /** The value of a key: as known, or made now. */
  private value(ref: SecretKeyRef): string {
    const id = idOf({ namespace: ref.namespace, name: ref.secret });
    const known = this.known(id, ref.key);
    const plan = this.plans.get(id);
    const spec = plan?.keys[ref.key];
    if (plan?.source !== 'generated' || spec === undefined) {
      if (known === undefined) {
        this.problems.add(
          `${id} (key ${ref.key}) is a Secret of your own, and other values are made from it: pass a file that holds it with --existing`,
        );
      }
      return known ?? '';
    }
    if (spec.kind === 'given') {
      this.problems.add(
        `${id} (key ${ref.key}) was given as a value that is known only when deployed: only Pulumi can make it; name a Secret of your own instead`,
      );
      return '';
    }
    const values = this.values.get(id) ?? {};
    this.values.set(id, values);
    const done = values[ref.key];
    if (done !== undefined) return done;
    const reason = known === undefined ? 'is missing' : this.problem(spec, known, id);
    if (reason === undefined && known !== undefined) {
      values[ref.key] = known;
      return known;
    }
    const made = spec.kind === 'certificate' ? this.certificate(plan, spec)[spec.part] : this.make(spec);
    values[ref.key] = made;
    this.made.push({ secret: id, key: ref.key, reason: reason ?? 'is missing' });
    return made;
  }

  private valuesOf(plan: SecretPlan): Record<string, string> {
    const values = this.values.get(idOf(plan)) ?? {};
    return Object.fromEntries(Object.keys(plan.keys).map((key) => [key, values[key] ?? '']));
  }

  private known(id: string, key: string): string | undefined {
    const value = this.props.known.get(id)?.[key];
    return value === '' ? undefined : value;
  }

  /** Whether a value is planned or known; a Secret of the user's own may be neither. */
  private canSee(ref: SecretKeyRef): boolean {
    const id = idOf({ namespace: ref.namespace, name: ref.secret });
    return this.plans.get(id)?.source === 'generated' || this.known(id, ref.key) !== undefined;
  }

  /** Why a known value cannot serve any more. */
  private problem(spec: Makeable, known: string, id: string): string | undefined {
    const from = spec.kind === 'copy' ? spec.of : 'passwordOf' in spec ? spec.passwordOf : undefined;
    if (from !== undefined && !this.canSee(from)) return undefined;
    switch (spec.kind) {
      case 'password':
        return undefined;
      case 'shared':
        return known === (this.shared.get(spec.name) ?? known) ? undefined : 'is another one in another region';
      case 'sharedRsaKey':
        if (!isRsaKey(known)) return 'is not an RSA private key';
        return known === (this.shared.get(spec.name) ?? known) ? undefined : 'is another one in another region';
      case 'text':
        return known === spec.value ? undefined : 'is another text than planned';
      case 'copy':
        return known === this.value(spec.of) ? undefined : `differs from ${nameOf(spec.of)}`;
      case 'htpasswd':
        return htpasswdMatches(known, spec.username, this.value(spec.passwordOf))
          ? undefined
          : `does not match ${nameOf(spec.passwordOf)}`;
      case 'nginxBasicAuth':
      case 'dockerConfig':
        return known === this.make(spec) ? undefined : `does not match ${nameOf(spec.passwordOf)}`;
      case 'rsaKey':
        return isRsaKey(known) ? undefined : 'is not an RSA private key';
      case 'certificate':
        return this.certificateProblem(spec, id);
      case 'ca':
        return this.authority === undefined || sameCertificate(known, this.authority.certificate)
          ? undefined
          : 'is another CA';
    }
  }

  private make(spec: Exclude<Makeable, { kind: 'certificate' }>): string {
    const { source } = this.props;
    switch (spec.kind) {
      case 'password':
        return password(spec.length, source);
      case 'shared':
        return this.common(spec.name, () => password(spec.length, source));
      case 'sharedRsaKey':
        return this.common(spec.name, () => rsaKey(source));
      case 'text':
        return spec.value;
      case 'copy':
        return this.value(spec.of);
      case 'htpasswd':
        return htpasswd(spec.username, this.value(spec.passwordOf), source);
      case 'nginxBasicAuth':
        return nginxBasicAuth(spec.username, this.value(spec.passwordOf));
      case 'dockerConfig':
        return dockerConfig(spec.hosts, this.account(spec), spec.previous && this.account(spec.previous));
      case 'rsaKey':
        return rsaKey(source);
      case 'ca':
        return this.requireAuthority()?.certificate ?? '';
    }
  }

  /** A value that regions share: that of the first, or one that is made now for all. */
  private common(name: string, make: () => string): string {
    const value = this.shared.get(name) ?? make();
    this.shared.set(name, value);
    return value;
  }

  private account({ username, passwordOf }: { readonly username: string; readonly passwordOf: SecretKeyRef }): Account {
    return { username, password: this.value(passwordOf) };
  }

  /** Why the certificate of a Secret must be issued anew: its parts are judged together. */
  private certificateProblem(request: CertificateRequest, id: string): string | undefined {
    const known = this.props.known.get(id) ?? {};
    const ca = this.authority?.certificate ?? known['ca.crt'];
    const parts = Object.entries(this.plans.get(id)?.keys ?? {}).flatMap(([key, spec]) =>
      spec.kind === 'certificate' ? [[spec.part, known[key]] as const] : [],
    );
    if (parts.some(([, value]) => value === undefined)) return 'has lost a part';
    const oldCa = parts.find(([part]) => part === 'ca.crt')?.[1];
    if (oldCa !== undefined && ca !== undefined && !sameCertificate(oldCa, ca)) return 'was signed by another CA';
    return certificateProblem({ ...Object.fromEntries(parts), 'ca.crt': ca }, request, this.props.source.now());
  }

  /** The certificate of a Secret, issued once for all its parts. */
  private certificate(plan: SecretPlan, request: CertificateRequest): IssuedCertificate {
    const done = this.issued.get(idOf(plan));
    if (done !== undefined) return done;
    const authority = this.requireAuthority();
    const issued =
      authority === undefined
        ? { 'tls.crt': '', 'tls.key': '', 'ca.crt': '' }
        : issue(authority, request, this.props.source);
    this.issued.set(idOf(plan), issued);
    return issued;
  }

  private requireAuthority(): Authority | undefined {
    if (this.props.authority === 'new') {
      this.authority ??= createAuthority(this.props.domain, this.props.source);
    } else if (this.props.authority === 'lost') {
      this.problems.add(
        'certificates of the private CA are in use, and more are needed, but its key is not here: pass its file with --ca',
      );
    }
    return this.authority;
  }
}

/** The values that regions share, as one region knows them. */
export function sharedValues(secrets: readonly SecretPlan[], known: KnownValues): Map<string, string> {
  const values = secrets.flatMap((plan) =>
    Object.entries(plan.keys).flatMap(([key, spec]) => {
      const value = known.get(idOf(plan))?.[key];
      if (!isShared(spec) || value === undefined || value === '') return [];
      return spec.kind === 'shared' || isRsaKey(value) ? [[spec.name, value] as const] : [];
    }),
  );
  // The first that has it counts.
  return new Map([...values].reverse());
}

/** Whether certificates of the topology's private CA are among the known values of a region. */
export function usesAuthority(secrets: readonly SecretPlan[], known: KnownValues): boolean {
  return secrets.some(
    (plan) =>
      plan.source === 'generated' &&
      Object.entries(plan.keys).some(
        ([key, spec]) =>
          (spec.kind === 'ca' || spec.kind === 'certificate') && known.get(idOf(plan))?.[key] !== undefined,
      ),
  );
}

const nameOf = (ref: SecretKeyRef): string => `${ref.namespace}/${ref.secret} (key ${ref.key})`;

function sameCertificate(one: string, other: string): boolean {
  try {
    return new X509Certificate(one).fingerprint256 === new X509Certificate(other).fingerprint256;
  } catch {
    return false;
  }
}
