import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  birdConf,
  interfacesScript,
  nftablesConf,
  type RouterProps,
  routerOf,
  strongswanConf,
  swanctlConf,
  unboundConf,
} from '../../../lib/cloud/on-premises';
import type { TunnelKey } from '../../../lib/plan/network/links';
import { endsFrom } from '../../../lib/plan/network/tunnels';
import { regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import { eventually, run, sleep } from './process';

const PLUGINS =
  'random nonce aes sha1 sha2 hmac kdf gmp openssl gcm kernel-libipsec kernel-netlink socket-default vici';

/** A key that is the same at both ends, and another one for each generation. */
export const keyOf = ({ name, generation }: TunnelKey): string =>
  `K${Buffer.from(`${name} ${generation}`).toString('hex')}`;

/** One end of a tunnel: a router of its own, because IPsec outside the kernel has one interface a router. */
interface TunnelRouter {
  readonly name: string;
  readonly region: string;
  readonly namespace: string;
  readonly lan: string;
  readonly folder: string;
  charon?: ChildProcess;
}

/**
 * Data centres of a plan as network namespaces: a LAN each, whose one host speaks BGP with the site's routers, and a router for each end of a
 * tunnel with generated configuration. Tunnels run over a cable of their own.
 */
export class DataCentres {
  private readonly folder = mkdtempSync(join(tmpdir(), 'data-centres-'));
  private readonly prefix = `hf${process.pid}`;
  private readonly started: ChildProcess[] = [];
  private readonly namespaces: string[] = [];
  readonly routers: readonly TunnelRouter[];

  constructor(readonly plan: TopologyPlan) {
    const count = new Map<string, number>();
    this.routers = plan.links
      .flatMap(({ tunnels }) => tunnels)
      .flatMap((tunnel) =>
        tunnel.ends.map(({ region }) => {
          const number = (count.get(region) ?? 0) + 1;
          count.set(region, number);
          return {
            name: tunnel.name,
            region,
            namespace: `${this.prefix}-${region}-${number}`,
            lan: this.lan(region, number),
            folder: mkdtempSync(join(this.folder, `${region}-`)),
          };
        }),
      );
  }

  /** An address on the LAN of a region: the host has the resolver's, routers follow from 1. */
  lan(region: string, number = 53): string {
    const [cidr = ''] = regionOf(this.plan, region).network?.cidrs ?? [];
    return cidr.replace(/\.0\.0\/16$/, `.0.${number}`);
  }

  host = (region: string): string => `${this.prefix}-${region}`;

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

  async up(): Promise<void> {
    for (const { name } of this.plan.regions) await this.makeLan(name);
    for (const router of this.routers) await this.makeRouter(router);
    for (const { tunnels } of this.plan.links) for (const { name } of tunnels) await this.makeCable(name);
    for (const router of this.routers) await this.startRouter(router);
    for (const { name } of this.plan.regions) this.startLan(name);
  }

  private async makeNamespace(name: string): Promise<void> {
    await run('ip', ['netns', 'add', name]);
    this.namespaces.push(name);
    await this.in(name, 'ip', 'link', 'set', 'lo', 'up');
    await this.in(name, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  }

  private async makeLan(region: string): Promise<void> {
    const host = this.host(region);
    await this.makeNamespace(host);
    await this.in(host, 'ip', 'link', 'add', 'br0', 'type', 'bridge');
    await this.in(host, 'ip', 'addr', 'add', `${this.lan(region)}/24`, 'dev', 'br0');
    await this.in(host, 'ip', 'link', 'set', 'br0', 'up');
  }

  private async makeRouter({ namespace, region, lan }: TunnelRouter): Promise<void> {
    const host = this.host(region);
    const port = `p${lan.split('.')[3]}`;
    await this.makeNamespace(namespace);
    await run('ip', ['link', 'add', port, 'netns', host, 'type', 'veth', 'peer', 'name', 'lan0', 'netns', namespace]);
    await this.in(host, 'ip', 'link', 'set', port, 'master', 'br0', 'up');
    await this.in(namespace, 'ip', 'addr', 'add', `${lan}/24`, 'dev', 'lan0');
    await this.in(namespace, 'ip', 'link', 'set', 'lan0', 'up');
  }

  /** The outside network of one tunnel, with the planned outside addresses. */
  private async makeCable(tunnel: string): Promise<void> {
    const [a, b] = this.routers.filter(({ name }) => name === tunnel);
    if (a === undefined || b === undefined) throw new Error(`no ends of ${tunnel}`);
    await run('ip', [
      'link',
      'add',
      'out0',
      'netns',
      a.namespace,
      'type',
      'veth',
      'peer',
      'name',
      'out0',
      'netns',
      b.namespace,
    ]);
    for (const [own, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      const addresses = ['addr', 'add', this.outside(own), 'peer', this.outside(peer), 'dev', 'out0'];
      await this.in(own.namespace, 'ip', ...addresses);
      await this.in(own.namespace, 'ip', 'link', 'set', 'out0', 'up');
    }
  }

  private outside({ name, region }: TunnelRouter): string {
    const tunnel = this.plan.links.flatMap(({ tunnels }) => tunnels).find((one) => one.name === name);
    const { network } = regionOf(this.plan, region);
    const own = tunnel && endsFrom(tunnel, region).own;
    if (network?.type !== 'onPremises' || own === undefined) throw new Error(`no outside address of ${region}`);
    return network.publicIps[own.outside] ?? '';
  }

  /** Writes the generated files of a router; returns those of strongSwan. */
  private write(router: TunnelRouter, plan: TopologyPlan): { readonly swanctl: string } {
    const siblings = [
      this.lan(router.region),
      ...this.routers.filter((one) => one.region === router.region && one !== router).map(({ lan }) => lan),
    ];
    const props: RouterProps = {
      keyOf,
      tunnels: [router.name],
      siblings: { own: router.lan, others: siblings },
      dataplane: 'libipsec',
    };
    const generated = routerOf(plan, router.region, props);
    const file = (name: string, text: string): void => writeFileSync(join(router.folder, name), text, { mode: 0o600 });
    file('bird.conf', birdConf(generated));
    file('rules.nft', nftablesConf(generated));
    file('interfaces.sh', interfacesScript(generated));
    file('generated.conf', strongswanConf(generated));
    file('strongswan.conf', `include ${router.folder}/generated.conf\ncharon {\n  load = ${PLUGINS}\n}\n`);
    const swanctl = swanctlConf(generated);
    file('swanctl.conf', swanctl);
    return { swanctl };
  }

  private async startRouter(router: TunnelRouter): Promise<void> {
    const { namespace, folder } = router;
    this.write(router, this.plan);
    await run('bird', ['-p', '-c', join(folder, 'bird.conf')]);
    await this.in(namespace, 'nft', '-f', join(folder, 'rules.nft'));
    // /run is charon's own, so that many of them run on one machine.
    router.charon = this.start(
      namespace,
      ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs tmpfs /run && exec /usr/lib/ipsec/charon'],
      { STRONGSWAN_CONF: join(folder, 'strongswan.conf') },
    );
    await eventually(() => this.swanctl(router, '--load-all', '--file', join(folder, 'swanctl.conf')), {
      what: `charon of ${namespace}`,
      timeoutMs: 30_000,
    });
    await this.in(namespace, 'sh', join(folder, 'interfaces.sh'));
    this.start(namespace, ['bird', '-f', '-c', join(folder, 'bird.conf'), '-s', join(folder, 'bird.ctl')]);
  }

  swanctl(router: TunnelRouter, ...args: readonly string[]): Promise<string> {
    const pid = String(router.charon?.pid);
    return run('nsenter', ['-t', pid, '-m', '-n', 'swanctl', ...args], {
      timeoutMs: 30_000,
      env: { STRONGSWAN_CONF: join(router.folder, 'strongswan.conf') },
    });
  }

  birdc = ({ folder }: TunnelRouter, ...args: readonly string[]): Promise<string> =>
    run('birdc', ['-s', join(folder, 'bird.ctl'), ...args]);

  /** The host of a LAN: it learns from the site's routers where other regions are, and answers for its names. */
  private startLan(region: string): void {
    const host = this.host(region);
    const folder = mkdtempSync(join(this.folder, `${region}-lan-`));
    const network = regionOf(this.plan, region).network;
    const sessions = this.routers
      .filter((router) => router.region === region)
      .map(
        ({ lan }, i) =>
          `protocol bgp r${i} { local ${this.lan(region)} as ${network?.asn}; neighbor ${lan} as ${network?.asn}; hold time 30; ipv4 { import all; export none; }; }`,
      );
    writeFileSync(
      join(folder, 'bird.conf'),
      `router id ${this.lan(region)};\nprotocol device {}\nprotocol direct { ipv4; }\nprotocol kernel { merge paths yes; ipv4 { import none; export where source = RTS_BGP; }; }\n${sessions.join('\n')}\n`,
    );
    this.start(host, ['bird', '-f', '-c', join(folder, 'bird.conf'), '-s', join(folder, 'bird.ctl')]);
    const records = this.plan.records.filter(({ target }) => target.region === region);
    const addresses = { records: Object.fromEntries(records.map(({ name }) => [name, [this.lan(region)]])) };
    writeFileSync(join(folder, 'names.conf'), unboundConf(this.plan, region, addresses));
    writeFileSync(
      join(folder, 'unbound.conf'),
      `server:\n    interface: 0.0.0.0\n    access-control: 0.0.0.0/0 allow\n    do-not-query-localhost: no\n    chroot: ""\n    username: ""\n    pidfile: "${folder}/unbound.pid"\n    use-syslog: no\ninclude: "${folder}/names.conf"\n`,
    );
    this.start(host, ['unbound', '-d', '-c', join(folder, 'unbound.conf')]);
  }

  /** Gives both ends of a tunnel the keys of another plan, one end after the other, and dials anew with them. */
  async rekey(tunnel: string, plan: TopologyPlan): Promise<void> {
    const ends = this.routers.filter(({ name }) => name === tunnel);
    for (const router of ends) {
      this.write(router, plan);
      await this.swanctl(router, '--load-creds', '--clear', '--file', join(router.folder, 'swanctl.conf'));
    }
    const [dialler] = ends;
    if (dialler === undefined) throw new Error(`no ends of ${tunnel}`);
    await this.swanctl(dialler, '--terminate', '--ike', tunnel);
    await this.swanctl(dialler, '--initiate', '--child', tunnel);
  }

  /** Whether a connection over TCP comes about between the hosts of two LANs within a time. */
  connects(from: string, to: string, port: number, timeoutMs = 2_000): Promise<boolean> {
    const program = `const s=require('net').connect({host:'${this.lan(to)}',port:${port}});setTimeout(()=>process.exit(1),${timeoutMs});s.on('connect',()=>process.exit(0));s.on('error',()=>process.exit(1))`;
    return this.in(this.host(from), 'node', '-e', program).then(
      () => true,
      () => false,
    );
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
