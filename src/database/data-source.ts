import type { PoolConfig } from 'pg';
import type { DataSourceOptions, EntityTarget } from 'typeorm';

import { migrations } from '../../migrations/index.js';
import type { Config } from '../config.js';
import { ColumnNames } from './column-names.js';

/**
 * Compiling a plan takes PostgreSQL some hundred milliseconds, and where the tables are large it would do so for every
 * claim, which takes one. `options` in DATABASE_URL go before this.
 */
export const NO_JIT = '-c jit=off';

/** Nothing may hold a connection or a lock for long: what takes longer is refused, and the caller is told so. */
export const POOL_LIMITS = {
  connectionTimeoutMillis: 2_000,
  statement_timeout: 10_000,
  lock_timeout: 2_000,
  idle_in_transaction_session_timeout: 10_000,
  maxLifetimeSeconds: 1_800,
  keepAlive: true,
  options: NO_JIT,
} satisfies PoolConfig;

/** What TypeORM is given. It never changes the schema by itself: only migrations do. */
export function dataSourceOptions(
  config: Pick<Config, 'databaseUrl' | 'poolSize'>,
  entities: EntityTarget<object>[],
  limits: PoolConfig = POOL_LIMITS,
): DataSourceOptions {
  return {
    type: 'postgres',
    url: config.databaseUrl,
    applicationName: 'countersign',
    entities: entities as Function[],
    migrations,
    migrationsTableName: 'migration',
    namingStrategy: new ColumnNames(),
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    poolSize: config.poolSize,
    extra: limits,
    // The pool replaces a connection that broke while idle; the next use tells whether the database is there.
    poolErrorHandler: () => undefined,
  };
}
