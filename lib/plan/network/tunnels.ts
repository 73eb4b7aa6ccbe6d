import type { LinkPlan, TunnelEnd, TunnelKey, TunnelPlan } from './links.js';

/** Inside addresses of a link: four /30, whether it uses one or all. */
const BLOCK = 4;
/**
 * Links of one region that the pool holds. The pool is 169.254.21.0/24 and 169.254.22.0/24: all that Azure accepts, and clear of
 * what AWS and Alibaba Cloud exclude.
 */
export const BLOCKS = 128 / BLOCK;

/** What a link's tunnels follow from. */
export interface LinkEnd {
  readonly region: string;
  readonly index: number;
  readonly asn: number;
  /** Outside addresses, each known only after those of its peer. */
  readonly late: boolean;
  /** Outside addresses of an end that is not late. */
  readonly outsides: number;
  /** It makes one tunnel to each outside address of its peer, and no second one. */
  readonly once: boolean;
  /** It groups tunnels by two into VPN connections. */
  readonly connections?: 'late' | 'early';
}

/**
 * The block of inside addresses between two regions. A gateway's links must differ, while links that share no gateway may be the
 * same: adding the indices gives every region another block for each peer, and no link changes when a region joins.
 */
export const blockOf = (a: number, b: number): number => (a + b) % BLOCKS;

/** The four inside ranges of a block. */
export const insideCidrs = (block: number): readonly string[] =>
  Array.from({ length: BLOCK }, (_, i) => `${address(block * BLOCK + i, 0)}/30`);

/** An address of a slot: 64 slots of four addresses are one /24. */
const address = (slot: number, host: number): string =>
  `169.254.${21 + Math.floor(slot / 64)}.${(slot % 64) * 4 + host}`;

/**
 * Tunnels that two ends can have, most first. A late end makes two to each outside address of its peer; two early ends
 * join their outside addresses one to one, or the only one of an end with both of the other, where that one may.
 */
export function tunnelChoices(a: LinkEnd, b: LinkEnd): readonly number[] {
  if (a.late || b.late) return (a.late ? b : a).outsides === 2 ? [4, 2] : [2];
  const most = (end: LinkEnd, peer: LinkEnd): number => (end.once ? peer.outsides : 2);
  return [Math.min(Math.max(a.outsides, b.outsides), most(a, b), most(b, a))];
}

/** Numbers of the tunnels in their block. Two of four are the first one to each outside address, so that both ends lose none. */
const numbers = (a: LinkEnd, b: LinkEnd, count: number): readonly number[] =>
  tunnelChoices(a, b)[0] === 4 && count === 2 ? [0, 2] : Array.from({ length: count }, (_, i) => i);

/**
 * The tunnels of a link, each with both ends.
 *
 * @param a the end of the smaller index
 * @param rotation how often a key was replaced
 */
export function planTunnels(name: string, a: LinkEnd, b: LinkEnd, count: number, rotation: number): TunnelPlan[] {
  const block = blockOf(a.index, b.index);
  return numbers(a, b, count).map((number) => {
    const slot = block * BLOCK + number;
    // AWS always takes the first host.
    const [hostA, hostB] = b.late ? [2, 1] : [1, 2];
    return {
      name: `${name}-${number + 1}`,
      insideCidr: `${address(slot, 0)}/30`,
      ends: [planEnd(a, b, number, address(slot, hostA)), planEnd(b, a, number, address(slot, hostB))],
      key: keyOf(`${name}-${number + 1}`, number, rotation),
    };
  });
}

function planEnd(end: LinkEnd, peer: LinkEnd, number: number, inside: string): TunnelEnd {
  const outside = outsideOf(end, peer, number);
  return {
    region: end.region,
    outside,
    inside,
    asn: end.asn,
    ...(end.connections === undefined ? {} : { connection: connectionOf(end.connections, peer, number, outside) }),
  };
}

/** The outside address of an end for a tunnel: every second one of a late peer's tunnels comes to the same address. */
function outsideOf(end: LinkEnd, peer: LinkEnd, number: number): number {
  if (end.late) return number;
  const wanted = peer.late ? Math.floor(number / 2) : number;
  return end.outsides === 1 ? 0 : wanted;
}

/**
 * AWS makes a connection for each outside address of its peer. Each tunnel of a connection of Alibaba Cloud leaves from another
 * address of its own, so towards AWS its connections lie across those of AWS.
 */
function connectionOf(
  kind: 'late' | 'early',
  peer: LinkEnd,
  number: number,
  outside: number,
): NonNullable<TunnelEnd['connection']> {
  if (kind === 'late') return { index: Math.floor(number / 2), tunnel: number % 2 === 0 ? 1 : 2 };
  return { index: peer.late ? number % 2 : 0, tunnel: outside === 0 ? 1 : 2 };
}

/** The key of a tunnel after some rotations: each step was the turn of one place in the block, whether there is a tunnel or not. */
const keyOf = (name: string, number: number, rotation: number): TunnelKey => ({
  name,
  generation: 1 + Math.floor((rotation + BLOCK - 1 - number) / BLOCK),
});

/** The end of a tunnel in a region, and the end it talks to. */
export function endsFrom(tunnel: TunnelPlan, region: string): { readonly own: TunnelEnd; readonly peer: TunnelEnd } {
  const [a, b] = tunnel.ends;
  if (a.region === region) return { own: a, peer: b };
  if (b.region === region) return { own: b, peer: a };
  throw new Error(`tunnel ${tunnel.name} does not end in "${region}"; it joins ${a.region} and ${b.region}`);
}

/** The links that end in a region. */
export const linksOf = (links: readonly LinkPlan[], region: string): readonly LinkPlan[] =>
  links.filter((link) => link.between.includes(region));
