/**
 * A frozen copy that JSON can hold: keys without a value are left out, and nothing of the user's own props is shared, so
 * that freezing the plan does not freeze them. The plan, read back from its JSON, equals itself.
 */
export function seal<T>(value: T): T {
  return sealed(value, new Map()) as T;
}

// What is shared in the plan is shared in the copy: a hundred regions name each other's Harbors ten thousand times.
function sealed(value: unknown, known: Map<object, object>): unknown {
  if (value === null || typeof value !== 'object') return value;
  const earlier = known.get(value);
  if (earlier !== undefined) return earlier;
  const copy: Record<string, unknown> | unknown[] = Array.isArray(value)
    ? value.map((item) => sealed(item, known))
    : copied(value as Readonly<Record<string, unknown>>, known);
  known.set(value, copy);
  return Object.freeze(copy);
}

function copied(value: Readonly<Record<string, unknown>>, known: Map<object, object>): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined) continue;
    const kept = sealed(item, known);
    // A plain assignment to this name would set the prototype instead.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: kept, enumerable: true });
    else copy[key] = kept;
  }
  return copy;
}
