import type { CryptoProfile } from './crypto.js';

/** How two networks meet: through VPN tunnels, through the cloud's own peering, or by something that is there already. */
export type LinkKind = 'vpn' | 'peering' | 'existing';

/** A link between two regions. */
export interface LinkProps {
  /** Names of the two regions, in any order. */
  readonly between: readonly [string, string];
  /**
   * `vpn` makes tunnels; `peering` is the cloud's own between two of its regions; `existing` is there already (Direct Connect,
   * ExpressRoute, a transit gateway, a leased line): only firewall rules and names are planned for it.
   * @default peering within one cloud, existing between two external networks, else vpn
   */
  readonly via?: LinkKind;
  /**
   * Tunnels of a VPN with AWS whose other end has two outside addresses: 2 leave AWS's second tunnel to each address idle.
   * @default - as many as both ends can: 4 with AWS, else one for each outside address
   */
  readonly tunnels?: 2 | 4;
  /** How its tunnels are encrypted. @default - as for all links */
  readonly crypto?: CryptoProfile;
  /**
   * How often one of its pre-shared keys was replaced, 0 to 9999. Steps are the turns of tunnels 1 to 4, over and over: each gives that
   * tunnel a new key, and with fewer tunnels some steps change nothing. Raise it by one at a time: the other tunnels carry the traffic
   * meanwhile. A link of one tunnel is down until both ends have the new key. @default 0
   */
  readonly keyRotation?: number;
}

interface LinksProps {
  /** How tunnels are encrypted where a link does not say; `strong` falls back to `common` where an end lacks it. @default common */
  readonly crypto?: CryptoProfile;
}

/** A link between every two regions. */
export interface MeshLinks extends LinksProps {
  readonly type: 'mesh';
  /** Links with settings of their own. @default - none */
  readonly links?: readonly LinkProps[];
}

/** A link between one region and each other. */
export interface HubLinks extends LinksProps {
  readonly type: 'hub';
  /** Name of the region in the middle. */
  readonly region: string;
  /** Links with settings of their own, and further links. @default - none */
  readonly links?: readonly LinkProps[];
}

/** The links that are named, and no others. */
export interface ListLinks extends LinksProps {
  readonly type: 'list';
  readonly links: readonly LinkProps[];
}

/** Which regions' networks meet. */
export type Links = MeshLinks | HubLinks | ListLinks;

/** Which regions' networks meet: one of these factories. */
export const Links = {
  /** A link between every two regions: the shortest ways, for up to about four clouds. */
  mesh: (props: Omit<MeshLinks, 'type'> = {}): MeshLinks => ({ type: 'mesh', ...props }),
  /**
   * A link between one region and each other. Where the region passes routes on from tunnel to tunnel (AWS, Azure, Huawei Cloud, a data
   * centre), traffic between the others passes through it, and is paid for twice. Over Google Cloud and Alibaba Cloud, and over peering
   * and existing links, the others do not reach each other: the plan warns of each such pair.
   */
  hub: (region: string, props: Omit<HubLinks, 'type' | 'region'> = {}): HubLinks => ({ type: 'hub', region, ...props }),
  /** The links that are named. */
  list: (links: readonly LinkProps[], props: Omit<ListLinks, 'type' | 'links'> = {}): ListLinks => ({
    type: 'list',
    links,
    ...props,
  }),
} as const;

/** One end of a tunnel. */
export interface TunnelEnd {
  readonly region: string;
  /** Which outside address of the region it leaves from: 0 and 1; of AWS, which has one for each tunnel, 0 to 3. */
  readonly outside: number;
  /** Its address inside the tunnel, which BGP speaks from. */
  readonly inside: string;
  readonly asn: number;
  /** Which VPN connection it belongs to, from 0, and which of that connection's two tunnels, 1 or 2: AWS and Alibaba Cloud only. */
  readonly connection?: { readonly index: number; readonly tunnel: 1 | 2 };
}

/** A pre-shared key, made when deployed: 48 letters and digits, the first a letter, a new one for each generation. */
export interface TunnelKey {
  readonly name: string;
  /** 1 at first. */
  readonly generation: number;
}

/** One tunnel of a link: both ends, as each must be configured. */
export interface TunnelPlan {
  /** Name of the link with the tunnel's number, 1 to 4, which is the same whether a link has two tunnels or four. */
  readonly name: string;
  readonly insideCidr: string;
  readonly ends: readonly [TunnelEnd, TunnelEnd];
  readonly key: TunnelKey;
}

/** How the networks of two regions meet, as planned. */
export interface LinkPlan {
  /** The two regions' names, that of the smaller index first. */
  readonly name: string;
  readonly between: readonly [string, string];
  readonly via: LinkKind;
  /** Of a VPN. */
  readonly crypto?: CryptoProfile;
  /** The four inside ranges that are the link's alone; what no tunnel uses is for idle tunnels that a cloud makes anyway. */
  readonly insideCidrs: readonly string[];
  /** None but of a VPN. */
  readonly tunnels: readonly TunnelPlan[];
}
