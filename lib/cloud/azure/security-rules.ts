import { createHash } from 'node:crypto';
import { SecurityRule } from '@pulumi/azure-native/network';
import type { Input } from '@pulumi/pulumi';
import { type FirewallRule, isForNames } from '../../plan/network/firewall.js';
import type { NetworkPlan } from '../../plan/network/plan-networks.js';
import { resourceName } from '../resource-name.js';
import { armParts } from './args.js';
import { optionsOf, type Place } from './place.js';

/** A rule of a network security group, in Azure's words. */
export interface SecurityRuleWords {
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol: 'Tcp' | 'Udp' | 'Icmp' | '*';
  readonly sourceAddressPrefix?: string;
  readonly sourceAddressPrefixes?: string[];
  readonly sourcePortRange: '*';
  readonly destinationAddressPrefix?: string;
  readonly destinationAddressPrefixes?: string[];
  readonly destinationPortRange?: string;
  readonly destinationPortRanges?: string[];
}

/** Numbers for rules; the last of all is for what shuts the rest. */
const ROOM = 999;
const PROTOCOLS = { tcp: 'Tcp', udp: 'Udp', icmp: 'Icmp' } as const;

/** Questions for names that come in go to the resolver, which has a subnet of its own. */
const isAnswered = (rule: FirewallRule): boolean => rule.direction === 'ingress' && isForNames(rule);

/**
 * What a region lets through, as rules of a network security group. By default Azure lets everything through that a gateway or a
 * peering brings, so a last rule in each direction shuts the rest. A rule keeps its priority when others come and go: it follows from
 * what the rule is for, and two changes that want one priority would get into each other's way.
 */
export function securityRules(prefix: string, network: NetworkPlan, first: number): readonly SecurityRuleWords[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const rules = network.firewall.filter((rule) => rule.direction === direction && !isAnswered(rule));
    if (rules.length === 0) return [];
    const named = rules
      .map((rule) => ({
        rule,
        name: resourceName(prefix, direction, rule.protocol, ...rule.ports.map(String), rule.purpose),
      }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const taken = new Set<number>();
    return [
      ...named.map(({ rule, name }) => ({
        ...addresses(direction, rangesOf([rule])),
        name,
        description: rule.purpose,
        priority: first + slotOf(name, taken),
        access: 'Allow' as const,
        protocol: PROTOCOLS[rule.protocol],
        // Azure knows no types of ICMP.
        ...(rule.ports.length === 0
          ? { destinationPortRange: '*' }
          : { destinationPortRanges: rule.ports.map(String) }),
      })),
      {
        ...addresses(direction, rangesOf(rules)),
        name: resourceName(prefix, direction, 'rest'),
        description: 'everything else between linked regions',
        priority: first + ROOM,
        access: 'Deny' as const,
        protocol: '*' as const,
        destinationPortRange: '*',
      },
    ];
  });
}

const rangesOf = (rules: readonly FirewallRule[]): string[] => [
  ...new Set(rules.flatMap(({ peers }) => peers.flatMap(({ cidrs }) => cidrs))),
];

const addresses = (direction: 'ingress' | 'egress', ranges: string[]) =>
  direction === 'ingress'
    ? {
        direction: 'Inbound' as const,
        sourceAddressPrefixes: ranges,
        sourcePortRange: '*' as const,
        destinationAddressPrefix: '*',
      }
    : {
        direction: 'Outbound' as const,
        sourceAddressPrefix: '*',
        sourcePortRange: '*' as const,
        destinationAddressPrefixes: ranges,
      };

/** A free number that follows from a name. */
function slotOf(name: string, taken: Set<number>): number {
  let slot = createHash('sha256').update(name).digest().readUInt32BE() % ROOM;
  while (taken.has(slot)) slot = (slot + 1) % ROOM;
  taken.add(slot);
  return slot;
}

/** Adds rules to a security group that is there, one at a time: Azure refuses two changes of one group at once. */
export function addRules(
  place: Place,
  groupId: Input<string>,
  number: number,
  rules: readonly SecurityRuleWords[],
): void {
  const group = armParts(groupId);
  rules.reduce<SecurityRule[]>((before, { name, ...rule }) => {
    const made = new SecurityRule(
      `${place.name}-${number}-${name}`,
      {
        resourceGroupName: group.resourceGroupName,
        networkSecurityGroupName: group.name,
        securityRuleName: name,
        ...rule,
      },
      optionsOf(place, { dependsOn: before }),
    );
    return [made];
  }, []);
}
