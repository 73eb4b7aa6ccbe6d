import { planTopology, type TopologyProps } from '../../lib/plan/plan';
import { bucket, mistake, oneRegion, topology, twoRegions } from './topologies';

/** How the key of each Harbor is made, by region and instance. */
const keysOf = (props: TopologyProps) => {
  const { regions } = planTopology(props);
  return Object.fromEntries(
    regions.flatMap(({ name, harbors, secrets }) =>
      harbors.map(({ namespace, instance, keys: { tokenKey } }) => {
        const secret = secrets.find((one) => one.namespace === namespace && one.name === tokenKey.secret);
        return [`${name}/${instance}`, secret?.keys[tokenKey.key]];
      }),
    ),
  );
};
const warningsOf = (props: TopologyProps) =>
  planTopology(props).warnings.filter(({ path }) => path.includes('tokenKey'));

const OWN = { kind: 'rsaKey' };
const shared = (name = 'token key') => ({ kind: 'sharedRsaKey', name });
const SHARED = { tokenKey: { shared: true } };

describe('keys of tokens', () => {
  it('are one for all Harbors of a domain where only administrators make projects', () => {
    expect(keysOf(topology(2, { settings: {} }))).toEqual({ 'region-0/harbor': shared(), 'region-1/harbor': shared() });
    const harbors = planTopology(topology(2, { settings: {} })).regions.flatMap(({ harbors }) => harbors);
    for (const { secrets } of harbors)
      expect(secrets.find(({ name }) => name === 'harbor-core')?.keys['tls.key']).toEqual(shared());
  });

  it('are each Harbor’s own where a user could make a project that has the name of another region’s', () => {
    const settings = { projectCreation: 'everyone' } as const;
    for (const props of [topology(2), topology(2, { settings })])
      expect(keysOf(props)).toEqual({ 'region-0/harbor': OWN, 'region-1/harbor': OWN });
  });

  it('follow what is said, in each region or in all', () => {
    const defaults = SHARED;
    expect(Object.values(keysOf(topology(2, { defaults })))).toEqual([shared(), shared()]);
    const two = twoRegions({ tokenKey: { shared: false } }, {}, { defaults });
    expect(keysOf(two)).toEqual({ 'virginia/harbor': OWN, 'hangzhou/harbor': OWN });
    const regions = { ...topology(3).regions, 'region-1': { ...bucket('region-1'), tokenKey: { shared: false } } };
    expect(Object.values(keysOf(topology(3, { regions, settings: {} })))).toEqual([shared(), OWN, shared()]);
  });

  it('stay as they are in a single region, and in a Secret of the user’s own', () => {
    expect(keysOf(oneRegion(SHARED, { settings: {} }))).toEqual({ 'virginia/harbor': OWN });
    const own = { secrets: { core: 'mine' } };
    expect(keysOf(twoRegions(own, {}, { settings: {} }))).toEqual({ 'virginia/harbor': OWN, 'hangzhou/harbor': OWN });
  });

  it('of a tenant are its own, one for each of its domains', () => {
    const tenant = (region: string, domain: string) => ({
      tenants: { blue: { ...bucket(`${region}-blue`), domain, ...SHARED, database: DATABASE } },
    });
    const DATABASE = { type: 'embedded' } as const;
    const regionOf = (region: string, domain: string) => ({ ...bucket(region), ...tenant(region, domain) });
    const regions = {
      a: regionOf('a', 'blue.example.com'),
      b: regionOf('b', 'blue.example.com'),
      c: regionOf('c', 'blau.example.com'),
      d: regionOf('d', 'blau.example.com'),
    };
    const keys = keysOf(topology(0, { regions, settings: {} }));
    expect(keys['a/harbor']).toEqual(shared());
    expect(keys['a/blue']).toEqual(shared('token key of blue'));
    expect(keys['b/blue']).toEqual(shared('token key of blue'));
    expect(keys['c/blue']).toEqual(shared('token key of blue from c'));
    expect(keys['d/blue']).toEqual(shared('token key of blue from c'));
  });

  it('have a generation, by which regions change one after the other', () => {
    const next = { tokenKey: { generation: 2 } };
    expect(Object.values(keysOf(twoRegions(next, {}, { settings: {} })))).toEqual([shared('token key 2'), shared()]);
    expect(Object.values(keysOf(topology(2, { settings: {}, defaults: next })))).toEqual([
      shared('token key 2'),
      shared('token key 2'),
    ]);
    expect(warningsOf(topology(2, { settings: {}, defaults: next }))).toEqual([]);
    expect(warningsOf(topology(1, { settings: {}, defaults: next }))).toMatchObject([
      { path: 'defaults.tokenKey.generation', given: '2', fix: expect.stringContaining('remove it') },
    ]);
  });

  it('are asked for in words that exist', () => {
    expect(mistake(oneRegion({ tokenKey: { share: true } }))).toMatchObject({
      path: 'regions.virginia.tokenKey.share',
    });
    expect(mistake(oneRegion({ tokenKey: { shared: 'yes' } }))).toMatchObject({
      path: 'regions.virginia.tokenKey.shared',
    });
    expect(mistake(twoRegions(SHARED, { tokenKey: { generation: 0 } }))).toMatchObject({
      path: 'regions.hangzhou.tokenKey.generation',
    });
  });
});
