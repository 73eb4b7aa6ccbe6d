import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { files } from '../package.json';
import { blocksOf, documentedFiles, mistakesOf, ROOT } from './support/blocks.js';

const PAGES = documentedFiles().map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }));

/** What must be found, lest all blocks be fine because none is looked at. */
const WRONG = [
  'exposure: Exposure.loadBalancer({ anotations: {} })',
  "import { ManagedDatabse } from 'harbor-fleet/aws';",
  "new RegistryTopology('registry', { …, domian: 'registry.example.com' });",
  "new RegistryTopology('registry', { domain: 'registry.example.com' });",
  "// regions: { virginia: { storage, size: 'huge', … } }",
  'exposure: loadBalancerAnnotation({ scheme })',
  'const { address } = registry.endpoint;',
];

it('every block of TypeScript fits what the package exports', () => {
  const blocks = PAGES.flatMap(({ file, text }) => blocksOf(file, text));
  expect(blocks.length).toBeGreaterThan(40);
  const wrong = WRONG.map((text, line) => ({ file: 'wrong', line, text: `${text}\n` }));
  const mistakes = mistakesOf([...blocks, ...wrong]);
  expect(mistakes.filter((mistake) => !mistake.startsWith('wrong:'))).toEqual([]);
  expect(WRONG.filter((_, line) => !mistakes.some((mistake) => mistake.startsWith(`wrong:${line} `)))).toEqual([]);
}, 120_000);

const LINK = /\[[^\]]*\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g;

/** As GitHub and npm make it of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (path: string): string[] =>
  [...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

/** What npm packs: folders and files that `files` names, and some that it always takes. */
const packed = new RegExp(
  `^(?:${[...files, 'README.md', 'LICENSE', 'package.json']
    .map((name) => name.replace(/^\//, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*'))
    .join('|')})(?:/|$)`,
);

describe('every link between pages', () => {
  const pages = PAGES.filter(({ file }) => file.endsWith('.md'));
  const links = pages.flatMap(({ file, text }) =>
    [...text.matchAll(LINK)].map(([, path = '', anchor]) => ({
      link: `${file}: ${path}#${anchor ?? ''}`,
      file,
      path: path === '' ? join(ROOT, file) : join(ROOT, dirname(file), path),
      anchor,
    })),
  );
  const named = (some: readonly { readonly link: string }[]) => some.map(({ link }) => link);

  it('leads to a file and a heading that are there', () => {
    expect(links.length).toBeGreaterThan(40);
    const broken = links.filter(
      ({ path, anchor }) => !existsSync(path) || (anchor !== undefined && !anchorsOf(path).includes(anchor)),
    );
    expect(named(broken)).toEqual([]);
  });

  it('leads, from a page of the package, to a file of the package', () => {
    const lost = links.filter(({ file, path }) => packed.test(file) && !packed.test(relative(ROOT, path)));
    expect(named(lost)).toEqual([]);
  });
});
