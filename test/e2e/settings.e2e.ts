import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { run as command } from '../../lib/cli/run';
import { planTopology, type TopologyProps } from '../../lib/index';
import { Api } from '../../lib/settings/api';
import { startExporter } from '../../lib/settings/exporter';
import { testIo } from '../cli/fixtures';
import { type LocalHarbor, startHarbor } from './support/local-harbor';
import { eventually, run } from './support/process';

/** What the topology says at first. */
const topology = (other: string) => ({
  domain: 'registry.example.com',
  images: { kraken: 'tools.example.com/kraken:v0.1.27' },
  regions: { virginia: { storage: { type: 'nas', storageClass: 'nfs' }, metrics: true } },
  settings: {
    banner: 'Maintenance on Sunday',
    tokenExpiry: '45m',
    garbageCollection: { schedule: '30 3 * * *', deleteUntagged: true },
    auditPurge: { schedule: '0 4 * * *', keep: '720h' },
    cveAllowlist: { cves: ['CVE-2024-2', 'CVE-2024-1'] },
    labels: { stable: { color: '#00ab9a' } },
  },
  users: { anna: { email: 'anna@example.com' }, bert: { email: 'bert@example.com', admin: true } },
  registries: {
    other: { type: 'harbor', url: other, username: 'admin', passwordSecret: 'other' },
  },
  robots: {
    ci: { push: ['payments'], namespaces: ['team'] },
    viewer: { pull: 'all' },
  },
  projects: {
    payments: {
      quota: '10Gi',
      replicateTo: ['other'],
      replication: { deletion: true, bandwidth: '100Mbit/s' },
      members: { users: { anna: 'developer', bert: 'maintainer' } },
      requireSignature: [],
      cveAllowlist: { cves: ['CVE-2024-3'], until: '2040-01-31' },
      retention: { rules: [{ latestPushed: 10 }, { always: true, tags: 'v*', untagged: true }] },
      immutability: [{ tags: 'v*' }, { repositories: 'base/**', exceptTags: 'dev-*' }],
      webhooks: {
        chat: {
          address: 'http://127.0.0.1:9/hook',
          events: ['QUOTA_EXCEED', 'TAG_RETENTION'],
          authorizationSecret: 'chat',
        },
      },
      labels: { checked: {} },
      preheat: { releases: { tags: 'v*' } },
    },
    cache: { public: true, proxyCache: { registry: 'other', bandwidth: '10Mbit/s' } },
  },
});

const SECRETS = { other: 'set from the Harbor', chat: 'Bearer chat-token-of-the-test' };

describe("a Harbor's settings, against a real one", () => {
  const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-settings-'));
  let harbor: LocalHarbor;
  let other: LocalHarbor;
  let writes = 0;
  const realFetch = globalThis.fetch;

  beforeAll(async () => {
    [harbor, other] = [await startHarbor(), await startHarbor()];
    // Counted, and sent: nothing stands in for Harbor.
    globalThis.fetch = (input, init) => {
      if ((init?.method ?? 'GET') !== 'GET') writes++;
      return realFetch(input, init);
    };
    const secret = (name: string, stringData: object) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace: 'harbor' },
      stringData,
    });
    const own = [secret('other', { password: other.password }), secret('chat', { authorization: SECRETS.chat })];
    writeFileSync(join(folder, 'own.yaml'), own.map((one) => stringify(one)).join('---\n'));
    write(topology(other.url));
    await cli('secrets', 'topology.yaml', '--existing', 'own.yaml');
  });
  afterAll(async () => {
    globalThis.fetch = realFetch;
    await Promise.all([harbor?.down(), other?.down()]);
    rmSync(folder, { recursive: true });
  });

  const write = (props: object): void => writeFileSync(join(folder, 'topology.yaml'), stringify(props));

  async function cli(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const io = testIo(folder, { env: { HARBOR_PASSWORD: harbor.password } });
    const code = await command(args, io);
    for (const secret of [harbor.password, other.password, SECRETS.chat]) {
      expect(io.printed.out + io.printed.err).not.toContain(secret);
    }
    return { code, ...io.printed };
  }

  const settings = (name: 'plan' | 'apply', ...more: readonly string[]) =>
    cli('settings', name, 'topology.yaml', '--url', harbor.url, '--existing', 'own.yaml', ...more);

  /** Harbor's API, by hand. */
  async function api(method: string, path: string, body?: unknown, at = harbor): Promise<unknown> {
    const response = await realFetch(`${at.url}/api/v2.0${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`admin:${at.password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok && response.status !== 404) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async function named(path: string, name: string): Promise<Record<string, unknown> | undefined> {
    const items = (await api('GET', path)) as Record<string, unknown>[];
    return items.find((item) => item.name === name || item.username === name || item.entity_name === name);
  }

  it('a dry run tells all, with 4, and changes nothing', async () => {
    writes = 0;
    const { code, out } = await settings('plan');
    expect(out).toContain('makes project payments');
    expect(out).toContain('makes robot ci');
    expect(code).toBe(4);
    expect(writes).toBe(0);
    expect(await named('/projects', 'payments')).toBeUndefined();
  });

  it('makes everything', async () => {
    const { code, out, err } = await settings('apply');
    expect({ code, err, failed: out.match(/could not.*/g) }).toEqual({ code: 0, err: '', failed: null });
    expect(await api('GET', '/projects/payments')).toMatchObject({
      metadata: { public: 'false', reuse_sys_cve_allowlist: 'false', retention_id: expect.any(String) },
      cve_allowlist: { items: [{ cve_id: 'CVE-2024-3' }], expires_at: Date.parse('2040-01-31T23:59:59Z') / 1000 },
    });
    expect(await api('GET', '/projects/cache')).toMatchObject({ metadata: { public: 'true' }, registry_id: 1 });
    expect(await api('GET', '/projects/payments/members')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ entity_name: 'anna', role_id: 2 }),
        expect.objectContaining({ entity_name: 'bert', role_id: 4 }),
      ]),
    );
    expect(await api('GET', '/quotas?reference=project&sort=-hard.storage')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          hard: { storage: 10 * 2 ** 30 },
          ref: expect.objectContaining({ name: 'payments' }),
        }),
      ]),
    );
    expect(await api('GET', '/projects/payments/immutabletagrules')).toHaveLength(2);
    expect(await api('GET', '/projects/payments/webhook/policies')).toMatchObject([{ name: 'chat', enabled: true }]);
    expect(await api('GET', '/system/gc/schedule')).toMatchObject({ schedule: { cron: '0 30 3 * * *' } });
    expect(await api('GET', '/system/purgeaudit/schedule')).toMatchObject({ schedule: { cron: '0 0 4 * * *' } });
    expect(await api('GET', '/replication/policies')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'payments-to-other',
          trigger: { type: 'event_based' },
          deletion: true,
          speed: 97_656,
        }),
        expect.objectContaining({ name: 'payments-to-other-all', single_active_replication: true }),
      ]),
    );
    expect(await api('GET', '/configurations')).toMatchObject({
      token_expiration: { value: 45 },
      project_creation_restriction: { value: 'adminonly' },
    });
  });

  it('a second time there is nothing to do, and nothing is written', async () => {
    writes = 0;
    expect(await settings('apply')).toMatchObject({ code: 0, out: 'everything is as planned\n' });
    expect(await settings('plan')).toMatchObject({ code: 0, out: 'everything is as planned\n' });
    expect(writes).toBe(0);
  });

  it('a robot pushes with the password that was planned for it, and one that may not cannot', async () => {
    const made = await run('sh', ['-c', 'cat "$0"/secrets/virginia.yaml', folder]);
    const password = /\n {2}ci: "(\w{32})"/.exec(made)?.[1] ?? '';
    const viewer = /\n {2}viewer: "(\w{32})"/.exec(made)?.[1] ?? '';
    expect(password).not.toBe('');
    const image = join(folder, 'image');
    await run('sh', ['-c', ONE_LAYER, image]);
    const push = (user: string, secret: string) =>
      run('skopeo', [
        'copy',
        '--dest-tls-verify=false',
        '--dest-creds',
        `${user}:${secret}`,
        `oci:${image}:1`,
        `docker://${harbor.url.replace('http://', '')}/payments/app:1`,
      ]);
    await push('robot$ci', password);
    expect(await api('GET', '/projects/payments/repositories/app/artifacts')).toHaveLength(1);
    await expect(push('robot$viewer', viewer)).rejects.toThrow(/denied|unauthorized|forbidden/i);
  });

  it('the robot of the metrics may read lists of replications, and no more', async () => {
    const made = await run('sh', ['-c', 'cat "$0"/secrets/virginia.yaml', folder]);
    const password = /\n {2}metrics: "(\w{32})"/.exec(made)?.[1] ?? '';
    expect(password).not.toBe('');
    const ask = async (path: string): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`robot$metrics:${password}`).toString('base64')}`;
      return (await realFetch(`${harbor.url}/api/v2.0${path}`, { headers: { authorization } })).status;
    };
    const paths = ['/replication/policies', '/replication/executions', '/configurations', '/registries', '/robots'];
    expect(await Promise.all(paths.map(ask))).toEqual([200, 200, 403, 403, 403]);
    const exporter = await startExporter({
      api: () => new Api({ url: harbor.url, username: 'robot$metrics', password }),
      replications: () =>
        planTopology(topology(other.url) as TopologyProps).regions[0]?.harbors[0].settings?.replications ?? [],
      password: () => password,
      print: (line) => {
        throw new Error(line);
      },
    });
    try {
      // Here Harbor cannot copy from itself: it looks for itself at port 8080. So the push of the test before has failed.
      const text = await eventually(
        async () => {
          const shown = await (await realFetch(`http://127.0.0.1:${exporter.port}/metrics`)).text();
          return /replication_up 1/.test(shown) ? shown : undefined;
        },
        { what: 'Harbor to tell of its replications' },
      );
      const lag = /replication_lag_seconds\{policy="payments-to-other",registry="other"\} (\S+)/.exec(text)?.[1];
      expect(Number(lag)).toBeGreaterThan(0);
      expect(Number(lag)).toBeLessThan(600);
    } finally {
      await exporter.close();
    }
  });

  it('drift made by hand is repaired, and what is not ours stays', async () => {
    await api('POST', '/projects', { project_name: 'by-hand' });
    await api('POST', '/robots', {
      name: 'by-hand',
      level: 'system',
      duration: 30,
      permissions: [{ kind: 'project', namespace: 'by-hand', access: [{ resource: 'repository', action: 'pull' }] }],
    });
    await api('POST', '/labels', { name: 'by-hand', color: '#000000', scope: 'g' });
    await api('POST', '/projects/payments/webhook/policies', {
      name: 'by-hand',
      enabled: true,
      event_types: ['PUSH_ARTIFACT'],
      targets: [{ type: 'http', address: 'http://127.0.0.1:9/' }],
    });
    const member = await named('/projects/payments/members', 'anna');
    await api('DELETE', `/projects/payments/members/${member?.id}`);
    const robot = await named('/robots', 'robot$ci');
    await api('PATCH', `/robots/${robot?.id}`, { secret: 'An0therPassword' });
    const policy = await named('/replication/policies', 'payments-to-other');
    await api('PUT', `/replication/policies/${policy?.id}`, {
      ...policy,
      enabled: false,
      filters: [{ type: 'name', value: 'x/**' }],
    });
    const quotas = (await api('GET', '/quotas?reference=project')) as { id: number; ref: { name: string } }[];
    await api('PUT', `/quotas/${quotas.find(({ ref }) => ref.name === 'payments')?.id}`, { hard: { storage: 5 } });
    await api('PUT', '/configurations', { token_expiration: 10 });
    await api('PUT', '/projects/payments', { metadata: { public: 'true' } });

    const { code, out } = await settings('apply');
    expect(out.split('\n').sort()).toEqual(
      [
        '',
        '6 changes made',
        'changed project payments: public "true" → "false"',
        `changed quota payments: bytes 5 → ${10 * 2 ** 30}`,
        'changed replication payments-to-other: repositories "x/**" → "payments/**", enabled false → true',
        'changed robot ci: password "another" → "as planned"',
        'changed system settings general: token_expiration 10 → 45',
        'made member payments/user anna',
      ].sort(),
    );
    expect(code).toBe(0);
    expect(await named('/projects', 'by-hand')).toBeDefined();
    expect(await named('/robots', 'robot$by-hand')).toBeDefined();
    expect(await named('/labels?scope=g', 'by-hand')).toBeDefined();
    expect(await named('/projects/payments/webhook/policies', 'by-hand')).toBeDefined();
    expect(await settings('plan')).toMatchObject({ code: 0 });
  });

  it('what goes from the topology goes from Harbor, but for projects; a new generation of a robot leaves the old one for a while', async () => {
    const props = topology(other.url);
    const { viewer: _, ...robots } = props.robots;
    write({
      ...props,
      robots: { ...robots, ci: { ...robots.ci, generation: 2 } },
      projects: { payments: { ...props.projects.payments, webhooks: {} } },
    });
    await cli('secrets', 'topology.yaml', '--existing', 'own.yaml', '--add');
    const { code, out } = await settings('apply');
    expect(out.split('\n').sort()).toEqual([
      '',
      '4 changes made',
      'changed robot kraken: permissions ["cache: repository pull","payments: repository pull"] → ["payments: repository pull"]',
      'made robot ci-2',
      'removed robot viewer',
      'removed webhook payments/chat',
    ]);
    expect(code).toBe(0);
    expect(await named('/projects', 'cache')).toBeDefined();
    expect(await named('/robots', 'robot$ci')).toBeDefined();

    write({
      ...props,
      robots: { ...robots, ci: { ...robots.ci, generation: 2, previous: false } },
      projects: { payments: { ...props.projects.payments, webhooks: {} } },
    });
    expect((await settings('apply')).out).toBe('removed robot ci\n1 change made\n');
    expect(await settings('plan')).toMatchObject({ code: 0 });
  });

  it('tells everything that Harbor refuses, does the rest, and a rerun finishes it', async () => {
    const props = topology('http://127.0.0.1:9');
    write({
      ...props,
      settings: { ...props.settings, auditLog: { forwardTo: '127.0.0.1:9' }, banner: 'changed' },
      projects: { ...props.projects, late: { replicateTo: ['other'], quota: '1Gi' } },
    });
    const { code, out } = await settings('apply');
    expect(code).toBe(5);
    expect(out).toMatch(
      /could not change system settings audit log: PUT \/configurations: 400 .*could not connect to the audit endpoint/,
    );
    expect(out).toMatch(
      /could not change registry other: PUT \/registries\/1: (400 the registry is unhealthy|500 internal server error)/,
    );
    expect(out).toContain('could not make replication late-to-other: not tried, because registry other failed');
    expect(out).toContain('changed system settings general: banner_message');
    expect(out).toContain('made project late');
    expect(await named('/projects', 'late')).toBeDefined();

    write({ ...topology(other.url), projects: { ...props.projects, late: { replicateTo: ['other'], quota: '1Gi' } } });
    expect(await settings('apply')).toMatchObject({ code: 0 });
    expect(await settings('plan')).toMatchObject({ code: 0 });
  });

  it('logs in by OIDC from then on, with a secret that Harbor never shows', async () => {
    const oidc = {
      type: 'oidc',
      name: 'Example',
      endpoint: 'https://login.example.com',
      clientId: 'harbor',
      credentialsSecret: 'oidc',
      groupsClaim: 'groups',
    };
    const props = {
      domain: 'registry.example.com',
      images: { kraken: 'tools.example.com/kraken:v0.1.27' },
      regions: { virginia: { storage: { type: 'nas', storageClass: 'nfs' } } },
      settings: { authentication: oidc },
      groups: { admins: {} },
      projects: { payments: { members: { groups: { admins: 'projectAdmin' } } } },
    };
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'oidc', namespace: 'harbor' } };
    const withSecret = (clientSecret: string): void =>
      writeFileSync(join(folder, 'oidc.yaml'), stringify({ ...secret, stringData: { clientSecret } }));
    write(props);
    withSecret('first-client-secret');
    const apply = async () => {
      const io = testIo(folder, { env: {}, stdin: async () => `${other.password}\n` });
      const code = await command(
        ['settings', 'apply', 'topology.yaml', '--url', other.url, '--existing', 'oidc.yaml', '--password-stdin'],
        io,
      );
      expect(io.printed.out + io.printed.err).not.toMatch(/client-secret/);
      return { code, ...io.printed };
    };
    const first = await apply();
    expect(first).toMatchObject({ code: 0, err: '' });
    expect(await api('GET', '/configurations', undefined, other)).toMatchObject({ auth_mode: { value: 'oidc_auth' } });
    expect(await api('GET', '/projects/payments/members', undefined, other)).toEqual(
      expect.arrayContaining([expect.objectContaining({ entity_name: 'admins', entity_type: 'g', role_id: 1 })]),
    );
    expect((await apply()).out).toBe('everything is as planned\n');
    withSecret('second-client-secret');
    expect((await apply()).out).toBe(
      'changed system settings authentication: oidc_client_secret (hidden) → (hidden)\n1 change made\n',
    );
    expect((await apply()).out).toBe('everything is as planned\n');
  });

  it('ends with one message when the password is wrong or nobody answers', async () => {
    const io = testIo(folder, { env: { HARBOR_PASSWORD: 'wrong-password' } });
    const args = ['settings', 'plan', 'topology.yaml', '--existing', 'oidc.yaml'];
    expect(await command([...args, '--url', harbor.url], io)).toBe(5);
    expect(io.printed.err).toBe(
      'error: GET /users/current: 401 unauthorized (the user name or the password is wrong)\n',
    );
    const away = testIo(folder, { env: { HARBOR_PASSWORD: 'wrong-password' } });
    expect(await command([...args, '--url', 'http://127.0.0.1:9'], away)).toBe(5);
    expect(away.printed.err).toMatch(/^error: GET \/users\/current: .*\n$/);
  });
});

/** An image of one small random layer, as an OCI layout. */
const ONE_LAYER = `set -e
mkdir -p "$0/blobs/sha256"; cd "$0"
put() { sum=$(sha256sum "$1" | cut -c1-64); size=$(stat -c %s "$1"); mv "$1" "blobs/sha256/$sum"; }
head -c 1000 /dev/urandom > f; tar cf layer f; rm f; put layer; layer=$sum layers=$size
printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' $layer > c; put c; config=$sum configs=$size
printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}]}' $config $configs $layer $layers > m; put m
printf '{"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"1"}}]}' $sum $size > index.json
printf '{"imageLayoutVersion":"1.0.0"}' > oci-layout`;
