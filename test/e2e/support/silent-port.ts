import type { LabCluster } from './lab';

/** A loopback port of a node that neither takes a connection nor refuses one, and counts who tries. Only the lab's nodes can be entered. */
export class SilentPort {
  private constructor(
    private readonly lab: LabCluster,
    private readonly node: string,
    private readonly port: number,
  ) {}

  static async on(lab: LabCluster, node: string, port: number): Promise<SilentPort> {
    const silent = new SilentPort(lab, node, port);
    await silent.rule('-I');
    return silent;
  }

  /** How often a connection was begun, one that a client repeats by itself after a second again. */
  async tries(): Promise<number> {
    const rules = await this.lab.exec(this.node, ['iptables', '-t', 'raw', '-L', 'OUTPUT', '-n', '-v', '-x']);
    const rule = rules.split('\n').find((line) => line.includes(`dpt:${this.port}`));
    if (rule === undefined) throw new Error(`no rule for port ${this.port}: ${rules}`);
    return Number(rule.trim().split(/\s+/)[0]);
  }

  async open(): Promise<void> {
    await this.rule('-D');
  }

  private async rule(verb: '-I' | '-D'): Promise<void> {
    const syn = ['-p', 'tcp', '-d', '127.0.0.1', '--dport', String(this.port), '--syn', '-j', 'DROP'];
    await this.lab.exec(this.node, ['iptables', '-t', 'raw', verb, 'OUTPUT', ...syn]);
  }
}
