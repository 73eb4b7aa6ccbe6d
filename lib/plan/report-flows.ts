import { type Flow, type Party, partyName } from './flows.js';
import type { RegionPlan, TopologyPlan } from './plan.js';
import { among, grouped, mergedAt, type Section } from './report-rows.js';

/** All ports and purposes between two parties. */
interface Pair {
  readonly parties: readonly [from: string, to: string];
  readonly ports: Set<string>;
  readonly purposes: Set<string>;
  readonly regions: Set<string>;
}

/** The flows of some regions, one pair for each two parties by their names. */
function pairs(regions: readonly RegionPlan[], nameOf: (party: Party) => string): readonly Pair[] {
  const byNames = new Map<string, Pair>();
  for (const { name: region, flows } of regions) {
    for (const flow of flows) {
      const parties = [nameOf(flow.from), nameOf(flow.to)] as const;
      const key = parties.join('\n');
      const known = byNames.get(key) ?? { parties, ports: new Set(), purposes: new Set(), regions: new Set() };
      known.ports.add(portOf(flow));
      for (const purpose of flow.purpose.split(', ')) known.purposes.add(purpose);
      known.regions.add(region);
      byNames.set(key, known);
    }
  }
  return [...byNames.values()];
}

const portOf = ({ port, protocol }: Flow): string => (protocol === 'TCP' ? `${port}` : `${port}/${protocol}`);

const inOrder = (ports: Set<string>): string =>
  [...ports].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).join(', ');

/** Pods by their namespace: inside of one, who talks to whom is a detail. */
const installation = (party: Party): string => (party.kind === 'pods' ? party.namespace : partyName(party));

/** What crosses the border of a namespace, as few rows as possible: the same two are one row, whatever their region. */
export const crossingsTable = (plan: TopologyPlan): Section => ({
  title: 'Who talks to whom',
  columns: ['From', 'To', 'Ports', 'Why', 'Regions'],
  rows: pairs(plan.regions, installation)
    .filter(({ parties: [from, to] }) => from !== to)
    .map(({ parties, ports, purposes, regions }) => [
      ...parties,
      inOrder(ports),
      [...purposes].join(', '),
      among(plan, [...regions], 'all'),
    ]),
});

/** Every flow, by component. */
export const flowsTable = (plan: TopologyPlan): Section => ({
  title: 'Every flow',
  detail: true,
  columns: ['From', 'To', 'Ports', 'Why', 'Regions'],
  rows: mergedAt(
    0,
    grouped(
      plan,
      (region) => pairs([region], partyName),
      ({ parties, ports, purposes }) => [...parties, inOrder(ports), [...purposes].join(', ')],
    ),
  ),
});
