const { exports: exported } = require('./package.json');

/** The modules of the package, which the examples import by their names, as they are before the build. */
const entries = Object.fromEntries(
  Object.entries(exported).flatMap(([name, { default: built }]) =>
    built ? [[`^harbor-fleet${name.slice(1)}$`, built.replace('./dist/', '<rootDir>/').replace(/js$/, 'ts')]] : [],
  ),
);

/** The fast tests: the plan, the constructs, the command line. Nothing here needs a cluster. */
const common = {
  // Jest would look after every global of every file, and tell of each that a library still reads.
  testEnvironmentOptions: { globalsCleanup: 'off' },
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/e2e/', '<rootDir>/dist/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    ...entries,
    // What the SDK loads in every file for a second, and no fast test uses.
    '^\\./automation$': '<rootDir>/test/support/unused.js',
    '^@npmcli/arborist$': '<rootDir>/test/support/unused.js',
  },
};

/** Properties over thousands of topologies: they find what others miss, and take twice the time where coverage is counted. */
const PROPERTIES = '(any-topology|late-values|mirror|tunnels)';

module.exports = {
  projects: [
    { ...common, testMatch: [`<rootDir>/test/plan/**/!${PROPERTIES}.test.ts`] },
    // Coverage is that of the plan by its own tests: other tests would only be slower for it.
    {
      ...common,
      testMatch: [
        '<rootDir>/test/!(plan)/**/*.test.ts',
        '<rootDir>/test/*.test.ts',
        `<rootDir>/test/plan/**/@${PROPERTIES}.test.ts`,
      ],
      coveragePathIgnorePatterns: ['/'],
    },
  ],
  // By default one processor stays idle.
  maxWorkers: '100%',
  // Counted where it is asked for, as .ci/run does (npm test -- --coverage): it takes a sixth of the time.
  collectCoverageFrom: ['lib/plan/**/*.ts'],
  coverageThreshold: { './lib/plan/': { branches: 95 } },
  coverageReporters: ['text-summary'],
};
