import { alicloud } from '../../lib/cloud/alicloud';
import { azure } from '../../lib/cloud/azure';
import { gcp } from '../../lib/cloud/gcp';
import { huawei } from '../../lib/cloud/huawei/pulumi';
import { onPremises } from '../../lib/cloud/on-premises/pulumi';
import { Network } from '../../lib/index';
import { linksOf } from '../../lib/plan/network/tunnels';
import { Database, type RegionArgs, type RegistryTopology, type TopologyArgs } from '../../lib/pulumi/index';
import { known, type Recording } from '../pulumi/support/mocks';
import * as ofAlicloud from './alicloud/fixtures';
import { calls, outputs } from './all-clouds';
import * as ofAzure from './azure/fixtures';
import * as ofGcp from './gcp/fixtures';
import { huaweiEnds } from './huawei/ends';
import { deploy } from './linked';
import { dataCentreEnds } from './on-premises/ends';

jest.setTimeout(60_000);

const HUAWEI = ['192.0.2.1', '192.0.2.2'];
const cidrs = (i: number): string[] => [`10.${i}.0.0/16`];
const resolvers = (i: number): string[] => [`10.${i}.0.53`, `10.${i}.1.53`];
const emerald = '/subscriptions/s-1/resourceGroups/irish/providers/Microsoft.Network/virtualNetworks/emerald';
const database = Database.external({ host: 'db.holland.example.com', passwordSecret: 'db' });

const regions = (): Readonly<Record<string, Partial<RegionArgs>>> => ({
  holland: {
    network: Network.azure({ region: 'westeurope', cidrs: cidrs(0) }),
    cloud: azure(ofAzure.ARGS),
    database,
  },
  ireland: {
    network: Network.azure({ region: 'northeurope', cidrs: cidrs(1) }),
    cloud: azure({ ...ofAzure.ARGS, virtualNetworkId: emerald }),
  },
  iowa: { network: Network.gcp({ region: 'us-central1', cidrs: cidrs(2) }), cloud: gcp(ofGcp.ARGS) },
  singapore: {
    network: Network.alicloud({ region: 'ap-southeast-1', cidrs: cidrs(3), resolvers: resolvers(3) }),
    cloud: alicloud(ofAlicloud.ARGS),
  },
  bangkok: {
    network: Network.huawei({ region: 'ap-southeast-2', cidrs: cidrs(4), resolvers: resolvers(4) }),
    cloud: huawei({
      vpcId: 'vpc-uuid',
      connectSubnetId: 'subnet-uuid',
      availabilityZones: ['a', 'b'],
      securityGroupId: 'group-uuid',
      resolverSubnetIds: ['subnet-1', 'subnet-2'],
      outsideAddresses: HUAWEI,
    }),
  },
  factory: {
    network: Network.onPremises({ cidrs: cidrs(5), publicIps: ['198.51.100.7'], resolvers: ['10.5.0.53'] }),
    cloud: onPremises(),
  },
});

interface Made {
  readonly recording: Recording;
  readonly topology: RegistryTopology;
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

async function make(more: Partial<TopologyArgs> = {}): Promise<Made> {
  const warned = jest.spyOn(console, 'warn').mockImplementation();
  const [recording, topology] = await deploy(regions, more, { outputs, calls });
  warned.mockRestore();
  const files = Object.entries(topology.files).map(async ([name, text]) => [name, await known(text)] as const);
  return { recording, topology, files: Object.fromEntries(await Promise.all(files)) };
}

/** All of it in one stack, made once. */
let whole: Promise<Made> | undefined;
const made = (): Promise<Made> => {
  whole ??= make();
  return whole;
};

describe('a topology over Azure, Google Cloud, Alibaba Cloud, Huawei Cloud and a data centre', () => {
  it('joins the two regions of Azure by their own peering', async () => {
    const { recording } = await made();
    const peerings = recording.requests.filter(({ type }) => type === 'azure-native:network:VirtualNetworkPeering');
    expect(peerings.map(({ name }) => name)).toEqual([
      'registry-holland-holland--ireland',
      'registry-ireland-holland--ireland',
    ]);
  });

  it('has private names that lead somewhere', async () => {
    const { recording, files } = await made();
    expect(
      recording.find('registry-iowa-iowa.registry.example.com', 'gcp:dns/recordSet:RecordSet').inputs,
    ).toMatchObject({ type: 'A', rrdatas: ['10.9.9.9'] });
    expect(recording.find('registry-holland-database.holland.registry.example.com').inputs).toMatchObject({
      recordType: 'CNAME',
      cnameRecord: { cname: 'db.holland.example.com' },
    });
    expect(files.factory?.['unbound.conf']).toContain('local-data: "factory.registry.example.com. 30 IN A 10.9.9.9"');
    expect(JSON.parse(files.bangkok?.['terraform.tfvars.json'] ?? '')).toMatchObject({
      records: { 'bangkok.registry.example.com': { type: 'A', values: ['10.9.9.9'] } },
    });
  });

  it('asks the resolver of each region for its names in all others', async () => {
    const { recording, files } = await made();
    expect(recording.find('registry-holland-forward-iowa.registry.example.com').inputs).toMatchObject({
      targetDnsServers: [{ ipAddress: '10.2.4.2', port: 53 }],
    });
    expect(recording.find('registry-iowa-forward-holland.registry.example.com').inputs).toMatchObject({
      forwardingConfig: { targetNameServers: [{ ipv4Address: '10.0.9.4', forwardingPath: 'private' }] },
    });
    expect(files.factory?.['unbound.conf']).toContain(
      '    name: "singapore.registry.example.com."\n    forward-addr: 10.3.0.53',
    );
    const rules = recording.requests.filter(({ type }) => type === 'alicloud:pvtz/rule:Rule');
    const ips = (...all: string[]) => all.map((ip) => ({ ip, port: 53 }));
    expect(Object.fromEntries(rules.map(({ inputs }) => [inputs.zoneName, inputs.forwardIps]))).toMatchObject({
      'bangkok.registry.example.com': ips(...resolvers(4)),
      'factory.registry.example.com': ips('10.5.0.53'),
      'holland.registry.example.com': ips('10.0.9.4'),
      'iowa.registry.example.com': ips('10.2.4.2'),
    });
  });

  it('tells the outside address of each tunnel, and has files only of what it cannot make', async () => {
    const { topology, files } = await made();
    const { outsides } = topology.networks.iowa ?? { outsides: {} };
    const toIowa = linksOf(topology.plan.links, 'iowa').flatMap((link) => link.tunnels);
    expect(Object.keys(outsides).sort()).toEqual(toIowa.map(({ name }) => name).sort());
    expect(Object.keys(files).sort()).toEqual(['bangkok', 'factory']);
  });

  it('leaves out of the files what another stack has not told yet', async () => {
    const { files } = await make({ only: ['factory', 'bangkok'] });
    const tunnels = [
      ...dataCentreEnds(files.factory ?? {}, 'factory'),
      ...huaweiEnds(files.bangkok ?? {}, 'bangkok', HUAWEI),
    ];
    expect(tunnels.map(({ tunnel }) => tunnel)).toEqual([
      'bangkok--factory-1',
      'bangkok--factory-2',
      'bangkok--factory-1',
      'bangkok--factory-2',
    ]);
  });
});
