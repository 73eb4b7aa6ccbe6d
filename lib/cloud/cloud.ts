import type { Input, Output, Resource } from '@pulumi/pulumi';
import type { Issues } from '../plan/issues.js';
import type { LinkPlan, TunnelEnd, TunnelPlan } from '../plan/network/links.js';
import type { NetworkType } from '../plan/network/networks.js';
import type { NetworkPlan } from '../plan/network/plan-networks.js';
import type { ForwardPlan } from '../plan/network/private-names.js';
import type { PrivateRecord } from '../plan/network/records.js';
import type { RegionPlan, TopologyPlan } from '../plan/plan.js';

/** A region's place in a cloud: what the landing zone has there already, and how the plan's network is made in it. */
export interface Cloud {
  /** The kind of network that it serves; the region's `network` must be of the same kind. */
  readonly type: NetworkType;
  /**
   * What identifies the existing gateway at which its tunnels end, such as an id. Two regions with tunnels cannot share one: a gateway
   * has one ASN, and a region another each. @default - a gateway of its own
   */
  readonly gateway?: Input<string>;
  /** Records what is wrong with its settings for this site, before anything is made. */
  check(site: CloudSite, issues: Issues): void;
  /** Makes what needs no other region: gateways, firewall rules, the private zone and resolver. Each `CloudSite` is opened once. */
  open(name: string, site: CloudSite, parent: Resource): CloudNetwork;
}

/** One region as its cloud sees it. */
export interface CloudSite {
  /** Path of the cloud's settings, such as `regions.virginia.cloud`. */
  readonly path: string;
  readonly plan: TopologyPlan;
  readonly region: RegionPlan;
  readonly network: NetworkPlan;
  /** The links that end here, also those whose other end another stack owns: what a gateway is made with must not depend on it. */
  readonly links: readonly LinkPlan[];
  /** Its private names whose addresses are given in the region's `addresses`, so that they lead to no load balancer. @default - none */
  readonly addresses?: readonly string[];
  /** PEM of the private CAs of Harbors whose health it may ask itself, own and linked ones; nothing where there are none, or none is known. */
  readonly ca?: Input<string>;
}

/** The network of one region while it is being made. Every method is called at most once. */
export interface CloudNetwork {
  /**
   * The outside address of this end of a tunnel. At once, except where `rulesOf(network).late`: there after `connect`, because
   * each address is assigned when its peer's is known.
   */
  outside(tunnel: TunnelPlan): Input<string>;
  /** Makes this end of tunnels. */
  connect(tunnels: readonly ConnectedTunnel[]): void;
  /** Makes both ends of links to networks of the same cloud, this end being the first of `between`. */
  peer(links: readonly PeeredLink[]): void;
  /** Makes the private zone's records: names that other regions ask for. */
  answer(records: readonly AnsweredRecord[]): void;
  /** Addresses at which its resolver answers other regions: those of the plan, or what the cloud gave. */
  readonly resolvers: Input<readonly string[]>;
  /** Its VPC as others of its cloud name it, where they look up its names in it instead of asking `resolvers`. */
  readonly vpc?: Input<string>;
  /** Forwards other regions' private names to their resolvers. */
  forward(forwards: readonly ForwardTarget[]): void;
  /** What a team configures by hand or hands to another tool: files by name, secret as a whole. Nothing where the cloud makes it all. */
  readonly files?: Output<Readonly<Record<string, string>>>;
}

/** One tunnel with what its ends exchange. */
export interface ConnectedTunnel {
  readonly link: LinkPlan;
  readonly tunnel: TunnelPlan;
  readonly own: TunnelEnd;
  readonly peer: TunnelEnd;
  /** The peer's outside address. */
  readonly peerOutside: Input<string>;
  /** The pre-shared key; secret. */
  readonly key: Output<string>;
}

/** A link within one cloud. */
export interface PeeredLink {
  readonly link: LinkPlan;
  readonly other: CloudNetwork;
}

/** A private record with what it leads to. */
export interface AnsweredRecord {
  readonly record: PrivateRecord;
  /** IPv4 addresses, or one host name: which of both may be known only when deployed, as of a load balancer. `answerOf` tells. */
  readonly target: Input<readonly string[]>;
}

/** Another region's names with the addresses that answer for them. */
export interface ForwardTarget {
  readonly forward: ForwardPlan;
  /** None where the names are looked up in a VPC. */
  readonly resolvers: Input<readonly string[]>;
  /** The VPC of the region that the forward goes `through`. */
  readonly vpc?: Input<string>;
}
