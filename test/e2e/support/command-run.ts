import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { CommandError, sleep } from './process';

export interface CommandSettings {
  readonly cwd: string;
  /** Added to our own environment; `undefined` takes a variable away. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface CommandOptions extends CommandSettings {
  readonly timeoutMs: number;
  readonly input?: string;
  /** Makes what it printed fit for an error message. */
  readonly explain: (said: string) => string;
}

/**
 * A running command that starts processes of its own, such as the engine its plugins, in a session of its own: killing it, or running out
 * of time, ends them all.
 */
export class CommandRun {
  /** What it printed; fails with `CommandError`. */
  readonly done: Promise<string>;
  private readonly out: Buffer[] = [];
  /** Nothing when it could not be started. */
  private readonly session: number | undefined;
  private ended = false;

  constructor(command: string, args: readonly string[], { cwd, env, timeoutMs, input, explain }: CommandOptions) {
    const line = [command, ...args].join(' ');
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'pipe', detached: true });
    this.session = child.pid;
    const err: Buffer[] = [];
    let late = false;
    this.done = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        late = true;
        this.signal('SIGKILL');
      }, timeoutMs);
      child.stdout.on('data', (data: Buffer) => this.out.push(data));
      child.stderr.on('data', (data: Buffer) => err.push(data));
      child.stdin.on('error', () => undefined); // a child that ends early is judged by its exit code
      child.stdin.end(input ?? '');
      const fail = (code: number | undefined, reason: string) => {
        const printed = `${explain(this.said())}\n${Buffer.concat(err).toString('utf8')}`;
        reject(new CommandError(line, code, this.said(), printed, reason));
      };
      child.on('error', (error) => {
        clearTimeout(timer);
        fail(undefined, error.message);
      });
      child.on('close', (code, signal) => {
        clearTimeout(timer);
        if (late) fail(undefined, `gave up after ${timeoutMs / 1000} s`);
        else if (code !== 0) fail(code ?? undefined, `ended with ${code ?? signal}`);
        else resolve(this.said());
      });
    });
    // Whoever kills it need not wait for it.
    this.done
      .catch(() => undefined)
      .finally(() => {
        this.ended = true;
      });
  }

  /** What it printed on its standard output so far. */
  said(): string {
    return Buffer.concat(this.out).toString('utf8');
  }

  /** Waits until it printed what is waited for; fails when it ends before. */
  async until(reached: (said: string) => boolean): Promise<void> {
    while (!reached(this.said())) {
      if (this.ended) throw new Error(`it ended too soon:\n${await this.done}`);
      await sleep(50);
    }
  }

  /**
   * Ends it as a power cut would; resolves when none of its processes is left.
   *
   * @param when asked while all of it stands still; where it says no, it runs on for a moment and is asked again. @default - at once
   */
  async kill(when: () => boolean = () => true): Promise<void> {
    for (this.signal('SIGSTOP'); !when(); this.signal('SIGSTOP')) {
      this.signal('SIGCONT');
      await sleep(20);
    }
    for (let tries = 0; this.signal('SIGKILL') > 0; tries++) {
      if (tries === 50) throw new Error(`session ${this.session} is still there 5 s after it was killed`);
      await sleep(100);
    }
    await this.done.catch(() => undefined);
  }

  /** Does something while all of it stands still. */
  async whileFrozen<T>(act: () => Promise<T>): Promise<T> {
    this.signal('SIGSTOP');
    try {
      return await act();
    } finally {
      this.signal('SIGCONT');
    }
  }

  /** Tells what is left of the session; gives how many processes that were. */
  private signal(signal: NodeJS.Signals): number {
    const pids = this.session === undefined ? [] : sessionMembers(this.session);
    for (const pid of pids) {
      try {
        process.kill(pid, signal);
      } catch {
        // It ended by itself meanwhile.
      }
    }
    return pids.length;
  }
}

/** Processes of a session. The engine gives plugins process groups of their own, so a group is not enough. */
const sessionMembers = (session: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        // The program's name stands in parentheses and may hold blanks: state, parent, group, session come behind it.
        const [state, , , of] = readFileSync(`/proc/${pid}/stat`, 'latin1')
          .replace(/^.*\) /s, '')
          .split(' ');
        return Number(of) === session && state !== 'Z';
      } catch {
        return false; // it ended meanwhile
      }
    });
