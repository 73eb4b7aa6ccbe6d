import {
  cacheText,
  databaseText,
  krakenOf,
  linkText,
  mirrorOf,
  plainText,
  registryText,
  storageText,
} from './describe.js';
import type { HarborPlan } from './harbor.js';
import type { RegionPlan, TopologyPlan } from './plan.js';
import { DETAILED, replicationsOf } from './replications.js';

/** Up to this many regions each one's way to each other region is drawn. */
const FALLBACKS = 4;

/** The topology as a Mermaid flowchart: each region with its parts, or from 13 regions on a box for each. */
export function mermaid(plan: TopologyPlan): string {
  const regions = plan.regions.map((region, i) => ({ region, id: `r${i}` }));
  const idOf = new Map(regions.map(({ region, id }) => [region.name, id]));
  const detailed = regions.length <= DETAILED;
  const harborOf = (name: string): string => (detailed ? `${idOf.get(name)}_harbor` : `${idOf.get(name)}`);
  const boxes = regions.flatMap(({ region, id }) => (detailed ? regionLines(region, id) : [compact(region, id)]));
  const fallbacks =
    detailed && regions.length <= FALLBACKS ? regions.flatMap(({ region, id }) => ways(region, id, idOf)) : [];
  const replications = replicationsOf(plan).flatMap(({ home, targets }) =>
    targets.map(
      ({ region, projects }) =>
        `${harborOf(home)} ==>|${text(`replicates ${projects.join(', ')}`)}| ${harborOf(region)}`,
    ),
  );
  const links = plan.links.map(
    ({ between: [a, b], via, tunnels }) =>
      `${idOf.get(a)} <-.->|${text(linkText(via, tunnels.length))}| ${idOf.get(b)}`,
  );
  return `${['flowchart LR', ...[...boxes, ...fallbacks, ...links, ...replications].map((line) => `  ${line}`)].join('\n')}\n`;
}

/** A text in quotes, as Mermaid reads it: its own signs as entities. */
const text = (value: string): string =>
  `"${plainText(value).replace(/[#"<>&]/g, (sign) => `#${sign.charCodeAt(0)};`)}"`;

/** Lines of a node's text. */
const lines = (...values: readonly string[]): string =>
  `"${values.map((value) => text(value).slice(1, -1)).join('<br/>')}"`;

const compact = (region: RegionPlan, id: string): string => {
  const [harbor] = region.harbors;
  return `${id}[${lines(region.name, registryText(harbor), storageText(harbor.storage))}]`;
};

function regionLines(region: RegionPlan, id: string): string[] {
  const [harbor, ...tenants] = region.harbors;
  const parts = [
    ...ownLines(region, harbor, id),
    ...tenants.map((tenant, i) => `${id}_tenant${i}[${lines(`Harbor ${tenant.instance}`, tenant.domain)}]`),
  ];
  return [`subgraph ${id}[${text(`${region.name} · ${region.hostname}`)}]`, ...parts.map((part) => `  ${part}`), 'end'];
}

function ownLines(region: RegionPlan, harbor: HarborPlan, id: string): string[] {
  const kraken = krakenOf(region, harbor);
  const mirrored = mirrorOf(region, harbor) !== undefined;
  const peers =
    kraken === undefined
      ? []
      : [
          `${id}_kraken[${lines(`Kraken ${kraken.version}`, kraken.size)}]`,
          ...(mirrored ? [`${id}_nodes -->|${text('1 pull')}| ${id}_kraken`] : []),
          `${id}_kraken -->|${text('first fetch')}| ${id}_harbor`,
          `${id}_harbor -.->|${text('pushes')}| ${id}_kraken`,
        ];
  const pull = kraken !== undefined && mirrored ? '2 when peers cannot' : 'pull';
  return [
    `${id}_nodes([${text('nodes')}])`,
    `${id}_harbor[${lines(registryText(harbor), harbor.domain)}]`,
    ...peers,
    `${id}_nodes -->|${text(pull)}| ${id}_harbor`,
    `${id}_harbor --> ${id}_storage[(${text(storageText(harbor.storage))})]`,
    `${id}_harbor --> ${id}_database[(${lines(databaseText(harbor), cacheText(harbor))})]`,
  ];
}

/** From a region's nodes to the Harbors of the other regions. */
function ways(region: RegionPlan, id: string, idOf: ReadonlyMap<string, string>): string[] {
  const hosts = region.nodeMirrors[0]?.hosts ?? [];
  const others = [...idOf].filter(
    ([name]) => name !== region.name && hosts.some((host) => host.name === `region ${name}`),
  );
  return others.map(([, other]) => `${id}_nodes -.->|${text('else')}| ${other}_harbor`);
}
