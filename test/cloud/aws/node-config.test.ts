import { output } from '@pulumi/pulumi';
import { parse } from 'yaml';
import { bottlerocketSettings, nodeadmConfig } from '../../../lib/cloud/aws';
import { planNodeMirror } from '../../../lib/plan/node-mirror';
import { known } from './fixtures';

describe('nodeadmConfig', () => {
  it.each([
    ['2.1', 'io.containerd.cri.v1.images'],
    ['1.7', 'io.containerd.grpc.v1.cri'],
  ])('names one folder to containerd %s', (containerd, plugin) => {
    const { apiVersion, kind, spec } = parse(nodeadmConfig({ containerd }));
    expect([apiVersion, kind]).toEqual(['node.eks.aws/v1alpha1', 'NodeConfig']);
    expect(spec.containerd.config).toBe(`[plugins."${plugin}".registry]\nconfig_path = "/etc/containerd/certs.d"\n`);
  });

  it('is for containerd 2 and the folder of the node mirror by default', () => {
    const mirror = planNodeMirror({ domain: 'registry.example.com', image: 'busybox:1' });
    expect(nodeadmConfig()).toBe(nodeadmConfig({ containerd: '2.1', configPath: mirror.configPath }));
  });
});

describe('bottlerocketSettings', () => {
  const mirror = planNodeMirror({
    domain: 'registry.example.com',
    image: 'busybox:1',
    hosts: [{ url: 'http://127.0.0.1:16000' }, { url: 'https://virginia.registry.example.com' }],
  });
  const MIRRORS = `[[settings.container-registry.mirrors]]
registry = "registry.example.com"
endpoint = ["http://127.0.0.1:16000", "https://virginia.registry.example.com", "https://registry.example.com"]
`;

  it('name the hosts of the node mirror in their order', async () => {
    expect(await known(bottlerocketSettings(mirror))).toBe(MIRRORS);
  });

  it('trust a private CA, also one that is made later', async () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const trust = `[settings.pki.harbor-fleet]\ndata = "${Buffer.from(pem).toString('base64')}"\ntrusted = true\n`;
    expect(await known(bottlerocketSettings(mirror, output(pem)))).toBe(`${MIRRORS}${trust}`);
  });
});
