import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { KubernetesObject } from '../k8s/manifest.js';
import { references } from './references.js';

/** One object with its manifest, and all that must be there before it. */
export interface Ordered {
  readonly object: ApiObject;
  readonly manifest: KubernetesObject;
  readonly dependencies: readonly ApiObject[];
}

/**
 * All objects below a construct in an order in which each comes after those it depends on: by `node.addDependency` of itself and of every
 * construct it stands in, and by what it refers to by name, such as its namespace or a pod's ConfigMap. Each dependency is looked at once.
 *
 * @throws Error when objects depend on each other in a circle, with their paths
 */
export function inOrder(scope: IConstruct): readonly Ordered[] {
  const manifests = new Map(
    objectsBelow(scope).map((object) => [object, object.toJson() as KubernetesObject] as const),
  );
  const named = references(manifests);
  const below = new Map<IConstruct, readonly ApiObject[]>();
  const order: Ordered[] = [];
  const done = new Set<ApiObject>();
  const path = new Set<ApiObject>();

  const membersOf = (construct: IConstruct): readonly ApiObject[] => {
    const known = below.get(construct) ?? objectsBelow(construct);
    below.set(construct, known);
    return known;
  };
  const dependenciesOf = (object: ApiObject): readonly ApiObject[] => {
    const asked = object.node.scopes.flatMap((one) => one.node.dependencies).flatMap(membersOf);
    return [...new Set([...asked, ...named(object)])].filter((one) => one !== object);
  };
  const visit = (object: ApiObject): void => {
    const manifest = manifests.get(object);
    // What stands in another tree is none of these objects.
    if (manifest === undefined || done.has(object)) return;
    if (path.has(object)) {
      const way = [...path];
      const circle = [...way.slice(way.indexOf(object)), object].map(({ node }) => node.path);
      throw new Error(`these objects depend on each other in a circle: ${circle.join(' → ')}`);
    }
    path.add(object);
    const dependencies = dependenciesOf(object);
    for (const dependency of dependencies) visit(dependency);
    path.delete(object);
    done.add(object);
    order.push({ object, manifest, dependencies });
  };
  for (const object of manifests.keys()) visit(object);
  return order;
}

/** Every Kubernetes object in a tree, in the order in which they were made. */
export const objectsBelow = (scope: IConstruct): readonly ApiObject[] =>
  scope.node.findAll().filter((node): node is ApiObject => ApiObject.isApiObject(node));
