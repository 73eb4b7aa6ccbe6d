import { resolve } from 'node:path';
import type { HarborPlan } from '../../plan/harbor.js';
import type { RegionPlan } from '../../plan/plan.js';
import { regionalUrl } from '../../plan/region-plan.js';
import { idOf } from '../../plan/secrets.js';
import { type KnownValues, readSecrets, SecretsFileError } from '../../secrets/objects.js';
import { Api, ApiError } from '../../settings/api.js';
import { applySettings, failuresOf } from '../../settings/kinds.js';
import { changeLine } from '../../settings/print.js';
import type { Change } from '../../settings/reconcile.js';
import type { SecretReader } from '../../settings/session.js';
import { CliError, counted, EXIT, type Io, painter } from '../io.js';
import { printJson } from '../print.js';
import { filesOf, readIfThere, secretFiles } from '../secret-files.js';

export interface SettingsOptions {
  readonly region?: string;
  readonly tenant?: string;
  readonly url?: string;
  readonly username: string;
  readonly passwordStdin?: boolean;
  readonly secrets: string;
  readonly existing?: readonly string[];
  readonly json?: boolean;
}

/**
 * `harbor-fleet settings plan` and `apply`: what is different in one Harbor, and makes it as planned.
 *
 * @returns the exit code
 */
export async function runSettings(
  dryRun: boolean,
  regions: readonly RegionPlan[],
  options: SettingsOptions,
  io: Io,
): Promise<number> {
  const [region, ...others] = regions;
  if (region === undefined || others.length > 0) {
    throw new CliError(EXIT.usage, 'settings are those of one Harbor: add --region');
  }
  const harbor = harborOf(region, options.tenant);
  const { settings } = harbor;
  if (settings === undefined) {
    throw new CliError(
      EXIT.usage,
      `Harbor ${harbor.instance} has no settings in the topology: add "settings: {}" to it`,
    );
  }
  const known = readKnown(region, options, io);
  const secrets: SecretReader = ({ namespace, secret, key }) => known.get(idOf({ namespace, name: secret }))?.[key];
  const password = await readPassword(harbor, options, secrets, io);
  // The common name may lead to another region's Harbor, which these settings are not for.
  const regional = { harbor, hostname: `${region.name}.${harbor.domain}` };
  const url = (options.url ?? regionalUrl(regional)).replace(/\/+$/, '');
  const api = new Api({ url, username: options.username, password });
  const paint = painter(io.colours.out);
  const report = (change: Change): void => {
    if (options.json === true) return;
    const failed = change.result === 'failed' || change.result === 'skipped';
    io.out(`${paint(failed ? 'red' : STYLES[change.action], changeLine(change))}\n`);
  };
  const changes = await tryTo(url, () => applySettings(settings, api, secrets, { dryRun, report }));
  if (options.json === true) printJson({ changes }, io);
  else io.out(`${summary(changes, dryRun)}\n`);
  if (failuresOf(changes).length > 0) return EXIT.failed;
  return dryRun && changes.length > 0 ? EXIT.different : EXIT.fine;
}

const STYLES = { create: 'green', update: 'yellow', remove: 'red', read: 'dim' } as const;

function summary(changes: readonly Change[], dryRun: boolean): string {
  if (changes.length === 0) return 'everything is as planned';
  const failed = failuresOf(changes).length;
  const fine = counted(changes.length - failed, 'change');
  return `${fine} ${dryRun ? 'to be made' : 'made'}${failed === 0 ? '' : `, ${failed} not possible`}`;
}

function harborOf({ name, harbors }: RegionPlan, tenant: string | undefined): HarborPlan {
  const found = tenant === undefined ? harbors[0] : harbors.slice(1).find(({ instance }) => instance === tenant);
  if (found !== undefined) return found;
  const tenants = harbors.slice(1).map(({ instance }) => instance);
  throw new CliError(EXIT.usage, `--tenant ${tenant} is not in region ${name}: it has ${tenants.join(', ') || 'none'}`);
}

/** Values of Secrets: those that `harbor-fleet secrets` made for the region, and files with the user's own, which win. */
function readKnown(region: RegionPlan, options: SettingsOptions, io: Io): KnownValues {
  const made = filesOf(secretFiles(options.secrets, undefined, [region]).bases.get(region.name) ?? '', io.cwd);
  const texts = [...made, ...(options.existing ?? [])].map((file) => {
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

/** The password comes from the environment, from standard input, or from the Secrets that Harbor was born with; never from an argument. */
async function readPassword(
  harbor: HarborPlan,
  { passwordStdin, username }: SettingsOptions,
  secrets: SecretReader,
  io: Io,
): Promise<string> {
  if (passwordStdin === true) return (await io.stdin()).replace(/\r?\n$/, '');
  const given = io.env.HARBOR_PASSWORD ?? (username === 'admin' ? secrets(harbor.adminPassword) : undefined);
  if (given !== undefined && given !== '') return given;
  throw new CliError(
    EXIT.usage,
    `the password of ${username} is not known: put it in the variable HARBOR_PASSWORD, or pass it with --password-stdin`,
  );
}

/** What stops everything is a message, and no crash. */
async function tryTo<T>(url: string, task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new CliError(EXIT.failed, `${error.message}${hintOf(error, url)}`);
  }
}

function hintOf({ status }: ApiError, url: string): string {
  if (status === 401) return ' (the user name or the password is wrong)';
  return status === undefined ? ` (asked ${url}: --url names another way to it, such as a port-forward)` : '';
}
