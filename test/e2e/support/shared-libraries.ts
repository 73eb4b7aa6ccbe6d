import { realpathSync } from 'node:fs';
import { run } from './process';

/** Files of an image by their path in it: a program of this machine, and the libraries that it is linked to. */
export const withLibraries = async (target: string, program: string): Promise<Readonly<Record<string, string>>> => {
  const libraries = [...(await run('ldd', [program])).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = '']) => path);
  return { [target]: program, ...Object.fromEntries(libraries.map((path) => [path, realpathSync(path)])) };
};
