// What a stack costs: the bridge per object, a preview and an update, type checking, and the size on disk.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const OBJECTS = 500;

/** Milliseconds that each design of bench/bridge.cjs takes, round by round. */
const bridge = (root) => {
  const program = ['--expose-gc', join(root, 'bench/bridge.cjs'), String(OBJECTS), '12'];
  return JSON.parse(execFileSync(process.execPath, program, { cwd: root, encoding: 'utf8' }));
};

/** Adds a row for each measurement; `budget` and `median` are those of the caller. */
export function measurePulumi({ root, median, budget, tell }) {
  const times = bridge(root);
  // The fastest runs are those that the rest of the machine disturbed least.
  const fastest = (design) => Math.min(...times[design]);
  budget('bridge over a raw resource, an object', (fastest('manifests') - fastest('raw')) / OBJECTS, 0.2, 'ms');
  budget('bridge / classes of @pulumi/kubernetes', median(times.manifests) / median(times.sdk), 1.1);
  typeChecking({ root, median, budget });
  size({ root, tell });
  engine({ root, tell });
}

/** What a consumer's compiler needs for our types, against what it needs for the packages beneath. */
function typeChecking({ root, median, budget }) {
  const folder = mkdtempSync(join(root, 'dist/bench-'));
  try {
    writeFileSync(
      join(folder, 'ours.ts'),
      "import { RegistryTopology } from 'harbor-fleet/pulumi';\nexport const a = RegistryTopology;\n",
    );
    writeFileSync(
      join(folder, 'theirs.ts'),
      "import { Chart } from 'cdk8s';\nimport { Provider } from '@pulumi/kubernetes';\nexport const a = [Chart, Provider];\n",
    );
    const compiler = join(root, 'node_modules/typescript/bin/tsc');
    const options = [
      '--noEmit',
      '--strict',
      '--skipLibCheck',
      '--module',
      'nodenext',
      '--target',
      'es2022',
      '--types',
      'node',
      '--ignoreConfig',
    ];
    const check = (file) => {
      const start = process.hrtime.bigint();
      execFileSync(process.execPath, [compiler, ...options, join(folder, file)], { cwd: root, stdio: 'inherit' });
      return Number(process.hrtime.bigint() - start) / 1e6;
    };
    const times = { ours: [], theirs: [] };
    for (let i = 0; i < 3; i++) for (const name of Object.keys(times)) times[name].push(check(`${name}.ts`));
    budget(
      'type check of a consumer / of cdk8s and @pulumi/kubernetes',
      median(times.ours) / median(times.theirs),
      1.5,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function size({ root, tell }) {
  const [{ size, unpackedSize, entryCount }] = JSON.parse(
    execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  tell('size of the package, packed', `${(size / 1e6).toFixed(2)} MB`);
  tell('size of the package, installed', `${(unpackedSize / 1e6).toFixed(2)} MB, ${entryCount} files`);
}

/** A preview and an update of one and of three regions by the real engine, rendered to files: no cluster is needed. */
function engine({ root, tell }) {
  if (spawnSync('pulumi', ['version']).status !== 0) {
    tell('preview and update', 'not measured: no pulumi on the PATH');
    return;
  }
  const times = [1, 3].map((regions) => [regions, run(root, regions)]);
  const [[, one], [, three]] = times;
  for (const [regions, { preview, up }] of times) {
    tell(`${regions} region${regions > 1 ? 's' : ''}: preview, update`, `${seconds(preview)}, ${seconds(up)}`);
  }
  tell(
    'three regions / one: preview, update',
    `${(three.preview / one.preview).toFixed(2)} ×, ${(three.up / one.up).toFixed(2)} ×`,
  );
}

const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

function run(root, regions) {
  const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-bench-'));
  try {
    const modules = join(folder, 'node_modules');
    mkdirSync(join(folder, 'state'));
    mkdirSync(modules);
    for (const name of ['@pulumi', 'cdk8s', 'constructs'])
      symlinkSync(join(root, 'node_modules', name), join(modules, name));
    symlinkSync(root, join(modules, 'harbor-fleet'));
    writeFileSync(join(folder, 'package.json'), '{"name":"bench"}');
    writeFileSync(join(folder, 'Pulumi.yaml'), 'name: bench\nruntime: nodejs\nmain: index.js\n');
    writeFileSync(join(folder, 'index.js'), program(regions));
    const environment = {
      ...process.env,
      PULUMI_BACKEND_URL: `file://${join(folder, 'state')}`,
      PULUMI_CONFIG_PASSPHRASE: 'bench',
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      KUBECONFIG: '',
    };
    const timed = (...args) => {
      const start = process.hrtime.bigint();
      execFileSync('pulumi', [...args, '--non-interactive'], {
        cwd: folder,
        env: environment,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      return Number(process.hrtime.bigint() - start) / 1e6;
    };
    timed('stack', 'init', 'bench');
    return { preview: timed('preview'), up: timed('up', '--yes', '--skip-preview') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const program = (regions) => `
const { Provider } = require('@pulumi/kubernetes');
const { RegistryTopology, SharedStorage } = require('harbor-fleet/pulumi');
const region = (i) => ({
  cluster: { provider: new Provider('region-' + i, { renderYamlToDirectory: 'out/' + i }) },
  storage: SharedStorage.nas({ server: '10.0.' + i + '.5', path: '/export' }),
});
new RegistryTopology('registry', {
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: Object.fromEntries([...Array(${regions}).keys()].map((i) => ['region-' + i, region(i)])),
});
`;
