import { defineConfig } from 'vitest/config';

export default defineConfig({
  // One copy of graphql: its ESM and CommonJS builds refuse each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Tests that wait for a browser or a killed process may starve where others use the machine too. A test that was
    // tried again says so in the report; one that fails three times has failed.
    retry: process.env.CI ? 2 : 0,
    // Two cores: more workers only wait for each other.
    maxWorkers: 2,
  },
});
