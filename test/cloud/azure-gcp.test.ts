import { azure } from '../../lib/cloud/azure';
import { gcp } from '../../lib/cloud/gcp';
import { Exposure, Links, Network } from '../../lib/index';
import { mirrorMistakes } from '../../lib/plan/network/mirror';
import { linksOf } from '../../lib/plan/network/tunnels';
import { ClusterProvider, Database, RegistryTopology, SharedStorage, type TopologyArgs } from '../../lib/pulumi';
import { known, type Recording, record, Secret } from '../pulumi/support/mocks';
import { azureEnds } from './azure/ends';
import * as ofAzure from './azure/fixtures';
import { gcpEnds } from './gcp/ends';
import * as ofGcp from './gcp/fixtures';

type Region = TopologyArgs['regions'][string];

const region = (name: string, more: Partial<Region>): Region => ({
  cluster: { provider: new ClusterProvider(name) },
  storage: SharedStorage.nas({ server: `${name}.example.com`, path: '/export' }),
  database: Database.external({ host: `db.${name}.example.com`, passwordSecret: 'db' }),
  exposure: Exposure.loadBalancer(),
  kraken: false,
  nodeMirror: false,
  ...more,
});
const emerald = '/subscriptions/s-1/resourceGroups/irish/providers/Microsoft.Network/virtualNetworks/emerald';

const args = (): TopologyArgs => ({
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: {
    holland: region('holland', {
      network: Network.azure({ region: 'westeurope', cidrs: ['10.0.0.0/16'] }),
      cloud: azure(ofAzure.ARGS),
    }),
    ireland: region('ireland', {
      network: Network.azure({ region: 'northeurope', cidrs: ['10.1.0.0/16'] }),
      cloud: azure({ ...ofAzure.ARGS, virtualNetworkId: emerald }),
    }),
    iowa: region('iowa', {
      network: Network.gcp({ region: 'us-central1', cidrs: ['10.2.0.0/16'] }),
      cloud: gcp(ofGcp.ARGS),
    }),
    factory: region('factory', {
      network: Network.onPremises({
        cidrs: ['10.3.0.0/16'],
        publicIps: ['198.51.100.6', '198.51.100.7'],
        resolvers: ['10.3.0.53'],
      }),
      exposure: Exposure.loadBalancer(),
    }),
  },
  links: Links.mesh(),
});

interface Made {
  readonly topology: RegistryTopology;
  readonly recording: Recording;
}

let made: Promise<Made> | undefined;
const deploy = (): Promise<Made> => {
  made ??= (async () => {
    const topologies: RegistryTopology[] = [];
    const recording = await record(() => void topologies.push(new RegistryTopology('registry', args())), {
      outputs: (asked) =>
        asked.type === 'kubernetes:core/v1:Service' && asked.inputs.spec?.type === 'LoadBalancer'
          ? { status: { loadBalancer: { ingress: [{ ip: '10.9.9.9' }] } } }
          : (ofAzure.answers?.(asked) ?? ofGcp.answers?.(asked)),
      calls: ({ token }) =>
        token === 'gcp:compute/getAddresses:getAddresses' ? { addresses: [{ address: '10.2.4.2' }] } : undefined,
    });
    const [topology] = topologies;
    if (topology === undefined) throw new Error('no topology was made');
    return { topology, recording };
  })();
  return made;
};

describe('a topology of Azure, Google Cloud and a data centre', () => {
  it('has both ends of every tunnel between the clouds, each the mirror of the other', async () => {
    const { topology, recording } = await deploy();
    const ends = [
      ...azureEnds(recording, 'holland', 'registry-holland'),
      ...azureEnds(recording, 'ireland', 'registry-ireland'),
      ...gcpEnds(recording, 'iowa', 'registry-iowa'),
    ];
    const tunnels = topology.plan.links.flatMap((link) => link.tunnels);
    expect(tunnels).toHaveLength(10);
    const both = tunnels.map(({ name }) => ends.filter(({ tunnel }) => tunnel === name));
    const met = both.filter(([, second]) => second !== undefined);
    expect(met.flatMap(([a, b]) => (a && b ? mirrorMistakes(a, b) : ['no end']))).toEqual([]);
    expect(met).toHaveLength(4);
    // The other end of the rest is the data centre's router, which others configure.
    expect(both.filter((found) => found.length === 1)).toHaveLength(6);
  });

  it('has keys that are secret wherever they go', async () => {
    const { recording } = await deploy();
    const keys = recording.requests.flatMap(({ inputs }) => [inputs.sharedKey, inputs.sharedSecret].filter(Boolean));
    expect(keys).toHaveLength(14);
    expect(keys.every((key) => key instanceof Secret && /^K/.test(String(key.value)))).toBe(true);
  });

  it('joins the two regions of Azure by their own peering', async () => {
    const { recording } = await deploy();
    const peerings = recording.requests.filter(({ type }) => type === 'azure-native:network:VirtualNetworkPeering');
    expect(peerings.map(({ name }) => name)).toEqual([
      'registry-holland-holland--ireland',
      'registry-ireland-holland--ireland',
    ]);
  });

  it('has private names that lead somewhere, and asks each resolver where it answers', async () => {
    const { topology, recording } = await deploy();
    expect(
      recording.find('registry-iowa-iowa.registry.example.com', 'gcp:dns/recordSet:RecordSet').inputs,
    ).toMatchObject({ type: 'A', rrdatas: ['10.9.9.9'] });
    expect(recording.find('registry-holland-database.holland.registry.example.com').inputs).toMatchObject({
      recordType: 'CNAME',
      cnameRecord: { cname: 'db.holland.example.com' },
    });
    expect(recording.find('registry-holland-forward-iowa.registry.example.com').inputs).toMatchObject({
      targetDnsServers: [{ ipAddress: '10.2.4.2', port: 53 }],
    });
    expect(recording.find('registry-iowa-forward-holland.registry.example.com').inputs).toMatchObject({
      forwardingConfig: { targetNameServers: [{ ipv4Address: '10.0.9.4', forwardingPath: 'private' }] },
    });
    const { outsides } = topology.networks.iowa ?? { outsides: {} };
    const toIowa = linksOf(topology.plan.links, 'iowa').flatMap((link) => link.tunnels);
    expect(Object.keys(outsides).sort()).toEqual(toIowa.map(({ name }) => name).sort());
  });

  it('hands no files over, because the clouds make it all', async () => {
    const { topology } = await deploy();
    expect(await Promise.all(Object.values(topology.files).map((files) => known(files)))).toEqual([]);
  });
});
