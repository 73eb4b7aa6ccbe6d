import { Firewall } from '@pulumi/gcp/compute';
import { type FirewallRule, isForNames } from '../../plan/network/firewall.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import type { Inputs } from '../../pulumi/inputs.js';
import { resourceName } from '../resource-name.js';
import type { FirewallTargets } from './cloud-args.js';
import { optionsOf, type Place } from './place.js';

/** A rule of a VPC's firewall, in Google's words. */
export interface FirewallWords {
  readonly name: string;
  readonly description: string;
  readonly direction: 'INGRESS' | 'EGRESS';
  readonly priority: number;
  readonly sourceRanges?: string[];
  readonly destinationRanges?: string[];
  readonly allows?: { protocol: string; ports?: string[] }[];
  readonly denies?: { protocol: string }[];
}

/**
 * What a region lets through, as rules of a VPC's firewall. Names are asked for and answered by Cloud DNS, which is no machine that
 * rules are for. What leaves is open there by default, and what comes in often is by other
 * rules, so one more rule in each direction shuts the rest between linked regions.
 */
export function firewallRules(prefix: string, network: NetworkPlan, priority: number): readonly FirewallWords[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const rules = network.firewall.filter((rule) => rule.direction === direction && !isForNames(rule));
    if (rules.length === 0) return [];
    return [
      ...rules.map((rule) => ({
        ...ranges(direction, [rule]),
        name: resourceName(prefix, direction, rule.protocol, ...rule.ports.map(String), rule.purpose),
        description: rule.purpose,
        priority,
        // Google's firewall knows no types of ICMP.
        allows: [{ protocol: rule.protocol, ...(rule.ports.length === 0 ? {} : { ports: rule.ports.map(String) }) }],
      })),
      {
        ...ranges(direction, rules),
        name: resourceName(prefix, direction, 'rest'),
        description: 'everything else between linked regions',
        priority: priority + 1,
        denies: [{ protocol: 'all' }],
      },
    ];
  });
}

function ranges(direction: 'ingress' | 'egress', rules: readonly FirewallRule[]) {
  const found = [...new Set(rules.flatMap(({ peers }) => peers.flatMap(({ cidrs }) => cidrs)))];
  return direction === 'ingress'
    ? { direction: 'INGRESS' as const, sourceRanges: found }
    : { direction: 'EGRESS' as const, destinationRanges: found };
}

/** Adds rules to the VPC, for the machines that are named. */
export function addRules(place: Place, targets: Inputs<FirewallTargets>, rules: readonly FirewallWords[]): void {
  const { networkTags, serviceAccounts } = targets;
  for (const rule of rules) {
    new Firewall(
      `${place.name}-firewall-${rule.name}`,
      {
        ...rule,
        network: place.network,
        project: place.project,
        targetTags: networkTags && [...networkTags],
        targetServiceAccounts: serviceAccounts && [...serviceAccounts],
      },
      optionsOf(place),
    );
  }
}
