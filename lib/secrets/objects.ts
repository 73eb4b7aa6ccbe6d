import { Document, parseAllDocuments, visit, type YAMLMap } from 'yaml';
import { idOf, type SecretPlan, secretMetadata } from '../plan/secrets.js';

/** Values of Secrets and ConfigMaps, by `namespace/name` and then by key. */
export type KnownValues = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** A planned Secret or ConfigMap with all its values. */
export interface FilledSecret {
  readonly plan: SecretPlan;
  readonly values: Readonly<Record<string, string>>;
}

/** A file that was read, with the reason why it cannot be used. */
export class SecretsFileError extends Error {}

/** Writes Secrets as one YAML text with a document for each. */
export function writeSecrets(header: readonly string[], secrets: readonly FilledSecret[]): string {
  const comment = header.map((line) => `# ${line}\n`).join('');
  return `${comment}---\n${secrets.map(document).join('---\n')}`;
}

function document({ plan, values }: FilledSecret): string {
  const metadata = secretMetadata(plan);
  const [rest, data] = plan.objectKind === 'ConfigMap' ? [{}, 'data'] : [{ type: plan.type }, 'stringData'];
  const yaml = new Document({ apiVersion: 'v1', kind: plan.objectKind, metadata, ...rest, [data]: values });
  visit(yaml.get(data) as YAMLMap, {
    // YAML 1.1 and 1.2 differ in which texts are numbers: in quotes none is.
    Scalar: (role, scalar) => {
      if (role === 'value' && !String(scalar.value).includes('\n')) scalar.type = 'QUOTE_DOUBLE';
    },
  });
  return yaml.toString({ lineWidth: 0 });
}

interface StoredObject {
  readonly kind?: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, unknown>>;
  readonly stringData?: Readonly<Record<string, unknown>>;
  readonly items?: readonly StoredObject[];
  readonly sops?: unknown;
}

/**
 * Reads the values of all Secrets and ConfigMaps in YAML texts: those this library wrote, or what `kubectl get -o yaml` prints.
 * Of one key given twice the later text counts.
 *
 * @param files texts by the name of their file
 * @throws SecretsFileError when a text is not YAML, or is encrypted
 */
export function readSecrets(files: ReadonlyMap<string, string>): KnownValues {
  const known = new Map<string, Record<string, string>>();
  for (const [file, text] of files) {
    for (const object of documents(file, text)) {
      const { name, namespace = 'default' } = object.metadata ?? {};
      if (name === undefined || (object.kind !== 'Secret' && object.kind !== 'ConfigMap')) continue;
      known.set(idOf({ namespace, name }), { ...known.get(idOf({ namespace, name })), ...valuesOf(object) });
    }
  }
  return known;
}

function documents(file: string, text: string): StoredObject[] {
  const objects = parseAllDocuments(text).flatMap((document): StoredObject[] => {
    // The parser's own message quotes the line, which may hold a secret: only its place is told.
    const [error] = document.errors;
    if (error !== undefined) throw new SecretsFileError(`${file} is not valid YAML${at(text, error.pos[0])}`);
    const object = document.toJS() as StoredObject | null;
    if (object === null || typeof object !== 'object') return [];
    if (object.sops !== undefined) throw new SecretsFileError(`${file} is encrypted: decrypt it first`);
    return [object];
  });
  return objects.flatMap((object) => (Array.isArray(object.items) ? object.items : [object]));
}

const at = (text: string, offset: number): string => ` (line ${text.slice(0, offset).split('\n').length})`;

function valuesOf(object: StoredObject): Record<string, string> {
  const decode = (value: unknown): string =>
    object.kind === 'Secret' ? Buffer.from(String(value), 'base64').toString() : String(value);
  const data = Object.entries(object.data ?? {}).map(([key, value]) => [key, decode(value)] as const);
  const texts = Object.entries(object.stringData ?? {}).map(([key, value]) => [key, String(value)] as const);
  return Object.fromEntries([...data, ...texts]);
}
