import { checkAddresses } from './addresses.js';
import { seal } from './freeze.js';
import { FLEET_KEYS } from './harbor-plan.js';
import { Issues } from './issues.js';
import { DNS_NAME } from './names.js';
import { planNetworks } from './network/plan-networks.js';
import type { TopologyPlan, TopologyProps } from './plan.js';
import { readProjects } from './projects.js';
import { Reader } from './reader.js';
import { checkRegions } from './region-checks.js';
import { readRegionNames } from './region-names.js';
import { planRegions } from './region-plan.js';
import { readCommonSettings, readRegions } from './regions.js';
import { linkSettings } from './settings-links.js';
import type { StackKeys } from './sites.js';
import { shareTokenKeys } from './token-keys.js';

/**
 * Plans a topology; see `planTopology` of the catalogue.
 *
 * @param stack settings that a stack took away before, for what a mistake may have meant
 */
export function planTopology(props: TopologyProps, stack: StackKeys = {}): TopologyPlan {
  const issues = new Issues();
  const topology = new Reader(props, '', issues);
  topology.only(
    'domain',
    'regions',
    'defaults',
    'projects',
    'links',
    'dns',
    'prices',
    'version',
    'images',
    ...FLEET_KEYS,
    stack.topology ?? [],
  );
  const domain = topology.requiredText('domain', DNS_NAME);
  const { images, below } = readCommonSettings(topology);
  const names = readRegionNames(topology, domain);
  const projects = readProjects(topology, names);
  const read = shareTokenKeys(
    readRegions(topology, below, { domain, images, projects, topology, regions: names, stack }),
  );
  const regions = linkSettings(planRegions(read, images), read, topology, projects);
  for (const region of read) region.hand(issues);
  const networks = planNetworks(topology, read, regions, projects);
  checkAddresses([...networks.ranges, ...read.flatMap((region) => region.addresses)], issues, networks.linked);
  checkRegions(read, regions, issues);
  issues.throwIfAny();
  networks.assert();
  return seal({
    kind: 'Topology' as const,
    domain,
    regions: networks.regions,
    projects,
    links: networks.links,
    records: networks.records,
    dns: networks.dns,
    costs: networks.costs,
    warnings: issues.warnings,
  });
}
