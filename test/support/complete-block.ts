/** What `…` of a block becomes. */
export const LEFT_OUT = '/* … */';

/** What a fragment may suppose of its page: the topology made there, and its plan. */
const SUPPOSED: Readonly<Record<string, string>> = {
  registry: "import('harbor-fleet/pulumi').RegistryTopology",
  plan: "import('harbor-fleet').TopologyPlan",
};

const WORD = /(?<![.\w'])[A-Za-z_]\w*/g;

/**
 * A block as its reader completes it. One with imports is whole; names of the package are imported for a fragment, from the first of
 * `modules` that has them. Settings alone are an object of them, of a topology or of one region. A comment that begins with `regions:`
 * is how what was made is used, and is code too.
 */
export function completeBlock(
  text: string,
  modules: readonly string[],
  exported: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  const uses = [...text.matchAll(/(?:^\/\/ .*\n)+/gm)]
    .map(([comment]) => comment.replace(/^\/\/ /gm, ''))
    .filter((comment) => comment.startsWith('regions: '));
  const code = text.replace(/^\/\/ .*\n/gm, '');
  const own = new Set([
    ...listed(code, /^import (?:\* as (\w+)|\{([^}]*)\})/gm),
    ...listed(code, /\b(?:const|class) (?:(\w+)|\{([^}]*)\})/g),
  ]);
  const head = [
    "import type { RegionArgs as RegionSettings, TopologyArgs as TopologySettings } from 'harbor-fleet/pulumi';",
    'export type Settings = Partial<TopologySettings> | Partial<RegionSettings>;',
  ];
  for (const name of namesIn([/^import /m.test(code) ? '' : code, ...uses].join('\n'))) {
    const module = modules.find((candidate) => exported.get(candidate)?.has(name));
    if (module !== undefined && !own.has(name)) head.push(`import { ${name} } from '${module}';`);
  }
  for (const name of namesIn(code)) {
    const type = SUPPOSED[name];
    if (type !== undefined && !own.has(name)) head.push(`declare const ${name}: ${type};`);
  }
  return [...head, ...[code, ...uses].map(statementsOf)].join('\n');
}

const namesIn = (code: string): ReadonlySet<string> => new Set(code.match(WORD));

/** Names in a clause of an import or of a declaration: a single one, or several between braces. */
const listed = (code: string, clause: RegExp): string[] =>
  [...code.matchAll(clause)].flatMap(([, one, several = '']) => [
    one ?? '',
    ...several.split(',').map((name) => name.replace('type ', '').trim()),
  ]);

function statementsOf(text: string): string {
  const code = text.replace(/…\s*,?/g, LEFT_OUT).replace(/^export = /m, 'export default ');
  return /^\s*\w+: /.test(code) ? `void ({\n${code.trimEnd()}\n} satisfies Settings);` : code;
}
