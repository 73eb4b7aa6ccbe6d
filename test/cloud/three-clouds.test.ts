import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { parse } from 'yaml';
import { known, type Recording } from '../pulumi/support/mocks';
import { calls, outputs } from './all-clouds';

jest.setTimeout(60_000);

/** What the page has a user write, by key; a kubeconfig is added to each region, as its commands do. */
const [written = {}, joining = {}] = [
  ...readFileSync(join(__dirname, '../../examples/three-clouds/README.md'), 'utf8').matchAll(/```yaml\n(.*?)```/gs),
].map(([, text = '']) =>
  Object.fromEntries(
    Object.entries((parse(text) as { config: object }).config ?? parse(text)).map(([key, value]) => {
      const name = key.replace('three-clouds:', '');
      return [name, typeof value === 'object' ? { kubeconfig: name, ...value } : value];
    }),
  ),
);

/** Addresses of Harbor's load balancers. */
const harbors: Readonly<Record<string, string>> = {
  'registry-virginia': '10.0.0.9',
  'registry-singapore': '10.1.0.9',
  'registry-factory': '10.2.0.9',
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
        ...written,
        ...config,
      },
      outputs: (asked) => {
        if (asked.type === 'kubernetes:core/v1:Service' && asked.inputs.spec?.type === 'LoadBalancer')
          return { status: { loadBalancer: { ingress: [{ ip: harbors[asked.name.split('/')[0] ?? ''] }] } } };
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
    const [, one] = await run(true, { iowa: joining.iowa });
    const [recording, both] = await run(true, joining);
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

  describe('deployed, with a way in from the internet', () => {
    const publicAddresses = { virginia: ['203.0.113.1'], singapore: ['203.0.113.2'], factory: ['203.0.113.3'] };
    const warned: string[] = [];
    let made: Awaited<ReturnType<typeof run>> | undefined;
    const deployed = async () => {
      made ??= await run(false, { publicAddresses, zoneId: 'Z0ABC' });
      return made;
    };
    beforeAll(async () => {
      const spy = jest.spyOn(console, 'warn').mockImplementation((text) => warned.push(String(text)));
      await deployed();
      spy.mockRestore();
    });

    it('keeps load balancers inside, so that private names lead through the tunnels', async () => {
      const [recording] = await deployed();
      expect(warned.join()).not.toContain('over the internet');
      const annotations = (region: string) =>
        recording.requests
          .filter(({ type, name }) => type.endsWith(':Service') && name.startsWith(`registry-${region}/`))
          .map(({ inputs }) => inputs as { spec: { type: string }; metadata: { annotations: object } })
          .flatMap(({ spec, metadata }) => (spec.type === 'LoadBalancer' ? [metadata.annotations] : []));
      expect(annotations('virginia')).toMatchObject([
        { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' },
      ]);
      expect(annotations('singapore')).toMatchObject([
        { 'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type': 'intranet' },
      ]);
    });

    it('has every region copy what is pushed, and take the tokens of the others', async () => {
      const [recording] = await deployed();
      const regions = ['virginia', 'singapore', 'factory'];
      expect(recording.requests.flatMap(({ type, name }) => (type.endsWith(':Job') ? [name] : []))).toEqual(
        regions.map((region) => `registry-${region}/harbor/settings/job`),
      );
      expect(recording.find('registry/shared/token key').type).toBe('tls:index/privateKey:PrivateKey');
      expect(warned.join()).not.toContain('tokens');
    });

    it('makes the one name', async () => {
      const [recording] = await deployed();
      expect(count(recording, 'aws:route53/healthCheck:HealthCheck')).toBe(3);
      const names = recording.requests
        .filter(({ type, inputs }) => type === 'aws:route53/record:Record' && inputs.failoverRoutingPolicies)
        .map(({ inputs }) => inputs.name);
      expect(new Set(names)).toEqual(
        new Set([
          'registry.example.com',
          '_failover-singapore.registry.example.com',
          '_failover-factory.registry.example.com',
        ]),
      );
    });

    it('hands the data centre files with the addresses of both clouds, as a secret', async () => {
      const [, { files = pulumi.output({}) }] = await deployed();
      const { factory } = (await known(pulumi.output(files))) as { factory: Record<string, string> };
      expect(factory['swanctl.conf']).toContain('first address of registry-virginia/virginia--factory/0');
      expect(factory['swanctl.conf']).toContain('203.0.113.2');
      expect(await pulumi.isSecret(pulumi.output(files))).toBe(true);
    });
  });
});
