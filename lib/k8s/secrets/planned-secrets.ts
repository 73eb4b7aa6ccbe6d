import { Construct } from 'constructs';
import { isDeferred } from '../../plan/deferred.js';
import { idOf, type SecretPlan, secretMetadata } from '../../plan/secrets.js';
import { manifest } from '../manifest.js';

/** Settings of planned Secrets. */
export interface PlannedSecretsProps {
  /** What to make; those of the user's own are passed over. */
  readonly secrets: readonly SecretPlan[];
  /** Their values by `namespace/name` and then by key: deferred texts, plain ones only where nothing is secret. */
  readonly values: ReadonlyMap<string, Readonly<Record<string, string>>>;
}

/**
 * The planned Secrets and ConfigMaps themselves, for whoever hands over values that are known only when deployed.
 *
 * @throws Error when a value is missing, or when it is secret and a plain text, which would land in the manifests
 */
export class PlannedSecrets extends Construct {
  constructor(scope: Construct, id: string, { secrets, values }: PlannedSecretsProps) {
    super(scope, id);
    for (const plan of secrets.filter(({ source }) => source === 'generated')) {
      const { objectKind: kind, namespace, name, type } = plan;
      const group = child(child(this, kind), namespace);
      const data = filled(plan, values.get(idOf(plan)) ?? {});
      const metadata = secretMetadata(plan);
      if (kind === 'ConfigMap') manifest(group, name, kind, { metadata, data });
      else manifest(group, name, kind, { metadata, type, stringData: data });
    }
  }
}

const child = (scope: Construct, id: string): Construct => {
  const known = scope.node.tryFindChild(id);
  return known instanceof Construct ? known : new Construct(scope, id);
};

/** The value of every planned key. */
function filled(plan: SecretPlan, values: Readonly<Record<string, string>>): Record<string, string> {
  const { objectKind, keys } = plan;
  return Object.fromEntries(
    Object.entries(keys).map(([key, { kind }]) => {
      const value = values[key];
      const place = `${objectKind} ${idOf(plan)}, key ${key}`;
      if (value === undefined) throw new Error(`${place}: has no value`);
      if (objectKind === 'Secret' && kind !== 'text' && !isDeferred(value)) {
        throw new Error(
          `${place}: its value is a plain text, which would land in the manifests: hand it over as a late value`,
        );
      }
      return [key, value];
    }),
  );
}
