import { Config } from '@pulumi/pulumi';
import { ClusterProvider, Exposure, type RegionArgs, RegistryTopology, SharedStorage } from 'harbor-fleet/pulumi';

interface ClusterConfig {
  readonly kubeconfig?: string;
  readonly context?: string;
}

const config = new Config();
const clusters = config.requireObject<Record<'east' | 'west', ClusterConfig>>('clusters');

const region = (name: 'east' | 'west'): RegionArgs => ({
  size: 'small',
  metrics: true,
  cluster: { provider: new ClusterProvider(name, clusters[name]) },
  storage: SharedStorage.nas({
    storageClass: config.require('storageClass'),
    accessMode: 'ReadWriteOnce',
    size: `${config.requireNumber('volumeGiB')}Gi`,
  }),
  exposure: Exposure.loadBalancer(),
});

const replication = { schedule: config.require('compareSchedule') };

const registry = new RegistryTopology('registry', {
  domain: config.require('domain'),
  images: { harbor: config.require('harborImages'), kraken: config.require('krakenImage') },
  regions: { east: region('east'), west: region('west') },
  settings: { reconcile: { image: config.require('nodeImage'), schedule: config.require('reconcileSchedule') } },
  users: { anna: { email: 'anna@example.com' } },
  robots: {
    ci: { push: 'all' },
    nodes: {
      pull: 'all',
      namespaces: [config.require('teamNamespace')],
      generation: config.requireNumber('pullGeneration'),
      previous: config.requireBoolean('pullPrevious'),
    },
  },
  projects: {
    // Pushed in the east, pulled everywhere; peers have it before anyone asks.
    library: { home: 'east', public: true, replicateTo: 'all', replication, preheat: { pushed: {} } },
    // Only Harbor itself hands it out, to whom it knows.
    payments: {
      home: 'east',
      confidential: true,
      replicateTo: 'all',
      replication,
      quota: '20Gi',
      members: { users: { anna: 'developer' } },
    },
    // Pushed in both.
    tools: { home: 'east', primaries: ['west'], public: true, replication },
  },
});

/** Where clients reach each Harbor, the CA that they must trust (the nodes do already), and where the admin's first password is. */
export const { endpoints, ca, adminSecrets } = registry;
