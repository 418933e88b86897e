import { randomBytes } from 'node:crypto';

import pg from 'pg';
import { afterAll, expect, inject, test } from 'vitest';

import { migrations } from '../migrations/index.js';
import { checkServer } from '../src/database/server-check.js';
import { migrate } from '../src/database/migrate.js';

const made: string[] = [];

afterAll(async () => {
  for (const name of made) await asAdmin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
});

async function asAdmin(text: string): Promise<void> {
  const admin = new pg.Client(inject('adminUrl'));
  await admin.connect();
  await admin.query(text).finally(() => admin.end());
}

async function emptyDatabase(options = ''): Promise<URL> {
  const name = `countersign_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`CREATE DATABASE ${name} ${options}`);
  made.push(name);
  const url = new URL(inject('adminUrl'));
  url.pathname = `/${name}`;
  return url;
}

async function migrated(url: URL): Promise<string[]> {
  const client = new pg.Client(url.href);
  await client.connect();
  const { rows } = await client
    .query<{ name: string }>('SELECT name FROM migration ORDER BY id')
    .finally(() => client.end());
  return rows.map(({ name }) => name);
}

test('ten instances that start at once on an empty database all come up', async () => {
  const url = await emptyDatabase();
  await Promise.all(Array.from({ length: 10 }, () => migrate(url.href)));
  expect(await migrated(url)).toEqual(migrations.map(({ name }) => name));
});

test('what is up to date is left as it is, and nobody waits for long', async () => {
  const url = await emptyDatabase();
  const notices: string[] = [];
  await migrate(url.href, (message) => notices.push(message));
  expect(notices).toHaveLength(migrations.length);
  await migrate(url.href, (message) => notices.push(message));
  expect(notices).toHaveLength(migrations.length);
});

test('each migration can be undone and made again', async () => {
  const { DataSource } = await import('typeorm');
  const { dataSourceOptions } = await import('../src/database/data-source.js');
  const url = await emptyDatabase();
  await migrate(url.href);
  const source = await new DataSource(dataSourceOptions({ databaseUrl: url.href, poolSize: 2 }, [])).initialize();
  try {
    for (const _ of migrations) await source.undoLastMigration();
    const left = await source.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
    expect(left).toEqual([{ tablename: 'migration' }]);
  } finally {
    await source.destroy();
  }
  await migrate(url.href);
  expect(await migrated(url)).toHaveLength(migrations.length);
});

test('a database that the service cannot live on is refused with the reason', async () => {
  const quiet = () => undefined;
  await expect(checkServer((await emptyDatabase()).href, quiet)).resolves.toBeUndefined();
  const latin = await emptyDatabase(`ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'`);
  await expect(checkServer(latin.href, quiet)).rejects.toThrow(/encoded in LATIN1.*UTF8/);
  const missing = new URL(inject('adminUrl'));
  missing.pathname = '/countersign_is_not_there';
  await expect(checkServer(missing.href, quiet)).rejects.toThrow(
    /countersign_is_not_there.*cannot be used: .*does not exist/,
  );
  const stranger = new URL(inject('adminUrl'));
  stranger.username = 'nobody_knows';
  stranger.password = 'a secret';
  await expect(checkServer(stranger.href, quiet)).rejects.not.toThrow(/a secret/);
});
