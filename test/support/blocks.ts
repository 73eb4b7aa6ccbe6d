import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { completeBlock, LEFT_OUT } from './complete-block.js';
import { MODULES } from './modules.js';

export const ROOT = join(__dirname, '../..');

/** One ```ts block of a page or a doc comment. */
export interface Block {
  readonly file: string;
  /** Of its first fence. */
  readonly line: number;
  readonly text: string;
}

/** All ```ts blocks of a text, also in doc comments. */
export const blocksOf = (file: string, text: string): Block[] =>
  [...text.matchAll(/^(?: \* )?```ts\n([\s\S]*?)^(?: \* )?```$/gm)].map((match) => ({
    file,
    line: text.slice(0, match.index).split('\n').length,
    text: (match[1] ?? '').replace(/^ \* ?/gm, ''),
  }));

/** The files users read: pages, examples, and doc comments, of which API.md is made. */
export function documentedFiles(): string[] {
  const below = (folder: string, ending: string) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
      .filter((file) => file.endsWith(ending) && !file.includes('node_modules'));
  return ['README.md', 'CONTRIBUTING.md', ...below('docs', '.md'), ...below('examples', '.md'), ...below('lib', '.ts')];
}

/** Where a fragment has its names from, in this order: its page's own cloud, what a stack imports, what writes files. */
function modulesFor(file: string): string[] {
  const cloud = /^(?:docs|lib\/cloud)\/([a-z]+)(?:\.md|\/)/.exec(file)?.[1];
  const own = `harbor-fleet/${cloud}`;
  const common = ['/pulumi', '', '/on-premises/pulumi', '/huawei/pulumi'].map((name) => `harbor-fleet${name}`);
  return [...(own in MODULES ? [own] : []), ...common];
}

/** SDKs that are taken for anything: loading them takes a minute. */
const SDKS = ['aws', 'azure-native', 'gcp', 'alicloud', 'huaweicloud', 'kubernetes'];
const isSdk = (name: string): boolean => SDKS.some((sdk) => `${name}/`.startsWith(`@pulumi/${sdk}/`));

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  strict: true,
  noEmit: true,
  skipLibCheck: true,
};

/** Reads files that are in memory only, and knows where the package's modules are. Files are parsed once. */
function hostOf(written: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  const parsed = new Map<string, ts.SourceFile | undefined>();
  const modules = ts.createModuleResolutionCache(ROOT, (file) => file, OPTIONS);
  host.fileExists = (file) => written.has(file) || fileExists(file);
  host.readFile = (file) => written.get(file) ?? readFile(file);
  host.getSourceFile = (file, version, ...rest) => {
    const text = written.get(file);
    if (!parsed.has(file))
      parsed.set(
        file,
        text === undefined ? getSourceFile(file, version, ...rest) : ts.createSourceFile(file, text, version, true),
      );
    return parsed.get(file);
  };
  host.resolveModuleNameLiterals = (literals, file, redirected, options) =>
    literals.map(({ text }) => {
      const source = MODULES[text];
      if (source !== undefined)
        return { resolvedModule: { resolvedFileName: join(ROOT, source), extension: ts.Extension.Ts } };
      if (isSdk(text)) return { resolvedModule: undefined };
      return ts.resolveModuleName(text, file, options, host, modules, redirected, ts.ModuleKind.CommonJS);
    });
  return host;
}

/** Type-checks blocks, completed as their readers would, in one program with the sources of this package. */
export function mistakesOf(blocks: readonly Block[]): string[] {
  const folder = join(ROOT, 'blocks');
  const written = new Map([
    [
      join(folder, 'sdks.d.ts'),
      SDKS.map((sdk) => `declare module '@pulumi/${sdk}';\ndeclare module '@pulumi/${sdk}/*';\n`).join(''),
    ],
    [
      join(folder, 'all.ts'),
      Object.keys(MODULES)
        .map((name) => `import '${name}';\n`)
        .join(''),
    ],
  ]);
  const host = hostOf(written);
  const modules = ts.createProgram([...written.keys()], OPTIONS, host);
  const exported = new Map(Object.entries(MODULES).map(([name, path]) => [name, exportsOf(modules, path)]));
  const paths = blocks.map((block, index) => {
    const path = join(folder, `${index}.ts`);
    written.set(path, completeBlock(block.text, modulesFor(block.file), exported));
    return path;
  });
  const program = ts.createProgram([...written.keys()], OPTIONS, host, modules);
  return blocks.flatMap(({ file, line }, index) => {
    const source = program.getSourceFile(paths[index] ?? '');
    if (source === undefined) throw new Error(`${file}:${line} was not read`);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
      .filter((found) => !isLeftOut(source, found))
      .map((found) => {
        const at = source.text.slice(found.start).split('\n')[0]?.slice(0, 60);
        return `${file}:${line} at ${at}: ${ts.flattenDiagnosticMessageText(found.messageText, ' ')}`;
      });
  });
}

function exportsOf(program: ts.Program, path: string): ReadonlySet<string> {
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(join(ROOT, path));
  const symbol = file && checker.getSymbolAtLocation(file);
  if (symbol === undefined) throw new Error(`${path} exports nothing`);
  return new Set(checker.getExportsOfModule(symbol).map(({ name }) => name));
}

const UNKNOWN_NAME = [2304, 2552, 18004];
const MISSING_SETTING = [2739, 2740, 2741];

/** What a block may leave to its reader: values with small names that it does not call, and settings where it says `…`. */
function isLeftOut(source: ts.SourceFile, { start = 0, length = 0, code, messageText }: ts.Diagnostic): boolean {
  const rest = source.text.slice(start);
  if (UNKNOWN_NAME.includes(code)) return /^[a-z]/.test(rest) && !/^[(<]/.test(rest.slice(length));
  if (!codesOf(messageText, code).some((each) => MISSING_SETTING.includes(each))) return false;
  const literal = literalAt(source, start, start + length);
  return literal !== undefined && ownText(literal).includes(LEFT_OUT);
}

const codesOf = (message: string | ts.DiagnosticMessageChain, code: number): number[] =>
  typeof message === 'string'
    ? [code]
    : [message.code, ...(message.next ?? []).flatMap((next) => codesOf(next, next.code))];

/** The object that is found fault with: it, or the setting it is the value of, stands there. */
function literalAt(source: ts.SourceFile, start: number, end: number): ts.ObjectLiteralExpression | undefined {
  const within = (node: ts.Node): ts.Node =>
    ts.forEachChild(node, (child) =>
      child.getStart(source) <= start && end <= child.end ? within(child) : undefined,
    ) ?? node;
  let node = within(source);
  while (node.parent && !ts.isObjectLiteralExpression(node) && !ts.isPropertyAssignment(node)) node = node.parent;
  const value = ts.isPropertyAssignment(node) ? node.initializer : node;
  return ts.isObjectLiteralExpression(value) ? value : undefined;
}

/** The text of an object without that of its properties. */
const ownText = (literal: ts.ObjectLiteralExpression): string =>
  literal.properties.reduceRight(
    (text, property) =>
      text.slice(0, property.getStart() - literal.getStart()) + text.slice(property.end - literal.getStart()),
    literal.getText(),
  );
