import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { obtainCluster, type TestCluster } from './support/cluster';
import { Installation } from './support/installation';

const EXAMPLES = resolve(__dirname, '../../examples');

/** What cannot run here (a scanner, object stores, several clouds) is at least accepted by a real API server. */
describe('the manifests of the examples', () => {
  let cluster: TestCluster;

  beforeAll(async () => {
    cluster = await obtainCluster({ nodes: 1, loadImages: false });
  });
  afterAll(() => cluster?.down());

  it.each(['large/topology.ts', 'three-regions/topology.ts', 'yaml/topology.yaml'])(
    '%s passes strict validation and the pod security standards of its namespaces',
    async (example) => {
      const installation = new Installation(cluster, '', '');
      try {
        const out = await installation.synthFile(example.replace(/\W/g, '-'), join(EXAMPLES, example));
        const regions = readdirSync(out);
        expect(regions.length).toBeGreaterThan(0);
        for (const region of regions) {
          // A dry run makes no namespaces, and what is in them needs them.
          await cluster.kubectl.apply(join(out, region, '00-namespaces.yaml'));
          const accepted = await cluster.kubectl.apply(join(out, region), { serverSide: true, dryRun: true });
          expect(accepted).toHaveLength(installation.objects(join(out, region)).length);
        }
      } finally {
        installation.remove();
      }
    },
  );
});
