import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SettingsPlan } from '../plan/settings.js';
import { Api, ApiError } from './api.js';
import { applySettings, failuresOf } from './kinds.js';
import { changeLine, summaryLine } from './print.js';
import type { SecretReader } from './session.js';

/** Where everything is in the pod. */
export interface Place {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** File with the settings. */
  readonly settings: string;
  /** Folder with a folder for each Secret, and in it a file for each key. */
  readonly secrets: string;
  /** Seconds that Harbor may take to come up. */
  readonly patience: number;
}

const PAUSE = 2_000;

/**
 * Brings the settings of one Harbor about from inside its cluster: one line for each change, and one of a fixed form at the end.
 *
 * @returns the exit code: 1 when anything could not be brought about
 */
export async function reconcileInCluster(place: Place, print: (line: string) => void): Promise<number> {
  const plan: SettingsPlan = JSON.parse(readFileSync(place.settings, 'utf8'));
  const secrets: SecretReader = ({ secret, key }) => readIfThere(join(place.secrets, secret, key));
  const api = new Api({ url: place.url, username: place.username, password: place.password });
  try {
    await untilUp(api, place.patience);
    const report = (change: Parameters<typeof changeLine>[0]): void => print(changeLine(change));
    const changes = await applySettings(plan, api, secrets, { dryRun: false, report });
    print(summaryLine(changes));
    return failuresOf(changes).length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    print(error.message);
    print('harbor-fleet settings result=failed made=0 changed=0 removed=0 failed=1');
    return 1;
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

/** What the pod runs: `reconcile.js <url> <file with the settings> <folder of Secrets> <Secret>/<key of the admin's password>`. */
export async function main([url = '', settings = '', secrets = '', password = '']: readonly string[]): Promise<void> {
  const lines: string[] = [];
  const place = {
    url,
    username: 'admin',
    password: readIfThere(join(secrets, password)) ?? '',
    settings,
    secrets,
    patience: 300,
  };
  process.exitCode = await reconcileInCluster(place, (line) => {
    lines.push(line);
    console.log(line);
  });
  // `kubectl describe pod` shows the end of it; a pod's status holds 4 kB.
  const failed = lines.filter((line) => line.startsWith('could not'));
  const message = [...failed.slice(0, 10), lines.at(-1)].join('\n').slice(0, 4000);
  try {
    writeFileSync('/dev/termination-log', message);
  } catch {
    // Only a comfort: the log has it all.
  }
}
