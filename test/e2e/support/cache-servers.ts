import type { ExternalCache } from '../../../lib/index';
import type { Kubectl, KubernetesObject } from './kubectl';

const NAMESPACE = 'e2e-cache';
const PASSWORD = 'S3cret.of~both-servers';
const SECRET = 'redis-of-mine';
/** Those that Azure has: one numbered database each. */
const SERVERS = { rest: 6379, core: 10000 } as const;
type Server = keyof typeof SERVERS;

/** Two servers of Valkey beside Harbor, each with one numbered database: one for core, one for the rest. */
export class CacheServers {
  /** The setting of a Harbor. */
  static readonly cache: ExternalCache = { type: 'external', ...address('rest'), core: address('core') };

  constructor(
    private readonly kubectl: Kubectl,
    private readonly image: string,
  ) {}

  async start(): Promise<void> {
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } };
    await this.kubectl.apply([namespace, ...this.objects('rest'), ...this.objects('core')]);
  }

  /** What an administrator of the cluster makes in Harbor's namespace. */
  async makeSecret(namespace: string): Promise<void> {
    const metadata = { name: SECRET, namespace };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { REDIS_PASSWORD: PASSWORD } };
    await this.kubectl.apply([secret]);
  }

  /** What a server answers to a command. */
  async ask(server: Server, ...command: readonly string[]): Promise<string> {
    const cli = ['valkey-cli', '--no-auth-warning', '-p', String(SERVERS[server]), '-a', PASSWORD];
    return (await this.kubectl.run(['exec', '-n', NAMESPACE, `deployment/${server}`, '--', ...cli, ...command])).trim();
  }

  private objects(server: Server): readonly KubernetesObject[] {
    const metadata = { name: server, namespace: NAMESPACE };
    const labels = { app: server };
    const port = SERVERS[server];
    const options = ['--save', '', '--dir', '/tmp', '--databases', '1', '--requirepass', PASSWORD];
    const container = {
      name: 'valkey',
      image: this.image,
      command: ['valkey-server', '--port', String(port), ...options],
      ports: [{ containerPort: port }],
    };
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container], terminationGracePeriodSeconds: 1 } },
      },
    };
    const service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { selector: labels, ports: [{ port }] } };
    return [deployment, service];
  }
}

function address(server: Server) {
  return { host: `${server}.${NAMESPACE}.svc.cluster.local`, port: SERVERS[server], passwordSecret: SECRET };
}
