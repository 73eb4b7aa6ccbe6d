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
const awsRegion = new Config('aws').require('region');
const subnetIds = config.requireObject<string[]>('subnetIds');
const network = {
  vpcId: config.require('vpcId'),
  subnetIds,
  clientSecurityGroupIds: [config.require('nodeSecurityGroupId')],
};

const bucket = new ObjectBucket('virginia', { bucket: config.require('bucket') });
const database = new ManagedDatabase('virginia', { ...network, deletionProtection: config.requireBoolean('protect') });
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
});

const loadBalancer = registry.endpoints.virginia?.address;
if (loadBalancer) {
  new DnsRecords('registry', {
    domain,
    zone: DnsZone.existing({ zoneId: config.require('zoneId') }),
    regions: { virginia: { target: DnsTarget.networkLoadBalancer(loadBalancer), awsRegion } },
  });
}

/** Where clients reach Harbor. */
export const endpoints = registry.endpoints;
/** PEM of the CA that clients such as docker must trust; the nodes do already. */
export const ca = registry.ca;
/** Where the admin's first password is. */
export const adminSecret = registry.adminSecrets;
