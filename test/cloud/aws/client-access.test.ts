import { output } from '@pulumi/pulumi';
import { ManagedCache, type ManagedCacheArgs } from '../../../lib/cloud/aws';
import { record } from '../../pulumi/support/mocks';
import fc from '../../support/properties';
import { answers, mistaken, mistakes, NETWORK } from './fixtures';

const make = (args: Partial<ManagedCacheArgs>) =>
  new ManagedCache('virginia', { subnetIds: NETWORK.subnetIds, ...args });
const GROUP = 'aws:ec2/securityGroup:SecurityGroup';

describe('a service in a VPC', () => {
  it('lets in the clients named, at its port, and nobody else', async () => {
    const recording = await record(
      () =>
        make({
          vpcId: 'vpc-0a',
          clientSecurityGroupIds: [output('sg-0a')],
          clientCidrs: ['10.0.0.0/8', '10.1.2.0/24'],
        }),
      { outputs: answers },
    );
    const group = recording.find('virginia-clients', GROUP);
    expect(group.inputs).toEqual({
      vpcId: 'vpc-0a',
      description: 'Valkey of virginia',
      ingress: [
        {
          protocol: 'tcp',
          fromPort: 6379,
          toPort: 6379,
          securityGroups: ['sg-0a'],
          cidrBlocks: ['10.0.0.0/8', '10.1.2.0/24'],
          description: 'clients',
        },
      ],
    });
    const { inputs, dependencies } = recording.find('virginia', 'aws:elasticache/replicationGroup:ReplicationGroup');
    expect(inputs.securityGroupIds).toEqual(['virginia-clients-id']);
    expect(dependencies).toContain(group.urn);
  });

  it('takes security groups that exist instead', async () => {
    const recording = await record(() => make({ securityGroupIds: ['sg-0a'] }), { outputs: answers });
    expect(recording.requests.filter(({ type }) => type === GROUP)).toEqual([]);
    const { inputs } = recording.find('virginia', 'aws:elasticache/replicationGroup:ReplicationGroup');
    expect(inputs.securityGroupIds).toEqual(['sg-0a']);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ ...NETWORK, vpcId: 'a' }, 'vpcId: is not valid'],
    [{ ...NETWORK, vpcId: undefined }, 'vpcId: is missing'],
    [{ ...NETWORK, subnetIds: ['subnet-0a', 'b'] }, 'subnetIds[1]: is not valid'],
    [{ ...NETWORK, clientSecurityGroupIds: ['a'] }, 'clientSecurityGroupIds[0]: is not valid'],
    [{ vpcId: 'vpc-0a' }, 'clientSecurityGroupIds: names nobody, so nothing could connect'],
    [{ ...NETWORK, clientCidrs: ['10.0.0.0/33'] }, 'clientCidrs[0]: is not a range of addresses'],
    [{ ...NETWORK, clientCidrs: ['10.0.0.0/8', '10.1/16'] }, 'clientCidrs[1]: is not a range of addresses'],
    [{ ...NETWORK, clientCidrs: ['fd00::/8'] }, 'clientCidrs[0]: is not a range of addresses'],
    [{ ...NETWORK, clientCidrs: ['10.0.0.5/16'] }, 'clientCidrs[0]: does not begin at its first address'],
    [{ securityGroupIds: ['a'] }, 'securityGroupIds[0]: is not valid'],
    [{ securityGroupIds: ['sg-0a'], vpcId: 'vpc-0a' }, 'vpcId: is not used with security groups that exist'],
    [
      { securityGroupIds: ['sg-0a'], clientCidrs: ['10.0.0.0/8'] },
      'clientCidrs: is not used with security groups that exist',
    ],
    [
      { securityGroupIds: ['sg-0a'], clientSecurityGroupIds: ['sg-0b'] },
      'clientSecurityGroupIds: is not used with security groups that exist',
    ],
  ])('refuses %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`aws ManagedCache "virginia".${mistake}`]);
  });

  it('says how to write a range', async () => {
    expect(await mistakes(() => make({ ...NETWORK, clientCidrs: ['10.0.0.5/16'] }))).toEqual([
      expect.stringContaining('fix:     write 10.0.0.0/16'),
    ]);
  });

  it('takes every range that begins at its first address, but that of everyone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 32 }), fc.nat({ max: 0xffffffff }), async (bits, address) => {
        const first = ((address >>> (32 - bits)) << (32 - bits)) >>> 0;
        const text = [24, 16, 8, 0].map((shift) => (first >>> shift) & 0xff).join('.');
        expect(await mistaken(() => make({ ...NETWORK, clientCidrs: [`${text}/${bits}`] }))).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('does not judge what is known late', async () => {
    const late = output('x');
    const args = { vpcId: late, subnetIds: [late, output('y')], clientSecurityGroupIds: [late], clientCidrs: [late] };
    expect(await mistaken(() => make(args))).toEqual([]);
  });
});
