import 'reflect-metadata';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { evalCaseSchema } from '../src/dataset/formats/jsonl.schema.js';
import { download, flag, openDesk, review, settle, type Desk } from './support/dataset.js';
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

async function made(output: unknown = 'Yes.', verdict: 'CONFIRMED' | 'REJECTED' = 'CONFIRMED'): Promise<any> {
  const [id] = await flag(desk, [{ output, tags: ['flagged'] }]);
  await review(desk, () => ({ verdict }));
  return caseOf(id!);
}

const mutation = `mutation($input: EditCaseInput!) {
  editCase(input: $input) { evalCase { revision contentHash tags assertions alternatives } } }`;

function edit(token: string, { id, revision }: { id: string; revision: number }, what: object): Promise<any> {
  return service.ask(token, mutation, { input: { dataset: 'cases', caseId: id, revision, ...what } });
}

test('tags, checks and alternatives are edited as a new revision; a late editor is told of it', async () => {
  const before = await made();
  const what = {
    tags: ['billing', 'billing', 'hard'],
    alternatives: ['Sure.', { answer: true }],
    assertions: [{ kind: 'CONTAINS', value: 'Yes', weight: 2 }, { kind: 'EXACT' }],
  };
  const { data } = await edit(desk.manager, before, what);
  expect(data.editCase.evalCase).toEqual({
    revision: 2,
    contentHash: expect.not.stringMatching(before.content_hash),
    tags: ['billing', 'hard'],
    assertions: [{ kind: 'contains', value: 'Yes', weight: 2 }, { kind: 'exact' }],
    alternatives: ['Sure.', { answer: true }],
  });
  const after = await caseOf(before.provenance.item_id);
  expect(after).toMatchObject({
    id: before.id,
    expected: {
      text: 'Yes.',
      alternatives: [
        { kind: 'text', text: 'Sure.' },
        { kind: 'json', value: { answer: true } },
      ],
    },
    provenance: { edited: { by: expect.stringMatching(/^r_[0-9a-f]{16}$/) } },
  });
  expect((await edit(desk.manager, before, { tags: [] })).errors[0]).toMatchObject({
    message: expect.stringContaining('has revision 2 by now'),
    extensions: { code: 'INVALID_INPUT', revision: 2 },
  });
  const back = await edit(desk.manager, after, { assertions: [], alternatives: [] });
  expect(back.data.editCase.evalCase).toMatchObject({
    revision: 3,
    contentHash: before.content_hash,
    alternatives: [],
  });
  expect((await caseOf(before.provenance.item_id)).tags).toEqual(['billing', 'hard']);
  const [events] = await service.sql(`SELECT count(*)::int AS n FROM event WHERE kind = 'CASE_EDITED'`);
  expect(events!.n).toBe(2);
});

test('a suite that would judge by other rules does not get the case, and says so', async () => {
  const before = await made();
  await edit(desk.manager, before, { tags: ['only tags'] });
  const isListed = async (format: string) => {
    await settle(desk);
    const { skipped } = (await download(desk, `?format=${format}&file=manifest.json`)).json;
    return skipped.find((entry: any) => entry.case_id === before.id)?.reason;
  };
  expect(await isListed('promptfoo')).toBeUndefined();
  await edit(desk.manager, { ...before, revision: 2 }, { alternatives: ['Sure.'] });
  expect(await isListed('jsonl')).toBeUndefined();
  for (const format of ['openai', 'csv']) expect(await isListed(format)).toBe('alternatives or checks of its own');
  for (const format of ['promptfoo', 'inspect', 'deepeval', 'braintrust'])
    expect(await isListed(format)).toBeUndefined();
  await edit(desk.manager, { ...before, revision: 3 }, { assertions: [{ kind: 'RUBRIC', value: 'Is polite.' }] });
  expect(await isListed('langfuse')).toBeUndefined();
  for (const format of ['promptfoo', 'inspect', 'deepeval', 'braintrust']) {
    expect(await isListed(format)).toBe('a rubric, by which a model or a person has to judge');
  }
});

test('of two editors of one revision, one is refused', async () => {
  const before = await made();
  const answers = await Promise.all(['a', 'b', 'c'].map((tag) => edit(desk.manager, before, { tags: [tag] })));
  expect(answers.filter(({ errors }) => errors)).toHaveLength(2);
  expect((await caseOf(before.provenance.item_id)).revision).toBe(2);
});

test('when the answer changes, its checks and alternatives go and the tags stay', async () => {
  const before = await made();
  await edit(desk.manager, before, { tags: ['mine'], alternatives: ['Sure.'] });
  await service.sql(
    `WITH r AS (UPDATE resolution SET revision = revision + 1, verdict = 'CORRECTED', output = '"No."' WHERE item_id = $1)
     INSERT INTO outbox (project_id, kind, actor, item_id, data) VALUES ($2, 'ITEM_RESOLVED', 'system', $1, '{}')`,
    [before.provenance.item_id, service.projectId],
  );
  const after = await caseOf(before.provenance.item_id);
  expect(after).toMatchObject({ revision: 3, tags: ['mine'], expected: { kind: 'text', text: 'No.' } });
  expect(after.expected).not.toHaveProperty('alternatives');
});

test.each<[string, object, RegExp]>([
  ['nothing', {}, /^Say what to change/],
  ['an empty tag', { tags: [''] }, /^tags\[0\]/],
  ['too many alternatives', { alternatives: Array(21).fill('x') }, /at most 20/],
  ['a check without its value', { assertions: [{ kind: 'CONTAINS' }] }, /^assertions\[0\]\.value must be a text/],
  ['a broken expression', { assertions: [{ kind: 'REGEX', value: '(' }] }, /no regular expression/],
  ['a choice of nothing', { assertions: [{ kind: 'CHOICE', value: [] }] }, /a list of texts/],
  [
    'a threshold over one',
    { assertions: [{ kind: 'RUBRIC', value: 'polite', threshold: 2 }] },
    /threshold must be 0 to 1/,
  ],
])('an edit with %s is refused', async (_, what, message) => {
  const before = await made();
  const answer = await edit(desk.manager, before, what);
  expect(answer.errors[0]).toMatchObject({
    message: expect.stringMatching(message),
    extensions: { code: 'INVALID_INPUT' },
  });
});

test('a case without an expected output takes no alternative and no comparison with it', async () => {
  const before = await made('bad', 'REJECTED');
  expect(before).not.toHaveProperty('expected');
  expect((await edit(desk.manager, before, { alternatives: ['x'] })).errors[0].message).toMatch(/nobody said/);
  expect((await edit(desk.manager, before, { assertions: [{ kind: 'EXACT' }] })).errors[0].message).toMatch(
    /is needed/,
  );
  const { data } = await edit(desk.manager, before, { assertions: [{ kind: 'NOT_CONTAINS', value: 'bad' }] });
  expect(data.editCase.evalCase.assertions).toEqual([{ kind: 'not_contains', value: 'bad' }]);
  expect((await edit(desk.reviewer, before, { tags: [] })).errors[0].extensions.code).toBe('FORBIDDEN');
});
