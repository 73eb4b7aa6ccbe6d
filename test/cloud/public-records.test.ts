import { output } from '@pulumi/pulumi';
import * as alicloud from '../../lib/cloud/alicloud';
import * as azure from '../../lib/cloud/azure';
import * as gcp from '../../lib/cloud/gcp';
import { DnsTarget, type DnsTarget as Target } from '../../lib/cloud/public-targets';
import { planTopology } from '../../lib/plan/plan';
import type { Inputs } from '../../lib/pulumi/inputs';
import { topology } from '../plan/topologies';
import { record } from '../pulumi/support/mocks';
import { mistaken } from './aws/fixtures';

const ONE = planTopology(topology(1, { dns: {} }));
const TWO = planTopology(topology(2, { dns: { ttl: '1m' } }));
const [first, second] = ['region-0.registry.example.com', 'region-1.registry.example.com'];
const BOTH = DnsTarget.addresses({ ipv4: ['203.0.113.7', output('203.0.113.8')], ipv6: ['2001:db8::7'] });
const HOST = DnsTarget.hostname(output('lb.example.test'));

interface Args {
  readonly plan: typeof ONE;
  readonly targets: Readonly<Record<string, Inputs<Target>>>;
  readonly zoneName?: string;
}

const CLOUDS = {
  azure: (args: Args) =>
    new azure.DnsRecords('registry', { zoneName: 'example.com', resourceGroupName: output('dns'), ...args }),
  gcp: (args: Args) =>
    new gcp.DnsRecords('registry', { zoneName: 'example.com', managedZone: output('zone'), ...args }),
  alicloud: (args: Args) => new alicloud.DnsRecords('registry', { zoneName: 'example.com', ttl: 600, ...args }),
};

const made = async (cloud: keyof typeof CLOUDS, args: Args) => {
  const told = jest.spyOn(console, 'log').mockImplementation();
  const { requests } = await record(() => CLOUDS[cloud](args));
  const infos = told.mock.calls.join();
  told.mockRestore();
  const inputs = requests.filter(({ custom }) => custom).map(({ name, inputs: asked }) => [name, asked] as const);
  return { records: Object.fromEntries(inputs), infos };
};

describe('public names', () => {
  it('in Azure DNS are sets of records within their zone', async () => {
    const { records } = await made('azure', { plan: ONE, targets: { [first]: BOTH } });
    const common = { resourceGroupName: 'dns', zoneName: 'example.com', ttl: 30 };
    const a = { recordType: 'A', aRecords: [{ ipv4Address: '203.0.113.7' }, { ipv4Address: '203.0.113.8' }] };
    const aaaa = { recordType: 'AAAA', aaaaRecords: [{ ipv6Address: '2001:db8::7' }] };
    expect(records).toEqual({
      'registry-region-0/A': { ...common, relativeRecordSetName: 'region-0.registry', ...a },
      'registry-region-0/AAAA': { ...common, relativeRecordSetName: 'region-0.registry', ...aaaa },
      'registry-region-0/domain/A': { ...common, relativeRecordSetName: 'registry', ...a },
      'registry-region-0/domain/AAAA': { ...common, relativeRecordSetName: 'registry', ...aaaa },
    });
    const zoneName = 'registry.example.com';
    const apex = await made('azure', { plan: ONE, zoneName, targets: { [first]: BOTH } });
    expect(apex.records['registry-region-0/domain/A']).toMatchObject({ relativeRecordSetName: '@' });
    const host = await made('azure', { plan: ONE, targets: { [first]: HOST } });
    expect(host.records['registry-region-0/domain/CNAME']).toEqual({
      ...common,
      relativeRecordSetName: 'registry',
      recordType: 'CNAME',
      cnameRecord: { cname: 'lb.example.test' },
    });
  });

  it('in Cloud DNS are whole names that end in a dot', async () => {
    const { records } = await made('gcp', { plan: ONE, targets: { [first]: HOST } });
    const common = { managedZone: 'zone', type: 'CNAME', ttl: 30, rrdatas: ['lb.example.test.'] };
    expect(records).toEqual({
      'registry-region-0/CNAME': { ...common, name: `${first}.` },
      'registry-region-0/domain/CNAME': { ...common, name: 'registry.example.com.' },
    });
    const addresses = await made('gcp', { plan: ONE, targets: { [first]: BOTH } });
    expect(addresses.records['registry-region-0/A']).toMatchObject({ rrdatas: ['203.0.113.7', '203.0.113.8'] });
  });

  it('in Alibaba Cloud DNS are a record for each value, kept as long as the edition takes', async () => {
    const { records } = await made('alicloud', { plan: ONE, targets: { [first]: BOTH } });
    const common = { domainName: 'example.com', ttl: 600 };
    expect(records).toMatchObject({
      'registry-region-0/A': { ...common, rr: 'region-0.registry', type: 'A', value: '203.0.113.7' },
      'registry-region-0/A-2': { ...common, rr: 'region-0.registry', type: 'A', value: '203.0.113.8' },
      'registry-region-0/domain/AAAA': { ...common, rr: 'registry', type: 'AAAA', value: '2001:db8::7' },
    });
  });

  it.each(['azure', 'gcp', 'alicloud'] as const)(
    'in %s leave a name of several Harbors to health checks',
    async (cloud) => {
      const { records, infos } = await made(cloud, { plan: TWO, targets: { [first]: HOST, [second]: HOST } });
      expect(Object.keys(records)).toEqual(['registry-region-0/CNAME', 'registry-region-1/CNAME']);
      expect(infos).toContain('registry.example.com: is not made here, because it leads to several Harbors');
    },
  );

  const at = `targets.${first}`;
  const mistakes: readonly [Record<string, unknown>, string][] = [
    [{ plan: planTopology(topology(1)) }, 'plan: has no public names'],
    [{ zoneName: undefined }, 'zoneName: is missing'],
    [{ zoneName: output('example.com') }, 'zoneName: is known only when deployed, and what is made depends on it'],
    [{ zoneName: 'example.org' }, 'zoneName: does not hold the domain'],
    [{ targets: {} }, 'targets: is missing'],
    [{ targets: { 'region-7': HOST } }, 'targets.region-7: is not a setting here'],
    [{ plan: TWO }, `targets.${second}: is missing`],
    [{ targets: { [first]: { type: 'loadBalancer', hostname: 'a' } } }, `${at}.type: is not one of the choices`],
    [{ targets: { [first]: DnsTarget.addresses({ ipv4: ['999.1.1.1'] }) } }, `${at}.ipv4[0]: is not valid`],
    [
      { targets: { [first]: DnsTarget.addresses({ ipv4: ['203.0.113.7'], ipv6: [':::'] }) } },
      `${at}.ipv6[0]: is not valid`,
    ],
    [{ targets: { [first]: DnsTarget.hostname('203.0.113.7') } }, `${at}.hostname: is an address`],
    [
      { zoneName: 'registry.example.com', targets: { [first]: HOST } },
      `${at}.type: cannot answer for a domain that is the zone itself: DNS allows no CNAME there`,
    ],
    [{ zone: 'x' }, 'zone: is not a setting here'],
  ];
  const clouds = Object.keys(CLOUDS) as (keyof typeof CLOUDS)[];
  it.each(
    clouds.flatMap((cloud) =>
      mistakes.map(([more, mistake]): [typeof cloud, string, object] => [cloud, mistake, more]),
    ),
  )('in %s: %s', async (cloud, mistake, more) => {
    const args = { plan: ONE, targets: { [first]: BOTH }, ...more };
    expect(await mistaken(() => CLOUDS[cloud](args))).toContainEqual(`${cloud} DnsRecords "registry".${mistake}`);
  });
});
