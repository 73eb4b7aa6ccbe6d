/** The fast tests: the plan, the constructs, the command line. Nothing here needs a cluster. */
const common = {
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
    // The examples import the package by its name.
    '^harbor-fleet$': '<rootDir>/lib/index.ts',
    '^harbor-fleet/pulumi$': '<rootDir>/lib/pulumi/index.ts',
    '^harbor-fleet/aws$': '<rootDir>/lib/cloud/aws/index.ts',
    '^harbor-fleet/azure$': '<rootDir>/lib/cloud/azure/index.ts',
    '^harbor-fleet/gcp$': '<rootDir>/lib/cloud/gcp/index.ts',
    '^harbor-fleet/alicloud$': '<rootDir>/lib/cloud/alicloud/index.ts',
    '^harbor-fleet/huawei$': '<rootDir>/lib/cloud/huawei/index.ts',
    '^harbor-fleet/huawei/pulumi$': '<rootDir>/lib/cloud/huawei/pulumi.ts',
    '^harbor-fleet/on-premises$': '<rootDir>/lib/cloud/on-premises/index.ts',
    '^harbor-fleet/on-premises/pulumi$': '<rootDir>/lib/cloud/on-premises/pulumi.ts',
    '^harbor-fleet/testing$': '<rootDir>/lib/testing.ts',
    // What the SDK loads in every file for a second, and no fast test uses.
    '^\\./automation$': '<rootDir>/test/support/unused.js',
    '^@npmcli/arborist$': '<rootDir>/test/support/unused.js',
  },
};

module.exports = {
  projects: [
    { ...common, testMatch: ['<rootDir>/test/plan/**/*.test.ts'] },
    // Coverage is that of the plan by its own tests: other tests would only be slower for it.
    {
      ...common,
      testMatch: ['<rootDir>/test/!(plan)/**/*.test.ts', '<rootDir>/test/*.test.ts'],
      coveragePathIgnorePatterns: ['/'],
    },
  ],
  // By default one processor stays idle.
  maxWorkers: '100%',
  collectCoverage: true,
  collectCoverageFrom: ['lib/plan/**/*.ts'],
  coverageThreshold: { './lib/plan/': { branches: 95 } },
  coverageReporters: ['text-summary'],
};
