import { spawn } from 'node:child_process';

/** A command that failed or took too long, with what it said, so that a red test needs no second run. */
export class CommandError extends Error {
  constructor(
    readonly command: string,
    readonly code: number | undefined,
    readonly stdout: string,
    readonly stderr: string,
    reason: string,
  ) {
    super(`${command}\n${reason}\n${tail(stderr) || tail(stdout)}`);
    this.name = 'CommandError';
  }
}

export interface RunOptions {
  /** @default one minute: nothing in a test may wait without an end */
  readonly timeoutMs?: number;
  readonly input?: string | Buffer;
  /** Added to our own environment; `undefined` takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

/** Runs a command to its end and gives its standard output; fails with `CommandError`. */
export const run = (command: string, args: readonly string[], options: RunOptions = {}): Promise<string> =>
  new Promise((resolve, reject) => {
    const { timeoutMs = 60_000, input, env, cwd } = options;
    const line = [command, ...args].join(' ');
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), 5_000).unref();
    }, timeoutMs);
    child.stdout.on('data', (data: Buffer) => out.push(data));
    child.stderr.on('data', (data: Buffer) => err.push(data));
    // A child that ends before it has read its input is judged by its exit code, not by the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    const fail = (code: number | undefined, reason: string) =>
      reject(new CommandError(line, code, text(out), text(err), reason));
    child.on('error', (error) => {
      clearTimeout(timer);
      fail(undefined, error.message);
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (late) fail(code ?? undefined, `gave up after ${timeoutMs / 1000} s`);
      else if (code !== 0) fail(code ?? undefined, `ended with ${code ?? signal}`);
      else resolve(text(out));
    });
  });

/** Whether a program is on the PATH. */
export const available = (command: string): Promise<boolean> =>
  run('sh', ['-c', 'command -v "$0"', command]).then(
    () => true,
    () => false,
  );

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface Patience {
  /** What is waited for, for the message. */
  readonly what: string;
  /** @default two minutes */
  readonly timeoutMs?: number;
  /** @default one second */
  readonly intervalMs?: number;
  /** Asked once, when patience is over: what a person would look at next. */
  readonly explain?: () => Promise<string>;
}

/**
 * Calls `attempt` until it neither throws nor gives `undefined`, and returns what it gave.
 * The last failure and `explain` end up in the error, since the cluster is gone when somebody reads it.
 */
export const eventually = async <T>(attempt: () => Promise<T | undefined>, patience: Patience): Promise<T> => {
  const { what, timeoutMs = 120_000, intervalMs = 1_000, explain } = patience;
  const end = Date.now() + timeoutMs;
  let last = 'not yet';
  for (;;) {
    try {
      const result = await attempt();
      if (result !== undefined) return result;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    if (Date.now() + intervalMs > end) break;
    await sleep(intervalMs);
  }
  const more = explain ? await explain().catch((error: unknown) => `(no explanation: ${String(error)})`) : '';
  throw new Error(`gave up waiting ${timeoutMs / 1000} s for ${what}\nlast: ${last}\n${more}`);
};

const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString('utf8');
const tail = (said: string): string => said.trimEnd().split('\n').slice(-30).join('\n');
