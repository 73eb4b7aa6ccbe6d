import { App, Chart, YamlOutputType } from 'cdk8s';
import { Exposure, Harbor, Kraken, NodeMirror, planTopology, RegionChart, SharedStorage } from 'harbor-fleet';

const KRAKEN_IMAGE = 'tools.example.com/kraken:v0.1.27';

const app = new App({ outdir: process.env.OUT ?? 'out/gitops', yamlOutputType: YamlOutputType.FILE_PER_CHART });

// A whole topology: one chart for each region, which Argo CD or Flux applies to that region's cluster.
const plan = planTopology({
  domain: 'registry.example.com',
  images: { kraken: KRAKEN_IMAGE },
  regions: {
    berlin: { storage: SharedStorage.nas({ storageClass: 'nas' }) },
    tokyo: { storage: SharedStorage.nas({ storageClass: 'nas' }) },
  },
  projects: { library: { home: 'berlin', public: true, replicateTo: 'all' } },
});
for (const region of plan.regions) new RegionChart(app, region.name, { plan, region: region.name });

// Or single constructs among your own objects: each also stands alone, and objects are passed on instead of names.
const chart = new Chart(app, 'tools', { disableResourceNameHashes: true });
const harbor = new Harbor(chart, 'harbor', {
  domain: 'tools.example.com',
  storage: SharedStorage.nas({ storageClass: 'nas' }),
  exposure: Exposure.ingress({ className: 'nginx' }),
});
const kraken = new Kraken(chart, 'kraken', { registry: harbor, image: KRAKEN_IMAGE });
new NodeMirror(chart, 'node-mirror', { registry: harbor, kraken });

app.synth();
