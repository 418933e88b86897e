import 'reflect-metadata';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { evalCaseSchema } from '../src/dataset/formats/jsonl.schema.js';
import { isContested } from '../src/dataset/promote.conflict.js';
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

async function resolved(input: unknown, outputs: string[]): Promise<string[]> {
  const ids = await flag(
    desk,
    outputs.map((output) => ({ input, output })),
  );
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  return ids;
}

async function conflicts(): Promise<
  { id: string; version: string; size: number; cases: { item: { id: string }; expected: unknown }[] }[]
> {
  const found = await service.do(
    desk.manager,
    `{ conflicts(dataset: "cases") { edges { node { id version size cases { item { id input } expected } } } } }`,
  );
  return found.conflicts.edges.map(({ node }: any) => node);
}

async function casesOf(itemIds: string[]): Promise<any[]> {
  const { lines } = await download(desk);
  for (const line of lines) expect(isValid(line), JSON.stringify(isValid.errors)).toBe(true);
  return lines.filter((line) => itemIds.includes(line.provenance.item_id));
}

const settleConflict = `mutation($input: ResolveConflictInput!) {
  resolveConflict(input: $input) { evalCase { revision expected alternatives item { id } } } }`;

async function choose(choice: string, itemId: string | null, version?: string): Promise<any> {
  const [conflict] = await conflicts();
  const input = {
    ...{ dataset: 'cases', conflict: conflict!.id, choice, itemId, reason: 'The policy says so.' },
    version: version ?? conflict!.version,
  };
  return service.ask(desk.manager, settleConflict, { input });
}

test.each<[string, string[][], boolean]>([
  ['nobody', [], false],
  ['one answer', [['a'], ['a']], false],
  ['two answers', [['a'], ['b']], true],
  ['a rejection without an answer', [['a'], []], false],
  ['somebody who takes both for right', [['a'], ['b'], ['a', 'b']], false],
  ['a third answer beside that', [['a', 'b'], ['c']], true],
])('answers contradict each other: %s', (_, answers, expected) => {
  expect(isContested(answers.map((list) => ({ answers: list })))).toBe(expected);
});

test('different answers to one input both wait, the case that was there too, until a person keeps one', async () => {
  const [first] = await resolved({ b: 1, a: 'Refund?' }, ['yes']);
  const [before] = await casesOf([first!]);
  const since = (await download(desk)).headers.get('countersign-at');
  const [second] = await resolved({ a: 'Refund?', b: 1 }, ['no']);
  expect(await conflicts()).toMatchObject([
    {
      cases: [
        { item: { id: first }, expected: 'yes' },
        { item: { id: second }, expected: 'no' },
      ],
    },
  ]);
  expect(await casesOf([first!, second!])).toEqual([]);
  expect((await download(desk, `?since=${since}`)).lines).toEqual([
    { schema: 'countersign.retraction/1', id: before.id, revision: 2 },
  ]);
  expect((await choose('KEEP_ONE', first!, '0'.repeat(64))).errors?.[0]).toMatchObject({
    message: expect.stringContaining('holds other items or answers by now'),
    extensions: { code: 'INVALID_INPUT' },
  });
  expect((await choose('KEEP_ONE', null)).errors?.[0]).toMatchObject({ extensions: { code: 'INVALID_INPUT' } });
  const { data } = await choose('KEEP_ONE', first!);
  expect(data.resolveConflict.evalCase).toEqual({
    ...{ revision: 3, expected: 'yes', alternatives: [], item: { id: first } },
  });
  expect(await conflicts()).toEqual([]);
  const [after] = await casesOf([first!, second!]);
  expect(after).toEqual({ ...before, revision: 3 });
  await settle(desk);
  expect(await conflicts()).toEqual([]);
  const events = await service.sql(
    `SELECT actor, data ->> 'choice' AS choice, data -> 'dropped' AS dropped FROM event WHERE kind = 'CONFLICT_RESOLVED'`,
  );
  expect(events).toEqual([{ actor: expect.stringMatching(/^member:/), choice: 'KEEP_ONE', dropped: [second] }]);
});

test('all answers can be kept as alternatives of one case, which then contradicts none of them', async () => {
  const ids = await resolved('Capital of Bolivia?', ['Sucre', 'La Paz', 'Sucre']);
  await choose('KEEP_ALL', ids[1]!);
  expect(await casesOf(ids)).toMatchObject([
    { expected: { kind: 'text', text: 'La Paz', alternatives: [{ kind: 'text', text: 'Sucre' }] } },
  ]);
  const more = await resolved('Capital of Bolivia?', ['Sucre', 'La Paz']);
  expect(await conflicts()).toEqual([]);
  // The other says the same as the one that was kept.
  expect(await casesOf(more)).toMatchObject([{ expected: { text: 'Sucre' } }]);
});

test('all can be dropped, and a later answer to that input is a case like any other', async () => {
  const ids = await resolved('What time is it?', ['noon', 'midnight']);
  const answer = await choose('DROP_ALL', null);
  expect(answer.data.resolveConflict.evalCase).toBeNull();
  expect(await casesOf(ids)).toEqual([]);
  const more = await resolved('What time is it?', ['midnight']);
  expect(await casesOf(more)).toHaveLength(1);
});

test('a conflict ends by itself when the items agree after all, or one is withdrawn', async () => {
  const [first, second] = await resolved('Open on Sunday?', ['yes', 'no']);
  expect(await conflicts()).toHaveLength(1);
  await change(
    second!,
    `UPDATE resolution SET revision = revision + 1, verdict = 'CORRECTED', output = '"yes"'`,
    'RESOLVED',
  );
  expect(await conflicts()).toEqual([]);
  expect(await casesOf([first!, second!])).toHaveLength(1);
  const [third] = await resolved('Open on Sunday?', ['maybe']);
  expect((await conflicts())[0]).toMatchObject({ size: 2, cases: { length: 2 } });
  await change(third!, `UPDATE item SET status = 'WITHDRAWN', resolved_at = NULL`, 'WITHDRAWN');
  expect(await conflicts()).toEqual([]);
  expect(await casesOf([first!, second!, third!])).toHaveLength(1);
});

async function change(itemId: string, update: string, kind: string): Promise<void> {
  const id = update.startsWith('UPDATE item') ? 'id' : 'item_id';
  await service.sql(
    `WITH changed AS (${update} WHERE ${id} = $1)
     INSERT INTO outbox (project_id, kind, actor, item_id, data) VALUES ($2, 'ITEM_' || $3, 'system', $1, '{}')`,
    [itemId, service.projectId, kind],
  );
  await settle(desk);
}
