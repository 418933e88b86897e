import 'reflect-metadata';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { DeadlineStepService } from '../src/assignment/deadline-step.service.js';
import { reviewsWanted, shareOfMostCommon } from '../src/review/overlap.js';
import { Sequencer } from '../src/log/sequencer.js';
import { differences } from './support/insight.js';
import { FLAG_MANY, output } from './support/intake.js';
import { loggedEvents } from './support/logged-events.js';
import { claim, claimOne, codeOf, submit, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
let people: TestMember[];
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
  people = await Promise.all(Array.from({ length: 9 }, () => service.member()));
});
afterAll(() => service?.stop());

const SAVE = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id key reviewsMax agreementBar } } }`;
let queues = 0;

async function queueWith(setup: object): Promise<TestQueue> {
  const key = `overlap-${(queues += 1)}`;
  const { saveQueue } = await service.do<any>(manager.token, SAVE, { input: { key, name: key, ...setup } });
  return saveQueue.queue;
}

async function flag(queue: TestQueue, count = 1): Promise<string[]> {
  const inputs = Array.from({ length: count }, (_, n) => output(`${queue.key}-${n}`, { queue: queue.key }));
  const { flagOutputs } = await service.do<any>(await service.key(), FLAG_MANY, { inputs });
  return flagOutputs.rows.map((row: any) => row.payload.item.id);
}

const CORRECTED = (correctedOutput: unknown) => ({ verdict: 'CORRECTED', correctedOutput });
const CONFIRMED = { verdict: 'CONFIRMED' };
const REJECTED = { verdict: 'REJECTED' };

/** The next person who can answers; returns the item as they see it. */
async function answer(queue: TestQueue, member: TestMember, given: object): Promise<any> {
  const held = await claimOne(service, member, queue);
  expect(codeOf(await submit(service, member, held, given))).toBeNull();
  return look(held.item.id);
}

const look = async (id: string) =>
  (
    await service.do<any>(
      manager.token,
      `query ($id: ID!) { item(id: $id) { status reviewsRequired reviewsMax resolution { verdict output } } }`,
      { id },
    )
  ).item;

async function expectCountersRight(): Promise<void> {
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
}

/** Reviews, leases and tickets of an open item are its slots, and no slot is there twice. */
async function expectSlotsWhole(queue: TestQueue): Promise<void> {
  const rows = await service.sql<any>(
    `SELECT i.reviews_required AS wanted, i.status,
            ARRAY(SELECT slot FROM review WHERE item_id = i.id UNION ALL SELECT slot FROM assignment WHERE item_id = i.id
                  UNION ALL SELECT slot FROM ticket WHERE item_id = i.id) AS slots
       FROM item i WHERE i.queue_id = $1`,
    [queue.id],
  );
  for (const { wanted, slots } of rows) {
    expect(slots).toHaveLength(wanted);
    expect(new Set(slots).size).toBe(wanted);
  }
}

test('a further reviewer is asked while the reviews agree less than the bar, up to the most, then somebody decides', async () => {
  const queue = await queueWith({ reviewsRequired: 2, reviewsMax: 4, agreementBar: 0.6 });
  const [id] = await flag(queue);
  const events = (await loggedEvents(service, 'ITEM_REVIEWS_CHANGED')).length;
  expect(await answer(queue, people[0]!, CONFIRMED)).toMatchObject({ reviewsRequired: 2, reviewsMax: 4 });
  expect(await answer(queue, people[1]!, REJECTED)).toMatchObject({ status: 'IN_REVIEW', reviewsRequired: 3 });
  await expectSlotsWhole(queue);
  expect((await claim(service, people[0]!, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');
  expect(await answer(queue, people[2]!, CORRECTED('other'))).toMatchObject({ reviewsRequired: 4 });
  await expectSlotsWhole(queue);
  expect(await answer(queue, people[3]!, CONFIRMED)).toMatchObject({
    status: 'NEEDS_ADJUDICATION',
    reviewsRequired: 4,
    reviewsMax: 4,
    resolution: null,
  });
  expect((await claim(service, people[4]!, { queue: queue.key })).emptyReason).toBe('NOTHING_OPEN');
  const told = (await loggedEvents(service, 'ITEM_REVIEWS_CHANGED')).slice(events);
  expect(told.map(({ data }) => data)).toEqual([
    { from: 2, to: 3, because: 'AGREEMENT' },
    { from: 3, to: 4, because: 'AGREEMENT' },
  ]);
  expect((await look(id!)).status).toBe('NEEDS_ADJUDICATION');
  await expectCountersRight();
});

test('where nobody needs the skills any more, the further reviewer does not either', async () => {
  const queue = await queueWith({
    reviewsRequired: 2,
    reviewsMax: 3,
    skills: ['law'],
    deadlineSteps: [{ afterSeconds: 0, action: 'WIDEN' }],
  });
  const [id] = await flag(queue);
  await service.sql(`UPDATE item SET due_at = now() - interval '1 minute' WHERE id = $1`, [id]);
  await service.app.get(DeadlineStepService).runOnce();
  const taken = () => service.sql(`SELECT action FROM deadline_step WHERE item_id = $1`, [id]);
  await expect.poll(taken, { timeout: 20_000 }).toEqual([{ action: 'WIDEN' }]);
  await answer(queue, people[0]!, CONFIRMED);
  await answer(queue, people[1]!, REJECTED);
  expect(await answer(queue, people[2]!, CONFIRMED)).toMatchObject({ status: 'RESOLVED' });
});

test('the further reviewer settles it, and nobody after them is asked', async () => {
  const queue = await queueWith({ reviewsRequired: 2, reviewsMax: 9, agreementBar: 0.66 });
  await flag(queue);
  await answer(queue, people[0]!, CORRECTED({ a: 1, b: 2 }));
  await answer(queue, people[1]!, REJECTED);
  expect(await answer(queue, people[2]!, CORRECTED({ b: 2, a: 1 }))).toEqual({
    status: 'RESOLVED',
    reviewsRequired: 3,
    reviewsMax: 9,
    resolution: { verdict: 'CORRECTED', output: { a: 1, b: 2 } },
  });
  await expectSlotsWhole(queue);
  await expectCountersRight();
});

test('without these settings, reviews that disagree go to somebody who decides, as ever', async () => {
  const queue = await queueWith({ reviewsRequired: 2 });
  expect(queue).toMatchObject({ reviewsMax: null, agreementBar: 0.5 });
  await flag(queue);
  await answer(queue, people[0]!, CONFIRMED);
  expect(await answer(queue, people[1]!, REJECTED)).toMatchObject({ status: 'NEEDS_ADJUDICATION', reviewsRequired: 2 });
});

test('a majority below the bar is not enough', async () => {
  const queue = await queueWith({ reviewsRequired: 3, agreementBar: 0.8 });
  await flag(queue);
  await answer(queue, people[0]!, CONFIRMED);
  await answer(queue, people[1]!, CONFIRMED);
  expect((await answer(queue, people[2]!, REJECTED)).status).toBe('NEEDS_ADJUDICATION');
});

test('the last two reviewers at the same moment open one slot and not two', async () => {
  const queue = await queueWith({ reviewsRequired: 2, reviewsMax: 5, agreementBar: 1 });
  const ids = await flag(queue, 10);
  const take = async (member: TestMember) =>
    (await claim(service, member, { queue: queue.key, count: 10 })).assignments;
  const [first, second] = [await take(people[0]!), await take(people[1]!)];
  await Promise.all([
    ...first.map((held) => submit(service, people[0]!, held, CONFIRMED)),
    ...second.map((held) => submit(service, people[1]!, held, REJECTED)),
  ]);
  for (const id of ids) expect(await look(id)).toMatchObject({ status: 'IN_REVIEW', reviewsRequired: 3 });
  await expectSlotsWhole(queue);
  await expectCountersRight();
});

test('settings that do not go together are refused with the place and what is allowed', async () => {
  const refused = async (setup: object) => {
    const answered = await service.ask(manager.token, SAVE, { input: { key: 'refused', name: 'x', ...setup } });
    expect(codeOf(answered)).toBe('INVALID_INPUT');
    return JSON.stringify(answered.errors![0]!.extensions.faults);
  };
  expect(await refused({ reviewsRequired: 3, reviewsMax: 2 })).toContain('at least reviewsRequired, which is 3');
  expect(await refused({ reviewsMax: 10 })).toContain('1 to 9');
  expect(await refused({ agreementBar: 1.01 })).toContain('0 to 1');
  expect(await refused({ goldRate: 0.6 })).toContain('0 to 0.5');
  expect(await refused({ goldBar: -1 })).toContain('0 to 1');
  expect(await refused({ goldMinimum: 0 })).toContain('1 to 1000');
  expect(await service.do(manager.token, `{ queue(key: "refused") { id } }`)).toEqual({ queue: null });
});

test('how far reviews agree does not hang on their order, and a slot more is asked for only within the limits', () => {
  const one = fc.constantFrom<any>(
    { verdict: 'CONFIRMED', correctedOutput: null, labels: {} },
    { verdict: 'REJECTED', correctedOutput: null, labels: {} },
    { verdict: 'CORRECTED', correctedOutput: { a: 0, b: '' }, labels: {} },
    { verdict: 'CORRECTED', correctedOutput: false, labels: {} },
  );
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 1, maxLength: 9 }),
      fc.nat(8),
      fc.nat(8),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (answers, n, more, agreementBar) => {
        const rule = { reviewsRequired: 1 + n, reviewsMax: Math.min(9, 1 + n + more), agreementBar };
        const share = shareOfMostCommon(answers);
        expect(shareOfMostCommon([...answers].reverse())).toBe(share);
        expect(share).toBeGreaterThan(0);
        const wanted = reviewsWanted(answers, rule);
        expect(wanted).toBe(reviewsWanted([...answers].reverse(), rule));
        expect(wanted).toBeGreaterThanOrEqual(Math.max(answers.length, rule.reviewsRequired));
        expect(wanted).toBeLessThanOrEqual(Math.max(answers.length, rule.reviewsMax));
        if (answers.length >= rule.reviewsRequired && share > 0.5 && share >= agreementBar)
          expect(wanted).toBe(answers.length);
      },
    ),
  );
  expect(shareOfMostCommon([])).toBe(0);
});
