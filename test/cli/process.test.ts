import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testFolder, write } from './fixtures.js';

const ROOT = join(__dirname, '../..');
const folder = testFolder();

/** The command as a process of its own, from its sources. */
function harborFleet(...args: string[]) {
  const jiti = join(ROOT, 'node_modules/jiti/lib/jiti-cli.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [jiti, join(ROOT, 'lib/cli/main.ts'), ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: undefined },
  });
  return { status, stdout, stderr };
}

it('plans the topology of the README, which is short and in TypeScript', () => {
  const [, topology = ''] = /```ts\n([\s\S]+?)```/.exec(readFileSync(join(ROOT, 'README.md'), 'utf8')) ?? [];
  expect(topology.split('\n').length).toBeLessThan(40);
  write(folder, { 'topology.ts': topology });
  const { status, stdout } = harborFleet('plan', 'topology.ts');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^registry\.example\.com {2}2 regions, 1 project\n/);
}, 60_000);

it('ends with 1 for mistakes, which it prints without a stack trace', () => {
  write(folder, { 'topology.yaml': 'domain: Registry\nregions: {}\n' });
  const { status, stdout, stderr } = harborFleet('check', 'topology.yaml');
  expect(status).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^\d+ mistakes\n/);
  expect(stderr).toContain('domain');
  expect(stderr).not.toMatch(/^\s+at /m);
}, 60_000);
