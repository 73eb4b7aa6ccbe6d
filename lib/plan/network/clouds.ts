import type { Network, NetworkType } from './networks.js';

/** Numbers from the first to the last. */
type Range = readonly [first: number, last: number];

/** What a cloud's own side of a link can do: limits and rules of its API and of its documentation. */
export interface CloudRules {
  /** As people call it. */
  readonly title: string;
  /** Its outside addresses exist only after the peer's are known. */
  readonly late: boolean;
  /** It makes one tunnel to each outside address of a peer, and no second one. */
  readonly once: boolean;
  /** Why two of its gateways cannot be joined by tunnels; nothing where they can. */
  readonly unjoined?: string;
  /** What joins two of its regions without a tunnel; nothing where there is no such thing. */
  readonly peering?: string;
  /** It passes routes learned from one peer on to another. */
  readonly transit: boolean;
  /** Routes that it accepts from its peers. */
  readonly routes: number;
  /** Tunnels of one gateway. */
  readonly tunnels: number;
  /** VPN connections of one gateway that an account has unless it asked for more. */
  readonly connections?: number;
  /** ASNs that it may have, and those among them that it may not. */
  readonly asn: readonly Range[];
  readonly asnExcept: readonly Range[];
  /** ASNs that its peers may not have. */
  readonly peerAsnExcept: readonly Range[];
  /** Ranges that it keeps for itself: neither its own site nor a linked one may use them. */
  readonly reserved: readonly string[];
  /** Ranges that its resolver asks from, besides its own. */
  readonly resolverSources: readonly string[];
}

const PRIVATE_ASNS: readonly Range[] = [
  [64_512, 65_534],
  [4_200_000_000, 4_294_967_294],
];
const ANY_ASN: readonly Range[] = [[1, 4_294_967_294]];
/** Not for routers: AS_TRANS (RFC 6793), documentation (RFC 5398), last ones (RFC 7300). */
const NEVER: readonly Range[] = [
  [23_456, 23_456],
  [64_496, 64_511],
  [65_535, 65_551],
];
/** What Azure keeps for itself (learn.microsoft.com, VPN Gateway FAQ), besides what its gateways have by default. */
const AZURE_ASNS: readonly Range[] = [
  [8_074, 8_075],
  [12_076, 12_076],
  [65_517, 65_520],
];
/** What a gateway of Azure has unless it is told another; none of its peers may have it. */
const AZURE_DEFAULT_ASN: Range = [65_515, 65_515];
/** The carrier-grade range (RFC 6598), which Alibaba Cloud and Huawei Cloud use inside. */
const CARRIER_GRADE = '100.64.0.0/10';
/** No limit that is documented. */
const UNLIMITED = Number.MAX_SAFE_INTEGER;

const ROUTER: CloudRules = {
  title: 'data centre',
  late: false,
  once: false,
  transit: true,
  routes: UNLIMITED,
  tunnels: UNLIMITED,
  asn: ANY_ASN,
  asnExcept: NEVER,
  peerAsnExcept: NEVER,
  reserved: [],
  resolverSources: [],
};

const RULES: Readonly<Record<NetworkType, CloudRules>> = {
  aws: {
    ...ROUTER,
    title: 'AWS',
    late: true,
    unjoined: 'each would wait for the outside addresses of the other',
    peering: 'transit gateway peering or VPC peering',
    routes: 1000,
    asn: PRIVATE_ASNS,
    // Amazon's own in us-east-1 and eu-west-1.
    peerAsnExcept: [...NEVER, [7_224, 7_224], [9_059, 9_059]],
  },
  azure: {
    ...ROUTER,
    title: 'Azure',
    // Its local network gateways must have addresses that differ, and know one BGP address of the peer each
    // (learn.microsoft.com/azure/vpn-gateway/vpn-gateway-highlyavailable).
    once: true,
    // learn.microsoft.com/azure/vpn-gateway/bgp-howto: with inside addresses of 169.254.0.0/16 it waits for the peer's first packet.
    unjoined: 'neither of them begins a BGP session, each waits for the other',
    peering: 'virtual network peering',
    routes: 4000,
    tunnels: 30,
    asnExcept: [...NEVER, ...AZURE_ASNS],
    peerAsnExcept: [...NEVER, ...AZURE_ASNS, AZURE_DEFAULT_ASN],
  },
  gcp: {
    ...ROUTER,
    title: 'Google Cloud',
    // cloud.google.com/network-connectivity/docs/vpn/how-to/creating-ha-vpn2: gateways of Google Cloud are named, not addressed.
    unjoined: 'it refuses its own gateways as outside addresses',
    peering: 'VPC network peering',
    transit: false,
    routes: 250,
    asn: PRIVATE_ASNS,
    // Its resolver asks from there (cloud.google.com/dns/docs/zones/forwarding-zones).
    reserved: ['35.199.192.0/19'],
    resolverSources: ['35.199.192.0/19'],
  },
  alicloud: {
    ...ROUTER,
    title: 'Alibaba Cloud',
    peering: 'Cloud Enterprise Network',
    // Documented as possible with a transit router only; one VPN gateway for several sites is discouraged.
    transit: false,
    routes: 50,
    // alibabacloud.com/help/en/vpn: quotas, raised on request.
    connections: 10,
    reserved: [CARRIER_GRADE],
  },
  huawei: {
    ...ROUTER,
    title: 'Huawei Cloud',
    peering: 'Cloud Connect or VPC peering',
    routes: 100,
    reserved: [CARRIER_GRADE, '214.0.0.0/8'],
  },
  onPremises: ROUTER,
  external: { ...ROUTER, title: 'external network', transit: false },
};

/** What a network's own side of a link can do. */
export function rulesOf(
  network: Pick<Network, 'type'> & { readonly gateway?: string; readonly dnsPeering?: string },
): CloudRules {
  const rules = RULES[network.type];
  // Another VPC asks for it.
  if (network.dnsPeering !== undefined) return { ...rules, resolverSources: [] };
  return network.gateway === 'vpnGateway' ? { ...rules, routes: 100, tunnels: 20 } : rules;
}

/** Those that pass routes on, as people call them. */
export const PASSING: readonly string[] = Object.values(RULES)
  .filter(({ transit }) => transit)
  .map(({ title }) => title);

/** Whether a number is in one of the ranges. */
const among = (ranges: readonly Range[], value: number): boolean =>
  ranges.some(([first, last]) => value >= first && value <= last);

/** Whether a cloud may have an ASN itself. */
export const mayHave = ({ asn, asnExcept }: CloudRules, value: number): boolean =>
  among(asn, value) && !among([...NEVER, ...asnExcept], value);

/** Whether a cloud accepts a peer with an ASN. */
export const accepts = ({ peerAsnExcept }: CloudRules, value: number): boolean => !among(peerAsnExcept, value);

/** Ranges of numbers in words, such as `64512 to 65534`. */
export const rangesText = (ranges: readonly Range[]): string =>
  ranges.map(([first, last]) => (first === last ? `${first}` : `${first} to ${last}`)).join(', ');

/**
 * The cloud's own name of the region that a network stands in.
 *
 * @throws Error where it stands in no cloud
 */
export function cloudRegion(network: Network): string {
  if ('region' in network) return network.region;
  throw new Error(`a network of kind ${network.type} stands in no region of a cloud`);
}

/** Whether a region of a cloud is in mainland China: a partition, a law and a border of their own. */
export function inMainlandChina(network: Network): boolean {
  switch (network.type) {
    case 'alicloud':
    case 'huawei':
    case 'aws':
      return network.region.startsWith('cn-') && network.region !== 'cn-hongkong';
    case 'azure':
      return network.region.startsWith('china');
    default:
      return false;
  }
}
