import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { ExpiryService } from '../src/assignment/expiry.service.js';
import { PresenceService } from '../src/assignment/presence.service.js';
import { PushService } from '../src/assignment/push.service.js';
import { Role } from '../src/access/viewer.js';
import { LogHint } from '../src/log/hint.js';
import {
  claimOne,
  codeOf,
  type Held,
  type ItemOptions,
  leaseOf,
  letExpire,
  makeItems,
  makeQueue,
  onLease,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';
import { type Watch, watch } from './support/watching.js';

/** On a machine that others use too, a second is short. */
const until = <T>(state: () => T) => expect.poll(state, { timeout: 20_000 });

let service: TestService;
let manager: TestMember;
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
});
afterAll(() => service?.stop());

interface Event {
  assignmentChanged: { cursor: string; assignment: Held };
}

const ACCEPT = `subscription ($after: Cursor, $accept: AcceptInput) { assignmentChanged(after: $after, accept: $accept) {
  cursor assignment { id status leaseToken leaseExpiresAt item { id output } draft { comment } } } }`;

const open: Watch<unknown>[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
  await until(() => service.sql(`SELECT FROM presence`)).toEqual([]);
});

/** Somebody who is there by now, and takes work from that queue. */
async function arrive(
  member: TestMember,
  queue: TestQueue | null,
  accept: object = {},
  on = service,
): Promise<Watch<Event>> {
  const stream = watch<Event>(on, member.token, ACCEPT, {
    accept: { ...(queue && { queues: [queue.key] }), ...accept },
  });
  const sockets = () => service.sql(`SELECT FROM presence WHERE member_id = $1`, [member.id]);
  const before = (await sockets()).length;
  open.push(stream);
  await until(async () => (await sockets()).length).toBe(before + 1);
  return stream;
}

async function leave(stream: Watch<unknown>): Promise<void> {
  open.splice(open.indexOf(stream), 1);
  await stream.close();
}

/** Items that the log tells of, as a flag does. */
async function flagged(queue: TestQueue, items: ItemOptions[], on = service): Promise<string[]> {
  const ids = await makeItems(service, queue, items);
  await service.sql(
    `INSERT INTO outbox (project_id, kind, actor, item_id, queue_id)
     SELECT $1, 'ITEM_FLAGGED', 'system', id, $2 FROM unnest($3::uuid[]) id`,
    [service.projectId, queue.id, ids],
  );
  on.app.get(LogHint).wake(service.projectId);
  return ids;
}

async function next(stream: Watch<Event>): Promise<Held> {
  const [event] = await stream.take(1);
  return event!.assignmentChanged.assignment;
}

const holders = async (items: string[]): Promise<string[]> =>
  (await service.sql<any>(`SELECT member_id FROM assignment WHERE item_id = ANY ($1)`, [items])).map(
    (row) => row.member_id,
  );

const presenceOf = async (member: TestMember) => {
  const { members } = await service.do<any>(
    manager.token,
    `{ members { id presence { isAway queues capacity holding since } } }`,
  );
  return members.find(({ id }: any) => id === member.id).presence;
};

test('whoever is there gets what arrives, the lease with it, up to their capacity; each answer makes room', async () => {
  const queue = await makeQueue(service);
  const ann = await service.member();
  const stream = await arrive(ann, queue);
  const items = await flagged(queue, [{}, {}, {}, {}]);
  const first = await next(stream);
  const second = await next(stream);
  expect([first.item.id, second.item.id]).toEqual(items.slice(0, 2));
  expect(first).toMatchObject({
    status: 'LEASED',
    leaseToken: expect.stringMatching(/-/),
    item: { output: 'the answer' },
  });
  expect(await service.app.get(PushService).runOnce(service.projectId)).not.toBe(1);
  expect(await holders(items)).toHaveLength(2);

  expect(codeOf(await submit(service, ann, first))).toBeNull();
  expect(await next(stream)).toMatchObject({ id: first.id, status: 'SUBMITTED' });
  expect(await next(stream)).toMatchObject({ status: 'LEASED', item: { id: items[2] } });
  await onLease(service, ann, 'releaseAssignment', { ...leaseOf(second), skip: true });
  expect(await next(stream)).toMatchObject({ status: 'SKIPPED' });
  expect(await next(stream)).toMatchObject({ status: 'LEASED', item: { id: items[3] } });
  const [claimed] = await service.sql<any>(
    `SELECT actor FROM event WHERE kind = 'ASSIGNMENT_CLAIMED' AND item_id = $1`,
    [items[0]],
  );
  expect(claimed.actor).toBe('system');
});

test('what waits already comes to whoever arrives, also what somebody gives back', async () => {
  const queue = await makeQueue(service);
  const [ann, bob] = [await service.member(), await service.member()];
  const [item] = await flagged(queue, [{}]);
  const held = await claimOne(service, ann, queue);
  const stream = await arrive(bob, queue);
  await onLease(service, ann, 'releaseAssignment', leaseOf(held));
  expect((await next(stream)).item.id).toBe(item);
});

test('the longest idle comes first, and nobody has two while somebody has none', async () => {
  const queue = await makeQueue(service);
  const people = [await service.member(), await service.member(), await service.member()];
  const streams: Watch<Event>[] = [];
  for (const person of people) {
    streams.push(await arrive(person, queue));
    await service.app.get(PushService).runOnce(service.projectId);
  }
  const given: string[] = [];
  const give = async () => {
    const [item] = await flagged(queue, [{}]);
    await until(() => holders([item!])).toHaveLength(1);
    given.push(...(await holders([item!])));
  };
  for (let i = 0; i < 3; i += 1) await give();
  expect(given).toEqual(people.map(({ id }) => id));
  // The second is through first, and then the first.
  const held = [];
  for (const stream of streams) held.push(await next(stream));
  for (const i of [1, 0]) {
    expect(codeOf(await submit(service, people[i]!, held[i]!))).toBeNull();
    const isIdle = () =>
      service.sql(`SELECT FROM presence WHERE member_id = $1 AND idle_since IS NOT NULL`, [people[i]!.id]);
    await until(async () => (await isIdle()).length).toBe(1);
  }
  given.length = 0;
  for (let i = 0; i < 3; i += 1) await give();
  expect(given.slice(0, 2)).toEqual([people[1]!.id, people[0]!.id]);
  // All have one: who was given something longest ago.
  expect(given[2]).toBe(people[2]!.id);
});

test('skills, membership, authors, own reviews and the queues that were named hold as in a claim', async () => {
  const [law, closed, other] = [
    await makeQueue(service, { skills: ['law'] }),
    await makeQueue(service),
    await makeQueue(service),
  ];
  const plain = await makeQueue(service, { reviewsRequired: 2 });
  const name = 'ann';
  const [ann, bob] = [await service.member({ name }), await service.member({ skills: ['law'] })];
  await service.sql(`INSERT INTO queue_member (project_id, queue_id, member_id) VALUES ($1, $2, $3)`, [
    service.projectId,
    closed.id,
    manager.id,
  ]);
  // Before anybody is there: between the two statements it would be given to its author.
  const own = await makeItems(service, plain, [{}]);
  await service.sql(`INSERT INTO item_author (project_id, item_id, author) VALUES ($1, $2, $3)`, [
    service.projectId,
    own[0],
    name,
  ]);
  const accept = { queues: [law.key, closed.key, plain.key], capacity: 5 };
  const streams = [await arrive(ann, null, accept), await arrive(bob, null, accept)];
  const [needsLaw] = await flagged(law, [{}]);
  const notTheirs = [...(await flagged(closed, [{}])), ...(await flagged(other, [{}]))];
  const [both] = await flagged(plain, [{}]);
  await until(async () => (await holders([both!])).sort()).toEqual([ann.id, bob.id].sort());
  await until(() => holders(own)).toEqual([bob.id]);
  await until(() => holders([needsLaw!])).toEqual([bob.id]);
  expect(await holders(notTheirs)).toEqual([]);
  // Ann has answered one of two: the second review is not for her.
  const mine = await next(streams[0]!);
  expect(codeOf(await submit(service, ann, mine))).toBeNull();
  expect(await service.app.get(PushService).runOnce(service.projectId)).not.toBe(1);
  expect(await holders([both!])).toEqual([bob.id]);
});

test('whoever is paused in a queue stands in nobody’s way there, and is given the work of other queues', async () => {
  const [tested, other] = [await makeQueue(service), await makeQueue(service)];
  const [ann, bob] = [await service.member(), await service.member()];
  await service.sql(
    `INSERT INTO gold_standing (project_id, member_id, queue_id, paused_at) VALUES ($1, $2, $3, now())`,
    [service.projectId, ann.id, tested.id],
  );
  await arrive(ann, null, { queues: [tested.key, other.key] });
  await arrive(bob, tested);
  const [urgent] = await flagged(tested, [{}]);
  const [later] = await flagged(other, [{}]);
  await until(() => holders([urgent!])).toEqual([bob.id]);
  await until(() => holders([later!])).toEqual([ann.id]);
  // Bob has no room any more, so this waits at the head; what comes after it in the other queue still goes to Ann.
  await flagged(tested, [{}, {}]);
  const [last] = await flagged(other, [{}]);
  await until(() => holders([last!])).toEqual([ann.id]);
});

test('a member’s own capacity is never passed, however much they accept in however many tabs', async () => {
  const queue = await makeQueue(service);
  const ann = await service.member();
  await service.sql(`UPDATE member SET capacity = 3 WHERE id = $1`, [ann.id]);
  await arrive(ann, queue, { capacity: 10 });
  await arrive(ann, queue, { capacity: 2 });
  const items = await flagged(
    queue,
    Array.from({ length: 6 }, () => ({})),
  );
  await until(async () => (await holders(items)).length).toBe(3);
  await service.app.get(PushService).runOnce(service.projectId);
  expect(await holders(items)).toHaveLength(3);
  expect(await presenceOf(ann)).toMatchObject({ capacity: 10, holding: 3, queues: [queue.key], isAway: false });
});

test('presence ends with the last socket, and the leases stay until their time', async () => {
  const queue = await makeQueue(service);
  const ann = await service.member();
  const seen = watch<any>(
    service,
    manager.token,
    `subscription { presenceChanged { member { id presence { holding } } } }`,
  );
  open.push(seen);
  const heard: any[] = [];
  const listening = (async () => {
    for (;;) heard.push(...(await seen.take(1)));
  })().catch(() => undefined);
  await until(async () => {
    // The subscription has its place once it tells of somebody.
    const other = await arrive(await service.member(), queue);
    await leave(other);
    return heard.length;
  }).toBeGreaterThan(1);
  const [one, two] = [await arrive(ann, queue), await arrive(ann, queue)];
  const [item] = await flagged(queue, [{}]);
  await until(() => holders([item!])).toEqual([ann.id]);
  await leave(one);
  await until(async () => (await service.sql(`SELECT FROM presence WHERE member_id = $1`, [ann.id])).length).toBe(1);
  expect(await presenceOf(ann)).toMatchObject({ holding: 1 });
  await leave(two);
  await until(() => presenceOf(ann)).toBeNull();
  expect(await holders([item!])).toEqual([ann.id]);
  const told = async () =>
    (
      await service.sql<any>(`SELECT kind FROM event WHERE data->>'memberId' = $1 AND kind ~ 'REVIEWER' ORDER BY seq`, [
        ann.id,
      ])
    ).map(({ kind }) => kind);
  await until(told).toEqual(['REVIEWER_ARRIVED', 'REVIEWER_LEFT']);
  await until(() => heard.filter((event) => event.presenceChanged.member.id === ann.id).length).toBe(2);
  await leave(seen);
  await listening;
});

test('whoever was connected to a process that was killed is gone when their time is over', async () => {
  const ann = await service.member();
  await service.sql(
    `INSERT INTO presence (project_id, id, member_id, capacity, expires_at) VALUES ($1, gen_random_uuid(), $2, 2, now() + interval '1 hour')`,
    [service.projectId, ann.id],
  );
  expect(await presenceOf(ann)).toMatchObject({ capacity: 2, queues: null });
  await service.sql(`UPDATE presence SET expires_at = now() - interval '1 second' WHERE member_id = $1`, [ann.id]);
  expect(await presenceOf(ann)).toBeNull();
  await service.app.get(PresenceService).runOnce();
  await until(() => service.sql(`SELECT kind FROM event WHERE data->>'memberId' = $1`, [ann.id])).toEqual([
    { kind: 'REVIEWER_LEFT' },
  ]);
});

test('who is taken for dead while the database is away is there again with the next renewal', async () => {
  const queue = await makeQueue(service);
  const ann = await service.member();
  const stream = await arrive(ann, queue);
  await service.sql(`DELETE FROM presence`);
  await service.app.get(PresenceService).runOnce();
  const [item] = await flagged(queue, [{}]);
  expect((await next(stream)).item.id).toBe(item);
});

test('whoever lets a lease run out is given nothing more until they do something', async () => {
  const queue = await makeQueue(service);
  const ann = await service.member();
  const stream = await arrive(ann, queue, { capacity: 1 });
  const [item] = await flagged(queue, [{}]);
  const held = await next(stream);
  await letExpire(service, held);
  await service.app.get(ExpiryService).runOnce();
  expect(await next(stream)).toMatchObject({ id: held.id, status: 'EXPIRED' });
  expect(await presenceOf(ann)).toMatchObject({ isAway: true });
  await service.app.get(PushService).runOnce(service.projectId);
  expect(await holders([item!])).toEqual([]);
  // Asking is doing something.
  const again = await claimOne(service, ann, queue);
  await until(() => presenceOf(ann)).toMatchObject({ isAway: false });
  const [second] = await flagged(queue, [{}]);
  expect(codeOf(await submit(service, ann, again))).toBeNull();
  await until(() => holders([second!])).toEqual([ann.id]);
});

test('several processes give each item once, and none of the people too much', async () => {
  const other = await startService({ on: service });
  const queue = await makeQueue(service);
  const people = await Promise.all(Array.from({ length: 12 }, () => service.member()));
  await Promise.all(people.map((one, i) => arrive(one, queue, {}, i % 2 ? service : other)));
  const items = await flagged(
    queue,
    Array.from({ length: 40 }, () => ({})),
  );
  await Promise.all([service, other, service, other].map(({ app }) => app.get(PushService).runOnce(service.projectId)));
  const held = () =>
    service.sql<any>(
      `SELECT count(*)::int AS leases, count(DISTINCT item_id)::int AS items, max(n)::int AS most
         FROM (SELECT item_id, count(*) OVER (PARTITION BY member_id) AS n FROM assignment WHERE queue_id = $1) a`,
      [queue.id],
    );
  await until(held).toEqual([{ leases: 24, items: 24, most: 2 }]);
  expect((await holders(items)).length).toBe(24);
  for (const one of open.splice(0)) await one.close();
  await other.stop();
});

test.each([
  [{ capacity: 0 }, /accept.capacity: must be 1 to 10/],
  [{ capacity: 11 }, /accept.capacity: must be 1 to 10/],
  [{ queues: [] }, /accept.queues: must name at least one queue/],
  [{ queues: ['No Key'] }, /accept.queues.*keys of queues/],
  [{ queues: ['no-such-queue'] }, /NOT_FOUND/],
])('to accept %j is refused, and nobody is there', async (accept, message) => {
  const ann = await service.member();
  await expect(watch(service, ann.token, ACCEPT, { accept }).take(1)).rejects.toThrow(message);
  await expect(watch(service, await service.key(), ACCEPT, { accept: {} }).take(1)).rejects.toThrow(/FORBIDDEN/);
  expect(await presenceOf(ann)).toBeNull();
});

test('only managers see who is there', async () => {
  const ann = await service.member();
  await expect(watch(service, ann.token, `subscription { presenceChanged { member { id } } }`).take(1)).rejects.toThrow(
    /FORBIDDEN/,
  );
  const { errors } = await service.ask(ann.token, `{ viewer { member { presence { since } } } }`);
  expect(codeOf({ errors } as any)).toBe('FORBIDDEN');
});
