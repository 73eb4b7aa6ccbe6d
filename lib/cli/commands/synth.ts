import { join, resolve } from 'node:path';
import { synthRegion } from '../../k8s/synth.js';
import type { RegionPlan, TopologyPlan } from '../../plan/plan.js';
import { counted, type Io, painter } from '../io.js';
import { type FileChange, markOf, type OutputProps, writeFiles } from '../output-folder.js';
import { printJson } from '../print.js';

export interface SynthOptions {
  readonly out: string;
  readonly region?: string;
  readonly json?: boolean;
}

/** Every manifest by its path below the folder: `<region>/<file>.yaml`. */
export function outputOf(
  plan: TopologyPlan,
  regions: readonly RegionPlan[],
  options: SynthOptions,
  io: Io,
): OutputProps {
  const files = regions.flatMap((region) =>
    [...synthRegion(plan, region.name)].map(
      ([name, text]) => [`${region.name}/${name}`, `# ${markOf(plan.domain)}\n${text}`] as const,
    ),
  );
  return {
    folder: resolve(io.cwd, options.out),
    files: new Map(files),
    domain: plan.domain,
    complete: options.region === undefined ? undefined : [options.region],
  };
}

/** `harbor-fleet synth`: writes the manifests of each region, and removes those it wrote earlier that are no longer made. */
export function runSynth(plan: TopologyPlan, regions: readonly RegionPlan[], options: SynthOptions, io: Io): void {
  const changes = writeFiles(outputOf(plan, regions, options, io));
  const files = changes.map(({ path, change }) => ({ path: join(options.out, path), change }));
  if (options.json === true) {
    printJson({ files }, io);
    return;
  }
  const paint = painter(io.colours.out);
  for (const region of regions) {
    const own = changes.filter(({ path }) => path.startsWith(`${region.name}/`));
    io.out(
      `${paint('bold', join(options.out, region.name))}  ${counted(own.filter(({ change }) => change !== 'removed').length, 'file')}${summary(own)}\n`,
    );
  }
  for (const { path, change } of files) if (change === 'removed') io.out(`${paint('dim', 'removed')}  ${path}\n`);
}

function summary(changes: readonly FileChange[]): string {
  const parts = (['added', 'changed', 'removed', 'unchanged'] as const).flatMap((kind) => {
    const count = changes.filter(({ change }) => change === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  return parts.length === 0 ? '' : `: ${parts.join(', ')}`;
}
