import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CliError, EXIT } from '../../lib/cli/io.js';
import { ENTRIES, parseTopology, readTopologyFile } from '../../lib/cli/topology-file.js';
import { exports as exported } from '../../package.json';
import { testFolder, write } from './fixtures.js';

const folder = testFolder();
const read = (file: string) => readTopologyFile(file, folder);

/** The message of a file's mistake, which is always one of usage. */
async function mistake(made: () => unknown): Promise<string> {
  try {
    await made();
  } catch (error) {
    expect(error).toBeInstanceOf(CliError);
    expect((error as CliError).exitCode).toBe(EXIT.usage);
    return (error as CliError).message;
  }
  throw new Error('no mistake was found');
}

describe('modules', () => {
  it.each([
    ['typed.ts', 'const domain: string = "a"; export default { domain } as const;'],
    ['module.mjs', 'export default { domain: "a" };'],
    ['common.cjs', 'module.exports = { domain: "a" };'],
    ['common-default.js', 'exports.__esModule = true; exports.default = { domain: "a" };'],
    ['nested/relative.ts', 'import { domain } from "./part"; export default { domain };'],
  ])('gives the default export of %s', async (file, text) => {
    write(folder, { [file]: text, 'nested/part.ts': 'export const domain = "a";' });
    expect(await read(file)).toEqual({ domain: 'a' });
  });

  it.each([
    ['none.ts', 'export const domain = "a";', /^none\.ts has no default export: write "export default/],
    ['function.ts', 'export default () => ({});', /^function\.ts exports a function/],
    ['text.ts', 'export default "a";', /^text\.ts has no default export/],
    ['throws.ts', 'throw new Error("no database");', /^throws\.ts cannot be loaded: no database, at throws\.ts:1$/],
    [
      'misspelt.ts',
      'import { Storage } from "./part";\n\nexport default { storage: (Storage as any).nas({}) };',
      /^misspelt\.ts cannot be loaded: Cannot read properties of undefined \(reading 'nas'\), at misspelt\.ts:3$/,
    ],
    [
      'import.ts',
      'import x from "not-installed"; export default x;',
      /^import\.ts cannot be loaded: Cannot find module 'not-installed'/,
    ],
    ['syntax.ts', 'export default {', /^syntax\.ts cannot be loaded: ParseError/],
  ])('says what is wrong with %s, without a stack trace', async (file, text, message) => {
    write(folder, { [file]: text, 'part.ts': 'export const part = 1;' });
    const said = await mistake(() => read(file));
    expect(said).toMatch(message);
    expect(said).not.toMatch(/^\s+at /m);
  });
});

it('lets a topology import all that the package exports', () => {
  const { './package.json': _, ...modules } = exported;
  const entries = Object.entries(ENTRIES).map(([name, path]) => [`.${name}`, `./dist/lib/${path}.js`]);
  expect(entries).toEqual(Object.entries(modules).map(([name, { default: path }]) => [name, path]));
});

describe('texts', () => {
  it('reads YAML, with merge keys, and JSON, with tabs', () => {
    expect(parseTopology('a: &a {x: 1}\nb:\n  <<: *a\n  y: "2"\n', 't.yaml')).toEqual({
      a: { x: 1 },
      b: { x: 1, y: '2' },
    });
    expect(parseTopology('{\n\t"a": [1,\n\t\t2]\n}', 't.json')).toEqual({ a: [1, 2] });
  });

  it('tells all mistakes at once, each with its line, duplicate keys among them', async () => {
    expect(await mistake(() => parseTopology('a: 1\nb: [1\nc: 2\na: 3\n', 't.yaml'))).toBe(
      't.yaml:3:1: flow sequence in block collection must be sufficiently indented and end with a ]: c: 2\nt.yaml:4:1: map keys must be unique: a: 3',
    );
    expect(await mistake(() => parseTopology('{"a": 1,\n "a": 2}', 't.json'))).toBe(
      't.json:2:2: map keys must be unique: "a": 2}',
    );
  });

  it.each([
    ['', 'is empty'],
    ['# nothing\n', 'is empty'],
    ['a: 1\n---\nb: 2\n', 'holds several YAML documents'],
  ])('refuses %j', async (text, problem) => {
    expect(await mistake(() => parseTopology(text, 't.yaml'))).toContain(`t.yaml ${problem}`);
  });
});

it('says when there is no such file, or it is of no kind that is known', async () => {
  mkdirSync(join(folder, 'folder.yaml'));
  expect(await mistake(() => read('absent.ts'))).toBe('absent.ts does not exist');
  expect(await mistake(() => read('folder.yaml'))).toBe('folder.yaml is not a file');
  expect(await mistake(() => read('topology.toml'))).toMatch(
    /^topology\.toml is not a topology file: write one of \.ts, /,
  );
});
