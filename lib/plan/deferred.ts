/**
 * Values that are known late. A deferred value travels as a short marker string wherever free text goes; after synthesis
 * `lift` swaps every marker for its live value, leaf by leaf. Whatever looks inside or re-encodes text goes through `derive`.
 * Markers are lower-case and safe in DNS names, URLs, YAML and JSON.
 */
type Entry = { readonly live: unknown } | { readonly from: unknown; readonly fn: (value: never) => unknown };

// One table a process, also when the package is installed twice.
const KEY = Symbol.for('harbor-fleet.deferred');
const store = globalThis as unknown as Record<symbol, Entry[] | undefined>;
store[KEY] ??= [];
const table: Entry[] = store[KEY];

/** How every marker begins: long enough to be recognised in base64 too. */
export const MARKER_PREFIX = 'late-value-tok-';
const MARKER = new RegExp(`${MARKER_PREFIX}([0-9a-f]{8})-kot`);
/** No shorter text holds a marker: most texts are shorter. */
const SHORTEST = MARKER_PREFIX.length + 8 + '-kot'.length;
const MARKERS = new RegExp(MARKER.source, 'g');

const mark = (entry: Entry): string => `${MARKER_PREFIX}${(table.push(entry) - 1).toString(16).padStart(8, '0')}-kot`;

/** A text with other words for every marker in it. */
export const replaceMarkers = (text: string, words: string): string => text.replace(MARKERS, words);

/** A marker that stands for a value known later. */
export const defer = (live: unknown): string => mark({ live });

/** Whether a deferred value stands anywhere inside. */
export function isDeferred(value: unknown): boolean {
  if (typeof value === 'string') return MARKER.test(value);
  if (value === null || typeof value !== 'object') return false;
  return Object.entries(value).some(([key, item]) => MARKER.test(key) || isDeferred(item));
}

/** Computes from a value: now when it is known, after deployment when a deferred value is inside. */
export function derive<T, R>(from: T, fn: (value: T) => R): R {
  return isDeferred(from) ? (mark({ from, fn: fn as (value: never) => unknown }) as R) : fn(from);
}

/** How late values are combined: Pulumi supplies Outputs, tests supply identity. */
export interface Runtime<X> {
  live(value: unknown): X;
  map(value: unknown, fn: (value: never) => unknown): X;
  concat(parts: readonly (string | X)[]): X;
}

/** Replaces every marker in a value by what the runtime makes of it. What holds none is returned as it is. */
export function lift<X>(value: unknown, runtime: Runtime<X>, memo: Map<string, X> = new Map()): unknown {
  if (typeof value === 'string') return liftText(value, runtime, memo);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => lift(item, runtime, memo));
    return items.some((item, i) => item !== value[i]) ? items : value;
  }
  const changes = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) {
    const made = lift(item, runtime, memo);
    if (made !== item) changes.set(key, made);
  }
  return changes.size === 0 ? value : { ...value, ...Object.fromEntries(changes) };
}

function liftText<X>(text: string, runtime: Runtime<X>, memo: Map<string, X>): unknown {
  if (text.length < SHORTEST || !MARKER.test(text)) return text;
  const markers = text.match(MARKERS) ?? [];
  if (markers[0] === text) return resolve(text, runtime, memo);
  const texts = text.split(new RegExp(MARKER.source.replace('(', '(?:')));
  return runtime.concat(
    texts.flatMap((part, i) => (i === 0 ? [part] : [resolve(markers[i - 1] ?? '', runtime, memo), part])),
  );
}

function resolve<X>(marker: string, runtime: Runtime<X>, memo: Map<string, X>): X {
  const known = memo.get(marker);
  if (known !== undefined) return known;
  const entry = table[Number.parseInt(MARKER.exec(marker)?.[1] ?? '', 16)];
  if (entry === undefined) throw new Error(`unknown deferred value ${marker}: it was made by another process`);
  const made = 'fn' in entry ? runtime.map(lift(entry.from, runtime, memo), entry.fn) : runtime.live(entry.live);
  memo.set(marker, made);
  return made;
}
