import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';

import type { LogEvent } from '../src/log/event.js';
import { LogFollower } from '../src/log/follower.js';
import { LogDatabase } from '../src/log/log-database.js';
import { LogQueries } from '../src/log/reader.queries.js';
import { Sequencer } from '../src/log/sequencer.js';
import { logEvents, range } from './support/log.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let other: TestService;
beforeAll(async () => {
  service = await startService();
  other = await startService({ on: service });
  await service.sql(
    `CREATE TABLE work (name text, project_id int, seq bigint, item_id uuid, at timestamptz DEFAULT clock_timestamp())`,
  );
});
afterAll(async () => {
  await other.stop();
  await service.stop();
});

/** A follower whose work is one row for each event; `isBad` decides which it cannot do. */
function follow(on: TestService, name: string, isBad: (event: LogEvent) => boolean = () => false): LogFollower {
  return new LogFollower(
    {
      name,
      kinds: ['WORK'],
      async handle(tx, projectId, events) {
        for (const event of events) {
          await tx.query(`INSERT INTO work VALUES ($1, $2, $3, $4)`, [name, projectId, event.seq, event.itemId]);
          if (isBad(event)) throw new Error(`cannot do ${event.seq}`);
        }
      },
    },
    on.app.get(LogDatabase),
    on.app.get(LogQueries),
  );
}

const done = async (name: string) =>
  (await service.sql<any>(`SELECT seq::int AS seq FROM work WHERE name = $1 ORDER BY at`, [name])).map(
    ({ seq }) => seq,
  );
const sequence = () => service.app.get(Sequencer).runOnce();

async function workOn(items: (string | null)[]): Promise<number[]> {
  await sequence();
  await service.sql(
    `INSERT INTO outbox (project_id, kind, actor, item_id)
     SELECT $1, 'WORK', 'system', i FROM unnest($2::uuid[]) WITH ORDINALITY u (i, n) ORDER BY n`,
    [service.projectId, items],
  );
  await sequence();
  const rows = await service.sql<any>(
    `SELECT seq::int AS seq FROM event WHERE project_id = $1 ORDER BY seq DESC LIMIT $2`,
    [service.projectId, items.length],
  );
  return rows.map(({ seq }: any) => seq).reverse();
}

test('a bad event is set aside and retried; the same item waits behind it, everybody else goes on', async () => {
  const [bad, good] = [uuidv7(), uuidv7()];
  const name = 'picky';
  let isMended = false;
  await follow(service, name).runOnce(service.projectId);
  await service.sql(`DELETE FROM work WHERE name = $1`, [name]);
  const seqs = await workOn([good, bad, good, bad, null]);
  const [a, b, c, d, e] = seqs;
  const follower = follow(service, name, (event) => event.seq === b && !isMended);

  expect(await follower.runOnce(service.projectId)).toBe(3);
  expect(await done(name)).toEqual([a, c, e]);
  const parked = () =>
    service.sql<any>(`SELECT seq::int AS seq, attempts, last_error FROM log_parked WHERE name = $1 ORDER BY seq`, [
      name,
    ]);
  expect(await parked()).toEqual([
    { seq: b, attempts: 1, last_error: `cannot do ${b}` },
    { seq: d, attempts: 0, last_error: 'waits for an earlier event' },
  ]);

  // Its time has come, but it still fails: a longer pause. New events of that item wait as well.
  const due = () =>
    service.sql(`UPDATE log_parked SET next_attempt_at = now() - interval '1 second' WHERE name = $1`, [name]);
  await due();
  const [f, g] = await workOn([bad, good]);
  expect(await follower.runOnce(service.projectId)).toBe(1);
  expect(await done(name)).toEqual([a, c, e, g]);
  expect(await parked()).toMatchObject([{ seq: b, attempts: 2 }, { seq: d }, { seq: f }]);

  isMended = true;
  await due();
  expect(await follower.runOnce(service.projectId)).toBe(3);
  expect(await done(name)).toEqual([a, c, e, g, b, d, f]);
  expect(await parked()).toEqual([]);
});

test('trouble that is not the fault of an event sets nothing aside', async () => {
  const name = 'locked';
  await follow(service, name).runOnce(service.projectId);
  await workOn([null]);
  const follower = new LogFollower(
    { name, kinds: ['WORK'], handle: (tx) => tx.query(`SELECT * FROM no_such_table`).then(() => undefined) },
    service.app.get(LogDatabase),
    service.app.get(LogQueries),
  );
  await expect(follower.runOnce(service.projectId)).rejects.toThrow('no_such_table');
  expect(await service.sql(`SELECT 1 FROM log_parked WHERE name = $1`, [name])).toEqual([]);
  expect(await follow(service, name).runOnce(service.projectId)).toBe(1);
});

test('a follower does the work of every event of its kinds once and in order, with several at it and killed in between', async () => {
  await logEvents(service, 300, 'OTHER');
  for (let n = 0; n < 5; n += 1) await workOn(range(1, 100).map(() => null));
  const followers = [service, other, service, other].map((on) => follow(on, 'many'));
  let isDone = false;
  const killer = (async () => {
    while (!isDone) {
      await service.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'countersign log' AND random() < 0.2
            AND pg_sleep(random() * 0.05) IS NOT NULL`,
      );
    }
  })();
  while ((await done('many')).length < 500) {
    await Promise.allSettled(followers.map((follower) => follower.runOnce(service.projectId)));
  }
  isDone = true;
  await killer;
  const seqs = await service.sql<any>(`SELECT seq::int AS seq FROM event WHERE kind = 'WORK' ORDER BY seq`);
  expect(await done('many')).toEqual(seqs.map(({ seq }: any) => seq));
});
