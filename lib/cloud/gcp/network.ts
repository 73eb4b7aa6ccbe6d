import { NetworkPeering } from '@pulumi/gcp/compute';
import type { ManagedZone } from '@pulumi/gcp/dns';
import { ComponentResource, type Input, type Output, output, type Resource } from '@pulumi/pulumi';
import { Issues } from '../../plan/issues.js';
import { cloudRegion } from '../../plan/network/clouds.js';
import type { LinkPlan, TunnelPlan } from '../../plan/network/links.js';
import { privateZones } from '../../plan/network/private-names.js';
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
import { type SharedVpc, sharedVpc } from './vpc.js';

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
  readonly vpc: Input<string>;
  readonly files?: Output<Readonly<Record<string, string>>>;
  private readonly place: Place;
  private readonly gateway?: Gateway;
  private readonly zones: ReadonlyMap<string, ManagedZone>;
  private readonly shared: SharedVpc;
  private answering?: Input<readonly string[]>;

  constructor(
    name: string,
    args: GcpArgs,
    private readonly site: CloudSite,
    parent: Resource,
  ) {
    super('harbor-fleet:gcp:Network', name, {}, { parent });
    const issues = new Issues();
    const { firewallPriority, inboundForwarding } = read(args, site, issues);
    issues.throwIfAny();
    const { plan, region, network } = site;
    const place: Place = {
      name,
      parent: this,
      provider: args.provider,
      project: args.project,
      region: cloudRegion(network),
      network: args.network,
      labels: args.labels,
    };
    this.place = place;
    this.vpc = args.network;
    this.shared = sharedVpc(site);
    if (args.gateway !== undefined && linksOf(plan.links, region.name).some(({ tunnels }) => tunnels.length > 0)) {
      this.gateway = gatewayOf(place, args.gateway, network);
    }
    const zones = privateZones(plan, region.name);
    this.zones = makeZones(place, zones);
    if (zones.length > 0 && inboundForwarding === 'made') this.shared.policy = makeInboundPolicy(place);
    const rules = firewallRules(name, network, firewallPriority);
    if (args.firewallTargets !== undefined) addRules(place, args.firewallTargets, rules);
    else if (rules.length > 0) {
      const files: Record<string, string> = { 'firewall-rules.json': `${JSON.stringify(rules, null, 2)}\n` };
      this.files = output(files);
    }
    this.registerOutputs({});
  }

  /** Looked up when all regions are open: the policy of the VPC may be that of another. */
  get resolvers(): Input<readonly string[]> {
    const { resolvers } = this.site.network;
    this.answering ??=
      this.zones.size === 0 ? [] : (resolvers ?? inboundAddresses(this.place, this.shared.policy, this.site));
    return this.answering;
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
      if (this.shared === other.shared || this.shared.peers.has(other.shared)) continue;
      const own = this.peerWith(link, other, [this.shared.lastPeering, other.shared.lastPeering]);
      const last = other.peerWith(link, this, [own]);
      for (const [vpc, peer] of [
        [this.shared, other.shared],
        [other.shared, this.shared],
      ] as const) {
        vpc.peers.add(peer);
        vpc.lastPeering = last;
      }
    }
  }

  answer(records: readonly AnsweredRecord[]): void {
    for (const record of records) answerRecord(this.place, this.zones, record);
  }

  forward(forwards: readonly ForwardTarget[]): void {
    for (const target of forwards) forwardZone(this.place, target);
  }

  /** One end of a peering, named after the first link of its two VPCs; it carries the routes of all their subnets, and no others. */
  private peerWith(link: LinkPlan, other: GcpNetwork, before: readonly (Resource | undefined)[]): NetworkPeering {
    const name = `${this.place.name}-${link.name}`;
    return new NetworkPeering(
      name,
      {
        name: resourceName(name),
        network: this.place.network,
        peerNetwork: other.place.network,
        exportCustomRoutes: false,
        importCustomRoutes: false,
      },
      optionsOf(this.place, { dependsOn: [...new Set(before)].filter((one) => one !== undefined) }),
    );
  }
}
