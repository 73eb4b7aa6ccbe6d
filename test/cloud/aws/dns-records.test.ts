import type { RecordArgs } from '@pulumi/aws/route53';
import { output, type Unwrap } from '@pulumi/pulumi';
import { DnsRecords, type DnsRecordsArgs, DnsTarget, DnsZone } from '../../../lib/cloud/aws';
import { Network, planTopology, type TopologyPlan, type TopologyProps } from '../../../lib/index';
import { bucket, topology } from '../../plan/topologies';
import { type Recording, type RecordOptions, record, UNKNOWN } from '../../pulumi/support/mocks';
import { answers, mistaken } from './fixtures';

const DOMAIN = 'registry.example.com';
const ZONE = DnsZone.existing({ zoneId: 'Z0ABC' });
const APEX = DnsZone.existing({ zoneId: 'Z0ABC', name: DOMAIN });
const VIRGINIA = DnsTarget.addresses({ ipv4: ['203.0.113.7'] });
const FACTORY = DnsTarget.addresses({ ipv4: ['203.0.113.8', '203.0.113.9'] });

type Regions = TopologyProps['regions'];
const regions: Regions = {
  virginia: { ...bucket('v'), network: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'] }) },
  factory: { ...bucket('f'), network: Network.onPremises({ cidrs: ['10.1.0.0/16'], publicIps: ['198.51.100.1'] }) },
  depot: bucket('d'),
};
const PLACES = { factory: 'eu-central-1' };

/** The first of these regions. */
const planOf = (count: 1 | 2 | 3, dns: TopologyProps['dns'] = {}, more: Partial<TopologyProps> = {}): TopologyPlan =>
  planTopology(topology(0, { regions: Object.fromEntries(Object.entries(regions).slice(0, count)), dns, ...more }));
const ONE = { plan: planOf(1), targets: { [`virginia.${DOMAIN}`]: VIRGINIA } };
const TWO = { plan: planOf(2), targets: { ...ONE.targets, [`factory.${DOMAIN}`]: FACTORY } };
const THREE = {
  plan: planOf(3),
  targets: { ...TWO.targets, [`depot.${DOMAIN}`]: DnsTarget.hostname('depot.example.test') },
};
const NEAREST = { ...TWO, plan: planOf(2, { routing: 'latency', places: PLACES }) };

const make = (args: Partial<DnsRecordsArgs>) => new DnsRecords('registry', { ...ONE, zone: ZONE, ...args });
const made = (args: Partial<DnsRecordsArgs>, options: RecordOptions = {}) =>
  record(() => make(args), { outputs: answers, calls: functions, ...options });

const functions: RecordOptions['calls'] = ({ token }) =>
  token === 'aws:lb/getHostedZoneId:getHostedZoneId'
    ? { id: 'ZLB' }
    : { id: 'Z0ABC', zoneId: 'Z0ABC', arn: 'arn:aws:route53:::hostedzone/Z0ABC', nameServers: [] };

const records = ({ requests }: Recording) =>
  Object.fromEntries(
    requests
      .filter(({ type }) => type === 'aws:route53/record:Record')
      .map(({ name, inputs }) => [name, inputs as Partial<Unwrap<RecordArgs>>]),
  );
const checks = ({ requests }: Recording) => requests.filter(({ type }) => type.includes('HealthCheck'));

describe('DnsRecords', () => {
  it('of one region lead to it by its own name, and by the domain', async () => {
    const recording = await made({});
    expect(records(recording)).toEqual({
      'registry-virginia/A': {
        zoneId: 'Z0ABC',
        name: `virginia.${DOMAIN}`,
        type: 'A',
        records: ['203.0.113.7'],
        ttl: 30,
      },
      'registry-virginia/domain/CNAME': {
        zoneId: 'Z0ABC',
        name: DOMAIN,
        type: 'CNAME',
        records: [`virginia.${DOMAIN}`],
        ttl: 30,
      },
    });
    expect(checks(recording)).toEqual([]);
  });

  it('are aliases where the domain is the zone itself', async () => {
    const recording = await made({ zone: APEX });
    expect(records(recording)['registry-virginia/domain/A']).toEqual({
      zoneId: 'Z0ABC',
      name: DOMAIN,
      type: 'A',
      aliases: [{ name: `virginia.${DOMAIN}`, zoneId: 'Z0ABC', evaluateTargetHealth: false }],
    });
    // Route 53 refuses an alias that leads nowhere.
    expect(recording.find('registry-virginia/domain/A').dependencies).toContain(
      recording.find('registry-virginia/A').urn,
    );
  });

  it('of several regions lead to the nearest healthy one, by the checks that are planned', async () => {
    const dns = {
      routing: 'latency' as const,
      places: PLACES,
      checkInterval: '30s' as const,
      checkFailures: 2,
      ttl: '10s' as const,
    };
    const recording = await made({ ...TWO, plan: planOf(2, dns), tags: { team: 'registry' } });
    expect(recording.find('registry-factory/health').inputs).toEqual({
      type: 'HTTPS_STR_MATCH',
      fqdn: `factory.${DOMAIN}`,
      port: 443,
      resourcePath: '/api/v2.0/health',
      searchString: '],"status":"healthy"',
      requestInterval: 30,
      failureThreshold: 2,
      enableSni: true,
      tags: { Name: `factory.${DOMAIN}`, team: 'registry' },
    });
    expect(records(recording)['registry-factory/domain/CNAME']).toEqual({
      zoneId: 'Z0ABC',
      name: DOMAIN,
      type: 'CNAME',
      records: [`factory.${DOMAIN}`],
      ttl: 10,
      setIdentifier: 'factory',
      latencyRoutingPolicies: [{ region: 'eu-central-1' }],
      healthCheckId: 'registry-factory/health-id',
    });
  });

  it('ask the port that Harbor listens at, and without TLS where it has none', async () => {
    const props = { regions: { ...regions, virginia: { ...regions.virginia, tls: { type: 'none' as const } } } };
    const recording = await made({ ...THREE, plan: planOf(3, {}, props as Partial<TopologyProps>) });
    expect(recording.find('registry-virginia/health').inputs).toMatchObject({
      type: 'HTTP_STR_MATCH',
      port: 80,
      enableSni: false,
    });
  });

  /** Who answers at a name, in the order in which Route 53 asks. */
  const order = (recording: Recording) =>
    Object.values(records(recording))
      .flatMap(({ name, failoverRoutingPolicies: policies, records: leads, aliases }) =>
        policies === undefined ? [] : [[name, policies[0]?.type, leads?.[0] ?? aliases?.[0]?.name].join(' ')],
      )
      .toSorted();

  it('of two regions lead to the other while the first is unhealthy', async () => {
    expect(order(await made(TWO))).toEqual([
      `_failover-factory.${DOMAIN} PRIMARY factory.${DOMAIN}`,
      `${DOMAIN} PRIMARY virginia.${DOMAIN}`,
      `${DOMAIN} SECONDARY _failover-factory.${DOMAIN}`,
    ]);
  });

  it('of three regions lead to the next healthy one, since Route 53 knows two at a time', async () => {
    const recording = await made(THREE);
    expect(order(recording)).toEqual([
      `_failover-depot.${DOMAIN} PRIMARY depot.${DOMAIN}`,
      `_failover-factory.${DOMAIN} PRIMARY factory.${DOMAIN}`,
      `_failover-factory.${DOMAIN} SECONDARY _failover-depot.${DOMAIN}`,
      `${DOMAIN} PRIMARY virginia.${DOMAIN}`,
      `${DOMAIN} SECONDARY _failover-factory.${DOMAIN}`,
    ]);
    expect(records(recording)['registry-virginia/next/CNAME']?.aliases).toEqual([
      { name: `_failover-factory.${DOMAIN}`, zoneId: 'Z0ABC', evaluateTargetHealth: true },
    ]);
    // Route 53 refuses an alias that leads nowhere.
    const urns = ['factory', 'depot'].map((region) => recording.find(`registry-${region}/domain/CNAME`).urn);
    expect(recording.find('registry-virginia/next/CNAME').dependencies).toEqual(expect.arrayContaining(urns));
    // One name has one kind of records and an identifier for each.
    for (const name of [DOMAIN, `_failover-factory.${DOMAIN}`]) {
      const own = Object.values(records(recording)).filter((one) => one.name === name);
      expect(own.map(({ type }) => type)).toEqual(['CNAME', 'CNAME']);
      expect(new Set(own.map(({ setIdentifier }) => setIdentifier)).size).toBe(2);
    }
    expect(checks(recording)).toHaveLength(3);
  });

  it('find Harbor healthy by the text that it answers, and only then', () => {
    const answer = (status: string) => `{"components":[{"name":"core","status":"healthy"}],"status":"${status}"}`;
    const [check] = TWO.plan.dns?.checks ?? [];
    expect(answer('healthy')).toContain(check?.search);
    expect(answer('unhealthy')).not.toContain(check?.search);
  });

  it('have IPv6 addresses where all regions do', async () => {
    const targets = { [`virginia.${DOMAIN}`]: DnsTarget.addresses({ ipv4: ['203.0.113.7'], ipv6: ['2001:db8::7'] }) };
    const recording = await made({ targets, zone: APEX });
    expect(records(recording)['registry-virginia/AAAA']).toMatchObject({ type: 'AAAA', records: ['2001:db8::7'] });
    expect(records(recording)['registry-virginia/domain/AAAA']).toMatchObject({ type: 'AAAA' });
  });

  it.each([
    ['a1b2.elb.us-east-1.amazonaws.com', 'network'],
    ['a1b2.us-east-1.elb.amazonaws.com', 'application'],
  ])('are aliases of load balancers of AWS: %s', async (hostname, loadBalancerType) => {
    const asked: unknown[] = [];
    const targets = { [`virginia.${DOMAIN}`]: DnsTarget.loadBalancer(output(hostname)) };
    const calls: RecordOptions['calls'] = (args) => {
      if (args.token.includes('getHostedZoneId')) asked.push(args.inputs);
      return functions?.(args);
    };
    const recording = await made({ targets }, { calls });
    expect(asked).toEqual([{ region: 'us-east-1', loadBalancerType }]);
    expect(records(recording)['registry-virginia/A']).toMatchObject({
      aliases: [{ name: hostname, zoneId: 'ZLB', evaluateTargetHealth: true }],
    });
  });

  it('are a CNAME of any other host', async () => {
    const recording = await made({ targets: { [`virginia.${DOMAIN}`]: DnsTarget.hostname('harbor.example.test') } });
    expect(Object.values(records(recording))).toEqual([
      { zoneId: 'Z0ABC', name: `virginia.${DOMAIN}`, type: 'CNAME', records: ['harbor.example.test'], ttl: 30 },
      { zoneId: 'Z0ABC', name: DOMAIN, type: 'CNAME', records: [`virginia.${DOMAIN}`], ttl: 30 },
    ]);
  });

  it('of a tenant have names of their own, and are made where their targets are', async () => {
    const tenants = { acme: { domain: 'acme.example.org', ...bucket('acme') } };
    const plan = planOf(1, {}, { regions: { virginia: { ...regions.virginia, tenants } as Regions[string] } });
    const recording = await made({ plan, targets: { 'virginia.acme.example.org': VIRGINIA } });
    expect(Object.entries(records(recording)).map(([name, inputs]) => [name, inputs.name])).toEqual([
      ['registry-virginia-acme/A', 'virginia.acme.example.org'],
      ['registry-virginia-acme/domain/CNAME', 'acme.example.org'],
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
    for (const args of [{ zone: DnsZone.private({ vpcIds: ['vpc-0a'] }) }, { healthChecks: false }]) {
      const recording = await made({ ...NEAREST, ...args });
      expect(checks(recording)).toEqual([]);
      for (const one of Object.values(records(recording))) expect(one).not.toHaveProperty('healthCheckId');
    }
  });

  it('are previewed as far as they are known', async () => {
    const zone = DnsZone.public();
    const recording = await made({ zone }, { preview: true });
    expect(records(recording)['registry-virginia/A']).toMatchObject({ zoneId: UNKNOWN, records: ['203.0.113.7'] });
  });

  it('stay what they are when a region joins at the end, or leaves in the middle', async () => {
    const of = async (args: Partial<DnsRecordsArgs>) => records(await made(args));
    const three = await of(THREE);
    expect(three).toMatchObject(await of(TWO));
    const { virginia, depot } = regions;
    const left = planTopology(topology(0, { regions: { virginia, depot } as Regions, dns: {} }));
    const targets = Object.fromEntries(Object.entries(THREE.targets).filter(([name]) => !name.startsWith('factory')));
    const changed = Object.entries(await of({ plan: left, targets })).filter(
      ([name, inputs]) => JSON.stringify(inputs) !== JSON.stringify(three[name]),
    );
    // One alias leads past it, in place.
    expect(changed.map(([name, { name: at }]) => [name, at])).toEqual([['registry-virginia/next/CNAME', DOMAIN]]);
  });

  const at = `targets.virginia.${DOMAIN}`;
  const target = (one: unknown) => ({ targets: { [`virginia.${DOMAIN}`]: one } });
  it.each<[Record<string, unknown>, string]>([
    [{ zone: {} }, 'zone.type: is missing'],
    [{ zone: { type: 'shared' } }, 'zone.type: is not one of the choices'],
    [{ zone: { type: 'existing', zoneId: 'example.com' } }, 'zone.zoneId: is not valid'],
    [{ zone: { type: 'private', vpcIds: [] } }, 'zone.vpcIds: is missing'],
    [{ zone: { type: 'private', vpcIds: ['a'] } }, 'zone.vpcIds[0]: is not valid'],
    [{ zone: DnsZone.public({ name: 'example.org' }) }, 'zone.name: does not hold the domain'],
    [{ zone: { type: 'public', vpcIds: ['vpc-0a'] } }, 'zone.vpcIds: is not a setting here'],
    [{ plan: planTopology(topology(1)) }, 'plan: has no public names'],
    [{ targets: {} }, 'targets: is missing'],
    [{ targets: { virginia: VIRGINIA } }, 'targets.virginia: is not a setting here'],
    [{ plan: planOf(2) }, `targets.factory.${DOMAIN}: is missing`],
    [target({}), `${at}.type: is missing`],
    [target({ type: 'ip' }), `${at}.type: is not one of the choices`],
    [target({ type: 'hostname' }), `${at}.hostname: is missing`],
    [target(DnsTarget.addresses({ ipv4: [] })), `${at}.ipv4: is missing`],
    [target(DnsTarget.addresses({ ipv4: ['nlb'] })), `${at}.ipv4[0]: is not valid`],
    [target(DnsTarget.addresses({ ipv4: ['10.0.0.1'], ipv6: ['x'] })), `${at}.ipv6[0]: is not valid`],
    [
      { zone: DnsZone.public(), ...target(DnsTarget.hostname('a.example.test')) },
      `${at}.type: cannot answer for a domain that is the zone itself: DNS allows no CNAME there`,
    ],
    [
      {
        ...TWO,
        targets: {
          ...TWO.targets,
          [`virginia.${DOMAIN}`]: DnsTarget.addresses({ ipv4: ['10.0.0.1'], ipv6: ['fd00::1'] }),
        },
      },
      `targets: have IPv6 addresses, but not factory.${DOMAIN}: whoever prefers IPv6 would never be led there`,
    ],
    [
      { ...TWO, plan: planOf(2, { routing: 'latency', places: { factory: 'Bavaria' } }) },
      'plan: has factory at a place that Route 53 does not know',
    ],
    [
      { ...TWO, zone: DnsZone.private({ vpcIds: ['vpc-0a'] }) },
      'plan: fails over by health checks, which cannot see a private zone',
    ],
    [
      { zone: DnsZone.private({ vpcIds: ['vpc-0a'] }), healthChecks: true },
      'healthChecks: cannot see a private zone: Route 53 asks from the internet',
    ],
    [{ ttl: 60 }, 'ttl: is not a setting here'],
  ])('refuse %#: %j', async (args, mistake) => {
    expect(await mistaken(() => make(args))).toContainEqual(`aws DnsRecords "registry".${mistake}`);
  });
});
