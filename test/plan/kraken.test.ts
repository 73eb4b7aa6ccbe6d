import { Backend } from '../../lib/plan/backend.js';
import { defer } from '../../lib/plan/deferred.js';
import { partyName } from '../../lib/plan/flows.js';
import { planHarbor } from '../../lib/plan/harbor.js';
import { Issues, PlanError } from '../../lib/plan/issues.js';
import type { KrakenPlan, KrakenProps } from '../../lib/plan/kraken.js';
import { planKraken, readKraken } from '../../lib/plan/kraken-plan.js';
import { Reader } from '../../lib/plan/reader.js';
import { SharedStorage } from '../../lib/plan/storage.js';
import { Tls } from '../../lib/plan/tls.js';
import { known } from '../../lib/testing.js';
import fc from '../support/properties';

const IMAGE = 'registry.example.com/tools/kraken:v0.1.27';
const PEM = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----\n';
const registry = planHarbor({ domain: 'registry.example.com', storage: SharedStorage.nas({ claim: 'images' }) });
const secure = planHarbor({
  domain: 'registry.example.com',
  storage: SharedStorage.nas({ claim: 'images' }),
  internalTls: Tls.provided(),
});
const onS3 = planHarbor({
  domain: 'registry.example.com',
  storage: SharedStorage.s3({ bucket: 'images', region: 'eu-west-1', rootDirectory: '/harbor' }),
});

const plan = (props: Partial<KrakenProps> = {}): KrakenPlan => planKraken({ registry, image: IMAGE, ...props });

/** Paths and problems of all mistakes; nothing when there are none. */
function mistakes(props: unknown): string[] {
  try {
    planKraken(props as KrakenProps);
    return [];
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    return error.issues.map(({ path, problem }) => `${path} ${problem}`);
  }
}

describe('a Kraken as planned', () => {
  it('is small and plain by default', () => {
    expect(plan()).toMatchObject({
      instance: 'kraken',
      namespace: 'kraken',
      nodeNamespace: 'kraken-nodes',
      size: 'small',
      tls: { type: 'none' },
      backend: { type: 'harbor' },
      agentPort: 16000,
      hostPorts: [16000],
      maxReplica: 1,
      projects: 'all',
      pieceLengths: [{ from: 0, length: 2 ** 20 }],
      cache: { agentTtl: '24h', originTti: '24h', agentSize: '5Gi' },
      agents: { tolerations: [{ operator: 'Exists' }], nodeSelector: {} },
      notification: {
        name: 'kraken',
        url: 'http://kraken-proxy.kraken.svc.cluster.local:15005/registry/notifications',
      },
      certificates: [],
      trusts: [],
    });
    expect(plan().tlsSecret).toBeUndefined();
  });

  it.each([
    ['small', { origin: 1, tracker: 1, buildIndex: 1, proxy: 1, agent: 1 }, 1, 'none'],
    ['medium', { origin: 3, tracker: 2, buildIndex: 2, proxy: 2, agent: 1 }, 2, 'provided'],
    ['large', { origin: 5, tracker: 3, buildIndex: 3, proxy: 2, agent: 1 }, 2, 'provided'],
  ] as const)('%s has its pods, copies and TLS', (size, replicas, maxReplica, tls) => {
    const planned = plan({ size });
    expect(Object.fromEntries(Object.entries(planned.components).map(([name, c]) => [name, c.replicas]))).toEqual(
      replicas,
    );
    expect(planned.maxReplica).toBe(maxReplica);
    expect(planned.tls.type).toBe(tls);
    expect(planned.hosts.origin).toHaveLength(replicas.origin);
    expect(planned.hosts.origin[0]).toBe('kraken-origin-0.kraken-origin.kraken.svc.cluster.local');
    expect(planned.hosts.buildIndex.at(-1)).toContain(`kraken-build-index-${replicas.buildIndex - 1}.`);
  });

  it('is frozen, and the same after a way through JSON', () => {
    const planned = plan({ size: 'large' });
    expect(() => (planned.hosts.origin as string[]).push('x')).toThrow(TypeError);
    expect(JSON.parse(JSON.stringify(planned))).toEqual(planned);
  });

  it('takes the Harbor as a plan or as what has one', () => {
    expect(plan({ registry: { plan: registry } })).toEqual(plan());
    expect(mistakes({ image: IMAGE, registry: 'harbor' })).toContain('registry is not a Harbor');
  });

  it('lets an agent keep its cache and some more on the disk of its node', () => {
    expect(plan({ cache: { agentSize: '10Gi' } }).components.agent?.resources.ephemeralStorage).toBe('11264Mi');
  });

  it('takes what it is given, and its own settings first', () => {
    const given = { registry, image: IMAGE, instance: 'tenant', size: 'medium', projects: ['a'] } as const;
    const planned = readKraken(new Reader({ size: 'small' }, 'kraken', new Issues()), given);
    expect(planned).toMatchObject({ instance: 'tenant', namespace: 'tenant', size: 'small', projects: ['a'] });
  });

  it('sorts projects and keeps each once', () => {
    expect(plan({ projects: ['b', 'a', 'b'] }).projects).toEqual(['a', 'b']);
  });

  it('accepts deferred texts', () => {
    const image = defer('x');
    expect(plan({ image, volumes: { origin: { storageClass: defer('fast') } } }).image).toBe(image);
  });
});

describe('mistakes', () => {
  const ok = { image: IMAGE, registry };
  it.each<[string, unknown, string]>([
    ['no image', { registry }, 'image is missing: no image of Kraken is published anywhere'],
    ['an image without tag', { ...ok, image: 'kraken' }, 'image is not valid'],
    ['nothing to serve', { image: IMAGE }, 'registry is missing'],
    [
      'testfs with a Harbor',
      { ...ok, backend: Backend.testfs() },
      'backend.type has nothing to do with the Harbor given',
    ],
    ['a backend without type', { ...ok, backend: {} }, 'backend.type is missing'],
    ['an unknown backend', { ...ok, backend: { type: 'gcs' } }, 'backend.type is not one of the choices'],
    [
      'a bucket without Harbor',
      { image: IMAGE, backend: Backend.s3() },
      'backend has no Harbor whose tags it could resolve',
    ],
    ['no bucket', { ...ok, backend: Backend.s3({ region: 'x' }) }, 'backend.bucket is missing'],
    ['a misspelt setting', { ...ok, projcts: [] }, 'projcts is not a setting here'],
    ['a long instance', { ...ok, instance: 'a'.repeat(41) }, 'instance is too long (41 characters)'],
    [
      'one namespace for all',
      { ...ok, nodeNamespace: 'kraken' },
      'nodeNamespace is the namespace of the other components',
    ],
    [
      'a slow origin',
      { ...ok, bandwidth: { origin: { egress: '8Mbit/s' } } },
      'bandwidth.origin.egress is too little for one piece a second: transfers would hang',
    ],
    [
      'a slow agent for long pieces',
      { ...ok, pieceLength: '4Mi', bandwidth: { agent: { ingress: '33Mbit/s' } } },
      'bandwidth.agent.ingress is too little for one piece a second: transfers would hang',
    ],
    [
      'a rate without unit',
      { ...ok, bandwidth: { agent: { egress: '100' } } },
      'bandwidth.agent.egress is not a quantity allowed here',
    ],
    ['tiny pieces', { ...ok, pieceLength: '1Ki' }, 'pieceLength is not a quantity allowed here'],
    [
      'steps that begin late',
      { ...ok, pieceLength: [{ from: '1Gi', length: '4Mi' }] },
      'pieceLength does not cover every size once',
    ],
    [
      'steps that fall',
      {
        ...ok,
        pieceLength: [
          { from: '0Mi', length: '1Mi' },
          { from: '0Mi', length: '4Mi' },
        ],
      },
      'pieceLength does not cover every size once',
    ],
    ['a step without length', { ...ok, pieceLength: [{ from: '0Mi' }] }, 'pieceLength[0].length is missing'],
    ['more copies than origins', { ...ok, maxReplica: 2 }, 'maxReplica is more than there are origins'],
    ['a port for two things', { ...ok, ports: { tracker: 15004 } }, 'ports.buildIndex is the port of tracker too'],
    ['an inner port', { ...ok, ports: { agent: 25002 } }, 'ports.agent is the port of its origin too'],
    ['a port below 1024', { ...ok, ports: { agent: 80 } }, 'ports.agent is out of range'],
    [
      'two agents a node',
      { ...ok, components: { agent: { replicas: 2 } } },
      'components.agent.replicas is out of range',
    ],
    [
      'an agent without disk',
      { ...ok, components: { agent: { resources: { ephemeralStorage: '1Gi' } } } },
      'components.agent.resources.ephemeralStorage is less than the agent keeps on its node',
    ],
    ['a short life', { ...ok, cache: { agentTtl: '5m' } }, 'cache.agentTtl is not a quantity allowed here'],
    [
      'a small volume',
      { ...ok, volumes: { origin: { size: '10Mi' } } },
      'volumes.origin.size is not a quantity allowed here',
    ],
    [
      'an account of unknown password',
      { ...ok, registryAccount: { username: 'robot$kraken' } },
      'registryAccount.secret is missing',
    ],
    ['a bad project', { ...ok, projects: ['Big'] }, 'projects[0] is not valid'],
    [
      'a certificate without CA',
      { ...ok, tls: { type: 'provided', certificate: PEM, privateKey: defer('k') } },
      'tls.ca is missing: components verify each other by it',
    ],
    [
      'a toleration of nothing',
      { ...ok, agents: { tolerations: [{ effect: 'NoSchedule' }] } },
      'agents.tolerations[0] names no taint',
    ],
    ['nodes that are no range', { ...ok, nodeCidr: '10.0.0.1' }, 'nodeCidr is not valid'],
  ])('%s', (_, props, mistake) => {
    expect(mistakes(props)).toContain(mistake);
  });

  it('names the command that builds the image', () => {
    expect(() => planKraken({ registry } as KrakenProps)).toThrow(
      'docker build node_modules/harbor-fleet/images/kraken',
    );
  });

  it('are found all at once', () => {
    expect(mistakes({ ports: { agent: 1 }, maxReplica: 99, tls: { type: 'x' } }).length).toBeGreaterThanOrEqual(4);
  });

  it('a bandwidth is accepted exactly from 8 × the longest piece', () => {
    const rate = (mbit: number) => ({
      image: IMAGE,
      registry,
      pieceLength: '4Mi',
      bandwidth: { agent: { egress: `${mbit}Mbit/s` } },
    });
    expect(mistakes(rate(33.5))).toHaveLength(1);
    expect(mistakes(rate(33.6))).toEqual([]);
  });

  it('any distinct ports outside the inner ones are accepted, and planned as given', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 40_000, max: 60_000 }), { minLength: 3, maxLength: 3 }), (ports) => {
        const [agent, agentPeer, tracker] = ports as [number, number, number];
        const planned = plan({ ports: { agent, agentPeer, tracker } });
        expect(planned.hostPorts).toEqual([agent]);
        expect(planned.flows.map((flow) => flow.port)).toEqual(expect.arrayContaining([agent, agentPeer, tracker]));
      }),
    );
  });
});

describe('warnings', () => {
  const problems = (props: Partial<KrakenProps>): string[] => plan(props).warnings.map(({ path }) => path);
  it('of an agent port among NodePorts', () => expect(problems({ ports: { agent: 30081 } })).toEqual(['ports.agent']));
  it('of no project at all', () => expect(problems({ projects: [] })).toEqual(['projects']));
  it('of a bucket that keeps no projects apart', () =>
    expect(problems({ registry: onS3, backend: Backend.s3(), projects: ['a'] })).toEqual(['backend']));
  it('of the revision of a Secret that no pod reads', () =>
    expect(problems({ tls: Tls.provided(), secretRevisions: { 'kraken-tls': '2', 'kraken-tsl': '2' } })).toEqual([
      'secretRevisions.kraken-tsl',
    ]));
  it('of certificates that are renewed while pods read them at start only; know the Secrets that they are in', () => {
    const tls = Tls.certManager({ issuer: 'ca' });
    expect(problems({ tls })).toEqual(['tls']);
    expect(problems({ tls, secretRevisions: { 'kraken-tls': '2' } })).toEqual(['tls']);
  });
  it('are absent from the default', () => expect(problems({})).toEqual([]));
});

describe('flows', () => {
  const flows = (planned: KrakenPlan): string[] =>
    planned.flows.map((flow) => `${partyName(flow.from)} > ${partyName(flow.to)}:${flow.port}`);

  it('are those of a Kraken and of the Harbor it serves', () => {
    expect(flows(plan())).toEqual([
      'nodes > kraken-nodes/agent:16000',
      'kraken-nodes/agent > kraken-nodes/agent:16001',
      'kraken-nodes/agent > kraken/origin:15001',
      'kraken-nodes/agent > kraken/tracker:15003',
      'kraken-nodes/agent > kraken/build-index:15004',
      'kraken/tracker > kraken/origin:15002',
      'kraken/build-index > kraken/origin:15002',
      'kraken/build-index > kraken/build-index:15004',
      'kraken/origin > kraken/origin:15002',
      'kraken/proxy > kraken/origin:15002',
      'kraken/proxy > kraken/build-index:15004',
      'kraken/build-index > harbor/core:8080',
      'kraken/origin > harbor/core:8080',
      'harbor/registry > kraken/proxy:15005',
      'harbor/core > kraken/proxy:15005',
      'harbor/jobservice > kraken/proxy:15005',
    ]);
  });

  it('follow a redirect to object storage', () => {
    const planned = plan({ registry: onS3 });
    expect(flows(planned)).toContain('kraken/origin > object store:443');
    expect(planned.flows.map(({ to }) => to)).toContainEqual({
      kind: 'external',
      host: 'images.s3.eu-west-1.amazonaws.com',
      name: 'object store',
    });
  });

  it('lead to the bucket instead of Harbor when blobs are read there', () => {
    const planned = flows(plan({ registry: onS3, backend: Backend.s3({ endpoint: 'http://minio:9000' }) }));
    expect(planned).toContain('kraken/origin > object store:9000');
    expect(planned).not.toContain('kraken/origin > harbor/core:8080');
    expect(planned.filter((flow) => flow.startsWith('clients'))).toEqual([]);
    expect(planned).toContain('kraken/build-index > harbor/core:8080');
  });

  it('lead to the host of the bucket where its service wants it before its own', () => {
    const planned = (endpoint: string) =>
      plan({ registry: onS3, backend: Backend.s3({ bucket: 'images', endpoint }) }).flows;
    const hosts = (endpoint: string) =>
      planned(endpoint).flatMap(({ to }) => (to.kind === 'external' ? [to.host] : []));
    expect(hosts('https://obs.ap-southeast-3.myhuaweicloud.com')).toEqual([
      'images.obs.ap-southeast-3.myhuaweicloud.com',
    ]);
    expect(hosts('https://minio.example.com')).toEqual(['minio.example.com']);
  });

  it('address the bucket as Harbor does, unless they are told otherwise', () => {
    const endpoint = 'https://s3.example.com';
    const bucket = { bucket: 'images', region: 'eu-west-1', credentialsSecret: 'keys' };
    const storage = SharedStorage.s3({ ...bucket, endpoint, addressing: 'virtualHosted' });
    const registry = planHarbor({ domain: 'registry.example.com', storage });
    const backend = (given: Parameters<typeof Backend.s3>[0]) => plan({ registry, backend: Backend.s3(given) }).backend;
    expect(backend({})).toMatchObject({ endpoint, addressing: 'virtualHosted' });
    expect(backend({ addressing: 'path' })).toMatchObject({ endpoint, addressing: 'path' });
    expect(backend({ endpoint: 'https://minio.example.com' })).toMatchObject({ addressing: 'path' });
    expect(mistakes({ image: IMAGE, registry: onS3, backend: Backend.s3({ addressing: 'path' }) })).toEqual([
      'backend.addressing has no effect without an endpoint',
    ]);
  });

  it('know no Harbor with testfs', () => {
    const planned = planKraken({ image: IMAGE, backend: Backend.testfs() });
    expect(flows(planned).filter((flow) => flow.includes('harbor'))).toEqual([]);
    expect(flows(planned)).toContain('kraken/origin > kraken/testfs:14000');
    expect(flows(planned)).toContain('clients > kraken/proxy:15000');
    expect(planned.secrets).toEqual([]);
  });

  it('let a range of nodes in when it is given', () => {
    expect(plan({ nodeCidr: '10.0.0.0/16' }).flows[0]?.from).toEqual({
      kind: 'networks',
      cidrs: ['10.0.0.0/16'],
      name: 'nodes',
    });
  });
});

describe('secrets', () => {
  const named = (planned: KrakenPlan, name: string) => planned.secrets.filter((secret) => secret.name === name);

  it("reads Harbor with the admin's password", () => {
    const [account] = named(plan(), 'kraken-registry-account');
    expect(account).toMatchObject({
      source: 'generated',
      keys: { 'auth.conf': { kind: 'nginxBasicAuth', username: 'admin', passwordOf: registry.adminPassword } },
      readers: ['kraken/origin', 'kraken/build-index'],
    });
  });

  it("reads Harbor with the user's own account", () => {
    const planned = plan({ registryAccount: { username: 'robot$kraken', secret: 'robot' } });
    expect(planned.registry?.accountSecret).toBe('robot');
    expect(named(planned, 'robot')[0]).toMatchObject({
      source: 'existing',
      keys: { 'auth.conf': { kind: 'nginxBasicAuth', username: 'robot$kraken' } },
    });
  });

  it("makes the Secret of the user's own account from a password given", () => {
    const account = { username: 'robot$kraken', password: defer('S3cret') };
    const planned = plan({ registryAccount: account });
    expect(planned.registry?.accountSecret).toBe('kraken-registry-account');
    expect(named(planned, 'kraken-registry-account')).toMatchObject([
      {
        source: 'generated',
        keys: {
          'auth.conf': {
            kind: 'nginxBasicAuth',
            username: 'robot$kraken',
            passwordOf: { namespace: 'kraken', secret: 'kraken-registry-account', key: 'password' },
          },
          username: { kind: 'text', value: 'robot$kraken' },
          password: { kind: 'given', value: account.password },
        },
      },
    ]);
  });

  it('has one certificate in each namespace', () => {
    const secrets = named(plan({ tls: Tls.provided() }), 'kraken-tls');
    expect(secrets.map(({ namespace, readers }) => [namespace, readers.length])).toEqual([
      ['kraken', 4],
      ['kraken-nodes', 1],
    ]);
    expect(secrets[0]?.keys['tls.crt']).toEqual({
      kind: 'certificate',
      part: 'tls.crt',
      commonName: 'kraken',
      names: ['kraken'],
    });
    expect(Object.keys(secrets[1]?.keys ?? {})).toEqual(['tls.crt', 'tls.key', 'ca.crt']);
  });

  it.each([
    ['an existing one is named by the user', Tls.existingSecret({ name: 'mine' }), 'mine', 'existing'],
    ['cert-manager makes it', Tls.certManager({ issuer: 'ca' }), 'kraken-tls', undefined],
    ['none without TLS', Tls.none(), undefined, undefined],
  ])('%s', (_, tls, name, source) => {
    const planned = plan({ tls });
    expect(planned.tlsSecret).toBe(name);
    expect(planned.secrets.find((secret) => secret.type === 'kubernetes.io/tls')?.source).toBe(source);
  });

  it('has a certificate that was given in each namespace, with the CA by which components verify each other', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n';
    const planned = plan({ tls: Tls.provided({ certificate: PEM, privateKey: defer(key), ca: PEM }) });
    const secrets = named(planned, 'kraken-tls');
    expect(secrets.map(({ namespace, source }) => [namespace, source])).toEqual([
      ['kraken', 'generated'],
      ['kraken-nodes', 'generated'],
    ]);
    expect(known(secrets[0]?.keys)).toEqual({
      'tls.crt': { kind: 'text', value: PEM },
      'tls.key': { kind: 'given', value: key },
      'ca.crt': { kind: 'text', value: PEM },
    });
  });

  it("trusts the CA of Harbor's certificates inside the cluster", () => {
    const planned = plan({ registry: secure });
    expect(planned.trusts.map(({ configMap, file }) => [configMap, file])).toEqual([
      ['kraken-registry-ca', 'registry.crt'],
    ]);
    expect(named(planned, 'kraken-registry-ca')[0]).toMatchObject({
      objectKind: 'ConfigMap',
      keys: { 'ca.crt': { kind: 'ca' } },
    });
  });

  it('asks for keys of the bucket, and trusts its private CA', () => {
    const minio = planHarbor({
      domain: 'registry.example.com',
      storage: SharedStorage.s3({ bucket: 'images', region: 'r', endpoint: 'https://minio.example.com:9000', ca: PEM }),
    });
    const planned = plan({ registry: minio, backend: Backend.s3() });
    expect(planned.backend).toEqual({
      type: 's3',
      bucket: 'images',
      region: 'r',
      addressing: 'path',
      endpoint: 'https://minio.example.com:9000',
      rootDirectory: '/',
      credentialsSecret: 'kraken-s3',
    });
    expect(named(planned, 'kraken-s3')[0]).toMatchObject({ source: 'existing', readers: ['kraken/origin'] });
    expect(named(planned, 'kraken-registry-account')[0]?.readers).toEqual(['kraken/build-index']);
    expect(planned.storageCa).toBe(PEM);
    expect(planned.trusts.map(({ configMap }) => configMap)).toEqual(['kraken-storage-ca']);
    // Through Harbor, which sends no one to this store, its CA does not matter.
    expect(plan({ registry: minio }).storageCa).toBeUndefined();
  });

  it('reads the bucket with an access key given, of its own or else that of Harbor', () => {
    const storage = { bucket: 'images', region: 'r', accessKeyId: 'AKIA', secretAccessKey: defer('writes') };
    const writing = planHarbor({ domain: 'registry.example.com', storage: SharedStorage.s3(storage) });
    const keysOf = (backend: Backend) => named(plan({ registry: writing, backend }), 'kraken-s3')[0];
    expect(keysOf(Backend.s3())).toMatchObject({
      source: 'generated',
      readers: ['kraken/origin'],
      keys: {
        REGISTRY_STORAGE_S3_ACCESSKEY: { kind: 'text', value: 'AKIA' },
        REGISTRY_STORAGE_S3_SECRETKEY: { kind: 'given', value: storage.secretAccessKey },
      },
    });
    const reads = defer('reads');
    expect(keysOf(Backend.s3({ accessKeyId: 'AKIB', secretAccessKey: reads }))?.keys).toEqual({
      REGISTRY_STORAGE_S3_ACCESSKEY: { kind: 'text', value: 'AKIB' },
      REGISTRY_STORAGE_S3_SECRETKEY: { kind: 'given', value: reads },
    });
    const own = plan({ registry: writing, backend: Backend.s3({ credentialsSecret: 'mine' }) });
    expect(named(own, 'mine')).toMatchObject([{ source: 'existing' }]);
  });
});
