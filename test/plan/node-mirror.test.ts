import { planHarbor } from '../../lib/plan/harbor.js';
import { PlanError } from '../../lib/plan/issues.js';
import { planKraken } from '../../lib/plan/kraken-plan.js';
import { type NodeMirrorProps, planNodeMirror } from '../../lib/plan/node-mirror.js';
import { SharedStorage } from '../../lib/plan/storage.js';

const IMAGE = 'registry.example.com/tools/kraken:v0.1.27';
const PEM = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n';
const registry = planHarbor({ domain: 'registry.example.com', storage: SharedStorage.nas({ claim: 'images' }) });
const kraken = planKraken({ registry, image: IMAGE, imagePullSecrets: ['pull'], agents: { nodeSelector: { a: 'b' } } });

function mistakes(props: unknown): string[] {
  try {
    planNodeMirror(props as NodeMirrorProps);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.issues.map(({ path, problem }) => `${path} ${problem}`);
  }
}

it('takes everything from the Kraken and the Harbor', () => {
  const plan = planNodeMirror({ kraken: { plan: kraken }, registry });
  expect(plan).toMatchObject({
    instance: 'kraken',
    namespace: 'kraken-nodes',
    image: IMAGE,
    imagePullSecrets: ['pull'],
    domain: 'registry.example.com',
    server: 'https://registry.example.com',
    hosts: [{ url: 'http://127.0.0.1:16000', name: 'agent', resolve: true, dialTimeout: '200ms', privateCa: false }],
    ca: { from: 'secrets' },
    configPath: '/etc/containerd/certs.d',
    containerdConfig: '/etc/containerd',
    singleConfigPath: true,
    nodes: { nodeSelector: { a: 'b' } },
    warnings: [],
  });
  expect(plan.secrets.map(({ namespace, name, keys }) => [namespace, name, keys])).toEqual([
    ['kraken-nodes', 'kraken-node-mirror-ca', { 'ca.crt': { kind: 'ca' } }],
  ]);
});

it('asks the agent, then the hosts in their order', () => {
  const { hosts } = planNodeMirror({
    kraken,
    registry,
    agentResolve: false,
    agentDialTimeout: '200ms',
    hosts: [
      { url: 'https://virginia.registry.example.com', name: 'region virginia', dialTimeout: '2s' },
      { url: 'https://hangzhou.registry.example.com', resolve: false, privateCa: false },
    ],
  });
  expect(hosts).toEqual([
    { url: 'http://127.0.0.1:16000', name: 'agent', resolve: false, dialTimeout: '200ms', privateCa: false },
    {
      url: 'https://virginia.registry.example.com',
      name: 'region virginia',
      resolve: true,
      dialTimeout: '2s',
      privateCa: true,
    },
    {
      url: 'https://hangzhou.registry.example.com',
      name: 'https://hangzhou.registry.example.com',
      resolve: false,
      dialTimeout: '3s',
      privateCa: false,
    },
  ]);
});

it('stands alone, with a public CA', () => {
  const plan = planNodeMirror({ image: IMAGE, domain: 'registry.example.com:8443' });
  const server = 'https://registry.example.com:8443';
  expect(plan).toMatchObject({ server, hosts: [{ url: server, privateCa: false }], trusts: [], secrets: [] });
  expect(plan.ca).toBeUndefined();
});

it('takes a CA as text, which needs no secret', () => {
  const plan = planNodeMirror({ image: IMAGE, registry, ca: PEM });
  expect(plan.ca).toEqual({ from: 'text', pem: PEM });
  expect(plan.trusts).toHaveLength(1);
  expect(plan.secrets).toEqual([]);
});

it.each([
  ['1.7', 1, false],
  ['v2.0', 1, false],
  ['2.1', 0, true],
  ['2.2.9', 0, true],
  ['3.0', 0, true],
])('containerd %s', (containerd, warnings, single) => {
  const plan = planNodeMirror({ kraken, registry, containerd });
  expect(plan.warnings).toHaveLength(warnings);
  expect(plan.singleConfigPath).toBe(single);
});

it.each<[string, unknown, string]>([
  ['no domain', { image: IMAGE }, 'domain is missing'],
  ['no image', { domain: 'a.b' }, 'image is missing'],
  ['a bad domain', { image: IMAGE, domain: 'https://a.b' }, 'domain is not valid'],
  ['a bad image', { image: 'x', domain: 'a.b' }, 'image is not valid'],
  ['a URL with a path', { image: IMAGE, registry, hosts: [{ url: 'https://a.b/v2' }] }, 'hosts[0].url is not valid'],
  ['a host without URL', { image: IMAGE, registry, hosts: [{ name: 'x' }] }, 'hosts[0].url is missing'],
  [
    'a host twice',
    { image: IMAGE, registry, hosts: [{ url: 'https://a.b' }, { url: 'https://a.b' }] },
    'hosts names a host twice',
  ],
  ['a folder with a slash at its end', { image: IMAGE, registry, configPath: '/etc/' }, 'configPath is not valid'],
  ['something else as Kraken', { kraken: registry, registry }, 'kraken is not a Kraken'],
  ['a misspelt setting', { kraken, registry, host: [] }, 'host is not a setting here'],
  ['a strange version', { kraken, registry, containerd: 'new' }, 'containerd is not valid'],
  [
    'a wait without unit',
    { kraken, registry, agentDialTimeout: '5' },
    'agentDialTimeout is not a quantity allowed here',
  ],
])('%s', (_, props, mistake) => {
  expect(mistakes(props)).toContain(mistake);
});
