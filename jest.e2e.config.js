const { projects } = require('./jest.config.js');

/** The proof on real clusters: slow, two at a time (one, on a cluster that was given), and it takes down what it started. */
module.exports = {
  ...projects[0],
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // What a test measures is printed at once, in a line, and not between a failed test and its reason.
  setupFiles: ['<rootDir>/test/e2e/support/plain-console.ts'],
  maxWorkers: process.env.E2E_KUBECONFIG ? 1 : 2,
  testTimeout: 600_000,
};
