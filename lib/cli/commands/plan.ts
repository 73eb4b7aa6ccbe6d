import type { TopologyPlan } from '../../plan/plan.js';
import { report } from '../../plan/report.js';
import { counted, type Io, painter } from '../io.js';
import { printIssues, printJson, table } from '../print.js';

/** `harbor-fleet plan`: what was decided, as tables; with `all` down to every pod, flow and Secret. */
export function runPlan(
  plan: TopologyPlan,
  options: { readonly json?: boolean; readonly all?: boolean },
  io: Io,
): void {
  if (options.json === true) {
    printJson(plan, io);
    return;
  }
  const paint = painter(io.colours.out);
  io.out(
    `${paint('bold', plan.domain)}  ${counted(plan.regions.length, 'region')}, ${counted(plan.projects.length, 'project')}\n`,
  );
  const sections = report(plan).filter((section) => section.rows.length > 0);
  const shown = sections.filter((section) => options.all === true || section.detail !== true);
  for (const section of shown) io.out(`\n${paint(['bold', 'cyan'], section.title)}\n${table(section, io)}`);
  if (shown.length < sections.length) io.out(`\n${paint('dim', 'With --all: every pod, flow and Secret.')}\n`);
  if (plan.warnings.length > 0) io.err('\n');
  printIssues(plan.warnings, io);
}

/** `harbor-fleet check`: only whether the topology has mistakes. */
export function runCheck(plan: TopologyPlan, options: { readonly json?: boolean }, io: Io): void {
  if (options.json === true) {
    printJson({ issues: plan.warnings }, io);
    return;
  }
  printIssues(plan.warnings, io);
  const warnings = plan.warnings.length === 0 ? '' : `, ${counted(plan.warnings.length, 'warning')}`;
  io.out(`${painter(io.colours.out)('green', 'no mistakes')}${warnings}\n`);
}
