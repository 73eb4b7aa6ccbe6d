import { isSecret, output } from '@pulumi/pulumi';
import { dataCentreFiles } from '../../../lib/cloud/on-premises';
import { onPremises } from '../../../lib/cloud/on-premises/pulumi';
import { known, record } from '../../pulumi/support/mocks';
import { complaints, complete, keyOf, open, siteOf } from '../gathered';
import { plan } from './fixtures';

const outsideAddresses = { virginia: [0, 1, 2, 3].map((i) => `outside address ${i} of virginia`) };
const addresses = ['10.2.0.80', '10.2.0.81'];
const records = { 'factory.registry.example.com': addresses };

describe('a data centre in a stack', () => {
  it('has files as without Pulumi, from what the other regions answered, secret as a whole', async () => {
    let files: Readonly<Record<string, string>> = {};
    let hidden = false;
    const recording = await record(async () => {
      const made = complete(onPremises(), plan, 'factory', output(addresses));
      files = await known(made);
      hidden = await isSecret(made);
    });
    expect(hidden).toBe(true);
    // AWS makes four tunnels to two addresses, but only the first two to this one.
    const values = { keyOf, outsideAddresses: { virginia: outsideAddresses.virginia.slice(0, 2) }, records };
    expect(files).toEqual(dataCentreFiles(plan, 'factory', values));
    expect(Object.keys(files).sort()).toEqual([
      'Corefile',
      'bird.conf',
      'harbor-fleet.nft',
      'harbor-fleet.service',
      'interfaces.sh',
      'strongswan.conf',
      'swanctl.conf',
      'unbound.conf',
    ]);
    expect(files['swanctl.conf']).toContain(`remote_addrs = outside address 1 of virginia`);
    expect(recording.requests.filter(({ custom }) => custom)).toEqual([]);
  });

  it('has its outside addresses at once, and the resolvers of the plan', async () => {
    await record(() => {
      const network = open(onPremises(), plan, 'frankfurt');
      const [link] = plan.links.filter(({ between }) => between.includes('frankfurt'));
      expect(link?.tunnels.map((tunnel) => network.outside(tunnel))).toEqual([
        '198.51.100.1',
        '198.51.100.1',
        '198.51.100.2',
        '198.51.100.2',
      ]);
      expect(network.resolvers).toEqual(['10.1.0.53']);
    });
  });

  const siblings = { own: '10.2.0.1', others: ['10.2.0.2'] };
  const routers = {
    north: { tunnels: ['virginia--factory-1', 'frankfurt--factory-1'], siblings },
    south: {
      tunnels: ['virginia--factory-2', 'frankfurt--factory-2'],
      siblings: { own: '10.2.0.2', others: ['10.2.0.1'] },
    },
  };

  it('has a folder for each of several routers', async () => {
    let files: Readonly<Record<string, string>> = {};
    expect(complaints(onPremises({ routers }), plan, 'factory')).toEqual([]);
    await record(async () => {
      files = await known(complete(onPremises({ routers }), plan, 'factory', addresses));
      const south = { ...routers.south, lanAddress: '10.2.0.22' };
      const told = await known(complete(onPremises({ routers: { ...routers, south } }), plan, 'factory', addresses));
      expect(told['south/bird.conf']).toContain('krt_prefsrc = 10.2.0.22;');
      const one = await known(complete(onPremises({ lanAddress: '10.2.0.21' }), plan, 'factory', addresses));
      expect(one['bird.conf']).toContain('krt_prefsrc = 10.2.0.21;');
    });
    expect(files['south/swanctl.conf']).toContain('virginia--factory-2 {');
    expect(files['south/swanctl.conf']).not.toContain('virginia--factory-1 {');
    expect(files['north/bird.conf']).toContain('neighbor 10.2.0.2');
    expect(files['swanctl.conf']).toBeUndefined();
  });

  it.each<[string, object, readonly string[]]>([
    ['a misspelt setting', { router: {} }, ['regions.factory.cloud.router: is not a setting here']],
    [
      'tunnels that nobody ends, or two do, or that end elsewhere',
      {
        routers: {
          north: { ...routers.north, tunnels: ['virginia--factory-1', 'virginia--frankfurt-1'] },
          'so/uth': { ...routers.south, tunnels: ['virginia--factory-1'] },
        },
      },
      [
        'regions.factory.cloud.routers.north.tunnels[1]: does not end in factory',
        'regions.factory.cloud.routers.so/uth: is no name of a router',
        'regions.factory.cloud.routers.so/uth.tunnels[0]: ends at another router already',
        'regions.factory.cloud.routers: end not all tunnels',
      ],
    ],
    [
      'addresses behind NAT that are too many',
      { routers: { ...routers, north: { ...routers.north, localAddresses: ['10.2.0.1', '10.2.0.2'] } } },
      ['regions.factory.cloud.routers.north.localAddresses: does not fit publicIps'],
    ],
    [
      'addresses behind NAT of the only router that are too many',
      { localAddresses: ['10.2.0.1', '10.2.0.2'] },
      ['regions.factory.cloud.localAddresses: does not fit publicIps'],
    ],
    [
      'what a script could not name',
      { commonName: { caFile: "ca's.crt", control: 'a\nb', cafile: '/x' } },
      [
        'regions.factory.cloud.commonName.cafile: is not a setting here',
        'regions.factory.cloud.commonName.caFile: is not valid',
        'regions.factory.cloud.commonName.control: is not valid',
      ],
    ],
    [
      'addresses of routers that other regions have no route to, or one for several routers',
      {
        lanAddress: '10.2.0.1',
        routers: { ...routers, north: { ...routers.north, lanAddress: '192.168.7.1' } },
      },
      [
        'regions.factory.cloud.lanAddress: is of one router, and there are several',
        'regions.factory.cloud.routers.north.lanAddress: is outside of the ranges that other regions have a route to',
      ],
    ],
  ])('is told about %s', (_, props, expected) => {
    expect(complaints(onPremises(props), plan, 'factory')).toEqual(expected);
    expect(siteOf(plan, 'factory').network.type).toBe('onPremises');
  });
});
