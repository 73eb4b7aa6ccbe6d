import { join } from 'node:path';
import { run } from './process';

/** Makes a virtual environment of Python with packages of PyPI in it, or in a folder that `pip` is told. */
export const makeEnvironment = async (path: string, ...install: readonly string[]): Promise<void> => {
  await run('python3', ['-m', 'venv', path], { timeoutMs: 300_000 });
  await run(join(path, 'bin', 'pip'), ['install', '--quiet', '--no-input', ...install], { timeoutMs: 300_000 });
};
