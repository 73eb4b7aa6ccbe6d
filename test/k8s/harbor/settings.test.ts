import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Harbor } from '../../../lib/k8s/harbor/harbor';
import type { HarborProps } from '../../../lib/plan/harbor';
import type { SettingsPlan } from '../../../lib/plan/settings';
import { readSettingsFiles } from '../../../lib/settings/parts';
import { find, type KubernetesObject, law, synth } from '../../../lib/testing';
import { SMALL } from './objects';

const PROPS: HarborProps = {
  ...SMALL,
  settings: { banner: 'hello "you"' },
  robots: { ci: { push: 'all' } },
  registries: { hub: { type: 'docker-hub', url: 'https://hub.docker.com', username: 'me', passwordSecret: 'hub' } },
  projects: { a: { replicateTo: ['hub'] } },
};
const objects = (props: HarborProps = PROPS): KubernetesObject[] =>
  synth((chart) => new Harbor(chart, 'harbor', props));
const own = (props?: HarborProps) =>
  objects(props).filter(({ metadata }) => metadata.name.startsWith('harbor-settings'));
const jobName = (props?: HarborProps) => own(props).find(({ kind }) => kind === 'Job')?.metadata.name;

/** Settings of many projects, each replicated to many registries. */
const many = (projects: number, registries: number): HarborProps => {
  const names = Array.from({ length: registries }, (_, i) => `registry-${i}`);
  const registry = (i: number) => ({ type: 'docker-registry' as const, url: `https://r${i}.example.com` });
  return {
    ...PROPS,
    registries: Object.fromEntries(names.map((name, i) => [name, registry(i)])),
    projects: Object.fromEntries(
      Array.from({ length: projects }, (_, i) => [`payments-service-${i}`, { replicateTo: names }]),
    ),
  };
};

describe('settings too many for one object', () => {
  const props = many(200, 10);
  const found = own(props);
  const maps = found.filter(({ kind }) => kind === 'ConfigMap') as (KubernetesObject & {
    data: Record<string, string>;
  })[];

  it('lie in several ConfigMaps, of which each fits the annotation that kubectl apply makes of it', () => {
    expect(maps.map(({ metadata }) => metadata.name).slice(0, 3)).toEqual([
      'harbor-settings',
      'harbor-settings-1',
      'harbor-settings-2',
    ]);
    for (const map of maps) expect(Buffer.byteLength(JSON.stringify(map))).toBeLessThan(262_144);
    const pods = found.flatMap(({ kind, spec }) => {
      const { template, jobTemplate } = (spec ?? {}) as { template?: object; jobTemplate?: { spec: object } };
      return ['Job', 'CronJob'].includes(kind) ? [JSON.stringify(jobTemplate ?? template)] : [];
    });
    expect(pods).toHaveLength(2);
    for (const pod of pods)
      for (const { metadata } of maps) expect(pod).toContain(`{"configMap":{"name":"${metadata.name}"}}`);
  });

  it('are read again as they were planned, and a run for others is told', () => {
    const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-settings-'));
    for (const { data } of maps)
      for (const [file, text] of Object.entries(data)) writeFileSync(join(folder, file), text);
    const { plan, sha256 } = readSettingsFiles(join(folder, 'settings.json'));
    const planned = new Harbor(new Chart(new App(), 'c'), 'harbor', props).plan.settings as SettingsPlan;
    expect(plan).toEqual(JSON.parse(JSON.stringify(planned)));
    expect(Object.keys(plan)).toEqual(Object.keys(JSON.parse(JSON.stringify(planned))));
    expect(JSON.stringify(found.find(({ kind }) => kind === 'Job'))).toContain(`"SETTINGS_SHA256","value":"${sha256}"`);
    const env = {
      PATH: process.env.PATH,
      SETTINGS_SHA256: sha256.replace(/^./, (first) => (first === '0' ? '1' : '0')),
    };
    const args = ['reconcile.js', 'http://127.0.0.1:9', 'settings.json', '.', 'none'];
    const { stdout, status } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    expect(stdout).toBe(
      'the settings in this pod are not those of this run: not all ConfigMaps are applied yet, or newer ones are\n' +
        'harbor-fleet settings result=failed made=0 changed=0 removed=0 failed=1\n',
    );
    expect(status).toBe(1);
    rmSync(folder, { recursive: true });
  });
});

describe('settings in the cluster', () => {
  it('are a Job called after what is planned, a CronJob, and a policy that lets them reach core alone', () => {
    expect(own().map(({ kind }) => kind)).toEqual(['ServiceAccount', 'ConfigMap', 'Job', 'CronJob', 'NetworkPolicy']);
    expect(jobName()).toMatch(/^harbor-settings-[0-9a-f]{10}$/);
    expect(jobName()).toBe(jobName());
    expect(jobName({ ...PROPS, settings: { banner: 'other' } })).not.toBe(jobName());
    const policy = find(objects(), 'NetworkPolicy', 'harbor-settings').spec as {
      ingress?: unknown;
      egress: { to?: unknown }[];
    };
    expect(policy.ingress).toBeUndefined();
    expect(policy.egress.filter(({ to }) => to !== undefined)).toEqual([
      {
        to: [{ podSelector: { matchLabels: { app: 'harbor', component: 'core', release: 'harbor' } } }],
        ports: [{ port: 8080, protocol: 'TCP' }],
      },
    ]);
  });

  it('have no token, no secret in a manifest, and only the keys of Secrets that they need', () => {
    const job = find(objects(), 'Job', jobName() ?? '') as unknown as {
      spec: { template: { spec: Record<string, unknown> & { volumes: object[] } } };
    };
    const { spec } = job.spec.template;
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      restartPolicy: 'Never',
      serviceAccountName: 'harbor-settings',
    });
    const item = (name: string, key: string) => ({
      secret: { name, optional: true, items: [{ key, path: `${name}/${key}` }] },
    });
    expect(spec.volumes[1]).toMatchObject({
      projected: {
        sources: [
          item('harbor-core', 'HARBOR_ADMIN_PASSWORD'),
          { secret: { name: 'harbor-robots', items: [{ key: 'ci' }, { key: 'kraken' }] } },
          item('hub', 'password'),
        ],
      },
    });
  });

  it('are nothing without settings, and nothing in the cluster when the command line brings them about', () => {
    expect(own(SMALL)).toEqual([]);
    expect(own({ ...PROPS, settings: { reconcile: false } })).toEqual([]);
  });

  it('with metrics, there is an exporter that Prometheus reaches, and that reads one password', () => {
    const props: HarborProps = { ...PROPS, metrics: true };
    const { spec } = find(objects(props), 'Deployment', 'harbor-metrics') as unknown as {
      spec: {
        template: {
          spec: { containers: { args: string[] }[]; volumes: object[]; automountServiceAccountToken: boolean };
        };
      };
    };
    const pod = spec.template.spec;
    expect(pod.automountServiceAccountToken).toBe(false);
    expect(pod.containers[0]?.args).toEqual([
      '/opt/harbor-fleet/reconcile.js',
      'exporter',
      'http://harbor-core.harbor.svc.cluster.local',
      '/opt/harbor-fleet/settings.json',
      '/run/harbor-fleet',
      'robot$metrics',
      'harbor-robots/metrics',
      '8001',
    ]);
    expect(pod.volumes).toMatchObject([
      { configMap: { name: 'harbor-settings' } },
      { projected: { sources: [{ secret: { name: 'harbor-robots', items: [{ key: 'metrics' }] } }] } },
    ]);
    expect(pod.volumes).toHaveLength(2);
    expect(find(objects(props), 'Service', 'harbor-metrics').spec).toMatchObject({
      ports: [{ name: 'http-metrics', port: 8001 }],
    });
    const job = JSON.stringify(find(objects(props), 'Job', jobName(props) ?? ''));
    expect(job).toContain('"http://harbor-metrics.harbor.svc.cluster.local:8001","harbor-robots/metrics"');
    const policy = find(objects(props), 'NetworkPolicy', 'harbor-metrics').spec as {
      ingress: object[];
      egress: object[];
    };
    expect(policy.ingress).toEqual([
      {
        from: [{ podSelector: { matchLabels: { app: 'harbor', component: 'settings', release: 'harbor' } } }],
        ports: [{ port: 8001, protocol: 'TCP' }],
      },
      { ports: [{ port: 8001, protocol: 'TCP' }] },
    ]);
    // DNS, and core.
    expect(policy.egress).toHaveLength(2);
  });

  it('are another Job when the pod of the Job is another: a Job never changes', () => {
    expect(jobName({ ...PROPS, internalTls: { type: 'provided' } })).not.toBe(jobName());
    expect(jobName({ ...PROPS, secretRevisions: { hub: '2' } })).not.toBe(jobName());
  });

  it('are tried until the deadline, and not waited for by Pulumi when other registries must answer', () => {
    const job = (props: HarborProps) => find(objects(props), 'Job', jobName(props) ?? '');
    expect(job(PROPS)).toMatchObject({
      metadata: { annotations: { 'pulumi.com/skipAwait': 'true' } },
      spec: { backoffLimit: 9, activeDeadlineSeconds: 1_800 },
    });
    const alone = { ...PROPS, registries: undefined, projects: { a: {} } };
    expect(job(alone).metadata.annotations).not.toHaveProperty('pulumi.com/skipAwait');
  });

  it('trust the CA between components', () => {
    const text = JSON.stringify(own({ ...PROPS, internalTls: { type: 'provided' } }));
    expect(text).toContain('"name":"NODE_EXTRA_CA_CERTS","value":"/etc/harbor-fleet-ca/ca.crt"');
    expect(text).toContain('https://harbor-core.harbor.svc.cluster.local');
  });

  it('obey the law of late values', () => {
    const { lifted, plain } = law(
      PROPS,
      ['settings.banner', 'registries.hub.url'],
      (chart, props) => new Harbor(chart, 'harbor', props),
    );
    expect(lifted).toEqual(plain);
  });

  it('run a script that is up to date, fits into a ConfigMap, and says what is wrong', () => {
    expect(spawnSync('node', ['scripts/settings-script.mjs', '--check'], { encoding: 'utf8' })).toMatchObject({
      status: 0,
      stderr: '',
    });
    const { data } = find(objects(), 'ConfigMap', 'harbor-settings') as unknown as { data: Record<string, string> };
    const script = data['reconcile.js'] ?? '';
    expect(script.length).toBeLessThan(200_000);
    const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-script-'));
    try {
      writeFileSync(join(folder, 'reconcile.js'), script);
      const { status, stderr } = spawnSync('node', ['reconcile.js', 'http://127.0.0.1:9', 'none.json', '.', 'none'], {
        cwd: folder,
        encoding: 'utf8',
      });
      expect(status).toBe(1);
      expect(stderr).toContain('none.json');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
