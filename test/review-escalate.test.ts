import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { Sequencer } from '../src/log/sequencer.js';
import { encodeCursor } from '../src/log/cursor.js';
import { differences } from './support/insight.js';
import { FLAG_MANY, output } from './support/intake.js';
import {
  claim,
  claimOne,
  codeOf,
  escalate,
  leaseOf,
  makeQueue,
  onLease,
  revise,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';
import { watch } from './support/watching.js';

let service: TestService;
let people: TestMember[];
let manager: TestMember;
let key: string;
beforeAll(async () => {
  service = await startService();
  people = await Promise.all(Array.from({ length: 4 }, () => service.member()));
  manager = await service.member({ role: Role.MANAGER });
  key = await service.key();
});
afterAll(() => service?.stop());

async function flagOne(queue: TestQueue, more: object = {}): Promise<string> {
  const inputs = [output(`${queue.key}-${uuidv7()}`, { queue: queue.key, ...more })];
  const { flagOutputs } = await service.do<any>(key, FLAG_MANY, { inputs });
  return flagOutputs.rows[0].payload.item.id;
}

const ITEM = `query ($id: ID!) { item(id: $id) { status escalations { note by { id } escalatedAt } reviews { id }
  resolution { verdict agreement { value } } } }`;
const see = async (id: string, token = key) => (await service.do<any>(token, ITEM, { id })).item;
const adjudicate = (member: TestMember, input: object) =>
  service.ask(member.token, `mutation ($input: AdjudicateInput!) { adjudicate(input: $input) { item { status } } }`, {
    input: { verdict: 'REJECTED', ...input },
  });
async function expectCountersRight(): Promise<void> {
  await service.app.get(Sequencer).runOnce();
  expect(await differences(service)).toEqual([]);
}

test('an escalated item waits for adjudication with its note; nobody else can review it, and their work is kept', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 3 });
  const id = await flagOne(queue);
  const [ann, bob, cid] = people as [TestMember, TestMember, TestMember];
  const { data } = await submit(service, ann, await claimOne(service, ann, queue));
  const [mine, theirs] = [await claimOne(service, bob, queue), await claimOne(service, cid, queue)];
  expect((await escalate(service, bob, mine, '  A legal question.\n')).data.escalate.item).toEqual({
    id,
    status: 'NEEDS_ADJUDICATION',
  });
  expect(await see(id)).toMatchObject({ escalations: [{ note: 'A legal question.', by: { id: bob.id } }] });
  const late = await submit(service, cid, theirs, { verdict: 'REJECTED', comment: 'mine' });
  expect(late.errors![0]!.extensions).toMatchObject({ code: 'LEASE_LOST', draftKept: true });
  expect(await service.sql(`SELECT comment FROM draft WHERE item_id = $1`, [id])).toEqual([{ comment: 'mine' }]);
  expect((await claim(service, people[3]!, { queue: queue.key })).emptyReason).toBe('NOTHING_OPEN');
  expect(await service.sql(`SELECT FROM ticket WHERE item_id = $1`, [id])).toEqual([]);
  await expectCountersRight();
  // A review that is revised does not take the decision from whoever it was left to.
  expect(codeOf(await revise(service, ann, data.submitReview.review.id, { verdict: 'REJECTED' }))).toBeNull();
  expect((await see(id)).status).toBe('NEEDS_ADJUDICATION');
  expect(codeOf(await adjudicate(manager, { itemId: id }))).toBeNull();
  expect(await see(id)).toMatchObject({ status: 'RESOLVED', resolution: { verdict: 'REJECTED', agreement: null } });
  await expectCountersRight();
});

test('a note is for those who decide and for its author, not for other reviewers', async () => {
  const queue = await makeQueue(service);
  const id = await flagOne(queue);
  await escalate(service, people[0]!, await claimOne(service, people[0]!, queue), 'Who is liable?');
  const viewer = await service.member({ role: Role.VIEWER });
  const notes = await Promise.all([people[0]!, people[1]!, manager, viewer].map(({ token }) => see(id, token)));
  expect(notes.map((item) => item.escalations.length)).toEqual([1, 0, 1, 1]);
});

test('the same escalation again gives the same; another note is refused, and so is a lease that is lost', async () => {
  const queue = await makeQueue(service);
  await flagOne(queue);
  const held = await claimOne(service, people[0]!, queue);
  for (const note of ['', '   ', 'x'.repeat(2_001)]) {
    expect(codeOf(await escalate(service, people[0]!, held, note))).toBe('INVALID_INPUT');
  }
  expect(codeOf(await escalate(service, people[1]!, held, 'not mine'))).toBe('NOT_FOUND');
  const both = await Promise.all([1, 2].map(() => escalate(service, people[0]!, held, 'x'.repeat(2_000))));
  expect(both.map(codeOf)).toEqual([null, null]);
  expect(codeOf(await escalate(service, people[0]!, held, 'y'))).toBe('DUPLICATE_CONFLICT');
  expect(codeOf(await submit(service, people[0]!, held))).toBe('LEASE_LOST');
  await flagOne(queue);
  const released = await claimOne(service, people[0]!, queue);
  await onLease(service, people[0]!, 'releaseAssignment', leaseOf(released));
  expect(codeOf(await escalate(service, people[0]!, released, 'late'))).toBe('LEASE_LOST');
  await expectCountersRight();
});

test('who escalated, reviewed or wrote an item does not decide it', async () => {
  const people = await Promise.all(
    ['Ann', 'Bob', 'Cid', 'Dot', 'Eve'].map((name) => service.member({ role: Role.MANAGER, name })),
  );
  const [ann, bob, cid, dot, eve] = people as [TestMember, TestMember, TestMember, TestMember, TestMember];
  const queue = await makeQueue(service, { reviewsRequired: 3 });
  const itemId = await flagOne(queue, { authors: ['Cid', dot.id] });
  await submit(service, ann, await claimOne(service, ann, queue));
  await escalate(service, bob, await claimOne(service, bob, queue), 'over to you');
  for (const party of [ann, bob, cid, dot]) expect(codeOf(await adjudicate(party, { itemId }))).toBe('FORBIDDEN');
  expect(codeOf(await adjudicate(eve, { itemId }))).toBeNull();
});

test('both who escalated and who lost the item are told', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  await flagOne(queue);
  const [ann, bob] = [await service.member(), await service.member()];
  const [mine, theirs] = [await claimOne(service, ann, queue), await claimOne(service, bob, queue)];
  await escalate(service, ann, mine, 'please');
  const told = async (member: TestMember) => {
    const stream = watch<any>(
      service,
      member.token,
      `subscription ($after: Cursor) { assignmentChanged(after: $after) { assignment { id status } } }`,
      { after: encodeCursor(service.projectId, 0) },
    );
    const [, end] = await stream.take(2);
    await stream.close();
    return end.assignmentChanged.assignment;
  };
  expect(await told(ann)).toEqual({ id: mine.id, status: 'ESCALATED' });
  expect(await told(bob)).toEqual({ id: theirs.id, status: 'RELEASED' });
});

test('where the queue asks why, an item is skipped with a reason only', async () => {
  const queue = await makeQueue(service);
  await service.do(
    manager.token,
    `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue { skipReasonRequired } } }`,
    { input: { key: queue.key, skipReasonRequired: true } },
  );
  await flagOne(queue);
  const held = await claimOne(service, people[0]!, queue);
  const skip = (more: object) =>
    onLease(service, people[0]!, 'releaseAssignment', { ...leaseOf(held), skip: true, ...more });
  for (const more of [{}, { reason: null }, { reason: ' ' }]) expect(codeOf(await skip(more))).toBe('INVALID_INPUT');
  expect(await service.sql(`SELECT FROM assignment WHERE id = $1`, [held.id])).toHaveLength(1);
  expect(codeOf(await skip({ reason: 'I know them' }))).toBeNull();
  // Once the lease is gone, that is what is said.
  expect(codeOf(await skip({}))).toBe('LEASE_LOST');
  await flagOne(queue);
  const other = await claimOne(service, people[0]!, queue);
  expect(codeOf(await onLease(service, people[0]!, 'releaseAssignment', leaseOf(other)))).toBeNull();
});
