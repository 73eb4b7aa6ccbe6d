import { basename, dirname, join, resolve } from 'node:path';
import { mermaid, svg } from '../../plan/diagram.js';
import type { TopologyPlan } from '../../plan/plan.js';
import type { Io } from '../io.js';
import { markOf, writeFiles } from '../output-folder.js';
import { printJson } from '../print.js';

/** `harbor-fleet diagram`: draws the topology as Mermaid, which many tools render, and as a picture that needs no tool. */
export function runDiagram(
  plan: TopologyPlan,
  options: { readonly out: string; readonly json?: boolean },
  io: Io,
): void {
  const mark = markOf(plan.domain);
  const name = basename(options.out);
  const changes = writeFiles({
    folder: resolve(io.cwd, dirname(options.out)),
    files: new Map([
      [`${name}.mmd`, `%% ${mark}\n${mermaid(plan)}`],
      [`${name}.svg`, `<!-- ${mark} -->\n${svg(plan)}`],
    ]),
    domain: plan.domain,
    complete: [],
  });
  const files = changes.map(({ path, change }) => ({ path: join(dirname(options.out), path), change }));
  if (options.json === true) {
    printJson({ files }, io);
    return;
  }
  for (const { path, change } of files) io.out(`${path}  ${change}\n`);
}
