import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import {
  claim,
  claimOne,
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
