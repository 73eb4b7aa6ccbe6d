import { securityRules } from '../../../lib/cloud/azure/security-rules';
import type { NetworkPlan } from '../../../lib/plan/network/plan-networks';
import { known } from '../../pulumi/support/mocks';
import { siteOf } from '../gathered';
import { networkOf, planOf } from '../network-fixtures';
import { ARGS, id, opened } from './fixtures';

const plan = planOf({ holland: networkOf('azure', 0), factory: networkOf('onPremises', 1), iowa: networkOf('gcp', 2) });
const { network } = siteOf(plan, 'holland');

describe('rules of a network security group', () => {
  const rules = securityRules('holland', network, 3000);

  it('let each planned flow through, and shut the rest between linked regions', () => {
    const allowed = rules.filter(({ access }) => access === 'Allow');
    // Questions that come in are for the resolver, which has a subnet of its own.
    const forNodes = network.firewall.filter(({ direction, ports }) => direction === 'egress' || !ports.includes(53));
    expect([allowed.length, network.firewall.length]).toEqual([forNodes.length, forNodes.length + 2]);
    for (const planned of forNodes) {
      expect(
        allowed.filter(
          ({ description, direction, protocol }) =>
            description === planned.purpose &&
            direction === (planned.direction === 'ingress' ? 'Inbound' : 'Outbound') &&
            protocol.toLowerCase() === planned.protocol,
        ),
      ).toHaveLength(1);
    }
    expect(rules.filter(({ access }) => access === 'Deny')).toEqual([
      expect.objectContaining({
        direction: 'Inbound',
        priority: 3999,
        protocol: '*',
        sourceAddressPrefixes: ['10.1.0.0/16', '10.2.0.0/16'],
        destinationPortRange: '*',
      }),
      expect.objectContaining({
        direction: 'Outbound',
        priority: 3999,
        destinationAddressPrefixes: expect.arrayContaining(['10.1.0.0/16', '10.2.0.0/16']),
      }),
    ]);
  });

  it('have the ports of the receiving side, and ICMP as a whole', () => {
    const pulls = rules.find(({ direction, protocol }) => direction === 'Inbound' && protocol === 'Tcp');
    expect(pulls).toMatchObject({
      destinationPortRanges: ['443'],
      sourceAddressPrefixes: ['10.1.0.0/16', '10.2.0.0/16'],
      sourcePortRange: '*',
      destinationAddressPrefix: '*',
    });
    const dns = rules.filter(({ destinationPortRanges }) => destinationPortRanges?.includes('53'));
    expect(dns.map(({ direction, protocol }) => [direction, protocol])).toEqual([
      ['Outbound', 'Tcp'],
      ['Outbound', 'Udp'],
    ]);
    expect(rules.find(({ protocol }) => protocol === 'Icmp')).toMatchObject({ destinationPortRange: '*' });
  });

  it('have one priority each in their direction, which stays when others come and go', () => {
    const many: NetworkPlan = {
      ...network,
      firewall: Array.from({ length: 300 }, (_, i) => ({
        direction: i % 2 === 0 ? ('ingress' as const) : ('egress' as const),
        protocol: 'tcp' as const,
        ports: [1000 + i],
        peers: [{ region: 'factory', cidrs: ['10.1.0.0/16'] }],
        purpose: `flow ${i}`,
      })),
    };
    const all = securityRules('holland', many, 3000);
    const keys = all.map(({ direction, priority }) => `${direction} ${priority}`);
    expect(new Set(keys).size).toBe(all.length);
    expect(all.every(({ priority }) => priority >= 3000 && priority <= 3999)).toBe(true);
    const fewer = securityRules('holland', { ...network, firewall: network.firewall.slice(1) }, 3000);
    for (const { name, priority } of fewer) expect(rules.find((rule) => rule.name === name)?.priority).toBe(priority);
    expect(securityRules('holland', { ...network, firewall: [] }, 3000)).toEqual([]);
  });

  it('are added to each group that is named, one at a time', async () => {
    const groups = [id('networkSecurityGroups/nodes'), id('networkSecurityGroups/balancers')];
    const recording = await opened(plan, 'holland', { ...ARGS, networkSecurityGroupIds: groups });
    const made = recording.requests.filter(({ type }) => type === 'azure-native:network:SecurityRule');
    expect(made).toHaveLength(2 * rules.length);
    expect(made[0]?.inputs).toMatchObject({ resourceGroupName: 'network', networkSecurityGroupName: 'nodes' });
    const ofNodes = made.filter(({ inputs }) => inputs.networkSecurityGroupName === 'nodes');
    for (const [i, { dependencies }] of ofNodes.entries()) {
      expect(dependencies).toEqual(i === 0 ? [] : [ofNodes[i - 1]?.urn]);
    }
  });

  it('are a file for whoever owns the groups, where none is named', async () => {
    const { networkSecurityGroupIds: _, ...args } = ARGS;
    const recording = await opened(plan, 'holland', args, async ({ files }) => {
      if (files === undefined) throw new Error('no files');
      expect(JSON.parse((await known(files))['security-rules.json'] ?? '')).toEqual(rules);
    });
    expect(recording.names().filter((name) => name.includes('SecurityRule'))).toEqual([]);
  });
});
