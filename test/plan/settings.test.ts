import type { HarborPlan } from '../../lib/plan/harbor';
import { planHarbor } from '../../lib/plan/harbor';
import { planTopology } from '../../lib/plan/plan';
import { RemoteRegistry } from '../../lib/plan/registry-props';
import type { SettingsPlan } from '../../lib/plan/settings';
import { Authentication } from '../../lib/plan/settings-props';
import fc from '../support/properties';
import { mistakes as harborMistakes, SMALL } from './harbors';
import { mistakes, oneRegion, topology, twoRegions } from './topologies';

const plan = (more: object = {}): HarborPlan => planHarbor({ ...SMALL, settings: {}, ...more });
const settings = (more: object = {}): SettingsPlan => plan(more).settings as SettingsPlan;
/** The mistakes of a Harbor whose settings are code, as `path: problem`. */
const told = (more: Readonly<Record<string, unknown>>): string[] =>
  harborMistakes({ settings: {}, ...more }).map(({ path, problem }) => `${path}: ${problem}`);
const project = (more: object): object => ({ projects: { a: more } });
const OIDC = { name: 'SSO', endpoint: 'https://login.example.com', clientId: 'harbor', credentialsSecret: 'oidc' };
const LDAP = { url: 'ldaps://ldap.example.com', baseDn: 'dc=example' };

describe('settings as code', () => {
  it('are off without "settings": nothing is planned, and what needs them is a mistake', () => {
    expect(planHarbor(SMALL).settings).toBeUndefined();
    expect(planHarbor(SMALL).reconcile).toBeUndefined();
    const props = {
      projects: { a: { quota: '1Gi', primaries: ['b'], replicateTo: { b: ['c'] } } },
      robots: {},
      users: {},
    };
    const issues = mistakes(topology(1, props as object)).filter(({ problem }) => problem.includes('not switched on'));
    expect(issues.map(({ path }) => path)).toEqual([
      'robots',
      'users',
      'projects.a.quota',
      'projects.a.primaries',
      'projects.a.replicateTo',
    ]);
    expect(issues[0]).toMatchObject({
      allowed: 'nothing here without "settings"',
      fix: 'add "settings: {}" beside "projects"',
    });
  });

  it('with nothing else: library, Kraken, who may make projects, and nothing that Harbor has already', () => {
    expect(settings()).toMatchObject({
      configuration: { robot_name_prefix: 'robot$', project_creation_restriction: 'adminonly' },
      configurationSecrets: {},
      schedules: {},
      users: [],
      groups: [],
      registries: [],
      replications: [],
      preheatInstances: [],
      projects: [{ name: 'library', metadata: { public: 'true' } }],
      robots: [
        {
          name: 'kraken',
          permissions: [{ project: 'library', access: [{ resource: 'repository', action: 'pull' }] }],
          password: { namespace: 'harbor', secret: 'harbor-robots', key: 'kraken' },
        },
      ],
    });
    expect(settings().projects[0]).toEqual({ name: 'library', metadata: { public: 'true' } });
    expect(plan().reconcile).toMatchObject({ image: expect.stringContaining('node:'), schedule: '*/30 * * * *' });
    expect(plan({ settings: { reconcile: false } }).reconcile).toBeUndefined();
  });

  it('with metrics, have an exporter with a robot that may only read lists of replications', () => {
    const measured = plan({ metrics: true });
    expect(measured.reconcile?.exporter).toMatchObject({
      replicas: 1,
      endpoint: { host: 'harbor-metrics.harbor.svc.cluster.local', port: 8001 },
      robot: { login: 'robot$metrics', password: { namespace: 'harbor', secret: 'harbor-robots', key: 'metrics' } },
    });
    expect(measured.settings?.robots.find(({ name }) => name === 'metrics')).toMatchObject({
      permissions: [],
      system: [
        { resource: 'replication', action: 'list' },
        { resource: 'replication-policy', action: 'list' },
      ],
    });
    expect(measured.flows.filter(({ to }) => to.kind === 'pods' && to.component === 'metrics')).toMatchObject([
      { from: { component: 'settings' }, port: 8001 },
      { from: { name: 'Prometheus' }, port: 8001 },
    ]);
    const rotated = plan({ metrics: true, robots: { metrics: { generation: 2 } } });
    expect(rotated.reconcile?.exporter?.robot.login).toBe('robot$metrics-2');
    expect(rotated.settings?.robots.map(({ name }) => name)).toEqual(['kraken', 'metrics-2', 'metrics']);
    for (const none of [plan(), plan({ metrics: true, settings: { reconcile: false } })]) {
      expect(none.reconcile?.exporter).toBeUndefined();
      expect(none.settings?.robots.map(({ name }) => name)).toEqual(['kraken']);
    }
    expect(told({ robots: { metrics: { pull: 'all' } } })).toEqual(['robots.metrics.pull: is not a setting here']);
  });

  it('belong to the topology, not to a region, and to a tenant', () => {
    expect(mistakes(oneRegion({ settings: {} })).map(({ path, problem }) => [path, problem])).toEqual([
      ['regions.virginia.settings', 'is not a setting here'],
    ]);
    const tenant = {
      domain: 'acme.example.com',
      storage: { type: 'nas', storageClass: 'nfs' },
      settings: {},
      kraken: false,
    };
    const [, acme] = planTopology(oneRegion({ tenants: { acme: tenant } })).regions[0]?.harbors ?? [];
    expect(acme?.settings?.robots).toEqual([]);
    expect(acme?.settings?.projects.map(({ name }) => name)).toEqual(['library']);
  });

  it('give a tenant passwords of its own, the same in all its regions', () => {
    const own = { settings: {}, robots: { ci: { push: ['library'] } }, users: { anna: { email: 'anna@example.com' } } };
    const tenant = (bucket: string) => ({
      ...own,
      domain: 'acme.example.com',
      storage: { type: 's3', bucket, region: 'us-east-1', credentialsSecret: 'keys' },
    });
    const regions = (name: string) => ({ tenants: { acme: tenant(`acme-${name}`) } });
    const { regions: planned } = planTopology(twoRegions(regions('v') as never, regions('h') as never, own));
    const shared = (instance: string) =>
      planned.map(({ harbors, secrets }) => {
        const namespace = harbors.find((harbor) => harbor.instance === instance)?.namespace;
        const keys = secrets.flatMap((secret) => (secret.namespace === namespace ? Object.values(secret.keys) : []));
        return [...new Set(keys.flatMap((key) => (key.kind === 'shared' ? [key.name] : [])))].sort();
      });
    const [main, acme] = [shared('harbor'), shared('acme')];
    expect(acme[0]).toEqual(acme[1]);
    expect(acme[0]).toEqual(expect.arrayContaining(['robot ci of Harbor acme', 'user anna of Harbor acme']));
    expect(main.flat().filter((name) => acme.flat().includes(name))).toEqual([]);
  });
});

describe('system settings', () => {
  it('are written in the words of Harbor', () => {
    const given = {
      robotPrefix: 'robot+',
      banner: 'Hello "you"',
      projectCreation: 'everyone',
      selfRegistration: false,
      readOnly: true,
      tokenExpiry: '1h',
      sessionTimeout: '90m',
      projectQuota: '2Gi',
      scannerSkipsPullTime: true,
      auditLog: { forwardTo: 'syslog.example.com:514', skipDatabase: true, disabledEvents: ['pull_artifact', 'x'] },
      labels: { stable: {}, hot: { color: '#ff0000' } },
      cveAllowlist: { cves: ['CVE-2024-2', 'CVE-2024-1', 'CVE-2024-1'], until: '2024-02-29' },
    };
    const made = settings({ settings: given });
    expect(made.configuration).toEqual({
      robot_name_prefix: 'robot+',
      banner_message: '{"message":"Hello \\"you\\"","type":"info","closable":false}',
      project_creation_restriction: 'everyone',
      self_registration: false,
      read_only: true,
      token_expiration: 60,
      session_timeout: 90,
      storage_per_project: 2 * 2 ** 30,
      scanner_skip_update_pulltime: true,
      audit_log_forward_endpoint: 'syslog.example.com:514',
      skip_audit_log_database: true,
      disabled_audit_log_event_types: 'pull_artifact,x',
    });
    expect(made.robotPrefix).toBe('robot+');
    expect(made.labels).toEqual([
      { name: 'stable', color: '#0065ab' },
      { name: 'hot', color: '#ff0000' },
    ]);
    expect(made.cveAllowlist).toEqual({
      cves: ['CVE-2024-1', 'CVE-2024-2'],
      expiresAt: Date.parse('2024-02-29T23:59:59Z') / 1000,
    });
    expect(settings({ settings: { projectQuota: 'unlimited' } }).configuration.storage_per_project).toBe(-1);
  });

  it('know when a day ends, as every calendar does', () => {
    const day = fc.date({ min: new Date('1970-01-01'), max: new Date('2399-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, (date) => {
        const until = date.toISOString().slice(0, 10);
        const { cveAllowlist } = settings({ settings: { cveAllowlist: { cves: ['CVE-1-1'], until } } });
        expect(cveAllowlist?.expiresAt).toBe(Date.parse(`${until}T23:59:59Z`) / 1000);
      }),
      { numRuns: 50 },
    );
  });

  it('repeat tasks by cron with six fields', () => {
    const given = {
      garbageCollection: { schedule: '30 3 * * 0', deleteUntagged: true, workers: 3 },
      scanAll: { schedule: '@weekly' },
      auditPurge: { schedule: 'never', keep: '48h', events: ['pull_artifact'] },
    };
    expect(settings({ settings: given }).schedules).toEqual({
      gc: { cron: '0 30 3 * * 0', parameters: { delete_untagged: true, delete_tag: false, workers: 3 } },
      scanAll: { cron: '0 0 0 * * 0', parameters: {} },
      purgeaudit: {
        cron: '',
        parameters: { audit_retention_hour: 48, include_event_types: 'pull_artifact', dry_run: false },
      },
    });
    expect(
      settings({ settings: { garbageCollection: { schedule: '@daily' }, auditPurge: { schedule: '@hourly' } } })
        .schedules,
    ).toMatchObject({
      gc: { cron: '0 0 0 * * *', parameters: { delete_untagged: false, workers: 1 } },
      purgeaudit: { cron: '0 0 * * * *', parameters: { audit_retention_hour: 2160 } },
    });
  });

  it('say who users are', () => {
    const oidc = settings({
      settings: {
        authentication: Authentication.oidc({
          ...OIDC,
          userClaim: 'email',
          groupsClaim: 'groups',
          adminGroup: 'a',
          groupFilter: 'x',
        }),
      },
    });
    expect(oidc.configuration).toMatchObject({
      auth_mode: 'oidc_auth',
      oidc_scope: 'openid,profile,email,offline_access',
      oidc_auto_onboard: true,
      oidc_groups_claim: 'groups',
      oidc_verify_cert: true,
    });
    expect(oidc.configurationSecrets).toEqual({
      oidc_client_secret: { namespace: 'harbor', secret: 'oidc', key: 'clientSecret' },
    });
    expect(settings({ settings: { authentication: Authentication.oidc(OIDC) } }).configuration).toMatchObject({
      oidc_auto_onboard: false,
    });
    const ldap = settings({
      settings: {
        authentication: Authentication.ldap({
          ...LDAP,
          searchDn: 'cn=x',
          passwordSecret: 'ldap',
          groupBaseDn: 'ou=g',
          filter: '(a=b)',
          groupFilter: '(c=d)',
          adminGroupDn: 'cn=a',
          uid: 'mail',
        }),
      },
      groups: { admins: { ldapDn: 'cn=admins' } },
    });
    expect(ldap.configuration).toMatchObject({
      auth_mode: 'ldap_auth',
      ldap_uid: 'mail',
      ldap_group_attribute_name: 'cn',
      ldap_scope: 2,
    });
    expect(ldap.configurationSecrets).toEqual({
      ldap_search_password: { namespace: 'harbor', secret: 'ldap', key: 'password' },
    });
    expect(ldap.groups).toEqual([{ name: 'admins', type: 1, ldapDn: 'cn=admins' }]);
    expect(settings({ settings: { authentication: Authentication.ldap(LDAP) } }).configurationSecrets).toEqual({});
    expect(settings({ settings: { authentication: Authentication.database() } }).configuration.auth_mode).toBe(
      'db_auth',
    );
    expect(settings({ settings: { authentication: Authentication.oidc(OIDC) }, groups: { dev: {} } }).groups).toEqual([
      { name: 'dev', type: 3 },
    ]);
  });

  it.each([
    [{ settings: { baner: 'x' } }, 'settings.baner: is not a setting here'],
    [{ settings: { robotPrefix: 'Robot ' } }, 'settings.robotPrefix: is not valid'],
    [{ settings: { tokenExpiry: '10s' } }, 'settings.tokenExpiry: is not a quantity allowed here'],
    [{ settings: { projectQuota: '1' } }, 'settings.projectQuota: is not a quantity allowed here'],
    [{ settings: { auditLog: { forwardTo: 'syslog' } } }, 'settings.auditLog.forwardTo: is not valid'],
    [{ settings: { auditLog: { skipDatabase: true } } }, 'settings.auditLog.forwardTo: is missing'],
    [{ settings: { garbageCollection: {} } }, 'settings.garbageCollection.schedule: is missing'],
    [
      { settings: { garbageCollection: { schedule: '60 * * * *' } } },
      'settings.garbageCollection.schedule: is not valid',
    ],
    [
      {
        settings: {
          garbageCollection: { schedule: '0,3,6,9,12,15,18,21,24,27,30,33,36,39,42,45,48,51,54,57 * * * *' },
        },
      },
      'settings.garbageCollection.schedule: is too long (63 characters)',
    ],
    [
      { settings: { garbageCollection: { schedule: '* * * * *' } } },
      'settings.garbageCollection.schedule: is not valid',
    ],
    [
      { settings: { garbageCollection: { schedule: '@daily', workers: 6 } } },
      'settings.garbageCollection.workers: is out of range',
    ],
    [{ settings: { cveAllowlist: {} } }, 'settings.cveAllowlist.cves: is missing'],
    [{ settings: { cveAllowlist: { cves: ['x'] } } }, 'settings.cveAllowlist.cves[0]: is not valid'],
    [{ settings: { cveAllowlist: { cves: [], until: '2024-13-01' } } }, 'settings.cveAllowlist.until: is not valid'],
    [{ settings: { labels: { 'a ': {} } } }, 'settings.labels.a : is not a name that Harbor takes'],
    [{ settings: { labels: { a: { color: 'red' } } } }, 'settings.labels.a.color: is not valid'],
    [{ settings: { reconcile: { image: 'node' } } }, 'settings.reconcile.image: is not valid'],
    [{ settings: { authentication: {} } }, 'settings.authentication.type: is missing'],
    [
      { settings: { authentication: { type: 'database', url: 'x' } } },
      'settings.authentication.url: is not a setting here',
    ],
    [
      { settings: { authentication: { type: 'ldap', ...LDAP, searchDn: 'x' } } },
      'settings.authentication.passwordSecret: is missing',
    ],
    [
      { settings: { authentication: { type: 'ldap', ...LDAP, passwordSecret: 'x' } } },
      'settings.authentication.searchDn: is missing',
    ],
    [
      { settings: { authentication: { type: 'oidc', ...OIDC, endpoint: 'http://x' } } },
      'settings.authentication.endpoint: is not valid',
    ],
    [
      { settings: { authentication: { type: 'oidc', ...OIDC, scopes: ['email'] } } },
      'settings.authentication.scopes: lacks openid, without which it is no login',
    ],
    [{ groups: { a: {} } }, 'groups.a: is a group, and only LDAP and OIDC have some'],
    [{ settings: { authentication: { type: 'ldap', ...LDAP } }, groups: { a: {} } }, 'groups.a.ldapDn: is missing'],
    [{ users: { admin: { email: 'a@b.c' } } }, 'users.admin: is the account that Harbor is born with'],
    [{ users: { 'a b': { email: 'a@b.c' } } }, 'users.a b: is not a name that Harbor takes'],
    [{ users: { a: { email: 'a' } } }, 'users.a.email: is not valid'],
    [
      { settings: { authentication: { type: 'oidc', ...OIDC } }, users: { a: { email: 'a@b.c' } } },
      'users.a: cannot be made here: users come from OIDC',
    ],
    [
      { settings: { authentication: { type: 'ldap', ...LDAP } }, users: { a: { email: 'a@b.c' } } },
      'users.a: cannot be made here: users come from LDAP',
    ],
  ])('refuse %j', (props, message) => {
    expect(told(props)).toEqual([message]);
  });
});

describe('a project', () => {
  it('is planned with all that is in it', () => {
    const made = settings({
      trivy: { enabled: true },
      users: { anna: { email: 'anna@example.com', admin: true } },
      registries: { hub: RemoteRegistry.dockerHub() },
      projects: {
        a: {
          quota: 'unlimited',
          members: { users: { anna: 'projectAdmin', bert: 'limitedGuest' } },
          scanOnPush: true,
          sbomOnPush: false,
          blockSeverity: 'high',
          requireSignature: ['cosign'],
          cveAllowlist: { cves: ['CVE-1-1'] },
          retention: {
            schedule: '0 5 * * *',
            rules: [
              { latestPushed: 5 },
              { latestPulled: 3, repositories: 'base/**', tags: 'v*' },
              { pushedWithinDays: 7, exceptTags: 'dev-*' },
              { pulledWithinDays: 9, exceptRepositories: 'x/**', untagged: true },
              { always: true, tags: 'lts' },
            ],
          },
          immutability: [{ tags: 'v*' }],
          webhooks: {
            chat: {
              address: 'https://chat.example.com',
              events: ['PUSH_ARTIFACT', 'DELETE_ARTIFACT'],
              authorizationSecret: 'chat',
            },
          },
          labels: { ok: {} },
        },
        c: { proxyCache: { registry: 'hub', bandwidth: '1Mbit/s', keepDeleted: true }, blockSeverity: 'none' },
      },
    });
    expect(made.projects[0]).toMatchObject({
      metadata: {
        public: 'false',
        auto_scan: 'true',
        auto_sbom_generation: 'false',
        prevent_vul: 'true',
        severity: 'high',
        enable_content_trust_cosign: 'true',
        enable_content_trust: 'false',
        reuse_sys_cve_allowlist: 'false',
      },
      quota: -1,
      members: [
        { kind: 'user', name: 'anna', role: 1 },
        { kind: 'user', name: 'bert', role: 5 },
      ],
      retention: {
        cron: '0 0 5 * * *',
        rules: [
          { template: 'latestPushedK', count: 5, untagged: false, tags: '**', tagsExcluded: false },
          { template: 'latestPulledN', count: 3, repositories: 'base/**', tags: 'v*' },
          { template: 'nDaysSinceLastPush', count: 7, tags: 'dev-*', tagsExcluded: true },
          {
            template: 'nDaysSinceLastPull',
            count: 9,
            repositories: 'x/**',
            repositoriesExcluded: true,
            untagged: true,
          },
          { template: 'always', tags: 'lts' },
        ],
      },
      immutability: [{ repositories: '**', tags: 'v*' }],
      webhooks: [
        {
          name: 'chat',
          type: 'http',
          format: 'Default',
          events: ['DELETE_ARTIFACT', 'PUSH_ARTIFACT'],
          authorization: { namespace: 'harbor', secret: 'chat', key: 'authorization' },
        },
      ],
    });
    expect(made.projects[1]).toMatchObject({
      proxyOf: 'hub',
      metadata: {
        public: 'false',
        proxy_speed_kb: '976',
        proxy_cache_local_on_not_found: 'true',
        prevent_vul: 'false',
      },
    });
    expect(made.registries.map(({ name }) => name)).toEqual(['hub']);
    expect(made.users).toEqual([
      {
        name: 'anna',
        email: 'anna@example.com',
        admin: true,
        password: { namespace: 'harbor', secret: 'harbor-users', key: 'anna' },
      },
    ]);
  });

  it.each([
    [project({ quota: '1' }), 'projects.a.quota: is not a quantity allowed here'],
    [
      project({ scanOnPush: true }),
      'projects.a.scanOnPush: needs a scanner, and none runs: nothing would be scanned, and nothing unscanned could be pulled',
    ],
    [
      project({ blockSeverity: 'low' }),
      'projects.a.blockSeverity: needs a scanner, and none runs: nothing would be scanned, and nothing unscanned could be pulled',
    ],
    [project({ requireSignature: ['gpg'] }), 'projects.a.requireSignature[0]: is no signature that Harbor knows'],
    [project({ members: { users: { anna: 'boss' } } }), 'projects.a.members.users.anna: is not one of the choices'],
    [
      project({ members: { groups: { dev: 'guest' } } }),
      'projects.a.members.groups.dev: is not among the groups of the topology: Harbor must be told of which kind it is',
    ],
    [project({ retention: {} }), 'projects.a.retention.rules: is missing'],
    [project({ retention: { rules: {} } }), 'projects.a.retention.rules: is not a list'],
    [project({ retention: { rules: [] } }), 'projects.a.retention.rules: is empty: nothing would be kept'],
    [
      project({ retention: { rules: Array.from({ length: 16 }, () => ({ always: true })) } }),
      'projects.a.retention.rules: has more rules than Harbor takes',
    ],
    [project({ retention: { rules: [{}] } }), 'projects.a.retention.rules[0]: says not what is kept'],
    [
      project({ retention: { rules: [{ always: true, latestPushed: 1 }] } }),
      'projects.a.retention.rules[0]: says more than one thing',
    ],
    [
      project({ retention: { rules: [{ latestPushed: 0 }] } }),
      'projects.a.retention.rules[0].latestPushed: is out of range',
    ],
    [
      project({ immutability: [{ tags: 'a', exceptTags: 'b' }] }),
      'projects.a.immutability[0].exceptTags: says the opposite of tags',
    ],
    [project({ immutability: [{ tags: 'a' }, { tags: 'a' }] }), 'projects.a.immutability[1]: is there twice'],
    [project({ immutability: [{ tags: 'a b' }] }), 'projects.a.immutability[0].tags: is not valid'],
    [project({ webhooks: { w: { address: 'https://x', events: [] } } }), 'projects.a.webhooks.w.events: is missing'],
    [
      project({ webhooks: { w: { address: 'https://x', events: ['PUSH'] } } }),
      'projects.a.webhooks.w.events[0]: is no event of Harbor',
    ],
    [
      project({ webhooks: { w: { address: 'https://user:pw@x', events: ['REPLICATION'] } } }),
      'projects.a.webhooks.w.address: is not valid',
    ],
    [
      project({ webhooks: { 'w ': { address: 'https://x', events: ['REPLICATION'] } } }),
      'projects.a.webhooks.w : is not a name that Harbor takes',
    ],
    [project({ preheat: { p: {} } }), 'projects.a.preheat: has no Kraken to fill'],
    [project({ proxyCache: {} }), 'projects.a.proxyCache.registry: is missing'],
    [
      project({ proxyCache: { registry: 'nope' } }),
      'projects.a.proxyCache.registry: is neither a registry nor a region',
    ],
    [
      project({ proxyCache: { registry: 'harbor' } }),
      'projects.a.proxyCache.registry: is the Harbor that the cache is in',
    ],
    [
      { registries: { r: { type: 'quay', url: 'https://quay.io' } }, ...project({ proxyCache: { registry: 'r' } }) },
      'projects.a.proxyCache.registry: is of a type that Harbor has no proxy cache for',
    ],
    [
      {
        registries: { r: RemoteRegistry.dockerHub() },
        ...project({ proxyCache: { registry: 'r' }, replicateTo: ['r'] }),
      },
      'projects.a.replicateTo: is a way out of a proxy cache: Harbor copies nothing into such a project, and nobody pushes to it',
    ],
    [project({ replication: { bandwidth: '1' } }), 'projects.a.replication.bandwidth: is not a quantity allowed here'],
  ])('refuses %j', (props, message) => {
    expect(told(props as Record<string, unknown>)).toContain(message);
  });
});

const ROLE = 'arn:aws:iam::123456789012:role/copies';

it('tells twenty mistakes of settings at once, each with its place', () => {
  const found = told({
    settings: { banner: 1, robotPrefix: 'A', tokenExpiry: 'x', readOnly: 'no', projectQuota: '1', nope: 1 },
    users: { admin: { email: 'x' }, 'a b': { email: 'a@example.com' } },
    robots: { ci: {}, 'c d': { pull: 'all' }, two: { push: ['nope'] } },
    registries: { r: { type: 'x', url: 'y' }, s: { type: 'harbor' } },
    projects: {
      a: { quota: 'much', members: { users: { anna: 'boss' } }, immutability: [{ nope: 1 }], replicateTo: ['nowhere'] },
      b: { blockSeverity: 'x', webhooks: { w: { address: 'x', events: ['NOPE'] } }, retention: { rules: [{}] } },
    },
  });
  expect(found.length).toBeGreaterThanOrEqual(20);
  const places = new Set(found.map((one) => one.slice(0, one.indexOf(': '))));
  expect(places.size).toBeGreaterThanOrEqual(20);
});

describe('registries outside', () => {
  it('have a URL by their kind', () => {
    const login = (name: string) => ({ username: 'me', passwordSecret: name });
    const role = 'arn:aws:iam::123456789012:role/copies';
    const registries = {
      ecr: RemoteRegistry.ecr({ region: 'us-east-1', role }),
      china: RemoteRegistry.ecr({ region: 'cn-north-1', username: 'AKIAIOSFODNN7EXAMPLE', passwordSecret: 'china' }),
      swr: RemoteRegistry.swr({
        region: 'cn-north-4',
        username: 'cn-north-4@KEY',
        passwordSecret: 'swr',
        namespace: 'corp',
      }),
      acr: RemoteRegistry.acr({ name: 'corp', ...login('acr') }),
      gar: RemoteRegistry.artifactRegistry({ location: 'europe-west1', passwordSecret: 'gar', namespace: 'p/r' }),
      ali: RemoteRegistry.alibaba({ region: 'cn-hangzhou', ...login('ali') }),
      hub: RemoteRegistry.dockerHub({ ...login('hub'), namespace: 'me' }),
      ghcr: RemoteRegistry.github(login('ghcr')),
      gitlab: RemoteRegistry.gitlab({ url: 'https://gitlab.example.com', ...login('gitlab') }),
      jfrog: RemoteRegistry.jfrog({ url: 'https://corp.jfrog.io', ...login('jfrog') }),
      nexus: RemoteRegistry.nexus({ url: 'https://nexus.example.com', insecure: true }),
      theirs: RemoteRegistry.harbor({ url: 'https://harbor.example.net', ...login('theirs') }),
    };
    const made = plan({ registries, projects: { a: { replicateTo: Object.keys(registries) } } });
    expect(made.settings?.registries.map(({ type, url, username }) => [type, url, username])).toEqual([
      ['aws-ecr', 'https://api.ecr.us-east-1.amazonaws.com', undefined],
      ['aws-ecr', 'https://api.ecr.cn-north-1.amazonaws.com.cn', 'AKIAIOSFODNN7EXAMPLE'],
      ['huawei-SWR', 'https://swr.cn-north-4.myhuaweicloud.com', 'cn-north-4@KEY'],
      ['azure-acr', 'https://corp.azurecr.io', 'me'],
      ['google-gcr', 'https://europe-west1-docker.pkg.dev', '_json_key'],
      ['ali-acr', 'https://registry.cn-hangzhou.aliyuncs.com', 'me'],
      ['docker-hub', 'https://hub.docker.com', 'me'],
      ['github-ghcr', 'https://ghcr.io', 'me'],
      ['gitlab', 'https://gitlab.example.com', 'me'],
      ['jfrog-artifactory', 'https://corp.jfrog.io', 'me'],
      ['docker-registry', 'https://nexus.example.com', undefined],
      ['harbor', 'https://harbor.example.net', 'me'],
    ]);
    expect(made.settings?.replications).toHaveLength(24);
    expect(made.registryRole).toBe(role);
    expect(made.flows.filter(({ purpose }) => purpose === 'identity')).toEqual([]);
    expect(made.settings?.replications.find(({ name }) => name === 'a-to-swr')).toEqual({
      name: 'a-to-swr',
      registry: 'swr',
      repositories: 'a/**',
      destinationNamespace: 'corp',
      replaceCount: 0,
      deletion: false,
      speed: 0,
      overwrites: true,
    });
    expect(
      made.secrets.filter(({ source }) => source === 'existing').map(({ name, keys }) => [name, Object.keys(keys)]),
    ).toEqual(
      ['china', 'swr', 'acr', 'gar', 'ali', 'hub', 'ghcr', 'gitlab', 'jfrog', 'theirs'].map((name) => [
        name,
        ['password'],
      ]),
    );
  });

  it('without a role of its own, ECR is reached by the identity of pods or nodes', () => {
    const registries = { ecr: RemoteRegistry.ecr({ region: 'us-east-1' }) };
    const made = plan({ registries, projects: { a: { replicateTo: ['ecr'] } } });
    expect(made.registryRole).toBeUndefined();
    const identity = made.flows.filter(({ purpose }) => purpose === 'identity');
    expect(
      identity.map(({ from, to }) => from.kind === 'pods' && to.kind === 'networks' && [from.component, to.cidrs[0]]),
    ).toEqual(
      ['core', 'jobservice'].flatMap((name) => [
        [name, '169.254.169.254/32'],
        [name, '169.254.170.23/32'],
      ]),
    );
  });

  it.each([
    [{ type: 'azure-acr', url: 'https://x.azurecr.io' }, 'username: is missing'],
    [
      { type: 'google-gcr', url: 'https://x-docker.pkg.dev', username: 'me', passwordSecret: 's', namespace: 'p/r' },
      'username: is not valid',
    ],
    [
      {
        type: 'huawei-SWR',
        url: 'https://swr.x.myhuaweicloud.com',
        username: 'KEY',
        passwordSecret: 's',
        namespace: 'o',
      },
      'username: is not valid',
    ],
    [
      { type: 'google-gcr', url: 'https://x-docker.pkg.dev', username: '_json_key', passwordSecret: 's' },
      'namespace: is missing',
    ],
    [{ type: 'aws-ecr', url: 'https://ecr.example.com' }, 'url: is not valid'],
    [
      {
        type: 'aws-ecr',
        url: 'https://api.ecr.x-1.amazonaws.com',
        username: 'ASIAIOSFODNN7EXAMPLE',
        passwordSecret: 's',
      },
      'username: is not valid',
    ],
    [{ type: 'aws-ecr', url: 'https://api.ecr.x-1.amazonaws.com', role: 'copies' }, 'role: is not valid'],
    [
      {
        type: 'aws-ecr',
        url: 'https://api.ecr.x-1.amazonaws.com',
        username: 'AKIAIOSFODNN7EXAMPLE',
        passwordSecret: 's',
        role: ROLE,
      },
      'role: has no effect beside an access key',
    ],
    [{ type: 'docker-registry', url: 'https://x', role: ROLE }, 'role: is taken by Amazon ECR only'],
    [{ type: 'docker-registry', url: 'https://registry.undefined.example.com' }, 'url: is not valid'],
    [{ type: 'docker-registry', url: 'https://https://x' }, 'url: is not valid'],
    [
      { type: 'azure-acr', url: 'https://x.azurecr.io.azurecr.io', username: 'u', passwordSecret: 's' },
      'url: is not valid',
    ],
  ])('as targets refuse %j', (registry, message) => {
    expect(told({ registries: { r: registry }, projects: { a: { replicateTo: ['r'] } } })).toEqual([
      `registries.r.${message}`,
    ]);
  });

  it('take one role in all, and a CA from Harbor 2.15 on', () => {
    const ecr = (name: string) =>
      RemoteRegistry.ecr({ region: 'us-east-1', role: `arn:aws:iam::123456789012:role/${name}` });
    expect(told({ registries: { r: ecr('a'), s: ecr('b') }, projects: { a: { replicateTo: ['r', 's'] } } })).toEqual([
      'registries: need several roles, and a pod takes one',
    ]);
    const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const nexus = { registries: { r: RemoteRegistry.nexus({ url: 'https://nexus.example.com', ca }) } };
    expect(told({ ...nexus, version: '2.14.4' })).toEqual([
      'registries.r.ca: is not known to Harbor 2.14, which trusts what its own pods trust',
    ]);
    expect(plan(nexus).warnings).toEqual(plan().warnings);
  });

  it('are planned only where they are used', () => {
    expect(settings({ registries: { hub: RemoteRegistry.dockerHub() } }).registries).toEqual([]);
  });

  it.each([
    [{ registries: { 'R ': { type: 'harbor', url: 'https://x' } } }, 'registries.R : is not a name that Harbor takes'],
    [{ registries: { r: { url: 'https://x' } } }, 'registries.r.type: is missing'],
    [{ registries: { r: { type: 'harbour', url: 'https://x' } } }, 'registries.r.type: is not one of the choices'],
    [{ registries: { r: { type: 'harbor' } } }, 'registries.r.url: is missing'],
    [
      { registries: { r: { type: 'harbor', url: 'https://registry.example.com' } } },
      'registries.r.url: is a Harbor of this topology: images would go round between it and itself',
    ],
    [
      { registries: { r: { type: 'harbor', url: 'https://x', username: 'u' } } },
      'registries.r.passwordSecret: is missing',
    ],
    [
      { registries: { r: { type: 'harbor', url: 'https://x', passwordSecret: 'u' } } },
      'registries.r.username: is missing',
    ],
    [
      { registries: { harbor: { type: 'harbor', url: 'https://x' } } },
      'registries.harbor: is the name of a region too',
    ],
    [
      {
        registries: {
          r: { type: 'harbor', url: 'https://x', username: 'u', passwordSecret: 's', namespace: 'n', stripLevels: 1 },
        },
        projects: { a: { replicateTo: ['r'] }, b: { replicateTo: ['r'] } },
      },
      'registries.r.stripLevels: takes away what tells the images of a and b apart',
    ],
  ])('refuse %j', (props, message) => {
    expect(told(props)).toEqual([message]);
  });
});

describe('robots', () => {
  it('may do what they are asked for, each with its own password and pull Secrets', () => {
    const made = plan({
      robots: { ci: { push: ['a'], pull: 'all', namespaces: ['team'] } },
      projects: { a: {}, b: { peerToPeer: false } },
    });
    expect(
      made.settings?.robots.map(({ name, permissions }) => [
        name,
        permissions.map(({ project: p, access }) => `${p} ${access.map((one) => one.action)}`),
      ]),
    ).toEqual([
      ['ci', ['a pull,push', 'b pull']],
      ['kraken', ['a pull']],
    ]);
    expect(made.secrets.find(({ name }) => name === 'harbor-pull-ci')).toMatchObject({
      namespace: 'team',
      type: 'kubernetes.io/dockerconfigjson',
      keys: {
        '.dockerconfigjson': {
          kind: 'dockerConfig',
          hosts: ['registry.example.com'],
          username: 'robot$ci',
          passwordOf: { namespace: 'harbor', secret: 'harbor-robots', key: 'ci' },
        },
      },
    });
  });

  it('come in generations, of which two count until the old one is given up', () => {
    const names = (robot: object) =>
      settings({ robots: { ci: { pull: 'all', ...robot } } }).robots.map(({ name }) => name);
    expect(names({ generation: 3 })).toEqual(['ci-3', 'ci-2', 'kraken']);
    expect(names({ generation: 3, previous: false })).toEqual(['ci-3', 'kraken']);
    expect(settings({ robots: { kraken: { generation: 2 } } }).robots.map(({ name }) => name)).toEqual([
      'kraken-2',
      'kraken',
    ]);
  });

  it.each([
    [{ robots: { CI: { pull: 'all' } } }, 'robots.CI: is not a name that Harbor takes'],
    [{ robots: { 'ci-2': { pull: 'all' } } }, 'robots.ci-2: ends as a later generation of a robot does'],
    [{ robots: { ci: {} } }, 'robots.ci.pull: is missing'],
    [{ robots: { ci: { pull: ['librari'] } } }, 'robots.ci.pull[0]: is not a planned project'],
    [{ robots: { ci: { push: ['zzz'] } } }, 'robots.ci.push[0]: is not a planned project'],
    [{ robots: { kraken: { pull: 'all' } } }, 'robots.kraken.pull: is not a setting here'],
    [{ robots: { ci: { pull: 'all', generation: 0 } } }, 'robots.ci.generation: is out of range'],
  ])('refuse %j', (props, message) => {
    expect(told(props)).toEqual([message]);
  });

  it('of two generations both are in the Secret to pull with: it changes before Harbor knows the new one', () => {
    const keysOf = (robot: object) =>
      plan({ robots: { ci: { pull: 'all', namespaces: ['team'], ...robot } } }).secrets.find(
        ({ name }) => name === 'harbor-pull-ci',
      )?.keys['.dockerconfigjson'];
    const account = (name: string) => ({
      username: `robot$${name}`,
      passwordOf: { namespace: 'harbor', secret: 'harbor-robots', key: name },
    });
    expect(keysOf({ generation: 2 })).toMatchObject({ ...account('ci-2'), previous: account('ci') });
    expect(keysOf({ generation: 2, previous: false })).toMatchObject(account('ci-2'));
    expect(keysOf({ generation: 2, previous: false })).not.toHaveProperty('previous');
  });

  it("serve Kraken in place of the admin, with the robot's password", () => {
    const [region] = planTopology(oneRegion({}, { settings: {}, robots: { kraken: { generation: 2 } } })).regions;
    const account = region?.secrets.find(({ name }) => name === 'kraken-registry-account');
    expect(account?.keys).toEqual({
      'auth.conf': {
        kind: 'nginxBasicAuth',
        username: 'robot$kraken-2',
        passwordOf: { namespace: 'harbor', secret: 'harbor-robots', key: 'kraken-2' },
      },
      username: { kind: 'text', value: 'robot$kraken-2' },
      password: { kind: 'copy', of: { namespace: 'harbor', secret: 'harbor-robots', key: 'kraken-2' } },
    });
  });
});

describe('between regions', () => {
  const two = (projects: object, more: object = {}) =>
    planTopology(twoRegions({}, {}, { settings: {}, projects, ...more } as object)).regions.map(
      ({ harbors: [own], secrets, flows }) => ({
        settings: own.settings as SettingsPlan,
        secrets,
        flows,
        own,
      }),
    );

  it('one side gets a registry and policies, the other a robot for it alone, with the one password', () => {
    const [virginia, hangzhou] = two({
      a: {
        home: 'virginia',
        replicateTo: 'all',
        replication: { deletion: true, bandwidth: '100Mbit/s', schedule: '17 * * * *' },
      },
    });
    expect(virginia?.settings.registries).toEqual([
      {
        name: 'hangzhou',
        type: 'harbor',
        url: 'https://hangzhou.registry.example.com',
        insecure: false,
        username: 'robot$from-virginia',
        password: { namespace: 'harbor', secret: 'harbor-registries', key: 'hangzhou' },
      },
    ]);
    expect(virginia?.settings.replications).toEqual([
      {
        name: 'a-to-hangzhou',
        registry: 'hangzhou',
        repositories: 'a/**',
        destinationNamespace: '',
        replaceCount: 0,
        speed: 97_656,
        overwrites: true,
        deletion: true,
      },
      {
        name: 'a-to-hangzhou-all',
        registry: 'hangzhou',
        repositories: 'a/**',
        destinationNamespace: '',
        replaceCount: 0,
        speed: 97_656,
        cron: '0 17 * * * *',
        overwrites: true,
        deletion: false,
      },
    ]);
    expect(hangzhou?.settings.registries).toEqual([]);
    const robot = hangzhou?.settings.robots.find(({ name }) => name === 'from-virginia');
    expect(robot?.permissions).toEqual([
      {
        project: 'a',
        access: [
          { resource: 'repository', action: 'pull' },
          { resource: 'repository', action: 'push' },
          { resource: 'repository', action: 'delete' },
          { resource: 'tag', action: 'delete' },
        ],
      },
    ]);
    const key = (side: typeof virginia, secret: string, name: string) =>
      side?.secrets.find((one) => one.name === secret)?.keys[name];
    expect(key(virginia, 'harbor-registries', 'hangzhou')).toEqual({
      kind: 'shared',
      name: 'replication from virginia to hangzhou',
      length: 32,
    });
    expect(key(hangzhou, 'harbor-robots', 'from-virginia')).toEqual(key(virginia, 'harbor-registries', 'hangzhou'));
    expect(virginia?.flows.filter(({ purpose }) => purpose === 'replication').map(({ port }) => port)).toEqual([
      443, 443,
    ]);
  });

  it('members push at home only, and are guests elsewhere; pushes by the one name are sent home', () => {
    const users = { anna: 'projectAdmin', bert: 'developer', carl: 'limitedGuest' };
    const [virginia, hangzhou] = two({
      a: { home: 'virginia', replicateTo: 'all', members: { users } },
      b: { home: 'hangzhou', primaries: ['virginia'], members: { users } },
      'c.d': { home: 'hangzhou' },
    });
    const roles = (side: typeof virginia, project: string) =>
      side?.settings.projects.find(({ name }) => name === project)?.members?.map(({ role }) => role);
    expect(roles(virginia, 'a')).toEqual([1, 2, 5]);
    expect(roles(hangzhou, 'a')).toEqual([3, 3, 5]);
    expect(roles(virginia, 'b')).toEqual(roles(hangzhou, 'b'));
    expect(virginia?.own.pushElsewhere).toEqual({ 'c.d': 'hangzhou.registry.example.com' });
    expect(hangzhou?.own.pushElsewhere).toEqual({ a: 'virginia.registry.example.com' });
    expect(planTopology(twoRegions({}, {})).regions.map(({ harbors: [own] }) => own.pushElsewhere)).toEqual([{}, {}]);
  });

  it('warns where no nginx of ours could tell where to push', () => {
    const exposure = { type: 'ingress', className: 'nginx' };
    const props = twoRegions({ exposure }, { exposure }, { settings: {} });
    const told = planTopology(props).warnings.filter(({ problem }) =>
      problem.includes('refused without saying where to'),
    );
    expect(told.map(({ path, problem }) => [path, problem.includes('(library)')])).toEqual([
      ['regions.hangzhou.exposure', true],
    ]);
  });

  it('of several regions where a project is pushed, the home decides about tags that differ', () => {
    const all = two({ a: { home: 'virginia', primaries: ['hangzhou'] } }).map(({ settings: { replications } }) =>
      replications.map(({ name, overwrites }) => [name, overwrites]),
    );
    expect(all).toEqual([
      [
        ['a-to-hangzhou', true],
        ['a-to-hangzhou-all', true],
      ],
      [
        ['a-to-virginia', true],
        ['a-to-virginia-all', false],
      ],
    ]);
  });

  it('robots push at home only, and read elsewhere', () => {
    const [virginia, hangzhou] = two(
      { a: { home: 'virginia', replicateTo: 'all' }, b: { home: 'hangzhou' } },
      { robots: { ci: { push: 'all' }, only: { pull: ['b'] } } },
    );
    const access = (side: typeof virginia, name: string) =>
      side?.settings.robots
        .find((robot) => robot.name === name)
        ?.permissions.map(({ project: p, access: can }) => `${p} ${can.map(({ action }) => action)}`);
    expect(access(virginia, 'ci')).toEqual(['a pull,push']);
    expect(access(hangzhou, 'ci')).toEqual(['a pull', 'b pull,push']);
    expect(access(virginia, 'only')).toBeUndefined();
  });

  it('a new generation of a password is used by the sender, while the old one still counts', () => {
    const [virginia, hangzhou] = two(
      { a: { home: 'virginia', replicateTo: 'all' } },
      { robots: { 'from-virginia': { generation: 2 } } },
    );
    expect(virginia?.settings.registries[0]?.username).toBe('robot$from-virginia-2');
    expect(hangzhou?.settings.robots.map(({ name }) => name)).toEqual(['kraken', 'from-virginia-2', 'from-virginia']);
  });

  it('a proxy cache of another region reads it by a robot that may only pull', () => {
    const [virginia, hangzhou] = two({
      a: { home: 'virginia' },
      cache: { home: 'hangzhou', proxyCache: { registry: 'virginia' } },
    });
    expect(hangzhou?.settings.registries.map(({ name, username }) => [name, username])).toEqual([
      ['virginia', 'robot$from-hangzhou'],
    ]);
    expect(virginia?.settings.robots.find(({ name }) => name === 'from-hangzhou')?.permissions).toEqual([
      { project: 'a', access: [{ resource: 'repository', action: 'pull' }] },
    ]);
  });

  it('a private CA that is a text goes with the registry, where Harbor knows how; ports and plain HTTP too', () => {
    const ca = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    const tls = { type: 'certManager', issuer: 'ours', ca };
    const props = (own: object, other: object) =>
      planTopology(
        twoRegions(own, other, { settings: {}, projects: { a: { home: 'virginia', replicateTo: 'all' } } } as object),
      ).regions[0]?.harbors[0];
    expect(props({}, { tls })?.settings?.registries[0]?.ca).toBe(ca);
    expect(props({ version: '2.14.4' }, { tls })?.settings?.registries[0]?.ca).toBeUndefined();
    const plain = props({}, { tls: { type: 'none' } });
    expect(plain?.settings?.registries[0]?.url).toBe('http://hangzhou.registry.example.com');
    expect(plain?.flows.filter(({ purpose }) => purpose === 'replication').map(({ port }) => port)).toEqual([80, 80]);
  });

  it('Kraken is filled by policies where it is, and its pods let that in', () => {
    const plans = planTopology(
      twoRegions({}, { kraken: false }, {
        settings: {},
        projects: { a: { home: 'virginia', replicateTo: 'all', preheat: { all: { schedule: '5 * * * *' } } } },
      } as object),
    ).regions;
    const [virginia, hangzhou] = plans;
    expect(virginia?.harbors[0].settings).toMatchObject({
      preheatInstances: [
        { name: 'kraken', endpoint: expect.stringMatching(/^http:\/\/kraken-proxy\.kraken\.svc\.cluster\.local:\d+$/) },
      ],
      projects: [
        { preheat: [{ name: 'all', instance: 'kraken', repositories: '**', tags: '**', cron: '0 5 * * * *' }] },
      ],
    });
    expect(virginia?.krakens[0]?.flows.filter(({ purpose }) => purpose === 'preheat')).toHaveLength(2);
    expect(hangzhou?.harbors[0].settings?.preheatInstances).toEqual([]);
    expect(hangzhou?.harbors[0].settings?.projects[0]?.preheat).toBeUndefined();
  });
});

describe('ways between regions', () => {
  const of = (a: object, count = 4) =>
    topology(count, { settings: {}, projects: { a: { home: 'region-0', ...a } } } as object);
  const steps = (a: object) =>
    planTopology(of(a)).regions.flatMap(({ name, harbors: [own] }) =>
      (own.settings as SettingsPlan).registries.map((registry) => `${name} → ${registry.name}`),
    );

  it('from the home, in a chain, and mutual between those where it is pushed', () => {
    expect(steps({ replicateTo: 'all' })).toEqual([
      'region-0 → region-1',
      'region-0 → region-2',
      'region-0 → region-3',
    ]);
    expect(steps({ replicateTo: { 'region-0': ['region-1'], 'region-1': ['region-2', 'region-3'] } })).toEqual([
      'region-0 → region-1',
      'region-1 → region-2',
      'region-1 → region-3',
    ]);
    expect(steps({ primaries: ['region-1'], replicateTo: ['region-2'] })).toEqual([
      'region-0 → region-1',
      'region-0 → region-2',
      'region-1 → region-0',
    ]);
    expect(
      planTopology(of({ replicateTo: { 'region-0': ['region-1'], 'region-1': ['region-3'] } })).projects[0]
        ?.replicateTo,
    ).toEqual(['region-1', 'region-3']);
  });

  it.each([
    [
      { replicateTo: { 'region-0': ['region-1'], 'region-1': ['region-2'], 'region-2': ['region-1'] } },
      'projects.a.replicateTo: goes round: region-1 → region-2 → region-1',
      'remove the step from region-2 to region-1; where all of them are pushed to, name them in "primaries"',
    ],
    [
      { replicateTo: { 'region-0': ['region-1', 'region-2'], 'region-1': ['region-2'] } },
      'projects.a.replicateTo.region-1: leads to region-2, which gets its images from region-0',
      'remove one of them',
    ],
    [
      { primaries: ['region-1'], replicateTo: { 'region-0': ['region-1'] } },
      'projects.a.replicateTo.region-0: leads to region-1, where the project is pushed',
      'remove it',
    ],
    [
      { replicateTo: { 'region-1': ['region-2'] } },
      'projects.a.replicateTo.region-1: sends images that it never gets',
      'add region-1 below the region that sends to it',
    ],
    [
      { replicateTo: { 'region-0': ['mars'] } },
      'projects.a.replicateTo.region-0[0]: is not a region of this topology',
      'add the region "mars", or name another',
    ],
    [
      { replicateTo: { mars: [] } },
      'projects.a.replicateTo.mars: is not a region of this topology',
      'add the region "mars", or name another',
    ],
    [
      { replicateTo: { 'region-0': 'region-1' } },
      'projects.a.replicateTo.region-0: is not a list of texts',
      'write it as ["…", "…"]',
    ],
    [{ primaries: ['region-0'] }, 'projects.a.primaries[0]: is the home of the project', 'remove it'],
  ])('refuses %j', (a, message, fix) => {
    const found = mistakes(of(a)).map(({ path, problem, fix: how }) => [`${path}: ${problem}`, how]);
    expect(found).toContainEqual([message, fix]);
  });

  it('law: every region that a project reaches has exactly one way, or is among those where it is pushed', () => {
    const way = fc.record({
      primaries: fc.subarray(['region-1', 'region-2']),
      rest: fc.subarray(['region-3', 'region-4']),
    });
    fc.assert(
      fc.property(way, fc.boolean(), ({ primaries, rest }, chain) => {
        const replicateTo = chain
          ? { 'region-0': rest.slice(0, 1), ...(rest[1] ? { 'region-3': rest.slice(1) } : {}) }
          : rest;
        const { projects, regions } = planTopology(of({ primaries, replicateTo }, 5));
        const reached = projects[0]?.replicateTo ?? [];
        for (const name of reached) {
          const senders = regions.filter(({ harbors: [own] }) =>
            own.settings?.registries.some((registry) => registry.name === name),
          );
          const robots = regions
            .find((region) => region.name === name)
            ?.harbors[0].settings?.robots.filter((robot) => robot.name.startsWith('from-'));
          expect(robots?.map((robot) => robot.name).sort()).toEqual(
            senders.map((sender) => `from-${sender.name}`).sort(),
          );
          expect(senders.length).toBeGreaterThan(0);
        }
        expect(new Set(reached)).toEqual(new Set([...primaries, ...rest]));
      }),
      { numRuns: 30 },
    );
  });
});
