import { Injectable } from '@nestjs/common';
import type { ClientBase, Pool, QueryResultRow } from 'pg';
import { DataSource } from 'typeorm';

import { CopyLines, type LineBuffer } from './copy-lines.js';
import { asRefusal } from './overload.js';

/** A statement; one with a name is prepared once per connection and planned once. */
export type Statement = string | { readonly name: string; readonly text: string };

export interface Queryable {
  query<Row extends QueryResultRow = QueryResultRow>(statement: Statement, params?: readonly unknown[]): Promise<Row[]>;
}

/**
 * The database as use cases see it: single statements and explicit transactions.
 *
 * It shares the connection pool of TypeORM, which cannot name prepared statements itself. Inside a transaction only the
 * `tx` argument is used: a query through `Database` would run on another connection and not be part of it. No free
 * connection within two seconds, a lock not given, a statement over its time: OVERLOADED, and nothing was changed.
 */
@Injectable()
export class Database implements Queryable {
  readonly pool: Pool;

  constructor(dataSource: DataSource) {
    this.pool = (dataSource.driver as unknown as { master: Pool }).master;
    // Killed between login and being handed out, a client has no other listener, and that would end the process.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  query<Row extends QueryResultRow = QueryResultRow>(
    statement: Statement,
    params: readonly unknown[] = [],
  ): Promise<Row[]> {
    return queryableOn(this.pool).query<Row>(statement, params);
  }

  /** Reads a statement that selects a key and a line, as bytes; it takes no parameters. See CopyLines. */
  async copyLines(statement: string, into: LineBuffer): Promise<void> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw asRefusal(error);
    });
    try {
      await client.query(new CopyLines(statement, into)).done;
      client.release();
    } catch (error) {
      // In the middle of what it sends, the connection is of no use to anybody else.
      client.release(true);
      throw asRefusal(error);
    }
  }

  async transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw asRefusal(error);
    });
    let failure: Error | undefined;
    const onError = (error: Error) => (failure = error);
    client.on('error', onError);
    try {
      await client.query('BEGIN');
      const result = await work(queryableOn(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((cause: Error) => (failure = cause));
      throw asRefusal(error);
    } finally {
      // A broken client keeps its listener: it may report once more while the pool ends it.
      if (!failure) client.off('error', onError);
      client.release(failure);
    }
  }
}

export function queryableOn(target: Pool | ClientBase): Queryable {
  return {
    async query<Row extends QueryResultRow>(statement: Statement, params: readonly unknown[] = []) {
      const values = [...params];
      const query = typeof statement === 'string' ? { text: statement, values } : { ...statement, values };
      try {
        return (await target.query<Row>(query)).rows;
      } catch (error) {
        throw asRefusal(error);
      }
    },
  };
}
