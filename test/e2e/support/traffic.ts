import { get } from 'node:http';
import type { Pod } from 'kubernetes-types/core/v1';
import { type Kubectl, restarts } from './kubectl';

/** What a registry has sent since it started. */
export interface RegistrySent {
  /** Bytes of blob bodies: proved equal, to the byte, to the sum of `http.response.written` in its access log. */
  readonly blobBytes: number;
  readonly blobGets: number;
  readonly manifestBytes: number;
}

/** What the container runtime of one node got from its Kraken agent. */
export interface AgentServed {
  readonly node: string;
  readonly blobBytes: number;
  /** Digests of the blobs served. */
  readonly blobs: readonly string[];
  /** Answers of 400 and above, after which the runtime goes on to the next host. */
  readonly refused: number;
}

export interface PodNetwork {
  readonly pod: string;
  readonly received: number;
  readonly sent: number;
}

export interface Place {
  readonly namespace: string;
  /** Label selector of the pods. */
  readonly selector: string;
}

/** Measures who sent how much to whom. */
export class Traffic {
  constructor(private readonly kubectl: Kubectl) {}

  /** What all replicas of Harbor's registry send while `act` runs; fails when one of them began to count anew. */
  async duringRegistry<T>(registry: Place, act: () => Promise<T>): Promise<RegistrySent & { readonly result: T }> {
    const before = await this.registry(registry);
    const result = await act();
    const after = await this.registry(registry);
    if (before.identity !== after.identity)
      throw new Error(`the registry restarted while it was measured: ${before.identity} became ${after.identity}`);
    return {
      blobBytes: after.blobBytes - before.blobBytes,
      blobGets: after.blobGets - before.blobGets,
      manifestBytes: after.manifestBytes - before.manifestBytes,
      result,
    };
  }

  /** The counters of the registry's own `/metrics`, over all replicas. */
  private async registry({ namespace, selector }: Place): Promise<RegistrySent & { readonly identity: string }> {
    const pods = await this.kubectl.pods(namespace, selector);
    if (pods.length === 0) throw new Error(`no registry pod ${selector} in ${namespace}`);
    const texts = await Promise.all(pods.map((pod) => this.metrics(namespace, name(pod))));
    const total = (metric: string) => texts.reduce((sum, text) => sum + metricSum(text, metric), 0);
    return {
      blobBytes: total('registry_http_response_size_bytes_sum{handler="blob"}'),
      blobGets: total('registry_http_requests_total{code="200",handler="blob",method="get"}'),
      manifestBytes: total('registry_http_response_size_bytes_sum{handler="manifest"}'),
      identity: `${pods.map((pod) => pod.metadata?.uid).sort()} ${restarts(pods)}`,
    };
  }

  /** Calls of Harbor's API that change something, counted by its only core since that started, by their names. */
  async writes({ namespace, selector }: Place): Promise<Readonly<Record<string, number>>> {
    const [core, ...others] = await this.kubectl.pods(namespace, selector);
    if (core === undefined || others.length > 0) throw new Error(`not one core, but ${others.length + 1}`);
    const line = /^harbor_core_http_request_total\{(.*)\} (\S+)$/gm;
    const calls: Record<string, number> = {};
    for (const [, labels = '', count] of (await this.metrics(namespace, name(core))).matchAll(line)) {
      const { method = '', operation = '' } = Object.fromEntries(
        [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      ) as { method?: string; operation?: string };
      // What is no call of the API has no name of its own: pushes, and reports of jobs.
      if (['GET', 'HEAD'].includes(method) || operation === 'unknown') continue;
      calls[operation] = (calls[operation] ?? 0) + Number(count);
    }
    return calls;
  }

  /** Seconds by which the copies of a replication policy lag behind. */
  async replicationLag(policy: string): Promise<number> {
    const [pod] = await this.kubectl.pods('harbor', 'app=harbor,component=metrics');
    if (pod === undefined) throw new Error('no pod tells how far replication lags behind');
    const text = await this.metrics('harbor', name(pod));
    const found = new RegExp(`^harbor_fleet_replication_lag_seconds\\{policy="${policy}",.*\\} (\\S+)$`, 'm').exec(
      text,
    );
    if (found === null) throw new Error(`nothing is told of ${policy}:\n${text}`);
    return Number(found[1]);
  }

  /** By a forwarded port: the image need hold no client, and a default-deny NetworkPolicy lets no other way. */
  private async metrics(namespace: string, pod: string): Promise<string> {
    const forward = await this.kubectl.portForward(namespace, `pod/${pod}`, 8001);
    try {
      return await fetchText(`http://127.0.0.1:${forward.port}/metrics`);
    } finally {
      forward.close();
    }
  }

  /** What the agents answered to container runtimes since a moment, from the access log of their nginx. */
  async servedByAgents({ namespace, selector }: Place, since: Date): Promise<readonly AgentServed[]> {
    const pods = await this.kubectl.pods(namespace, selector);
    return Promise.all(
      pods.map(async (pod) => {
        const log = await this.kubectl.logs(namespace, name(pod), { since });
        return { node: pod.spec?.nodeName ?? '', ...readAgentLog(log) };
      }),
    );
  }

  /**
   * Counters of each pod's own interface since it started. They hold everything with headers and acknowledgements,
   * 0.3 to 0.5 % more than the bodies. Meaningless for pods on the host's network.
   */
  async network({ namespace, selector }: Place, container: string): Promise<readonly PodNetwork[]> {
    const pods = await this.kubectl.pods(namespace, selector);
    return Promise.all(
      pods.map(async (pod) => {
        const table = await this.kubectl.exec(namespace, name(pod), container, ['cat', '/proc/net/dev']);
        const fields = /eth0:\s*(.+)/.exec(table)?.[1]?.trim().split(/\s+/).map(Number) ?? [];
        const [received, sent] = [fields[0], fields[8]];
        if (received === undefined || sent === undefined) throw new Error(`${name(pod)} has no eth0:\n${table}`);
        return { pod: name(pod), received, sent };
      }),
    );
  }
}

/**
 * Kraken's nginx logs what it told the runtime, and the registry behind it logs the same request once more:
 * only nginx writes a missing referrer as `-`.
 */
export const readAgentLog = (log: string): Omit<AgentServed, 'node'> => {
  const line = /"GET \/v2\/\S+\/blobs\/(sha256:[0-9a-f]{64})\S* HTTP\/[\d.]+" (\d+) (\d+) "-" "containerd/g;
  const answers = [...log.matchAll(line)].map(([, digest = '', status, bytes]) => ({
    digest,
    served: Number(status) < 400,
    bytes: Number(bytes),
  }));
  const served = answers.filter((answer) => answer.served);
  return {
    blobBytes: served.reduce((sum, answer) => sum + answer.bytes, 0),
    blobs: [...new Set(served.map((answer) => answer.digest))],
    refused: answers.length - served.length,
  };
};

/** The value of one series, zero before its first event: the registry shows only what it has seen. */
const metricSum = (text: string, series: string): number => {
  const found = text.split('\n').find((line) => line.startsWith(`${series} `));
  return found ? Number(found.slice(series.length + 1)) : 0;
};

const fetchText = (url: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = get(url, { agent: false, timeout: 20_000 }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        if (response.statusCode === 200) resolve(body);
        else reject(new Error(`${url} answered ${response.statusCode}: ${body.slice(0, 200)}`));
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${url}: no answer in 20 s`)));
    sent.on('error', reject);
  });

const name = (pod: Pod): string => pod.metadata?.name ?? '';
