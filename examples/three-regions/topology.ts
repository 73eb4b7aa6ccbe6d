import { Cache, Database, Exposure, SharedStorage, type TopologyProps } from 'harbor-fleet';

/** Three regions of very different kinds under one name: every node everywhere pulls registry.example.com/<project>/<image>. */
const topology: TopologyProps = {
  domain: 'registry.example.com',
  images: {
    // No Kraken image is published anywhere: images/kraken builds it. Not from the registry that it serves.
    kraken: 'tools.example.com/kraken:v0.1.27',
  },
  regions: {
    // AWS: a bucket, RDS and ElastiCache, a network load balancer; thousands of nodes.
    virginia: {
      size: 'large',
      storage: SharedStorage.s3({
        bucket: 'example-registry-virginia',
        region: 'us-east-1',
        credentialsSecret: 'registry-bucket',
        encrypt: true,
      }),
      database: Database.external({
        host: 'registry.abc123.us-east-1.rds.amazonaws.com',
        passwordSecret: 'registry-database',
        maxConnections: 800,
      }),
      cache: Cache.external({ host: 'master.registry.abc123.use1.cache.amazonaws.com', tls: true }),
      exposure: Exposure.loadBalancer({
        annotations: { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' },
      }),
      cluster: { podCidr: '10.20.0.0/16', serviceCidr: '10.21.0.0/16', nodeCidr: '10.22.0.0/20' },
    },
    // A data centre with MinIO, PostgreSQL and an ingress controller of its own.
    frankfurt: {
      size: 'medium',
      storage: SharedStorage.s3({
        bucket: 'registry',
        region: 'eu-central',
        endpoint: 'https://minio.fra.example.com:9000',
        credentialsSecret: 'registry-bucket',
      }),
      database: Database.external({
        host: 'postgres.fra.example.com',
        passwordSecret: 'registry-database',
        maxConnections: 300,
      }),
      cache: Cache.sentinel({
        hosts: ['redis-a.fra.example.com:26379', 'redis-b.fra.example.com:26379', 'redis-c.fra.example.com:26379'],
        masterSet: 'registry',
      }),
      exposure: Exposure.ingress({ className: 'nginx' }),
      cluster: { podCidr: '10.30.0.0/16', serviceCidr: '10.31.0.0/16', nodeCidr: '10.32.0.0/20' },
    },
    // A shop floor: three nodes, a NAS, and a proxy that passes port 443 on. Everything else runs in the cluster.
    factory: {
      size: 'small',
      storage: SharedStorage.nas({ server: '192.168.10.5', path: '/export/registry', size: '500Gi' }),
      exposure: Exposure.nodePort(),
      cluster: { podCidr: '10.40.0.0/16', serviceCidr: '10.41.0.0/16', nodeCidr: '192.168.10.0/24' },
    },
  },
  projects: {
    library: { home: 'virginia', public: true, replicateTo: 'all' },
    machines: { home: 'frankfurt', replicateTo: ['factory'] },
    // Only handed out by Harbor itself, which asks who pulls and keeps an audit log: peers never see it.
    payments: { home: 'virginia', replicateTo: ['frankfurt'], confidential: true },
  },
};

export default topology;
