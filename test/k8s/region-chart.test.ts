import { App } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { RegionChart } from '../../lib/k8s/region-chart';
import { regionFiles, synthRegion } from '../../lib/k8s/synth';
import { partyName } from '../../lib/plan/flows';
import { Links } from '../../lib/plan/network/links';
import { Network } from '../../lib/plan/network/networks';
import { planTopology, regionOf, type TopologyPlan } from '../../lib/plan/plan';
import { find, type KubernetesObject, objectsOf } from '../../lib/testing';
import { bucket, oneRegion, topologies, topology, twoRegions } from '../plan/topologies';
import fc from '../support/properties';

const ACME = { ...bucket('acme'), domain: 'acme.example.com', kraken: { ports: { agent: 17_000 } } };
const PLANS: Readonly<Record<string, TopologyPlan>> = {
  small: planTopology(oneRegion({})),
  tenants: planTopology(twoRegions({ tenants: { acme: ACME } }, { kraken: false })),
  large: planTopology(
    oneRegion({
      size: 'large',
      database: { type: 'external', host: 'db.example.com', passwordSecret: 'db', maxConnections: 1000 },
      cache: { type: 'external', host: 'cache.example.com', tls: true, passwordSecret: 'cache' },
      exposure: { type: 'ingress' },
    }),
  ),
  nas: planTopology(
    oneRegion({
      storage: { type: 'nas', server: '10.0.0.5', path: '/x' },
      tls: { type: 'none' },
      trivy: { enabled: true },
    }),
  ),
};
const names = Object.keys(PLANS);
const planOf = (name: string): TopologyPlan => PLANS[name] as TopologyPlan;
const regionsOf = (plan: TopologyPlan) =>
  plan.regions.map((region) => ({
    region,
    objects: regionFiles(plan, region.name)
      .filter(({ file }) => file.endsWith('.yaml'))
      .flatMap(({ objects }) => objects),
  }));

/** Everything below a value whose key is one of these. */
function* valuesOf(value: unknown, keys: readonly string[]): Generator<unknown> {
  if (value === null || typeof value !== 'object') return;
  for (const [key, item] of Object.entries(value)) {
    if (keys.includes(key)) yield item;
    yield* valuesOf(item, keys);
  }
}

const namesIn = (object: KubernetesObject, keys: readonly string[], field: string): string[] =>
  [...valuesOf(object, keys)].flatMap((item) => {
    const reference = item as Record<string, unknown> | null;
    return typeof reference?.[field] === 'string' && reference.optional !== true ? [reference[field]] : [];
  });

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

const selects = (
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Readonly<Record<string, string>>,
): boolean =>
  Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
  matchExpressions.every(({ key, operator, values }) => operator === 'In' && values.includes(labels[key] ?? ''));

describe('RegionChart', () => {
  it('makes the namespaces with the level that they enforce, and denies everything in them first', () => {
    const plan = planOf('small');
    const chart = new RegionChart(new App({ outdir: '.' }), 'virginia', { plan, region: 'virginia' });
    const objects = objectsOf(chart);
    expect(chart.plan).toBe(plan.regions[0]);
    expect(find(objects, 'Namespace', 'harbor').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'latest',
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/warn-version': 'latest',
      'pod-security.kubernetes.io/audit': 'restricted',
      'pod-security.kubernetes.io/audit-version': 'latest',
    });
    expect(find(objects, 'Namespace', 'kraken-nodes').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'privileged',
    });
    const denied = objects.filter(({ metadata }) => metadata.name === 'default-deny');
    expect(denied.map(({ metadata, spec }) => [metadata.namespace, spec])).toEqual(
      ['harbor', 'kraken', 'kraken-nodes'].map((name) => [
        name,
        { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
      ]),
    );
  });

  it('knows the regions of its plan', () => {
    const chart = () => new RegionChart(new App({ outdir: '.' }), 'x', { plan: planOf('small'), region: 'tokyo' });
    expect(chart).toThrow('no region "tokyo" in this topology; there is: virginia');
  });

  it('tells Harbor’s registry where its Kraken listens', () => {
    const [virginia] = regionsOf(planOf('small'));
    const text = JSON.stringify(virginia?.objects.filter(({ kind }) => kind === 'ConfigMap'));
    expect(text).toContain(virginia?.region.krakens[0]?.notification.url);
  });

  it('annotates Kraken’s headless Services with their private names for external-dns, where it keeps them', () => {
    const annotated = (externalDns: boolean) => {
      const network = Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'], externalDns });
      const linked = { network, cluster: { podCidr: '10.0.64.0/18' } };
      const other = { network: Network.alicloud({ region: 'cn-hangzhou', cidrs: ['10.1.0.0/16'] }) };
      const [{ objects } = { objects: [] }] = regionsOf(
        planTopology(twoRegions(linked, other, { links: Links.mesh() })),
      );
      return objects.flatMap(({ kind, metadata: { name, annotations } }) =>
        kind === 'Service' && annotations !== undefined ? [[name, annotations]] : [],
      );
    };
    const key = 'external-dns.alpha.kubernetes.io/hostname';
    expect(annotated(true)).toEqual([
      ['kraken-origin', { [key]: 'kraken-origin.virginia.registry.example.com' }],
      ['kraken-build-index', { [key]: 'kraken-build-index.virginia.registry.example.com' }],
    ]);
    expect(annotated(false)).toEqual([]);
  });
});

describe.each(names)('the manifests of a region: %s', (name) => {
  const plan = planOf(name);
  const regions = regionsOf(plan);

  it('have a policy for every party of a flow that is a pod', () => {
    for (const { region, objects } of regions) {
      const policies = objects.filter(
        ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name !== 'default-deny',
      );
      const unselected = region.flows
        .flatMap((flow) => [flow.from, flow.to])
        .filter((party) => party.kind === 'pods')
        .filter(({ namespace, labels }) =>
          policies.every(({ metadata, spec }) => {
            const { podSelector } = spec as { podSelector: Selector };
            return metadata.namespace !== namespace || !selects(podSelector, labels);
          }),
        );
      expect(unselected.map(partyName)).toEqual([]);
    }
  });

  it('read only Secrets and ConfigMaps that are planned or among them', () => {
    for (const { region, objects } of regions) {
      const known = new Set([
        ...region.secrets.map((one) => `${one.objectKind} ${one.namespace}/${one.name}`),
        ...objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
      ]);
      const read = objects.flatMap((object) => {
        const at = (kind: string) => (name: string) => `${kind} ${object.metadata.namespace}/${name}`;
        return [
          ...namesIn(object, ['secretKeyRef', 'secretRef', 'secret'], 'name').map(at('Secret')),
          ...namesIn(object, ['secret'], 'secretName').map(at('Secret')),
          ...namesIn(object, ['configMapKeyRef', 'configMapRef', 'configMap'], 'name').map(at('ConfigMap')),
        ];
      });
      expect(new Set(read).size).toBeGreaterThan(10);
      expect(read.filter((one) => !known.has(one))).toEqual([]);
    }
  });

  it('use planned namespaces only, and no two objects have one name', () => {
    for (const { region, objects } of regions) {
      const namespaces = region.namespaces.map((namespace) => namespace.name);
      for (const { metadata } of objects)
        if (metadata.namespace !== undefined) expect(namespaces).toContain(metadata.namespace);
      const ids = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
      expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    }
  });

  it('hold no Secret', () => {
    expect(regions.flatMap(({ objects }) => objects).filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it('are the same byte by byte when synthesised again', () => {
    for (const { region } of regions) {
      expect([...synthRegion(plan, region.name)]).toEqual([...synthRegion(plan, region.name)]);
    }
  });

  it('are the same from a plan that was written as JSON', () => {
    const read = JSON.parse(JSON.stringify(plan)) as TopologyPlan;
    for (const { region } of regions) {
      expect([...synthRegion(read, region.name)]).toEqual([...synthRegion(plan, region.name)]);
    }
  });
});

describe('synthRegion', () => {
  it('writes a file for each installation, to be applied in the order of their names', () => {
    const files = [...synthRegion(planOf('tenants'), 'virginia').keys()];
    expect(files).toEqual([
      '00-namespaces.yaml',
      '10-harbor.yaml',
      '10-acme.yaml',
      '20-kraken.yaml',
      '20-acme-kraken.yaml',
      '30-kraken-node-mirror.yaml',
      '30-acme-kraken-node-mirror.yaml',
      'Kustomization',
    ]);
  });

  it('writes YAML of which every document is an object', () => {
    const texts = synthRegion(planOf('small'), 'virginia');
    for (const { file, objects } of regionFiles(planOf('small'), 'virginia')) {
      expect(parseAllDocuments(texts.get(file) ?? '').map((document) => document.toJS())).toEqual(
        JSON.parse(JSON.stringify(objects)),
      );
    }
  });

  it('lists all files for kustomize, in a file that kubectl does not take for an object', () => {
    const files = regionFiles(planOf('small'), 'virginia');
    expect(files.at(-1)).toEqual({
      file: 'Kustomization',
      objects: [
        {
          apiVersion: 'kustomize.config.k8s.io/v1beta1',
          kind: 'Kustomization',
          metadata: { name: 'virginia' },
          resources: ['00-namespaces.yaml', '10-harbor.yaml', '20-kraken.yaml', '30-kraken-node-mirror.yaml'],
        },
      ],
    });
  });

  it('puts in each file first what others need', () => {
    const kinds = (file: string): string[] =>
      (regionFiles(planOf('nas'), 'virginia').find((one) => one.file === file)?.objects ?? []).map(
        ({ kind }: KubernetesObject) => kind,
      );
    const harbor = kinds('10-harbor.yaml');
    const last = (kind: string): number => harbor.lastIndexOf(kind);
    expect(last('ServiceAccount')).toBeLessThan(harbor.indexOf('Deployment'));
    expect(last('PersistentVolume')).toBeLessThan(harbor.indexOf('PersistentVolumeClaim'));
    expect(last('ConfigMap')).toBeLessThan(harbor.indexOf('Deployment'));
    expect(last('NetworkPolicy')).toBeLessThan(harbor.indexOf('Deployment'));
    expect(kinds('00-namespaces.yaml').slice(0, 3)).toEqual(['Namespace', 'Namespace', 'Namespace']);
  });

  it('knows the regions of its plan', () => {
    expect(() => synthRegion(planOf('tenants'), 'x')).toThrow('there are: virginia, hangzhou');
  });

  it('gives any valid topology manifests in which no two objects of a region have one name', () => {
    fc.assert(
      fc.property(topologies, (props) => {
        const plan = planTopology(props);
        const [first] = plan.regions;
        const region = regionOf(plan, first?.name ?? '');
        const ids = regionsOf({ ...plan, regions: [region] }).flatMap(({ objects }) =>
          objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
        );
        expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('needs the plan alone: every region for itself', () => {
    const plan = planTopology(topology(3));
    const alone = { ...plan, regions: plan.regions.slice(2) };
    expect([...synthRegion(alone, 'region-2')]).toEqual([...synthRegion(plan, 'region-2')]);
  });
});
