import { output } from '@pulumi/pulumi';
import { DnsRecords, type DnsRecordsArgs, DnsRouting, DnsTarget, DnsZone } from '../../../lib/cloud/aws';
import { type Recording, type RecordOptions, record, UNKNOWN } from '../../pulumi/support/mocks';
import { answers, mistaken } from './fixtures';

const DOMAIN = 'registry.example.com';
const ZONE = DnsZone.existing({ zoneId: 'Z0ABC' });
const VIRGINIA = { target: DnsTarget.addresses({ ipv4: ['203.0.113.7'] }), awsRegion: 'us-east-1' };
const FACTORY = { target: DnsTarget.addresses({ ipv4: ['203.0.113.8', '203.0.113.9'] }), awsRegion: 'eu-central-1' };
const TWO = { virginia: VIRGINIA, factory: FACTORY };

const make = (args: Partial<DnsRecordsArgs>) =>
  new DnsRecords('registry', { domain: DOMAIN, zone: ZONE, regions: { virginia: VIRGINIA }, ...args });
const made = (args: Partial<DnsRecordsArgs>, options: RecordOptions = {}) =>
  record(() => make(args), { outputs: answers, calls: functions, ...options });

const functions: RecordOptions['calls'] = ({ token }) =>
  token === 'aws:lb/getHostedZoneId:getHostedZoneId'
    ? { id: 'ZLB' }
    : { id: 'Z0ABC', zoneId: 'Z0ABC', arn: 'arn:aws:route53:::hostedzone/Z0ABC', nameServers: [] };

const records = ({ requests }: Recording) =>
  Object.fromEntries(
    requests.filter(({ type }) => type === 'aws:route53/record:Record').map(({ name, inputs }) => [name, inputs]),
  );

describe('DnsRecords', () => {
  it('of one region lead to it by its own name, and by the domain', async () => {
    const recording = await made({ ttl: 30 });
    expect(records(recording)).toEqual({
      'registry-virginia/A': {
        zoneId: 'Z0ABC',
        name: `virginia.${DOMAIN}`,
        type: 'A',
        records: ['203.0.113.7'],
        ttl: 30,
      },
      'registry-virginia/domain/A': {
        zoneId: 'Z0ABC',
        name: DOMAIN,
        type: 'A',
        aliases: [{ name: `virginia.${DOMAIN}`, zoneId: 'Z0ABC', evaluateTargetHealth: false }],
      },
    });
    // Route 53 refuses an alias that leads nowhere.
    expect(recording.find('registry-virginia/domain/A').dependencies).toContain(
      recording.find('registry-virginia/A').urn,
    );
    expect(recording.requests.filter(({ type }) => type.includes('HealthCheck'))).toEqual([]);
  });

  it('of several regions lead to the nearest healthy one', async () => {
    const recording = await made({ regions: TWO, routing: DnsRouting.latency(), tags: { team: 'registry' } });
    expect(recording.find('registry-factory/health').inputs).toEqual({
      type: 'HTTPS_STR_MATCH',
      fqdn: `factory.${DOMAIN}`,
      port: 443,
      resourcePath: '/api/v2.0/health',
      searchString: '],"status":"healthy"',
      requestInterval: 30,
      failureThreshold: 3,
      enableSni: true,
      tags: { Name: `factory.${DOMAIN}`, team: 'registry' },
    });
    expect(records(recording)['registry-factory/domain/A']).toEqual({
      zoneId: 'Z0ABC',
      name: DOMAIN,
      type: 'A',
      aliases: [{ name: `factory.${DOMAIN}`, zoneId: 'Z0ABC', evaluateTargetHealth: false }],
      setIdentifier: 'factory',
      latencyRoutingPolicies: [{ region: 'eu-central-1' }],
      healthCheckId: 'registry-factory/health-id',
    });
  });

  it('of two regions lead to the other while the first is unhealthy', async () => {
    const recording = await made({ regions: TWO, routing: DnsRouting.failover({ primary: 'factory' }) });
    const policies = Object.entries(records(recording)).flatMap(([name, { failoverRoutingPolicies }]) =>
      failoverRoutingPolicies === undefined ? [] : [[name, failoverRoutingPolicies]],
    );
    expect(policies).toEqual([
      ['registry-virginia/domain/A', [{ type: 'SECONDARY' }]],
      ['registry-factory/domain/A', [{ type: 'PRIMARY' }]],
    ]);
  });

  it('find Harbor healthy by the text that it answers, and only then', () => {
    const answer = (status: string) => `{"components":[{"name":"core","status":"healthy"}],"status":"${status}"}`;
    expect(answer('healthy')).toContain('],"status":"healthy"');
    expect(answer('unhealthy')).not.toContain('],"status":"healthy"');
  });

  it('have IPv6 addresses where all regions do', async () => {
    const recording = await made({
      regions: { virginia: { target: DnsTarget.addresses({ ipv4: ['203.0.113.7'], ipv6: ['2001:db8::7'] }) } },
    });
    expect(records(recording)['registry-virginia/AAAA']).toMatchObject({ type: 'AAAA', records: ['2001:db8::7'] });
    expect(records(recording)['registry-virginia/domain/AAAA']).toMatchObject({ type: 'AAAA' });
  });

  it.each([
    [DnsTarget.networkLoadBalancer(output('nlb.example.test')), 'network'],
    [DnsTarget.applicationLoadBalancer(output('alb.example.test')), 'application'],
  ])('are aliases of load balancers of AWS (%#)', async (target, loadBalancerType) => {
    const asked: unknown[] = [];
    const recording = await made(
      { regions: { virginia: { target, awsRegion: 'us-east-1' } } },
      {
        calls: (args) => {
          if (args.token.includes('getHostedZoneId')) asked.push(args.inputs);
          return functions?.(args);
        },
      },
    );
    expect(asked).toEqual([{ region: 'us-east-1', loadBalancerType }]);
    expect(records(recording)['registry-virginia/A']).toMatchObject({
      aliases: [{ name: expect.stringContaining('lb.example.test'), zoneId: 'ZLB', evaluateTargetHealth: true }],
    });
  });

  it('are a CNAME of any other host, for the domain too', async () => {
    const recording = await made({ regions: { factory: { target: DnsTarget.hostname('harbor.example.test') } } });
    expect(Object.values(records(recording))).toEqual([
      { zoneId: 'Z0ABC', name: `factory.${DOMAIN}`, type: 'CNAME', records: ['harbor.example.test'], ttl: 60 },
      { zoneId: 'Z0ABC', name: DOMAIN, type: 'CNAME', records: ['harbor.example.test'], ttl: 60 },
    ]);
  });

  it.each([
    [DnsZone.public(), { name: DOMAIN }],
    [DnsZone.public({ name: 'example.com' }), { name: 'example.com' }],
    [
      DnsZone.private({ vpcIds: ['vpc-0a', 'vpc-0b'] }),
      { name: DOMAIN, vpcs: [{ vpcId: 'vpc-0a' }, { vpcId: 'vpc-0b' }] },
    ],
  ])('are written to a zone that is made: %j', async (zone, inputs) => {
    const recording = await made({ zone });
    expect(recording.find('registry', 'aws:route53/zone:Zone').inputs).toEqual({
      comment: 'Harbor registries',
      ...inputs,
    });
    expect(records(recording)['registry-virginia/A']).toMatchObject({ zoneId: 'Z1' });
  });

  it('are not checked in a private zone, nor when that is not wanted', async () => {
    const zone = DnsZone.private({ vpcIds: ['vpc-0a'] });
    for (const args of [{ zone }, { healthChecks: false }]) {
      const recording = await made({ regions: TWO, routing: DnsRouting.latency(), ...args });
      expect(recording.requests.filter(({ type }) => type.includes('HealthCheck'))).toEqual([]);
      expect(records(recording)['registry-factory/domain/A']).not.toHaveProperty('healthCheckId');
    }
  });

  it('are previewed as far as they are known', async () => {
    const zone = DnsZone.public();
    const recording = await made({ zone, domain: output(DOMAIN) }, { preview: true });
    expect(records(recording)['registry-virginia/A']).toMatchObject({ zoneId: UNKNOWN, records: ['203.0.113.7'] });
  });

  it('keep their logical names, whatever regions there are', async () => {
    const names = async (regions: DnsRecordsArgs['regions']) =>
      (await made({ regions, routing: DnsRouting.latency() })).names().filter((name) => name.includes('-virginia/'));
    expect(await names({ virginia: VIRGINIA })).toEqual(
      (await names({ factory: FACTORY, virginia: VIRGINIA })).filter((name) => !name.endsWith('/health')),
    );
  });

  it.each<[Record<string, unknown>, string]>([
    [{ domain: 'registry' }, 'domain: is not valid'],
    [{ zone: {} }, 'zone.type: is missing'],
    [{ zone: { type: 'shared' } }, 'zone.type: is not one of the choices'],
    [{ zone: { type: 'existing', zoneId: 'example.com' } }, 'zone.zoneId: is not valid'],
    [{ zone: { type: 'private', vpcIds: [] } }, 'zone.vpcIds: is missing'],
    [{ zone: { type: 'private', vpcIds: ['a'] } }, 'zone.vpcIds[0]: is not valid'],
    [{ zone: DnsZone.public({ name: 'example.org' }) }, 'zone.name: does not hold the domain'],
    [{ zone: { type: 'public', vpcIds: ['vpc-0a'] } }, 'zone.vpcIds: is not a setting here'],
    [{ regions: {} }, 'regions: is missing'],
    [{ regions: { Virginia: VIRGINIA } }, 'regions.Virginia: is not valid'],
    [{ regions: { virginia: {} } }, 'regions.virginia.target.type: is missing'],
    [{ regions: { virginia: { target: { type: 'ip' } } } }, 'regions.virginia.target.type: is not one of the choices'],
    [{ regions: { virginia: { target: { type: 'hostname' } } } }, 'regions.virginia.target.hostname: is missing'],
    [
      { regions: { virginia: { target: DnsTarget.addresses({ ipv4: [] }) } } },
      'regions.virginia.target.ipv4: is missing',
    ],
    [
      { regions: { virginia: { target: DnsTarget.addresses({ ipv4: ['nlb'] }) } } },
      'regions.virginia.target.ipv4[0]: is not valid',
    ],
    [
      { regions: { virginia: { target: DnsTarget.addresses({ ipv4: ['10.0.0.1'], ipv6: ['x'] }) } } },
      'regions.virginia.target.ipv6[0]: is not valid',
    ],
    [
      { regions: { virginia: { target: DnsTarget.networkLoadBalancer('nlb.example.test') } } },
      'regions.virginia.awsRegion: is missing',
    ],
    [{ regions: { virginia: { ...VIRGINIA, awsRegion: 'virginia' } } }, 'regions.virginia.awsRegion: is not valid'],
    [
      { zone: DnsZone.public(), regions: { virginia: { target: DnsTarget.hostname('a.example.test') } } },
      'regions.virginia.target.type: cannot answer for a domain that is the zone itself: DNS allows no CNAME there',
    ],
    [
      {
        regions: { ...TWO, virginia: { target: DnsTarget.addresses({ ipv4: ['10.0.0.1'], ipv6: ['fd00::1'] }) } },
        routing: DnsRouting.failover({ primary: 'virginia' }),
      },
      'regions: have IPv6 addresses, but not factory: whoever prefers IPv6 would never be led there',
    ],
    [{ regions: TWO }, 'routing: is missing'],
    [{ routing: {} }, 'routing.type: is missing'],
    [{ routing: { type: 'weighted' } }, 'routing.type: is not one of the choices'],
    [
      { regions: { virginia: { target: VIRGINIA.target } }, routing: DnsRouting.latency() },
      'regions.virginia.awsRegion: is missing',
    ],
    [{ regions: TWO, routing: { type: 'failover' } }, 'routing.primary: is missing'],
    [{ regions: TWO, routing: { type: 'failover', primary: 'tokyo' } }, 'routing.primary: is not one of the choices'],
    [{ routing: DnsRouting.failover({ primary: 'virginia' }) }, 'routing: is between two regions, but there are 1'],
    [
      { regions: { ...TWO, tokyo: VIRGINIA }, routing: DnsRouting.failover({ primary: 'virginia' }) },
      'routing: is between two regions, but there are 3',
    ],
    [
      {
        zone: DnsZone.private({ vpcIds: ['vpc-0a'] }),
        regions: TWO,
        routing: DnsRouting.failover({ primary: 'virginia' }),
      },
      'routing: needs health checks, which cannot see a private zone',
    ],
    [
      { zone: DnsZone.private({ vpcIds: ['vpc-0a'] }), healthChecks: true },
      'healthChecks: cannot see a private zone: Route 53 asks from the internet',
    ],
    [{ ttl: -1 }, 'ttl: is out of range'],
    [{ zones: [] }, 'zones: is not a setting here'],
  ])('refuse %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toEqual([`aws DnsRecords "registry".${mistake}`]);
  });
});
