import 'reflect-metadata';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ExpiryService } from '../src/assignment/expiry.service.js';
import {
  claim,
  claimOne,
  leaseOf,
  letExpire,
  makeItem,
  makeItems,
  makeQueue,
  onLease,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

const MANY = 100;
let member: TestMember;

/** A queue whose first hundred items the member has skipped, and what comes after them. */
async function afterManySkips(ranks: number[]): Promise<{ queue: TestQueue; ids: string[] }> {
  member = await service.member();
  const queue = await makeQueue(service);
  const done = Array.from({ length: MANY }, (_, i) => ({ rank: 1_000 + i }));
  const ids = await makeItems(service, queue, [...done, ...ranks.map((rank) => ({ rank }))]);
  await service.sql(`INSERT INTO skip (project_id, member_id, item_id) SELECT $1, $2, unnest($3::uuid[])`, [
    service.projectId,
    member.id,
    ids.slice(0, MANY),
  ]);
  return { queue, ids: ids.slice(MANY) };
}

async function mark(queue: TestQueue): Promise<number | null> {
  const [row] = await service.sql<{ rank: string }>(
    `SELECT k.rank FROM claim_mark k JOIN lane l ON l.id = k.lane_id WHERE l.queue_id = $1 AND k.member_id = $2`,
    [queue.id, member.id],
  );
  return row ? Number(row.rank) : null;
}

test('after a claim that stepped over many own items, claims begin behind them', async () => {
  const { queue, ids } = await afterManySkips([5_000, 5_001]);
  expect((await claimOne(service, member, queue)).item.id).toBe(ids[0]);
  expect(await mark(queue)).toBe(5_001);
  expect((await claimOne(service, member, queue)).item.id).toBe(ids[1]);
});

test('where nothing is left for the member the mark is at the end, and what comes later is offered', async () => {
  const { queue } = await afterManySkips([]);
  expect((await claim(service, member, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');
  expect(await mark(queue)).toBe(1_000 + MANY - 1);
  const later = await makeItem(service, queue, { rank: 9_000 });
  expect((await claimOne(service, member, queue)).item.id).toBe(later);
});

test('what arrives below the mark is offered first: new, given back or expired', async () => {
  const { queue, ids } = await afterManySkips([1, 2, 5_000, 5_001]);
  const other = await service.member();
  const [first, second] = [await claimOne(service, other, queue), await claimOne(service, other, queue)];
  expect((await claimOne(service, member, queue)).item.id).toBe(ids[2]);
  expect(await mark(queue)).toBe(5_001);

  const urgent = await makeItem(service, queue, { rank: 50 });
  expect(await mark(queue)).toBe(50);
  expect((await claimOne(service, member, queue)).item.id).toBe(urgent);
  await onLease(service, other, 'releaseAssignment', leaseOf(first));
  expect((await claimOne(service, member, queue)).item.id).toBe(ids[0]);
  await letExpire(service, second);
  await service.app.get(ExpiryService).runOnce();
  expect((await claimOne(service, member, queue)).item.id).toBe(ids[1]);
});

test('an own item that somebody else gives back does not move the mark', async () => {
  const { queue } = await afterManySkips([5_000, 5_001]);
  const other = await service.member();
  const held = await claimOne(service, other, queue);
  await claimOne(service, member, queue);
  await onLease(service, other, 'releaseAssignment', leaseOf(held));
  expect(await mark(queue)).toBe(5_001);
});

test('a ticket whose transaction is under way while the mark is moved is not lost below it', async () => {
  const { queue } = await afterManySkips([5_000, 5_001]);
  const [item] = await makeItems(service, queue, [{ rank: 7_000 }]);
  const writer = new pg.Client(service.database.url);
  await writer.connect();
  await writer.query('BEGIN');
  await writer.query(`DELETE FROM ticket WHERE item_id = $1`, [item]);
  await writer.query(
    `INSERT INTO ticket (project_id, lane_id, rank, item_id, slot) SELECT $1, id, 10, $3, 0 FROM lane WHERE queue_id = $2`,
    [service.projectId, queue.id, item],
  );
  await claimOne(service, member, queue);
  // The writer has not finished, so the proposal could not be confirmed.
  expect(await mark(queue)).toBeLessThan(10);
  await writer.query('COMMIT');
  await writer.end();
  // The floor, unlike the mark, may hide it until the next sweep.
  await service.app.get(ExpiryService).runOnce();
  expect((await claimOne(service, member, queue)).item.id).toBe(item);
});

test('the floor follows the first ticket, and what was not seen below it is offered when nothing else is', async () => {
  member = await service.member();
  const queue = await makeQueue(service);
  const [low] = await makeItems(service, queue, [{ rank: 10 }, { rank: 20 }]);
  const floor = async () => {
    await service.app.get(ExpiryService).runOnce();
    const [row] = await service.sql<any>(
      `SELECT f.rank::int FROM lane_floor f JOIN lane l ON l.id = f.lane_id WHERE l.queue_id = $1`,
      [queue.id],
    );
    return row?.rank;
  };
  expect(await floor()).toBe(10);
  const held = await claimOne(service, member, queue);
  expect(await floor()).toBe(20);
  await onLease(service, member, 'releaseAssignment', leaseOf(held));
  expect((await claimOne(service, member, queue)).item.id).toBe(low);
  await service.sql(`UPDATE lane_floor f SET rank = 1000 FROM lane l WHERE l.id = f.lane_id AND l.queue_id = $1`, [
    queue.id,
  ]);
  const late = await claimOne(service, member, queue);
  expect((await submit(service, member, late)).errors).toBeUndefined();
});
