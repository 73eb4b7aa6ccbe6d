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

  it('knows no password as an argument', async () => {
    expect(await cli('plan', 'on.yaml', '--password', 'x')).toMatchObject({
      code: 2,
      err: "error: unknown option '--password'\n",
    });
  });
});
