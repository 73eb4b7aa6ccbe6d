import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Api, ApiError } from './api.js';
import { startExporter } from './exporter.js';
import { applySettings } from './kinds.js';
import type { RunResult } from './metrics.js';
import { readSettingsFiles } from './parts.js';
import { changeLine, resultOf, summaryLine } from './print.js';
import type { SecretReader } from './session.js';

/** Where everything is in the pod. */
export interface Place {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** File with the settings, or their first part. */
  readonly settings: string;
  /** Folder with a folder for each Secret, and in it a file for each key. */
  readonly secrets: string;
  /** SHA-256 of the settings that this run is for. @default - of any */
  readonly sha256?: string;
  /** Seconds that Harbor may take to come up. */
  readonly patience: number;
}

const PAUSE = 2_000;

/**
 * Brings the settings of one Harbor about from inside its cluster: one line for each change, and one of a fixed form at the end.
 *
 * @returns what it came to
 */
export async function reconcileInCluster(place: Place, print: (line: string) => void): Promise<RunResult> {
  const { plan, sha256 } = readSettingsFiles(place.settings);
  if (place.sha256 !== undefined && place.sha256 !== sha256) {
    print('the settings in this pod are not those of this run: not all ConfigMaps are applied yet, or newer ones are');
    const result = { made: 0, changed: 0, removed: 0, failed: 1 };
    print(summaryLine(result));
    return result;
  }
  const secrets: SecretReader = ({ secret, key }) => readIfThere(join(place.secrets, secret, key));
  const api = new Api({ url: place.url, username: place.username, password: place.password });
  try {
    await untilUp(api, place.patience);
    const report = (change: Parameters<typeof changeLine>[0]): void => print(changeLine(change));
    const changes = await applySettings(plan, api, secrets, { dryRun: false, report });
    const result = resultOf(changes);
    print(summaryLine(result));
    return result;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    print(error.message);
    const result = { made: 0, changed: 0, removed: 0, failed: 1 };
    print(summaryLine(result));
    return result;
  }
}

/** Waits for an answer: right after an installation Harbor makes its tables first. */
async function untilUp(api: Api, seconds: number): Promise<void> {
  for (let left = seconds * 1000; ; left -= PAUSE) {
    try {
      await api.get('/systeminfo');
      return;
    } catch (error) {
      if (left <= 0 || !(error instanceof ApiError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Tells the exporter what a run came to. A run that is not told of is none the worse for it. */
export async function tellRun(url: string, password: string, result: RunResult): Promise<string | undefined> {
  try {
    const { status } = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${password}` },
      body: JSON.stringify(result),
      signal: AbortSignal.timeout(5_000),
    });
    return status === 204 ? undefined : `the metrics do not take the result of this run: ${status}`;
  } catch {
    return 'the metrics of settings do not answer: the result of this run is in its log only';
  }
}

/** Runs in the cluster, once: `<url> <file with the settings> <folder of Secrets> <Secret>/<key of the admin's password>`, and where to tell the result: `<url> <Secret>/<key of the robot's password>`. */
async function reconcileOnce(args: readonly string[]): Promise<void> {
  const [url = '', settings = '', secrets = '', password = '', report, robot = ''] = args;
  const lines: string[] = [];
  const place = {
    url,
    username: 'admin',
    password: readIfThere(join(secrets, password)) ?? '',
    settings,
    secrets,
    sha256: process.env.SETTINGS_SHA256,
    patience: 300,
  };
  const print = (line: string): void => {
    lines.push(line);
    console.log(line);
  };
  const result = await reconcileInCluster(place, print);
  if (report !== undefined) {
    const problem = await tellRun(report, readIfThere(join(secrets, robot)) ?? '', result);
    if (problem !== undefined) console.log(problem);
  }
  process.exitCode = result.failed === 0 ? 0 : 1;
  // `kubectl describe pod` shows the end of it; a pod's status holds 4 kB.
  const failed = lines.filter((line) => line.startsWith('could not'));
  const message = [...failed.slice(0, 10), lines.at(-1)].join('\n').slice(0, 4000);
  try {
    writeFileSync('/dev/termination-log', message);
  } catch {
    // Only a comfort: the log has it all.
  }
}

/** Runs in the cluster, always: `<url> <file with the settings> <folder of Secrets> <robot> <Secret>/<key of its password> <port>`. */
async function exportMetrics(args: readonly string[]): Promise<void> {
  const [url = '', settings = '', secrets = '', username = '', key = '', port = '0'] = args;
  const password = (): string | undefined => readIfThere(join(secrets, key));
  const exporter = await startExporter({
    api: () => new Api({ url, username, password: password() ?? '' }),
    replications: () => readSettingsFiles(settings).plan.replications,
    password,
    port: Number(port),
    print: console.log,
  });
  process.once('SIGTERM', () => void exporter.close());
}

/** What a pod runs: `exporter` and what it needs, or what a run needs. */
export const main = ([first = '', ...more]: readonly string[]): Promise<void> =>
  first === 'exporter' ? exportMetrics(more) : reconcileOnce([first, ...more]);
