import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planTopology } from '../../lib/index';
import { frontConf } from '../../lib/k8s/harbor/front-config';
import { ensurePrograms } from './support/packages';
import { eventually, run } from './support/process';

const NAMES = ['library', 'a.b', 'default', 'tools', 'own'] as const;

/** The front's configuration in a real nginx, with a server in the place of core that says what reached it. */
describe('the front of a region that is not the home', () => {
  const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-front-'));
  let core: Server;
  let nginx: ChildProcess;
  let port = 0;

  beforeAll(async () => {
    await ensurePrograms({ nginx: 'nginx-light' });
    core = createServer((asked, answer) => answer.end(`core ${asked.method} ${asked.url}`));
    await once(core.listen(0, '127.0.0.1'), 'listening');
    port = await freePort();
    const [, hangzhou] = planTopology({
      domain: 'registry.example.com',
      settings: {},
      regions: Object.fromEntries(
        ['virginia', 'hangzhou'].map((name) => [
          name,
          { storage: { type: 'nas', storageClass: 'nfs' }, tls: { type: 'none' }, kraken: false, nodeMirror: false },
        ]),
      ),
      projects: Object.fromEntries(
        NAMES.map((name) => [name, { home: name === 'own' ? 'hangzhou' : 'virginia', replicateTo: 'all' }]),
      ),
    }).regions;
    if (hangzhou === undefined) throw new Error('no second region');
    const [harbor] = hangzhou.harbors;
    // Only places are changed: addresses, the port, and the folder that it writes to.
    const conf = frontConf(harbor)
      .replaceAll(`${harbor.core.host}:${harbor.core.port}`, `127.0.0.1:${(core.address() as AddressInfo).port}`)
      .replaceAll(`${harbor.portal.host}:${harbor.portal.port}`, `127.0.0.1:${(core.address() as AddressInfo).port}`)
      .replaceAll('listen 8080', `listen 127.0.0.1:${port}`)
      .replaceAll('/tmp/', `${folder}/`)
      .replaceAll('/dev/stdout', join(folder, 'access.log'));
    const file = join(folder, 'nginx.conf');
    writeFileSync(file, conf);
    // It tells of warnings too, such as a hash that is too small.
    await run('sh', [
      '-c',
      'nginx -t -c "$0" 2> "$1/test" && ! grep -E "warn|emerg" "$1/test" || { cat "$1/test" >&2; exit 1; }',
      file,
      folder,
    ]);
    nginx = spawn('nginx', ['-c', file, '-g', 'daemon off;'], { stdio: 'inherit' });
    await eventually(async () => (await ask('GET', '/healthz').catch(() => undefined))?.status === 200 || undefined, {
      what: 'nginx to answer',
    });
  });
  afterAll(async () => {
    nginx?.kill('SIGTERM');
    if (nginx?.exitCode === null) await once(nginx, 'exit');
    core?.close();
    rmSync(folder, { recursive: true });
  });

  const ask = (method: string, path: string, host = 'registry.example.com') =>
    new Promise<{ status: number; text: string; type?: string }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, method, path, headers: { host } }, async (answer) => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        resolve({ status: answer.statusCode ?? 0, text, type: answer.headers['content-type'] });
      });
      sent.on('error', reject).end();
    });

  it.each(NAMES.filter((name) => name !== 'own'))(
    'refuses what changes %s by the one name, and says where its home is',
    async (project) => {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const { status, text, type } = await ask(method, `/v2/${project}/app/blobs/uploads/`);
        expect({ status, type }).toEqual({ status: 403, type: 'application/json' });
        expect(JSON.parse(text)).toEqual({
          errors: [
            {
              code: 'DENIED',
              message: `images of ${project} are pushed to virginia.registry.example.com, which is their home`,
            },
          ],
        });
      }
    },
  );

  it.each([
    '/v2//library/app/manifests/1',
    '/v2/%6cibrary/app/manifests/1',
    '/v2/own/../library/app/manifests/1',
    '/v2/library%2Fapp/manifests/1',
    '/v2/library/harbor-fleet-check/../app/manifests/1',
    '/v2/library/harbor-fleet-checks/manifests/1',
  ])('refuses it by another spelling too: %s', async (path) => {
    expect((await ask('PUT', path)).status).toBe(403);
    expect((await ask('PUT', path, 'REGISTRY.example.com:443')).status).toBe(403);
  });

  it.each([
    ['GET', '/v2/library/app/manifests/1', 'registry.example.com'],
    ['HEAD', '/v2/library/app/manifests/1', 'registry.example.com'],
    ['PUT', '/v2/own/app/manifests/1', 'registry.example.com'],
    ['PUT', '/v2/library2/app/manifests/1', 'registry.example.com'],
    ['PUT', '/v2/library/harbor-fleet-check/manifests/1', 'registry.example.com'],
    ['POST', '/api/v2.0/projects', 'registry.example.com'],
    ['PUT', '/v2/library/app/manifests/1', 'hangzhou.registry.example.com'],
    ['PUT', '/v2/library/app/manifests/1', 'harbor.harbor.svc.cluster.local'],
  ])('lets through %s %s to %s', async (method, path, host) => {
    const { status, text } = await ask(method, path, host);
    expect({ status, text }).toEqual({ status: 200, text: method === 'HEAD' ? '' : `core ${method} ${path}` });
  });
});

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
