import { spawn } from 'node:child_process';
import type { Event, Pod } from 'kubernetes-types/core/v1';
import type { ObjectMeta } from 'kubernetes-types/meta/v1';
import { eventually, type RunOptions, run } from './process';

/** What every object has. */
export interface KubernetesObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: ObjectMeta;
}

export interface ApplyOptions {
  readonly serverSide?: boolean;
  /** Let the API server judge and default the objects without keeping them. */
  readonly dryRun?: boolean;
  readonly namespace?: string;
}

export interface LogOptions {
  readonly container?: string;
  readonly tail?: number;
  readonly since?: Date;
  readonly previous?: boolean;
}

export interface PortForward {
  /** On 127.0.0.1 of this machine. */
  readonly port: number;
  close(): void;
}

/** What a workload must have reached before a test goes on. */
interface Workload extends KubernetesObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: Readonly<Record<string, unknown>>;
}

export const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets', 'jobs'] as const;

/** `kubectl` against one cluster; every call has a time limit. */
export class Kubectl {
  constructor(
    readonly binary: string,
    readonly kubeconfig: string,
  ) {}

  run(args: readonly string[], options?: RunOptions): Promise<string> {
    return run(this.binary, ['--kubeconfig', this.kubeconfig, ...args], options);
  }

  /** `kubectl get … -o json`, as what the caller says it is. */
  async getJson<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse(await this.run(['get', ...args, '-o', 'json'], { timeoutMs: 30_000 })) as T;
  }

  /** The items of a list. */
  async list<T extends KubernetesObject>(resource: string, ...args: readonly string[]): Promise<readonly T[]> {
    return (await this.getJson<{ items: readonly T[] }>(resource, ...args)).items;
  }

  pods(namespace: string, selector?: string): Promise<readonly Pod[]> {
    return this.list<Pod>('pods', '-n', namespace, ...(selector ? ['-l', selector] : []));
  }

  /** Applies a file, a folder or objects; unknown and duplicate fields are errors, and so is every warning of the API server, such as of a pod that its namespace would refuse. Gives kubectl's line per object. */
  async apply(source: string | readonly KubernetesObject[], options: ApplyOptions = {}): Promise<readonly string[]> {
    const objects =
      typeof source === 'string' ? undefined : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: source });
    const args = [
      'apply',
      '--validate=strict',
      '--warnings-as-errors',
      '-f',
      typeof source === 'string' ? source : '-',
    ];
    if (typeof source === 'string') args.push('--recursive');
    if (options.serverSide) args.push('--server-side', '--force-conflicts');
    if (options.dryRun) args.push('--dry-run=server');
    if (options.namespace) args.push('-n', options.namespace);
    return lines(await this.run(args, { timeoutMs: 180_000, input: objects }));
  }

  /** Deletes what a file or folder describes, and waits until it is gone. */
  async delete(source: string): Promise<readonly string[]> {
    return lines(await this.run(['delete', '--ignore-not-found', '--recursive', '-f', source], { timeoutMs: 300_000 }));
  }

  async logs(namespace: string, pod: string, options: LogOptions = {}): Promise<string> {
    const args = ['logs', '-n', namespace, pod];
    args.push(...(options.container ? ['-c', options.container] : ['--all-containers', '--prefix']));
    if (options.tail !== undefined) args.push(`--tail=${options.tail}`);
    if (options.since) args.push(`--since-time=${options.since.toISOString()}`);
    if (options.previous) args.push('--previous');
    return this.run(args);
  }

  /** Runs a command in a pod: only what the image holds, and Harbor's and Kraken's own may hold no shell. */
  exec(namespace: string, pod: string, container: string, command: readonly string[]): Promise<string> {
    return this.run(['exec', '-n', namespace, pod, '-c', container, '--', ...command]);
  }

  /** Through the kubelet, so no NetworkPolicy is in the way; `target` is `pod/NAME` or `service/NAME`. */
  portForward(namespace: string, target: string, port: number, localPort?: number): Promise<PortForward> {
    const args = ['--kubeconfig', this.kubeconfig, 'port-forward', '-n', namespace, '--address=127.0.0.1'];
    const child = spawn(this.binary, [...args, target, `${localPort ?? ''}:${port}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Promise((resolve, reject) => {
      let said = '';
      const fail = (reason: string) => {
        clearTimeout(timer);
        child.kill();
        reject(new Error(`port-forward ${namespace} ${target} ${port}: ${reason}\n${said}`));
      };
      const timer = setTimeout(() => fail('no answer in 30 s'), 30_000);
      const listen = (data: Buffer) => {
        said += data.toString('utf8');
        const local = /127\.0\.0\.1:(\d+) ->/.exec(said)?.[1];
        if (!local) return;
        clearTimeout(timer);
        resolve({ port: Number(local), close: () => child.kill() });
      };
      child.stdout.on('data', listen);
      child.stderr.on('data', listen);
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code) => fail(`ended with ${code}`));
    });
  }

  /**
   * Waits until every workload of a namespace has all its pods up to date and ready, and every Job is complete. Runs of a CronJob do not
   * count: one that began too early fails, and the next one tells.
   */
  async waitReady(namespace: string, kinds: readonly string[] = WORKLOADS, timeoutMs = 300_000): Promise<void> {
    await eventually(
      async () => {
        const workloads = await this.list<Workload>(kinds.join(','), '-n', namespace);
        const waiting = workloads
          .filter((workload) => !ready(workload) && !scheduled(workload))
          .map((it) => `${it.kind}/${it.metadata?.name}`);
        if (waiting.length > 0) throw new Error(`not ready: ${waiting.join(', ')}`);
        return true;
      },
      { what: `${kinds.join(', ')} of ${namespace}`, timeoutMs, explain: () => this.troubles(namespace) },
    );
  }

  /** What a person would look at: each pod that is not ready, its state, its events, its last lines. */
  async troubles(namespace: string): Promise<string> {
    const sick = (await this.pods(namespace)).filter((pod) => pod.status?.phase !== 'Succeeded' && !podReady(pod));
    const warnings = (await this.list<Event>('events', '-n', namespace))
      .filter((event) => event.type !== 'Normal')
      .map((event) => `${event.involvedObject.kind}/${event.involvedObject.name} ${event.reason}: ${event.message}`);
    const reports = sick.map(async (pod) => {
      const name = pod.metadata?.name ?? '';
      const states = (pod.status?.containerStatuses ?? []).map((it) => `${it.name} ${JSON.stringify(it.state)}`);
      const said = await this.logs(namespace, name, { tail: 20 }).catch(String);
      return [`--- ${namespace}/${name} ${pod.status?.phase} on ${pod.spec?.nodeName}`, ...states, said].join('\n');
    });
    return [...(await Promise.all(reports)), '--- warnings', ...new Set(warnings)].join('\n');
  }
}

export const podReady = (pod: Pod): boolean =>
  (pod.status?.conditions ?? []).some((condition) => condition.type === 'Ready' && condition.status === 'True');

/** Restarts of all containers together; a test that says nothing restarts compares two of these. */
export const restarts = (pods: readonly Pod[]): number =>
  pods.flatMap((pod) => pod.status?.containerStatuses ?? []).reduce((sum, status) => sum + status.restartCount, 0);

const ready = ({ kind, metadata, spec, status = {} }: Workload): boolean => {
  const count = (field: string): number => Number(status[field] ?? 0);
  if (kind === 'Job') return count('succeeded') > 0;
  if (count('observedGeneration') < (metadata?.generation ?? 0)) return false;
  if (kind === 'DaemonSet')
    return (
      count('updatedNumberScheduled') === count('desiredNumberScheduled') &&
      count('numberReady') === count('desiredNumberScheduled')
    );
  const wanted = spec?.replicas ?? 1;
  return ['replicas', 'updatedReplicas', 'readyReplicas'].every((field) => count(field) === wanted);
};

const scheduled = ({ metadata }: Workload): boolean =>
  metadata?.ownerReferences?.some(({ kind }) => kind === 'CronJob') ?? false;

const lines = (output: string): readonly string[] => output.split('\n').filter((line) => line !== '');
