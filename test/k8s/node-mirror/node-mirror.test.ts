import { App, Chart } from 'cdk8s';
import { hostsToml } from '../../../lib/k8s/node-mirror/hosts-toml.js';
import { NodeMirror } from '../../../lib/k8s/node-mirror/node-mirror.js';
import { defer } from '../../../lib/plan/deferred.js';
import { planKraken } from '../../../lib/plan/kraken-plan.js';
import { type NodeMirrorProps, planNodeMirror } from '../../../lib/plan/node-mirror.js';
import { known } from '../../../lib/testing.js';
import { find, IMAGE, type Manifest, PEM, podOf, registry } from '../kraken/fixtures.js';

const kraken = planKraken({ registry, image: IMAGE });

function synth(props: NodeMirrorProps): Manifest[] {
  const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true });
  new NodeMirror(chart, 'mirror', props);
  return chart.toJson();
}

describe('hosts.toml', () => {
  it('asks the agent first, then the others, then the server', () => {
    const plan = planNodeMirror({
      kraken,
      registry,
      hosts: [{ url: 'https://virginia.registry.example.com', dialTimeout: '2s' }],
    });
    expect(hostsToml(plan)).toBe(`# managed by harbor-fleet: kraken
server = "https://registry.example.com"
dial_timeout = "3s"
ca = "ca.crt"

[host."http://127.0.0.1:16000"]
  capabilities = ["pull", "resolve"]
  dial_timeout = "200ms"

[host."https://virginia.registry.example.com"]
  capabilities = ["pull", "resolve"]
  dial_timeout = "2s"
  ca = "ca.crt"
`);
  });

  it('names no CA where all are public, and lets only those resolve that may', () => {
    const plan = planNodeMirror({
      image: IMAGE,
      domain: 'a.b',
      hosts: [{ url: 'https://c.d', resolve: false, privateCa: true }],
    });
    expect(hostsToml(plan)).toBe(`# managed by harbor-fleet: kraken
server = "https://a.b"
dial_timeout = "3s"

[host."https://c.d"]
  capabilities = ["pull"]
  dial_timeout = "3s"
`);
  });
});

describe('the DaemonSet', () => {
  const objects = synth({ kraken, registry, hosts: [{ url: 'https://virginia.registry.example.com' }] });
  const pod = podOf(objects, 'DaemonSet', 'kraken-node-mirror');
  const [container] = pod.containers;

  it('starts the new pod before the old one ends', () => {
    expect(find(objects, 'DaemonSet', 'kraken-node-mirror').spec.updateStrategy.rollingUpdate).toEqual({
      maxSurge: '10%',
      maxUnavailable: 0,
    });
  });

  it('is root without any capability, and sees two folders of the node', () => {
    expect(container.securityContext).toMatchObject({
      runAsUser: 0,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
    });
    const onNode = pod.volumes.filter((volume: { hostPath?: unknown }) => volume.hostPath !== undefined);
    expect(
      onNode.map((volume: { name: string; hostPath: { path: string } }) => [volume.name, volume.hostPath.path]),
    ).toEqual([
      ['certs', '/etc/containerd/certs.d'],
      ['containerd', '/etc/containerd'],
    ]);
    const mounts = Object.fromEntries(
      container.volumeMounts.map((mount: { name: string; readOnly: boolean }) => [mount.name, mount.readOnly]),
    );
    expect(mounts).toMatchObject({ certs: undefined, containerd: true, planned: true });
  });

  it('runs the script, and asks it whether it is ready and alive', () => {
    expect(container.command).toEqual(['/bin/sh', '/planned/mirror.sh', 'run']);
    expect(container.readinessProbe.exec.command.at(-1)).toBe('ready');
    expect(container.livenessProbe.exec.command.at(-1)).toBe('alive');
    const env = Object.fromEntries(container.env.map((one: { name: string; value?: string }) => [one.name, one.value]));
    expect(env).toMatchObject({
      DOMAIN: 'registry.example.com',
      INSTANCE: 'kraken',
      SINGLE_CONFIG_PATH: 'true',
      CA: '/ca',
    });
    const longer = container.livenessProbe.periodSeconds > Number(env.INTERVAL);
    expect(longer).toBe(true);
  });

  it('runs on every node', () => expect(pod.tolerations).toEqual([{ operator: 'Exists' }]));

  it('talks to nobody', () => {
    const { spec } = find(objects, 'NetworkPolicy', 'kraken-node-mirror');
    expect(spec.policyTypes).toEqual(['Ingress', 'Egress']);
    expect(spec.ingress ?? []).toEqual([]);
  });

  it('matches its snapshot', () => expect(objects).toMatchSnapshot());
});

it('a public CA needs no file; one given as text is written', () => {
  const without = synth({ image: IMAGE, domain: 'a.b' });
  expect(
    podOf(without, 'DaemonSet', 'kraken-node-mirror').volumes.map((volume: { name: string }) => volume.name),
  ).not.toContain('ca');
  const text = synth({ image: IMAGE, domain: 'a.b', ca: PEM });
  expect(find(text, 'ConfigMap', 'kraken-node-mirror-ca').data).toEqual({ 'ca.crt': PEM });
});

it('law: late texts give the same objects as known ones', () => {
  const build = (late: (text: string) => string) =>
    synth({
      image: late(IMAGE),
      domain: late('registry.example.com'),
      server: late('https://registry.example.com'),
      hosts: [{ url: late('https://b.example.com'), name: late('b') }],
      ca: late(PEM),
      configPath: late('/etc/containerd/certs.d'),
      containerdConfig: late('/etc/containerd'),
    });
  expect(known(build(defer))).toEqual(known(build((text) => text)));
});
