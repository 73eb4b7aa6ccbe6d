/** A value of JSON. */
export type JsonValue = string | number | boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Arguments of one kind of resource, by the resource's name. */
export type Resources = Readonly<Record<string, JsonValue>>;

/** A name as Terraform takes it for a resource. */
export const identifier = (text: string): string => text.replace(/[^-A-Za-z0-9]/g, '_');

/** Kinds of resources of which there are any. */
export const filled = (kinds: Readonly<Record<string, Resources>>): Readonly<Record<string, Resources>> =>
  Object.fromEntries(Object.entries(kinds).filter(([, resources]) => Object.keys(resources).length > 0));
