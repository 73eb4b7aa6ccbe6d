import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { SettingsPlan } from '../plan/settings.js';
import { partFile } from './part-file.js';

/** Settings that lie in several files: lists go on in the next one. */
export interface Settings {
  readonly plan: SettingsPlan;
  /** SHA-256 of all files together. */
  readonly sha256: string;
}

/** Reads the settings of a file, and of those that go on with it. */
export function readSettingsFiles(settings: string): Settings {
  const texts: string[] = [];
  for (let part = 0; part === 0 || existsSync(partFile(settings, part)); part++)
    texts.push(readFileSync(partFile(settings, part), 'utf8'));
  const [first = {}, ...more] = texts.map((text) => JSON.parse(text) as Record<string, unknown>);
  const whole: Record<string, unknown> = { ...first };
  for (const part of more)
    for (const [key, list] of Object.entries(part))
      whole[key] = [...((whole[key] as unknown[] | undefined) ?? []), ...(list as unknown[])];
  return {
    plan: whole as unknown as SettingsPlan,
    sha256: createHash('sha256').update(texts.join('')).digest('hex'),
  };
}
