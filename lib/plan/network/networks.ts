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
  /** Autonomous system number for BGP. No two regions share one: routes would be dropped without a word. @default 64600 + index */
  readonly asn?: number;
  /**
   * Addresses within `cidrs` at which the region's DNS resolver answers other regions. @default - learned from the cloud when
   * deployed; a data centre without any gets no forwarding rules
   */
  readonly resolvers?: readonly string[];
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
  /** Its one or two outside IPv4 addresses. With one, a link to AWS has two tunnels instead of four. */
  readonly publicIps: readonly string[];
}

/** A network that others configure, from the numbers in the report. */
export interface ExternalNetwork extends NetworkProps {
  readonly type: 'external';
  /** Its one or two outside IPv4 addresses. @default - none: only `existing` links lead there */
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
