// Scores Kubernetes YAML, by default that of examples/large, with kube-score, Checkov, Polaris and kube-linter, and fails
// when a limit is broken. Run by "npm run score", after the build.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const KUBERNETES = 'v1.32';
const WINDOWS = process.platform === 'win32';
const LARGEST_OUTPUT = 1024 ** 3;

/**
 * The tools. `run` gets the manifests (`all`: one text, `folder`: one object a file) and gives
 *   counted   what the limit applies to
 *   findings  [object, check, message], the counted ones and those that only inform
 *   exempt    how many findings the manifests' annotations hold back, when the tool says so
 */
const TOOLS = [
  {
    name: 'kube-score',
    pinned: '1.20.0',
    versionArguments: ['version'],
    limit: { text: '0 criticals', keeps: (criticals) => criticals === 0 },
    install: () => goInstall('github.com/zegl/kube-score/cmd/kube-score@v1.20.0'),
    run(call, { all }) {
      const objects = json(
        call(['score', '--kubernetes-version', KUBERNETES, '--output-format', 'json', '-'], [0, 1], all),
      );
      const checks = (objects ?? []).flatMap((object) => object.checks.map((check) => ({ object, ...check })));
      const failed = checks.filter(({ skipped, grade }) => !skipped && grade < 7);
      return {
        counted: failed.filter(({ grade }) => grade === 1).length,
        findings: failed.map(({ object, check, grade, comments }) => [
          objectName(object.type_meta.kind, object.object_meta),
          check.id,
          `${grade === 1 ? 'critical' : 'warning'}: ${[...new Set(comments?.map(({ summary }) => summary))].join('; ')}`,
        ]),
        exempt: checks.filter(
          ({ skipped, check, comments }) =>
            skipped && !check.optional && comments?.[0]?.summary.endsWith(' is ignored'),
        ).length,
      };
    },
  },
  {
    name: 'checkov',
    pinned: '3.3.30',
    versionArguments: ['--version'],
    limit: { text: 'at most 10 failed', keeps: (failed) => failed <= 10 },
    install: () => pipInstall('checkov', '3.3.30'),
    run(call, { folder }) {
      const reports = [
        json(call(['-d', folder, '--framework', 'kubernetes', '--skip-download', '--compact', '-o', 'json'], [0, 1])),
      ].flat();
      const of = (kind) => reports.flatMap(({ results }) => results?.[kind] ?? []);
      const broken = of('parsing_errors').map((file) => [file, 'parsing', 'Checkov could not read it']);
      const noReason = of('skipped_checks').filter(
        ({ check_result: { suppress_comment: why } }) => !why?.trim() || why === 'No comment provided',
      );
      const failed = [
        ...broken,
        ...of('failed_checks').map(({ resource, check_id, check_name }) => [resource, check_id, check_name]),
        ...noReason.map(({ resource, check_id }) => [resource, check_id, 'exempt without a written reason']),
      ];
      return { counted: failed.length, findings: failed, exempt: of('skipped_checks').length - noReason.length };
    },
  },
  {
    name: 'polaris',
    pinned: '10.2.2',
    versionArguments: ['version'],
    limit: { text: 'score of 95 or more', keeps: (score) => score >= 95 },
    run(call, { folder }) {
      const audit = (...more) => json(call(['audit', '--audit-path', folder, '--format', 'json', ...more], [0]));
      const { Score, Results } = audit();
      const findings = polarisFindings(Results);
      const exempt = polarisFindings(audit('--disallow-annotation-exemptions').Results).length - findings.length;
      return { counted: Score, findings, exempt };
    },
  },
  {
    name: 'kube-linter',
    pinned: '0.8.3',
    versionArguments: ['version'],
    limit: { text: '0 findings', keeps: (findings) => findings === 0 },
    run(call, { folder }) {
      const reports =
        json(call(['lint', '--format', 'json', '--fail-if-no-objects-found', folder], [0, 1])).Reports ?? [];
      const findings = reports.map(({ Check, Diagnostic, Object: { K8sObject: it } }) => [
        objectName(it.GroupVersionKind.Kind, { namespace: it.Namespace, name: it.Name }),
        Check,
        Diagnostic.Message,
      ]);
      return { counted: findings.length, findings };
    },
  },
];

const EXAMPLE = 'examples/large/topology.ts';
const EXAMPLE_OUT = 'out/large';

const usage = `usage: npm run score -- [FOLDER] [--install]

  FOLDER     every .yaml and .yml below it is scored as one set; without it the manifests of ${EXAMPLE}, written to ${EXAMPLE_OUT}
  --install  first installs kube-score (needs Go) and Checkov (needs Python 3) in the versions named below

Tools are taken from $SCORE_TOOLS, then from PATH: ${TOOLS.map(({ name, pinned }) => `${name} ${pinned}`).join(', ')}.
$SCORE_TOOLS is ${join('<cache folder>', 'harbor-fleet-score')} unless set. Install Polaris and kube-linter as their documentation says.

Exit: 0 every limit is kept, 1 one is broken or a tool is missing or failed, 2 wrong arguments.`;

/** Where this script installs, and looks first. */
const home = resolve(process.env.SCORE_TOOLS ?? join(cacheFolder(), 'harbor-fleet-score'));

function cacheFolder() {
  if (WINDOWS) return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
}

function executable(name) {
  const inTools = ['bin', '.', join(name, WINDOWS ? 'Scripts' : 'bin')].map((folder) => join(home, folder));
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const endings = WINDOWS ? ['.exe', '.cmd'] : [''];
  return [...inTools, ...onPath]
    .flatMap((folder) => endings.map((ending) => join(folder, name + ending)))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

function must(command, commandArguments, env = {}) {
  console.log(`$ ${[command, ...commandArguments].join(' ')}`);
  const { status, error } = spawnSync(command, commandArguments, { stdio: 'inherit', env: { ...process.env, ...env } });
  if (status !== 0) throw new Error(error ? `${command}: ${error.message}` : `${command} ended with ${status}`);
}

function goInstall(module) {
  must('go', ['install', module], { GOBIN: join(home, 'bin') });
}

function pipInstall(name, version) {
  const folder = join(home, name);
  must(WINDOWS ? 'python' : 'python3', ['-m', 'venv', folder]);
  must(join(folder, WINDOWS ? 'Scripts' : 'bin', 'pip'), ['install', '--prefer-binary', `${name}==${version}`]);
}

/** The Kubernetes objects of a folder, as texts; other YAML is passed over. */
function objectsOf(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => /\.ya?ml$/.test(path))
    .sort()
    .flatMap((path) => readFileSync(join(folder, path), 'utf8').split(/^---(?:[ \t].*)?\r?$/m))
    .filter((text) => /^apiVersion:/m.test(text) && /^kind:/m.test(text) && !/^kind: *Kustomization\b/m.test(text));
}

/** One object a file: a tool that trips over one object still reads the others. */
function writeObjects(objects, folder) {
  for (const [index, text] of objects.entries()) writeFileSync(join(folder, `${index}.yaml`), text);
}

function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`its output is not JSON: ${text.trim().slice(0, 200) || 'empty'}`);
  }
}

function objectName(kind, { namespace, name }) {
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

function polarisFindings(results) {
  return results.flatMap((object) =>
    [object.Results, object.PodResult?.Results, ...(object.PodResult?.ContainerResults ?? []).map((it) => it.Results)]
      .flatMap((set) => Object.values(set ?? {}))
      .filter(({ Success }) => !Success)
      .map(({ ID, Severity, Message }) => [
        objectName(object.Kind, { namespace: object.Namespace, name: object.Name }),
        ID,
        `${Severity}: ${Message}`,
      ]),
  );
}

/** The version a tool says, or, where `go install` left it without one, the one Go wrote into the binary. */
function versionOf({ name, versionArguments }, path) {
  const { stdout } = spawnSync(path, versionArguments, { encoding: 'utf8' });
  const said = /\d+\.\d+\.\d+\S*/.exec(stdout ?? '')?.[0];
  if (said) return said;
  return new RegExp(`\\nmod\\t\\S*${name}\\tv(\\S+)`).exec(readFileSync(path, 'latin1'))?.[1] ?? '?';
}

/** Runs one tool away from the user's own settings for it: in the temporary folder, without platform keys. */
function score(tool, manifests) {
  const path = executable(tool.name);
  if (!path) return { ...tool, problem: 'not found' };
  const { BC_API_KEY: _, PRISMA_API_URL: __, ...env } = process.env;
  const call = (commandArguments, accepted, input) => {
    const { status, stdout, stderr, error } = spawnSync(path, commandArguments, {
      cwd: manifests.folder,
      encoding: 'utf8',
      env,
      input,
      maxBuffer: LARGEST_OUTPUT,
    });
    if (error) throw error;
    // Polaris goes on without an object it cannot read, which would better its score.
    if (!accepted.includes(status) || !stdout || /cannot add resource/.test(stderr)) {
      throw new Error(`ended with ${status}: ${(stderr || stdout).trim().slice(-500)}`);
    }
    return stdout;
  };
  try {
    return { ...tool, version: versionOf(tool, path), ...tool.run(call, manifests) };
  } catch (error) {
    return { ...tool, version: versionOf(tool, path), problem: error.message };
  }
}

function printTable(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => String(cell).padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

function readArguments() {
  try {
    const options = {
      install: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    };
    const { values, positionals } = parseArgs({ allowPositionals: true, options });
    if (values.help) {
      console.log(usage);
      process.exit(0);
    }
    if (positionals.length > 1) throw new Error(`one folder at most, not ${positionals.join(', ')}`);
    return { folder: positionals[0], install: values.install };
  } catch (error) {
    console.error(`score: ${error.message}\n\n${usage}`);
    process.exit(2);
  }
}

function report(results, objects) {
  const ok = ({ problem, counted, limit }) => !problem && limit.keeps(counted);
  for (const { name, findings = [] } of results.filter(({ findings }) => findings?.length)) {
    console.log(`${name}:`);
    printTable(findings.map((finding) => ['', ...finding]).sort((a, b) => (a.join() < b.join() ? -1 : 1)));
    console.log();
  }
  for (const { name, pinned, problem } of results.filter(({ problem }) => problem)) {
    console.log(`${name}: ${problem === 'not found' ? `not found; put ${pinned} on PATH or into ${home}` : problem}\n`);
  }
  printTable([
    ['tool', 'version', 'result', 'limit', 'exempt', 'ok?'],
    ...results.map((it) => [
      it.name,
      it.version ?? '-',
      it.problem ? 'not measured' : it.counted,
      it.limit.text,
      it.exempt ?? '-',
      ok(it) ? 'yes' : 'NO',
    ]),
  ]);
  console.log(`\n${objects.length} objects.`);
  return results.every(ok);
}

/** Writes the manifests of the example, and returns their folder. */
async function synthExample() {
  const [{ run }, { systemIo }] = await Promise.all([
    import('../dist/lib/cli/run.js'),
    import('../dist/lib/cli/io.js'),
  ]);
  const cwd = fileURLToPath(new URL('..', import.meta.url));
  const code = await run(['synth', EXAMPLE, '--out', EXAMPLE_OUT], { ...systemIo(), cwd });
  if (code !== 0) throw new Error(`the manifests of ${EXAMPLE} were not written`);
  return join(cwd, EXAMPLE_OUT);
}

async function main() {
  const { folder: given, install } = readArguments();
  if (install) {
    mkdirSync(home, { recursive: true });
    for (const tool of TOOLS) tool.install?.();
  }
  const folder = given ?? (await synthExample());
  const objects = objectsOf(folder);
  if (objects.length === 0) throw new Error(`no Kubernetes objects in ${folder}`);
  const scratch = mkdtempSync(join(tmpdir(), 'score-'));
  try {
    writeObjects(objects, scratch);
    const manifests = { folder: scratch, all: objects.join('\n---\n') };
    return report(
      TOOLS.map((tool) => score(tool, manifests)),
      objects,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  console.error(`score: ${error.message}`);
  process.exitCode = 1;
}
