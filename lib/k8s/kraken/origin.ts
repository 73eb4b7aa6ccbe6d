import type { Construct } from 'constructs';
import type { KrakenPlan } from '../../plan/kraken.js';
import { S3_ACCESS_KEY, S3_SECRET_KEY } from '../../plan/storage-secrets.js';
import type { ContainerProps } from '../container.js';
import { S3_USER } from './backends.js';
import { CA_PATH } from './common.js';
import { headlessService, type KrakenComponentProps, krakenComponent, nginxProbes } from './component.js';
import { originConfig } from './origin-config.js';
import { blobShim } from './shim.js';

/** Origins: they fetch blobs from the backend once, keep them, and seed them to agents. */
export function origin(scope: Construct, plan: KrakenPlan): void {
  const { ports } = plan;
  const service = `${plan.instance}-origin.${plan.namespace}.svc.cluster.local`;
  headlessService(scope, plan, 'origin', { http: ports.origin, peer: ports.originPeer });
  krakenComponent(scope, plan, 'origin', {
    kind: 'StatefulSet',
    config: originConfig(plan),
    nginx: plan.backend.type === 'harbor' ? blobShim(plan) : undefined,
    flags: [
      ...(plan.backend.type === 's3' ? [`--secrets=${CREDENTIALS}/s3.yaml`] : []),
      // Must be the very text that stands in the list, or the origin does not find itself in the ring.
      `--blobserver-hostname=$(POD_NAME).${service}`,
      `--blobserver-port=${ports.origin}`,
      '--peer-ip=$(POD_IP)',
      `--peer-port=${ports.originPeer}`,
    ],
    env: {
      POD_NAME: { field: 'metadata.name' },
      POD_IP: { field: 'status.podIP' },
      // Go's own rule: certificates in these folders are trusted besides the system's bundle.
      SSL_CERT_DIR: plan.storageCa === undefined ? undefined : CA_PATH,
    },
    ports: { http: ports.origin, peer: ports.originPeer },
    probes: nginxProbes(plan, ports.origin),
    cache: { claim: { ...plan.volumes.origin } },
    ...bucketCredentials(plan),
  });
}

const CREDENTIALS = '/etc/kraken/credentials';

// Kraken reads a bucket's keys from its own YAML only. This writes it into memory at start, so that one Secret with the names
// that Harbor's registry uses serves both.
const S3_YAML = `{"auth": {"s3": {"${S3_USER}": {"s3": {"aws_access_key_id": "%s", "aws_secret_access_key": "%s"}}}}}`;
const WRITE_CREDENTIALS = `umask 077
printf '${S3_YAML}\\n' "$${S3_ACCESS_KEY}" "$${S3_SECRET_KEY}" > ${CREDENTIALS}/s3.yaml`;

function bucketCredentials(plan: KrakenPlan): Pick<KrakenComponentProps, 'initContainers' | 'volumes' | 'mounts'> {
  if (plan.backend.type !== 's3') return {};
  const secret = plan.backend.credentialsSecret;
  const write: ContainerProps = {
    name: 'credentials',
    image: plan.image,
    command: ['/bin/sh', '-c', WRITE_CREDENTIALS],
    env: {
      [S3_ACCESS_KEY]: { secret, key: S3_ACCESS_KEY },
      [S3_SECRET_KEY]: { secret, key: S3_SECRET_KEY },
    },
    resources: { cpu: '10m', cpuLimit: '500m', memory: '32Mi', ephemeralStorage: '16Mi' },
    mounts: [{ volume: 'credentials', path: CREDENTIALS, writable: true }],
  };
  return {
    initContainers: [write],
    volumes: { credentials: { emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } } },
    mounts: [{ volume: 'credentials', path: CREDENTIALS }],
  };
}
