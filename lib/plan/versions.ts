import type { Reader } from './reader.js';

/** Kubernetes minor versions that the manifests were made for; the oldest has every field that they use. */
export const KUBERNETES_VERSIONS = ['1.30', '1.31', '1.32', '1.33', '1.34', '1.35', '1.36'] as const;

/** A supported minor version of Kubernetes. */
export type KubernetesVersion = (typeof KUBERNETES_VERSIONS)[number];

export const DEFAULT_KUBERNETES: KubernetesVersion = '1.34';
export const DEFAULT_CONTAINERD = '2.2';

/** 1.6 ended in August 2025; older ones before (containerd's RELEASES.md). */
const OLDEST_CONTAINERD = 107;
/** Newest Kubernetes that each containerd is tested with (the same page); later ones are taken to work with all. */
const NEWEST_KUBERNETES: Readonly<Record<string, KubernetesVersion>> = { '1.7': '1.35', '2.0': '1.34', '2.1': '1.35' };

/** Major and minor as one number that can be compared, such as 201 for `2.1`. */
const rank = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 100 + minor;
};

const MINOR = {
  pattern: /^\d{1,2}\.\d{1,2}(\.\d{1,3})?$/,
  allowed: 'a version such as "1.34", in quotes',
  known: true,
};
const minorOf = (version: string): string => version.split('.').slice(0, 2).join('.');

/** Reads the versions of a cluster as minor versions, and records those that do not work or do not go together. */
export function readClusterVersions(cluster: Reader): { kubernetes: KubernetesVersion; containerd: string } {
  const kubernetes = readKubernetes(cluster);
  const containerd = readContainerd(cluster);
  const newest = NEWEST_KUBERNETES[containerd];
  if (newest !== undefined && rank(kubernetes) > rank(newest)) {
    cluster.issues.warning(
      cluster.at('containerd'),
      `is not tested with Kubernetes ${kubernetes}`,
      containerd,
      `Kubernetes ${newest} at most, or a later containerd`,
      `upgrade containerd on the nodes to ${DEFAULT_CONTAINERD} or later`,
    );
  }
  return { kubernetes, containerd };
}

function readKubernetes(cluster: Reader): KubernetesVersion {
  const given = cluster.text('kubernetes', MINOR);
  if (given === undefined) return DEFAULT_KUBERNETES;
  const known = KUBERNETES_VERSIONS.find((version) => version === minorOf(given));
  if (known === undefined && MINOR.pattern.test(given)) {
    cluster.issues.error(
      cluster.at('kubernetes'),
      'is not supported',
      given,
      `${KUBERNETES_VERSIONS[0]} to ${KUBERNETES_VERSIONS.at(-1)}`,
      rank(given) < rank(KUBERNETES_VERSIONS[0]) ? 'upgrade the cluster' : 'use a later release of harbor-fleet',
    );
  }
  return known ?? DEFAULT_KUBERNETES;
}

function readContainerd(cluster: Reader): string {
  const given = cluster.text('containerd', MINOR);
  if (given === undefined || !MINOR.pattern.test(given)) return DEFAULT_CONTAINERD;
  const containerd = minorOf(given);
  if (rank(containerd) < OLDEST_CONTAINERD) {
    cluster.issues.error(
      cluster.at('containerd'),
      'is not supported: its project ended it',
      given,
      '1.7 or later; 2.1 or later to bound the time that a dead agent costs',
      'upgrade containerd on the nodes',
    );
  }
  return containerd;
}
