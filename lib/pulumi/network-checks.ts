import { Output } from '@pulumi/pulumi';
import { type Issues, LATE } from '../plan/issues.js';
import { privateRecords } from '../plan/network/dns.js';
import { linksOf } from '../plan/network/tunnels.js';
import type { TopologyPlan } from '../plan/plan.js';
import { Reader } from '../plan/reader.js';
import { markerOf, plain } from './inputs.js';
import { type NetworkSettings, sitesOf } from './networks.js';

const ADDRESS = { pattern: /^\d{1,3}(\.\d{1,3}){3}$/, allowed: 'an IPv4 address' };

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
  for (const { site } of sites) checkAddresses(plan, site.region.name, settings, issues);
  checkGiven(plan, settings, issues);
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

/** Other regions ask for Harbor by a private name as soon as there is a zone for it: without an answer they would lose the public one. */
function checkAddresses(plan: TopologyPlan, region: string, { regions }: NetworkSettings, issues: Issues): void {
  const path = `regions.${region}.addresses`;
  const records = privateRecords(plan, region);
  const given = new Reader(regions[region]?.addresses, path, issues).only(...records.map(({ name }) => name));
  const harbors = plan.regions.find(({ name }) => name === region)?.harbors ?? [];
  for (const { name, target } of records) {
    const front = harbors.find(({ instance }) => instance === target.instance)?.exposure.type;
    if (target.kind !== 'harbor' || front === 'loadBalancer' || front === 'ingress' || given.has(name)) continue;
    const allowed = 'IPv4 addresses by which linked regions reach Harbor';
    const problem = `is missing, and ${front === undefined ? 'Harbor' : `exposure ${front}`} has no address of its own`;
    issues.error(`${path}["${name}"]`, problem, undefined, allowed, `add addresses: { '${name}': ['10.0.0.10'] }`);
  }
}

const isLate = (value: unknown): boolean => Output.isInstance(value) || value instanceof Promise;

/** Records what is no network of a region: which tunnels are made depends on the names in it, so these must be known. */
function checkGiven(plan: TopologyPlan, { networks = {} }: NetworkSettings, issues: Issues): void {
  const late = (path: string, value: unknown): boolean => {
    if (!isLate(value)) return false;
    const allowed = '{ outsides: { <tunnel>: <address> }, resolvers: [<address>] } for each region';
    const problem = 'is known only when deployed, and which tunnels are made depends on it';
    issues.error(path, problem, LATE, allowed, "read it by (await reference.getOutputDetails('networks')).value");
    return true;
  };
  if (late('networks', networks)) return;
  new Reader(networks, 'networks', issues).only(...plan.regions.map(({ name }) => name));
  for (const [name, ends] of Object.entries(networks)) {
    const path = `networks.${name}`;
    if (late(path, ends) || late(`${path}.outsides`, ends.outsides)) continue;
    const { outsides, resolvers } = ends;
    const reader = new Reader(plain({ outsides, resolvers: isLate(resolvers) ? undefined : resolvers }), path, issues);
    const links = linksOf(plan.links, name);
    const tunnels = links.flatMap((link) => link.tunnels.map((tunnel) => tunnel.name));
    const given = reader.child('outsides').only(...tunnels);
    for (const tunnel of tunnels) given.text(tunnel, ADDRESS);
    reader.texts('resolvers', ADDRESS);
  }
}
