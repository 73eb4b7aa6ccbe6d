import { Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { registryRedis } from '../../plan/cache.js';
import type { HarborPlan } from '../../plan/harbor.js';
import { METRICS_PORT } from '../../plan/harbor-names.js';
import { isReadWriteOnce } from '../../plan/storage.js';
import { type ContainerProps, httpProbe, livenessProbe } from '../container.js';
import { manifest } from '../manifest.js';
import { yaml } from '../text.js';
import { trustMounts } from '../tls/mounts.js';
import { objectLabels, Workload, type WorkloadContext } from '../workload.js';
import {
  configFile,
  fromSecret,
  GRACE_SECONDS,
  harborService,
  LEAVING,
  merge,
  ownCertificate,
  type Parts,
  secretFile,
  servicePort,
  workloadOf,
} from './common.js';
import { type NotificationEndpoint, registryConfig, registryctlConfig } from './registry-config.js';
import type { RegistryStorage } from './registry-storage.js';
import { s3Gateway } from './s3-gateway.js';

/**
 * The registry that keeps the images, and beside it registryctl, which deletes what garbage collection finds, and where it is needed the
 * gateway to the bucket.
 */
export class Registry extends Construct {
  private readonly notifications: NotificationEndpoint[] = [];

  constructor(scope: Construct, id: string, plan: HarborPlan, context: WorkloadContext, storage: RegistryStorage) {
    super(scope, id);
    const name = `${plan.instance}-registry`;
    const config = (): string => yaml(registryConfig(plan, storage, this.notifications));
    const ctlConfig = yaml(registryctlConfig(plan));
    const gateway = s3Gateway(plan, storage);
    manifest(this, 'config', 'ConfigMap', {
      metadata: { name, namespace: plan.namespace, labels: objectLabels(context, 'registry') },
      // Whoever wants to hear of pushes may come until synthesis.
      data: { 'config.yml': Lazy.any({ produce: config }) as string, 'ctl-config.yml': ctlConfig, ...gateway?.files },
    });
    const both = merge(
      { env: registryRedis(plan.cache).env },
      storage,
      configFile('config', name, 'config.yml', '/etc/registry/config.yml'),
      ownCertificate(plan, 'registry'),
      trustMounts(plan, { component: 'registry' }),
      { configuration: [config, ctlConfig, ...Object.values(gateway?.files ?? {})] },
    );
    const own = secretFile('htpasswd', plan.keys.registryHtpasswd, '/etc/registry/passwd');
    new Workload(this, 'workload', {
      ...workloadOf(plan, context, 'registry'),
      kind: 'Deployment',
      containers: [registryContainer(plan, merge(both, own)), registryctlContainer(plan, both)],
      initContainers: [...storage.initContainers, ...(gateway === undefined ? [] : [gateway.container])],
      volumes: { ...both.volumes, ...own.volumes },
      configuration: both.configuration,
      strategy: isReadWriteOnce(plan.storage) ? 'Recreate' : 'RollingUpdate',
      terminationGracePeriodSeconds: GRACE_SECONDS,
      serviceAccountAnnotations: storage.serviceAccountAnnotations,
    });
    const { registry, registryctlEndpoint: ctl } = plan;
    harborService(this, 'service', plan, context, 'registry', [
      servicePort(`${registry.scheme}-registry`, registry.port, registry.podPort),
      servicePort(`${ctl.scheme}-controller`, ctl.port, ctl.podPort),
      ...(plan.metrics ? [servicePort('http-metrics', METRICS_PORT)] : []),
    ]);
  }

  /** Has pushes reported to one more endpoint. */
  addNotification({ name, url }: NotificationEndpoint): void {
    if (this.notifications.some((known) => known.name === name && known.url === url)) return;
    this.notifications.push({ name, url });
  }
}

function registryContainer(plan: HarborPlan, parts: Parts): ContainerProps {
  const { scheme, podPort } = plan.registry;
  return {
    name: 'registry',
    image: plan.images.registry,
    // The image's own entrypoint writes the CA bundle, which a read-only root file system does not allow.
    command: ['/usr/bin/registry_DO_NOT_USE_GC', 'serve', '/etc/registry/config.yml'],
    env: { REGISTRY_HTTP_SECRET: fromSecret(plan.keys.registryHttpSecret), ...parts.env },
    ports: { [`${scheme}-registry`]: podPort, ...(plan.metrics ? { 'http-metrics': METRICS_PORT } : {}) },
    startup: httpProbe('/', podPort, scheme, { periodSeconds: 2, failureThreshold: 60 }),
    readiness: httpProbe('/', podPort, scheme),
    liveness: livenessProbe('/', podPort, scheme),
    lifecycle: LEAVING,
    mounts: parts.mounts,
  };
}

function registryctlContainer(plan: HarborPlan, parts: Parts): ContainerProps {
  const { scheme, podPort } = plan.registryctlEndpoint;
  return {
    name: 'registryctl',
    image: plan.images.registryctl,
    command: ['/home/harbor/harbor_registryctl', '-c', '/etc/registryctl/config.yml'],
    env: {
      CORE_SECRET: fromSecret(plan.keys.coreSecret),
      JOBSERVICE_SECRET: fromSecret(plan.keys.jobserviceSecret),
      REGISTRY_HTTP_SECRET: fromSecret(plan.keys.registryHttpSecret),
      ...parts.env,
    },
    // Both containers of the pod could not be called by one name.
    ports: { [`${scheme}-ctl`]: podPort },
    startup: httpProbe('/api/health', podPort, scheme, { periodSeconds: 2, failureThreshold: 60 }),
    readiness: httpProbe('/api/health', podPort, scheme),
    liveness: livenessProbe('/api/health', podPort, scheme),
    lifecycle: LEAVING,
    mounts: [...parts.mounts, { volume: 'config', path: '/etc/registryctl/config.yml', subPath: 'ctl-config.yml' }],
    resources: plan.registryctl,
  };
}
