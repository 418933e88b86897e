import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let second: TestService;
let desk: Desk;
beforeAll(async () => {
  service = await startService();
  second = await startService({ on: service });
  desk = await openDesk(service);
});
afterAll(async () => {
  await second?.stop();
  await service?.stop();
});

/** Ends connections of the log's readers in the middle of what they do, until it is stopped; returns how many. */
function killBackends(): { stop(): Promise<number> } {
  let isOver = false;
  let killed = 0;
  const killer = async () => {
    while (!isOver) {
      const rows = await service.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND application_name = 'countersign log' AND state <> 'idle'
            AND query NOT LIKE 'SELECT 1%' AND random() < 0.5 AND pg_sleep(random() * 0.005) IS NOT NULL`,
      );
      killed += rows.length;
    }
  };
  const kills = killer();
  return {
    stop: async () => {
      isOver = true;
      await kills;
      return killed;
    },
  };
}

test('two instances whose connections are killed again and again make each case exactly once', async () => {
  const killing = killBackends();
  for (let round = 0; round < 6; round += 1) {
    await flag(
      desk,
      Array.from({ length: 50 }, (_, i) => ({ input: `${round} ${i}` })),
    );
    await review(desk, () => ({ verdict: 'CONFIRMED' }));
  }
  const killed = await killing.stop();
  await settle(desk);
  const [found] = await service.sql(
    `SELECT (SELECT count(*)::int FROM item WHERE status = 'RESOLVED') AS resolved,
            (SELECT count(*)::int FROM eval_case) AS cases,
            (SELECT count(*)::int FROM eval_case_revision) AS revisions,
            (SELECT count(*)::int FROM event WHERE kind = 'CASE_REVISED') AS events,
            (SELECT case_count FROM dataset) AS counted,
            (SELECT count(*)::int FROM log_parked) AS parked`,
  );
  expect(killed).toBeGreaterThan(5);
  expect(found).toEqual({ resolved: 300, cases: 300, revisions: 300, events: 300, counted: 300, parked: 0 });
});

test('contradictions that meet while connections are killed wait, one of each answer, and nothing else does', async () => {
  const killing = killBackends();
  for (const output of ['yes', 'no', 'yes']) {
    await flag(
      desk,
      Array.from({ length: 30 }, (_, i) => ({ input: `disputed ${i}`, output })),
    );
    await review(desk, () => ({ verdict: 'CONFIRMED' }));
  }
  await killing.stop();
  await settle(desk);
  const [found] = await service.sql(
    `SELECT (SELECT count(*)::int FROM eval_hold WHERE kind = 'CONFLICT') AS held,
            (SELECT count(*)::int FROM eval_hold WHERE kind = 'DUPLICATE') AS behind,
            (SELECT count(*)::int FROM eval_hold h JOIN eval_case c USING (project_id, dataset_id, item_id)
              WHERE NOT c.is_retracted) AS both,
            (SELECT count(*)::int FROM eval_case WHERE NOT is_retracted) AS cases,
            (SELECT case_count FROM dataset) AS counted,
            (SELECT count(*)::int FROM eval_case_revision) - (SELECT count(*)::int FROM event WHERE kind = 'CASE_REVISED')
              AS untold,
            (SELECT count(*)::int FROM event WHERE kind = 'CASE_HELD') AS told,
            (SELECT count(*)::int FROM log_parked) AS parked`,
  );
  expect(found).toEqual({ held: 60, behind: 30, both: 0, cases: 300, counted: 300, untold: 0, told: 90, parked: 0 });
});
