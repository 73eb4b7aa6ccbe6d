import type { Output } from '@pulumi/pulumi';
import { hostsToml } from '../k8s/node-mirror/hosts-toml.js';
import type { NodeMirrorPlan } from '../plan/node-mirror.js';
import type { CertificateAuthority } from './authority.js';
import { caText } from './ca-text.js';
import { asOutput } from './runtime.js';

/** A file that containerd reads on every node. The node mirror writes it; where none runs, put it into the image or the user data of nodes. */
export interface NodeFile {
  /** Absolute path on the node. */
  readonly path: Output<string>;
  readonly content: Output<string>;
}

/** The files that make a node pull a topology's images by its peers. */
export function nodeFiles(plan: NodeMirrorPlan, authority: () => CertificateAuthority): readonly NodeFile[] {
  const file = (name: string): Output<string> => asOutput(`${plan.configPath}/${plan.domain}/${name}`);
  const ca = caText(plan.ca, authority);
  return [
    { path: file('hosts.toml'), content: asOutput(hostsToml(plan)) },
    ...(ca === undefined ? [] : [{ path: file('ca.crt'), content: ca }]),
  ];
}
