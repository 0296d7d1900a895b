/** Jest runs the TypeScript through swc as CommonJS; packages that ship only ES modules go the same way. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.toritsugi/', '<rootDir>/.node/'],
  transform: {
    '\\.m?[tj]sx?$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  transformIgnorePatterns: ['/node_modules/(?!(jose|kysely|croner|yaml|liquidjs|commander|p-[a-z]+|@kintone|uuid|csv-parse)/)'],
  extensionsToTreatAsEsm: [],
  // Nothing is judged by its time: only what hangs fails by it.
  testTimeout: 30_000,
  workerIdleMemoryLimit: '1GB',
};
