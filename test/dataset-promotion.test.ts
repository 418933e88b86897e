import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ajv2020 } from 'ajv/dist/2020.js';

import { Role } from '../src/access/viewer.js';
import { evalCaseSchema } from '../src/dataset/formats/jsonl.schema.js';
import { download, flag, openDesk, review, saveDataset, saveQueue, settle, type Desk } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
});
afterAll(() => service?.stop());

const isValid = new Ajv2020({ allowUnionTypes: true }).compile(evalCaseSchema);

async function caseOf(itemId: string): Promise<any> {
  await settle(desk);
  const { lines } = await download(desk);
  for (const line of lines) expect(isValid(line), JSON.stringify(isValid.errors)).toBe(true);
  return lines.find((line) => line.provenance.item_id === itemId);
}

test('a corrected item becomes a case that says what was asked, answered and expected, and where it is from', async () => {
  const messages = [{ role: 'user', content: 'Can I return it?' }];
  const [id] = await flag(desk, [
    {
      externalId: 'whole',
      source: 'shop-bot',
      model: { name: 'gpt', version: '4' },
      prompt: { name: 'returns', version: '12' },
      input: messages,
      output: 'No returns.',
      context: ['Returns within 30 days.', { page: 3 }],
      confidence: 0.41,
      risk: 'HIGH',
      reasons: ['LOW_CONFIDENCE'],
      signals: [{ name: 'groundedness', value: 0.2 }],
      tags: ['billing'],
      groupKey: 'conversation 7',
      traceId: 'trace-1',
    },
  ]);
  await review(desk, () => ({ verdict: 'CORRECTED', correctedOutput: 'Yes, within 30 days.', comment: 'private' }));
  const found = await caseOf(id!);
  expect(found).toEqual({
    schema: 'countersign.eval_case/1',
    id: found.id,
    revision: 1,
    content_hash: expect.stringMatching(/^sha256:/),
    input: { kind: 'messages', messages },
    context: ['Returns within 30 days.', { page: 3 }],
    expected: { kind: 'text', text: 'Yes, within 30 days.' },
    observed: { kind: 'text', text: 'No returns.' },
    verdict: 'CORRECTED',
    assertions: [{ kind: 'exact' }],
    tags: ['billing'],
    split: 'test',
    group_key: 'conversation 7',
    provenance: {
      source: 'shop-bot',
      queue: 'support',
      item_id: id,
      external_id: 'whole',
      trace_id: 'trace-1',
      model: { name: 'gpt', version: '4' },
      prompt: { name: 'returns', version: '12' },
      flagged_at: expect.stringMatching(/Z$/),
      flag_reasons: ['LOW_CONFIDENCE'],
      confidence: 0.41,
      risk: 'HIGH',
      signals: [{ name: 'groundedness', value: 0.2 }],
      rubric_version: 1,
      labels: {},
      reviews: [{ id: expect.any(String), reviewer: expect.stringMatching(/^r_[0-9a-f]{16}$/), verdict: 'CORRECTED' }],
      adjudicated: false,
      resolved_by: 'CONSENSUS',
      resolved_at: expect.stringMatching(/Z$/),
    },
  });
  const [member] = await service.sql(`SELECT member_id FROM review WHERE id = $1`, [found.provenance.reviews[0].id]);
  const text = JSON.stringify(found);
  expect(text).not.toContain(member!.member_id);
  expect(text).not.toContain('private');
});

test('a confirmed output is its own expectation, an empty one is one too, and a bare rejection is none', async () => {
  const [confirmed, emptied, rejected, empty] = await flag(desk, [
    { externalId: 'confirmed', output: { a: [1, { b: null }] } },
    { externalId: 'emptied', output: 'should be empty' },
    { externalId: 'rejected', output: 'no' },
    { externalId: 'empty', output: '' },
  ]);
  await review(desk, ({ externalId }) => {
    if (externalId === 'emptied') return { verdict: 'CORRECTED', correctedOutput: '' };
    return { verdict: externalId === 'rejected' ? 'REJECTED' : 'CONFIRMED' };
  });
  expect(await caseOf(confirmed!)).toMatchObject({
    expected: { kind: 'json', value: { a: [1, { b: null }] } },
    assertions: [{ kind: 'json_equal' }],
  });
  expect((await caseOf(emptied!)).expected).toEqual({ kind: 'text', text: '' });
  expect((await caseOf(empty!)).expected).toEqual({ kind: 'text', text: '' });
  const without = await caseOf(rejected!);
  expect(without).not.toHaveProperty('expected');
  expect(without.assertions).toEqual([]);
});

test('only a list of messages in the strict form is called messages', async () => {
  const inputs = {
    strict: [{ role: 'system', content: '' }],
    extra: [{ role: 'user', content: 'x', name: 'y' }],
    parts: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }],
    role: [{ role: 'robot', content: 'x' }],
    none: [],
  };
  const ids = await flag(
    desk,
    Object.entries(inputs).map(([externalId, input]) => ({ externalId, input })),
  );
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  const kinds = await Promise.all(ids.map(async (id) => (await caseOf(id)).input.kind));
  expect(kinds).toEqual(['messages', 'json', 'json', 'json', 'json']);
});

test('items of one group fall into one split, and adding cases moves none', async () => {
  await saveQueue(service, desk.manager, { key: 'split', name: 'Split' });
  const split = { train: 50, validation: 25, test: 25 };
  await saveDataset(service, desk.manager, { key: 'parts', name: 'Parts', queues: ['split'], split });
  const outputs = Array.from({ length: 60 }, (_, i) => ({ groupKey: `group ${i % 20}`, input: `q${i}` }));
  await flag(desk, outputs.slice(0, 40), 'split');
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const first = await splits();
  await flag(desk, outputs.slice(40), 'split');
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  const all = await splits();
  expect(all).toHaveLength(60);
  expect(all.filter(({ id }) => first.some((known) => known.id === id))).toEqual(first);
  const bySplit = new Map(all.map(({ group_key, split: name }) => [group_key, name]));
  for (const { group_key, split: name } of all) expect(name).toBe(bySplit.get(group_key));
  expect(new Set(bySplit.values()).size).toBeGreaterThan(1);
  const answer = await service.ask(
    desk.manager,
    `mutation { saveDataset(input: { key: "parts", split: { test: 100 } }) { dataset { id } } }`,
  );
  expect(answer.errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
});

async function splits() {
  return service.sql<{ id: string; group_key: string; split: string }>(
    `SELECT c.id, c.group_key, c.split FROM eval_case c JOIN dataset d ON d.id = c.dataset_id AND d.key = 'parts' ORDER BY c.id`,
  );
}

test('a resolution that is revised makes a new revision when the content changed, and only then', async () => {
  const [id] = await flag(desk, [{ output: 'first' }]);
  await review(desk, () => ({ verdict: 'CORRECTED', correctedOutput: 'second' }));
  const before = await caseOf(id!);
  await revise(id!, 'second');
  expect(await caseOf(id!)).toEqual(before);
  await revise(id!, 'third');
  const after = await caseOf(id!);
  expect(after).toMatchObject({ id: before.id, revision: 2, expected: { text: 'third' } });
  expect(after.content_hash).not.toBe(before.content_hash);
});

/** What a later revision of a review does. */
async function revise(itemId: string, output: string): Promise<void> {
  await service.sql(
    `WITH r AS (UPDATE resolution SET revision = revision + 1, output = to_json($2::text) WHERE item_id = $1)
     INSERT INTO outbox (project_id, kind, actor, item_id, data) VALUES ($3, 'ITEM_RESOLVED', 'system', $1, '{}')`,
    [itemId, output, service.projectId],
  );
}

test('a withdrawn item takes its case out, and an incremental export says so', async () => {
  const [id] = await flag(desk, [{ output: 'gone soon' }]);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  const { id: caseId } = await caseOf(id!);
  const since = (await download(desk)).headers.get('countersign-at');
  await service.sql(
    `WITH i AS (UPDATE item SET status = 'WITHDRAWN', resolved_at = NULL WHERE id = $1)
     INSERT INTO outbox (project_id, kind, actor, item_id, data) VALUES ($2, 'ITEM_WITHDRAWN', 'system', $1, '{}')`,
    [id, service.projectId],
  );
  expect(await caseOf(id!)).toBeUndefined();
  const { lines } = await download(desk, `?since=${since}`);
  expect(lines).toEqual([{ schema: 'countersign.retraction/1', id: caseId, revision: 2 }]);
  expect(isValid(lines[0])).toBe(true);
  // Whoever follows the log needs nothing else to know what is gone.
  const told = await service.sql(
    `SELECT e.item_id, e.data - 'datasetId' AS data, d.key FROM (SELECT seq, item_id, data::jsonb AS data FROM event
       WHERE kind = 'CASE_REVISED') e JOIN dataset d ON d.id = (e.data ->> 'datasetId')::uuid ORDER BY seq DESC LIMIT 1`,
  );
  expect(told).toEqual([{ item_id: id, data: { caseId, revision: 2, isRetracted: true }, key: 'cases' }]);
});

test('a queue that is added to a dataset brings what it resolved before', async () => {
  await saveQueue(service, desk.manager, { key: 'past', name: 'Past' });
  await flag(
    desk,
    Array.from({ length: 210 }, (_, i) => ({ input: `past ${i}` })),
    'past',
  );
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  await saveDataset(service, desk.manager, { key: 'history', name: 'History', queues: ['past'] });
  await settle(desk);
  const { dataset } = await service.do(desk.manager, `{ dataset(key: "history") { caseCount queues } }`);
  expect(dataset).toEqual({ caseCount: 210, queues: ['past'] });
  const [steps] = await service.sql(`SELECT count(*)::int AS n FROM event WHERE kind = 'DATASET_FILLING'`);
  expect(steps!.n).toBe(1);
});

test('two reviewers who disagree and a manager who decides are told apart without names', async () => {
  await saveQueue(service, desk.manager, { key: 'pairs', name: 'Pairs', reviewsRequired: 2 });
  await saveDataset(service, desk.manager, { key: 'cases', queues: ['support', 'pairs'] });
  const second = await service.member({ role: Role.REVIEWER, name: 'Ada Lovelace' });
  const [id] = await flag(desk, [{ output: 'x' }], 'pairs');
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await review(desk, () => ({ verdict: 'CORRECTED', correctedOutput: 'y' }), second.token);
  await service.do(
    desk.manager,
    `mutation($input: AdjudicateInput!) { adjudicate(input: $input) { item { status } } }`,
    { input: { itemId: id, verdict: 'CORRECTED', correctedOutput: 'z' } },
  );
  const found = await caseOf(id!);
  expect(found).toMatchObject({
    expected: { text: 'z' },
    provenance: { adjudicated: true, resolved_by: 'ADJUDICATION', adjudicator: expect.stringMatching(/^r_/) },
  });
  const people = [...found.provenance.reviews.map((r: any) => r.reviewer), found.provenance.adjudicator];
  expect(new Set(people).size).toBe(3);
  expect(JSON.stringify(found)).not.toContain('Ada');
});
