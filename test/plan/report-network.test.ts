import { mermaid, svg } from '../../lib/plan/diagram';
import { Links } from '../../lib/plan/network/links';
import { planTopology, type TopologyProps } from '../../lib/plan/plan';
import { report } from '../../lib/plan/report';
import { network, networked, pair } from './network/networks';
import { topology } from './topologies';

const sections = (props: TopologyProps) => report(planTopology(props));
const rows = (props: TopologyProps, title: string): readonly (readonly string[])[] => {
  const found = sections(props).find((section) => section.title.startsWith(title));
  if (found === undefined) throw new Error(`no table ${title}`);
  return found.rows;
};
const centre = { ...network('onPremises', 1), resolvers: ['10.1.0.53'] };
const two = pair(network('aws', 0), centre, { tunnels: 2, keyRotation: 1 });

describe('the report of networks', () => {
  it('has tables whose rows have a text for each column', () => {
    for (const { title, columns, rows: found } of sections({ ...two, dns: {} })) {
      expect([title, found.every((row) => row.length === columns.length)]).toEqual([title, true]);
    }
  });

  it('says nothing of networks where there are none', () => {
    const titles = (props: TopologyProps) => sections(props).map(({ title }) => title);
    const more = titles({ ...two, dns: {} }).filter((title) => !titles(topology(2)).includes(title));
    expect(more).toEqual([
      'Networks',
      'Links',
      'Names',
      'Time to fail over by name',
      'What linked regions cost (example prices, unchecked: set "prices")',
      'What links cost, and 1 GB of images that 100 nodes of each region pull (example prices, unchecked: set "prices")',
      'Every tunnel',
      'Firewalls between linked networks',
    ]);
  });

  it('shows where each region stands and whom it reaches', () => {
    expect(rows(networked([network('aws', 0), centre, network('external', 2)], Links.mesh()), 'Networks')).toEqual([
      ['region-0', 'AWS us-east-1', '10.0.0.0/16', '0', '64600', 'all others', 'known later'],
      ['region-1', 'data centre', '10.1.0.0/16', '1', '64601', 'all others', '10.1.0.53'],
      ['region-2', 'external network', '10.2.0.0/16', '2', '64602', 'all others', 'none'],
    ]);
  });

  it('shows links, and each tunnel with its two ends', () => {
    expect(rows(two, 'Links')).toEqual([['region-0 and region-1', 'vpn', '2', 'common', '169.254.21.16/28', '2, 1']]);
    expect(rows(pair(network('gcp', 0), network('gcp', 1)), 'Links')).toEqual([
      ['region-0 and region-1', 'peering', 'none', '', '', ''],
    ]);
    expect(rows(two, 'Every tunnel')).toEqual([
      [
        'region-0--region-1-1',
        '169.254.21.16/30',
        '169.254.21.17 at outside address 0, connection 0 tunnel 1',
        '169.254.21.18 at 198.51.100.2',
        '2',
      ],
      [
        'region-0--region-1-3',
        '169.254.21.24/30',
        '169.254.21.25 at outside address 2, connection 1 tunnel 1',
        '169.254.21.26 at 198.51.100.3',
        '1',
      ],
    ]);
  });

  it('shows names, and how long a failover takes', () => {
    const database = { type: 'external' as const, host: 'db.example.com', passwordSecret: 'db' };
    const { 'region-0': first = {}, 'region-1': second } = two.regions;
    const regions = { 'region-0': { ...first, database }, 'region-1': second };
    const found = rows({ ...two, dns: {}, regions } as never, 'Names');
    expect(found).toContainEqual([
      'registry.example.com',
      'everywhere',
      'harbor harbor of region-1',
      'healthy, choice 2',
      '30 s',
      'region-1.registry.example.com',
    ]);
    expect(found).toContainEqual([
      'region-1.registry.example.com',
      'over links',
      'harbor harbor of region-1',
      'always',
      '30 s',
      '',
    ]);
    expect(found.map(([, , leadsTo]) => leadsTo)).toContain('db.example.com');
    const near = { routing: 'latency' as const, places: { 'region-1': 'eu-central-1' } };
    expect(rows({ ...two, dns: near }, 'Names')[0]?.[3]).toBe('healthy and nearest, at us-east-1');
    expect(rows({ ...two, dns: {} }, 'Time to fail over')).toEqual([
      ['a health check fails', '10 s × 3', '30 s'],
      ['resolvers forget the old answer', 'TTL', '30 s'],
      ['clients ask another region after at most', 'sum', '60 s'],
    ]);
  });

  it('shows costs, and where a price is not known', () => {
    expect(rows(two, 'What linked regions cost')).toEqual([
      ['region-0', '1', '3', '2', '2', '4', '547.5 USD', '0.09 USD'],
      ['region-1', '1', '0', '0', '2', '0', 'no price given', 'no price given'],
      ['all', '', '', '', '', '', '547.5 USD', ''],
    ]);
    expect(rows(two, 'What links cost')).toEqual([
      ['region-0 and region-1', 'vpn', '146 USD', '0.11 USD', 'no price given', '0.055 USD', '5.5 USD'],
    ]);
    expect(rows({ ...two, prices: {} }, 'What links cost')[0]?.slice(2)).toEqual(Array(5).fill('no price given'));
    const three = networked([network('aws', 0), network('aws', 1), network('azure', 2)], Links.mesh());
    const prices = { currency: 'EUR', clouds: { aws: { egressGb: 0.3, peeringGb: 0.03 } }, nodes: 10 };
    expect(rows({ ...three, prices }, 'What links cost, and 1 GB of images that 10 nodes of each region pull')).toEqual(
      [
        ['region-0 and region-1', 'peering', 'no price given', '0.03 EUR', '0.03 EUR', '0.02 EUR', '0.2 EUR'],
        ['region-0 and region-2', 'vpn', 'no price given', '0.3 EUR', 'no price given', '0.1 EUR', '1 EUR'],
        ['region-1 and region-2', 'vpn', 'no price given', '0.3 EUR', 'no price given', '0.1 EUR', '1 EUR'],
        ['all', '', '', '', '', '0.22 EUR', '2.2 EUR'],
      ],
    );
  });

  it('shows firewalls, with the number of regions where they are many', () => {
    const found = rows(two, 'Firewalls');
    expect(found).toContainEqual([
      'region-0',
      'egress',
      'region-1 (10.1.0.0/16)',
      '53/UDP',
      'private names of linked regions',
    ]);
    expect(found).toContainEqual(expect.arrayContaining(['region-1', 'ingress', 'region-0 (10.0.0.0/16)', 'ICMP 3/4']));
    const five = Array.from({ length: 5 }, (_, i) => network('onPremises', i));
    expect(rows(networked(five, Links.mesh()), 'Firewalls')[0]).toEqual([
      'region-0',
      'egress',
      '4 regions',
      '443',
      'image pulls by the name of a region',
    ]);
  });

  it('leaves many links to the details', () => {
    const many = (count: number) =>
      sections(
        networked(
          Array.from({ length: count }, (_, i) => network('onPremises', i)),
          Links.mesh(),
        ),
      ).find(({ title }) => title === 'Links')?.detail;
    expect([many(3), many(8)]).toEqual([false, true]);
  });
});

describe('pictures of networks', () => {
  const three = planTopology(networked([network('aws', 0), centre, network('aws', 2)], Links.mesh()));

  it('draw links between regions', () => {
    expect(mermaid(three)).toContain('r0 <-.->|"VPN, 4 tunnels"| r1');
    expect(mermaid(three)).toContain('r0 <-.->|"peering link"| r2');
  });

  it('name the peers of each region', () => {
    expect(svg(three)).toContain('linked with region-0 (VPN, 4 tunnels), region-2 (VPN, 4 tunnels)');
    expect(svg(planTopology(topology(2)))).not.toContain('linked with');
  });
});
