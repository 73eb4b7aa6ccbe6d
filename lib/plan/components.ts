import { bytes, type Cpu, millicores, type Size } from './quantities.js';
import type { Reader } from './reader.js';

/** What one pod of a component asks for and may use at most. */
export interface ResourcesProps {
  /** Processor time reserved on a node. */
  readonly cpu?: Cpu;
  /** Processor time it may use at most; it is slowed down beyond. */
  readonly cpuLimit?: Cpu;
  /** Memory reserved, and the most it may use: a pod beyond it is killed. */
  readonly memory?: Size;
  /** Node disk for its temporary files, reserved and at most: a pod beyond it is evicted. */
  readonly ephemeralStorage?: Size;
}

/** What can be set for every component. */
export interface ComponentProps {
  /** Number of pods. Two or more also get a disruption budget and are spread over nodes and zones. @default - by size */
  readonly replicas?: number;
  /** Resources of each pod. @default - by size */
  readonly resources?: ResourcesProps;
}

/** A component as planned: nothing is left open. */
export interface ComponentPlan {
  readonly replicas: number;
  readonly resources: Required<ResourcesProps>;
}

/** How big an installation is. */
export type InstallationSize = 'small' | 'medium' | 'large';

/** Reads a component's overrides over what its size gives it. */
export function readComponent(reader: Reader, key: string, bySize: ComponentPlan, maxReplicas = 100): ComponentPlan {
  const component = reader.child(key).only('replicas', 'resources');
  const resources = component.child('resources').only('cpu', 'cpuLimit', 'memory', 'ephemeralStorage');
  const CPU = 'an amount of cores such as "2" or "500m"';
  const SIZE = 'an amount such as "512Mi" or "4Gi"';
  const cpu = resources.quantity<Cpu>('cpu', millicores, CPU) ?? bySize.resources.cpu;
  const cpuLimit = resources.quantity<Cpu>('cpuLimit', millicores, CPU) ?? bySize.resources.cpuLimit;
  if (millicores(cpuLimit) < millicores(cpu)) {
    reader.issues.error(
      resources.at('cpuLimit'),
      'is less than what is reserved',
      cpuLimit,
      `at least ${cpu}`,
      `raise cpuLimit to ${cpu} or lower cpu`,
    );
  }
  return {
    replicas: component.count('replicas', 1, maxReplicas) ?? bySize.replicas,
    resources: {
      cpu,
      cpuLimit,
      memory: resources.quantity<Size>('memory', bytes, SIZE) ?? bySize.resources.memory,
      ephemeralStorage: resources.quantity<Size>('ephemeralStorage', bytes, SIZE) ?? bySize.resources.ephemeralStorage,
    },
  };
}
