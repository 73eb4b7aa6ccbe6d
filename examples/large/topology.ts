import { Cache, Database, Exposure, SharedStorage, type TopologyProps } from 'harbor-fleet';

/** One region of size `large`, with all that this switches on: three of everything, TLS everywhere, scanner, metrics. */
const topology: TopologyProps = {
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: {
    virginia: {
      size: 'large',
      storage: SharedStorage.s3({
        bucket: 'example-registry-virginia',
        region: 'us-east-1',
        credentialsSecret: 'registry-bucket',
      }),
      database: Database.external({
        host: 'registry.abc123.us-east-1.rds.amazonaws.com',
        passwordSecret: 'registry-database',
        maxConnections: 800,
      }),
      cache: Cache.external({ host: 'master.registry.abc123.use1.cache.amazonaws.com', tls: true }),
      exposure: Exposure.loadBalancer(),
    },
  },
  projects: { library: { public: true } },
};

export default topology;
