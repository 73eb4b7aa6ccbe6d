import { Output } from '@pulumi/pulumi';
import { IPV4 } from '../plan/address-rules.js';
import { type Issues, LATE } from '../plan/issues.js';
import { sharesVpc } from '../plan/network/cloud-dns.js';
import type { LinkPlan } from '../plan/network/links.js';
import type { Network } from '../plan/network/networks.js';
import { privateRecords } from '../plan/network/private-names.js';
import { linksOf } from '../plan/network/tunnels.js';
import { regionOf, type TopologyPlan } from '../plan/plan.js';
import { Reader, type TextRule } from '../plan/reader.js';
import { markerOf, plain } from './inputs.js';
import { type NetworkSettings, sitesOf } from './networks.js';

/** Records mistakes in what only a stack knows of networks: where in its cloud each is made, and what other stacks hand over. */
export function checkNetworks(plan: TopologyPlan, settings: NetworkSettings, issues: Issues): void {
  for (const { name, network } of plan.regions) {
    const { cloud } = settings.regions[name] ?? {};
    const path = `regions.${name}.cloud`;
    if (cloud === undefined) continue;
    if (network === undefined) {
      const fix = `add network: Network.${cloud.type}({ … }) to the region`;
      issues.error(path, 'has no network that it could make', cloud.type, 'a region with a network', fix);
    } else if (cloud.type !== network.type) {
      const fix = `give the region the cloud of its network, or make it Network.${cloud.type}({ … })`;
      issues.error(path, 'is of another kind than the network', cloud.type, network.type, fix);
    }
  }
  const sites = sitesOf(plan, settings).filter(({ cloud, site }) => cloud.type === site.network.type);
  for (const { cloud, site } of sites) cloud.check(site, issues);
  checkGateways(sites, issues);
  checkPeerings(plan, settings, issues);
  for (const { site } of sites) checkAddresses(plan, site.region.name, settings, issues);
  checkGiven(plan, settings, issues);
  const placed = plan.regions.filter(({ name, network }) => network && settings.regions[name]?.cloud);
  if (settings.links === undefined && placed.length > 1) {
    const problem = `is missing, so nothing joins ${placed.map(({ name }) => name).join(', ')}, and nothing is made in their clouds`;
    const fix = 'add links: Links.mesh(), or those that you want; or leave "cloud" out of the regions';
    issues.warning('links', problem, undefined, 'which regions meet', fix);
  }
}

/** A gateway has one ASN and one set of inside addresses. */
function checkGateways(sites: ReturnType<typeof sitesOf>, issues: Issues): void {
  const holders = new Map<unknown, string>();
  for (const { cloud, site } of sites) {
    if (cloud.gateway === undefined || !site.links.some(({ tunnels }) => tunnels.length > 0)) continue;
    const id = `${cloud.type} ${markerOf(cloud.gateway) ?? cloud.gateway}`;
    const holder = holders.get(id);
    if (holder === undefined) holders.set(id, site.region.name);
    else {
      issues.error(
        site.path,
        `ends tunnels at the gateway of ${holder}, but a gateway has one ASN and a region another each`,
        markerOf(cloud.gateway) === undefined ? cloud.gateway : LATE,
        'a gateway for each region that has tunnels',
        `give it another gateway; or let it have no tunnels, with links of its own via 'existing' to ${holder}`,
      );
    }
  }
}

/** Two regions of one cloud are joined by a stack that makes both: of one alone a gateway would have routes to where nothing leads. */
function checkPeerings(plan: TopologyPlan, settings: NetworkSettings, issues: Issues): void {
  const made = new Map(sitesOf(plan, settings).map(({ site }) => [site.region.name, site]));
  const standsIn = (vpc: Network) => (end: string) => {
    const site = made.get(end);
    return site !== undefined && sharesVpc(site.network, vpc);
  };
  // Of one VPC, or of two that another link between them joins here.
  const joinsVpcs = (a: Network, b: Network): boolean =>
    sharesVpc(a, b) ||
    plan.links.some(({ via, between }) => via === 'peering' && between.some(standsIn(a)) && between.some(standsIn(b)));
  for (const { region, path, network, links } of made.values()) {
    for (const { via, between } of links) {
      const name = between.find((end) => end !== region.name) ?? region.name;
      const other = regionOf(plan, name).network;
      if (via !== 'peering' || made.has(name) || other === undefined || joinsVpcs(network, other)) continue;
      const owned = settings.only?.includes(name) !== false;
      issues.error(
        path,
        `is not joined to ${name}: what joins two regions of one cloud is made where both are`,
        owned ? `${name} without a cloud` : `${name} in another stack`,
        'both regions in one stack, each with its cloud',
        `${owned ? `add cloud: ${network.type}({ … }) to regions.${name}` : 'own both here'}, or join them by other means and set links: [{ between: ['${between.join("', '")}'], via: 'existing' }]`,
      );
    }
  }
}

/** What a private name leads to; what has no letter is no host. */
const TARGET: TextRule = {
  pattern: new RegExp(`${IPV4.pattern.source}|^(?=.*[A-Za-z])[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$`),
  allowed: 'IPv4 addresses, or one host name',
};

/** Other regions ask for Harbor by a private name as soon as there is a zone for it: without an answer they would lose the public one. */
function checkAddresses(plan: TopologyPlan, region: string, { regions }: NetworkSettings, issues: Issues): void {
  const path = `regions.${region}.addresses`;
  const records = privateRecords(plan, region);
  const given = new Reader(regions[region]?.addresses, path, issues).only(...records.map(({ name }) => name));
  const harbors = plan.regions.find(({ name }) => name === region)?.harbors ?? [];
  for (const { name } of records) {
    const addresses = given.raw(name);
    if (isLate(addresses) || (Array.isArray(addresses) && addresses.some(isLate))) continue;
    if (given.texts(name, TARGET)?.length !== 0) continue;
    const fix = 'name one, or leave the name out';
    issues.error(given.at(name), 'names no address', addresses, TARGET.allowed, fix);
  }
  for (const { name, target } of records) {
    const front = harbors.find(({ instance }) => instance === target.instance)?.exposure.type;
    if (target.kind !== 'harbor' || front === 'loadBalancer' || front === 'ingress' || given.has(name)) continue;
    const allowed = 'IPv4 addresses by which linked regions reach Harbor';
    const problem = `is missing, and ${front === undefined ? 'Harbor' : `exposure ${front}`} has no address of its own`;
    issues.error(`${path}["${name}"]`, problem, undefined, allowed, `add addresses: { '${name}': ['10.0.0.10'] }`);
  }
}

const isLate = (value: unknown): boolean => Output.isInstance(value) || value instanceof Promise;

/** Records what is no network of a region, and tells of what is left out: which tunnels are made depends on the names in it, so these must be known. */
function checkGiven(plan: TopologyPlan, { networks }: NetworkSettings, issues: Issues): void {
  const late = (path: string, value: unknown): boolean => {
    if (!isLate(value)) return false;
    const allowed = '{ outsides: { <tunnel>: <address> }, resolvers: [<address>] } for each region';
    const problem = 'is known only when deployed, and which tunnels are made depends on it';
    issues.error(path, problem, LATE, allowed, "read it by (await reference.getOutputDetails('networks')).value");
    return true;
  };
  if (late('networks', networks)) return;
  const whole = new Reader({ networks: known(networks) }, '', issues);
  const given = whole.child('networks');
  ignore(whole, 'networks', 'regions', plan.regions);
  for (const { name } of plan.regions) {
    const path = given.at(name);
    if (!given.has(name) || late(path, given.raw(name))) continue;
    const ends = new Reader(known(given.raw(name)), path, issues).only('outsides', 'resolvers', 'vpc');
    if (late(ends.at('outsides'), ends.raw('outsides'))) continue;
    checkEnds(ends, linksOf(plan.links, name), issues);
  }
}

/** Records what are no addresses in the network of a region; each address may come late, and so may the list of resolvers. */
function checkEnds(ends: Reader, links: readonly LinkPlan[], issues: Issues): void {
  const [outsides, resolvers, vpc] = [ends.raw('outsides'), ends.raw('resolvers'), ends.raw('vpc')];
  const reader = new Reader(
    plain<object>({ outsides, resolvers: isLate(resolvers) ? undefined : resolvers, vpc }),
    ends.path,
    issues,
  );
  const tunnels = links.flatMap((link) => link.tunnels);
  const given = reader.child('outsides');
  ignore(reader, 'outsides', 'tunnels', tunnels);
  for (const { name } of tunnels) given.text(name, IPV4);
  reader.texts('resolvers', IPV4);
  reader.text('vpc');
}

/**
 * Tells of names that this plan does not have. They are no mistake: while a region, link or tunnel joins or leaves, one stack knows of it
 * and another does not yet, and neither could be updated first if each refused what the other still hands over.
 */
function ignore(reader: Reader, key: string, what: string, planned: readonly { readonly name: string }[]): void {
  const names = planned.map(({ name }) => name);
  const map = reader.child(key);
  const unknown = reader.names(key).filter((name) => map.has(name) && !names.includes(name));
  if (unknown.length === 0) return;
  reader.issues.warning(
    map.path,
    `has ${what} that are not planned here, which are left out`,
    unknown.join(', '),
    names.join(', ') || 'none',
    'update the stack that hands them over to the same settings as this one; or correct the name',
  );
}

/** What is known: of a map that comes from another stack, or from JSON, what is not there yet may stand as null. */
function known(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value ?? undefined;
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null));
}
