import { RemoteRegistry, SharedStorage, type TopologyProps } from 'harbor-fleet';

/**
 * A delivery chain over clouds: GitLab CI pushes once, to the Harbor at home. From there images go to the other region's Harbor and
 * its Kraken, to ECR for clusters on AWS that pull from there, and to SWR in China.
 */
const topology: TopologyProps = {
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: {
    frankfurt: { size: 'medium', ...services('frankfurt') },
    virginia: { size: 'medium', ...services('virginia') },
  },
  settings: { garbageCollection: { schedule: '30 3 * * *' } },
  registries: {
    // No key anywhere: core and jobservice in frankfurt take this role (docs/settings.md).
    ecr: RemoteRegistry.ecr({ region: 'us-east-1', role: 'arn:aws:iam::123456789012:role/harbor-copies' }),
    swr: RemoteRegistry.swr({
      region: 'cn-north-4',
      username: 'cn-north-4@AK0EXAMPLE0EXAMPLE0',
      passwordSecret: 'swr',
      namespace: 'example',
    }),
    // What came before: base images are fetched from the company's Nexus when they are first pulled.
    nexus: RemoteRegistry.nexus({
      url: 'https://docker.nexus.example.com',
      username: 'harbor',
      passwordSecret: 'nexus',
    }),
  },
  robots: {
    // What GitLab CI logs in with, and what clusters pull with.
    'gitlab-ci': { push: ['shop'], pull: ['base'] },
    clusters: { pull: 'all', namespaces: ['shop'] },
  },
  projects: {
    shop: {
      home: 'frankfurt',
      replicateTo: ['virginia', 'ecr', 'swr'],
      quota: '500Gi',
      immutability: [{ tags: 'v*' }],
      retention: { rules: [{ latestPushed: 50 }, { always: true, tags: 'v*' }] },
      // Kraken hears of every push; nightly it is filled with all releases again.
      preheat: { releases: { tags: 'v*', schedule: '0 2 * * *' } },
    },
    base: { home: 'frankfurt', public: true, proxyCache: { registry: 'nexus' } },
  },
};

function services(region: string) {
  return {
    storage: SharedStorage.nas({ storageClass: 'nas' }),
    database: { type: 'external', host: `postgres.${region}.example.com`, passwordSecret: 'registry-database' },
    cache: { type: 'external', host: `valkey.${region}.example.com` },
  } as const;
}

export default topology;
