import { exports as exported } from '../../package.json';

/** The modules of the package, each with its source: `harbor-fleet/aws` is `lib/cloud/aws/index.ts`. */
export const MODULES: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(exported).flatMap(([name, built]) =>
    typeof built === 'string'
      ? []
      : [[`harbor-fleet${name.slice(1)}`, built.default.replace('./dist/', '').replace(/js$/, 'ts')]],
  ),
);
