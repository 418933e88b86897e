import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { DeadlineStepService } from '../src/assignment/deadline-step.service.js';
import { ExpiryService } from '../src/assignment/expiry.service.js';
import { wilsonInterval } from '../src/insight/wilson.js';
import { Sequencer } from '../src/log/sequencer.js';
import { isRight } from '../src/review/gold.score.js';
import { differences } from './support/insight.js';
import { FLAG_MANY, output } from './support/intake.js';
import { loggedEvents } from './support/logged-events.js';
import {
  claim,
  claimOne,
  codeOf,
  type Held,
  leaseOf,
  letExpire,
  onLease,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let key: string;
let manager: TestMember;
beforeAll(async () => {
  service = await startService({ config: { rateCostPerSecond: 1_000_000, rateBurst: 1_000_000 } });
  key = await service.key();
  manager = await service.member({ role: Role.MANAGER });
  await service.sql(`ALTER TABLE queue DROP CONSTRAINT queue_gold_rate_range`);
});
afterAll(() => service?.stop());

let queues = 0;
const SAVE = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id key } } }`;
const save = async (input: object): Promise<TestQueue> =>
  (await service.do<any>(manager.token, SAVE, { input })).saveQueue.queue;
const queueWith = (setup: object) => save({ key: `gold-${(queues += 1)}`, name: 'Gold', ...setup });

async function flag(queue: TestQueue, count: number, more: object = {}): Promise<string[]> {
  const inputs = Array.from({ length: count }, (_, n) =>
    output(`${queue.key}-call-${1000 + n}`, { queue: queue.key, metadata: null, ...more }),
  );
  const { flagOutputs } = await service.do<any>(key, FLAG_MANY, { inputs });
  return flagOutputs.rows.map((row: any) => row.payload.item.id);
}

const GOLD = `id itemId verdict correctedOutputs labels retiredAt answered right queue { key }`;
const makeGold = (input: object, token = manager.token) =>
  service.ask<any>(token, `mutation ($input: MakeGoldInput!) { makeGold(input: $input) { gold { ${GOLD} } } }`, {
    input,
  });
async function given(queue: TestQueue, count: number, answer: object = { verdict: 'REJECTED' }): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    const shown = { input: { question: `known ${n}` }, output: { answer: 'An answer.' } };
    expect(codeOf(await makeGold({ queue: queue.key, ...shown, ...answer }))).toBeNull();
  }
}

/** The queue's claims get a known answer whenever there is one left. */
const alwaysGold = (queue: TestQueue) => service.sql(`UPDATE queue SET gold_rate = 1.0 WHERE id = $1`, [queue.id]);
const isGold = async (held: { item: { id: string } }) =>
  (await service.sql<any>(`SELECT is_gold FROM item WHERE id = $1`, [held.item.id]))[0].is_gold as boolean;

async function expectCountersRight(): Promise<void> {
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
}

const SEEN = `query ($id: ID!, $queue: String!) {
  item(id: $id) { id externalId source model { name version } prompt { name version } input output context confidence risk
    reasons signals { name value } tags metadata groupKey traceId status priority dueAt createdAt reviewsRequired reviewsMax
    policyVersion rule reviews { id verdict reviewer { id } revising { impossibleBecause } } resolution { verdict by output labels agreement { value } }
    queue { id key reviewsRequired rubric { version } } }
  queue(key: $queue) { stats { open leased needsAdjudication resolved overdue } }
  items(filter: { queue: $queue }, first: 100) { totalCount edges { node { id status } } }
  reviewerStats(queue: $queue) { reviews skipped released expired gold { right } resolutionAgreement { compared } } }`;
interface Seen {
  item: any;
  queue: any;
  items: any;
  reviewerStats: any[];
}
async function seenBy(member: TestMember, queue: TestQueue, id: string): Promise<Seen> {
  await service.app.get(Sequencer).runOnce();
  return service.do<Seen>(member.token, SEEN, { id, queue: queue.key });
}

/** Everything but the values that differ from item to item. */
function shapeOf(value: any): any {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (value === null || typeof value !== 'object') return value === null ? null : typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, shapeOf(entry)]));
}

test.each([1, 2])(
  'a reviewer cannot tell a known answer from an item of the queue, of %i reviews: at the claim, while held, after their answer',
  async (reviewsRequired) => {
    const queue = await queueWith({ reviewsRequired, slaSeconds: 90_000 });
    await given(queue, 1);
    await flag(queue, 6, { groupKey: 'customer-77', traceId: 'trace-4711', model: { name: 'm', version: '2' } });
    const [ann, bob] = [await service.member(), await service.member()];
    await save({ key: queue.key, goldRate: 0.5 });
    const watched: Record<string, { claimed: any; held: any; done: any; steps: any }> = {};
    for (let n = 0; n < 4; n += 1) {
      if (n === 2) await alwaysGold(queue);
      const before = await seenBy(ann, queue, bob.id);
      const { assignments } = await claim(service, ann, { queue: queue.key });
      const held = assignments[0]!;
      const during = await seenBy(ann, queue, held.item.id);
      expect(codeOf(await submit(service, ann, held, { verdict: 'REJECTED' }))).toBeNull();
      const after = await seenBy(ann, queue, held.item.id);
      const step = (from: any, to: any) =>
        Object.fromEntries(Object.entries<number>(to).map(([name, count]) => [name, count - from[name]]));
      watched[String(await isGold(held))] = {
        claimed: shapeOf(assignments),
        held: { ...during.item, input: 0, id: 0, externalId: shapeless(during.item.externalId) },
        done: shapeOf(after.item),
        steps: {
          claim: step(before.queue.stats, during.queue.stats),
          submit: step(during.queue.stats, after.queue.stats),
          items: after.items.totalCount - during.items.totalCount,
          listed: statusIn(after, held),
          own: shapeOf(after.reviewerStats[0]),
          reviews: after.reviewerStats[0].reviews - (before.reviewerStats[0]?.reviews ?? 0),
          compared:
            after.reviewerStats[0].resolutionAgreement.compared -
            (before.reviewerStats[0]?.resolutionAgreement.compared ?? 0),
        },
      };
      expect(after.reviewerStats[0].gold).toBeNull();
    }
    const [real, known] = [watched.false!, watched.true!];
    expect(known.claimed).toEqual(real.claimed);
    // Of the item itself even the values are alike: instant, place, source, model, deadline.
    const { output: _, groupKey, traceId, ...likeness } = known.held;
    expect(likeness).toEqual({
      ...real.held,
      output: undefined,
      groupKey: undefined,
      traceId: undefined,
    });
    expect(groupKey).toMatch(/^customer-\d+/);
    expect(groupKey).not.toBe('customer-77');
    expect(traceId).toMatch(/^trace-\d+/);
    expect(known.done).toEqual(real.done);
    expect(known.steps).toEqual(real.steps);
    await expectCountersRight();
  },
);

const shapeless = (text: string) => text.replaceAll(/\d/g, '0');
const statusIn = (seen: Seen, held: Held) =>
  seen.items.edges.find((edge: any) => edge.node.id === held.item.id)?.node.status;

test('whoever is given a known answer finds it by its words as any item of theirs, and nobody else does', async () => {
  const queue = await queueWith({});
  await given(queue, 1);
  await flag(queue, 1);
  const [ann, bob] = [await service.member(), await service.member()];
  await alwaysGold(queue);
  const held = await claimOne(service, ann, queue);
  expect(await isGold(held)).toBe(true);
  const FIND = `query ($filter: ItemFilter) { items(filter: $filter) { edges { node { id } excerpt { match } } } }`;
  const found = async ({ token }: TestMember) =>
    (await service.do<any>(token, FIND, { filter: { text: 'known', queue: queue.key } })).items.edges;
  const wanted = [{ node: { id: held.item.id }, excerpt: { match: 'known' } }];
  await expect.poll(() => found(ann), { timeout: 15_000 }).toEqual(wanted);
  expect(await found(bob)).toEqual([]);
  expect(await found(manager)).toEqual([]);
});

test('no other reviewer, manager, key, dataset, stream or counter of the queue ever has to do with it', async () => {
  const queue = await queueWith({});
  await given(queue, 2);
  const ids = await flag(queue, 3);
  const [ann, bob] = [await service.member(), await service.member()];
  await alwaysGold(queue);
  const before = await seenBy(bob, queue, ids[0]!);
  const [first, second] = [await claimOne(service, ann, queue), await claimOne(service, ann, queue)];
  expect([await isGold(first), await isGold(second)]).toEqual([true, false]);
  await submit(service, ann, first);
  const third = await claimOne(service, ann, queue);
  expect(await isGold(third)).toBe(true);
  expect(codeOf(await onLease(service, ann, 'releaseAssignment', { ...leaseOf(third), skip: true }))).toBeNull();
  await service.app.get(Sequencer).runOnce();
  const list = async (token: string) =>
    (
      await service.do<any>(
        token,
        `query ($q: String!) { items(filter: { queue: $q }) { totalCount edges { node { id } } } }`,
        { q: queue.key },
      )
    ).items;
  for (const token of [manager.token, key, bob.token]) {
    const { totalCount, edges } = await list(token);
    expect(totalCount).toBe(3);
    expect(edges.map((edge: any) => edge.node.id).sort()).toEqual([...ids].sort());
  }
  expect((await list(ann.token)).totalCount).toBe(5);
  const after = await seenBy(bob, queue, ids[0]!);
  expect(after.queue.stats).toEqual({ ...before.queue.stats, leased: 1 });
  const gold = await service.sql<any>(`SELECT id FROM item WHERE is_gold AND queue_id = $1`, [queue.id]);
  const kinds = await service.sql<any>(`SELECT DISTINCT kind FROM event WHERE item_id = ANY ($1) ORDER BY kind`, [
    gold.map((row) => row.id),
  ]);
  expect(kinds.map((row) => row.kind)).toEqual(['GOLD_CLAIMED', 'GOLD_RESOLVED', 'GOLD_SKIPPED', 'GOLD_SUBMITTED']);
  const bulk = await service.ask<any>(
    manager.token,
    `mutation ($input: WithdrawItemsInput!) { withdrawItems(input: $input) { changed } }`,
    { input: { itemIds: gold.map((row) => row.id) } },
  );
  expect(bulk.data.withdrawItems.changed).toBe(0);
  await expectCountersRight();
});

test('claims decide the same when they are asked again, at about the rate, and another person gets others', async () => {
  const queue = await queueWith({});
  await given(queue, 60);
  await flag(queue, 200);
  await save({ key: queue.key, goldRate: 0.25 });
  const ann = await service.member();
  const drawn: boolean[] = [];
  for (let n = 0; n < 60; n += 1) {
    let held = await claimOne(service, ann, queue);
    if (n % 10 === 0) {
      const was = held.item.id;
      await onLease(service, ann, 'saveDraft', { ...leaseOf(held), comment: 'so far' });
      if (n % 20 === 0) await letExpire(service, held);
      else await onLease(service, ann, 'releaseAssignment', leaseOf(held));
      await service.app.get(ExpiryService).runOnce();
      const again = await claim(service, ann, { queue: queue.key });
      held = again.assignments[0]!;
      if (await isGold({ item: { id: was } }))
        expect(held).toMatchObject({ item: { id: was }, draft: { comment: 'so far' } });
    }
    drawn.push(await isGold(held));
    await submit(service, ann, held);
  }
  const share = drawn.filter(Boolean).length / drawn.length;
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(0.6);
  const served = await service.sql<any>(
    `SELECT count(*)::int AS n, count(DISTINCT gold_id)::int AS golds FROM gold_item WHERE member_id = $1`,
    [ann.id],
  );
  expect(served[0].golds).toBe(served[0].n);
  await expectCountersRight();
}, 120_000);

test('whoever has answered all that are known gets items, in one claim; nobody is given what they saw before', async () => {
  const queue = await queueWith({});
  const [original] = await flag(queue, 1);
  const [ann, bob] = [await service.member(), await service.member()];
  expect((await submit(service, ann, await claimOne(service, ann, queue))).data.submitReview.item.id).toBe(original);
  expect(codeOf(await makeGold({ itemId: original }))).toBeNull();
  await flag(queue, 5, { externalId: undefined }).catch(() => undefined);
  const inputs = Array.from({ length: 5 }, (_, n) => output(`${queue.key}-more-${n}`, { queue: queue.key }));
  await service.do(key, FLAG_MANY, { inputs });
  await alwaysGold(queue);
  const { assignments } = await claim(service, ann, { queue: queue.key, count: 3 });
  expect(await Promise.all(assignments.map(isGold))).toEqual([false, false, false]);
  const others = (await claim(service, bob, { queue: queue.key, count: 2 })).assignments;
  expect((await Promise.all(others.map(isGold))).filter(Boolean)).toHaveLength(1);
});

test('an answer below the bar pauses: claims pass the queue by, the manager is told and lets them go on', async () => {
  const queue = await queueWith({ goldBar: 0.75, goldMinimum: 4 });
  await given(queue, 6);
  await flag(queue, 20);
  await alwaysGold(queue);
  const ann = await service.member();
  const before = (await loggedEvents(service, 'MEMBER_PAUSED')).length;
  for (const verdict of ['REJECTED', 'CONFIRMED', 'REJECTED', 'CONFIRMED']) {
    expect((await claim(service, ann, { queue: queue.key })).emptyReason).toBeNull();
    const [held] = (await service.do<any>(ann.token, `{ assignments { id leaseToken } }`)).assignments;
    expect(codeOf(await submit(service, ann, held, { verdict }))).toBeNull();
  }
  expect(await claim(service, ann, { queue: queue.key })).toEqual({
    assignments: [],
    emptyReason: 'PAUSED',
    nextAvailableAt: null,
  });
  const told = (await loggedEvents(service, 'MEMBER_PAUSED')).slice(before);
  expect(told).toEqual([{ actor: 'system', data: { memberId: ann.id, answered: 4, right: 2 } }]);
  await service.app.get(Sequencer).runOnce();
  const STATS = `query ($q: String!) { reviewerStats(queue: $q) { reviews gold { answered right accuracy low high pausedAt } } }`;
  const stats = async (token: string) => (await service.do<any>(token, STATS, { q: queue.key })).reviewerStats;
  const [mine] = await stats(manager.token);
  expect(mine).toEqual({
    reviews: 0,
    gold: {
      answered: 4,
      right: 2,
      accuracy: 0.5,
      low: expect.closeTo(0.150039, 5),
      high: expect.closeTo(0.849961, 5),
      pausedAt: expect.any(String),
    },
  });
  expect(await stats(ann.token)).toEqual([{ reviews: 4, gold: null }]);
  const csv = await fetch(`${service.url}/insight/reviewers.csv?queue=${queue.key}`, {
    headers: { authorization: `Bearer ${manager.token}` },
  });
  const [header, row] = (await csv.text()).split('\r\n');
  expect(header).toMatch(/,gold_answered,gold_accuracy,gold_low,gold_high,paused_at$/);
  expect(row).toContain(',4,0.5,0.15');
  const resume = (memberId: string, token: string) =>
    service.ask<any>(
      token,
      `mutation ($input: ResumeReviewerInput!) { resumeReviewer(input: $input) { member { id } queue { key } } }`,
      {
        input: { queue: queue.key, memberId },
      },
    );
  const PAUSES = `{ pauses { member { id } queue { key } answered right } }`;
  const paused = async () =>
    (await service.do<any>(manager.token, PAUSES)).pauses.filter((one: any) => one.queue.key === queue.key);
  expect(await paused()).toEqual([{ member: { id: ann.id }, queue: { key: queue.key }, answered: 4, right: 2 }]);
  expect(codeOf(await service.ask(ann.token, PAUSES))).toBe('FORBIDDEN');
  expect(codeOf(await resume(ann.id, ann.token))).toBe('FORBIDDEN');
  expect((await resume(ann.id, manager.token)).data.resumeReviewer).toEqual({
    member: { id: ann.id },
    queue: { key: queue.key },
  });
  expect(await paused()).toEqual([]);
  expect(codeOf(await resume(ann.id, manager.token))).toBe('INVALID_INPUT');
  expect((await loggedEvents(service, 'MEMBER_RESUMED')).at(-1)!.data).toEqual({ memberId: ann.id });
  await submit(service, ann, await claimOne(service, ann, queue), { verdict: 'CONFIRMED' });
  expect((await claim(service, ann, { queue: queue.key })).emptyReason).toBeNull();
  await expectCountersRight();
});

test('what is right: verdict, one of the corrections, and the labels that are known', () => {
  const answer = (verdict: any, correctedOutput: unknown = null, labels = {}) => ({
    verdict,
    correctedOutput,
    labels,
    comment: null,
  });
  const known = (verdict: any, correctedOutputs: unknown[] = [], labels = {}) => ({
    verdict,
    correctedOutputs,
    labels,
  });
  expect(isRight(answer('CONFIRMED'), known('CONFIRMED'))).toBe(true);
  expect(isRight(answer('REJECTED'), known('CONFIRMED'))).toBe(false);
  expect(isRight(answer('CORRECTED', 'any'), known('CORRECTED'))).toBe(true);
  expect(isRight(answer('CORRECTED', ' 30  days\n'), known('CORRECTED', ['a month', '30 days']))).toBe(true);
  expect(isRight(answer('CORRECTED', '31 days'), known('CORRECTED', ['a month', '30 days']))).toBe(false);
  expect(isRight(answer('CORRECTED', { b: 0, a: false }), known('CORRECTED', [{ a: false, b: 0 }]))).toBe(true);
  expect(isRight(answer('CONFIRMED', null, { tone: '', more: 1 }), known('CONFIRMED', [], { tone: '' }))).toBe(true);
  expect(isRight(answer('CONFIRMED', null, {}), known('CONFIRMED', [], { ok: false }))).toBe(false);
  expect(isRight(answer('CONFIRMED', null, { ok: 0 }), known('CONFIRMED', [], { ok: false }))).toBe(false);
  expect(isRight(answer('CONFIRMED', null, { set: ['b', 'a'] }), known('CONFIRMED', [], { set: ['a', 'b'] }))).toBe(
    true,
  );
});

test('a ranking is right in the known order alone, while options that were chosen have none', async () => {
  const options = ['a', 'b', 'c'];
  const rubric = [
    { name: 'best', type: 'RANKING', options },
    { name: 'all', type: 'CHOICES', options },
  ];
  const queue = await queueWith({ rubric });
  const known = { best: ['a', 'b', 'c'], all: ['a', 'b'] };
  await given(queue, 2, { verdict: 'CONFIRMED', labels: known });
  await flag(queue, 3);
  await alwaysGold(queue);
  const ann = await service.member();
  for (const labels of [
    { best: ['c', 'b', 'a'], all: ['a', 'b'] },
    { best: ['a', 'b', 'c'], all: ['b', 'a'] },
  ]) {
    const held = await claimOne(service, ann, queue);
    expect(codeOf(await submit(service, ann, held, { verdict: 'CONFIRMED', labels }))).toBeNull();
  }
  const answered = (await loggedEvents(service, 'GOLD_SUBMITTED')).slice(-2);
  expect(answered.map(({ data }) => data.isRight)).toEqual([false, true]);
});

test('a deadline’s steps pass a reviewer’s copy by, and it keeps no item of the queue from them', async () => {
  const queue = await queueWith({ slaSeconds: 90_000 });
  const pool = await queueWith({});
  await given(queue, 1);
  const [id] = await flag(queue, 1);
  await alwaysGold(queue);
  const ann = await service.member();
  const held = await claimOne(service, ann, queue);
  expect(await isGold(held)).toBe(true);
  await onLease(service, ann, 'releaseAssignment', leaseOf(held));
  await service.sql(`UPDATE item SET due_at = now() - interval '1 minute' WHERE queue_id = $1`, [queue.id]);
  await service.sql(`UPDATE queue SET deadline_steps = $2 WHERE id = $1`, [
    queue.id,
    JSON.stringify([
      { afterSeconds: 0, action: 'RAISE', priority: 9 },
      { afterSeconds: 0, action: 'WIDEN' },
      { afterSeconds: 0, action: 'HAND_OVER', queue: pool.key },
    ]),
  ]);
  const keyOf = `SELECT q.key FROM item i JOIN queue q ON q.id = i.queue_id WHERE i.id = $1`;
  await service.app.get(DeadlineStepService).runOnce();
  await expect.poll(() => service.sql(keyOf, [id]), { timeout: 20_000 }).toEqual([{ key: pool.key }]);
  expect(await service.sql(`SELECT action FROM deadline_step WHERE item_id = $1`, [held.item.id])).toEqual([]);
});

test('the interval of Wilson: published values, and sensible at the ends', () => {
  expect(wilsonInterval(0, 0)).toBeNull();
  // R. G. Newcombe, Statistics in Medicine 17 (1998) 857–872, table I: 81/263, 15/148, 0/20, 1/29.
  for (const [right, n, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    expect(wilsonInterval(right, n)!.low).toBeCloseTo(low, 4);
    expect(wilsonInterval(right, n)!.high).toBeCloseTo(high, 4);
  }
  expect(wilsonInterval(20, 20)).toEqual({ low: expect.closeTo(0.8389, 4), high: 1 });
});

test('managers make known answers of items and of their own; what does not hold together is refused and nothing is kept', async () => {
  const queue = await queueWith({ rubric: [{ name: 'ok', type: 'BOOLEAN', required: true }] });
  const [open, resolved] = await flag(queue, 2);
  const ann = await service.member();
  await claimOne(service, ann, queue);
  const held = await claimOne(service, ann, queue);
  const answer = { verdict: 'CORRECTED', correctedOutput: { answer: 'Here.' }, labels: { ok: false } };
  expect(codeOf(await submit(service, ann, held, answer))).toBeNull();
  expect(held.item.id).toBe(resolved);
  const { data } = await makeGold({ itemId: resolved });
  expect(data.makeGold.gold).toMatchObject({
    itemId: resolved,
    verdict: 'CORRECTED',
    correctedOutputs: [{ answer: 'Here.' }],
    labels: { ok: false },
    retiredAt: null,
    queue: { key: queue.key },
  });
  const shown = { queue: queue.key, input: 'in', output: 'out' };
  const refused: [object, string][] = [
    [{ itemId: open }, 'INVALID_INPUT'],
    [{ itemId: ann.id }, 'NOT_FOUND'],
    [{ itemId: resolved, queue: queue.key }, 'INVALID_INPUT'],
    [{ itemId: resolved, verdict: 'CONFIRMED', correctedOutputs: ['x'] }, 'INVALID_INPUT'],
    [{ ...shown }, 'INVALID_INPUT'],
    [{ ...shown, verdict: 'WRONG' }, 'INVALID_INPUT'],
    [{ queue: queue.key, verdict: 'CONFIRMED' }, 'INVALID_INPUT'],
    [{ ...shown, queue: 'no-such', verdict: 'CONFIRMED' }, 'NOT_FOUND'],
    [{ ...shown, verdict: 'CONFIRMED', labels: { no: 1 } }, 'RUBRIC_VIOLATION'],
    [{ ...shown, verdict: 'CONFIRMED', labels: [] }, 'RUBRIC_VIOLATION'],
    [{ ...shown, verdict: 'CORRECTED', correctedOutputs: ['x'.repeat(1_100_000)] }, 'PAYLOAD_TOO_LARGE'],
  ];
  for (const [input, code] of refused) expect([input, codeOf(await makeGold(input))]).toEqual([input, code]);
  expect(codeOf(await makeGold({ ...shown, verdict: 'CONFIRMED' }, ann.token))).toBe('FORBIDDEN');
  const list = async (token: string) =>
    service.ask<any>(token, `query ($q: String!) { gold(queue: $q) { ${GOLD} } queue(key: $q) { gold { rate } } }`, {
      q: queue.key,
    });
  expect((await list(manager.token)).data.gold).toHaveLength(1);
  expect(codeOf(await list(ann.token))).toBe('FORBIDDEN');
  const retire = () =>
    service.do<any>(
      manager.token,
      `mutation ($id: ID!) { retireGold(input: { goldId: $id }) { gold { retiredAt } } }`,
      {
        id: data.makeGold.gold.id,
      },
    );
  const { retiredAt } = (await retire()).retireGold.gold;
  expect(retiredAt).not.toBeNull();
  expect((await retire()).retireGold.gold.retiredAt).toBe(retiredAt);
  await alwaysGold(queue);
  expect((await claim(service, await service.member(), { queue: queue.key })).emptyReason).toBe('ALL_LEASED');
});

test('a claim whose known answer cannot be served answers with the items that it took', async () => {
  const queue = await queueWith({});
  await given(queue, 1);
  const ids = await flag(queue, 3);
  await save({ key: queue.key, goldRate: 0.5 });
  await alwaysGold(queue);
  const ann = await service.member();
  await service.sql(`CREATE FUNCTION refuse_copy() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE 'not now' USING ERRCODE = 'lock_not_available'; END $$`);
  await service.sql(`CREATE TRIGGER refuse_copy BEFORE INSERT ON gold_item FOR EACH ROW WHEN (NEW.queue_id = '${queue.id}')
    EXECUTE FUNCTION refuse_copy()`);
  try {
    const got = await claim(service, ann, { queue: queue.key, count: 2 });
    expect(got.emptyReason).toBe('INTERRUPTED');
    expect(got.assignments.map((one) => one.item.id)).toEqual([ids[1]]);
    expect(codeOf(await submit(service, ann, got.assignments[0]!))).toBeNull();
  } finally {
    await service.sql(`DROP FUNCTION refuse_copy CASCADE`);
  }
  await expectCountersRight();
});
