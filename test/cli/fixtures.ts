import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Io } from '../../lib/cli/io.js';
import { fixedSource } from '../secrets/fixtures.js';

/** A folder for one test file, removed when its tests have run. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Writes files below a folder. */
export function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** A world without terminal that remembers what was printed. */
export function testIo(cwd: string, more: Partial<Io> = {}): Io & { readonly printed: { out: string; err: string } } {
  const printed = { out: '', err: '' };
  return {
    cwd,
    out: (text) => {
      printed.out += text;
    },
    err: (text) => {
      printed.err += text;
    },
    colours: { out: false, err: false },
    source: fixedSource(),
    env: {},
    stdin: async () => '',
    printed,
    ...more,
  };
}
