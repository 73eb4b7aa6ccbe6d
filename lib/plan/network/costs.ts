import type { Reader } from '../reader.js';
import type { LinkPlan } from './links.js';
import type { NetworkType } from './networks.js';

/** What a cloud charges for links. What is left out is not charged, or not known. */
export interface CloudPrices {
  /** An hour of a VPN gateway, whatever leads to it. */
  readonly gatewayHour?: number;
  /** An hour of a VPN connection: of AWS, one for each outside address of the peer. */
  readonly connectionHour?: number;
  /** An hour of a tunnel. */
  readonly tunnelHour?: number;
  /** Tunnels that the gateway's price includes. */
  readonly tunnelsIncluded?: number;
  /** A gigabyte that leaves over a tunnel. */
  readonly egressGb?: number;
}

/** What links cost, by cloud. */
export interface PricesProps {
  /** @default USD */
  readonly currency?: string;
  /** Prices of each kind of network. @default - none: the report then counts gateways, connections and tunnels */
  readonly clouds?: Readonly<Partial<Record<NetworkType, CloudPrices>>>;
}

/**
 * Example figures of 2026 in US dollars, near list prices of American and European regions and checked against none of them: AWS with a
 * transit gateway, Azure VpnGw2AZ, Google Cloud HA VPN, an Alibaba Cloud gateway of 200 Mbit/s. Give your own.
 */
export const EXAMPLE_PRICES: PricesProps = {
  currency: 'USD',
  clouds: {
    aws: { gatewayHour: 0.05, connectionHour: 0.1, egressGb: 0.11 },
    azure: { gatewayHour: 0.5, tunnelHour: 0.015, tunnelsIncluded: 10, egressGb: 0.087 },
    gcp: { tunnelHour: 0.075, egressGb: 0.12 },
    alicloud: { gatewayHour: 0.39 },
  },
};

/** What a region's end of its links costs. */
export interface RegionCost {
  readonly region: string;
  readonly gateways: number;
  readonly connections: number;
  readonly tunnels: number;
  /** A month of 730 hours without traffic; nothing when the price is not known. */
  readonly idleMonth?: number;
  /** A gigabyte that leaves over a tunnel; nothing when the price is not known. */
  readonly egressGb?: number;
}

/** What links cost as planned. */
export interface CostsPlan {
  readonly currency: string;
  /** Whether the prices are the library's examples, not the user's. */
  readonly example: boolean;
  readonly regions: readonly RegionCost[];
}

const HOURS = 730;
const TYPES = ['aws', 'azure', 'gcp', 'alicloud', 'huawei', 'onPremises', 'external'] as const;
const PRICE_KEYS = ['gatewayHour', 'connectionHour', 'tunnelHour', 'tunnelsIncluded', 'egressGb'] as const;

/** Reads prices of the user's own; nothing when there are none. */
export function readPrices(topology: Reader): PricesProps | undefined {
  if (!topology.has('prices')) return undefined;
  const prices = topology.child('prices').only('currency', 'clouds');
  const clouds = prices.child('clouds').only(...TYPES);
  return {
    currency: prices.text('currency', { pattern: /^[A-Z]{3}$/, allowed: 'three capitals, such as EUR', known: true }),
    clouds: Object.fromEntries(
      TYPES.filter((type) => clouds.has(type)).map((type) => {
        const cloud = clouds.child(type).only(...PRICE_KEYS);
        return [type, Object.fromEntries(PRICE_KEYS.map((key) => [key, readAmount(cloud, key)]))];
      }),
    ),
  };
}

function readAmount(cloud: Reader, key: string): number | undefined {
  const value = cloud.raw(key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  cloud.issues.error(cloud.at(key), 'is not a price', value, 'a number from 0', 'write it without a currency');
  return undefined;
}

/** What each end of the links costs; regions without tunnels are left out. */
export function planCosts(
  links: readonly LinkPlan[],
  networks: readonly { readonly region: string; readonly type: NetworkType }[],
  own: PricesProps | undefined,
): CostsPlan {
  const { currency = 'USD', clouds = {} } = own ?? EXAMPLE_PRICES;
  const counts = countEnds(links);
  const regions = networks.flatMap(({ region, type }): RegionCost[] => {
    const count = counts.get(region);
    if (count === undefined) return [];
    const { tunnels } = count;
    const connections = count.connections.size;
    const prices = clouds[type];
    const idle = prices && idleMonth(prices, connections, tunnels);
    return [{ region, gateways: 1, connections, tunnels, idleMonth: idle, egressGb: prices?.egressGb }];
  });
  return { currency, example: own === undefined, regions };
}

/** Tunnels that end in each region, and the connections that hold them. */
function countEnds(links: readonly LinkPlan[]): ReadonlyMap<string, { tunnels: number; connections: Set<string> }> {
  const counts = new Map<string, { tunnels: number; connections: Set<string> }>();
  for (const link of links) {
    for (const { region, connection } of link.tunnels.flatMap(({ ends }) => ends)) {
      const count = counts.get(region) ?? { tunnels: 0, connections: new Set() };
      count.tunnels++;
      if (connection !== undefined) count.connections.add(`${link.name} ${connection.index}`);
      counts.set(region, count);
    }
  }
  return counts;
}

function idleMonth(prices: CloudPrices, connections: number, tunnels: number): number {
  const { gatewayHour = 0, connectionHour = 0, tunnelHour = 0, tunnelsIncluded = 0 } = prices;
  const paid = Math.max(0, tunnels - tunnelsIncluded);
  return Math.round(HOURS * (gatewayHour + connections * connectionHour + paid * tunnelHour) * 100) / 100;
}
