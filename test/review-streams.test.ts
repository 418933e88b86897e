import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ExpiryService } from '../src/assignment/expiry.service.js';
import { Role } from '../src/access/viewer.js';
import { encodeCursor } from '../src/log/cursor.js';
import { claimOne, leaseOf, letExpire, makeItem, makeQueue, onLease, submit } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';
import { watch } from './support/watching.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

interface AssignmentEvent {
  assignmentChanged: {
    cursor: string;
    assignment: { id: string; status: string; leaseToken: string; item: { id: string } };
  };
}
interface ReviewEvent {
  reviewSubmitted: {
    cursor: string;
    review: { verdict: string; reviewer: { id: string }; item: { reviews: { id: string }[] } };
  };
}

const ASSIGNMENTS = `subscription ($after: Cursor) { assignmentChanged(after: $after) { cursor assignment {
  id status leaseToken leaseExpiresAt item { id } draft { comment } } } }`;
const REVIEWS = `subscription ($after: Cursor, $queue: String) { reviewSubmitted(after: $after, queue: $queue) { cursor review {
  verdict reviewer { id } item { id reviews { id } } } } }`;

const beginning = () => encodeCursor(service.projectId, 0);

test('a reviewer is told what becomes of their own leases, from where they left off', async () => {
  const queue = await makeQueue(service);
  const [me, other] = [await service.member(), await service.member()];
  await makeItem(service, queue);
  const skipped = await claimOne(service, me, queue);
  await onLease(service, me, 'releaseAssignment', { ...leaseOf(skipped), skip: true });
  await submit(service, other, await claimOne(service, other, queue));
  await makeItem(service, queue);
  const expired = await claimOne(service, me, queue);
  await letExpire(service, expired);
  await service.app.get(ExpiryService).runOnce();
  const answered = await claimOne(service, me, queue);

  const stream = watch<AssignmentEvent>(service, me.token, ASSIGNMENTS, { after: beginning() });
  const seen = (await stream.take(5)).map((event) => event.assignmentChanged);
  await submit(service, me, answered);
  seen.push(...(await stream.take(1)).map((event) => event.assignmentChanged));
  await stream.close();
  expect(seen.map(({ assignment }) => [assignment.id, assignment.status])).toEqual([
    [skipped.id, 'LEASED'],
    [skipped.id, 'SKIPPED'],
    [expired.id, 'LEASED'],
    [expired.id, 'EXPIRED'],
    [answered.id, 'LEASED'],
    [answered.id, 'SUBMITTED'],
  ]);
  expect(seen.map(({ assignment }) => assignment.leaseToken)).toEqual(['', '', '', '', answered.leaseToken, '']);

  const resumed = watch<AssignmentEvent>(service, me.token, ASSIGNMENTS, { after: seen[2]!.cursor });
  const rest = await resumed.take(3);
  await resumed.close();
  expect(rest.map((event) => event.assignmentChanged.cursor)).toEqual(seen.slice(3).map(({ cursor }) => cursor));
});

test('reviews stream by queue to those who may see them all, and to a reviewer only their own', async () => {
  const [queue, elsewhere] = [await makeQueue(service, { reviewsRequired: 3 }), await makeQueue(service)];
  const [a, b] = [await service.member(), await service.member()];
  const manager = await service.member({ role: Role.MANAGER });
  await makeItem(service, queue);
  await makeItem(service, elsewhere);
  await submit(service, a, await claimOne(service, a, elsewhere));
  await submit(service, a, await claimOne(service, a, queue), { verdict: 'REJECTED' });
  await submit(service, b, await claimOne(service, b, queue), { verdict: 'CONFIRMED' });
  const seenBy = async (token: string, count: number) => {
    const stream = watch<ReviewEvent>(service, token, REVIEWS, { after: beginning(), queue: queue.key });
    const events = await stream.take(count);
    await stream.close();
    return events.map(({ reviewSubmitted: { review } }) => [review.reviewer.id, review.verdict]);
  };
  const all = [
    [a.id, 'REJECTED'],
    [b.id, 'CONFIRMED'],
  ];
  expect(await seenBy(manager.token, 2)).toEqual(all);
  expect(await seenBy(await service.key(), 2)).toEqual(all);
  expect(await seenBy(b.token, 1)).toEqual([[b.id, 'CONFIRMED']]);
});

test('an API key has no assignments to watch, and an unknown queue no reviews', async () => {
  const take = (token: string, query: string, variables = {}) => watch(service, token, query, variables).take(1);
  await expect(take(await service.key(), ASSIGNMENTS)).rejects.toThrow(/FORBIDDEN/);
  await expect(take(await service.key(), REVIEWS, { queue: 'no-such-queue' })).rejects.toThrow(/NOT_FOUND/);
});
