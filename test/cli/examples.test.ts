import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import large from '../../examples/large/topology.js';
import threeRegions from '../../examples/three-regions/topology.js';
import { parseTopology } from '../../lib/cli/topology-file.js';
import { planTopology, type TopologyProps } from '../../lib/plan/plan.js';
import { testFolder } from './fixtures.js';

const folder = testFolder();
const EXAMPLES = join(__dirname, '../../examples');
const text = (path: string): string => readFileSync(join(EXAMPLES, path), 'utf8');

describe('every example', () => {
  it('says what it is and how it is run', () => {
    for (const name of readdirSync(EXAMPLES)) expect(text(`${name}/README.md`)).toMatch(/```sh\n/);
  });

  it('is planned without a mistake', () => {
    const yaml = parseTopology(text('yaml/topology.yaml'), 'topology.yaml') as TopologyProps;
    const regions = [threeRegions, large, yaml].map((props) => planTopology(props).regions.map(({ name }) => name));
    expect(regions).toEqual([['virginia', 'frankfurt', 'factory'], ['virginia'], ['home']]);
  });
});

it('three-regions keeps its confidential project away from peers', () => {
  const plan = planTopology(threeRegions);
  const served = plan.regions.flatMap(({ krakens }) => krakens.map(({ projects }) => projects));
  expect(served).toEqual([['library'], ['library', 'machines'], ['library', 'machines']]);
});

it('gitops writes a chart for each region, and one of single constructs', async () => {
  mkdirSync(join(folder, 'out'));
  process.env.OUT = join(folder, 'out');
  await import('../../examples/gitops/main.js');
  delete process.env.OUT;
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['berlin.k8s.yaml', 'tokyo.k8s.yaml', 'tools.k8s.yaml']);
  expect(readFileSync(join(folder, 'out/tools.k8s.yaml'), 'utf8')).toMatch(/^kind: DaemonSet$/m);
});
