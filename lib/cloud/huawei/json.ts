/** A value of JSON. */
export type JsonValue = string | number | boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** A value of an argument: JSON, or what a variable or another resource gives. */
export type Value =
  | string
  | number
  | boolean
  | Expression
  | Blocks
  | readonly Value[]
  | { readonly [key: string]: Value };

/** What a variable or an attribute of a resource gives; in JSON it is an expression of Terraform. */
export class Expression {
  constructor(
    /** `var` and the variable, or the kind of the resource and its name. */
    readonly root: readonly [kind: string, name: string],
    readonly path: readonly (string | number)[],
  ) {}

  toJSON(): string {
    // What is in a variable goes by keys of any letters.
    const steps = this.path.map((step, i) =>
      typeof step === 'string' && (this.root[0] !== 'var' || i > 0) ? `.${step}` : `[${JSON.stringify(step)}]`,
    );
    return `\${${this.root.join('.')}${steps.join('')}}`;
  }
}

/** A variable, or what is in it. */
export const variable = (name: string, ...path: readonly (string | number)[]): Expression =>
  new Expression(['var', name], path);

/** An attribute of another resource. */
export const attribute = (kind: string, name: string, ...path: readonly (string | number)[]): Expression =>
  new Expression([kind, name], path);

/** A block with one argument for each of late texts. */
export class Blocks {
  constructor(
    readonly argument: string,
    readonly texts: Expression,
  ) {}
}

/** Arguments of one resource. */
export type Arguments = Readonly<Record<string, Value>>;

/** Arguments of one kind of resource, by the resource's name. */
export type Resources = Readonly<Record<string, Arguments>>;

/** A name as Terraform takes it for a resource. */
export const identifier = (text: string): string => text.replace(/[^-A-Za-z0-9]/g, '_');

/** Kinds of resources of which there are any. */
export const filled = (kinds: Readonly<Record<string, Resources>>): Readonly<Record<string, Resources>> =>
  Object.fromEntries(Object.entries(kinds).filter(([, resources]) => Object.keys(resources).length > 0));

/** Resources as Terraform reads them. */
export const toJson = (
  kinds: Readonly<Record<string, Resources>>,
): Readonly<Record<string, Record<string, JsonValue>>> =>
  JSON.parse(JSON.stringify(kinds, (_key, value: unknown) => (isArguments(value) ? withDynamic(value) : value)));

const isArguments = (value: unknown): value is Arguments =>
  typeof value === 'object' && value !== null && Object.values(value).some((one) => one instanceof Blocks);

function withDynamic(given: Arguments): Arguments {
  const entries = Object.entries(given);
  const dynamic = entries.flatMap(([key, value]) =>
    value instanceof Blocks ? [[key, [loop(key, value)]] as const] : [],
  );
  return {
    ...Object.fromEntries(entries.filter(([, value]) => !(value instanceof Blocks))),
    dynamic: Object.fromEntries(dynamic),
  };
}

const loop = (key: string, { argument, texts }: Blocks): Arguments => ({
  for_each: texts,
  content: [{ [argument]: `\${${key}.value}` }],
});
