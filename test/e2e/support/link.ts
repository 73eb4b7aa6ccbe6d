import type { Node } from 'kubernetes-types/core/v1';
import type { TestCluster } from './cluster';
import { run } from './process';

/** The link between two clusters of the lab, which meet at this machine. */
export class Link {
  private constructor(
    private readonly clusters: readonly [TestCluster, TestCluster],
    private readonly networks: readonly [string, string],
  ) {}

  /** Begins to count what crosses it. */
  static async between(one: TestCluster, other: TestCluster): Promise<Link> {
    const networks = [await networkOf(one), await networkOf(other)] as const;
    // A rule without a target only counts. The lab removes the chain with its last cluster.
    for (const [from, to] of [networks, [...networks].reverse()])
      await run('iptables', ['-I', CHAIN, '-s', from ?? '', '-d', to ?? '']);
    return new Link([one, other], networks);
  }

  /** Bytes of all packets so far, in both directions, with their headers. */
  async bytes(): Promise<number> {
    const rules = await run('iptables', ['-L', CHAIN, '-n', '-v', '-x']);
    return rules
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , target]) => target === 'all' || target === '0')
      .filter((fields) => this.networks.every((network) => fields.includes(network)))
      .reduce((sum, [, bytes]) => sum + Number(bytes), 0);
  }

  /** Drops every packet, silently. */
  cut(): Promise<unknown> {
    return this.command('cut-link');
  }

  heal(): Promise<unknown> {
    return this.command('heal-link');
  }

  private async command(verb: 'cut-link' | 'heal-link'): Promise<void> {
    const [one, other] = this.clusters.map(({ lab }) => lab);
    await one?.command([verb, one.name, other?.name ?? '']);
  }
}

const CHAIN = 'CLUSTER-CUT';

/** Nodes, pods and load balancers of a cluster of the lab are in one network. */
const networkOf = async ({ kubectl }: TestCluster): Promise<string> => {
  const [node] = await kubectl.list<Node>('nodes');
  const address = node?.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '';
  return `${address.split('.').slice(0, 2).join('.')}.0.0/16`;
};
