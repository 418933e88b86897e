import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import {
  claim,
  claimOne,
  codeOf,
  leaseOf,
  letExpire,
  makeItem,
  makeItems,
  makeQueue,
  onLease,
  submit,
} from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';
import { statementsOf } from './support/statements.js';

let service: TestService;
beforeAll(async () => (service = await startService()));
afterAll(() => service?.stop());

test('a shuffled queue is offered whole in the order of its ranks, over all lanes', async () => {
  const member = await service.member({ skills: ['law', 'tax'] });
  const [plain, law] = [await makeQueue(service), await makeQueue(service, { skills: ['law'] })];
  const ranks = Array.from({ length: 60 }, (_, i) => ((i * 7_919) % 61) - 30);
  const ids = await Promise.all(
    ranks.map((rank, i) => makeItem(service, i % 2 ? plain : law, { rank: rank - 1_000_000 })),
  );
  const wanted = ids
    .map((id, i) => ({ id, rank: ranks[i]! }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ id }) => id);
  const offered: string[] = [];
  for (let i = 0; i < 20; i += 1) {
    const { assignments } = await claim(service, member, { count: 3 });
    for (const held of assignments) {
      offered.push(held.item.id);
      expect(codeOf(await submit(service, member, held))).toBeNull();
    }
  }
  expect(offered).toEqual(wanted);
});

test('a claim asks for one queue, for skills that the member has, and never for an unknown queue', async () => {
  const [a, b, tax] = [
    await makeQueue(service),
    await makeQueue(service),
    await makeQueue(service, { skills: ['tax'] }),
  ];
  const item = await makeItem(service, b);
  const taxItem = await makeItem(service, tax, { rank: -5_000_000 });
  const plain = await service.member();
  expect(await claim(service, plain, { queue: a.key })).toEqual({
    assignments: [],
    emptyReason: 'NOTHING_OPEN',
    nextAvailableAt: null,
  });
  expect((await claimOne(service, plain)).item.id).toBe(item);
  expect((await claim(service, plain)).emptyReason).toBe('NOT_ELIGIBLE');
  expect((await claimOne(service, await service.member({ skills: ['tax', 'law'] }))).item.id).toBe(taxItem);
  const unknown = await service.ask(
    plain.token,
    `mutation { claimNext(input: { queue: "no-such-queue" }) { emptyReason } }`,
  );
  expect(codeOf(unknown)).toBe('NOT_FOUND');
});

test('an item is never offered to one who holds it, reviewed it or skipped it', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 3 });
  const item = await makeItem(service, queue);
  const [a, b, c] = [await service.member(), await service.member(), await service.member()];
  const first = await claim(service, a, { queue: queue.key, count: 3 });
  expect(first.assignments.map((held) => held.item.id)).toEqual([item]);
  expect(first.emptyReason).toBe('NOT_ELIGIBLE');
  await submit(service, a, first.assignments[0]!);
  expect((await claim(service, a, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');

  const skipped = await claimOne(service, b, queue);
  const released = await onLease(service, b, 'releaseAssignment', {
    ...leaseOf(skipped),
    skip: true,
    reason: 'not my field',
  });
  expect(released.data.releaseAssignment.assignment.status).toBe('SKIPPED');
  expect((await claim(service, b, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');
  expect((await claimOne(service, c, queue)).item.id).toBe(item);
});

test('what is leased to others is said to be, with the time when the next lease ends', async () => {
  const queue = await makeQueue(service, { leaseSeconds: 60 });
  await makeItems(service, queue, [{}, {}]);
  const [a, b, c] = [await service.member(), await service.member(), await service.member()];
  const first = await claimOne(service, a, queue);
  await claimOne(service, b, queue);
  expect(await claim(service, c, { queue: queue.key })).toEqual({
    assignments: [],
    emptyReason: 'ALL_LEASED',
    nextAvailableAt: first.leaseExpiresAt,
  });
});

test('one person holds at most ten leases', async () => {
  const queue = await makeQueue(service);
  await makeItems(
    service,
    queue,
    Array.from({ length: 12 }, () => ({})),
  );
  const member = await service.member();
  expect((await claim(service, member, { queue: queue.key, count: 7 })).assignments).toHaveLength(7);
  const more = await claim(service, member, { queue: queue.key, count: 7 });
  expect(more.assignments).toHaveLength(3);
  expect(more.emptyReason).toBe('AT_CAPACITY');
  expect(await claim(service, member, { queue: queue.key })).toMatchObject({
    assignments: [],
    emptyReason: 'AT_CAPACITY',
  });
});

test('an abandoned item is offered to the next who asks, as often as it is abandoned, without the sweeper', async () => {
  const queue = await makeQueue(service);
  const item = await makeItem(service, queue);
  for (let i = 0; i < 5; i += 1) {
    const held = await claimOne(service, await service.member(), queue);
    expect(held.item.id).toBe(item);
    await letExpire(service, held);
  }
});

test('who gives an item back leaves it at its place', async () => {
  const queue = await makeQueue(service);
  const [first, second] = await makeItems(service, queue, [{}, {}]);
  const [a, b] = [await service.member(), await service.member()];
  const held = await claimOne(service, a, queue);
  expect(held.item.id).toBe(first);
  const released = await onLease(service, a, 'releaseAssignment', leaseOf(held));
  expect(released.data.releaseAssignment.assignment).toMatchObject({ id: held.id, status: 'RELEASED', leaseToken: '' });
  expect((await claim(service, b, { queue: queue.key, count: 2 })).assignments.map((one) => one.item.id)).toEqual([
    first,
    second,
  ]);
});

test('only members who may review can claim', async () => {
  const claimed = async (token: string) =>
    codeOf(await service.ask(token, `mutation { claimNext(input: {}) { emptyReason } }`));
  for (const role of [Role.ADMIN, Role.MANAGER, Role.REVIEWER])
    expect(await claimed((await service.member({ role })).token)).toBeNull();
  expect(await claimed((await service.member({ role: Role.VIEWER })).token)).toBe('FORBIDDEN');
  expect(await claimed(await service.key())).toBe('FORBIDDEN');
  const member = await service.member();
  for (const count of [0, 11, -1]) {
    const answer = await service.ask(
      member.token,
      `mutation { claimNext(input: { count: ${count} }) { emptyReason } }`,
    );
    expect(codeOf(answer)).toBe('INVALID_INPUT');
  }
});

test('an item that was withdrawn while its ticket came back is not offered', async () => {
  const queue = await makeQueue(service);
  const [gone, next] = await makeItems(service, queue, [{}, {}]);
  await service.sql(`UPDATE item SET status = 'WITHDRAWN' WHERE id = $1`, [gone]);
  expect((await claimOne(service, await service.member(), queue)).item.id).toBe(next);
  expect(await service.sql(`SELECT FROM ticket WHERE item_id = $1`, [gone])).toEqual([]);
});

test('a claim is one statement, whatever waits, and payloads are read of what it brings alone', async () => {
  const queue = await makeQueue(service);
  await makeItems(
    service,
    queue,
    Array.from({ length: 3_000 }, () => ({})),
  );
  const member = await service.member();
  await claimOne(service, member, queue);
  const CLAIM = `mutation ($input: ClaimNextInput!) {
    claimNext(input: $input) { assignments { id item { id input output } } emptyReason } }`;
  const claims = (sent: string[]) => sent.filter((name) => name.includes('claim') || name.includes('FROM ticket'));
  for (const count of [1, 5]) {
    const input = { queue: queue.key, count };
    let taken: any[] = [];
    const sent = await statementsOf(service, async () => {
      taken = (await service.do<any>(member.token, CLAIM, { input })).claimNext.assignments;
    });
    expect(taken).toHaveLength(count);
    expect(claims(sent)).toEqual(['claim']);
    expect(sent.filter((name) => name.includes('evidence'))).toEqual(['evidence-by-item']);
  }
});

test('a claim that is refused midway answers with what it took, and says that it was interrupted', async () => {
  const queue = await makeQueue(service);
  const [abandoned, ...open] = await makeItems(service, queue, [{}, {}, {}]);
  const [a, b, c] = [await service.member(), await service.member(), await service.member()];
  const held = await claimOne(service, a, queue);
  expect(held.item.id).toBe(abandoned);
  await service.sql(`CREATE FUNCTION refuse_lapse() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE 'not now' USING ERRCODE = 'lock_not_available'; END $$`);
  await service.sql(`CREATE TRIGGER refuse_lapse BEFORE INSERT ON lapse FOR EACH ROW WHEN (NEW.item_id = '${abandoned}')
    EXECUTE FUNCTION refuse_lapse()`);
  try {
    await letExpire(service, held);
    const got = await claim(service, b, { queue: queue.key, count: 3 });
    expect(got).toMatchObject({ emptyReason: 'INTERRUPTED', nextAvailableAt: null });
    expect(got.assignments.map((one) => one.item.id)).toEqual(open);
    const { assignments } = await service.do<any>(b.token, `{ assignments { id } }`);
    expect(assignments.map((one: any) => one.id)).toEqual(got.assignments.map((one) => one.id));
    for (const one of got.assignments) expect(codeOf(await submit(service, b, one))).toBeNull();
    // Nothing is half done where nothing was taken.
    const asked = `mutation { claimNext(input: { queue: "${queue.key}", count: 3 }) { emptyReason } }`;
    expect(codeOf(await service.ask(c.token, asked))).toBe('OVERLOADED');
  } finally {
    await service.sql(`DROP FUNCTION refuse_lapse CASCADE`);
  }
  expect((await claimOne(service, c, queue)).item.id).toBe(abandoned);
});

test('what a claim took in several steps comes in the order of the ranks', async () => {
  const queue = await makeQueue(service);
  const ids = await makeItems(service, queue, [{}, {}, {}]);
  const held = await claimOne(service, await service.member(), queue);
  expect(held.item.id).toBe(ids[0]);
  await letExpire(service, held);
  const got = await claim(service, await service.member(), { queue: queue.key, count: 3 });
  expect(got.assignments.map((one) => one.item.id)).toEqual(ids);
});

test('what one holds is listed as it was claimed, and what was claimed together in the order of the ranks', async () => {
  const queue = await makeQueue(service);
  const member = await service.member();
  const items = await makeItems(service, queue, [{ rank: -30 }, { rank: 3 }, { rank: 2 }, { rank: 1 }]);
  const got = [
    ...(await claim(service, member, { queue: queue.key })).assignments,
    ...(await claim(service, member, { queue: queue.key, count: 3 })).assignments,
  ].map((one) => one.item.id);
  expect(got).toEqual([items[0], items[3], items[2], items[1]]);
  const { assignments } = await service.do<any>(member.token, `{ assignments { item { id } } }`);
  expect(assignments.map((one: any) => one.item.id)).toEqual(got);
});
