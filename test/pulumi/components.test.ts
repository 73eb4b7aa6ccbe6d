import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import {
  Backend,
  ClusterProvider,
  type ClusterProviderArgs,
  Harbor,
  Kraken,
  NodeMirror,
  SharedStorage,
} from '../../lib/pulumi/index';
import { known, record, Secret } from './support/mocks';

const storage = SharedStorage.nas({ storageClass: pulumi.output('nfs') });
const image = 'tools.example.com/kraken:v0.1.27';

describe('Harbor', () => {
  it('is one Harbor and the Kraken that it feeds, which it reports pushes to and lets in', async () => {
    const made: Harbor[] = [];
    const recording = await record(() => {
      made.push(new Harbor('harbor', { domain: 'registry.example.com', storage, kraken: { image } }));
    });
    const [harbor] = made;
    expect(recording.names()).toMatchSnapshot();
    expect(await known(harbor?.url ?? pulumi.output(''))).toBe('https://registry.example.com');
    expect(harbor?.adminSecret).toEqual({ namespace: 'harbor', secret: 'harbor-core', key: 'HARBOR_ADMIN_PASSWORD' });
    const config = recording.find('harbor/harbor/registry/config').inputs.data as Record<string, string>;
    expect(config['config.yml']).toContain('http://kraken-proxy.kraken.svc.cluster.local');
    expect(JSON.stringify(recording.find('harbor/harbor/network-policies/core').inputs)).toContain('kraken');
    expect(recording.find('harbor/harbor/storage/claim').inputs.spec).toMatchObject({ storageClassName: 'nfs' });
  });

  it('tells how its admin and its robots log in', async () => {
    const made: Harbor[] = [];
    await record(() => {
      const robots = { ci: { push: ['library'] } };
      const projects = { library: {} };
      made.push(new Harbor('harbor', { domain: 'registry.example.com', storage, settings: {}, projects, robots }));
    });
    const [harbor] = made;
    expect(await known(harbor?.robots.ci?.username ?? pulumi.output(''))).toBe('robot$ci');
    expect(await known(harbor?.robots.ci?.password ?? pulumi.output(''))).toContain('harbor/harbor-robots/ci');
    expect(await known(harbor?.adminPassword ?? pulumi.output(''))).toContain('HARBOR_ADMIN_PASSWORD');
  });

  it('stands alone', async () => {
    const recording = await record(() => {
      new Harbor('harbor', { domain: 'registry.example.com', storage });
    });
    expect(recording.names().filter((name) => name.includes('kraken'))).toEqual([]);
  });

  it('takes its bucket’s keys as Outputs', async () => {
    const recording = await record(() => {
      const [accessKeyId, secretAccessKey] = [pulumi.output('id'), pulumi.secret('key')];
      const bucket = SharedStorage.s3({ bucket: 'images', region: 'us-east-1', accessKeyId, secretAccessKey });
      new Harbor('harbor', { domain: 'registry.example.com', storage: bucket });
    });
    const secrets = recording.requests.filter(({ type }) => type === 'kubernetes:core/v1:Secret');
    expect(secrets.flatMap(({ inputs }) => Object.values(inputs.stringData as object))).toContainEqual(
      new Secret('key'),
    );
  });

  it('tells every mistake, its own and its Kraken’s setting, before anything is made', async () => {
    const recording = await record(() => {
      const args = { domain: 'registry.example.com', storage, size: 'huge' as never };
      expect(() => new Harbor('harbor', args)).toThrow(
        '1 mistake in the settings of a Harbor:\n- size: is not one of the choices',
      );
    });
    expect(recording.names().filter((name) => name.startsWith('kubernetes:'))).toEqual([]);
  });
});

describe('Kraken', () => {
  it('is a development cluster on testfs', async () => {
    const recording = await record(() => {
      new Kraken('kraken', { image: pulumi.output(image), backend: Backend.testfs() });
    });
    expect(recording.names()).toMatchSnapshot();
    expect(JSON.stringify(recording.find('kraken/kraken/testfs/workload').inputs)).toContain(image);
  });
});

it.each([
  [
    'Harbor',
    () =>
      new Harbor('registry', { domain: 'registry.example.com', storage, generations: { 'harbor/harbor-databse': 2 } }),
    'generations["harbor/harbor-databse"]: is no Secret that this stack makes',
  ],
  [
    'Kraken',
    () => new Kraken('registry', { image, backend: Backend.testfs(), restore: ['kraken/kraken-tls'] }),
    'restore[0]: is no Secret that this stack makes',
  ],
])('%s refuses Secrets that it does not make', async (kind, make, mistake) => {
  await record(() => {
    expect(make).toThrow(`1 mistake in the settings of ${kind} "registry":\n- ${mistake}`);
  });
});

describe('NodeMirror', () => {
  it('writes containerd’s files, and tells them to nodes without it', async () => {
    const made: NodeMirror[] = [];
    const recording = await record(() => {
      const args = {
        domain: 'registry.example.com',
        image,
        ca: pulumi.output('-----BEGIN CERTIFICATE-----x-----END CERTIFICATE-----'),
      };
      made.push(new NodeMirror('mirror', args));
    });
    expect(recording.names()).toMatchSnapshot();
    const files = made[0]?.nodeFiles ?? [];
    expect(await known(pulumi.all(files.map(({ path }) => path)))).toEqual([
      '/etc/containerd/certs.d/registry.example.com/hosts.toml',
      '/etc/containerd/certs.d/registry.example.com/ca.crt',
    ]);
    expect(await known(files[1]?.content ?? pulumi.output(''))).toContain('BEGIN CERTIFICATE');
  });
});

describe('ClusterProvider', () => {
  const KUBECONFIG = 'apiVersion: v1\nclusters: []\ncontexts: [{name: east}]\n';
  const requestOf = async (args: () => ClusterProviderArgs) =>
    (await record(() => void new ClusterProvider('east', args()))).find('east').inputs;

  it('changes ConfigMaps and Secrets in place, and keeps the kubeconfig secret', async () => {
    expect(await requestOf(() => ({ kubeconfig: KUBECONFIG, context: 'east' }))).toEqual({
      kubeconfig: new Secret(KUBECONFIG),
      context: 'east',
      clusterIdentifier: 'east',
      enableConfigMapMutable: 'true',
      enableSecretMutable: 'true',
    });
  });

  it('adopts what exists, where the version of the provider would refuse it', () => {
    const given: unknown[] = [];
    jest.isolateModules(() => {
      // The one installed has no such setting.
      const Provider = class {
        constructor(_name: string, args: unknown) {
          given.push(args);
        }
      };
      jest.doMock('@pulumi/kubernetes', () => ({ Provider }));
      const made = require('../../lib/pulumi/cluster-provider') as { ClusterProvider: typeof ClusterProvider };
      new made.ClusterProvider('east');
      new made.ClusterProvider('west', { upsertExistingObjects: false } as ClusterProviderArgs);
    });
    jest.dontMock('@pulumi/kubernetes');
    expect(given).toMatchObject([{ upsertExistingObjects: true }, { upsertExistingObjects: false }]);
  });

  it('takes the path of a kubeconfig, an Output, or the machine’s own', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'kubeconfig-')), 'config');
    writeFileSync(file, KUBECONFIG);
    expect((await requestOf(() => ({ kubeconfig: file }))).kubeconfig).toEqual(new Secret(file));
    expect((await requestOf(() => ({ kubeconfig: pulumi.output(KUBECONFIG) }))).kubeconfig).toEqual(
      new Secret(KUBECONFIG),
    );
    expect(await requestOf(() => ({}))).not.toHaveProperty('kubeconfig');
  });

  it.each([
    [
      { kubeconfig: '/no/such/file' },
      'east.kubeconfig: is neither a kubeconfig nor the path of one\n    given:   "/no/such/file"',
    ],
    [
      { kubeconfig: 'a: [\nb' },
      'east.kubeconfig: is neither a kubeconfig nor the path of one\n    given:   "(a text of 6 characters)"',
    ],
    [{ contxt: 'east' }, 'east.contxt: is not a setting here, and without it this would be another cluster'],
    [
      { kubeconfig: KUBECONFIG, context: 'west' },
      'east.context: is not in the kubeconfig\n    given:   "west"\n    allowed: east',
    ],
    ...[
      ['{"users":[{"user":{"token":"SECRET"}}]}', 39],
      [Buffer.from('{"users":[{"user":{"token":"SECRET"}}]}').toString('base64'), 52],
      ['users: [{ user: { token: SECRET } }]', 36],
      ['eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJTRUNSRVQifQ.c2lnbmF0dXJlIG9mIHRoZSB0b2tlbg', 74],
      ['abcdef.0123456789abcdef', 23],
      [`/${'a'.repeat(300)}`, 301],
    ].map(([kubeconfig, length]) => [
      { kubeconfig },
      `east.kubeconfig: is neither a kubeconfig nor the path of one\n    given:   "(a text of ${length} characters)"`,
    ]),
    ...['./kube/config', '../east', '~/.kube/config', 'C:\\kube\\config', 'clusters/east.yaml', 'east.kubeconfig'].map(
      (kubeconfig) => [
        { kubeconfig },
        `east.kubeconfig: is neither a kubeconfig nor the path of one\n    given:   "${kubeconfig}"`,
      ],
    ),
  ] as [ClusterProviderArgs, string][])('refuses %j', (args, message) => {
    expect(() => new ClusterProvider('east', args)).toThrow(
      `1 mistake in the settings of ClusterProvider "east":\n- ${message}`,
    );
  });
});
