import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { CommandRun, type CommandSettings } from './command-run';
import { cached, LAB } from './lab';
import { available, run } from './process';

type Environment = Readonly<Record<string, string | undefined>>;

/** What one command of the engine did, as it reported it event by event. */
export interface EngineResult {
  /** How many resources met each fate, such as `{ create: 12, same: 3 }`. */
  readonly changes: Readonly<Record<string, number>>;
  /** Every resource that was not left as it was. */
  readonly steps: readonly Step[];
}

export interface Step {
  /** `create`, `update`, `delete`, `replace` … */
  readonly op: string;
  readonly type: string;
  /** The logical name. */
  readonly name: string;
  /** Paths of what differs, such as `data.value`. */
  readonly diff: readonly string[];
}

/** The parts of the engine's JSON events that are read here. */
interface Event {
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly summaryEvent?: { readonly resourceChanges?: Readonly<Record<string, number>> };
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

/**
 * The Pulumi engine, with a state folder and a passphrase of its own: `E2E_PULUMI` (a `PULUMI_HOME` with `bin/pulumi` in it), or
 * else the `pulumi` of the PATH, or else the lab's.
 */
export class Engine {
  private readonly state = mkdtempSync(join(tmpdir(), 'harbor-fleet-state-'));
  private readonly passphrase = randomBytes(16).toString('hex');

  private constructor(private readonly home: string | undefined) {}

  static async obtain(): Promise<Engine> {
    const given = process.env.E2E_PULUMI;
    if (given) return new Engine(given);
    return new Engine((await available('pulumi')) ? undefined : await installed());
  }

  /** A new stack of the project in a folder. `env` is what its program and providers see, such as `KUBECONFIG`. */
  async stack(folder: string, name: string, env: Environment = {}): Promise<Stack> {
    const stack = new Stack(name, { cwd: folder, env: { ...this.env(), ...env } });
    await stack.run(['stack', 'init']);
    return stack;
  }

  remove(): void {
    rmSync(this.state, { recursive: true, force: true });
  }

  private env(): Environment {
    // `PULUMI_HOME` is where an engine of the PATH has its plugins.
    const foreign = Object.keys(process.env).filter((key) => /^(PULUMI_(?!HOME$)|KUBECONFIG$)/.test(key));
    return {
      ...Object.fromEntries(foreign.map((key) => [key, undefined])),
      PULUMI_BACKEND_URL: `file://${this.state}`,
      PULUMI_CONFIG_PASSPHRASE: this.passphrase,
      PULUMI_SKIP_UPDATE_CHECK: 'true',
      PULUMI_ENABLE_STREAMING_JSON_PREVIEW: 'true',
      PULUMI_ERROR_OUTPUT_STRING: 'true',
      // Node.js 20.20 and 22.23 never finish printing a stack that leads through @pulumi/pulumi's source maps.
      NODE_OPTIONS: '--stack-trace-limit=0',
      ...(this.home === undefined
        ? {}
        : {
            PULUMI_HOME: this.home,
            PATH: `${join(this.home, 'bin')}:${process.env.PATH}`,
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
          }),
    };
  }
}

/** The lab's engine and plugins, unpacked once. */
const installed = async (): Promise<string> => {
  const script = join(LAB, 'pulumi', 'install');
  if (!existsSync(script)) throw new Error(`no Pulumi: put it on the PATH, or set E2E_PULUMI (looked for ${script})`);
  const version = (await run('sh', ['-c', '. "$0" && echo "$engine"', join(LAB, 'pulumi', 'versions')])).trim();
  return cached(`pulumi-${version}`, async (path) => {
    mkdirSync(path);
    await run(script, [path], { timeoutMs: 300_000 });
  });
};

/** One stack. Every command has a time limit, and ends with all processes it started. */
export class Stack {
  constructor(
    readonly name: string,
    private readonly settings: CommandSettings,
  ) {}

  /** The same stack for a program that sees another environment. */
  with(env: Environment): Stack {
    return new Stack(this.name, { ...this.settings, env: { ...this.settings.env, ...env } });
  }

  /** Sets a value of the configuration; with `path` one within another, such as `regions.virginia.size` or `only[0]`. */
  async setConfig(key: string, value: string, { secret = false, path = false } = {}): Promise<void> {
    const how = [secret ? '--secret' : '--plaintext', ...(path ? ['--path'] : [])];
    await this.run(['config', 'set', ...how, key], { input: value });
  }

  /** Runs lines of a page in the project's folder, as a user does in a shell; the stack is the selected one. */
  shell(lines: string): Promise<string> {
    return new CommandRun('sh', ['-euc', lines], { ...this.settings, timeoutMs: 240_000, explain }).done;
  }

  async preview(): Promise<EngineResult> {
    return read(await this.run(['preview', '--json', '--diff']));
  }

  /** What `pulumi preview --diff` prints for a person. */
  previewText(): Promise<string> {
    return this.run(['preview', '--diff', '--color=never']);
  }

  /** @param refresh ask the clusters first what they have */
  async up({ refresh = false } = {}): Promise<EngineResult> {
    return read(await this.startUp({ refresh }).done);
  }

  /** An `up` that may be interrupted. */
  startUp({ refresh = false } = {}): CommandRun {
    return this.start(['up', '--yes', '--skip-preview', '--json', ...(refresh ? ['--refresh'] : [])], 600_000);
  }

  async refresh(): Promise<EngineResult> {
    return read(await this.run(['refresh', '--yes', '--skip-preview', '--json'], { timeoutMs: 300_000 }));
  }

  async destroy(): Promise<EngineResult> {
    return read(await this.run(['destroy', '--yes', '--skip-preview', '--json'], { timeoutMs: 300_000 }));
  }

  /**
   * Whether the files of the state are whole. The file backend writes `<stack>.json.attrs` in place, so an engine that is killed right then
   * leaves it empty: "failed to load checkpoint: EOF".
   */
  isStored(): boolean {
    const stacks = join((this.settings.env.PULUMI_BACKEND_URL ?? '').replace('file://', ''), '.pulumi', 'stacks');
    const own = readdirSync(stacks, { recursive: true, encoding: 'utf8' }).filter((file) =>
      [`${this.name}.json`, `${this.name}.json.attrs`].includes(basename(file)),
    );
    try {
      for (const file of own) JSON.parse(readFileSync(join(stacks, file), 'utf8'));
      return own.length === 2;
    } catch {
      return false;
    }
  }

  /** Takes away the lock of a command that was killed. */
  async cancel(): Promise<void> {
    await this.run(['cancel', '--yes']);
  }

  /** The program's exports, secrets in plain. */
  async outputs(): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse(await this.run(['stack', 'output', '--json', '--show-secrets'])) as Record<string, unknown>;
  }

  /** The state as it is stored, secrets encrypted; or with secrets in plain. */
  exportState({ showSecrets = false } = {}): Promise<string> {
    return this.run(['stack', 'export', ...(showSecrets ? ['--show-secrets'] : [])]);
  }

  run(args: readonly string[], options: { readonly timeoutMs?: number; readonly input?: string } = {}) {
    return this.start(args, options.timeoutMs ?? 240_000, options.input).done;
  }

  private start(args: readonly string[], timeoutMs: number, input?: string): CommandRun {
    const stack = ['--stack', this.name, '--non-interactive'];
    return new CommandRun('pulumi', [...args, ...stack], { ...this.settings, timeoutMs, input, explain });
  }
}

/** How many resources a running command has finished so far. */
export const finished = (said: string): number => said.split('"resOutputsEvent"').length - 1;

const events = (said: string): readonly Event[] =>
  said
    .split('\n')
    .slice(0, -1) // a line that is not whole yet, or nothing
    .filter((line) => line.startsWith('{"'))
    .map((line) => JSON.parse(line) as Event);

const read = (said: string): EngineResult => {
  const all = events(said);
  const summary = all.find((event) => event.summaryEvent)?.summaryEvent;
  if (!summary) throw new Error(`the engine ended without a summary:\n${said.slice(-2_000)}`);
  return {
    changes: summary.resourceChanges ?? {},
    steps: all.flatMap(({ resourcePreEvent }) => {
      if (!resourcePreEvent || ['same', 'refresh'].includes(resourcePreEvent.metadata.op)) return [];
      const { op, type, urn, detailedDiff } = resourcePreEvent.metadata;
      return [{ op, type, name: urn.split('::').at(-1) ?? '', diff: Object.keys(detailedDiff ?? {}).sort() }];
    }),
  };
};

/** What a person reads first when a command failed: the engine's errors, without the events around them. */
const explain = (said: string): string => {
  const errors = events(said).flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity.startsWith('error') ? [diagnosticEvent.message.trim()] : [],
  );
  return errors.length > 0 ? [...new Set(errors)].join('\n') : said.trimEnd().split('\n').slice(-30).join('\n');
};
