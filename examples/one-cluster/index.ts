import { Config } from '@pulumi/pulumi';
import { ClusterProvider, Exposure, RegistryTopology, SharedStorage } from 'harbor-fleet/pulumi';

const config = new Config();
const kubernetes = new Config('kubernetes');

const registry = new RegistryTopology('registry', {
  domain: config.require('domain'),
  images: { harbor: config.require('harborImages'), kraken: config.require('krakenImage') },
  regions: {
    home: {
      size: 'small',
      cluster: {
        provider: new ClusterProvider('home', {
          kubeconfig: kubernetes.getSecret('kubeconfig'),
          context: kubernetes.get('context'),
        }),
      },
      // One pod of each component needs no volume that several pods share.
      storage: SharedStorage.nas({
        storageClass: config.require('storageClass'),
        accessMode: 'ReadWriteOnce',
        size: `${config.requireNumber('volumeGiB')}Gi`,
      }),
      exposure: config.requireBoolean('loadBalancer') ? Exposure.loadBalancer() : Exposure.nodePort(),
    },
  },
  projects: { library: { public: true } },
});

/** Where clients reach Harbor, the CA that they must trust (the nodes do already), and where the admin's first password is. */
export const { endpoints, ca, adminSecrets } = registry;
