import type { TopologyPlan } from './plan.js';

// Read when the first picture is drawn: who only plans and synthesises should not wait for them at each start.
const flowchart = (): typeof import('./mermaid.js') => require('./mermaid.js');
const drawing = (): typeof import('./svg.js') => require('./svg.js');

/** The topology as a Mermaid flowchart: each region with its parts, or from 13 regions on a box for each. */
export const mermaid = (plan: TopologyPlan): string => flowchart().mermaid(plan);

/** The topology as a self-contained SVG, readable in light and dark: each region with its parts, or from 13 regions on a grid. */
export const svg = (plan: TopologyPlan): string => drawing().svg(plan);
