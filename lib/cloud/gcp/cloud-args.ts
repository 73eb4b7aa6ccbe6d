import type { ProviderResource } from '@pulumi/pulumi';
import { IPV4 } from '../../plan/address-rules.js';
import { linksOf } from '../../plan/network/tunnels.js';
import type { Reader } from '../../plan/reader.js';
import type { Inputs } from '../../pulumi/inputs.js';
import type { CloudSite } from '../cloud.js';
import { type Labelled, NAME, NETWORK_LINK, PROJECT, SERVICE_ACCOUNT, VPN_GATEWAY_LINK } from './args.js';
import { checkVpc } from './vpc.js';

/** An HA VPN gateway and a Cloud Router that are made. */
export interface MadeGateway {
  readonly type: 'made';
}

/** An HA VPN gateway and a Cloud Router that are there, in the region's VPC and in its region of Google Cloud. */
export interface ExistingGateway {
  readonly type: 'existing';
  /** Self link of the gateway, such as `projects/hub/regions/europe-west4/vpnGateways/hub`. */
  readonly gateway: string;
  /** Its two outside IPv4 addresses: of interface 0, of interface 1. */
  readonly outsideAddresses: readonly string[];
  /** Name of the router; it must have the ASN of the plan. */
  readonly router: string;
}

/** Where tunnels end. */
export type VpnGateway = MadeGateway | ExistingGateway;

/** Where tunnels end: one of these factories. */
export const VpnGateway = {
  /** An HA VPN gateway and a Cloud Router are made. They cost nothing by themselves; each tunnel costs by the hour. */
  made: (): MadeGateway => ({ type: 'made' }),
  /** A gateway and a router that are there: tunnels and BGP sessions are added to them. */
  existing: (props: Inputs<Omit<ExistingGateway, 'type'>>): Inputs<ExistingGateway> => ({ type: 'existing', ...props }),
} as const;

/** Which machines the firewall rules are for. */
export interface FirewallTargets {
  /** Network tags of the nodes, such as those of a GKE node pool. */
  readonly networkTags?: readonly string[];
  /** Service accounts of the nodes, instead of tags. */
  readonly serviceAccounts?: readonly string[];
}

/** A region's place in Google Cloud. */
export interface GcpProps extends Labelled {
  /** Self link of the VPC, such as `projects/example/global/networks/registry`; its dynamic routing must be global for other regions of it to learn routes. */
  readonly network: string;
  /** Project of what is made: that of the VPC, also where it is shared. @default - that of the provider */
  readonly project?: string;
  /** Needed where the region has links with tunnels. @default - none */
  readonly gateway?: VpnGateway;
  /**
   * Machines that get a firewall rule for each flow with other regions, and rules that shut everything else between them.
   * @default - the rules are a file for whoever owns the VPC's firewall, `firewall-rules.json`
   */
  readonly firewallTargets?: FirewallTargets;
  /** Rules have this priority, 0 to 65534, and those that shut the rest the next; rules of your own with lower numbers count first. @default 900 */
  readonly firewallPriority?: number;
  /**
   * Whether Cloud DNS is told to answer other networks: a VPC has one such server policy for all of its regions. `existing` where
   * the landing zone, or another region in the same VPC (`vpc` of its network), makes it. @default made
   */
  readonly inboundForwarding?: 'made' | 'existing';
  /** Provider of the project and region. @default - that of the topology */
  readonly provider?: ProviderResource;
}

/** As {@link GcpProps}, with an Output wherever free text goes. */
export type GcpArgs = Inputs<GcpProps>;

/** Records what is wrong with a region's place in Google Cloud. */
export function readGcp(reader: Reader, site: CloudSite) {
  reader.only(
    ...[
      'network',
      'project',
      'gateway',
      'firewallTargets',
      'firewallPriority',
      'inboundForwarding',
      'provider',
      'labels',
    ],
  );
  reader.requiredText('network', NETWORK_LINK);
  reader.text('project', PROJECT);
  reader.textMap('labels');
  readGateway(reader, site);
  readTargets(reader);
  const inboundForwarding = reader.choice('inboundForwarding', ['made', 'existing'] as const) ?? 'made';
  checkVpc(reader, site, inboundForwarding === 'made');
  return {
    // https://cloud.google.com/firewall/docs/firewalls#priority_order_for_firewall_rules
    firewallPriority: reader.count('firewallPriority', 0, 65_534) ?? 900,
    inboundForwarding,
  };
}

function readGateway(reader: Reader, { plan, region }: CloudSite): void {
  const tunnels = linksOf(plan.links, region.name).filter((link) => link.tunnels.length > 0);
  if (!reader.has('gateway')) {
    if (tunnels.length > 0) {
      reader.missing('gateway', 'VpnGateway.made() or VpnGateway.existing(…): the region has links with tunnels');
    }
    return;
  }
  const gateway = reader.child('gateway');
  if (!gateway.has('type')) gateway.missing('type', 'made or existing');
  const type = gateway.choice('type', ['made', 'existing'] as const);
  gateway.only('type', ...(type === 'existing' ? ['gateway', 'outsideAddresses', 'router'] : []));
  if (type !== 'existing') return;
  gateway.requiredText('gateway', VPN_GATEWAY_LINK);
  gateway.requiredText('router', NAME);
  const addresses = gateway.texts('outsideAddresses', IPV4) ?? [];
  if (!gateway.has('outsideAddresses')) gateway.missing('outsideAddresses', 'the addresses of both interfaces');
  else if (addresses.length !== 2) {
    const problem = 'is not one for each interface of the gateway';
    gateway.issues.error(gateway.at('outsideAddresses'), problem, addresses, 'two addresses', 'name both');
  }
}

function readTargets(reader: Reader): void {
  if (!reader.has('firewallTargets')) return;
  const targets = reader.child('firewallTargets').only('networkTags', 'serviceAccounts');
  const tags = targets.texts('networkTags', NAME) ?? [];
  const accounts = targets.texts('serviceAccounts', SERVICE_ACCOUNT) ?? [];
  if (tags.length > 0 !== accounts.length > 0) return;
  const problem = tags.length > 0 ? 'names both tags and service accounts' : 'names no machines';
  const fix = tags.length > 0 ? 'keep one of the two' : 'name the network tags of the nodes, or leave it out';
  reader.issues.error(targets.path, problem, reader.raw('firewallTargets'), 'networkTags or serviceAccounts', fix);
}
