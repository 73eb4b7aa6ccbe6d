import fc from '../support/properties';
import { MEDIUM, mistakes, plan, told } from './harbors';

const external = (maxConnections: number) => ({
  database: { type: 'external' as const, host: 'db.example.com', passwordSecret: 'db', maxConnections },
});

describe('database connections', () => {
  it.each([
    ['small, embedded: what its memory holds', plan(), 50],
    ['medium, a server with 100', plan(external(100), MEDIUM), 13],
    ['medium, a server with 500', plan(external(500), MEDIUM), 80],
    ['large, a server with 5000', plan({ size: 'large', ...external(5000) }, MEDIUM), 200],
  ])('are shared: %s', (_name, harbor, perPod) => {
    expect(harbor.connections).toEqual({ perPod, exporter: 5 });
  });

  it('never exceed what the server allows, also while pods are replaced', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 10, max: 5000 }),
        (core, jobservice, max) => {
          const change = {
            ...external(max),
            components: { core: { replicas: core }, jobservice: { replicas: jobservice } },
          };
          const issues = mistakes(change, MEDIUM);
          if (issues.length > 0) {
            expect(told(issues)).toEqual([expect.stringContaining('database.maxConnections: is too few for')]);
            return;
          }
          const { connections } = plan(change, MEDIUM);
          expect(connections.perPod).toBeGreaterThanOrEqual(5);
          // One exporter, and one more pod of each while they are replaced.
          const all = (core + 1 + jobservice + 1) * connections.perPod + 2 * connections.exporter;
          expect(all).toBeLessThanOrEqual(max - 10);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('can be set, within the limit', () => {
    expect(plan({ connectionsPerPod: 8, ...external(100) }, MEDIUM).connections.perPod).toBe(8);
    const [issue] = mistakes({ connectionsPerPod: 900, ...external(100) }, MEDIUM);
    expect(issue).toMatchObject({
      path: 'connectionsPerPod',
      problem: 'exceeds what the database allows: 6 pods × 900 + 20 = 5420 connections',
      allowed: 'at most 13, for a server that allows 100',
    });
  });

  it('are too few on a small server for many pods', () => {
    const [issue] = mistakes({ components: { core: { replicas: 20 } }, ...external(100) }, MEDIUM);
    expect(issue).toMatchObject({ path: 'database.maxConnections', allowed: 'at least 140' });
  });
});
