import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { CliError, EXIT } from './io.js';

/** The sentence in a file's first lines by which it is known as made for one topology, and may be replaced. */
export const markOf = (domain: string): string => `Made by harbor-fleet for ${domain}; changes here are lost.`;

/** Whether a text was made for a topology; without a domain, for any. */
const isMarked = (text: string, domain?: string): boolean =>
  text.slice(0, 400).includes(domain === undefined ? (markOf('').split(';')[0] ?? '') : markOf(domain));

/** What becomes of one file. */
export interface FileChange {
  /** Below the folder, with `/`. */
  readonly path: string;
  readonly change: 'added' | 'changed' | 'unchanged' | 'removed';
}

/** Files to be written below a folder. */
export interface OutputProps {
  readonly folder: string;
  /** Marked texts by their path below the folder. */
  readonly files: ReadonlyMap<string, string>;
  readonly domain: string;
  /** Folders below the folder whose own files are removed when they are no longer made. @default - all */
  readonly complete?: readonly string[];
}

/**
 * What writing would change. Nothing is written.
 *
 * @throws CliError when a file is in the way that was not made for this topology
 */
export function changesOf(props: OutputProps): FileChange[] {
  const { folder, files, domain } = props;
  const foreign: string[] = [];
  const written = [...files].map(([path, text]): FileChange => {
    const target = join(folder, path);
    if (!existsSync(target)) return { path, change: 'added' };
    const before = statSync(target).isFile() ? readFileSync(target, 'utf8') : '';
    if (!isMarked(before, domain)) foreign.push(target);
    return { path, change: before === text ? 'unchanged' : 'changed' };
  });
  if (foreign.length > 0) {
    throw new CliError(
      EXIT.refused,
      `${foreign.map((path) => `${path} was not made for ${domain}`).join('\n')}\nNothing was written: remove them, or choose another folder with --out`,
    );
  }
  const removed = (props.complete ?? foldersOf(folder))
    .flatMap((name) => ownFiles(folder, name, domain))
    .filter((path) => !files.has(path))
    .map((path): FileChange => ({ path, change: 'removed' }));
  return [...written, ...removed].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Writes all files, or none: they are made in a folder beside and moved into place when all are there. */
export function writeFiles(props: OutputProps): FileChange[] {
  const { folder, files } = props;
  const changes = changesOf(props);
  const moved = changes.filter(({ change }) => change === 'added' || change === 'changed');
  mkdirSync(folder, { recursive: true });
  const workshop = mkdtempSync(join(folder, '.harbor-fleet-'));
  try {
    for (const { path } of moved) {
      mkdirSync(dirname(join(workshop, path)), { recursive: true });
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(workshop, path), files.get(path) ?? '');
    }
    for (const { path } of moved) renameSync(join(workshop, path), join(folder, path));
  } finally {
    rmSync(workshop, { recursive: true });
  }
  for (const { path } of changes.filter(({ change }) => change === 'removed')) {
    rmSync(join(folder, path));
    const parent = dirname(join(folder, path));
    if (readdirSync(parent).length === 0) rmdirSync(parent);
  }
  return changes;
}

const foldersOf = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
    : [];

/** Manifests of a folder that were made for this topology, or without a domain for any. */
function ownFiles(folder: string, name: string, domain?: string): string[] {
  const path = join(folder, name);
  if (!existsSync(path) || !statSync(path).isDirectory()) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && (entry.name.endsWith('.yaml') || entry.name === 'Kustomization'))
    .filter((entry) => isMarked(readFileSync(join(path, entry.name), 'utf8'), domain))
    .map((entry) => (name === '' ? entry.name : `${name}/${entry.name}`));
}

/** Whether manifests are written to a folder, so that nothing else should be. */
export const isOutputFolder = (folder: string): boolean =>
  ['', ...foldersOf(folder)].some((name) => ownFiles(folder, name).length > 0);
