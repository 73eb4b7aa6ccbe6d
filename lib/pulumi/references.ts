import type { ApiObject } from 'cdk8s';
import type { KubernetesObject } from '../k8s/manifest.js';

/** Fields that hold the name of another object of the same namespace: which kind, and below which keys. */
const NAMED: Readonly<Record<string, readonly [kind: string, ...keys: string[]]>> = {
  configMap: ['ConfigMap', 'name'],
  configMapRef: ['ConfigMap', 'name'],
  configMapKeyRef: ['ConfigMap', 'name'],
  secret: ['Secret', 'secretName', 'name'],
  secretRef: ['Secret', 'name'],
  secretKeyRef: ['Secret', 'name'],
  imagePullSecrets: ['Secret', 'name'],
  persistentVolumeClaim: ['PersistentVolumeClaim', 'claimName'],
  roleRef: ['Role', 'name'],
};
/** Fields that are the name itself. A Service is none of them: it is ready only when its pods are. */
const NAMES: Readonly<Record<string, string>> = {
  serviceAccountName: 'ServiceAccount',
  volumeName: 'PersistentVolume',
  storageClassName: 'StorageClass',
};
const CLUSTER_WIDE: ReadonlySet<string> = new Set(['Namespace', 'PersistentVolume', 'StorageClass']);

/** Which of these objects one of them refers to by name, as it must: its namespace, and what its pods start with. */
export function references(
  manifests: ReadonlyMap<ApiObject, KubernetesObject>,
): (object: ApiObject) => readonly ApiObject[] {
  const byName = new Map(
    [...manifests].map(
      ([object, { kind, metadata }]) => [idOf(kind, metadata.namespace, metadata.name), object] as const,
    ),
  );
  return (object) => {
    const manifest = manifests.get(object);
    if (manifest === undefined) return [];
    const { namespace } = manifest.metadata;
    const names = [...(namespace === undefined ? [] : [['Namespace', namespace] as const]), ...namesIn(manifest)];
    return names.flatMap(([kind, name]) => byName.get(idOf(kind, namespace, name)) ?? []);
  };
}

const idOf = (kind: string, namespace: string | undefined, name: string): string =>
  `${kind} ${CLUSTER_WIDE.has(kind) ? '' : (namespace ?? '')}/${name}`;

/** Every kind and name that a manifest mentions at any depth. */
function namesIn(value: unknown, found: (readonly [kind: string, name: string])[] = []): typeof found {
  if (value === null || typeof value !== 'object') return found;
  if (Array.isArray(value)) for (const item of value) namesIn(item, found);
  else
    for (const [key, item] of Object.entries(value)) {
      found.push(...namesAt(key, item));
      namesIn(item, found);
    }
  return found;
}

function namesAt(key: string, item: unknown): readonly (readonly [kind: string, name: string])[] {
  const kind = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  if (kind !== undefined && typeof item === 'string') return [[kind, item]];
  const [named, ...keys] = (Object.hasOwn(NAMED, key) ? NAMED[key] : undefined) ?? [];
  if (named === undefined) return [];
  return (Array.isArray(item) ? item : [item]).flatMap((one: unknown) =>
    keys.flatMap((below) => {
      const name = one !== null && typeof one === 'object' ? (one as Record<string, unknown>)[below] : undefined;
      return typeof name === 'string' ? [[named, name] as const] : [];
    }),
  );
}
