/**
 * `npm run schema`: writes what is made from the code and kept in the repository, for people and tools to read.
 * test/drift.test.ts compares; it fails until this was run.
 */
import 'reflect-metadata';

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import pg from 'pg';

const root = path.resolve(import.meta.dirname, '..');
const source = (file) => import(path.join(root, 'dist/src', file));
const { AppModule } = await source('app.module.js');
const { completeConfig, readSettings, withSettings } = await source('config.js');
const { describeDatabase } = await source('database/catalogue.js');
const { queryableOn } = await source('database/database.js');
const { EmbeddedServer } = await source('database/embedded/embedded-server.js');
const { migrate } = await source('database/migrate.js');
const { printSchema } = await source('graphql/print-schema.js');

const config = completeConfig(readSettings({}), 'postgres://none', 'x'.repeat(32));
write('schema.gql', await printSchema(AppModule.forRoot(config)));
write('README.md', withSettings(fs.readFileSync(path.join(root, 'README.md'), 'utf8')));
write('migrations/schema.sql', await onFreshDatabase(describeDatabase));
process.exit(0);

/** Always the embedded PostgreSQL: what is written must not depend on whose database was at hand. */
async function onFreshDatabase(work) {
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'countersign-schema-'));
  fs.chmodSync(dataDir, 0o755);
  const server = await EmbeddedServer.start({ dataDir, onNotice: console.warn, onLost: console.error });
  const pool = new pg.Pool({ connectionString: server.url, max: 1 });
  pool.on('error', () => undefined);
  try {
    await migrate(server.url);
    return await work(queryableOn(pool));
  } finally {
    await pool.end();
    await server.stop();
    fs.rmSync(dataDir, { recursive: true, force: true });
  }
}

function write(file, text) {
  const place = path.join(root, file);
  const isNew = !fs.existsSync(place) || fs.readFileSync(place, 'utf8') !== text;
  if (isNew) fs.writeFileSync(place, text);
  console.log(`${file}: ${isNew ? 'written' : 'up to date'}`);
}
