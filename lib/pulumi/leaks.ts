import { Output, output } from '@pulumi/pulumi';
import { MARKER_PREFIX } from '../plan/deferred.js';
import { lateMistake } from './errors.js';

/** The marker's beginning as it looks inside base64, wherever in a group of three bytes it begins: only whole characters of it. */
const IN_BASE64 = [0, 1, 2].map((shift) => {
  const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(MARKER_PREFIX)]).toString('base64');
  return text.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + MARKER_PREFIX.length) * 4) / 3));
});

/** Whether a text holds a late value that was not replaced: as it is, in capitals, or inside base64. */
const leaks = (text: string): boolean =>
  text.toLowerCase().includes(MARKER_PREFIX) || IN_BASE64.some((part) => text.includes(part));

/**
 * Refuses values in which a late value was re-encoded or cut, so that it could not be replaced: at once where they are known, else as
 * soon as they are. An Output that stands in many places is looked at once, for the first of them.
 *
 * @param where object and field, such as `ConfigMap harbor/harbor-core: data.app.conf`
 * @returns the same values
 * @throws Error that names the object and field
 */
export function refuseLeaks(value: unknown, where: string): unknown {
  if (typeof value === 'string') {
    if (!leaks(value)) return value;
    throw lateMistake(
      `${where} holds a late value that was cut or re-encoded, so it cannot be replaced: use derive(value, fn), or pass the value by a Secret`,
    );
  }
  if (Output.isInstance(value)) return checkedOnce(value, where);
  if (Array.isArray(value)) return value.map((item, i) => refuseLeaks(item, `${where}[${i}]`));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      refuseLeaks(key, `the name of a field at ${where}`);
      return [key, refuseLeaks(item, where.endsWith(': ') ? `${where}${key}` : `${where}.${key}`)];
    }),
  );
}

const checked = new WeakMap<object, Output<unknown>>();

function checkedOnce(value: Output<unknown>, where: string): Output<unknown> {
  const known = checked.get(value) ?? (output(value) as Output<unknown>).apply((one) => refuseLeaks(one, where));
  checked.set(value, known);
  return known;
}
