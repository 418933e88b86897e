import { DataSource } from 'typeorm';

import { dataSourceOptions } from './data-source.js';

/** One key for every instance: whoever holds it migrates, the others wait and then find nothing to do. */
const MIGRATION_LOCK = 7_203_001;

/** Brings the database up to date. TypeORM takes no lock of its own, and two runners at once break each other. */
export async function migrate(databaseUrl: string): Promise<void> {
  const dataSource = new DataSource(dataSourceOptions({ databaseUrl, poolSize: 2 }, []));
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.connect();
    await lock.query('SET statement_timeout = 0');
    await lock.query('SET lock_timeout = 0');
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await dataSource.runMigrations({ transaction: 'each' });
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await dataSource.destroy();
  }
}
