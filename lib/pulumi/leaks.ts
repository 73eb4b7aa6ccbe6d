import { Output, output } from '@pulumi/pulumi';
import { MARKER_PREFIX } from '../plan/deferred.js';
import { lateMistake } from './errors.js';

/** The marker's beginning as it looks inside base64, wherever in a group of three bytes it begins: only whole characters of it. */
const IN_BASE64 = [0, 1, 2].map((shift) => {
  const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(MARKER_PREFIX)]).toString('base64');
  return text.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + MARKER_PREFIX.length) * 4) / 3));
});

/** No shorter text holds one: most texts are shorter. */
const SHORTEST = Math.min(MARKER_PREFIX.length, ...IN_BASE64.map(({ length }) => length));

/** Whether a text holds a late value that was not replaced: as it is, in capitals, or inside base64. */
const leaks = (text: string): boolean =>
  text.length >= SHORTEST &&
  (text.toLowerCase().includes(MARKER_PREFIX) || IN_BASE64.some((part) => text.includes(part)));

/** The way to a field, such as `data`, `app.conf`. */
type Path = readonly (string | number)[];

/**
 * Refuses values in which a late value was re-encoded or cut, so that it could not be replaced: at once where they are known, else as
 * soon as they are. An Output that stands in many places is looked at once, for the first of them.
 *
 * @param value whose Outputs are replaced in place by those that fail
 * @param where object, such as `ConfigMap harbor/harbor-core`
 * @returns the same value
 * @throws Error that names the object and field
 */
export const refuseLeaks = (value: unknown, where: string): unknown => visit(value, where, []);

function visit(value: unknown, where: string, path: (string | number)[]): unknown {
  if (typeof value === 'string') {
    if (leaks(value)) throw leak(fieldOf(where, path));
    return value;
  }
  if (value === null || typeof value !== 'object') return value;
  if (Output.isInstance(value)) return checkedOnce(value, where, [...path]);
  const fields = value as Record<string | number, unknown>;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    if (typeof key === 'string' && leaks(key)) throw leak(`the name of a field at ${fieldOf(where, path)}`);
    path.push(key);
    const item = fields[key];
    const checked = visit(item, where, path);
    if (checked !== item) fields[key] = checked;
    path.pop();
  }
  return value;
}

const leak = (field: string): Error =>
  lateMistake(
    `${field} holds a late value that was cut or re-encoded, so it cannot be replaced: use derive(value, fn), or pass the value by a Secret`,
  );

const fieldOf = (where: string, path: Path): string =>
  path.length === 0
    ? where
    : `${where}: ${path
        .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
        .join('')
        .replace(/^\./, '')}`;

const checked = new WeakMap<object, Output<unknown>>();

function checkedOnce(value: Output<unknown>, where: string, path: Path): Output<unknown> {
  const known = checked.get(value) ?? (output(value) as Output<unknown>).apply((one) => visit(one, where, [...path]));
  checked.set(value, known);
  return known;
}
