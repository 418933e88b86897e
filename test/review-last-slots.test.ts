import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { meetingAt } from './support/item-lock.js';
import { claimOne, codeOf, letExpire, makeItem, makeQueue, submit } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';

let services: [TestService, TestService];
beforeAll(async () => {
  const service = await startService();
  services = [service, await startService({ on: service })];
});
afterAll(async () => {
  await services?.[1].stop();
  await services?.[0].stop();
});

test('when the last two reviews come at the same moment, from two instances, the item is settled once', async () => {
  const [service] = services;
  for (const [verdict, status] of [
    ['CONFIRMED', 'RESOLVED'],
    ['REJECTED', 'NEEDS_ADJUDICATION'],
  ]) {
    const queue = await makeQueue(service, { reviewsRequired: 2 });
    const item = await makeItem(service, queue);
    const [a, b] = [await service.member(), await service.member()];
    const [ofA, ofB] = [await claimOne(service, a, queue), await claimOne(service, b, queue)];
    const codes: (string | null)[] = [];
    await meetingAt(service, item, [
      async () => codes.push(codeOf(await submit(services[0], a, ofA, { verdict: 'CONFIRMED' }))),
      async () => codes.push(codeOf(await submit(services[1], b, ofB, { verdict }))),
    ]);
    expect(codes).toEqual([null, null]);
    expect(await service.sql(`SELECT status, reviews_done FROM item WHERE id = $1`, [item])).toEqual([
      { status, reviews_done: 2 },
    ]);
    const events = await service.sql<{ kind: string }>(
      `SELECT kind FROM (SELECT kind, item_id FROM event UNION ALL SELECT kind, item_id FROM outbox) e
        WHERE item_id = $1 AND kind LIKE 'ITEM_%'`,
      [item],
    );
    expect(events).toEqual([{ kind: status === 'RESOLVED' ? 'ITEM_RESOLVED' : 'ITEM_NEEDS_ADJUDICATION' }]);
  }
});

test('an item that is withdrawn while its review is on the way is not resolved', async () => {
  const [service] = services;
  const queue = await makeQueue(service);
  const item = await makeItem(service, queue);
  const member = await service.member();
  const manager = await service.member({ role: 'MANAGER' as never });
  const held = await claimOne(service, member, queue);
  const withdraw = () =>
    service.ask(manager.token, `mutation { withdrawItem(input: { itemId: "${item}" }) { item { status } } }`);
  const [submitted, withdrawn] = await Promise.all([submit(service, member, held), withdraw()]);
  const [row] = await service.sql<{ status: string }>(`SELECT status FROM item WHERE id = $1`, [item]);
  const reviews = await service.sql(`SELECT FROM review WHERE item_id = $1`, [item]);
  const isResolved = row!.status === 'RESOLVED';
  expect([codeOf(submitted), codeOf(withdrawn)]).toEqual(
    isResolved ? [null, 'ALREADY_RESOLVED'] : ['ALREADY_RESOLVED', null],
  );
  expect(reviews).toHaveLength(isResolved ? 1 : 0);
  expect(await service.sql(`SELECT FROM ticket WHERE item_id = $1`, [item])).toEqual([]);
});

test('a slot that goes to somebody else while its review is on the way is not answered twice', async () => {
  const [service] = services;
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  const item = await makeItem(service, queue);
  const [a, b] = [await service.member(), await service.member()];
  const held = await claimOne(service, a, queue);
  const codes: (string | null)[] = [];
  await meetingAt(
    service,
    item,
    [async () => codes.push(codeOf(await submit(service, a, held, { verdict: 'REJECTED', comment: 'mine' })))],
    async () => {
      await letExpire(service, held);
      await claimOne(service, b, queue);
    },
  );
  expect(codes).toEqual(['LEASE_LOST']);
  expect(await service.sql(`SELECT FROM review WHERE item_id = $1`, [item])).toEqual([]);
  expect(await service.sql(`SELECT comment FROM draft WHERE item_id = $1`, [item])).toEqual([{ comment: 'mine' }]);
});
