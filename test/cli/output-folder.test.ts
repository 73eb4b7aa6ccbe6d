import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { type CliError, EXIT } from '../../lib/cli/io.js';
import { changesOf, isOutputFolder, markOf, type OutputProps, writeFiles } from '../../lib/cli/output-folder.js';
import { testFolder, write } from './fixtures.js';

const root = testFolder();
let count = 0;
const DOMAIN = 'registry.example.com';
const own = (text: string, domain = DOMAIN): string => `# ${markOf(domain)}\n${text}\n`;

/** A fresh folder in which `a/1.yaml` and `b/1.yaml` were written. */
function written(): { folder: string; props: (files: Record<string, string>, complete?: string[]) => OutputProps } {
  const folder = join(root, String(count++));
  const props = (files: Record<string, string>, complete?: string[]): OutputProps => ({
    folder,
    files: new Map(Object.entries(files)),
    domain: DOMAIN,
    complete,
  });
  writeFiles(props({ 'a/1.yaml': own('one'), 'b/1.yaml': own('one') }));
  return { folder, props };
}

/** The refusal that an action ends with. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect((error as CliError).exitCode).toBe(EXIT.refused);
    return (error as CliError).message;
  }
  throw new Error('nothing was refused');
}

it('writes what is new or changed, and leaves what is the same untouched', () => {
  const { folder, props } = written();
  const old = new Date('2020-01-01');
  utimesSync(join(folder, 'a/1.yaml'), old, old);
  const changes = writeFiles(props({ 'a/1.yaml': own('one'), 'b/1.yaml': own('two'), 'c/1.yaml': own('three') }));
  expect(changes).toEqual([
    { path: 'a/1.yaml', change: 'unchanged' },
    { path: 'b/1.yaml', change: 'changed' },
    { path: 'c/1.yaml', change: 'added' },
  ]);
  expect(statSync(join(folder, 'a/1.yaml')).mtime).toEqual(old);
  expect(readFileSync(join(folder, 'b/1.yaml'), 'utf8')).toBe(own('two'));
  expect(readdirSync(folder)).toEqual(['a', 'b', 'c']);
});

it('removes its own files that are no longer made, and their empty folders', () => {
  const { folder, props } = written();
  write(folder, { 'b/Kustomization': own('list') });
  expect(writeFiles(props({ 'a/2.yaml': own('one') }))).toEqual([
    { path: 'a/1.yaml', change: 'removed' },
    { path: 'a/2.yaml', change: 'added' },
    { path: 'b/1.yaml', change: 'removed' },
    { path: 'b/Kustomization', change: 'removed' },
  ]);
  expect(readdirSync(folder)).toEqual(['a']);
  expect(readdirSync(join(folder, 'a'))).toEqual(['2.yaml']);
});

it('removes only from the folders it is told to complete', () => {
  const { folder, props } = written();
  writeFiles(props({ 'a/2.yaml': own('one') }, ['a']));
  expect(existsSync(join(folder, 'a/1.yaml'))).toBe(false);
  expect(existsSync(join(folder, 'b/1.yaml'))).toBe(true);
});

it('never removes what it did not write, nor what it wrote for another topology', () => {
  const { folder, props } = written();
  write(folder, {
    'a/mine.yaml': 'kind: Mine\n',
    'b/other.yaml': own('x', 'registry.example.com.cn'),
    'a/1.txt': own('x'),
  });
  writeFiles(props({}));
  expect(readdirSync(join(folder, 'a')).sort()).toEqual(['1.txt', 'mine.yaml']);
  expect(readdirSync(join(folder, 'b'))).toEqual(['other.yaml']);
});

it('refuses to overwrite what it did not write, all at once, and then writes nothing', () => {
  const { folder, props } = written();
  write(folder, { 'a/2.yaml': 'kind: Mine\n', 'b/2.yaml': own('x', 'other.example.com'), 'c/1.yaml/x': '' });
  const files = { 'a/0.yaml': own('x'), 'a/2.yaml': own('x'), 'b/2.yaml': own('x'), 'c/1.yaml': own('x') };
  const message = refusal(() => writeFiles(props(files)));
  for (const path of ['a/2.yaml', 'b/2.yaml', 'c/1.yaml'])
    expect(message).toContain(`${path} was not made for ${DOMAIN}`);
  expect(message).not.toContain('a/0.yaml');
  expect(existsSync(join(folder, 'a/0.yaml'))).toBe(false);
  expect(existsSync(join(folder, 'a/1.yaml'))).toBe(true);
});

it('changes nothing when a file cannot be written', () => {
  const { folder, props } = written();
  write(folder, { c: 'a file where a folder should be' });
  expect(() => writeFiles(props({ 'a/1.yaml': own('two'), 'c/1.yaml': own('x') }))).toThrow();
  expect(readFileSync(join(folder, 'a/1.yaml'), 'utf8')).toBe(own('one'));
  expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'c']);
});

it('tells changes without writing', () => {
  const { folder, props } = written();
  expect(changesOf(props({ 'a/1.yaml': own('two') })).map(({ change }) => change)).toEqual(['changed', 'removed']);
  expect(readFileSync(join(folder, 'a/1.yaml'), 'utf8')).toBe(own('one'));
});

it('knows a folder of manifests, of any topology, from above and from within', () => {
  const { folder } = written();
  expect(isOutputFolder(folder)).toBe(true);
  expect(isOutputFolder(join(folder, 'a'))).toBe(true);
  expect(isOutputFolder(root)).toBe(false);
  expect(isOutputFolder(join(root, 'absent'))).toBe(false);
});
