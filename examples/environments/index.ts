import { Config } from '@pulumi/pulumi';
import {
  Cache,
  ClusterProvider,
  Database,
  type RegionArgs,
  RegistryTopology,
  SharedStorage,
} from 'harbor-fleet/pulumi';

/** A region as `Pulumi.<stack>.yaml` describes it. What it has no bucket, database or cache of its own for is kept in its cluster. */
interface RegionConfig {
  /** Of the kubeconfig. */
  readonly context: string;
  readonly storageClass?: string;
  readonly bucket?: { readonly name: string; readonly region: string };
  readonly database?: { readonly host: string; readonly maxConnections: number };
  readonly cacheHost?: string;
}

const config = new Config();

const region = (name: string, { context, storageClass, bucket, database, cacheHost }: RegionConfig): RegionArgs => ({
  size: config.require<'small' | 'medium' | 'large'>('size', { allowedValues: ['small', 'medium', 'large'] }),
  cluster: { provider: new ClusterProvider(name, { context }) },
  storage: bucket
    ? SharedStorage.s3({
        bucket: bucket.name,
        region: bucket.region,
        accessKeyId: config.requireSecret(`${name}.accessKeyId`),
        secretAccessKey: config.requireSecret(`${name}.secretAccessKey`),
      })
    : SharedStorage.nas({ storageClass, accessMode: 'ReadWriteOnce' }),
  database: database
    ? Database.external({ ...database, password: config.requireSecret(`${name}.databasePassword`) })
    : Database.embedded(),
  cache: cacheHost
    ? Cache.external({ host: cacheHost, password: config.requireSecret(`${name}.cachePassword`), tls: true })
    : Cache.embedded(),
});

const registry = new RegistryTopology('registry', {
  domain: config.require('domain'),
  images: { kraken: config.require('krakenImage') },
  regions: Object.fromEntries(
    Object.entries(config.requireObject<Record<string, RegionConfig>>('regions')).map(([name, settings]) => [
      name,
      region(name, settings),
    ]),
  ),
});

export const { endpoints, ca, adminSecrets } = registry;
