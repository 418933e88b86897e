import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { output } from './support/intake.js';
import { claim, claimOne, codeOf, submit } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
let key: string;
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
  key = await service.key();
});
afterAll(() => service?.stop());

const SAVE = `mutation ($input: SaveQueueInput!) { saveQueue(input: $input) { queue {
  id key skills members separateGroups relaxSkillsAfterSeconds onDeadline } } }`;

let made = 0;

async function queueWith(options: object): Promise<{ id: string; key: string }> {
  const name = `q-${(made += 1)}`;
  const { saveQueue } = await service.do<any>(manager.token, SAVE, { input: { key: name, name, ...options } });
  expect(saveQueue.queue).toMatchObject(options);
  return saveQueue.queue;
}

async function flag(queue: { key: string }, more: object = {}): Promise<string> {
  const { flagOutput } = await service.do<any>(
    key,
    `mutation ($input: FlagOutputInput!) { flagOutput(input: $input) { item { id } } }`,
    { input: output(`e-${(made += 1)}`, { queue: queue.key, ...more }) },
  );
  return flagOutput.item.id;
}

test('a queue with members is offered to them alone; without, to all', async () => {
  const [ann, bob] = [await service.member({ name: 'Ann' }), await service.member({ name: 'Bob' })];
  const queue = await queueWith({ members: ['Ann'] });
  const item = await flag(queue);
  expect(await claim(service, bob, { queue: queue.key })).toMatchObject({ emptyReason: 'NOT_ELIGIBLE' });
  expect((await claim(service, bob)).assignments).toEqual([]);
  expect((await claimOne(service, ann, queue)).item.id).toBe(item);
  const next = await flag(queue);
  await service.do(manager.token, SAVE, { input: { key: queue.key, members: [] } });
  expect((await claimOne(service, bob, queue)).item.id).toBe(next);

  const wrong = await service.ask(manager.token, SAVE, { input: { key: queue.key, members: ['Bob', 'Nobody'] } });
  expect(codeOf(wrong)).toBe('INVALID_INPUT');
  expect(wrong.errors![0]!.extensions.faults).toMatchObject([
    { path: ['input', 'members', 1], message: 'there is no member "Nobody"' },
  ]);
});

test('nobody is offered what they wrote, by name or by id', async () => {
  const queue = await queueWith({});
  const [eve, mallory] = [await service.member({ name: 'Eve' }), await service.member()];
  await flag(queue, { authors: ['Eve', mallory.id] });
  for (const author of [eve, mallory])
    expect((await claim(service, author, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');
  expect((await claim(service, await service.member(), { queue: queue.key })).assignments).toHaveLength(1);
});

test('where groups are kept apart nobody gets two items of one group, in one claim or in two', async () => {
  const queue = await queueWith({ separateGroups: true });
  const [first] = [await flag(queue, { groupKey: 'g' }), await flag(queue, { groupKey: 'g' }), await flag(queue)];
  const [ann, bob] = [await service.member(), await service.member()];
  const both = await claim(service, ann, { queue: queue.key, count: 3 });
  expect(both.assignments).toHaveLength(2);
  expect(both.assignments[0]!.item.id).toBe(first);
  for (const held of both.assignments) await submit(service, ann, held);
  expect((await claim(service, ann, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');
  expect((await claim(service, bob, { queue: queue.key, count: 3 })).assignments).toHaveLength(1);
});

test('a skill is asked for until an item has waited too long', async () => {
  const queue = await queueWith({ skills: ['law'], relaxSkillsAfterSeconds: 3_600 });
  const [old, young] = [await flag(queue), await flag(queue)];
  const plain = await service.member();
  expect((await claim(service, plain, { queue: queue.key })).emptyReason).toBe('NOT_ELIGIBLE');
  await service.sql(`UPDATE item SET created_at = now() - interval '1 hour' WHERE id = $1`, [old]);
  const got = await claim(service, plain, { queue: queue.key, count: 5 });
  expect(got.assignments.map((held) => held.item.id)).toEqual([old]);
  expect((await claimOne(service, await service.member({ skills: ['law'] }), queue)).item.id).toBe(young);
});

test('a member holds as many leases as their capacity', async () => {
  const queue = await queueWith({});
  for (let i = 0; i < 4; i += 1) await flag(queue);
  const member = await service.member();
  const admin = await service.member({ role: Role.ADMIN });
  const set = (capacity: number) =>
    service.ask(
      admin.token,
      `mutation ($input: UpdateMemberInput!) { updateMember(input: $input) { member { capacity } } }`,
      { input: { memberId: member.id, capacity } },
    );
  expect((await set(2)).data).toEqual({ updateMember: { member: { capacity: 2 } } });
  expect(codeOf(await set(0))).toBe('INVALID_INPUT');
  const got = await claim(service, member, { queue: queue.key, count: 4 });
  expect(got.assignments).toHaveLength(2);
  expect(got.emptyReason).toBe('AT_CAPACITY');
});
