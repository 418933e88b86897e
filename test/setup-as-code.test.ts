import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ApiKeyScope, Role } from '../src/access/viewer.js';
import { IntakeDecision } from '../src/project/intake-decision.js';
import { PolicyService } from '../src/project/policy.service.js';
import { type Answer, startService, type TestService } from './support/service.js';

let service: TestService;
let manager: string;
beforeAll(async () => {
  service = await startService();
  manager = (await service.member({ role: Role.MANAGER })).token;
});
afterAll(() => service?.stop());
let eventsBefore = 0;
beforeEach(async () => {
  await service.sql(`TRUNCATE queue, rubric, lane, policy CASCADE`);
  service.app.get(PolicyService).forget(service.projectId);
  eventsBefore += (await events()).length;
});

const APPLY = `mutation($input: ApplySetupInput!) {
  applySetup(input: $input) { applied hash changes { kind key what differences } } }`;

interface Applied {
  applySetup: {
    applied: boolean;
    hash: string;
    changes: { kind: string; key: string; what: string; differences: string[] }[];
  };
}

const apply = (document: unknown, options: object = {}) =>
  service.ask<Applied>(manager, APPLY, { input: { document, ...options } });
const applied = async (document: unknown, options: object = {}) =>
  (await service.do<Applied>(manager, APPLY, { input: { document, ...options } })).applySetup;

/** Every row that a set-up can write. */
async function everything(): Promise<unknown> {
  return service.sql(`SELECT
    (SELECT json_agg(q ORDER BY key) FROM queue q) AS queues, (SELECT json_agg(r ORDER BY queue_id, version) FROM rubric r) AS rubrics,
    (SELECT json_agg(l ORDER BY queue_id, tier) FROM lane l) AS lanes, (SELECT json_agg(p ORDER BY version) FROM policy p) AS policies`);
}

/** What the log and its outbox hold since the test began. */
async function events(): Promise<string[]> {
  const rows = await service.sql<{ event: string }>(
    `SELECT kind || ' ' || data::text AS event
       FROM (SELECT kind, data, 0 AS part, seq AS place FROM event
             UNION ALL SELECT kind, data, 1, id FROM outbox) AS logged
      ORDER BY part, place OFFSET $1`,
    [eventsBefore],
  );
  return rows.map(({ event }) => event);
}

const support = {
  key: 'support',
  name: 'Support replies',
  instructions: 'Read the policy text first.',
  reviewsRequired: 2,
  leaseSeconds: 300,
  slaSeconds: 86_400,
  skills: ['english', 'billing'],
  rubric: [{ name: 'failure', type: 'CHOICE', options: ['none', 'wrong policy'], required: true }],
};
const policy = [
  { name: 'unsure', when: 'confidence < 0.6 || risk >= HIGH', queue: 'support', priority: 3 },
  { name: 'rest', decision: 'PASS' },
];
const document = { queues: [support, { key: 'sql', name: 'SQL' }], policy };

describe('a set-up document', () => {
  test('makes queues, rubrics, lanes and the policy, and is told what it made', async () => {
    const { applied: isApplied, changes } = await applied(document);
    expect(isApplied).toBe(true);
    expect(changes.map(({ kind, key, what }) => `${what} ${kind} ${key}`)).toEqual([
      'CREATE queue support',
      'CREATE queue sql',
      'CREATE policy version 1',
    ]);
    expect(changes[0]?.differences).toContain('leaseSeconds: 300');
    const asked = await service.do(
      manager,
      `{ queues { key name instructions reviewsRequired leaseSeconds slaSeconds skills rubric { version fields } } policy { version rules } }`,
    );
    expect(asked.queues).toEqual([
      {
        key: 'sql',
        name: 'SQL',
        instructions: '',
        reviewsRequired: 1,
        leaseSeconds: 600,
        slaSeconds: null,
        skills: [],
        rubric: { version: 1, fields: [] },
      },
      {
        ...support,
        skills: ['billing', 'english'],
        rubric: {
          version: 1,
          fields: [
            {
              name: 'failure',
              type: 'CHOICE',
              label: 'failure',
              required: true,
              options: [
                { value: 'none', label: 'none' },
                { value: 'wrong policy', label: 'wrong policy' },
              ],
            },
          ],
        },
      },
    ]);
    expect(asked.policy).toMatchObject({
      version: 1,
      rules: [{ name: 'unsure', sample: 1, decision: 'REVIEW' }, { name: 'rest' }],
    });
    expect(await events()).toEqual([
      expect.stringMatching(/^QUEUE_SAVED \{"key":"support","changes":\[.*"rubric".*\]\}$/),
      'RUBRIC_SAVED {"key":"support","version":1}',
      expect.stringMatching(/^QUEUE_SAVED \{"key":"sql",/),
      'RUBRIC_SAVED {"key":"sql","version":1}',
      'POLICY_SAVED {"version":1}',
    ]);
  });

  test('changes nothing the second time, nor when it only spells the same differently', async () => {
    await applied(document);
    const [before, log] = [await everything(), await events()];
    const second = await applied({
      policy: [{ ...policy[0], decision: 'REVIEW', sample: 1 }, policy[1]],
      queues: [{ ...support, skills: ['billing', 'english', 'billing'] }],
    });
    expect(second.applied).toBe(false);
    expect(second.changes.map(({ what, differences }) => [what, differences])).toEqual([
      ['UNCHANGED', []],
      ['UNCHANGED', []],
    ]);
    expect(await everything()).toEqual(before);
    expect(await events()).toEqual(log);
  });

  test('sets overlap and known answers, tells what it changes of them, and has nothing to do the second time', async () => {
    const numbers = { reviewsMax: 4, agreementBar: 0.75, goldRate: 0.1, goldBar: 0.8, goldMinimum: 20 };
    await applied(document);
    const changed = { queues: [{ key: 'support', ...numbers }] };
    const { changes } = await applied(changed);
    expect(changes[0]!.differences.sort()).toEqual([
      'agreementBar: 0.5 → 0.75',
      'goldBar: 0 → 0.8',
      'goldMinimum: 10 → 20',
      'goldRate: 0 → 0.1',
      'reviewsMax: none → 4',
    ]);
    expect(await applied(changed)).toMatchObject({ applied: false, changes: [{ what: 'UNCHANGED', differences: [] }] });
    expect((await apply({ queues: [{ key: 'support', reviewsRequired: 5 }] })).errors![0]!.extensions.code).toBe(
      'INVALID_INPUT',
    );
    const { queue } = await service.do(
      manager,
      `{ queue(key: "support") { reviewsMax agreementBar gold { rate bar minimum } } }`,
    );
    expect(queue).toEqual({ reviewsMax: 4, agreementBar: 0.75, gold: { rate: 0.1, bar: 0.8, minimum: 20 } });
    expect(
      await service.sql(
        `SELECT count(*)::int AS lanes FROM lane JOIN queue q ON q.id = queue_id WHERE q.key = 'support'`,
      ),
    ).toEqual([{ lanes: 4 }]);
    await applied({ queues: [{ key: 'support', reviewsMax: null }] });
    expect((await service.do(manager, `{ queue(key: "support") { reviewsMax } }`)).queue.reviewsMax).toBeNull();
  });

  test('leaves alone what it does not name', async () => {
    await applied(document);
    await applied({ queues: [{ key: 'support', leaseSeconds: 60 }] });
    const {
      queue,
      queues,
      policy: active,
    } = await service.do(
      manager,
      `{ queue(key: "support") { name leaseSeconds reviewsRequired slaSeconds rubric { version } } queues { key } policy { version } }`,
    );
    expect(queue).toEqual({
      name: 'Support replies',
      leaseSeconds: 60,
      reviewsRequired: 2,
      slaSeconds: 86_400,
      rubric: { version: 1 },
    });
    expect(queues).toHaveLength(2);
    expect(active.version).toBe(1);
    expect((await applied({})).changes).toEqual([]);
  });

  test('says in words what changes', async () => {
    await applied(document);
    const { changes } = await applied({
      queues: [
        {
          key: 'support',
          leaseSeconds: 60,
          slaSeconds: null,
          rubric: [
            { ...support.rubric[0], required: false },
            { name: 'note', type: 'TEXT' },
          ],
        },
      ],
      policy: [{ ...policy[0], when: 'confidence < 0.7' }, { name: 'audit', sample: 0.1, queue: 'sql' }, policy[1]],
    });
    expect(changes).toEqual([
      {
        kind: 'queue',
        key: 'support',
        what: 'UPDATE',
        differences: [
          'leaseSeconds: 300 → 60',
          'slaSeconds: 86400 → none',
          'rubric: version 1 → 2; reviews and leases under way keep theirs',
          'rubric field failure: required: true → false',
          'rubric field note: added; type: TEXT, label: note, required: false, maxLength: 10000',
        ],
      },
      {
        kind: 'policy',
        key: 'version 2',
        what: 'UPDATE',
        differences: [
          'rule unsure: when: confidence < 0.6 || risk >= HIGH → confidence < 0.7',
          'rule audit: added; sample: 0.1, decision: REVIEW, queue: sql',
        ],
      },
    ]);
  });

  test('two that say the same at the same time make it once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => applied(document)));
    expect(answers.filter((answer) => answer.applied)).toHaveLength(1);
    expect(await service.sql(`SELECT version FROM policy`)).toHaveLength(1);
    expect(await service.sql(`SELECT version FROM rubric`)).toHaveLength(2);
  });
});

describe('a dry run', () => {
  test('shows what would be done and does nothing', async () => {
    const before = await everything();
    const shown = await applied(document, { dryRun: true });
    expect(shown.applied).toBe(false);
    expect(await everything()).toEqual(before);
    expect(await events()).toEqual([]);
    const done = await applied(document, { expectedHash: shown.hash });
    expect(done).toEqual({ ...shown, applied: true });
  });

  test('is not carried out if somebody changed the set-up in between', async () => {
    await applied(document);
    const next = { queues: [{ ...support, leaseSeconds: 60 }] };
    const shown = await applied(next, { dryRun: true });
    await applied({ queues: [{ key: 'support', leaseSeconds: 900 }] });
    const before = await everything();
    const answer = await apply(next, { expectedHash: shown.hash });
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining('changed since this plan was made'),
      extensions: { code: 'INVALID_INPUT' },
    });
    expect(await everything()).toEqual(before);
  });
});

describe('lanes', () => {
  const lanes = () => service.sql(`SELECT id, tier, skills FROM lane ORDER BY tier`);

  test('there is one for each review that a queue requires, and more when it requires more', async () => {
    await applied({ queues: [{ ...support, reviewsRequired: 1 }] });
    const [first] = await lanes();
    expect(first).toMatchObject({ tier: 0, skills: ['billing', 'english'] });
    await applied({ queues: [{ key: 'support', reviewsRequired: 3 }] });
    const three = await lanes();
    expect(three.map(({ tier }) => tier)).toEqual([0, 1, 2]);
    expect(three[0]).toEqual(first);
    await applied({ queues: [{ key: 'support', reviewsRequired: 1 }] });
    expect(await lanes()).toEqual(three);
  });

  test('keep their tickets when the skills change', async () => {
    await applied({ queues: [support] });
    const before = await lanes();
    await applied({ queues: [{ key: 'support', skills: ['german'] }] });
    expect(await lanes()).toEqual(before.map((lane) => ({ ...lane, skills: ['german'] })));
  });
});

describe('a document is refused with every fault, and nothing of it is kept', () => {
  const fine = { queues: [support], policy };
  test.each<[string, unknown, string[]]>([
    ['no mapping', [], ['must be a mapping with queues, policy']],
    ['an unknown section', { ...fine, queue: [] }, ['queue: is not known here; allowed are queues, policy']],
    ['an empty section', { queues: null }, ['queues: must be a list; it is null']],
    [
      'an unknown property',
      { queues: [{ ...support, lease: 5 }] },
      ['queues[0].lease: is not known here; allowed are key, name,'],
    ],
    ['no key', { queues: [{ name: 'x' }] }, ['queues[0].key: is required']],
    [
      'a key of another form',
      { queues: [{ ...support, key: 'Support Queue' }] },
      ['queues[0].key: "Support Queue" must be 1 to 63'],
    ],
    ['a key twice', { queues: [support, support] }, ['queues[1].key: "support" is the key of queue 1 too']],
    [
      'a new queue without a name',
      { queues: [{ key: 'new' }] },
      ['queues[0].name: is required: there is no queue "new" yet'],
    ],
    ['an empty name', { queues: [{ ...support, name: ' ' }] }, ['queues[0].name: must not be empty']],
    [
      'ten reviews',
      { queues: [{ ...support, reviewsRequired: 10 }] },
      ['queues[0].reviewsRequired: must be 1 to 9 reviews; it is 10'],
    ],
    [
      'no reviews',
      { queues: [{ ...support, reviewsRequired: 0 }] },
      ['queues[0].reviewsRequired: must be 1 to 9 reviews; it is 0'],
    ],
    [
      'text for a number',
      { queues: [{ ...support, leaseSeconds: '10m' }] },
      ['queues[0].leaseSeconds: must be a number; it is the text "10m"'],
    ],
    [
      'a lease of no time',
      { queues: [{ ...support, leaseSeconds: 0 }] },
      ['queues[0].leaseSeconds: must be 1 to 86400 seconds; it is 0'],
    ],
    [
      'half a second',
      { queues: [{ ...support, slaSeconds: 1.5 }] },
      ['queues[0].slaSeconds: must be a whole number; it is 1.5'],
    ],
    [
      'skills that are no list',
      { queues: [{ ...support, skills: 'german' }] },
      ['queues[0].skills: must be a list; it is the text "german"'],
    ],
    [
      'an empty skill',
      { queues: [{ ...support, skills: [''] }] },
      ['queues[0].skills[0]: must be text of 1 to 64 characters'],
    ],
    [
      'a rubric field without a type',
      { queues: [{ ...support, rubric: [{ name: 'a' }] }] },
      ['queues[0].rubric[0].type: is required'],
    ],
    [
      'an unknown queue',
      { queues: [support], policy: [{ name: 'all', queue: 'nowhere' }] },
      ['policy[0].queue: rule "all": no queue has the key "nowhere"; there are support'],
    ],
    [
      'a condition that does not parse',
      { ...fine, policy: [{ name: 'a', when: '(', queue: 'support' }, policy[1]] },
      ['policy[0].when (line 1, column 2): rule "a": ends too early: something has to follow'],
    ],
    [
      'several at once, in all sections',
      {
        queues: [{ ...support, leaseSeconds: 0, colour: 'red' }],
        policy: [{ name: 'a', when: 'x', queue: 'support' }],
      },
      [
        'queues[0].colour: is not known',
        'queues[0].leaseSeconds: must be',
        'policy[0].when (line 1, column 1): rule "a": Unknown variable: x',
      ],
    ],
  ])('%s', async (_, wrong, messages) => {
    const before = await everything();
    const answer = await apply(wrong);
    expect(answer.errors?.[0]?.extensions.code).toBe('INVALID_INPUT');
    for (const message of messages) expect(answer.errors?.[0]?.message).toContain(message);
    expect(answer.errors?.[0]?.extensions.faults).toHaveLength(messages.length);
    expect(await everything()).toEqual(before);
    expect(await events()).toEqual([]);
  });

  test('faults carry their path and, in a condition, their place', async () => {
    const answer = await apply({ policy: [{ name: 'a', when: 'hasRisk &&\n  x', decision: 'PASS' }, policy[1]] });
    expect(answer.errors?.[0]?.extensions.faults).toEqual([
      { path: ['policy', 0, 'when'], at: 'policy[0].when', message: expect.any(String), line: 2, column: 3 },
    ]);
  });
});

describe('saveQueue and savePolicy', () => {
  const SAVE_QUEUE = `mutation($input: SaveQueueInput!) { saveQueue(input: $input) { queue { key name slaSeconds rubric { version } } changes { what differences } } }`;
  const SAVE_POLICY = `mutation($input: SavePolicyInput!) { savePolicy(input: $input) { policy { version rules createdBy } changes { what } } }`;

  test('do what the document does', async () => {
    const made = await service.do(manager, SAVE_QUEUE, { input: support });
    expect(made.saveQueue.queue).toEqual({
      key: 'support',
      name: 'Support replies',
      slaSeconds: 86_400,
      rubric: { version: 1 },
    });
    const changed = await service.do(manager, SAVE_QUEUE, { input: { key: 'support', name: null, slaSeconds: null } });
    expect(changed.saveQueue).toMatchObject({
      queue: { name: 'Support replies', slaSeconds: null },
      changes: [{ what: 'UPDATE', differences: ['slaSeconds: 86400 → none'] }],
    });
    const saved = await service.do(manager, SAVE_POLICY, { input: { rules: policy } });
    expect(saved.savePolicy).toMatchObject({
      policy: { version: 1, createdBy: expect.stringMatching(/^member:/) },
      changes: [{ what: 'CREATE' }],
    });
  });

  test('equal fields make no new rubric version, others the next one; all are kept', async () => {
    const save = async (rubric: unknown) =>
      (await service.do(manager, SAVE_QUEUE, { input: { ...support, rubric } })).saveQueue.queue.rubric
        .version as number;
    expect(await save(support.rubric)).toBe(1);
    expect(await save(support.rubric)).toBe(1);
    expect(await save([])).toBe(2);
    expect(await save(support.rubric)).toBe(3);
    expect(await service.sql(`SELECT version, json_array_length(fields) AS n FROM rubric ORDER BY version`)).toEqual([
      { version: 1, n: 1 },
      { version: 2, n: 0 },
      { version: 3, n: 1 },
    ]);
  });

  test('an equal policy makes no new version; all versions are kept and can be read', async () => {
    await applied({ queues: [support] });
    const save = async (rules: unknown) =>
      (await service.do(manager, SAVE_POLICY, { input: { rules } })).savePolicy.policy.version as number;
    expect(await save(policy)).toBe(1);
    expect(await save(policy)).toBe(1);
    expect(await save([policy[1]])).toBe(2);
    const { first, none, policies } = await service.do(
      manager,
      `{ first: policy(version: 1) { rules } none: policy(version: 9) { version } policies { version } }`,
    );
    expect(first.rules).toHaveLength(2);
    expect(none).toBeNull();
    expect(policies).toEqual([{ version: 2 }, { version: 1 }]);
  });

  test.each<[string, string, object, string]>([
    ['saveQueue', SAVE_QUEUE, { key: 'a b', name: 'x' }, 'input.key: "a b" must be'],
    ['saveQueue', SAVE_QUEUE, { key: 'new' }, 'input.name: is required'],
    ['saveQueue', SAVE_QUEUE, { ...support, leaseSeconds: 90_000 }, 'input.leaseSeconds: must be 1 to 86400 seconds'],
    ['saveQueue', SAVE_QUEUE, { ...support, rubric: {} }, 'input.rubric: must be a list; it is a mapping'],
    ['savePolicy', SAVE_POLICY, { rules: [] }, 'input.rules: needs at least one rule'],
    [
      'savePolicy',
      SAVE_POLICY,
      { rules: [{ name: 'a', queue: 'x' }] },
      'input.rules[0].queue: rule "a": no queue has the key "x"; there is none yet',
    ],
    [
      'savePolicy',
      SAVE_POLICY,
      { rules: [{ name: 'a', when: '1 <', decision: 'PASS' }] },
      'input.rules[0].when (line 1, column 4)',
    ],
  ])('%s names what is wrong where the caller wrote it: %#', async (_, mutation, input, message) => {
    const before = await everything();
    const answer = await service.ask(manager, mutation, { input });
    expect(answer.errors?.[0]).toMatchObject({
      message: expect.stringContaining(message),
      extensions: { code: 'INVALID_INPUT' },
    });
    expect(await everything()).toEqual(before);
  });

  test('first is bounded', async () => {
    const answer: Answer<unknown> = await service.ask(manager, `{ policies(first: 1000) { version } }`);
    expect(answer.errors?.[0]).toMatchObject({
      message: 'first must be 1 to 100; it is 1000.',
      extensions: { code: 'INVALID_INPUT' },
    });
  });
});

describe('a saved policy', () => {
  const seen = { source: 's', model: null, prompt: null, risk: null, reasons: [], signals: [], tags: [] };

  test('decides at once where it was saved, and within two seconds on another instance', async () => {
    const other = await startService({ on: service });
    try {
      const [here, there] = [service.app.get(PolicyService), other.app.get(PolicyService)];
      expect(await there.active(service.projectId)).toBeNull();
      expect(await here.active(service.projectId)).toBeNull();
      await applied(document);
      const policyHere = await here.active(service.projectId);
      expect(here.decide(policyHere!, service.projectId, { ...seen, confidence: 0.2 }, 'x')).toMatchObject({
        decision: IntakeDecision.REVIEW,
        queue: 'support',
        policyVersion: 1,
      });
      await expect
        .poll(() => there.active(service.projectId).then((active) => active?.version), { timeout: 2_000, interval: 50 })
        .toBe(1);
    } finally {
      await other.stop();
    }
  });
});

test('only who may manage changes the set-up; who may flag or review reads the queues', async () => {
  await applied(document);
  const before = await everything();
  const reviewer = (await service.member()).token;
  const flagger = await service.key([ApiKeyScope.FLAG]);
  for (const token of [null, reviewer, flagger, await service.key([ApiKeyScope.READ, ApiKeyScope.EXPORT])]) {
    const answer = await service.ask(token, APPLY, {
      input: { document: { queues: [{ key: 'support', leaseSeconds: 1 }] } },
    });
    expect(answer.errors?.[0]?.extensions.code).toMatch(/^(FORBIDDEN|UNAUTHENTICATED)$/);
  }
  expect(await everything()).toEqual(before);
  for (const token of [reviewer, flagger]) {
    expect(await service.do(token, `{ queue(key: "sql") { name } none: queue(key: "x") { key } }`)).toEqual({
      queue: { name: 'SQL' },
      none: null,
    });
  }
  expect(
    (await service.do(await service.key([ApiKeyScope.MANAGE]), APPLY, { input: { document: {} } })).applySetup.applied,
  ).toBe(false);
});
