import 'reflect-metadata';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { type Answer as Given, decide, percentAgreement } from '../src/review/resolution.js';
import { claimOne, codeOf, makeItem, makeQueue, submit } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

const confirmed = (labels = {}): Given => ({ verdict: 'CONFIRMED', correctedOutput: null, labels });
const rejected = (correctedOutput: unknown = null): Given => ({ verdict: 'REJECTED', correctedOutput, labels: {} });
const corrected = (correctedOutput: unknown, labels = {}): Given => ({ verdict: 'CORRECTED', correctedOutput, labels });

test('more than half of the verdicts decide; anything less is a disagreement', () => {
  expect(decide([confirmed(), confirmed(), rejected()]).verdict).toBe('CONFIRMED');
  expect(decide([confirmed(), rejected()]).verdict).toBeNull();
  expect(decide([confirmed(), confirmed(), rejected(), corrected(1)]).verdict).toBeNull();
  expect(decide([rejected(), rejected('x'), rejected('x')])).toMatchObject({ verdict: 'REJECTED', output: 'x' });
  expect(decide([rejected(), rejected('x'), rejected('y')])).toMatchObject({ verdict: 'REJECTED', output: null });
});

test('a correction counts when more than half of all reviews give the same JSON value', () => {
  expect(decide([corrected({ a: 1, b: 2 }), corrected({ b: 2, a: 1 }), confirmed()])).toMatchObject({
    verdict: 'CORRECTED',
    output: { a: 1, b: 2 },
  });
  expect(decide([corrected('x'), corrected('y'), confirmed()])).toMatchObject({ verdict: null, output: null });
  expect(decide([corrected(1), corrected(1), corrected('1')])).toMatchObject({ verdict: 'CORRECTED', output: 1 });
  expect(decide([corrected(false), corrected(false)])).toMatchObject({ verdict: 'CORRECTED', output: false });
});

test('labels are agreed field by field; a field without a majority is left out', () => {
  const labels = [
    { a: true, b: 0, c: 'x' },
    { a: true, b: 1 },
    { a: false, b: 0 },
  ];
  expect(decide(labels.map(confirmed)).labels).toEqual({ a: true, b: 0 });
});

test('percent agreement is the share of agreeing pairs', () => {
  expect(percentAgreement(['A'])).toBe(1);
  expect(percentAgreement(['A', 'B'])).toBe(0);
  expect(percentAgreement(['A', 'A', 'B'])).toBeCloseTo(1 / 3);
  expect(percentAgreement(['A', 'A', 'B', 'B'])).toBeCloseTo(2 / 6);
});

test('the order of the reviews changes nothing', () => {
  const answer = fc.record({
    verdict: fc.constantFrom('CONFIRMED' as const, 'CORRECTED' as const, 'REJECTED' as const),
    correctedOutput: fc.constantFrom(null, 1, 'x', { a: 1, b: 2 }, { b: 2, a: 1 }),
    labels: fc.dictionary(fc.constantFrom('p', 'q'), fc.constantFrom(0, false, '', { k: 1, l: 2 }, { l: 2, k: 1 })),
  });
  const shuffled = fc
    .array(answer, { minLength: 1, maxLength: 5 })
    .chain((answers) => fc.tuple(fc.constant(answers), fc.shuffledSubarray(answers, { minLength: answers.length })));
  fc.assert(
    fc.property(shuffled, ([answers, other]) => {
      expect(JSON.stringify(decide(other))).toBe(JSON.stringify(decide(answers)));
    }),
    { numRuns: 500 },
  );
});

let service: TestService;
let people: TestMember[];
beforeAll(async () => {
  service = await startService();
  people = await Promise.all(Array.from({ length: 3 }, () => service.member()));
});
afterAll(() => service?.stop());

interface Seen {
  status: string;
  reviews: { verdict: string }[];
  resolution: {
    verdict: string;
    output: unknown;
    by: string;
    agreement: { metric: string; value: number } | null;
  } | null;
}
const see = async (token: string, id: string): Promise<Seen> => {
  const query = `query ($id: ID!) { item(id: $id) { status reviews { verdict }
    resolution { verdict output labels by comment agreement { metric value } } } }`;
  return (await service.do<{ item: Seen }>(token, query, { id })).item;
};

/** One item with a slot for each answer, answered by as many people. */
async function reviewed(answers: object[]): Promise<string> {
  const queue = await makeQueue(service, { reviewsRequired: answers.length });
  const id = await makeItem(service, queue, { output: 'original' });
  for (const [i, answer] of answers.entries()) {
    const held = await claimOne(service, people[i]!, queue);
    expect(codeOf(await submit(service, people[i]!, held, answer))).toBeNull();
  }
  return id;
}

test('an item with three slots is resolved by the last review, with the agreement', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 3 });
  const id = await makeItem(service, queue, { output: 'original' });
  const key = await service.key();
  const statuses = [(await see(key, id)).status];
  for (const [i, verdict] of ['CONFIRMED', 'REJECTED', 'CONFIRMED'].entries()) {
    const held = await claimOne(service, people[i]!, queue);
    const { data } = await submit(service, people[i]!, held, { verdict });
    statuses.push(data.submitReview.item.status);
  }
  expect(statuses).toEqual(['OPEN', 'IN_REVIEW', 'IN_REVIEW', 'RESOLVED']);
  expect((await see(key, id)).resolution).toMatchObject({
    verdict: 'CONFIRMED',
    output: 'original',
    by: 'CONSENSUS',
    agreement: { metric: 'percent', value: 1 / 3 },
  });
});

test('different corrections are a disagreement; the same one, however it is written, is agreed', async () => {
  const same = await reviewed([
    { verdict: 'CORRECTED', correctedOutput: { a: 1, b: [2] } },
    { verdict: 'CONFIRMED' },
    { verdict: 'CORRECTED', correctedOutput: { b: [2], a: 1 } },
  ]);
  const different = await reviewed([
    { verdict: 'CORRECTED', correctedOutput: 'x' },
    { verdict: 'CORRECTED', correctedOutput: 'y' },
    { verdict: 'CORRECTED', correctedOutput: 'z' },
  ]);
  const key = await service.key();
  expect(await see(key, same)).toMatchObject({ status: 'RESOLVED', resolution: { output: { a: 1, b: [2] } } });
  expect(await see(key, different)).toMatchObject({ status: 'NEEDS_ADJUDICATION', resolution: null });
});

const adjudicate = (token: string, input: object) =>
  service.ask(token, `mutation ($input: AdjudicateInput!) { adjudicate(input: $input) { item { status } } }`, {
    input,
  });

test('a disagreement is decided once, by a manager who is not a party to it', async () => {
  const party = await service.member({ role: Role.MANAGER });
  const [first, second] = [await service.member({ role: Role.MANAGER }), await service.member({ role: Role.ADMIN })];
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  const itemId = await makeItem(service, queue);
  const decision = { itemId, verdict: 'CORRECTED', correctedOutput: 'final', comment: 'see the policy' };
  await submit(service, party, await claimOne(service, party, queue), { verdict: 'REJECTED' });
  expect(codeOf(await adjudicate(first.token, decision))).toBe('INVALID_INPUT');
  await submit(service, people[0]!, await claimOne(service, people[0]!, queue), { verdict: 'CONFIRMED' });

  expect(codeOf(await adjudicate(people[1]!.token, decision))).toBe('FORBIDDEN');
  expect(codeOf(await adjudicate(party.token, decision))).toBe('FORBIDDEN');
  expect(codeOf(await adjudicate(first.token, { ...decision, correctedOutput: null }))).toBe('INVALID_INPUT');
  expect(codeOf(await adjudicate(first.token, { ...decision, labels: { x: 1 } }))).toBe('RUBRIC_VIOLATION');
  expect(codeOf(await adjudicate(first.token, { ...decision, itemId: people[0]!.id }))).toBe('NOT_FOUND');
  const both = await Promise.all([adjudicate(first.token, decision), adjudicate(second.token, decision)]);
  expect(both.map(codeOf).sort()).toEqual(['ALREADY_RESOLVED', null]);
  expect(await see(first.token, itemId)).toMatchObject({
    status: 'RESOLVED',
    resolution: {
      verdict: 'CORRECTED',
      output: 'final',
      by: 'ADJUDICATION',
      agreement: { metric: 'percent', value: 0 },
    },
  });
});

test('a reviewer sees no review of an item before their own is in, whoever holds it sees none', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 3 });
  const id = await makeItem(service, queue);
  const [a, b] = people as [TestMember, TestMember, TestMember];
  const manager = await service.member({ role: Role.MANAGER });
  await submit(service, a, await claimOne(service, a, queue));
  const count = async (token: string) => (await see(token, id)).reviews.length;
  expect([
    await count(a.token),
    await count(b.token),
    await count(manager.token),
    await count(await service.key()),
  ]).toEqual([1, 0, 1, 1]);
  const held = await claimOne(service, manager, queue);
  expect(await count(manager.token)).toBe(0);
  await submit(service, manager, held);
  expect([await count(a.token), await count(b.token), await count(manager.token)]).toEqual([2, 0, 2]);
});
