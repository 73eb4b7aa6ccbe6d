import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { ReplicationPlan } from '../plan/settings.js';
import type { Api } from './api.js';
import { type Execution, Lag } from './lag.js';
import { metricsText, type RunResult, type Runs, type Shown } from './metrics.js';

/** What is measured, and for whom. */
export interface ExporterProps {
  /** Asked at each look: a new password counts without a start. */
  readonly api: () => Api;
  /** Asked at each look: new policies count without a start. */
  readonly replications: () => readonly ReplicationPlan[];
  /** The password by which a run is known to be one; nothing while there is none. */
  readonly password: () => string | undefined;
  /** @default 0, any free one */
  readonly port?: number;
  /** Milliseconds between two looks at Harbor. @default 30000 */
  readonly interval?: number;
  readonly print: (line: string) => void;
}

/** An exporter that runs. */
export interface RunningExporter {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Shows how far replication lags behind, and what runs of the reconciler came to, as metrics for Prometheus (`/metrics`). Runs POST
 * their result.
 */
export async function startExporter(props: ExporterProps): Promise<RunningExporter> {
  const lag = new Lag();
  let shown: Shown = {
    up: false,
    progress: [],
    runs: { sums: { made: 0, changed: 0, removed: 0 } },
    started: Date.now(),
  };
  let problem = '';
  let isClosed = false;
  const look = async (): Promise<void> => {
    try {
      const progress = await progressOf(lag, props);
      shown = { ...shown, progress, up: true };
      if (problem !== '') props.print('Harbor tells of its replications again');
      problem = '';
    } catch (error) {
      shown = { ...shown, up: false };
      const reason = error instanceof Error ? error.message : String(error);
      // Told once, not at each look.
      if (reason !== problem && !isClosed) props.print(`could not measure replication: ${reason}`);
      problem = reason;
    }
  };
  const server = createServer(async (request, response) => {
    const path = `${request.method} ${request.url}`;
    if (path === 'GET /metrics') {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(metricsText(shown, Date.now()));
    } else if (path === 'GET /healthz') {
      response.end('ok\n');
    } else if (request.method === 'POST') {
      const result = isKnown(request, props.password()) ? await resultOf(request) : undefined;
      if (result !== undefined) shown = { ...shown, runs: counted(shown.runs, result, Date.now()) };
      response.writeHead(result === undefined ? 403 : 204).end();
    } else {
      response.writeHead(404).end();
    }
  });
  const port = await listening(server, props.port ?? 0);
  let timer: NodeJS.Timeout | undefined;
  const lookAgain = async (): Promise<void> => {
    await look();
    if (!isClosed) timer = setTimeout(lookAgain, props.interval ?? 30_000);
  };
  void lookAgain();
  return {
    port,
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const listening = (server: Server, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });

/** Asks for policies and for the executions since the last look: the answers are lists of a hundred, whatever is planned. */
async function progressOf(lag: Lag, props: ExporterProps) {
  const api = props.api();
  const policies = await api.list<{ id: number; name: string }>('/replication/policies');
  const { oldest } = lag;
  const isEnough = (page: readonly Execution[]): boolean => page.some(({ id }) => id < oldest);
  const executions = await api.list<Execution>('/replication/executions?sort=-id', isEnough);
  // One that began while pages were read shifts them: some come twice.
  const fresh = new Map(executions.flatMap((one) => (one.id >= oldest ? [[one.id, one] as const] : [])));
  return lag.see(props.replications(), new Map(policies.map(({ id, name }) => [name, id])), [...fresh.values()]);
}

/** Whether a request comes from a run: only those who read the robot's Secret know its password. */
function isKnown({ headers: { authorization = '' } }: IncomingMessage, password: string | undefined): boolean {
  if (password === undefined || password === '') return false;
  const sum = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(sum(authorization), sum(`Bearer ${password}`));
}

const LONGEST = 1_000;

async function resultOf(request: IncomingMessage): Promise<RunResult | undefined> {
  try {
    let text = '';
    for await (const chunk of request) {
      text += chunk;
      if (text.length > LONGEST) return undefined;
    }
    const { made, changed, removed, failed } = JSON.parse(text) as Record<string, unknown>;
    const result = { made, changed, removed, failed };
    return Object.values(result).every(Number.isInteger) ? (result as RunResult) : undefined;
  } catch {
    return undefined;
  }
}

const counted = ({ succeeded, sums }: Runs, result: RunResult, at: number): Runs => ({
  last: { ...result, at },
  succeeded: result.failed === 0 ? at : succeeded,
  sums: {
    made: sums.made + result.made,
    changed: sums.changed + result.changed,
    removed: sums.removed + result.removed,
  },
});
