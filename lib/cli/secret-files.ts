import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { RegionPlan } from '../plan/plan.js';
import { CliError, EXIT } from './io.js';

/** Name of the CA's file. Not YAML, so that `kubectl apply -f <folder>` never sends it to a cluster. */
const AUTHORITY_FILE = 'private-ca.pem';

/** Where the secrets of a topology are kept. */
export interface SecretFiles {
  /** Path without extension, by region: `secrets/virginia` stands for `virginia.yaml`, `virginia_02.yaml` … */
  readonly bases: ReadonlyMap<string, string>;
  readonly authority: string;
}

/**
 * Where each region's secrets go.
 *
 * @param out a folder with a file for each region, or a `.yaml` file when only one region is meant
 * @throws CliError when one file is given for several regions
 */
export function secretFiles(out: string, authority: string | undefined, regions: readonly RegionPlan[]): SecretFiles {
  const isFile = ['.yaml', '.yml'].includes(extname(out));
  const [only, ...others] = regions;
  if (isFile && (only === undefined || others.length > 0)) {
    const names = regions.map(({ name }) => name).join(', ');
    throw new CliError(
      EXIT.usage,
      `--out names one file, but there are several regions (${names}), and no cluster should get another's secrets: add --region, or name a folder`,
    );
  }
  const base = isFile ? out.slice(0, -extname(out).length) : undefined;
  return {
    bases: new Map(regions.map(({ name }) => [name, base ?? join(out, name)])),
    authority: authority ?? join(isFile ? dirname(out) : out, AUTHORITY_FILE),
  };
}

/** The files of one region that exist, in the order they were made: `virginia.yaml`, then `virginia_02.yaml` … */
export function filesOf(base: string, cwd: string): string[] {
  const folder = resolve(cwd, dirname(base));
  if (!existsSync(folder)) return [];
  const name = basename(base);
  return readdirSync(folder)
    .filter(
      (file) =>
        file === `${name}.yaml` || (file.startsWith(`${name}_`) && /^_\d\d\.yaml$/.test(file.slice(name.length))),
    )
    .sort((a, b) => a.length - b.length || (a < b ? -1 : 1))
    .map((file) => join(dirname(base), file));
}

/** The file that comes after these. */
export const nextFile = (base: string, existing: readonly string[]): string =>
  existing.length === 0
    ? `${base}.yaml`
    : `${base}_${String(numberOf(existing.at(-1) ?? '') + 1).padStart(2, '0')}.yaml`;

const numberOf = (file: string): number => Number(/_(\d\d)\.yaml$/.exec(file)?.[1] ?? '1');

/** Writes a file that only its owner may read. An existing file is never touched: that is an error. */
export function writePrivateFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } catch (error) {
    rmSync(path);
    throw error;
  } finally {
    closeSync(file);
  }
}

/** The text of a file, or nothing when there is none. */
export const readIfThere = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;

/** Whether git would take a file into the next commit: it is in a work tree and not ignored. */
export function isInGit(path: string): boolean {
  let folder = dirname(path);
  while (!existsSync(folder)) folder = dirname(folder);
  try {
    execFileSync('git', ['-C', folder, 'check-ignore', '--quiet', path], { stdio: 'ignore', timeout: 5_000 });
    return false;
  } catch (error) {
    // 1: not ignored. 128: no work tree; anything else: no git.
    return (error as { status?: number }).status === 1;
  }
}
