import { Links } from '../../../lib/plan/network/links';
import { Network, type NetworkType } from '../../../lib/plan/network/networks';
import type { TopologyProps } from '../../../lib/plan/plan';
import { mistake, mistakes } from '../topologies';
import { network, networked, pair } from './networks';

/** A data centre with these outside addresses. */
const at = (i: number, publicIps: readonly string[], cidrs: readonly string[] = [`10.${i}.0.0/16`]) =>
  Network.onPremises({ cidrs, publicIps });
const found = (props: TopologyProps) => mistakes(props).map(({ path, problem }) => `${path}: ${problem}`);

describe('an outside address', () => {
  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '127.0.0.1',
    '169.254.21.1',
    '192.0.0.1',
    '192.88.99.1',
    '198.18.0.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
  ])('is one that a peer can send to: not %s', (address) => {
    for (const type of ['onPremises', 'external'] as const) {
      const one = { ...network(type, 0), publicIps: ['198.51.100.1', address] } as Network;
      expect(mistake(networked([one], undefined))).toEqual({
        path: 'regions.region-0.network.publicIps[1]',
        problem: 'is an address that no other network can reach',
        given: `"${address}"`,
        allowed: 'a public IPv4 address; a private one between data centres and external networks',
        fix: 'write the address at which peers see the site',
      });
    }
  });

  it.each([
    '192.0.2.1',
    '198.51.100.1',
    '203.0.113.1',
    '1.1.1.1',
    '141.30.5.7',
    '172.15.0.1',
    '172.32.0.1',
    '223.255.255.1',
  ])('may be %s', (address) => {
    expect(mistakes(pair(network('aws', 0), at(1, [address])))).toEqual([]);
  });

  it.each(['10.200.0.1', '172.16.0.1', '172.31.255.254', '192.168.0.1', '100.64.0.1', '100.127.255.254'])(
    'may be private within a WAN, not towards a cloud: %s',
    (address) => {
      const site = at(1, [address]);
      for (const type of ['aws', 'azure', 'gcp', 'alicloud', 'huawei'] as const) {
        expect(mistakes(pair(network(type, 0), site))).toContainEqual({
          path: 'regions.region-1.network.publicIps[0]',
          problem: expect.stringMatching(/^is private, and region-0 \(.*\) would have to reach it over the internet$/),
          given: `"${address}"`,
          allowed: 'a public IPv4 address; a private one between data centres and external networks',
          fix: "write the public address that leads to it, and the router's own in localAddresses of the data centre's files",
          level: 'error',
        });
        expect(mistakes(pair(network(type, 0), site, { via: 'existing' }))).toEqual([]);
      }
      for (const type of ['onPremises', 'external'] as const) {
        expect(mistakes(pair(network(type, 0), site))).toEqual([]);
      }
      expect(mistakes(networked([site], undefined))).toEqual([]);
    },
  );

  it('is told once, also where several clouds cannot reach it', () => {
    const clouds = (['aws', 'gcp', 'azure'] as const).map((type, i) => network(type, i + 1));
    expect(found(networked([at(0, ['192.168.0.1', '192.168.0.2']), ...clouds], Links.hub('region-0')))).toEqual([
      'regions.region-0.network.publicIps[0]: is private, and region-1 (AWS) would have to reach it over the internet',
      'regions.region-0.network.publicIps[1]: is private, and region-1 (AWS) would have to reach it over the internet',
    ]);
  });
});

describe('an outside address is not reached through the tunnel that leads to it', () => {
  const campus = at(1, ['141.30.5.7'], ['141.30.0.0/16']);

  it.each<NetworkType>(['aws', 'azure', 'gcp', 'alicloud', 'huawei', 'onPremises', 'external'])(
    'so it is outside of its own ranges, towards %s',
    (type) => {
      expect(mistakes(pair(network(type, 0), campus))).toContainEqual({
        path: 'regions.region-1.network.publicIps[0]',
        problem: 'is within 141.30.0.0/16 of its own site: region-0 would look for it inside the tunnel',
        given: '"141.30.5.7"',
        allowed: 'an address outside of the ranges of all regions that its peers have a route to',
        fix: 'leave its part out of those ranges in "cidrs", or give the site an outside address elsewhere',
        level: 'error',
      });
    },
  );

  it('and of those of a peer, which looks for it at home', () => {
    const wide = { ...network('aws', 0), cidrs: ['10.0.0.0/16', '141.30.0.0/16'] } as Network;
    expect(found(pair(wide, at(1, ['203.0.113.1', '141.30.5.7'])))).toEqual([
      'regions.region-1.network.publicIps[1]: is within 141.30.0.0/16 of region-0: region-0 would look for it at home',
    ]);
  });

  it('and of those that a peer has a route to, over whatever link', () => {
    const [site, hub] = [at(0, ['141.30.0.1']), at(1, ['141.30.0.65'])];
    const far = { ...network('aws', 2), cidrs: ['141.30.0.0/26'] } as Network;
    const problem =
      'regions.region-0.network.publicIps[0]: is within 141.30.0.0/26 of region-2: region-1 would look for it there';
    expect(found(networked([site, hub, far], Links.hub('region-1')))).toEqual([problem]);
    const leased = Links.list([
      { between: ['region-0', 'region-1'] },
      { between: ['region-1', 'region-2'], via: 'existing' },
    ]);
    expect(found(networked([site, hub, far], leased))).toEqual([problem]);
    // Over a third one, which passes it on; Google Cloud in its place does not.
    const chain = Links.list([
      { between: ['region-0', 'region-1'] },
      { between: ['region-1', 'region-3'] },
      { between: ['region-3', 'region-2'] },
    ]);
    expect(found(networked([site, hub, far, network('onPremises', 3)], chain))).toEqual([problem]);
    expect(found(networked([site, hub, far, network('gcp', 3)], chain))).toEqual([]);
  });

  it('but may be where nobody looks: of a region that is not linked, or of itself without tunnels', () => {
    const other = at(2, ['203.0.113.1'], ['141.30.0.0/16']);
    const [site, peer] = [at(0, ['141.30.5.7']), network('aws', 1)];
    expect(found(networked([site, peer, other], Links.list([{ between: ['region-0', 'region-1'] }])))).toEqual([]);
    expect(found(networked([campus], undefined))).toEqual([]);
    expect(found(pair(network('aws', 0), campus, { via: 'existing' }))).toEqual([]);
  });
});
