import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MIRROR_SCRIPT } from '../../../lib/k8s/node-mirror/script.js';

const DOMAIN = 'registry.example.com';
const TOML = '# managed by harbor-fleet: kraken\nserver = "https://registry.example.com"\n';

/** A node's folders, and pods that run the script on it. */
class Node {
  readonly root = mkdtempSync(join(tmpdir(), 'node-mirror-'));
  readonly folder = join(this.root, 'certs.d', DOMAIN);
  readonly file = join(this.folder, 'hosts.toml');
  private readonly pods: ChildProcess[] = [];

  constructor() {
    for (const name of ['certs.d', 'containerd', 'planned', 'state-a', 'state-b']) mkdirSync(join(this.root, name));
    writeFileSync(join(this.root, 'mirror.sh'), MIRROR_SCRIPT);
    this.plan(TOML);
    this.containerd(`config_path = "/etc/containerd/certs.d"\n`);
  }

  plan(toml: string, ca?: string): void {
    writeFileSync(join(this.root, 'planned/hosts.toml'), toml);
    if (ca !== undefined) writeFileSync(join(this.root, 'planned/ca.crt'), ca);
  }

  containerd(toml: string): void {
    writeFileSync(join(this.root, 'containerd/config.toml'), toml);
  }

  private env(uid: string, over: Record<string, string>): NodeJS.ProcessEnv {
    return {
      PATH: process.env.PATH,
      DOMAIN,
      INSTANCE: 'kraken',
      POD_UID: uid,
      CONFIG_PATH: '/etc/containerd/certs.d',
      SINGLE_CONFIG_PATH: 'true',
      INTERVAL: '0.05',
      CERTS: join(this.root, 'certs.d'),
      CONTAINERD: join(this.root, 'containerd'),
      PLANNED: join(this.root, 'planned'),
      CA: join(this.root, 'planned'),
      STATE: join(this.root, `state-${uid}`),
      ...over,
    };
  }

  /** Starts a pod of the mirror. */
  run(uid: string, over: Record<string, string> = {}): ChildProcess {
    // A group of its own, so that what it started ends with it.
    const pod = spawn('sh', [join(this.root, 'mirror.sh'), 'run'], { env: this.env(uid, over), detached: true });
    this.pods.push(pod);
    return pod;
  }

  /** Answer of a probe: nothing when it passes, else the reason. */
  probe(what: 'ready' | 'alive', uid: string, over: Record<string, string> = {}): string {
    try {
      execFileSync('sh', [join(this.root, 'mirror.sh'), what], { env: this.env(uid, over) });
      return '';
    } catch (error) {
      return String((error as { stdout: Buffer }).stdout).trim();
    }
  }

  /** Whether a pod has had its first look. */
  looked(uid: string): boolean {
    return existsSync(join(this.root, `state-${uid}`, 'beat'));
  }

  content(): string | undefined {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8') : undefined;
  }

  owner(): string {
    const path = join(this.folder, '.harbor-fleet-owner');
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  }

  async clean(): Promise<void> {
    for (const pod of this.pods) {
      const running = pod.exitCode === null && pod.signalCode === null;
      const ended = running ? new Promise((resolve) => pod.once('exit', resolve)) : undefined;
      try {
        if (pod.pid !== undefined) process.kill(-pod.pid, 'SIGKILL');
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
      await ended;
    }
    // What was writing a moment ago may be about to end.
    rmSync(this.root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

/** Waits until something holds, which takes milliseconds; a busy machine gets four seconds. */
async function until(what: () => boolean): Promise<void> {
  const end = Date.now() + 4000;
  while (!what()) {
    if (Date.now() > end) throw new Error(`did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Tells a pod to end, as the kubelet does, and returns its exit status. */
const end = (pod: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    pod.on('exit', resolve);
    pod.kill('SIGTERM');
  });

let node: Node;
beforeEach(() => {
  node = new Node();
});
afterEach(() => node.clean());

test('writes the planned files, with the CA beside', async () => {
  node.plan(TOML, 'PEM\n');
  node.run('a');
  await until(() => node.probe('ready', 'a') === '');
  expect(node.content()).toBe(TOML);
  expect(readFileSync(join(node.folder, 'ca.crt'), 'utf8')).toBe('PEM\n');
  expect(node.owner()).toBe('kraken a');
});

test('repairs what someone changed or removed', async () => {
  node.run('a');
  await until(() => node.content() === TOML);
  writeFileSync(node.file, `${TOML}[host."http://elsewhere"]\n`);
  await until(() => node.content() === TOML);
  rmSync(node.file);
  await until(() => node.content() === TOML);
  expect(node.probe('ready', 'a')).toBe('');
});

test('follows a plan that changed while it runs', async () => {
  node.run('a');
  await until(() => node.content() === TOML);
  node.plan(`${TOML}# new\n`);
  await until(() => node.content() === `${TOML}# new\n`);
  expect(node.probe('ready', 'a')).toBe('');
});

test('takes its files and its folder away at the end, at once', async () => {
  const pod = node.run('a', { INTERVAL: '60' });
  await until(() => node.content() === TOML);
  const begin = Date.now();
  expect(await end(pod)).toBe(0);
  expect(Date.now() - begin).toBeLessThan(5000);
  expect(readdirSync(join(node.root, 'certs.d'))).toEqual([]);
});

test('leaves a foreign file alone, and says so', async () => {
  mkdirSync(node.folder);
  writeFileSync(node.file, 'server = "https://mine"\n');
  const pod = node.run('a');
  const said: string[] = [];
  pod.stdout?.on('data', (data) => said.push(String(data)));
  await until(() => said.join('').includes('was not written by this node mirror'));
  expect(node.probe('ready', 'a')).toContain('hosts.toml was not written by this node mirror');
  await end(pod);
  expect(node.content()).toBe('server = "https://mine"\n');
  expect(readdirSync(node.folder)).toEqual(['hosts.toml']);
});

test("leaves a folder with someone else's certificates alone", async () => {
  mkdirSync(node.folder);
  writeFileSync(join(node.folder, 'client.cert'), 'x');
  const pod = node.run('a');
  await until(() => node.looked('a'));
  expect(node.probe('ready', 'a')).toContain('holds files that this node mirror did not write');
  await end(pod);
  expect(readdirSync(node.folder)).toEqual(['client.cert']);
});

test('leaves the files of another mirror alone', async () => {
  mkdirSync(node.folder);
  writeFileSync(join(node.folder, '.harbor-fleet-owner'), 'tenant b\n');
  writeFileSync(node.file, TOML.replace('kraken', 'tenant'));
  const pod = node.run('a');
  await until(() => node.looked('a'));
  expect(node.probe('ready', 'a')).toContain('belongs to another node mirror (tenant b)');
  await end(pod);
  expect(node.content()).toBe(TOML.replace('kraken', 'tenant'));
});

test('takes over what a killed pod of the same mirror left', async () => {
  const killed = node.run('a');
  await until(() => node.owner() === 'kraken a');
  killed.kill('SIGKILL');
  node.run('b');
  await until(() => node.owner() === 'kraken b' && node.content() === TOML);
  await until(() => node.probe('ready', 'b') === '');
});

test('a rolling update leaves no gap: the older pod ends without removing anything', async () => {
  const older = node.run('a');
  await until(() => node.owner() === 'kraken a');
  const newer = node.run('b');
  await until(() => node.owner() === 'kraken b');
  await until(() => node.probe('ready', 'a') === '');
  await end(older);
  expect(node.content()).toBe(TOML);
  await end(newer);
  expect(readdirSync(join(node.root, 'certs.d'))).toEqual([]);
});

test('a newer pod is not ready before it has taken over, however good the files are', async () => {
  node.run('a');
  await until(() => node.probe('ready', 'a') === '');
  expect(node.probe('ready', 'b')).toBe('has not looked at this node yet');
  node.run('b');
  await until(() => node.probe('ready', 'b') === '');
  expect(node.owner()).toBe('kraken b');
});

test('a pod that is slow at its look does not take the files back from a newer one', async () => {
  // Every read takes long, so that the newer pod comes between two reads of one look.
  const slow = join(node.root, 'slow');
  mkdirSync(slow);
  writeFileSync(join(slow, 'cat'), '#!/bin/sh\nPATH=${PATH#*:}\ncat "$@"\nsleep 0.1\n', { mode: 0o755 });
  node.run('a', { PATH: `${slow}:${process.env.PATH}`, INTERVAL: '0' });
  await until(() => node.owner() === 'kraken a' && node.content() === TOML);
  node.run('b', { INTERVAL: '60' });
  await until(() => node.owner() === 'kraken b');
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(node.owner()).toBe('kraken b');
});

test('an update that is taken back leaves the older pod in charge', async () => {
  node.run('a');
  await until(() => node.owner() === 'kraken a');
  const newer = node.run('b');
  await until(() => node.owner() === 'kraken b');
  await end(newer);
  await until(() => node.owner() === 'kraken a' && node.content() === TOML);
  expect(node.probe('ready', 'a')).toBe('');
});

describe('readiness asks containerd', () => {
  beforeEach(async () => {
    node.run('a');
    await until(() => node.looked('a'));
  });

  test.each([
    ['the folder', `config_path = '/etc/containerd/certs.d'`],
    ['the folder, indented', `   config_path="/etc/containerd/certs.d"`],
    [
      'a list, pulled without the transfer service',
      `config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"\ndiscard_unpacked_layers = true`,
    ],
    ['an empty one of another plug-in before', `config_path = ''\nconfig_path = '/etc/containerd/certs.d'`],
  ])('accepts %s', (_, toml) => {
    node.containerd(toml);
    expect(node.probe('ready', 'a')).toBe('');
  });

  test.each([
    ['nothing', 'version = 3'],
    ['an empty path', 'config_path = ""'],
    ['another folder', 'config_path = "/etc/docker/certs.d"'],
    ['a comment', '# config_path = "/etc/containerd/certs.d"'],
  ])('refuses %s', (_, toml) => {
    node.containerd(toml);
    expect(node.probe('ready', 'a')).toContain('containerd does not read /etc/containerd/certs.d: set config_path');
  });

  test('refuses a list, which containerd 2.1 ignores, and accepts it below', () => {
    node.containerd('config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"');
    expect(node.probe('ready', 'a')).toContain('containerd 2.1 and later ignore config_path');
    expect(node.probe('ready', 'a', { SINGLE_CONFIG_PATH: 'false' })).toBe('');
  });

  test('finds it in an imported file', () => {
    node.containerd('imports = ["conf.d/*.toml"]');
    mkdirSync(join(node.root, 'containerd/conf.d'));
    writeFileSync(join(node.root, 'containerd/conf.d/registry.toml'), 'config_path = "/etc/containerd/certs.d"\n');
    expect(node.probe('ready', 'a')).toBe('');
  });
});

test('liveness fails when the loop stands still', async () => {
  const pod = node.run('a');
  await until(() => node.looked('a'));
  expect(node.probe('alive', 'a')).toBe('');
  pod.kill('SIGSTOP');
  node.probe('alive', 'a');
  expect(node.probe('alive', 'a')).toBe('the loop stands still');
  pod.kill('SIGCONT');
});
