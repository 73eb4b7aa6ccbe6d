import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { inOrder } from '../../lib/pulumi/order';

const chart = (): Chart => new Chart(new App({ outdir: '.' }), 'c', { disableResourceNameHashes: true });
const add = (scope: Construct, id: string, kind = 'ConfigMap', rest: object = {}): ApiObject =>
  new ApiObject(scope, id, { apiVersion: 'v1', kind, metadata: { name: id, namespace: 'n' }, ...rest });
const names = (scope: Construct): string[] => inOrder(scope).map(({ object }) => object.name);
const dependencies = (scope: Construct, name: string): string[] =>
  inOrder(scope)
    .filter(({ object }) => object.name === name)
    .flatMap((one) => one.dependencies.map((dependency) => dependency.name));

describe('the order of objects', () => {
  it('puts each after those it depends on, and otherwise keeps theirs', () => {
    const scope = chart();
    const [a, b] = [add(scope, 'a'), add(scope, 'b')];
    add(scope, 'c');
    a.node.addDependency(b);
    expect(names(scope)).toEqual(['b', 'a', 'c']);
    expect(dependencies(scope, 'a')).toEqual(['b']);
  });

  it('knows dependencies of and on whole groups', () => {
    const scope = chart();
    const [first, second] = [new Construct(scope, 'first'), new Construct(scope, 'second')];
    for (const id of ['a', 'b']) add(first, id);
    for (const id of ['c', 'd']) add(second, id);
    first.node.addDependency(second);
    expect(names(scope)).toEqual(['c', 'd', 'a', 'b']);
    expect(dependencies(scope, 'b')).toEqual(['c', 'd']);
  });

  it('knows what an object refers to by name: its namespace, and what its pods start with', () => {
    const scope = chart();
    const pod = {
      serviceAccountName: 'account',
      imagePullSecrets: [{ name: 'pull' }],
      volumes: [
        { configMap: { name: 'config' } },
        { secret: { secretName: 'tls' } },
        { persistentVolumeClaim: { claimName: 'claim' } },
        { projected: { sources: [{ secret: { name: 'projected' } }, { configMap: { name: 'elsewhere' } }] } },
      ],
      containers: [
        { env: [{ valueFrom: { secretKeyRef: { name: 'key' } } }], envFrom: [{ configMapRef: { name: 'from' } }] },
      ],
    };
    add(scope, 'workload', 'Deployment', { spec: { template: { spec: pod } } });
    add(scope, 'claim', 'PersistentVolumeClaim', { spec: { volumeName: 'volume', storageClassName: 'class' } });
    for (const name of ['volume']) add(scope, name, 'PersistentVolume', { metadata: { name } });
    add(scope, 'class', 'StorageClass', { metadata: { name: 'class' } });
    for (const name of ['pull', 'tls', 'projected', 'key']) add(scope, name, 'Secret');
    for (const name of ['config', 'from']) add(scope, name);
    add(scope, 'account', 'ServiceAccount');
    add(scope, 'n', 'Namespace', { metadata: { name: 'n' } });
    expect(dependencies(scope, 'workload').sort()).toEqual(
      ['account', 'claim', 'config', 'from', 'key', 'n', 'projected', 'pull', 'tls'].sort(),
    );
    expect(dependencies(scope, 'claim').sort()).toEqual(['class', 'n', 'volume']);
    expect(names(scope).at(-1)).not.toBe('n');
  });

  it('takes no object of another namespace for one that a pod names', () => {
    const scope = chart();
    add(scope, 'tls', 'Secret', { metadata: { name: 'tls', namespace: 'other' } });
    add(scope, 'pod', 'Pod', { spec: { volumes: [{ secret: { secretName: 'tls' } }] } });
    expect(dependencies(scope, 'pod')).toEqual([]);
  });

  it('says which objects depend on each other in a circle', () => {
    const scope = chart();
    const [a, b] = [add(scope, 'a'), add(scope, 'b')];
    a.node.addDependency(b);
    b.node.addDependency(a);
    expect(() => inOrder(scope)).toThrow('in a circle: c/a → c/b → c/a');
  });

  it('looks at each dependency once, however many layers depend on each other', () => {
    const scope = chart();
    const layers = Array.from({ length: 12 }, (_, i) => new Construct(scope, `layer-${i}`));
    layers.forEach((layer, i) => {
      for (let j = 0; j < 10; j++) add(layer, `o-${i}-${j}`);
      const below = layers[i - 1];
      if (below !== undefined) layer.node.addDependency(below);
    });
    // cdk8s' own order takes minutes for this.
    const order = inOrder(scope);
    expect(order).toHaveLength(120);
    expect(order.flatMap((one) => one.dependencies)).toHaveLength(11 * 10 * 10);
  });
});
