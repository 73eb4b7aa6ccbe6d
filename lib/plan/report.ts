import type { TopologyPlan } from './plan.js';
import type { Section } from './report-rows.js';

export type { Section };

// Read when the first report is made, like the pictures.
const tables = (): typeof import('./report-tables.js') => require('./report-tables.js');

/**
 * A plan as tables for people, those to take in at a glance first; its warnings are in the plan itself. What is the same in
 * several regions is one row, with their names.
 */
export const report = (plan: TopologyPlan): readonly Section[] => tables().report(plan);
