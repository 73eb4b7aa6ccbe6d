import type { ComponentPlan, InstallationSize, ResourcesProps } from './components.js';
import type { HarborComponent } from './harbor.js';
import type { Cpu, Size } from './quantities.js';

/** What a size gives to every component. */
export interface HarborSize {
  readonly components: Readonly<Record<HarborComponent, ComponentPlan>>;
  /** The second container of registry's pods. */
  readonly registryctl: ComponentPlan['resources'];
  /** The third, where the bucket must stand in the host: 70 MiB idle, 130 with 200 slow pulls at once. */
  readonly s3Gateway: ComponentPlan['resources'];
  readonly trivy: boolean;
  readonly metrics: boolean;
}

const use = (cpu: Cpu, cpuLimit: Cpu, memory: Size, ephemeralStorage: Size): Required<ResourcesProps> => ({
  cpu,
  cpuLimit,
  memory,
  ephemeralStorage,
});

const pods = (replicas: number, cpu: Cpu, cpuLimit: Cpu, memory: Size, disk: Size): ComponentPlan => ({
  replicas,
  resources: use(cpu, cpuLimit, memory, disk),
});

/**
 * Sizes as data: pods, processor time reserved and at most, memory, temporary disk. Idle after light use, core takes 96 MiB,
 * jobservice 43, exporter 28, registry 24 and registryctl 26, portal and nginx 8 each, and PostgreSQL 57 beside its sessions;
 * all bytes of a push or pull stream through, so what grows with load is processor time, and in the registry 10 MiB a push
 * into an object store. Trivy unpacks layers on the node's disk. The reservations of `small` fit into what Harbor's
 * documentation calls the minimum (2 cores, 4 GB), those of `medium` without Trivy into what it recommends for one
 * installation (4 cores, 8 GB).
 */
export const HARBOR_SIZES: Readonly<Record<InstallationSize, HarborSize>> = {
  small: {
    components: {
      core: pods(1, '100m', '1', '512Mi', '256Mi'),
      portal: pods(1, '10m', '200m', '64Mi', '64Mi'),
      jobservice: pods(1, '50m', '1', '256Mi', '256Mi'),
      registry: pods(1, '100m', '1', '256Mi', '256Mi'),
      trivy: pods(1, '100m', '1', '1Gi', '5Gi'),
      exporter: pods(1, '10m', '200m', '128Mi', '64Mi'),
      nginx: pods(1, '50m', '1', '128Mi', '256Mi'),
      database: pods(1, '100m', '1', '512Mi', '256Mi'),
      redis: pods(1, '50m', '500m', '256Mi', '64Mi'),
    },
    registryctl: use('10m', '500m', '128Mi', '64Mi'),
    s3Gateway: use('50m', '1', '192Mi', '64Mi'),
    trivy: false,
    metrics: false,
  },
  medium: {
    components: {
      core: pods(2, '250m', '2', '1Gi', '512Mi'),
      portal: pods(2, '10m', '200m', '64Mi', '64Mi'),
      jobservice: pods(2, '100m', '2', '512Mi', '512Mi'),
      registry: pods(2, '250m', '2', '1Gi', '512Mi'),
      trivy: pods(2, '200m', '1', '1Gi', '10Gi'),
      exporter: pods(1, '20m', '200m', '128Mi', '64Mi'),
      nginx: pods(2, '100m', '2', '256Mi', '512Mi'),
      database: pods(1, '500m', '2', '2Gi', '512Mi'),
      redis: pods(1, '100m', '1', '1Gi', '64Mi'),
    },
    registryctl: use('20m', '500m', '128Mi', '64Mi'),
    s3Gateway: use('100m', '2', '256Mi', '64Mi'),
    trivy: true,
    metrics: true,
  },
  large: {
    components: {
      core: pods(3, '1', '4', '2Gi', '1Gi'),
      portal: pods(2, '20m', '500m', '128Mi', '64Mi'),
      jobservice: pods(3, '500m', '2', '1Gi', '1Gi'),
      registry: pods(4, '1', '4', '2Gi', '1Gi'),
      trivy: pods(3, '500m', '2', '2Gi', '20Gi'),
      exporter: pods(2, '50m', '500m', '256Mi', '64Mi'),
      nginx: pods(3, '500m', '4', '512Mi', '1Gi'),
      database: pods(1, '2', '4', '8Gi', '1Gi'),
      redis: pods(1, '250m', '2', '4Gi', '64Mi'),
    },
    registryctl: use('50m', '1', '256Mi', '64Mi'),
    s3Gateway: use('500m', '2', '512Mi', '64Mi'),
    trivy: true,
    metrics: true,
  },
};
