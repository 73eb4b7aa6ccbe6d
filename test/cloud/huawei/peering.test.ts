import { terraformJson } from '../../../lib/cloud/huawei';
import { type LinkProps, Links } from '../../../lib/plan/network/links';
import { Network } from '../../../lib/plan/network/networks';
import { planTopology, regionOf, type TopologyPlan } from '../../../lib/plan/plan';
import { network, networked } from '../../plan/network/networks';
import fc from '../../support/properties';

type Resource = Readonly<Record<string, unknown>>;

/** Regions of Huawei Cloud by where they stand: `region-0` and so on. */
const planOf = (places: readonly string[], links: Links | readonly LinkProps[] = Links.mesh()): TopologyPlan =>
  planTopology(
    networked(
      places.map((place, i) =>
        place === 'factory'
          ? { ...network('onPremises', i), resolvers: [`10.${i}.0.53`] }
          : Network.huawei({ region: place, cidrs: [`10.${i}.0.0/16`], resolvers: [`10.${i}.0.53`, `10.${i}.1.53`] }),
      ),
      'type' in links ? links : Links.list(links),
    ),
  );
const of = (plan: TopologyPlan, region: string, props: Parameters<typeof terraformJson>[2] = {}) => {
  const json = terraformJson(plan, region, props);
  const resource = json.resource as Record<string, Record<string, Resource>>;
  return { json, kind: (kind: string): Readonly<Record<string, Resource>> => resource[`huaweicloud_${kind}`] ?? {} };
};
const between = (a: number, b: number, more: Partial<LinkProps> = {}): LinkProps => ({
  between: [`region-${a}`, `region-${b}`],
  ...more,
});
const PEERING = ['vpc_peering_connection', 'vpc_route', 'cc_connection', 'cc_network_instance'];

describe('two VPCs in one place of Huawei Cloud', () => {
  const plan = planOf(['ap-southeast-3', 'ap-southeast-3']);

  it('are peered, and each has a route to the other', () => {
    const { kind } = of(plan, 'region-0');
    expect(kind('vpc_peering_connection')).toEqual({
      'region-0--region-1': {
        name: 'region-0--region-1',
        vpc_id: '${var.vpc_id}',
        peer_vpc_id: '${var.peer_vpc_ids["region-1"]}',
      },
    });
    const route = { type: 'peering', nexthop: '${huaweicloud_vpc_peering_connection.region-0--region-1.id}' };
    expect(kind('vpc_route')).toEqual({
      'region-0--region-1-10_1_0_0_16': {
        ...route,
        vpc_id: '${var.vpc_id}',
        destination: '10.1.0.0/16',
        description: 'region-1',
      },
      'region-0--region-1-10_0_0_0_16': {
        ...route,
        vpc_id: '${var.peer_vpc_ids["region-1"]}',
        destination: '10.0.0.0/16',
        description: 'region-0',
      },
    });
    expect(kind('cc_connection')).toEqual({});
  });

  it('have it made once, at the first end', () => {
    const { kind, json } = of(plan, 'region-1');
    expect(PEERING.map((one) => Object.keys(kind(one)))).toEqual([[], [], [], []]);
    expect(Object.keys(json.variable as object)).not.toContain('peer_vpc_ids');
  });

  it('let the planned uses through, and ask each other for names', () => {
    for (const [own, other] of [
      [0, 1],
      [1, 0],
    ]) {
      const { kind } = of(plan, `region-${own}`);
      expect(kind('networking_secgroup_rule')[`ingress-tcp-443-10_${other}_0_0_16`]).toMatchObject({
        description: `region-${other}: image pulls by the name of a region`,
      });
      expect(Object.values(kind('dns_resolver_rule'))).toEqual([
        expect.objectContaining({
          domain_name: `region-${other}.registry.example.com`,
          ip_addresses: [{ ip: `10.${other}.0.53` }, { ip: `10.${other}.1.53` }],
        }),
      ]);
    }
  });
});

describe('regions in several places of Huawei Cloud', () => {
  const plan = planOf(['ap-southeast-3', 'ap-southeast-1', 'cn-north-4']);

  it('are in one cloud connection, which the first makes for all', () => {
    const { kind, json } = of(plan, 'region-0', { bandwidthLinks: ['region-0--region-2', 'region-1--region-2'] });
    const connection = '${huaweicloud_cc_connection.main.id}';
    expect(kind('cc_connection')).toEqual({ main: { name: 'region-0-cc' } });
    expect(json.output).toMatchObject({ cloud_connection: { value: connection } });
    const loaded = { type: 'vpc', cloud_connection_id: connection };
    expect(kind('cc_network_instance')).toEqual({
      'region-0': {
        ...loaded,
        name: 'region-0',
        instance_id: '${var.vpc_id}',
        project_id: '${var.project_ids["region-0"]}',
        region_id: 'ap-southeast-3',
        cidrs: ['10.0.0.0/16'],
      },
      'region-1': {
        ...loaded,
        name: 'region-1',
        instance_id: '${var.peer_vpc_ids["region-1"]}',
        project_id: '${var.project_ids["region-1"]}',
        region_id: 'ap-southeast-1',
        cidrs: ['10.1.0.0/16'],
      },
      'region-2': {
        ...loaded,
        name: 'region-2',
        instance_id: '${var.peer_vpc_ids["region-2"]}',
        project_id: '${var.project_ids["region-2"]}',
        region_id: 'cn-north-4',
        cidrs: ['10.2.0.0/16'],
      },
    });
    expect(Object.keys(kind('cc_inter_region_bandwidth'))).toEqual(['region-0--region-2', 'region-1--region-2']);
    expect(kind('cc_inter_region_bandwidth')['region-1--region-2']).toEqual({
      cloud_connection_id: connection,
      bandwidth_package_id: '${var.inter_region_bandwidths["region-1--region-2"].package_id}',
      bandwidth: '${var.inter_region_bandwidths["region-1--region-2"].bandwidth}',
      inter_region_ids: ['ap-southeast-1', 'cn-north-4'],
    });
    expect(kind('vpc_route')).toEqual({});
    for (const other of ['region-1', 'region-2']) {
      expect(PEERING.map((one) => Object.keys(of(plan, other).kind(one)))).toEqual([[], [], [], []]);
    }
  });

  it('are in one that exists, where some VPCs may be loaded already', () => {
    const { kind, json } = of(plan, 'region-0', { existingCloudConnection: true, loadedVpcs: ['region-1'] });
    expect(kind('cc_connection')).toEqual({});
    expect(json.output).not.toHaveProperty('cloud_connection');
    expect(Object.entries(kind('cc_network_instance')).map(([name, one]) => [name, one.cloud_connection_id])).toEqual([
      ['region-0', '${var.cloud_connection_id}'],
      ['region-2', '${var.cloud_connection_id}'],
    ]);
  });

  it('have the first made by the smaller index, whatever their order', () => {
    const pinned = planTopology(
      networked(
        [
          Network.huawei({ region: 'ap-southeast-3', cidrs: ['10.0.0.0/16'], index: 9 }),
          Network.huawei({ region: 'ap-southeast-1', cidrs: ['10.1.0.0/16'], index: 3 }),
        ],
        Links.mesh(),
      ),
    );
    expect(Object.keys(of(pinned, 'region-0').kind('cc_network_instance'))).toEqual([]);
    expect(Object.keys(of(pinned, 'region-1').kind('cc_network_instance'))).toEqual(['region-1', 'region-0']);
  });

  it('share a bandwidth where two stand in one place, and the cloud connection joins these as well', () => {
    const twins = planOf(['ap-southeast-3', 'ap-southeast-3', 'ap-southeast-1']);
    const all = twins.links.map(({ name }) => name);
    const { kind } = of(twins, 'region-0', { bandwidthLinks: all });
    expect(Object.keys(kind('cc_network_instance'))).toEqual(['region-0', 'region-1', 'region-2']);
    expect(Object.keys(kind('cc_inter_region_bandwidth'))).toEqual(['region-0--region-2']);
    expect(kind('vpc_peering_connection')).toEqual({});
    // Where the cloud connection does not lead, VPCs in one place are peered.
    const apart = planOf(['ap-southeast-3', 'ap-southeast-3', 'ap-southeast-1'], [between(0, 1), between(1, 2)]);
    expect(Object.keys(of(apart, 'region-0').kind('vpc_peering_connection'))).toEqual(['region-0--region-1']);
    expect(Object.keys(of(apart, 'region-1').kind('cc_network_instance'))).toEqual(['region-1', 'region-2']);
  });

  it('are joined as far as they are here', () => {
    const { kind } = of(plan, 'region-1', { peers: ['region-2'] });
    expect(Object.keys(kind('cc_network_instance'))).toEqual(['region-1', 'region-2']);
    expect(PEERING.map((one) => Object.keys(of(plan, 'region-0', { peers: [] }).kind(one)))).toEqual([[], [], [], []]);
  });
});

describe('what Huawei Cloud leads to itself', () => {
  const plan = planOf(['ap-southeast-3', 'ap-southeast-1', 'ap-southeast-3', 'factory']);
  const subnets = (planned: TopologyPlan, region: string) =>
    Object.values(of(planned, region).kind('vpn_connection')).map(({ peer_subnets }) => peer_subnets);

  it('is not led to by tunnels too, and tunnels announce the VPC alone', () => {
    expect(subnets(plan, 'region-0')).toEqual([['10.3.0.0/16'], ['10.3.0.0/16']]);
    expect(of(plan, 'region-0').kind('vpn_gateway').main?.local_subnets).toEqual(['10.0.0.0/16']);
  });

  it('is led to by tunnels where nothing joins them', () => {
    expect(subnets(planOf(['ap-southeast-3', 'ap-southeast-1', 'factory'], Links.hub('region-2')), 'region-0')).toEqual(
      Array(2).fill(['10.1.0.0/16', '10.2.0.0/16']),
    );
  });
});

describe('whatever regions of Huawei Cloud are linked', () => {
  const topologies = fc
    .array(fc.constantFrom('ap-southeast-1', 'ap-southeast-2', 'ap-southeast-3'), { minLength: 2, maxLength: 6 })
    .chain((places) =>
      fc.record({
        places: fc.constant(places),
        pairs: fc.uniqueArray(fc.tuple(fc.nat(places.length - 1), fc.nat(places.length - 1)), {
          selector: ([a, b]) => [a, b].sort().join(),
          minLength: 1,
        }),
      }),
    )
    .map(({ places, pairs }) =>
      planOf(
        places,
        pairs.filter(([a, b]) => a !== b).map(([a, b]) => between(a, b)),
      ),
    );

  it('each VPC is in at most one cloud connection, and has one way to each other that it is linked to', () => {
    fc.assert(
      fc.property(topologies, (plan) => {
        const connectionOf = new Map<string, string>();
        const ways: string[] = [];
        for (const { name: maker } of plan.regions) {
          const { kind } = of(plan, maker, { bandwidthLinks: plan.links.map(({ name }) => name) });
          const vpc = (id: unknown): string => /peer_vpc_ids\["(.+)"\]/.exec(String(id))?.[1] ?? maker;
          for (const { instance_id } of Object.values(kind('cc_network_instance'))) {
            expect([vpc(instance_id), connectionOf.get(vpc(instance_id))]).toEqual([vpc(instance_id), undefined]);
            connectionOf.set(vpc(instance_id), maker);
          }
          for (const { vpc_id, destination } of Object.values(kind('vpc_route'))) {
            ways.push(`${vpc(vpc_id)} ${destination}`);
          }
          const places = Object.values(kind('cc_inter_region_bandwidth')).map(({ inter_region_ids }) =>
            [...(inter_region_ids as string[])].sort().join(),
          );
          expect(new Set(places).size).toBe(places.length);
          expect(places.filter((one) => new Set(one.split(',')).size === 1)).toEqual([]);
        }
        expect(new Set(ways).size).toBe(ways.length);
        for (const link of plan.links) {
          const [a, b] = link.between;
          const together = connectionOf.get(a) !== undefined && connectionOf.get(a) === connectionOf.get(b);
          const [there, back] = [
            [a, b],
            [b, a],
          ].map(([from = '', to = '']) => ways.includes(`${from} ${regionOf(plan, to).network?.cidrs[0]}`));
          expect([link.name, there, back]).toEqual([link.name, !together, !together]);
        }
        expect(ways).toHaveLength(
          plan.links.filter(
            ({ between: [a, b] }) => connectionOf.get(a) === undefined || connectionOf.get(a) !== connectionOf.get(b),
          ).length * 2,
        );
      }),
      { numRuns: 40 },
    );
  });
});
