import { Construct } from 'constructs';
import { cacheEnv, cacheUrl } from '../../plan/cache.js';
import type { Endpoint, HarborPlan } from '../../plan/harbor.js';
import { harborPods } from '../../plan/harbor-names.js';
import { httpProbe } from '../container.js';
import { internalTlsDirectory, trustMounts } from '../tls/mounts.js';
import { Workload, type WorkloadContext } from '../workload.js';
import {
  harborService,
  LEAVING,
  merge,
  ownCertificate,
  type Parts,
  proxyEnv,
  servicePort,
  temporary,
  workloadOf,
} from './common.js';

const CACHE = '/home/scanner/.cache';

/** The vulnerability scanner. Several pods share their queue, each with a copy of the vulnerability database. */
export class Trivy extends Construct {
  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext) {
    super(scope, id);
    const { trivy, trivyEndpoint } = plan;
    if (trivy === undefined || trivyEndpoint === undefined) throw new Error('the plan has no scanner');
    const { scheme, port, podPort } = trivyEndpoint;
    const parts = merge(
      { env: trivyEnv(plan, trivy, trivyEndpoint) },
      { mounts: [{ volume: 'data', path: CACHE, writable: true }] },
      // Layers are unpacked here.
      temporary('tmp', '/tmp'),
      ownCertificate(plan, 'trivy'),
      trustMounts(plan, { component: 'trivy' }),
    );
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'trivy'),
      kind: 'StatefulSet',
      headless: false,
      containers: [
        {
          name: 'trivy',
          image: plan.images.trivy,
          // The image's own entrypoint writes the CA bundle, which a read-only root file system does not allow.
          command: ['/home/scanner/bin/scanner-trivy'],
          env: parts.env,
          ports: { 'api-server': podPort },
          startup: httpProbe('/probe/healthy', podPort, scheme, { periodSeconds: 5, failureThreshold: 60 }),
          readiness: httpProbe('/probe/ready', podPort, scheme),
          liveness: httpProbe('/probe/healthy', podPort, scheme, { failureThreshold: 10 }),
          lifecycle: LEAVING,
          mounts: parts.mounts,
        },
      ],
      volumes: parts.volumes,
      volumeClaims: [
        {
          metadata: { name: 'data', labels: { ...harborPods(plan, 'trivy').labels } },
          spec: {
            accessModes: ['ReadWriteOnce'],
            storageClassName: trivy.storage.storageClass,
            resources: { requests: { storage: trivy.storage.size } },
          },
        },
      ],
      // It holds what can be downloaded again.
      disposableVolumes: true,
      configuration: parts.configuration,
    });
    harborService(this, 'service', plan, context, 'trivy', [servicePort(`${scheme}-trivy`, port, podPort)]);
  }
}

function trivyEnv(plan: HarborPlan, trivy: NonNullable<HarborPlan['trivy']>, endpoint: Endpoint): Parts['env'] {
  const redis = cacheUrl(plan.cache, 'trivy', { idleTimeoutSeconds: 30 });
  const tls = internalTlsDirectory('trivy');
  const repositories = trivy.dbRepository.length === 0 ? undefined : trivy.dbRepository.join(',');
  return {
    ...cacheEnv(plan.cache, ['trivy']),
    SCANNER_LOG_LEVEL: plan.logLevel,
    SCANNER_API_SERVER_ADDR: `:${endpoint.podPort}`,
    ...(endpoint.scheme === 'https'
      ? { SCANNER_API_SERVER_TLS_CERTIFICATE: `${tls}/tls.crt`, SCANNER_API_SERVER_TLS_KEY: `${tls}/tls.key` }
      : {}),
    // The adapter of Harbor 2.15 reads the first, that of 2.14 the others.
    SCANNER_REDIS_URL: redis,
    SCANNER_STORE_REDIS_URL: redis,
    SCANNER_JOB_QUEUE_REDIS_URL: redis,
    SCANNER_TRIVY_CACHE_DIR: `${CACHE}/trivy`,
    SCANNER_TRIVY_REPORTS_DIR: `${CACHE}/reports`,
    SCANNER_TRIVY_DEBUG_MODE: 'false',
    SCANNER_TRIVY_VULN_TYPE: 'os,library',
    SCANNER_TRIVY_SECURITY_CHECKS: 'vuln',
    SCANNER_TRIVY_SEVERITY: trivy.severity.join(','),
    SCANNER_TRIVY_TIMEOUT: '5m0s',
    SCANNER_TRIVY_IGNORE_UNFIXED: 'false',
    SCANNER_TRIVY_INSECURE: 'false',
    SCANNER_TRIVY_SKIP_UPDATE: String(trivy.skipUpdate),
    SCANNER_TRIVY_SKIP_JAVA_DB_UPDATE: String(trivy.skipUpdate),
    SCANNER_TRIVY_OFFLINE_SCAN: String(trivy.offline),
    SCANNER_TRIVY_DB_REPOSITORY: repositories,
    ...proxyEnv(plan),
  };
}
