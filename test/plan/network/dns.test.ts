import { Links } from '../../../lib/plan/network/links';
import { Network } from '../../../lib/plan/network/networks';
import { planTopology, regionOf, type TopologyProps } from '../../../lib/plan/plan';
import { Tls } from '../../../lib/plan/tls';
import fc from '../../support/properties';
import { bucket, mistake, mistakes, topology, twoRegions } from '../topologies';
import { linkedTopologies, network, networked } from './networks';

const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';

const names = (props: TopologyProps, scope: 'public' | 'private') =>
  planTopology(props)
    .records.filter((record) => record.scope === scope)
    .map(({ name, target }) => [name, target.kind, target.region]);

describe('public names', () => {
  it('are planned only where asked for', () => {
    expect(planTopology(topology(2)).records).toEqual([]);
    expect(planTopology(topology(2)).dns).toBeUndefined();
  });

  it('lead to the first healthy region, and to each region by its own name', () => {
    const plan = planTopology(twoRegions({}, {}, { dns: {} }));
    expect(plan.records).toEqual([
      {
        name: 'registry.example.com',
        scope: 'public',
        target: { region: 'virginia', kind: 'harbor', instance: 'harbor' },
        ttlSeconds: 30,
        routing: { policy: 'failover', order: 1 },
        healthCheck: 'virginia.registry.example.com',
      },
      {
        name: 'virginia.registry.example.com',
        scope: 'public',
        target: { region: 'virginia', kind: 'harbor', instance: 'harbor' },
        ttlSeconds: 30,
      },
      expect.objectContaining({ name: 'registry.example.com', routing: { policy: 'failover', order: 2 } }),
      expect.objectContaining({ name: 'hangzhou.registry.example.com' }),
    ]);
  });

  it("check the body of Harbor's health, because its status is always 200", () => {
    expect(
      planTopology(twoRegions({}, { tls: { type: 'none' } }, { dns: { checkInterval: '30s' } })).dns?.checks,
    ).toEqual([
      {
        name: 'virginia.registry.example.com',
        region: 'virginia',
        url: 'https://virginia.registry.example.com/api/v2.0/health',
        search: '],"status":"healthy"',
        intervalSeconds: 30,
        failures: 3,
      },
      expect.objectContaining({ url: 'http://hangzhou.registry.example.com/api/v2.0/health' }),
    ]);
  });

  it.each([
    [{}, 60],
    [{ ttl: '10s' as const, checkFailures: 1 }, 20],
    [{ ttl: '5m' as const, checkInterval: '30s' as const, checkFailures: 4 }, 420],
  ])('fail over after interval × failures + TTL: %j', (dns, seconds) => {
    expect(planTopology(twoRegions({}, {}, { dns })).dns?.failoverSeconds).toBe(seconds);
  });

  it('of a single region need no check', () => {
    const plan = planTopology(topology(1, { dns: {} }));
    expect(plan.dns?.checks).toEqual([]);
    expect(plan.records.map(({ name, routing, healthCheck }) => [name, routing, healthCheck])).toEqual([
      ['registry.example.com', undefined, undefined],
      ['region-0.registry.example.com', undefined, undefined],
    ]);
  });

  it('of a tenant lead to the regions that have it', () => {
    const acme = (region: string) => ({ tenants: { acme: { domain: 'acme.example.com', ...bucket(`a-${region}`) } } });
    const plan = planTopology(twoRegions(acme('v'), acme('h'), { dns: {} }));
    const found = plan.records.filter(({ name }) => name === 'acme.example.com');
    expect(found.map(({ target, routing }) => [target, routing])).toEqual([
      [
        { region: 'virginia', kind: 'harbor', instance: 'acme' },
        { policy: 'failover', order: 1 },
      ],
      [
        { region: 'hangzhou', kind: 'harbor', instance: 'acme' },
        { policy: 'failover', order: 2 },
      ],
    ]);
    expect(plan.dns?.checks).toHaveLength(4);
  });

  it('lead to the nearest region by its cloud, or by the place given', () => {
    const networks = [network('aws', 0), network('onPremises', 1)];
    const dns = { routing: 'latency' as const, places: { 'region-1': 'eu-central-1' } };
    const records = planTopology(networked(networks, undefined, { dns })).records.filter((record) => record.routing);
    expect(records.map(({ routing }) => routing)).toEqual([
      { policy: 'latency', place: 'us-east-1' },
      { policy: 'latency', place: 'eu-central-1' },
    ]);
  });

  it('do not take what JavaScript gives every object for a place', () => {
    const networks = { constructor: network('onPremises', 0), other: network('aws', 1) };
    const regions = Object.fromEntries(
      Object.entries(networks).map(([name, one]) => [name, { ...bucket(name), network: one }]),
    );
    expect(mistake(topology(0, { regions, dns: { routing: 'latency' } })).path).toBe('dns.places.constructor');
  });

  it.each(['failover', 'latency'] as const)('warn where one region refuses the tokens of another: %s', (routing) => {
    const dns = { routing, places: { 'region-0': 'us-east-1', 'region-1': 'eu-central-1' } };
    const told = (more: Partial<TopologyProps>, regions = 2) =>
      planTopology(topology(regions, { dns, ...more })).warnings.flatMap(({ path, problem, given }) =>
        path === 'dns.routing' ? [[problem, given]] : [],
      );
    expect(told({})).toEqual([
      [
        "leads clients of registry.example.com to Harbors that refuse each other's tokens, such as region-0 and region-1",
        `"${routing}"`,
      ],
    ]);
    expect(told({ settings: {} })).toEqual([]);
    expect(told({ defaults: { tokenKey: { shared: true } } })).toEqual([]);
  });

  it('of a single region say nothing of tokens', () => {
    expect(planTopology(topology(1, { dns: {} })).warnings).toEqual([]);
  });

  it('leave out a Harbor that only its own cluster reaches, and say so', () => {
    const plan = planTopology(twoRegions({}, { exposure: { type: 'clusterIp' } }, { dns: {} }));
    expect(plan.records.map(({ target }) => target.region)).toEqual(['virginia', 'virginia']);
    expect(plan.warnings).toMatchObject([
      { path: 'regions.hangzhou.exposure', problem: 'is reached inside its cluster only: it gets no public name' },
    ]);
  });

  it.each<[object, string, string]>([
    [{ routing: 'random' }, 'dns.routing', 'is not one of the choices'],
    [{ ttl: '5s' }, 'dns.ttl', 'is not a quantity allowed here'],
    [{ ttl: '2h' }, 'dns.ttl', 'is not a quantity allowed here'],
    [{ checkInterval: '20s' }, 'dns.checkInterval', 'is not one of the choices'],
    [{ checkFailures: 11 }, 'dns.checkFailures', 'is out of range'],
    [{ zone: 'x' }, 'dns.zone', 'is not a setting here'],
    [{ places: { tokyo: 'x' } }, 'dns.places.tokyo', 'is not a setting here'],
    [{ places: { 'region-0': '' } }, 'dns.places.region-0', 'is not a text'],
  ])('mistakes: %j', (dns, path, problem) => {
    expect(mistake(topology(2, { dns: dns as never }))).toMatchObject({ path, problem });
  });

  it('cannot be near a region of which nobody knows where it is', () => {
    const found = mistakes(topology(2, { dns: { routing: 'latency' } }));
    expect(found.map(({ path, problem, fix }) => [path, problem, fix])).toEqual([
      [
        'dns.places.region-0',
        'is missing: the region stands in no cloud',
        'add places: { region-0: … }, or choose routing: failover',
      ],
      ['dns.places.region-1', expect.any(String), expect.any(String)],
    ]);
  });
});

describe('private names', () => {
  const own = { ...network('aws', 0), resolvers: ['10.0.0.10', '10.0.1.10'] };
  const database = { type: 'external' as const, host: 'db.example.com', passwordSecret: 'db' };
  const linked = (more: object = {}, links = Links.mesh()): TopologyProps => ({
    ...networked([], links),
    regions: {
      virginia: { ...bucket('v'), network: own, database, ...more },
      factory: { ...bucket('f'), network: { ...network('onPremises', 1), resolvers: ['10.1.0.53'] } },
    },
  });

  it('exist for linked regions: of Harbor, of a database outside, and of Kraken where pods have a route', () => {
    expect(names(linked(), 'private')).toEqual([
      ['virginia.registry.example.com', 'harbor', 'virginia'],
      ['database.virginia.registry.example.com', 'database', 'virginia'],
      ['factory.registry.example.com', 'harbor', 'factory'],
    ]);
    expect(names(linked({ cluster: { podCidr: '10.0.64.0/18' } }), 'private')).toContainEqual([
      'kraken-origin.virginia.registry.example.com',
      'kraken-origin',
      'virginia',
    ]);
    expect(names(linked({ cluster: { podCidr: '10.200.0.0/16' } }), 'private')).toHaveLength(3);
    expect(names(linked({ database: { ...database, host: 'db.default.svc' } }), 'private')).toHaveLength(2);
  });

  it('of Kraken follow its pods where external-dns keeps them', () => {
    const externalDns = { ...own, externalDns: true };
    const plan = planTopology(linked({ network: externalDns, cluster: { podCidr: '10.0.64.0/18' } }));
    expect(plan.regions.flatMap(({ krakens }) => krakens.map(({ privateNames }) => privateNames))).toEqual([
      {
        origin: 'kraken-origin.virginia.registry.example.com',
        buildIndex: 'kraken-build-index.virginia.registry.example.com',
      },
      undefined,
    ]);
    expect(planTopology(linked({ network: externalDns })).warnings.map(({ path, problem }) => [path, problem])).toEqual(
      [['regions.virginia.network.externalDns', 'keeps no name: no other region has a route to pods of a Kraken here']],
    );
  });

  it('of a data centre are not kept by external-dns: its zone is a file', () => {
    const cluster = { podCidr: '10.1.64.0/18' };
    const factory = (more: object) => ({ ...bucket('f'), cluster, network: { ...network('onPremises', 1), ...more } });
    const warned = (more: object) => {
      const plan = planTopology({ ...linked(), regions: { ...linked().regions, factory: factory(more) } });
      return plan.warnings.map(({ path, problem }) => [path, problem]);
    };
    const resolvers = ['10.1.0.53'];
    expect(warned({ resolvers })).toEqual([]);
    expect(warned({ resolvers, externalDns: true })).toEqual([
      [
        'regions.factory.network.externalDns',
        'keeps no name of the generated resolver: the zone of a data centre is unbound.conf or Corefile',
      ],
    ]);
  });

  it.each([
    ['aws', 1],
    ['azure', 1],
    ['gcp', 1],
    ['alicloud', 0],
    ['onPremises', 0],
  ] as const)('of %s hide what cert-manager proves by DNS-01, which is warned of', (type, count) => {
    const warned = (tls: Tls, props: (more: object) => TopologyProps = linked) =>
      planTopology(props({ network: network(type, 0), tls, exposure: { type: 'ingress' } })).warnings.filter(
        ({ path, problem }) => path === 'regions.virginia.tls' && problem.includes('DNS-01'),
      );
    const found = warned(Tls.certManager({ issuer: 'letsencrypt' }));
    expect(found.map(({ problem }) => problem)).toEqual(
      Array(count).fill(
        'is checked by cert-manager in the private zone virginia.registry.example.com, which has no records of DNS-01',
      ),
    );
    for (const { fix } of found)
      expect(fix).toContain('--dns01-recursive-nameservers-only --dns01-recursive-nameservers=');
    expect(warned(Tls.certManager({ issuer: 'ours', ca: PEM }))).toEqual([]);
    expect(warned(Tls.provided())).toEqual([]);
    const alone = (more: object): TopologyProps => ({ ...linked(more), links: undefined });
    expect(warned(Tls.certManager({ issuer: 'letsencrypt' }), alone)).toEqual([]);
  });

  it('are asked for at the resolver of the other region', () => {
    const plan = planTopology(linked());
    expect(regionOf(plan, 'factory').network?.forwards).toEqual([
      { zone: 'virginia.registry.example.com', region: 'virginia', resolvers: ['10.0.0.10', '10.0.1.10'] },
    ]);
    expect(regionOf(plan, 'virginia').network?.forwards[0]?.resolvers).toEqual(['10.1.0.53']);
    const late = planTopology(linked({ network: network('aws', 0) }));
    expect(regionOf(late, 'factory').network?.forwards).toEqual([
      { zone: 'virginia.registry.example.com', region: 'virginia' },
    ]);
  });

  it('of a data centre without a resolver are not asked for', () => {
    const plan = planTopology(networked([network('aws', 0), network('onPremises', 1)], Links.mesh()));
    expect(plan.regions.map((region) => region.network?.forwards.map(({ region: to }) => to))).toEqual([
      [],
      ['region-0'],
    ]);
  });

  it('do not exist without links', () => {
    const plan = planTopology({ ...linked(), links: undefined });
    expect(plan.records).toEqual([]);
    expect(plan.regions[0]?.network).toMatchObject({ reaches: [], forwards: [], firewall: [] });
  });

  it('are forwarded by everyone who has a route there, and by no one else', () => {
    fc.assert(
      fc.property(linkedTopologies, (props) => {
        const plan = planTopology(props);
        const zones = new Set(plan.records.map(({ zone }) => zone));
        for (const { network: from } of plan.regions) {
          for (const { region, zone } of from?.forwards ?? []) {
            expect(from?.reaches).toContain(region);
            expect(zones).toContain(zone);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('who reaches whom', () => {
  const reaches = (props: TopologyProps) => planTopology(props).regions.map((region) => region.network?.reaches);

  it('over a hub that passes routes on', () => {
    for (const hub of ['aws', 'azure', 'huawei'] as const) {
      const networks = [network('onPremises', 0), network(hub, 1), network('gcp', 2)];
      expect(reaches(networked(networks, Links.hub('region-1')))).toEqual([
        ['region-1', 'region-2'],
        ['region-0', 'region-2'],
        ['region-0', 'region-1'],
      ]);
    }
  });

  it('not over Google Cloud, Alibaba Cloud or a peering', () => {
    for (const hub of ['gcp', 'alicloud'] as const) {
      const networks = [network('onPremises', 0), network(hub, 1), network('azure', 2)];
      expect(reaches(networked(networks, Links.hub('region-1')))).toEqual([
        ['region-1'],
        ['region-0', 'region-2'],
        ['region-1'],
      ]);
    }
    const peered = [network('onPremises', 0), network('aws', 1), network('aws', 2)];
    expect(reaches(networked(peered, Links.hub('region-1')))[0]).toEqual(['region-1']);
  });

  it('Google Cloud announces the addresses that its resolver asks from', () => {
    const external = Network.external({ cidrs: ['10.1.0.0/16'] });
    const plan = planTopology(
      networked([network('gcp', 0), external], {
        type: 'list',
        links: [{ between: ['region-0', 'region-1'], via: 'existing' }],
      }),
    );
    expect(plan.regions.map((region) => region.network?.announces)).toEqual([
      ['10.0.0.0/16', '35.199.192.0/19'],
      ['10.1.0.0/16'],
    ]);
  });
});
