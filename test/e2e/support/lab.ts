import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { run } from './process';

/** Where downloads and builds that outlive one run are kept. */
export const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'harbor-fleet-e2e');

/** The lab beside the repository: real parts to test with where no image registry can be reached. */
export const LAB = process.env.HARBOR_FLEET_LAB || resolve(__dirname, '../../../../shared/lab');

const made = new Map<string, Promise<string>>();

/** A file or folder of the cache, made once; a half-made one is never seen, so an interrupted run does no harm. */
export const cached = (name: string, make: (path: string) => Promise<unknown>): Promise<string> => {
  const known = made.get(name) ?? makeCached(name, make);
  made.set(name, known);
  return known;
};

const makeCached = async (name: string, make: (path: string) => Promise<unknown>): Promise<string> => {
  const path = join(CACHE, name);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  const unfinished = `${path}.${process.pid}`;
  await make(unfinished);
  try {
    renameSync(unfinished, path);
  } catch (error) {
    if (!existsSync(path)) throw error;
    rmSync(unfinished, { recursive: true, force: true }); // another test made the folder meanwhile
  }
  return path;
};

/** CoreDNS as it is installed, or that of the lab's clusters. */
export const coreDnsProgram = async (): Promise<string> =>
  (await run('sh', ['-c', 'command -v coredns || true'])).trim() ||
  cached('coredns', (path) =>
    run('sh', ['-c', 'xz -dc "$0" > "$1" && chmod +x "$1"', join(LAB, 'cluster', 'bin', 'coredns.xz'), path]),
  );

export interface PackOptions {
  readonly entrypoint: string;
  /** Numeric, so that `runAsNonRoot` can be verified. */
  readonly user?: string;
  /** Path in the image → static file on this machine. */
  readonly files: Readonly<Record<string, string>>;
}

/** One cluster of the lab: what its script can do to it that `kubectl` cannot. */
export class LabCluster {
  constructor(readonly name: string) {}

  /** All clusters of these tests share one folder, so that the lab can hand out addresses without a clash. */
  static readonly directory = join(CACHE, 'clusters');
  static readonly script = join(LAB, 'cluster', 'cluster');

  /** A command of the lab's script about this cluster: `cut`, `heal`, `stop-node`, `start-node`, `alias` … */
  command(args: readonly string[], timeoutMs = 60_000): Promise<string> {
    const env = { CLUSTER_DIR: LabCluster.directory };
    return run(LabCluster.script, ['--name', this.name, ...args], { timeoutMs, env });
  }

  /** Runs a command on a node itself, as root. */
  exec(node: string, command: readonly string[], timeoutMs?: number): Promise<string> {
    return this.command(['exec', node, ...command], timeoutMs);
  }

  /** Puts image archives into every node. */
  async load(...archives: readonly string[]): Promise<void> {
    await this.command(['load', ...archives], 300_000);
  }

  /** Makes a name resolve on nodes and in pods; the lab has no other DNS. */
  async alias(host: string, address: string): Promise<void> {
    await this.command(['alias', host, address]);
  }

  /** The lab's kubeconfig and the kubectl of the same version. */
  async access(): Promise<{ kubeconfig: string; kubectl: string }> {
    const [kubeconfig, bin] = await Promise.all([this.command(['kubeconfig']), this.command(['bin'])]);
    return { kubeconfig: kubeconfig.trim(), kubectl: join(bin.trim(), 'kubectl') };
  }

  /** Packs static programs as a one-layer image archive and loads it. */
  async loadProgram(reference: string, { entrypoint, user, files }: PackOptions): Promise<void> {
    const sources = Object.entries(files).map(([target, source]) => `${source}:${target}`);
    const key = createHash('sha256').update(JSON.stringify([reference, entrypoint, user, sources]));
    for (const source of Object.values(files)) key.update(readFileSync(source));
    const archive = await cached(`image-${key.digest('hex').slice(0, 16)}.tar`, (path) =>
      this.command(
        ['image', reference, path, '-entrypoint', entrypoint, ...(user ? ['-user', user] : []), ...sources],
        120_000,
      ),
    );
    await this.load(archive);
  }
}

const HARBOR_IMAGES = join(LAB, 'harbor', 'harbor-images.tar.xz');

/** What distinguishes one archive of the lab's Harbor from another. */
export const harborSum = (): string => readFileSync(`${HARBOR_IMAGES}.sha256`, 'utf8').slice(0, 12);

/** The lab's Harbor images, unpacked once: 64 MB of xz take seconds of both cores. */
export const harborArchive = (): Promise<string> =>
  cached(`harbor-images-${harborSum()}.tar`, (path) =>
    run('sh', ['-c', 'xz -dc -T2 "$0" > "$1"', HARBOR_IMAGES, path], { timeoutMs: 300_000 }),
  );

export const KRAKEN_VERSION = 'v0.1.27';
export const krakenArchive = (): string => join(LAB, 'kraken', `kraken-${KRAKEN_VERSION}.oci.tar`);
