import { Issues } from '../plan/issues.js';
import { Reader } from '../plan/reader.js';
import { idOf, type SecretPlan, type SecretValue } from '../plan/secrets.js';
import type { MadeArgs } from './installation.js';

/** Values that must stay as they are: another one would not change what they open. */
const LASTING: ReadonlySet<string> = new Set(['secretKey', 'HARBOR_ADMIN_PASSWORD', 'POSTGRES_PASSWORD']);

/** Whether another generation of its Secret makes a value anew. */
export const isRenewable = (key: string, { kind }: SecretValue): boolean =>
  ['password', 'rsaKey', 'certificate'].includes(kind) && !LASTING.has(key);

/** What to do instead of a new generation, by what a Secret holds. */
const INSTEAD: Readonly<Record<SecretValue['kind'], string>> = {
  password: 'remove it: what this password opens knows it by its own data, and keeps it',
  rsaKey: 'remove it',
  certificate: 'remove it',
  shared: 'remove it, and raise the generation of the robot itself; users change their own passwords in Harbor',
  sharedRsaKey: 'remove it, and raise tokenKey.generation of each region',
  copy: 'remove it: it follows the Secret that it is made from',
  htpasswd: 'remove it: it follows the Secret that it is made from',
  nginxBasicAuth: 'remove it: it follows the Secret that it is made from',
  dockerConfig: 'remove it: it follows the Secret that it is made from',
  text: 'remove it, and give another value where this one was given',
  given: 'remove it, and give another value where this one was given',
  ca: 'remove it, and raise certificateAuthority.generation',
};

/** Records generations and restored Secrets that are not made here or cannot be made anew, and what is no generation. */
export function checkMade(secrets: readonly SecretPlan[], args: MadeArgs, path: string, issues: Issues): void {
  const reader = new Reader({ generations: args.generations, restore: args.restore }, path, issues);
  const generations = reader.child('generations');
  const restore = reader.texts('restore') ?? [];
  const made = new Map(secrets.filter(({ source }) => source === 'generated').map((plan) => [idOf(plan), plan]));
  const renewable = [...made].filter(([, { keys }]) => Object.entries(keys).some((one) => isRenewable(...one)));
  const isUnknown = (at: string, id: string): boolean => {
    if (made.has(id)) return false;
    const allowed = [...made.keys()].join(', ') || 'none';
    issues.error(at, 'is no Secret that this stack makes', id, allowed, 'correct the name, or remove it');
    return true;
  };
  for (const id of reader.names('generations')) {
    const generation = generations.raw(id);
    const at = `${generations.path}["${id}"]`;
    checkGeneration(at, generation, issues);
    if (isUnknown(at, id)) continue;
    const allowed = renewable.map(([one]) => one).join(', ') || 'none';
    const [first] = Object.values(made.get(id)?.keys ?? {});
    if (restore.includes(id)) {
      const fix = 'remove it here, or from "restore"';
      issues.error(at, 'is restored, so its values stay as they are', generation, allowed, fix);
    } else if (first !== undefined && !renewable.some(([one]) => one === id)) {
      issues.error(at, 'cannot be made anew', generation, allowed, INSTEAD[first.kind]);
    }
  }
  restore.forEach((id, i) => {
    isUnknown(`${reader.at('restore')}[${i}]`, id);
  });
}

/**
 * The same for a component that stands alone.
 *
 * @param about the component, such as `Harbor "registry"`
 * @throws PlanError with every mistake
 */
export function refuseMade(secrets: readonly SecretPlan[], args: MadeArgs, about: string): void {
  const issues = new Issues(`the settings of ${about}`);
  checkMade(secrets, args, '', issues);
  issues.throwIfAny();
}

/** Records what is no generation. */
export function checkGeneration(path: string, generation: unknown, issues: Issues): void {
  if (Number.isInteger(generation) && Number(generation) >= 1) return;
  const allowed = 'a whole number from 1';
  issues.error(
    path,
    'is no generation',
    generation,
    allowed,
    `set it to ${allowed}, one more than before to make values anew`,
  );
}
