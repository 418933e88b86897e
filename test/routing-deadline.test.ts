import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { DeadlineService } from '../src/assignment/deadline.service.js';
import { claimOne, codeOf, makeItem, makeItems, makeQueue, submit } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

async function queueThat(onDeadline: string, reviewsRequired = 1) {
  const queue = await makeQueue(service, { reviewsRequired });
  await service.sql(`UPDATE queue SET on_deadline = $2 WHERE id = $1`, [queue.id, onDeadline]);
  return queue;
}

/** The deadline was a second ago, or is in an hour. */
const due = (items: string[], isOver = true) =>
  service.sql(`UPDATE item SET due_at = now() + make_interval(secs => $2) WHERE id = ANY ($1)`, [
    items,
    isOver ? -1 : 3_600,
  ]);

async function itemOf(id: string) {
  const viewer = await service.member({ role: Role.VIEWER });
  const { item } = await service.do<any>(
    viewer.token,
    `query ($id: ID!) { item(id: $id) { status resolution { verdict by } } }`,
    { id },
  );
  return item;
}

test('an overdue item is answered as its queue says, once, and its deadline is told', async () => {
  const [confirm, reject, stay] = [await queueThat('CONFIRM'), await queueThat('REJECT'), await queueThat('STAY_OPEN')];
  const [passed, fallen, open] = [
    await makeItem(service, confirm),
    await makeItem(service, reject),
    await makeItem(service, stay),
  ];
  const early = await makeItem(service, confirm);
  await due([passed, fallen, open]);
  await due([early], false);
  await service.app.get(DeadlineService).runOnce();
  expect(await itemOf(passed)).toEqual({ status: 'RESOLVED', resolution: { verdict: 'CONFIRMED', by: 'DEADLINE' } });
  expect(await itemOf(fallen)).toEqual({ status: 'RESOLVED', resolution: { verdict: 'REJECTED', by: 'DEADLINE' } });
  for (const id of [open, early]) expect(await itemOf(id)).toEqual({ status: 'OPEN', resolution: null });
  expect(await service.sql(`SELECT FROM ticket WHERE item_id = ANY ($1)`, [[passed, fallen]])).toEqual([]);
  expect(await service.app.get(DeadlineService).runOnce()).toBe(0);
});

test('work on an item that its deadline answered is refused as such, and kept', async () => {
  const queue = await queueThat('REJECT', 2);
  const item = await makeItem(service, queue);
  const [ann, bob] = [await service.member(), await service.member()];
  const [early, late] = [await claimOne(service, ann, queue), await claimOne(service, bob, queue)];
  expect(codeOf(await submit(service, ann, early))).toBeNull();
  await due([item]);
  await service.app.get(DeadlineService).runOnce();
  const refused = await submit(service, bob, late, { verdict: 'REJECTED', comment: 'my work' });
  expect(codeOf(refused)).toBe('ALREADY_RESOLVED');
  expect(refused.errors![0]!.extensions).toMatchObject({ draftKept: true });
  const [{ events }] = await service.sql<any>(
    `SELECT array_agg(kind ORDER BY seq) AS events FROM (
       SELECT kind, seq FROM event WHERE item_id = $1 UNION ALL
       SELECT kind, 1000000 + id FROM outbox WHERE item_id = $1) e`,
    [item],
  );
  expect(events).toEqual([
    'ASSIGNMENT_CLAIMED',
    'ASSIGNMENT_CLAIMED',
    'REVIEW_SUBMITTED',
    'ASSIGNMENT_RELEASED',
    'ITEM_RESOLVED',
  ]);
});

test('more than a batch is answered in one run', async () => {
  const queue = await queueThat('CONFIRM');
  const items = await makeItems(
    service,
    queue,
    Array.from({ length: 450 }, () => ({})),
  );
  await due(items);
  // The service's own loop may answer a batch of them at the same time; together they leave none.
  const answered = async () =>
    (
      await service.sql<{ count: number }>(`SELECT count(*)::int AS count FROM resolution WHERE item_id = ANY ($1)`, [
        items,
      ])
    )[0]!.count;
  await service.app.get(DeadlineService).runOnce();
  await expect.poll(answered).toBe(450);
});
