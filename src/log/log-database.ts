import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';

import { CONFIG, type Config } from '../config.js';
import { NO_JIT } from '../database/data-source.js';
import type { Queryable, Statement } from '../database/database.js';

/** Longest that a call of the log may take, measured here: a connection that went silent is given up after it. */
export const DEADLINE_MS = 10_000;

const SIZE = 4;

/**
 * The log's own few connections. They are apart from those of requests for two reasons: a burst of requests must not
 * hold up the log, and each call of an endless loop needs a deadline on this side, since a server that no longer
 * answers never says so. A call that fails gives its connection up.
 */
@Injectable()
export class LogDatabase implements Queryable, OnApplicationShutdown {
  private readonly pool: pg.Pool;

  constructor(@Inject(CONFIG) config: Pick<Config, 'databaseUrl'>) {
    this.pool = new pg.Pool({
      connectionString: config.databaseUrl,
      application_name: 'countersign log',
      max: SIZE,
      connectionTimeoutMillis: DEADLINE_MS,
      query_timeout: DEADLINE_MS,
      statement_timeout: DEADLINE_MS - 1_000,
      lock_timeout: 2_000,
      // A process that is suspended in the middle of a transaction must not keep the others from their work.
      idle_in_transaction_session_timeout: 5_000,
      keepAlive: true,
      options: NO_JIT,
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process. So would one
    // that breaks in the instant between its last message of the login and the moment when somebody holds it.
    this.pool.on('error', () => undefined);
    this.pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    statement: Statement,
    params: readonly unknown[] = [],
  ): Promise<Row[]> {
    return this.withClient((client) => client.query<Row>(statement, params));
  }

  async transaction<T>(work: (tx: Queryable) => Promise<T>, begin = 'BEGIN'): Promise<T> {
    return this.withClient(async (tx) => {
      await tx.query(begin);
      try {
        const result = await work(tx);
        await tx.query('COMMIT');
        return result;
      } catch (error) {
        await tx.query('ROLLBACK').catch(() => {
          // Not an answer of the server any more, so the connection is given up.
          throw new Error(error instanceof Error ? error.message : String(error), { cause: error });
        });
        throw error;
      }
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  private async withClient<T>(work: (client: Queryable) => Promise<T>): Promise<T> {
    const client = await this.pool.connect();
    let broken: Error | undefined;
    const onError = (error: Error) => (broken = error);
    client.on('error', onError);
    try {
      return await work({
        async query<Row extends pg.QueryResultRow>(statement: Statement, params: readonly unknown[] = []) {
          const named = typeof statement === 'string' ? { text: statement } : statement;
          return (await client.query<Row>({ ...named, values: [...params] })).rows;
        },
      });
    } catch (error) {
      // The server answered with an error: the connection is sound. Anything else is a connection in an unknown state.
      if (!isAnswer(error)) broken ??= error as Error;
      throw error;
    } finally {
      client.off('error', onError);
      client.release(broken);
    }
  }
}

/** An error that the server sent and lived on: not one that ended the session. */
export function isAnswer(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError && !/^(08|57P|25P03)/.test(error.code ?? '');
}

/** The database refused the data itself (out of range, a constraint): trying the same again cannot help. */
export function isRefusedData(error: unknown): boolean {
  return isAnswer(error) && /^2[23]/.test(error.code ?? '');
}
