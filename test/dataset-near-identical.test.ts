import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { contentOf, type Json } from '../src/dataset/content.js';
import { featuresOf } from '../src/dataset/near.features.js';
import { OlderCases } from '../src/dataset/near.older.js';
import { signatureOf, similarity } from '../src/dataset/near.signature.js';
import { likeInputs } from '../src/dataset/near.sql.js';
import { download, flag, openDesk, review, settle, type Desk } from './support/dataset.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let desk: Desk;
beforeAll(async () => {
  service = await startService();
  desk = await openDesk(service);
});
afterAll(() => service?.stop());

const PAIRS = `pageInfo { hasNextPage endCursor } edges { node {
  id similarity isDistinct older { id input revision } newer { id input } } }`;

async function pairs(args = ''): Promise<any> {
  const query = `{ dataset(key: "cases") { nearIdenticalCount nearIdentical${args} { ${PAIRS} } } }`;
  const { dataset } = await service.do(desk.manager, query);
  const { edges, pageInfo } = dataset.nearIdentical;
  if (args === '' && !pageInfo.hasNextPage) expect(dataset.nearIdenticalCount).toBe(edges.length);
  return dataset.nearIdentical;
}

/** Makes each input a case, one after the other. */
async function promote(inputs: unknown[], verdict: 'CONFIRMED' | 'REJECTED' = 'CONFIRMED'): Promise<void> {
  for (const input of inputs) {
    await flag(desk, [{ input }]);
    await review(desk, () => ({ verdict }));
    await settle(desk);
  }
}

function alike(a: Json, b: Json): number {
  const [one, other] = [a, b].map((input) => signatureOf(featuresOf(contentOf(input)), 'any')?.bytes);
  return one && other ? similarity(one, other) / 100 : 0;
}

const long = (word: string) => Array.from({ length: 300 }, (_, i) => `${word}${i} is part ${i % 7}`).join(' ');

test.each<[string, Json, Json, number, number]>([
  ['white space', 'Where is my order?', '  Where  is\nmy order? ', 1, 1],
  ['case and punctuation', 'Where is my order?', 'WHERE is my order!!', 1, 1],
  ['another number', 'What is the total of invoice 4711?', 'What is the total of invoice 4712?', 0.75, 0.99],
  ['another year', 'How many users signed up in 2023?', 'How many users signed up in 2024?', 0.75, 0.99],
  [
    'a paraphrase',
    'I was charged twice for order 8812, please refund one of the payments.',
    'I got charged twice for my order 8812. Please refund one payment.',
    0.7,
    0.95,
  ],
  ['a word in 1,500', long('word'), long('word').replace('word150', 'other'), 0.9, 1],
  ['a Chinese character', '请问我的订单什么时候发货', '请问我的订单什么时候到货', 0.7, 0.99],
  [
    'an instruction that all share',
    [{ role: 'system', content: long('rule') }, user('Hi there')],
    [user('Hi, there')],
    1,
    1,
  ],
  [
    'JSON with another value',
    { city: 'Aachen', hotel: 'Eurogress', nights: 3 },
    { city: 'Aachen', hotel: 'Eurogress', nights: 4 },
    0.7,
    0.99,
  ],
  [
    'a negation, which is no small thing',
    'Is it valid after three years?',
    'Is it not valid after three years?',
    0.7,
    0.99,
  ],
  ['another question', 'Can I send back the kettle?', 'How do I cancel my subscription?', 0, 0.5],
  ['the same form', 'How many users signed up in 2023?', 'How many orders were refunded in 2023?', 0, 0.65],
  [
    'long texts of one language',
    [user(long('alpha')), user('a')],
    Array.from({ length: 1200 }, (_, i) => `beta${(i * 7) % 900}`).join(' '),
    0,
    0.4,
  ],
  ['nothing at all', '???', '!!!', 0, 0],
])('%s', (_, a, b, least, most) => {
  expect(alike(a, b)).toBeGreaterThanOrEqual(least);
  expect(alike(a, b)).toBeLessThanOrEqual(most);
});

function user(content: string): Json {
  return { role: 'user', content };
}

const refund = 'I was charged twice for order 8812, please refund one of the payments to my card.';
const same = 'I was charged  twice for order 8812, please refund one of the payments to my card.';
const other = 'I was charged twice for order 9934, please refund one of the payments to my card.';

test('cases that ask almost the same are shown as pairs, and all of them stay cases', async () => {
  await promote([refund, 'Where can I park at the store in Aachen?', same, other]);
  expect((await download(desk)).lines).toHaveLength(4);
  const { edges } = await pairs();
  const found = edges.map(({ node }: any) => [node.older.input, node.newer.input, node.similarity]);
  expect(found).toEqual([
    [refund, same, 1],
    [refund, other, expect.closeTo(0.9, 0)],
    [same, other, expect.closeTo(0.9, 0)],
  ]);
  expect(found[1]![2]).toBeLessThan(1);
  const first = await pairs('(first: 1)');
  expect(first.pageInfo.hasNextPage).toBe(true);
  const rest = await pairs(`(first: 5, after: "${first.pageInfo.endCursor}")`);
  expect([...first.edges, ...rest.edges]).toEqual(edges);
  const events = await service.sql(
    `SELECT data ->> 'pairs' AS pairs FROM event WHERE kind = 'CASE_NEAR_IDENTICAL' ORDER BY seq`,
  );
  expect(events).toEqual([{ pairs: '1' }, { pairs: '2' }]);
});

test('exactly the same input is no pair; it is counted apart', async () => {
  // With the same answer it would be no case of its own; this one has none, and contradicts nobody.
  await promote([refund], 'REJECTED');
  expect((await pairs()).edges).toHaveLength(3);
  const { evalCases } = await service.do(
    desk.manager,
    `{ evalCases(dataset: "cases") { edges { node { input sameInput nearIdentical { similarity evalCase { input } } } } } }`,
  );
  const told = evalCases.edges.map(({ node }: any) => [
    node.input,
    node.sameInput,
    node.nearIdentical.map((near: any) => near.evalCase.input),
  ]);
  expect(told).toEqual([
    [refund, 1, [same, other]],
    ['Where can I park at the store in Aachen?', 0, []],
    [same, 0, [refund, other]],
    [other, 0, expect.arrayContaining([same, refund])],
    [refund, 1, [same, other]],
  ]);
});

const mark = `mutation($input: MarkDistinctInput!) { markDistinct(input: $input) { pair { id isDistinct distinctReason } } }`;

test('a manager says that a pair is two, with a reason, and can take it back', async () => {
  const [, pair] = (await pairs()).edges.map(({ node }: any) => node);
  const input = { dataset: 'cases', pair: pair.id, reason: 'Another order.' };
  expect((await service.ask(desk.reviewer, mark, { input })).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  const { markDistinct } = await service.do(desk.manager, mark, { input });
  expect(markDistinct.pair).toEqual({ id: pair.id, isDistinct: true, distinctReason: 'Another order.' });
  await service.do(desk.manager, mark, { input });
  expect((await pairs()).edges.map(({ node }: any) => node.id)).not.toContain(pair.id);
  await service.do(desk.manager, mark, { input: { ...input, isDistinct: false, reason: 'A mistake.' } });
  expect((await pairs()).edges.map(({ node }: any) => node.id)).toContain(pair.id);
  await settle(desk);
  const events = await service.sql(
    `SELECT data ->> 'reason' AS reason FROM event WHERE kind = 'CASES_TOLD_APART' ORDER BY seq`,
  );
  expect(events).toEqual([{ reason: 'Another order.' }, { reason: 'A mistake.' }]);
  const missing = { ...input, pair: '1-999999' };
  expect((await service.ask(desk.manager, mark, { input: missing })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
});

test('or retracts one of them: it leaves exports and pairs, and stays out', async () => {
  const retract = `mutation($input: RetractCaseInput!) { retractCase(input: $input) { evalCase { id input } } }`;
  const [pair] = (await pairs()).edges.map(({ node }: any) => node);
  const input = { dataset: 'cases', caseId: pair.newer.id, revision: 1, reason: 'The same as the first.' };
  const stale = await service.ask(desk.manager, retract, { input: { ...input, revision: 2 } });
  expect(stale.errors?.[0]?.extensions).toMatchObject({ code: 'INVALID_INPUT', revision: 1 });
  const { retractCase } = await service.do(desk.manager, retract, { input });
  expect(retractCase.evalCase).toEqual({ id: pair.newer.id, input: same });
  expect((await service.ask(desk.manager, retract, { input })).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  await service.sql(
    `INSERT INTO outbox (project_id, kind, actor, item_id, data)
     SELECT project_id, 'ITEM_RESOLVED', 'system', item_id, '{}' FROM resolution`,
  );
  await settle(desk);
  expect((await download(desk)).lines.map((line) => line.input.text)).not.toContain(same);
  expect((await pairs()).edges.map(({ node }: any) => [node.older.input, node.newer.input])).toEqual([[refund, other]]);
});

test('what an input costs does not grow with the number of inputs, also where all share a bucket', async () => {
  const [dataset] = await service.sql<{ id: string }>(`SELECT id FROM dataset`);
  const bands = Array.from({ length: 24 }, (_, i) => i + 1);
  const touched = async () => {
    const [row] = await service.sql<{ 'QUERY PLAN': any }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${likeInputs
        .replaceAll('$1', String(service.projectId))
        .replace('$2', `'{${bands.join(',')}}'`)
        .replace('$3', `'{${bands.map(() => '9000000000').join(',')}}'`)}`,
    );
    const { Plan } = row!['QUERY PLAN'][0];
    return { rows: Plan['Actual Rows'], blocks: Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'] };
  };
  const add = async (from: number, to: number) => {
    await service.sql(
      `INSERT INTO eval_input (project_id, dataset_id, input_hash, signature)
       SELECT $1, $2, sha256(n::text::bytea), decode(repeat('00', 128), 'hex') FROM generate_series($3::int, $4::int) n`,
      [service.projectId, dataset!.id, from, to],
    );
    // Every tenth input shares all its buckets with all the others.
    await service.sql(
      `INSERT INTO eval_input_band (project_id, band, input_no)
       SELECT $1, CASE WHEN i.no % 10 = 0 THEN b ELSE hashtext(i.no::text || b) + 10000000000 END, i.no
       FROM eval_input i, generate_series(1, 24) b ON CONFLICT DO NOTHING`,
      [service.projectId],
    );
    await service.sql(`ANALYZE eval_input, eval_input_band`);
  };
  await add(1, 1_000);
  const few = await touched();
  await add(1_001, 12_000);
  const many = await touched();
  expect(few.rows).toBe(32);
  expect(many.rows).toBe(32);
  // A deeper index is a block more for each bucket.
  expect(many.blocks).toBeLessThan(few.blocks * 2);
});

test('cases from before are compared by a chore, page by page, which goes on where it stopped', async () => {
  const chore = service.app.get(OlderCases);
  // What was made since the start was compared when it was made.
  expect(await chore.runOnce()).toBe(0);
  await promote(['three', 'four', 'five', 'six'].map((word) => `Which form do I need for ${word} bags and a bicycle?`));
  const newest = `(SELECT input_hash FROM eval_case WHERE NOT is_retracted ORDER BY id DESC LIMIT 4)`;
  const count = `SELECT count(*)::int AS pairs FROM eval_near p
    JOIN eval_input a ON a.no = p.older_no AND a.input_hash IN ${newest}
    JOIN eval_input b ON b.no = p.newer_no AND b.input_hash IN ${newest}`;
  const all = `SELECT id, input_hash, base_hash, answers FROM eval_case WHERE NOT is_retracted ORDER BY id`;
  const before = await service.sql<{ id: string }>(all);
  expect(await service.sql(count)).toEqual([{ pairs: 6 }]);
  // As it is in a database from before: no input known, of some cases not even its hash.
  for (const statement of [
    `UPDATE eval_case SET input_hash = NULL, base_hash = NULL, answers = '{}'
     WHERE id IN (SELECT id FROM eval_case WHERE NOT is_retracted ORDER BY id DESC LIMIT 2)`,
    `TRUNCATE eval_near, eval_input_band, eval_input`,
  ]) {
    await service.sql(statement);
  }
  const start = (after: string) => service.sql(`UPDATE dataset SET compare_after = $1`, [after]);
  await start(before[before.length - 4]!.id);
  expect(await chore.runOnce(2)).toBe(3);
  await start('00000000-0000-0000-0000-000000000000');
  expect(await chore.runOnce()).toBe(before.length);
  expect(await service.sql(count)).toEqual([{ pairs: 6 }]);
  expect(await service.sql(all)).toEqual(before);
  expect(await service.sql(`SELECT DISTINCT compare_after FROM dataset`)).toEqual([{ compare_after: null }]);
});
