import { Links } from '../../../lib/plan/network/links';
import type { Network } from '../../../lib/plan/network/networks';
import { planTopology, type TopologyProps } from '../../../lib/plan/plan';
import { network, networked } from './networks';

const warnings = (props: TopologyProps) => planTopology(props).warnings.filter(({ path }) => path === 'links.region');
const centre = (i: number): Network => ({ ...network('onPremises', i), resolvers: [`10.${i}.0.53`] }) as Network;
const around = (hub: Network, ...spokes: readonly Network[]) => networked([hub, ...spokes], Links.hub('region-0'));

describe('a hub', () => {
  it.each(['gcp', 'alicloud'] as const)(
    'of %s, which passes no routes on, is told with the pairs that do not meet',
    (type) => {
      const found = warnings(around(network(type, 0), network('aws', 1), centre(2), network('azure', 3)));
      expect(found).toEqual([
        {
          level: 'warning',
          path: 'links.region',
          problem:
            `is a hub (${type === 'gcp' ? 'Google Cloud' : 'Alibaba Cloud'}) over which these do not reach each other: ` +
            'region-1 and region-2, region-1 and region-3, region-2 and region-3',
          given: '"region-0"',
          allowed: 'a hub that passes routes on from tunnel to tunnel: AWS, Azure, Huawei Cloud, data centre',
          fix: 'choose such a hub, or link them to each other: links: [{ between: [region-1, region-2] }, …]',
        },
      ]);
    },
  );

  it.each(['aws', 'azure', 'huawei', 'onPremises'] as const)('of %s with tunnels alone joins all', (type) => {
    expect(
      warnings(around(type === 'onPremises' ? centre(0) : network(type, 0), network('gcp', 1), centre(2))),
    ).toEqual([]);
  });

  it('that passes routes on does so from tunnel to tunnel only, not to a peered region', () => {
    expect(warnings(around(network('aws', 0), network('aws', 1), centre(2), centre(3)))).toMatchObject([
      {
        problem:
          'is a hub (AWS) over which these do not reach each other: region-1 and region-2, region-1 and region-3',
        fix: 'link them to each other: links: [{ between: [region-1, region-2] }, …]; peering and existing links carry the routes of their two ends alone',
      },
    ]);
  });

  it('is no matter where further links join the others', () => {
    const links = Links.hub('region-0', { links: [{ between: ['region-1', 'region-2'] }] });
    expect(warnings(networked([network('gcp', 0), network('aws', 1), centre(2)], links))).toEqual([]);
  });

  it('names a few of many pairs', () => {
    const [found] = warnings(around(network('gcp', 0), ...Array.from({ length: 6 }, (_, i) => centre(i + 1))));
    expect(found?.problem).toMatch(/: region-1 and region-2, .*, region-2 and region-3, and 9 more pairs$/);
  });

  it('is asked of hubs alone: a list says itself who meets whom', () => {
    const links = Links.list([{ between: ['region-0', 'region-1'] }, { between: ['region-0', 'region-2'] }]);
    expect(warnings(networked([network('gcp', 0), network('aws', 1), centre(2)], links))).toEqual([]);
  });
});
