import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { LogFolds } from '../src/log/fold.js';
import { Sequencer } from '../src/log/sequencer.js';
import { logEvents, openStream, range, take } from './support/log.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service.stop());

test('what is committed gets a place by itself, dense and in order, and leaves the outbox', async () => {
  const stream = openStream(service, 0);
  await logEvents(service, 2_500);
  expect(await take(stream, 2_500)).toEqual(range(1, 2_500));
  await stream.return();
  expect(await service.sql(`SELECT count(*)::int AS n FROM outbox`)).toEqual([{ n: 0 }]);
  const [{ n }] = await service.sql<any>(`SELECT count(*)::int AS n FROM event WHERE data->>'n' = seq::text`);
  expect(n).toBe(2_500);
});

test('the outbox refuses what the log could not take', async () => {
  const insert = (kind: string, actor: string, data: string) =>
    service.sql(`INSERT INTO outbox (project_id, kind, actor, data) VALUES ($1, $2, $3, $4)`, [
      service.projectId,
      kind,
      actor,
      data,
    ]);
  await expect(insert('lower case', 'system', '{}')).rejects.toThrow('outbox_kind_form');
  await expect(insert('OK', 'somebody', '{}')).rejects.toThrow('outbox_actor_form');
  await expect(insert('OK', 'system', '[]')).rejects.toThrow('outbox_data_object');
});

test('a fold that fails on one event leaves out that event and holds up nobody', async () => {
  const [{ id: other }] = await service.sql<any>(`INSERT INTO project (key, name) VALUES ('other', 'O') RETURNING id`);
  const seen: number[] = [];
  service.app.get(LogFolds).register({
    name: 'picky',
    async apply(tx, projectId, events) {
      if (projectId !== other) return;
      await tx.query(`SELECT 1 / ${events.some((event) => event.data.n === 3) ? 0 : 1}`);
      seen.push(...events.map((event) => Number(event.data.n)));
    },
  });
  await logEvents(service, 5, 'QUEUE_SAVED', other);
  await service.app.get(Sequencer).runOnce();
  const events = await service.sql<any>(`SELECT seq::int FROM event WHERE project_id = $1 ORDER BY seq`, [other]);
  expect(events.map(({ seq }: any) => seq)).toEqual([1, 2, 3, 4, 5]);
  expect(seen).toEqual([1, 2, 4, 5]);
});

test('30 writers, the sequencer and the listener killed again and again: no loss, no repeat, no gap', async () => {
  const [{ head }] = await service.sql<any>(`SELECT seq::int AS head FROM log_head WHERE project_id = $1`, [
    service.projectId,
  ]);
  const stream = openStream(service, head);
  const second = await startService({ on: service });
  const pool = new pg.Pool({ connectionString: service.database.url, max: 30 });
  const until = Date.now() + 3_000;
  let written = 0;
  const writer = async (name: number) => {
    for (let n = 0; Date.now() < until; n += 1) {
      const client = await pool.connect();
      await client.query('BEGIN');
      await client.query(
        `INSERT INTO outbox (project_id, kind, actor, data) VALUES ($1, 'WRITTEN', 'system', json_build_object('w', $2::int, 'n', $3::int))`,
        [service.projectId, name, n],
      );
      await client.query(`SELECT pg_sleep($1)`, [Math.random() * 0.015]);
      // Some changes are taken back; they must never show.
      const isKept = Math.random() < 0.95;
      await client.query(isKept ? 'COMMIT' : 'ROLLBACK');
      if (isKept) written += 1;
      client.release();
    }
  };
  const killer = async () => {
    let killed = 0;
    while (Date.now() < until) {
      const rows = await service.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name IN ('countersign log', 'countersign listener')
            AND random() < 0.3 AND pg_sleep(random() * 0.02) IS NOT NULL`,
      );
      killed += rows.length;
    }
    return killed;
  };
  const [killed] = await Promise.all([killer(), ...range(1, 30).map(writer)]);
  await pool.end();

  const seqs = await take(stream, written);
  await stream.return();
  await second.stop();
  // How many depends on the machine; that it was more than once or twice is the point.
  expect(killed).toBeGreaterThan(5);
  expect(seqs).toEqual(range(head + 1, head + written));
  const [row] = await service.sql<any>(
    `SELECT count(*)::int AS n, count(DISTINCT data::text)::int AS different, max(seq)::int AS last
       FROM event WHERE project_id = $1 AND kind = 'WRITTEN'`,
    [service.projectId],
  );
  expect(row).toEqual({ n: written, different: written, last: head + written });
  // What one writer did one after the other stands in that order.
  const disorder = await service.sql(
    `SELECT 1 FROM (SELECT (data->>'n')::int AS n, lag((data->>'n')::int) OVER (PARTITION BY data->>'w' ORDER BY seq) AS before
                      FROM event WHERE project_id = $1 AND kind = 'WRITTEN') e WHERE n <= before`,
    [service.projectId],
  );
  expect(disorder).toEqual([]);
});
