import { typesVersions } from '../package.json';
import { compilerOptions } from '../tsconfig.json';
import { MODULES } from './support/modules';

it('what the package exports is found by the compiler here, and by one that knows no exports', () => {
  expect(Object.keys(MODULES).length).toBeGreaterThan(10);
  const paths = Object.entries(MODULES).map(([name, source]) => [name, [`./${source}`]]);
  expect(compilerOptions.paths).toEqual(Object.fromEntries(paths));
  const types = Object.entries(MODULES)
    .filter(([name]) => name !== 'harbor-fleet')
    .map(([name, source]) => [name.replace('harbor-fleet/', ''), [`./dist/${source.replace(/ts$/, 'd.ts')}`]]);
  expect(typesVersions['*']).toEqual(Object.fromEntries(types));
});
