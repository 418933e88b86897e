import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';

import { CONFIG, type Config } from '../config.js';
import { POOL_LIMITS } from './data-source.js';
import { type Queryable, queryableOn, type Statement } from './database.js';

/**
 * A few connections apart from those of requests, for what must go on when requests have taken all of theirs: the
 * sweeper's chores and the figures that tell an operator why.
 */
@Injectable()
export class SystemDatabase implements Queryable, OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor(@Inject(CONFIG) config: Pick<Config, 'databaseUrl' | 'systemPoolSize'>) {
    this.pool = new pg.Pool({
      connectionString: config.databaseUrl,
      application_name: 'countersign system',
      max: config.systemPoolSize,
      ...POOL_LIMITS,
    });
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    statement: Statement,
    params: readonly unknown[] = [],
  ): Promise<Row[]> {
    return queryableOn(this.pool).query<Row>(statement, params);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}
