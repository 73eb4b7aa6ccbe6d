import type { Issues } from '../issues.js';
import type { TextRule } from '../reader.js';
import type { ReadRegion } from '../regions.js';
import type { Site } from '../sites.js';
import { forwardsTo } from './private-names.js';
import type { RegionNetwork } from './region-network.js';

/** A domain to forward: of two labels at least, since a top-level domain would take the internet's names along. */
export const PRIVATE_DOMAIN: TextRule = {
  pattern: /^([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  allowed: 'a lower-case DNS domain of two labels or more, such as corp.example.com',
  maxLength: 253,
  known: true,
};

const LONGER = 'name longer domains, such as the hosts themselves';

const isWithinDomain = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`);

/** Records private domains that nobody answers for, that two regions claim, or that hold names of the topology. */
export function checkPrivateDomains(
  networks: readonly RegionNetwork[],
  regions: readonly ReadRegion[],
  issues: Issues,
): void {
  const sites = regions.flatMap((region) => region.sites);
  const holders = new Map<string, string>();
  for (const { region, path, network } of networks) {
    const domains = network.privateDomains ?? [];
    const answers = forwardsTo(
      network,
      regions.find(({ name }) => name === region),
    );
    if (domains.length > 0 && answers.length === 0) {
      const fix = 'add the addresses of its DNS servers';
      issues.error(
        `${path}.resolvers`,
        'is missing: nobody answers for privateDomains',
        undefined,
        'addresses within "cidrs"',
        fix,
      );
    }
    for (const [i, domain] of domains.entries()) {
      const at = `${path}.privateDomains[${i}]`;
      const holder = holders.get(domain) ?? region;
      if (holder !== region) {
        issues.error(at, `is one of ${holder} too: only one region can be asked`, domain, 'a domain of one', LONGER);
      }
      holders.set(domain, holder);
      checkOwnNames(at, domain, sites, issues);
      checkDatabases(at, domain, region, sites, issues);
    }
  }
}

/** Whoever forwards the registry's own names depends on one region for all of them. */
function checkOwnNames(at: string, domain: string, sites: readonly Site[], issues: Issues): void {
  const names = sites.flatMap(({ hostname, harbor }) => [harbor.domain, hostname]);
  const inside = names.find((name) => isWithinDomain(name, domain));
  const around = names.find((name) => isWithinDomain(domain, name));
  if (inside !== undefined) {
    const problem = `has ${inside} in it: other regions could not find it while this one is gone`;
    issues.error(at, problem, domain, "a domain without the registry's names", LONGER);
  } else if (around !== undefined) {
    issues.error(at, `is part of ${around}, whose names are planned`, domain, 'another domain', 'leave it out');
  }
}

function checkDatabases(at: string, domain: string, region: string, sites: readonly Site[], issues: Issues): void {
  for (const { region: other, harbor } of sites) {
    if (other === region || !isWithinDomain(harbor.database.host.toLowerCase(), domain)) continue;
    const problem = `has ${harbor.database.host}, the database of ${other}, in it, which would not be found while this region is gone`;
    issues.warning(at, problem, domain, 'a domain without hosts of other regions', LONGER);
  }
}
