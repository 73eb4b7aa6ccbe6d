import { dirname, resolve } from 'node:path';
import type { RegionPlan, TopologyPlan } from '../../plan/plan.js';
import { idOf, type SecretPlan } from '../../plan/secrets.js';
import { type Authority, authorityPem, readAuthority } from '../../secrets/certificates.js';
import {
  type GeneratedSecrets,
  generateSecrets,
  type MadeValue,
  SecretsError,
  sharedValues,
  usesAuthority,
} from '../../secrets/generate.js';
import { type KnownValues, readSecrets, SecretsFileError, writeSecrets } from '../../secrets/objects.js';
import { CliError, counted, EXIT, type Io, painter } from '../io.js';
import { isOutputFolder } from '../output-folder.js';
import { printJson, table } from '../print.js';
import {
  filesOf,
  isInGit,
  nextFile,
  readIfThere,
  type SecretFiles,
  secretFiles,
  writePrivateFile,
} from '../secret-files.js';

export interface SecretsOptions {
  readonly out: string;
  readonly region?: string;
  readonly add?: boolean;
  readonly existing?: readonly string[];
  readonly ca?: string;
  readonly json?: boolean;
}

/** What became of one region's secrets. */
interface RegionResult {
  readonly region: RegionPlan;
  readonly existing: readonly string[];
  /** The file that is written; none when nothing was missing. */
  readonly file: string | undefined;
  readonly generated: GeneratedSecrets;
}

/** `harbor-fleet secrets`: makes every planned value once and writes it to files that it never overwrites. */
export function runSecrets(plan: TopologyPlan, regions: readonly RegionPlan[], options: SecretsOptions, io: Io): void {
  if (options.existing !== undefined && regions.length > 1) {
    throw new CliError(EXIT.usage, '--existing is about the Secrets of one cluster: add --region');
  }
  const files = secretFiles(options.out, options.ca, regions);
  const [results, newAuthority] = generate(plan, regions, files, options, io);
  const incomplete = results.filter(({ generated, existing }) => generated.made.length > 0 && existing.length > 0);
  if (incomplete.length > 0 && options.add !== true) throw new CliError(EXIT.refused, incomplete.map(lacks).join('\n'));

  const made = [
    ...(newAuthority === undefined ? [] : [[files.authority, authorityPem(newAuthority)] as const]),
    ...results.flatMap(({ file, region, generated }) =>
      file === undefined ? [] : [[file, writeSecrets(header(region, file), generated.secrets)] as const],
    ),
  ];
  for (const [file] of made) refuseOutputFolder(file, io);
  // The CA first: a key must be safe before anything that it signed is used.
  for (const [file, text] of made) writePrivateFile(resolve(io.cwd, file), text);
  const exposed = made.map(([file]) => file).filter((file) => isInGit(resolve(io.cwd, file)));
  if (options.json === true) {
    printJson({ regions: results.map(asJson), authority: newAuthority && files.authority, exposed }, io);
  } else {
    print(results, newAuthority === undefined ? undefined : files.authority, io);
  }
  if (exposed.length > 0) {
    io.err(
      `${painter(io.colours.err)('yellow', 'warning')}: git does not ignore ${exposed.join(', ')}: add ${exposed.length > 1 ? 'them' : 'it'} to .gitignore, or commit only an encrypted form\n`,
    );
  }
}

function generate(
  plan: TopologyPlan,
  regions: readonly RegionPlan[],
  files: SecretFiles,
  options: SecretsOptions,
  io: Io,
): readonly [readonly RegionResult[], Authority | undefined] {
  const known = new Map<string, KnownValues>();
  for (const { name } of regions)
    known.set(name, readKnown([...(options.existing ?? []), ...filesOf(files.bases.get(name) ?? '', io.cwd)], io));
  const inUse =
    regions.some((region) => usesAuthority(region.secrets, known.get(region.name) ?? new Map())) ||
    otherRegionsUseAuthority(plan, options, io);
  const shared = sharedByRegions(plan, known, options, io);
  let authority = authorityOf(files.authority, plan.domain, inUse, io);
  let newAuthority: Authority | undefined;
  const problems: string[] = [];
  const results = regions.flatMap((region): RegionResult[] => {
    const base = files.bases.get(region.name) ?? '';
    const existing = filesOf(base, io.cwd);
    try {
      const generated = generateSecrets({
        domain: plan.domain,
        secrets: region.secrets,
        known: known.get(region.name) ?? new Map(),
        authority,
        shared,
        source: io.source,
      });
      newAuthority ??= generated.newAuthority;
      authority = generated.newAuthority ?? authority;
      return [{ region, existing, generated, file: generated.made.length > 0 ? nextFile(base, existing) : undefined }];
    } catch (error) {
      if (!(error instanceof SecretsError)) throw error;
      problems.push(...error.problems.map((problem) => `region ${region.name}: ${problem}`));
      return [];
    }
  });
  if (problems.length > 0) throw new CliError(EXIT.refused, `${problems.join('\n')}\nNothing was written`);
  return [results, newAuthority];
}

/** What regions share: as the first of them has it, also one that was not chosen. */
function sharedByRegions(
  plan: TopologyPlan,
  known: ReadonlyMap<string, KnownValues>,
  options: SecretsOptions,
  io: Io,
): Map<string, string> {
  const bases = /\.ya?ml$/.test(options.out) ? undefined : secretFiles(options.out, options.ca, plan.regions).bases;
  const values = plan.regions.flatMap((region) => {
    const files = bases === undefined ? [] : filesOf(bases.get(region.name) ?? '', io.cwd);
    return [...sharedValues(region.secrets, known.get(region.name) ?? readKnown(files, io))];
  });
  return new Map(values.reverse());
}

function readKnown(files: readonly string[], io: Io): KnownValues {
  const texts = files.map((file) => {
    const text = readIfThere(resolve(io.cwd, file));
    if (text === undefined) throw new CliError(EXIT.usage, `${file} does not exist`);
    return [file, text] as const;
  });
  try {
    return readSecrets(new Map(texts));
  } catch (error) {
    throw error instanceof SecretsFileError ? new CliError(EXIT.usage, error.message) : error;
  }
}

/** Whether a region that was not chosen has certificates of the CA already, so that a second CA would split the topology. */
function otherRegionsUseAuthority(plan: TopologyPlan, options: SecretsOptions, io: Io): boolean {
  if (/\.ya?ml$/.test(options.out)) return false;
  const { bases } = secretFiles(options.out, options.ca, plan.regions);
  return plan.regions.some((region) =>
    usesAuthority(region.secrets, readKnown(filesOf(bases.get(region.name) ?? '', io.cwd), io)),
  );
}

function authorityOf(file: string, domain: string, inUse: boolean, io: Io): Authority | 'new' | 'lost' {
  const text = readIfThere(resolve(io.cwd, file));
  if (text === undefined) return inUse ? 'lost' : 'new';
  const authority = readAuthority(text, domain);
  if (typeof authority === 'string') {
    throw new CliError(EXIT.usage, `${file} is not the private CA of ${domain}: ${authority}`);
  }
  return authority;
}

function refuseOutputFolder(file: string, io: Io): void {
  if (!isOutputFolder(resolve(io.cwd, dirname(file)))) return;
  throw new CliError(
    EXIT.refused,
    `${file} would stand among synthesised manifests, which go to git and to GitOps tools: choose another folder with --out`,
  );
}

const header = (region: RegionPlan, file: string): string[] => [
  `Secrets of region ${region.name}, made once by harbor-fleet. Keep them safe: they are made nowhere else.`,
  `kubectl apply -f ${file}`,
];

const lacks = ({ region, existing, generated }: RegionResult): string =>
  [
    `${existing.join(', ')}: not complete for region ${region.name}, and left as it is.`,
    ...generated.made.map(describe),
    `  fix: run again with --add, which writes what is needed to a new file.`,
  ].join('\n');

const describe = ({ secret, key, reason }: MadeValue): string => `  ${secret} (key ${key}) ${reason}`;

const provided = (region: RegionPlan): SecretPlan[] => region.secrets.filter((plan) => plan.source === 'existing');

function print(results: readonly RegionResult[], authorityFile: string | undefined, io: Io): void {
  const paint = painter(io.colours.out);
  for (const { region, file, existing, generated } of results) {
    const what = file === undefined ? `complete: ${existing.join(', ') || 'nothing to make'}` : file;
    const count =
      file === undefined
        ? ''
        : `, ${counted(generated.secrets.length, 'object')} with ${counted(generated.made.length, 'new value')}`;
    io.out(`${paint('bold', region.name)}  ${what}${count}\n`);
    if (existing.length > 0) for (const made of generated.made) io.out(`${describe(made)}\n`);
  }
  if (authorityFile !== undefined) {
    io.out(
      `${paint('bold', 'private CA')}  ${authorityFile}, valid for ten years; later certificates need it, clusters never do\n`,
    );
  }
  const yours = results.flatMap(({ region }) =>
    provided(region).map((plan) => [region.name, idOf(plan), plan.type, Object.keys(plan.keys).join(', ')]),
  );
  if (yours.length > 0) {
    io.out(`\n${paint('bold', 'You provide')}\n`);
    io.out(table({ columns: ['region', 'Secret', 'type', 'keys'], rows: yours }, io));
  }
}

const asJson = ({ region, file, existing, generated }: RegionResult): unknown => ({
  region: region.name,
  file,
  existing,
  made: generated.made,
  provide: provided(region).map(({ namespace, name, type, keys }) => ({
    namespace,
    name,
    type,
    keys: Object.keys(keys),
  })),
});
