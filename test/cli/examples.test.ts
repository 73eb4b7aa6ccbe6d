import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import deliveryChain from '../../examples/delivery-chain/topology.js';
import large from '../../examples/large/topology.js';
import threeRegions from '../../examples/three-regions/topology.js';
import { parseTopology } from '../../lib/cli/topology-file.js';
import { Harbor } from '../../lib/k8s/harbor/harbor.js';
import type { PlanError } from '../../lib/plan/issues.js';
import { planTopology, type TopologyProps } from '../../lib/plan/plan.js';
import { synth } from '../../lib/testing.js';
import { testFolder } from './fixtures.js';

const folder = testFolder();
const EXAMPLES = join(__dirname, '../../examples');
const mistakes = (props: unknown): string[] => {
  try {
    planTopology(props as TopologyProps);
  } catch (error) {
    return (error as PlanError).issues.map(({ path }) => path);
  }
  return [];
};
const text = (path: string): string => readFileSync(join(EXAMPLES, path), 'utf8');

describe('every example', () => {
  it('says what it is and how it is run', () => {
    for (const name of readdirSync(EXAMPLES)) expect(text(`${name}/README.md`)).toMatch(/```sh\n/);
  });

  it('is planned without a mistake', () => {
    const yaml = parseTopology(text('yaml/topology.yaml'), 'topology.yaml') as TopologyProps;
    const regions = [threeRegions, large, deliveryChain, yaml].map((props) =>
      planTopology(props).regions.map(({ name }) => name),
    );
    expect(regions).toEqual([['virginia', 'frankfurt', 'factory'], ['virginia'], ['frankfurt', 'virginia'], ['home']]);
  });
});

it('three-regions keeps its confidential project away from peers', () => {
  const plan = planTopology(threeRegions);
  const served = plan.regions.flatMap(({ krakens }) => krakens.map(({ projects }) => projects));
  expect(served).toEqual([['library'], ['library', 'machines'], ['library', 'machines']]);
});

it('three-regions has the mistakes that its README suggests, told all at once', () => {
  const [, tooFew] = /`maxConnections: (\d+)`/.exec(text('three-regions/README.md')) ?? [];
  const { virginia, frankfurt } = threeRegions.regions;
  const database = { ...virginia?.database, maxConnections: Number(tooFew) };
  const cluster = { ...frankfurt?.cluster, podCidr: virginia?.cluster?.podCidr };
  const props = {
    ...threeRegions,
    regions: { ...threeRegions.regions, virginia: { ...virginia, database }, frankfurt: { ...frankfurt, cluster } },
    projects: { machines: { home: 'frankfurt', replicatTo: ['factory'] } },
  };
  expect(mistakes(props)).toEqual([
    'projects.machines.replicatTo',
    'regions.virginia.database.maxConnections',
    'regions.frankfurt.cluster.podCidr',
  ]);
});

it('delivery-chain copies by one role and no key to ECR, and lets CI push at home only', () => {
  const plan = planTopology(deliveryChain);
  const [frankfurt, virginia] = plan.regions.map(({ harbors: [own] }) => own);
  expect(frankfurt?.settings?.replications.filter(({ cron }) => cron === undefined).map(({ name }) => name)).toEqual([
    'shop-to-ecr',
    'shop-to-swr',
    'shop-to-virginia',
  ]);
  const roles = frankfurt === undefined ? [] : synth((chart) => new Harbor(chart, 'harbor', frankfurt));
  const annotated = roles.filter(({ metadata }) => JSON.stringify(metadata.annotations ?? {}).includes('role-arn'));
  expect(annotated.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'ServiceAccount harbor-core',
    'ServiceAccount harbor-jobservice',
  ]);
  const robot = (side: typeof virginia) => side?.settings?.robots.find(({ name }) => name === 'gitlab-ci')?.permissions;
  expect(robot(frankfurt)?.[0]?.access.map(({ action }) => action)).toEqual(['pull', 'push']);
  expect(robot(virginia)?.[0]?.access.map(({ action }) => action)).toEqual(['pull']);
  expect(virginia?.pushElsewhere.shop).toBe('frankfurt.registry.example.com');
});

it('gitops writes a chart for each region, and one of single constructs', async () => {
  mkdirSync(join(folder, 'out'));
  process.env.OUT = join(folder, 'out');
  await import('../../examples/gitops/main.js');
  delete process.env.OUT;
  expect(readdirSync(join(folder, 'out')).sort()).toEqual(['berlin.k8s.yaml', 'tokyo.k8s.yaml', 'tools.k8s.yaml']);
  expect(readFileSync(join(folder, 'out/tools.k8s.yaml'), 'utf8')).toMatch(/^kind: DaemonSet$/m);
});
