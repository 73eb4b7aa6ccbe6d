import { type ComponentResource, log, type Output } from '@pulumi/pulumi';
import type { Chart } from 'cdk8s';
import { PlannedSecrets } from '../k8s/secrets/planned-secrets.js';
import type { HarborPlan } from '../plan/harbor.js';
import type { Issue } from '../plan/issues.js';
import { idOf, type SecretPlan } from '../plan/secrets.js';
import type { CertificateAuthority } from './authority.js';
import { plain } from './inputs.js';
import { type LiveObjects, liveObjects, type ObjectOptions } from './manifests.js';
import { SecretValues, type SharedValues } from './secret-values.js';

/** Settings of components that make values once and keep them. */
export interface MadeArgs {
  /**
   * Generations of its Secrets by `namespace/name`, such as `{ 'harbor/harbor-nginx': 2 }`: another number makes the values of that Secret
   * anew and rolls the pods that read it. What only the database knows else (`secretKey`, the admin's and the embedded database's
   * password) stays as it is. @default - 1 each
   */
  readonly generations?: Readonly<Record<string, number>>;
  /**
   * Secrets by `namespace/name`, such as `harbor/harbor-core`, that are in the cluster already, left by a stack that was destroyed or by
   * `harbor-fleet secrets`: they are read and left as they are, instead of made. @default - none
   */
  readonly restore?: readonly string[];
}

/** What every component of planned objects is made from. */
export interface InstallationProps extends ObjectOptions, MadeArgs {
  readonly secrets: readonly SecretPlan[];
  readonly authority: () => CertificateAuthority;
  readonly shared?: SharedValues;
}

/** Planned objects in a cluster, with the values of their Secrets. */
export interface Installation {
  readonly objects: LiveObjects<void>;
  readonly values: SecretValues;
}

/** An installation as planned, whose pods roll when a value in their Secrets changes. */
type Revised = <
  P extends { readonly secrets: readonly SecretPlan[]; readonly secretRevisions: Readonly<Record<string, string>> },
>(
  plan: P,
) => P;

/** Makes the Secrets of planned installations, and the installations. */
export function install(
  parent: ComponentResource,
  name: string,
  { authority, shared, generations, configure, restore = [], ...props }: InstallationProps,
  build: (chart: Chart, revised: Revised) => void,
): Installation {
  const secrets = props.secrets.map(
    (plan): SecretPlan => (restore.includes(idOf(plan)) ? { ...plan, source: 'existing' } : plan),
  );
  const values = new SecretValues(parent, name, { secrets, authority, shared, generations });
  const secretsOf = (plan: { readonly secrets: readonly SecretPlan[] }) => {
    const own = new Set(plan.secrets.map(idOf));
    return secrets.filter((one) => own.has(idOf(one)));
  };
  const revised: Revised = (plan) => ({
    ...plan,
    secretRevisions: { ...plain(values.revisions(secretsOf(plan))), ...plan.secretRevisions },
  });
  const objects = liveObjects(
    parent,
    name,
    (chart) => {
      build(chart, revised);
      new PlannedSecrets(chart, 'secrets', { secrets, values: texts(values) });
    },
    { configure },
  );
  return { objects, values };
}

const texts = ({ values }: SecretValues): ReadonlyMap<string, Readonly<Record<string, string>>> =>
  new Map([...values].map(([id, byKey]) => [id, plain<Record<string, string>>(byKey)]));

/** Address that clients are sent to: of its load balancer or Ingress, once it has one. */
export function addressOf(
  { instance, namespace, exposure }: HarborPlan,
  objects: LiveObjects<void>,
): Output<string> | undefined {
  const front =
    exposure.type === 'loadBalancer'
      ? objects.find('Service', namespace, instance)
      : exposure.type === 'ingress'
        ? objects.find('Ingress', namespace, `${instance}-ingress`)
        : undefined;
  return front?.status.apply((status: FrontStatus | undefined) => {
    const [first] = status?.loadBalancer?.ingress ?? [];
    return first?.ip ?? first?.hostname ?? '';
  });
}

interface FrontStatus {
  readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string; readonly hostname?: string }[] };
}

/** Tells what works, but not as well as one may think, beside the component that it is about. */
export function warn(component: ComponentResource, warnings: readonly Issue[]): void {
  for (const { path, problem, given, allowed, fix } of warnings) {
    void log.warn(
      `${path}: ${problem}\n    given:   ${given}\n    better:  ${allowed}\n    fix:     ${fix}`,
      component,
    );
  }
}
