import 'reflect-metadata';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { recount } from '../src/insight/recount.js';
import { Sequencer } from '../src/log/sequencer.js';
import { ResizeService } from '../src/review/resize.service.js';
import { FLAG_MANY, output } from './support/intake.js';
import { claim, claimOne, codeOf, leaseOf, makeQueue, onLease, submit, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
});
afterAll(() => service?.stop());

async function flag(queue: TestQueue, count: number): Promise<string[]> {
  const inputs = Array.from({ length: count }, (_, n) => output(`${queue.key}-${n}`, { queue: queue.key }));
  const { flagOutputs } = await service.do<any>(await service.key(), FLAG_MANY, { inputs });
  return flagOutputs.rows.map((row: any) => row.payload.item.id);
}

const manage = (mutation: string, type: string, input: object, as = manager) =>
  service.ask<any>(
    as.token,
    `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${
      mutation.endsWith('Items') ? 'matched changed skipped stayed { reason memberName count }' : 'item { id status }'
    } } }`,
    { input },
  );
const assign = (itemId: string, member: TestMember) =>
  manage('assignItem', 'AssignItemInput', { itemId, memberId: member.id });
const heldBy = async (member: TestMember) =>
  (await service.do<any>(member.token, `{ assignments { id leaseToken item { id } } }`)).assignments;

const stay = (reason: string, count: number) => ({ reason, memberName: null, count });
const held = (count: number, memberName: string) => ({ reason: 'HELD', memberName, count });

async function expectCountersRight(): Promise<void> {
  await service.app.get(Sequencer).runOnce();
  const client = new pg.Client(service.database.url);
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const query = async (text: any, params: any) => (await client.query(text, params)).rows as any[];
  expect(await recount({ query }, service.projectId)).toEqual([]);
  await client.end();
}

test('a manager hands an item to somebody, who submits it; nobody else’s lease is taken over', async () => {
  const queue = await makeQueue(service, { skills: ['law'] });
  const [first, second] = await flag(queue, 2);
  const [ann, bob] = [await service.member(), await service.member({ skills: ['law'] })];
  expect((await assign(second!, ann)).data.assignItem.item).toEqual({ id: second, status: 'IN_REVIEW' });
  const [lease] = await heldBy(ann);
  expect(lease.item.id).toBe(second);
  expect(codeOf(await assign(second!, ann))).toBe('INVALID_INPUT');
  expect(codeOf(await assign(second!, bob))).toBe('INVALID_INPUT');
  expect((await claim(service, bob, { queue: queue.key, count: 2 })).assignments.map((one) => one.item.id)).toEqual([
    first,
  ]);
  expect(codeOf(await submit(service, ann, lease))).toBeNull();
  expect(codeOf(await assign(second!, bob))).toBe('ALREADY_RESOLVED');
  expect(codeOf(await assign(manager.id, bob))).toBe('NOT_FOUND');
  expect(codeOf(await assign(first!, { id: first!, token: '' }))).toBe('NOT_FOUND');
  expect(codeOf(await manage('assignItem', 'AssignItemInput', { itemId: first, memberId: bob.id }, bob))).toBe(
    'FORBIDDEN',
  );
  await expectCountersRight();
});

test('what a manager takes back is offered again at its place, and the member’s work is kept', async () => {
  const queue = await makeQueue(service);
  const [first] = await flag(queue, 2);
  const [ann, bob] = [await service.member(), await service.member()];
  const lease = await claimOne(service, ann, queue);
  const taken = await manage('unassign', 'UnassignInput', { assignmentId: lease.id });
  expect(taken.data.unassign.item).toEqual({ id: first, status: 'OPEN' });
  expect(codeOf(await manage('unassign', 'UnassignInput', { assignmentId: lease.id }))).toBe('NOT_FOUND');
  const late = await onLease(service, ann, 'saveDraft', { ...leaseOf(lease), comment: 'mine' });
  expect(late.errors![0]!.extensions).toMatchObject({ code: 'LEASE_LOST', draftKept: true });
  expect((await claimOne(service, bob, queue)).item.id).toBe(first);
  await expectCountersRight();
});

test('items are moved by filter after a count; what somebody holds or reviewed stays', async () => {
  const [from, to] = [await makeQueue(service, { reviewsRequired: 2 }), await makeQueue(service)];
  const ids = await flag(from, 5);
  const [ann, bob, cid] = [await service.member(), await service.member({ name: 'Mover Bob' }), await service.member()];
  await submit(service, ann, await claimOne(service, ann, from));
  await claim(service, bob, { queue: from.key, count: 2 });
  const input = { filter: { queue: from.key }, queue: to.key };
  const move = (more: object) => manage('moveItems', 'MoveItemsInput', { ...input, ...more });
  expect((await move({ dryRun: true })).data.moveItems).toEqual({ matched: 5, changed: 0, skipped: 0, stayed: [] });
  expect(codeOf(await move({}))).toBe('INVALID_INPUT');
  expect(codeOf(await move({ expectedCount: 4 }))).toBe('INVALID_INPUT');
  expect(codeOf(await move({ expectedCount: 5, queue: 'no-such' }))).toBe('NOT_FOUND');
  expect((await move({ expectedCount: 5 })).data.moveItems).toEqual({
    matched: 5,
    changed: 3,
    skipped: 2,
    stayed: [held(2, 'Mover Bob')],
  });
  await expectCountersRight();
  // One review there, as that queue says.
  const got = await claim(service, cid, { queue: to.key, count: 5 });
  expect(got.assignments.map((one) => one.item.id)).toEqual(ids.slice(2));
  for (const one of got.assignments) {
    expect((await submit(service, cid, one)).data.submitReview.item.status).toBe('RESOLVED');
  }
  expect((await claim(service, ann, { queue: to.key })).emptyReason).toBe('NOTHING_OPEN');
  await expectCountersRight();
});

test('a moved item needs as many reviews as its new queue says, at once, and its history says so', async () => {
  const [one, three] = [await makeQueue(service), await makeQueue(service, { reviewsRequired: 3, skills: ['law'] })];
  const [id] = await flag(one, 1);
  const state = async () => {
    const [row] = await service.sql<any>(
      `SELECT i.reviews_required AS wanted, q.key,
              (SELECT array_agg(t.slot::int ORDER BY t.slot) FROM ticket t JOIN lane l ON l.id = t.lane_id
                WHERE t.item_id = i.id AND l.queue_id = i.queue_id AND l.tier = t.slot AND l.skills = q.skills
                  AND t.rank = i.rank) AS slots
         FROM item i JOIN queue q ON q.id = i.queue_id WHERE i.id = $1`,
      [id],
    );
    return row;
  };
  const move = (queue: TestQueue) => manage('moveItems', 'MoveItemsInput', { itemIds: [id], queue: queue.key });
  expect((await move(three)).data.moveItems.changed).toBe(1);
  expect(await state()).toEqual({ wanted: 3, key: three.key, slots: [0, 1, 2] });
  // A queue that is saved at the same instant has the item followed: it is looked at again.
  await service.app.get(ResizeService).runOnce();
  await expect.poll(() => service.sql(`SELECT FROM item_resize WHERE item_id = $1`, [id])).toEqual([]);
  expect((await move(one)).data.moveItems.changed).toBe(1);
  expect(await state()).toEqual({ wanted: 1, key: one.key, slots: [0] });
  await expectCountersRight();
  const told = await service.sql<any>(
    `SELECT kind, queue_id, data FROM event WHERE item_id = $1 AND kind ~ '^ITEM_(MOVED|REVIEWS)' ORDER BY seq`,
    [id],
  );
  const moved = (from: TestQueue, to: TestQueue) => ({ fromQueueId: from.id, toQueueId: to.id });
  expect(told).toEqual([
    { kind: 'ITEM_MOVED_OUT', queue_id: one.id, data: moved(one, three) },
    { kind: 'ITEM_MOVED_IN', queue_id: three.id, data: moved(one, three) },
    { kind: 'ITEM_REVIEWS_CHANGED', queue_id: three.id, data: { from: 1, to: 3, because: 'QUEUE' } },
    { kind: 'ITEM_MOVED_OUT', queue_id: three.id, data: moved(three, one) },
    { kind: 'ITEM_MOVED_IN', queue_id: one.id, data: moved(three, one) },
    { kind: 'ITEM_REVIEWS_CHANGED', queue_id: one.id, data: { from: 3, to: 1, because: 'QUEUE' } },
  ]);
});

test('a bumped item goes first, and one that is held comes back at its new place', async () => {
  const queue = await makeQueue(service);
  const ids = await flag(queue, 4);
  const [ann, bob] = [await service.member(), await service.member()];
  const lease = await claimOne(service, ann, queue);
  const bump = (itemIds: string[], more: object) => manage('bumpItems', 'BumpItemsInput', { itemIds, ...more });
  expect((await bump([ids[3]!], { priority: 9 })).data.bumpItems).toEqual({
    matched: 1,
    changed: 1,
    skipped: 0,
    stayed: [],
  });
  await bump([lease.item.id], { dueAt: '2020-01-01T00:00:00.000Z' });
  expect(codeOf(await bump([ids[3]!], {}))).toBe('INVALID_INPUT');
  expect(codeOf(await bump([ids[3]!], { priority: 10 }))).toBe('INVALID_INPUT');
  await onLease(service, ann, 'releaseAssignment', leaseOf(lease));
  const got = await claim(service, bob, { queue: queue.key, count: 4 });
  expect(got.assignments.map((one) => one.item.id)).toEqual([ids[0], ids[3], ids[1], ids[2]]);
});

test('items are withdrawn in bulk, except what somebody holds', async () => {
  const queue = await makeQueue(service);
  const ids = await flag(queue, 3);
  const lease = await claimOne(service, await service.member({ name: 'Holder' }), queue);
  const { data } = await manage('withdrawItems', 'WithdrawItemsInput', { itemIds: ids, reason: 'test' });
  expect(data.withdrawItems).toEqual({ matched: 3, changed: 2, skipped: 1, stayed: [held(1, 'Holder')] });
  expect(await service.sql(`SELECT id FROM item WHERE queue_id = $1 AND status = 'OPEN'`, [queue.id])).toEqual([
    { id: lease.item.id },
  ]);
  await expectCountersRight();
});

test('many are handed to somebody at once after a count, and taken back; what somebody else holds stays theirs', async () => {
  const queue = await makeQueue(service);
  const ids = await flag(queue, 5);
  const [ann, bob] = [await service.member(), await service.member({ name: 'Taker Bob' })];
  const taken = await claimOne(service, bob, queue);
  expect(taken.item.id).toBe(ids[0]);
  const filter = { queue: queue.key };
  const give = (input: object, as = manager) =>
    manage('assignItems', 'AssignItemsInput', { memberId: ann.id, filter, ...input }, as);
  expect((await give({ dryRun: true })).data.assignItems).toEqual({ matched: 5, changed: 0, skipped: 0, stayed: [] });
  expect(await heldBy(ann)).toEqual([]);
  expect(codeOf(await give({}))).toBe('INVALID_INPUT');
  expect(codeOf(await give({ expectedCount: 4 }))).toBe('INVALID_INPUT');
  expect(codeOf(await give({ expectedCount: 5, memberId: ids[0] }))).toBe('NOT_FOUND');
  expect(codeOf(await give({ expectedCount: 5 }, bob))).toBe('FORBIDDEN');
  expect(await heldBy(ann)).toEqual([]);
  expect((await give({ expectedCount: 5 })).data.assignItems).toEqual({
    matched: 5,
    changed: 4,
    skipped: 1,
    stayed: [held(1, 'Taker Bob')],
  });
  expect((await heldBy(ann)).map((one: any) => one.item.id).sort()).toEqual(ids.slice(1).sort());
  expect(codeOf(await onLease(service, bob, 'renewLease', leaseOf(taken)))).toBeNull();

  const back = (input: object) => manage('unassignItems', 'UnassignItemsInput', input);
  const chosen = [ids[1], ids[1], ids[2], manager.id];
  expect((await back({ itemIds: chosen, dryRun: true })).data.unassignItems.matched).toBe(3);
  expect((await back({ itemIds: chosen, expectedCount: 3 })).data.unassignItems).toEqual({
    matched: 3,
    changed: 2,
    skipped: 1,
    stayed: [stay('NOT_FOUND', 1)],
  });
  expect((await heldBy(ann)).map((one: any) => one.item.id).sort()).toEqual(ids.slice(3).sort());
  const again = await claim(service, bob, { queue: queue.key, count: 2 });
  expect(again.assignments.map((one) => one.item.id)).toEqual([ids[1], ids[2]]);
  await expectCountersRight();
});

test('what stays as it was is told by reason, with counts, the most frequent first', async () => {
  const [queue, other] = [await makeQueue(service, { reviewsRequired: 2 }), await makeQueue(service)];
  const ids = await flag(queue, 8);
  const [ann, bob] = [await service.member({ name: 'Ann Stay' }), await service.member({ name: 'Bob Stay' })];
  for (const member of [ann, bob]) await submit(service, member, await claimOne(service, member, queue));
  await submit(service, ann, await claimOne(service, ann, queue), { verdict: 'REJECTED' });
  await submit(service, bob, await claimOne(service, bob, queue));
  await submit(service, ann, await claimOne(service, ann, queue));
  await assign(ids[3]!, bob);
  await manage('withdrawItems', 'WithdrawItemsInput', { itemIds: ids.slice(4, 6) });
  await manage('moveItems', 'MoveItemsInput', { itemIds: [ids[6]], queue: other.key });
  // Resolved, disagreed, reviewed once, held, withdrawn twice, moved, free, and what there never was.
  const itemIds = [...ids, manager.id];
  const because = async (mutation: string, type: string, input: object) => {
    const { data } = await manage(mutation, type, { itemIds, ...input });
    const { changed, skipped, stayed } = data[mutation];
    expect(stayed.reduce((sum: number, { count }: any) => sum + count, 0)).toBe(skipped);
    return [changed, stayed];
  };
  const final = [stay('WITHDRAWN', 2), stay('NEEDS_ADJUDICATION', 1), stay('NOT_FOUND', 1), stay('RESOLVED', 1)];
  expect(await because('assignItems', 'AssignItemsInput', { memberId: ann.id })).toEqual([
    3,
    [final[0], stay('DONE_BY_MEMBER', 1), ...final.slice(1)],
  ]);
  expect(await because('assignItems', 'AssignItemsInput', { memberId: ann.id })).toEqual([
    0,
    [held(3, 'Ann Stay'), final[0], stay('DONE_BY_MEMBER', 1), ...final.slice(1)],
  ]);
  expect(await because('unassignItems', 'UnassignItemsInput', {})).toEqual([
    3,
    [stay('NOT_HELD', 5), stay('NOT_FOUND', 1)],
  ]);
  await assign(ids[3]!, bob);
  expect(await because('bumpItems', 'BumpItemsInput', { priority: 3 })).toEqual([4, final]);
  expect(await because('moveItems', 'MoveItemsInput', { queue: other.key })).toEqual([
    1,
    [final[0], stay('ALREADY_THERE', 1), held(1, 'Bob Stay'), ...final.slice(1), stay('REVIEWED', 1)],
  ]);
  expect(await because('withdrawItems', 'WithdrawItemsInput', {})).toEqual([
    4,
    [final[0], held(1, 'Bob Stay'), stay('NOT_FOUND', 1), stay('RESOLVED', 1)],
  ]);
  await expectCountersRight();
});

test('a ticket that comes back while its item is bumped stands at the new place: it can be moved, handed out and withdrawn', async () => {
  const queue = await makeQueue(service);
  const [id] = await flag(queue, 1);
  await claimOne(service, await service.member(), queue);
  const gate = new pg.Client(service.database.url);
  await gate.connect();
  await gate.query('BEGIN');
  // As a release that is under way.
  await gate.query(
    `WITH ended AS (DELETE FROM assignment WHERE item_id = $1 RETURNING *)
     INSERT INTO ticket (project_id, lane_id, rank, item_id, slot)
     SELECT project_id, lane_id, rank, item_id, slot FROM ended`,
    [id],
  );
  const bumped = manage('bumpItems', 'BumpItemsInput', { itemIds: [id], priority: 9 });
  const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
                      AND query LIKE '%UPDATE assignment a SET rank%'`;
  await expect.poll(() => service.sql(waiting), { timeout: 20_000 }).toHaveLength(1);
  await gate.query('COMMIT');
  await gate.end();
  expect((await bumped).data.bumpItems.changed).toBe(1);
  const places = `SELECT t.rank = i.rank AS same FROM ticket t JOIN item i ON i.id = t.item_id WHERE i.id = $1`;
  expect(await service.sql(places, [id])).toEqual([{ same: true }]);
  expect((await assign(id!, await service.member())).data.assignItem.item.id).toBe(id);
});
