import { isSecret, output } from '@pulumi/pulumi';
import type { Issues } from '../../../lib/plan/issues';
import type { TunnelPlan } from '../../../lib/plan/network/links';
import { endsFrom } from '../../../lib/plan/network/tunnels';
import type {
  AnsweredRecord,
  Cloud,
  CloudNetwork,
  CloudSite,
  ConnectedTunnel,
  ForwardTarget,
  PeeredLink,
} from '../../../lib/pulumi/index';
import { known, Secret } from './mocks';

type Log = (readonly [region: string, method: string, ...about: unknown[]])[];

/** A cloud that makes nothing, and writes down what it is asked for. */
export class RecordedCloud implements Cloud {
  readonly type: Cloud['type'];
  readonly gateway?: string;

  constructor(
    readonly log: Log,
    { type, gateway }: Pick<Cloud, 'type'> & { readonly gateway?: string },
    private readonly mistake?: string,
  ) {
    this.type = type;
    this.gateway = gateway;
  }

  check(site: CloudSite, issues: Issues): void {
    if (this.mistake) issues.error(`${site.path}.vpcId`, this.mistake, undefined, 'a VPC', 'add "vpcId"');
  }

  open(name: string, site: CloudSite): CloudNetwork {
    this.log.push([site.region.name, 'open', name]);
    return new RecordedNetwork(this.log, site);
  }
}

export class RecordedNetwork implements CloudNetwork {
  readonly resolvers;
  readonly files: CloudNetwork['files'];
  private readonly addresses = new Set<string>();

  constructor(
    private readonly log: Log,
    readonly site: CloudSite,
  ) {
    const { index, type } = site.network;
    this.resolvers = output([`10.${index}.0.2`]);
    this.files =
      type === 'onPremises' ? output<Record<string, string>>({ 'bird.conf': `of ${site.region.name}` }) : undefined;
    if (type !== 'aws') for (const { tunnels } of site.links) this.allot(tunnels);
  }

  outside(tunnel: TunnelPlan) {
    if (!this.addresses.delete(tunnel.name)) throw new Error(`${tunnel.name} has no address, or was asked for twice`);
    const { own } = endsFrom(tunnel, this.site.region.name);
    return output(`192.0.${this.site.network.index}.${own.outside}`);
  }

  connect(tunnels: readonly ConnectedTunnel[]): void {
    this.allot(tunnels.map(({ tunnel }) => tunnel));
    const read = async ({ tunnel, own, peer, peerOutside, key }: ConnectedTunnel) => [
      tunnel.name,
      `${own.region} to ${peer.region} at ${await known(output(peerOutside))}`,
      (await isSecret(key)) ? new Secret(await known(key)) : await known(key),
    ];
    this.add('connect', Promise.all(tunnels.map(read)));
  }

  peer(links: readonly PeeredLink[]): void {
    this.add(
      'peer',
      links.map(({ other }) => (other as RecordedNetwork).site.region.name),
    );
  }

  answer(records: readonly AnsweredRecord[]): void {
    const read = async ({ record, target }: AnsweredRecord) => [record.name, await known(output(target))];
    this.add('answer', Promise.all(records.map(read)));
  }

  forward(forwards: readonly ForwardTarget[]): void {
    const read = async ({ forward, resolvers }: ForwardTarget) => [forward.zone, await known(output(resolvers))];
    this.add('forward', Promise.all(forwards.map(read)));
  }

  private allot(tunnels: readonly TunnelPlan[]): void {
    for (const { name } of tunnels) this.addresses.add(name);
  }

  private add(method: string, about: unknown): void {
    this.log.push([this.site.region.name, method, about]);
  }
}

/** What clouds were asked for, with every late value. */
export const asked = async (log: Log): Promise<unknown[]> => Promise.all(log.map(async (call) => Promise.all(call)));
