import { setTimeout as sleep } from 'node:timers/promises';

import { DataSource, type QueryRunner } from 'typeorm';

import { dataSourceOptions } from './data-source.js';

/** One key for every instance: whoever holds it migrates, the others wait and then find nothing to do. */
export const MIGRATION_LOCK = 7_203_001;
const LOCK_ATTEMPTS = 20;

/**
 * Brings the database up to date. TypeORM takes no lock of its own, and two runners at once break each other.
 *
 * A migration may take its time, but waits at most two seconds for a table that is in use: everybody else would queue
 * up behind it. It then lets go and tries again.
 */
export async function migrate(
  databaseUrl: string,
  onNotice: (message: string) => void = () => undefined,
): Promise<void> {
  const dataSource = new DataSource(
    dataSourceOptions({ databaseUrl, poolSize: 2 }, [], { statement_timeout: 0, lock_timeout: 2_000, keepAlive: true }),
  );
  await dataSource.initialize();
  const lock = dataSource.createQueryRunner();
  try {
    await lock.connect();
    await takeLock(lock, onNotice);
    await runPatiently(dataSource, onNotice);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
    await dataSource.destroy();
  }
}

async function takeLock(lock: QueryRunner, onNotice: (message: string) => void): Promise<void> {
  const [row] = (await lock.query('SELECT pg_try_advisory_lock($1) AS taken', [MIGRATION_LOCK])) as [
    { taken: boolean },
  ];
  if (row.taken) return;
  onNotice('Another instance is migrating the database; waiting for it.');
  await lock.query('SET lock_timeout = 0');
  await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
}

async function runPatiently(dataSource: DataSource, onNotice: (message: string) => void): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      for (const { name } of await dataSource.runMigrations({ transaction: 'each' })) onNotice(`Migrated: ${name}.`);
      return;
    } catch (error) {
      const isInUse = (error as { code?: string }).code === '55P03';
      if (!isInUse || attempt === LOCK_ATTEMPTS) throw error;
      onNotice('A table is in use by something else; the migration tries again.');
      await sleep(500 * Math.min(attempt, 10));
    }
  }
}
