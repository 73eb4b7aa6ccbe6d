// Makes the built command executable. npm does so when it installs the package, and npx only the first time it meets it in a clone:
// "npx harbor-fleet" after another build would be refused.
import { chmodSync, readFileSync } from 'node:fs';

const { bin } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
for (const file of Object.values(bin)) chmodSync(new URL(`../${file}`, import.meta.url), 0o755);
