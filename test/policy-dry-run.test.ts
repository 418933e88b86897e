import 'reflect-metadata';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { codeOf, makeQueue, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

let service: TestService;
let manager: TestMember;
let queue: TestQueue;
beforeAll(async () => {
  service = await startService();
  manager = await service.member({ role: Role.MANAGER });
  queue = await makeQueue(service, { key: 'risky', reviewsRequired: 2 });
  // A hundred outputs on each of the last four days, with a confidence of 0.00 to 0.99; a quarter went to review. Ten more
  // of a day named their queue. Straight in the table, for flags are of today.
  await service.sql(
    `INSERT INTO flag (project_id, external_id, content_hash, decision, item_id, policy_version, rule, flagged_by, seen, flagged_at)
     SELECT $1, day || '-' || n, '\\x00', CASE WHEN n < 25 THEN 'REVIEW' ELSE 'PASS' END,
            CASE WHEN n < 25 THEN gen_random_uuid() END, 1, 'old', 'system',
            json_build_object('source', 'app', 'model', NULL, 'prompt', NULL, 'confidence', n / 100.0, 'risk', NULL,
                              'reasons', json_build_array(), 'tags', json_build_array(),
                              'signals', json_build_array(json_build_object('name', 'zero', 'value', 0))),
            now() - make_interval(days => day)
       FROM generate_series(0, 3) day, generate_series(0, 99) n`,
    [service.projectId],
  );
  await service.sql(
    `INSERT INTO flag (project_id, external_id, content_hash, decision, item_id, flagged_by, seen)
     SELECT $1, 'named-' || n, '\\x00', 'REVIEW', gen_random_uuid(), 'system', '{}' FROM generate_series(1, 10) n`,
    [service.projectId],
  );
  // Reviews of about a minute: bucket 127 is 2^(127.5/8) ms.
  await service.sql(
    `INSERT INTO tally (project_id, queue_id, measure, day, subject, bucket, n)
     VALUES ($1, $2, 'REVIEW_MS', (now() AT TIME ZONE 'UTC')::date, 'somebody', 127, 8)`,
    [service.projectId, queue.id],
  );
});
afterAll(() => service?.stop());

const DRY_RUN = `query ($input: PolicyDryRunInput!) { policyDryRun(input: $input) {
  sampleRate sampled outputs reviewed reviewedThen named passesKeptSince
  rules { name decision queue outputs broken days { day outputs } }
  queues { key outputs reviewsEach reviewMedianMs reviewsMeasured reviewHours } } }`;

const dryRun = (rules: unknown, days = 7, token = manager.token) =>
  service.ask<any>(token, DRY_RUN, { input: { rules, days } });

const RULES = [
  { name: 'unsure', when: 'confidence < 0.5', queue: 'risky' },
  { name: 'rest', decision: 'PASS' },
];

test('a dry run counts what each rule would have taken, by day, and the hours of review', async () => {
  const { policyDryRun: run } = (await dryRun(RULES)).data;
  expect(run).toMatchObject({
    sampleRate: 1,
    sampled: 410,
    outputs: 400,
    reviewed: 200,
    reviewedThen: 100,
    named: 10,
  });
  expect(run.rules.map(({ name, outputs }: any) => [name, outputs])).toEqual([
    ['unsure', 200],
    ['rest', 200],
  ]);
  const days = run.rules[0].days.map(({ outputs }: any) => outputs);
  expect(days).toHaveLength(8);
  expect(days.filter(Boolean)).toEqual([50, 50, 50, 50]);
  const medianMs = Math.round(2 ** (127.5 / 8));
  expect(run.queues).toEqual([
    {
      key: 'risky',
      outputs: 200,
      reviewsEach: 2,
      reviewMedianMs: medianMs,
      reviewsMeasured: 8,
      reviewHours: (200 * 2 * medianMs) / 3_600_000,
    },
  ]);
  expect((await dryRun(RULES, 1)).data.policyDryRun).toMatchObject({ outputs: 100, reviewed: 50 });
});

test('conditions that break are counted, and a queue without reviews has no hours', async () => {
  await makeQueue(service, { key: 'new' });
  const rules = [{ name: 'broken', when: '1 / int(signals.zero) > 0', queue: 'new' }, RULES[1]];
  const { policyDryRun: run } = (await dryRun(rules)).data;
  expect(run.rules[0]).toMatchObject({ outputs: 400, broken: 400 });
  expect(run.queues).toEqual([
    { key: 'new', outputs: 400, reviewsEach: 1, reviewMedianMs: null, reviewsMeasured: 0, reviewHours: null },
  ]);
});

test('faulty rules are refused with their place, and nothing is saved by asking', async () => {
  const faulty = await dryRun([{ name: 'a', when: 'confidnce < 0.5', queue: 'nowhere' }, RULES[1]]);
  expect(faulty.errors![0]!.extensions).toMatchObject({
    code: 'INVALID_INPUT',
    faults: [expect.objectContaining({ path: ['input', 'rules', 0, 'when'], line: 1, column: 1 })],
  });
  const elsewhere = await dryRun([{ name: 'a', when: 'confidence < 0.5', queue: 'nowhere' }, RULES[1]]);
  expect(elsewhere.errors![0]!.message).toContain('no queue has the key "nowhere"');
  for (const days of [0, 91]) expect(codeOf(await dryRun(RULES, days))).toBe('INVALID_INPUT');
  expect(await service.sql('SELECT FROM policy')).toEqual([]);
  for (const role of [Role.REVIEWER, Role.VIEWER]) {
    expect(codeOf(await dryRun(RULES, 7, (await service.member({ role })).token))).toBe('FORBIDDEN');
  }
  expect(codeOf(await dryRun(RULES, 7, await service.key([ApiKeyScope.READ])))).toBe('FORBIDDEN');
});

test('of very many outputs a share is looked at, and the answer says which', async () => {
  await service.sql(
    `INSERT INTO flag (project_id, external_id, content_hash, decision, policy_version, rule, flagged_by, seen, flagged_at)
     SELECT $1, 'many-' || n, '\\x00', 'PASS', 1, 'old', 'system',
            json_build_object('source', 'app', 'model', NULL, 'prompt', NULL, 'confidence', n % 100 / 100.0, 'risk', NULL,
                              'reasons', json_build_array(), 'tags', json_build_array(), 'signals', json_build_array()),
            now() - interval '1 hour'
       FROM generate_series(1, 60000) n`,
    [service.projectId],
  );
  await service.sql('ANALYZE flag');
  const { policyDryRun: run } = (await dryRun(RULES)).data;
  expect(run.sampleRate).toBeLessThan(0.5);
  expect(run.sampled).toBeLessThanOrEqual(20_000);
  expect(run.outputs).toBeGreaterThan(45_000);
  expect(run.outputs).toBeLessThan(75_000);
  expect(run.reviewed / run.outputs).toBeCloseTo(0.5, 1);
});
