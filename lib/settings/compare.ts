/** One field that is not as it shall be, as texts for people. */
export interface Difference {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The fields of `wanted` that are different in `found`. A field that is `undefined` in `wanted` is none of our business; what
 * stands in lists counts in its order.
 *
 * @param hidden fields whose values are never shown
 */
export function differences(
  wanted: object,
  found: object | undefined,
  hidden: readonly string[] = [],
): readonly Difference[] {
  const before = new Map(Object.entries(found ?? {}));
  return Object.entries(wanted).flatMap(([field, value]) => {
    if (value === undefined || canonical(value) === canonical(before.get(field))) return [];
    const show = (one: unknown): string =>
      one === undefined ? 'nothing' : hidden.includes(field) ? '(hidden)' : text(one);
    return [{ field, from: show(before.get(field)), to: show(value) }];
  });
}

/** A value as one text, the same for objects whose keys are in another order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item) =>
    item !== null && typeof item === 'object' && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

const text = (value: unknown): string => (typeof value === 'string' ? `"${value}"` : canonical(value));
