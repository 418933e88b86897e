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

test('two instances whose connections are killed again and again make each case exactly once', async () => {
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
  for (let round = 0; round < 6; round += 1) {
    await flag(
      desk,
      Array.from({ length: 50 }, (_, i) => ({ input: `${round} ${i}` })),
    );
    await review(desk, () => ({ verdict: 'CONFIRMED' }));
  }
  isOver = true;
  await kills;
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
