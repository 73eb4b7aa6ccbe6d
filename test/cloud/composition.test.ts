import { secret } from '@pulumi/pulumi';
import { alicloud } from '../../lib/cloud/alicloud';
import { huawei } from '../../lib/cloud/huawei/pulumi';
import { onPremises } from '../../lib/cloud/on-premises/pulumi';
import { Links, Network, planTopology } from '../../lib/index';
import { mirrorMistakes, type TunnelConfiguration } from '../../lib/plan/network/mirror';
import { ClusterProvider, Exposure, RegistryTopology, SharedStorage, type TopologyArgs } from '../../lib/pulumi/index';
import { bucket, topology } from '../plan/topologies';
import { known, type Recording, record } from '../pulumi/support/mocks';
import { alicloudEnds } from './alicloud/ends';
import { ARGS, answers, calls } from './alicloud/fixtures';
import { huaweiEnds } from './huawei/ends';
import { dataCentreEnds } from './on-premises/ends';

const networks = {
  singapore: Network.alicloud({
    region: 'ap-southeast-1',
    cidrs: ['10.0.0.0/16'],
    resolvers: ['10.0.0.53', '10.0.1.53'],
  }),
  bangkok: Network.huawei({ region: 'ap-southeast-2', cidrs: ['10.1.0.0/16'], resolvers: ['10.1.0.53', '10.1.1.53'] }),
  factory: Network.onPremises({ cidrs: ['10.2.0.0/16'], publicIps: ['198.51.100.7'], resolvers: ['10.2.0.53'] }),
  office: Network.onPremises({
    cidrs: ['10.3.0.0/16'],
    publicIps: ['198.51.100.8', '198.51.100.9'],
    resolvers: ['10.3.0.53'],
  }),
};
type Name = keyof typeof networks;
const NAMES = Object.keys(networks) as readonly Name[];
const HUAWEI = ['192.0.2.1', '192.0.2.2'];

const clouds: Record<Name, TopologyArgs['regions'][string]['cloud']> = {
  singapore: alicloud(ARGS),
  bangkok: huawei({
    vpcId: 'vpc-uuid',
    connectSubnetId: 'subnet-uuid',
    availabilityZones: ['a', 'b'],
    securityGroupId: 'group-uuid',
    resolverSubnetIds: ['subnet-1', 'subnet-2'],
    outsideAddresses: HUAWEI,
  }),
  factory: onPremises(),
  office: onPremises(),
};

const args = (more: Partial<TopologyArgs> = {}): TopologyArgs => ({
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: Object.fromEntries(
    NAMES.map((name) => [
      name,
      {
        cluster: { provider: new ClusterProvider(name) },
        storage: SharedStorage.nas({ server: `${name}.example.com`, path: '/export' }),
        exposure: Exposure.loadBalancer(),
        kraken: false,
        nodeMirror: false,
        network: networks[name],
        cloud: clouds[name],
      },
    ]),
  ),
  links: Links.mesh(),
  ...more,
});

type Files = Readonly<Record<string, Readonly<Record<string, string>>>>;

async function deploy(settings: () => TopologyArgs): Promise<{ readonly recording: Recording; readonly files: Files }> {
  const files: Record<string, Readonly<Record<string, string>>> = {};
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const recording = await record(
    async () => {
      const made = new RegistryTopology('registry', settings());
      for (const [name, text] of Object.entries(made.files)) files[name] = await known(text);
    },
    {
      outputs: (request) =>
        request.type === 'kubernetes:core/v1:Service' && request.inputs.spec?.type === 'LoadBalancer'
          ? { status: { loadBalancer: { ingress: [{ ip: '10.9.9.9' }] } } }
          : request.type === 'random:index/randomPassword:RandomPassword'
            ? // What a provider makes of letters and digits.
              { result: secret(Buffer.from(request.name).toString('hex')) }
            : answers?.(request),
      calls,
    },
  );
  warned.mockRestore();
  return { recording, files };
}

/** All of it in one stack, made once. */
let whole: ReturnType<typeof deploy> | undefined;
const deployed = () => {
  whole ??= deploy(args);
  return whole;
};

const plan = planTopology(
  topology(0, {
    regions: Object.fromEntries(NAMES.map((name) => [name, { ...bucket(name), network: networks[name] }])),
    links: Links.mesh(),
  }),
);

jest.setTimeout(60_000);

describe('a topology over Alibaba Cloud, Huawei Cloud and two data centres', () => {
  it('has tunnels whose ends mirror each other, in one pass', async () => {
    const { recording, files } = await deployed();
    const outsides = [0, 1].map((i) => `outside address ${i} of registry-singapore`);
    const ends: readonly TunnelConfiguration[] = [
      ...alicloudEnds(recording, plan, 'singapore', 'registry-singapore', outsides),
      ...huaweiEnds(files.bangkok ?? {}, 'bangkok', HUAWEI),
      ...dataCentreEnds(files.factory ?? {}, 'factory'),
      ...dataCentreEnds(files.office ?? {}, 'office'),
    ];
    const planned = plan.links.flatMap(({ tunnels }) => tunnels);
    expect(planned).toHaveLength(12);
    for (const tunnel of planned) {
      const [a, b, ...more] = ends.filter((end) => end.tunnel === tunnel.name);
      if (a === undefined || b === undefined) throw new Error(`${tunnel.name} has not both ends`);
      expect([mirrorMistakes(a, b), more, a.key.length > 20]).toEqual([[], [], true]);
    }
    expect(new Set(ends.map(({ key }) => key)).size).toBe(12);
  });

  it('resolves the private names of each region in all others', async () => {
    const { recording, files } = await deployed();
    expect(files.factory?.['unbound.conf']).toContain('local-data: "factory.registry.example.com. 30 IN A 10.9.9.9"');
    expect(files.factory?.['unbound.conf']).toContain(
      '    name: "singapore.registry.example.com."\n    forward-addr: 10.0.0.53',
    );
    expect(JSON.parse(files.bangkok?.['terraform.tfvars.json'] ?? '')).toMatchObject({
      records: { 'bangkok.registry.example.com': { type: 'A', values: ['10.9.9.9'] } },
    });
    const rules = recording.requests.filter(({ type }) => type === 'alicloud:pvtz/rule:Rule');
    const asked = rules.map(({ inputs }) => [String(inputs.zoneName), inputs.forwardIps] as const);
    expect(asked.sort(([a], [b]) => a.localeCompare(b))).toEqual([
      [
        'bangkok.registry.example.com',
        [
          { ip: '10.1.0.53', port: 53 },
          { ip: '10.1.1.53', port: 53 },
        ],
      ],
      ['factory.registry.example.com', [{ ip: '10.2.0.53', port: 53 }]],
      ['office.registry.example.com', [{ ip: '10.3.0.53', port: 53 }]],
    ]);
  });

  it('leaves out of the files what another stack has not told yet', async () => {
    const { files } = await deploy(() => args({ only: ['factory', 'bangkok'] }));
    expect(Object.keys(files).sort()).toEqual(['bangkok', 'factory']);
    const tunnels = (names: readonly TunnelConfiguration[]) => names.map(({ tunnel }) => tunnel);
    expect(tunnels(dataCentreEnds(files.factory ?? {}, 'factory'))).toEqual([
      'bangkok--factory-1',
      'bangkok--factory-2',
      'factory--office-1',
      'factory--office-2',
    ]);
    expect(
      tunnels(huaweiEnds(files.bangkok ?? {}, 'bangkok', HUAWEI)).filter((name) => name.includes('singapore')),
    ).toEqual([]);
  });
});
