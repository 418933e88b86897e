import { afterAll, beforeAll, expect, test } from 'vitest';

import { ApiKeyScope } from '../src/access/viewer.js';
import { FLAG, FLAG_MANY, makePolicy, makeQueue, output } from './support/intake.js';
import { startService, type TestService } from './support/service.js';

let service: TestService;
let other: TestService;
let key: string;

beforeAll(async () => {
  service = await startService();
  other = await startService({ on: service });
  key = await service.key([ApiKeyScope.FLAG]);
  await makeQueue(service);
  await makeQueue(service, { key: 'twice', reviewsRequired: 2, slaSeconds: 3_600, skills: ['law'] });
});
afterAll(async () => {
  await other?.stop();
  await service?.stop();
});

const flag = (input: object, on = service) => on.ask(key, FLAG, { input });
const codeOf = (answer: { errors?: { extensions: { code: string } }[] }) => answer.errors?.[0]?.extensions.code;
const counts = async (prefix: string) => {
  const [row] = await service.sql(
    `SELECT (SELECT count(*)::int FROM flag WHERE external_id LIKE $1) AS flags,
            count(DISTINCT i.id)::int AS items, count(t.slot)::int AS tickets, count(DISTINCT e.item_id)::int AS payloads
       FROM item i LEFT JOIN ticket t ON t.item_id = i.id LEFT JOIN evidence e ON e.item_id = i.id
      WHERE i.external_id LIKE $1`,
    [`${prefix}%`],
  );
  return row;
};

test('a flagged output is stored with a ticket for each review and comes back as it was sent', async () => {
  const sent = output('whole', {
    queue: 'twice',
    model: { name: 'gpt', version: '4' },
    context: ['a passage', { b: 1, a: [null] }],
    metadata: { z: 1, a: { nested: true } },
    confidence: 0.25,
    risk: 'HIGH',
    reasons: ['unsure'],
    signals: [{ name: 'length', value: 3.5 }],
    tags: ['b', 'a'],
  });
  const { flagOutput } = await service.do(key, FLAG, { input: sent });
  expect(flagOutput).toMatchObject({ decision: 'REVIEW', duplicate: false, rule: null });
  expect(flagOutput.item).toMatchObject({
    externalId: 'whole',
    status: 'OPEN',
    priority: 0,
    reviewsRequired: 2,
    queue: { key: 'twice' },
    model: { name: 'gpt', version: '4' },
    signals: [{ name: 'length', value: 3.5 }],
    tags: ['b', 'a'],
    policyVersion: null,
  });
  const read = await service.do(
    await service.key([ApiKeyScope.READ]),
    `query ($id: ID!) { item(id: $id) { id externalId status priority dueAt createdAt input output context metadata
       reviewsRequired source tags reasons signals { name value } model { name version } queue { key } rule policyVersion } }`,
    { id: flagOutput.item.id },
  );
  expect(read.item).toEqual(flagOutput.item);
  expect(JSON.stringify(read.item.metadata)).toBe('{"z":1,"a":{"nested":true}}');
  expect(Date.parse(read.item.dueAt) - Date.parse(read.item.createdAt)).toBe(3_600_000);
  expect(await counts('whole')).toEqual({ flags: 1, items: 1, tickets: 2, payloads: 1 });
  const slots = await service.sql(
    `SELECT t.slot, l.tier, l.skills FROM ticket t JOIN lane l ON l.id = t.lane_id WHERE t.item_id = $1 ORDER BY slot`,
    [flagOutput.item.id],
  );
  expect(slots).toEqual([
    { slot: 0, tier: 0, skills: ['law'] },
    { slot: 1, tier: 1, skills: ['law'] },
  ]);
});

test('the same output again is the same item, whatever its routing says; other content is refused', async () => {
  const first = await flag(output('same'));
  const again = await flag(output('same', { tags: [], metadata: null, priority: 3, dueAt: '2030-01-01T00:00:00Z' }));
  expect(again.data.flagOutput).toEqual({ ...first.data.flagOutput, duplicate: true });
  const changed = await flag(output('same', { output: { answer: 'Lost.' } }));
  expect(codeOf(changed)).toBe('DUPLICATE_CONFLICT');
  expect(changed.errors?.[0]?.extensions.itemId).toBe(first.data.flagOutput.item.id);
  expect(await counts('same')).toMatchObject({ flags: 1, items: 1 });
});

test('fifty callers of one id on two instances get one item, and exactly one of them added it', async () => {
  for (let round = 0; round < 4; round++) {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) => flag(output(`race-${round}`), i % 2 ? service : other)),
    );
    expect(answers.flatMap((answer) => answer.errors ?? [])).toEqual([]);
    expect(answers.filter((answer) => !answer.data.flagOutput.duplicate)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.data.flagOutput.item.id)).size).toBe(1);
  }
  expect(await counts('race-')).toEqual({ flags: 4, items: 4, tickets: 4, payloads: 4 });
});

test('of different contents that race for one id one wins and the others are refused', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      flag(output('rivals', { output: `answer ${i % 4}` }), i % 2 ? service : other),
    ),
  );
  const stored = answers.filter((answer) => !answer.errors);
  expect(stored.filter((answer) => !answer.data.flagOutput.duplicate)).toHaveLength(1);
  expect(new Set(stored.map((answer) => JSON.stringify(answer.data.flagOutput.item.output))).size).toBe(1);
  expect(new Set(answers.flatMap((answer) => codeOf(answer) ?? []))).toEqual(new Set(['DUPLICATE_CONFLICT']));
});

test('batches that share ids in opposite orders neither block each other nor store anything twice', async () => {
  const ids = Array.from({ length: 200 }, (_, i) => `shared-${i}`);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      (i % 2 ? service : other).ask(key, FLAG_MANY, {
        inputs: (i % 4 < 2 ? ids : [...ids].reverse()).map((id) => output(id)),
      }),
    ),
  );
  const rows = answers.flatMap((answer) => answer.data.flagOutputs.rows);
  expect(rows.filter((row: any) => row.error)).toEqual([]);
  expect(rows.filter((row: any) => !row.payload.duplicate)).toHaveLength(200);
  expect(await counts('shared-')).toEqual({ flags: 200, items: 200, tickets: 200, payloads: 200 });
});

test('in a batch of 1,000 bad rows fail alone, each with its reason, and repeated ids are handled', async () => {
  const inputs = Array.from({ length: 1_000 }, (_, i) => output(`batch-${i}`));
  inputs[3] = output('batch-3', { queue: 'nowhere' });
  inputs[5] = output('batch-5', { confidence: 1.5 });
  inputs[7] = output('', {});
  inputs[9] = output('batch-9', { priority: 10 });
  inputs[11] = output('batch-10');
  inputs[13] = output('batch-10', { output: 'another' });
  inputs[15] = output('batch-15', { tags: Array.from({ length: 51 }, (_, i) => `t${i}`) });
  inputs[17] = output('batch-17', { source: 'x'.repeat(257) });
  inputs[19] = output('batch-19', { input: 'x'.repeat(1024 * 1024) });
  inputs[21] = output('batch-21', {
    signals: [
      { name: 'a', value: 1 },
      { name: 'a', value: 2 },
    ],
  });
  // The id of a refused row is free for a good one, before or after it.
  inputs[23] = output('batch-3');
  const { flagOutputs } = await service.do(key, FLAG_MANY, { inputs });
  const rows = flagOutputs.rows as any[];
  expect(rows.map((row) => row.externalId)).toEqual(inputs.map((input) => input.externalId));
  const refused = Object.fromEntries(rows.flatMap((row, i) => (row.error ? [[i, row.error.code]] : [])));
  expect(refused).toEqual({
    3: 'INVALID_INPUT',
    5: 'INVALID_INPUT',
    7: 'INVALID_INPUT',
    9: 'INVALID_INPUT',
    13: 'DUPLICATE_CONFLICT',
    15: 'INVALID_INPUT',
    17: 'INVALID_INPUT',
    19: 'PAYLOAD_TOO_LARGE',
    21: 'INVALID_INPUT',
  });
  expect(rows[3].error.message).toContain('"nowhere"');
  expect(rows[11].payload).toMatchObject({ duplicate: true, item: { id: rows[10].payload.item.id } });
  expect(rows[23].payload.duplicate).toBe(false);
  expect(rows.filter((row) => row.payload && row.error)).toEqual([]);
  expect(await counts('batch-')).toEqual({ flags: 990, items: 990, tickets: 990, payloads: 990 });
});

test('more than 1,000 at once, and none, are refused', async () => {
  const inputs = Array.from({ length: 1_001 }, (_, i) => output(`many-${i}`));
  expect(codeOf(await service.ask(key, FLAG_MANY, { inputs }))).toBe('INVALID_INPUT');
  expect(codeOf(await service.ask(key, FLAG_MANY, { inputs: [] }))).toBe('INVALID_INPUT');
});

test('without a queue and without a policy the caller is told what to do', async () => {
  const answer = await flag(output('nobody', { queue: null }));
  expect(codeOf(answer)).toBe('INVALID_INPUT');
  expect(answer.errors?.[0]?.message).toContain('countersign apply');
});

test('more urgent outputs rank before less urgent ones, and a near deadline before both', async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const urgency: [string, object][] = [
    ['rank-deadline', { dueAt: soon }],
    ['rank-9', { priority: 9 }],
    ['rank-1', { priority: 1 }],
    ['rank-0', {}],
  ];
  for (const [id, more] of [...urgency].reverse()) await flag(output(id, more));
  const rows = await service.sql(
    `SELECT external_id FROM ticket t JOIN item i ON i.id = t.item_id AND t.rank = i.rank
      WHERE external_id LIKE 'rank-%' ORDER BY t.rank`,
  );
  // 9 x 4 hours of waiting are more than the 24 - 1 hours by which the deadline is near.
  expect(rows.map((row) => row.external_id)).toEqual(['rank-9', 'rank-deadline', 'rank-1', 'rank-0']);
});

test('only keys that may flag, admins and managers flag', async () => {
  const reader = await service.key([ApiKeyScope.READ]);
  expect(codeOf(await service.ask(reader, FLAG, { input: output('forbidden') }))).toBe('FORBIDDEN');
  const { token } = await service.member();
  expect(codeOf(await service.ask(token, FLAG, { input: output('forbidden') }))).toBe('FORBIDDEN');
});

test('every item that is added stands in the log once, with who flagged it', async () => {
  await flag(output('logged'));
  await flag(output('logged'));
  const rows = await service.sql(
    `SELECT kind, actor, data FROM (SELECT kind, actor, data FROM outbox UNION ALL SELECT kind, actor, data FROM event) e
      WHERE data->>'externalId' = 'logged'`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]).toMatchObject({ kind: 'ITEM_FLAGGED', data: { source: 'support-bot', rule: null } });
  expect(rows[0]!.actor).toMatch(/^key:/);
  expect(rows[0]!.data.contentHash).toMatch(/^[0-9a-f]{64}$/);
});

test('the policy decides where no queue is named, and the item says which rule of which version', async () => {
  await makePolicy(service, [
    {
      name: 'unsure',
      when: 'confidence < 0.5',
      sample: 1,
      decision: 'REVIEW',
      queue: 'twice',
      priority: 5,
      dueInSeconds: 60,
    },
    { name: 'gone', when: 'source == "gone"', sample: 1, decision: 'REVIEW', queue: 'gone' },
    { name: 'fine', sample: 1, decision: 'PASS' },
  ]);
  // The policy that an instance knows is at most a second old; this one knew that there was none.
  const { PolicyService } = await import('../src/project/policy.service.js');
  service.app.get(PolicyService).forget(service.projectId);
  const unsure = await flag(output('policy-1', { queue: null, confidence: 0.1 }));
  expect(unsure.data.flagOutput).toMatchObject({
    decision: 'REVIEW',
    rule: 'unsure',
    item: { priority: 5, rule: 'unsure', policyVersion: 1, queue: { key: 'twice' } },
  });
  const { dueAt, createdAt } = unsure.data.flagOutput.item;
  expect(Date.parse(dueAt) - Date.parse(createdAt)).toBe(60_000);

  const passed = await flag(output('policy-2', { queue: null, confidence: 0.9 }));
  expect(passed.data.flagOutput).toEqual({ decision: 'PASS', duplicate: false, rule: 'fine', item: null });
  const again = await flag(output('policy-2', { queue: null, confidence: 0.9 }));
  expect(again.data.flagOutput).toEqual({ decision: 'PASS', duplicate: true, rule: 'fine', item: null });
  expect(codeOf(await flag(output('policy-2', { queue: null, confidence: 0.8 })))).toBe('DUPLICATE_CONFLICT');

  const batch = await service.do(key, FLAG_MANY, {
    inputs: [1, 1, 2].map((n) => output(`policy-3-${n}`, { queue: null, confidence: 0.9 })),
  });
  expect(batch.flagOutputs.rows.map((row: any) => row.payload.duplicate)).toEqual([false, true, false]);
});
