import { plural } from './describe.js';
import { linksOf } from './network/tunnels.js';
import type { TopologyPlan } from './plan.js';
import { DETAILED, type Replications, replicationsOf } from './replications.js';
import { cell, REGION, regionBox } from './svg-region.js';
import { arrow, COLOURS, drawing, label } from './svg-shapes.js';

const MARGIN = 24;
const HEADER = 62;
const LANE = 18;
const CELL = { width: 204, height: 66, gap: 14 };

/** The topology as a self-contained SVG, readable in light and dark: each region with its parts, or from 13 regions on a grid. */
export function svg(plan: TopologyPlan): string {
  return plan.regions.length <= DETAILED ? detailed(plan) : grid(plan);
}

const describe = (plan: TopologyPlan): string =>
  `${plural(plan.regions.length, 'region')}: ${plan.regions.map((region) => region.name).join(', ')}`;

const header = (plan: TopologyPlan, note: string, width: number): string[] => [
  label(plan.domain, [MARGIN, 28], width - 2 * MARGIN, 'title'),
  label(note, [MARGIN, 47], width - 2 * MARGIN),
];

function detailed(plan: TopologyPlan): string {
  const lanes = replicationsOf(plan);
  const columns = plan.regions.length === 4 ? 2 : Math.min(plan.regions.length, 3);
  const rows = Math.ceil(plan.regions.length / columns);
  const gutter = MARGIN + lanes.length * LANE;
  const left = MARGIN + (rows > 1 ? lanes.length * LANE : 0);
  const placeOf = (i: number): Place => {
    const row = Math.floor(i / columns);
    return { x: left + (i % columns) * (REGION.width + MARGIN), y: HEADER + row * (REGION.height + gutter) + gutter };
  };
  const placeOfRegion = (name: string): Place => placeOf(plan.regions.findIndex((region) => region.name === name));
  const width = left + columns * (REGION.width + MARGIN);
  const height = HEADER + rows * (REGION.height + gutter) + MARGIN;
  const replication = lanes.length > 0 ? ' Coloured: replication from the home of projects.' : '';
  const note = `Numbers: whom a node asks for an image, in order. Dashed: pushes reported.${replication}`;
  return drawing(width, height, plan.domain, describe(plan), [
    ...header(plan, note, width),
    ...plan.regions.map((region, i) =>
      regionBox(region, placeOf(i), plan.regions.length, linksOf(plan.links, region.name)),
    ),
    ...lanes.flatMap((lane, i) => laneLines(lane, i, placeOfRegion, gutter)),
  ]);
}

/** Where a region's box stands. */
interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * One home region's replication as a bus: up from its box, along the gutter above each row that receives something, from row
 * to row at the left edge, and down into each receiver. Each home has a lane of its own, so no two lines lie upon each other.
 */
function laneLines(lane: Replications, index: number, placeOf: (region: string) => Place, gutter: number): string[] {
  const style = `lane c${index % COLOURS}`;
  const home = placeOf(lane.home);
  const targets = lane.targets.map(({ region }) => placeOf(region));
  const members = [home, ...targets];
  const x = (place: Place): number => place.x + REGION.width - 24 - index * LANE;
  const y = (place: Place): number => place.y - gutter + 12 + index * LANE;
  const edge = MARGIN / 2 + index * LANE;
  const heights = [...new Set(members.map(y))].sort((a, b) => a - b);
  const several = heights.length > 1;
  const along = heights.map((height) => {
    const ends = [...members.filter((place) => y(place) === height).map(x), ...(several ? [edge] : [])];
    return `<path class="line ${style}" d="M${Math.min(...ends)} ${height}L${Math.max(...ends)} ${height}"/>`;
  });
  const projects = [...new Set(lane.targets.flatMap((target) => target.projects))].join(', ');
  return [
    ...along,
    ...(several
      ? [`<path class="line ${style}" d="M${edge} ${Math.min(...heights)}L${edge} ${Math.max(...heights)}"/>`]
      : []),
    `<path class="line ${style}" d="M${x(home)} ${home.y}L${x(home)} ${y(home)}"/>`,
    `<circle class="dot f${index % COLOURS}" cx="${x(home)}" cy="${home.y}" r="4"/>`,
    label(projects, [x(home) - 8, y(home) + 4 - (several ? 8 : 0)], REGION.width - 60 - index * LANE, 'text', 'end'),
    ...targets.map((place) =>
      arrow(
        [
          [x(place), y(place)],
          [x(place), place.y],
        ],
        style,
        `head${index % COLOURS}`,
      ),
    ),
  ];
}

function grid(plan: TopologyPlan): string {
  const lanes = replicationsOf(plan);
  const columns = Math.min(10, Math.ceil(Math.sqrt(plan.regions.length * 1.3)));
  const rows = Math.ceil(plan.regions.length / columns);
  const width = 2 * MARGIN + columns * (CELL.width + CELL.gap) - CELL.gap;
  const height = HEADER + 2 * MARGIN + rows * (CELL.height + CELL.gap) - CELL.gap;
  const note = `${plural(plan.regions.length, 'region')}. A dot: the home of projects. Each node asks its own agent, then its region, then the others.`;
  return drawing(width, height, plan.domain, describe(plan), [
    ...header(plan, note, width),
    ...plan.regions.map((region, i) =>
      cell(
        region,
        {
          x: MARGIN + (i % columns) * (CELL.width + CELL.gap),
          y: HEADER + MARGIN + Math.floor(i / columns) * (CELL.height + CELL.gap),
          width: CELL.width,
          height: CELL.height,
        },
        plan,
        lanes.findIndex((lane) => lane.home === region.name),
      ),
    ),
  ]);
}
