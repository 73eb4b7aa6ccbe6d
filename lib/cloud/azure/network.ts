import { VirtualNetworkPeering } from '@pulumi/azure-native/network';
import type { PrivateZone } from '@pulumi/azure-native/privatedns';
import { ComponentResource, type Input, type Output, output, type Resource } from '@pulumi/pulumi';
import { Issues } from '../../plan/issues.js';
import { cloudRegion } from '../../plan/network/clouds.js';
import type { LinkPlan, TunnelPlan } from '../../plan/network/links.js';
import { privateZones } from '../../plan/network/private-names.js';
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
import { resourceName } from '../resource-name.js';
import { armParts } from './args.js';
import { type AzureArgs, type AzureProps, readAzure } from './cloud-args.js';
import { connectTunnel, findGateway, type Gateway, insidesOf, makeGateway } from './gateway.js';
import { answerRecord, forwardZone, makeZones, type Resolver, resolverOf } from './names.js';
import { optionsOf, type Place } from './place.js';
import { addRules, securityRules } from './security-rules.js';

/**
 * A region that stands in a virtual network of Azure, which is there already with its subnets.
 *
 * ```ts
 * cloud: azure({
 *   virtualNetworkId: spoke.id,
 *   gateway: VpnGateway.made({ subnetId: gatewaySubnet.id }),
 *   resolver: PrivateResolver.made({ inboundSubnetId, outboundSubnetId }),
 *   networkSecurityGroupIds: [nodes.id],
 * })
 * ```
 */
export function azure(args: AzureArgs): Cloud {
  return {
    type: 'azure',
    gateway: args.gateway?.type === 'existing' ? args.gateway.id : undefined,
    check: (site, issues) => void read(args, site, issues),
    open: (name, site, parent) => new AzureNetwork(name, args, site, parent),
  };
}

const read = (args: AzureArgs, site: CloudSite, issues: Issues) =>
  readAzure(new Reader(plain<AzureProps>(args), site.path, issues), site);

/** The network of a region in Azure. */
class AzureNetwork extends ComponentResource implements CloudNetwork {
  readonly resolvers: Input<readonly string[]>;
  readonly files?: Output<Readonly<Record<string, string>>>;
  private readonly place: Place;
  private readonly gateway?: Gateway;
  private readonly resolver?: Resolver;
  private readonly zones: ReadonlyMap<string, PrivateZone>;
  /** Azure refuses two changes of one virtual network at once. */
  private lastPeering?: Resource;

  constructor(
    name: string,
    private readonly args: AzureArgs,
    private readonly site: CloudSite,
    parent: Resource,
  ) {
    super('harbor-fleet:azure:Network', name, {}, { parent });
    const issues = new Issues();
    const { firstPriority } = read(args, site, issues);
    issues.throwIfAny();
    const { plan, region, network } = site;
    const { virtualNetworkId, tags } = args;
    const location = cloudRegion(network);
    const resourceGroupName = args.resourceGroupName ?? armParts(virtualNetworkId).resourceGroupName;
    const place: Place = { name, parent: this, provider: args.provider, resourceGroupName, location, tags };
    const hub: Place = { ...place, provider: args.hubProvider ?? args.provider };
    this.place = place;
    const insides = insidesOf(plan.links, region.name);
    if (args.gateway !== undefined && insides.some((addresses) => addresses.length > 0)) {
      this.gateway =
        args.gateway.type === 'made'
          ? makeGateway(place, virtualNetworkId, args.gateway, network.asn, insides)
          : findGateway(hub, args.gateway, insides);
    }
    const zones = privateZones(plan, region.name);
    this.zones = makeZones(place, zones, [virtualNetworkId, ...(args.zoneNetworkIds ?? [])]);
    if (args.resolver !== undefined) {
      this.resolver = resolverOf(place, hub, virtualNetworkId, args.resolver, network.resolvers);
    }
    this.resolvers = this.resolver?.addresses ?? [];
    const rules = securityRules(name, network, firstPriority);
    for (const [i, id] of (args.networkSecurityGroupIds ?? []).entries()) addRules(place, id, i, rules);
    const files: Record<string, string> = {};
    if (args.networkSecurityGroupIds === undefined && rules.length > 0) files['security-rules.json'] = json(rules);
    if (args.gateway?.type === 'existing' && this.gateway !== undefined) {
      files['custom-bgp-addresses.json'] = json({ asn: network.asn, customBgpIpAddresses: insides });
    }
    if (Object.keys(files).length > 0) this.files = output(files);
    this.registerOutputs({});
  }

  outside(tunnel: TunnelPlan): Input<string> {
    const { outside } = endsFrom(tunnel, this.site.region.name).own;
    const address = this.gateway?.outsides[outside];
    if (address !== undefined) return address;
    throw new Error(`the gateway of ${this.place.name} has no outside address ${outside} for tunnel ${tunnel.name}`);
  }

  connect(tunnels: readonly ConnectedTunnel[]): void {
    for (const tunnel of tunnels) {
      if (this.gateway === undefined) throw new Error(`${this.place.name} has no gateway for ${tunnel.tunnel.name}`);
      connectTunnel(this.gateway, tunnel);
    }
  }

  peer(links: readonly PeeredLink[]): void {
    for (const { link, other } of links) {
      if (!(other instanceof AzureNetwork)) throw new Error(`${link.name} does not lead to a virtual network of Azure`);
      this.peerWith(link, other);
      other.peerWith(link, this);
    }
  }

  answer(records: readonly AnsweredRecord[]): void {
    for (const record of records) answerRecord(this.place, this.zones, record);
  }

  forward(forwards: readonly ForwardTarget[]): void {
    for (const target of forwards) {
      if (this.resolver === undefined) throw new Error(`${this.place.name} has no resolver to ask for names with`);
      forwardZone(this.resolver, target);
    }
  }

  /** One end of a peering. Each network has a gateway of its own, so neither uses the other's. */
  private peerWith(link: LinkPlan, other: AzureNetwork): void {
    const own = armParts(this.args.virtualNetworkId);
    const name = `${this.place.name}-${link.name}`;
    this.lastPeering = new VirtualNetworkPeering(
      name,
      {
        resourceGroupName: own.resourceGroupName,
        virtualNetworkName: own.name,
        virtualNetworkPeeringName: resourceName(name),
        remoteVirtualNetwork: { id: other.args.virtualNetworkId },
        allowVirtualNetworkAccess: true,
        allowForwardedTraffic: false,
        allowGatewayTransit: false,
        useRemoteGateways: false,
      },
      optionsOf(this.place, { dependsOn: this.lastPeering === undefined ? [] : [this.lastPeering] }),
    );
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
