import { expect, test } from 'vitest';

import { ConfigError, readSettings, settings, settingsTable, unknownSettings } from '../src/config.js';

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readSettings(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

test('without any variable every setting has a value that is allowed', () => {
  const read = readSettings({});
  expect(read).toMatchObject({ port: 4400, host: '127.0.0.1', databaseUrl: null, secret: null, introspection: true });
  expect(Object.isFrozen(read)).toBe(true);
});

test('each bad value is named with what is allowed, all of them at once', () => {
  const problems = problemsOf({
    PORT: '70000',
    COUNTERSIGN_POOL_SIZE: 'many',
    COUNTERSIGN_INTROSPECTION: 'yes',
    COUNTERSIGN_LOG_LEVEL: 'loud',
    COUNTERSIGN_TRUSTED_ORIGINS: 'https://ok.example, evil.example',
    DATABASE_URL: 'mysql://db',
  });
  expect(problems).toEqual([
    'PORT: "70000" is not allowed. Allowed: a whole number from 0 to 65535.',
    'DATABASE_URL: what it is set to is not allowed. Allowed: postgres://… of PostgreSQL 15 or newer.',
    'COUNTERSIGN_LOG_LEVEL: "loud" is not allowed. Allowed: trace, debug, info, warn, error, fatal, silent.',
    'COUNTERSIGN_INTROSPECTION: "yes" is not allowed. Allowed: on or off.',
    'COUNTERSIGN_TRUSTED_ORIGINS: "https://ok.example, evil.example" is not allowed. ' +
      'Allowed: http(s)://host[:port], separated by commas.',
    'COUNTERSIGN_POOL_SIZE: "many" is not allowed. Allowed: a whole number from 2 to 1000.',
  ]);
});

test.each(['1e3', '0x10', '-1', '1.5', ' ', '99999999999999999999'])('%o is no whole number', (value) => {
  if (value.trim() === '') expect(readSettings({ PORT: value }).port).toBe(4400);
  else expect(problemsOf({ PORT: value })).toHaveLength(1);
});

test('a database of one’s own needs a secret of one’s own, and neither is printed', () => {
  const databaseUrl = 'postgres://user:hunter2@db/countersign';
  expect(problemsOf({ DATABASE_URL: databaseUrl })).toEqual([
    'COUNTERSIGN_SECRET: required with DATABASE_URL. Allowed: at least 32 characters.',
  ]);
  const tooShort = problemsOf({ DATABASE_URL: databaseUrl, COUNTERSIGN_SECRET: 'not long enough' });
  expect(tooShort.join()).toMatch(/COUNTERSIGN_SECRET: .*at least 32/);
  expect(tooShort.join()).not.toMatch(/hunter2|not long enough/);
});

test('every setting is in the table that the README shows', () => {
  for (const { variable, meaning } of Object.values(settings)) {
    expect(settingsTable()).toContain(`| \`${variable}\` |`);
    expect(meaning).toMatch(/\.$/);
  }
});

test('a variable that is misspelt is told, one that the commands read is not', () => {
  const env = {
    COUNTERSIGN_BODY_BYTS: '7',
    COUNTERSIGN_BODY_BYTES: '70000',
    COUNTERSIGN_URL: 'http://x',
    PATH: '/bin',
  };
  expect(unknownSettings(env)).toEqual(['COUNTERSIGN_BODY_BYTS']);
});
