import { SecurityGroupEgressRule, SecurityGroupIngressRule } from '@pulumi/aws/vpc';
import type { FirewallRule } from '../../plan/network/firewall.js';
import type { Place } from './network.js';

const DNS = 53;

/** Opens the security groups for the plan's flows. Questions of resolvers concern the resolver's own group. */
export function openFirewall({ name, region, site, args, parent, tags }: Place): void {
  for (const [i, securityGroupId] of (args.securityGroupIds ?? []).entries()) {
    for (const { id, direction, ...rule } of rulesOf(site.network.firewall)) {
      const label = `${name}/security-groups/${i}/${id}`;
      const Rule = direction === 'ingress' ? SecurityGroupIngressRule : SecurityGroupEgressRule;
      new Rule(label, { securityGroupId, ...rule, region, tags: tags(label) }, { parent });
    }
  }
}

interface Rule {
  readonly id: string;
  readonly direction: FirewallRule['direction'];
  readonly ipProtocol: string;
  readonly fromPort: number;
  readonly toPort: number;
  readonly cidrIpv4: string;
  readonly description: string;
}

/** One rule for each port and range: AWS refuses the same one twice, so two purposes share it. */
function rulesOf(firewall: readonly FirewallRule[]): readonly Rule[] {
  const rules = new Map<string, Rule>();
  for (const { direction, protocol, ports, peers, purpose } of firewall.filter((rule) => !rule.ports.includes(DNS))) {
    // Of ICMP type 3, code 4.
    const ranges = protocol === 'icmp' ? [[3, 4] as const] : ports.map((port) => [port, port] as const);
    for (const [fromPort, toPort] of ranges) {
      for (const { region, cidrs } of peers) {
        for (const cidrIpv4 of cidrs) {
          const id = `${direction}/${protocol}-${fromPort}/${cidrIpv4}`;
          const description = `${region}: ${purpose}`;
          if (!rules.has(id))
            rules.set(id, { id, direction, ipProtocol: protocol, fromPort, toPort, cidrIpv4, description });
        }
      }
    }
  }
  return [...rules.values()];
}

/** Ranges that a resolver is asked from, or asks. */
export const askers = (firewall: readonly FirewallRule[], direction: FirewallRule['direction']): readonly string[] => [
  ...new Set(
    firewall
      .filter((rule) => rule.direction === direction && rule.ports.includes(DNS))
      .flatMap(({ peers }) => peers.flatMap(({ cidrs }) => cidrs)),
  ),
];
