import { PlanError } from '../../../lib/plan/issues';
import { configurations, mirrorMistakes } from '../../../lib/plan/network/mirror';
import { planTopology, regionOf, type TopologyProps } from '../../../lib/plan/plan';
import fc, { SEED } from '../../support/properties';
import { bucket } from '../topologies';
import { network, TYPES } from './networks';

const junk = fc.constantFrom<unknown>(undefined, null, '', 'x', -1, 1e9, [], {}, [null], true);
const or = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 60, arbitrary: value as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: junk });
const name = fc.constantFrom('a', 'b', 'c', 'd', 'a--b');

/** Settings that may go wrong, most of them for some clouds only. */
const changes = fc.record(
  {
    type: or(fc.constantFrom(...TYPES)),
    cidrs: or(
      fc.array(
        fc.tuple(fc.nat(12), fc.constantFrom(12, 16, 20)).map(([i, bits]) => `10.${i * 16}.0.0/${bits}`),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    region: or(fc.constantFrom('us-east-1', 'cn-hangzhou', 'chinaeast')),
    publicIps: or(
      fc.array(
        fc.oneof(
          { weight: 9, arbitrary: fc.nat(20).map((i) => `198.51.100.${i}`) },
          { weight: 1, arbitrary: fc.constantFrom('10.16.0.1', '192.168.0.1', '127.0.0.1', '198.51.100.01') },
        ),
        { minLength: 1, maxLength: 3 },
      ),
    ),
    index: or(fc.nat(40)),
    asn: or(fc.oneof(fc.integer({ min: 64_490, max: 64_620 }), fc.constantFrom(65_515, 7224))),
    gateway: or(fc.constantFrom('vpnGateway', 'transitGateway')),
    resolvers: or(
      fc.array(
        fc.nat(255).map((i) => `10.${i}.0.53`),
        { maxLength: 2 },
      ),
    ),
    privateDomains: or(
      fc.array(fc.constantFrom('corp.example.net', 'db.corp.example.net', 'example.com', 'corp'), { maxLength: 2 }),
    ),
    externalDns: or(fc.boolean()),
  },
  { requiredKeys: [] },
);
const anyNetwork = fc
  .record({
    type: fc.constantFrom(...TYPES),
    i: fc.nat(250),
    ips: fc.constantFrom(1 as const, 2 as const),
    more: fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: changes }),
  })
  .map(({ type, i, ips, more }): unknown => ({ ...network(type, i % 120, ips), ...more }));
const between = or(
  fc
    .tuple(name, name)
    .filter(([a, b]) => a !== b)
    .map((pair): unknown => pair),
);
const crypto = or(fc.constantFrom('common', 'strong'));
const tunnelled = { between, tunnels: or(fc.constantFrom(1, 2, 4)), crypto, keyRotation: or(fc.nat(20)) };
const link = fc.oneof(
  { weight: 9, arbitrary: fc.record(tunnelled, { requiredKeys: ['between'] }) },
  { weight: 9, arbitrary: fc.record({ between, via: or(fc.constantFrom('vpn', 'peering', 'existing')) }) },
  { weight: 1, arbitrary: fc.record({ ...tunnelled, via: or(fc.constantFrom('peering', 'existing')) }) },
);
const links = or(fc.array(or(link), { maxLength: 4 }));
const anyTopology = fc.record({
  networks: fc.dictionary(name, fc.option(or(anyNetwork), { freq: 20, nil: undefined }), { minKeys: 1 }),
  links: fc.oneof(
    { weight: 20, arbitrary: fc.record({ type: fc.constant('mesh'), links, crypto }, { requiredKeys: ['type'] }) },
    {
      weight: 20,
      arbitrary: fc.record(
        { type: fc.constant('hub'), region: or(name), links, crypto },
        { requiredKeys: ['type', 'region'] },
      ),
    },
    {
      weight: 20,
      arbitrary: fc.record({ type: fc.constant('list'), links, crypto }, { requiredKeys: ['type', 'links'] }),
    },
    { weight: 1, arbitrary: junk },
  ),
  dns: fc.option(or(fc.record({ routing: or(fc.constantFrom('failover', 'latency')) })), { freq: 1, nil: undefined }),
});

/** How many topologies were planned, and how many refused. */
export interface Outcomes {
  readonly planned: number;
  readonly refused: number;
}

/**
 * Plans random topologies, most of them with a mistake somewhere: each is planned so that its tunnels mirror each other, or refused with a
 * path for every mistake; none crashes.
 */
export function planAny(numRuns: number, seed = SEED): Outcomes {
  const outcomes = { planned: 0, refused: 0 };
  fc.assert(
    fc.property(anyTopology, ({ networks, links, dns }) => {
      const regions = Object.fromEntries(
        Object.entries(networks).map(([region, one]) => [region, { ...bucket(region), kraken: false, network: one }]),
      );
      const props = { domain: 'registry.example.com', regions, links, dns, images: { kraken: 't/k:v1' } };
      try {
        const plan = planTopology(props as TopologyProps);
        outcomes.planned++;
        for (const one of plan.links) {
          const ends = configurations(one, (region) => regionOf(plan, region).network ?? { type: 'external' });
          expect(ends.flatMap(([a, b]) => mirrorMistakes(a, b))).toEqual([]);
        }
      } catch (error) {
        if (!(error instanceof PlanError)) throw error;
        outcomes.refused++;
        expect(error.issues.length).toBeGreaterThan(0);
        for (const { path, problem, allowed, fix } of error.issues) {
          expect([path, problem, allowed, fix].every((text) => text.length > 0)).toBe(true);
          expect(path).toMatch(/^(regions|links|dns|images|domain)/);
        }
      }
    }),
    { numRuns, seed },
  );
  return outcomes;
}
