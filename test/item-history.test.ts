import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { FLAG_MANY, output } from './support/intake.js';
import { claimOne, codeOf, makeQueue, submit, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER, name: 'Mona' });
});
afterAll(() => service?.stop());

async function flagOne(queue: TestQueue): Promise<string> {
  const inputs = [output(`${queue.key}-1`, { queue: queue.key })];
  const { flagOutputs } = await service.do<any>(await service.key(), FLAG_MANY, { inputs });
  return flagOutputs.rows[0].payload.item.id;
}

const HISTORY = `query ($itemId: ID!, $first: Int, $after: Cursor) {
  itemHistory(itemId: $itemId, first: $first, after: $after) {
    isComplete pageInfo { hasNextPage endCursor }
    edges { cursor node { kind at actor actorName memberName queueName data } } } }`;

async function historyOf(itemId: string, as: TestMember | string = manager, args: object = {}) {
  await service.app.get(Sequencer).runOnce();
  const token = typeof as === 'string' ? as : as.token;
  return service.ask<any>(token, HISTORY, { itemId, ...args });
}

/** Two reviewers disagree, and the manager decides. */
async function disputed() {
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  const itemId = await flagOne(queue);
  const [ann, bob] = [await service.member({ name: `Ann ${queue.key}` }), await service.member()];
  await submit(service, ann, await claimOne(service, ann, queue));
  return { queue, itemId, ann, bob };
}

test('an item’s history tells who did what and when, in order and page by page', async () => {
  const { queue, itemId, ann, bob } = await disputed();
  await submit(service, bob, await claimOne(service, bob, queue), { verdict: 'REJECTED' });
  await service.do(manager.token, `mutation ($input: AdjudicateInput!) { adjudicate(input: $input) { item { id } } }`, {
    input: { itemId, verdict: 'CONFIRMED', comment: 'Ann is right.' },
  });
  const { itemHistory } = (await historyOf(itemId)).data;
  expect(itemHistory.isComplete).toBe(true);
  const events = itemHistory.edges.map(({ node }: any) => node);
  expect(events.map(({ kind }: any) => kind)).toEqual([
    'ITEM_FLAGGED',
    'ASSIGNMENT_CLAIMED',
    'REVIEW_SUBMITTED',
    'ASSIGNMENT_CLAIMED',
    'REVIEW_SUBMITTED',
    'ITEM_NEEDS_ADJUDICATION',
    'ITEM_RESOLVED',
  ]);
  expect(events[0]).toMatchObject({ actorName: 'test', queueName: queue.key, memberName: null });
  expect(events[2]).toMatchObject({
    actor: `member:${ann.id}`,
    actorName: `Ann ${queue.key}`,
    memberName: `Ann ${queue.key}`,
    data: { verdict: 'CONFIRMED' },
  });
  expect(events[6]).toMatchObject({ actorName: 'Mona', data: { verdict: 'CONFIRMED', by: 'ADJUDICATION' } });

  const first = (await historyOf(itemId, manager, { first: 4 })).data.itemHistory;
  expect(first.pageInfo.hasNextPage).toBe(true);
  const rest = (await historyOf(itemId, manager, { first: 4, after: first.pageInfo.endCursor })).data.itemHistory;
  expect([...first.edges, ...rest.edges]).toEqual(itemHistory.edges);
  expect(rest.pageInfo.hasNextPage).toBe(false);

  const { item } = await service.do<any>(
    manager.token,
    `query ($id: ID!) { item(id: $id) { resolution { by decidedBy { name } } reviews { reviewer { name } } } }`,
    { id: itemId },
  );
  expect(item.resolution).toEqual({ by: 'ADJUDICATION', decidedBy: { name: 'Mona' } });
});

test('who holds an item is told that others answered, and not what; reviewers do not see it at all', async () => {
  const { queue, itemId, bob } = await disputed();
  const verdicts = async (as: TestMember) =>
    (await historyOf(itemId, as)).data.itemHistory.edges.map(({ node }: any) => node.data.verdict ?? null);
  expect(await verdicts(manager)).toContain('CONFIRMED');
  const holder = await service.member({ role: Role.ADMIN });
  await claimOne(service, holder, queue);
  expect((await verdicts(holder)).every((verdict: unknown) => verdict === null)).toBe(true);
  expect(codeOf(await historyOf(itemId, bob))).toBe('FORBIDDEN');
  expect(codeOf(await historyOf(itemId, await service.key([ApiKeyScope.FLAG])))).toBe('FORBIDDEN');
  expect(codeOf(await historyOf('nonsense'))).toBe('INVALID_INPUT');
  expect(codeOf(await historyOf(itemId, manager, { first: 201 }))).toBe('INVALID_INPUT');
  expect((await historyOf(bob.id)).data.itemHistory.edges).toEqual([]);
});

test('a manager sees who holds an item and until when, without the token of the lease', async () => {
  const queue = await makeQueue(service);
  const itemId = await flagOne(queue);
  const ann = await service.member();
  const held = await claimOne(service, ann, queue);
  const LIVE = `query ($id: ID!) { item(id: $id) { liveAssignments { id memberId memberName leaseExpiresAt } } }`;
  const { item } = await service.do<any>(manager.token, LIVE, { id: itemId });
  expect(item.liveAssignments).toEqual([
    expect.objectContaining({ id: held.id, memberId: ann.id, leaseExpiresAt: held.leaseExpiresAt }),
  ]);
  expect(codeOf(await service.ask(ann.token, LIVE, { id: itemId }))).toBe('FORBIDDEN');
});

test('items are found by who holds or decided them, by their answer and by their deadline', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 1 });
  const inputs = [1, 2, 3].map((n) => output(`${queue.key}-${n}`, { queue: queue.key }));
  const { flagOutputs } = await service.do<any>(await service.key(), FLAG_MANY, { inputs });
  const ids = flagOutputs.rows.map((row: any) => row.payload.item.id);
  const [ann, bob] = [await service.member(), await service.member()];
  await submit(service, ann, await claimOne(service, ann, queue), { verdict: 'REJECTED' });
  const held = await claimOne(service, bob, queue);
  await service.sql(`UPDATE item SET due_at = now() - interval '1 second' WHERE id = ANY ($1)`, [ids]);
  const find = async (filter: object) => {
    const found = await service.do<any>(
      manager.token,
      `query ($filter: ItemFilter) { items(filter: $filter) { totalCount edges { node { id } } } }`,
      { filter: { queue: queue.key, ...filter } },
    );
    expect(found.items.totalCount).toBe(found.items.edges.length);
    return found.items.edges.map(({ node }: any) => node.id);
  };
  expect(await find({ assignee: bob.id })).toEqual([held.item.id]);
  expect(await find({ assignee: ann.id })).toEqual([]);
  expect(await find({ decidedBy: ann.id })).toEqual([ids[0]]);
  expect(await find({ verdict: ['REJECTED', 'CORRECTED'] })).toEqual([ids[0]]);
  expect(await find({ verdict: ['CONFIRMED'] })).toEqual([]);
  expect(await find({ overdue: true })).toEqual([ids[2], ids[1]]);
  expect(await find({ overdue: false })).toEqual([ids[0]]);
});
