import { afterAll, beforeAll, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { FLAG_MANY, makeQueue, output } from './support/intake.js';
import { startService, type TestService } from './support/service.js';
import { statementsOf } from './support/statements.js';

let service: TestService;
let key: string;
let reader: string;
let member: { id: string; token: string };
let ids: string[];

const LIST = `query ($filter: ItemFilter, $first: Int, $after: Cursor) {
  items(filter: $filter, first: $first, after: $after) {
    totalCount edges { cursor node { id externalId status } } pageInfo { hasNextPage endCursor } } }`;

beforeAll(async () => {
  service = await startService();
  key = await service.key([ApiKeyScope.FLAG]);
  reader = await service.key([ApiKeyScope.READ]);
  member = await service.member();
  await makeQueue(service);
  await makeQueue(service, { key: 'other' });
  const inputs = Array.from({ length: 250 }, (_, i) =>
    output(`item-${i}`, {
      queue: i % 5 ? 'answers' : 'other',
      tags: i % 2 ? ['odd'] : ['even'],
      risk: i % 10 ? 'LOW' : 'CRITICAL',
      source: i < 200 ? 'app' : 'batch',
      model: { name: 'm', version: String(i % 3) },
    }),
  );
  const { flagOutputs } = await service.do(key, FLAG_MANY, { inputs });
  ids = flagOutputs.rows.map((row: any) => row.payload.item.id);
  await lease(ids[1]!);
  await service.sql(`UPDATE item SET reviews_done = 1 WHERE id = $1`, [ids[2]]);
  await service.sql(`UPDATE item SET status = 'NEEDS_ADJUDICATION' WHERE id = $1`, [ids[3]]);
  await lease(ids[4]!, '-1 second');
});
afterAll(() => service?.stop());

async function lease(itemId: string, runsFor = '10 minutes'): Promise<void> {
  await service.sql(
    `INSERT INTO assignment (project_id, id, item_id, slot, member_id, queue_id, lane_id, rank, rubric_version,
                             lease_token, lease_seconds, lease_expires_at)
     SELECT project_id, $2, id, 0, $3, queue_id, 1, rank, 1, $2, 600, now() + $4::interval FROM item WHERE id = $1`,
    [itemId, uuidv7(), member.id, runsFor],
  );
}

const externalIds = (answer: any) => answer.items.edges.map((edge: any) => edge.node.externalId);
const list = (filter: object, first = 100) => service.do(reader, LIST, { filter, first });

test('pages follow one another without a gap or a repeat, newest first', async () => {
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: any = await service.do(reader, LIST, { first: 60, after });
    seen.push(...externalIds(page));
    after = page.items.pageInfo.hasNextPage ? page.items.pageInfo.endCursor : null;
  } while (after);
  expect(seen).toEqual(Array.from({ length: 250 }, (_, i) => `item-${249 - i}`));
});

test('a page touches no payload unless it is asked for, and then all of them at once', async () => {
  const ofEvidence = async (fields: string) =>
    (
      await statementsOf(service, () =>
        service.do(reader, `{ items(first: 100) { totalCount edges { node { id ${fields} } } } }`),
      )
    ).filter((statement) => statement.includes('evidence'));
  expect(await ofEvidence('externalId status priority dueAt tags reasons signals { value } queue { key }')).toEqual([]);
  expect(await ofEvidence('input output')).toEqual(['evidence-by-item']);
});

test('every filter holds, alone and together, and the total counts what it holds for', async () => {
  expect(await list({ queue: 'other' })).toMatchObject({ items: { totalCount: 50 } });
  expect(await list({ queue: 'nowhere' })).toMatchObject({ items: { totalCount: 0, edges: [] } });
  expect(await list({ tag: 'odd' })).toMatchObject({ items: { totalCount: 125 } });
  expect(await list({ risk: ['CRITICAL', 'HIGH'] })).toMatchObject({ items: { totalCount: 25 } });
  expect(await list({ source: 'batch' })).toMatchObject({ items: { totalCount: 50 } });
  expect(await list({ model: 'm', modelVersion: '2' })).toMatchObject({ items: { totalCount: 83 } });
  expect(externalIds(await list({ externalId: 'item-77' }))).toEqual(['item-77']);
  expect(externalIds(await list({ queue: 'other', tag: 'even', risk: ['CRITICAL'], source: 'batch' }))).toEqual(
    [240, 230, 220, 210, 200].map((i) => `item-${i}`),
  );
  const [{ at }] = (await service.sql('SELECT created_at AS at FROM item LIMIT 1')) as [{ at: Date }];
  const before = new Date(at.getTime() - 1_000).toISOString();
  expect(await list({ createdAfter: before })).toMatchObject({ items: { totalCount: 250 } });
  expect(await list({ createdBefore: before })).toMatchObject({ items: { totalCount: 0 } });
});

test('an item is in review while a lease on it lives or a review is in, and otherwise open', async () => {
  expect(externalIds(await list({ status: ['IN_REVIEW'] }))).toEqual(['item-2', 'item-1']);
  expect(externalIds(await list({ status: ['NEEDS_ADJUDICATION', 'IN_REVIEW'] }))).toEqual([
    'item-3',
    'item-2',
    'item-1',
  ]);
  expect(await list({ status: ['OPEN'] })).toMatchObject({ items: { totalCount: 247 } });
  expect(await list({ status: ['RESOLVED'] })).toMatchObject({ items: { totalCount: 0 } });
  const { item } = await service.do(reader, 'query ($id: ID!) { item(id: $id) { status } }', { id: ids[1] });
  expect(item.status).toBe('IN_REVIEW');
  const over = await service.do(reader, 'query ($id: ID!) { item(id: $id) { status } }', { id: ids[4] });
  expect(over.item.status).toBe('OPEN');
});

test('sizes out of range, foreign cursors and unknown ids are answered helpfully', async () => {
  for (const first of [0, 101]) {
    const answer = await service.ask(reader, LIST, { first });
    expect(answer.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  }
  const answer = await service.ask(reader, LIST, { after: 'bm90LWEtY3Vyc29y' });
  expect(answer.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
  for (const id of [uuidv7(), 'nonsense']) {
    expect(await service.do(reader, 'query ($id: ID!) { item(id: $id) { id } }', { id })).toEqual({ item: null });
  }
});

test('a key that may only flag sees what it flagged itself and no list', async () => {
  const query = 'query ($id: ID!) { item(id: $id) { externalId } }';
  expect(await service.do(key, query, { id: ids[0] })).toEqual({ item: { externalId: 'item-0' } });
  const stranger = await service.key([ApiKeyScope.FLAG]);
  expect(await service.do(stranger, query, { id: ids[0] })).toEqual({ item: null });
  expect((await service.ask(key, LIST)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  for (const role of Object.values(Role)) {
    const { token } = await service.member({ role });
    expect(await service.do(token, query, { id: ids[0] })).toEqual({ item: { externalId: 'item-0' } });
  }
});
