import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE, cached } from './lab';
import { run } from './process';
import { packed } from './project';

const INSTALL = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error'];

const install = async (folder: string, dependencies: Readonly<Record<string, string>>): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, dependencies }));
  await run('npm', INSTALL, { cwd: folder, timeoutMs: 240_000 });
};

/** Versions of Node.js and TypeScript to try the package with, installed once. */
export class Toolchains {
  private constructor(private readonly folder: string) {}

  static async of(nodes: readonly string[], compilers: readonly string[]): Promise<Toolchains> {
    const system = process.platform === 'win32' ? 'win' : process.platform;
    const node = (version: string) => [`node-${version}`, `npm:node-${system}-${process.arch}@${version}`];
    const compiler = (version: string) => [`typescript-${version}`, `npm:typescript@~${version}.0`];
    const wanted = Object.fromEntries([...nodes.map(node), ...compilers.map(compiler)]);
    const name = `toolchains-${[...nodes, ...compilers].join('-')}`;
    return new Toolchains(await cached(name, (path) => install(path, wanted)));
  }

  node(version: string): string {
    return join(this.folder, 'node_modules', `node-${version}`, 'bin', 'node');
  }

  compiler(version: string): string {
    return join(this.folder, 'node_modules', `typescript-${version}`, 'lib', 'tsc.js');
  }
}

/** A project beside this repository, with the packed package and what else it asks for, as npm installs them. */
export class Consumer {
  private constructor(readonly folder: string) {}

  /** @param files by name, such as the program and its `tsconfig.json` */
  static async of(
    dependencies: Readonly<Record<string, string>>,
    files: Readonly<Record<string, string>>,
  ): Promise<Consumer> {
    // Not among temporary files, where somebody's packages may lie in a folder above.
    const folder = mkdtempSync(join(CACHE, 'consumer-'));
    await install(folder, { 'harbor-fleet': `file:${await packed()}`, ...dependencies });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return new Consumer(folder);
  }

  run(command: string, ...args: readonly string[]): Promise<string> {
    return run(command, args, { cwd: this.folder, timeoutMs: 300_000 });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
