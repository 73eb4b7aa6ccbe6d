import { output } from '@pulumi/pulumi';
import { aws } from '../../../lib/cloud/aws';
import { azure } from '../../../lib/cloud/azure';
import { type HuaweiArgs, huawei } from '../../../lib/cloud/huawei/pulumi';
import { onPremises } from '../../../lib/cloud/on-premises/pulumi';
import { Network } from '../../../lib/index';
import { Issues } from '../../../lib/plan/issues';
import { mirrorMistakes } from '../../../lib/plan/network/mirror';
import { planTopology } from '../../../lib/plan/plan';
import type { RegistryTopology } from '../../../lib/pulumi/index';
import { network, pair } from '../../plan/network/networks';
import { known, type Recording, type RecordOptions, UNKNOWN } from '../../pulumi/support/mocks';
import { calls, outputs } from '../all-clouds';
import { awsEnds } from '../aws/ends';
import { azureEnds } from '../azure/ends';
import * as ofAzure from '../azure/fixtures';
import { complaints, siteOf } from '../gathered';
import { deploy } from '../linked';
import { dataCentreEnds } from '../on-premises/ends';
import { answers, CLASSES, made, mistakes, PEERING, sdk, sdkEnds } from './sdk';

jest.setTimeout(60_000);

const ARGS: HuaweiArgs = {
  vpcId: output('vpc-uuid'),
  connectSubnetId: 'subnet-uuid',
  availabilityZones: ['ap-southeast-2a', output('ap-southeast-2b')],
  securityGroupId: 'group-uuid',
  resolverSubnetIds: ['subnet-1', output('subnet-2')],
  sdk,
};
const OF = 'registry-bangkok';

/** A region of Huawei Cloud linked to three of other kinds, in one stack. */
async function linked(args: HuaweiArgs, options: RecordOptions = {}): Promise<readonly [Recording, RegistryTopology]> {
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const deployed = await deploy(
    () => ({
      virginia: {
        network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'] }),
        cloud: aws({ vpcId: 'vpc-a', subnetIds: ['subnet-a', 'subnet-b'], routeTableIds: ['rtb-a'] }),
      },
      bangkok: {
        network: Network.huawei({ region: 'ap-southeast-2', cidrs: ['10.1.0.0/16'] }),
        cloud: huawei(args),
      },
      amsterdam: {
        network: Network.azure({ region: 'westeurope', cidrs: ['10.2.0.0/16'] }),
        cloud: azure(ofAzure.ARGS),
      },
      factory: {
        network: Network.onPremises({ cidrs: ['10.3.0.0/16'], publicIps: ['192.0.2.9'], resolvers: ['10.3.0.53'] }),
        cloud: onPremises(),
      },
    }),
    {},
    { ...options, outputs: (asked) => answers(asked) ?? outputs(asked), calls },
  );
  warned.mockRestore();
  return deployed;
}

describe('a region of Huawei Cloud that a generated SDK makes', () => {
  let all: Promise<readonly [Recording, RegistryTopology]>;
  beforeAll(() => {
    all = linked({ ...ARGS, bucket: output('example-registry'), organization: 'example' });
  });

  it('asks for every kind of resource, and for nothing that the SDK does not know', async () => {
    const [recording] = await all;
    expect(mistakes(recording)).toEqual([]);
    const left = CLASSES.filter((name) => !made(recording).some(({ type }) => type.endsWith(`:${name}`)));
    // It is alone in Huawei Cloud.
    expect(left).toEqual(PEERING);
    expect(new Set(made(recording).map(({ parent }) => parent.replace(/.*::/, '')))).toEqual(new Set([OF]));
  });

  it('calls resources by names that never change', async () => {
    const [recording] = await all;
    expect(made(recording).map(({ type, name }) => `${type}::${name}`)).toMatchSnapshot();
  });

  it('and its peers mirror each other in every tunnel, by addresses that each learns of the other in one pass', async () => {
    const [recording, { plan, files }] = await all;
    const factory = await known(files.factory ?? output({}));
    const ends = [
      ...sdkEnds(recording, 'bangkok', OF),
      ...awsEnds(recording, plan, 'virginia', 64_600),
      ...azureEnds(recording, 'amsterdam', 'registry-amsterdam'),
      ...dataCentreEnds(factory, 'factory'),
    ];
    const tunnels = plan.links.filter(({ between }) => between.includes('bangkok')).flatMap((link) => link.tunnels);
    expect(tunnels).toHaveLength(8);
    for (const { name } of tunnels) {
      const [x, y, ...more] = ends.filter(({ tunnel }) => tunnel === name);
      if (x === undefined || y === undefined) throw new Error(`${name} has not both ends`);
      expect([name, mirrorMistakes(x, y), more]).toEqual([name, [], []]);
    }
  });

  it('answers other regions at the addresses that its resolver got, and asks theirs', async () => {
    const [recording] = await all;
    const rules = recording.requests.filter(({ type }) => type === 'aws:route53/resolverRule:ResolverRule');
    expect(rules.map(({ inputs }) => [inputs.domainName, inputs.targetIps])).toContainEqual([
      'bangkok.registry.example.com',
      [{ ip: '10.1.0.2' }, { ip: '10.1.1.2' }],
    ]);
    const own = made(recording).filter(({ type }) => type.endsWith(':DnsResolverRule'));
    expect(Object.fromEntries(own.map(({ inputs }) => [inputs.domainName, inputs.ipAddresses]))).toMatchObject({
      'virginia.registry.example.com': [{ ip: '10.0.0.2' }, { ip: '10.0.1.2' }],
      'factory.registry.example.com': [{ ip: '10.3.0.53' }],
    });
    expect(
      recording.find(`${OF}/bangkok_registry_example_com`, 'huaweicloud:index/dnsRecordset:DnsRecordset').inputs,
    ).toEqual({
      zoneId: `${OF}/bangkok_registry_example_com-id`,
      name: 'bangkok.registry.example.com.',
      type: 'A',
      records: ['10.9.9.9'],
      ttl: 30,
    });
  });

  it('keeps the bucket with its protection when the stack goes, and hands nothing over', async () => {
    const [recording, { files }] = await all;
    const kept = made(recording).filter(({ retainOnDelete }) => retainOnDelete);
    expect(kept.map(({ type }) => type.replace(/.*:/, '')).sort()).toEqual(['ObsBucket', 'ObsBucketBpa']);
    expect(Object.keys(files)).toEqual(['factory']);
  });

  it('takes EIPs that exist', async () => {
    const [recording] = await linked({ ...ARGS, eipIds: ['eip-1', output('eip-2')] });
    expect(mistakes(recording)).toEqual([]);
    const { eip1, eip2, deleteEipOnTermination } = recording.find(OF, 'huaweicloud:index/vpnGateway:VpnGateway').inputs;
    expect([eip1, eip2, deleteEipOnTermination]).toEqual([{ id: 'eip-1' }, { id: 'eip-2' }, false]);
  });

  it('is previewed before anything of it is known', async () => {
    const [recording] = await linked(ARGS, { preview: true });
    expect(mistakes(recording)).toEqual([]);
    const gateway = recording.find(OF, 'huaweicloud:index/vpnGateway:VpnGateway').inputs;
    expect(gateway).toMatchObject({ vpcId: 'vpc-uuid', eip1: { bandwidthSize: 100, bandwidthName: 'bangkok-vpn-1' } });
    const peers = recording.requests.filter(({ type }) => type === 'aws:ec2/customerGateway:CustomerGateway');
    expect(peers.map(({ inputs }) => inputs.ipAddress)).toContain(UNKNOWN);
  });

  it.each<[string, object, readonly string[]]>([
    ['nothing', {}, []],
    [
      'what only Terraform is told',
      { outsideAddresses: ['192.0.2.1', '192.0.2.2'], resolvers: ['10.1.0.53'], fileSystem: {} },
      [
        'regions.region-1.cloud.outsideAddresses: is not told with an SDK, which learns it',
        'regions.region-1.cloud.resolvers: is not told with an SDK, which learns it',
        'regions.region-1.cloud.fileSystem: is made by Terraform only: where it is, the region must know before its network is made',
      ],
    ],
    ['one zone', { availabilityZones: ['a'] }, ['regions.region-1.cloud.availabilityZones: are not two']],
  ])('is told about %s', (_, change, expected) => {
    const plan = planTopology(pair(network('aws', 0), network('huawei', 1)));
    expect(complaints(huawei({ ...ARGS, ...change }), plan, 'region-1')).toEqual(expected);
  });

  it('says what was given in vain', () => {
    const issues = new Issues();
    const plan = planTopology(pair(network('aws', 0), network('huawei', 1)));
    const given = { resolvers: ['10.1.0.53'], fileSystem: { size: '500Gi' } };
    huawei({ ...ARGS, ...given } as HuaweiArgs).check(siteOf(plan, 'region-1'), issues);
    expect(issues.all.map((issue) => issue.given)).toEqual(['["10.1.0.53"]', '{"size":"500Gi"}']);
  });
});
