import { IPV4, IPV6, looksLikeAddress } from '../plan/address-rules.js';
import { DNS_NAME, HOST } from '../plan/names.js';
import type { TopologyPlan } from '../plan/plan.js';
import type { Reader } from '../plan/reader.js';
import type { Inputs } from '../pulumi/inputs.js';
import { type CommonName, commonNames } from './public-names.js';

/** Where a Harbor answers on the internet. */
export type DnsTarget =
  | { readonly type: 'hostname'; readonly hostname: string }
  | { readonly type: 'addresses'; readonly ipv4: readonly string[]; readonly ipv6?: readonly string[] };

/** Where a Harbor answers on the internet: one of these factories. */
export const DnsTarget = {
  /** A host name, by CNAME; not where the common name is the zone itself. */
  hostname: (hostname: Inputs<string>): Inputs<DnsTarget> => ({ type: 'hostname', hostname }),
  /** Addresses; of IPv6 in all Harbors of a common name or in none. */
  addresses: (props: Inputs<{ ipv4: readonly string[]; ipv6?: readonly string[] }>): Inputs<DnsTarget> => ({
    type: 'addresses',
    ...props,
  }),
} as const;

const HOST_NAME = { ...HOST, allowed: 'a host name, without scheme and port' };

/** Name of a zone: which records are made depends on it. */
export const ZONE_NAME = { ...DNS_NAME, known: true };

/** The common names that have targets: each has one for all of its Harbors. */
export function readTargeted(reader: Reader, plan: TopologyPlan): readonly CommonName[] {
  const all = commonNames(plan);
  const targets = reader.child('targets');
  if (all.length === 0) {
    const fix = 'add dns: {} to the topology';
    reader.issues.error(reader.at('plan'), 'has no public names', plan.domain, 'a topology with dns', fix);
    return [];
  }
  targets.only(...all.flatMap(({ harbors }) => harbors.map(({ hostname }) => hostname)));
  const wanted = all.filter(({ harbors }) => harbors.some(({ hostname }) => targets.has(hostname)));
  if (wanted.length === 0) {
    reader.missing('targets', `where ${all[0]?.harbors.map(({ hostname }) => hostname).join(', ')} answer`);
  }
  for (const { hostname } of wanted.flatMap(({ harbors }) => harbors)) {
    if (!targets.has(hostname)) targets.missing(hostname, 'a DnsTarget, as for the others of its common name');
  }
  return wanted;
}

/** Records names that a zone cannot hold. */
export function checkInZone(reader: Reader, key: string, name: string, zone: string | undefined): void {
  if (zone === undefined || name === zone || name.endsWith(`.${zone}`)) return;
  const fix = 'name another zone, or leave out the targets of this domain';
  reader.issues.error(reader.at(key), 'does not hold the domain', zone, `${name}, or a domain above it`, fix);
}

/** Reads where one Harbor answers. */
export function checkTarget(target: Reader, types: readonly string[], isApex: boolean): void {
  if (!target.has('type')) target.missing('type', types.join(', '));
  const type = target.choice('type', types);
  if (type === 'addresses') {
    target.only('type', 'ipv4', 'ipv6');
    const ipv4 = target.texts('ipv4', IPV4) ?? [];
    target.texts('ipv6', IPV6);
    if (ipv4.length === 0) target.missing('ipv4', 'at least one address');
  } else if (type !== undefined) {
    const hostname = target.only('type', 'hostname').requiredText('hostname', HOST_NAME);
    if (HOST.pattern.test(hostname) && looksLikeAddress(hostname)) {
      const fix = 'use DnsTarget.addresses(…)';
      target.issues.error(target.at('hostname'), 'is an address', hostname, HOST_NAME.allowed, fix);
    }
  }
  if (type === 'hostname' && isApex) {
    target.issues.error(
      target.at('type'),
      'cannot answer for a domain that is the zone itself: DNS allows no CNAME there',
      type,
      `${types.filter((one) => one !== type).join(' or ')}; or a zone above the domain`,
      'use DnsTarget.addresses(…), or name the zone above the domain',
    );
  }
}

/** Records Harbors that whoever prefers IPv6 would never be led to. */
export function checkIpv6(reader: Reader, { harbors }: CommonName): void {
  const targets = reader.child('targets');
  const given = harbors.filter(({ hostname }) => targets.child(hostname).has('ipv6')).map(({ hostname }) => hostname);
  const without = harbors.map(({ hostname }) => hostname).filter((hostname) => !given.includes(hostname));
  if (without.length === 0 || given.length === 0) return;
  const problem = `have IPv6 addresses, but not ${without.join(', ')}: whoever prefers IPv6 would never be led there`;
  const allowed = 'IPv6 addresses for every Harbor of a common name, or for none';
  targets.issues.error(targets.path, problem, given, allowed, 'add or remove ipv6');
}
