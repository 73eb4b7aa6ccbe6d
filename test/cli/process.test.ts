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

it('plans a module that imports what harbor-fleet has for one cloud, also where the package is not installed beside it', () => {
  const text = `
    import { SharedStorage, type TopologyProps } from 'harbor-fleet';
    import { terraformJson } from 'harbor-fleet/huawei';
    import { dataCentreFiles } from 'harbor-fleet/on-premises';
    import { known } from 'harbor-fleet/testing';

    const bucket = { bucket: 'example-registry', region: typeof terraformJson, credentialsSecret: 'bucket' };
    const topology: TopologyProps = {
      domain: 'registry.example.com',
      images: { kraken: 'tools.example.com/kraken:v0.1.27' },
      regions: {
        bangkok: { storage: SharedStorage.s3(bucket) },
        factory: { storage: SharedStorage.nas({ server: typeof dataCentreFiles + typeof known, path: '/images' }) },
      },
    };
    export default topology;`;
  write(folder, { 'clouds.ts': text });
  const { status, stdout, stderr } = harborFleet('plan', 'clouds.ts');
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/bangkok .* S3 example-registry\n.*NAS functionfunction:\/images/);
}, 60_000);
