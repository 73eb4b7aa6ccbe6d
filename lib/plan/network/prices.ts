import type { Reader } from '../reader.js';
import { NETWORK_TYPES, type NetworkType } from './networks.js';

/** What a cloud charges for linked networks. What is left out is not charged, or not known: sums count it as nothing. */
export interface CloudPrices {
  /** An hour of a VPN gateway, whatever leads to it. Of AWS nothing: there attachments and connections are paid. */
  readonly gatewayHour?: number;
  /** An hour of an attachment to a transit gateway (AWS) or transit router (Alibaba Cloud): of the VPC, each VPN connection, each peering. */
  readonly attachmentHour?: number;
  /** An hour of a VPN connection: of AWS, one for each outside address of the peer. */
  readonly connectionHour?: number;
  /** An hour of a tunnel. */
  readonly tunnelHour?: number;
  /** Tunnels that the gateway's price includes. */
  readonly tunnelsIncluded?: number;
  /** An hour of one address of the resolver that answers and asks linked regions; AWS and Huawei Cloud take two for each direction. */
  readonly resolverAddressHour?: number;
  /** A gigabyte that leaves the cloud over a tunnel. */
  readonly egressGb?: number;
  /** A gigabyte that leaves to another region of the same cloud over a peering. */
  readonly peeringGb?: number;
  /** A gigabyte that the VPC, or a VPN connection, hands to a transit gateway, in addition to `egressGb` or `peeringGb`. */
  readonly attachmentGb?: number;
}

/** What links cost, by cloud. */
export interface PricesProps {
  /** @default USD */
  readonly currency?: string;
  /** Prices of each kind of network; they replace all examples. @default - none: the report then counts what is paid for */
  readonly clouds?: Readonly<Partial<Record<NetworkType, CloudPrices>>>;
  /** Nodes of each region that pull the image by which traffic is compared, 1 to 1000000. @default 100 */
  readonly nodes?: number;
}

/**
 * Example figures of 2026 in US dollars, near list prices of American and European regions and checked against none of them: AWS with
 * traffic between near regions, Azure VpnGw2AZ, Google Cloud HA VPN, an Alibaba Cloud gateway of 200 Mbit/s; over the border of mainland
 * China traffic costs ten times as much. None for Huawei Cloud. Give your own.
 */
export const EXAMPLE_PRICES: PricesProps = {
  currency: 'USD',
  clouds: {
    aws: {
      attachmentHour: 0.05,
      connectionHour: 0.05,
      resolverAddressHour: 0.125,
      egressGb: 0.09,
      peeringGb: 0.02,
      attachmentGb: 0.02,
    },
    azure: {
      gatewayHour: 0.5,
      tunnelHour: 0.015,
      tunnelsIncluded: 10,
      resolverAddressHour: 0.25,
      egressGb: 0.087,
      peeringGb: 0.07,
    },
    gcp: { tunnelHour: 0.075, egressGb: 0.12, peeringGb: 0.02 },
    alicloud: { gatewayHour: 0.39, egressGb: 0.08, peeringGb: 0.05 },
  },
};

const PRICE_KEYS = [
  'gatewayHour',
  'attachmentHour',
  'connectionHour',
  'tunnelHour',
  'tunnelsIncluded',
  'resolverAddressHour',
  'egressGb',
  'peeringGb',
  'attachmentGb',
] as const;

/** Reads prices of the user's own; nothing when there are none. */
export function readPrices(topology: Reader): PricesProps | undefined {
  if (!topology.has('prices')) return undefined;
  const prices = topology.child('prices').only('currency', 'clouds', 'nodes');
  const clouds = prices.child('clouds').only(...NETWORK_TYPES);
  return {
    currency: prices.text('currency', { pattern: /^[A-Z]{3}$/, allowed: 'three capitals, such as EUR', known: true }),
    clouds: Object.fromEntries(
      NETWORK_TYPES.filter((type) => clouds.has(type)).map((type) => {
        const cloud = clouds.child(type).only(...PRICE_KEYS);
        return [type, Object.fromEntries(PRICE_KEYS.map((key) => [key, readAmount(cloud, key)]))];
      }),
    ),
    nodes: prices.count('nodes', 1, 1_000_000),
  };
}

function readAmount(cloud: Reader, key: string): number | undefined {
  const value = cloud.raw(key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && Number.isFinite(value)) return value;
  cloud.issues.error(cloud.at(key), 'is not a price', value, 'a number from 0', 'write it without a currency');
  return undefined;
}
