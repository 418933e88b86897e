import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { ItemTextReader } from '../src/item/item-text.reader.js';
import { Sequencer } from '../src/log/sequencer.js';
import { hostile } from './contract/hostile.mjs';
import { FLAG_MANY, makeQueue, output } from './support/intake.js';
import { claim, submit } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let key: string;
let manager: TestMember;
let reviewer: TestMember;
let queueId: string;

beforeAll(async () => {
  service = await startService();
  key = await service.key([ApiKeyScope.FLAG]);
  manager = await service.member({ role: Role.MANAGER });
  reviewer = await service.member();
  queueId = await makeQueue(service);
});
afterAll(() => service?.stop());

const LIST = `query ($filter: ItemFilter, $first: Int = 100, $after: Cursor) {
  items(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { externalId } excerpt { part before match after } } } }`;

/** Flags outputs, and waits until their words are there. */
async function flag(outputs: Record<string, object>): Promise<void> {
  const inputs = Object.entries(outputs).map(([externalId, more]) => output(externalId, more));
  const { flagOutputs } = await service.do(key, FLAG_MANY, { inputs });
  expect(flagOutputs.rows.filter((row: any) => row.error !== null)).toEqual([]);
  await allRead();
}

async function allRead(): Promise<void> {
  await service.app.get(Sequencer).runOnce();
  await service.app.get(ItemTextReader).follower.runOnce(service.projectId);
  // Where the service's own loop was at it, that turn has nothing left to do, and it may not be through yet.
  const behind = `SELECT FROM log_head h WHERE h.project_id = $1 AND NOT EXISTS (SELECT FROM log_reader r
    WHERE r.project_id = $1 AND r.name = 'item-text' AND r.seq >= h.seq)`;
  await expect.poll(() => service.sql(behind, [service.projectId]), { timeout: 20_000 }).toEqual([]);
}

const search = async (text: string, more: object = {}, token = manager.token) => {
  const { items } = await service.do(token, LIST, { filter: { text, ...more } });
  return items.edges.map((edge: any) => edge.node.externalId).sort() as string[];
};
const first = async (text: string, token = manager.token) =>
  (await service.do(token, LIST, { filter: { text } })).items.edges[0]?.excerpt;

test('words are found in any part of an item and in any order, phrases as they stand, beginnings and what is missing', async () => {
  await flag({
    'kettle-1': {
      input: 'Can I send back the kettle after six weeks?',
      output: 'Yes, you can return it within 60 days.',
      context: [{ title: 'Policy', text: 'Returns are possible within thirty days.' }],
      metadata: { order: 'A-4711', total: 41.5 },
      tags: ['german'],
      groupKey: 'customer/88',
    },
    'kettle-2': {
      input: [{ role: 'user', content: 'The KETTLE leaks' }],
      output: { reply: 'Six weeks after delivery' },
    },
    'lamp-1': { input: 'A lamp', output: 'It glows.' },
  });
  expect(await search('kettle')).toEqual(['kettle-1', 'kettle-2']);
  expect(await search('weeks KETTLE six')).toEqual(['kettle-1', 'kettle-2']);
  expect(await search('"six weeks"')).toEqual(['kettle-1', 'kettle-2']);
  expect(await search('"weeks six"')).toEqual([]);
  expect(await search('“six weeks after”')).toEqual(['kettle-2']);
  expect(await search('kettle -leaks')).toEqual(['kettle-1']);
  expect(await search('kettle -"after six"')).toEqual(['kettle-2']);
  expect(await search('kett')).toEqual([]);
  expect(await search('kett*')).toEqual(['kettle-1', 'kettle-2']);
  expect(await search('thirty policy')).toEqual(['kettle-1']);
  expect(await search('A-4711')).toEqual(['kettle-1']);
  expect(await search('41.5')).toEqual(['kettle-1']);
  expect(await search('customer/88')).toEqual(['kettle-1']);
  expect(await search('lamp-1')).toEqual(['lamp-1']);
  expect(await search('german')).toEqual(['kettle-1']);
  // A phrase does not reach from one text into the next, and keys are the application's, not its users'.
  expect(await search('"policy returns"')).toEqual([]);
  expect(await search('role')).toEqual([]);
  const [{ id }] = (await service.sql(`SELECT id FROM item WHERE external_id = 'lamp-1'`)) as [{ id: string }];
  expect(await search(id.toUpperCase())).toEqual(['lamp-1']);
});

test('what was found is shown as it was written, with what stands around it', async () => {
  await flag({ 'shown-1': { output: `${'before '.repeat(20)}a Zeppe\u200blin lands ${'after '.repeat(40)}` } });
  const excerpt = await first('zeppelin');
  expect(excerpt).toMatchObject({ part: 'OUTPUT', match: 'Zeppe\u200blin' });
  expect(excerpt.before).toMatch(/^….*before a $/);
  expect(excerpt.after).toMatch(/^ lands after .*…$/);
  expect(await first('shown-1')).toMatchObject({ part: 'NAMES', match: 'shown-1', before: '', after: '' });
  const { items } = await service.do(manager.token, LIST, { filter: { externalId: 'shown-1' } });
  expect(items.edges[0].excerpt).toBeNull();
});

test('any stretch of a text without spaces is found, and letters of any script', async () => {
  await flag({
    chinese: { input: '我想退回这个电热水壶', output: '可以在三十天内退货。' },
    japanese: { input: 'ケトルを返品できますか？', output: 'はい、３０日以内なら返品可能です。' },
    thai: { input: 'ฉันต้องการคืนกาต้มน้ำ', output: 'คืนได้ภายในสามสิบวัน' },
    korean: { input: '주전자를 반품하고 싶어요', output: '네' },
    arabic: { input: 'أريد إرجاع الغلاية', output: 'نعم' },
    accents: { input: 'Rückgabe möglich', output: 'ﬁne' },
  });
  expect(await search('电热')).toEqual(['chinese']);
  expect(await search('壶')).toEqual(['chinese']);
  expect(await search('天内')).toEqual(['chinese']);
  expect(await search('热电')).toEqual([]);
  expect(await search('返品')).toEqual(['japanese']);
  expect(await search('ケトル 30日')).toEqual(['japanese']);
  expect(await search('"返品可能です"')).toEqual(['japanese']);
  expect(await search('กาต้มน้ำ')).toEqual(['thai']);
  expect(await search('반품')).toEqual(['korean']);
  expect(await search('إرجاع')).toEqual(['arabic']);
  expect(await search('RÜCKGABE')).toEqual(['accents']);
  expect(await search('fine')).toEqual(['accents']);
  expect(await first('热水')).toMatchObject({ before: '我想退回这个电', match: '热水', after: '壶' });
});

test('hostile texts are taken in, and found by their words; nothing is set aside', async () => {
  const texts = [...hostile.values()];
  await flag(
    Object.fromEntries(
      texts.map((text, n) => [
        `hostile-${n}`,
        { input: text, output: { text: ['sentinel', text] }, metadata: { text } },
      ]),
    ),
  );
  expect(await search('sentinel')).toHaveLength(texts.length);
  expect(await search('"etc passwd"')).not.toEqual([]);
  expect(await search(`it's \\ 'quoted' & | ! ( ) <-> :* sentinel`)).toEqual([]);
  for (const text of texts) {
    const answer = await service.ask(manager.token, LIST, { filter: { text: text.slice(0, 400) } });
    expect([undefined, 'INVALID_INPUT']).toContain(answer.errors?.[0]?.extensions.code);
  }
  expect(await service.sql(`SELECT * FROM log_parked WHERE name = 'item-text'`)).toEqual([]);
});

test('of what is very long or very deep the beginning is found', async () => {
  const words = Array.from({ length: 5_000 }, (_, n) => `w${n}`).join(' ');
  const deep = JSON.parse(`${'['.repeat(60)}"bottom"${']'.repeat(60)}`) as unknown;
  await flag({
    long: { input: words, output: 'ends' },
    wide: { input: '漢'.repeat(100_000), output: 'ж'.repeat(100_000), context: ['\u00e9\\"'.repeat(20_000), 'never'] },
    deep: { input: deep, output: Array.from({ length: 20_000 }, (_, n) => n) },
  });
  expect(await search('w3999 ends')).toEqual(['long']);
  expect(await search('w4000')).toEqual([]);
  expect(await search('漢漢漢')).toEqual(['wide']);
  expect(await search('жжжжжжжжжж*')).toEqual(['wide']);
  expect(await search('never')).toEqual([]);
  expect(await search('bottom 17')).toEqual(['deep']);
});

test('a search goes with every other filter, page by page, and with bulk changes by their count', async () => {
  await makeQueue(service, { key: 'others' });
  const many = Array.from({ length: 25 }, (_, n) => [
    `many-${n}`,
    { input: 'a common word', queue: n % 5 ? 'answers' : 'others', tags: [n % 2 ? 'odd' : 'even'] },
  ]);
  await flag(Object.fromEntries(many));
  expect(await search('common', { queue: 'others', tag: 'odd' })).toEqual(['many-15', 'many-5']);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { items }: any = await service.do(manager.token, LIST, { filter: { text: 'common' }, first: 10, after });
    expect(items.totalCount).toBe(25);
    seen.push(...items.edges.map((edge: any) => edge.node.externalId));
    after = items.pageInfo.hasNextPage ? items.pageInfo.endCursor : null;
  } while (after);
  expect(seen).toEqual(Array.from({ length: 25 }, (_, n) => `many-${24 - n}`));
  const bump = (more: object) =>
    service.ask(manager.token, 'mutation ($input: BumpItemsInput!) { bumpItems(input: $input) { matched changed } }', {
      input: { filter: { text: 'common', tag: 'even' }, priority: 3, ...more },
    });
  expect((await bump({ dryRun: true })).data.bumpItems).toEqual({ matched: 13, changed: 0 });
  expect((await bump({ expectedCount: 12 })).errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  expect((await bump({ expectedCount: 13 })).data.bumpItems).toEqual({ matched: 13, changed: 13 });
  expect((await bump({ filter: { text: '…' }, dryRun: true })).errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
});

test('what cannot be looked for is refused and says why', async () => {
  const refused: [string, RegExp][] = [
    ['', /no letter or digit/],
    ['" … " -- &', /no letter or digit/],
    ['-kettle', /not wanted/],
    ['a*', /at least 2 letters/],
    [Array.from({ length: 51 }, (_, n) => n).join(' '), /51 words/],
    ['x'.repeat(501), /500/],
  ];
  for (const [text, why] of refused) {
    const { errors } = await service.ask(manager.token, LIST, { filter: { text } });
    expect(errors?.[0]).toMatchObject({ message: expect.stringMatching(why), extensions: { code: 'INVALID_INPUT' } });
  }
});

test('what reviewers wrote is found by managers and not by reviewers, and a known answer by nobody else', async () => {
  await makeQueue(service, { key: 'said' });
  await flag({ 'said-1': { queue: 'said', output: 'A claim.', authors: ['agent-smith'] } });
  const { assignments } = await claim(service, reviewer, { queue: 'said' });
  const submitted = await submit(service, reviewer, assignments[0]!, {
    verdict: 'CORRECTED',
    correctedOutput: { answer: 'Quite something else' },
    comment: 'Outrageously wrong',
  });
  expect(submitted.errors).toBeUndefined();
  await allRead();
  for (const text of ['outrageously', '"something else"', 'agent-smith', 'claim outrageously']) {
    expect(await search(text)).toEqual(['said-1']);
    expect(await search(text, {}, reviewer.token)).toEqual([]);
  }
  expect(await first('outrageously')).toMatchObject({ part: 'REVIEWS', match: 'Outrageously' });
  expect(await search('"a claim" -outrageously')).toEqual([]);
  expect(await search('"a claim" -outrageously', {}, reviewer.token)).toEqual(['said-1']);

  await service.sql(`UPDATE item SET is_gold = true WHERE external_id = 'said-1'`);
  expect(await search('"a claim"')).toEqual([]);
  await service.sql(`UPDATE item SET is_gold = false WHERE external_id = 'said-1'`);
});

test('no project finds what another one has', async () => {
  const [{ id }] = (await service.sql(`INSERT INTO project (key, name) VALUES ('second', 'Second') RETURNING id`)) as [
    { id: number },
  ];
  await service.sql(
    `WITH i AS (INSERT INTO item (project_id, id, external_id, queue_id, source, rank, reviews_required)
                VALUES ($1, gen_random_uuid(), 'theirs', $2, 'test', 1, 1) RETURNING id),
          e AS (INSERT INTO evidence (project_id, item_id, input, output) SELECT $1, id, '"strangers"', '""' FROM i)
     INSERT INTO outbox (project_id, kind, actor, item_id) SELECT $1, 'ITEM_FLAGGED', 'system', id FROM i`,
    [id, queueId],
  );
  await service.app.get(Sequencer).runOnce();
  await service.app.get(ItemTextReader).follower.runOnce(id);
  await expect
    .poll(() => service.sql(`SELECT words::text FROM item_text WHERE project_id = $1`, [id]))
    .toEqual([{ words: expect.stringContaining(`'${id}:strangers'`) }]);
  expect(await search('strangers')).toEqual([]);
});

test('a word in thousands of items is met page by page as well', async () => {
  const words = `'${service.projectId}:ubiquitous':1B`;
  await service.sql(
    `WITH i AS (INSERT INTO item (project_id, id, external_id, queue_id, source, tags, rank, reviews_required)
                SELECT $1, gen_random_uuid(), 'thousand-' || n, $2, 'test', ARRAY['mod-' || n % 100], n, 1
                  FROM generate_series(1, 2500) n RETURNING id),
          e AS (INSERT INTO evidence (project_id, item_id, input, output) SELECT $1, id, '"ubiquitous"', '""' FROM i RETURNING item_id)
     INSERT INTO item_text (project_id, item_id, words) SELECT $1, item_id, $3::tsvector FROM e`,
    [service.projectId, queueId, words],
  );
  const { items } = await service.do(manager.token, LIST, { filter: { text: 'ubiquitous' }, first: 10 });
  expect(items).toMatchObject({ totalCount: 2_500, pageInfo: { hasNextPage: true } });
  expect(items.edges).toHaveLength(10);
  expect(await search('ubiquitous', { tag: 'mod-7' })).toHaveLength(25);
  expect(await search('ubiquitous -thousand*')).toHaveLength(100);
  await service.sql(`DELETE FROM evidence WHERE item_id IN (SELECT id FROM item WHERE external_id LIKE 'thousand-%')`);
});

test('words go with the evidence, and items that had none get theirs page by page', async () => {
  await flag({ 'erased-1': { input: 'confidential' }, 'erased-2': { input: 'confidential' } });
  expect(await search('confidential')).toEqual(['erased-1', 'erased-2']);
  const of = (externalId: string) => `(SELECT id FROM item WHERE external_id = '${externalId}')`;
  await service.sql(`DELETE FROM evidence WHERE item_id = ${of('erased-1')}`);
  await service.sql(`UPDATE evidence SET input = '"withheld"' WHERE item_id = ${of('erased-2')}`);
  expect(await search('confidential')).toEqual([]);

  const before = await service.sql(`SELECT item_id, words::text FROM item_text ORDER BY item_id`);
  await service.sql(`DELETE FROM item_text`);
  await service.sql(
    `INSERT INTO outbox (project_id, kind, actor, data)
     VALUES ($1, 'ITEMS_INDEXING', 'system', '{"before": "ffffffff-ffff-ffff-ffff-ffffffffffff"}')`,
    [service.projectId],
  );
  const filled = () =>
    service.sql(`SELECT item_id, words::text FROM item_text WHERE item_id <> ${of('erased-2')} ORDER BY item_id`);
  await allRead();
  const own = before.filter(({ words }) => !String(words).includes('strangers'));
  await expect.poll(filled, { timeout: 20_000 }).toEqual(own);
  expect(await search('withheld')).toEqual(['erased-2']);
});
