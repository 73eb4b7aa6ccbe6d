import { Resource } from '@pulumi/pulumi';
import type { Issues } from '../plan/issues.js';
import { checkGeneration } from './made-checks.js';
import type { TopologyArgs } from './topology.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Records mistakes in what only a stack knows of: which regions it owns, and how it reaches their clusters. */
export function checkTopologyArgs(args: TopologyArgs, issues: Issues): void {
  const regions = isRecord(args.regions) ? args.regions : {};
  const names = Object.keys(regions);
  const { only = names, certificateAuthority } = args;
  only.forEach((name, i) => {
    if (names.includes(name)) return;
    issues.error(
      `only[${i}]`,
      'is no region of this topology',
      name,
      names.join(', '),
      'correct the name, or add the region',
    );
  });
  if (only.length === 0) {
    issues.error(
      'only',
      'leaves this stack without a region',
      only,
      names.join(', '),
      'name at least one region, or remove it',
    );
  }
  for (const name of names.filter((one) => only.includes(one))) {
    const cluster = isRecord(regions[name]) ? regions[name].cluster : undefined;
    checkProvider(`regions.${name}.cluster.provider`, isRecord(cluster) ? cluster.provider : undefined, name, issues);
  }
  if (isRecord(certificateAuthority) && 'generation' in certificateAuthority) {
    checkGeneration('certificateAuthority.generation', certificateAuthority.generation, issues);
  }
}

function checkProvider(path: string, provider: unknown, region: string, issues: Issues): void {
  if (Resource.isInstance(provider)) return;
  issues.error(
    path,
    provider === undefined ? 'is missing: nothing says which cluster this region is in' : 'is no provider',
    provider === undefined ? undefined : typeof provider,
    'a Kubernetes provider for the cluster of this region, another one for each',
    `add cluster: { provider: new ClusterProvider('${region}', { kubeconfig }) }, or leave ${region} out of "only" if another stack owns it`,
  );
}
