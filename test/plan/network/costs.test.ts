import { Links } from '../../../lib/plan/network/links';
import type { Network } from '../../../lib/plan/network/networks';
import type { CloudPrices } from '../../../lib/plan/network/prices';
import { planTopology, type TopologyProps } from '../../../lib/plan/plan';
import { mistake } from '../topologies';
import { network, networked, pair } from './networks';

const costs = (props: TopologyProps) => {
  const found = planTopology(props).costs;
  if (found === undefined) throw new Error('no costs');
  return found;
};
const centre = (i: number, publicIps: 1 | 2 = 1): Network =>
  ({ ...network('onPremises', i, publicIps), resolvers: [`10.${i}.0.53`] }) as Network;
const viaVpnGateway = (i: number): Network => ({ ...network('aws', i), gateway: 'vpnGateway' }) as Network;
/** A DNS resolver's endpoints of AWS: two addresses to answer, two to ask. */
const RESOLVER = 730 * 4 * 0.125;

describe('what linked regions cost', () => {
  it('by example prices: AWS by attachments and connections, Azure by gateway and tunnels above ten, Google Cloud by tunnels', () => {
    const networks = [network('aws', 0), network('azure', 1), network('gcp', 2), network('huawei', 3)];
    const { currency, example, regions, idleMonth } = costs(networked(networks, Links.mesh()));
    expect([currency, example]).toEqual(['USD', true]);
    const none = { attachments: 0, connections: 0 };
    expect(regions).toEqual([
      {
        ...{ region: 'region-0', gateways: 1, attachments: 7, connections: 6, tunnels: 12, resolverAddresses: 4 },
        idleMonth: 474.5 + RESOLVER,
        egressGb: 0.09,
      },
      {
        ...{ region: 'region-1', gateways: 1, ...none, tunnels: 8, resolverAddresses: 2 },
        idleMonth: 730 * (0.5 + 2 * 0.25),
        egressGb: 0.087,
      },
      {
        ...{ region: 'region-2', gateways: 1, ...none, tunnels: 8, resolverAddresses: 0 },
        idleMonth: 730 * 8 * 0.075,
        egressGb: 0.12,
      },
      { region: 'region-3', gateways: 1, ...none, tunnels: 8, resolverAddresses: 4 },
    ]);
    expect(idleMonth).toBe(474.5 + RESOLVER + 730 + 438);
  });

  it('a VPN gateway of AWS has connections to pay, and no attachments', () => {
    const [transit] = costs(pair(network('aws', 0), centre(1))).regions;
    const [plain] = costs(pair(viaVpnGateway(0), centre(1))).regions;
    expect(transit).toMatchObject({ attachments: 2, connections: 1, idleMonth: 109.5 + RESOLVER });
    expect(plain).toMatchObject({ attachments: 0, connections: 1, idleMonth: 36.5 + RESOLVER });
  });

  it('peered transit gateways pay the attachments of the VPC and of the peering, peered VPCs none', () => {
    expect(costs(pair(network('aws', 0), network('aws', 1))).regions[0]).toEqual({
      ...{ region: 'region-0', gateways: 1, attachments: 2, connections: 0, tunnels: 0, resolverAddresses: 4 },
      idleMonth: 73 + RESOLVER,
      egressGb: 0.09,
    });
    const none = { gateways: 0, attachments: 0, idleMonth: RESOLVER };
    expect(costs(pair(network('aws', 0), viaVpnGateway(1))).regions).toMatchObject([none, none]);
    expect(costs(pair(network('azure', 0), network('azure', 1))).regions[0]).toMatchObject({
      gateways: 0,
      idleMonth: 365,
    });
    expect(costs(pair(network('alicloud', 0), network('alicloud', 1))).regions[0]).toMatchObject({
      gateways: 0,
      attachments: 2,
    });
  });

  it('a resolver is paid for where it is asked or asks', () => {
    const [aws, other] = costs(pair(network('aws', 0), network('onPremises', 1))).regions;
    expect(aws).toMatchObject({ resolverAddresses: 2 });
    expect(other).toMatchObject({ resolverAddresses: 0 });
    expect(costs(pair(network('alicloud', 0), centre(1))).regions[0]).toMatchObject({ resolverAddresses: 2 });
    expect(costs(pair(network('huawei', 0), centre(1))).regions[0]).toMatchObject({ resolverAddresses: 4 });
  });

  it('by prices of your own, which replace all examples', () => {
    const prices = { currency: 'EUR', clouds: { azure: { gatewayHour: 1, tunnelHour: 0.5, tunnelsIncluded: 3 } } };
    const found = costs({ ...pair(network('aws', 0), network('azure', 1)), prices });
    expect(found).toMatchObject({ currency: 'EUR', example: false, idleMonth: 1095 });
    expect(found.regions.map(({ idleMonth }) => idleMonth)).toEqual([undefined, 1095]);
    expect(found.links.map(({ idleMonth, gigabyte, images }) => [idleMonth, gigabyte, images])).toEqual([
      [365, {}, {}],
    ]);
  });

  it('of parts without a price are not known, as long as none of them has one', () => {
    const prices = { clouds: { alicloud: { egressGb: 1 }, aws: { connectionHour: 1 } } };
    const found = costs({ ...pair(network('alicloud', 0), network('alicloud', 1)), prices });
    expect([found.idleMonth, ...found.regions.map(({ idleMonth }) => idleMonth)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(found.links[0]?.idleMonth).toBeUndefined();
    // Attachments have no price here, connections have one.
    expect(costs({ ...pair(network('aws', 0), centre(1)), prices }).regions[0]?.idleMonth).toBe(730);
  });

  it('count connections of Alibaba Cloud across those of AWS', () => {
    expect(costs(pair(network('aws', 0), network('alicloud', 1))).regions[1]).toMatchObject({
      connections: 2,
      tunnels: 4,
    });
    expect(costs(pair(network('aws', 0), network('alicloud', 1), { tunnels: 2 })).regions).toMatchObject([
      { connections: 2, tunnels: 2 },
      { connections: 1, tunnels: 2 },
    ]);
  });

  it('only linked regions, and nothing where there are none', () => {
    const three = [network('aws', 0), network('azure', 1), network('gcp', 2)];
    const links = Links.list([{ between: ['region-0', 'region-2'] }]);
    expect(costs(networked(three, links)).regions.map(({ region }) => region)).toEqual(['region-0', 'region-2']);
    expect(planTopology(networked(three, undefined)).costs).toBeUndefined();
  });
});

describe('what links cost', () => {
  it('idle, and by the gigabyte in each direction: egress, and what transit gateways take', () => {
    expect(costs(pair(network('aws', 0), network('azure', 1))).links).toMatchObject([
      {
        ...{ name: 'region-0--region-1', between: ['region-0', 'region-1'], via: 'vpn' },
        // Two connections with their attachments; Azure's gateway includes its four tunnels.
        idleMonth: 730 * 2 * 0.1,
        gigabyte: { there: 0.11, back: 0.107 },
      },
    ]);
    const gigabyte = (props: TopologyProps) => costs(props).links[0]?.gigabyte;
    expect(gigabyte(pair(viaVpnGateway(0), network('gcp', 1)))).toEqual({ there: 0.09, back: 0.12 });
    expect(gigabyte(pair(network('aws', 0), centre(1)))).toEqual({ there: 0.11 });
    // A transit gateway takes nothing for what another hands to it.
    expect(gigabyte(pair(network('aws', 0), network('aws', 1)))).toEqual({ there: 0.04, back: 0.04 });
    expect(gigabyte(pair(viaVpnGateway(0), viaVpnGateway(1)))).toEqual({ there: 0.02, back: 0.02 });
  });

  it('nothing of what is there already', () => {
    const { links, regions } = costs(pair(network('aws', 0), network('gcp', 1), { via: 'existing' }));
    expect(links).toEqual([
      {
        ...{ name: 'region-0--region-1', between: ['region-0', 'region-1'], via: 'existing' },
        ...{ gigabyte: {}, images: {} },
      },
    ]);
    expect(regions.map(({ idleMonth }) => idleMonth)).toEqual([RESOLVER, 0]);
  });

  it('share what tunnels above the included ones cost', () => {
    const prices = { clouds: { azure: { tunnelHour: 1, tunnelsIncluded: 4 } } };
    const networks = [network('azure', 0), network('gcp', 1), centre(2, 2), network('huawei', 3)];
    const { regions, links } = costs({ ...networked(networks, Links.hub('region-0')), prices });
    expect(regions[0]).toMatchObject({ tunnels: 6, idleMonth: 1460 });
    expect(links.map(({ idleMonth }) => idleMonth)).toEqual([486.67, 486.67, 486.67]);
  });
});

describe('what images cost', () => {
  const flat = (more: Partial<Record<'aws' | 'onPremises' | 'gcp', CloudPrices>> = {}) => ({
    clouds: { aws: { egressGb: 1 }, onPremises: { egressGb: 1 }, gcp: { egressGb: 1 }, ...more },
  });

  it('with a Kraken in each region cross once to each other region, with one tracker by (1 − 1/N) of all pulls', () => {
    for (const count of [2, 3, 5]) {
      // 20 × N GB are pulled, of which (N − 1) / N cross.
      const mesh = networked(
        Array.from({ length: count }, (_, i) => centre(i)),
        Links.mesh(),
      );
      const { images } = costs({ ...mesh, prices: { ...flat(), nodes: 20 } });
      expect(images).toEqual({ perRegion: count - 1, central: 20 * (count - 1) });
    }
    // By default 300 nodes of 3 regions: two thirds of 300 GB.
    expect(
      costs({
        ...networked(
          [0, 1, 2].map((i) => centre(i)),
          Links.mesh(),
        ),
        prices: flat(),
      }),
    ).toMatchObject({
      nodes: 100,
      images: { perRegion: 2, central: 200 },
    });
  });

  it('are paid for twice over a hub, once more at its transit gateway', () => {
    const spokes = [network('aws', 0), centre(1), centre(2)];
    const { links, images } = costs({ ...networked(spokes, Links.hub('region-0')), prices: flat() });
    // Each of the three regions sends a third to each other: between the spokes over both links.
    expect(links.map((link) => link.images.perRegion)).toEqual([1.3333, 1.3333]);
    expect(images.perRegion).toBe(2.6667);
    const taken = { aws: { egressGb: 1, attachmentGb: 0.3 } };
    // In four of six directions once: what the VPC hands over, and what comes in for it; between spokes once where it comes in.
    expect(costs({ ...networked(spokes, Links.hub('region-0')), prices: flat(taken) }).images.perRegion).toBe(
      Math.round((8 / 3 + 6 * 0.1) * 1e4) / 1e4,
    );
  });

  it('go nowhere over what passes no routes on', () => {
    const star = networked([network('gcp', 0), centre(1), centre(2)], Links.hub('region-0'));
    // The hub gets a third from each spoke, each spoke half of what it gets from the hub.
    expect(costs({ ...star, prices: flat() }).images.perRegion).toBe(1.6667);
  });

  it('take the peering where there is one', () => {
    const prices = flat({ aws: { egressGb: 1, peeringGb: 0.1 } });
    const triangle = networked([network('aws', 0), network('aws', 1), centre(2)], Links.mesh());
    expect(costs({ ...triangle, prices }).links.map(({ images }) => images.perRegion)).toEqual([
      0.0667, 0.6667, 0.6667,
    ]);
  });

  it('count what has no price as nothing', () => {
    const prices = flat({ onPremises: {} });
    expect(costs({ ...pair(network('aws', 0), centre(1)), prices }).links[0]?.images).toEqual({
      perRegion: 0.5,
      central: 50,
    });
  });
});

describe('prices', () => {
  it.each<[unknown, string, string]>([
    [{ currency: 'euro' }, 'prices.currency', 'is not valid'],
    [{ clouds: { ibm: {} } }, 'prices.clouds.ibm', 'is not a setting here'],
    [{ clouds: { aws: { hour: 1 } } }, 'prices.clouds.aws.hour', 'is not a setting here'],
    [{ clouds: { aws: { gatewayHour: '1 USD' } } }, 'prices.clouds.aws.gatewayHour', 'is not a price'],
    [{ clouds: { aws: { egressGb: -1 } } }, 'prices.clouds.aws.egressGb', 'is not a price'],
    [{ nodes: 0 }, 'prices.nodes', 'is out of range'],
    [{ clouds: { aws: { attachmentHour: Number.NaN } } }, 'prices.clouds.aws.attachmentHour', 'is not a price'],
    [{ table: {} }, 'prices.table', 'is not a setting here'],
  ])('mistakes: %j', (prices, path, problem) => {
    const props = { ...pair(network('aws', 0), network('azure', 1)), prices: prices as never };
    expect(mistake(props)).toMatchObject({ path, problem });
  });
});
