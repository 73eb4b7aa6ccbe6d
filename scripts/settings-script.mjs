// Puts lib/settings together as the one script that runs in the cluster. With --check it only tells whether it is out of date.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';

const lib = join(import.meta.dirname, '..', 'lib');
const target = join(lib, 'k8s', 'harbor', 'settings-script.ts');
const files = readdirSync(join(lib, 'settings')).map((file) => join(lib, 'settings', file));

const compilerOptions = { target: 'es2022', module: 'commonjs', removeComments: true };
const modules = files.sort().map((file) => {
  const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions });
  const body = outputText
    .replace(/^"use strict";\n|^Object\.defineProperty\(exports, "__esModule".*\n/gm, '')
    .replace(/^ +/gm, '');
  return `${JSON.stringify(basename(file, '.ts'))}(exports, require) {\n${body}},\n`;
});
const script = `'use strict';
const modules = {
${modules.join('')}};
const loaded = {};
const load = (path) => {
  if (path.startsWith('node:')) return require(path);
  const name = path.replace(/^\\.\\/|\\.js$/g, '');
  if (loaded[name] === undefined) modules[name]((loaded[name] = {}), load);
  return loaded[name];
};
load('./main.js').main(process.argv.slice(2));
`;
const escaped = script.replace(/[\\`]|\$\{/g, '\\$&');
const text = `// Made by \`npm run settings-script\` from lib/settings: change that, and run it again.

/** What brings settings about in the cluster: lib/settings as one script without dependencies. */
export const SETTINGS_SCRIPT: string = \`${escaped}\`;
`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('lib/k8s/harbor/settings-script.ts is out of date: run npm run settings-script');
  process.exitCode = 1;
}
