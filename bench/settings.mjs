// Settings of 200 projects with 10 replication policies each against a real, empty Harbor: a first run, and one with nothing to do.
//   HARBOR_URL=http://127.0.0.1:8000 HARBOR_PASSWORD=… node bench/settings.mjs [projects]
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { planTopology } = require('../dist/lib/index.js');
const { Api } = require('../dist/lib/settings/api.js');
const { applySettings } = require('../dist/lib/settings/kinds.js');

const { HARBOR_URL: url, HARBOR_PASSWORD: password } = process.env;
if (!url || !password) throw new Error('HARBOR_URL and HARBOR_PASSWORD are needed');
const count = Number(process.argv[2] ?? 200);

// Harbor itself stands in for the registries: it takes one only when it answers. Each gets a policy for pushes and a schedule.
const targets = Array.from({ length: 5 }, (_, i) => `target-${i}`);
const projects = Array.from({ length: count }, (_, i) => [`bench-${i}`, { quota: '10Gi', replicateTo: targets }]);
const { regions } = planTopology({
  domain: 'registry.example.com',
  images: { kraken: 'registry.example.net/kraken:1' },
  regions: { virginia: { storage: { type: 'nas', storageClass: 'nfs' } } },
  settings: {},
  registries: Object.fromEntries(
    targets.map((name) => [name, { type: 'harbor', url, username: 'admin', passwordSecret: 'targets' }]),
  ),
  robots: { ci: { push: 'all' } },
  projects: Object.fromEntries(projects),
});
const { settings } = regions[0].harbors[0];

let calls = {};
const { fetch } = globalThis;
globalThis.fetch = (input, init) => {
  const method = init?.method ?? 'GET';
  calls[method] = (calls[method] ?? 0) + 1;
  return fetch(input, init);
};
const secrets = ({ secret }) => (secret === 'targets' ? password : 'Password-of-the-bench-1');

for (const name of ['first run', 'nothing to do']) {
  calls = {};
  const start = performance.now();
  const changes = await applySettings(settings, new Api({ url, username: 'admin', password }), secrets, {
    dryRun: false,
  });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const failed = changes.filter(({ result }) => result !== 'done');
  for (const { kind, name: one, error } of failed.slice(0, 5)) console.log(`  failed: ${kind} ${one}: ${error}`);
  const made = Object.entries(calls).map(([method, times]) => `${times} ${method}`);
  console.log(`${name}: ${seconds} s, ${changes.length} changes (${failed.length} failed), calls: ${made.join(', ')}`);
}
