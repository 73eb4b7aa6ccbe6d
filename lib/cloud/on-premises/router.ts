import { isWithin } from '../../plan/addresses.js';
import type { LinkPlan, TunnelEnd, TunnelKey, TunnelPlan } from '../../plan/network/links.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { endsFrom, linksOf } from '../../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../../plan/plan.js';

/** What a data centre's router must know beyond the plan. */
export interface RouterProps {
  /** The value of a tunnel's pre-shared key: letters and digits. */
  readonly keyOf: (key: TunnelKey) => string;
  /** Outside addresses of clouds, which are known when their gateways exist: by region, in the order of the plan. @default - none */
  readonly outsideAddresses?: Readonly<Record<string, readonly string[]>>;
  /** The router's own addresses where `publicIps` lead to it by NAT, in the same order. @default - it has them itself */
  readonly localAddresses?: readonly string[];
  /**
   * The router's own address within `cidrs`, on one of its interfaces (not one that moves between routers, else the kernel takes no route
   * while it is elsewhere): what it asks itself comes from there, such as questions of a resolver that runs on it. Other regions' rules
   * let in what comes from `cidrs` only. @default - `siblings.own` where it is within `cidrs`; else inside addresses of tunnels, so
   * the router itself asks in vain
   */
  readonly lanAddress?: string;
  /** Names of the tunnels that this router ends, where a site has several routers. @default - all of the region's */
  readonly tunnels?: readonly string[];
  /** Addresses of the site's other routers and of this one among them: they tell each other what they learn. @default - none */
  readonly siblings?: { readonly own: string; readonly others: readonly string[] };
  /**
   * `xfrm` makes a network interface for each tunnel, `hf<number>`, and needs Linux 4.19; `libipsec` runs without IPsec in the
   * kernel, for tests: one interface `ipsec0`, so one tunnel a router, and much slower. @default xfrm
   */
  readonly dataplane?: 'xfrm' | 'libipsec';
}

/** One tunnel as its router sees it. */
export interface RouterTunnel {
  readonly tunnel: TunnelPlan;
  readonly link: LinkPlan;
  readonly own: TunnelEnd;
  readonly peer: TunnelEnd;
  /** Outside addresses: by which each end knows the other. */
  readonly localId: string;
  readonly remoteId: string;
  /** What the router sends from. */
  readonly localAddress: string;
  readonly key: string;
  /** Number that ties the tunnel to its interface; the same for as long as its inside address. */
  readonly interfaceId: number;
  readonly interface: string;
  /** Which end dials. Where two generated routers meet, one waits, so that a tunnel is never made twice. */
  readonly dials: boolean;
}

/** A data centre's router, with everything that its files are written from. */
export interface Router {
  readonly region: string;
  /** What BGP knows it by. */
  readonly id: string;
  readonly network: NetworkPlan;
  readonly tunnels: readonly RouterTunnel[];
  readonly dataplane: 'xfrm' | 'libipsec';
  readonly siblings: NonNullable<RouterProps['siblings']>;
  /** What it asks from; nothing where it has no address that others let in. */
  readonly lanAddress?: string;
  /** Networks of the regions that it has a route to. */
  readonly peers: readonly (readonly [string, NetworkPlan])[];
}

/**
 * The router of a region in a data centre.
 *
 * @throws Error when the region stands in no data centre, an outside address or a key is not there, or an own address does not fit
 */
export function routerOf(plan: TopologyPlan, name: string, props: RouterProps): Router {
  const { network } = regionOf(plan, name);
  if (network?.type !== 'onPremises')
    throw new Error(`region "${name}" stands in no data centre: it has no router to configure`);
  const { localAddresses } = props;
  if (localAddresses !== undefined && localAddresses.length !== network.publicIps.length) {
    const given = localAddresses.join(', ') || 'none';
    throw new Error(`localAddresses are ${given}, not one for each of publicIps: ${network.publicIps.join(', ')}`);
  }
  const dataplane = props.dataplane ?? 'xfrm';
  const tunnels = linksOf(plan.links, name).flatMap((link) =>
    link.tunnels
      .filter((tunnel) => props.tunnels?.includes(tunnel.name) ?? true)
      .map((tunnel) => routerTunnel(plan, name, network.publicIps, link, tunnel, dataplane, props)),
  );
  const unknown = props.tunnels?.find((wanted) => !tunnels.some(({ tunnel }) => tunnel.name === wanted));
  if (unknown !== undefined) throw new Error(`no tunnel "${unknown}" ends in region "${name}"`);
  return {
    region: name,
    id: props.siblings?.own ?? tunnels[0]?.localAddress ?? network.publicIps[0] ?? '',
    network,
    tunnels,
    dataplane,
    siblings: props.siblings ?? { own: '', others: [] },
    lanAddress: lanAddressOf(network.cidrs, props),
    peers: network.reaches.flatMap((peer) => {
      const found = regionOf(plan, peer).network;
      return found === undefined ? [] : [[peer, found] as const];
    }),
  };
}

function lanAddressOf(cidrs: readonly string[], { lanAddress, siblings }: RouterProps): string | undefined {
  const isIn = (address: string): boolean => cidrs.some((cidr) => isWithin(`${address}/32`, cidr));
  if (lanAddress === undefined) return siblings !== undefined && isIn(siblings.own) ? siblings.own : undefined;
  if (isIn(lanAddress)) return lanAddress;
  throw new Error(`lanAddress is ${lanAddress}, not an address within cidrs: ${cidrs.join(', ')}`);
}

function routerTunnel(
  plan: TopologyPlan,
  region: string,
  publicIps: readonly string[],
  link: LinkPlan,
  tunnel: TunnelPlan,
  dataplane: 'xfrm' | 'libipsec',
  props: RouterProps,
): RouterTunnel {
  const { own, peer } = endsFrom(tunnel, region);
  const localId = publicIps[own.outside];
  if (localId === undefined)
    throw new Error(`region "${region}" has no outside address ${own.outside} for ${tunnel.name}`);
  const peerNetwork = regionOf(plan, peer.region).network;
  const known = peerNetwork !== undefined && 'publicIps' in peerNetwork ? peerNetwork.publicIps : undefined;
  const remoteId = (known ?? props.outsideAddresses?.[peer.region])?.[peer.outside];
  if (remoteId === undefined) throw new Error(`no outside address ${peer.outside} of region "${peer.region}" is given`);
  const key = props.keyOf(tunnel.key);
  if (!/^[A-Za-z0-9]+$/.test(key)) throw new Error(`the key of tunnel ${tunnel.name} is not letters and digits alone`);
  const interfaceId = slotOf(tunnel.insideCidr) + 1;
  return {
    tunnel,
    link,
    own,
    peer,
    localId,
    remoteId,
    localAddress: props.localAddresses?.[own.outside] ?? localId,
    key,
    interfaceId,
    interface: dataplane === 'xfrm' ? `hf${interfaceId}` : 'ipsec0',
    dials: peerNetwork?.type !== 'onPremises' || tunnel.ends[0] === own,
  };
}

/** The place of an inside range in the pool, 0 to 127. */
function slotOf(insideCidr: string): number {
  const [, , third = 0, fourth = 0] = insideCidr.split(/[./]/).map(Number);
  return (third - 21) * 64 + fourth / 4;
}
