import { RouteEntry } from '@pulumi/alicloud/vpc';
import { Gateway } from '@pulumi/alicloud/vpn';
import { ComponentResource, type Input, type Resource } from '@pulumi/pulumi';
import { Issues } from '../../plan/issues.js';
import { cloudRegion } from '../../plan/network/clouds.js';
import type { TunnelPlan } from '../../plan/network/links.js';
import { endsFrom } from '../../plan/network/tunnels.js';
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
import { firewallRules } from './firewall.js';
import { type AlicloudArgs, checkSite, type ExistingVpnGateway, peerings, readAlicloud } from './network-args.js';
import { PrivateNames } from './private-names.js';
import { checkCen, Transit } from './transit.js';
import { makeTunnels } from './tunnels.js';

/**
 * A region's place in Alibaba Cloud, in a VPC that exists. Links to other clouds get a VPN gateway whose connections have a tunnel
 * from each of its two addresses; links to other regions of Alibaba Cloud get transit routers of one Cloud Enterprise Network.
 *
 * ```ts
 * alicloud({
 *   provider: hangzhou,
 *   vpcId,
 *   vswitches: [
 *     { id: vswitchH, zoneId: 'cn-hangzhou-h', cidrBlock: '10.1.0.0/24' },
 *     { id: vswitchI, zoneId: 'cn-hangzhou-i', cidrBlock: '10.1.1.0/24' },
 *   ],
 *   securityGroupId,
 * })
 * ```
 */
export const alicloud = (args: AlicloudArgs): Cloud => ({
  type: 'alicloud',
  gateway: args.vpnGateway?.id,
  check: (site, issues) => {
    const reader = readerOf(args, site, issues);
    readAlicloud(reader);
    checkSite(reader, site);
    if (peerings(site).length > 0) checkCen(reader, site);
  },
  open: (name, site, parent) => new AlicloudNetwork(name, args, site, parent),
});

/** Resources among the settings are read by what is known of them here. */
function readerOf({ vpnGateway, ...args }: AlicloudArgs, { path }: CloudSite, issues: Issues): Reader {
  const gateway = vpnGateway && {
    id: vpnGateway.id,
    internetIp: vpnGateway.internetIp,
    disasterRecoveryInternetIp: vpnGateway.disasterRecoveryInternetIp,
  };
  return new Reader(plain({ ...args, vpnGateway: gateway }), path, issues);
}

/** The network of a region in Alibaba Cloud. */
class AlicloudNetwork extends ComponentResource implements CloudNetwork {
  readonly resolvers: readonly string[];
  readonly region: string;
  private readonly settings: ReturnType<typeof readAlicloud>;
  private readonly gateway?: { readonly [Key in keyof ExistingVpnGateway]: Input<string> };
  private readonly transit?: Transit;
  private readonly names: PrivateNames;

  constructor(
    private readonly ownName: string,
    private readonly args: AlicloudArgs,
    private readonly site: CloudSite,
    parent: Resource,
  ) {
    super('harbor-fleet:alicloud:Network', ownName, {}, { parent, providers: args.provider && [args.provider] });
    const { network, links } = site;
    this.settings = readAlicloud(readerOf(args, site, new Issues()));
    this.resolvers = network.resolvers ?? [];
    this.region = cloudRegion(network);
    if (links.some(({ via }) => via === 'vpn')) this.gateway = args.vpnGateway ?? this.makeGateway();
    if (peerings(site).length > 0) this.transit = new Transit(this, ownName, site, args);
    if (this.settings.firewallRules) firewallRules(this, ownName, args.securityGroupId, network.firewall);
    this.names = new PrivateNames(this, ownName, site, args);
    this.routes();
    this.registerOutputs({});
  }

  private makeGateway(): Gateway {
    const { vpcId, vswitches, tags } = this.args;
    const [first, second] = vswitches;
    return new Gateway(
      this.ownName,
      {
        vpnGatewayName: this.ownName,
        vpcId,
        vswitchId: first?.id,
        disasterRecoveryVswitchId: second?.id,
        bandwidth: this.settings.bandwidth,
        networkType: 'public',
        vpnType: 'Normal',
        paymentType: 'PayAsYouGo',
        enableIpsec: true,
        enableSsl: false,
        autoPropagate: true,
        tags,
      },
      // The provider knows no update of it: a new gateway would have new addresses, and every peer new tunnels.
      { parent: this, ignoreChanges: ['bandwidth'] },
    );
  }

  /** Routes of custom tables, which learn nothing by themselves: to peered regions by their link, to others through the gateway. */
  private routes(): void {
    const { plan, region, network, links } = this.site;
    const viaOf = (other: string) => links.find(({ between }) => between.includes(other))?.via ?? 'vpn';
    for (const other of network.reaches) {
      const [nexthopType, nexthopId] =
        viaOf(other) === 'peering'
          ? (['Attachment', this.transit?.attachmentId] as const)
          : (['VpnGateway', this.gateway?.id] as const);
      if (viaOf(other) === 'existing' || nexthopId === undefined) continue;
      const { announces = [] } = plan.regions.find(({ name }) => name === other && name !== region.name)?.network ?? {};
      for (const [i, routeTableId] of (this.args.routeTableIds ?? []).entries()) {
        for (const destinationCidrblock of announces) {
          new RouteEntry(
            `${this.ownName}/${i}/${destinationCidrblock}`,
            { routeTableId, destinationCidrblock, nexthopType, nexthopId, name: other },
            { parent: this },
          );
        }
      }
    }
  }

  outside(tunnel: TunnelPlan): Input<string> {
    if (this.gateway === undefined) throw new Error(`region "${this.site.region.name}" has no VPN gateway`);
    const { outside } = endsFrom(tunnel, this.site.region.name).own;
    return outside === 0 ? this.gateway.internetIp : this.gateway.disasterRecoveryInternetIp;
  }

  connect(tunnels: readonly ConnectedTunnel[]): void {
    if (this.gateway !== undefined) makeTunnels(this, this.ownName, this.gateway.id, tunnels, this.args.tags);
  }

  peer(links: readonly PeeredLink[]): void {
    for (const { link, other } of links) {
      if (!(other instanceof AlicloudNetwork) || this.transit === undefined || other.transit === undefined) {
        throw new Error(`link ${link.name} does not join two regions of Alibaba Cloud`);
      }
      const { bandwidthPackageId, tags } = this.args;
      const target = { name: link.name, region: other.region };
      this.transit.peer(other.transit, target, this.settings.peeringBandwidth, bandwidthPackageId, tags);
    }
  }

  answer(records: readonly AnsweredRecord[]): void {
    this.names.answer(records);
  }

  forward(forwards: readonly ForwardTarget[]): void {
    this.names.forward(forwards);
  }
}
