/** The proof on a real cluster: slow, one at a time, and it takes down what it started. */
module.exports = {
  ...require('./jest.config.js'),
  testMatch: ['<rootDir>/test/e2e/**/*.e2e.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 600_000,
  collectCoverage: false,
  coverageThreshold: undefined,
};
