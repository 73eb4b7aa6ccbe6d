import { run } from '../../lib/cli/run';
import { testFolder, testIo, write } from './fixtures';

const topology = (
  more: string,
  regions = '{ virginia: { storage: { type: nas, storageClass: nfs }, kraken: false, nodeMirror: false } }',
) => `domain: registry.example.com\nregions: ${regions}\n${more}\n`;

/** What needs no Harbor; all else is proven against a real one. */
describe('harbor-fleet settings', () => {
  const folder = testFolder();
  const two =
    '{ a: { storage: { type: nas, storageClass: nfs }, kraken: false, nodeMirror: false }, b: { storage: { type: nas, storageClass: nfs }, kraken: false, nodeMirror: false } }';
  write(folder, {
    'on.yaml': topology('settings: {}'),
    'off.yaml': topology(''),
    'two.yaml': topology('settings: {}', two),
    'mistakes.yaml': topology('settings: { banner: 1, robotPrefix: "A" }'),
    'broken.yaml': 'a: [',
  });
  const cli = async (...args: readonly string[]) => {
    const io = testIo(folder);
    return { code: await run(['settings', ...args], io), ...io.printed };
  };

  it.each([
    [['plan', 'two.yaml'], 2, 'error: settings are those of one Harbor: add --region\n'],
    [['plan', 'off.yaml'], 2, 'error: Harbor harbor has no settings in the topology: add "settings: {}" to it\n'],
    [['plan', 'on.yaml', '--tenant', 'acme'], 2, 'error: --tenant acme is not in region virginia: it has none\n'],
    [
      ['apply', 'on.yaml'],
      2,
      'error: the password of admin is not known: put it in the variable HARBOR_PASSWORD, or pass it with --password-stdin\n',
    ],
    [['apply', 'on.yaml', '--existing', 'none.yaml'], 2, 'error: none.yaml does not exist\n'],
    [
      ['plan', 'on.yaml', '--region', 'virgina'],
      2,
      'error: --region virgina is not in the topology: it has virginia; did you mean virginia?\n',
    ],
  ])('%j ends with %i', async (args, code, err) => {
    expect(await cli(...args)).toEqual({ code, err, out: '' });
  });

  it('tells mistakes of the topology and of files', async () => {
    const { code, err } = await cli('plan', 'mistakes.yaml');
    expect(code).toBe(1);
    expect(err).toContain('settings.banner is not a text');
    expect(err).toContain('settings.robotPrefix is not valid');
    expect((await cli('plan', 'on.yaml', '--existing', 'broken.yaml')).code).toBe(2);
  });

  describe('which Harbor is asked', () => {
    const asked: string[] = [];
    const { fetch } = globalThis;
    beforeAll(() => {
      globalThis.fetch = async (url) => {
        asked.push(String(url));
        throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND') });
      };
    });
    // It asks again after a pause.
    beforeEach(() => {
      jest.spyOn(globalThis, 'setTimeout').mockImplementation((next) => setImmediate(next) as never);
    });
    afterEach(() => jest.restoreAllMocks());
    afterAll(() => {
      globalThis.fetch = fetch;
    });

    it.each([
      [['two.yaml', '--region', 'b'], 'https://b.registry.example.com'],
      [['on.yaml'], 'https://virginia.registry.example.com'],
      [['tenant.yaml', '--tenant', 'acme'], 'https://virginia.acme.example.com'],
      [['two.yaml', '--region', 'b', '--url', 'http://127.0.0.1:8080/'], 'http://127.0.0.1:8080'],
    ])('%j: the one of that region, not whichever the common name leads to', async (args, url) => {
      const acme =
        '{ domain: acme.example.com, namespace: acme, storage: { type: nas, storageClass: nfs }, settings: {} }';
      const region = `{ storage: { type: nas, storageClass: nfs }, kraken: false, nodeMirror: false, tenants: { acme: ${acme} } }`;
      write(folder, { 'tenant.yaml': topology('', `{ virginia: ${region} }`) });
      const io = testIo(folder, { env: { HARBOR_PASSWORD: 'x' } });
      expect(await run(['settings', 'plan', ...args], io)).toBe(5);
      expect(asked.at(-1)).toMatch(new RegExp(`^${url}/api/`));
      expect(io.printed.err).toBe(
        `error: GET /users/current: getaddrinfo ENOTFOUND (asked ${url}: --url names another way to it, such as a port-forward)\n`,
      );
    });
  });

  it('knows no password as an argument', async () => {
    expect(await cli('plan', 'on.yaml', '--password', 'x')).toMatchObject({
      code: 2,
      err: "error: unknown option '--password'\n",
    });
  });
});
