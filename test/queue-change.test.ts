import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { ResizeService } from '../src/review/resize.service.js';
import { differences } from './support/insight.js';
import { FLAG_MANY, output } from './support/intake.js';
import { loggedEvents } from './support/logged-events.js';
import { claim, claimOne, codeOf, leaseOf, letExpire, onLease, submit, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
let people: TestMember[];
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
  people = await Promise.all(['Ann', 'Bob', 'Cid', 'Dan'].map((name) => service.member({ name })));
});
afterAll(() => service?.stop());

const SAVE = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id key } changes { differences } } }`;
let queues = 0;

const save = async (input: object) => (await service.do<any>(manager.token, SAVE, { input })).saveQueue;
async function queueWith(setup: object): Promise<TestQueue> {
  const key = `change-${(queues += 1)}`;
  return (await save({ key, name: key, ...setup })).queue;
}
/** Saves the queue, and waits until its items have followed; whoever of several services does it. */
async function change(queue: TestQueue, setup: object): Promise<void> {
  await save({ key: queue.key, ...setup });
  await followed(queue);
}
async function followed(queue: TestQueue): Promise<void> {
  await expect
    .poll(
      async () => {
        await service.app.get(ResizeService).runOnce();
        return service.sql(`SELECT FROM queue_resize WHERE queue_id = $1 AND NOT is_second_pass`, [queue.id]);
      },
      { timeout: 20_000 },
    )
    .toEqual([]);
}

async function flag(queue: TestQueue, count = 1): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += 500) {
    const inputs = Array.from({ length: Math.min(500, count - from) }, (_, n) =>
      output(`${queue.key}-${from + n}`, { queue: queue.key }),
    );
    const { flagOutputs } = await service.do<any>(await service.key(), FLAG_MANY, { inputs });
    ids.push(...flagOutputs.rows.map((row: any) => row.payload.item.id));
  }
  return ids;
}

async function answer(queue: TestQueue, member: TestMember, verdict = 'CONFIRMED'): Promise<string> {
  const held = await claimOne(service, member, queue);
  expect(codeOf(await submit(service, member, held, { verdict }))).toBeNull();
  return held.item.id;
}

const look = async (id: string) =>
  (await service.do<any>(manager.token, `query ($id: ID!) { item(id: $id) { status reviewsRequired } }`, { id })).item;
const slots = (queue: TestQueue) =>
  service.sql<any>(
    `SELECT i.status, i.reviews_required AS wanted, i.reviews_done AS done,
            (SELECT count(*)::int FROM assignment a WHERE a.item_id = i.id) AS held,
            (SELECT count(*)::int FROM ticket t WHERE t.item_id = i.id) AS free
       FROM item i WHERE i.queue_id = $1 ORDER BY i.id`,
    [queue.id],
  );
async function expectCountersRight(): Promise<void> {
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
}

test('more reviews: every open item gets the slots that are missing, more items than one batch too; the log says so', async () => {
  const queue = await queueWith({});
  const ids = await flag(queue, 700);
  const reviewed = await answer(queue, people[0]!);
  const held = await claimOne(service, people[1]!, queue);
  const before = (await loggedEvents(service, 'ITEM_REVIEWS_CHANGED')).length;
  await change(queue, { reviewsRequired: 3 });
  expect(await look(reviewed)).toEqual({ status: 'RESOLVED', reviewsRequired: 1 });
  const open = (await slots(queue)).filter((row) => row.status === 'OPEN');
  expect(open).toHaveLength(ids.length - 1);
  for (const row of open) expect(row).toMatchObject({ wanted: 3, free: 3 - row.held });
  const told = (await loggedEvents(service, 'ITEM_REVIEWS_CHANGED')).slice(before);
  expect(told).toHaveLength(open.length);
  expect(told[0]!.data).toEqual({ from: 1, to: 3, because: 'QUEUE' });
  expect(codeOf(await submit(service, people[1]!, held))).toBeNull();
  expect(await look(held.item.id)).toEqual({ status: 'IN_REVIEW', reviewsRequired: 3 });
  await expectCountersRight();
});

test('fewer reviews: free slots close, an item with enough reviews resolves, one that disagrees goes to somebody who decides', async () => {
  const queue = await queueWith({ reviewsRequired: 4 });
  const [agreed, disputed, fresh] = await flag(queue, 3);
  for (const [person, verdicts] of [
    ['CONFIRMED', 'CONFIRMED'],
    ['CONFIRMED', 'REJECTED'],
  ].entries()) {
    for (const verdict of verdicts) await answer(queue, people[person]!, verdict);
  }
  await change(queue, { reviewsRequired: 2 });
  expect(await look(agreed!)).toEqual({ status: 'RESOLVED', reviewsRequired: 2 });
  expect(await look(disputed!)).toEqual({ status: 'NEEDS_ADJUDICATION', reviewsRequired: 2 });
  expect(await look(fresh!)).toEqual({ status: 'OPEN', reviewsRequired: 2 });
  expect((await slots(queue)).map((row) => row.free)).toEqual([0, 0, 2]);
  await expectCountersRight();
});

test('what somebody holds they may finish: it counts; given back or run out, the slot closes and the item is settled', async () => {
  const queue = await queueWith({ reviewsRequired: 3 });
  const ids = await flag(queue, 3);
  const takeAll = async (member: TestMember) =>
    (await claim(service, member, { queue: queue.key, count: 3 })).assignments;
  const [ann, bob] = [await takeAll(people[0]!), await takeAll(people[1]!)];
  await change(queue, { reviewsRequired: 1 });
  expect((await slots(queue)).map((row) => [row.wanted, row.held, row.free])).toEqual(ids.map(() => [2, 2, 0]));
  for (const held of ann) expect(codeOf(await submit(service, people[0]!, held))).toBeNull();
  expect(await look(ids[0]!)).toEqual({ status: 'IN_REVIEW', reviewsRequired: 2 });
  const of = (id: string) => bob.find((held) => held.item.id === id)!;
  expect(codeOf(await submit(service, people[1]!, of(ids[0]!), { verdict: 'REJECTED' }))).toBeNull();
  expect(codeOf(await onLease(service, people[1]!, 'releaseAssignment', leaseOf(of(ids[1]!))))).toBeNull();
  await letExpire(service, of(ids[2]!));
  await expect
    .poll(
      async () => {
        await service.app.get(ResizeService).runOnce();
        return Promise.all(ids.map(look));
      },
      { timeout: 20_000 },
    )
    .toEqual([
      { status: 'NEEDS_ADJUDICATION', reviewsRequired: 2 },
      { status: 'RESOLVED', reviewsRequired: 1 },
      { status: 'RESOLVED', reviewsRequired: 1 },
    ]);
  await expectCountersRight();
});

test('another bar: what was asked for in vain is not asked for any more', async () => {
  const queue = await queueWith({ reviewsRequired: 3, reviewsMax: 5, agreementBar: 0.9 });
  const [id] = await flag(queue);
  await answer(queue, people[0]!);
  await answer(queue, people[1]!);
  await answer(queue, people[2]!, 'REJECTED');
  expect(await look(id!)).toEqual({ status: 'IN_REVIEW', reviewsRequired: 4 });
  await change(queue, { agreementBar: 0.6 });
  expect(await look(id!)).toEqual({ status: 'RESOLVED', reviewsRequired: 3 });
  await expectCountersRight();
});

test('a slot that closes while it is claimed and submitted is never lost and never one too many', async () => {
  const queue = await queueWith({ reviewsRequired: 3 });
  const ids = await flag(queue, 40);
  const work = async (member: TestMember) => {
    for (let empty = 0; empty < 3;) {
      const { assignments } = await claim(service, member, { queue: queue.key, count: 5 });
      if (assignments.length === 0) empty += 1;
      for (const held of assignments) expect(codeOf(await submit(service, member, held))).toBeNull();
    }
  };
  const resize = async () => {
    for (const reviewsRequired of [1, 4, 2, 3, 1, 2]) await change(queue, { reviewsRequired });
  };
  await Promise.all([...people.map(work), resize()]);
  for (const member of people) await work(member);
  await expect
    .poll(
      async () => {
        await service.app.get(ResizeService).runOnce();
        for (const member of people) await work(member);
        return (await slots(queue)).filter((row) => row.status !== 'RESOLVED');
      },
      { timeout: 60_000 },
    )
    .toEqual([]);
  for (const row of await slots(queue))
    expect(row).toEqual({ status: 'RESOLVED', wanted: row.done, done: row.done, held: 0, free: 0 });
  expect(ids).toHaveLength(40);
  await expectCountersRight();
}, 120_000);

test('what a flag brought that had read the queue before is found on a second walk', async () => {
  const queue = await queueWith({});
  await change(queue, { reviewsRequired: 2 });
  const [late] = await flag(queue);
  await service.sql(
    `WITH i AS (UPDATE item SET reviews_required = 1 WHERE id = $1 RETURNING id)
     DELETE FROM ticket t USING i WHERE t.item_id = i.id AND t.slot = 1`,
    [late],
  );
  await service.sql(`UPDATE queue_resize SET saved_at = saved_at - interval '31 seconds', after_at = '-infinity'`);
  await expect
    .poll(async () => {
      await service.app.get(ResizeService).runOnce();
      return service.sql(`SELECT FROM queue_resize WHERE queue_id = $1`, [queue.id]);
    })
    .toEqual([]);
  expect(await look(late!)).toEqual({ status: 'OPEN', reviewsRequired: 2 });
});

test('a new rubric is for what is claimed from now on; who holds an item answers the one they were given', async () => {
  const field = (name: string) => ({ name, type: 'BOOLEAN', required: true });
  const queue = await queueWith({ rubric: [field('old')] });
  await flag(queue, 2);
  const held = await claimOne(service, people[0]!, queue);
  const { changes } = await save({ key: queue.key, rubric: [field('new')] });
  expect(changes[0].differences.join()).toContain('version 1 → 2');
  const labels = (name: string) => ({ verdict: 'CONFIRMED', labels: { [name]: false } });
  expect(codeOf(await submit(service, people[0]!, held, labels('new')))).toBe('RUBRIC_VIOLATION');
  expect(codeOf(await submit(service, people[0]!, held, labels('old')))).toBeNull();
  const next = await claimOne(service, people[0]!, queue);
  expect(codeOf(await submit(service, people[0]!, next, labels('old')))).toBe('RUBRIC_VIOLATION');
  expect(codeOf(await submit(service, people[0]!, next, labels('new')))).toBeNull();
  expect(await service.sql(`SELECT rubric_version FROM review WHERE queue_id = $1 ORDER BY 1`, [queue.id])).toEqual([
    { rubric_version: 1 },
    { rubric_version: 2 },
  ]);
});

test('whoever is taken off a queue finishes what they hold and is offered nothing more', async () => {
  const queue = await queueWith({ members: ['Ann', 'Bob'] });
  await flag(queue, 3);
  const held = await claimOne(service, people[0]!, queue);
  await save({ key: queue.key, members: ['Bob'] });
  expect((await claim(service, people[0]!, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');
  expect(codeOf(await onLease(service, people[0]!, 'renewLease', leaseOf(held)))).toBeNull();
  expect(codeOf(await submit(service, people[0]!, held))).toBeNull();
  expect((await claim(service, people[1]!, { queue: queue.key, count: 3 })).assignments).toHaveLength(2);
});
