// Builds the Kraken image of images/kraken with docker, podman or buildah.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ENGINES = ['docker', 'podman', 'buildah'];
const context = fileURLToPath(new URL('../images/kraken', import.meta.url));

function fail(message) {
  console.error(`image:kraken: ${message}`);
  process.exit(1);
}

/** The Kraken version that is built, for the default tag: go.mod decides it. */
function krakenVersion() {
  const found = /^require github\.com\/uber\/kraken (\S+)$/m.exec(readFileSync(`${context}/go.mod`, 'utf8'));
  return found?.[1] ?? fail('images/kraken/go.mod does not require github.com/uber/kraken.');
}

const defaultTag = `localhost/kraken:${krakenVersion()}`;
const usage = `usage: npm run image:kraken -- [options] [-- engine options]

  --engine ENGINE           ${ENGINES.join(', ')}   (default: the first of them that works)
  --tag NAME                name of the image, may be repeated   (default: ${defaultTag})
  --platform OS/ARCH        platform to build for   (default: the engine's)
  --build-arg NAME[=VALUE]  passed on, may be repeated; without a value the engine takes it from the environment
  -- ...                    anything else for the engine's build command, such as --pull or --network host

Build arguments and how to push: images/kraken/README.md.`;

function readOptions() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        engine: { type: 'string' },
        tag: { type: 'string', multiple: true, default: [defaultTag] },
        platform: { type: 'string' },
        'build-arg': { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    return fail(`${error.message}\n\n${usage}`);
  }
}

/** Why an engine cannot be used, or undefined if it can. `version` makes docker ask its daemon too. */
function problemWith(engine) {
  const { error, status, stderr } = spawnSync(engine, ['version'], { encoding: 'utf8' });
  if (error) return error.code === 'ENOENT' ? 'not installed' : error.message;
  if (status !== 0) return stderr.trim().split('\n').at(-1) || `"${engine} version" ended with ${status}`;
  return undefined;
}

function chooseEngine(wanted) {
  if (wanted !== undefined && !ENGINES.includes(wanted)) {
    fail(`--engine is "${wanted}"; allowed: ${ENGINES.join(', ')}.`);
  }
  const problems = [];
  for (const engine of wanted === undefined ? ENGINES : [wanted]) {
    const problem = problemWith(engine);
    if (problem === undefined) return engine;
    problems.push(`  ${engine}: ${problem}`);
  }
  return fail(
    `no container engine to build with.\n${problems.join('\n')}\n` +
      'Install or start docker, podman or buildah, or choose another one with --engine.',
  );
}

/** The command as a shell would take it, so that it can be copied. */
function shellQuote(words) {
  return words.map((w) => (/^[\w@%+=:,./-]+$/.test(w) ? w : `'${w.replaceAll("'", "'\\''")}'`)).join(' ');
}

const { values, positionals } = readOptions();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const engine = chooseEngine(values.engine);
const args = [
  'build',
  ...values.tag.flatMap((tag) => ['--tag', tag]),
  ...(values.platform === undefined ? [] : ['--platform', values.platform]),
  ...values['build-arg'].flatMap((arg) => ['--build-arg', arg]),
  ...positionals,
  context,
];
console.log(`+ ${shellQuote([engine, ...args])}`);
const { error, signal, status } = spawnSync(engine, args, { stdio: 'inherit' });
if (error) fail(error.message);
if (signal) fail(`${engine} was ended by ${signal}.`);
if (status === 0) console.log(`built ${values.tag.join(', ')} with ${engine}`);
process.exit(status);
