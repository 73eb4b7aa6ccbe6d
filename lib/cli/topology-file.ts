import { readFileSync, statSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
import { LineCounter, parseAllDocuments } from 'yaml';
import { CliError, EXIT, messageOf, planErrorIssues } from './io.js';

const MODULES = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];
/** What a topology may import of the package, as its `exports` have it. */
export const ENTRIES = {
  '': 'index',
  '/pulumi': 'pulumi/index',
  '/aws': 'cloud/aws/index',
  '/azure': 'cloud/azure/index',
  '/gcp': 'cloud/gcp/index',
  '/alicloud': 'cloud/alicloud/index',
  '/huawei': 'cloud/huawei/index',
  '/huawei/pulumi': 'cloud/huawei/pulumi',
  '/on-premises': 'cloud/on-premises/index',
  '/on-premises/pulumi': 'cloud/on-premises/pulumi',
  '/testing': 'testing',
};
const TEXTS = ['.yaml', '.yml', '.json'];

/**
 * Reads a topology's props: the default export of a TypeScript or JavaScript module, or a YAML or JSON file. What they mean
 * is for the plan to judge.
 *
 * @throws CliError with every mistake of the file, each with its line
 * @throws PlanError of a module that plans something itself
 */
export async function readTopologyFile(file: string, cwd: string): Promise<unknown> {
  const path = resolve(cwd, file);
  const extension = extname(file).toLowerCase();
  if (![...MODULES, ...TEXTS].includes(extension)) {
    throw unreadable(file, `is not a topology file: write one of ${[...MODULES, ...TEXTS].join(', ')}`);
  }
  const isFile = statSync(path, { throwIfNoEntry: false })?.isFile();
  if (isFile !== true) throw unreadable(file, isFile === false ? 'is not a file' : 'does not exist');
  return MODULES.includes(extension) ? readModule(path, file) : parseTopology(readFileSync(path, 'utf8'), file);
}

/**
 * Parses props written as YAML or JSON. Duplicate keys are mistakes, because the one that loses would be lost silently.
 *
 * @throws CliError with every mistake, each with its line
 */
export function parseTopology(text: string, file: string): unknown {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const problems = documents
    .flatMap(({ errors, warnings }) => [...errors, ...warnings])
    .map((problem) => {
      const { line, col } = lines.linePos(problem.pos[0]);
      const found = text.split('\n')[line - 1]?.trim() ?? '';
      return `${file}:${line}:${col}: ${sentence(problem.message)}${found === '' ? '' : `: ${found.slice(0, 80)}`}`;
    });
  if (problems.length > 0) throw new CliError(EXIT.usage, problems.join('\n'));
  const [document, ...more] = documents;
  if (document === undefined || document.contents === null) throw unreadable(file, 'is empty');
  if (more.length > 0) throw unreadable(file, 'holds several YAML documents: a topology is one');
  return document.toJS();
}

async function readModule(path: string, file: string): Promise<unknown> {
  const { createJiti } = await import('jiti');
  // A topology gets the very package that plans it, whether that is installed beside the topology or not.
  const library = join(__dirname, '..');
  const alias = Object.fromEntries(
    Object.entries(ENTRIES).map(([name, entry]) => [`harbor-fleet${name}`, join(library, entry)]),
  );
  let found: unknown;
  try {
    found = await createJiti(path, { alias, interopDefault: false }).import(path);
  } catch (error) {
    if (planErrorIssues(error) !== undefined) throw error;
    throw unreadable(file, `cannot be loaded: ${plainMessage(error)}${placeOf(error, path, file)}`);
  }
  const props = defaultExport(found);
  if (typeof props === 'function') throw unreadable(file, 'exports a function: export the topology itself');
  if (props === null || typeof props !== 'object')
    throw unreadable(file, 'has no default export: write "export default { domain: …, regions: … }"');
  return props;
}

/** Where a module stopped, in the topology itself: `, at topology.ts:12`. Nothing where the message says it, or another file stopped. */
function placeOf(error: unknown, path: string, file: string): string {
  const [frame = ''] = /^\s+at .*$/m.exec(String((error as { stack?: unknown } | null)?.stack)) ?? [];
  const line = frame.includes(path) ? /:(\d+):\d+\)?$/.exec(frame)?.[1] : undefined;
  return line === undefined ? '' : `, at ${file}:${line}`;
}

/** The default export of an ES module, or `module.exports` of a CommonJS one. */
function defaultExport(found: unknown): unknown {
  if (found === null || typeof found !== 'object') return found;
  const module = found as { readonly __esModule?: boolean; readonly default?: unknown };
  if (module.default === undefined) return module.__esModule === true || isNamespace(found) ? undefined : found;
  const inner = module.default as { readonly __esModule?: boolean; readonly default?: unknown } | null;
  return inner !== null && typeof inner === 'object' && inner.__esModule === true ? inner.default : inner;
}

const isNamespace = (value: object): boolean => Object.prototype.toString.call(value) === '[object Module]';

/** The first lines of an error's message: what follows are places in other people's code. */
function plainMessage(error: unknown): string {
  return messageOf(error)
    .split('\n')
    .filter((line) => !/^\s+at |^(Require stack|- \/)/.test(line))
    .join('\n')
    .trim();
}

const sentence = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

const unreadable = (file: string, problem: string): CliError => new CliError(EXIT.usage, `${file} ${problem}`);
