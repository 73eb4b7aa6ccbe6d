import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { planTopology, type RegionPlan, type TopologyPlan, type TopologyProps } from '../plan/plan.js';
import { nearest } from '../plan/reader.js';
import type { SettingsOptions } from './commands/settings.js';
import { CliError, EXIT, type Io, messageOf, painter, planErrorIssues } from './io.js';
import { printIssues, printJson } from './print.js';
import { readTopologyFile } from './topology-file.js';

const EXIT_CODES = `
Exit codes:
  ${EXIT.fine}   fine; warnings do not count
  ${EXIT.mistakes}   the topology has mistakes
  ${EXIT.usage}   the command line is wrong, or a file cannot be read or written
  ${EXIT.refused}   refused, nothing was written: something of yours would be overwritten or is missing
  ${EXIT.different}   diff or settings plan found differences
  ${EXIT.failed}   Harbor refused something, or did not answer
  ${EXIT.bug}  a mistake in harbor-fleet itself

Results go to standard output, messages to standard error. Colours only on a terminal, never with NO_COLOR.`;

const TOPOLOGY = 'TypeScript or JavaScript module whose default export is the topology, or a YAML or JSON file of it';

interface CommonOptions {
  readonly json?: boolean;
  readonly region?: string;
}

/**
 * Runs one command line.
 *
 * @param args what follows `harbor-fleet`
 * @returns the exit code; nothing is thrown
 */
export async function run(args: readonly string[], io: Io): Promise<number> {
  let code: number = EXIT.fine;
  const program = commands(io, (ended) => {
    code = ended;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error, args.includes('--json'), io);
  }
}

function commands(io: Io, end: (code: number) => void): Command {
  const program = new Command('harbor-fleet')
    .description('Plans, checks, draws and writes Harbor registries with Kraken peer-to-peer distribution.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      getOutHasColors: () => io.colours.out,
      getErrHasColors: () => io.colours.err,
    })
    .addHelpText('after', EXIT_CODES);
  const command = (name: string, description: string): Command =>
    program
      .command(name)
      .description(description)
      .argument('<topology>', TOPOLOGY)
      .option('--json', 'one JSON document for machines');
  const REGION = ['--region <name>', 'only this region'] as const;
  const OUT = ['--out <folder>', 'folder for a folder of manifests for each region', 'dist'] as const;

  command('plan', 'shows what was decided: endpoints, sizes, storage, secrets, who talks to whom')
    .option('--all', 'also every pod, flow and Secret')
    .action(async (file: string, options: CommonOptions & { all?: boolean }) => {
      const plan = await readPlan(file, io);
      (await import('./commands/plan.js')).runPlan(plan, options, io);
    });
  command('check', 'tells every mistake and warning').action(async (file: string, options: CommonOptions) => {
    const plan = await readPlan(file, io);
    (await import('./commands/plan.js')).runCheck(plan, options, io);
  });
  command('synth', 'writes the manifests of each region, in the order to apply them')
    .option(...OUT)
    .option(...REGION)
    .action(async (file: string, options: CommonOptions & { out: string }) => {
      const plan = await readPlan(file, io);
      (await import('./commands/synth.js')).runSynth(plan, chosen(plan, options.region), options, io);
    });
  command('diff', 'shows what synth would change in its folder, object by object')
    .option(...OUT)
    .option(...REGION)
    .action(async (file: string, options: CommonOptions & { out: string }) => {
      const plan = await readPlan(file, io);
      const { runDiff } = await import('./commands/diff.js');
      if (runDiff(plan, chosen(plan, options.region), options, io)) end(EXIT.different);
    });
  command('diagram', 'draws the topology as <name>.mmd (Mermaid) and <name>.svg')
    .option('--out <name>', 'path of the files, without extension', 'diagram')
    .action(async (file: string, options: CommonOptions & { out: string }) => {
      const plan = await readPlan(file, io);
      (await import('./commands/diagram.js')).runDiagram(plan, options, io);
    });
  command('secrets', 'makes passwords, keys and certificates once, into files it never overwrites')
    .option('--out <path>', 'folder for a file for each region, or a .yaml file for one region', 'secrets')
    .option(...REGION)
    .option('--add', 'write what is missing or has expired to a new file beside the first, such as virginia_02.yaml')
    .option('--existing <files...>', 'files with Secrets that this cluster has already: their values are kept')
    .option(
      '--ca <file>',
      'the private CA; it is kept, never applied to a cluster (default: private-ca.pem beside the secrets)',
    )
    .action(async (file: string, options: CommonOptions & { out: string }) => {
      const plan = await readPlan(file, io);
      (await import('./commands/secrets.js')).runSecrets(plan, chosen(plan, options.region), options, io);
    });
  const settings = program
    .command('settings')
    .description("makes a Harbor's projects, robots, replication and settings as planned");
  const settingsCommand = (name: string, description: string, dryRun: boolean): void => {
    settings
      .command(name)
      .description(description)
      .argument('<topology>', TOPOLOGY)
      .option('--json', 'one JSON document for machines')
      .option('--region <name>', 'the region of the Harbor; needed when there are several')
      .option('--tenant <name>', "a tenant's Harbor in the region (default: the region's own)")
      .option('--url <url>', 'where to reach it, such as a port-forward (default: its own name, <region>.<domain>)')
      .option('--username <name>', 'an administrator', 'admin')
      .option('--password-stdin', 'read the password from standard input (default: the variable HARBOR_PASSWORD)')
      .option('--secrets <path>', 'what harbor-fleet secrets made: folder, or .yaml file', 'secrets')
      .option('--existing <files...>', 'files with Secrets of your own that the settings name')
      .action(async (file: string, options: SettingsOptions) => {
        const plan = await readPlan(file, io);
        const { runSettings } = await import('./commands/settings.js');
        end(await runSettings(dryRun, chosen(plan, options.region), options, io));
      });
  };
  settingsCommand('plan', 'shows what is different, and changes nothing', true);
  settingsCommand('apply', 'changes what is different', false);
  return program;
}

/** The topology of a file, planned. What the file holds is checked by the plan itself. */
async function readPlan(file: string, io: Io): Promise<TopologyPlan> {
  return planTopology((await readTopologyFile(file, io.cwd)) as TopologyProps);
}

/** The regions a command is about. */
function chosen(plan: TopologyPlan, name: string | undefined): readonly RegionPlan[] {
  if (name === undefined) return plan.regions;
  const region = plan.regions.find((candidate) => candidate.name === name);
  if (region !== undefined) return [region];
  const names = plan.regions.map((candidate) => candidate.name);
  const near = nearest(name, names);
  const hint = near === undefined ? '' : `; did you mean ${near}?`;
  throw new CliError(EXIT.usage, `--region ${name} is not in the topology: it has ${names.join(', ')}${hint}`);
}

/** Tells what went wrong: users' mistakes without a stack trace, ours with one. */
function failed(error: unknown, json: boolean, io: Io): number {
  // Commander has said what is wrong already.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  const issues = planErrorIssues(error);
  if (issues !== undefined) {
    if (json) printJson({ issues }, io);
    else printIssues(issues, io);
    return EXIT.mistakes;
  }
  const known = error instanceof CliError || isFileError(error);
  const message = messageOf(error);
  if (json) printJson({ error: message }, io);
  else io.err(`${painter(io.colours.err)(['bold', 'red'], 'error')}: ${message}\n`);
  if (known) return error instanceof CliError ? error.exitCode : EXIT.usage;
  io.err(
    `This is a mistake in harbor-fleet: please report it with what follows.\n${error instanceof Error ? error.stack : ''}\n`,
  );
  return EXIT.bug;
}

/** Whether the file system refused something, such as a folder that may not be written to. */
const isFileError = (error: unknown): boolean =>
  error !== null && typeof error === 'object' && 'syscall' in error && 'path' in error;

const version = (): string =>
  (JSON.parse(readFileSync(require.resolve('harbor-fleet/package.json'), 'utf8')) as { version: string }).version;
