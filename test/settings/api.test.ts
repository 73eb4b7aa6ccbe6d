import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api, ApiError } from '../../lib/settings/api';

/** A server that is no good Harbor. */
describe('Api', () => {
  const servers: Server[] = [];
  const asked: string[] = [];

  const api = async (listener: RequestListener): Promise<Api> => {
    asked.length = 0;
    const made = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      listener(request, response);
    });
    servers.push(made);
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
    const { port } = made.address() as AddressInfo;
    return new Api({
      url: `http://127.0.0.1:${port}`,
      username: 'admin',
      password: 'pass-word',
      timeout: 300,
      pause: 1,
    });
  };
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  const failure = async (promise: Promise<unknown>): Promise<ApiError> => {
    const error = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof ApiError)) throw new Error(`no ApiError but ${String(error)}`);
    return error;
  };

  it('reads a value, nothing for an empty answer, and nothing for what is not there', async () => {
    const one = await api((request, response) => {
      if (request.url?.endsWith('/gone')) response.statusCode = 404;
      response.end(request.url?.endsWith('/value') ? '{"a":1}' : '');
    });
    expect(await one.get('/value')).toEqual({ a: 1 });
    expect(await one.get('/empty')).toBeUndefined();
    expect(await one.get('/gone')).toBeUndefined();
    expect(asked[0]).toBe('GET /api/v2.0/value');
  });

  it('reads all pages, and lists that know no pages', async () => {
    const items = Array.from({ length: 250 }, (_, id) => ({ id }));
    const one = await api((request, response) => {
      const { searchParams, pathname } = new URL(request.url ?? '', 'http://x');
      if (pathname.endsWith('/none')) return void response.end('null');
      const page = Number(searchParams.get('page'));
      response.setHeader('x-total-count', '250');
      response.end(JSON.stringify(items.slice((page - 1) * 100, page * 100)));
    });
    expect(await one.list('/things?x=1')).toEqual(items);
    expect(asked).toEqual([1, 2, 3].map((page) => `GET /api/v2.0/things?x=1&page=${page}&page_size=100`));
    expect(await one.list('/none')).toEqual([]);
    await api((_, response) => response.end(JSON.stringify(items))).then(async (whole) => {
      expect(await whole.list('/things')).toHaveLength(250);
      expect(asked).toHaveLength(1);
    });
  });

  it('asks again while a proxy answers in the place of Harbor, and gives up', async () => {
    let answers = 0;
    const one = await api((_, response) => {
      response.statusCode = ++answers < 3 ? 503 : 200;
      response.end('{}');
    });
    expect(await one.get('/x')).toEqual({});
    const never = await api((_, response) => {
      response.statusCode = 502;
      response.end('<html>bad gateway</html>');
    });
    expect((await failure(never.get('/x'))).message).toBe('GET /x: 502 <html>bad gateway</html>');
    expect(asked).toHaveLength(4);
  });

  it('never asks again for a change, and not after a refusal', async () => {
    const one = await api((_, response) => {
      response.statusCode = 500;
      response.end('{"errors":[{"code":"UNKNOWN","message":"internal server error"}]}');
    });
    expect((await failure(one.send('POST', '/x', {}))).message).toBe('POST /x: 500 internal server error');
    expect((await failure(one.get('/x'))).status).toBe(500);
    expect(asked).toHaveLength(2);
  });

  it('tells of half an answer, of none in time, of none at all, and of a redirect', async () => {
    const half = await api((_, response) => response.end('{"a":'));
    expect((await failure(half.get('/x'))).message).toMatch(/^GET \/x: the answer is not JSON, or only half of it/);
    const hangs = await api(() => undefined);
    expect((await failure(hangs.send('PUT', '/x', {}))).message).toBe('PUT /x: no answer in time');
    const cuts = await api((_, response) => response.destroy());
    expect((await failure(cuts.send('PUT', '/x', {}))).message).toMatch(/^PUT \/x: \S/);
    const moved = await api((_, response) => {
      response.writeHead(308, { location: 'https://other/' }).end();
    });
    expect((await failure(moved.get('/x'))).message).toBe('GET /x: 308 is sent on to https://other/: use that address');
  });

  it('keeps every secret out of its messages', async () => {
    const one = await api((_, response) => {
      response.statusCode = 400;
      response.end('{"errors":[{"message":"bad secret robot-secret for pass-word"}]}');
    });
    one.hide('robot-secret');
    expect((await failure(one.send('POST', '/x'))).message).toBe('POST /x: 400 bad secret (hidden) for (hidden)');
  });

  it('gives the id of what was made', async () => {
    const one = await api((request, response) => {
      const location = request.url?.endsWith('/named') ? '/api/v2.0/things/name' : '/api/v2.0/things/17';
      response.writeHead(201, { location }).end();
    });
    expect(await one.send('POST', '/things', {})).toBe(17);
    expect(await one.send('POST', '/named', {})).toBe(0);
  });

  it('asks whether someone is let in, with their own password', async () => {
    const one = await api((request, response) => {
      const [name, password] = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64')
        .toString()
        .split(':');
      response.statusCode = name === 'odd' ? 500 : password === 'right' ? 200 : 401;
      response.end('{}');
    });
    expect(await one.logsIn('robot$ci', 'right')).toBe(true);
    expect(await one.logsIn('robot$ci', 'wrong')).toBe(false);
    expect(asked[0]).toBe('GET /service/token?service=harbor-registry');
    expect((await failure(one.logsIn('odd', 'right'))).status).toBe(500);
  });

  it('knows a secret again by a sign that depends on the account', () => {
    const of = (password: string) => new Api({ url: '', username: 'admin', password });
    expect(of('a').fingerprint('x')).toBe(of('a').fingerprint('x'));
    expect(of('a').fingerprint('x')).not.toBe(of('b').fingerprint('x'));
    expect(of('a').fingerprint('x')).toMatch(/^[0-9a-f]{12}$/);
  });
});
