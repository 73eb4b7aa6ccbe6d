import { type Issue, PlanError } from '../../lib/plan/issues';
import { planTopology, type RegionProps, type TopologyProps } from '../../lib/plan/plan';
import fc from '../support/properties';

export const KRAKEN_IMAGE = 'tools.example.com/kraken:v0.1.27';

/** A region with a bucket of its own. */
export const bucket = (name: string): RegionProps => ({
  storage: { type: 's3', bucket: `example-registry-${name}`, region: 'us-east-1', credentialsSecret: 'bucket' },
});

/** A topology of regions with a bucket each, `region-0` and so on. */
export const topology = (regions: number, more: Partial<TopologyProps> = {}): TopologyProps => ({
  domain: 'registry.example.com',
  images: { kraken: KRAKEN_IMAGE },
  regions: Object.fromEntries(
    Array.from({ length: regions }, (_, i) => [`region-${i}`, bucket(`region-${i}`)] as const),
  ),
  ...more,
});

/** One region with some settings more. */
export const oneRegion = (more: object, rest: Partial<TopologyProps> = {}): TopologyProps =>
  topology(0, { regions: { virginia: { ...bucket('virginia'), ...more } }, ...rest });

/** Two regions, each with some settings more. */
export const twoRegions = (virginia: object, hangzhou: object, rest: Partial<TopologyProps> = {}): TopologyProps =>
  topology(0, {
    regions: { virginia: { ...bucket('virginia'), ...virginia }, hangzhou: { ...bucket('hangzhou'), ...hangzhou } },
    ...rest,
  });

/** Every mistake in props of any shape; none when they plan. */
export function mistakes(props: unknown): readonly Issue[] {
  try {
    planTopology(props as TopologyProps);
  } catch (error) {
    if (error instanceof PlanError) return error.issues;
    throw error;
  }
  return [];
}

/** The one mistake in props. */
export function mistake(props: unknown): Omit<Issue, 'level'> {
  const found = mistakes(props);
  if (found.length !== 1) throw new Error(`${found.length} mistakes: ${JSON.stringify(found, null, 2)}`);
  const { level: _, ...issue } = found[0] as Issue;
  return issue;
}

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8})?$/);

/** Valid topologies: sizes, stores, tenants, Krakens, projects and what they have in common, in all mixtures. */
export const topologies: fc.Arbitrary<TopologyProps> = fc
  .uniqueArray(name, { minLength: 1, maxLength: 7 })
  .chain((names) =>
    fc
      .record({
        regions: fc.tuple(...names.map((region) => regionProps(region))),
        projects: fc.uniqueArray(
          fc.record({ name, home: fc.constantFrom(...names), all: fc.boolean(), kind: fc.nat(2) }),
          {
            selector: (project) => project.name,
            maxLength: 4,
          },
        ),
        metrics: fc.boolean(),
      })
      .map(({ regions, projects, metrics }) => ({
        domain: 'registry.example.com',
        images: { kraken: KRAKEN_IMAGE, pullSecrets: ['pull'] },
        defaults: { metrics },
        regions: Object.fromEntries(names.map((region, i) => [region, regions[i] as RegionProps])),
        projects: Object.fromEntries(
          projects.map(({ name: project, home, all, kind }) => [
            project,
            { home, replicateTo: all ? ('all' as const) : [], public: kind === 0, confidential: kind === 1 },
          ]),
        ),
      })),
  );

const regionProps = (region: string): fc.Arbitrary<RegionProps> =>
  fc
    .record({
      size: fc.constantFrom('small' as const, 'medium' as const, 'large' as const),
      nas: fc.boolean(),
      front: fc.constantFrom('loadBalancer', 'nodePort', 'ingress', 'clusterIp'),
      tls: fc.constantFrom('provided', 'none'),
      kraken: fc.boolean(),
      mirror: fc.boolean(),
      tenants: fc.uniqueArray(fc.constantFrom('acme', 'beta', 'gamma'), { maxLength: 2 }),
      tenantKraken: fc.boolean(),
    })
    .map(
      ({ size, nas, front, tls, kraken, mirror, tenants, tenantKraken }) =>
        ({
          size,
          ...(nas ? { storage: { type: 'nas', storageClass: 'nas' } } : bucket(region)),
          ...stores(size, region),
          exposure: { type: front },
          tls: { type: tls },
          ...(kraken ? {} : { kraken: false }),
          ...(mirror || !kraken ? {} : { nodeMirror: false }),
          tenants: Object.fromEntries(
            tenants.map((tenant, i) => [
              tenant,
              {
                domain: `${tenant}.example.com`,
                ...bucket(`${region}-${tenant}`),
                ...(tenantKraken ? { kraken: { ports: { agent: 17_000 + i } } } : {}),
              },
            ]),
          ),
        }) as unknown as RegionProps,
    );

const stores = (size: string, region: string): object =>
  size === 'small'
    ? {}
    : {
        database: { type: 'external', host: `db.${region}.example.com`, passwordSecret: 'db', maxConnections: 1000 },
        cache: { type: 'external', host: `cache.${region}.example.com` },
      };
