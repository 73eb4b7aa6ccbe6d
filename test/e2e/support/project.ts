import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { cached } from './lab';
import { run } from './process';

const ROOT = resolve(__dirname, '../../..');

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

/** The package as `npm publish` would send it, from what was built last. */
export const packed = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-pack-'));
  try {
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const [report] = JSON.parse(await run('npm', pack, { cwd: ROOT })) as readonly {
      filename: string;
      shasum: string;
    }[];
    if (!report) throw new Error('npm packed nothing');
    return await cached(`package-${report.shasum}.tgz`, async (path) => cpSync(join(folder, report.filename), path));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * An example in a folder of its own, as a user has it: with the packed package and exactly the packages that it declares. Those are
 * links into this repository, so that no network is needed.
 */
export class Project {
  private constructor(readonly folder: string) {}

  static async of(example: string): Promise<Project> {
    const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-project-'));
    cpSync(join(ROOT, example), folder, { recursive: true });
    const modules = join(folder, 'node_modules');
    const own = join(modules, 'harbor-fleet');
    mkdirSync(own, { recursive: true });
    await run('tar', ['-xzf', await packed(), '-C', own, '--strip-components=1']);
    for (const name of new Set([...declared(readManifest(folder)), ...required(readManifest(own))]))
      if (name !== 'harbor-fleet') link(name, modules);
    return new Project(folder);
  }

  /** The project at the top of this repository, whose program refers to the package that it lies in, as built last. */
  static ofRepository(): Project {
    const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-project-'));
    const settings = readdirSync(ROOT).filter((name) => /^Pulumi\..*yaml$/.test(name));
    for (const name of ['package.json', 'dist', 'examples', ...settings])
      cpSync(join(ROOT, name), join(folder, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    return new Project(folder);
  }

  /** Changes the program, as a user does with an editor. */
  edit(before: string, after: string): void {
    const program = join(this.folder, 'index.ts');
    const text = readFileSync(program, 'utf8');
    if (!text.includes(before)) throw new Error(`${program} does not say: ${before}`);
    writeFileSync(program, text.replace(before, after));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const declared = ({ dependencies, devDependencies }: Manifest): readonly string[] =>
  Object.keys({ ...dependencies, ...devDependencies });

/** What npm installs along with a package. */
const required = ({ dependencies, peerDependencies, peerDependenciesMeta }: Manifest): readonly string[] =>
  Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !peerDependenciesMeta?.[name]?.optional);

const link = (name: string, modules: string): void => {
  const source = join(ROOT, 'node_modules', name);
  if (!existsSync(source)) throw new Error(`${name} is declared, but this repository does not install it`);
  mkdirSync(dirname(join(modules, name)), { recursive: true });
  symlinkSync(source, join(modules, name));
};
