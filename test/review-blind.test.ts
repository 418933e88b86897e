import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { encodeCursor } from '../src/log/cursor.js';
import { FLAG_MANY, output } from './support/intake.js';
import {
  claimOne,
  codeOf,
  leaseOf,
  makeQueue,
  onLease,
  type QueueOptions,
  revise,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';
import { watch } from './support/watching.js';

let service: TestService;
let manager: TestMember;
let key: string;
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
  key = await service.key();
});
afterAll(() => service?.stop());

const SAID = {
  confidence: 0.25,
  risk: 'HIGH',
  reasons: ['judge: wrong'],
  signals: [{ name: 'grounding', value: 0.1 }],
};
const NOT_SAID = { confidence: null, risk: null, reasons: [], signals: [], rule: null, policyVersion: null };

async function queueThat(settings: object, options: QueueOptions = {}): Promise<TestQueue> {
  const queue = await makeQueue(service, options);
  const save = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id } } }`;
  await service.do(manager.token, save, { input: { key: queue.key, ...settings } });
  return queue;
}

async function flagOne(queue: TestQueue): Promise<string> {
  const inputs = [output(`${queue.key}-${uuidv7()}`, { queue: queue.key, ...SAID })];
  const { flagOutputs } = await service.do<any>(key, FLAG_MANY, { inputs });
  return flagOutputs.rows[0].payload.item.id;
}

const SIGNALS = `confidence risk reasons signals { name value } rule policyVersion`;
const SEEN = `id ${SIGNALS} reviews { id } resolution { verdict }`;
const see = async (token: string, id: string) =>
  (await service.do<any>(token, `query ($id: ID!) { item(id: $id) { ${SEEN} } }`, { id })).item;
const ALL = ['CONFIDENCE', 'RISK', 'SIGNALS', 'REASONS', 'RULE'];

async function shownOn(member: TestMember, reviewId: string): Promise<string[]> {
  const [review] = await service.sql<{ shown: string[] }>(`SELECT shown FROM review WHERE id = $1 AND member_id = $2`, [
    reviewId,
    member.id,
  ]);
  return review!.shown;
}

test('by no door does a reviewer see what others said before they have answered', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 3 });
  const id = await flagOne(queue);
  const [first, second] = [await service.member(), await service.member()];
  const { data } = await submit(service, first, await claimOne(service, first, queue), {
    verdict: 'CORRECTED',
    correctedOutput: 'the secret',
    comment: 'the secret',
  });
  await revise(service, first, data.submitReview.review.id, { verdict: 'REJECTED', comment: 'the secret' });
  const held = await claimOne(service, second, queue);

  const reviews = `reviews { id } reviews2: reviews(superseded: true) { id comment }`;
  const doors = [
    `{ item(id: "${id}") { ${reviews} escalations { note } resolution { verdict } } }`,
    `{ items(first: 10) { edges { node { ${reviews} } } totalCount } }`,
    `{ assignments { item { ${reviews} } draft { comment } } }`,
    `mutation { renewLease(input: { assignmentId: "${held.id}", leaseToken: "${held.leaseToken}" }) {
       assignment { item { ${reviews} } draft { comment } } } }`,
    `mutation { saveDraft(input: { assignmentId: "${held.id}", leaseToken: "${held.leaseToken}" }) {
       assignment { item { ${reviews} } } } }`,
  ];
  for (const door of doors) {
    const answer = await service.ask(second.token, door);
    expect(answer.errors).toBeUndefined();
    const text = JSON.stringify(answer.data);
    expect(text).not.toContain('the secret');
    expect(text).not.toContain(data.submitReview.review.id);
  }
  for (const closed of [
    `{ evalCases(dataset: "x") { pageInfo { hasNextPage } } }`,
    `{ agreement(queue: "${queue.key}") { items } }`,
    `{ quarantine(dataset: "x") { pageInfo { hasNextPage } } }`,
  ]) {
    expect((await service.ask(second.token, closed)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  }
  // A stream tells a reviewer of their own reviews only: the first that they hear of is theirs.
  const stream = watch<any>(
    service,
    second.token,
    `subscription ($after: Cursor) { reviewSubmitted(after: $after) { review { reviewer { id } } } }`,
    { after: encodeCursor(service.projectId, 0) },
  );
  const answered = await submit(service, second, held);
  const [told] = await stream.take(1);
  await stream.close();
  expect(told.reviewSubmitted.review.reviewer.id).toBe(second.id);
  expect((await see(second.token, id)).reviews).toHaveLength(2);
  expect(await shownOn(second, answered.data.submitReview.review.id)).toEqual(ALL);
});

test('where a queue is not blind, reviewers see what others said, and their reviews say so', async () => {
  const queue = await queueThat({ blind: false }, { reviewsRequired: 3 });
  const id = await flagOne(queue);
  const [first, second] = [await service.member(), await service.member()];
  await submit(service, first, await claimOne(service, first, queue));
  expect((await see(second.token, id)).reviews).toHaveLength(1);
  const held = await claimOne(service, second, queue);
  expect((await see(second.token, id)).reviews).toHaveLength(1);
  const { data } = await submit(service, second, held);
  expect(await shownOn(second, data.submitReview.review.id)).toEqual(['PEERS', ...ALL]);
});

test('what the system thought is hidden from a reviewer until they answered, and never from managers and keys', async () => {
  const queue = await queueThat({ hidesSignals: true }, { reviewsRequired: 2 });
  const id = await flagOne(queue);
  const reviewer = await service.member();
  for (const token of [manager.token, key, (await service.member({ role: Role.VIEWER })).token]) {
    expect(await see(token, id)).toMatchObject(SAID);
  }
  expect(await see(reviewer.token, id)).toMatchObject(NOT_SAID);
  const { claimNext } = await service.do<any>(
    reviewer.token,
    `mutation ($queue: String) { claimNext(input: { queue: $queue }) {
       assignments { id leaseToken item { ${SIGNALS} } } } }`,
    { queue: queue.key },
  );
  const [held] = claimNext.assignments;
  expect(held.item).toEqual(NOT_SAID);
  const { items } = await service.do<any>(
    reviewer.token,
    `query ($queue: String) { items(filter: { queue: $queue }) { edges { node { ${SIGNALS} } } } }`,
    { queue: queue.key },
  );
  expect(items.edges.map(({ node }: any) => node)).toEqual([NOT_SAID]);
  const { data } = await submit(service, reviewer, held);
  expect(await see(reviewer.token, id)).toMatchObject(SAID);
  expect(await shownOn(reviewer, data.submitReview.review.id)).toEqual([]);
  // By then they have seen it: a revision says so.
  const revised = await revise(service, reviewer, data.submitReview.review.id, { verdict: 'REJECTED' });
  expect(await shownOn(reviewer, revised.data.reviseReview.review.id)).toEqual(['PEERS', ...ALL]);
});

test('a filter does not tell a reviewer what the item does not', async () => {
  const queue = await queueThat({ hidesSignals: true });
  await flagOne(queue);
  const reviewer = await service.member();
  const count = async (token: string, risk: string[] | null) => {
    const { items } = await service.do<any>(
      token,
      `query ($filter: ItemFilter) { items(filter: $filter) { totalCount edges { node { id } } } }`,
      { filter: { queue: queue.key, risk } },
    );
    return [items.totalCount, items.edges.length];
  };
  expect(await count(reviewer.token, null)).toEqual([1, 1]);
  expect(await count(reviewer.token, ['HIGH'])).toEqual([0, 0]);
  expect(await count(manager.token, ['HIGH'])).toEqual([1, 1]);
  const { data } = await submit(service, reviewer, await claimOne(service, reviewer, queue));
  expect(data.submitReview.item.status).toBe('RESOLVED');
  expect(await count(reviewer.token, ['HIGH'])).toEqual([1, 1]);
});

test('a stream of answers hides what a query hides', async () => {
  const queue = await queueThat({ hidesSignals: true });
  const id = await flagOne(queue);
  const [reviewer, other] = [await service.member(), await service.member()];
  await submit(service, other, await claimOne(service, other, queue));
  const start = { queue: queue.key, after: encodeCursor(service.projectId, 0) };
  const seenBy = async (token: string) => {
    const stream = watch<any>(
      service,
      token,
      `subscription ($queue: String, $after: Cursor) { itemResolved(queue: $queue, after: $after) {
         item { id ${SIGNALS} reviews { id } } } }`,
      start,
    );
    const [told] = await stream.take(1);
    await stream.close();
    return told.itemResolved.item;
  };
  expect(await seenBy(reviewer.token)).toEqual({ id, ...NOT_SAID, reviews: [] });
  expect(await seenBy(await service.key([ApiKeyScope.READ]))).toMatchObject({ id, ...SAID });
});

test('whoever holds an item sees what was shown at the claim, whatever the queue says later; a manager too', async () => {
  const queue = await queueThat({ hidesSignals: true });
  const id = await flagOne(queue);
  const held = await claimOne(service, manager, queue);
  const save = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { id } } }`;
  await service.do(manager.token, save, { input: { key: queue.key, hidesSignals: false, blind: false } });
  expect(await see(manager.token, id)).toMatchObject(NOT_SAID);
  const { data } = await submit(service, manager, held);
  expect(await shownOn(manager, data.submitReview.review.id)).toEqual([]);
  expect(await see(manager.token, id)).toMatchObject(SAID);
  await flagOne(queue);
  const next = await claimOne(service, manager, queue);
  expect(codeOf(await onLease(service, manager, 'renewLease', leaseOf(next)))).toBeNull();
  expect(await see(manager.token, next.item.id)).toMatchObject(SAID);
});

test('an assignment that a manager hands out shows what a claim would', async () => {
  const queue = await queueThat({ hidesSignals: true });
  const id = await flagOne(queue);
  const reviewer = await service.member();
  const assign = `mutation ($input: AssignItemInput!) { assignItem(input: $input) { item { id } } }`;
  await service.do(manager.token, assign, { input: { itemId: id, memberId: reviewer.id } });
  const { assignments } = await service.do<any>(
    reviewer.token,
    `{ assignments { id leaseToken item { ${SIGNALS} } } }`,
  );
  expect(assignments[0].item).toEqual(NOT_SAID);
  const { data } = await submit(service, reviewer, assignments[0]);
  expect(await shownOn(reviewer, data.submitReview.review.id)).toEqual([]);
});
