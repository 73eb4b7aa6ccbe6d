import { regionFiles } from '../../lib/k8s/synth';
import { planTopology, type TopologyPlan } from '../../lib/plan/plan';
import type { KubernetesObject } from '../../lib/testing';
import { bucket, oneRegion } from '../plan/topologies';

const LONG_SECRET = `${'s'.repeat(120)}.database`;
const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const stores = (host: string) => ({
  database: { type: 'external', host: `db.${host}`, passwordSecret: LONG_SECRET, maxConnections: 1000 },
  cache: { type: 'external', host: `cache.${host}`, tls: true, ca: PEM },
});

/** The longest names that the plan lets through, with everything on. */
const LONGEST = planTopology(
  oneRegion({
    instance: `h${'x'.repeat(34)}`,
    size: 'large',
    ...stores('example.com'),
    tls: { type: 'certManager', issuer: 'ours', ca: PEM },
    exposure: { type: 'gateway', parentRefs: [{ name: 'public' }] },
    secretRevisions: { [LONG_SECRET]: '2', [`h${'x'.repeat(34)}-jobservice-internal-tls`]: '3' },
    kraken: { instance: `k${'x'.repeat(39)}` },
    tenants: {
      [`t${'x'.repeat(29)}`]: {
        ...bucket('tenant'),
        ...stores('tenant.example.com'),
        size: 'medium',
        domain: 'tenant.example.com',
        kraken: { ports: { agent: 17_000 } },
      },
    },
  }),
);
const ofFile = (plan: TopologyPlan): readonly KubernetesObject[] =>
  plan.regions.flatMap(({ name }) =>
    regionFiles(plan, name)
      .filter(({ file }) => file.endsWith('.yaml'))
      .flatMap(({ objects }) => objects),
  );
const OBJECTS = ofFile(LONGEST);

/** Everything in a value whose key is one of these. */
function* valuesOf(value: unknown, keys: readonly string[]): Generator<unknown> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, item] of Object.entries(value)) {
    if (keys.includes(key)) yield item;
    yield* valuesOf(item, keys);
  }
}
const maps = (keys: readonly string[]) =>
  [...valuesOf(OBJECTS, keys)].flatMap((map) => Object.entries(map as Record<string, string>));

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set, and that of annotations
const KEY = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;

describe('the longest names allowed', () => {
  it('make keys and values of labels, and keys of annotations, that an API server takes', () => {
    const labels = maps(['labels', 'matchLabels', 'nodeSelector']);
    expect(labels.filter(([key, value]) => !KEY.test(key) || !LABEL_VALUE.test(value))).toEqual([]);
    expect(maps(['annotations']).filter(([key]) => !KEY.test(key))).toEqual([]);
  });

  it('still tell the revisions of two Secrets apart', () => {
    const revisions = maps(['annotations']).filter(([key]) => key.startsWith('harbor-fleet/secret-'));
    expect(new Set(revisions.map(([, value]) => value))).toEqual(new Set(['2', '3']));
    expect(new Set(revisions.map(([key]) => key)).size).toBe(2);
  });

  it('leave room in the name of every object for what its controller adds', () => {
    // What follows the name in that of a pod, or in the label of its revision.
    const added: Readonly<Record<string, number>> = {
      Service: 0,
      Namespace: 0,
      Deployment: '-0123456789-01234'.length,
      StatefulSet: '-0123456789'.length,
      DaemonSet: '-0123456789'.length,
      CronJob: '-01234567890'.length,
    };
    const tooLong = OBJECTS.filter(({ kind, metadata: { name } }) => name.length + (added[kind] ?? -190) > 63);
    expect(tooLong.map(({ kind, metadata: { name } }) => `${kind} ${name}`)).toEqual([]);
  });

  it('name every port within 15 characters', () => {
    const ports = [...valuesOf(OBJECTS, ['containers', 'initContainers'])].flatMap((list) =>
      (list as { ports?: { name: string }[] }[]).flatMap((container) => container.ports ?? []),
    );
    expect(ports.length).toBeGreaterThan(10);
    expect(ports.filter(({ name }) => !/^(?=.*[a-z])[a-z0-9]([-a-z0-9]{0,13}[a-z0-9])?$/.test(name))).toEqual([]);
  });
});
