import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Engine, type EngineResult, type Stack } from './support/engine';
import { all, Moto } from './support/moto';
import { plainSecretsIn } from './support/plain-secrets';
import { Project } from './support/project';

const DOMAIN = 'registry.example.test';

interface Outputs {
  readonly networks: Readonly<Record<string, { readonly outsides: object }>>;
  readonly files: { readonly factory: Readonly<Record<string, string>> };
}

/**
 * AWS's side of linked regions by the real engine and the real AWS provider against moto's server: a region at the hub of a landing zone,
 * one with a VPN gateway of its own, and a data centre, whose router is nobody here; and the name of all, with health checks. Not seen, since moto has no tunnels: whether one
 * comes up; nor, since the lab's provider lacks them, the peering of VPCs and of transit gateways, and a route table of our own at a hub.
 */
describe('networks of AWS by pulumi', () => {
  let moto: Moto;
  let engine: Engine;
  let project: Project;
  let stack: Stack;
  let manifests: string;
  let resources = 0;

  beforeAll(async () => {
    [moto, engine, project] = await Promise.all([
      Moto.start(),
      Engine.obtain(),
      Project.of('test/e2e/projects/aws-network'),
    ]);
    manifests = mkdtempSync(join(tmpdir(), 'harbor-fleet-manifests-'));
    stack = await engine.stack(project.folder, 'dev', moto.env);
    const hub = await moto.query('ec2', 'CreateTransitGateway', { 'Options.AmazonSideAsn': '64600' });
    const settings = { ...Moto.config, manifests, hubId: all(hub, 'transitGatewayId')[0] ?? '' };
    for (const [key, value] of Object.entries(settings)) await stack.setConfig(key, value);
  });

  afterAll(() => {
    moto?.stop();
    engine?.remove();
    project?.remove();
    if (manifests) rmSync(manifests, { recursive: true, force: true });
  });

  it('come up in one pass', async () => {
    const { changes } = await stack.up();
    expect(Object.keys(changes)).toEqual(['create']);
    resources = changes.create ?? 0;
    expect(resources).toBeGreaterThan(100);
  });

  it('are at AWS as planned', async () => {
    const connections = await moto.query('ec2', 'DescribeVpnConnections');
    const { networks, files } = (await stack.outputs()) as unknown as Outputs;
    // A connection to each address of the data centre from each gateway, with two tunnels each.
    const planned = ['virginia--factory', 'georgia--factory'].map((link) => [1, 2, 3, 4].map((n) => `${link}-${n}`));
    expect(Object.keys(networks.virginia?.outsides ?? {})).toEqual(planned[0]);
    expect(Object.keys(networks.georgia?.outsides ?? {})).toEqual(planned[1]);
    const inside = [...new Set(all(connections, 'tunnelInsideCidr'))].sort();
    expect(inside).toEqual([32, 36, 40, 44, 48, 52, 56, 60].map((last) => `169.254.21.${last}/30`));
    // What AWS gave reaches the other end in the same pass.
    for (const address of new Set(all(connections, 'outsideIpAddress')))
      expect(files.factory['swanctl.conf']).toContain(address);
    const routes = await moto.query('ec2', 'DescribeRouteTables');
    expect(all(routes, 'destinationCidrBlock')).toContain('10.1.0.0/16');
    const gateways = await moto.query('ec2', 'DescribeVpnGateways');
    expect(all(gateways, 'amazonSideAsn')).toEqual(['64601']);
  });

  it('answer by one name that goes on in the next region while one is unhealthy', async () => {
    const { zoneId } = await stack.outputs();
    const checks = await moto.request('route53', 'GET', '/2013-04-01/healthcheck');
    expect(all(checks, 'FullyQualifiedDomainName').toSorted()).toEqual(
      ['factory', 'georgia', 'virginia'].map((one) => `${one}.${DOMAIN}`),
    );
    expect(all(checks, 'Type')).toEqual(Array(3).fill('HTTPS_STR_MATCH'));
    expect(all(checks, 'RequestInterval')).toEqual(Array(3).fill('10'));
    const records = await moto.request('route53', 'GET', `/2013-04-01/hostedzone/${zoneId}/rrset`);
    expect(all(records, 'Failover').toSorted()).toEqual(['PRIMARY', 'PRIMARY', 'PRIMARY', 'SECONDARY', 'SECONDARY']);
    expect(all(records, 'HealthCheckId').toSorted()).toEqual(all(checks, 'Id').toSorted());
  });

  it('stay as they are in a second up, with every key encrypted in the state', async () => {
    const second = await stack.up();
    expect(told(second, '')).toEqual([]);
    expect(second.changes).toEqual({ same: resources });
    const { sharedSecrets } = (await stack.outputs()) as { sharedSecrets: Record<string, string> };
    const keys = Object.fromEntries(Object.entries(sharedSecrets).filter(([name]) => name.startsWith('tunnels/')));
    expect(Object.keys(keys)).toHaveLength(8);
    for (const key of Object.values(keys)) expect(key).toMatch(/^[A-Za-z][A-Za-z0-9]{47}$/);
    expect(plainSecretsIn(await stack.exportState({ showSecrets: true }), keys)).toEqual(Object.keys(keys));
    expect(plainSecretsIn(await stack.exportState(), keys)).toEqual([]);
  });

  it('get another key in one tunnel of one connection', async () => {
    await stack.setConfig('keyRotation', '1');
    const changed = await stack.up();
    expect(told(changed, 'aws:')).toEqual([
      'update VpnConnection registry-virginia/virginia--factory/0 tunnel1PresharedKey',
    ]);
    expect(told(changed, 'random:')).toEqual([
      'create RandomPassword registry/shared/tunnels/virginia--factory-1/2',
      'delete RandomPassword registry/shared/tunnels/virginia--factory-1',
    ]);
  });

  it('gain a peer, and nothing of the others changes', async () => {
    await stack.setConfig('depot', 'true');
    const changed = told(await stack.up(), 'aws:');
    expect(
      changed.filter((step) => !step.startsWith('create')).map((step) => step.replace(/ [a-z]*gress.*/, '')),
    ).toEqual(
      ['georgia', 'virginia'].flatMap((region) =>
        ['inbound', 'outbound'].map((direction) => `update SecurityGroup registry-${region}-${direction}`),
      ),
    );
    expect(changed).toContain('create VpnConnection registry-virginia/virginia--depot/0');
  });

  it('are taken down', async () => {
    await stack.destroy();
    const left = await moto.query('ec2', 'DescribeVpnConnections');
    expect(all(left, 'state').filter((state) => state !== 'deleted')).toEqual([]);
    const attachments = all(await moto.query('ec2', 'DescribeTransitGatewayAttachments'), 'state');
    expect(attachments.filter((state) => !['deleted', 'associated'].includes(state))).toEqual([]);
    expect(all(await moto.request('route53', 'GET', '/2013-04-01/healthcheck'), 'Id')).toEqual([]);
  });
});

/** What was done to resources of a package: step, type, name, and what differs. */
const told = ({ steps }: EngineResult, prefix: string): readonly string[] =>
  steps
    .filter(({ type }) => type.startsWith(prefix))
    .map(({ op, type, name, diff }) => [op, type.split(':').at(-1), name, ...diff].join(' '))
    .sort();
