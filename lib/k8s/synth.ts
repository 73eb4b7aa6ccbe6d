import { App } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isDeferred } from '../plan/deferred.js';
import { Issues } from '../plan/issues.js';
import type { TopologyPlan } from '../plan/plan.js';
import { API_VERSIONS, type KubernetesObject, objectsOf } from './manifest.js';
import { RegionChart } from './region-chart.js';
import { yaml } from './text.js';

/** Objects that are written into one file. */
export interface ManifestFile {
  readonly file: string;
  readonly objects: readonly KubernetesObject[];
}

/** kubectl creates the objects of a file from top to bottom: what others need comes first. */
const ORDER = Object.keys(API_VERSIONS);

/**
 * The manifests of one region as texts by file name, in the order to apply: `kubectl apply -f` on their folder takes them by
 * name. `Kustomization` lists them for Argo CD, Flux and `kubectl apply -k`.
 *
 * @throws Error when the topology has no such region
 * @throws PlanError when an object holds a value that is known only when deployed
 */
export function synthRegion(plan: TopologyPlan, region: string): ReadonlyMap<string, string> {
  const files = regionFiles(plan, region);
  refuseLateValues(
    region,
    files.flatMap(({ objects }) => objects),
  );
  return new Map(files.map(({ file, objects }) => [file, objects.map(yaml).join('---\n')]));
}

/** A file cannot wait for a deployment. */
function refuseLateValues(region: string, objects: readonly KubernetesObject[]): void {
  const late = objects.filter(isDeferred);
  if (late.length === 0) return;
  const names = late.map(
    ({ kind, metadata: { namespace, name } }) => `${kind} ${[namespace ?? [], name].flat().join('/')}`,
  );
  const issues = new Issues();
  issues.error(
    `regions.${region}`,
    'holds values that are known only when deployed, which files cannot hold',
    names.join(', '),
    'values that are known now',
    'write them in the topology, or deploy it with Pulumi',
  );
  issues.throwIfAny();
}

/**
 * The objects of one region by file: namespaces, then each Harbor, each Kraken, each node mirror.
 *
 * @throws Error when the topology has no such region
 */
export function regionFiles(plan: TopologyPlan, name: string): readonly ManifestFile[] {
  const chart = new RegionChart(new App({ outdir: '.' }), name, { plan, region: name });
  const region = chart.plan;
  const objects = (id: string): readonly KubernetesObject[] => inOrder(chart.node.findChild(id));
  const files: readonly ManifestFile[] = [
    { file: '00-namespaces.yaml', objects: objects('namespaces') },
    ...region.harbors.map(({ instance }) => ({ file: `10-${instance}.yaml`, objects: objects(instance) })),
    ...region.krakens.map(({ instance }) => ({ file: `20-${instance}.yaml`, objects: objects(instance) })),
    ...region.nodeMirrors.map(({ instance }) => ({
      file: `30-${instance}-node-mirror.yaml`,
      objects: objects(`${instance}-node-mirror`),
    })),
  ];
  return [...files, kustomization(name, files)];
}

/** Everything below a construct, in an order that can be applied. */
function inOrder(scope: IConstruct): readonly KubernetesObject[] {
  return objectsOf(scope)
    .map((object, i) => ({ object, rank: ORDER.indexOf(object.kind), i }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({ object }) => object);
}

// Without an ending: `kubectl apply -f` on the folder would take a .yaml file for an object, and the API server has no such kind.
const kustomization = (region: string, files: readonly ManifestFile[]): ManifestFile => ({
  file: 'Kustomization',
  objects: [
    {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      metadata: { name: region },
      resources: files.map(({ file }) => file),
    },
  ],
});
