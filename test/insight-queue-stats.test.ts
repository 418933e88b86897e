import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { differences as recounted } from './support/insight.js';
import { FLAG_MANY, output } from './support/intake.js';
import {
  claim,
  claimOne,
  leaseOf,
  letExpire,
  makeQueue,
  onLease,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let key: string;
let manager: TestMember;
let queue: TestQueue;

beforeAll(async () => {
  service = await startService();
  key = await service.key();
  manager = await service.member({ role: Role.MANAGER });
});
afterAll(() => service.stop());
beforeEach(async () => (queue = await makeQueue(service)));

async function flag(count: number, into = queue, more: object = {}): Promise<string[]> {
  const inputs = Array.from({ length: count }, (_, n) => output(`${into.key}-${n}`, { queue: into.key, ...more }));
  const { flagOutputs } = await service.do<any>(key, FLAG_MANY, { inputs });
  return flagOutputs.rows.map((row: any) => row.payload.item.id);
}

async function stats(of = queue): Promise<Record<string, number | string | null>> {
  await service.app.get(Sequencer).runOnce();
  const answer = await service.do<any>(
    manager.token,
    `query ($key: String!) { queue(key: $key) {
       stats { open leased needsAdjudication resolved overdue oldestOpenAt } } }`,
    { key: of.key },
  );
  return answer.queue.stats;
}

const differences = () => recounted(service);

test('the figures of a queue follow what happens to its items', async () => {
  expect(await stats()).toEqual({
    open: 0,
    leased: 0,
    needsAdjudication: 0,
    resolved: 0,
    overdue: 0,
    oldestOpenAt: null,
  });
  const [first] = await flag(3);
  const [{ created_at }] = await service.sql<any>(`SELECT created_at FROM item WHERE id = $1`, [first]);
  expect(await stats()).toMatchObject({ open: 3, leased: 0, oldestOpenAt: created_at.toISOString() });

  const [ann, bob] = [await service.member(), await service.member()];
  const held = await claimOne(service, ann, queue);
  expect(await stats()).toMatchObject({ open: 3, leased: 1 });
  await onLease(service, ann, 'releaseAssignment', leaseOf(held));
  expect(await stats()).toMatchObject({ open: 3, leased: 0 });
  const skipped = await claimOne(service, ann, queue);
  await onLease(service, ann, 'releaseAssignment', { ...leaseOf(skipped), skip: true });
  await letExpire(service, await claimOne(service, bob, queue));
  const again = await claim(service, bob, { queue: queue.key, count: 3 });
  expect(again.assignments.length).toBe(3);
  expect(await stats()).toMatchObject({ open: 3, leased: 3 });
  for (const one of again.assignments) await submit(service, bob, one);
  expect(await stats()).toMatchObject({ open: 0, leased: 0, resolved: 3, oldestOpenAt: null });
  expect(await differences()).toEqual([]);
});

test('disagreement and withdrawal are counted where they belong', async () => {
  const pair = await makeQueue(service, { reviewsRequired: 2 });
  const ids = await flag(3, pair);
  const [ann, bob] = [await service.member(), await service.member()];
  await submit(service, ann, await claimOne(service, ann, pair), { verdict: 'CONFIRMED' });
  await submit(service, bob, await claimOne(service, bob, pair), { verdict: 'REJECTED' });
  expect(await stats(pair)).toMatchObject({ open: 2, needsAdjudication: 1, resolved: 0 });
  const withdrawn = await service.ask<any>(
    key,
    `mutation ($input: WithdrawItemInput!) { withdrawItem(input: $input) { item { status } } }`,
    { input: { itemId: ids[2] } },
  );
  expect(withdrawn.errors).toBeUndefined();
  expect(await stats(pair)).toMatchObject({ open: 1, needsAdjudication: 1, resolved: 0 });
  expect(await differences()).toEqual([]);
});

test('what is past its deadline and has no final answer is overdue', async () => {
  const ids = await flag(3, queue, { dueAt: new Date(Date.now() + 60_000).toISOString() });
  expect(await stats()).toMatchObject({ overdue: 0 });
  await service.sql(`UPDATE item SET due_at = now() - interval '1 second' WHERE id = ANY ($1)`, [ids.slice(0, 2)]);
  expect(await stats()).toMatchObject({ overdue: 2 });
  const reviewer = await service.member();
  const { assignments } = await claim(service, reviewer, { queue: queue.key, count: 3 });
  for (const held of assignments) await submit(service, reviewer, held);
  expect(await stats()).toMatchObject({ overdue: 0, resolved: 3 });
});

test('a recount under load is exact in one snapshot, and shows a counter that is off by one', async () => {
  const reviewers = await Promise.all([1, 2, 3, 4].map(() => service.member()));
  await flag(200);
  let isDone = false;
  const checks = (async () => {
    let checked = 0;
    for (; !isDone || checked < 5; checked += 1) expect(await differences()).toEqual([]);
    return checked;
  })();
  await Promise.all(
    reviewers.map(async (reviewer) => {
      for (;;) {
        const { assignments } = await claim(service, reviewer, { queue: queue.key, count: 5 });
        if (assignments.length === 0) return;
        for (const held of assignments) await submit(service, reviewer, held);
      }
    }),
  );
  isDone = true;
  expect(await checks).toBeGreaterThanOrEqual(5);
  expect(await stats()).toMatchObject({ open: 0, leased: 0, resolved: 200 });

  await service.sql(`UPDATE queue_count SET leased = leased + 1 WHERE queue_id = $1`, [queue.id]);
  expect(await differences()).toEqual([{ queueId: queue.id, counter: 'leased', kept: 1, counted: 0 }]);
  await service.sql(`UPDATE queue_count SET leased = leased - 1 WHERE queue_id = $1`, [queue.id]);
});
