import { defineConfig } from 'vitest/config';

const BROWSER_TESTS = 'test/page-*.test.ts';
// They plant types in the schema that every service of their process would then have.
const PLANTS_TYPES = ['test/access-planted-field.test.ts', 'test/graphql-*.test.ts'];

/** What all kinds of tests share. */
const ALL_TESTS = {
  // A worker loads the service's modules once for all its files: they keep no state, each test has a service of its own.
  isolate: false,
  setupFiles: ['test/support/setup.ts'],
  testTimeout: 60_000,
  hookTimeout: 90_000,
  // A second, which it is by default, is short where others use the machine too.
  expect: { poll: { timeout: 15_000 } },
  // Tests that wait for a browser or a killed process may starve where others use the machine too. A test that was
  // tried again says so in the report; one that fails three times has failed.
  retry: process.env.CI ? 2 : 0,
};
// One copy of graphql: its ESM and CommonJS builds refuse each other's types.
const resolve = { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] };

export default defineConfig({
  resolve,
  test: {
    // Once for all: the database server and the template that each file copies.
    globalSetup: ['test/support/global-setup.ts'],
    projects: [
      {
        resolve,
        test: {
          ...ALL_TESTS,
          name: 'service',
          include: ['test/*.test.ts'],
          exclude: [BROWSER_TESTS, ...PLANTS_TYPES],
          // Two cores: more workers only wait for each other.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve,
        test: {
          ...ALL_TESTS,
          name: 'planted',
          include: PLANTS_TYPES,
          isolate: true,
          sequence: { groupOrder: 1 },
        },
      },
      {
        resolve,
        test: {
          ...ALL_TESTS,
          name: 'page',
          include: [BROWSER_TESTS],
          // A browser, its service and the database want both cores: one file at a time, after all others.
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
