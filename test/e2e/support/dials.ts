import type { LabCluster } from './lab';

/** What a node dials. */
export interface Dialled {
  /** @default loopback */
  readonly address?: string;
  readonly port: number;
  /** Neither takes connections nor refuses them meanwhile. @default false */
  readonly isSilent?: boolean;
}

/**
 * Counts how often a node dials an address, so that how long it waits can be told without a clock: on a busy machine everything takes longer.
 * Only the lab's nodes can be entered.
 */
export class Dials {
  private constructor(
    private readonly lab: LabCluster,
    private readonly node: string,
    private readonly rules: readonly (readonly string[])[],
  ) {}

  static async of(lab: LabCluster, node: string, dialled: Dialled): Promise<Dials> {
    const { address = '127.0.0.1', port, isSilent = false } = dialled;
    const name = `dials-${port}-${address}`;
    const syn = ['-p', 'tcp', '-d', address, '--dport', String(port), '--syn'];
    // The kernel repeats by itself what is not answered, by the same port of its own: that is no dial of its own.
    const once = ['--hashlimit-mode', 'srcport', '--hashlimit-upto', '1/hour', '--hashlimit-burst', '1'];
    const counting = [...syn, '-m', 'hashlimit', ...once, '--hashlimit-name', name];
    const drop = ['-j', 'DROP'];
    const rules = isSilent
      ? [
          [...counting, ...drop],
          [...syn, ...drop],
        ]
      : [counting];
    const dials = new Dials(lab, node, rules);
    for (const rule of rules.toReversed()) await dials.run('-I', 'OUTPUT', ...rule);
    return dials;
  }

  /** How many connections were begun. */
  async count(): Promise<number> {
    const listed = await this.run('-L', 'OUTPUT', '-n', '-v', '-x');
    const rule = listed.split('\n').find((line) => line.includes('limit:') && this.isMine(line));
    if (rule === undefined) throw new Error(`no rule counts: ${listed}`);
    return Number(rule.trim().split(/\s+/)[0]);
  }

  /** Takes the rules away. */
  async end(): Promise<void> {
    for (const rule of this.rules) await this.run('-D', 'OUTPUT', ...rule);
  }

  private isMine(line: string): boolean {
    const [, , , address = '', , port = ''] = this.rules[0] ?? [];
    return line.includes(` ${address} `) && line.includes(`dpt:${port} `);
  }

  private run(...args: readonly string[]): Promise<string> {
    return this.lab.exec(this.node, ['iptables', '-t', 'raw', ...args]);
  }
}
