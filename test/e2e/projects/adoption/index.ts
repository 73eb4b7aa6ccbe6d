import { Config } from '@pulumi/pulumi';
import { ClusterProvider, RegistryTopology, SharedStorage } from 'harbor-fleet/pulumi';

const config = new Config();
const storageClass = config.require('storageClass');

/** The Harbor that another tool installed. */
const registry = new RegistryTopology('registry', {
  domain: config.require('domain'),
  images: { harbor: config.require('harborImages') },
  regions: {
    [config.require('region')]: {
      cluster: { provider: new ClusterProvider('cluster') },
      storage: SharedStorage.nas({ storageClass, accessMode: 'ReadWriteOnce', size: '5Gi' }),
      kraken: false,
      restore: config.requireObject<string[]>('restore'),
    },
  },
});

export const { endpoints, adminSecrets } = registry;
