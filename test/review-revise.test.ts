import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { DeadlineService } from '../src/assignment/deadline.service.js';
import { Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { encodeCursor } from '../src/log/cursor.js';
import { openDesk, saveDataset, settle } from './support/dataset.js';
import { differences } from './support/insight.js';
import { FLAG_MANY, output } from './support/intake.js';
import { claimOne, codeOf, makeQueue, revise, submit, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';
import { watch } from './support/watching.js';

let service: TestService;
let people: TestMember[];
let manager: TestMember;
let key: string;
beforeAll(async () => {
  service = await startService();
  people = await Promise.all(Array.from({ length: 3 }, () => service.member()));
  manager = await service.member({ role: Role.MANAGER });
  key = await service.key();
});
afterAll(() => service?.stop());

async function flagOne(queue: TestQueue): Promise<string> {
  const inputs = [output(`${queue.key}-${uuidv7()}`, { queue: queue.key, output: 'original' })];
  const { flagOutputs } = await service.do<any>(key, FLAG_MANY, { inputs });
  return flagOutputs.rows[0].payload.item.id;
}

/** An item with a slot for each answer, and the reviews that were made. */
async function reviewed(queue: TestQueue, answers: object[]): Promise<{ id: string; reviews: string[] }> {
  const id = await flagOne(queue);
  const reviews: string[] = [];
  for (const [i, answer] of answers.entries()) {
    const { data } = await submit(service, people[i]!, await claimOne(service, people[i]!, queue), answer);
    reviews.push(data.submitReview.review.id);
  }
  return { id, reviews };
}

const ITEM = `query ($id: ID!, $old: Boolean! = false) { item(id: $id) { status dueAt
  reviews(superseded: $old) { id verdict revision supersedes supersededBy comment rubricVersion shown }
  resolution { verdict output by comment agreement { value } } } }`;
const see = async (id: string, old = false, token = key) => (await service.do<any>(token, ITEM, { id, old })).item;

/** Whether each review may be revised: null, or why not. */
const withRevising = async (id: string, old = false) => {
  const query = `query ($id: ID!, $old: Boolean!) { item(id: $id) {
    reviews(superseded: $old) { submittedAt revising { until impossibleBecause } } } }`;
  return (await service.do<any>(key, query, { id, old })).item.reviews;
};
const revisingOf = async (id: string, old = false) =>
  (await withRevising(id, old)).map(({ revising: { until, impossibleBecause } }: any) => {
    expect(until === null).toBe(impossibleBecause !== null);
    return impossibleBecause;
  });

const kindsOf = async (itemId: string) => {
  await service.app.get(Sequencer).runOnce();
  const rows = await service.sql<any>(
    `SELECT kind, data FROM event WHERE item_id = $1 AND kind !~ '^(ASSIGNMENT|CASE|ITEM_FLAGGED)' ORDER BY seq`,
    [itemId],
  );
  return rows.map(({ kind, data }) => (kind === 'ITEM_RESOLVED' ? `${kind} ${data.revision} ${data.from}` : kind));
};

test('a revision is a new review that names the old one, which stays as it was', async () => {
  const { id, reviews } = await reviewed(await makeQueue(service), [{ verdict: 'CONFIRMED', comment: 'fine' }]);
  const [before] = await service.sql(`SELECT to_json(r) AS row FROM review r WHERE id = $1`, reviews);
  const answer = { verdict: 'CORRECTED', correctedOutput: 'better' };
  const { data } = await revise(service, people[0]!, reviews[0]!, answer);
  expect(data.reviseReview).toMatchObject({
    review: { verdict: 'CORRECTED', supersedes: reviews[0], revision: 1, comment: null },
    item: { status: 'RESOLVED' },
  });
  expect(await service.sql(`SELECT to_json(r) AS row FROM review r WHERE id = $1`, reviews)).toEqual([before]);
  const newest = data.reviseReview.review.id;
  const seen = await see(id, true);
  expect(seen.reviews.map((one: any) => [one.id, one.revision, one.supersededBy])).toEqual([
    [reviews[0], 0, newest],
    [newest, 1, null],
  ]);
  expect((await see(id)).reviews).toHaveLength(1);
  expect(seen.resolution).toMatchObject({ verdict: 'CORRECTED', output: 'better', by: 'CONSENSUS', agreement: null });
  expect(await kindsOf(id)).toEqual([
    'REVIEW_SUBMITTED',
    'ITEM_RESOLVED 0 OPEN',
    'REVIEW_REVISED',
    'ITEM_RESOLVED 1 RESOLVED',
  ]);
});

test('the same revision again gives the same review; another one is refused and names the newest', async () => {
  const { id, reviews } = await reviewed(await makeQueue(service), [{ verdict: 'CONFIRMED' }]);
  const first = await revise(service, people[0]!, reviews[0]!, { verdict: 'REJECTED' });
  const again = await revise(service, people[0]!, reviews[0]!.toUpperCase(), { verdict: 'REJECTED' });
  expect(again.data.reviseReview.review.id).toBe(first.data.reviseReview.review.id);
  const other = await revise(service, people[0]!, reviews[0]!, { verdict: 'CONFIRMED' });
  expect(other.errors![0]!.extensions).toMatchObject({
    code: 'DUPLICATE_CONFLICT',
    reviewId: first.data.reviseReview.review.id,
  });
  // An answer that changes nothing makes no revision; one that changes words only leaves the final answer alone.
  const newest = first.data.reviseReview.review.id;
  const same = await revise(service, people[0]!, newest, { verdict: 'REJECTED' });
  expect(same.data.reviseReview.review.id).toBe(newest);
  expect(codeOf(await revise(service, people[0]!, newest, { verdict: 'REJECTED', comment: 'because' }))).toBeNull();
  expect(await kindsOf(id)).toEqual([
    'REVIEW_SUBMITTED',
    'ITEM_RESOLVED 0 OPEN',
    'REVIEW_REVISED',
    'ITEM_RESOLVED 1 RESOLVED',
    'REVIEW_REVISED',
  ]);
});

test('of many revisions at once one wins, and the others are told which', async () => {
  const { id, reviews } = await reviewed(await makeQueue(service), [{ verdict: 'CONFIRMED' }]);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      revise(service, people[0]!, reviews[0]!, { verdict: 'REJECTED', comment: `${n}` }),
    ),
  );
  const won = answers.filter((answer) => !answer.errors);
  expect(won).toHaveLength(1);
  const { id: newest } = won[0]!.data.reviseReview.review;
  for (const answer of answers.filter((one) => one.errors)) {
    expect(answer.errors![0]!.extensions).toMatchObject({ code: 'DUPLICATE_CONFLICT', reviewId: newest });
  }
  expect((await see(id, true)).reviews).toHaveLength(2);
  const same = await Promise.all(
    Array.from({ length: 8 }, () => revise(service, people[0]!, newest, { verdict: 'CONFIRMED' })),
  );
  expect(new Set(same.map((answer) => answer.data.reviseReview.review.id)).size).toBe(1);
  expect((await see(id, true)).reviews).toHaveLength(3);
});

test('who changes their mind before all reviews are in counts with the newest answer', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  const { id, reviews } = await reviewed(queue, [{ verdict: 'REJECTED' }]);
  await revise(service, people[0]!, reviews[0]!, { verdict: 'CONFIRMED' });
  expect((await see(id)).status).toBe('IN_REVIEW');
  await submit(service, people[1]!, await claimOne(service, people[1]!, queue), { verdict: 'CONFIRMED' });
  expect(await see(id)).toMatchObject({ status: 'RESOLVED', resolution: { agreement: { value: 1 } } });
});

test('what was agreed is reopened when a revision breaks it, and resolved again when another mends it', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  await service.sql(`UPDATE queue SET on_deadline = 'REJECT' WHERE id = $1`, [queue.id]);
  const { id, reviews } = await reviewed(queue, [{ verdict: 'CONFIRMED' }, { verdict: 'CONFIRMED' }]);
  await service.sql(`UPDATE item SET due_at = now() - interval '1 hour' WHERE id = $1`, [id]);
  await revise(service, people[0]!, reviews[0]!, { verdict: 'REJECTED' });
  // It was answered in time: no deadline decides over the heads of those who disagree.
  expect(await see(id)).toMatchObject({ status: 'NEEDS_ADJUDICATION', resolution: null, dueAt: null });
  await service.app.get(DeadlineService).runOnce();
  expect((await see(id)).status).toBe('NEEDS_ADJUDICATION');
  await revise(service, people[1]!, reviews[1]!, { verdict: 'REJECTED' });
  expect(await see(id)).toMatchObject({ status: 'RESOLVED', resolution: { verdict: 'REJECTED', by: 'CONSENSUS' } });
  expect((await kindsOf(id)).slice(2)).toEqual([
    'ITEM_RESOLVED 0 OPEN',
    'REVIEW_REVISED',
    'ITEM_REOPENED',
    'REVIEW_REVISED',
    'ITEM_RESOLVED 1 NEEDS_ADJUDICATION',
  ]);
  expect(await differences(service)).toEqual([]);
});

test('an adjudicator decides on the reviews as they stand, and after that nobody revises', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  const { id, reviews } = await reviewed(queue, [{ verdict: 'CONFIRMED' }, { verdict: 'CONFIRMED' }]);
  await revise(service, people[0]!, reviews[0]!, { verdict: 'REJECTED' });
  expect(await revisingOf(id)).toEqual([null, null]);
  const decision = { itemId: id, verdict: 'CORRECTED', correctedOutput: 'final' };
  const adjudicate = `mutation ($input: AdjudicateInput!) { adjudicate(input: $input) { item { status } } }`;
  await service.do(manager.token, adjudicate, { input: decision });
  expect(await see(id)).toMatchObject({
    status: 'RESOLVED',
    resolution: { verdict: 'CORRECTED', by: 'ADJUDICATION', agreement: { value: 0 } },
  });
  expect((await kindsOf(id)).at(-1)).toBe('ITEM_RESOLVED 1 NEEDS_ADJUDICATION');
  expect(await revisingOf(id)).toEqual(['DECIDED', 'DECIDED']);
  expect(codeOf(await revise(service, people[1]!, reviews[1]!, { verdict: 'REJECTED' }))).toBe('ALREADY_RESOLVED');
  expect(await differences(service)).toEqual([]);
});

test('whoever listens to reviews and answers hears of a revision, in its place and once', async () => {
  const queue = await makeQueue(service);
  const { id, reviews } = await reviewed(queue, [{ verdict: 'CONFIRMED' }]);
  await revise(service, people[0]!, reviews[0]!, { verdict: 'REJECTED' });
  const start = { queue: queue.key, after: encodeCursor(service.projectId, 0) };
  const told = watch<any>(
    service,
    key,
    `subscription ($queue: String, $after: Cursor) { reviewSubmitted(queue: $queue, after: $after) {
       review { verdict supersedes item { resolution { verdict } } } } }`,
    start,
  );
  expect((await told.take(2)).map((event) => event.reviewSubmitted.review)).toEqual([
    { verdict: 'CONFIRMED', supersedes: null, item: { resolution: { verdict: 'REJECTED' } } },
    { verdict: 'REJECTED', supersedes: reviews[0], item: { resolution: { verdict: 'REJECTED' } } },
  ]);
  await told.close();
  const answers = watch<any>(
    service,
    key,
    `subscription ($queue: String, $after: Cursor) { itemResolved(queue: $queue, after: $after) { item { id } } }`,
    start,
  );
  expect((await answers.take(2)).map((event) => event.itemResolved.item.id)).toEqual([id, id]);
  await answers.close();
});

test('the eval case follows: a new revision for another answer, retracted while it is disputed', async () => {
  const desk = await openDesk(service);
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  await saveDataset(service, desk.manager, { key: 'revised', name: 'Revised', queues: [queue.key] });
  const corrected = (to: string) => ({ verdict: 'CORRECTED', correctedOutput: to });
  const { reviews } = await reviewed(queue, [corrected('a'), corrected('a')]);
  const cases = async () => {
    await settle(desk);
    return service.sql<any>(
      `SELECT r.revision, r.record::json -> 'expected' ->> 'text' AS expected, r.record IS NULL AS retracted
         FROM eval_case_revision r JOIN dataset d ON d.id = r.dataset_id WHERE d.key = 'revised' ORDER BY r.revision`,
    );
  };
  expect(await cases()).toHaveLength(1);
  const { data } = await revise(service, people[0]!, reviews[0]!, corrected('b'));
  expect((await cases()).map((one) => one.retracted)).toEqual([false, true]);
  await revise(service, people[1]!, reviews[1]!, corrected('b'));
  const all = await cases();
  expect(all.map((one) => one.retracted)).toEqual([false, true, false]);
  const [count] = await service.sql<any>(`SELECT case_count FROM dataset WHERE key = 'revised'`);
  expect(Number(count.case_count)).toBe(1);
  const [live] = await service.sql<any>(
    `SELECT record FROM eval_case_revision r JOIN dataset d ON d.id = r.dataset_id WHERE d.key = 'revised' AND revision = 3`,
  );
  expect(live.record).toContain('"b"');
  expect(data.reviseReview.item.status).toBe('NEEDS_ADJUDICATION');
  expect(await differences(service)).toEqual([]);
});

test('only its author revises a review, in time, in a form that fits, and while the item is not withdrawn', async () => {
  const fields = [{ name: 'tone', type: 'BOOLEAN', label: 'Tone', required: true }];
  const queue = await makeQueue(service, { fields, reviewsRequired: 2 });
  const { id, reviews } = await reviewed(queue, [{ verdict: 'CONFIRMED', labels: { tone: true } }]);
  const rejected = { verdict: 'REJECTED', labels: { tone: false } };
  for (const who of [people[1]!, manager]) {
    expect(codeOf(await revise(service, who, reviews[0]!, rejected))).toBe('NOT_FOUND');
  }
  expect(codeOf(await revise(service, people[0]!, reviews[0]!, { verdict: 'REJECTED' }))).toBe('RUBRIC_VIOLATION');
  expect(codeOf(await revise(service, people[0]!, reviews[0]!, { ...rejected, verdict: 'CORRECTED' }))).toBe(
    'INVALID_INPUT',
  );
  const [{ submittedAt, revising }] = await withRevising(id);
  expect(Date.parse(revising.until) - Date.parse(submittedAt)).toBe(86_400_000);
  await service.sql(`UPDATE review SET submitted_at = now() - interval '86401 seconds' WHERE id = $1`, [reviews[0]]);
  expect(await revisingOf(id)).toEqual(['TIME_OVER']);
  const late = await revise(service, people[0]!, reviews[0]!, rejected);
  expect(late.errors![0]!.extensions).toMatchObject({ code: 'FORBIDDEN', reviseWithinSeconds: 86_400 });
  await service.do(
    manager.token,
    `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { reviseWithinSeconds } } }`,
    { input: { key: queue.key, reviseWithinSeconds: 100_000 } },
  );
  expect(codeOf(await revise(service, people[0]!, reviews[0]!, rejected))).toBeNull();
  expect(await revisingOf(id, true)).toEqual(['SUPERSEDED', null]);
  await service.sql(`UPDATE queue SET revise_within_seconds = 0 WHERE id = $1`, [queue.id]);
  expect(await revisingOf(id)).toEqual(['NEVER']);
  await service.do(key, `mutation ($input: WithdrawItemInput!) { withdrawItem(input: $input) { item { id } } }`, {
    input: { itemId: id },
  });
  expect(await revisingOf(id)).toEqual(['WITHDRAWN']);
  const [newest] = (await see(id)).reviews;
  const withdrawn = { verdict: 'CONFIRMED', labels: { tone: false } };
  expect(codeOf(await revise(service, people[0]!, newest.id, withdrawn))).toBe('ALREADY_RESOLVED');
});
