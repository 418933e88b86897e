import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { v7 as uuidv7 } from 'uuid';

import { verifyLog } from '../src/cli/verify-log.js';
import { chainHash, GENESIS } from '../src/log/chain.js';
import { Sequencer } from '../src/log/sequencer.js';
import { logEvents } from './support/log.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let projectId: number;
let key: string;
beforeAll(async () => (service = await startService()));
afterAll(() => service.stop());

beforeEach(async () => {
  key = `p-${uuidv7()}`;
  [{ id: projectId }] = await service.sql<any>(`INSERT INTO project (key, name) VALUES ($1, 'P') RETURNING id`, [key]);
  await logEvents(service, 20, 'QUEUE_SAVED', projectId);
  await service.app.get(Sequencer).runOnce();
  expect(await verify()).toMatchObject({ code: 0, line: expect.stringContaining('ok, 20 events from 1 to 20') });
});

async function verify() {
  const lines: string[] = [];
  const output = { out: (line: string) => lines.push(line), progress: () => {} };
  const code = await verifyLog(async () => service.database.url, key, output);
  return { code, line: lines.join('\n') };
}

/** Changes the log as somebody with the database's password could. */
const tamper = (sql: string) => service.sql(sql.replaceAll('PROJECT', `project_id = ${projectId}`));

test.each([
  [
    'one byte of one event is flipped',
    `UPDATE event SET data = replace(data::text, '7', '8')::json WHERE PROJECT AND seq = 7`,
    7,
  ],
  [
    'a time is moved by a microsecond',
    `UPDATE event SET at = at + interval '1 microsecond' WHERE PROJECT AND seq = 7`,
    7,
  ],
  ['an event in the middle is deleted', `DELETE FROM event WHERE PROJECT AND seq = 7`, 7],
  ['the first event is deleted', `DELETE FROM event WHERE PROJECT AND seq = 1`, 1],
  ['the tail is deleted', `DELETE FROM event WHERE PROJECT AND seq > 17`, 18],
  [
    'the tail is deleted and the head set back',
    `WITH d AS (DELETE FROM event WHERE PROJECT AND seq > 17)
     UPDATE log_head SET seq = 17 WHERE PROJECT`,
    17,
  ],
  ['two events change places', `UPDATE event SET seq = -seq FROM (SELECT 1) x WHERE false AND PROJECT`, 0],
  [
    'a forged event is put behind the last',
    `INSERT INTO event SELECT project_id, 21, kind, actor, item_id, queue_id, data, at, hash
     FROM event WHERE PROJECT AND seq = 20`,
    21,
  ],
  ['all events are gone', `DELETE FROM event WHERE PROJECT`, 1],
  ['the head is gone', `DELETE FROM log_head WHERE PROJECT`, 1],
])('%s: the first bad event is named', async (what, change, seq) => {
  if (what === 'two events change places') {
    seq = 5;
    await tamper(`UPDATE event SET seq = 1000 WHERE PROJECT AND seq = 5`);
    await tamper(`UPDATE event SET seq = 5 WHERE PROJECT AND seq = 6`);
    await tamper(`UPDATE event SET seq = 6 WHERE PROJECT AND seq = 1000`);
  } else await tamper(change);
  const { code, line } = await verify();
  expect(code).toBe(1);
  expect(line).toContain(`BROKEN at event ${seq}:`);
});

test('a forged event in the middle, with the rest moved up, is named', async () => {
  await tamper(`UPDATE event SET seq = seq + 1000 WHERE PROJECT AND seq >= 10`);
  await tamper(`UPDATE event SET seq = seq - 999 WHERE PROJECT AND seq >= 1000`);
  await tamper(`INSERT INTO event SELECT project_id, 10, 'ITEM_RESOLVED', actor, item_id, queue_id, data, at, hash
                  FROM event WHERE PROJECT AND seq = 9`);
  await tamper(`UPDATE log_head SET seq = 21 WHERE PROJECT`);
  expect(await verify()).toMatchObject({ code: 1, line: expect.stringContaining('BROKEN at event 10:') });
});

test('a counter that was changed is named, with what the tables say', async () => {
  const queueId = uuidv7();
  await service.sql(`INSERT INTO queue_count (project_id, queue_id, resolved) VALUES ($1, $2, 3)`, [
    projectId,
    queueId,
  ]);
  const { code, line } = await verify();
  expect(code).toBe(1);
  expect(line).toContain(`BROKEN counter resolved of queue ${queueId}: it says 3, the tables say 0`);
});

test('wrong usage and a database that cannot be reached have codes of their own', async () => {
  const output = { out: () => {}, progress: () => {} };
  expect(await verifyLog(async () => service.database.url, 'no-such', output)).toBe(2);
  expect(await verifyLog(async () => 'postgres://127.0.0.1:1/none', null, output)).toBe(3);
});

// The expected hash was computed by another program, from docs/log-format.md alone.
test('the format of the chain does not change', () => {
  const event = {
    projectId: 1,
    seq: 1,
    kind: 'ITEM_FLAGGED',
    actor: 'key:é',
    itemId: '0198a8b2-0000-7000-8000-000000000001',
    queueId: null,
    data: '{"a": 1}',
    atMicros: '1700000000000001',
  };
  expect(chainHash(GENESIS, event).toString('hex')).toBe(
    'f73cccf2223de41a54c5cb72251b0dd7a9936a2ac5194ca0b246680a4cef5af4',
  );
});
