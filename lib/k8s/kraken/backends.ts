import { derive } from '../../plan/deferred.js';
import type { KrakenPlan } from '../../plan/kraken.js';
import { namespacePattern } from './common.js';
import { BLOB_SHIM, TAG_SHIM } from './shim.js';

/** The user name under which Kraken looks up the bucket's credentials in its own configuration. */
export const S3_USER = 'harbor';

/** Where origins find blobs. */
export function blobBackends(plan: KrakenPlan): readonly object[] {
  const { backend } = plan;
  const namespace = namespacePattern(plan);
  switch (backend.type) {
    case 'harbor':
      // The timeout is for a whole blob; Kraken's own, one minute, is too short for a large layer.
      return [{ namespace, backend: { registry_blob: { ...shim(BLOB_SHIM), timeout: '15m' } } }];
    case 's3': {
      const { endpoint } = backend;
      return [
        {
          namespace,
          backend: {
            s3: {
              username: S3_USER,
              region: backend.region,
              bucket: backend.bucket,
              root_directory: backend.rootDirectory,
              name_path: 'sharded_docker_blob',
              ...(endpoint === undefined
                ? {}
                : {
                    endpoint,
                    disable_ssl: derive(endpoint, (url) => url.startsWith('http://')),
                    force_path_style: derive(backend.addressing, (addressing) => addressing !== 'virtualHosted'),
                  }),
            },
          },
        },
      ];
    }
    default:
      return [{ namespace, backend: { testfs: { addr: testfsAddress(plan), root: 'blobs', name_path: 'identity' } } }];
  }
}

/** Where build-indexes find tags: with a bucket still in Harbor, which keeps tags in its database since 2.15. */
export function tagBackends(plan: KrakenPlan): readonly object[] {
  const namespace = namespacePattern(plan);
  return plan.backend.type === 'testfs'
    ? [{ namespace, backend: { testfs: { addr: testfsAddress(plan), root: 'tags', name_path: 'docker_tag' } } }]
    : [{ namespace, backend: { registry_tag: shim(TAG_SHIM) } }];
}

const shim = (address: string): object => ({ address, security: { tls: { client: { disabled: true } } } });

const testfsAddress = (plan: KrakenPlan): string =>
  `${plan.instance}-testfs.${plan.namespace}.svc.cluster.local:${plan.ports.testfs}`;
