import {
  cacheText,
  databaseText,
  krakenOf,
  linkText,
  mirrorOf,
  plural,
  registryText,
  storageText,
} from './describe.js';
import type { LinkPlan } from './network/links.js';
import type { RegionPlan, TopologyPlan } from './plan.js';
import { isIn } from './projects.js';
import { arrow, box, COLOURS, label, type Rect, step } from './svg-shapes.js';

/** Size of a region's box. */
export const REGION = { width: 470, height: 262 } as const;

interface Place {
  readonly x: number;
  readonly y: number;
}

/** One region with its Harbor, its Kraken, its nodes and what they keep their data in. */
export function regionBox(region: RegionPlan, { x, y }: Place, regions: number, links: readonly LinkPlan[]): string {
  const [harbor, ...tenants] = region.harbors;
  const kraken = krakenOf(region, harbor);
  const mirror = mirrorOf(region, harbor);
  const at = (left: number, top: number, width: number, height: number): Rect => ({
    x: x + left,
    y: y + top,
    width,
    height,
  });
  const line = (style: string, ...points: readonly (readonly [number, number])[]): string =>
    arrow(
      points.map(([left, top]) => [x + left, y + top] as const),
      style,
    );
  const first = kraken !== undefined && mirror !== undefined ? 1 : 0;
  const others = mirror !== undefined && regions > 1;
  return [
    `<rect class="region" x="${x}" y="${y}" width="${REGION.width}" height="${REGION.height}" rx="8"/>`,
    label(region.name, [x + 16, y + 26], 200, 'title'),
    label(region.hostname, [x + 16, y + 44], REGION.width - 32),
    box(at(164, 62, 140, 56), 'harbor', registryText(harbor), [harbor.size]),
    box(at(330, 58, 128, 40), 'part', ...parts(storageText(harbor.storage))),
    box(at(330, 104, 128, 56), 'part', ...parts(databaseText(harbor), cacheText(harbor))),
    box(at(16, 172, 104, 50), 'part', 'nodes', [`containerd ${region.cluster.containerd}`]),
    line('', [304, 78], [330, 78]),
    line('', [304, 110], [330, 110]),
    line('', [68, 172], [68, 90], [164, 90]),
    step(first + 1, [x + 116, y + 90]),
    ...(kraken === undefined
      ? [box(at(164, 172, 140, 50), 'absent', 'no Kraken')]
      : [
          box(at(164, 172, 140, 50), 'kraken', `Kraken ${kraken.version}`, [kraken.size]),
          line('', [210, 172], [210, 118]),
          label('fetch', [x + 204, y + 149], 40, 'text', 'end'),
          line('dashed', [258, 118], [258, 172]),
          label('pushes', [x + 264, y + 149], 50),
          ...(first === 1 ? [line('', [120, 197], [164, 197]), step(1, [x + 139, y + 197])] : []),
        ]),
    ...(others
      ? [
          box(at(330, 172, 128, 50), 'absent', plural(regions - 1, 'other region')),
          line('', [68, 222], [68, 238], [394, 238], [394, 222]),
          step(first + 2, [x + 231, y + 238]),
        ]
      : []),
    ...(links.length > 0
      ? [
          label(
            `linked with ${links.map((link) => peerText(link, region.name)).join(', ')}`,
            [x + 16, y + 255],
            REGION.width - 32,
          ),
        ]
      : []),
    ...(tenants.length > 0
      ? [
          label(
            `${plural(tenants.length, 'tenant')}: ${tenants.map((tenant) => tenant.instance).join(', ')}`,
            [x + 230, y + 26],
            224,
          ),
        ]
      : []),
  ].join('');
}

/** The other region of a link, and how it is joined. */
const peerText = ({ between: [a, b], via, tunnels }: LinkPlan, region: string): string =>
  `${a === region ? b : a} (${linkText(via, tunnels.length)})`;

/** The first word of a text as a box's name, the rest and more below it. */
function parts(text: string, ...more: readonly string[]): [string, readonly string[]] {
  const [name = '', ...rest] = text.split(' ');
  return [name, [rest.join(' '), ...more]];
}

/** One region on the grid: its name, what it is, and its projects. */
export function cell(region: RegionPlan, at: Rect, plan: TopologyPlan, lane: number): string {
  const [harbor] = region.harbors;
  const projects = plan.projects.filter((project) => isIn(project, region.name)).length;
  const peers = region.krakens.length === 0 ? ', no Kraken' : '';
  return [
    `<rect class="region" x="${at.x}" y="${at.y}" width="${at.width}" height="${at.height}" rx="6"/>`,
    label(region.name, [at.x + 10, at.y + 20], at.width - 34, 'name'),
    label(`${harbor.size}, ${plural(projects, 'project')}${peers}`, [at.x + 10, at.y + 38], at.width - 16),
    label(storageText(harbor.storage), [at.x + 10, at.y + 55], at.width - 16),
    ...(lane < 0
      ? []
      : [`<circle class="dot f${lane % COLOURS}" cx="${at.x + at.width - 14}" cy="${at.y + 15}" r="5"/>`]),
  ].join('');
}
