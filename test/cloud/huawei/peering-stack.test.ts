import { output } from '@pulumi/pulumi';
import { type HuaweiArgs, huawei } from '../../../lib/cloud/huawei/pulumi';
import { onPremises } from '../../../lib/cloud/on-premises/pulumi';
import { Links, Network } from '../../../lib/index';
import { formatIssue, Issues } from '../../../lib/plan/issues';
import type { LinkProps } from '../../../lib/plan/network/links';
import { planTopology, type TopologyPlan } from '../../../lib/plan/plan';
import type { RegistryTopology, TopologyArgs } from '../../../lib/pulumi/index';
import { networked } from '../../plan/network/networks';
import { known, type Recording, record, UNKNOWN } from '../../pulumi/support/mocks';
import { calls, outputs } from '../all-clouds';
import { open, siteOf } from '../gathered';
import { deploy } from '../linked';
import { answers, made, mistakes, PEERING, sdk } from './sdk';

jest.setTimeout(60_000);

const args = (region: string, more: Partial<HuaweiArgs> = {}): HuaweiArgs => ({
  vpcId: output(`vpc of ${region}`),
  projectId: output(`project of ${region}`),
  connectSubnetId: 'subnet-uuid',
  availabilityZones: ['a', 'b'],
  securityGroupId: 'group-uuid',
  resolverSubnetIds: ['subnet-1', 'subnet-2'],
  ...more,
});
const PART = { packageId: output('package-uuid'), bandwidth: 50 };
const EXISTING = { id: output('connection-uuid') };

/** Two regions in one place and one in another, with a data centre: all made with these settings. */
async function linked(
  settings: Readonly<Record<string, Partial<HuaweiArgs>>>,
  more: Partial<TopologyArgs> = {},
  preview = false,
): Promise<readonly [Recording, RegistryTopology, readonly string[]]> {
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const place = (region: string, i: number, name: string) => ({
    network: Network.huawei({ region, cidrs: [`10.${i}.0.0/16`] }),
    cloud: huawei(args(name, settings[name])),
  });
  const deployed = await deploy(
    () => ({
      bangkok: place('ap-southeast-2', 0, 'bangkok'),
      silom: place('ap-southeast-2', 1, 'silom'),
      singapore: place('ap-southeast-3', 2, 'singapore'),
      factory: {
        network: Network.onPremises({ cidrs: ['10.3.0.0/16'], publicIps: ['192.0.2.9'], resolvers: ['10.3.0.53'] }),
        cloud: onPremises(),
      },
    }),
    { links: Links.mesh({ links: [{ between: ['silom', 'singapore'], via: 'existing' }] }), ...more },
    { preview, outputs: (asked) => answers(asked) ?? outputs(asked), calls },
  );
  const said = warned.mock.calls.map(([text]) => String(text));
  warned.mockRestore();
  return [...deployed, said];
}

const WITH_SDK = { bangkok: { sdk }, silom: { sdk }, singapore: { sdk } };
const OUTSIDE = { outsideAddresses: ['192.0.2.1', '192.0.2.2'], resolvers: ['10.2.0.53', '10.2.1.53'] };
const BY_TERRAFORM = { bangkok: OUTSIDE, silom: OUTSIDE, singapore: OUTSIDE };
const joins = (recording: Recording) =>
  made(recording).filter(({ type }) => PEERING.some((name) => type.endsWith(`:${name}`)));
const inputsOf = (recording: Recording, kind: string) =>
  Object.fromEntries(
    joins(recording)
      .filter(({ type }) => type.endsWith(`:${kind}`))
      .map(({ name, inputs }) => [name, inputs]),
  );

describe('regions of Huawei Cloud that a generated SDK makes', () => {
  let all: ReturnType<typeof linked>;
  beforeAll(() => {
    const bangkok = { sdk, interRegionBandwidths: { singapore: PART } };
    all = linked({ ...WITH_SDK, bangkok });
  });

  it('are joined by every kind of resource, and nothing that the SDK does not know', async () => {
    const [recording] = await all;
    expect(mistakes(recording)).toEqual([]);
    expect(PEERING.filter((name) => Object.keys(inputsOf(recording, name)).length === 0)).toEqual([]);
    expect(new Set(joins(recording).map(({ parent }) => parent.replace(/.*::/, '')))).toEqual(
      new Set(['registry-bangkok']),
    );
  });

  it('by names that never change', async () => {
    const [recording] = await all;
    expect(joins(recording).map(({ type, name }) => `${type}::${name}`)).toMatchSnapshot();
  });

  it('in one place, with a route in the VPC of each to the other', async () => {
    const [recording] = await all;
    const name = 'registry-bangkok/bangkok--silom';
    expect(inputsOf(recording, 'VpcPeeringConnection')).toEqual({
      [name]: { name: 'bangkok--silom', vpcId: 'vpc of bangkok', peerVpcId: 'vpc of silom' },
    });
    const route = { type: 'peering', nexthop: `${name}-id` };
    expect(inputsOf(recording, 'VpcRoute')).toEqual({
      [`${name}-10_1_0_0_16`]: { ...route, vpcId: 'vpc of bangkok', destination: '10.1.0.0/16', description: 'silom' },
      [`${name}-10_0_0_0_16`]: { ...route, vpcId: 'vpc of silom', destination: '10.0.0.0/16', description: 'bangkok' },
    });
  });

  it('in two places, each VPC in the cloud connection with its own ranges, and a bandwidth between', async () => {
    const [recording] = await all;
    const connection = 'registry-bangkok-id';
    const loaded = { type: 'vpc', cloudConnectionId: connection };
    expect(inputsOf(recording, 'CcNetworkInstance')).toEqual({
      'registry-bangkok/bangkok': {
        ...loaded,
        name: 'bangkok',
        instanceId: 'vpc of bangkok',
        projectId: 'project of bangkok',
        regionId: 'ap-southeast-2',
        cidrs: ['10.0.0.0/16'],
      },
      'registry-bangkok/singapore': {
        ...loaded,
        name: 'singapore',
        instanceId: 'vpc of singapore',
        projectId: 'project of singapore',
        regionId: 'ap-southeast-3',
        cidrs: ['10.2.0.0/16'],
      },
    });
    expect(inputsOf(recording, 'CcInterRegionBandwidth')).toEqual({
      'registry-bangkok/bangkok--singapore': {
        cloudConnectionId: connection,
        bandwidthPackageId: 'package-uuid',
        bandwidth: 50,
        interRegionIds: ['ap-southeast-2', 'ap-southeast-3'],
      },
    });
  });

  it('ask each other for names at the addresses that their resolvers got, and let questions through', async () => {
    const [recording] = await all;
    for (const [own, other, range] of [
      ['bangkok', 'singapore', '10_2_0_0_16'],
      ['singapore', 'bangkok', '10_0_0_0_16'],
    ]) {
      const rule = recording.find(
        `registry-${own}/${other}_registry_example_com`,
        'huaweicloud:index/dnsResolverRule:DnsResolverRule',
      );
      expect(rule.inputs).toMatchObject({
        domainName: `${other}.registry.example.com`,
        ipAddresses: [{ ip: '10.1.0.2' }, { ip: '10.1.1.2' }],
      });
      for (const protocol of ['udp', 'tcp']) {
        const opened = recording.find(
          `registry-${own}/egress-${protocol}-53-${range}`,
          'huaweicloud:index/networkingSecgroupRule:NetworkingSecgroupRule',
        );
        expect(opened.inputs).toMatchObject({ securityGroupId: 'group-uuid', ports: '53' });
      }
    }
  });

  it('are in a cloud connection that exists', async () => {
    const settings = { sdk, cloudConnection: EXISTING };
    const [recording] = await linked({
      bangkok: settings,
      silom: { sdk },
      singapore: { sdk, cloudConnection: { ...EXISTING, loaded: true } },
    });
    expect(mistakes(recording)).toEqual([]);
    expect(inputsOf(recording, 'CcConnection')).toEqual({});
    expect(inputsOf(recording, 'CcNetworkInstance')).toEqual({
      'registry-bangkok/bangkok': expect.objectContaining({ cloudConnectionId: 'connection-uuid' }),
    });
  });

  it('are previewed before anything of them is known', async () => {
    const [recording] = await linked(WITH_SDK, {}, true);
    expect(mistakes(recording)).toEqual([]);
    expect(inputsOf(recording, 'CcNetworkInstance')['registry-bangkok/singapore']).toMatchObject({
      cloudConnectionId: UNKNOWN,
      cidrs: ['10.2.0.0/16'],
    });
  });

  it('are joined where both are in the stack, and refused where one is in another', async () => {
    const links = Links.mesh({
      links: ['bangkok', 'silom'].map((one) => ({ between: [one, 'singapore'], via: 'existing' }) as const),
    });
    const [recording] = await linked(WITH_SDK, { links, only: ['bangkok', 'silom'] });
    expect(Object.keys(inputsOf(recording, 'VpcPeeringConnection'))).toEqual(['registry-bangkok/bangkok--silom']);
    expect(inputsOf(recording, 'CcConnection')).toEqual({});
    await expect(linked(WITH_SDK, { only: ['bangkok', 'silom'] })).rejects.toThrow(
      'regions.bangkok.cloud: is not joined to singapore',
    );
  });
});

describe('regions of Huawei Cloud that Terraform makes', () => {
  const filesOf = async (topology: RegistryTopology, region: string) => {
    const files: Readonly<Record<string, string>> = await known(topology.files[region] ?? output({}));
    return [JSON.parse(files['main.tf.json'] ?? '{}'), JSON.parse(files['terraform.tfvars.json'] ?? '{}')];
  };
  /** Variables that must have a value here. */
  const asked = ({ variable }: { readonly variable: Readonly<Record<string, object>> }) =>
    Object.keys(variable)
      .filter((name) => name !== 'bandwidth_size')
      .sort();
  const KINDS = ['vpc_peering_connection', 'cc_connection', 'cc_network_instance', 'cc_inter_region_bandwidth'];
  const kindsIn = (main: { readonly resource: object }) =>
    KINDS.filter((kind) => `huaweicloud_${kind}` in main.resource);

  it('are joined by the configuration of the first, which knows the others', async () => {
    const bangkok = { ...OUTSIDE, interRegionBandwidths: { singapore: PART } };
    const [, topology] = await linked({ ...BY_TERRAFORM, bangkok });
    const [main, values] = await filesOf(topology, 'bangkok');
    expect(kindsIn(main)).toEqual(KINDS);
    expect(values).toMatchObject({
      vpc_id: 'vpc of bangkok',
      project_ids: { bangkok: 'project of bangkok', singapore: 'project of singapore' },
      inter_region_bandwidths: { 'bangkok--singapore': { package_id: 'package-uuid', bandwidth: 50 } },
    });
    expect(values.peer_vpc_ids).toEqual({ silom: 'vpc of silom', singapore: 'vpc of singapore' });
    expect(Object.keys(values).sort()).toEqual(asked(main));
    for (const other of ['silom', 'singapore']) {
      const [theirs, given] = await filesOf(topology, other);
      expect(kindsIn(theirs)).toEqual([]);
      expect(Object.keys(given).sort()).toEqual(asked(theirs));
    }
  });

  it('are in a cloud connection that exists', async () => {
    const existing = { ...OUTSIDE, cloudConnection: EXISTING };
    const [, topology] = await linked({ bangkok: existing, silom: OUTSIDE, singapore: existing });
    const [main, values] = await filesOf(topology, 'bangkok');
    expect(kindsIn(main)).toEqual(['vpc_peering_connection', 'cc_network_instance']);
    expect(values.cloud_connection_id).toBe('connection-uuid');
  });

  it('are joined by an SDK where the first has one', async () => {
    const [recording, topology] = await linked({ bangkok: { sdk }, silom: OUTSIDE, singapore: OUTSIDE });
    expect(mistakes(recording)).toEqual([]);
    expect(Object.keys(inputsOf(recording, 'CcNetworkInstance'))).toEqual([
      'registry-bangkok/bangkok',
      'registry-bangkok/singapore',
    ]);
    expect(kindsIn((await filesOf(topology, 'singapore'))[0])).toEqual([]);
  });
});

describe('a region of Huawei Cloud', () => {
  it.each([{ sdk }, OUTSIDE])('is joined to none that is not of Huawei Cloud: %#', async (settings) => {
    const plan = planTopology(
      networked(
        [0, 1].map((i) => Network.huawei({ region: 'ap-southeast-3', cidrs: [`10.${i}.0.0/16`] })),
        Links.mesh(),
      ),
    );
    await record(() => {
      const network = open(huawei(args('region-0', settings)), plan, 'region-0');
      const links = plan.links.map((link) => ({ link, other: network }));
      expect(() => network.peer(links)).toThrow('link region-0--region-1 does not join two regions of Huawei Cloud');
    });
  });

  const planOf = (places: readonly string[], links: Links = Links.mesh()): TopologyPlan =>
    planTopology(
      networked(
        places.map((region, i) =>
          region === 'factory'
            ? Network.onPremises({ cidrs: [`10.${i}.0.0/16`], publicIps: ['198.51.100.7'] })
            : Network.huawei({ region, cidrs: [`10.${i}.0.0/16`] }),
        ),
        links,
      ),
    );
  const list = (...links: readonly (readonly [number, number, LinkProps['via']?])[]): Links =>
    Links.list(links.map(([a, b, via]) => ({ between: [`region-${a}`, `region-${b}`], via })));
  const THREE = ['ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3'];
  const two = ['ap-southeast-3', 'ap-southeast-1'];
  const PARTS = { packageId: 'package-uuid', bandwidth: 5 };
  /** What all regions say, with these settings by number. */
  const saidOf = (plan: TopologyPlan, settings: Readonly<Record<number, object>>): readonly string[] => {
    const issues = new Issues();
    for (const [i, { name }] of plan.regions.entries()) {
      if (plan.regions[i]?.network?.type !== 'huawei') continue;
      huawei({ ...args(name), sdk, ...settings[i] }).check(siteOf(plan, name), issues);
    }
    return issues.all.map((issue) => formatIssue(issue).replace(/^- /, ''));
  };
  const short = (texts: readonly string[]): readonly string[] => texts.map((text) => text.replace(/\n.*/s, ''));
  const at = (i: number): string => `regions.region-${i}.cloud`;

  it('says where, what is allowed and what to change', () => {
    expect(saidOf(planOf(two), {})).toEqual([
      `${at(0)}.interRegionBandwidths.region-1: is missing: link region-0--region-1 passes 10 kbit/s, enough for a ping
    given:   nothing
    allowed: a part of a bandwidth package: { packageId, bandwidth }
    fix:     buy a bandwidth package, bind it to the cloud connection, and name it here`,
    ]);
    expect(saidOf(planOf(['cn-north-4', 'ap-southeast-1']), {}).join()).toContain('after a cross-border permit');
  });

  const bandwidth = { interRegionBandwidths: { 'region-1': PARTS } };
  it.each<[string, TopologyPlan, Readonly<Record<number, object>>, readonly string[]]>([
    ['nothing', planOf(two), { 0: bandwidth }, []],
    [
      'nothing in one place, where neither project nor bandwidth is needed',
      planOf(['ap-southeast-1', 'ap-southeast-1']),
      { 0: { projectId: undefined } },
      [],
    ],
    [
      'nothing of a cloud connection that is everywhere',
      planOf(two),
      { 0: { ...bandwidth, cloudConnection: { id: 'c' } }, 1: { cloudConnection: { id: 'c', loaded: true } } },
      [],
    ],
    [
      'nothing of ids that are not known yet',
      planOf(two),
      { 0: { ...bandwidth, cloudConnection: { id: output('c') } }, 1: { cloudConnection: { id: 'c' } } },
      [],
    ],
    [
      'nothing of bandwidths that a cloud connection may have',
      planOf(two),
      { 0: { cloudConnection: { id: 'c' } }, 1: { cloudConnection: { id: 'c' } } },
      [],
    ],
    ['no project', planOf(two), { 0: bandwidth, 1: { projectId: undefined } }, [`${at(1)}.projectId: is missing`]],
    [
      'a cloud connection in one of them',
      planOf(two),
      { 0: bandwidth, 1: { cloudConnection: { id: 'c' } } },
      [`${at(1)}.cloudConnection: is given, unlike that of region-0: one cloud connection joins them`],
    ],
    [
      'a cloud connection in the other',
      planOf(two),
      { 0: { ...bandwidth, cloudConnection: { id: 'c' } } },
      [`${at(1)}.cloudConnection: is missing, unlike that of region-0: one cloud connection joins them`],
    ],
    [
      'two cloud connections',
      planOf(two),
      { 0: { ...bandwidth, cloudConnection: { id: 'c' } }, 1: { cloudConnection: { id: 'd' } } },
      [`${at(1)}.cloudConnection: is another than that of region-0: one cloud connection joins them`],
    ],
    [
      'several mistakes at once',
      planOf(two),
      {
        0: { cloudConnection: { Id: 'c' }, interRegionBandwidths: { 'region-1': { package: 'p', bandwidth: 0 } } },
        1: { cloudConnection: { id: 'c', loaded: 'yes' } },
      },
      [
        `${at(0)}.cloudConnection.Id: is not a setting here`,
        `${at(0)}.cloudConnection.id: is missing`,
        `${at(0)}.interRegionBandwidths.region-1.package: is not a setting here`,
        `${at(0)}.interRegionBandwidths.region-1.packageId: is missing`,
        `${at(0)}.interRegionBandwidths.region-1.bandwidth: is out of range`,
        `${at(1)}.cloudConnection.loaded: is not a switch`,
        `${at(1)}.cloudConnection: is another than that of region-0: one cloud connection joins them`,
      ],
    ],
    [
      'values that are no maps, once each',
      planOf(two),
      {
        0: { cloudConnection: 'c', interRegionBandwidths: { 'region-1': 'p' } },
        1: { interRegionBandwidths: 'p', cloudConnection: 'c' },
      },
      [
        `${at(0)}.cloudConnection: is not a map of settings`,
        `${at(0)}.interRegionBandwidths.region-1: is not a map of settings`,
        `${at(1)}.cloudConnection: is not a map of settings`,
        `${at(1)}.interRegionBandwidths: is not a map of settings`,
      ],
    ],
    [
      'a bandwidth without its size, and one at the wrong end',
      planOf(two),
      {
        0: { interRegionBandwidths: { 'region-1': { packageId: 'p' } } },
        1: { interRegionBandwidths: { 'region-0': PARTS } },
      },
      [
        `${at(0)}.interRegionBandwidths.region-1.bandwidth: is missing`,
        `${at(1)}.interRegionBandwidths.region-0: is that of link region-0--region-1`,
      ],
    ],
    [
      'a bandwidth that leads nowhere',
      planOf(two),
      { 0: { interRegionBandwidths: { 'region-1': PARTS, 'region-9': PARTS } } },
      [`${at(0)}.interRegionBandwidths.region-9: leads to no other place of Huawei Cloud`],
    ],
    [
      'a bandwidth that regions in one place share',
      planOf(['ap-southeast-1', 'ap-southeast-1', 'ap-southeast-2']),
      { 0: { interRegionBandwidths: { 'region-2': PARTS } }, 1: { interRegionBandwidths: { 'region-2': PARTS } } },
      [`${at(1)}.interRegionBandwidths.region-2: is that of link region-0--region-2`],
    ],
    [
      'tunnels beside the cloud connection',
      planOf(THREE, list([0, 1, 'vpn'], [0, 2], [1, 2])),
      { 0: { interRegionBandwidths: { 'region-2': PARTS } }, 1: { interRegionBandwidths: { 'region-2': PARTS } } },
      [
        `${at(0)}: has tunnels to region-1, and one cloud connection that joins region-0, region-1, region-2: a route table takes one way`,
      ],
    ],
    [
      'a region behind tunnels that the cloud connection leads to',
      planOf([...THREE, 'factory'], list([0, 1], [1, 2], [0, 3], [2, 3])),
      { 0: bandwidth, 1: { interRegionBandwidths: { 'region-2': PARTS } } },
      [
        `${at(0)}: reaches region-2 by the cloud connection that joins region-0, region-1, region-2, not over other regions: 10 kbit/s pass`,
      ],
    ],
  ])('is told about %s', (_, plan, settings, expected) => {
    expect(short(saidOf(plan, settings))).toEqual(expected);
  });
});
