import pg from 'pg';

import type { Queryable } from '../../src/database/database.js';
import type { TestService } from './service.js';

/** What happens in the transaction that holds the item, before it lets go. */
type Meanwhile = (tx: Queryable) => Promise<unknown>;

/**
 * Starts what takes an item's lock first, and lets it go on only when all of it waits for that lock: each has read what
 * it reads before, and goes by what it finds behind the lock.
 */
export async function meetingAt(
  service: TestService,
  itemId: string,
  calls: (() => Promise<unknown>)[],
  meanwhile: Meanwhile = async () => undefined,
): Promise<void> {
  const gate = new pg.Client(service.database.url);
  gate.on('error', () => undefined);
  await gate.connect();
  await gate.query('BEGIN');
  await gate.query(`SELECT FROM item WHERE id = $1 FOR NO KEY UPDATE`, [itemId]);
  const running = calls.map((run) => run());
  for (let waiting = 0; waiting < calls.length;) {
    const [row] = await service.sql<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR NO KEY UPDATE%'`,
    );
    waiting = row!.n;
  }
  await meanwhile({ query: async (text: any, params: any) => (await gate.query(text, params)).rows as any[] });
  await gate.query('COMMIT');
  await gate.end();
  await Promise.all(running);
}
