import { Injectable } from '@nestjs/common';
import type { Pool, PoolClient, QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';

/** A statement; one with a name is prepared once per connection and planned once. */
export type Statement = string | { readonly name: string; readonly text: string };

export interface Queryable {
  query<Row extends QueryResultRow = QueryResultRow>(statement: Statement, params?: readonly unknown[]): Promise<Row[]>;
}

/**
 * The database as use cases see it: single statements and explicit transactions.
 *
 * It shares the connection pool of TypeORM, which cannot name prepared statements itself. Inside a transaction only the
 * `tx` argument is used: a query through `Database` would run on another connection and not be part of it.
 */
@Injectable()
export class Database implements Queryable {
  readonly pool: Pool;

  constructor(dataSource: DataSource) {
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
  }

  async query<Row extends QueryResultRow = QueryResultRow>(
    statement: Statement,
    params: readonly unknown[] = [],
  ): Promise<Row[]> {
    const result = await this.pool.query<Row>(toQuery(statement, params));
    return result.rows;
  }

  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let failure: Error | undefined;
    const onError = (error: Error) => (failure = error);
    client.on('error', onError);
    try {
      await client.query('BEGIN');
      const result = await work(onClient(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: Error) => (failure = cause));
      throw error;
    } finally {
      client.off('error', onError);
      client.release(failure);
    }
  }
}

function onClient(client: PoolClient): Queryable {
  return {
    async query<Row extends QueryResultRow>(statement: Statement, params: readonly unknown[] = []) {
      return (await client.query<Row>(toQuery(statement, params))).rows;
    },
  };
}

function toQuery(statement: Statement, params: readonly unknown[]) {
  const values = [...params];
  return typeof statement === 'string' ? { text: statement, values } : { ...statement, values };
}
