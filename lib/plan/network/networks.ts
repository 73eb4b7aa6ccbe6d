/** What the networks of all kinds have in common. */
export interface NetworkProps {
  /**
   * IPv4 ranges that linked regions route here, such as those of a VPC or a LAN. A range of pods is among them where the
   * network routes pods' addresses.
   */
  readonly cidrs: readonly string[];
  /**
   * Number of the region in the address plan, 0 to 399: inside addresses of tunnels follow from it, and so does the ASN by default.
   * Pin it before a region in the middle leaves, else all tunnels of those behind it are renumbered. @default - the region's place in `regions`, from 0
   */
  readonly index?: number;
  /**
   * Autonomous system number for BGP, 1 to 4294967294; a gateway that exists keeps its own, such as Azure's 65515. No two regions that
   * tunnels join, directly or over others, share one: routes would be dropped without a word. A change interrupts all tunnels of the region.
   * @default 64600 + index
   */
  readonly asn?: number;
  /**
   * Addresses within `cidrs` at which the region's DNS resolver answers other regions. @default - learned from the cloud when
   * deployed; a data centre without any gets no forwarding rules
   */
  readonly resolvers?: readonly string[];
  /**
   * Further domains that only this network's resolver knows, such as that of a database's host: linked regions ask it for all names in
   * them, and find none while it is gone. Each is one more forwarding rule there. @default - the region's own name only
   */
  readonly privateDomains?: readonly string[];
  /**
   * An external-dns in the region's cluster writes into its private zone: Kraken's headless Services are then annotated with their
   * private names, which follow the pods. Restrict it to that zone, else it publishes pods' addresses. Of no use in a data centre,
   * whose zone is a generated file. @default false - Kraken's names lead only where `addresses` of the topology say
   */
  readonly externalDns?: boolean;
}

/** What a network in a cloud has besides. */
interface CloudNetworkProps extends NetworkProps {
  /** The cloud's own name of the region, such as `us-east-1`, `westeurope` or `cn-hangzhou`. */
  readonly region: string;
}

/** A VPC of AWS. Its outside addresses are known last: it dials no other AWS region, which are peered instead. */
export interface AwsNetwork extends CloudNetworkProps {
  readonly type: 'aws';
  /**
   * Where VPN connections end. A transit gateway costs by the hour for each attachment and by the gigabyte, takes 1000 routes
   * and uses both tunnels at a time; a VPN gateway costs nothing of its own, takes 100 routes and ten connections. @default transitGateway
   */
  readonly gateway?: 'transitGateway' | 'vpnGateway';
}

/** A virtual network of Azure, with an active-active VPN gateway. */
export interface AzureNetwork extends CloudNetworkProps {
  readonly type: 'azure';
}

/** A VPC of Google Cloud, with an HA VPN gateway and a Cloud Router. It does not pass routes of one region on to another. */
export interface GcpNetwork extends CloudNetworkProps {
  readonly type: 'gcp';
  /**
   * A word for its VPC, where several regions stand in one: those with the same word know each other's names without asking, and ask
   * others once for all. Changing it makes peerings and zones anew. @default - a VPC of its own
   */
  readonly vpc?: string;
  /**
   * A region in another VPC of Google Cloud that asks networks outside of Google Cloud for this one too, by DNS peering. All VPCs ask from
   * 35.199.192.0/19, so a network that is linked to two of them would answer either. Google asks so only where that VPC has a machine, a
   * VLAN attachment or a tunnel in this region of Google Cloud. @default - the region asks by itself, and announces the range
   */
  readonly dnsPeering?: string;
}

/** A VPC of Alibaba Cloud, with a VPN gateway of two tunnels. It takes 50 routes, and no AES-GCM. */
export interface AlicloudNetwork extends CloudNetworkProps {
  readonly type: 'alicloud';
}

/** A VPC of Huawei Cloud, with an active-active VPN gateway. */
export interface HuaweiNetwork extends CloudNetworkProps {
  readonly type: 'huawei';
}

/** A data centre whose router runs strongSwan and BIRD as generated. */
export interface OnPremisesNetwork extends NetworkProps {
  readonly type: 'onPremises';
  /**
   * Its one or two outside IPv4 addresses, as peers see them: outside of all ranges that peers have a route to, and private only
   * where all of its peers are data centres and external networks. With one, a link to AWS has two tunnels instead of four.
   */
  readonly publicIps: readonly string[];
}

/** A network that others configure, from the numbers in the report. */
export interface ExternalNetwork extends NetworkProps {
  readonly type: 'external';
  /** Its one or two outside IPv4 addresses, as of a data centre. @default - none: only `existing` links lead there */
  readonly publicIps?: readonly string[];
}

/** The network that a region's cluster stands in. */
export type Network =
  | AwsNetwork
  | AzureNetwork
  | GcpNetwork
  | AlicloudNetwork
  | HuaweiNetwork
  | OnPremisesNetwork
  | ExternalNetwork;

export type NetworkType = Network['type'];

/** The network that a region's cluster stands in: one of these factories. */
export const Network = {
  /** A VPC of AWS. */
  aws: (props: Omit<AwsNetwork, 'type'>): AwsNetwork => ({ type: 'aws', ...props }),
  /** A virtual network of Azure. */
  azure: (props: Omit<AzureNetwork, 'type'>): AzureNetwork => ({ type: 'azure', ...props }),
  /** A VPC of Google Cloud. */
  gcp: (props: Omit<GcpNetwork, 'type'>): GcpNetwork => ({ type: 'gcp', ...props }),
  /** A VPC of Alibaba Cloud. */
  alicloud: (props: Omit<AlicloudNetwork, 'type'>): AlicloudNetwork => ({ type: 'alicloud', ...props }),
  /** A VPC of Huawei Cloud. */
  huawei: (props: Omit<HuaweiNetwork, 'type'>): HuaweiNetwork => ({ type: 'huawei', ...props }),
  /** A data centre, whose router is configured by generated files. */
  onPremises: (props: Omit<OnPremisesNetwork, 'type'>): OnPremisesNetwork => ({ type: 'onPremises', ...props }),
  /** A network that others configure. */
  external: (props: Omit<ExternalNetwork, 'type'>): ExternalNetwork => ({ type: 'external', ...props }),
} as const;

/** All kinds of networks. */
export const NETWORK_TYPES = Object.keys(Network) as readonly (keyof typeof Network)[];
