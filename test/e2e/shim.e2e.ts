import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { blobShim, tagShim } from '../../lib/k8s/kraken/shim';
import { Nginx } from './support/nginx';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const PROJECTS = ['library', 'a.b', 'default', ...Array.from({ length: 3_000 }, (_, i) => `payments-service-${i}`)];

/** What Kraken reads from Harbor by, in a real nginx, with a server in the place of Harbor. */
describe.each([
  ['blobs', blobShim, `blobs/${DIGEST}`],
  ['tags', tagShim, 'manifests/1'],
] as const)("Kraken's reads of %s", (_, shim, what) => {
  let harbor: Server;
  let nginx: Nginx;

  beforeAll(async () => {
    harbor = createServer((asked, answer) => {
      if (!asked.url?.includes('/silent/')) answer.end(`harbor ${asked.url}`);
    });
    await once(harbor.listen(0, '127.0.0.1'), 'listening');
    const place = (harbor.address() as AddressInfo).port;
    nginx = await Nginx.start((port, folder) => {
      const conf = shim({ projects: PROJECTS })
        .replace(/listen [^;]+/, `listen 127.0.0.1:${port}`)
        .replaceAll('/var/cache/kraken', folder)
        .replace(/\/dev\/std(out|err)/g, `${folder}/log`)
        .replace('include /etc/kraken/shim/upstream.conf;', `proxy_pass http://127.0.0.1:${place};`);
      return `pid ${folder}/pid;\nerror_log ${folder}/log;\nevents {}\nhttp {\n${conf}\n}\n`;
    }, '/');
  });
  afterAll(async () => {
    await nginx?.stop();
    harbor?.closeAllConnections();
    harbor?.close();
  });

  it('pass for projects that peers may serve, thousands of them', async () => {
    for (const project of ['library', 'a.b', 'default', 'payments-service-2999'])
      expect(await nginx.ask('GET', `/v2/${project}/deep/app/${what}`)).toMatchObject({
        status: 200,
        text: `harbor /v2/${project}/deep/app/${what}`,
      });
  });

  it.each(['secret/app', 'axb/app', 'library2/app', 'library/../secret/app', 'library/%2e%2e/secret/app', 'library'])(
    'do not pass for %s',
    async (repository) => {
      expect((await nginx.ask('GET', `/v2/${repository}/${what}`)).status).toBe(404);
    },
  );

  it('change nothing', async () => {
    for (const method of ['PUT', 'POST', 'PATCH', 'DELETE'])
      expect((await nginx.ask(method, `/v2/library/app/${what}`)).status).toBe(403);
  });

  it('are given up when Harbor says nothing', async () => {
    expect((await nginx.ask('GET', `/v2/library/silent/${what}`)).status).toBe(504);
  });
});
