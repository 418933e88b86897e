import { afterAll, beforeAll, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { FLAG, makeQueue, output } from './support/intake.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let key: string;

const WITHDRAW = `mutation ($input: WithdrawItemInput!) { withdrawItem(input: $input) { item { id status } } }`;

beforeAll(async () => {
  service = await startService();
  key = await service.key([ApiKeyScope.FLAG]);
  await makeQueue(service, { reviewsRequired: 2 });
});
afterAll(() => service?.stop());

const flag = async (id: string): Promise<string> =>
  (await service.do(key, FLAG, { input: output(id) })).flagOutput.item.id;
const withdraw = (token: string, itemId: string, reason?: string) =>
  service.ask(token, WITHDRAW, { input: { itemId, reason } });
const events = async (itemId: string) =>
  (
    await service.sql(
      `SELECT kind, data FROM (SELECT id::bigint AS n, kind, data, item_id, 1 AS part FROM outbox
                         UNION ALL SELECT seq, kind, data, item_id, 0 FROM event) e WHERE item_id = $1 ORDER BY part, n`,
      [itemId],
    )
  ).map(({ kind, data }) => [kind, data]);

test('a withdrawn item is offered to nobody, its leases end, and the log says so once', async () => {
  const itemId = await flag('held');
  const { id: memberId } = await service.member();
  const assignmentId = uuidv7();
  await service.sql(
    `WITH taken AS (DELETE FROM ticket WHERE item_id = $1 AND slot = 0 RETURNING *)
     INSERT INTO assignment (project_id, id, item_id, slot, member_id, queue_id, lane_id, rank, rubric_version,
                             lease_token, lease_seconds, lease_expires_at)
     SELECT t.project_id, $2, $1, 0, $3, i.queue_id, t.lane_id, t.rank, 1, $2, 600, now() + interval '10 minutes'
       FROM taken t JOIN item i ON i.id = t.item_id`,
    [itemId, assignmentId, memberId],
  );
  const { token } = await service.member({ role: Role.MANAGER });
  expect((await withdraw(token, itemId, 'sent by mistake')).data).toEqual({
    withdrawItem: { item: { id: itemId, status: 'WITHDRAWN' } },
  });
  expect((await withdraw(token, itemId)).data.withdrawItem.item.status).toBe('WITHDRAWN');
  expect(await service.sql('SELECT 1 FROM ticket WHERE item_id = $1', [itemId])).toEqual([]);
  expect(await service.sql('SELECT 1 FROM assignment WHERE item_id = $1', [itemId])).toEqual([]);
  const lapses = await service.sql('SELECT member_id, ended_as FROM lapse WHERE assignment_id = $1', [assignmentId]);
  expect(lapses).toEqual([{ member_id: memberId, ended_as: 'RELEASED' }]);
  expect((await events(itemId)).slice(1)).toEqual([
    ['ASSIGNMENT_RELEASED', { assignmentId, memberId, slot: 0, reason: 'WITHDRAWN' }],
    ['ITEM_WITHDRAWN', { from: 'OPEN', reason: 'sent by mistake' }],
  ]);
});

test('an item that has its answer cannot be withdrawn', async () => {
  const itemId = await flag('answered');
  await service.sql(`UPDATE item SET status = 'RESOLVED', resolved_at = now() WHERE id = $1`, [itemId]);
  const { token } = await service.member({ role: Role.ADMIN });
  expect((await withdraw(token, itemId)).errors?.[0]?.extensions.code).toBe('ALREADY_RESOLVED');
});

test('an app takes back what its key flagged and nothing else; reviewers take back nothing', async () => {
  const itemId = await flag('mine');
  const stranger = await service.key([ApiKeyScope.FLAG]);
  expect((await withdraw(stranger, itemId)).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  expect((await withdraw(key, uuidv7())).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  const { token } = await service.member();
  expect((await withdraw(token, itemId)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  expect((await withdraw(key, itemId)).data.withdrawItem.item.status).toBe('WITHDRAWN');
});

test('withdrawing twenty times at once withdraws once', async () => {
  const itemId = await flag('crowd');
  const answers = await Promise.all(Array.from({ length: 20 }, () => withdraw(key, itemId)));
  expect(answers.flatMap((answer) => answer.errors ?? [])).toEqual([]);
  expect((await events(itemId)).filter(([kind]) => kind === 'ITEM_WITHDRAWN')).toHaveLength(1);
});
