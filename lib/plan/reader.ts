import { derive, isDeferred } from './deferred.js';
import { HIDDEN, type Issues, isOutput, LATE, PlanError } from './issues.js';

/** What a text must look like, and the words that say so in an error. */
export interface TextRule {
  readonly pattern: RegExp;
  /** Completes "allowed: …", such as `a DNS name, at most 253 characters`. */
  readonly allowed: string;
  readonly maxLength?: number;
  /** Whether it must be known when planned, because names and lists are made of it. @default false */
  readonly known?: boolean;
}

/**
 * Reads props that may come from TypeScript, JavaScript or a YAML file, and records every mistake instead of stopping at
 * the first. A deferred text passes unread, because nothing is known of it yet; where anything is decided by it, it is a mistake.
 */
export class Reader {
  private readonly source: Readonly<Record<string, unknown>>;
  /** Something is there, but no map: what it lacks is no mistake of its own. */
  private readonly isUnreadable: boolean;

  constructor(
    source: unknown,
    readonly path: string,
    readonly issues: Issues,
  ) {
    const isRecord = isMap(source);
    if (!isRecord && source !== undefined && !isLate(source, path, 'a map', issues)) {
      const fix = 'write its settings as keys below it';
      const list = Array.isArray(source) ? ', each with its name, without "-" or [ ]' : '';
      const [what, instead] = special(source) ?? [source, `${fix}${list}`];
      issues.error(path, 'is not a map of settings', what, 'a map', instead);
    }
    this.isUnreadable = !isRecord && source !== undefined;
    // Without what JavaScript gives every object: a region may be called `constructor`.
    this.source = Object.assign(Object.create(null), isRecord ? source : undefined);
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
    if (list === undefined || this.late(key, 'a list')) return [];
    if (!Array.isArray(list)) {
      this.issues.error(this.at(key), 'is not a list', list, 'a list', 'put the value in [ ]');
      return [];
    }
    return list.map((item, i) => new Reader(item, `${this.at(key)}[${i}]`, this.issues));
  }

  /**
   * Records every key that is not one of these: a misspelt setting must not be ignored silently.
   *
   * @param keys and, in a list, those that are taken away before but may be what was meant
   */
  only(...keys: readonly (string | readonly string[])[]): this {
    const all = keys.flat();
    for (const key of Object.keys(this.source)) {
      if (keys.includes(key) || this.source[key] === undefined) continue;
      const near = nearest(key, all);
      this.issues.error(
        this.at(key),
        'is not a setting here',
        key,
        `one of ${[...new Set(all)].sort().join(', ')}`,
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
    if (isBroken(value, this.at(key), this.issues)) return undefined;
    if (rule !== undefined) checkText(value, rule, this.at(key), this.issues);
    return value;
  }

  requiredText(key: string, rule?: TextRule): string {
    if (!this.has(key)) this.missing(key, rule?.allowed ?? 'a text');
    return this.text(key, rule) ?? '';
  }

  /**
   * A secret: only a deferred text passes, because any other would land in manifests, and none is ever shown. What it must look
   * like is asked when it is known: a `PlanError` then stops the deployment.
   *
   * @param fix where else to put it, such as a Secret and the setting that takes its name
   */
  secretText(key: string, fix: string, rule?: TextRule): string | undefined {
    const value = this.source[key];
    if (value === undefined) return undefined;
    if (typeof value === 'string' && isDeferred(value)) {
      const path = this.at(key);
      return rule === undefined ? value : derive(value, (text) => checkSecret(text, rule, path, this.issues.about));
    }
    const isText = typeof value === 'string';
    const problem = isText ? 'is a plain text, which would land in the manifests' : 'is not a text';
    const allowed = 'a value known only when deployed (a Pulumi Output); in manifests a Secret by name';
    this.issues.error(this.at(key), problem, HIDDEN, allowed, fix);
    return undefined;
  }

  texts(key: string, rule?: TextRule): readonly string[] | undefined {
    const list = this.source[key];
    if (list === undefined || this.late(key, 'a list of texts')) return undefined;
    if (!Array.isArray(list) || list.some((item) => typeof item !== 'string')) {
      this.issues.error(this.at(key), 'is not a list of texts', list, 'a list of texts', 'write it as ["…", "…"]');
      return undefined;
    }
    const texts = list as string[];
    if (texts.some((text, i) => isBroken(text, `${this.at(key)}[${i}]`, this.issues))) return undefined;
    if (rule !== undefined) {
      for (const [i, text] of texts.entries()) checkText(text, rule, `${this.at(key)}[${i}]`, this.issues);
    }
    return texts;
  }

  /** A map of texts, such as labels or annotations. */
  textMap(key: string): Readonly<Record<string, string>> | undefined {
    const map = this.source[key];
    if (map === undefined || this.late(key, 'a map of texts')) return undefined;
    if (isMap(map) && Object.values(map).every((v) => typeof v === 'string')) {
      const texts = map as Record<string, string>;
      for (const [name, text] of Object.entries(texts)) isBroken(text, `${this.at(key)}["${name}"]`, this.issues);
      return texts;
    }
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
    if (this.late(key, 'true or false')) return undefined;
    this.issues.error(this.at(key), 'is not a switch', value, 'true or false', 'write true or false, without quotes');
    return undefined;
  }

  /** A whole number within bounds. */
  count(key: string, min: number, max: number): number | undefined {
    const value = this.source[key];
    if (value === undefined) return undefined;
    const isCount = (number: number): boolean => Number.isInteger(number) && number >= min && number <= max;
    if (typeof value === 'number' && isCount(value)) return value;
    const allowed = `a whole number from ${min} to ${max}`;
    if (this.late(key, allowed)) return undefined;
    const quoted = typeof value === 'string' && value.trim() !== '' && isCount(Number(value));
    const problem = typeof value === 'number' ? 'is out of range' : `is ${quoted ? 'a text, ' : ''}not a number`;
    const fix = quoted ? `write ${value}, without quotes` : `set it to ${allowed}`;
    this.issues.error(this.at(key), problem, value, allowed, fix);
    return undefined;
  }

  /** A list of whole numbers within bounds. */
  counts(key: string, min: number, max: number): readonly number[] | undefined {
    const list = this.source[key];
    if (list === undefined) return undefined;
    const isCount = (item: unknown): boolean => Number.isInteger(item) && Number(item) >= min && Number(item) <= max;
    if (Array.isArray(list) && list.every(isCount)) return list as number[];
    const allowed = `a list of whole numbers from ${min} to ${max}`;
    if ([list].flat().some((item) => isLate(item, this.at(key), allowed, this.issues))) return undefined;
    this.issues.error(
      this.at(key),
      'is not a list of whole numbers within bounds',
      list,
      allowed,
      'write it as [1, 2], without quotes',
    );
    return undefined;
  }

  choice<T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.source[key];
    if (value === undefined || choices.includes(value as T)) return value as T | undefined;
    if (this.late(key, choices.join(', '))) return undefined;
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
    if (this.late(key, allowed)) return undefined;
    this.issues.error(this.at(key), 'is not a quantity allowed here', value, allowed, `write ${allowed}`);
    return undefined;
  }

  /** Records a value that is known too late to decide by it; tells whether it is one. */
  private late(key: string, allowed: string): boolean {
    return isLate(this.source[key], this.at(key), allowed, this.issues);
  }

  missing(key: string, allowed: string): void {
    if (this.isUnreadable) return;
    this.issues.error(this.at(key), 'is missing', undefined, allowed, `add "${key}"`);
  }
}

/** Whether it holds settings by name: not a list, a Promise, a Map or an Output, which have no keys of their own. */
const isMap = (value: unknown): value is object =>
  Object.prototype.toString.call(value) === '[object Object]' && !isOutput(value);

/** What an error shows of a value that JavaScript made of a map, and what to do instead. */
function special(value: unknown): readonly [string, string] | undefined {
  if (isOutput(value)) return ['an Output', 'give a map whose texts are Outputs'];
  if (typeof value === 'function') return ['a function', 'call it, with its settings in ( )'];
  switch (Object.prototype.toString.call(value)) {
    case '[object Promise]':
      return ['a Promise', 'write "await" before it'];
    case '[object Map]':
      return ['a Map', 'write Object.fromEntries( ) around it'];
    default:
      return undefined;
  }
}

/** Records a text that an Output in a template literal became: what JavaScript makes of it is a sentence about what to do instead. */
function isBroken(text: string, path: string, issues: Issues): boolean {
  if (!text.includes('Calling [toString] on an [Output<') && !text.includes('Calling [toJSON] on an [Output<'))
    return false;
  const fix = 'write pulumi.interpolate`…` in place of `…`';
  issues.error(
    path,
    'has an Output in it that was turned into a text',
    'an Output in a text',
    'a text, or an Output',
    fix,
  );
  return true;
}

/** Records a value that is known too late to decide by it; tells whether it is one. */
export function isLate(value: unknown, path: string, allowed: string, issues: Issues): boolean {
  if (typeof value !== 'string' || !isDeferred(value)) return false;
  issues.error(
    path,
    'is known only when deployed, and what is made depends on it',
    LATE,
    allowed,
    "write it in the program, or read it from the stack's configuration, or another stack's output as a plain value: (await reference.getOutputDetails('<output>')).value",
  );
  return true;
}

/** Checks one text against a rule; of a deferred one only whether it may come late. */
export function checkText(value: string, rule: TextRule, path: string, issues: Issues): void {
  if (isDeferred(value)) {
    if (rule.known === true) isLate(value, path, rule.allowed, issues);
    return;
  }
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

function checkSecret(text: string, { pattern, allowed }: TextRule, path: string, about: string): string {
  if (pattern.test(text)) return text;
  const issue = { path, problem: 'is not valid', given: HIDDEN, allowed, fix: `give it ${allowed}` };
  throw new PlanError([{ ...issue, level: 'error' }], about);
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
