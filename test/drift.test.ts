import fs from 'node:fs';
import path from 'node:path';

import pg from 'pg';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { AppModule } from '../src/app.module.js';
import { completeConfig, readSettings, withSettings } from '../src/config.js';
import { describeDatabase } from '../src/database/catalogue.js';
import { dataSourceOptions } from '../src/database/data-source.js';
import { queryableOn } from '../src/database/database.js';
import { entities } from '../src/entities.js';
import { printSchema } from '../src/graphql/print-schema.js';
import { root } from './support/built.js';
import { createDatabase, type TestDatabase } from './support/database.js';

const REMEDY = 'is not what the code makes it. Run `npm run schema` and look at the difference before you commit it.';

let database: TestDatabase;
beforeAll(async () => (database = await createDatabase()));
afterAll(() => database?.drop());

function expectCurrent(file: string, text: string): void {
  const place = path.join(root, file);
  const kept = fs.existsSync(place) ? fs.readFileSync(place, 'utf8') : '';
  expect(kept, `${file} ${REMEDY}`).toBe(text);
}

test('schema.gql is what the code says, and needs no database to be printed', async () => {
  const config = completeConfig(readSettings({}), 'postgres://127.0.0.1:1/none', 'x'.repeat(32));
  expectCurrent('schema.gql', await printSchema(AppModule.forRoot(config)));
});

test('migrations/schema.sql is what a migrated database says of itself', async () => {
  const pool = new pg.Pool({ connectionString: database.url, max: 1 });
  const described = await describeDatabase(queryableOn(pool)).finally(() => pool.end());
  expectCurrent('migrations/schema.sql', described);
});

test('the README shows every setting', () => {
  const readme = fs.readFileSync(path.join(root, 'README.md'), 'utf8');
  expect(readme).toContain('<!-- /settings -->');
  expectCurrent('README.md', withSettings(readme));
});

/**
 * Entities say nothing of constraints and indexes: those have names and reasons, stand in the migrations and are
 * compared above. What entities do say, TypeORM compares here.
 */
const CONSTRAINT = /^(ALTER TABLE "\w+" (ADD|DROP) CONSTRAINT|(CREATE|DROP) (UNIQUE )?INDEX)/;

test('tables, columns, types, defaults and nullability are the same in entities and migrations', async () => {
  const options = dataSourceOptions({ databaseUrl: database.url, poolSize: 2 }, entities);
  const source = await new DataSource(options).initialize();
  try {
    const { upQueries } = await source.driver.createSchemaBuilder().log();
    const differences = upQueries.map(({ query }) => query).filter((query) => !CONSTRAINT.test(query));
    expect(differences, 'Make the entity say what the migration does, or write a migration.').toEqual([]);
  } finally {
    await source.destroy();
  }
});

test('the service never changes the schema by itself', () => {
  const { synchronize, migrationsRun, dropSchema } = dataSourceOptions({ databaseUrl: '', poolSize: 2 }, []);
  expect({ synchronize, migrationsRun, dropSchema }).toEqual({ synchronize: false, migrationsRun: false });
});
