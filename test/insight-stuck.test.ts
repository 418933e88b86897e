import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import {
  claim,
  claimOne,
  escalate,
  leaseOf,
  makeItems,
  makeQueue,
  onLease,
  submit,
  type TestQueue,
} from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let viewer: TestMember;
beforeAll(async () => {
  service = await startService();
  viewer = await service.member({ role: Role.VIEWER });
});
afterAll(() => service?.stop());

async function stuck(queue: TestQueue): Promise<number> {
  const query = `query ($key: String!) { queue(key: $key) { stats { stuck } } }`;
  return (await service.do(viewer.token, query, { key: queue.key })).queue.stats.stuck;
}

test('an item is stuck while no active member has the skills that its queue asks for', async () => {
  const queue = await makeQueue(service, { skills: ['welsh'] });
  await makeItems(service, queue, [{}, {}]);
  await service.member();
  // Looks on, and so takes nothing.
  await service.member({ role: Role.VIEWER, skills: ['welsh'] });
  expect(await stuck(queue)).toBe(2);
  const welsh = await service.member({ skills: ['welsh', 'english'] });
  expect(await stuck(queue)).toBe(0);
  await service.sql(`UPDATE member SET deactivated_at = now() WHERE id = $1`, [welsh.id]);
  expect(await stuck(queue)).toBe(2);
  await service.sql(`UPDATE queue SET relax_skills_after_seconds = 60 WHERE id = $1`, [queue.id]);
  expect(await stuck(queue)).toBe(0);
});

test('an item is stuck when all who work its queue have reviewed or skipped it, or wrote it', async () => {
  const queue = await makeQueue(service, { reviewsRequired: 2 });
  const [first] = await makeItems(service, queue, [{}, {}]);
  const [ann, bob] = [await service.member(), await service.member({ name: 'Bob' })];
  await service.sql(`INSERT INTO queue_member (project_id, queue_id, member_id) SELECT $1, $2, unnest($3::uuid[])`, [
    service.projectId,
    queue.id,
    [ann.id, bob.id],
  ]);
  expect(await stuck(queue)).toBe(0);
  await service.sql(`INSERT INTO item_author (project_id, item_id, author) VALUES ($1, $2, 'Bob')`, [
    service.projectId,
    first,
  ]);
  expect(await stuck(queue)).toBe(0);

  const { assignments } = await claim(service, ann, { queue: queue.key, count: 2 });
  for (const held of assignments) await submit(service, ann, held);
  // Of the first, Bob wrote what Ann reviewed; the second he can still take.
  expect(await stuck(queue)).toBe(1);
  await onLease(service, bob, 'releaseAssignment', { ...leaseOf(await claimOne(service, bob, queue)), skip: true });
  expect(await stuck(queue)).toBe(2);
});

test('a decision is stuck while every active manager and admin escalated, reviewed or wrote the item', async () => {
  const queue = await makeQueue(service);
  const [item] = await makeItems(service, queue, [{}, {}]);
  const QUERY = `query ($key: String!, $id: ID!) { queue(key: $key) { stats { needsAdjudication undecidable stuck } } item(id: $id) { isUndecidable } }`;
  const read = async () => {
    const found = await service.do(viewer.token, QUERY, { key: queue.key, id: item });
    return { ...found.queue.stats, ...found.item };
  };
  // The counts follow the log, some hundredths of a second behind.
  const stands = (expected: object) => expect.poll(read, { timeout: 15_000 }).toMatchObject(expected);
  const lone = await service.member({ role: Role.ADMIN });
  await stands({ needsAdjudication: 0, undecidable: 0, isUndecidable: false });
  await escalate(service, lone, await claimOne(service, lone, queue), 'Who is to say?');
  await stands({ needsAdjudication: 1, undecidable: 1, isUndecidable: true, stuck: 0 });
  const other = await service.member({ role: Role.MANAGER, name: 'Second' });
  await stands({ needsAdjudication: 1, undecidable: 0, isUndecidable: false });
  await service.sql(`INSERT INTO item_author (project_id, item_id, author) VALUES ($1, $2, 'Second')`, [
    service.projectId,
    item,
  ]);
  await stands({ undecidable: 1, isUndecidable: true });
  // With nobody who may decide at all, every decision is stuck.
  const ann = await service.member();
  await escalate(service, ann, await claimOne(service, ann, queue), 'Not for me.');
  await stands({ needsAdjudication: 2, undecidable: 1 });
  await service.sql(`UPDATE member SET deactivated_at = now() WHERE id = ANY ($1)`, [[lone.id, other.id]]);
  await stands({ needsAdjudication: 2, undecidable: 2, isUndecidable: true });
});
