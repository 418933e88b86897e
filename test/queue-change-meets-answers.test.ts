import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import type { Queryable } from '../src/database/database.js';
import { ResizeService } from '../src/review/resize.service.js';
import { resize } from '../src/review/resize.writer.js';
import { FLAG_MANY, output } from './support/intake.js';
import { meetingAt } from './support/item-lock.js';
import { claimOne, codeOf, submit, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
let [ann, bob]: TestMember[] = [];
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
  [ann, bob] = [await service.member(), await service.member()];
});
afterAll(() => service?.stop());

let queues = 0;
const save = async (input: object): Promise<TestQueue> =>
  (
    await service.do<any>(
      manager.token,
      `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id key } } }`,
      { input },
    )
  ).saveQueue.queue;

/** A queue with one item. */
async function waiting(setup: object): Promise<{ queue: TestQueue; item: string }> {
  const queue = await save({ key: `meets-${(queues += 1)}`, name: 'Meets', ...setup });
  const inputs = [output(`${queue.key}-1`, { queue: queue.key })];
  const { flagOutputs } = await service.do<any>(await service.key(), FLAG_MANY, { inputs });
  return { queue, item: flagOutputs.rows[0].payload.item.id };
}

const slots = async (item: string) =>
  (
    await service.sql(
      `SELECT i.status, i.reviews_required AS wanted, i.reviews_done AS done,
              (SELECT count(*)::int FROM review r WHERE r.item_id = i.id) AS reviews,
              (SELECT count(*)::int FROM ticket t WHERE t.item_id = i.id) AS free,
              (SELECT count(*)::int FROM assignment a WHERE a.item_id = i.id) AS held
         FROM item i WHERE i.id = $1`,
      [item],
    )
  )[0];

/** The first answer of somebody else, straight in the database: to the free slot. */
const ANSWERED = `
  WITH slot AS (DELETE FROM ticket WHERE item_id = $1 RETURNING project_id, item_id, slot),
       done AS (UPDATE item SET reviews_done = reviews_done + 1 WHERE id = $1 RETURNING queue_id)
  INSERT INTO review (project_id, id, item_id, queue_id, slot, member_id, assignment_id, lease_token, rubric_version,
                      verdict, labels, content_hash, duration_ms)
  SELECT project_id, gen_random_uuid(), item_id, queue_id, slot, $2, gen_random_uuid(), gen_random_uuid(), 1, 'CONFIRMED', '{}', '', 0
    FROM slot, done`;

/** The queue is to have two reviews, and the item has followed. */
async function askForTwo(tx: Queryable, queue: TestQueue, item: string): Promise<void> {
  await tx.query(`UPDATE queue SET reviews_required = 2 WHERE id = $1`, [queue.id]);
  await tx.query(`INSERT INTO lane (project_id, queue_id, skills, tier) VALUES ($1, $2, '{}', 1)`, [
    service.projectId,
    queue.id,
  ]);
  await resize(tx, service.projectId, [item]);
}

test.each([
  ['CONFIRMED', 'RESOLVED'],
  ['REJECTED', 'NEEDS_ADJUDICATION'],
])(
  'an answer, %s, that was checked as the only one and comes in as the last of two, settles the item: %s',
  async (verdict, status) => {
    const { queue, item } = await waiting({ reviewsRequired: 1 });
    const held = await claimOne(service, ann!, queue);
    let code: string | null = 'none';
    await meetingAt(
      service,
      item,
      [async () => (code = codeOf(await submit(service, ann!, held, { verdict })))],
      async (tx) => {
        await askForTwo(tx, queue, item);
        await tx.query(ANSWERED, [item, bob!.id]);
      },
    );
    expect(code).toBeNull();
    expect(await slots(item)).toEqual({ status, wanted: 2, done: 2, reviews: 2, free: 0, held: 0 });
  },
);

test('an answer that was checked as the only one leaves the item open when another is asked for meanwhile', async () => {
  const { queue, item } = await waiting({ reviewsRequired: 1 });
  const held = await claimOne(service, ann!, queue);
  await meetingAt(service, item, [async () => expect(codeOf(await submit(service, ann!, held))).toBeNull()], (tx) =>
    askForTwo(tx, queue, item),
  );
  expect(await slots(item)).toEqual({ status: 'OPEN', wanted: 2, done: 1, reviews: 1, free: 1, held: 0 });
});

test('of two answers that disagree, the last asks for one more where the queue allows that since it was sent', async () => {
  const { queue, item } = await waiting({ reviewsRequired: 2 });
  const [ofAnn, ofBob] = [await claimOne(service, ann!, queue), await claimOne(service, bob!, queue)];
  expect(codeOf(await submit(service, ann!, ofAnn))).toBeNull();
  await meetingAt(
    service,
    item,
    [async () => expect(codeOf(await submit(service, bob!, ofBob, { verdict: 'REJECTED' }))).toBeNull()],
    () => save({ key: queue.key, reviewsMax: 3 }),
  );
  expect(await slots(item)).toEqual({ status: 'OPEN', wanted: 3, done: 2, reviews: 2, free: 1, held: 0 });
  // The walk that follows the save finds nothing more to do.
  await service.app.get(ResizeService).runOnce();
  expect(await slots(item)).toMatchObject({ wanted: 3, free: 1 });
});

const withdrawn = { status: 'WITHDRAWN', done: 0, reviews: 0, free: 0, held: 0 };
const withdraw = (item: string) =>
  service.ask(manager.token, `mutation { withdrawItem(input: { itemId: "${item}" }) { item { status } } }`);

test('an item that is withdrawn gets no slots, whichever comes first', async () => {
  const first = await waiting({ reviewsRequired: 1 });
  const walk = () => service.app.get(ResizeService).runOnce();
  await meetingAt(service, first.item, [() => save({ key: first.queue.key, reviewsRequired: 3 }).then(walk)], (tx) =>
    tx.query(
      `WITH gone AS (DELETE FROM ticket WHERE item_id = $1),
            told AS (INSERT INTO outbox (project_id, kind, actor, item_id, queue_id, data)
                     SELECT project_id, 'ITEM_WITHDRAWN', 'system', id, queue_id, '{"from": "OPEN"}' FROM item WHERE id = $1)
       UPDATE item SET status = 'WITHDRAWN' WHERE id = $1`,
      [first.item],
    ),
  );
  await walk();
  expect(await slots(first.item)).toEqual({ ...withdrawn, wanted: 1 });

  const second = await waiting({ reviewsRequired: 1 });
  await meetingAt(service, second.item, [async () => expect(codeOf(await withdraw(second.item))).toBeNull()], (tx) =>
    askForTwo(tx, second.queue, second.item),
  );
  expect(await slots(second.item)).toEqual({ ...withdrawn, wanted: 2 });
});
