import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { download, flag, openDesk, review, saveDataset, settle, type Desk } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
let input: string;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
});
afterAll(() => service?.stop());
beforeEach(() => {
  input = `How long is the warranty? ${Math.random()}`;
});

/** Items with this test's input, each with an answer that is confirmed. */
async function confirmed(...outputs: string[]): Promise<string[]> {
  const ids = await flag(
    desk,
    outputs.map((output) => ({ input, output })),
  );
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  return ids;
}

async function cases(since?: string | null): Promise<any[]> {
  const { lines } = await download(desk, since ? `?since=${since}` : '');
  return lines.filter((line) => line.input?.text === input || line.schema.includes('retraction'));
}

async function behind(id: string): Promise<{ count: number; items: { id: string }[] }> {
  const list = await service.do(
    desk.manager,
    `{ evalCases(dataset: "cases", first: 100) { edges { node { id duplicates(first: 2) { count items { id } } } } } }`,
  );
  return list.evalCases.edges.find(({ node }: any) => node.id === id).node.duplicates;
}

/** As the review module does when it withdraws an item that was reopened. */
async function withdraw(itemId: string): Promise<void> {
  await service.sql(
    `WITH i AS (UPDATE item SET status = 'WITHDRAWN', resolved_at = NULL WHERE id = $1)
     INSERT INTO outbox (project_id, kind, actor, item_id, data) VALUES ($2, 'ITEM_WITHDRAWN', 'system', $1, '{}')`,
    [itemId, service.projectId],
  );
  await settle(desk);
}

async function conflict(): Promise<any> {
  const { conflicts } = await service.do(
    desk.manager,
    `{ conflicts(dataset: "cases") { edges { node { id version size cases { item { id } expected } } } } }`,
  );
  return conflicts.edges.map(({ node }: any) => node)[0];
}

async function choose(choice: string, itemId: string | null): Promise<void> {
  const { id, version } = await conflict();
  await service.do(
    desk.manager,
    `mutation($input: ResolveConflictInput!) { resolveConflict(input: $input) { evalCase { id } } }`,
    { input: { dataset: 'cases', conflict: id, version, choice, itemId, reason: 'The policy says so.' } },
  );
}

test('the same answer to the same input is one case, whether it comes at once or later', async () => {
  const [first, second] = await confirmed('two years', 'two years');
  const [only, ...more] = await cases();
  expect(more).toEqual([]);
  expect(only.provenance.item_id).toBe(first);

  const since = (await download(desk)).headers.get('countersign-at');
  const [third] = await confirmed('two years');
  expect(await cases(since)).toEqual([]);
  expect(await behind(only.id)).toEqual({ count: 2, items: [{ id: second }, { id: third }] });
  expect(await conflict()).toBeUndefined();
});

test('when its item is withdrawn, the case goes and the oldest of the others takes its place', async () => {
  const [first, second, third] = await confirmed('two years', 'two years', 'two years');
  const [before] = await cases();
  const since = (await download(desk)).headers.get('countersign-at');
  await withdraw(first!);
  const [after, ...more] = await cases();
  expect(more).toEqual([]);
  expect(after.provenance.item_id).toBe(second);
  expect(after.content_hash).toBe(before.content_hash);
  expect((await cases(since)).map((line) => line.id).sort()).toEqual([before.id, after.id].sort());
  expect(await behind(after.id)).toEqual({ count: 1, items: [{ id: third }] });

  await withdraw(third!);
  expect(await behind(after.id)).toEqual({ count: 0, items: [] });
  await withdraw(second!);
  expect(await cases()).toEqual([]);
});

test('who takes the place has to reach the bar as it is now; if not, the next one does', async () => {
  const [first, second, third] = await confirmed('two years', 'two years', 'two years');
  await service.sql(`UPDATE resolution SET by = 'ADJUDICATION', decided_by = $2 WHERE item_id = $1`, [
    third,
    (await service.member({ role: Role.MANAGER })).id,
  ]);
  await saveDataset(service, desk.manager, {
    key: 'cases',
    name: 'Cases',
    queues: ['support'],
    bar: { minReviewers: 2, adjudicatedPasses: true },
  });
  try {
    await withdraw(first!);
    expect((await cases()).map((line) => line.provenance.item_id)).toEqual([third]);
    const { quarantine } = await service.do(
      desk.manager,
      `{ quarantine(dataset: "cases") { edges { node { item { id } } } } }`,
    );
    expect(quarantine.edges.map(({ node }: any) => node.item.id)).toContain(second);
  } finally {
    await saveDataset(service, desk.manager, {
      key: 'cases',
      name: 'Cases',
      queues: ['support'],
      bar: { minReviewers: 0 },
    });
    await settle(desk);
  }
});

test('in a conflict each answer stands once, and what is decided holds for all that gave it', async () => {
  const [first, second] = await confirmed('two years', 'two years');
  const [other] = await confirmed('one year');
  expect(await conflict()).toMatchObject({
    size: 2,
    cases: [
      { item: { id: first }, expected: 'two years' },
      { item: { id: other }, expected: 'one year' },
    ],
  });
  await choose('KEEP_ONE', other!);
  expect((await cases()).map((line) => line.provenance.item_id)).toEqual([other]);
  // The second said what was dropped, so it does not come back when the answer that was kept goes.
  await withdraw(other!);
  expect(await cases()).toEqual([]);
  expect(await conflict()).toBeUndefined();
  expect(second).toBeDefined();
});

test('the answer that is kept keeps those who gave it behind it', async () => {
  const [first, second] = await confirmed('two years', 'two years');
  await confirmed('one year');
  await choose('KEEP_ONE', first!);
  const [only] = await cases();
  expect(only.provenance.item_id).toBe(first);
  expect(await behind(only.id)).toEqual({ count: 1, items: [{ id: second }] });
});

test('a case that a manager takes out does not come back by its duplicate', async () => {
  await confirmed('two years', 'two years');
  const [{ id: caseId, revision }] = await cases();
  await service.do(
    desk.manager,
    `mutation($input: RetractCaseInput!) { retractCase(input: $input) { evalCase { id } } }`,
    { input: { dataset: 'cases', caseId, revision, reason: 'Not worth asking.' } },
  );
  expect(await cases()).toEqual([]);
});

test('cases of an older version that are equal become one when their input comes again', async () => {
  const [first, second] = await flag(desk, [{ input, output: 'two years' }, { output: 'two years' }]);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  await settle(desk);
  await service.sql(
    `WITH e AS (UPDATE evidence SET input = (SELECT input FROM evidence WHERE item_id = $1) WHERE item_id = $2)
     UPDATE eval_case c SET input_hash = f.input_hash, base_hash = f.base_hash, content_hash = f.content_hash
     FROM eval_case f WHERE f.item_id = $1 AND c.item_id = $2`,
    [first, second],
  );
  const [third] = await confirmed('two years');
  const [only] = await cases();
  expect(only.provenance.item_id).toBe(first);
  expect(await behind(only.id)).toEqual({ count: 2, items: [{ id: second }, { id: third }] });
});
