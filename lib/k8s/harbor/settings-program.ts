import type { SecretProjection } from 'kubernetes-types/core/v1';
import type { HarborPlan } from '../../plan/harbor.js';
import type { SecretKeyRef } from '../../plan/secrets.js';
import type { SettingsPlan } from '../../plan/settings.js';
import { partFile } from '../../settings/part-file.js';
import { json } from '../text.js';
import { configFile, merge, type Parts, SECRET_MODE } from './common.js';
import { settingsParts } from './settings-parts.js';

/** The script, read when it is needed: it would be a part of the time that importing this package takes. */
export const script = (): string =>
  (require('./settings-script.js') as typeof import('./settings-script.js')).SETTINGS_SCRIPT;

/** The ConfigMaps with the settings, and the one file of each; the first one has the script too. */
export const settingsFiles = (instance: string, settings: SettingsPlan) =>
  settingsParts(settings).map((part, i) => ({
    name: i === 0 ? `${instance}-settings` : `${instance}-settings-${i}`,
    file: partFile('settings.json', i),
    text: json(part),
  }));

/** The folder of the script and of the settings. */
export const PROGRAM = '/opt/harbor-fleet';
/** The folder of Secrets. */
export const SECRETS = '/run/harbor-fleet';
const INTERNAL_CA = '/etc/harbor-fleet-ca/ca.crt';

export type Sources = readonly { readonly secret: SecretProjection }[];

/** The file of a key, below the folder of Secrets. */
export const fileOf = ({ secret, key }: Pick<SecretKeyRef, 'secret' | 'key'>): string => `${secret}/${key}`;

/** The script and the settings as files, Secrets as files, and the CA of core: what a run and the exporter have in common. */
export function programParts({ core, caConfigMaps }: HarborPlan, programs: readonly string[], secrets: Sources): Parts {
  const ca =
    core.scheme === 'https' && caConfigMaps.internal !== undefined
      ? {
          ...configFile('internal-ca', caConfigMaps.internal, 'ca.crt', INTERNAL_CA),
          env: { NODE_EXTRA_CA_CERTS: INTERNAL_CA },
        }
      : {};
  return merge(
    {
      mounts: [
        { volume: 'program', path: PROGRAM },
        { volume: 'secrets', path: SECRETS },
      ],
      volumes: {
        program:
          programs.length === 1
            ? { configMap: { name: programs[0] } }
            : { projected: { sources: programs.map((name) => ({ configMap: { name } })) } },
        secrets: { projected: { sources: [...secrets], defaultMode: SECRET_MODE } },
      },
    },
    ca,
  );
}

/** Keys of Secrets, each as a file. One that is missing is told by the script: a pod that waits for it tells nobody. */
export function sourcesOf(refs: readonly SecretKeyRef[]): Sources {
  const keys = new Map<string, Set<string>>();
  for (const ref of refs) keys.set(ref.secret, (keys.get(ref.secret) ?? new Set()).add(ref.key));
  return [...keys]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, items]) => ({
      secret: {
        name,
        optional: true,
        items: [...items].sort().map((key) => ({ key, path: fileOf({ secret: name, key }) })),
      },
    }));
}
