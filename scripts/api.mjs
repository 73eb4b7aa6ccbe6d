// Writes API.md from the doc comments of the package's entry points; with --check only tells whether it is up to date.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'API.md');
const { exports: exported } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** The entry points: what a user imports, and the source of it. */
const ENTRY_POINTS = Object.entries(exported).flatMap(([name, { default: built }]) =>
  built ? [{ name: `harbor-fleet${name.slice(1)}`, source: built.replace('./dist/', '').replace(/js$/, 'ts') }] : [],
);

const HEADER = `<!-- Made by "npm run api" from the doc comments in lib. Change those, not this file. -->

What each entry point exports. How the parts fit together: [README.md](README.md).

`;

function generate(folder) {
  const typedoc = createRequire(import.meta.url)
    .resolve('typedoc/package.json')
    .replace('package.json', 'bin/typedoc');
  const sources = ENTRY_POINTS.flatMap(({ source }) => ['--entryPoints', source]);
  const { status } = spawnSync(process.execPath, [typedoc, '--out', folder, ...sources], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
  const pages = ENTRY_POINTS.map(({ name, source }) =>
    tidy(readFileSync(join(folder, pageOf(source)), 'utf8')).replace(/^# .*$/m, `# ${name}`),
  );
  return `${HEADER}${pages.join('\n')}`;
}

/** What typedoc calls the page of a source. */
const pageOf = (source) => source.replace(/^lib\//, '').replace(/(?:(.)\/index)?\.ts$/, '$1.md');

/** One page of one file: no anchors that would stand there twice, links within the file, defaults as sentences. */
function tidy(markdown) {
  return markdown
    .replace(/<a id="[^"]*"><\/a> ?/g, '')
    .replace(/\]\((?:[\w/.-]+\.md)?#property-[^)]*\)/g, '](#)')
    .replace(/\]\([\w/.-]+\.md(#[^)]*)?\)/g, (_, anchor) => `](${anchor ?? '#'})`)
    .replace(/\[([^\]]+)\]\(#\)/g, '$1')
    .replace(/\*\*Default\*\* `- ([^`\n]*)`/g, '**Default**: $1')
    .replace(/\*\*Default\*\* - /g, '**Default**: ')
    .replace(/[ \t]+$/gm, '');
}

/** The first line that differs, to begin looking at. */
function firstDifference(before, after) {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const line = now.findIndex((text, i) => text !== old[i]);
  const at = line < 0 ? now.length : line;
  return `line ${at + 1}:\n  API.md: ${old[at] ?? '(ends)'}\n  code:   ${now[at] ?? '(ends)'}`;
}

const folder = mkdtempSync(join(tmpdir(), 'harbor-fleet-api-'));
try {
  const text = generate(folder);
  if (!process.argv.includes('--check')) {
    writeFileSync(target, text);
    console.log(`API.md: ${text.split('\n').length} lines`);
  } else {
    const before = existsSync(target) ? readFileSync(target, 'utf8') : '';
    if (before !== text) {
      console.error(
        `API.md is not what the code says, from ${firstDifference(before, text)}\nRun "npm run api" and commit API.md.`,
      );
      process.exitCode = 1;
    } else {
      console.log('API.md is up to date');
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}
