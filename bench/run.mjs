// Measures what users feel, as ratios within one run: absolute times say more about the machine than about the code.
// `npm run bench`; exits 1 when a budget of the design is broken.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measurePulumi } from './pulumi.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const { Links, Network, planTopology, SharedStorage, synthRegion } = require(join(root, 'dist/lib/index.js'));

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const timed = (fn) => {
  const start = process.hrtime.bigint();
  fn();
  return Number(process.hrtime.bigint() - start) / 1e6;
};
const repeat = (times, fn) => median(Array.from({ length: times }, () => timed(fn)));

/** Time that `require` takes inside a fresh process, without the start of Node itself. */
const importTime = (module) =>
  Number(
    execFileSync(
      process.execPath,
      [
        '-e',
        `const s = process.hrtime.bigint(); require(${JSON.stringify(module)}); console.log(Number(process.hrtime.bigint() - s) / 1e6)`,
      ],
      { cwd: root },
    ),
  );

const topology = (regions) => ({
  domain: 'registry.example.com',
  images: { kraken: 'registry.example.com/tools/kraken:v0.1.27' },
  regions: Object.fromEntries(
    Array.from({ length: regions }, (_, i) => [
      `region-${i}`,
      { storage: SharedStorage.s3({ bucket: `registry-${i}`, region: 'us-east-1', credentialsSecret: 'bucket' }) },
    ]),
  ),
  projects: { library: { public: true, home: 'region-0', ...(regions > 1 ? { replicateTo: 'all' } : {}) } },
});

/** The same regions in one cloud, each linked with every other. */
const meshed = (props) => ({
  ...props,
  links: Links.mesh(),
  regions: Object.fromEntries(
    Object.entries(props.regions).map(([name, region], i) => [
      name,
      { ...region, network: Network.aws({ region: 'us-east-1', cidrs: [`10.${i}.0.0/16`] }) },
    ]),
  ),
});

const rows = [];
const budget = (name, value, limit, unit = '×') =>
  rows.push({ name, value: `${value.toFixed(2)} ${unit}`, budget: `≤ ${limit} ${unit}`, ok: value <= limit });

// In turn, so that whatever else the machine does slows both alike.
const imports = { ours: [], cdk8s: [] };
for (let i = 0; i < 11; i++) {
  imports.cdk8s.push(importTime('cdk8s'));
  imports.ours.push(importTime('./dist/lib/index.js'));
}
budget('import harbor-fleet / import cdk8s', median(imports.ours) / median(imports.cdk8s), 1.5);

const loaded = execFileSync(
  process.execPath,
  [
    '-e',
    'require("./dist/lib/index.js"); console.log(Object.keys(require.cache).filter((f) => f.includes("@pulumi")).length)',
  ],
  { cwd: root },
);
budget('Pulumi modules loaded', Number(loaded), 0, 'modules');

const hundred = topology(100);
repeat(3, () => planTopology(hundred));
// The one absolute time: the fastest run is the one that the rest of the machine disturbed least.
const plans = Array.from({ length: 15 }, () => timed(() => planTopology(hundred)));
budget('plan of 100 regions, fastest of 15', Math.min(...plans), 100, 'ms');
const mesh = meshed(hundred);
const meshes = Array.from({ length: 5 }, () => timed(() => planTopology(mesh)));
budget(`plan of 100 regions, all linked (${planTopology(mesh).links.length} links)`, Math.min(...meshes), 1000, 'ms');

const one = planTopology(topology(1));
const all = planTopology(hundred);
const total = { one: 0, all: 0 };
repeat(10, () => synthRegion(one, 'region-0'));
for (const { name } of all.regions) {
  total.one += timed(() => synthRegion(one, 'region-0'));
  total.all += timed(() => synthRegion(all, name));
}
budget('synthesis of 100 regions / 100 × one region', total.all / total.one, 1.25);

// A whole process that synthesises one region against one that renders the official chart, when both are there.
const chart = process.env.HARBOR_CHART;
if (chart && spawnSync('helm', ['version']).status === 0) {
  const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-bench-'));
  try {
    writeFileSync(join(folder, 'topology.json'), JSON.stringify(topology(1)));
    const ours = repeat(5, () =>
      execFileSync(process.execPath, [
        join(root, 'dist/lib/cli/main.js'),
        'synth',
        join(folder, 'topology.json'),
        '--out',
        join(folder, 'out'),
      ]),
    );
    const helm = repeat(5, () => execFileSync('helm', ['template', 'harbor', chart], { maxBuffer: 1 << 26 }));
    budget('process: synth of one region / helm template of the official chart', ours / helm, 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  console.log('helm template: not compared (needs helm, and HARBOR_CHART with the path of the official chart)\n');
}

measurePulumi({ root, median, budget, tell: (name, value) => rows.push({ name, value, budget: '', ok: true }) });

console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, row])));
process.exitCode = rows.every((row) => row.ok) ? 0 : 1;
