import type { LinkPlan } from './links.js';
import type { Network } from './networks.js';
import type { CloudPrices } from './prices.js';

/** What a region pays for linked networks, whether it is used or not. */
export interface RegionCost {
  readonly region: string;
  readonly gateways: number;
  /** To a transit gateway or a transit router. */
  readonly attachments: number;
  readonly connections: number;
  readonly tunnels: number;
  /** Addresses of its resolver's endpoints, where a cloud charges for them. */
  readonly resolverAddresses: number;
  /** A month of 730 hours without traffic; nothing when no price is known. */
  readonly idleMonth?: number;
  /** A gigabyte that leaves over a tunnel; nothing when the price is not known. */
  readonly egressGb?: number;
}

/** A linked network as it is paid for. */
export interface PaidNetwork {
  readonly region: string;
  readonly network: Network;
  /** Other regions ask its resolver. */
  readonly asked: boolean;
  /** It asks resolvers of other regions. */
  readonly asks: boolean;
}

const HOURS = 730;

/** What a link makes in the region at one of its ends. */
interface Parts {
  readonly attachments: number;
  readonly connections: number;
  readonly tunnels: number;
}

/** One region with what its links make in it. */
export class PaidRegion {
  private readonly parts = new Map<LinkPlan, Parts>();

  constructor(
    private readonly paid: PaidNetwork,
    private readonly prices: CloudPrices | undefined,
  ) {}

  /** Transit gateways and transit routers take attachments. */
  private get isHub(): boolean {
    const { network } = this.paid;
    return network.type === 'aws' ? network.gateway !== 'vpnGateway' : network.type === 'alicloud';
  }

  add(link: LinkPlan, peer: PaidRegion): void {
    const { region, network } = this.paid;
    const own = link.tunnels.flatMap(({ ends }) => ends.filter((end) => end.region === region));
    const connections = new Set(own.flatMap(({ connection }) => connection?.index ?? [])).size;
    const peered = link.via === 'peering' && this.isHub && peer.isHub ? 1 : 0;
    const attachments = network.type === 'aws' && this.isHub ? connections + peered : peered;
    this.parts.set(link, { attachments, connections, tunnels: own.length });
  }

  cost(): RegionCost {
    const { region, network } = this.paid;
    const of = (part: keyof Parts): number => [...this.parts.values()].reduce((total, parts) => total + parts[part], 0);
    const [ends, connections, tunnels] = [of('attachments'), of('connections'), of('tunnels')];
    const counts = {
      gateways: tunnels > 0 || (network.type === 'aws' && ends > 0) ? 1 : 0,
      // The VPC itself is attached too.
      attachments: ends === 0 ? 0 : ends + 1,
      connections,
      tunnels,
      resolverAddresses: resolverAddresses(this.paid),
    };
    const { gatewayHour, attachmentHour, connectionHour, resolverAddressHour } = this.prices ?? {};
    const month = this.month([
      [counts.gateways, gatewayHour],
      [counts.attachments, attachmentHour],
      [connections, connectionHour],
      [tunnels, this.tunnelHour()],
      [counts.resolverAddresses, resolverAddressHour],
    ]);
    return { region, ...counts, idleMonth: rounded(month), egressGb: this.prices?.egressGb };
  }

  /** What a link adds to the region's idle costs. */
  idleOf(link: LinkPlan): number | undefined {
    const parts = this.parts.get(link);
    if (parts === undefined || link.via === 'existing') return undefined;
    const { attachmentHour, connectionHour } = this.prices ?? {};
    return this.month([
      [parts.attachments, attachmentHour],
      [parts.connections, connectionHour],
      [parts.tunnels, this.tunnelHour()],
    ]);
  }

  /** A month of some parts, those without a price as nothing; nothing known where none of them has one. */
  private month(parts: readonly (readonly [count: number, hour: number | undefined])[]): number | undefined {
    const made = parts.filter(([count]) => count > 0);
    const known = made.filter(([, hour]) => hour !== undefined);
    if (this.prices === undefined || (known.length === 0 && made.length > 0)) return undefined;
    return HOURS * known.reduce((total, [count, hour = 0]) => total + count * hour, 0);
  }

  /** An hour of a tunnel, each paying its part for those that the gateway's price does not include. */
  private tunnelHour(): number | undefined {
    const { tunnelHour, tunnelsIncluded = 0 } = this.prices ?? {};
    const all = [...this.parts.values()].reduce((total, { tunnels }) => total + tunnels, 0);
    if (tunnelHour === undefined || all === 0) return tunnelHour;
    return (tunnelHour * Math.max(0, all - tunnelsIncluded)) / all;
  }

  /** A gigabyte that leaves over a link; what passes through here pays for entering a transit gateway once, where it came in. */
  gigabyte(link: LinkPlan, to: PaidRegion, first: boolean): number | undefined {
    const { egressGb, peeringGb } = this.prices ?? {};
    const out = { vpn: egressGb, peering: peeringGb, existing: undefined }[link.via];
    if (out === undefined) return undefined;
    return rounded(out + (first ? this.handedOver(link) : 0) + (link.via === 'vpn' ? to.handedOver(link) : 0), 4);
  }

  private handedOver(link: LinkPlan): number {
    return (this.parts.get(link)?.attachments ?? 0) > 0 ? (this.prices?.attachmentGb ?? 0) : 0;
  }
}

/** Addresses of resolver endpoints: AWS and Huawei Cloud take two for each, Azure always makes one of both, Google Cloud needs none. */
function resolverAddresses({ network, asked, asks }: PaidNetwork): number {
  switch (network.type) {
    case 'aws':
    case 'huawei':
      return (asked ? 2 : 0) + (asks ? 2 : 0);
    case 'azure':
      return asked || asks ? 2 : 0;
    case 'alicloud':
      return asks ? 2 : 0;
    default:
      return 0;
  }
}

/** An amount as it is shown: idle costs by cents, prices of a gigabyte finer. */
export function rounded(amount: number, digits?: number): number;
export function rounded(amount: number | undefined, digits?: number): number | undefined;
export function rounded(amount: number | undefined, digits = 2): number | undefined {
  return amount === undefined ? undefined : Math.round(amount * 10 ** digits) / 10 ** digits;
}
