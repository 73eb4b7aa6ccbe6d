import { DIAL_TIMEOUT, type MirrorHost, type NodeMirrorPlan } from '../../plan/node-mirror.js';

/** The first line of every file that a node mirror owns. */
const marker = (instance: string): string => `# managed by harbor-fleet: ${instance}`;

/**
 * containerd's host configuration for one registry name: it asks the hosts from top to bottom, then `server`.
 * https://github.com/containerd/containerd/blob/main/docs/hosts.md. A relative `ca` is beside the file.
 */
export function hostsToml(plan: NodeMirrorPlan): string {
  // What stands before the first table is about the server.
  const lines = [marker(plan.instance), `server = "${plan.server}"`, `dial_timeout = "${DIAL_TIMEOUT}"`];
  if (plan.ca !== undefined) lines.push('ca = "ca.crt"');
  return `${[...lines, ...plan.hosts.flatMap((host) => hostLines(host, plan.ca !== undefined))].join('\n')}\n`;
}

const hostLines = (host: MirrorHost, hasCa: boolean): string[] => [
  '',
  `[host."${host.url}"]`,
  `  capabilities = [${host.resolve ? '"pull", "resolve"' : '"pull"'}]`,
  `  dial_timeout = "${host.dialTimeout}"`,
  ...(host.privateCa && hasCa ? ['  ca = "ca.crt"'] : []),
];
