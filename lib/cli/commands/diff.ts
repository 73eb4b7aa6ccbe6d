import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { RegionPlan, TopologyPlan } from '../../plan/plan.js';
import { counted, type Io, painter } from '../io.js';
import { changesOf } from '../output-folder.js';
import { printJson } from '../print.js';
import { outputOf, type SynthOptions } from './synth.js';

/** One object that `synth` would write differently. */
export interface ObjectChange {
  readonly change: 'added' | 'changed' | 'removed';
  /** `<region>: <kind> <namespace>/<name>`. */
  readonly object: string;
}

/** Which objects differ between two sets of manifests, by their path `<region>/<file>`. Where an object stands is no difference. */
export function objectChanges(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ObjectChange[] {
  const [old, now] = [objects(before), objects(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((object): ObjectChange[] => {
    const [was, is] = [old.get(object), now.get(object)];
    if (was === is) return [];
    return [{ object, change: was === undefined ? 'added' : is === undefined ? 'removed' : 'changed' }];
  });
}

function objects(files: ReadonlyMap<string, string>): Map<string, string> {
  const found = new Map<string, string>();
  for (const [path, text] of files) {
    for (const document of parseAllDocuments(text)) {
      const object = document.toJS() as { kind?: string; metadata?: { name?: string; namespace?: string } } | null;
      const { name, namespace } = object?.metadata ?? {};
      // A list of files for Kustomize is no object of a cluster.
      if (object === null || name === undefined) continue;
      const full = namespace === undefined ? name : `${namespace}/${name}`;
      found.set(`${path.split('/')[0]}: ${object.kind} ${full}`, JSON.stringify(object));
    }
  }
  return found;
}

const SIGNS = { added: ['green', '+'], changed: ['yellow', '~'], removed: ['red', '-'] } as const;

/**
 * `harbor-fleet diff`: which objects `synth` would add, change and remove.
 *
 * @returns whether there are any
 */
export function runDiff(plan: TopologyPlan, regions: readonly RegionPlan[], options: SynthOptions, io: Io): boolean {
  const output = outputOf(plan, regions, options, io);
  const before = changesOf(output).flatMap(({ path }) => {
    const file = join(output.folder, path);
    return existsSync(file) ? [[path, readFileSync(file, 'utf8')] as const] : [];
  });
  const changes = objectChanges(new Map(before), output.files);
  if (options.json === true) {
    printJson({ changes }, io);
  } else {
    const paint = painter(io.colours.out);
    for (const { change, object } of changes) io.out(`${paint(SIGNS[change][0], `${SIGNS[change][1]} ${object}`)}\n`);
    io.out(
      changes.length === 0 ? 'no differences\n' : `${counted(changes.length, 'object')} to be written differently\n`,
    );
  }
  return changes.length > 0;
}
