import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LabCluster } from './lab';
import { available, run } from './process';

/**
 * Programs that tests need, each with the Debian package it comes from, installed where one is missing, with `more` packages that are no
 * programs. One installation at a time: the lab, which installs some itself, holds the same lock meanwhile.
 */
export const ensurePrograms = async (
  programs: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<void> => {
  const missing: string[] = [];
  for (const [program, name] of Object.entries(programs)) if (!(await available(program))) missing.push(name);
  if (missing.length === 0) return;
  if (!(await available('apt-get')) || process.getuid?.() !== 0)
    throw new Error(`${missing.join(', ')}: missing; install with the package manager of this machine`);
  mkdirSync(LabCluster.directory, { recursive: true });
  const install = 'apt-get -qq update && apt-get -qq install -y --no-install-recommends "$@"';
  await run('flock', [join(LabCluster.directory, 'lock'), 'sh', '-c', install, 'sh', ...missing, ...more], {
    timeoutMs: 600_000,
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
};
