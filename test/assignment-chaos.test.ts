import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { reviewInChaos } from '../bench/support/leases.js';
import { makeItems, makeQueue } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

const deadlocks = async (): Promise<number> => {
  const [row] = await service.sql<{ n: number }>(
    `SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()`,
  );
  return row!.n;
};

// One-second leases run out while others claim, submit, release and sweep: all of it at once, on two instances.
test('32 clients, of whom some die, review every slot of every item exactly once, without a deadlock', async () => {
  const other = await startService({ on: service });
  const queue = await makeQueue(service, { reviewsRequired: 2, leaseSeconds: 1 });
  const ids = await makeItems(
    service,
    queue,
    Array.from({ length: 100 }, () => ({})),
  );
  const people = await Promise.all(Array.from({ length: 16 }, () => service.member()));
  const before = await deadlocks();
  const { acknowledged, counts } = await reviewInChaos({
    ask: (token, query, variables) => (Math.random() < 0.5 ? service : other).ask(token, query, variables),
    // Each person in two tabs.
    tokens: [...people, ...people].map((person) => person.token),
    queue: queue.key,
    leaseMs: 1_000,
    deathShare: 0.08,
    isDone: async () => {
      const open = await service.sql(`SELECT FROM item WHERE queue_id = $1 AND status = 'OPEN' LIMIT 1`, [queue.id]);
      return open.length === 0;
    },
  });
  await other.stop();
  const [seen] = await service.sql(
    `SELECT count(*)::int AS reviews, count(DISTINCT (item_id, slot))::int AS slots,
            count(DISTINCT (item_id, member_id))::int AS pairs, count(DISTINCT item_id)::int AS items,
            (SELECT count(*)::int FROM item WHERE queue_id = $1 AND status = 'RESOLVED' AND reviews_done = 2) AS resolved,
            (SELECT count(*)::int FROM resolution r JOIN item i ON i.id = r.item_id WHERE i.queue_id = $1) AS resolutions,
            (SELECT count(*)::int FROM ticket) AS tickets, (SELECT count(*)::int FROM assignment) AS leases
       FROM review WHERE queue_id = $1`,
    [queue.id],
  );
  expect(seen).toEqual({
    reviews: 200,
    slots: 200,
    pairs: 200,
    items: ids.length,
    resolved: 100,
    resolutions: 100,
    tickets: 0,
    leases: 0,
  });
  const stored = await service.sql<{ id: string }>(`SELECT id FROM review WHERE queue_id = $1`, [queue.id]);
  expect(new Set(acknowledged.keys())).toEqual(new Set(stored.map((row) => row.id)));
  expect(counts.died).toBeGreaterThan(0);
  expect(counts.LEASE_LOST).toBeGreaterThan(0);
  const expected = ['died', 'late', 'released', 'LEASE_LOST', 'ALREADY_RESOLVED'];
  expect(Object.keys(counts).filter((what) => !expected.includes(what))).toEqual([]);
  expect((await deadlocks()) - before).toBe(0);
}, 120_000);
