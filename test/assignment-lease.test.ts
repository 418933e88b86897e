import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ExpiryService } from '../src/assignment/expiry.service.js';
import {
  claim,
  claimOne,
  codeOf,
  type Held,
  leaseOf,
  letExpire,
  makeItem,
  makeItems,
  makeQueue,
  onLease,
  submit,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

const work = { verdict: 'CORRECTED', correctedOutput: { text: 'better' }, labels: { tone: 0 }, comment: 'half done' };
const every = ['renewLease', 'saveDraft', 'releaseAssignment'] as const;

test('renewing starts the lease anew from now', async () => {
  const queue = await makeQueue(service, { leaseSeconds: 100 });
  await makeItem(service, queue);
  const member = await service.member();
  const held = await claimOne(service, member, queue);
  await service.sql(`UPDATE assignment SET lease_expires_at = now() + interval '5 seconds' WHERE id = $1`, [held.id]);
  const answer = await onLease(service, member, 'renewLease', leaseOf(held));
  expect(codeOf(answer)).toBeNull();
  const [row] = await service.sql<{ left: number }>(
    `SELECT extract(epoch FROM lease_expires_at - now())::float AS left FROM assignment WHERE id = $1`,
    [held.id],
  );
  expect(row!.left).toBeGreaterThan(90);
  expect(row!.left).toBeLessThanOrEqual(100);
});

test('a draft is restored to the same person on the next claim, and to nobody else', async () => {
  const queue = await makeQueue(service);
  const item = await makeItem(service, queue);
  const [a, b] = [await service.member(), await service.member()];
  const held = await claimOne(service, a, queue);
  expect(
    (await onLease(service, a, 'saveDraft', { ...leaseOf(held), comment: 'first' })).data.saveDraft.assignment.draft,
  ).toEqual({ verdict: null, correctedOutput: null, labels: null, comment: 'first' });
  expect(
    (await onLease(service, a, 'saveDraft', { ...leaseOf(held), ...work })).data.saveDraft.assignment.draft,
  ).toEqual(work);
  await letExpire(service, held);
  const other = await claimOne(service, b, queue);
  expect(other).toMatchObject({ item: { id: item }, draft: null });
  await onLease(service, b, 'releaseAssignment', leaseOf(other));
  const again = await claimOne(service, a, queue);
  expect(again.draft).toEqual(work);
  const listed = await service.do(a.token, `{ assignments { id draft { comment } } }`);
  expect(listed.assignments).toEqual([{ id: again.id, draft: { comment: 'half done' } }]);
  await submit(service, a, again);
  expect(await service.sql(`SELECT FROM draft WHERE item_id = $1`, [item])).toEqual([]);
});

test('a lease that ran out is refused on every path, swept or not, and work sent is kept as a draft', async () => {
  const queue = await makeQueue(service);
  for (const isSwept of [false, true]) {
    await makeItem(service, queue);
    const member = await service.member();
    const held = await claimOne(service, member, queue);
    await letExpire(service, held);
    if (isSwept) await service.app.get(ExpiryService).runOnce();
    for (const mutation of every) {
      expect(codeOf(await onLease(service, member, mutation, leaseOf(held)))).toBe('LEASE_LOST');
    }
    const late = await submit(service, member, held, work);
    expect(late.errors![0]!.extensions).toMatchObject({ code: 'LEASE_LOST', itemId: held.item.id, draftKept: true });
    const again = await claimOne(service, member, queue);
    expect(again).toMatchObject({ item: { id: held.item.id }, draft: work });
    expect(again.leaseToken).not.toBe(held.leaseToken);
    expect(codeOf(await submit(service, member, again, { ...work, labels: {} }))).toBeNull();
  }
});

test('of two tabs with two leases the old token is refused, and does not overwrite the draft of the new one', async () => {
  const queue = await makeQueue(service);
  await makeItem(service, queue);
  const member = await service.member();
  const old = await claimOne(service, member, queue);
  await letExpire(service, old);
  const current = await claimOne(service, member, queue);
  await onLease(service, member, 'saveDraft', { ...leaseOf(current), comment: 'newer' });
  const late = await onLease(service, member, 'saveDraft', { ...leaseOf(old), comment: 'older' });
  expect(late.errors![0]!.extensions).toMatchObject({ code: 'LEASE_LOST', draftKept: false });
  for (const stale of [old, { ...current, leaseToken: old.leaseToken }] as Held[]) {
    for (const mutation of every)
      expect(codeOf(await onLease(service, member, mutation, leaseOf(stale)))).toBe('LEASE_LOST');
    expect(codeOf(await submit(service, member, stale, work))).toBe('LEASE_LOST');
  }
  const renewed = await onLease(service, member, 'renewLease', leaseOf(current));
  expect(renewed.data.renewLease.assignment.draft).toMatchObject({ comment: 'newer' });
});

test('nobody writes under the lease of another, and an unknown one looks the same', async () => {
  const queue = await makeQueue(service);
  await makeItem(service, queue);
  const [a, b] = [await service.member(), await service.member()];
  const held = await claimOne(service, a, queue);
  const unknown = { ...held, id: uuidv7() };
  const tries: [TestMember, Held][] = [
    [b, held],
    [a, unknown],
  ];
  for (const [member, lease] of tries) {
    const answers = [await submit(service, member, lease, work)];
    for (const mutation of every) answers.push((await onLease(service, member, mutation, leaseOf(lease))) as never);
    expect(answers.map(codeOf)).toEqual(Array(4).fill('NOT_FOUND'));
    expect(new Set(answers.map((answer) => answer.errors![0]!.message)).size).toBe(1);
  }
  expect(codeOf(await onLease(service, a, 'renewLease', { assignmentId: 'x', leaseToken: 'y' }))).toBe('INVALID_INPUT');
});

test('work on an item that was withdrawn or resolved meanwhile is refused as such, and kept', async () => {
  const queue = await makeQueue(service);
  const manager = await service.member({ role: 'MANAGER' as never });
  await makeItem(service, queue);
  const member = await service.member();
  const held = await claimOne(service, member, queue);
  await service.do(manager.token, `mutation ($id: ID!) { withdrawItem(input: { itemId: $id }) { item { status } } }`, {
    id: held.item.id,
  });
  for (const mutation of every) {
    expect(codeOf(await onLease(service, member, mutation, leaseOf(held)))).toBe('ALREADY_RESOLVED');
  }
  const late = await submit(service, member, held, work);
  expect(late.errors![0]!.extensions).toMatchObject({ code: 'ALREADY_RESOLVED', draftKept: true });
  expect((await claim(service, member, { queue: queue.key })).emptyReason).toBe('NOTHING_OPEN');

  await makeItem(service, queue);
  const slow = await claimOne(service, member, queue);
  await letExpire(service, slow);
  const quick = await service.member();
  await submit(service, quick, await claimOne(service, quick, queue));
  expect(codeOf(await submit(service, member, slow, work))).toBe('ALREADY_RESOLVED');
});

test('one sweep puts back everything that ran out, more than a batch of it, at its original rank', async () => {
  const queue = await makeQueue(service);
  await makeItems(
    service,
    queue,
    Array.from({ length: 2_500 }, () => ({})),
  );
  const tickets = () =>
    service.sql(`SELECT * FROM ticket JOIN lane l ON l.id = lane_id WHERE l.queue_id = $1 ORDER BY rank`, [queue.id]);
  const before = await tickets();
  // As 2,500 reviewers who claimed and died would have left it.
  await service.sql(
    `WITH gone AS (DELETE FROM ticket t USING lane l WHERE l.id = t.lane_id AND l.queue_id = $1 RETURNING t.*)
     INSERT INTO assignment (project_id, id, item_id, slot, member_id, queue_id, lane_id, rank, rubric_version, lease_token, lease_seconds, lease_expires_at)
     SELECT project_id, gen_random_uuid(), item_id, slot, gen_random_uuid(), $1, lane_id, rank, 1, gen_random_uuid(), 1, now() - interval '1 second' FROM gone`,
    [queue.id],
  );
  await service.app.get(ExpiryService).runOnce();
  // The service's own sweep may be at it too, and each skips what the other holds.
  await expect.poll(tickets, { timeout: 10_000 }).toEqual(before);
  const expired = await service.sql(
    `SELECT kind FROM outbox WHERE queue_id = $1 UNION ALL SELECT kind FROM event WHERE queue_id = $1`,
    [queue.id],
  );
  expect(expired).toEqual(Array(2_500).fill({ kind: 'ASSIGNMENT_EXPIRED' }));
});

test('old lapses are forgotten after 30 days, and work that comes later finds no assignment', async () => {
  const queue = await makeQueue(service);
  await makeItem(service, queue);
  const member = await service.member();
  const held = await claimOne(service, member, queue);
  await onLease(service, member, 'releaseAssignment', leaseOf(held));
  expect(codeOf(await submit(service, member, held, work))).toBe('LEASE_LOST');
  await service.sql(`UPDATE lapse SET ended_at = now() - interval '31 days' WHERE assignment_id = $1`, [held.id]);
  await service.app.get(ExpiryService).runOnce();
  expect(codeOf(await submit(service, member, held, work))).toBe('NOT_FOUND');
});
