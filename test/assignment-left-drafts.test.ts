import { afterAll, beforeAll, expect, test } from 'vitest';

import { LeftDrafts } from '../src/assignment/left-draft.chore.js';
import { makeItem, makeQueue } from './support/reviewing.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service?.stop());

test('a draft is deleted thirty days after it was left, once its item is decided, and not before', async () => {
  const queue = await makeQueue(service);
  const member = await service.member();
  const draftOn = async (status: string, savedAgo: string) => {
    const item = await makeItem(service, queue);
    await service.sql('UPDATE item SET status = $2 WHERE id = $1', [item, status]);
    await service.sql(
      `INSERT INTO draft (project_id, item_id, member_id, comment, saved_at)
       VALUES ($1, $2, $3, 'begun', now() - $4::interval)`,
      [service.projectId, item, member.id, savedAgo],
    );
    return item;
  };
  const old = await draftOn('WITHDRAWN', '31 days');
  const kept = [
    await draftOn('OPEN', '400 days'),
    await draftOn('NEEDS_ADJUDICATION', '400 days'),
    await draftOn('WITHDRAWN', '29 days'),
  ];
  await service.app.get(LeftDrafts).runOnce();
  const left = await service.sql<{ item_id: string }>('SELECT item_id FROM draft ORDER BY item_id');
  expect(left.map((row) => row.item_id)).toEqual([...kept].sort());
  expect(left.map((row) => row.item_id)).not.toContain(old);
});
