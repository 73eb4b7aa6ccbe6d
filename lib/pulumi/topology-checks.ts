import { Provider } from '@pulumi/kubernetes';
import { Output } from '@pulumi/pulumi';
import { HIDDEN, type Issues } from '../plan/issues.js';
import type { TopologyPlan } from '../plan/plan.js';
import { Reader } from '../plan/reader.js';
import { PEM } from '../plan/tls.js';
import { checkGeneration } from './made-checks.js';
import type { TopologyArgs } from './topology.js';

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Records mistakes in what only a stack knows of: which regions it owns, its CA, and how it reaches their clusters. */
export function checkTopologyArgs(args: TopologyArgs, issues: Issues): void {
  const regions = isRecord(args.regions) ? args.regions : {};
  const names = Object.keys(regions);
  const given = new Reader({ only: args.only, certificateAuthority: args.certificateAuthority }, '', issues);
  const only = given.texts('only');
  only?.forEach((name, i) => {
    if (names.includes(name)) return;
    issues.error(
      `only[${i}]`,
      'is no region of this topology',
      name,
      names.join(', '),
      'correct the name, or add the region',
    );
  });
  if (only?.length === 0) {
    issues.error(
      'only',
      'leaves this stack without a region',
      only,
      names.join(', '),
      'name at least one region, or remove it',
    );
  }
  for (const name of names.filter((one) => only?.includes(one) ?? true)) {
    checkProvider(`regions.${name}.cluster.provider`, providerOf(args, name), name, issues);
  }
  checkAuthority(given, args.certificateAuthority);
}

/** Records what is neither a generation nor another stack's CA; one that is handed over may come late. */
function checkAuthority(given: Reader, value: unknown): void {
  if (value === undefined || Output.isInstance(value) || value instanceof Promise) return;
  const { issues } = given;
  // What stands in a wrong place may be the key.
  const refuse = (path: string, allowed: string): void =>
    issues.error(path, 'is not valid', HIDDEN, allowed, `give it ${allowed}`);
  if (!isRecord(value)) {
    refuse(given.at('certificateAuthority'), '{ generation }, or { certificate, privateKey } of another stack');
    return;
  }
  const authority = given.child('certificateAuthority');
  if (!authority.has('certificate') && !authority.has('privateKey')) {
    authority.only('generation');
    const generation = authority.raw('generation');
    if (generation !== undefined) checkGeneration(authority.at('generation'), generation, issues);
    return;
  }
  authority.only('certificate', 'privateKey');
  for (const key of ['certificate', 'privateKey']) if (!authority.has(key)) authority.missing(key, 'both of a CA');
  const certificate = authority.raw('certificate');
  if (typeof certificate === 'string' && !PEM.pattern.test(certificate))
    refuse(authority.at('certificate'), PEM.allowed);
}

const providerOf = ({ regions }: TopologyArgs, name: string): unknown => {
  const region: unknown = regions[name];
  return isRecord(region) && isRecord(region.cluster) ? region.cluster.provider : undefined;
};

const ONE_EACH = 'a Kubernetes provider for the cluster of this region, another one for each';

function checkProvider(path: string, provider: unknown, region: string, issues: Issues): void {
  if (Provider.isInstance(provider)) return;
  issues.error(
    path,
    provider === undefined
      ? 'is missing: nothing says which cluster this region is in'
      : 'is no provider of @pulumi/kubernetes',
    provider === undefined ? undefined : typeof provider,
    ONE_EACH,
    `add cluster: { provider: new ClusterProvider('${region}', { kubeconfig }) }, or leave ${region} out of "only" if another stack owns it`,
  );
}

/** Records regions of one cluster whose objects are called the same: each would take the other's over. */
export function checkClusters(plan: TopologyPlan, args: TopologyArgs, issues: Issues): void {
  const owned = plan.regions.filter(({ name }) => args.only?.includes(name) ?? true);
  const holders = new Map<unknown, Map<string, string>>();
  for (const { name, namespaces } of owned) {
    const provider = providerOf(args, name);
    const taken = holders.get(provider) ?? new Map<string, string>();
    holders.set(provider, taken);
    const [met] = namespaces.filter((one) => taken.has(one.name));
    for (const one of namespaces) if (!taken.has(one.name)) taken.set(one.name, name);
    if (provider === undefined || met === undefined) continue;
    issues.error(
      `regions.${name}.cluster.provider`,
      `is that of ${taken.get(met.name)} too, and both have objects in namespace ${met.name}`,
      'the same provider',
      ONE_EACH,
      `give it a provider of its own: new ClusterProvider('${name}', { kubeconfig })`,
    );
  }
}
