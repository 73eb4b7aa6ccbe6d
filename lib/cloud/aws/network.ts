import { ComponentResource, type Input, type Output, type ProviderResource, type Resource } from '@pulumi/pulumi';
import type { Issues } from '../../plan/issues.js';
import { cloudRegion } from '../../plan/network/clouds.js';
import type { TunnelPlan } from '../../plan/network/links.js';
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
import { openFirewall } from './firewall.js';
import { type Gateway, gatewayOf } from './gateway.js';
import { checkSchemes } from './load-balancer-scheme.js';
import { type AwsCloudArgs, type AwsCloudProps, checkNetworkArgs } from './network-args.js';
import { joinGateways, joinVpcs } from './peering.js';
import { PrivateNames } from './private-names.js';
import { checkPeerings, shareGateway } from './shared-gateway.js';
import { connections } from './vpn.js';

/**
 * A region's place in AWS, for `regions.<name>.cloud`. Makes what its links need, in the VPC that exists: gateway, VPN connections,
 * routes, rules of security groups, the private zone with its records, and Resolver endpoints and rules. Each VPN connection,
 * each attachment of a transit gateway and each address of a Resolver endpoint costs by the hour.
 *
 * ```ts
 * network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'] }),
 * cloud: aws({ vpcId, subnetIds, routeTableIds, securityGroupIds: [nodeSecurityGroupId] }),
 * ```
 */
export const aws = (args: AwsCloudArgs): Cloud => new AwsCloud(args);

class AwsCloud implements Cloud {
  readonly type = 'aws';
  readonly gateway: Input<string> | undefined;

  constructor(private readonly args: AwsCloudArgs) {
    this.gateway = args.transitGateway?.id ?? args.vpnGatewayId;
  }

  check(site: CloudSite, issues: Issues): void {
    checkNetworkArgs(new Reader(plain<AwsCloudProps>(this.args), site.path, issues), site);
    checkPeerings(this.args, site, issues);
    checkSchemes(site, issues);
  }

  open(name: string, site: CloudSite, parent: Resource): CloudNetwork {
    return new AwsNetwork(name, site, this.args, parent);
  }
}

/** Where resources of a network are made. */
export interface Place {
  readonly name: string;
  readonly site: CloudSite;
  readonly args: AwsCloudArgs;
  /** The cloud's region, an argument of every regional resource. */
  readonly region: string;
  readonly parent: Resource;
  /** Account of the gateway; nothing for that of the VPC. */
  readonly hub: ProviderResource | undefined;
  /** Tags of a resource with this name. */
  readonly tags: (name: string) => Readonly<Record<string, Input<string>>>;
}

/** One region's network in AWS. Made by `RegistryTopology`. */
export class AwsNetwork extends ComponentResource implements CloudNetwork {
  readonly place: Place;
  /** Where tunnels and peerings end; nothing when the region's links need none. */
  readonly gateway?: Gateway;
  private readonly names?: PrivateNames;
  private readonly outsides = new Map<string, Output<string>>();

  /** @internal */
  constructor(name: string, site: CloudSite, args: AwsCloudArgs, parent: Resource) {
    super('harbor-fleet:aws:Network', name, {}, { parent, providers: args.provider && [args.provider] });
    this.place = {
      ...{ name, site, args, parent: this },
      region: cloudRegion(site.network),
      hub: args.networkProvider ?? args.provider,
      tags: (label) => ({ Name: label, ...args.tags }),
    };
    this.gateway = gatewayOf(this.place);
    openFirewall(this.place);
    if (args.names !== false) this.names = new PrivateNames(this.place);
    this.registerOutputs({});
  }

  outside({ name }: TunnelPlan): Output<string> {
    const found = this.outsides.get(name);
    if (found === undefined) throw new Error(`tunnel ${name} of ${this.place.site.region.name} is not connected`);
    return found;
  }

  connect(tunnels: readonly ConnectedTunnel[]): void {
    if (this.gateway === undefined) throw new Error(`${this.place.site.region.name} has tunnels but no gateway`);
    for (const [tunnel, address] of connections(this.place, this.gateway, tunnels)) this.outsides.set(tunnel, address);
  }

  peer(links: readonly PeeredLink[]): void {
    for (const { link, other } of links) {
      if (!(other instanceof AwsNetwork)) throw new Error(`link ${link.name} joins AWS to something else`);
      if (shareGateway(this.place, other.place)) continue;
      const [own, peer] = [this.gateway, other.gateway];
      if (own?.kind === 'transitGateway' && peer?.kind === 'transitGateway') {
        joinGateways(link, { place: this.place, gateway: own }, { place: other.place, gateway: peer });
      } else joinVpcs(link, this.place, other.place);
    }
  }

  answer(records: readonly AnsweredRecord[]): void {
    this.names?.answer(records);
  }

  get resolvers(): Input<readonly string[]> {
    return this.names?.resolvers ?? this.place.site.network.resolvers ?? [];
  }

  forward(forwards: readonly ForwardTarget[]): void {
    this.names?.forward(forwards);
  }
}
