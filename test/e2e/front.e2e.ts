import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { planTopology } from '../../lib/index';
import { frontConf } from '../../lib/k8s/harbor/front-config';
import { READ_SECONDS } from '../../lib/k8s/nginx';
import { Nginx } from './support/nginx';
import { sleep } from './support/process';

const NAMES = ['library', 'a.b', 'default', 'tools', 'own'] as const;

/** The front's configuration in a real nginx, with a server in the place of core that says what reached it. */
describe('the front of a region that is not the home', () => {
  let core: Server;
  let nginx: Nginx;

  beforeAll(async () => {
    core = createServer(answerAs);
    await once(core.listen(0, '127.0.0.1'), 'listening');
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
    const place = `127.0.0.1:${(core.address() as AddressInfo).port}`;
    // Only places are changed: addresses, the port, and the folder that it writes to.
    nginx = await Nginx.start(
      (port, folder) =>
        frontConf(harbor)
          .replaceAll(`${harbor.core.host}:${harbor.core.port}`, place)
          .replaceAll(`${harbor.portal.host}:${harbor.portal.port}`, place)
          .replaceAll('listen 8080', `listen 127.0.0.1:${port}`)
          .replaceAll('/tmp/', `${folder}/`)
          .replaceAll('/dev/stdout', join(folder, 'access.log')),
      '/healthz',
    );
  });
  afterAll(async () => {
    await nginx?.stop();
    core?.closeAllConnections();
    core?.close();
  });

  /** What reached it; or, as the last part of the path says, nothing at all, a little at a time, or an answer that takes its time. */
  const answerAs = async ({ method, url }: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const long = READ_SECONDS * 1_000 + 5_000;
    if (url?.endsWith('/silent')) return;
    if (url?.endsWith('/late')) await sleep(long);
    const parts = url?.endsWith('/slow') ? 5 : 0;
    for (let i = 0; i < parts; i++) {
      answer.write('.');
      await sleep(long / parts);
    }
    answer.end(`core ${method} ${url}`);
  };

  const ask = (method: string, path: string, host = 'registry.example.com') => nginx.ask(method, path, host);

  it('answers probes itself', async () => expect((await ask('GET', '/healthz')).status).toBe(200));

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

  it('gives a read up that hears nothing, so that the next region is asked, and lets what is slow and what writes end', async () => {
    const [read, question, slow, write] = await Promise.all([
      ask('GET', '/v2/library/app/blobs/silent'),
      ask('HEAD', '/v2/library/app/manifests/silent'),
      ask('GET', '/v2/library/app/blobs/slow'),
      ask('PUT', '/v2/own/app/blobs/uploads/late'),
    ]);
    expect([read.status, question.status]).toEqual([504, 504]);
    expect(slow).toMatchObject({ status: 200, text: '.....core GET /v2/library/app/blobs/slow' });
    expect(write).toMatchObject({ status: 200, text: 'core PUT /v2/own/app/blobs/uploads/late' });
  });
});
