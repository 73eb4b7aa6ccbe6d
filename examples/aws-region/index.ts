import { Config } from '@pulumi/pulumi';
import {
  DnsRecords,
  DnsTarget,
  DnsZone,
  loadBalancerAnnotations,
  ManagedCache,
  ManagedDatabase,
  ObjectBucket,
} from 'harbor-fleet/aws';
import { ClusterProvider, Exposure, RegistryTopology } from 'harbor-fleet/pulumi';

const config = new Config();
const domain = config.require('domain');
const subnetIds = config.requireObject<string[]>('subnetIds');
const network = {
  vpcId: config.require('vpcId'),
  subnetIds,
  clientSecurityGroupIds: [config.require('nodeSecurityGroupId')],
};

/** Neither AWS nor Pulumi deletes what holds data, nor makes a new, empty one in its place. */
const protect = config.requireBoolean('protect');
const bucket = new ObjectBucket('virginia', { bucket: config.require('bucket') }, { protect });
const database = new ManagedDatabase('virginia', { ...network, deletionProtection: protect }, { protect });
const cache = new ManagedCache('virginia', network);

const registry = new RegistryTopology('registry', {
  domain,
  images: { kraken: config.require('krakenImage') },
  regions: {
    virginia: {
      size: 'medium',
      cluster: { provider: new ClusterProvider('virginia', { kubeconfig: config.requireSecret('kubeconfig') }) },
      storage: bucket.storage,
      database: database.database,
      cache: cache.cache,
      exposure: Exposure.loadBalancer({ annotations: loadBalancerAnnotations({ scheme: 'internal', subnetIds }) }),
    },
  },
  projects: { library: { public: true } },
  dns: {},
});

const loadBalancer = registry.endpoints.virginia?.address;
if (loadBalancer) {
  new DnsRecords('registry', {
    plan: registry.plan,
    zone: DnsZone.existing({ zoneId: config.require('zoneId') }),
    targets: { [`virginia.${domain}`]: DnsTarget.loadBalancer(loadBalancer) },
  });
}

/** Where clients reach Harbor. */
export const endpoints = registry.endpoints;
/** PEM of the CA that clients such as docker must trust; the nodes do already. */
export const ca = registry.ca;
/** Where the admin's first password is. */
export const adminSecret = registry.adminSecrets;
