import { Links } from '../../../lib/plan/network/links';
import type { Network } from '../../../lib/plan/network/networks';
import { planTopology, regionOf, type TopologyProps } from '../../../lib/plan/plan';
import { report } from '../../../lib/plan/report';
import { bucket, mistake } from '../topologies';
import { network, networked } from './networks';

const resolvers = ['10.1.0.53'];
const factory = (privateDomains: readonly string[], more: Partial<Network> = {}): Network =>
  ({ ...network('onPremises', 1), resolvers, privateDomains, ...more }) as Network;

const withDomains = (domains: readonly string[]): TopologyProps =>
  networked([network('aws', 0), factory(domains), network('gcp', 2)], Links.hub('region-1'));

describe('private domains', () => {
  it('are forwarded to their region, beside its own name', () => {
    const plan = planTopology(withDomains(['corp.example.com', 'db.example.org']));
    expect(regionOf(plan, 'region-0').network?.forwards).toEqual([
      { zone: 'region-1.registry.example.com', region: 'region-1', resolvers },
      { zone: 'corp.example.com', region: 'region-1', resolvers },
      { zone: 'db.example.org', region: 'region-1', resolvers },
      { zone: 'region-2.registry.example.com', region: 'region-2' },
    ]);
    expect(regionOf(plan, 'region-1').network?.forwards.map(({ zone }) => zone)).toEqual([
      'region-0.registry.example.com',
      'region-2.registry.example.com',
    ]);
    expect(JSON.stringify(report(plan))).toContain('10.1.0.53, also for corp.example.com, also for db.example.org');
  });

  it.each([
    [[], 'privateDomains', 'is missing'],
    [['corp'], 'privateDomains[0]', 'is not valid'],
    [['*.a.org'], 'privateDomains[0]', 'is not valid'],
    [['a.org.'], 'privateDomains[0]', 'is not valid'],
    [['10.1.0.7'], 'privateDomains[0]', 'is not valid'],
    [['a.org', 'a.org'], 'privateDomains[1]', 'stands there twice'],
    [
      ['example.com'],
      'privateDomains[0]',
      'has registry.example.com in it: other regions could not find it while this one is gone',
    ],
    [
      ['db.region-0.registry.example.com'],
      'privateDomains[0]',
      'is part of registry.example.com, whose names are planned',
    ],
  ])('must be domains of their own: %j', (domains, at, problem) => {
    expect(mistake(withDomains(domains))).toMatchObject({ path: `regions.region-1.network.${at}`, problem });
  });

  it('need a resolver that answers', () => {
    const networks = [network('aws', 0), factory(['a.org'], { resolvers: undefined })];
    expect(mistake(networked(networks, Links.mesh()))).toMatchObject({
      path: 'regions.region-1.network.resolvers',
      problem: 'is missing: nobody answers for privateDomains',
    });
  });

  it('belong to one region', () => {
    const networks = [{ ...network('aws', 0), privateDomains: ['a.org', 'b.org'] }, factory(['c.b.org', 'a.org'])];
    expect(mistake(networked(networks, Links.mesh()))).toMatchObject({
      path: 'regions.region-1.network.privateDomains[1]',
      problem: 'is one of region-0 too: only one region can be asked',
    });
  });

  it('with the database of another region in them are warned of', () => {
    const database = { type: 'external' as const, host: 'DB.a.org', passwordSecret: 'db' };
    const { regions, ...props } = networked([network('aws', 0), factory(['a.org'])], Links.mesh());
    const own = { ...bucket('region-0'), network: network('aws', 0), database };
    const plan = planTopology({ ...props, regions: { ...regions, 'region-0': own } });
    expect(plan.warnings.map(({ path, problem }) => [path, problem])).toContainEqual([
      'regions.region-1.network.privateDomains[0]',
      'has DB.a.org, the database of region-0, in it, which would not be found while this region is gone',
    ]);
  });
});
