import { Config, getOrganization, getProject, getStack, type Output, StackReference } from '@pulumi/pulumi';
import {
  Cache,
  ClusterProvider,
  Database,
  Exposure,
  type GivenAuthority,
  type RegionArgs,
  RegistryTopology,
  SharedStorage,
} from 'harbor-fleet/pulumi';

interface RegionConfig {
  readonly cloudRegion: string;
  readonly podCidr: string;
  readonly serviceCidr: string;
  readonly nodeCidr: string;
}

const config = new Config();
/** A stack is named like the region that it owns. */
const own = getStack();

/** The own region, with what the landing zone hands over for it. */
const ownRegion = (cloudRegion: string) => {
  const zone = new StackReference(`${getOrganization()}/${config.require('landingZone')}/${own}`);
  const given = (output: string) => zone.requireOutput(output) as Output<string>;
  return {
    provider: new ClusterProvider(own, { kubeconfig: given('kubeconfig') }),
    storage: SharedStorage.s3({
      bucket: given('bucket'),
      region: cloudRegion,
      accessKeyId: given('bucketAccessKeyId'),
      secretAccessKey: given('bucketSecretAccessKey'),
    }),
    database: Database.external({
      host: given('databaseHost'),
      password: given('databasePassword'),
      maxConnections: 300,
    }),
    cache: Cache.external({ host: given('cacheHost'), password: given('cachePassword'), tls: true }),
  };
};

/** A region that others make: what is in it is known to its own stack, and any names do here. */
const otherRegion = (name: string, cloudRegion: string) => ({
  storage: SharedStorage.s3({ bucket: `of-${name}`, region: cloudRegion, credentialsSecret: 'bucket' }),
  database: Database.external({ host: `database.${name}`, passwordSecret: 'database' }),
  cache: Cache.external({ host: `cache.${name}`, tls: true }),
});

const region = (name: string, { cloudRegion, ...addresses }: RegionConfig): RegionArgs => {
  const common = { size: 'medium', exposure: Exposure.loadBalancer() } as const;
  if (name !== own) return { ...common, cluster: addresses, ...otherRegion(name, cloudRegion) };
  const { provider, ...given } = ownRegion(cloudRegion);
  return { ...common, cluster: { ...addresses, provider }, ...given };
};

/** What the topology's regions share, of the stack that made it; nothing in that stack itself. */
const shared = () => {
  if (config.require('first') === own) return {};
  const made = new StackReference(`${getOrganization()}/${getProject()}/${config.require('first')}`);
  return {
    certificateAuthority: made.requireOutput('certificateAuthority') as Output<GivenAuthority>,
    sharedSecrets: made.requireOutput('sharedSecrets') as Output<Record<string, string>>,
  };
};

const registry = new RegistryTopology('registry', {
  domain: config.require('domain'),
  images: { kraken: config.require('krakenImage') },
  regions: Object.fromEntries(
    Object.entries(config.requireObject<Record<string, RegionConfig>>('regions')).map(([name, settings]) => [
      name,
      region(name, settings),
    ]),
  ),
  only: [own],
  ...shared(),
});

export const { endpoints, ca, adminSecrets, certificateAuthority, sharedSecrets } = registry;
