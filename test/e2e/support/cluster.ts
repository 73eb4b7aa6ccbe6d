import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Kubectl } from './kubectl';
import { harborArchive, KRAKEN_VERSION, krakenArchive, LabCluster } from './lab';
import { eventually } from './process';

/** Image references the manifests should name; upstream's own unless the environment says otherwise. */
export interface ImageNames {
  /** Prefix of Harbor's images, such as `docker.io/goharbor`. */
  readonly harbor: string;
  readonly kraken: string;
}

export interface TestCluster {
  readonly kubectl: Kubectl;
  readonly images: ImageNames;
  /** Only where this run started the cluster: then nodes can be entered, cut and stopped. */
  readonly lab?: LabCluster;
  /** Takes down what was started; from a cluster that was given it removes the tests' namespaces. */
  down(): Promise<void>;
}

export interface ClusterOptions {
  /** 1 to 16 small letters and digits. @default one of this process's own, so two runs do not meet */
  readonly name?: string;
  /** @default 3 */
  readonly nodes?: number;
  /** Also load Harbor's and Kraken's images. @default true */
  readonly loadImages?: boolean;
}

/**
 * A cluster to test on: the one of `E2E_KUBECONFIG`, or else one of the lab's own.
 *
 * `E2E_KUBECTL`, `E2E_HARBOR_IMAGES` and `E2E_KRAKEN_IMAGE` go with a given cluster, which must be able to pull them.
 */
export const obtainCluster = async (options: ClusterOptions = {}): Promise<TestCluster> => {
  const images: ImageNames = {
    harbor: process.env.E2E_HARBOR_IMAGES || 'docker.io/goharbor',
    kraken: process.env.E2E_KRAKEN_IMAGE || `localhost/kraken:${KRAKEN_VERSION}`,
  };
  const given = process.env.E2E_KUBECONFIG;
  if (given) {
    if (!process.env.E2E_KRAKEN_IMAGE)
      throw new Error('E2E_KRAKEN_IMAGE is not set: Kraken publishes no image, so push one (npm run image:kraken)');
    return { ...(await borrow(new Kubectl(process.env.E2E_KUBECTL || 'kubectl', given))), images };
  }
  return { ...(await startLab(options)), images };
};

/** Whether a test needs a cluster that it may cut and stop, or several, and one of the user's own was given: says so. */
export const isSkipped = (test: string): boolean => {
  if (!process.env.E2E_KUBECONFIG) return false;
  console.warn(`skipped, because it needs clusters of its own and E2E_KUBECONFIG is set: ${test}`);
  return true;
};

/** Namespaces that the tests make. */
const NAMESPACES = [
  'harbor',
  'kraken',
  'kraken-nodes',
  'e2e-cache',
  'e2e-store',
  'e2e-pull',
  'e2e-kubectl',
  'e2e-argo-cd',
  'e2e-options',
  'e2e-lost',
];

/** A cluster that was given: it must have none of the tests' namespaces, which are removed with all they hold afterwards. */
const borrow = async (kubectl: Kubectl) => {
  const named = (verb: string, ...args: string[]) =>
    kubectl.run([verb, 'namespaces', ...NAMESPACES, '--ignore-not-found', ...args], { timeoutMs: 300_000 });
  const there = (await named('get', '-o', 'name')).trim();
  if (there !== '')
    throw new Error(`these tests would remove what the cluster has already: ${there.split('\n').join(', ')}`);
  return { kubectl, down: async () => void (await named('delete', '--wait=true')) };
};

const startLab = async ({ name = `e2e${process.pid}`, nodes = 3, loadImages = true }: ClusterOptions) => {
  if (!existsSync(LabCluster.script))
    throw new Error(`no cluster: set E2E_KUBECONFIG, or HARBOR_FLEET_LAB (looked for ${LabCluster.script})`);
  mkdirSync(LabCluster.directory, { recursive: true });
  const lab = new LabCluster(name);
  const keeper = new Keeper(name, nodes);
  const down = () => keeper.end();
  try {
    const archive = loadImages ? harborArchive() : undefined; // unpacks while the cluster starts
    archive?.catch(() => undefined); // its failure is met below
    await keeper.started();
    if (archive) await lab.load(await archive, krakenArchive());
    const { kubeconfig, kubectl } = await lab.access();
    return { kubectl: new Kubectl(kubectl, kubeconfig), lab, down };
  } catch (error) {
    await down().catch(() => undefined); // a cluster that did not start is told once
    throw error;
  }
};

/**
 * Starts the cluster, waits until its standard input closes, and takes the cluster down.
 *
 * A process of its own, because jest runs no teardown when it is interrupted or killed: however this process
 * ends, the pipe closes. It is in a session of its own, so Ctrl-C does not reach it, it writes to a file,
 * which does not break as a pipe does, and `up` always ends before `down` begins.
 */
class Keeper {
  // On a machine that two tests keep busy a cluster gives up at times: it is started once more, and the test's output tells why.
  private static readonly program = `
    cluster() { "$lab" --name "$name" "$@"; }
    lab=$0 name=$1 nodes=$2
    if cluster --nodes "$nodes" up; then echo started
    else
      cluster kubectl get pods --all-namespaces --output=wide
      cluster kubectl describe pods --namespace=kube-system
      echo again
      cluster down
      if cluster --nodes "$nodes" up; then echo started; else echo failed; fi
    fi
    cat >/dev/null
    exec "$lab" --name "$name" down`;
  private readonly log: string;
  private readonly process: ChildProcess;
  private readonly ended: Promise<string | undefined>;

  constructor(name: string, nodes: number) {
    this.log = join(LabCluster.directory, `${name}.log`);
    const log = openSync(this.log, 'w');
    this.process = spawn('sh', ['-c', Keeper.program, LabCluster.script, name, String(nodes)], {
      detached: true,
      env: { ...process.env, CLUSTER_DIR: LabCluster.directory },
      stdio: ['pipe', log, log],
    });
    closeSync(log);
    this.process.stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      this.process.once('exit', (code) => resolve(code === 0 ? undefined : `ended with ${code}`));
      this.process.once('error', (error) => resolve(error.message));
    });
  }

  async started(): Promise<void> {
    const said = () => readFileSync(this.log, 'utf8');
    const outcome = await eventually(async () => /^(started|failed)$/m.exec(said())?.[1], {
      what: 'the lab cluster to start',
      timeoutMs: 540_000,
      intervalMs: 200,
      explain: async () => said(),
    });
    if (outcome === 'failed') throw new Error(`the lab cluster did not start:\n${said()}`);
    if (/^again$/m.test(said())) console.warn(`the lab cluster was started twice:\n${said()}`);
  }

  /** Takes the cluster down; may be called again. */
  async end(): Promise<void> {
    this.process.stdin?.end();
    const failure = await this.ended;
    if (failure) throw new Error(`the lab cluster was not taken down (${failure}):\n${readFileSync(this.log, 'utf8')}`);
    rmSync(this.log, { force: true });
  }
}
