import type { Issues } from './issues.js';
import type { Reader } from './reader.js';

/** A taint that pods put up with: Kubernetes' own notation. */
export interface Toleration {
  /** Key of the taint. @default - all taints, with `operator: 'Exists'` */
  readonly key?: string;
  /** @default Equal */
  readonly operator?: 'Exists' | 'Equal';
  readonly value?: string;
  /** @default - every effect */
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** On which nodes the pods of a DaemonSet run. */
export interface NodePodsProps {
  /** Taints that its pods put up with. @default - all taints: a node that is left out pulls every image from Harbor itself */
  readonly tolerations?: readonly Toleration[];
  /** Labels that a node must have. @default - none: every node */
  readonly nodeSelector?: Readonly<Record<string, string>>;
}

/** On which nodes the pods of a DaemonSet run, as planned. */
export type NodePodsPlan = Required<NodePodsProps>;

/** Every taint is tolerated. */
export const ALL_TAINTS: readonly Toleration[] = [{ operator: 'Exists' }];

/** Reads where the pods of a DaemonSet run. */
export function readNodePods(reader: Reader, key: string, given: NodePodsProps = {}): NodePodsPlan {
  const nodes = reader.child(key).only('tolerations', 'nodeSelector');
  return {
    tolerations: nodes.has('tolerations')
      ? nodes.items('tolerations').map((item) => readToleration(item))
      : (given.tolerations ?? ALL_TAINTS),
    nodeSelector: nodes.textMap('nodeSelector') ?? given.nodeSelector ?? {},
  };
}

function readToleration(item: Reader): Toleration {
  item.only('key', 'operator', 'value', 'effect');
  const operator = item.choice('operator', ['Exists', 'Equal'] as const);
  // https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/: without a key only "Exists" is allowed.
  if (!item.has('key') && operator !== 'Exists') {
    item.issues.error(
      item.path,
      'names no taint',
      undefined,
      'a key, or operator "Exists" for all taints',
      'add "key", or operator: Exists',
    );
  }
  return {
    key: item.text('key'),
    operator,
    value: item.text('value'),
    effect: item.choice('effect', ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] as const),
  };
}

/** Records every port that two installations would take on the same node. */
export function checkHostPorts(
  installations: readonly { readonly path: string; readonly name: string; readonly hostPorts: readonly number[] }[],
  issues: Issues,
): void {
  const taken = new Map<number, string>();
  for (const installation of installations) {
    for (const port of installation.hostPorts) {
      const holder = taken.get(port);
      if (holder === undefined) {
        taken.set(port, installation.name);
        continue;
      }
      issues.error(
        installation.path,
        `takes a port on the nodes that ${holder} has already`,
        port,
        'a port that nothing else takes on the same node',
        `set ports.agent to another port, such as ${port + 100}`,
      );
    }
  }
}
