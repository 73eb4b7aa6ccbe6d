import * as pulumi from '@pulumi/pulumi';
import {
  Cache,
  ClusterProvider,
  Database,
  RegistryTopology,
  SharedStorage,
  Tls,
  type TopologyArgs,
} from '../../lib/pulumi/index';
import { known, NO_PARENT, type Recording, type RecordOptions, record, Secret, UNKNOWN } from './support/mocks';

const storage = SharedStorage.nas({ server: '10.0.0.5', path: '/export' });
const elsewhere = SharedStorage.nas({ server: '10.1.0.5', path: '/export' });
const images = { kraken: 'tools.example.com/kraken:v0.1.27' };

/** A provider that is not Kubernetes'. */
class Elsewhere extends pulumi.ProviderResource {
  constructor() {
    super('elsewhere', 'elsewhere');
  }
}

/** One small region, with what a test is about. */
const one = (
  more: Partial<TopologyArgs> = {},
  region: Partial<TopologyArgs['regions'][string]> = {},
): TopologyArgs => ({
  domain: 'registry.example.com',
  images,
  regions: { east: { cluster: { provider: new ClusterProvider('east') }, storage, ...region } },
  ...more,
});

/** Two regions that know each other, each in its own cluster. */
const two = (more: Partial<TopologyArgs> = {}): TopologyArgs => ({
  domain: 'registry.example.com',
  images,
  regions: {
    east: { cluster: { provider: new ClusterProvider('east') }, storage },
    west: { cluster: { provider: new ClusterProvider('west') }, storage: elsewhere },
  },
  ...more,
});

/** What the engine is asked for a topology, and the component. */
async function deploy(args: () => TopologyArgs, options?: RecordOptions): Promise<[Recording, RegistryTopology]> {
  const made: RegistryTopology[] = [];
  const recording = await record(() => void made.push(new RegistryTopology('registry', args())), options);
  const [topology] = made;
  if (topology === undefined) throw new Error('no topology was made');
  return [recording, topology];
}

/** The same small region for all tests that change nothing of it. */
let made: ReturnType<typeof deploy> | undefined;
const small = (): ReturnType<typeof deploy> => {
  made ??= deploy(one);
  return made;
};
let both: ReturnType<typeof deploy> | undefined;
const pair = (): ReturnType<typeof deploy> => {
  both ??= deploy(two);
  return both;
};

const dataOf = (recording: Recording, name: string) => {
  const { stringData, data } = recording.find(name).inputs;
  return (stringData ?? data) as Record<string, unknown>;
};

const CORE = 'registry-east/secrets/Secret/harbor/harbor-core';

describe('a topology in a stack', () => {
  it('has logical names and types that never change', async () => {
    const database = Database.embedded();
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    const [recording] = await deploy(() => one({}, { database, size: 'medium', cache: Cache.embedded() }));
    expect(recording.names()).toMatchSnapshot();
    expect(String(warned.mock.calls[0])).toContain('regions.east.database: is one pod without a replica');
    warned.mockRestore();
  });

  it('makes every value once: in a Secret each is secret alone', async () => {
    const [recording] = await small();
    expect(dataOf(recording, CORE)).toEqual({
      secret: new Secret('password of registry-east/harbor/harbor-core/secret'),
      secretKey: new Secret('password of registry-east/harbor/harbor-core/secretKey'),
      CSRF_KEY: new Secret('password of registry-east/harbor/harbor-core/CSRF_KEY'),
      HARBOR_ADMIN_PASSWORD: new Secret('password of registry-east/harbor/harbor-core/HARBOR_ADMIN_PASSWORD'),
      'tls.key': new Secret('privateKeyPem of registry-east/harbor/harbor-core/tls.key'),
    });
    expect(recording.find('registry-east/harbor/harbor-core/secretKey', RANDOM).inputs).toEqual({
      length: 16,
      special: false,
      minUpper: 1,
      minLower: 1,
      minNumeric: 1,
    });
  });

  it('makes Kraken’s account and the htpasswd line from the passwords themselves', async () => {
    const [recording] = await small();
    const admin = 'password of registry-east/harbor/harbor-core/HARBOR_ADMIN_PASSWORD';
    expect(dataOf(recording, 'registry-east/secrets/Secret/kraken/kraken-registry-account')).toEqual({
      username: new Secret('admin'),
      password: new Secret(admin),
      'auth.conf': new Secret(
        `proxy_set_header Authorization "Basic ${Buffer.from(`admin:${admin}`).toString('base64')}";\n`,
      ),
    });
    expect(dataOf(recording, 'registry-east/secrets/Secret/harbor/harbor-registry-htpasswd').REGISTRY_HTPASSWD).toEqual(
      new Secret('harbor_registry_user:bcryptHash of registry-east/harbor/harbor-registry-htpasswd/REGISTRY_PASSWD'),
    );
  });

  it('issues certificates by one private CA for all regions, and hands it to whoever must trust it', async () => {
    const [recording, topology] = await pair();
    expect(recording.requests.filter(({ type }) => type === 'tls:index/selfSignedCert:SelfSignedCert')).toHaveLength(1);
    const ca = '-----BEGIN CERTIFICATE-----\ncertPem of registry-ca\n-----END CERTIFICATE-----\n';
    for (const region of ['east', 'west']) {
      expect(recording.find(`registry-${region}/harbor/harbor-tls`, SIGNED).inputs).toMatchObject({
        caCertPem: ca,
        caPrivateKeyPem: new Secret('privateKeyPemPkcs8 of registry-ca'),
        validityPeriodHours: 820 * 24,
        earlyRenewalHours: 30 * 24,
      });
      expect(recording.find(`registry-${region}/harbor/harbor-tls`, REQUEST).inputs.dnsNames).toEqual(
        expect.arrayContaining(['registry.example.com', `${region}.registry.example.com`]),
      );
      expect(dataOf(recording, `registry-${region}/secrets/ConfigMap/kraken-nodes/kraken-node-mirror-ca`)).toEqual({
        'ca.crt': ca,
      });
    }
    expect(await known(topology.ca ?? pulumi.output(''))).toBe(ca);
    expect(await pulumi.isSecret(topology.certificateAuthority as pulumi.Output<unknown>)).toBe(true);
  });

  it('keeps the CA when the domain changes, and issues only what has the domain’s names', async () => {
    const of = async (domain: string) => (await deploy(() => one({ domain }, { internalTls: Tls.provided() })))[0];
    const [before, after] = [await of('registry.example.com'), await of('images.example.com')];
    const ca = after.find('registry-ca', 'tls:index/selfSignedCert:SelfSignedCert');
    expect(ca.ignoreChanges).toEqual(['subject']);
    expect(ca.inputs).toEqual({
      ...before.find('registry-ca', ca.type).inputs,
      subject: { commonName: 'harbor-fleet CA images.example.com' },
    });
    const requests = before.requests.filter(({ type }) => type === REQUEST);
    const differ = requests.filter(
      ({ name, inputs }) => JSON.stringify(inputs) !== JSON.stringify(after.find(name, REQUEST).inputs),
    );
    expect(requests.length).toBeGreaterThan(1);
    expect(differ.map(({ name }) => name)).toEqual(['registry-east/harbor/harbor-tls']);
  });

  it('takes the CA of another stack', async () => {
    const certificateAuthority = { certificate: pulumi.output('CA'), privateKey: pulumi.output('KEY') };
    const [recording] = await deploy(() => one({ certificateAuthority }));
    expect(recording.names().filter((name) => name.endsWith('registry-ca'))).toEqual([]);
    expect(recording.find('registry-east/harbor/harbor-tls', SIGNED).inputs).toMatchObject({
      caCertPem: 'CA',
      caPrivateKeyPem: new Secret('KEY'),
    });
  });

  it('trusts the CA before, too, after a new generation', async () => {
    const [recording] = await deploy(() => one({ certificateAuthority: { generation: 2 } }));
    const pem = (name: string) => `-----BEGIN CERTIFICATE-----\ncertPem of ${name}\n-----END CERTIFICATE-----\n`;
    expect(dataOf(recording, 'registry-east/secrets/ConfigMap/harbor/harbor-ca')['ca.crt']).toBe(
      pem('registry-ca-2') + pem('registry-ca'),
    );
    expect(recording.find('registry-east/harbor/harbor-tls', SIGNED).inputs.caCertPem).toBe(pem('registry-ca-2'));
  });

  it('makes the values of one Secret anew by another generation, but never what only the database knows else', async () => {
    const [recording] = await deploy(() =>
      one({}, { generations: { 'harbor/harbor-core': 2, 'harbor/harbor-tls': 3 } }),
    );
    expect(dataOf(recording, CORE)).toMatchObject({
      CSRF_KEY: new Secret('password of registry-east/harbor/harbor-core/CSRF_KEY-2'),
      'tls.key': new Secret('privateKeyPem of registry-east/harbor/harbor-core/tls.key-2'),
      secretKey: new Secret('password of registry-east/harbor/harbor-core/secretKey'),
      HARBOR_ADMIN_PASSWORD: new Secret('password of registry-east/harbor/harbor-core/HARBOR_ADMIN_PASSWORD'),
    });
    expect(recording.find('registry-east/harbor/harbor-tls-3', SIGNED).inputs.earlyRenewalHours).toBe(720);
  });

  it('rolls exactly the pods that read a value when it changes, and tells nothing of the value', async () => {
    const revisionsOf = (recording: Recording, name: string): Record<string, string> => {
      const spec = recording.find(name).inputs.spec as {
        template: { metadata: { annotations: Record<string, string> } };
      };
      const { annotations } = spec.template.metadata;
      return Object.fromEntries(Object.entries(annotations).filter(([key]) => key.includes('/secret-')));
    };
    const [before] = await small();
    const [after] = await deploy(() => one({}, { generations: { 'harbor/harbor-registry': 2 } }));
    const registry = 'registry-east/harbor/registry/workload/workload';
    const core = 'registry-east/harbor/core/workload/workload';
    expect(revisionsOf(before, core)).toEqual(revisionsOf(after, core));
    expect(revisionsOf(before, core)['harbor-fleet/secret-harbor-core']).toMatch(/^[0-9a-f]{16}$/);
    const changed = Object.entries(revisionsOf(before, registry)).filter(
      ([key, revision]) => revisionsOf(after, registry)[key] !== revision,
    );
    expect(changed.map(([key]) => key)).toEqual(['harbor-fleet/secret-harbor-registry']);
  });

  it('reads Secrets of the user’s own, and those that are restored, from the cluster', async () => {
    const outputs: RecordOptions['outputs'] = ({ name }) =>
      name === 'registry-east/harbor/harbor-core'
        ? { data: { HARBOR_ADMIN_PASSWORD: Buffer.from('kept').toString('base64') } }
        : undefined;
    const [recording] = await deploy(() => one({}, { restore: ['harbor/harbor-core'] }), { outputs });
    expect(recording.names().filter((name) => name.includes('harbor-core/') || name.endsWith('harbor-core'))).toEqual(
      [],
    );
    expect(dataOf(recording, 'registry-east/secrets/Secret/kraken/kraken-registry-account').password).toEqual(
      new Secret('kept'),
    );
  });

  it('takes secrets as Outputs, and makes the Secrets of them', async () => {
    const password = pulumi.secret('from-RDS');
    const database = Database.external({ host: pulumi.output('db.internal'), password });
    const [recording] = await deploy(() => one({}, { database }));
    expect(dataOf(recording, 'registry-east/secrets/Secret/harbor/harbor-database-password')).toEqual({
      password: new Secret('from-RDS'),
    });
    expect(JSON.stringify(recording.find('registry-east/harbor/core/workload/workload').inputs)).not.toContain(
      'from-RDS',
    );
  });

  it('shows in a preview everything but the leaves that are not known', async () => {
    const late = () => new pulumi.StackReference('org/network/prod').getOutput('host') as pulumi.Output<string>;
    const [recording] = await deploy(
      () => one({}, { database: Database.external({ host: late(), passwordSecret: 'db' }) }),
      {
        preview: true,
      },
    );
    const { spec } = recording.find('registry-east/harbor/core/workload/workload').inputs as {
      spec: {
        replicas: number;
        template: { spec: { containers: { image: string; env: { name: string; value: string }[] }[] } };
      };
    };
    const [container] = spec.template.spec.containers;
    expect(spec.replicas).toBe(1);
    expect(container?.image).toBe('docker.io/goharbor/harbor-core:v2.15.2');
    expect(container?.env.filter(({ value }) => value === UNKNOWN).map(({ name }) => name)).toEqual([
      'POSTGRESQL_HOST',
    ]);
  });

  it('has one provider for each region, and names that never collide', async () => {
    const [recording] = await pair();
    const names = recording.names();
    expect(new Set(names).size).toBe(names.length);
    for (const region of ['east', 'west']) {
      const objects = recording.requests.filter(
        ({ name, type }) => name.startsWith(`registry-${region}/`) && type.startsWith('kubernetes:'),
      );
      expect(objects.length).toBeGreaterThan(50);
      expect([...new Set(objects.map(({ provider }) => provider))]).toEqual([
        `${recording.find(region, 'pulumi:providers:kubernetes').urn}::${region}-id`,
      ]);
    }
  });

  it('has one password for a robot in all regions, also over several stacks', async () => {
    const robots = { ci: { push: ['library'] } } as const;
    const projects = { library: { home: 'east', replicateTo: 'all' } } as const;
    const passwords = (recording: Recording): Set<unknown> =>
      new Set(
        recording.requests
          .filter(({ name }) => name.endsWith('/harbor-robots'))
          .flatMap(({ inputs }) => Object.entries(inputs.stringData as object))
          .flatMap(([key, value]) => (key === 'ci' ? [JSON.stringify(value)] : [])),
      );
    const [recording, topology] = await deploy(() => two({ settings: {}, robots, projects }));
    expect([...passwords(recording)]).toHaveLength(1);
    const shared = await known(topology.sharedSecrets);
    expect(Object.keys(shared)).toContain('robot ci');
    expect(await pulumi.isSecret(topology.sharedSecrets)).toBe(true);
    const sharedSecrets = pulumi.secret({ ...shared, 'robot ci': 'handed-over' });
    const [other] = await deploy(() => two({ settings: {}, robots, projects, only: ['west'], sharedSecrets }));
    expect([...passwords(other)]).toEqual([JSON.stringify(new Secret('handed-over'))]);
    expect(other.names().filter((name) => name.includes('/shared/'))).toEqual([]);
  });

  it('takes over what all stacks share and `pulumi state move` brought from the stack that made it, outside of the component', async () => {
    const robots = { ci: { push: ['library'] } } as const;
    const projects = { library: { home: 'east', replicateTo: 'all' } } as const;
    const [{ requests }] = await deploy(() => two({ settings: {}, robots, projects }));
    const shared = requests.filter(
      ({ name, custom }) => custom && (name === 'registry-ca' || name.startsWith('registry/shared/')),
    );
    expect(new Set(shared.map(({ type }) => type)).size).toBe(3);
    expect(shared.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['registry-ca', 'registry/shared/robot ci', 'registry/shared/token key']),
    );
    expect(requests.filter(({ aliases }) => aliases.includes(NO_PARENT))).toEqual(shared);
  });

  it('makes one key of tokens for the regions of a domain, also over several stacks, and a new one by its generation', async () => {
    const keys = (recording: Recording) =>
      ['east', 'west'].map((region) => {
        const name = `registry-${region}/secrets/Secret/harbor/harbor-core`;
        return recording.requests.some((one) => one.name === name) ? dataOf(recording, name)['tls.key'] : undefined;
      });
    const made = (recording: Recording) =>
      recording.names().filter((name) => name.startsWith(`${PRIVATE_KEY}::`) && /token|tls\.key/.test(name));
    const [recording, topology] = await deploy(() => two({ settings: {} }));
    expect(made(recording)).toEqual([`${PRIVATE_KEY}::registry/shared/token key`]);
    const request = recording.find('registry/shared/token key');
    expect(request.inputs).toEqual({ algorithm: 'RSA', rsaBits: 2048 });
    const key = new Secret('privateKeyPem of registry/shared/token key');
    expect(keys(recording)).toEqual([key, key]);
    const shared = await known(topology.sharedSecrets);
    expect(shared).toMatchObject({ 'token key': key.value });

    const sharedSecrets = pulumi.secret({ ...shared, 'token key': 'handed-over' });
    const [other] = await deploy(() => two({ settings: {}, only: ['west'], sharedSecrets }));
    expect(made(other)).toEqual([]);
    expect(keys(other)).toEqual([undefined, new Secret('handed-over')]);

    const args = () => two({ settings: {} });
    const renewed = () => {
      const { east, west } = args().regions;
      const generations = { 'harbor/harbor-core': 2 };
      return { ...args(), regions: { east: { ...east, tokenKey: { generation: 2 } }, west: { ...west, generations } } };
    };
    const [later] = await deploy(renewed as () => TopologyArgs);
    // What the Secret of one region is renewed by does not part it from the others.
    expect(keys(later)).toEqual([new Secret('privateKeyPem of registry/shared/token key 2'), key]);
    expect(made(later)).toHaveLength(2);
  });

  it('leaves each region its own key of tokens where users make projects', async () => {
    const [recording] = await pair();
    for (const region of ['east', 'west'])
      expect(recording.find(`registry-${region}/harbor/harbor-core/tls.key`, PRIVATE_KEY).inputs).toEqual({
        algorithm: 'RSA',
        rsaBits: 2048,
      });
  });

  it('tells how CI logs in as a robot in each region: by the newest generation', async () => {
    const [, topology] = await deploy(() =>
      two({
        settings: { robotPrefix: 'bot-' },
        robots: { ci: { push: ['library'], generation: 2 }, eastern: { pull: ['payments'] } },
        projects: { library: { home: 'east', replicateTo: 'all' }, payments: { home: 'east' } },
      }),
    );
    const { east, west } = topology.robots;
    expect([Object.keys(east ?? {}), Object.keys(west ?? {})]).toEqual([['ci', 'eastern'], ['ci']]);
    const login = west?.ci;
    if (login === undefined) throw new Error('no robot');
    expect(login.passwordSecret).toEqual({ namespace: 'harbor', secret: 'harbor-robots', key: 'ci-2' });
    expect(await known(login.username)).toBe('bot-ci-2');
    expect(await known(login.password)).toBe('password of registry/shared/robot ci-2');
    expect(await pulumi.isSecret(login.password)).toBe(true);
  });

  it('reads the password of a robot whose Secret is restored', async () => {
    const outputs: RecordOptions['outputs'] = ({ name }) =>
      name === 'registry-east/harbor/harbor-robots'
        ? { data: { ci: Buffer.from('kept').toString('base64') } }
        : undefined;
    const robots = { ci: { push: ['library'] } };
    const args = () => one({ settings: {}, robots }, { restore: ['harbor/harbor-robots'], kraken: false });
    const [, topology] = await deploy(args, { outputs });
    expect(await known(topology.robots.east?.ci?.password ?? pulumi.output(''))).toBe('kept');
  });

  it('makes only the regions that the stack owns, by the same plan', async () => {
    const others = {
      east: { cluster: { provider: new ClusterProvider('east') }, storage },
      west: { storage: elsewhere },
    };
    const [all, whole] = await pair();
    const [recording, part] = await deploy(() => two({ only: ['east'], regions: others }));
    expect(part.plan).toEqual(whole.plan);
    expect(Object.keys(part.regions)).toEqual(['east']);
    const of = (made: Recording) => made.names().filter((name) => name.includes('registry-east'));
    expect(of(recording)).toEqual(of(all));
    expect(recording.names().filter((name) => name.includes('registry-west'))).toEqual([]);
  });

  it('tells what a team needs', async () => {
    const outputs: RecordOptions['outputs'] = ({ name }) =>
      name.endsWith('front/service')
        ? { status: { loadBalancer: { ingress: [{ hostname: 'lb.example.com' }] } } }
        : undefined;
    const [, topology] = await deploy(one, { outputs });
    const { endpoints, nodeFiles, adminSecrets, adminPasswords, report, regions } = topology;
    const endpoint = endpoints.east;
    if (endpoint?.address === undefined) throw new Error('no address');
    expect(await known(pulumi.all([endpoint.url, endpoint.hostname, endpoint.address]))).toEqual([
      'https://registry.example.com',
      'east.registry.example.com',
      'lb.example.com',
    ]);
    expect(adminSecrets.east).toEqual({ namespace: 'harbor', secret: 'harbor-core', key: 'HARBOR_ADMIN_PASSWORD' });
    expect(await known(adminPasswords.east ?? pulumi.output(''))).toContain('HARBOR_ADMIN_PASSWORD');
    expect(report).toContain('| east | 1.34 |');
    const files = nodeFiles.east ?? [];
    expect(await known(pulumi.all(files.map(({ path }) => path)))).toEqual([
      '/etc/containerd/certs.d/registry.example.com/hosts.toml',
      '/etc/containerd/certs.d/registry.example.com/ca.crt',
    ]);
    expect(await known(files[0]?.content ?? pulumi.output(''))).toContain('[host."http://127.0.0.1:16000"]');
    expect(regions.east?.object('Service', 'harbor', 'harbor').metadata).toBeDefined();
    expect(() => regions.east?.object('Service', 'harbor', 'x')).toThrow('region east has no Service harbor/x');
  });
});

const RANDOM = 'random:index/randomPassword:RandomPassword';
const SIGNED = 'tls:index/locallySignedCert:LocallySignedCert';
const REQUEST = 'tls:index/certRequest:CertRequest';
const PRIVATE_KEY = 'tls:index/privateKey:PrivateKey';

describe('mistakes', () => {
  const mistakes = async (args: () => TopologyArgs): Promise<string> => {
    let message = 'no mistake';
    const recording = await record(() => {
      try {
        new RegistryTopology('registry', args());
      } catch (error) {
        message = String(error);
      }
    });
    expect(recording.names().filter((name) => name.startsWith('kubernetes:'))).toEqual([]);
    return message;
  };

  it('are told all at once, those of the plan and those of the stack, and nothing is made', async () => {
    const message = await mistakes(() => ({
      domain: 'Registry',
      images,
      only: ['east', 'north'],
      regions: { east: { storage, size: 'tiny' as never } },
    }));
    expect(message).toContain('only[1]: is no region of this topology');
    expect(message).toContain(
      'regions.east.cluster.provider: is missing: nothing says which cluster this region is in',
    );
    expect(message).toContain("add cluster: { provider: new ClusterProvider('east', { kubeconfig }) }");
    expect(message).toContain('domain: is not valid');
    expect(message).toContain('regions.east.size: is not one of the choices');
  });

  it.each<[string, () => TopologyArgs, string]>([
    [
      'a provider that is none',
      () => one({}, { cluster: { provider: 'east' as never } }),
      'cluster.provider: is no provider',
    ],
    [
      'a provider of another cloud',
      () => one({}, { cluster: { provider: new Elsewhere() as never } }),
      'cluster.provider: is no provider of @pulumi/kubernetes',
    ],
    [
      'one cluster for two regions whose objects are called the same',
      () => {
        const provider = new ClusterProvider('both');
        const { regions, ...more } = two();
        const both = Object.entries(regions).map(([name, region]) => [name, { ...region, cluster: { provider } }]);
        return { ...more, regions: Object.fromEntries(both) };
      },
      'regions.west.cluster.provider: is that of east too, and both have objects in namespace harbor',
    ],
    ['no region of its own', () => one({ only: [] }), 'only: leaves this stack without a region'],
    ['a text for a list of regions', () => one({ only: 'east' as never }), 'only: is not a list of texts'],
    [
      'an Output for a list of regions',
      () => one({ only: pulumi.output(['east']) as never }),
      'only: is not a list of texts\n    given:   (a late value)',
    ],
    ['a list of regions', () => one({ regions: [{}] as never }), 'regions: is not a map of settings'],
    [
      'a misspelt setting of the stack',
      () => one({ sharedSecret: {} } as never),
      'fix:     did you mean "sharedSecrets"?',
    ],
    [
      'a misspelt setting of a region in a stack',
      () => one({}, { restored: [] } as never),
      'fix:     did you mean "restore"?',
    ],
    [
      'a text for what is restored',
      () => one({}, { restore: 'harbor/harbor-core' as never }),
      'regions.east.restore: is not a list of texts',
    ],
    ['null for generations', () => one({}, { generations: null as never }), 'regions.east.generations: is not a map'],
    [
      'a text for a CA, which may be its key',
      () => one({ certificateAuthority: 'hunter2' as never }),
      'certificateAuthority: is not valid\n    given:   (hidden)',
    ],
    [
      'a key in the place of a certificate',
      () => one({ certificateAuthority: { certificate: 'hunter2', privateKey: 'hunter2' } }),
      'certificateAuthority.certificate: is not valid\n    given:   (hidden)',
    ],
    [
      'a misspelt generation of the CA',
      () => one({ certificateAuthority: { genration: 2 } as never }),
      'certificateAuthority.genration: is not a setting here',
    ],
    [
      'half of a CA',
      () => one({ certificateAuthority: { certificate: 'abc' } as never }),
      'certificateAuthority.privateKey: is missing',
    ],
    [
      'a generation of no Secret',
      () => one({}, { generations: { 'harbor/x': 2 } }),
      'generations["harbor/x"]: is no Secret that this stack makes',
    ],
    [
      'a generation that is none',
      () => one({}, { generations: { 'harbor/harbor-core': 0 } }),
      'generations["harbor/harbor-core"]: is no generation',
    ],
    [
      'a generation of what only the database knows else',
      () => one({}, { generations: { 'harbor/harbor-database': 2 } }),
      'generations["harbor/harbor-database"]: cannot be made anew\n    given:   2\n    allowed: harbor/harbor-core, harbor/harbor-jobservice, ',
    ],
    [
      'a generation of a robot’s Secret',
      () =>
        one({ settings: {}, robots: { ci: { push: ['library'] } } }, { generations: { 'harbor/harbor-robots': 2 } }),
      'fix:     remove it, and raise the generation of the robot itself; users change their own passwords in Harbor',
    ],
    [
      'a generation of a CA',
      () => one({}, { generations: { 'harbor/harbor-ca': 2 } }),
      'fix:     remove it, and raise certificateAuthority.generation',
    ],
    [
      'a generation of what follows another Secret',
      () => one({}, { generations: { 'kraken/kraken-registry-account': 2 } }),
      'fix:     remove it: it follows the Secret that it is made from',
    ],
    [
      'a generation of what is restored',
      () => one({}, { generations: { 'harbor/harbor-core': 2 }, restore: ['harbor/harbor-core'] }),
      'generations["harbor/harbor-core"]: is restored, so its values stay as they are',
    ],
    [
      'a CA generation that is none',
      () => one({ certificateAuthority: { generation: 1.5 } }),
      'certificateAuthority.generation: is no generation',
    ],
    [
      'a restored Secret that is none',
      () => one({}, { restore: ['x'] }),
      'regions.east.restore[0]: is no Secret that this stack makes',
    ],
    [
      'an Output for a number',
      () => one({}, { components: { core: { replicas: pulumi.output(2) as never } } }),
      'regions.east.components.core.replicas: is known only when deployed',
    ],
    [
      'an Output for a choice',
      () => one({}, { size: pulumi.output('small') as never }),
      'regions.east.size: is known only when deployed',
    ],
    [
      'a secret as a plain text',
      () => one({}, { database: Database.external({ host: 'h', password: 'hunter2' }) }),
      'regions.east.database.password: is a plain text',
    ],
  ])('%s', async (_, args, message) => {
    const told = await mistakes(args);
    expect(told).toContain(message);
    expect(told).not.toContain('hunter2');
    expect(told).not.toContain('late-value');
  });
});
