import { Config, getOrganization, getProject, type Output, StackReference } from '@pulumi/pulumi';
import {
  ClusterProvider,
  Exposure,
  type GivenAuthority,
  type RegionArgs,
  RegistryTopology,
  SharedStorage,
} from 'harbor-fleet/pulumi';

const config = new Config();
const kubeconfigs = config.requireObject<Record<string, string>>('kubeconfigs');
const only = config.getObject<string[]>('only') ?? Object.keys(kubeconfigs);

const region = (name: string): RegionArgs => ({
  size: 'small',
  cluster: { provider: only.includes(name) ? new ClusterProvider(name, { kubeconfig: kubeconfigs[name] }) : undefined },
  storage: SharedStorage.nas({ storageClass: 'standard', accessMode: 'ReadWriteOnce', size: '5Gi' }),
  exposure: Exposure.loadBalancer(),
});

/** What another stack of this project made for all regions; without one it is made here. */
const shared = () => {
  const stack = config.get('first');
  if (stack === undefined) return {};
  const made = new StackReference(`${getOrganization()}/${getProject()}/${stack}`);
  return {
    certificateAuthority: made.requireOutput('certificateAuthority') as Output<GivenAuthority>,
    sharedSecrets: made.requireOutput('sharedSecrets') as Output<Record<string, string>>,
  };
};

const registry = new RegistryTopology('registry', {
  domain: config.require('domain'),
  images: { harbor: config.require('harborImages'), kraken: config.require('krakenImage') },
  regions: Object.fromEntries(Object.keys(kubeconfigs).map((name) => [name, region(name)])),
  defaults: { tokenKey: { shared: true } },
  projects: { library: { home: Object.keys(kubeconfigs)[0], public: true, replicateTo: 'all' } },
  only,
  ...shared(),
});

export const { endpoints, ca, adminSecrets, certificateAuthority, sharedSecrets } = registry;
