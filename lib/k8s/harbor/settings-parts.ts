import type { SettingsPlan } from '../../plan/settings.js';

/**
 * Bytes of one ConfigMap's settings. `kubectl apply` writes an object into an annotation of itself, which holds 262,144, with each quote and line end
 * escaped; and the first one holds the script too. A ConfigMap itself holds 1 MiB.
 */
const MOST = 120_000;

/**
 * Settings in parts of which each fits a ConfigMap: lists go on in the next part where one is full. One part where they are few, as they always were.
 */
export function settingsParts(settings: SettingsPlan): readonly object[] {
  const lists = Object.entries(settings).filter(([, value]) => Array.isArray(value) && value.length > 0);
  const whole = Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [key, Array.isArray(value) ? [] : value]),
  );
  const parts: Record<string, unknown>[] = [whole];
  let used = sizeOf(whole);
  for (const [key, list] of lists) {
    for (const item of list as readonly unknown[]) {
      const size = sizeOf(item);
      if (used + size > MOST) {
        parts.push({});
        used = 0;
      }
      const part = parts.at(-1) as Record<string, unknown[]>;
      part[key] ??= [];
      part[key].push(item);
      used += size;
    }
  }
  return parts;
}

/** As it stands in the file. */
const sizeOf = (value: unknown): number =>
  Buffer.byteLength((JSON.stringify(value, null, 2) ?? '').replaceAll('\n', '\n      '));
