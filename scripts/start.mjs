// The main job on the example topology: plan it, check it, draw it, write its manifests. Run by "npm start", after the build.
import { fileURLToPath } from 'node:url';
import { systemIo } from '../dist/lib/cli/io.js';
import { run } from '../dist/lib/cli/run.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const topology = 'examples/three-regions/topology.ts';

const COMMANDS = [
  ['plan', topology],
  ['check', topology],
  ['diagram', topology, '--out', 'out/diagram'],
  ['synth', topology, '--out', 'out/manifests'],
];

process.chdir(root);
for (const args of COMMANDS) {
  console.log(`\n$ npx harbor-fleet ${args.join(' ')}`);
  const code = await run(args, systemIo());
  if (code !== 0) process.exit(code);
}

console.log(`
The topology:   ${topology}
Its picture:    out/diagram.svg (any browser), out/diagram.mmd (Mermaid)
Its manifests:  out/manifests/<region>/*.yaml, in the order to apply them
Next:           README.md, "In your own repository"`);
