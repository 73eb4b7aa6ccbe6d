import { Links } from '../../../lib/plan/network/links';
import { planTopology, type TopologyProps } from '../../../lib/plan/plan';
import { mistake } from '../topologies';
import { network, networked, pair } from './networks';

const costs = (props: TopologyProps) => planTopology(props).costs;

describe('what tunnels cost', () => {
  it('by example prices: AWS by connections, Azure by gateway and tunnels above ten, Google Cloud by tunnels', () => {
    const networks = [network('aws', 0), network('azure', 1), network('gcp', 2), network('huawei', 3)];
    expect(costs(networked(networks, Links.mesh()))).toEqual({
      currency: 'USD',
      example: true,
      regions: [
        // 730 h × (0.05 + 6 × 0.1)
        { region: 'region-0', gateways: 1, connections: 6, tunnels: 12, idleMonth: 474.5, egressGb: 0.11 },
        { region: 'region-1', gateways: 1, connections: 0, tunnels: 8, idleMonth: 365, egressGb: 0.087 },
        // 730 h × 8 × 0.075
        { region: 'region-2', gateways: 1, connections: 0, tunnels: 8, idleMonth: 438, egressGb: 0.12 },
        { region: 'region-3', gateways: 1, connections: 0, tunnels: 8 },
      ],
    });
  });

  it('by prices of your own, which replace all examples', () => {
    const prices = { currency: 'EUR', clouds: { azure: { gatewayHour: 1, tunnelHour: 0.5, tunnelsIncluded: 3 } } };
    expect(costs({ ...pair(network('aws', 0), network('azure', 1)), prices })).toEqual({
      currency: 'EUR',
      example: false,
      regions: [
        { region: 'region-0', gateways: 1, connections: 2, tunnels: 4 },
        { region: 'region-1', gateways: 1, connections: 0, tunnels: 4, idleMonth: 1095 },
      ],
    });
  });

  it('count connections of Alibaba Cloud across those of AWS', () => {
    expect(costs(pair(network('aws', 0), network('alicloud', 1)))?.regions[1]).toMatchObject({
      connections: 2,
      tunnels: 4,
    });
    expect(costs(pair(network('aws', 0), network('alicloud', 1), { tunnels: 2 }))?.regions).toMatchObject([
      { connections: 2, tunnels: 2 },
      { connections: 1, tunnels: 2 },
    ]);
  });

  it('nothing where there are none', () => {
    expect(costs(pair(network('aws', 0), network('aws', 1)))).toBeUndefined();
  });

  it.each<[unknown, string, string]>([
    [{ currency: 'euro' }, 'prices.currency', 'is not valid'],
    [{ clouds: { ibm: {} } }, 'prices.clouds.ibm', 'is not a setting here'],
    [{ clouds: { aws: { hour: 1 } } }, 'prices.clouds.aws.hour', 'is not a setting here'],
    [{ clouds: { aws: { gatewayHour: '1 USD' } } }, 'prices.clouds.aws.gatewayHour', 'is not a price'],
    [{ clouds: { aws: { egressGb: -1 } } }, 'prices.clouds.aws.egressGb', 'is not a price'],
    [{ table: {} }, 'prices.table', 'is not a setting here'],
  ])('mistakes: %j', (prices, path, problem) => {
    const props = { ...pair(network('aws', 0), network('azure', 1)), prices: prices as never };
    expect(mistake(props)).toMatchObject({ path, problem });
  });
});
