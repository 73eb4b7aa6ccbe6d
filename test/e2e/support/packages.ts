import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabCluster } from './lab';
import { available, run } from './process';

/**
 * Programs that tests need, each with the Debian package it comes from, and `more` packages that are no programs; what is missing is
 * installed, and nothing that Debian merely recommends. One installation at a time: the lab, which installs some itself, holds the same
 * lock meanwhile.
 */
export const ensurePrograms = async (
  programs: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<void> => {
  const missing: string[] = [];
  for (const [program, name] of Object.entries(programs)) if (!(await available(program))) missing.push(name);
  const isDebian = await available('apt-get');
  if (isDebian) for (const name of more) if (!(await isInstalled(name))) missing.push(name);
  if (missing.length === 0) return;
  if (!isDebian || process.getuid?.() !== 0)
    throw new Error(`${missing.join(', ')}: missing; install with the package manager of this machine`);
  mkdirSync(LabCluster.directory, { recursive: true });
  const install = 'apt-get -qq update && apt-get -qq install -y --no-install-recommends "$@"';
  await run('flock', [join(LabCluster.directory, 'lock'), 'sh', '-c', install, 'sh', ...missing], {
    timeoutMs: 600_000,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
};

const isInstalled = async (name: string): Promise<boolean> =>
  (await run('dpkg-query', ['--show', '--showformat=${db:Status-Abbrev}', name]).catch(() => '')).startsWith('ii');
