import type { HuaweiStorageProps } from './storage.js';

/** A region's place in Huawei Cloud. */
export interface HuaweiProps extends HuaweiStorageProps {
  /**
   * The two outside addresses of the VPN gateway, which other regions must know. Either of EIPs that exist, with `eipIds`; or those that
   * `terraform apply -target=huaweicloud_vpn_gateway.main` made, its output `outside_addresses`. Needed when a link has tunnels;
   * not with an SDK, which learns them.
   */
  readonly outsideAddresses?: readonly string[];
  /** EIPs that exist; with `outsideAddresses` theirs, in their order. They stay when the gateway goes. @default - the gateway makes its own */
  readonly eipIds?: readonly string[];
  /** Where its resolver answers other regions: the output `resolvers` of Terraform; not with an SDK, which learns them. @default - the network's `resolvers` */
  readonly resolvers?: readonly string[];
  readonly vpcId: string;
  /** Network id of the subnet that the VPN gateway and the file system use. */
  readonly connectSubnetId: string;
  /** Two availability zones, of the gateway. */
  readonly availabilityZones: readonly string[];
  /** Security group of the nodes. */
  readonly securityGroupId: string;
  /** Two subnets of the DNS endpoints. */
  readonly resolverSubnetIds: readonly string[];
  /** Mbit/s of each outside address that the gateway makes, 1 to 300; what passes is paid by traffic. @default 100 */
  readonly bandwidth?: number;
  /** Project (IAM) of the VPC. Needed when a link leads to another place of Huawei Cloud, such as `ap-southeast-1`: Cloud Connect asks for it. */
  readonly projectId?: string;
  /**
   * The cloud connection that the VPC is loaded to, one at most. It joins all VPCs that links lead to from place to place, so give the same in
   * all these regions. @default - one is made, at no cost of its own
   */
  readonly cloudConnection?: ExistingCloudConnection;
  /**
   * Bandwidths to regions in other places of Huawei Cloud, by their names in the topology. Each is given once, at the end of the smaller index;
   * all links between two places share it. @default - none: 10 kbit/s pass, enough for a ping, unless a given `cloudConnection` has its own
   */
  readonly interRegionBandwidths?: Readonly<Record<string, InterRegionBandwidth>>;
}

/** A cloud connection of Cloud Connect that exists. */
export interface ExistingCloudConnection {
  readonly id: string;
  /** Whether the VPC is loaded to it already, with the ranges of the network's `cidrs`. @default false, it is loaded */
  readonly loaded?: boolean;
}

/** A part of a bandwidth package. */
export interface InterRegionBandwidth {
  /**
   * Bandwidth package, which is bought and paid by its size, and must be bound to the cloud connection: to one that exists, or to the one that
   * an update without this setting has made.
   */
  readonly packageId: string;
  /** Mbit/s. All parts of a package together are not more than it has. */
  readonly bandwidth: number;
}
