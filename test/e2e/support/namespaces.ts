import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, sleep } from './process';

/** Network namespaces, and programs in them. */
export class Namespaces {
  protected readonly folder = mkdtempSync(join(tmpdir(), 'data-centres-'));
  protected readonly prefix = `hf${process.pid}`;
  private readonly started: ChildProcess[] = [];
  private readonly namespaces: string[] = [];

  in = (namespace: string, ...command: readonly string[]): Promise<string> =>
    run('ip', ['netns', 'exec', namespace, ...command], { timeoutMs: 30_000 });

  /** Starts a program in a namespace, to be ended by `stop`. */
  start(namespace: string, command: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespace, ...command], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    });
    this.started.push(child);
    return child;
  }

  protected async makeNamespace(name: string): Promise<void> {
    await run('ip', ['netns', 'add', name]);
    this.namespaces.push(name);
    await this.in(name, 'ip', 'link', 'set', 'lo', 'up');
    await this.in(name, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  }

  /** Ends everything that was started, charons before their namespaces, and takes the namespaces away. */
  async down(): Promise<void> {
    for (const child of this.started) {
      child.kill('SIGCONT');
      child.kill('SIGTERM');
    }
    await sleep(2_000);
    for (const child of this.started) if (child.exitCode === null) child.kill('SIGKILL');
    for (const namespace of this.namespaces) await run('ip', ['netns', 'del', namespace]).catch(() => '');
    rmSync(this.folder, { recursive: true, force: true });
  }
}
