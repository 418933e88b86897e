import type { DataSourceOptions, EntityTarget } from 'typeorm';

import { migrations } from '../../migrations/index.js';
import type { Config } from '../config.js';

export function dataSourceOptions(
  config: Pick<Config, 'databaseUrl' | 'poolSize'>,
  entities: EntityTarget<object>[],
): DataSourceOptions {
  return {
    type: 'postgres',
    url: config.databaseUrl,
    entities: entities as Function[],
    migrations,
    migrationsTableName: 'migration',
    synchronize: false,
    migrationsRun: false,
    poolSize: config.poolSize,
    extra: {
      connectionTimeoutMillis: 2_000,
      statement_timeout: 10_000,
      lock_timeout: 2_000,
      idle_in_transaction_session_timeout: 10_000,
    },
  };
}
