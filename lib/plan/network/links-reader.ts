import { nearest, Reader } from '../reader.js';
import { inMainlandChina } from './clouds.js';
import { type CryptoProfile, cryptoWords } from './crypto.js';
import type { LinkKind } from './links.js';
import type { RegionNetwork } from './region-network.js';
import { type LinkEnd, tunnelChoices } from './tunnels.js';

/** A link with its settings read; a has the smaller index. */
export interface ReadLink {
  /** Path of its settings, or of all links'. */
  readonly path: string;
  readonly a: RegionNetwork;
  readonly b: RegionNetwork;
  readonly via: LinkKind;
  readonly crypto: CryptoProfile;
  readonly tunnels: number;
  readonly keyRotation: number;
}

type Pair = readonly [string, string];

/** Settings that only a VPN has. */
const VPN_KEYS = ['tunnels', 'crypto', 'keyRotation'] as const;
const PROFILES = ['common', 'strong'] as const;

/** Reads which regions are linked, and how. */
export function readLinks(
  topology: Reader,
  names: readonly string[],
  networks: ReadonlyMap<string, RegionNetwork>,
): readonly ReadLink[] {
  if (!topology.has('links')) return [];
  const links = topology.child('links');
  const { issues } = links;
  if (!links.has('type')) links.missing('type', 'mesh, hub or list');
  const type = links.choice('type', ['mesh', 'hub', 'list'] as const);
  checkKeys(links, ['type', 'links', 'crypto', ...(type === 'hub' ? ['region'] : [])]);
  if (type === 'list' && !links.has('links')) links.missing('links', 'a list of links');
  const crypto = links.choice('crypto', PROFILES);
  const plain = new Reader({}, links.path, issues);
  const wanted = new Map(shapeOf(links, type, names).map((pair) => [keyOf(pair), { pair, settings: plain }]));
  const named = new Set<string>();
  for (const settings of links.items('links')) {
    settings.only('between', 'via', ...VPN_KEYS);
    const pair = readPair(settings, names);
    if (pair === undefined) continue;
    const key = keyOf(pair);
    if (named.has(key)) {
      issues.error(
        settings.path,
        'is a second link between the same regions',
        pair,
        'one link',
        'remove one of the two',
      );
    }
    named.add(key);
    wanted.set(key, { pair, settings });
  }
  reportMissing([...wanted.values()], networks, topology);
  return [...wanted.values()].flatMap(({ pair, settings }) => {
    const [first, second] = [networks.get(pair[0]), networks.get(pair[1])];
    if (first === undefined || second === undefined) return [];
    const [a, b] = first.index <= second.index ? [first, second] : [second, first];
    return [readLink(settings, a, b, crypto)];
  });
}

/** Refuses settings of one link where those of all links stand, and says where they go. */
function checkKeys(links: Reader, keys: readonly string[]): void {
  const misplaced = ['via', 'tunnels', 'keyRotation'].filter((key) => links.has(key));
  links.only(...keys, ...misplaced);
  for (const key of misplaced) {
    const value = links.raw(key);
    const fix = `add links: [{ between: [one, other], ${key}: ${JSON.stringify(value)} }]`;
    links.issues.error(links.at(key), 'is a setting of one link', value, 'said of each link', fix);
  }
}

const keyOf = (pair: Pair): string => [...pair].sort().join(' ');

/** The pairs that a mesh or a hub links. */
function shapeOf(links: Reader, type: 'mesh' | 'hub' | 'list' | undefined, names: readonly string[]): readonly Pair[] {
  if (type === 'mesh') return names.flatMap((a, i) => names.slice(i + 1).map((b): Pair => [a, b]));
  if (type !== 'hub') return [];
  const hub = links.requiredText('region');
  if (hub === '' || !checkRegion(links, 'region', hub, names)) return [];
  return names.filter((name) => name !== hub).map((name): Pair => [hub, name]);
}

function readPair(settings: Reader, names: readonly string[]): Pair | undefined {
  if (!settings.has('between')) settings.missing('between', 'the names of two regions');
  const between = settings.texts('between');
  if (between === undefined) return undefined;
  const [a, b, ...more] = between;
  const isPair = a !== undefined && b !== undefined && more.length === 0;
  if (!isPair || a === b) {
    settings.issues.error(
      settings.at('between'),
      isPair ? 'links a region to itself' : 'does not name two regions',
      between,
      'the names of two regions',
      'write between: [one, other]',
    );
    return undefined;
  }
  const known = [a, b].map((name, i) => checkRegion(settings, `between[${i}]`, name, names));
  return known.includes(false) ? undefined : [a, b];
}

function checkRegion(reader: Reader, key: string, name: string, names: readonly string[]): boolean {
  if (names.includes(name)) return true;
  const near = nearest(name, names);
  const fix = near === undefined ? 'name a region of this topology' : `did you mean "${near}"?`;
  reader.issues.error(reader.at(key), 'is not a region', name, names.join(', '), fix);
  return false;
}

/** Records each region that is linked and has no network, once. */
function reportMissing(
  wanted: readonly { readonly pair: Pair }[],
  networks: ReadonlyMap<string, RegionNetwork>,
  topology: Reader,
): void {
  const { issues } = topology;
  const regions = new Map(topology.entries('regions'));
  for (const name of new Set(wanted.flatMap(({ pair }) => pair))) {
    if (networks.has(name) || regions.get(name)?.has('network') === true) continue;
    issues.error(
      `regions.${name}.network`,
      'is missing: the region is linked',
      undefined,
      'the network that the region stands in',
      'add "network", such as Network.aws({ region, cidrs }), or leave the region out of the links',
    );
  }
}

function readLink(settings: Reader, a: RegionNetwork, b: RegionNetwork, crypto: CryptoProfile | undefined): ReadLink {
  const via = settings.choice('via', ['vpn', 'peering', 'existing'] as const) ?? usualKind(a, b);
  const own = settings.choice('crypto', PROFILES);
  const profile = own ?? crypto ?? 'common';
  const weak = [a, b].find(({ network }) => cryptoWords(network.type, profile) === undefined);
  if (via === 'vpn') {
    checkVpn(settings, a, b);
    if (own !== undefined && weak !== undefined) {
      settings.issues.error(
        settings.at('crypto'),
        `is more than ${weak.rules.title} has, which ${weak.region} stands in`,
        own,
        'common',
        'set crypto: common for this link, or leave it out',
      );
    }
  } else refuseVpnSettings(settings, via);
  if (via === 'peering') checkPeering(settings, a, b);
  return {
    path: settings.path,
    a,
    b,
    via,
    crypto: weak === undefined ? profile : 'common',
    tunnels: via === 'vpn' ? readTunnels(settings, a, b) : 0,
    keyRotation: settings.count('keyRotation', 0, 9999) ?? 0,
  };
}

function usualKind(a: RegionNetwork, b: RegionNetwork): LinkKind {
  if (a.network.type !== b.network.type) return 'vpn';
  if (a.rules.peering !== undefined) return 'peering';
  return a.network.type === 'external' ? 'existing' : 'vpn';
}

/** What tunnels follow from. */
export const linkEnd = ({ region, index, asn, network, rules, publicIps }: RegionNetwork): LinkEnd => ({
  region,
  index,
  asn,
  late: rules.late,
  outsides: publicIps?.length === 1 ? 1 : 2,
  once: rules.once,
  connections: network.type === 'aws' ? 'late' : network.type === 'alicloud' ? 'early' : undefined,
});

function readTunnels(settings: Reader, a: RegionNetwork, b: RegionNetwork): number {
  const choices = tunnelChoices(linkEnd(a), linkEnd(b));
  const [usual = 1] = choices;
  const count = settings.count('tunnels', 1, 4) ?? usual;
  if (choices.includes(count)) return count;
  const allowed = `${choices.join(' or ')} between ${a.region} and ${b.region}`;
  settings.issues.error(settings.at('tunnels'), 'is not what both ends can have', count, allowed, `set it to ${usual}`);
  return usual;
}

const title = ({ region, rules }: RegionNetwork): string => `${region} (${rules.title})`;

/** Where the kind of a link is said: a pair of a mesh or hub has no settings of its own unless it is listed. */
const placeOfKind = (settings: Reader): string => settings.at(settings.has('between') ? 'via' : 'links');

/** How a link that is no tunnel of ours is said. */
const sayExisting = (settings: Reader, a: RegionNetwork, b: RegionNetwork): string =>
  settings.has('between') ? 'set via: existing' : `add links: [{ between: [${a.region}, ${b.region}], via: existing }]`;

/** Partitions of a cloud share nothing, peering neither. */
const inOnePartition = (a: RegionNetwork, b: RegionNetwork): boolean =>
  !['aws', 'azure'].includes(a.network.type) || inMainlandChina(a.network) === inMainlandChina(b.network);

function checkVpn(settings: Reader, a: RegionNetwork, b: RegionNetwork): void {
  const { issues } = settings;
  const both = `${title(a)} and ${title(b)}`;
  const elsewhere = `${sayExisting(settings, a, b)}, and connect them by Cloud Enterprise Network or a leased line`;
  if (a.network.type === b.network.type && a.rules.unjoined !== undefined) {
    const problem = `cannot be tunnels between ${both}: ${a.rules.unjoined}`;
    if (inOnePartition(a, b)) {
      issues.error(settings.at('via'), problem, 'vpn', 'peering or existing', 'leave "via" out: they are peered then');
    } else issues.error(settings.at('via'), problem, 'vpn', 'existing', 'set via: existing, over a line of your own');
    return;
  }
  for (const { network, region, path } of [a, b]) {
    if (network.type !== 'external' || network.publicIps !== undefined) continue;
    const fix = 'add publicIps, or set via: existing for its links';
    issues.error(`${path}.publicIps`, `is missing: tunnels lead to ${region}`, undefined, 'one or two addresses', fix);
  }
  for (const [own, peer] of [
    [a, b],
    [b, a],
  ] as const) {
    if (!own.rules.once || peer.publicIps?.length !== 1) continue;
    const problem = `leaves one tunnel to ${title(own)}, which joins an address of a peer once: it is down whenever the gateway there is renewed`;
    issues.warning(`${peer.path}.publicIps`, problem, peer.publicIps, 'two outside addresses', 'add a second one');
  }
  const [chinese, other] = inMainlandChina(a.network) ? [a, b] : [b, a];
  if (!inMainlandChina(chinese.network) || inMainlandChina(other.network)) return;
  const problem = `crosses the border of mainland China between ${both}`;
  const sameCloud = chinese.network.type === 'alicloud' && other.network.type === 'alicloud';
  if (sameCloud) {
    const refused = `${problem}: VPN Gateway does not join VPCs over it`;
    issues.error(placeOfKind(settings), refused, 'vpn', 'peering or existing', elsewhere);
  } else {
    const allowed = 'a VPN may be slow there, and may need a licence';
    issues.warning(placeOfKind(settings), problem, 'vpn', allowed, elsewhere);
  }
}

function checkPeering(settings: Reader, a: RegionNetwork, b: RegionNetwork): void {
  const { issues } = settings;
  const { type } = a.network;
  if (type !== b.network.type || a.rules.peering === undefined) {
    const problem = `is no peering between ${title(a)} and ${title(b)}`;
    issues.error(settings.at('via'), problem, 'peering', 'vpn or existing', 'leave "via" out: they get tunnels then');
  } else if (!inOnePartition(a, b)) {
    const problem = `cannot join ${title(a)} and ${title(b)}: one is in mainland China, in a partition of its own`;
    const fix = `${sayExisting(settings, a, b)}, over a line of your own`;
    issues.error(placeOfKind(settings), problem, 'peering', 'existing', fix);
  }
}

function refuseVpnSettings(settings: Reader, via: LinkKind): void {
  for (const key of VPN_KEYS) {
    if (!settings.has(key)) continue;
    const problem = `has no meaning for a link of kind ${via}`;
    settings.issues.error(settings.at(key), problem, settings.raw(key), 'nothing here', 'remove it');
  }
}
