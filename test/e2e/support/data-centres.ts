import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endsFrom } from '../../../lib/plan/network/tunnels';
import { regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import { coreDnsProgram } from './lab';
import { Namespaces } from './namespaces';
import { eventually, run } from './process';
import { outsidesOf, routerFiles, type TunnelRouter, tunnelOf } from './router-files';
import { makeCertificate, server, writeHost } from './site-host';

const PLUGINS =
  'random nonce aes sha1 sha2 hmac kdf gmp openssl gcm kernel-libipsec kernel-netlink socket-default vici';

/**
 * Data centres of a plan as network namespaces: a LAN each, whose one host speaks BGP with the site's routers, and a router for each end of a
 * tunnel with generated configuration. Tunnels run over a cable of their own. A region of AWS is replayed by AWS's rules.
 */
export class DataCentres extends Namespaces {
  readonly routers: TunnelRouter[] = [];
  private readonly hosts = new Map<string, string>();
  private coreDns?: { readonly program: string; process?: ChildProcess };

  /** @param withCoreDns the region whose resolver is CoreDNS; those of others are unbound */
  constructor(
    public plan: TopologyPlan,
    private readonly withCoreDns: string,
  ) {
    super();
  }

  /** Routers of tunnels that have none yet. */
  private addRouters(): readonly TunnelRouter[] {
    const added: TunnelRouter[] = [];
    for (const tunnel of this.plan.links.flatMap(({ tunnels }) => tunnels)) {
      if (this.routers.some(({ name }) => name === tunnel.name)) continue;
      for (const { region } of tunnel.ends) {
        const all = [...this.routers, ...added];
        const number = 1 + all.filter((one) => one.region === region).length;
        added.push({
          name: tunnel.name,
          region,
          namespace: `${this.prefix}-${region}-${number}`,
          lan: this.lan(region, number),
          folder: mkdtempSync(join(this.folder, `${region}-`)),
          files: {},
        });
      }
    }
    this.routers.push(...added);
    return added;
  }

  /** An address on the LAN of a region: the host has the resolver's, routers follow from 1. */
  lan(region: string, number = 53): string {
    const [cidr = ''] = regionOf(this.plan, region).network?.cidrs ?? [];
    return cidr.replace(/\.0\.0\/16$/, `.0.${number}`);
  }

  host = (region: string): string => `${this.prefix}-${region}`;

  async up(): Promise<void> {
    await makeCertificate(this.folder, this.plan.domain);
    this.coreDns = { program: await coreDnsProgram() };
    await this.extend();
  }

  /**
   * Takes up a plan with more regions: makes what is new, and gives the running routers and hosts their files anew, which interrupts nothing.
   */
  async join(plan: TopologyPlan): Promise<void> {
    this.plan = plan;
    const running = [...this.routers];
    const hosts = [...this.hosts.keys()];
    await this.extend();
    for (const router of running) {
      await this.load(router, plan);
      const { namespace, folder } = router;
      if (router.files['rules.nft'] !== undefined) await this.in(namespace, 'nft', '-f', join(folder, 'rules.nft'));
      await this.birdc(router, 'configure');
    }
    for (const region of hosts) {
      const folder = this.writeHost(region);
      await run('birdc', ['-s', join(folder, 'bird.ctl'), 'configure']);
      if (region === this.withCoreDns) this.coreDns?.process?.kill('SIGUSR1');
      else await run('unbound-control', ['-c', join(folder, 'unbound.conf'), 'reload']);
    }
  }

  private async extend(): Promise<void> {
    const added = this.addRouters();
    const regions = this.plan.regions.filter(({ name }) => !this.hosts.has(name));
    for (const { name } of regions) await this.makeLan(name);
    for (const router of added) await this.makeRouter(router);
    for (const tunnel of new Set(added.map(({ name }) => name))) await this.makeCable(tunnel);
    // Who waits is there first: a dialler that is refused tries again for traffic only, which libipsec does not notice.
    for (const router of added.toReversed()) await this.startRouter(router);
    for (const { name } of regions) this.startHost(name);
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
    const [a, b] = this.endsOf(tunnel);
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
    const { own } = endsFrom(tunnelOf(this.plan, name), region);
    return outsidesOf(this.plan, region)[own.outside] ?? '';
  }

  /** Writes the files of a router. */
  private write(router: TunnelRouter, plan: TopologyPlan): void {
    const { region, folder } = router;
    const others = [
      this.lan(region),
      ...this.routers.filter((one) => one.region === region && one !== router).map((one) => one.lan),
    ];
    router.files = routerFiles(plan, router, others);
    const log = `  filelog {\n    log {\n      path = ${folder}/charon.log\n      default = 1\n      flush_line = yes\n    }\n  }\n`;
    const strongswan = `include ${folder}/generated.conf\ncharon {\n  load = ${PLUGINS}\n${log}}\n`;
    for (const [file, text] of Object.entries({ ...router.files, 'strongswan.conf': strongswan })) {
      writeFileSync(join(folder, file), text, { mode: 0o600 });
    }
  }

  private async startRouter(router: TunnelRouter): Promise<void> {
    const { namespace, folder } = router;
    this.write(router, this.plan);
    await run('bird', ['-p', '-c', join(folder, 'bird.conf')]);
    if (router.files['rules.nft'] !== undefined) await this.in(namespace, 'nft', '-f', join(folder, 'rules.nft'));
    await this.startCharon(router);
    this.start(namespace, ['bird', '-f', '-c', join(folder, 'bird.conf'), '-s', join(folder, 'bird.ctl')]);
  }

  /** Starts a router's charon, and makes the interface, which is charon's own here. */
  async startCharon(router: TunnelRouter): Promise<void> {
    const { namespace, folder } = router;
    // /run is charon's own, so that many of them run on one machine.
    router.charon = this.start(
      namespace,
      ['unshare', '-m', 'sh', '-c', 'mount -t tmpfs tmpfs /run && exec /usr/lib/ipsec/charon'],
      { STRONGSWAN_CONF: join(folder, 'strongswan.conf') },
    );
    await eventually(() => this.swanctl(router, '--load-all', '--file', join(folder, 'swanctl.conf')), {
      what: `charon of ${namespace}`,
    });
    await this.in(namespace, 'sh', join(folder, 'interfaces.sh'));
  }

  swanctl(router: TunnelRouter, ...args: readonly string[]): Promise<string> {
    const pid = String(router.charon?.pid);
    return run('nsenter', ['-t', pid, '-m', '-n', 'swanctl', ...args], {
      timeoutMs: 30_000,
      env: { STRONGSWAN_CONF: join(router.folder, 'strongswan.conf') },
    });
  }

  /** What a router's charon said by now. */
  charonSaid = ({ folder }: TunnelRouter): readonly string[] =>
    readFileSync(join(folder, 'charon.log'), 'utf8').trimEnd().split('\n');

  /** What the charons of both ends of a tunnel said last. */
  async charons(tunnel: string): Promise<string> {
    const said = this.endsOf(tunnel).map((end) => [
      `charon of ${tunnel} at ${end.region}:`,
      ...this.charonSaid(end).slice(-40),
    ]);
    return said.flat().join('\n');
  }

  birdc = ({ folder }: TunnelRouter, ...args: readonly string[]): Promise<string> =>
    run('birdc', ['-s', join(folder, 'bird.ctl'), ...args]);

  private writeHost(region: string): string {
    const folder = this.hosts.get(region) ?? mkdtempSync(join(this.folder, `${region}-lan-`));
    this.hosts.set(region, folder);
    const routers = this.routers.filter((router) => router.region === region).map(({ lan }) => lan);
    writeHost(folder, this.plan, region, this.lan(region), routers, readFileSync(join(this.folder, 'ca.pem'), 'utf8'));
    return folder;
  }

  /** The host of a LAN: it learns from the site's routers where other regions are, answers for its names, and stands for Harbor. */
  private startHost(region: string): void {
    const host = this.host(region);
    const folder = this.writeHost(region);
    this.start(host, ['bird', '-f', '-c', join(folder, 'bird.conf'), '-s', join(folder, 'bird.ctl')]);
    if (region === this.withCoreDns && this.coreDns !== undefined) {
      this.coreDns.process = this.start(host, [this.coreDns.program, '-conf', join(folder, 'Corefile')]);
    } else {
      this.start(host, ['unbound', '-d', '-c', join(folder, 'unbound.conf')]);
    }
    this.start(host, ['node', '-e', server(folder, this.folder)]);
    this.start(host, ['node', '-e', "require('net').createServer((s)=>s.on('error',()=>{}).pipe(s)).listen(5432)"]);
  }

  /** Says by Harbor's health whether a region is sick. */
  setSick(region: string, sick: boolean): void {
    const file = join(this.hosts.get(region) ?? '', 'sick');
    if (sick) writeFileSync(file, '');
    else rmSync(file, { force: true });
  }

  /** How often a region that is sick said so. */
  saidSick = (region: string): number => readFileSync(join(this.hosts.get(region) ?? '', 'sick'), 'utf8').length;

  /** Starts what keeps the common name at a healthy region, with the site's own resolver. */
  startCommonName(region: string): void {
    const folder = this.hosts.get(region) ?? '';
    const command = `mount --bind ${folder}/resolv.conf /etc/resolv.conf && exec sh ${folder}/common-name.sh`;
    this.start(this.host(region), ['unshare', '-m', 'sh', '-c', `${command} >${folder}/common-name.log 2>&1`]);
  }

  /** What that said by now. */
  commonNameSaid = (region: string): readonly string[] =>
    readFileSync(join(this.hosts.get(region) ?? '', 'common-name.log'), 'utf8')
      .split('\n')
      .filter((line) => line !== '');

  /** Gives a data centre's files to the programs' own checkers; those for strongSwan to one of its daemons. */
  async check(files: Readonly<Record<string, string>>): Promise<void> {
    const folder = mkdtempSync(join(this.folder, 'checked-'));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
    await run('bird', ['-p', '-c', join(folder, 'bird.conf')]);
    await run('unbound-checkconf', [join(folder, 'unbound.conf')]);
    await run('sh', ['-n', join(folder, 'interfaces.sh')]);
    await run('sh', ['-n', join(folder, 'common-name.sh')]);
    const [router] = this.routers;
    if (router === undefined) throw new Error('no router');
    await this.in(router.namespace, 'nft', '-c', '-f', join(folder, 'harbor-fleet.nft'));
    // As Debian's /etc/nftables.conf with the line that the documents add.
    writeFileSync(join(folder, 'nftables.conf'), `flush ruleset\ninclude "${join(folder, 'harbor-fleet.nft')}"\n`);
    await this.in(router.namespace, 'nft', '-c', '-f', join(folder, 'nftables.conf'));
    // It ends with 0 whatever it finds.
    const service = await run('sh', ['-c', 'systemd-analyze verify "$0" 2>&1', join(folder, 'harbor-fleet.service')]);
    if (service !== '') throw new Error(service);
    const said = await this.swanctl(router, '--load-conns', '--file', join(folder, 'swanctl.conf'));
    const tunnels = [...(files['swanctl.conf'] ?? '').matchAll(/^ {2}(?!ike-)(\S+--\S+) \{$/gm)].map(
      ([, name]) => name,
    );
    if (tunnels.length === 0) throw new Error('no connection to load');
    for (const name of tunnels) if (!said.includes(`loaded connection '${name}'`)) throw new Error(`${name}: ${said}`);
    await this.swanctl(router, '--load-creds', '--file', join(folder, 'swanctl.conf'));
  }

  /** What a site's resolver answers to its own LAN. */
  resolve = async (from: string, name: string): Promise<string> =>
    (await this.in(this.host(from), 'dig', '+short', '+time=2', '+tries=5', `@${this.lan(from)}`, name)).trim();

  /** The status with which a site's resolver answers its own LAN. */
  async status(from: string, name: string, type: 'A' | 'AAAA'): Promise<string | undefined> {
    const said = await this.in(this.host(from), 'dig', '+time=2', '+tries=5', `@${this.lan(from)}`, type, name);
    return /status: (\w+)/.exec(said)?.[1];
  }

  /** The two ends of a tunnel: the one that dials, and the one that waits. */
  endsOf(tunnel: string): readonly [TunnelRouter, TunnelRouter] {
    const [dialler, waiting] = this.routers.filter(({ name }) => name === tunnel);
    if (dialler === undefined || waiting === undefined) throw new Error(`no ends of ${tunnel}`);
    return [dialler, waiting];
  }

  /** Gives an end of a tunnel the configuration and key of another plan. */
  async load(router: TunnelRouter, plan: TopologyPlan): Promise<void> {
    this.write(router, plan);
    await this.swanctl(router, '--load-all', '--file', join(router.folder, 'swanctl.conf'));
  }

  /** Whether a connection over TCP comes about between the hosts of two LANs. */
  connects = (from: string, to: string, port: number): Promise<boolean> =>
    this.reaches(this.host(from), this.lan(to), port);

  /** Starts a server of these ports on a router itself. */
  serve({ namespace }: TunnelRouter, ...ports: readonly number[]): void {
    const servers = `for (const port of [${ports}]) require('net').createServer((s)=>s.on('error',()=>{}).pipe(s)).listen(port)`;
    this.start(namespace, ['node', '-e', servers]);
  }

  /** Whether a connection over TCP from a namespace comes about within a time. */
  reaches(namespace: string, address: string, port: number, timeoutMs = 2_000): Promise<boolean> {
    const program = `const s=require('net').connect({host:'${address}',port:${port}});setTimeout(()=>process.exit(1),${timeoutMs});s.on('connect',()=>process.exit(0));s.on('error',()=>process.exit(1))`;
    return this.in(namespace, 'node', '-e', program).then(
      () => true,
      () => false,
    );
  }
}
