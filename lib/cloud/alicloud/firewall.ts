import { SecurityGroupRule } from '@pulumi/alicloud/ecs';
import type { Input, Resource } from '@pulumi/pulumi';
import { type FirewallRule, isForNames } from '../../plan/network/firewall.js';

/**
 * The plan's rules in a security group, one for each port and range of a peer. Names are asked for by an endpoint in this group, and
 * answered at one in another, so questions only leave. Alibaba Cloud knows no types of ICMP, so all of it passes
 * between linked regions.
 */
export function firewallRules(
  parent: Resource,
  name: string,
  securityGroupId: Input<string>,
  firewall: readonly FirewallRule[],
): void {
  const made = new Set<string>();
  for (const rule of firewall) {
    const { direction, protocol, ports, peers, purpose } = rule;
    if (direction === 'ingress' && isForNames(rule)) continue;
    for (const { region, cidrs } of peers) {
      for (const portRange of ports.length === 0 ? ['-1/-1'] : ports.map((port) => `${port}/${port}`)) {
        for (const cidrIp of cidrs) {
          const id = `${name}/${direction}-${protocol}-${portRange.replace(/\/.*/, '')}-${cidrIp}`;
          // Two purposes may need the same: one rule serves both.
          if (made.has(id)) continue;
          made.add(id);
          new SecurityGroupRule(
            id,
            {
              securityGroupId,
              type: direction,
              ipProtocol: protocol,
              portRange,
              cidrIp,
              policy: 'accept',
              nicType: 'intranet',
              priority: 1,
              description: `${region}: ${purpose}`,
            },
            { parent },
          );
        }
      }
    }
  }
}
