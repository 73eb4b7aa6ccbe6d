import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensurePrograms } from './packages';
import { eventually, run } from './process';

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
}

/** A real nginx with a generated configuration. */
export class Nginx {
  private constructor(
    readonly port: number,
    private readonly folder: string,
    private readonly process: ChildProcess,
  ) {}

  /**
   * Starts one, which must find nothing to warn of in its configuration.
   *
   * @param configure makes the configuration, for a port of loopback to listen on and a folder to write to
   * @param ready a path that is answered, whatever with
   */
  static async start(configure: (port: number, folder: string) => string, ready: string): Promise<Nginx> {
    await ensurePrograms({ nginx: 'nginx-light' });
    const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-nginx-'));
    // Its workers are another user, where we are root.
    chmodSync(folder, 0o755);
    const port = await freePort();
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, configure(port, folder));
    // It tells of warnings too, such as a hash that is too small.
    await run('sh', [
      '-c',
      'nginx -t -c "$0" 2> "$1/test" && ! grep -E "warn|emerg" "$1/test" || { cat "$1/test" >&2; exit 1; }',
      file,
      folder,
    ]);
    const nginx = new Nginx(port, folder, spawn('nginx', ['-c', file, '-g', 'daemon off;'], { stdio: 'inherit' }));
    await eventually(async () => nginx.ask('GET', ready).catch(() => undefined), { what: 'nginx to answer' });
    return nginx;
  }

  ask(method: string, path: string, host = '127.0.0.1'): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port: this.port, method, path, headers: { host } }, async (answer) => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve({ status: answer.statusCode ?? 0, text, type: answer.headers['content-type'] });
      });
      sent.on('error', reject).end();
    });
  }

  async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    if (this.process.exitCode === null) await once(this.process, 'exit');
    rmSync(this.folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
