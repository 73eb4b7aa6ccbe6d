import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cached, harborSum, LAB } from './lab';
import { ensurePrograms } from './packages';
import { run } from './process';

const SCRIPT = join(LAB, 'harbor', 'run-local');

/** A whole Harbor as processes on this machine, with nothing in it. */
export interface LocalHarbor {
  readonly url: string;
  readonly password: string;
  readonly down: () => Promise<void>;
}

/** Programs that a Harbor needs beside its own. */
const PROGRAMS = { 'redis-server': 'redis-server', nginx: 'nginx-light', htpasswd: 'apache2-utils', skopeo: 'skopeo' };

/** Ports that a Harbor takes, counted from its first. */
const OFFSETS = [0, 1, 2, 3, 4, 32, 50, 79, 80, 81, 82, 83];

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });

async function freeBase(): Promise<number> {
  // What another worker is about to take is still free.
  const first = 19_000 + 2_000 * Number(process.env.JEST_WORKER_ID ?? 0);
  for (let base = first; base < first + 2_000; base += 100) {
    const free = await Promise.all(OFFSETS.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free ports for a Harbor');
}

/** Starts a Harbor with an empty database. Its programs are unpacked once, and shared by all. */
export async function startHarbor(): Promise<LocalHarbor> {
  await ensurePrograms(PROGRAMS);
  const programs = await cached(`harbor-programs-${harborSum()}`, (path) =>
    run(SCRIPT, ['unpack'], { timeoutMs: 300_000, env: { HARBOR_RUN_HOME: path } }),
  );
  // Its processes run as users of their own, who must get to it.
  const home = mkdtempSync(join(tmpdir(), 'harbor-fleet-harbor-'));
  await run('sh', [
    '-c',
    'chmod 755 "$0" && cp -rl "$1/dist" "$0/dist" 2>/dev/null || cp -r "$1/dist" "$0/dist"',
    home,
    programs,
  ]);
  const env = { HARBOR_RUN_HOME: home };
  const base = await freeBase();
  const down = async (): Promise<void> => {
    await run(SCRIPT, ['down'], { env, timeoutMs: 120_000 });
    rmSync(home, { recursive: true, force: true });
  };
  try {
    // A shell in between, because its programs would keep our end of the pipe.
    await run(
      'sh',
      ['-c', '"$0" --base "$1" up > "$2/up.log" 2>&1 || { cat "$2/up.log" >&2; exit 1; }', SCRIPT, String(base), home],
      {
        env,
        timeoutMs: 180_000,
      },
    );
    const state = JSON.parse(await run(SCRIPT, ['env'], { env })) as { readonly admin: string };
    return { url: `http://127.0.0.1:${base}`, password: state.admin, down };
  } catch (error) {
    await down();
    throw error;
  }
}
