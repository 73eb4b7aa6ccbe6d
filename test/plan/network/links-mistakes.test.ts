import { defer } from '../../../lib/plan/deferred';
import { Links } from '../../../lib/plan/network/links';
import { Network, type NetworkType } from '../../../lib/plan/network/networks';
import { planTopology, type TopologyProps } from '../../../lib/plan/plan';
import { bucket, mistake, mistakes, topology } from '../topologies';
import { network, networked, pair } from './networks';

const found = (props: unknown) => mistakes(props).map(({ path, problem }) => [path, problem]);
/** All but that a data centre has no resolver, which most of them here have not. */
const warnings = (props: TopologyProps) =>
  planTopology(props)
    .warnings.map(({ path, problem }) => [path, problem])
    .filter(([path]) => !path?.endsWith('.resolvers'));
const one = (more: object) => ({ ...network('onPremises', 0), ...more }) as Network;
const lone = (more: object) => networked([one(more)], undefined);
const pathOf = (key: string) => `regions.region-0.network.${key}`;

describe('mistakes in a network', () => {
  it.each<[object, string, string]>([
    [{ type: 'ibm' }, 'type', 'is not one of the choices'],
    [{ type: undefined }, 'type', 'is missing'],
    [{ cidrs: undefined }, 'cidrs', 'is missing'],
    [{ cidrs: [] }, 'cidrs', 'is missing'],
    [{ cidrs: '10.0.0.0/8' }, 'cidrs', 'is not a list of texts'],
    [{ cidrs: ['fd00::/8'] }, 'cidrs[0]', 'is not valid'],
    [{ cidrs: ['10.0.0.0'] }, 'cidrs[0]', 'is not a range of addresses'],
    [{ cidrs: ['169.254.21.0/24'] }, 'cidrs[0]', 'is a range that no cluster can use'],
    [{ index: 400 }, 'index', 'is out of range'],
    [{ asn: 0 }, 'asn', 'is out of range'],
    [{ asn: 64_500 }, 'asn', 'is an ASN that no gateway of this kind (data centre) may have'],
    [{ resolvers: ['dns.example.com'] }, 'resolvers[0]', 'is not valid'],
    [{ resolvers: [] }, 'resolvers', 'is missing'],
    [{ resolvers: ['192.168.0.1'] }, 'resolvers[0]', 'is outside of the ranges that other regions have a route to'],
    [{ publicIps: undefined }, 'publicIps', 'is missing'],
    [{ publicIps: ['256.1.1.1'] }, 'publicIps[0]', 'is not valid'],
    [{ publicIps: ['198.51.100.010'] }, 'publicIps[0]', 'is not valid'],
    [{ publicIps: ['198.51.100.07'] }, 'publicIps[0]', 'is not valid'],
    [{ publicIps: ['198.51.100.1', '198.51.100.1'] }, 'publicIps[1]', 'stands there twice'],
    [{ publicIps: ['198.51.100.1', '198.51.100.2', '198.51.100.3'] }, 'publicIps', 'has too many addresses'],
    [{ region: 'fra' }, 'region', 'is not a setting here'],
    [{ vpcId: 'vpc-1' }, 'vpcId', 'is not a setting here'],
  ])('%j', (more, key, problem) => {
    expect(mistake(lone(more))).toMatchObject({ path: `regions.region-0.network.${key}`, problem });
  });

  it.each<[object, string, string]>([
    [{ region: undefined }, 'region', 'is missing'],
    [{ region: 'US East 1' }, 'region', 'is not valid'],
    [{ gateway: 'internetGateway' }, 'gateway', 'is not one of the choices'],
    [{ asn: 65_000_000 }, 'asn', 'is an ASN that no gateway of this kind (AWS) may have'],
  ])('of AWS: %j', (more, key, problem) => {
    const props = networked([{ ...network('aws', 0), ...more } as Network], undefined);
    expect(mistake(props)).toMatchObject({ path: `regions.region-0.network.${key}`, problem });
  });

  it.each<[NetworkType, number, boolean]>([
    ['aws', 64_512, true],
    ['aws', 65_535, false],
    ['aws', 4_200_000_000, true],
    ['aws', 7224, false],
    // Its own gateways have it by default.
    ['azure', 65_515, true],
    ['azure', 65_517, false],
    ['azure', 8074, false],
    ['azure', 12_076, false],
    ['azure', 65_010, true],
    ['azure', 23_456, false],
    ['gcp', 16_550, false],
    ['gcp', 65_534, true],
    ['alicloud', 45_104, true],
    ['huawei', 65_551, false],
    ['onPremises', 3320, true],
    ['onPremises', 64_511, false],
  ])('%s with ASN %d', (type, asn, allowed) => {
    const props = networked([{ ...network(type, 0), asn }], undefined);
    expect(found(props)).toHaveLength(allowed ? 0 : 1);
  });

  it.each(['cidrs', 'publicIps', 'resolvers'])('%s are known when planned: routers and clouds are told them', (key) => {
    const late = {
      problem: 'is known only when deployed, and what is made depends on it',
      given: '(a late value)',
      fix: expect.stringContaining("another stack's output as a plain value: (await reference.getOutputDetails("),
    };
    const list = [defer('x')];
    expect(mistakes(lone({ [key]: list }))).toEqual([expect.objectContaining({ ...late, path: pathOf(`${key}[0]`) })]);
    expect(mistakes(lone({ [key]: defer(list) }))).toContainEqual(
      expect.objectContaining({ ...late, path: pathOf(key) }),
    );
  });

  it('numbers are taken once', () => {
    const twice = (more: object) =>
      networked([one(more), { ...one(more), cidrs: ['10.9.0.0/16'] } as Network], undefined);
    expect(mistakes(twice({ index: 1, publicIps: ['198.51.100.9'] }))).toMatchObject([
      {
        path: 'regions.region-1.network.index',
        problem: 'is what region-0 has already',
        given: '1',
        fix: 'set index: 0',
      },
      { path: 'regions.region-1.network.publicIps', problem: 'is what region-0 has already' },
    ]);
    const later = networked([network('aws', 0), { ...network('gcp', 1), index: 2 }, network('azure', 2)], undefined);
    expect(mistakes(later)[0]).toMatchObject({ path: 'regions.region-2.network.index', fix: 'set index: 1' });
  });
});

describe('mistakes in links', () => {
  const three = [network('aws', 0), network('azure', 1), network('onPremises', 2)];
  const list = (...links: readonly object[]) => networked(three, { type: 'list', links } as never);

  it.each<[object, string, string]>([
    [{}, 'links.links[0].between', 'is missing'],
    [{ between: 'region-0' }, 'links.links[0].between', 'is not a list of texts'],
    [{ between: ['region-0'] }, 'links.links[0].between', 'does not name two regions'],
    [{ between: ['region-0', 'region-1', 'region-2'] }, 'links.links[0].between', 'does not name two regions'],
    [{ between: ['region-0', 'region-0'] }, 'links.links[0].between', 'links a region to itself'],
    [{ between: ['region-0', 'region-9'] }, 'links.links[0].between[1]', 'is not a region'],
    [{ between: ['region-0', 'region-1'], tunnels: 3 }, 'links.links[0].tunnels', 'is not what both ends can have'],
    [{ between: ['region-1', 'region-2'], tunnels: 4 }, 'links.links[0].tunnels', 'is not what both ends can have'],
    [{ between: ['region-0', 'region-1'], tunnels: 5 }, 'links.links[0].tunnels', 'is out of range'],
    [{ between: ['region-0', 'region-1'], crypto: 'weak' }, 'links.links[0].crypto', 'is not one of the choices'],
    [{ between: ['region-0', 'region-1'], keyRotation: 10_000 }, 'links.links[0].keyRotation', 'is out of range'],
    [{ between: ['region-0', 'region-1'], keyRotation: -1 }, 'links.links[0].keyRotation', 'is out of range'],
    [{ between: ['region-0', 'region-1'], via: 'sea' }, 'links.links[0].via', 'is not one of the choices'],
    [{ between: ['region-0', 'region-1'], vpn: true }, 'links.links[0].vpn', 'is not a setting here'],
    [{ between: ['', 'region-1'] }, 'links.links[0].between[0]', 'is not a region'],
    [
      { between: ['region-0', 'region-1'], via: 'peering' },
      'links.links[0].via',
      'is no peering between region-0 (AWS) and region-1 (Azure)',
    ],
    [
      { between: ['region-0', 'region-1'], via: 'existing', tunnels: 2 },
      'links.links[0].tunnels',
      'has no meaning for a link of kind existing',
    ],
    [
      { between: ['region-0', 'region-1'], via: 'existing', keyRotation: 1 },
      'links.links[0].keyRotation',
      'has no meaning for a link of kind existing',
    ],
  ])('%j', (link, path, problem) => {
    expect(mistake(list(link))).toMatchObject({ path, problem });
  });

  it.each<[unknown, string, string]>([
    [{ type: 'ring' }, 'links.type', 'is not one of the choices'],
    [{}, 'links.type', 'is missing'],
    [{ type: 'list' }, 'links.links', 'is missing'],
    [{ type: 'mesh', keyRotation: 1 }, 'links.keyRotation', 'is a setting of one link'],
    [{ type: 'mesh', region: 'region-0' }, 'links.region', 'is not a setting here'],
    [{ type: 'hub' }, 'links.region', 'is missing'],
    [{ type: 'hub', region: 'region' }, 'links.region', 'is not a region'],
    [{ type: 'mesh', crypto: 'none' }, 'links.crypto', 'is not one of the choices'],
    ['mesh', 'links', 'is not a map of settings'],
  ])('%j', (links, path, problem) => {
    expect(found(networked(three, links as never))).toContainEqual([path, problem]);
  });

  it('a region is suggested where a name is nearly one', () => {
    expect(mistake(list({ between: ['region-0', 'regoin-1'] })).fix).toBe('did you mean "region-1"?');
    expect(mistake(list({ between: ['region-0', 'tokyo'] })).fix).toBe('name a region of this topology');
  });

  it('the same link twice, in whatever order', () => {
    const links = [{ between: ['region-0', 'region-1'] }, { between: ['region-1', 'region-0'] }];
    expect(mistake(list(...links))).toMatchObject({
      path: 'links.links[1]',
      problem: 'is a second link between the same regions',
    });
  });

  it('regions without a network, each once', () => {
    const regions = { a: bucket('a'), b: bucket('b'), c: { ...bucket('c'), network: network('aws', 3) } };
    expect(found(topology(0, { regions, links: Links.mesh() }))).toEqual([
      ['regions.a.network', 'is missing: the region is linked'],
      ['regions.b.network', 'is missing: the region is linked'],
    ]);
  });

  it('a network of no kind is told as that, and not as missing', () => {
    const regions = {
      a: { ...bucket('a'), network: { type: 'onpremises', cidrs: ['10.9.0.0/16'] } as never },
      c: { ...bucket('c'), network: network('aws', 3) },
    };
    expect(found(topology(0, { regions, links: Links.mesh() }))).toEqual([
      ['regions.a.network.type', 'is not one of the choices'],
    ]);
  });

  it('names that join to the same', () => {
    const names = ['a', 'b--c', 'a--b', 'c'];
    const regions = Object.fromEntries(
      names.map((name, i) => [name, { ...bucket(name), network: network('onPremises', i) }]),
    );
    const links = Links.list([{ between: ['a', 'b--c'] }, { between: ['a--b', 'c'] }]);
    expect(mistake(topology(0, { regions, links }))).toMatchObject({
      path: 'links.links[1]',
      problem: 'makes the same name of a link as a and b--c',
      given: '"a--b and c"',
    });
  });
});

describe('what clouds lack', () => {
  it('AWS cannot dial AWS: both learn their addresses late', () => {
    expect(mistake(pair(network('aws', 0), network('aws', 1), { via: 'vpn' }))).toEqual({
      path: 'links.links[0].via',
      problem:
        'cannot be tunnels between region-0 (AWS) and region-1 (AWS): each would wait for the outside addresses of the other',
      given: '"vpn"',
      allowed: 'peering or existing',
      fix: 'leave "via" out: they are peered then',
    });
  });

  it('gateways of Azure wait for each other, and those of Google Cloud are no outside addresses', () => {
    for (const [type, why] of [
      ['azure', 'neither of them begins a BGP session, each waits for the other'],
      ['gcp', 'it refuses its own gateways as outside addresses'],
    ] as const) {
      const { problem, fix } = mistake(pair(network(type, 0), network(type, 1), { via: 'vpn' }));
      expect([problem.endsWith(`: ${why}`), fix]).toEqual([true, 'leave "via" out: they are peered then']);
    }
    const beijing = Network.aws({ region: 'cn-north-1', cidrs: ['10.8.0.0/16'] });
    expect(mistake(pair(beijing, network('aws', 1), { via: 'vpn' })).fix).toBe(
      'set via: existing, over a line of your own',
    );
  });

  it('a pair of a mesh that cannot be joined: the remedy is a setting that exists', () => {
    const beijing = Network.aws({ region: 'cn-north-1', cidrs: ['10.8.0.0/16'] });
    const networks = [network('aws', 0), beijing];
    const { path, fix } = mistake(networked(networks, Links.mesh()));
    expect([path, fix]).toEqual([
      'links.links',
      'add links: [{ between: [region-0, region-1], via: existing }], over a line of your own',
    ]);
    const links = Links.mesh({ links: [{ between: ['region-0', 'region-1'], via: 'existing' }] });
    expect(mistakes(networked(networks, links))).toEqual([]);
  });

  it('inside addresses twice in one VPC of Google Cloud, each with an index that is free', () => {
    const at = (i: number, index?: number): Network => ({ ...network('gcp', i), vpc: 'registry', index }) as Network;
    const mesh = (...pins: readonly (number | undefined)[]) =>
      networked(
        [network('aws', 0), network('onPremises', 1), at(2, pins[0]), at(3, pins[1]), at(4, pins[2])],
        Links.mesh(),
      );
    expect(mistakes(mesh())).toMatchObject([
      { path: 'regions.region-3.network.index', given: '3', fix: 'pin index: 5' },
      { path: 'regions.region-4.network.index', given: '4', fix: 'pin index: 7' },
    ]);
    expect(mistakes(mesh(undefined, 5, 7))).toEqual([]);
  });

  it('more connections than an account of Alibaba Cloud has for a gateway are a warning', () => {
    const networks = [network('alicloud', 0), ...Array.from({ length: 6 }, (_, i) => network('aws', i + 1))];
    expect(warnings(networked(networks.slice(0, 6), Links.hub('region-0'))).map(([path]) => path)).not.toContain(
      'regions.region-0.network',
    );
    expect(warnings(networked(networks, Links.hub('region-0')))).toContainEqual([
      'regions.region-0.network',
      expect.stringContaining('needs more VPN connections than an account has'),
    ]);
  });

  it('Alibaba Cloud has no AES-GCM: an error for the link that asks for it, the common profile where all links do', () => {
    const [a, b] = [network('aws', 0), network('alicloud', 1)];
    expect(mistake(pair(a, b, { crypto: 'strong' }))).toMatchObject({
      path: 'links.links[0].crypto',
      problem: 'is more than Alibaba Cloud has, which region-1 stands in',
    });
    const mesh = planTopology(networked([a, b, network('gcp', 2)], Links.mesh({ crypto: 'strong' })));
    expect(mesh.links.map(({ name, crypto }) => [name, crypto])).toEqual([
      ['region-0--region-1', 'common'],
      ['region-0--region-2', 'strong'],
      ['region-1--region-2', 'common'],
    ]);
  });

  it('a peer whose ASN a cloud refuses', () => {
    const own = { ...network('onPremises', 1), asn: 65_515 };
    expect(mistake(pair(network('azure', 0), own))).toMatchObject({
      path: 'regions.region-1.network.asn',
      problem: 'is refused by Azure, which region-0 stands in',
    });
    expect(mistake(pair({ ...own, asn: 9059 }, network('aws', 0))).problem).toBe(
      'is refused by AWS, which region-1 stands in',
    );
    expect(mistakes(pair(network('azure', 0), own, { via: 'existing' }))).toEqual([]);
  });

  describe('ASNs', () => {
    const asn = 64_512;
    const of = (type: NetworkType, i: number): Network => ({ ...network(type, i), asn }) as Network;
    const taken = (i: number, by: number) => [
      `regions.region-${i}.network.asn`,
      `is what region-${by} has, and tunnels join the two`,
    ];

    it('differ where tunnels join regions, directly or over others', () => {
      expect(found(pair(of('aws', 0), of('gcp', 1)))).toEqual([taken(1, 0)]);
      const over = networked([of('aws', 0), network('onPremises', 1), of('gcp', 2)], Links.hub('region-1'));
      expect(mistake(over)).toMatchObject({
        path: 'regions.region-2.network.asn',
        given: '64512',
        allowed:
          'an ASN for each region that tunnels join, directly or over others: routes that carry their own are dropped',
      });
    });

    it('are told of each region that shares one, with the first that it is joined to', () => {
      const networks = [of('aws', 0), of('aws', 1), network('onPremises', 2), of('azure', 3), of('onPremises', 4)];
      const links = Links.list([
        { between: ['region-0', 'region-1'] },
        { between: ['region-1', 'region-2'] },
        { between: ['region-2', 'region-3'] },
      ]);
      expect(found(networked(networks, links))).toEqual([taken(3, 1)]);
    });

    it('may be the same where no route would carry them: peered, not linked, or with none in between that passes routes on', () => {
      expect(found(networked([of('aws', 0), of('aws', 1)], undefined))).toEqual([]);
      expect(found(pair(of('aws', 0), of('aws', 1)))).toEqual([]);
      expect(found(pair(of('aws', 0), of('gcp', 1), { via: 'existing' }))).toEqual([]);
      expect(found(networked([of('aws', 0), network('gcp', 1), of('azure', 2)], Links.hub('region-1')))).toEqual([]);
      const azure = (i: number): Network => ({ ...network('azure', i), asn: 65_515 }) as Network;
      expect(found(pair(azure(0), azure(1)))).toEqual([]);
    });

    it('of Azure by default are for its own gateways alone', () => {
      const own: Network = { ...network('azure', 0), asn: 65_515 } as Network;
      expect(found(pair(own, network('aws', 1)))).toEqual([]);
    });
  });

  it('an external network without addresses has no tunnels', () => {
    const external = Network.external({ cidrs: ['10.9.0.0/16'] });
    expect(mistake(pair(network('aws', 0), external))).toMatchObject({
      path: 'regions.region-1.network.publicIps',
      problem: 'is missing: tunnels lead to region-1',
    });
    expect(planTopology(pair(network('aws', 0), external, { via: 'existing' })).links[0]?.tunnels).toEqual([]);
  });

  it('the border of mainland China: CEN within Alibaba Cloud, a warning elsewhere, no peering of partitions', () => {
    const hangzhou = Network.alicloud({ region: 'cn-hangzhou', cidrs: ['10.7.0.0/16'] });
    const beijing = Network.aws({ region: 'cn-north-1', cidrs: ['10.8.0.0/16'] });
    const east = Network.azure({ region: 'chinaeast', cidrs: ['10.9.0.0/16'] });
    expect(mistake(pair(hangzhou, network('alicloud', 1), { via: 'vpn' })).problem).toBe(
      'crosses the border of mainland China between region-0 (Alibaba Cloud) and region-1 (Alibaba Cloud): VPN Gateway does not join VPCs over it',
    );
    expect(warnings(pair(network('aws', 0), hangzhou))).toEqual([
      [
        'links.links[0].via',
        'crosses the border of mainland China between region-0 (AWS) and region-1 (Alibaba Cloud)',
      ],
    ]);
    expect(warnings(pair(hangzhou, beijing))).toEqual([]);
    expect(warnings(pair(hangzhou, network('alicloud', 1)))).toEqual([]);
    expect(mistake(pair(beijing, network('aws', 1))).problem).toMatch(/^cannot join .* in a partition of its own$/);
    expect(mistake(pair(east, network('azure', 1))).path).toBe('links.links[0].via');
    expect(mistakes(pair(beijing, network('aws', 1), { via: 'existing' }))).toEqual([]);
    expect(warnings(pair(network('onPremises', 0), hangzhou))).toHaveLength(1);
  });

  it('more tunnels than a gateway has', () => {
    const clouds = Array.from({ length: 8 }, (_, i) => network('aws', i + 1));
    expect(mistake(networked([network('azure', 0), ...clouds], Links.hub('region-0')))).toMatchObject({
      path: 'regions.region-0.network',
      problem: 'needs more tunnels than its gateway (Azure) can have',
      given: '32',
      allowed: 'at most 30',
    });
    const small = { ...network('aws', 0), gateway: 'vpnGateway' } as Network;
    const peers = Array.from({ length: 6 }, (_, i) => network('onPremises', i + 1));
    expect(mistake(networked([small, ...peers], Links.hub('region-0')))).toMatchObject({
      path: 'regions.region-0.network',
      given: '24',
      allowed: 'at most 20, which are 10 connections',
      fix: 'use gateway: transitGateway',
    });
    const idle = Links.list(
      peers.map((_, i) => ({ between: ['region-0', `region-${i + 1}`] as const, tunnels: 2 as const })),
    );
    expect(mistake(networked([small, ...peers], idle)).given).toBe('24');
  });

  it('more routes than a gateway takes, those that a hub passes on too', () => {
    const wide = (i: number) => ({
      ...network('onPremises', i),
      cidrs: Array.from({ length: 30 }, (_, j) => `10.${i}.${j}.0/24`),
    });
    const networks = [network('alicloud', 0), wide(1), wide(2)];
    expect(mistake(networked(networks, Links.hub('region-1')))).toMatchObject({
      path: 'regions.region-0.network',
      problem: 'learns more routes than its gateway (Alibaba Cloud) takes',
      given: '60',
      allowed: 'at most 50',
    });
    // Google Cloud passes none on.
    const overGoogle = [network('alicloud', 0), { ...network('gcp', 1), cidrs: wide(1).cidrs }, wide(2)];
    expect(mistakes(networked(overGoogle, Links.hub('region-1')))).toEqual([]);
  });

  it.each<[NetworkType, string, string]>([
    ['alicloud', '100.64.0.0/16', '100.64.0.0/10'],
    ['huawei', '214.1.0.0/16', '214.0.0.0/8'],
    ['gcp', '35.199.200.0/24', '35.199.192.0/19'],
  ])('%s keeps %s for itself, also from those it is linked with', (type, cidr, kept) => {
    const keeps = network(type, 0);
    const other = { ...network('onPremises', 1), cidrs: ['10.1.0.0/16', cidr] };
    expect(mistake(pair(keeps, other))).toMatchObject({
      path: 'regions.region-1.network.cidrs[1]',
      problem: expect.stringMatching(
        new RegExp(`^overlaps ${kept}, which .* keeps for itself: region-0 stands in, which is linked$`),
      ),
    });
    expect(mistakes(networked([keeps, other], undefined))).toEqual([]);
    expect(mistake(networked([{ ...keeps, cidrs: [cidr] }], undefined)).problem).toMatch(/: it stands in$/);
  });
});

describe('addresses of linked sites', () => {
  const at = (i: number, ...cidrs: readonly string[]) => ({ ...network('onPremises', i), cidrs });

  it('differ, also where only a third one links them', () => {
    const networks = [at(0, '10.0.0.0/8'), at(1, '172.20.0.0/16'), at(2, '10.4.0.0/16')];
    expect(mistake(networked(networks, Links.hub('region-1')))).toEqual({
      path: 'regions.region-2.network.cidrs[0]',
      problem: 'overlaps the addresses of the site of region-0 (10.0.0.0/8), which is linked',
      given: '"10.4.0.0/16"',
      allowed: 'ranges that do not overlap',
      fix: 'give one of them another range; a link over NAT is none',
    });
    expect(mistakes(networked(networks, undefined))).toEqual([]);
    expect(mistakes(networked(networks, Links.list([{ between: ['region-0', 'region-1'] }])))).toEqual([]);
  });

  it('hold their own nodes and pods, and touch those of no other', () => {
    const cluster = { podCidr: '10.0.64.0/18', serviceCidr: '172.30.0.0/16', nodeCidr: '10.0.0.0/20' };
    const both = (cidrs: readonly string[], other: object = {}) => {
      const props = networked([at(0, ...cidrs), at(1, '10.1.0.0/16')], Links.mesh());
      const regions = Object.values(props.regions);
      return {
        ...props,
        regions: { 'region-0': { ...regions[0], cluster }, 'region-1': { ...regions[1], cluster: other } },
      };
    };
    expect(found(both(['10.0.0.0/16']))).toEqual([]);
    expect(found(both(['10.0.0.0/17', '10.0.0.0/20']))).toEqual([
      ['regions.region-0.network.cidrs[1]', 'overlaps the addresses of the site (10.0.0.0/17)'],
    ]);
    expect(mistake(both(['10.0.64.0/19']))).toMatchObject({
      path: 'regions.region-0.cluster.podCidr',
      fix: 'give one of them another range, or one that holds the other',
    });
    expect(found(both(['10.0.0.0/16'], { serviceCidr: '10.0.0.0/16' }))).toContainEqual([
      'regions.region-1.cluster.serviceCidr',
      'overlaps the addresses of the site of region-0 (10.0.0.0/16), which is linked',
    ]);
    expect(warnings(both(['10.0.64.0/18']) as TopologyProps)).toEqual([
      [
        'regions.region-0.cluster.nodeCidr',
        'is outside of the ranges that other regions have a route to: answers to nodes go astray without NAT',
      ],
    ]);
  });

  it('warns of a linked data centre without a resolver', () => {
    const plan = planTopology(
      pair(network('onPremises', 0), { ...network('onPremises', 1), resolvers: ['10.1.0.53'] }),
    );
    expect(plan.warnings.map(({ path, problem }) => [path, problem])).toEqual([
      ['regions.region-0.network.resolvers', 'is missing: linked regions cannot ask for the private names of this one'],
    ]);
  });

  it("warns of Docker's own range", () => {
    expect(warnings(networked([at(0, '172.16.0.0/12')], undefined))).toEqual([
      ['regions.region-0.network.cidrs', expect.stringContaining('overlaps 172.17.0.0/16, which Docker gives')],
    ]);
  });
});

describe('the pool of inside addresses', () => {
  const centres = (count: number) => Array.from({ length: count }, (_, i) => network('onPremises', i));

  it('lasts for a mesh of 32 regions, and a mesh of one cloud needs none of it', () => {
    expect(planTopology(networked(centres(32), Links.mesh())).links).toHaveLength(496);
    const cloud = Array.from({ length: 100 }, (_, i) => network('aws', i));
    expect(planTopology(networked(cloud, Links.mesh())).links).toHaveLength(4950);
  });

  it.each([
    ['a mesh', Links.mesh(), 'region-0 has 99 links with tunnels, and 99 more regions have too many too', '4950'],
    ['a hub', Links.hub('region-3'), 'region-3 has 99 links with tunnels', '99'],
  ])('does not last for %s of a hundred', (_, links, problem, given) => {
    expect(mistake(networked(centres(100), links))).toEqual({
      path: 'links',
      problem: `are more than the inside addresses of one region last for: ${problem}`,
      given,
      allowed: 'at most 32 links with tunnels for each region',
      fix: 'link over a few regions in the middle (Links.list), or use peering and existing links, which take no inside addresses',
    });
  });

  it('lasts for a ring of a hundred, and says where two peers get the same', () => {
    const ring = Array.from({ length: 100 }, (_, i) => ({
      between: [`region-${i}`, `region-${(i + 1) % 100}`] as const,
    }));
    expect(planTopology(networked(centres(100), Links.list(ring))).links).toHaveLength(100);
    const chord = { between: ['region-1', 'region-34'] as const };
    expect(mistakes(networked(centres(100), Links.list([...ring, chord])))[0]).toMatchObject({
      path: 'regions.region-34.network.index',
      problem: 'gets the same inside addresses at region-1 as region-2',
      given: '34',
      fix: 'pin another index',
    });
  });
});
