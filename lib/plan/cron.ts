import type { Reader, TextRule } from './reader.js';

const FIELD = String.raw`(\*|[0-9]+(-[0-9]+)?(,[0-9]+(-[0-9]+)?)*)(/[0-9]+)?`;
const MINUTE = String.raw`(\*/[0-9]+|[0-5]?[0-9](-[0-5]?[0-9])?(,[0-5]?[0-9](-[0-5]?[0-9])?)*(/[0-9]+)?)`;

/** Five cron fields. Harbor refuses a star as minute, and keeps 64 characters of its six fields. */
const HARBOR_CRON: TextRule = {
  pattern: new RegExp(`^(never|@(hourly|daily|weekly)|${MINUTE}( ${FIELD}){4})$`),
  allowed:
    'five cron fields of at most 62 characters, the minute not "*", such as "30 3 * * *" or "0-55/5 * * * *", or @hourly, @daily, @weekly; in UTC',
  maxLength: 62,
};

const SHORT: Readonly<Record<string, string>> = {
  never: '',
  '@hourly': '0 0 * * * *',
  '@daily': '0 0 0 * * *',
  '@weekly': '0 0 0 * * 0',
};

/** A schedule in Harbor's six fields: it counts from seconds, which must be 0. An empty text for `never`. */
const harborCron = (cron: string): string => SHORT[cron] ?? `0 ${cron}`;

/** Reads a schedule as Harbor wants it. */
export function readCron(reader: Reader, key: string): string | undefined {
  const cron = reader.text(key, HARBOR_CRON);
  return cron === undefined ? undefined : harborCron(cron);
}

/** A minute, and an hour, that follow from a name, so that not everything starts at once. */
export function spreadOf(name: string): { readonly minute: number; readonly hour: number } {
  let hash = 0;
  for (const character of name) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_440;
  return { minute: hash % 60, hour: Math.floor(hash / 60) };
}
