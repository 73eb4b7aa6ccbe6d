import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, type Io } from '../../lib/cli/io.js';
import { run } from '../../lib/cli/run.js';
import { testFolder, testIo, write } from './fixtures.js';

const root = testFolder();
let count = 0;

const TOPOLOGY = `
domain: registry.example.com
images: {kraken: tools.example.com/kraken:v0.1.27}
regions:
  berlin: {storage: {type: nas, storageClass: nas}}
  tokyo: {storage: {type: nas, storageClass: nas}}
projects:
  library: {home: berlin, public: true, replicateTo: all}
`;

/** A folder with `t.yaml`, and what running a command line in it gives. */
function world(topology = TOPOLOGY) {
  const cwd = join(root, String(count++));
  write(cwd, { 't.yaml': topology });
  const harborFleet = async (line: string, more: Partial<Io> = {}) => {
    const io = testIo(cwd, more);
    const code = await run(line.split(' '), io);
    return { code, ...io.printed };
  };
  return { cwd, harborFleet };
}

const MISTAKEN = TOPOLOGY.replace('storageClass: nas}}', 'storageClas: nas}}').replace('home: berlin', 'home: paris');

describe('plan and check', () => {
  it('shows tables on standard output', async () => {
    const { code, out } = await world().harborFleet('plan t.yaml');
    expect(code).toBe(EXIT.fine);
    expect(out).toMatch(/^registry\.example\.com {2}2 regions, 1 project\n/);
    for (const text of ['berlin', 'tokyo', 'berlin.registry.example.com', 'library']) expect(out).toContain(text);
  });

  it('shows details when asked only, and says that there are any', async () => {
    const short = await world().harborFleet('plan t.yaml');
    expect(short.out).toMatch(/\nWho talks to whom\n/);
    expect(short.out).not.toMatch(/\nEvery flow\n/);
    expect(short.out).toMatch(/--all/);
    const all = await world().harborFleet('plan t.yaml --all');
    for (const title of ['Pods, and what each reserves', 'Every flow', 'Every Secret'])
      expect(all.out).toContain(`\n${title}\n`);
    expect(all.out).not.toMatch(/--all/);
  });

  it('shows the whole plan to machines', async () => {
    const { code, out } = await world().harborFleet('plan t.yaml --json');
    expect(code).toBe(EXIT.fine);
    const plan = JSON.parse(out);
    expect(plan.kind).toBe('Topology');
    expect(plan.regions.map((region: { name: string }) => region.name)).toEqual(['berlin', 'tokyo']);
  });

  it('tells all mistakes at once on standard error, with path and fix, and no stack trace', async () => {
    for (const command of ['plan', 'check', 'synth', 'diagram', 'secrets', 'diff']) {
      const { cwd, harborFleet } = world(MISTAKEN);
      const { code, out, err } = await harborFleet(`${command} t.yaml`);
      expect(code).toBe(EXIT.mistakes);
      expect(out).toBe('');
      expect(err).toContain('regions.berlin.storage.storageClas');
      expect(err).toContain('did you mean "storageClass"?');
      expect(err).toContain('projects.library.home');
      expect(err).not.toMatch(/^\s+at /m);
      expect(readdirSync(cwd)).toEqual(['t.yaml']);
    }
  });

  it('tells mistakes to machines on standard output', async () => {
    const { code, out, err } = await world(MISTAKEN).harborFleet('check t.yaml --json');
    expect(code).toBe(EXIT.mistakes);
    expect(err).toBe('');
    expect(JSON.parse(out).issues).toContainEqual(
      expect.objectContaining({ path: 'projects.library.home', level: 'error', given: '"paris"' }),
    );
  });

  it('says that there are no mistakes', async () => {
    const { code, out } = await world().harborFleet('check t.yaml');
    expect(code).toBe(EXIT.fine);
    expect(out).toMatch(/^no mistakes/);
  });

  it('colours only where there is a terminal', async () => {
    const styled = String.fromCharCode(27);
    const colours = { out: true, err: true };
    expect((await world().harborFleet('check t.yaml')).out).not.toContain(styled);
    expect((await world().harborFleet('check t.yaml', { colours })).out).toContain(styled);
  });
});

describe('synth and diff', () => {
  it('writes the manifests of every region, each with the mark of its topology', async () => {
    const { cwd, harborFleet } = world();
    const { code, out } = await harborFleet('synth t.yaml');
    expect(code).toBe(EXIT.fine);
    expect(out).toMatch(/^dist\/berlin {2}\d+ files?: \d+ added\ndist\/tokyo {2}\d+ files?: \d+ added\n$/);
    expect(readdirSync(join(cwd, 'dist'))).toEqual(['berlin', 'tokyo']);
    for (const file of readdirSync(join(cwd, 'dist/berlin'))) {
      const text = readFileSync(join(cwd, 'dist/berlin', file), 'utf8');
      expect(text).toMatch(/^# Made by harbor-fleet for registry\.example\.com; changes here are lost\.\n/);
    }
  });

  it('writes the same bytes again', async () => {
    const { harborFleet } = world();
    await harborFleet('synth t.yaml');
    expect((await harborFleet('synth t.yaml')).out).toMatch(
      /^dist\/berlin {2}\d+ files?: \d+ unchanged\ndist\/tokyo {2}\d+ files?: \d+ unchanged\n$/,
    );
    expect(await harborFleet('diff t.yaml')).toEqual({ code: EXIT.fine, out: 'no differences\n', err: '' });
  });

  it('writes one region, elsewhere', async () => {
    const { cwd, harborFleet } = world();
    const { code, out } = await harborFleet('synth t.yaml --out gitops/clusters --region tokyo --json');
    expect(code).toBe(EXIT.fine);
    expect(readdirSync(join(cwd, 'gitops/clusters'))).toEqual(['tokyo']);
    expect(JSON.parse(out).files[0]).toEqual({
      path: expect.stringMatching(/^gitops\/clusters\/tokyo\/.*\.yaml$/),
      change: 'added',
    });
  });

  it('removes a region that is gone, and only what it wrote itself', async () => {
    const { cwd, harborFleet } = world();
    await harborFleet('synth t.yaml');
    write(cwd, {
      'dist/tokyo/mine.yaml': 'kind: Mine\n',
      't.yaml': TOPOLOGY.replace(/ {2}tokyo.*\n/, ''),
    });
    const { code, out } = await harborFleet('synth t.yaml');
    expect(code).toBe(EXIT.fine);
    expect(out).toContain('removed  dist/tokyo/');
    expect(readdirSync(join(cwd, 'dist/tokyo'))).toEqual(['mine.yaml']);
  });

  it("refuses to overwrite a file of the user's", async () => {
    const { cwd, harborFleet } = world();
    await harborFleet('synth t.yaml');
    const [file = ''] = readdirSync(join(cwd, 'dist/berlin'));
    write(cwd, { [`dist/berlin/${file}`]: 'kind: Mine\n' });
    const { code, err } = await harborFleet('synth t.yaml');
    expect(code).toBe(EXIT.refused);
    expect(err).toContain(`${file} was not made for registry.example.com`);
    expect(readFileSync(join(cwd, 'dist/berlin', file), 'utf8')).toBe('kind: Mine\n');
  });

  it('tells objects that would be added, changed and removed, with a code of its own', async () => {
    const { cwd, harborFleet } = world();
    expect((await harborFleet('diff t.yaml')).code).toBe(EXIT.different);
    expect(existsSync(join(cwd, 'dist'))).toBe(false);
    await harborFleet('synth t.yaml');
    write(cwd, {
      't.yaml': TOPOLOGY.replace(
        'tokyo: {',
        'tokyo: {logLevel: debug, kraken: false, nodeMirror: false, metrics: true, ',
      ),
    });
    const { code, out } = await harborFleet('diff t.yaml');
    expect(code).toBe(EXIT.different);
    expect(out).toMatch(/^~ tokyo: Deployment harbor\/harbor-core$/m);
    expect(out).toMatch(/^- tokyo: DaemonSet kraken-nodes\/kraken-agent$/m);
    expect(out).toMatch(/^\+ tokyo: Deployment harbor\/harbor-exporter$/m);
    expect(out).toMatch(/\d+ objects to be written differently\n$/);
    const { changes } = JSON.parse((await harborFleet('diff t.yaml --json')).out);
    expect(changes).toContainEqual({ change: 'changed', object: 'tokyo: Deployment harbor/harbor-core' });
  });
});

describe('diagram', () => {
  it('draws both forms, and knows its own files again', async () => {
    const { cwd, harborFleet } = world();
    for (const change of ['added', 'unchanged']) {
      const { code, out } = await harborFleet('diagram t.yaml --out docs/picture');
      expect(code).toBe(EXIT.fine);
      expect(out).toBe(`docs/picture.mmd  ${change}\ndocs/picture.svg  ${change}\n`);
    }
    expect(readFileSync(join(cwd, 'docs/picture.mmd'), 'utf8')).toMatch(/^%% Made by .*\nflowchart /);
    expect(readFileSync(join(cwd, 'docs/picture.svg'), 'utf8')).toMatch(/^<!-- Made by .* -->\n<svg /);
  });

  it("leaves a picture of the user's alone", async () => {
    const { cwd, harborFleet } = world();
    write(cwd, { 'diagram.svg': '<svg/>' });
    expect((await harborFleet('diagram t.yaml')).code).toBe(EXIT.refused);
    expect(existsSync(join(cwd, 'diagram.mmd'))).toBe(false);
  });
});

describe('secrets', () => {
  it('makes every generated Secret that the plan names, once', async () => {
    const { cwd, harborFleet } = world();
    const { code } = await harborFleet('secrets t.yaml');
    expect(code).toBe(EXIT.fine);
    expect(readdirSync(join(cwd, 'secrets'))).toEqual(expect.arrayContaining(['berlin.yaml', 'tokyo.yaml']));
    const again = await harborFleet('secrets t.yaml --json');
    expect(JSON.parse(again.out).regions.map(({ made }: { made: unknown[] }) => made)).toEqual([[], []]);
    expect((await harborFleet('secrets t.yaml --out one.yaml')).code).toBe(EXIT.usage);
  });
});

describe('the command line itself', () => {
  it('documents its exit codes', async () => {
    const { code, out } = await world().harborFleet('--help');
    expect(code).toBe(EXIT.fine);
    for (const exit of Object.values(EXIT)) expect(out).toMatch(new RegExp(`^ {2}${exit} +\\S`, 'm'));
  });

  it('tells its version', async () => {
    const { code, out } = await world().harborFleet('--version');
    const { version } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8'));
    expect({ code, out }).toEqual({ code: EXIT.fine, out: `${version}\n` });
  });

  it.each([
    ['plans t.yaml', /unknown command 'plans'/],
    ['plan', /missing required argument 'topology'/],
    ['plan t.yaml --jsn', /unknown option '--jsn'/],
    ['plan absent.yaml', /^error: absent\.yaml does not exist\n$/],
    [
      'synth t.yaml --region berlni',
      /--region berlni is not in the topology: it has berlin, tokyo; did you mean berlin\?/,
    ],
    ['synth t.yaml --out t.yaml', /^error: E(NOTDIR|EXIST)/],
  ])('%s is wrong usage', async (line, message) => {
    const { code, out, err } = await world().harborFleet(line);
    expect(code).toBe(EXIT.usage);
    expect(out).toBe('');
    expect(err).toMatch(message);
    expect(err).not.toMatch(/^\s+at /m);
  });

  it('tells wrong usage to machines too', async () => {
    const { code, out } = await world().harborFleet('plan absent.yaml --json');
    expect(code).toBe(EXIT.usage);
    expect(JSON.parse(out)).toEqual({ error: 'absent.yaml does not exist' });
  });

  it('shows where its own mistakes are', async () => {
    const out = (): void => {
      throw new TypeError('broken');
    };
    const { code, err } = await world().harborFleet('check t.yaml', { out });
    expect(code).toBe(EXIT.bug);
    expect(err).toMatch(/error: broken\nThis is a mistake in harbor-fleet.*\nTypeError: broken\n\s+at /);
  });
});
