import 'reflect-metadata';
import { createHash } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import {
  claim,
  claimOne,
  codeOf,
  type Held,
  makeItem,
  makeItems,
  makeQueue,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let queue: TestQueue;
let member: TestMember;
beforeAll(async () => {
  service = await startService();
  queue = await makeQueue(service, {
    fields: [
      { name: 'correct', type: 'BOOLEAN', label: 'Correct?', required: true },
      { name: 'tone', type: 'SCALE', label: 'Tone', required: false, min: 0, max: 4 },
    ],
  });
  member = await service.member();
});
afterAll(() => service?.stop());

const labels = { correct: false, tone: 0 };
const next = async (): Promise<Held> => {
  await makeItem(service, queue, { output: { text: 'as given' } });
  return claimOne(service, member, queue);
};
const resolutionOf = async (id: string) =>
  (
    await service.do(
      await service.key(),
      `query ($id: ID!) { item(id: $id) { status resolution { verdict output labels by agreement { metric value } resolvedAt } } }`,
      { id },
    )
  ).item;

test('one review resolves an item that needs one, with the correction as it was sent', async () => {
  const held = await next();
  const correctedOutput = { b: [1, 2.5, '{{x}} \u2028'], a: null, '': false };
  const answer = await submit(service, member, held, { verdict: 'CORRECTED', correctedOutput, labels, comment: ' c ' });
  expect(codeOf(answer)).toBeNull();
  expect(answer.data.submitReview).toMatchObject({
    review: {
      verdict: 'CORRECTED',
      correctedOutput,
      labels,
      comment: ' c ',
      rubricVersion: 1,
      supersedes: null,
      reviewer: { id: member.id },
    },
    item: { id: held.item.id, status: 'RESOLVED' },
  });
  expect(answer.data.submitReview.review.durationMs).toBeGreaterThanOrEqual(0);
  expect(await resolutionOf(held.item.id)).toMatchObject({
    status: 'RESOLVED',
    resolution: { verdict: 'CORRECTED', output: correctedOutput, labels, by: 'CONSENSUS', agreement: null },
  });
});

test('the resolution of a confirmed item is its original output; of a rejected one, nothing or the correction', async () => {
  const outputs: unknown[] = [];
  for (const given of [
    { verdict: 'CONFIRMED' },
    { verdict: 'REJECTED' },
    { verdict: 'REJECTED', correctedOutput: '' },
  ]) {
    const held = await next();
    expect(codeOf(await submit(service, member, held, { ...given, labels }))).toBeNull();
    outputs.push((await resolutionOf(held.item.id)).resolution.output);
  }
  expect(outputs).toEqual([{ text: 'as given' }, null, '']);
});

test('an answer that does not hold together is refused and changes nothing', async () => {
  const held = await next();
  const refused = async (answer: object) => codeOf(await submit(service, member, held, answer));
  expect(await refused({ verdict: 'CORRECTED', labels })).toBe('INVALID_INPUT');
  expect(await refused({ verdict: 'CORRECTED', correctedOutput: null, labels })).toBe('INVALID_INPUT');
  expect(await refused({ verdict: 'CONFIRMED', correctedOutput: 'x', labels })).toBe('INVALID_INPUT');
  expect(await refused({ verdict: 'CONFIRMED', labels, comment: 'x'.repeat(10_001) })).toBe('INVALID_INPUT');
  expect(await refused({ verdict: 'CORRECTED', correctedOutput: 'x'.repeat(1024 * 1024), labels })).toBe(
    'PAYLOAD_TOO_LARGE',
  );
  expect(await refused({ verdict: 'CONFIRMED' })).toBe('RUBRIC_VIOLATION');
  expect(await refused({ verdict: 'CONFIRMED', labels: { correct: true, tone: 5 } })).toBe('RUBRIC_VIOLATION');
  expect(await refused({ verdict: 'CONFIRMED', labels: { correct: true, other: 1 } })).toBe('RUBRIC_VIOLATION');
  expect(await refused({ verdict: 'CONFIRMED', labels: [] })).toBe('RUBRIC_VIOLATION');
  expect(await refused({ verdict: 'CONFIRMED', labels })).toBeNull();
});

test('0, false and the empty text are answers', async () => {
  const held = await next();
  const answer = await submit(service, member, held, { verdict: 'CORRECTED', correctedOutput: 0, labels });
  expect(answer.data.submitReview.review).toMatchObject({ correctedOutput: 0, labels });
});

test('labels are checked against the rubric version that the assignment was given', async () => {
  const held = await next();
  await service.sql(
    `WITH r AS (INSERT INTO rubric (project_id, queue_id, version, fields, created_by) VALUES ($1, $2, 2, '[]', 'system'))
     UPDATE queue SET rubric_version = 2 WHERE project_id = $1 AND id = $2`,
    [service.projectId, queue.id],
  );
  expect(codeOf(await submit(service, member, held, { verdict: 'CONFIRMED', labels: {} }))).toBe('RUBRIC_VIOLATION');
  expect(codeOf(await submit(service, member, held, { verdict: 'CONFIRMED', labels }))).toBeNull();
  const later = await next();
  expect(codeOf(await submit(service, member, later, { verdict: 'CONFIRMED', labels }))).toBe('RUBRIC_VIOLATION');
  expect(codeOf(await submit(service, member, later, { verdict: 'CONFIRMED', labels: {} }))).toBeNull();
  await service.sql(`UPDATE queue SET rubric_version = 1 WHERE project_id = $1 AND id = $2`, [
    service.projectId,
    queue.id,
  ]);
});

test('the same answer sent again gives the same review, another one is refused', async () => {
  const held = await next();
  const [first, twin] = await Promise.all([
    submit(service, member, held, { verdict: 'CORRECTED', correctedOutput: { a: 1, b: 2 }, labels }),
    submit(service, member, held, { verdict: 'CORRECTED', correctedOutput: { a: 1, b: 2 }, labels }),
  ]);
  const again = await submit(service, member, held, { verdict: 'CORRECTED', correctedOutput: { b: 2, a: 1 }, labels });
  const { id } = first.data.submitReview.review;
  expect([twin, again].map((answer) => answer.data.submitReview.review.id)).toEqual([id, id]);
  const other = await submit(service, member, held, { verdict: 'CONFIRMED', labels });
  expect(other.errors![0]!.extensions).toMatchObject({ code: 'DUPLICATE_CONFLICT', reviewId: id });
  expect(await service.sql(`SELECT id FROM review WHERE item_id = $1`, [held.item.id])).toEqual([{ id }]);
});

test('a batch that arrives at once is answered one by one, the bad rows alone', async () => {
  const many = await makeQueue(service);
  await makeItems(
    service,
    many,
    Array.from({ length: 30 }, () => ({})),
  );
  const people = await Promise.all(Array.from({ length: 10 }, () => service.member()));
  const holds = await Promise.all(people.map((one) => claim(service, one, { queue: many.key, count: 3 })));
  const sent = people.flatMap((one, i) =>
    holds[i]!.assignments.map((held, j) => ({
      one,
      held: j === 1 ? { ...held, leaseToken: held.id } : held,
      isBad: j === 1,
    })),
  );
  const answers = await Promise.all(sent.map(({ one, held }) => submit(service, one, held)));
  expect(answers.map(codeOf)).toEqual(sent.map(({ isBad }) => (isBad ? 'LEASE_LOST' : null)));
});

test('a review that cannot be stored fails alone, whoever came with it', async () => {
  const many = await makeQueue(service);
  const [poisoned] = await makeItems(
    service,
    many,
    Array.from({ length: 6 }, () => ({})),
  );
  await service.sql(`ALTER TABLE review ADD CONSTRAINT poison CHECK (item_id <> '${poisoned}')`);
  const holds = (await claim(service, member, { queue: many.key, count: 6 })).assignments;
  const answers = await Promise.all(holds.map((held) => submit(service, member, held)));
  await service.sql(`ALTER TABLE review DROP CONSTRAINT poison`);
  expect(answers.map(codeOf)).toEqual(holds.map((held) => (held.item.id === poisoned ? 'INTERNAL' : null)));
});

test('what happened is in the log, in order and with the hash of the answer', async () => {
  const held = await next();
  const answer = await submit(service, member, held, { verdict: 'REJECTED', labels, comment: 'no' });
  const events = await service.sql<{ kind: string; actor: string; data: Record<string, unknown> }>(
    `SELECT kind, actor, data FROM (SELECT seq AS place, kind, actor, data, item_id FROM event
       UNION ALL SELECT 1000000000 + id, kind, actor, data, item_id FROM outbox) e WHERE item_id = $1 ORDER BY place`,
    [held.item.id],
  );
  const canonical = `{"comment":"no","correctedOutput":null,"labels":{"correct":false,"tone":0},"verdict":"REJECTED"}`;
  const contentHash = createHash('sha256').update(canonical).digest('hex');
  expect(events).toMatchObject([
    {
      kind: 'ASSIGNMENT_CLAIMED',
      actor: `member:${member.id}`,
      data: { assignmentId: held.id, memberId: member.id, slot: 0 },
    },
    {
      kind: 'REVIEW_SUBMITTED',
      actor: `member:${member.id}`,
      data: {
        reviewId: answer.data.submitReview.review.id,
        assignmentId: held.id,
        memberId: member.id,
        slot: 0,
        verdict: 'REJECTED',
        contentHash,
      },
    },
    {
      kind: 'ITEM_RESOLVED',
      data: { verdict: 'REJECTED', by: 'CONSENSUS', source: 'test', revision: 0, from: 'OPEN' },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain(held.leaseToken);
});

test('an API key or a viewer cannot submit', async () => {
  const held = await next();
  for (const token of [await service.key(), (await service.member({ role: Role.VIEWER })).token]) {
    expect(codeOf(await submit(service, { id: '', token }, held, { verdict: 'CONFIRMED', labels }))).toBe('FORBIDDEN');
  }
});

test('hostile text comes back as it was sent, and what cannot be kept is refused', async () => {
  const hostile = [
    '{{constructor}}',
    "'; DROP TABLE review; --",
    '=1+1',
    '\u2028\u202e\ufeff',
    ' \t\n ',
    '\\u0041',
    '\ud83d\ude00',
    '$1',
  ];
  for (const text of hostile) {
    const held = await next();
    const given = { verdict: 'CORRECTED', correctedOutput: { [text]: [text] }, labels, comment: text };
    const answer = await submit(service, member, held, given);
    expect(answer.data.submitReview.review).toMatchObject({ correctedOutput: { [text]: [text] }, comment: text });
    expect((await resolutionOf(held.item.id)).resolution.output).toEqual({ [text]: [text] });
  }
  const held = await next();
  for (const text of ['a\u0000b', 'a\ud800b']) {
    expect(codeOf(await submit(service, member, held, { verdict: 'CONFIRMED', labels, comment: text }))).toMatch(
      /^INVALID_/,
    );
    const output = { verdict: 'CORRECTED', labels, correctedOutput: text };
    expect(codeOf(await submit(service, member, held, output))).toBe('INVALID_JSON');
  }
});
