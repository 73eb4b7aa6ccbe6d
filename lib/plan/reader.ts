import { isDeferred } from './deferred.js';
import type { Issues } from './issues.js';

/** What a text must look like, and the words that say so in an error. */
export interface TextRule {
  readonly pattern: RegExp;
  /** Completes "allowed: …", such as `a DNS name, at most 253 characters`. */
  readonly allowed: string;
  readonly maxLength?: number;
}

/**
 * Reads props that may come from TypeScript, JavaScript or a YAML file, and records every mistake instead of stopping at
 * the first. A deferred text passes unread, because nothing is known of it yet.
 */
export class Reader {
  private readonly source: Readonly<Record<string, unknown>>;

  constructor(
    source: unknown,
    readonly path: string,
    readonly issues: Issues,
  ) {
    const isRecord = source !== null && typeof source === 'object' && !Array.isArray(source);
    if (!isRecord && source !== undefined) {
      issues.error(path, 'is not a map of settings', source, 'a map', 'write its settings as keys below it');
    }
    this.source = isRecord ? (source as Record<string, unknown>) : {};
  }

  /** The path of a key, as it stands in an error. */
  at(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  has(key: string): boolean {
    return this.source[key] !== undefined;
  }

  raw(key: string): unknown {
    return this.source[key];
  }

  child(key: string): Reader {
    return new Reader(this.source[key], this.at(key), this.issues);
  }

  /** One reader for each entry of a map, by name. */
  entries(key: string): readonly (readonly [string, Reader])[] {
    const map = new Reader(this.source[key], this.at(key), this.issues);
    return Object.keys(map.source).map((name) => [name, map.child(name)] as const);
  }

  /** The names in a map whose values are no maps. */
  names(key: string): readonly string[] {
    return Object.keys(this.child(key).source);
  }

  /** One reader for each item of a list. */
  items(key: string): readonly Reader[] {
    const list = this.source[key];
    if (list === undefined) return [];
    if (!Array.isArray(list)) {
      this.issues.error(this.at(key), 'is not a list', list, 'a list', 'put the value in [ ]');
      return [];
    }
    return list.map((item, i) => new Reader(item, `${this.at(key)}[${i}]`, this.issues));
  }

  /** Records every key that is not one of these: a misspelt setting must not be ignored silently. */
  only(...keys: readonly string[]): this {
    for (const key of Object.keys(this.source)) {
      if (keys.includes(key) || this.source[key] === undefined) continue;
      const near = nearest(key, keys);
      this.issues.error(
        this.at(key),
        'is not a setting here',
        key,
        `one of ${[...keys].sort().join(', ')}`,
        near ? `did you mean "${near}"?` : 'remove it',
      );
    }
    return this;
  }

  text(key: string, rule?: TextRule): string | undefined {
    const value = this.source[key];
    if (value === undefined) return undefined;
    if (typeof value !== 'string' || value === '') {
      this.issues.error(
        this.at(key),
        'is not a text',
        value,
        rule?.allowed ?? 'a text',
        'write it as a text in quotes',
      );
      return undefined;
    }
    if (rule !== undefined) checkText(value, rule, this.at(key), this.issues);
    return value;
  }

  requiredText(key: string, rule?: TextRule): string {
    if (!this.has(key)) this.missing(key, rule?.allowed ?? 'a text');
    return this.text(key, rule) ?? '';
  }

  texts(key: string, rule?: TextRule): readonly string[] | undefined {
    const list = this.source[key];
    if (list === undefined) return undefined;
    if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) {
      this.issues.error(this.at(key), 'is not a list of texts', list, 'a list of texts', 'write it as ["…", "…"]');
      return undefined;
    }
    const texts = list as string[];
    if (rule !== undefined) {
      for (const [i, text] of texts.entries()) checkText(text, rule, `${this.at(key)}[${i}]`, this.issues);
    }
    return texts;
  }

  /** A map of texts, such as labels or annotations. */
  textMap(key: string): Readonly<Record<string, string>> | undefined {
    const map = this.source[key];
    if (map === undefined) return undefined;
    const valid =
      map !== null &&
      typeof map === 'object' &&
      !Array.isArray(map) &&
      Object.values(map).every((v) => typeof v === 'string');
    if (valid) return map as Record<string, string>;
    this.issues.error(
      this.at(key),
      'is not a map of texts',
      map,
      'a map of texts',
      'put numbers and true/false in quotes',
    );
    return undefined;
  }

  flag(key: string): boolean | undefined {
    const value = this.source[key];
    if (value === undefined || typeof value === 'boolean') return value;
    this.issues.error(this.at(key), 'is not a switch', value, 'true or false', 'write true or false, without quotes');
    return undefined;
  }

  /** A whole number within bounds. */
  count(key: string, min: number, max: number): number | undefined {
    const value = this.source[key];
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    const allowed = `a whole number from ${min} to ${max}`;
    this.issues.error(this.at(key), 'is out of range', value, allowed, `set it to ${allowed}`);
    return undefined;
  }

  /** A list of whole numbers within bounds. */
  counts(key: string, min: number, max: number): readonly number[] | undefined {
    const list = this.source[key];
    if (list === undefined) return undefined;
    const isCount = (item: unknown): boolean => Number.isInteger(item) && Number(item) >= min && Number(item) <= max;
    if (Array.isArray(list) && list.every(isCount)) return list as number[];
    this.issues.error(
      this.at(key),
      'is not a list of whole numbers within bounds',
      list,
      `a list of whole numbers from ${min} to ${max}`,
      'write it as [1, 2], without quotes',
    );
    return undefined;
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.source[key];
    if (value === undefined || choices.includes(value as T)) return value as T | undefined;
    const near = typeof value === 'string' ? nearest(value, choices) : undefined;
    this.issues.error(
      this.at(key),
      'is not one of the choices',
      value,
      choices.join(', '),
      near ? `did you mean "${near}"?` : `use ${choices.join(' or ')}`,
    );
    return undefined;
  }

  /** A text that a function can measure, such as a size or a duration, within bounds of that measure. */
  quantity<T extends string>(
    key: string,
    measure: (text: string) => number,
    allowed: string,
    min = Number.MIN_VALUE,
    max = Number.MAX_VALUE,
  ): T | undefined {
    const value = this.source[key];
    if (value === undefined) return undefined;
    const amount = typeof value === 'string' ? measure(value) : Number.NaN;
    if (amount >= min && amount <= max) return value as T;
    this.issues.error(this.at(key), 'is not a quantity allowed here', value, allowed, `write ${allowed}`);
    return undefined;
  }

  missing(key: string, allowed: string): void {
    this.issues.error(this.at(key), 'is missing', undefined, allowed, `add "${key}"`);
  }
}

/** Checks one text against a rule, unless it is deferred. */
export function checkText(value: string, rule: TextRule, path: string, issues: Issues): void {
  if (isDeferred(value)) return;
  const max = rule.maxLength;
  if (max !== undefined && value.length > max) {
    issues.error(
      path,
      `is too long (${value.length} characters)`,
      value,
      rule.allowed,
      `shorten it to ${max} characters`,
    );
  } else if (!rule.pattern.test(value)) {
    issues.error(path, 'is not valid', value, rule.allowed, `write ${rule.allowed}`);
  }
}

/** The candidate that differs least, when it is near enough to be a slip of the pen. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  return ranked !== undefined && ranked.distance <= Math.max(1, Math.floor(word.length / 3))
    ? ranked.candidate
    : undefined;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
