import { type Input, type Output, output } from '@pulumi/pulumi';
import type { NodeMirrorPlan } from '../../plan/node-mirror.js';

/** What nodes with Amazon Linux 2023 are told. */
export interface NodeadmConfigProps {
  /** containerd's minor version on the nodes; EKS has 2.x from Kubernetes 1.33 on. @default 2.1 */
  readonly containerd?: string;
  /** Folder of containerd's host configuration: that of the node mirror. @default /etc/containerd/certs.d */
  readonly configPath?: string;
}

/**
 * User data for nodes of EKS with Amazon Linux 2023, as a `NodeConfig` of nodeadm: containerd reads the host configuration from one
 * folder only, which the node mirror needs wherever `discard_unpacked_layers` is set to `false`. Otherwise nothing is needed there.
 * Beside other parts it goes into a MIME multi-part document as `application/node.eks.aws`.
 * https://awslabs.github.io/amazon-eks-ami/nodeadm/doc/api/
 */
export function nodeadmConfig({
  containerd = '2.1',
  configPath = '/etc/containerd/certs.d',
}: NodeadmConfigProps = {}): string {
  const plugin = containerd.startsWith('1.') ? 'io.containerd.grpc.v1.cri' : 'io.containerd.cri.v1.images';
  return [
    'apiVersion: node.eks.aws/v1alpha1',
    'kind: NodeConfig',
    'spec:',
    '  containerd:',
    '    config: |',
    `      [plugins."${plugin}".registry]`,
    `      config_path = "${configPath}"`,
    '',
  ].join('\n');
}

/**
 * User data for nodes with Bottlerocket, which the node mirror cannot serve: its `/etc` belongs to the operating system. The same
 * hosts in the same order, as `settings.container-registry.mirrors`; Bottlerocket knows no dial timeout for them, and lets every one
 * of them say which digest a tag is. Leave these nodes out of the node mirror by `nodes.nodeSelector`.
 * https://bottlerocket.dev/en/os/latest/api/settings/container-registry/
 *
 * @param mirror the plan of the region's node mirror: `region.nodeMirrors[0]`
 * @param ca PEM of the private CA of the hosts, such as `registry.ca`; every program on the node then trusts it. @default - a public CA
 */
export const bottlerocketSettings = (
  mirror: Pick<NodeMirrorPlan, 'domain' | 'hosts' | 'server'>,
  ca?: Input<string>,
): Output<string> =>
  output(ca).apply((pem) => {
    const endpoints = [...mirror.hosts.map((host) => host.url), mirror.server];
    const mirrors = [
      '[[settings.container-registry.mirrors]]',
      `registry = "${mirror.domain}"`,
      `endpoint = [${endpoints.map((url) => `"${url}"`).join(', ')}]`,
    ];
    const trust = pem === undefined ? [] : ['[settings.pki.harbor-fleet]', `data = "${base64(pem)}"`, 'trusted = true'];
    return `${[...mirrors, ...trust].join('\n')}\n`;
  });

const base64 = (text: string): string => Buffer.from(text).toString('base64');
