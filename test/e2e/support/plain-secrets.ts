/** What marks an encrypted or, with `--show-secrets`, a decrypted value in an exported state. */
const SECRET_MARK = '4dabf18193072939515e22adb298388d';

interface ExportedState {
  readonly deployment: {
    readonly resources?: readonly {
      readonly type: string;
      readonly urn: string;
      readonly outputs?: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** Outputs of `@pulumi/random` and `@pulumi/tls` that hold what must not be read, marked as secret or not. */
const GENERATED = ['result', 'hex', 'base64', 'bcryptHash', 'privateKeyPem', 'privateKeyPemPkcs8', 'privateKeyOpenssh'];

/** The values that resources of a stack made, of a state exported with secrets in plain; by resource and output. */
export const generatedValues = (state: string): Readonly<Record<string, string>> => {
  const { resources = [] } = (JSON.parse(state) as ExportedState).deployment;
  const found = resources
    .filter(({ type }) => /^(random|tls):index\//.test(type))
    .flatMap(({ urn, outputs = {} }) =>
      GENERATED.map((key) => [`${urn.split('::').at(-1)} ${key}`, decrypted(outputs[key])] as const),
    );
  return Object.fromEntries(found.filter(([, value]) => value !== ''));
};

const decrypted = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const secret = value as { readonly [SECRET_MARK]?: string; readonly plaintext?: string } | null | undefined;
  const plain: unknown = secret?.[SECRET_MARK] ? JSON.parse(secret.plaintext ?? 'null') : undefined;
  return typeof plain === 'string' ? plain : '';
};

/**
 * The names of the values that a text holds in plain, escaped as JSON, or in base64, on their own or within something larger.
 *
 * @throws Error when a value is too short to be told from other text
 */
export const plainSecretsIn = (text: string, values: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(values)
    .filter(([name, value]) => {
      if (value.length < 8) throw new Error(`${name} is too short to be searched for`);
      return piecesOf(value).some((piece) => formsOf(piece).some((form) => text.includes(form)));
    })
    .map(([name]) => name);

/**
 * A key in PEM is searched for by its lines, because texts that hold one may indent it: by those of its second half, because the first
 * holds what is public.
 */
const piecesOf = (value: string): readonly string[] => {
  const lines = value.trim().split('\n');
  return [value, ...lines.slice(lines.length / 2).filter((line) => line.length >= 40 && line !== value)];
};

const formsOf = (value: string): readonly string[] => {
  const escaped = JSON.stringify(value).slice(1, -1);
  // Programs in Go, such as the engine, also escape what HTML would read.
  const html = escaped.replace(/[<>&]/g, (one) => `\\u00${one.charCodeAt(0).toString(16)}`);
  const twice = JSON.stringify(escaped).slice(1, -1);
  return [value, escaped, html, twice, ...[0, 1, 2].map((offset) => base64At(value, offset))];
};

/** What every base64 text has in it that holds the value behind `offset` (modulo 3) other bytes. */
const base64At = (value: string, offset: number): string => {
  const text = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString('base64');
  const end = text.endsWith('=') ? text.indexOf('=') - 1 : text.length;
  return text.slice([0, 2, 3][offset], end);
};
