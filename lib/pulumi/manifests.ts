import { getVersion } from '@pulumi/kubernetes/utilities';
import {
  ComponentResource,
  type ComponentResourceOptions,
  CustomResource,
  type CustomResourceOptions,
  getProject,
  getStack,
  type Output,
  secret,
} from '@pulumi/pulumi';
import { type ApiObject, App, Chart, type ChartProps, type IResolver } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { KubernetesObject } from '../k8s/manifest.js';
import { lift } from '../plan/deferred.js';
import { isKept } from '../plan/keep.js';
import { markerOf } from './inputs.js';
import { refuseLeaks } from './leaks.js';
import { inOrder, objectsBelow } from './order.js';
import { asOutput, runtime } from './runtime.js';

/** A Kubernetes object in the cluster. */
export class LiveObject extends CustomResource {
  declare readonly apiVersion: Output<string>;
  declare readonly kind: Output<string>;
  declare readonly metadata: Output<KubernetesObject['metadata']>;
  /** What the cluster says of it, such as the address of a Service; known after deployment. */
  // biome-ignore lint/suspicious/noExplicitAny: its shape is another one for each kind
  declare readonly status: Output<any>;
}

/** What a component of Kubernetes objects takes besides Pulumi's own options. */
export interface ObjectOptions {
  /**
   * Pulumi's options for single objects, such as `protect`, `aliases`, `ignoreChanges`, `retainOnDelete` or `transforms`; nothing for those
   * left as they are. It may also change the object itself, such as by `object.metadata.addAnnotation(…)`.
   * @default - objects that hold data are retained on delete
   */
  readonly configure?: (object: ApiObject) => CustomResourceOptions | undefined;
}

/** Options of {@link Manifests}. */
export interface ManifestsOptions extends ComponentResourceOptions, ObjectOptions {
  /** Namespace and labels for all objects of the chart. @default - none */
  readonly chart?: ChartProps;
}

/**
 * Any cdk8s chart in a Pulumi stack. Texts may be Outputs wherever they stand: pass them through `plain`, or put them into objects as
 * they are. A preview hides only the very leaf that is not known yet, secret leaves stay secret, and each object waits for what it refers
 * to and depends on.
 *
 * Logical names are `<name>/<path of the construct in the chart>`: moving a construct renames its objects, unless `configure` gives them
 * their former names as `aliases`.
 */
export class Manifests<T = void> extends ComponentResource {
  /** What the function that built the chart returned. */
  readonly built: T;
  private readonly objects: LiveObjects<T>;

  /**
   * @param build adds objects to an empty chart
   * @throws Error when constructs are not valid, objects depend on each other in a circle, or a late value was re-encoded
   */
  constructor(name: string, build: (chart: Chart) => T, options: ManifestsOptions = {}) {
    const { chart, configure, ...own } = options;
    super('harbor-fleet:index:Manifests', name, {}, own);
    this.objects = liveObjects(this, name, build, { chart, configure });
    this.built = this.objects.built;
    this.registerOutputs({});
  }

  /**
   * The live object of a construct.
   *
   * @throws Error when the construct is none of this chart, or has several objects below it
   */
  resource(construct: IConstruct): LiveObject {
    return this.objects.resource(construct);
  }

  /** A text that may hold late values, as an Output. */
  output(text: string): Output<string> {
    return asOutput(text);
  }
}

/** What {@link liveObjects} made. */
export interface LiveObjects<T> {
  readonly built: T;
  resource(construct: IConstruct): LiveObject;
  /** The object of this kind and name, when there is one. */
  find(kind: string, namespace: string, name: string): LiveObject | undefined;
}

/** Makes every object of a chart a resource below a component. */
export function liveObjects<T>(
  parent: ComponentResource,
  name: string,
  build: (chart: Chart) => T,
  { chart: props, configure }: ObjectOptions & { readonly chart?: ChartProps } = {},
): LiveObjects<T> {
  const app = new App({ outdir: '.', resolvers: [OUTPUTS] });
  const chart = new Chart(app, name, { disableResourceNameHashes: true, ...props });
  const built = build(chart);
  const options = new Map(objectsBelow(chart).map((object) => [object, configure?.(object)] as const));
  validate(chart);
  const memo = new Map<string, Output<unknown>>();
  const resources = new Map<ApiObject, LiveObject>();
  for (const { object, manifest, dependencies } of inOrder(chart)) {
    const { apiVersion, kind, ...body } = manifest;
    const { namespace, name: objectName } = body.metadata;
    const where = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${objectName}`;
    const properties = refuseLeaks(lift(body, runtime, memo), where) as Record<string, unknown>;
    const group = apiVersion.includes('/') ? apiVersion : `core/${apiVersion}`;
    const resource = new LiveObject(
      `kubernetes:${group}:${kind}`,
      `${name}/${object.node.path.slice(chart.node.path.length + 1)}`,
      { apiVersion, kind, ...withHints(kind, properties, hintsFor(kind, isKept(body.metadata))), status: undefined },
      {
        parent,
        version: getVersion(),
        retainOnDelete: isKept(body.metadata),
        ...options.get(object),
        dependsOn: dependencies.flatMap((one) => resources.get(one) ?? []),
      },
    );
    resources.set(object, resource);
  }
  return {
    built,
    resource: (construct) => resourceOf(construct, resources),
    find: (kind, namespace, objectName) =>
      [...resources].find(
        ([{ kind: ofKind, metadata }]) =>
          ofKind === kind && metadata.namespace === namespace && metadata.name === objectName,
      )?.[1],
  };
}

/** Puts an Output that stands in an object as it is among the late values. */
const OUTPUTS: IResolver = {
  resolve(context) {
    const marker = markerOf(context.value);
    if (marker !== undefined) context.replaceValue(marker);
  },
};

function validate(chart: Chart): void {
  const problems = chart.node
    .findAll()
    .flatMap((construct) => construct.node.validate().map((problem) => `- ${construct.node.path}: ${problem}`));
  if (problems.length > 0) throw new Error(`the chart is not valid:\n${problems.join('\n')}`);
}

/** What the provider is told about an object, by annotations. */
function hintsFor(kind: string, kept: boolean): Readonly<Record<string, string>> {
  return {
    // By a name of the engine's own choice, an object that it lost when it was killed could be taken over, but never changed again. A Secret
    // that outlived its stack must stay a stranger to the next one, which would overwrite it.
    ...(kind === 'Secret' && kept ? {} : { 'pulumi.com/patchFieldManager': fieldManager() }),
    // A claim is not waited for, the pods that mount it are. The provider waits for one whose volume comes with its first pod to be pending,
    // in vain when a former stack left it bound.
    ...(kind === 'PersistentVolumeClaim' ? { 'pulumi.com/skipAwait': 'true' } : {}),
  };
}

/** Who owns the fields of a stack's objects: Kubernetes takes 128 characters. */
const fieldManager = (): string => `pulumi/${getProject()}/${getStack()}`.slice(0, 128);

function withHints(
  kind: string,
  { metadata, ...properties }: Record<string, unknown>,
  hints: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const { annotations, ...rest } = Object(metadata) as { readonly annotations?: object };
  const hinted = { ...properties, metadata: { ...rest, annotations: { ...hints, ...annotations } } };
  return kind === 'Secret' ? withSecretValues(hinted) : hinted;
}

/** Each value of a Secret alone is secret, so that a preview still shows which keys there are. */
const withSecretValues = (properties: Record<string, unknown>): Record<string, unknown> => ({
  ...properties,
  ...Object.fromEntries(
    ['data', 'stringData'].flatMap((field) => {
      const values = properties[field];
      if (values === null || typeof values !== 'object') return [];
      return [[field, Object.fromEntries(Object.entries(values).map(([key, value]) => [key, secret(value)]))]];
    }),
  ),
});

function resourceOf(construct: IConstruct, resources: ReadonlyMap<ApiObject, LiveObject>): LiveObject {
  const objects = objectsBelow(construct);
  const [object] = objects;
  const found = object && resources.get(object);
  if (found !== undefined && objects.length === 1) return found;
  const below = objects.map(({ node }) => node.path).join(', ');
  throw new Error(
    found === undefined
      ? `${construct.node.path} has no object of these manifests`
      : `${construct.node.path} has ${objects.length} objects: ask for one of ${below}`,
  );
}
