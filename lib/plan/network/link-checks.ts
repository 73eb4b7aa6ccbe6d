import { isWithin, overlaps } from '../addresses.js';
import { plural } from '../describe.js';
import type { Issues } from '../issues.js';
import type { ReadRegion } from '../regions.js';
import type { ReadLink } from './links-reader.js';
import { LAST_INDEX } from './network-reader.js';
import type { Reach } from './reach.js';
import type { RegionNetwork } from './region-network.js';
import { BLOCKS, blockOf } from './tunnels.js';

/** Records links that the pool of inside addresses has no room for. */
export function checkPool(networks: readonly RegionNetwork[], links: readonly ReadLink[], issues: Issues): void {
  const tunnels = links.filter(({ via }) => via === 'vpn');
  const linksOf = ({ region }: RegionNetwork): readonly ReadLink[] =>
    tunnels.filter(({ a, b }) => a.region === region || b.region === region);
  const full = networks.filter((network) => linksOf(network).length > BLOCKS);
  const [first, ...others] = full;
  if (first !== undefined) {
    const more = others.length === 0 ? '' : `, and ${plural(others.length, 'more region')} have too many too`;
    issues.error(
      'links',
      `are more than the inside addresses of one region last for: ${first.region} has ${plural(linksOf(first).length, 'link')} with tunnels${more}`,
      tunnels.length,
      `at most ${BLOCKS} links with tunnels for each region`,
      'link over a few regions in the middle (Links.list), or use peering and existing links, which take no inside addresses',
    );
    return;
  }
  for (const network of networks) checkBlocks(network, linksOf(network), issues);
  const vpcs = new Map<string, RegionNetwork[]>();
  for (const one of networks) {
    const { network } = one;
    if (network.type !== 'gcp' || network.vpc === undefined) continue;
    vpcs.set(network.vpc, [...(vpcs.get(network.vpc) ?? []), one]);
  }
  for (const [vpc, members] of vpcs) checkVpc(vpc, members, tunnels, networks, issues);
}

/** Two peers whose indices differ by a multiple of the pool's size get the same addresses. */
function checkBlocks({ region }: RegionNetwork, links: readonly ReadLink[], issues: Issues): void {
  const holders = new Map<number, RegionNetwork>();
  for (const { a, b } of links) {
    const peer = a.region === region ? b : a;
    const block = blockOf(a.index, b.index);
    const holder = holders.get(block);
    if (holder === undefined) holders.set(block, peer);
    else {
      issues.error(
        `${peer.path}.index`,
        `gets the same inside addresses at ${region} as ${holder.region}`,
        peer.index,
        `indices that differ by other than ${BLOCKS} among the peers of one region`,
        'pin another index',
      );
    }
  }
}

/**
 * Inside addresses differ among all Cloud Routers of a VPC, in whatever region
 * (cloud.google.com/network-connectivity/docs/vpn/how-to/creating-ha-vpn). Each member is held against those before it, with the
 * indices that they were told to take.
 */
function checkVpc(
  vpc: string,
  members: readonly RegionNetwork[],
  tunnels: readonly ReadLink[],
  networks: readonly RegionNetwork[],
  issues: Issues,
): void {
  const indices = new Map(networks.map(({ region, index }) => [region, index]));
  const indexOf = ({ region }: RegionNetwork): number => indices.get(region) ?? 0;
  const peersOf = ({ region }: RegionNetwork): readonly RegionNetwork[] =>
    tunnels.flatMap(({ a, b }) => (a.region === region ? [b] : b.region === region ? [a] : []));
  const blocksAt = (index: number, peers: readonly RegionNetwork[]): readonly number[] =>
    peers.map((peer) => blockOf(index, indexOf(peer)));
  const holders = new Map<number, RegionNetwork>();
  for (const member of members) {
    const peers = peersOf(member);
    const holder = blocksAt(member.index, peers).flatMap((block) => holders.get(block) ?? [])[0];
    if (holder !== undefined) {
      const taken = new Set(indices.values());
      const isFree = (index: number): boolean =>
        !taken.has(index) &&
        blocksAt(index, peers).every((block) => !holders.has(block)) &&
        peers.every((peer) => {
          const others = peersOf(peer).filter((other) => other !== member);
          return !blocksAt(indexOf(peer), others).includes(blockOf(index, indexOf(peer)));
        });
      const free = Array.from({ length: LAST_INDEX + 1 }, (_, i) => i).find(isFree);
      const over = 'link one region of the VPC by tunnels, and the others over it (via: existing)';
      issues.error(
        `${member.path}.index`,
        `gets the same inside addresses as ${holder.region}, which is in the same VPC (${vpc}): Google Cloud takes each once in a VPC`,
        member.index,
        'an index by which all tunnels of the VPC get addresses of their own',
        free === undefined ? over : `pin index: ${free}`,
      );
      if (free !== undefined) indices.set(member.region, free);
    }
    for (const block of blocksAt(indexOf(member), peers)) holders.set(block, member);
  }
}

/** Records gateways with more tunnels or routes than their cloud allows. */
export function checkQuotas(
  networks: readonly RegionNetwork[],
  links: readonly ReadLink[],
  reach: Reach,
  issues: Issues,
): void {
  const routesOf = new Map(networks.map((network) => [network.region, announced(network).length]));
  for (const { region, path, rules, network } of networks) {
    const own = links.filter(({ a, b, via }) => via === 'vpn' && (a.region === region || b.region === region));
    // AWS counts connections, which have two tunnels each whether both are used or not.
    const tunnels = own.reduce(
      (sum, link) => sum + (network.type === 'aws' ? connectionsOf(link) * 2 : link.tunnels),
      0,
    );
    if (tunnels > rules.tunnels) {
      const allowed = `at most ${rules.tunnels}${network.type === 'aws' ? ', which are 10 connections' : ''}`;
      const problem = `needs more tunnels than its gateway (${rules.title}) can have`;
      const fix =
        network.type === 'aws' ? 'use gateway: transitGateway' : 'link fewer regions to it, such as over a hub';
      issues.error(path, problem, tunnels, allowed, fix);
    }
    const connections = own.reduce(
      (sum, { a, b }) => sum + (a.network.type === 'aws' || b.network.type === 'aws' ? 2 : 1),
      0,
    );
    if (rules.connections !== undefined && connections > rules.connections) {
      const problem = `needs more VPN connections than an account has for its gateway (${rules.title}) unless it asked for more`;
      const fix = 'ask for a higher quota, or link fewer regions to it, such as over a hub';
      issues.warning(path, problem, connections, `at most ${rules.connections} without a higher quota`, fix);
    }
    const routes = reach.learns(region).reduce((sum, peer) => sum + (routesOf.get(peer) ?? 0), 0);
    if (routes <= rules.routes) continue;
    const problem = `learns more routes than its gateway (${rules.title}) takes`;
    const fix = 'give each region fewer and larger ranges in "cidrs", or link fewer regions';
    issues.error(path, problem, routes, `at most ${rules.routes}`, fix);
  }
}

/** Ranges that a network announces to its peers: its own, and those that its resolver asks from. */
export const announced = ({ network, rules }: RegionNetwork): readonly string[] => [
  ...network.cidrs,
  ...rules.resolverSources,
];

/** VPN connections that AWS makes for a link: one for each outside address of the peer. */
export const connectionsOf = ({ a, b }: Pick<ReadLink, 'a' | 'b'>): number =>
  (a.rules.late ? b : a).publicIps?.length === 1 ? 1 : 2;

/** Records ranges that a region's own cloud, or one that it reaches, keeps for itself. */
export function checkReserved(networks: readonly RegionNetwork[], reach: Reach, issues: Issues): void {
  for (const { region, path, network } of networks) {
    for (const [i, cidr] of network.cidrs.entries()) {
      for (const other of networks) {
        if (other.region !== region && !reach.linked(region, other.region)) continue;
        const kept = other.rules.reserved.find((range) => overlaps(cidr, range));
        if (kept === undefined) continue;
        const whose = other.region === region ? 'it stands in' : `${other.region} stands in, which is linked`;
        const problem = `overlaps ${kept}, which ${other.rules.title} keeps for itself: ${whose}`;
        issues.error(`${path}.cidrs[${i}]`, problem, cidr, `ranges outside of ${kept}`, 'choose another range');
        break;
      }
    }
  }
}

/** Records resolvers that no other region can reach, and what works less well than one may think. */
export function checkMembers(
  networks: readonly RegionNetwork[],
  regions: readonly ReadRegion[],
  reach: Reach,
  issues: Issues,
): void {
  for (const { region, path, network } of networks) {
    const isIn = (cidr: string): boolean => network.cidrs.some((range) => isWithin(cidr, range));
    for (const [i, resolver] of (network.resolvers ?? []).entries()) {
      if (isIn(`${resolver}/32`)) continue;
      const problem = 'is outside of the ranges that other regions have a route to';
      const fix = 'correct it, or add its range to "cidrs"';
      issues.error(`${path}.resolvers[${i}]`, problem, resolver, 'an address within "cidrs"', fix);
    }
    if (network.cidrs.some((cidr) => overlaps(cidr, DOCKER))) {
      const problem = `overlaps ${DOCKER}, which Docker gives to its bridge on every machine that runs it`;
      issues.warning(`${path}.cidrs`, problem, network.cidrs, 'ranges without it', 'move the site, or Docker (bip)');
    }
    if (reach.reaches(region).length === 0) continue;
    const nodeCidr = regions.find(({ name }) => name === region)?.cluster.nodeCidr;
    if (nodeCidr !== undefined && !isIn(nodeCidr)) {
      const problem =
        'is outside of the ranges that other regions have a route to: answers to nodes go astray without NAT';
      const allowed = 'a range within network.cidrs';
      issues.warning(`regions.${region}.cluster.nodeCidr`, problem, nodeCidr, allowed, 'add it to network.cidrs');
    }
    if (network.type === 'onPremises' && network.resolvers === undefined) {
      const problem = 'is missing: linked regions cannot ask for the private names of this one';
      const fix = 'add the addresses of its DNS servers, or live with public names';
      issues.warning(`${path}.resolvers`, problem, undefined, 'addresses within "cidrs"', fix);
    }
  }
}

const DOCKER = '172.17.0.0/16';
