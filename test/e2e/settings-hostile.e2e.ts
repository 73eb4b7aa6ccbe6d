import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { planTopology } from '../../lib/index';
import type { SettingsPlan } from '../../lib/plan/settings';
import { Api } from '../../lib/settings/api';
import { applySettings, failuresOf } from '../../lib/settings/kinds';
import { changeLine } from '../../lib/settings/print';
import { type LocalHarbor, startHarbor } from './support/local-harbor';

const SECRET = 'Robot-password-1';

/** A real Harbor behind a proxy that answers badly: what it does not pass on, and what it passes on and then spoils the answer of. */
describe("a Harbor's settings, when Harbor answers badly", () => {
  let harbor: LocalHarbor;
  let proxy: Server;
  let url = '';
  /** What becomes of the nth request. */
  let spoil: (n: number) => 'fine' | 'error' | 'error afterwards' | 'half' | 'cut' | 'hang' = () => 'fine';
  let asked = 0;

  beforeAll(async () => {
    harbor = await startHarbor();
    proxy = createServer(async (request, response) => {
      const mode = spoil(++asked);
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (mode === 'error') return void response.writeHead(500).end('{"errors":[{"code":"UNKNOWN","message":""}]}');
      if (mode === 'hang') return;
      const { host: _, connection: __, 'content-length': ___, 'transfer-encoding': ____, ...headers } = request.headers;
      const answer = await fetch(`${harbor.url}${request.url}`, {
        method: request.method,
        headers: headers as Record<string, string>,
        body: chunks.length === 0 ? undefined : Buffer.concat(chunks),
        redirect: 'manual',
      });
      const body = Buffer.from(await answer.arrayBuffer());
      if (mode === 'error afterwards') return void response.writeHead(500).end();
      if (mode === 'cut') return void response.destroy();
      for (const name of ['location', 'x-total-count', 'content-type']) {
        const value = answer.headers.get(name);
        if (value !== null) response.setHeader(name, value);
      }
      response.writeHead(answer.status).end(mode === 'half' ? body.subarray(0, body.length / 2) : body);
    });
    await once(proxy.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    proxy?.closeAllConnections();
    proxy?.close();
    await harbor?.down();
  });

  const settings = (): SettingsPlan => {
    const { regions } = planTopology({
      domain: 'registry.example.com',
      regions: { virginia: { storage: { type: 'nas', storageClass: 'nfs' }, kraken: false, nodeMirror: false } },
      settings: { banner: 'hello', garbageCollection: { schedule: '30 3 * * *' }, labels: { stable: {} } },
      users: { anna: { email: 'anna@example.com' } },
      robots: { ci: { push: 'all' }, viewer: { pull: ['a'] } },
      projects: Object.fromEntries(
        ['a', 'b', 'c'].map((name) => [
          name,
          {
            quota: '1Gi',
            members: { users: { anna: 'developer' } },
            immutability: [{ tags: 'v*' }],
            retention: { rules: [{ latestPushed: 3 }] },
            labels: { own: {} },
            webhooks: { chat: { address: 'http://127.0.0.1:9/', events: ['PUSH_ARTIFACT'] } },
          },
        ]),
      ),
    });
    return regions[0]?.harbors[0].settings as SettingsPlan;
  };

  /** One run; what it prints holds no secret, whatever Harbor says. */
  async function apply(plan: SettingsPlan, password = harbor.password, timeout = 20_000): Promise<string[]> {
    const lines: string[] = [];
    try {
      const api = new Api({ url, username: 'admin', password, timeout, pause: 5 });
      const changes = await applySettings(plan, api, () => SECRET, { dryRun: false });
      lines.push(...changes.map(changeLine), `${failuresOf(changes).length} failed`);
    } catch (error) {
      lines.push((error as Error).message);
    }
    for (const secret of [harbor.password, SECRET, password]) expect(lines.join('\n')).not.toContain(secret);
    return lines;
  }

  it('whatever is lost on the way, runs end, and later ones finish what is missing', async () => {
    const KINDS = ['error', 'error afterwards', 'half', 'cut'] as const;
    let failed = 0;
    for (let round = 0; round < 6; round++) {
      // Every third request is spoilt in the one or other way, and others in each round.
      spoil = (n) => (n % 3 === round % 3 ? (KINDS[(n + round) % KINDS.length] ?? 'fine') : 'fine');
      const lines = await apply(settings());
      if (lines.at(-1) !== '0 failed') failed++;
    }
    expect(failed).toBeGreaterThan(0);
    spoil = () => 'fine';
    await apply(settings());
    expect(await apply(settings())).toEqual(['0 failed']);
  });

  it('a Harbor that hangs ends a run in a bounded time', async () => {
    spoil = () => 'hang';
    const start = Date.now();
    expect(await apply(settings(), harbor.password, 300)).toEqual(['GET /users/current: no answer in time']);
    expect(Date.now() - start).toBeLessThan(20_000);
    proxy.closeAllConnections();
  });

  it('wrong credentials, and those of one who is no administrator, change nothing', async () => {
    spoil = () => 'fine';
    expect(await apply(settings(), 'wrong-password')).toEqual(['GET /users/current: 401 unauthorized']);
    const api = new Api({ url, username: 'anna', password: SECRET });
    await expect(applySettings(settings(), api, () => SECRET, { dryRun: false })).rejects.toThrow(
      'anna is not an administrator of this Harbor',
    );
  });

  it('a project whose name Harbor refuses is told with what needs it, and the rest is done', async () => {
    const plan = settings();
    const [first] = plan.projects;
    if (first === undefined) throw new Error('no project');
    const bad = { ...first, name: 'Bad Name' };
    const lines = await apply({ ...plan, projects: [...plan.projects, bad, { ...first, name: 'd', members: [] }] });
    expect(lines.find((line) => line.startsWith('could not make project Bad Name: POST /projects: 400'))).toBeDefined();
    expect(lines).toContain('could not make project label Bad Name/own: not tried, because project Bad Name failed');
    expect(lines).toContain('made project d');
    expect(await apply(plan)).toEqual(['0 failed']);
  });
});
