import * as pulumi from '@pulumi/pulumi';
import { Links, Network } from '../../lib/index';
import { PlanError } from '../../lib/plan/issues';
import {
  ClusterProvider,
  Database,
  Exposure,
  RegistryTopology,
  SharedStorage,
  type TopologyArgs,
} from '../../lib/pulumi/index';
import { asked, RecordedCloud } from './support/clouds';
import { known, type Recording, record, Secret } from './support/mocks';

type Settings = Partial<TopologyArgs['regions'][string]>;
type Log = ConstructorParameters<typeof RecordedCloud>[0];

const networks = {
  virginia: Network.aws({ region: 'us-east-1', cidrs: ['10.0.0.0/16'] }),
  ireland: Network.aws({ region: 'eu-west-1', cidrs: ['10.1.0.0/16'] }),
  amsterdam: Network.azure({ region: 'westeurope', cidrs: ['10.2.0.0/16'] }),
  factory: Network.onPremises({ cidrs: ['10.3.0.0/16'], publicIps: ['198.51.100.7'], resolvers: ['10.3.0.53'] }),
};
type Name = keyof typeof networks;

/** Addresses of Harbor's load balancers; that of ireland is a public one. */
const ADDRESSES: Readonly<Record<string, string>> = {
  'registry-virginia': '10.0.9.9',
  'registry-amsterdam': '10.2.9.9',
  'registry-factory': '10.3.9.9',
};

/** Linked regions, each in a recorded cloud of its kind; with settings of their own. */
const args = (log: Log, names: readonly Name[], own: Partial<Record<Name, Settings>> = {}): TopologyArgs => ({
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: Object.fromEntries(
    names.map((name) => [
      name,
      {
        cluster: { provider: new ClusterProvider(name) },
        storage: SharedStorage.nas({ server: `${name}.example.com`, path: '/export' }),
        exposure: Exposure.loadBalancer(),
        kraken: false,
        nodeMirror: false,
        network: networks[name],
        cloud: new RecordedCloud(log, { type: networks[name].type }),
        ...own[name],
      },
    ]),
  ),
  links: Links.mesh(),
});

interface Deployed {
  readonly topology: RegistryTopology;
  readonly recording: Recording;
  /** Calls of clouds, each as region, method, and what about. */
  readonly calls: readonly (readonly unknown[])[];
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

async function deploy(program: (log: Log) => TopologyArgs): Promise<Deployed> {
  const log: Log = [];
  const made: RegistryTopology[] = [];
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const told = jest.spyOn(console, 'log').mockImplementation();
  const recording = await record(() => void made.push(new RegistryTopology('registry', program(log))), {
    outputs: ({ type, name, inputs }) =>
      type === 'kubernetes:core/v1:Service' && inputs.spec?.type === 'LoadBalancer'
        ? { status: { loadBalancer: { ingress: [{ ip: ADDRESSES[name.split('/')[0] ?? ''] ?? '203.0.113.9' }] } } }
        : undefined,
  });
  const infos = told.mock.calls.map(([text]) => String(text));
  const warnings = warned.mock.calls.map(([text]) => String(text));
  for (const spy of [warned, told]) spy.mockRestore();
  const [topology] = made;
  if (topology === undefined) throw new Error('no topology was made');
  return { topology, recording, calls: (await asked(log)) as never, warnings, infos };
}

const about = ({ calls }: Deployed, region: string, method: string): readonly unknown[] =>
  (calls.find(([of, what]) => of === region && what === method)?.[2] ?? []) as readonly unknown[];

const issuesOf = async (program: (log: Log) => TopologyArgs): Promise<readonly string[]> => {
  try {
    await deploy(program);
  } catch (error) {
    if (error instanceof PlanError) return error.issues.map(({ path, problem }) => `${path}: ${problem}`);
    throw error;
  }
  return [];
};

let whole: Promise<Deployed> | undefined;
const mesh = (): Promise<Deployed> => {
  whole ??= deploy((log) => args(log, ['amsterdam', 'virginia', 'ireland', 'factory']));
  return whole;
};

describe('the networks of a topology', () => {
  it('are opened all, connected where addresses come late, then connected elsewhere, peered, and named', async () => {
    const { calls } = await mesh();
    expect(calls.map(([region, method]) => `${method} ${region}`)).toEqual([
      ...['open amsterdam', 'open virginia', 'open ireland', 'open factory'],
      ...['connect virginia', 'connect ireland', 'connect amsterdam', 'connect factory'],
      'peer virginia',
      ...['answer amsterdam', 'answer virginia', 'answer ireland', 'answer factory'],
      ...['forward amsterdam', 'forward virginia', 'forward ireland', 'forward factory'],
    ]);
    expect(calls.find(([region]) => region === 'amsterdam')?.[2]).toBe('registry-amsterdam');
  });

  it('hand both ends of a tunnel the other’s address and the same secret key', async () => {
    const deployed = await mesh();
    const key = (tunnel: string): Secret => new Secret(`Kpassword of registry/shared/tunnels/${tunnel}`);
    expect(about(deployed, 'virginia', 'connect')).toContainEqual([
      'amsterdam--virginia-3',
      'virginia to amsterdam at 192.0.0.1',
      key('amsterdam--virginia-3'),
    ]);
    expect(about(deployed, 'amsterdam', 'connect')).toContainEqual([
      'amsterdam--virginia-3',
      'amsterdam to virginia at 192.0.1.2',
      key('amsterdam--virginia-3'),
    ]);
    expect(about(deployed, 'factory', 'connect')).toHaveLength(1 + 2 + 2);
    expect(about(deployed, 'virginia', 'connect')).toContainEqual([
      'virginia--factory-2',
      'virginia to factory at 192.0.3.0',
      key('virginia--factory-2'),
    ]);
  });

  it('join two regions of one cloud once', async () => {
    const { calls } = await mesh();
    expect(calls.filter(([, method]) => method === 'peer')).toEqual([['virginia', 'peer', ['ireland']]]);
  });

  it('make a key of 48 letters and digits for each tunnel, the first a letter, for both ends and other stacks', async () => {
    const { recording, topology } = await mesh();
    const tunnels = topology.plan.links.flatMap((link) => link.tunnels);
    const made = recording.requests.filter(({ name }) => name.startsWith('registry/shared/tunnels/'));
    expect(made.map(({ name }) => name.replace('registry/shared/tunnels/', ''))).toEqual(
      tunnels.map(({ name }) => name),
    );
    for (const { inputs } of made) {
      expect(inputs).toEqual({ length: 47, special: false, minUpper: 1, minLower: 1, minNumeric: 1 });
    }
    expect(await pulumi.isSecret(topology.sharedSecrets)).toBe(true);
    expect(await known(topology.sharedSecrets)).toMatchObject({
      'tunnels/amsterdam--virginia-1': 'Kpassword of registry/shared/tunnels/amsterdam--virginia-1',
    });
  });

  it('make the key of one tunnel anew at each rotation', async () => {
    const links = Links.list([{ between: ['virginia', 'factory'], keyRotation: 1 }]);
    const { recording } = await deploy((log) => ({ ...args(log, ['virginia', 'factory']), links }));
    expect(recording.names().filter((name) => name.includes('/tunnels/'))).toEqual([
      'random:index/randomPassword:RandomPassword::registry/shared/tunnels/virginia--factory-1/2',
      'random:index/randomPassword:RandomPassword::registry/shared/tunnels/virginia--factory-2',
    ]);
  });

  it('make a key for each tunnel, also where a rotated one is called as one of another link', async () => {
    const dataCentre = (i: number) =>
      Network.onPremises({
        cidrs: [`10.${i}.0.0/16`],
        publicIps: [`198.51.100.${2 * i}`, `198.51.100.${2 * i + 1}`],
        resolvers: [`10.${i}.0.53`],
      });
    const { recording, topology } = await deploy((log) => ({
      ...args(log, []),
      regions: Object.fromEntries(
        ['factory', 'site', 'site-1'].map((name, i) => [
          name,
          {
            ...args(log, ['factory'], { factory: { network: dataCentre(i) } }).regions.factory,
            cluster: { provider: new ClusterProvider(name) },
            storage: SharedStorage.nas({ server: `${name}.example.com`, path: '/export' }),
          },
        ]),
      ),
      links: Links.mesh({ links: [{ between: ['factory', 'site'], keyRotation: 1 }] }),
    }));
    const keys = topology.plan.links.flatMap(({ tunnels }) => tunnels);
    expect(keys.map(({ key }) => `${key.name} ${key.generation}`)).toEqual(
      expect.arrayContaining(['factory--site-1 2', 'factory--site-1-2 1']),
    );
    const made = recording.names().filter((name) => name.includes('/tunnels/'));
    expect(made).toHaveLength(keys.length);
  });

  it('answer for Harbor by its load balancer, for a database by its host, for pods by what was given', async () => {
    const cluster = { provider: new ClusterProvider('virginia'), podCidr: '10.0.64.0/18' };
    const database = Database.external({ host: pulumi.output('db.example.com'), passwordSecret: 'db' });
    const addresses = { 'kraken-origin.virginia.registry.example.com': pulumi.output(['10.0.64.1', '10.0.64.2']) };
    const deployed = await deploy((log) =>
      args(log, ['virginia', 'factory'], { virginia: { cluster, database, addresses, kraken: {} } }),
    );
    expect(about(deployed, 'virginia', 'answer')).toEqual([
      ['virginia.registry.example.com', ['10.0.9.9']],
      ['database.virginia.registry.example.com', ['db.example.com']],
      ['kraken-origin.virginia.registry.example.com', ['10.0.64.1', '10.0.64.2']],
    ]);
    expect(deployed.infos).toEqual([
      expect.stringContaining(
        'kraken-build-index.virginia.registry.example.com: is not made, because regions.virginia.addresses',
      ),
    ]);
  });

  it('ask resolvers that the plan knows, or those that the cloud gave', async () => {
    const deployed = await mesh();
    expect(about(deployed, 'amsterdam', 'forward')).toEqual([
      ['virginia.registry.example.com', ['10.1.0.2']],
      ['ireland.registry.example.com', ['10.2.0.2']],
      ['factory.registry.example.com', ['10.3.0.53']],
    ]);
  });

  it('ask nobody where nobody answers, and say so', async () => {
    const { calls, warnings } = await deploy((log) => ({
      ...args(log, ['amsterdam', 'virginia'], { virginia: { cloud: undefined } }),
      networks: { virginia: { outsides: {}, resolvers: [] } },
      only: ['amsterdam'],
    }));
    expect(calls.map(([, method]) => method)).toEqual(['open', 'answer']);
    expect(warnings.join()).toContain(
      'networks.virginia: tells no resolvers, so amsterdam does not ask it for names yet',
    );
  });

  it('hand over files for what teams configure by hand', async () => {
    const { topology } = await mesh();
    expect(Object.keys(topology.files)).toEqual(['factory']);
    expect(await known(topology.files.factory ?? pulumi.output({}))).toEqual({ 'bird.conf': 'of factory' });
  });

  it('tell of a private name that leads over the internet, since its load balancer is not internal', async () => {
    const { warnings } = await deploy((log) => args(log, ['virginia', 'ireland'], {}));
    expect(warnings.join()).toContain(
      'ireland.registry.example.com: leads to 203.0.113.9, outside of the ranges of ireland: other regions go there over the internet, not over links; give the load balancer an internal scheme, or say regions.ireland.addresses["ireland.registry.example.com"]',
    );
    expect(warnings.join()).not.toContain('virginia.registry.example.com: leads to');
  });

  it('say what to add where a peer of this stack has no cloud', async () => {
    const { warnings } = await deploy((log) =>
      args(log, ['amsterdam', 'virginia'], { virginia: { cloud: undefined } }),
    );
    const told = warnings.filter((text) => text.includes('networks.virginia: '));
    expect(told.map((text) => text.split('\n').at(-1))).toEqual(
      Array(2).fill(
        '    fix:     add cloud: aws({ … }) to regions.virginia; or write down what others configured there, as networks.virginia',
      ),
    );
  });

  it('say that nothing joins regions without links', async () => {
    const made = await deploy((log) => ({ ...args(log, ['amsterdam', 'virginia']), links: undefined }));
    expect(made.warnings).toEqual([
      expect.stringContaining(
        'links: is missing, so nothing joins amsterdam, virginia, and nothing is made in their clouds',
      ),
    ]);
    const alone = await deploy((log) => ({ ...args(log, ['amsterdam']), links: undefined }));
    expect(alone.warnings).toEqual([]);
  });

  it('leave a region without a cloud to others: its peers are made where its addresses are known', async () => {
    const { calls, warnings, topology } = await deploy((log) =>
      args(log, ['virginia', 'factory'], { factory: { cloud: undefined } }),
    );
    expect(calls.map(([region, method]) => `${method} ${region}`)).toEqual([
      ...['open virginia', 'connect virginia', 'answer virginia', 'forward virginia'],
    ]);
    expect(Object.keys(topology.networks)).toEqual(['virginia']);
    expect(warnings).toEqual([]);
  });
});

describe('a topology over several stacks', () => {
  const stack = (own: Name, given: TopologyArgs['networks']) =>
    deploy((log) => ({ ...args(log, ['amsterdam', 'virginia']), only: [own], networks: given }));

  /** What another stack reads of a stack's output. */
  const handedOver = async ({ topology }: Deployed): Promise<TopologyArgs['networks']> =>
    (await known(pulumi.output(topology.networks))) as TopologyArgs['networks'];

  it('converges: each stack makes the tunnels whose other ends it was told of', async () => {
    const first = await stack('amsterdam', undefined);
    expect(about(first, 'amsterdam', 'connect')).toEqual([]);
    expect(first.warnings.map((text) => text.replace(/^warning: \[runtime\] |\n.*/gs, ''))).toEqual([
      'networks.virginia: tells no outside addresses, so amsterdam has no tunnel to it yet',
      'networks.virginia: tells no resolvers, so amsterdam does not ask it for names yet',
    ]);
    const second = await stack('virginia', await handedOver(first));
    expect(about(second, 'virginia', 'connect')).toHaveLength(4);
    expect(second.warnings).toEqual([]);
    const third = await stack('amsterdam', await handedOver(second));
    expect(third.warnings).toEqual([]);
    const one = await deploy((log) => args(log, ['amsterdam', 'virginia']));
    expect(about(third, 'amsterdam', 'connect')).toEqual(about(one, 'amsterdam', 'connect'));
    expect(about(second, 'virginia', 'connect')).toEqual(about(one, 'virginia', 'connect'));
    expect(about(third, 'amsterdam', 'forward')).toEqual(about(one, 'amsterdam', 'forward'));
  });

  it.each([
    ['amsterdam', ['amsterdam', 'virginia', 'amsterdam']],
    ['virginia', ['virginia', 'amsterdam', 'virginia', 'amsterdam']],
  ] as const)('is whole in the order of the page where %s makes what all share', async (maker, order) => {
    const told: Partial<Record<Name, Pick<TopologyArgs, 'networks' | 'sharedSecrets'>>> = {};
    for (const [step, own] of order.entries()) {
      const other = own === 'amsterdam' ? 'virginia' : 'amsterdam';
      const { networks } = told[other] ?? {};
      const sharedSecrets = own === maker ? undefined : told[maker]?.sharedSecrets;
      const given = { only: [own], networks, sharedSecrets };
      const deployed = await deploy((log) => ({ ...args(log, ['amsterdam', 'virginia']), ...given }));
      told[own] = {
        networks: await handedOver(deployed),
        sharedSecrets: await known(deployed.topology.sharedSecrets),
      };
      // The last update of each stack, and none before, has all tunnels.
      expect([own, about(deployed, own, 'connect').length]).toEqual([own, order.lastIndexOf(own) === step ? 4 : 0]);
    }
    expect(told.amsterdam?.sharedSecrets).toEqual(told.virginia?.sharedSecrets);
  });

  it('takes the keys of tunnels that another stack made', async () => {
    const sharedSecrets = { 'tunnels/amsterdam--factory-1': 'K1', 'tunnels/amsterdam--factory-2': 'K2' };
    const deployed = await deploy((log) => ({
      ...args(log, ['amsterdam', 'factory']),
      projects: {},
      only: ['factory'],
      sharedSecrets: { ...sharedSecrets },
      networks: { amsterdam: { outsides: { 'amsterdam--factory-1': '192.0.2.1' }, resolvers: ['10.2.0.2'] } },
    }));
    expect(about(deployed, 'factory', 'connect')).toEqual([
      ['amsterdam--factory-1', 'factory to amsterdam at 192.0.2.1', new Secret('K1')],
    ]);
    expect(deployed.recording.names().filter((name) => name.includes('/tunnels/'))).toEqual([]);
  });

  it.each<[string, unknown]>([
    ['at all', null],
    ['of a region, as of a stack without outputs', { virginia: undefined }],
    ['of a region, as JSON says it', { virginia: null }],
    ['of addresses', { virginia: {} }],
    ['of either', { virginia: { outsides: null, resolvers: null } }],
  ])('knows nothing yet %s', async (_, given) => {
    const [none, made] = [await stack('amsterdam', undefined), await stack('amsterdam', given as never)];
    expect(made.calls).toEqual(none.calls);
    expect(made.warnings.map((text) => text.split('\n')[0])).toEqual(none.warnings.map((text) => text.split('\n')[0]));
  });

  const told = ({ warnings }: Deployed): readonly string[] =>
    warnings.map((text) => text.replace(/^warning: \[runtime\] |\n(?! +(given|fix):).*/g, ''));
  const resolvers = ['10.2.0.2'];

  it('goes on where another stack still tells of a region that left, and of its tunnels', async () => {
    const networks = {
      amsterdam: { outsides: { 'amsterdam--virginia-1': '192.0.2.1', 'amsterdam--factory-1': '192.0.2.2' }, resolvers },
      factory: { outsides: { 'amsterdam--factory-1': 'x' }, resolvers: 'x' as never },
    };
    const deployed = await stack('virginia', networks);
    expect(about(deployed, 'virginia', 'connect')).toEqual([
      ['amsterdam--virginia-1', 'virginia to amsterdam at 192.0.2.1', expect.anything()],
    ]);
    const fix = 'update the stack that hands them over to the same settings as this one; or correct the name';
    expect(told(deployed).slice(0, 2)).toEqual([
      `networks: has regions that are not planned here, which are left out\n    given:   "factory"\n    fix:     ${fix}`,
      `networks.amsterdam.outsides: has tunnels that are not planned here, which are left out\n    given:   "amsterdam--factory-1"\n    fix:     ${fix}`,
    ]);
  });

  it('goes on where another stack knows of a region already that joins', async () => {
    const all: Name[] = ['amsterdam', 'virginia', 'factory'];
    const first = await deploy((log) => ({ ...args(log, all), only: ['amsterdam'] }));
    const handed = await handedOver(first);
    expect(Object.keys(handed?.amsterdam?.outsides ?? {})).toContain('amsterdam--factory-1');
    const older = await stack('virginia', handed);
    expect(about(older, 'virginia', 'connect')).toHaveLength(4);
    expect(told(older)).toHaveLength(1);
    const newer = await deploy((log) => ({ ...args(log, all), only: ['virginia'], networks: handed }));
    expect(about(newer, 'virginia', 'connect')).toHaveLength(4 + 2);
    expect(newer.warnings.join()).not.toContain('networks');
  });

  it('goes on with two tunnels where another stack still tells of four, and with four where it tells of two', async () => {
    const part = (own: Name, tunnels: 2 | 4, networks?: TopologyArgs['networks']) =>
      deploy((log) => ({
        ...args(log, ['amsterdam', 'virginia']),
        links: Links.list([{ between: ['amsterdam', 'virginia'], tunnels }]),
        only: [own],
        networks,
      }));
    const names = async (deployed: Deployed, region: Name) =>
      about(deployed, region, 'connect').map((one) => (one as readonly string[])[0]);
    const [four, two] = [await part('amsterdam', 4), await part('amsterdam', 2)];
    const fewer = await part('virginia', 2, await handedOver(four));
    expect(await names(fewer, 'virginia')).toEqual(['amsterdam--virginia-1', 'amsterdam--virginia-3']);
    expect(told(fewer).join()).toContain('"amsterdam--virginia-2, amsterdam--virginia-4"');
    const more = await part('virginia', 4, await handedOver(two));
    expect(await names(more, 'virginia')).toEqual(['amsterdam--virginia-1', 'amsterdam--virginia-3']);
    expect(told(more)).toEqual([expect.stringContaining('networks.amsterdam: tells no outside addresses')]);
  });
});

describe('mistakes about networks', () => {
  it('are told at once, with those of the plan and those of the clouds', async () => {
    expect(
      await issuesOf((log) => ({
        ...args(log, ['amsterdam', 'virginia', 'factory'], {
          amsterdam: { cloud: new RecordedCloud(log, { type: 'gcp' }) },
          virginia: { cloud: new RecordedCloud(log, { type: 'aws' }, 'is missing') },
          factory: { network: undefined, exposure: Exposure.nodePort() },
        }),
        links: Links.list([{ between: ['amsterdam', 'virginia'] }]),
        networks: {
          nowhere: { outsides: {}, resolvers: [] },
          amsterdam: {
            outsides: { 'amsterdam--virginia-9': '192.0.2.1', 'amsterdam--virginia-1': 'x' },
            resolvers: [],
          },
        },
      })),
    ).toEqual([
      'regions.amsterdam.cloud: is of another kind than the network',
      'regions.factory.cloud: has no network that it could make',
      'regions.virginia.cloud.vpcId: is missing',
      'networks.amsterdam.outsides.amsterdam--virginia-1: is not valid',
    ]);
  });

  it('include two regions with tunnels at one gateway, whose ASN can be only that of one', async () => {
    const at = (log: Log) => ({ cloud: new RecordedCloud(log, { type: 'aws', gateway: 'tgw-1' }) });
    const shared = (log: Log) => args(log, ['virginia', 'ireland', 'factory'], { virginia: at(log), ireland: at(log) });
    expect(await issuesOf(shared)).toEqual([
      'regions.ireland.cloud: ends tunnels at the gateway of virginia, but a gateway has one ASN and a region another each',
    ]);
    const links = Links.list([
      { between: ['virginia', 'ireland'], via: 'existing' },
      { between: ['virginia', 'factory'] },
    ]);
    expect(await issuesOf((log) => ({ ...shared(log), links }))).toEqual([]);
  });

  it('include two regions of one cloud of which this stack makes one: its routes would lead nowhere', async () => {
    const both = (more: Partial<TopologyArgs>, own: Parameters<typeof args>[2] = {}) =>
      deploy((log) => ({ ...args(log, ['virginia', 'ireland'], own), ...more }));
    const joined = "or join them by other means and set links: [{ between: ['virginia', 'ireland'], via: 'existing' }]";
    await expect(both({ only: ['virginia'] })).rejects.toThrow(
      `- regions.virginia.cloud: is not joined to ireland: what joins two regions of one cloud is made where both are
    given:   "ireland in another stack"
    allowed: both regions in one stack, each with its cloud
    fix:     own both here, ${joined}`,
    );
    await expect(both({}, { virginia: { cloud: undefined } })).rejects.toThrow(
      `- regions.ireland.cloud: is not joined to virginia: what joins two regions of one cloud is made where both are
    given:   "virginia without a cloud"
    allowed: both regions in one stack, each with its cloud
    fix:     add cloud: aws({ … }) to regions.virginia, ${joined}`,
    );
    const links = Links.mesh({ links: [{ between: ['virginia', 'ireland'], via: 'existing' }] });
    const { calls } = await both({ only: ['virginia'], links });
    expect(calls.map(([, method]) => method)).toEqual(['open', 'answer']);
  });

  it('include addresses of private names that are none', async () => {
    const name = 'virginia.registry.example.com';
    for (const [given, mistake] of [
      ['10.0.0.10', ': is not a list of texts'],
      [[], ': names no address'],
      [['10.0.0.999'], '[0]: is not valid'],
      [['https://10.0.0.10'], '[0]: is not valid'],
      [['10.0.0.0/16'], '[0]: is not valid'],
    ] as const)
      expect(
        await issuesOf((log) =>
          args(log, ['virginia', 'factory'], { virginia: { addresses: { [name]: given as never } } }),
        ),
      ).toEqual([`regions.virginia.addresses.${name}${mistake}`]);
  });

  it('include a Harbor that no private name can lead to, which would hide its public one', async () => {
    const front = (addresses?: Settings['addresses']) => (log: Log) =>
      args(log, ['virginia', 'factory'], { virginia: { exposure: Exposure.nodePort(), addresses } });
    expect(await issuesOf(front())).toEqual([
      'regions.virginia.addresses["virginia.registry.example.com"]: is missing, and exposure nodePort has no address of its own',
    ]);
    expect(await issuesOf(front({ 'virginia.registry.example.com': ['10.0.0.10'] }))).toEqual([]);
    expect(await issuesOf(front({ 'virginia.registry.example.com': ['10.0.0.10'], 'x.example.com': [] }))).toEqual([
      'regions.virginia.addresses.x.example.com: is not a setting here',
    ]);
  });

  it.each<[unknown, readonly string[]]>([
    ['x', ['networks: is not a map of settings']],
    [['factory'], ['networks: is not a map of settings']],
    [{ factory: 'x' }, ['networks.factory: is not a map of settings']],
    [{ factory: ['198.51.100.7'] }, ['networks.factory: is not a map of settings']],
    [{ factory: { outside: {} } }, ['networks.factory.outside: is not a setting here']],
    [{ factory: { outsides: '198.51.100.7' } }, ['networks.factory.outsides: is not a map of settings']],
    [{ factory: { resolvers: '10.3.0.53' } }, ['networks.factory.resolvers: is not a list of texts']],
    [{ nowhere: null }, []],
  ])('include networks of other stacks that are none: %j', async (given, expected) => {
    expect(
      await issuesOf((log) => ({ ...args(log, ['virginia', 'factory']), networks: given as TopologyArgs['networks'] })),
    ).toEqual(expected);
  });

  it('include networks of other stacks that are known too late to plan with', async () => {
    const late = (given: unknown) => (log: Log) => ({
      ...args(log, ['virginia', 'factory']),
      networks: given as TopologyArgs['networks'],
    });
    const problem = 'is known only when deployed, and which tunnels are made depends on it';
    expect(await issuesOf(late(pulumi.output({})))).toEqual([`networks: ${problem}`]);
    expect(await issuesOf(late({ factory: pulumi.output({}) }))).toEqual([`networks.factory: ${problem}`]);
    expect(await issuesOf(late({ factory: { outsides: pulumi.output({}), resolvers: [] } }))).toEqual([
      `networks.factory.outsides: ${problem}`,
    ]);
  });
});
