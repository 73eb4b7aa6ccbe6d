import type { RegionPlan, TopologyPlan } from './plan.js';

/** One table of the report. */
export interface Section {
  readonly title: string;
  /** More than one takes in at a glance: `harbor-fleet plan` shows it with `--all`. @default false */
  readonly detail?: boolean;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** More links than this are a detail. */
export const AT_A_GLANCE = 20;

/** One row for all regions in which it reads the same, with their names at its end. */
export function grouped<T>(
  plan: TopologyPlan,
  itemsOf: (region: RegionPlan) => readonly T[],
  cells: (item: T) => readonly string[],
): readonly (readonly string[])[] {
  const rows = new Map<string, { cells: readonly string[]; regions: string[] }>();
  for (const region of plan.regions) {
    for (const item of itemsOf(region)) {
      const row = cells(item);
      const known = rows.get(JSON.stringify(row)) ?? { cells: row, regions: [] };
      if (!known.regions.includes(region.name)) known.regions.push(region.name);
      rows.set(JSON.stringify(row), known);
    }
  }
  return [...rows.values()].map((row) => [...row.cells, among(plan, row.regions, 'all')]);
}

/** Up to this many names are written out. */
const NAMED = 6;

/** Names of regions, or how many, or that it is all of them. */
export function among(
  { regions }: TopologyPlan,
  names: readonly string[],
  all: string,
  ...without: readonly string[]
): string {
  return names.length > 1 && names.length === regions.length - without.length ? all : listed(names);
}

/** Names, or the first of them and how many more. */
export const listed = (names: readonly string[]): string =>
  names.length <= NAMED
    ? names.join(', ')
    : `${names.slice(0, NAMED - 1).join(', ')} and ${names.length - NAMED + 1} more`;

/** Rows that differ in one column alone as one row, with the texts of that column side by side. */
export function mergedAt(column: number, rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const merged = new Map<string, { readonly row: readonly string[]; readonly texts: readonly string[] }>();
  for (const row of rows) {
    const key = JSON.stringify(row.toSpliced(column, 1));
    merged.set(key, { row, texts: [...(merged.get(key)?.texts ?? []), ...row.slice(column, column + 1)] });
  }
  return [...merged.values()].map(({ row, texts }) => row.with(column, texts.join(', ')));
}

/** Rows about the same thing of the same installation side by side, each kind where its first one stood. */
export function together(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const kindOf = ([installation, what]: readonly string[]): string => `${installation} ${what}`;
  const kinds = [...new Set(rows.map(kindOf))];
  return rows.toSorted((a, b) => kinds.indexOf(kindOf(a)) - kinds.indexOf(kindOf(b)));
}
