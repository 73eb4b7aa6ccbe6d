import type { Reader, TextRule } from './reader.js';

const SIXTY = '[0-5]?[0-9]';
/** Hours, days, months and days of the week, as Kubernetes and Harbor both take them. */
const FIELDS = ['(?:[01]?[0-9]|2[0-3])', '(?:0?[1-9]|[12][0-9]|3[01])', '(?:0?[1-9]|1[0-2])', '[0-6]'] as const;
const NAMES = ['', '', '|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC', '|SUN|MON|TUE|WED|THU|FRI|SAT'] as const;
const STEP = '(/[1-9][0-9]*)?';

const range = (number: string): string => `${number}(-${number})?`;
const FIELD = (number: string): string => String.raw`(\*|${range(number)}(,${range(number)})*)${STEP}`;
const MINUTE = String.raw`(\*/[1-9][0-9]*|${range(SIXTY)}(,${range(SIXTY)})*${STEP})`;
/** A list in which each part may have a step of its own. */
const LIST = (number: string): string => String.raw`(\*|${range(number)})${STEP}(,(\*|${range(number)})${STEP})*`;

/** Five cron fields. Harbor refuses a star as minute, and keeps 64 characters of its six fields. */
const HARBOR_CRON: TextRule = {
  pattern: new RegExp(
    `^(never|@(hourly|daily|weekly)|${MINUTE}${FIELDS.map((field) => ` ${FIELD(field)}`).join('')})$`,
  ),
  allowed:
    'five cron fields of at most 62 characters, the minute not "*", such as "30 3 * * *" or "0-55/5 * * * *", or @hourly, @daily, @weekly; in UTC',
  maxLength: 62,
};

/** Five cron fields of Kubernetes, which knows names of months and days. */
const JOB_CRON: TextRule = {
  pattern: new RegExp(
    `^(@(hourly|daily|weekly)|${LIST(SIXTY)}${FIELDS.map((field, i) => ` ${LIST(`(?:${field}${NAMES[i]})`)}`).join('')})$`,
    'i',
  ),
  allowed: 'five cron fields such as "*/5 * * * *", or @hourly',
};

/** Reads when Kubernetes runs something again and again. */
export const readJobSchedule = (reader: Reader): string | undefined => reader.text('schedule', JOB_CRON);

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
