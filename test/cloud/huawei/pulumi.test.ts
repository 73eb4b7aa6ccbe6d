import { isSecret, output } from '@pulumi/pulumi';
import { terraformJson } from '../../../lib/cloud/huawei';
import { type HuaweiArgs, huawei } from '../../../lib/cloud/huawei/pulumi';
import { Issues } from '../../../lib/plan/issues';
import { planTopology } from '../../../lib/plan/plan';
import { network, pair } from '../../plan/network/networks';
import { known, record } from '../../pulumi/support/mocks';
import { complaints, complete, keyOf, open, siteOf } from '../gathered';

const ARGS: HuaweiArgs = {
  vpcId: 'vpc-uuid',
  connectSubnetId: 'subnet-uuid',
  availabilityZones: ['ap-southeast-3a', 'ap-southeast-3b'],
  securityGroupId: 'group-uuid',
  resolverSubnetIds: ['subnet-1', 'subnet-2'],
  outsideAddresses: ['192.0.2.1', output('192.0.2.2')],
  resolvers: ['10.1.0.53', '10.1.1.53'],
};
const plan = planTopology(pair(network('aws', 0), network('huawei', 1)));
const NAME = 'region-1.registry.example.com';

describe('Huawei Cloud in a stack', () => {
  it('is a configuration without secrets, and the values for it', async () => {
    let files: Readonly<Record<string, string>> = {};
    let hidden = false;
    await record(async () => {
      const made = complete(
        huawei({ ...ARGS, eipIds: ['eip-1', 'eip-2'], bucket: 'example-registry' }),
        plan,
        'region-1',
        output(['10.1.0.80']),
      );
      files = await known(made);
      hidden = await isSecret(made);
    });
    expect(hidden).toBe(true);
    const main = terraformJson(plan, 'region-1', { existingEips: true, bucket: 'example-registry' });
    expect(JSON.parse(files['main.tf.json'] ?? '')).toEqual(main);
    const values = JSON.parse(files['terraform.tfvars.json'] ?? '');
    const keys = (plan.links[0]?.tunnels ?? []).map(({ key }) => [key.name, keyOf(key)]);
    expect(values).toEqual({
      vpc_id: 'vpc-uuid',
      connect_subnet: 'subnet-uuid',
      availability_zones: ['ap-southeast-3a', 'ap-southeast-3b'],
      eip_ids: ['eip-1', 'eip-2'],
      security_group_id: 'group-uuid',
      resolver_subnet_ids: ['subnet-1', 'subnet-2'],
      psk: Object.fromEntries(keys),
      outside_addresses: { 'region-0': [0, 1, 2, 3].map((i) => `outside address ${i} of region-0`) },
      resolvers: { 'region-0': ['10.0.0.53', '10.0.1.53'] },
      records: { [NAME]: { type: 'A', values: ['10.1.0.80'] } },
    });
    expect(Object.keys(values).sort()).toEqual(Object.keys(main.variable as object).sort());
    for (const [, key] of keys) expect(files['main.tf.json']).not.toContain(key);
  });

  it('tells its outside addresses and resolvers as they are handed over', async () => {
    const found: unknown[] = [];
    await record(async () => {
      const made = open(huawei(ARGS), plan, 'region-1');
      for (const tunnel of plan.links[0]?.tunnels ?? []) found.push(await known(output(made.outside(tunnel))));
      found.push(await known(output(made.resolvers)));
    });
    expect(found).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.2', '192.0.2.2', ['10.1.0.53', '10.1.1.53']]);
  });

  it.each<[string, object, readonly string[]]>([
    ['nothing', {}, []],
    ['a misspelt setting', { vpc: 'x' }, ['regions.region-1.cloud.vpc: is not a setting here']],
    [
      'addresses that are not handed over',
      { outsideAddresses: undefined, resolvers: undefined },
      [
        'regions.region-1.cloud.outsideAddresses: is missing: tunnels lead here, and without an SDK nothing can ask Huawei Cloud',
        'regions.region-1.cloud.resolvers: is missing: other regions ask for its private names',
      ],
    ],
    ['one address', { outsideAddresses: ['192.0.2.1'] }, ['regions.region-1.cloud.outsideAddresses: are not two']],
    [
      'storage that cannot be',
      {
        bucket: 'Not A Bucket!!',
        fileSystem: { size: '100Gi', type: 'FAST', sizes: 1 },
        organization: 'BAD ORG',
      },
      [
        'regions.region-1.cloud.bucket: is not valid',
        'regions.region-1.cloud.organization: is not valid',
        'regions.region-1.cloud.fileSystem.sizes: is not a setting here',
        'regions.region-1.cloud.fileSystem.size: is not a quantity allowed here',
        'regions.region-1.cloud.fileSystem.type: is not one of the choices',
      ],
    ],
    [
      'half a Gi',
      { fileSystem: { size: '500.5Gi' } },
      ['regions.region-1.cloud.fileSystem.size: is not a quantity allowed here'],
    ],
    ['no map', { fileSystem: '1Ti' }, ['regions.region-1.cloud.fileSystem: is not a map of settings']],
    [
      'all its storage',
      { bucket: 'a.b-c', fileSystem: { size: '32Ti', type: 'PERFORMANCE' }, organization: 'team__a.b-c' },
      [],
    ],
    ['storage with late names', { bucket: output('a-bucket'), fileSystem: {}, organization: output('team') }, []],
    ['no zone', { availabilityZones: undefined }, ['regions.region-1.cloud.availabilityZones: is missing']],
  ])('is told about %s', (_, change, expected) => {
    expect(complaints(huawei({ ...ARGS, ...change } as HuaweiArgs), plan, 'region-1')).toEqual(expected);
  });

  it.each(['-a', 'a..b', 'a.-b', 'a-.b', 'ab', '192.0.2.1', 'A-b'])('is told about the bucket %s', (bucket) => {
    expect(complaints(huawei({ ...ARGS, bucket }), plan, 'region-1')).toHaveLength(1);
  });

  it.each(['1a', 'a._b', 'a___b', 'a--b', 'a-', 'a'.repeat(65)])(
    'is told about the organization %s',
    (organization) => {
      expect(complaints(huawei({ ...ARGS, organization }), plan, 'region-1')).toHaveLength(1);
    },
  );

  it.each([
    ['eipIds', 'ids of two EIPs'],
    ['availabilityZones', 'names of two availability zones'],
    ['resolverSubnetIds', 'ids of two subnets'],
    ['outsideAddresses', 'two outside addresses'],
  ])('says which two %s are', (key, allowed) => {
    const issues = new Issues();
    huawei({ ...ARGS, [key]: [] }).check(siteOf(plan, 'region-1'), issues);
    expect(issues.all.map((issue) => [issue.allowed, issue.fix])).toEqual([
      [expect.stringContaining(allowed), expect.stringContaining(allowed)],
    ]);
  });
});
