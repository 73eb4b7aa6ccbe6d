import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ReplicationPlan } from '../../lib/plan/settings';
import { Api } from '../../lib/settings/api';
import { type RunningExporter, startExporter } from '../../lib/settings/exporter';
import { tellRun } from '../../lib/settings/main';

const POLICY: ReplicationPlan = {
  name: 'app-to-"paris"',
  registry: 'paris',
  repositories: 'app/**',
  destinationNamespace: '',
  replaceCount: 0,
  overwrites: true,
  deletion: false,
  speed: 0,
};

/** The exporter over HTTP; what it asks is answered by a server that is told what to say. */
describe('the exporter of settings', () => {
  const servers: Server[] = [];
  const exporters: RunningExporter[] = [];
  let executions: object[] = [];
  let status = 200;
  let asked: string[] = [];
  let printed: string[] = [];

  const harbor: RequestListener = (request, response) => {
    asked.push(`${request.url} ${request.headers.authorization?.slice(0, 5)}`);
    const policies = [{ id: 1, name: POLICY.name }];
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const page = Number(searchParams.get('page'));
    const list = pathname.endsWith('/policies') ? policies : executions.slice((page - 1) * 100, page * 100);
    response.setHeader('x-total-count', String(executions.length));
    response.statusCode = status;
    response.end(status === 200 ? JSON.stringify(list) : '{"errors":[{"message":"no secret-of-robot"}]}');
  };
  const start = async (more: Partial<Parameters<typeof startExporter>[0]> = {}): Promise<string> => {
    const server = createServer(harbor);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const exporter = await startExporter({
      api: () => new Api({ url, username: 'robot$metrics', password: 'secret-of-robot', pause: 1 }),
      replications: () => [POLICY, { ...POLICY, name: 'app-all', cron: '0 0 * * * *' }],
      password: () => 'secret-of-robot',
      interval: 5,
      print: (line) => printed.push(line),
      ...more,
    });
    exporters.push(exporter);
    return `http://127.0.0.1:${exporter.port}`;
  };
  const metrics = async (url: string): Promise<Map<string, number>> => {
    const text = await (await fetch(`${url}/metrics`)).text();
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line): [string, number] => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]));
  };
  async function until(url: string, isThere: (found: Map<string, number>) => boolean): Promise<Map<string, number>> {
    for (let tried = 0; tried < 400; tried++) {
      const found = await metrics(url);
      if (isThere(found)) return found;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`still ${JSON.stringify([...(await metrics(url))])}`);
  }
  beforeEach(() => {
    executions = [];
    status = 200;
    asked = [];
    printed = [];
  });
  afterEach(async () => {
    await Promise.all(exporters.splice(0).map((exporter) => exporter.close()));
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const LABELS = '{policy="app-to-\\"paris\\"",registry="paris"}';
  const LAG = `harbor_fleet_replication_lag_seconds${LABELS}`;
  const ago = (seconds: number): string => new Date(Date.now() - seconds * 1000).toISOString();
  const execution = (id: number, state: string, seconds: number, trigger = 'event_based') => ({
    id,
    policy_id: 1,
    status: state,
    trigger,
    start_time: ago(seconds),
  });

  it('shows lag, failures and the last comparison of everything, and asks for no more than is new', async () => {
    executions = Array.from({ length: 250 }, (_, i) => execution(250 - i, 'Succeed', 900));
    const url = await start();
    const quiet = await until(url, (found) => found.get('harbor_fleet_replication_up') === 1);
    expect(quiet.get(LAG)).toBe(0);
    expect(quiet.get(`harbor_fleet_replication_complete_timestamp_seconds${LABELS}`)).toBe(0);
    expect(quiet.get('process_start_time_seconds')).toBeGreaterThan(Date.now() / 1000 - 60);
    const first = asked.filter((path) => path.includes('executions'));
    expect(first.slice(0, 3).map((path) => /page=\d/.exec(path)?.[0])).toEqual(['page=1', 'page=2', 'page=3']);
    expect(asked.every((path) => path.endsWith('Basic'))).toBe(true);

    asked = [];
    executions = [execution(251, 'Failed', 600), ...executions];
    const late = await until(url, (found) => (found.get(LAG) ?? 0) > 0);
    expect(late.get(LAG)).toBeGreaterThanOrEqual(600);
    expect(late.get(LAG)).toBeLessThan(660);
    expect(late.get(`harbor_fleet_replication_failures_total${LABELS}`)).toBe(1);
    expect(asked.filter((path) => path.includes('page=2'))).toEqual([]);

    executions = [execution(252, 'Succeed', 30, 'scheduled'), ...executions];
    const healed = await until(url, (found) => found.get(LAG) === 0);
    const complete = healed.get(`harbor_fleet_replication_complete_timestamp_seconds${LABELS}`) ?? 0;
    expect(Math.abs(complete - (Date.now() / 1000 - 30))).toBeLessThan(10);
    expect(printed).toEqual([]);
  });

  it('says when Harbor does not tell, once and without its password, while the lag goes on from what is known', async () => {
    executions = [execution(1, 'Failed', 100)];
    const url = await start();
    await until(url, (found) => (found.get(LAG) ?? 0) > 99);
    status = 500;
    const away = await until(url, (found) => found.get('harbor_fleet_replication_up') === 0);
    const known = away.get(LAG) ?? 0;
    await until(url, (found) => (found.get(LAG) ?? 0) > known);
    status = 200;
    await until(url, (found) => found.get('harbor_fleet_replication_up') === 1);
    // The look that was under way may fail at another question than those after it.
    const [again, ...told] = [...printed].reverse();
    expect(again).toBe('Harbor tells of its replications again');
    expect(told.length).toBeLessThanOrEqual(2);
    for (const one of told) {
      expect(one).toMatch(/^could not measure replication: GET \/replication\/\w+\?\S+: 500 no \(hidden\)$/);
    }
  });

  it('takes results of runs from those who know the password, and of no one else', async () => {
    const url = await start();
    const FAILURES = 'harbor_fleet_settings_failures';
    expect((await metrics(url)).has(FAILURES)).toBe(false);
    expect(await tellRun(url, 'secret-of-robot', { made: 2, changed: 1, removed: 0, failed: 0 })).toBeUndefined();
    expect(await tellRun(url, 'secret-of-robot', { made: 1, changed: 0, removed: 0, failed: 3 })).toBeUndefined();
    const refused = 'the metrics do not take the result of this run: 403';
    expect(await tellRun(url, 'wrong', { made: 0, changed: 0, removed: 0, failed: 0 })).toBe(refused);
    expect(await tellRun(url, 'secret-of-robot', { made: 'x' } as never)).toBe(refused);
    const huge = { made: 'x'.repeat(100_000) } as never;
    expect(await tellRun(url, 'secret-of-robot', huge)).not.toBeUndefined();
    const found = await metrics(url);
    expect(found.get(FAILURES)).toBe(3);
    expect(found.get('harbor_fleet_settings_changes_total{action="made"}')).toBe(3);
    const ran = found.get('harbor_fleet_settings_run_timestamp_seconds') ?? 0;
    const succeeded = found.get('harbor_fleet_settings_success_timestamp_seconds') ?? 0;
    expect(ran).toBeGreaterThanOrEqual(succeeded);
    expect(succeeded).toBeGreaterThan(Date.now() / 1000 - 60);

    const locked = await start({ password: () => undefined });
    expect(await tellRun(locked, '', { made: 0, changed: 0, removed: 0, failed: 0 })).toBe(refused);
    expect(await tellRun('http://127.0.0.1:9', 'x', { made: 0, changed: 0, removed: 0, failed: 0 })).toBe(
      'the metrics of settings do not answer: the result of this run is in its log only',
    );
  });

  it('shows every metric that the alerts are about', async () => {
    executions = [execution(1, 'Failed', 100)];
    const url = await start();
    await tellRun(url, 'secret-of-robot', { made: 0, changed: 0, removed: 0, failed: 0 });
    const found = await until(url, (all) => all.has(LAG));
    const shown = new Set([...found.keys()].map((name) => name.replace(/\{.*/, '')));
    const { groups } = parse(readFileSync(join(__dirname, '../../docs/alerts.yaml'), 'utf8')) as {
      groups: { rules: { expr: string }[] }[];
    };
    const used = groups.flatMap(({ rules }) =>
      rules.flatMap(({ expr }) => expr.match(/\w+_seconds|harbor_fleet_\w+/g) ?? []),
    );
    expect(used.length).toBeGreaterThanOrEqual(6);
    expect(used.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('is healthy without Harbor, and knows no other path', async () => {
    status = 503;
    const url = await start();
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok\n');
    expect((await fetch(`${url}/`)).status).toBe(404);
    expect((await fetch(`${url}/metrics`)).headers.get('content-type')).toBe('text/plain; version=0.0.4');
  });
});
