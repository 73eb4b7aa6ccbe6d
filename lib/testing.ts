import { App, Chart, Testing } from 'cdk8s';
import { type KubernetesObject, objectsOf } from './k8s/manifest.js';
import { defer, isDeferred, lift, type Runtime } from './plan/deferred.js';

export { type CryptoProfile, type CryptoWords, cryptoWords, type PhaseWords, proposal } from './plan/network/crypto.js';
export {
  configurations,
  type MirroredNetwork,
  mirrorMistakes,
  type TunnelConfiguration,
} from './plan/network/mirror.js';
export { type KubernetesObject, objectsOf };

/** Synthesises what `build` adds to an empty chart, in memory: the objects in the order they would be written. */
export function synth(build: (chart: Chart) => void): KubernetesObject[] {
  const chart = new Chart(new App({ outdir: '.' }), 'test', { disableResourceNameHashes: true });
  build(chart);
  return Testing.synth(chart) as KubernetesObject[];
}

/**
 * The one object of a kind and name.
 *
 * @throws Error with the names there are when it is not among them
 */
export function find(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found !== undefined) return found;
  const names = objects.filter((object) => object.kind === kind).map((object) => object.metadata.name);
  throw new Error(`no ${kind} "${name}"; there ${names.length === 1 ? 'is' : 'are'}: ${names.join(', ') || 'none'}`);
}

/** A runtime in which every late value is known already. */
const IDENTITY: Runtime<unknown> = {
  live: (value) => value,
  map: (value, fn) => fn(value as never),
  concat: (parts) => parts.join(''),
};

/** Replaces every late value by what it stands for, as a deployment would. */
export const known = (value: unknown): unknown => lift(value, IDENTITY);

/**
 * The law of late values: what is synthesised from deferred texts and lifted afterwards equals what is synthesised from the
 * plain texts. A construct that looks inside or re-encodes a text without `derive` breaks it.
 *
 * @param props plain props
 * @param late paths of texts that may come late, such as `database.host` or `aliases.0`
 * @param build adds the construct to a chart
 * @returns both sides, to be compared by the test's own matcher
 */
export function law<P>(
  props: P,
  late: readonly string[],
  build: (chart: Chart, props: P) => void,
): { readonly lifted: unknown; readonly plain: KubernetesObject[] } {
  const marked = structuredClone(props);
  for (const path of late) markAt(marked, path.split('.'), path);
  const synthesised = synth((chart) => build(chart, marked));
  if (late.length > 0 && !isDeferred(synthesised)) throw new Error('no deferred value reached the manifests');
  return { lifted: known(synthesised), plain: synth((chart) => build(chart, props)) };
}

function markAt(target: unknown, [key, ...rest]: readonly string[], path: string): void {
  const record = target as Record<string, unknown>;
  const value = key === undefined ? undefined : record?.[key];
  if (key === undefined || value === undefined) throw new Error(`no text at ${path}`);
  if (rest.length > 0) markAt(value, rest, path);
  else record[key] = defer(value);
}
