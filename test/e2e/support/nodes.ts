import type { Event, Node, Pod } from 'kubernetes-types/core/v1';
import type { Kubectl } from './kubectl';
import { eventually } from './process';

/** How one node fared. */
export interface NodePull {
  readonly node: string;
  /** As containerd counts it: without the pod's own start. Undefined when the pull failed. */
  readonly seconds?: number;
  /** What the kubelet said when the pull failed: containerd names the first host that failed, not the last. */
  readonly error?: string;
}

export interface PullOptions {
  /** Names of image pull Secrets in `namespace`. */
  readonly pullSecrets?: readonly string[];
  /** @default `e2e-pull`, made when missing */
  readonly namespace?: string;
  /** @default every node */
  readonly nodes?: readonly string[];
  /** @default four minutes. An agent that takes a connection and never answers makes containerd wait without end */
  readonly timeoutMs?: number;
}

export const PULL_NAMESPACE = 'e2e-pull';
let run = 0;

/** The nodes of a cluster as clients of a registry. */
export class Nodes {
  /** Secrets that nodes know, see `makeKnown`. */
  private readonly known = new Set<string>();

  constructor(private readonly kubectl: Kubectl) {}

  async names(): Promise<readonly string[]> {
    return (await this.kubectl.list<Node>('nodes')).map((node) => node.metadata?.name ?? '').sort();
  }

  /** A namespace for the pods that pull, as strict as a user's own may be. */
  async ensureNamespace(name = PULL_NAMESPACE): Promise<void> {
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await this.kubectl.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }]);
  }

  /** Makes, or replaces, the Secret by which pods of the pull namespace log in to a registry. */
  async createPullSecret(name: string, login: { domain: string; user: string; password: string }): Promise<void> {
    await this.ensureNamespace();
    const { domain, user, password } = login;
    const auths = { [domain]: { auth: Buffer.from(`${user}:${password}`).toString('base64') } };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: PULL_NAMESPACE },
      type: 'kubernetes.io/dockerconfigjson',
      stringData: { '.dockerconfigjson': JSON.stringify({ auths }) },
    };
    await this.kubectl.apply([secret]);
  }

  /**
   * Lets every node pull and start an image at the same time, as a DaemonSet's first rollout does: one pod a
   * node with `imagePullPolicy: Always`. Waits for each to run or to fail its first try, then removes the pods.
   */
  async pullOnEveryNode(image: string, options: PullOptions = {}): Promise<readonly NodePull[]> {
    const { namespace = PULL_NAMESPACE, pullSecrets = [], timeoutMs = 240_000 } = options;
    const nodes = options.nodes ?? (await this.names());
    await this.ensureNamespace(namespace);
    if (pullSecrets.length > 0) await this.makeKnown(pullSecrets, namespace, nodes);
    const id = `pull-${process.pid}-${++run}`;
    const pods = nodes.map((node, index) => puller(`${id}-${index}`, namespace, id, node, image, pullSecrets));
    const done = new Map<string, NodePull>();
    try {
      await this.kubectl.apply(pods);
      await eventually(
        async () => {
          const events = await this.kubectl.list<Event>('events', '-n', namespace);
          for (const pod of await this.kubectl.pods(namespace, `e2e-pull=${id}`)) {
            const node = pod.spec?.nodeName ?? '';
            const result = pullOf(pod, events);
            if (result && !done.has(node)) done.set(node, { node, ...result });
          }
          return done.size === nodes.length ? true : undefined;
        },
        { what: `${nodes.length} nodes to pull ${image}`, timeoutMs, explain: () => this.kubectl.troubles(namespace) },
      );
    } finally {
      const all = ['delete', 'pods', '-n', namespace, '-l', `e2e-pull=${id}`, '--grace-period=0', '--force'];
      await this.kubectl.run(all, { timeoutMs: 60_000 });
    }
    return [...done.values()].sort((a, b) => a.node.localeCompare(b.node));
  }

  /**
   * Gives every node a pod that uses these Secrets, and never starts. A kubelet waits one second for a Secret that no pod of its node
   * used before ("failed to sync secret cache"), then it pulls without: too short where two cores run several clusters.
   */
  private async makeKnown(pullSecrets: readonly string[], namespace: string, nodes: readonly string[]): Promise<void> {
    const id = `user-of-${pullSecrets.join('-')}`;
    const key = [namespace, id, ...nodes].join(' ');
    if (this.known.has(key)) return;
    const pods = nodes.map((node) =>
      puller(`${id}-${node}`, namespace, id, node, 'never.test/pulled', pullSecrets, 'Never'),
    );
    await this.kubectl.apply(pods);
    await eventually(
      async () => {
        const known = await this.kubectl.pods(namespace, `e2e-pull=${id}`);
        const isSynced = ({ status }: Pod) => status?.containerStatuses?.[0]?.state?.waiting?.reason === NEVER_PULLED;
        return known.filter(isSynced).length >= nodes.length ? true : undefined;
      },
      { what: `kubelets to know ${pullSecrets}`, explain: () => this.kubectl.troubles(namespace) },
    );
    this.known.add(key);
  }
}

/** What the kubelet says of a container whose image is not there and must not be pulled. */
const NEVER_PULLED = 'ErrImageNeverPull';

const puller = (
  name: string,
  namespace: string,
  id: string,
  nodeName: string,
  image: string,
  pullSecrets: readonly string[],
  imagePullPolicy: 'Always' | 'Never' = 'Always',
): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { 'e2e-pull': id } },
  spec: {
    nodeName,
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    imagePullSecrets: pullSecrets.map((it) => ({ name: it })),
    tolerations: [{ operator: 'Exists' }],
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'image',
        image,
        imagePullPolicy,
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
      },
    ],
  },
});

/** Undefined as long as the kubelet is at it. */
const pullOf = (pod: Pod, events: readonly Event[]): Pick<NodePull, 'seconds' | 'error'> | undefined => {
  const own = events.filter((event) => event.involvedObject.uid === pod.metadata?.uid);
  const message = (reason: string, start: string) =>
    own.find((event) => event.reason === reason && event.message?.startsWith(start))?.message;
  const error = message('Failed', 'Failed to pull image');
  if (error) return { error };
  const state = pod.status?.containerStatuses?.[0]?.state;
  if (!state?.running && !state?.terminated) return undefined;
  const pulled = message('Pulled', 'Successfully pulled image');
  return pulled ? { seconds: goSeconds(/ in (\S+) \(/.exec(pulled)?.[1] ?? '') } : undefined;
};

/** Seconds of a duration as Go prints it: `356ms`, `1.2s`, `2m0.271s`. */
export const goSeconds = (duration: string): number => {
  const units: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, µs: 1e-6, ns: 1e-9 };
  const parts = [...duration.matchAll(/([\d.]+)(h|ms|m|s|µs|ns)/g)];
  if (parts.length === 0) throw new Error(`not a duration: ${duration}`);
  const seconds = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? Number.NaN), 0);
  return Math.round(seconds * 1000) / 1000;
};
