// Writes API.md from the doc comments of the package's entry points; with --check only tells whether it is up to date.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'API.md');
/** What typedoc calls each entry point, and what a user imports. */
const ENTRY_POINTS = {
  index: 'harbor-fleet',
  pulumi: 'harbor-fleet/pulumi',
  'cloud/aws': 'harbor-fleet/aws',
  'cloud/azure': 'harbor-fleet/azure',
  'cloud/gcp': 'harbor-fleet/gcp',
  'cloud/alicloud': 'harbor-fleet/alicloud',
  'cloud/huawei': 'harbor-fleet/huawei',
  'cloud/huawei/pulumi': 'harbor-fleet/huawei/pulumi',
  'cloud/on-premises': 'harbor-fleet/on-premises',
  'cloud/on-premises/pulumi': 'harbor-fleet/on-premises/pulumi',
  testing: 'harbor-fleet/testing',
};

const HEADER = `<!-- Made by "npm run api" from the doc comments in lib. Change those, not this file. -->

What each entry point exports. How the parts fit together: [README.md](README.md).

`;

function generate(folder) {
  const typedoc = createRequire(import.meta.url)
    .resolve('typedoc/package.json')
    .replace('package.json', 'bin/typedoc');
  const { status } = spawnSync(process.execPath, [typedoc, '--out', folder], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  const pages = Object.entries(ENTRY_POINTS).map(([file, name]) =>
    tidy(readFileSync(join(folder, `${file}.md`), 'utf8')).replace(/^# .*$/m, `# ${name}`),
  );
  return `${HEADER}${pages.join('\n')}`;
}

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
