import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { DeadlineService } from '../src/assignment/deadline.service.js';
import { DeadlineStepService } from '../src/assignment/deadline-step.service.js';
import { ExpiryService } from '../src/assignment/expiry.service.js';
import { Sequencer } from '../src/log/sequencer.js';
import { differences } from './support/insight.js';
import {
  claim,
  claimOne,
  codeOf,
  type ItemOptions,
  letExpire,
  makeItems,
  makeQueue,
  submit,
} from './support/reviewing.js';
import type { TestQueue } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';

/** On a machine that others use too, a second is short. */
const until = <T>(state: () => T) => expect.poll(state, { timeout: 20_000 });

let service: TestService;
let manager: string;
beforeAll(async () => {
  service = await startService();
  manager = (await service.member({ role: Role.MANAGER })).token;
});
afterAll(() => service?.stop());

/** Items with what the log says of their arrival, so that counters count them. */
async function arrive(queue: TestQueue, items: ItemOptions[]): Promise<string[]> {
  const ids = await makeItems(service, queue, items);
  await service.sql(
    `INSERT INTO outbox (project_id, kind, actor, item_id, queue_id)
     SELECT $1, 'ITEM_FLAGGED', 'system', id, $2 FROM unnest($3::uuid[]) id`,
    [service.projectId, queue.id, ids],
  );
  return ids;
}

/** Straight in the database, so that the service's own loop finds the whole chain or nothing. */
const steps = (queue: TestQueue, chain: object[], more = '') =>
  service.sql(`UPDATE queue SET deadline_steps = $2 ${more} WHERE id = $1`, [queue.id, JSON.stringify(chain)]);
/** The deadline was so many seconds ago. */
const overdue = (items: string[], seconds: number) =>
  service.sql(`UPDATE item SET due_at = now() - make_interval(secs => $2) WHERE id = ANY ($1)`, [items, seconds]);

/** Both, for the service's own loop takes steps as well. */
async function run(): Promise<void> {
  await service.app.get(DeadlineStepService).runOnce();
  await service.app.get(DeadlineService).runOnce();
}

async function history(item: string): Promise<string[]> {
  const { item: found } = await service.do<any>(
    manager,
    `query ($id: ID!) { item(id: $id) { deadlineSteps { step action isEffective takenAt queue { key } } } }`,
    { id: item },
  );
  return found.deadlineSteps.map((taken: any) => `${taken.step} ${taken.action}${taken.isEffective ? '' : ' in vain'}`);
}

const itemOf = async (id: string) =>
  (
    await service.do<any>(
      manager,
      `query ($id: ID!) { item(id: $id) { status priority queue { key } resolution { verdict by } } }`,
      { id },
    )
  ).item;

test('an overdue item is raised, widened, handed over and answered, each step at its time and once', async () => {
  const [queue, pool] = [await makeQueue(service, { skills: ['law'] }), await makeQueue(service)];
  const layman = await service.member();
  const item = (await arrive(queue, [{}]))[0]!;
  const chain = [
    { afterSeconds: 0, action: 'RAISE', priority: 7 },
    { afterSeconds: 600, action: 'WIDEN' },
    { afterSeconds: 1_200, action: 'HAND_OVER', queue: pool.key },
  ];
  await steps(queue, chain, `, on_deadline = 'REJECT', on_deadline_after_seconds = 1800`);
  await steps(
    pool,
    [{ afterSeconds: 1_500, action: 'RAISE', priority: 9 }],
    `, on_deadline = 'REJECT', on_deadline_after_seconds = 3600`,
  );
  await run();
  expect(await history(item)).toEqual([]);

  await overdue([item], 5);
  await run();
  await run();
  await until(() => history(item)).toEqual(['1 RAISE']);
  expect(await itemOf(item)).toMatchObject({ priority: 7, status: 'OPEN' });
  expect((await claim(service, layman, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');

  await overdue([item], 605);
  await run();
  await until(() => history(item)).toEqual(['1 RAISE', '2 WIDEN']);
  const held = await claimOne(service, layman, queue);
  expect(held.item.id).toBe(item);

  // Somebody holds it: it is not taken from them.
  await overdue([item], 1_205);
  await run();
  expect(await history(item)).toEqual(['1 RAISE', '2 WIDEN']);
  await letExpire(service, held);
  await service.app.get(ExpiryService).runOnce();
  await run();
  await until(() => history(item)).toEqual(['1 RAISE', '2 WIDEN', '3 HAND_OVER']);
  expect(await itemOf(item)).toMatchObject({ queue: { key: pool.key }, priority: 7 });
  expect((await claimOne(service, layman, pool)).item.id).toBe(item);

  // There its own steps go on, by the same deadline.
  await overdue([item], 1_505);
  await run();
  await until(() => history(item)).toEqual(['1 RAISE', '2 WIDEN', '3 HAND_OVER', '1 RAISE']);
  await overdue([item], 3_605);
  await run();
  await until(() => itemOf(item)).toMatchObject({
    status: 'RESOLVED',
    resolution: { verdict: 'REJECTED', by: 'DEADLINE' },
  });
  await service.app.get(Sequencer).runOnce();
  const told = await service.sql<any>(
    `SELECT kind, data FROM event WHERE item_id = $1 AND kind ~ '^(DEADLINE|ITEM_MOVED|ITEM_RES)' ORDER BY seq`,
    [item],
  );
  expect(told.map(({ kind, data }: any) => `${kind} ${data.action ?? ''}`.trim())).toEqual([
    'DEADLINE_STEP RAISE',
    'DEADLINE_STEP WIDEN',
    'DEADLINE_STEP HAND_OVER',
    'ITEM_MOVED_OUT',
    'ITEM_MOVED_IN',
    'DEADLINE_STEP RAISE',
    'ITEM_RESOLVED',
  ]);
});

test('what was missed is made up for in order, by several processes at once, each step once', async () => {
  const queue = await makeQueue(service, { skills: ['rare'], reviewsRequired: 2 });
  const items = await arrive(
    queue,
    Array.from({ length: 450 }, () => ({})),
  );
  await overdue(items, 5_000);
  await steps(queue, [
    { afterSeconds: 0, action: 'RAISE', priority: 3 },
    { afterSeconds: 60, action: 'RAISE', priority: 9 },
    { afterSeconds: 60, action: 'WIDEN' },
  ]);
  const other = await startService({ on: service });
  const services = [service, other, service, other].map(({ app }) => app.get(DeadlineStepService));
  await Promise.all(services.map((one) => one.runOnce()));
  const taken = () =>
    service.sql<any>(
      `SELECT step, count(*)::int AS items FROM deadline_step WHERE queue_id = $1 GROUP BY step ORDER BY step`,
      [queue.id],
    );
  await until(taken).toEqual([0, 1, 2].map((step) => ({ step, items: 450 })));
  await other.stop();
  const tickets = await service.sql<any>(
    `SELECT count(*)::int AS tickets, count(DISTINCT (item_id, slot))::int AS slots, min(l.tier) AS tier,
            bool_and(t.rank = i.rank AND i.priority = 9 AND l.skills = '{}') AS moved
       FROM ticket t JOIN lane l ON l.id = t.lane_id JOIN item i ON i.id = t.item_id WHERE l.queue_id = $1`,
    [queue.id],
  );
  expect(tickets).toEqual([{ tickets: 900, slots: 900, tier: 100, moved: true }]);
});

test('a raised item goes before what came earlier, also from the hand of somebody who gives it back', async () => {
  const queue = await makeQueue(service);
  const [ann, bob] = [await service.member(), await service.member()];
  const [held, free, first] = await arrive(queue, [{ rank: 1 }, { rank: 3e9 }, { rank: 2 }]);
  const lease = await claimOne(service, ann, queue);
  expect(lease.item.id).toBe(held);
  await overdue([held!, free!], 5);
  await steps(queue, [{ afterSeconds: 0, action: 'RAISE', priority: 5 }]);
  await run();
  for (const id of [held!, free!]) await until(() => history(id)).toEqual(['1 RAISE']);
  await letExpire(service, lease);
  await service.app.get(ExpiryService).runOnce();
  const { assignments } = await claim(service, bob, { queue: queue.key, count: 3 });
  expect(assignments.map(({ item }) => item.id)).toEqual([held, free, first]);
});

test('reviews that are in keep an item in its queue; the step counts as taken', async () => {
  const [queue, pool] = [await makeQueue(service, { reviewsRequired: 2 }), await makeQueue(service)];
  const [ann, bob] = [await service.member(), await service.member()];
  const item = (await arrive(queue, [{}]))[0]!;
  expect(codeOf(await submit(service, ann, await claimOne(service, ann, queue)))).toBeNull();
  await overdue([item], 60);
  await steps(queue, [{ afterSeconds: 0, action: 'HAND_OVER', queue: pool.key }]);
  await run();
  await until(() => history(item)).toEqual(['1 HAND_OVER in vain']);
  expect((await claimOne(service, bob, queue)).item.id).toBe(item);
});

test('what is handed over needs as many reviews as the queue that gets it says', async () => {
  const [queue, pool] = [await makeQueue(service, { reviewsRequired: 3 }), await makeQueue(service)];
  const item = (await arrive(queue, [{}]))[0]!;
  await overdue([item], 60);
  await steps(queue, [{ afterSeconds: 0, action: 'HAND_OVER', queue: pool.key }]);
  await run();
  await until(() => history(item)).toEqual(['1 HAND_OVER']);
  const ann = await service.member();
  const held = await claimOne(service, ann, pool);
  expect((await submit(service, ann, held)).data.submitReview.item).toEqual({ id: item, status: 'RESOLVED' });
  await service.app.get(Sequencer).runOnce();
  const told = `SELECT data FROM event WHERE item_id = $1 AND queue_id = $2 AND kind = 'ITEM_REVIEWS_CHANGED'`;
  expect(await service.sql(told, [item, pool.id])).toEqual([{ data: { from: 3, to: 1, because: 'QUEUE' } }]);
});

test('queues that hand to each other do not play ball, also when a manager moves the item back', async () => {
  const [queue, pool] = [await makeQueue(service), await makeQueue(service)];
  const item = (await arrive(queue, [{}]))[0]!;
  await overdue([item], 60);
  await steps(queue, [{ afterSeconds: 0, action: 'HAND_OVER', queue: pool.key }]);
  await steps(pool, [{ afterSeconds: 10, action: 'HAND_OVER', queue: queue.key }]);
  await run();
  await until(() => history(item)).toEqual(['1 HAND_OVER', '1 HAND_OVER']);
  expect((await itemOf(item)).queue.key).toBe(queue.key);
  const MOVE = `mutation ($input: MoveItemsInput!) { moveItems(input: $input) { changed } }`;
  for (const { key } of [pool, queue]) await service.do(manager, MOVE, { input: { itemIds: [item], queue: key } });
  await run();
  expect(await history(item)).toHaveLength(2);
  expect((await claimOne(service, await service.member(), queue)).item.id).toBe(item);
});

test('with a later deadline the steps begin anew, also for an item that was elsewhere meanwhile', async () => {
  const [queue, pool] = [await makeQueue(service), await makeQueue(service)];
  const [here, away] = await arrive(queue, [{}, {}]);
  const both = [here!, away!];
  await overdue(both, 60);
  await steps(queue, [
    { afterSeconds: 0, action: 'RAISE', priority: 5 },
    { afterSeconds: 30, action: 'HAND_OVER', queue: pool.key },
  ]);
  await run();
  for (const item of both) await until(() => history(item)).toEqual(['1 RAISE', '2 HAND_OVER']);
  const manage = (mutation: string, type: string, input: object) =>
    service.do<any>(manager, `mutation ($input: ${type}!) { ${mutation}(input: $input) { changed } }`, { input });
  const move = (itemIds: string[], to: TestQueue) => manage('moveItems', 'MoveItemsInput', { itemIds, queue: to.key });
  await move([here!], queue);
  // Later, and passed again.
  const dueAt = new Date(Date.now() + 3_600_000).toISOString();
  await manage('bumpItems', 'BumpItemsInput', { itemIds: both, dueAt, priority: 1 });
  await move([away!], queue);
  const behind = `SELECT deadline_steps_done AS behind FROM item WHERE id = ANY ($1)`;
  expect(await service.sql(behind, [both])).toEqual([{ behind: 0 }, { behind: 0 }]);
  await run();
  expect((await itemOf(here!)).queue.key).toBe(queue.key);
  await overdue(both, 60);
  await run();
  for (const item of both) {
    await until(async () => (await itemOf(item)).queue.key).toBe(pool.key);
    expect(await itemOf(item)).toMatchObject({ priority: 5 });
    expect(await history(item)).toEqual(['1 RAISE', '2 HAND_OVER']);
  }
  await service.app.get(Sequencer).runOnce();
  const told = `SELECT data->>'action' AS action FROM event WHERE item_id = $1 AND kind = 'DEADLINE_STEP' ORDER BY seq`;
  const actions = (await service.sql<any>(told, [here])).map(({ action }: any) => action);
  expect(actions).toEqual(['RAISE', 'HAND_OVER', 'RAISE', 'HAND_OVER']);
});

test('an item that comes back to where nobody needed the skills any more is for anybody again, each of its slots', async () => {
  const queue = await makeQueue(service, { skills: ['law'], reviewsRequired: 2 });
  const [other, pool] = [await makeQueue(service, { skills: ['law'] }), await makeQueue(service, { skills: ['law'] })];
  const [item, fresh] = await arrive(queue, [{}, {}]);
  await overdue([item!], 60);
  await steps(queue, [{ afterSeconds: 0, action: 'WIDEN' }]);
  await run();
  await until(() => history(item!)).toEqual(['1 WIDEN']);
  const layman = await service.member();
  const move = (to: TestQueue) =>
    service.do(manager, `mutation ($input: MoveItemsInput!) { moveItems(input: $input) { changed } }`, {
      input: { itemIds: [item, fresh], queue: to.key },
    });
  await move(other);
  expect((await claim(service, layman, { queue: other.key })).emptyReason).toBe('NOT_ELIGIBLE');
  await move(queue);
  await steps(queue, []);
  const reviewers = [layman, await service.member()];
  for (const member of reviewers) {
    const { assignments } = await claim(service, member, { queue: queue.key, count: 2 });
    expect(assignments.map((held) => held.item.id)).toEqual([item]);
    await letExpire(service, assignments[0]!);
  }
  await service.app.get(ExpiryService).runOnce();

  // Handed there and back by steps, as by a manager.
  await steps(queue, [
    { afterSeconds: 0, action: 'WIDEN' },
    { afterSeconds: 0, action: 'HAND_OVER', queue: pool.key },
  ]);
  await run();
  await until(async () => (await itemOf(item!)).queue.key).toBe(pool.key);
  expect((await claim(service, layman, { queue: pool.key })).emptyReason).toBe('NOT_ELIGIBLE');
  await steps(pool, [{ afterSeconds: 0, action: 'HAND_OVER', queue: queue.key }]);
  await run();
  await until(async () => (await itemOf(item!)).queue.key).toBe(queue.key);
  for (const member of reviewers) expect((await claimOne(service, member, queue)).item.id).toBe(item);
});

test('steps count opening time', async () => {
  const queue = await makeQueue(service);
  const [late, early] = await arrive(queue, [{}, {}]);
  // Open for an hour, which ended an hour ago.
  await service.sql(
    `UPDATE queue SET hours = jsonb_build_object('zone', 'UTC', 'holidays', '[]'::jsonb, 'week',
       (SELECT jsonb_object_agg(day, jsonb_build_array(
          to_char(now() AT TIME ZONE 'UTC' - interval '2 hours', 'HH24:MI') || '-' ||
          to_char(now() AT TIME ZONE 'UTC' - interval '1 hour', 'HH24:MI')))
          FROM unnest('{monday,tuesday,wednesday,thursday,friday,saturday,sunday}'::text[]) day)) WHERE id = $1`,
    [queue.id],
  );
  // Due 30 minutes before the close, and 90: half an hour of opening time has passed since, or the whole hour.
  await overdue([early!], 90 * 60);
  await overdue([late!], 150 * 60);
  await steps(queue, [{ afterSeconds: 3_000, action: 'RAISE', priority: 5 }]);
  await run();
  await until(() => history(late!)).toEqual(['1 RAISE']);
  await service.sql(`UPDATE queue SET on_deadline = 'CONFIRM', on_deadline_after_seconds = 3500 WHERE id = $1`, [
    queue.id,
  ]);
  await run();
  await until(() => itemOf(late!)).toMatchObject({ status: 'RESOLVED' });
  expect(await history(early!)).toEqual([]);
  expect(await itemOf(early!)).toMatchObject({ status: 'OPEN' });
});

test('widened tickets stay so when the skills change, and none is lost', async () => {
  const apply = (skills: string[]) =>
    service.do<any>(manager, `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id key } } }`, {
      input: { key: 'reskilled', name: 'Reskilled', skills, deadlineSteps: [{ afterSeconds: 0, action: 'WIDEN' }] },
    });
  const { queue } = (await apply(['a'])).saveQueue;
  const [item] = await arrive(queue, [{}]);
  await overdue([item!], 60);
  await run();
  await until(() => history(item!)).toEqual(['1 WIDEN']);
  for (const skills of [['a', 'b'], [], ['c']]) await apply(skills);
  expect((await claimOne(service, await service.member(), queue)).item.id).toBe(item);
});

test('the counters still are what a recount finds', async () => {
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
});

const rules = { key: 'ruled', name: 'Ruled' };
test.each([
  [
    'out of order',
    [
      { afterSeconds: 60, action: 'WIDEN' },
      { afterSeconds: 5, action: 'RAISE', priority: 1 },
    ],
    /deadlineSteps\[1\]\.afterSeconds: is before step 1/,
  ],
  ['without its time', [{ action: 'WIDEN' }], /deadlineSteps\[0\]\.afterSeconds: is required/],
  ['before the deadline', [{ afterSeconds: -1, action: 'WIDEN' }], /must be 0 to 31536000 seconds/],
  ['that is unknown', [{ afterSeconds: 0, action: 'PRAY' }], /action: must be one of RAISE, WIDEN, HAND_OVER/],
  ['without a priority', [{ afterSeconds: 0, action: 'RAISE' }], /priority: is required/],
  ['with a priority too high', [{ afterSeconds: 0, action: 'RAISE', priority: 10 }], /priority: must be 1 to 9/],
  ['with what is not its own', [{ afterSeconds: 0, action: 'WIDEN', priority: 1 }], /priority: is for RAISE alone/],
  ['to nowhere', [{ afterSeconds: 0, action: 'HAND_OVER' }], /queue: is required/],
  [
    'to a queue that is not there',
    [{ afterSeconds: 0, action: 'HAND_OVER', queue: 'nowhere' }],
    /there is no queue "nowhere"/,
  ],
  ['to itself', [{ afterSeconds: 0, action: 'HAND_OVER', queue: 'ruled' }], /is the queue itself/],
  [
    'behind a hand-over',
    [
      { afterSeconds: 0, action: 'HAND_OVER', queue: 'reskilled' },
      { afterSeconds: 1, action: 'WIDEN' },
    ],
    /deadlineSteps\[1\]\.action: is never reached/,
  ],
  [
    'twice',
    [
      { afterSeconds: 0, action: 'WIDEN' },
      { afterSeconds: 1, action: 'WIDEN' },
    ],
    /comes a second time/,
  ],
  ['too many', Array.from({ length: 9 }, (_, i) => ({ afterSeconds: i, action: 'RAISE', priority: 9 })), /at most 8/],
  ['of another form', { afterSeconds: 0 }, /deadlineSteps: must be a list/],
])('a step %s is refused, and nothing is changed', async (_, deadlineSteps, message) => {
  const { errors } = await service.ask(
    manager,
    `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id } } }`,
    { input: { ...rules, deadlineSteps } },
  );
  expect(codeOf({ errors } as any)).toBe('INVALID_INPUT');
  expect(errors![0]!.message).toMatch(message);
  expect(await service.sql(`SELECT FROM queue WHERE key = 'ruled'`)).toEqual([]);
});

test('a step that the deadline’s answer would come before is refused', async () => {
  const input = { ...rules, deadlineSteps: [{ afterSeconds: 60, action: 'WIDEN' }], onDeadline: 'CONFIRM' };
  const SAVE = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { deadlineSteps onDeadlineAfterSeconds } changes { differences } } }`;
  expect((await service.ask(manager, SAVE, { input })).errors![0]!.message).toMatch(
    /afterSeconds: is never reached: onDeadline answers the item after 0 seconds/,
  );
  const { saveQueue } = await service.do<any>(manager, SAVE, { input: { ...input, onDeadlineAfterSeconds: 61 } });
  expect(saveQueue.queue).toEqual({ deadlineSteps: input.deadlineSteps, onDeadlineAfterSeconds: 61 });
  // The second time nothing is left to do.
  const again = await service.do<any>(manager, SAVE, { input: { ...input, onDeadlineAfterSeconds: 61 } });
  expect(again.saveQueue.changes[0].differences).toEqual([]);
});
