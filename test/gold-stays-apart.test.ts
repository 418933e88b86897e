import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { decodeCursor, encodeCursor } from '../src/log/cursor.js';
import { Sequencer } from '../src/log/sequencer.js';
import { ResizeService } from '../src/review/resize.service.js';
import { download, settle } from './support/dataset.js';
import { differences } from './support/insight.js';
import { FLAG_MANY, output } from './support/intake.js';
import { claim, claimOne, codeOf, type Held, submit, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';
import { watch } from './support/watching.js';

let service: TestService;
let key: string;
let manager: TestMember;
beforeAll(async () => {
  service = await startService();
  key = await service.key();
  manager = await service.member({ role: Role.MANAGER });
  await service.sql(`ALTER TABLE queue DROP CONSTRAINT queue_gold_rate_range`);
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

/** A queue with known answers (REJECTED is right) and items. */
async function queueWith(setup: object, known: number, count: number): Promise<TestQueue> {
  const queue = await save({ key: `apart-${(queues += 1)}`, name: 'Apart', ...setup });
  for (let n = 0; n < known; n += 1) {
    await service.do(manager.token, `mutation ($input: MakeGoldInput!) { makeGold(input: $input) { gold { id } } }`, {
      input: { queue: queue.key, input: `known ${n}`, output: 'An answer.', verdict: 'REJECTED' },
    });
  }
  const inputs = Array.from({ length: count }, (_, n) =>
    output(`${queue.key}-${n}`, { queue: queue.key, input: `question ${n}`, groupKey: 'customer-7', source: 'bot' }),
  );
  await service.do(key, FLAG_MANY, { inputs });
  return queue;
}
const goldRate = (queue: TestQueue, rate: number) =>
  service.sql(`UPDATE queue SET gold_rate = $2 WHERE id = $1`, [queue.id, rate]);

/** First a copy, then an item. */
async function claimBoth(queue: TestQueue, member: TestMember): Promise<[Held, Held]> {
  await goldRate(queue, 1);
  const copy = await claimOne(service, member, queue);
  await goldRate(queue, 0);
  const item = await claimOne(service, member, queue);
  const [row] = await service.sql(`SELECT array_agg(is_gold ORDER BY id = $2) AS gold FROM item WHERE id = ANY ($1)`, [
    [copy.item.id, item.item.id],
    item.item.id,
  ]);
  expect(row).toEqual({ gold: [true, false] });
  return [copy, item];
}

/** Saves the queue, and waits until what is open there has followed. */
async function change(queue: TestQueue, setup: object): Promise<void> {
  await save({ key: queue.key, ...setup });
  const waiting = async () => {
    await service.app.get(ResizeService).runOnce();
    return service.sql(`SELECT FROM queue_resize WHERE queue_id = $1 AND NOT is_second_pass`, [queue.id]);
  };
  await expect.poll(waiting, { timeout: 20_000 }).toEqual([]);
}

async function look(member: TestMember, { item }: Held) {
  const found = await service.do<any>(
    member.token,
    `query ($id: ID!) { item(id: $id) { status reviewsRequired reviewsMax resolution { verdict by agreement { value } } } }`,
    { id: item.id },
  );
  return found.item;
}

async function expectCountersRight(): Promise<void> {
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
}

test('a copy follows its queue as an item does: held, answered, and resolved when its answer is enough', async () => {
  const queue = await queueWith({ reviewsRequired: 2 }, 3, 4);
  const ann = await service.member();
  const answered = await claimBoth(queue, ann);
  for (const held of answered) expect(codeOf(await submit(service, ann, held, { verdict: 'REJECTED' }))).toBeNull();
  const open = await claimBoth(queue, ann);
  const alike = async ([copy, item]: [Held, Held]) => {
    const seen = await look(ann, item);
    expect(await look(ann, copy)).toEqual(seen);
    return seen;
  };
  expect(await alike(answered)).toMatchObject({ status: 'IN_REVIEW', reviewsRequired: 2 });
  await change(queue, { reviewsRequired: 3, reviewsMax: 5 });
  expect(await alike(answered)).toMatchObject({ status: 'IN_REVIEW', reviewsRequired: 3, reviewsMax: 5 });
  expect(await alike(open)).toMatchObject({ status: 'IN_REVIEW', reviewsRequired: 3 });
  await change(queue, { reviewsRequired: 1, reviewsMax: null });
  expect(await look(ann, answered[0])).toMatchObject({
    status: 'RESOLVED',
    reviewsRequired: 1,
    resolution: { verdict: 'REJECTED', by: 'CONSENSUS' },
  });
  expect((await look(ann, answered[1])).status).toBe('RESOLVED');
  expect(await alike(open)).toMatchObject({ status: 'IN_REVIEW', reviewsRequired: 1 });
  for (const held of open) expect(codeOf(await submit(service, ann, held, { verdict: 'REJECTED' }))).toBeNull();
  expect(await alike(open)).toMatchObject({ status: 'RESOLVED' });
  await expectCountersRight();
});

test('a copy that was being made while the walk passed follows at its end', async () => {
  const queue = await queueWith({}, 1, 1);
  const ann = await service.member();
  await change(queue, { reviewsRequired: 2 });
  await goldRate(queue, 1);
  const copy = await claimOne(service, ann, queue);
  await service.sql(`UPDATE item SET reviews_required = 1, created_at = created_at - interval '1 day' WHERE id = $1`, [
    copy.item.id,
  ]);
  await service.sql(`UPDATE queue_resize SET saved_at = saved_at - interval '31 seconds' WHERE queue_id = $1`, [
    queue.id,
  ]);
  const left = async () => {
    await service.app.get(ResizeService).runOnce();
    return service.sql(`SELECT FROM queue_resize WHERE queue_id = $1`, [queue.id]);
  };
  await expect.poll(left, { timeout: 20_000 }).toEqual([]);
  expect(await look(ann, copy)).toMatchObject({ reviewsRequired: 2, status: 'IN_REVIEW' });
});

const FIGURES = `query ($queue: String!) {
  queue(key: $queue) { stats { open leased needsAdjudication resolved overdue stuck } }
  queueTrends(queue: $queue) { arrived resolved withdrawn reviews open }
  agreement(queue: $queue) { items answers reviewers }
  items(filter: { queue: $queue }) { totalCount } }`;

test('no figure, agreement, stream, eval case, export or reported run has to do with copies, whatever becomes of them', async () => {
  const queue = await queueWith({ reviewsRequired: 2, slaSeconds: 90_000 }, 4, 6);
  const dataset = { key: 'cases', name: 'Cases', queues: [queue.key] };
  await service.do(
    manager.token,
    `mutation ($input: SaveDatasetInput!) { saveDataset(input: $input) { dataset { id } } }`,
    { input: dataset },
  );
  const people = await Promise.all(['Ann', 'Bob'].map((name) => service.member({ name })));
  const answer = async (member: TestMember, held: Held, verdict: string) =>
    expect(codeOf(await submit(service, member, held, { verdict }))).toBeNull();

  const items: string[] = [];
  const begin = await logEnd();
  for (const member of people) {
    for (const verdict of ['CONFIRMED', 'REJECTED']) {
      const [copy, item] = await claimBoth(queue, member);
      items.push(item.item.id);
      await answer(member, copy, verdict);
      await answer(member, item, 'REJECTED');
    }
    // Left to somebody more senior, and held at the end.
    const [escalated] = await claimBoth(queue, member);
    await service.do(member.token, `mutation ($input: EscalateInput!) { escalate(input: $input) { item { id } } }`, {
      input: { assignmentId: escalated.id, leaseToken: escalated.leaseToken, note: 'hard' },
    });
  }
  expect(new Set(items).size).toBe(2);
  const desk = { service, manager: manager.token, reviewer: people[0]!.token, app: key };
  await settle(desk);
  expect(await service.do<any>(manager.token, FIGURES, { queue: queue.key })).toMatchObject({
    queue: { stats: { open: 4, leased: 2, needsAdjudication: 0, resolved: 2, overdue: 0 } },
    queueTrends: { arrived: 6, resolved: 2, withdrawn: 0, reviews: 4, open: 4 },
    agreement: { items: 2, answers: 4, reviewers: 2 },
    items: { totalCount: 6 },
  });
  const { lines } = await download(desk);
  const { evalCases } = await service.do<any>(
    manager.token,
    `{ evalCases(dataset: "cases") { edges { node { id item { id } } } } }`,
  );
  const cases = evalCases.edges.map((edge: any) => edge.node);
  expect(cases.map((one: any) => one.item.id).sort()).toEqual([...new Set(items)].sort());
  expect(lines).toHaveLength(2);

  // Of what waits, four items are of the failed case's group, and so would be the copies that are held or asked for again.
  await service.sql(`UPDATE item SET group_key = 'customer-7' WHERE is_gold AND queue_id = $1`, [queue.id]);
  await claimBoth(queue, people[0]!);
  const input = {
    dataset: dataset.key,
    runId: 'run-1',
    outcome: 'FAILED',
    passed: [],
    failed: [cases[0].id],
    incomplete: [],
  };
  const { reportEvalRun } = await service.do<any>(
    key,
    `mutation ($input: ReportEvalRunInput!) { reportEvalRun(input: $input) { raised } }`,
    { input },
  );
  expect(reportEvalRun.raised).toBe(4);
  expect(
    await service.sql(`SELECT count(*)::int AS n FROM item WHERE is_gold AND queue_id = $1 AND priority > 0`, [
      queue.id,
    ]),
  ).toEqual([{ n: 0 }]);

  const watched = watch<any>(
    service,
    key,
    `subscription ($queue: String!, $after: Cursor) { itemChanged(queue: $queue, after: $after) { item { id } } }`,
    { queue: queue.key, after: begin },
  );
  // The last event is one of an item.
  await service.do(manager.token, `mutation ($input: BumpItemsInput!) { bumpItems(input: $input) { changed } }`, {
    input: { itemIds: [(await claimOne(service, people[1]!, queue)).item.id], priority: 9 },
  });
  await service.app.get(Sequencer).runOnce();
  const [told] = await service.sql<{ n: number }>(
    `SELECT count(*)::int AS n FROM event e JOIN item i ON i.id = e.item_id
      WHERE e.queue_id = $1 AND NOT i.is_gold AND e.seq > $2`,
    [queue.id, decodeCursor(service.projectId, begin)],
  );
  const events = await watched.take(told!.n);
  await watched.close();
  const gold = await service.sql<{ id: string }>(`SELECT id FROM item WHERE is_gold AND queue_id = $1`, [queue.id]);
  expect(gold.length).toBeGreaterThan(4);
  const seen = new Set(events.map((event) => event.itemChanged.item.id));
  expect(gold.filter(({ id }) => seen.has(id))).toEqual([]);
  await expectCountersRight();
});

test('whoever asks for a source gets their answers to known ones of that source as well', async () => {
  const queue = await queueWith({}, 1, 2);
  const ann = await service.member();
  const after = await logEnd();
  const held = await claimBoth(queue, ann);
  for (const one of held) await submit(service, ann, one, { verdict: 'REJECTED' });
  const resolved = watch<any>(
    service,
    ann.token,
    `subscription ($after: Cursor) { itemResolved(source: "bot", after: $after) { item { id } } }`,
    { after },
  );
  const events = await resolved.take(2);
  await resolved.close();
  expect(events.map((event) => event.itemResolved.item.id)).toEqual(held.map(({ item }) => item.id));
});

test('managers are told whom a queue passes by and who may go on, from any place in the log; nobody else is', async () => {
  const queue = await queueWith({ goldBar: 0.75, goldMinimum: 2 }, 2, 3);
  const ann = await service.member();
  const after = await logEnd();
  for (const verdict of ['REJECTED', 'CONFIRMED']) {
    await goldRate(queue, 1);
    expect(codeOf(await submit(service, ann, await claimOne(service, ann, queue), { verdict }))).toBeNull();
  }
  expect((await claim(service, ann, { queue: queue.key })).emptyReason).toBe('PAUSED');
  const PAUSED = `subscription ($after: Cursor) {
    reviewerPaused(after: $after) { cursor isPaused answered right member { id } queue { key } } }`;
  const told = watch<any>(service, manager.token, PAUSED, { after });
  const of = { member: { id: ann.id }, queue: { key: queue.key } };
  const [paused] = await told.take(1);
  expect(paused.reviewerPaused).toEqual({
    cursor: expect.any(String),
    isPaused: true,
    answered: 2,
    right: 1,
    ...of,
  });
  // Live, and by a key that goes on where the first left off.
  await service.do(
    manager.token,
    `mutation ($input: ResumeReviewerInput!) { resumeReviewer(input: $input) { queue { id } } }`,
    { input: { queue: queue.key, memberId: ann.id } },
  );
  const later = watch<any>(service, key, PAUSED, { after: paused.reviewerPaused.cursor });
  for (const one of [told, later]) {
    const [resumed] = await one.take(1);
    expect(resumed.reviewerPaused).toMatchObject({ isPaused: false, ...of });
    await one.close();
  }
  for (const { token } of [ann, await service.member({ role: Role.VIEWER })]) {
    await expect(watch(service, token, PAUSED, { after }).take(1)).rejects.toThrow('FORBIDDEN');
  }
});

/** The end of the log as it is: streams begin behind it. */
async function logEnd(): Promise<string> {
  await service.app.get(Sequencer).runOnce();
  const [head] = await service.sql<{ seq: string }>(`SELECT seq FROM log_head`);
  return encodeCursor(service.projectId, Number(head!.seq));
}
