import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runSecrets, type SecretsOptions } from '../../lib/cli/commands/secrets.js';
import { CliError, EXIT } from '../../lib/cli/io.js';
import { markOf } from '../../lib/cli/output-folder.js';
import { filesOf } from '../../lib/cli/secret-files.js';
import type { RegionPlan, TopologyPlan } from '../../lib/plan/plan.js';
import type { SecretPlan } from '../../lib/plan/secrets.js';
import { readSecrets } from '../../lib/secrets/objects.js';
import { certificateKeys, fixedSource, secretPlan } from '../secrets/fixtures.js';
import { testFolder, testIo, write } from './fixtures.js';

const root = testFolder();
let count = 0;

const SECRETS: readonly SecretPlan[] = [
  secretPlan('core', { secretKey: { kind: 'password', length: 16 }, token: { kind: 'rsaKey' } }),
  secretPlan('tls', certificateKeys('registry.example.com', ['registry.example.com']), { type: 'kubernetes.io/tls' }),
  secretPlan('database', { password: { kind: 'password', length: 16 } }, { source: 'existing' }),
];
const extra = secretPlan('extra', { password: { kind: 'password', length: 20 } });

/** Only what the command reads of a plan. */
const region = (name: string, secrets: readonly SecretPlan[] = SECRETS) => ({ name, secrets }) as unknown as RegionPlan;
const topology = (...regions: RegionPlan[]) => ({ domain: 'registry.example.com', regions }) as unknown as TopologyPlan;

interface World {
  readonly cwd: string;
  /** Runs the command over all regions, or the one of `options.region`. */
  readonly run: (plan: TopologyPlan, options?: Partial<SecretsOptions>, now?: Date) => { out: string; err: string };
}

function world(): World {
  const cwd = join(root, String(count++));
  mkdirSync(cwd);
  const run = (plan: TopologyPlan, options: Partial<SecretsOptions> = {}, now?: Date) => {
    const io = testIo(cwd, { source: fixedSource(count, now) });
    const regions = plan.regions.filter(({ name }) => options.region === undefined || name === options.region);
    runSecrets(plan, regions, { out: 'secrets', ...options }, io);
    return io.printed;
  };
  return { cwd, run };
}

const read = (cwd: string, ...files: string[]) =>
  readSecrets(new Map(files.map((file) => [file, readFileSync(join(cwd, file), 'utf8')])));

/** The error that an action ends with. */
function failure(action: () => unknown): CliError {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(CliError);
    return error as CliError;
  }
  throw new Error('nothing failed');
}

/** Every secret value in a world's files. */
function valuesIn(cwd: string, folder = 'secrets'): string[] {
  const files = readdirSync(join(cwd, folder));
  const yaml = files.filter((file) => file.endsWith('.yaml')).map((file) => join(folder, file));
  return [...read(cwd, ...yaml).values()].flatMap((values) => Object.values(values));
}

describe('the first time', () => {
  const { cwd, run } = world();
  const printed = run(topology(region('virginia'), region('eu')));

  it('writes one file for each region, and the CA beside them, for the owner alone', () => {
    expect(readdirSync(join(cwd, 'secrets')).sort()).toEqual(['eu.yaml', 'private-ca.pem', 'virginia.yaml']);
    for (const file of readdirSync(join(cwd, 'secrets'))) {
      expect(statSync(join(cwd, 'secrets', file)).mode & 0o777).toBe(0o600);
    }
  });

  it('gives each region values of its own, but one CA', () => {
    const [virginia, eu] = [read(cwd, 'secrets/virginia.yaml'), read(cwd, 'secrets/eu.yaml')];
    expect([...virginia.keys()]).toEqual(['harbor/core', 'harbor/tls']);
    expect(virginia.get('harbor/core')?.secretKey).not.toBe(eu.get('harbor/core')?.secretKey);
    expect(virginia.get('harbor/tls')?.['ca.crt']).toBe(eu.get('harbor/tls')?.['ca.crt']);
  });

  it('keeps the key of the CA out of what clusters get', () => {
    const pem = readFileSync(join(cwd, 'secrets/private-ca.pem'), 'utf8');
    const key = pem.slice(pem.indexOf('-----BEGIN PRIVATE KEY-----')).split('\n')[1] ?? '';
    expect(key.length).toBeGreaterThan(60);
    expect(readFileSync(join(cwd, 'secrets/virginia.yaml'), 'utf8')).not.toContain(key);
  });

  it('tells what was written and what the user provides, and no value', () => {
    expect(printed.out).toContain('virginia  secrets/virginia.yaml, 2 objects with 5 new values\n');
    expect(printed.out).toContain('private CA  secrets/private-ca.pem');
    expect(printed.out).toMatch(/virginia\s+harbor\/database\s+Opaque\s+password\n/);
    for (const value of valuesIn(cwd)) {
      for (const line of value.split('\n').filter((text) => text.length > 8 && !text.startsWith('-----'))) {
        expect(printed.out + printed.err).not.toContain(line);
      }
    }
  });

  it('prints the same for machines', () => {
    const other = world();
    const json = JSON.parse(other.run(topology(region('eu')), { json: true }).out);
    expect(json.authority).toBe('secrets/private-ca.pem');
    expect(json.regions).toEqual([
      expect.objectContaining({
        region: 'eu',
        file: 'secrets/eu.yaml',
        provide: [{ namespace: 'harbor', name: 'database', type: 'Opaque', keys: ['password'] }],
      }),
    ]);
    for (const value of valuesIn(other.cwd))
      expect(JSON.stringify(json)).not.toContain(JSON.stringify(value).slice(1, -1));
  });
});

describe('the second time', () => {
  const { cwd, run } = world();
  run(topology(region('virginia')));
  const before = readFileSync(join(cwd, 'secrets/virginia.yaml'), 'utf8');

  it('says that nothing is missing, and changes nothing', () => {
    expect(run(topology(region('virginia'))).out).toContain('virginia  complete: secrets/virginia.yaml\n');
    expect(readFileSync(join(cwd, 'secrets/virginia.yaml'), 'utf8')).toBe(before);
    expect(readdirSync(join(cwd, 'secrets'))).toHaveLength(2);
  });

  it('makes the file of a new region, under the same CA', () => {
    run(topology(region('virginia'), region('eu')));
    expect(read(cwd, 'secrets/eu.yaml').get('harbor/tls')?.['ca.crt']).toBe(
      read(cwd, 'secrets/virginia.yaml').get('harbor/tls')?.['ca.crt'],
    );
    expect(readFileSync(join(cwd, 'secrets/virginia.yaml'), 'utf8')).toBe(before);
  });

  it('refuses when something is missing, says what, and touches nothing', () => {
    const error = failure(() => run(topology(region('virginia', [...SECRETS, extra]))));
    expect(error.exitCode).toBe(EXIT.refused);
    expect(error.message).toContain('secrets/virginia.yaml: not complete');
    expect(error.message).toContain('harbor/extra (key password) is missing');
    expect(error.message).toContain('--add');
    expect(readFileSync(join(cwd, 'secrets/virginia.yaml'), 'utf8')).toBe(before);
  });

  it('adds what is missing in a new file, and is complete then', () => {
    const plan = topology(region('virginia', [...SECRETS, extra]));
    expect(run(plan, { add: true }).out).toContain('secrets/virginia_02.yaml, 1 object with 1 new value');
    expect([...read(cwd, 'secrets/virginia_02.yaml').keys()]).toEqual(['harbor/extra']);
    expect(readFileSync(join(cwd, 'secrets/virginia.yaml'), 'utf8')).toBe(before);
    expect(run(plan, { add: true }).out).toContain('complete: secrets/virginia.yaml, secrets/virginia_02.yaml');
  });

  it('issues certificates again that are about to end, when asked to add', () => {
    const late = new Date('2029-02-10T00:00:00Z');
    const plan = topology(region('virginia'));
    expect(failure(() => run(plan, {}, late)).message).toContain('harbor/tls (key tls.crt) ends on 2029-02-18');
    run(plan, { add: true }, late);
    const files = ['secrets/virginia.yaml', 'secrets/virginia_02.yaml', 'secrets/virginia_03.yaml'];
    expect([...read(cwd, files[2] ?? '').keys()]).toEqual(['harbor/tls']);
    expect(run(plan, {}, late).out).toContain('complete');
  });
});

describe('the private CA', () => {
  it('is never made a second time while certificates of the first are in use', () => {
    const { cwd, run } = world();
    run(topology(region('virginia')));
    rmSync(join(cwd, 'secrets/private-ca.pem'));
    expect(run(topology(region('virginia'))).out).toContain('complete');
    const error = failure(() => run(topology(region('virginia'), region('eu')), { region: 'eu' }));
    expect(error.exitCode).toBe(EXIT.refused);
    expect(error.message).toMatch(/^region eu: .*pass its file with --ca\nNothing was written$/);
    expect(existsSync(join(cwd, 'secrets/eu.yaml'))).toBe(false);
  });

  it('may be kept elsewhere', () => {
    const { cwd, run } = world();
    run(topology(region('eu')), { ca: 'vault/ca.pem' });
    expect(readdirSync(join(cwd, 'secrets'))).toEqual(['eu.yaml']);
    run(topology(region('virginia')), { ca: 'vault/ca.pem' });
    expect(read(cwd, 'secrets/virginia.yaml').get('harbor/tls')?.['ca.crt']).toBe(
      read(cwd, 'secrets/eu.yaml').get('harbor/tls')?.['ca.crt'],
    );
  });

  it("must be the topology's own", () => {
    const { cwd, run } = world();
    write(cwd, { 'other.pem': 'no CA' });
    const error = failure(() => run(topology(region('eu')), { ca: 'other.pem' }));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message).toMatch(/^other\.pem is not the private CA of registry\.example\.com: it does not hold/);
  });
});

describe('keys of tokens that regions share', () => {
  const core = (token: SecretPlan['keys'][string]) => [
    secretPlan('core', { secretKey: { kind: 'password', length: 16 }, token }),
  ];
  const own = core({ kind: 'rsaKey' });
  const one = core({ kind: 'sharedRsaKey', name: 'token key' });
  const coreIn = (cwd: string, name: string) => read(cwd, ...filesOf(`secrets/${name}`, cwd)).get('harbor/core');

  it('are the same in all their files, also when a region joins', () => {
    const { cwd, run } = world();
    run(topology(region('virginia', one), region('eu', one)));
    run(topology(region('virginia', one), region('eu', one), region('asia', one)), { region: 'asia' });
    const keys = ['virginia', 'eu', 'asia'].map((name) => coreIn(cwd, name)?.token);
    expect(keys[0]).toContain('BEGIN RSA PRIVATE KEY');
    expect([...new Set(keys)]).toHaveLength(1);
    expect(coreIn(cwd, 'virginia')?.secretKey).not.toBe(coreIn(cwd, 'eu')?.secretKey);
  });

  it('become that of the first region where each has another, in a new file, and nothing else changes', () => {
    const { cwd, run } = world();
    run(topology(region('virginia', own), region('eu', own)));
    const [first, second] = [coreIn(cwd, 'virginia'), coreIn(cwd, 'eu')];
    expect(first?.token).not.toBe(second?.token);
    const plan = topology(region('virginia', one), region('eu', one));
    const error = failure(() => run(plan));
    expect(error.exitCode).toBe(EXIT.refused);
    expect(error.message).toContain('harbor/core (key token) is another one in another region');
    expect(error.message).not.toContain('secrets/virginia.yaml');
    run(plan, { add: true });
    expect(readdirSync(join(cwd, 'secrets')).sort()).toEqual(['eu.yaml', 'eu_02.yaml', 'virginia.yaml']);
    expect(coreIn(cwd, 'virginia')).toEqual(first);
    expect(coreIn(cwd, 'eu')).toEqual({ ...second, token: first?.token });
    expect(run(plan).out).toContain('eu  complete: secrets/eu.yaml, secrets/eu_02.yaml');
  });
});

describe('where secrets may be written', () => {
  it('is one file for one region only', () => {
    const { cwd, run } = world();
    run(topology(region('eu')), { out: 'my/eu-secrets.yaml' });
    expect(readdirSync(join(cwd, 'my')).sort()).toEqual(['eu-secrets.yaml', 'private-ca.pem']);
    const error = failure(() => run(topology(region('virginia'), region('eu')), { out: 'all.yaml' }));
    expect(error.exitCode).toBe(EXIT.usage);
    expect(error.message).toContain('several regions (virginia, eu)');
  });

  it('is no folder of manifests', () => {
    const { cwd, run } = world();
    write(cwd, { 'dist/eu/1.yaml': `# ${markOf('registry.example.com')}\n` });
    for (const out of ['dist', 'dist/eu']) {
      const error = failure(() => run(topology(region('virginia')), { out }));
      expect(error.exitCode).toBe(EXIT.refused);
      expect(error.message).toContain('among synthesised manifests');
    }
    expect(readdirSync(join(cwd, 'dist'))).toEqual(['eu']);
  });

  it('is told when git does not ignore it', () => {
    const { cwd, run } = world();
    execFileSync('git', ['init', '--quiet', cwd]);
    expect(run(topology(region('eu'))).err).toMatch(
      /^warning: git does not ignore secrets\/private-ca\.pem, secrets\/eu\.yaml: add them to/,
    );
    write(cwd, { '.gitignore': 'ignored/\n' });
    expect(run(topology(region('eu')), { out: 'ignored' }).err).toBe('');
  });
});

describe('values from elsewhere', () => {
  const value = (password: string) =>
    JSON.stringify({ kind: 'Secret', metadata: { name: 'extra', namespace: 'harbor' }, stringData: { password } });

  it('are kept, and only the rest is written', () => {
    const { cwd, run } = world();
    write(cwd, { 'from-cluster.yaml': value('Kept1') });
    run(topology(region('eu', [...SECRETS, extra])), { existing: ['from-cluster.yaml'] });
    expect([...read(cwd, 'secrets/eu.yaml').keys()]).toEqual(['harbor/core', 'harbor/tls']);
  });

  it('are of one cluster, in files that exist and can be read', () => {
    const { cwd, run } = world();
    const plan = topology(region('virginia'), region('eu'));
    expect(failure(() => run(plan, { existing: ['a.yaml'] })).message).toContain('add --region');
    expect(failure(() => run(plan, { existing: ['a.yaml'], region: 'eu' })).message).toBe('a.yaml does not exist');
    write(cwd, { 'a.yaml': 'a: [' });
    expect(failure(() => run(plan, { existing: ['a.yaml'], region: 'eu' })).exitCode).toBe(EXIT.usage);
  });
});
