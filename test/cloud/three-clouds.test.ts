import * as pulumi from '@pulumi/pulumi';
import { known, type Recording } from '../pulumi/support/mocks';
import { calls, outputs } from './all-clouds';

jest.setTimeout(60_000);

const landingZones = {
  virginia: {
    kubeconfig: 'virginia',
    storageClass: 'efs',
    vpcId: 'vpc-0a',
    subnetIds: ['subnet-0a', 'subnet-0b'],
    routeTableIds: ['rtb-0a'],
    securityGroupIds: ['sg-0a'],
  },
  singapore: {
    kubeconfig: 'singapore',
    storageClass: 'nas',
    vpcId: 'vpc-t4n0a',
    vswitches: ['a', 'b'].map((zone, i) => ({
      id: `vsw-t4n0${zone}`,
      zoneId: `ap-southeast-1${zone}`,
      cidrBlock: `10.1.${i}.0/24`,
    })),
    securityGroupId: 'sg-t4n0a',
  },
  factory: {
    kubeconfig: 'factory',
    storageClass: 'nfs',
    publicIps: ['198.51.100.7'],
    resolvers: ['10.2.0.53'],
    harborAddress: '10.2.0.10',
  },
};

/** Regions that the example has when its configuration does. */
const virtualNetworkId =
  '/subscriptions/s-1/resourceGroups/network/providers/Microsoft.Network/virtualNetworks/amsterdam';
const more = {
  amsterdam: {
    kubeconfig: 'amsterdam',
    storageClass: 'files',
    virtualNetworkId,
    networkSecurityGroupIds: [virtualNetworkId.replace(/virtualNetworks.*/, 'networkSecurityGroups/nodes')],
  },
  iowa: {
    kubeconfig: 'iowa',
    storageClass: 'filestore',
    network: 'projects/example/global/networks/registry',
    networkTags: ['nodes'],
  },
};

/** The example as Pulumi runs it, with what is exported. */
async function run(
  preview: boolean,
  config: Readonly<Record<string, unknown>> = {},
): Promise<readonly [Recording, Record<string, pulumi.Output<unknown>>]> {
  let exports: Record<string, pulumi.Output<unknown>> = {};
  // A program runs when it is loaded, with an SDK of its own.
  jest.resetModules();
  const { record } = await import('../pulumi/support/mocks.js');
  const recording = await record(
    () => {
      exports = require('../../examples/three-clouds/index');
    },
    {
      preview,
      config: {
        ...landingZones,
        ...config,
        domain: 'registry.example.com',
        krakenImage: 'tools.example.com/kraken:v0.1.27',
      },
      outputs: (asked) => {
        if (asked.type === 'kubernetes:core/v1:Service' && asked.inputs.spec?.type === 'LoadBalancer')
          return { status: { loadBalancer: { ingress: [{ ip: '10.9.9.9' }] } } };
        if (asked.type === 'alicloud:vpn/gateway:Gateway')
          return { internetIp: '203.0.113.1', disasterRecoveryInternetIp: '203.0.113.2' };
        return outputs(asked);
      },
      calls,
    },
  );
  return [recording, exports];
}

const count = ({ requests }: Recording, type: string): number =>
  requests.filter((one) => one.type.endsWith(type)).length;

describe('examples/three-clouds', () => {
  it('is previewed with every tunnel of each pair, and nothing in clouds that are not configured', async () => {
    const [recording] = await run(true);
    expect(count(recording, ':VpnConnection')).toBe(2 + 1);
    expect(count(recording, 'alicloud:vpn/connection:Connection')).toBe(2 + 1);
    expect(count(recording, ':RandomPassword')).toBeGreaterThanOrEqual(4 + 2 + 2);
    expect(recording.requests.filter(({ type }) => /^(azure-native|gcp):/.test(type))).toEqual([]);
  });

  it('is previewed with Azure and Google Cloud beside them when the configuration has them, in any order', async () => {
    const warned = jest.spyOn(console, 'warn').mockImplementation();
    const [, one] = await run(true, { iowa: more.iowa });
    const [recording, both] = await run(true, more);
    // The data centre has one address.
    expect(warned.mock.calls.join()).toContain('leaves one tunnel to amsterdam (Azure)');
    warned.mockRestore();
    expect(count(recording, ':VpnConnection')).toBe(2 + 1 + 2 + 2);
    expect(count(recording, 'alicloud:vpn/connection:Connection')).toBe(2 + 1 + 1 + 1);
    expect(count(recording, ':VirtualNetworkGatewayConnection')).toBe(4 + 2 + 1 + 2);
    expect(count(recording, ':VPNTunnel')).toBe(4 + 2 + 2 + 2);
    // A region that joins later changes no tunnel that is there.
    const tunnels = (report: unknown) =>
      String(report)
        .split('\n')
        .filter((row) => row.includes('169.254.'));
    expect(tunnels(one.report).length).toBeGreaterThan(0);
    expect(tunnels(both.report)).toEqual(expect.arrayContaining(tunnels(one.report)));
  });

  it('hands the data centre files with the addresses of both clouds, as a secret', async () => {
    const [, { files = pulumi.output({}) }] = await run(false);
    const { factory } = (await known(pulumi.output(files))) as { factory: Record<string, string> };
    expect(factory['swanctl.conf']).toContain('first address of registry-virginia/virginia--factory/0');
    expect(factory['swanctl.conf']).toContain('203.0.113.2');
    expect(await pulumi.isSecret(pulumi.output(files))).toBe(true);
  });
});
