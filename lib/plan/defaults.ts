import type { Issue } from './issues.js';

type Settings = Readonly<Record<string, unknown>>;

const isMap = (value: unknown): value is Settings => {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  // A plain map, also of another realm (a YAML parser in a sandbox); constructs and other objects are taken as they are.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/**
 * Settings over their defaults: maps are merged key by key, everything else is replaced. A choice of another `type` replaces
 * the whole map, because nothing of an S3 bucket means anything to a NAS.
 */
export function mergeSettings(defaults: unknown, own: unknown): unknown {
  if (own === undefined) return defaults;
  if (!isMap(defaults) || !isMap(own)) return own;
  if (own.type !== undefined && defaults.type !== undefined && own.type !== defaults.type) return own;
  const keys = [...new Set([...Object.keys(own), ...Object.keys(defaults)])];
  return Object.fromEntries(keys.map((key) => [key, mergeSettings(defaults[key], own[key])]));
}

/** Settings that the topology or the cluster brings along when a Harbor, Kraken or node mirror leaves them open. */
const GIVEN: Readonly<Record<string, string>> = {
  version: 'version',
  'images.prefix': 'images.harbor',
  'images.pullSecrets': 'images.pullSecrets',
  'kraken.image': 'images.kraken',
  'kraken.projects': 'projects',
  'nodeMirror.containerd': 'REGION.cluster.containerd',
};

/**
 * An issue of merged settings with the path of the setting that the user wrote: below the region, below `defaults`, or
 * where the topology brings it along.
 *
 * @param prefix path of the region, such as `regions.virginia`
 */
export function locate(issue: Issue, prefix: string, defaults: unknown, own: unknown): Issue {
  const inside = issue.path.slice(prefix.length + 1);
  const keys = inside.split(/\.|\[/).map((key) => key.replace(/\]$/, ''));
  const [ownDepth, defaultDepth] = [depth(own, keys), depth(defaults, keys)];
  if (ownDepth === keys.length) return issue;
  if (defaultDepth === keys.length) return { ...issue, path: `defaults.${inside}` };
  const ofTenant = inside.replace(/^tenants\.[^.]+\./, '');
  // A tenant takes images and version of its region.
  if (ofTenant !== inside && /^(images\.|version$)/.test(ofTenant)) {
    return locate({ ...issue, path: `${prefix}.${ofTenant}` }, prefix, defaults, own);
  }
  const given = GIVEN[ofTenant]?.replace('REGION', prefix);
  if (given?.startsWith(prefix)) return locate({ ...issue, path: given }, prefix, defaults, own);
  if (given !== undefined) return { ...issue, path: given };
  return defaultDepth > ownDepth ? { ...issue, path: `defaults.${inside}` } : issue;
}

/** How many of the keys lead somewhere. */
function depth(value: unknown, keys: readonly string[]): number {
  let at = value;
  for (const [i, key] of keys.entries()) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return i;
    at = (at as Settings)[key];
  }
  return keys.length;
}
