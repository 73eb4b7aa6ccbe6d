import { NetworkPeering } from '@pulumi/gcp/compute';
import type { ManagedZone } from '@pulumi/gcp/dns';
import { ComponentResource, type Input, type Output, output, type Resource } from '@pulumi/pulumi';
import { Issues } from '../../plan/issues.js';
import { privateZones } from '../../plan/network/dns.js';
import type { LinkPlan, TunnelPlan } from '../../plan/network/links.js';
import { endsFrom, linksOf } from '../../plan/network/tunnels.js';
import { Reader } from '../../plan/reader.js';
import { plain } from '../../pulumi/inputs.js';
import type {
  AnsweredRecord,
  Cloud,
  CloudNetwork,
  CloudSite,
  ConnectedTunnel,
  ForwardTarget,
  PeeredLink,
} from '../cloud.js';
import { resourceName } from '../resource-name.js';
import { type GcpArgs, type GcpProps, readGcp } from './cloud-args.js';
import { addRules, firewallRules } from './firewall.js';
import { connectLink, type Gateway, gatewayOf } from './gateway.js';
import { answerRecord, forwardZone, inboundAddresses, makeInboundPolicy, makeZones } from './names.js';
import { optionsOf, type Place } from './place.js';

/**
 * A region that stands in a VPC of Google Cloud, which is there already with its subnets.
 *
 * ```ts
 * cloud: gcp({
 *   network: vpc.selfLink,
 *   gateway: VpnGateway.made(),
 *   firewallTargets: { networkTags: ['gke-registry'] },
 * })
 * ```
 */
export function gcp(args: GcpArgs): Cloud {
  return {
    type: 'gcp',
    gateway: args.gateway?.type === 'existing' ? args.gateway.gateway : undefined,
    check: (site, issues) => void read(args, site, issues),
    open: (name, site, parent) => new GcpNetwork(name, args, site, parent),
  };
}

const read = (args: GcpArgs, site: CloudSite, issues: Issues) =>
  readGcp(new Reader(plain<GcpProps>(args), site.path, issues), site);

/** The network of a region in Google Cloud. */
class GcpNetwork extends ComponentResource implements CloudNetwork {
  readonly resolvers: Input<readonly string[]>;
  readonly files?: Output<Readonly<Record<string, string>>>;
  private readonly place: Place;
  private readonly gateway?: Gateway;
  private readonly zones: ReadonlyMap<string, ManagedZone>;
  /** Regions in the same VPC. */
  private readonly shared: readonly string[];
  /** Google refuses two changes of the peerings of one VPC at once. */
  private lastPeering?: Resource;

  constructor(
    name: string,
    args: GcpArgs,
    private readonly site: CloudSite,
    parent: Resource,
  ) {
    super('harbor-fleet:gcp:Network', name, {}, { parent });
    const issues = new Issues();
    const { firewallPriority, inboundForwarding, shared } = read(args, site, issues);
    issues.throwIfAny();
    const { plan, region, network } = site;
    const place: Place = {
      name,
      parent: this,
      provider: args.provider,
      project: args.project,
      region: 'region' in network ? network.region : '',
      network: args.network,
      labels: args.labels,
    };
    this.place = place;
    this.shared = shared;
    if (args.gateway !== undefined && linksOf(plan.links, region.name).some(({ tunnels }) => tunnels.length > 0)) {
      this.gateway = gatewayOf(place, args.gateway, network);
    }
    const zones = privateZones(plan, region.name);
    this.zones = makeZones(place, zones);
    if (zones.length > 0) {
      const policy = inboundForwarding === 'made' ? makeInboundPolicy(place) : undefined;
      this.resolvers = network.resolvers ?? inboundAddresses(place, policy, network.cidrs);
    } else {
      this.resolvers = [];
    }
    const rules = firewallRules(name, network, firewallPriority);
    if (args.firewallTargets !== undefined) addRules(place, args.firewallTargets, rules);
    else if (rules.length > 0) {
      const files: Record<string, string> = { 'firewall-rules.json': `${JSON.stringify(rules, null, 2)}\n` };
      this.files = output(files);
    }
    this.registerOutputs({});
  }

  outside(tunnel: TunnelPlan): Input<string> {
    const { outside } = endsFrom(tunnel, this.site.region.name).own;
    const address = this.gateway?.outsides[outside];
    if (address !== undefined) return address;
    throw new Error(`the gateway of ${this.place.name} has no outside address ${outside} for tunnel ${tunnel.name}`);
  }

  connect(tunnels: readonly ConnectedTunnel[]): void {
    for (const name of new Set(tunnels.map(({ link }) => link.name))) {
      if (this.gateway === undefined) throw new Error(`${this.place.name} has no gateway for link ${name}`);
      connectLink(
        this.gateway,
        tunnels.filter(({ link }) => link.name === name),
      );
    }
  }

  peer(links: readonly PeeredLink[]): void {
    for (const { link, other } of links) {
      if (!(other instanceof GcpNetwork)) throw new Error(`${link.name} does not lead to a VPC of Google Cloud`);
      if (this.isShared(other.site.region.name) || other.isShared(this.site.region.name)) continue;
      const own = this.peerWith(link, other);
      other.peerWith(link, this, own);
    }
  }

  answer(records: readonly AnsweredRecord[]): void {
    for (const record of records) answerRecord(this.place, this.zones, record);
  }

  forward(forwards: readonly ForwardTarget[]): void {
    for (const target of forwards) {
      if (!this.isShared(target.forward.region)) forwardZone(this.place, target);
    }
  }

  private isShared(region: string): boolean {
    return this.shared.includes(region);
  }

  /** One end of a peering; it carries the routes of its two VPCs alone. */
  private peerWith(link: LinkPlan, other: GcpNetwork, first?: Resource): NetworkPeering {
    const name = `${this.place.name}-${link.name}`;
    const before = [this.lastPeering, other.lastPeering, first].filter((one) => one !== undefined);
    const made = new NetworkPeering(
      name,
      {
        name: resourceName(name),
        network: this.place.network,
        peerNetwork: other.place.network,
        exportCustomRoutes: false,
        importCustomRoutes: false,
      },
      optionsOf(this.place, { dependsOn: [...new Set(before)] }),
    );
    this.lastPeering = made;
    return made;
  }
}
