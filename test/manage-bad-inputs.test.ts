import 'reflect-metadata';
import { readFileSync } from 'node:fs';

import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { type BadInput, type Mutation, refuses, set, unknown } from './support/bad-inputs.js';
import { type Desk, flag, openDesk, review, saveDataset, settle } from './support/dataset.js';
import { output } from './support/intake.js';
import { startService, type TestMember, type TestService } from './support/service.js';

const NEAR = 'I was charged twice for order 8812, please refund one of the payments to my card.';

let service: TestService;
let [admin, ann]: TestMember[] = [];
let world: Record<string, any>;

beforeAll(async () => {
  service = await startService();
  [admin, ann] = [await service.member({ role: Role.ADMIN, name: 'Ada' }), await service.member()];
  const desk = { ...(await openDesk(service)), manager: admin!.token };
  await saveDataset(service, admin!.token, {
    key: 'strict',
    name: 'Strict',
    queues: ['support'],
    bar: { minReviewers: 2 },
  });
  world = await worldOf(desk);
  const gold = { queue: 'support', input: 'known', output: 'yes', verdict: 'CONFIRMED' };
  world.gold = (
    await service.do<any>(
      admin!.token,
      `mutation ($input: MakeGoldInput!) { makeGold(input: $input) { gold { id } } }`,
      { input: gold },
    )
  ).makeGold.gold.id;
  await service.sql(
    `INSERT INTO gold_standing (project_id, member_id, queue_id, paused_at)
     SELECT $1, $2, id, now() FROM queue WHERE key = 'support'`,
    [service.projectId, ann!.id],
  );
  await settle(desk);
});
afterAll(() => service?.stop());

/** Cases of which two ask almost the same, a conflict, an item in quarantine and one that waits. */
async function worldOf(desk: Desk): Promise<Record<string, any>> {
  const [first] = await flag(desk, [
    { input: NEAR, output: 'Sure.' },
    { input: NEAR.replace('8812', '8813'), output: 'Sure.' },
    { input: 'disputed', output: 'a' },
    { input: 'disputed', output: 'b' },
  ]);
  await review(desk, () => ({ verdict: 'CONFIRMED' }));
  const [waiting] = await flag(desk, [{ input: 'later' }]);
  await settle(desk);
  const found = await service.do<any>(
    desk.manager,
    `{ evalCases(dataset: "cases") { edges { node { id revision item { id } } } }
       conflicts(dataset: "cases") { edges { node { id version cases { item { id } } } } }
       dataset(key: "cases") { nearIdentical { edges { node { id } } } }
       quarantine(dataset: "strict") { edges { node { item { id } } } } }`,
  );
  return {
    waiting,
    case: found.evalCases.edges.find((edge: any) => edge.node.item.id === first).node,
    conflict: found.conflicts.edges[0].node,
    pair: found.dataset.nearIdentical.edges[0].node.id,
    held: found.quarantine.edges[0].node.item.id,
  };
}

const as = () => admin!;
const datasets: BadInput[] = [['an unknown dataset', set({ dataset: 'no-such' }), 'NOT_FOUND']];
const reasons: BadInput[] = [
  ['no reason', set({ reason: null }), 'INVALID_INPUT'],
  ['an empty reason', set({ reason: '' }), 'INVALID_INPUT'],
  ['a reason that is too long', set({ reason: 'x'.repeat(1_001) }), 'INVALID_INPUT'],
];
const stray: BadInput = ['a field that does not exist', set({ nonsense: 1 }), 'INVALID_INPUT'];
const members: BadInput[] = [
  ['a member that is no id', set({ memberId: 'Ada' }), 'INVALID_INPUT'],
  ['an unknown member', () => ({ memberId: unknown() }), 'NOT_FOUND'],
];
const names: BadInput[] = [
  ['an empty name', set({ name: '' }), 'INVALID_INPUT'],
  ['a name that is too long', set({ name: 'x'.repeat(201) }), 'INVALID_INPUT'],
];

const ofDatasets: readonly Mutation[] = [
  {
    name: 'admitCase',
    type: 'AdmitCaseInput',
    select: 'evalCase { id }',
    as,
    good: () => ({ dataset: 'strict', itemId: world.held, reason: 'It is right.' }),
    bad: [
      ...datasets,
      ...reasons,
      ['an item that is no id', set({ itemId: 'x' }), 'INVALID_INPUT'],
      ['an item that does not wait there', () => ({ itemId: world.waiting }), 'NOT_FOUND'],
    ],
  },
  {
    name: 'decideQuarantine',
    type: 'DecideQuarantineInput',
    select: 'decided',
    as,
    good: () => ({ dataset: 'strict', itemIds: [world.held], choice: 'ADMIT', reason: 'They are right.' }),
    bad: [
      ...datasets,
      ...reasons,
      ['no items', set({ itemIds: [] }), 'INVALID_INPUT'],
      ['an item that is no id', set({ itemIds: ['x'] }), 'INVALID_INPUT'],
      ['too many items', () => ({ itemIds: Array.from({ length: 1_001 }, unknown) }), 'INVALID_INPUT'],
      ['a choice that does not exist', set({ choice: 'LATER' }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'editCase',
    type: 'EditCaseInput',
    select: 'evalCase { id }',
    as,
    good: () => ({ dataset: 'cases', caseId: world.case.id, revision: world.case.revision, tags: ['billing'] }),
    bad: [
      ...datasets,
      ['a case that is no id', set({ caseId: 'x' }), 'INVALID_INPUT'],
      ['an unknown case', () => ({ caseId: unknown() }), 'NOT_FOUND'],
      ['an older revision', () => ({ revision: world.case.revision - 1 }), 'INVALID_INPUT'],
      ['too many tags', set({ tags: Array.from({ length: 51 }, (_, n) => `t${n}`) }), 'INVALID_INPUT'],
      ['a tag that is too long', set({ tags: ['x'.repeat(101)] }), 'INVALID_INPUT'],
      ['a check that does not exist', set({ assertions: [{ kind: 'GUESS' }] }), 'INVALID_INPUT'],
      ['a threshold above 1', set({ assertions: [{ kind: 'SIMILAR', value: 'a', threshold: 2 }] }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'retractCase',
    type: 'RetractCaseInput',
    select: 'evalCase { id }',
    as,
    good: () => ({ dataset: 'cases', caseId: world.case.id, revision: world.case.revision, reason: 'Twice.' }),
    bad: [
      ...datasets,
      ...reasons,
      ['an unknown case', () => ({ caseId: unknown() }), 'NOT_FOUND'],
      ['an older revision', () => ({ revision: world.case.revision - 1 }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'markDistinct',
    type: 'MarkDistinctInput',
    select: 'pair { id }',
    as,
    good: () => ({ dataset: 'cases', pair: world.pair, reason: 'Two orders.' }),
    bad: [
      ...datasets,
      ...reasons,
      ['a pair that is none', set({ pair: 'x' }), 'INVALID_INPUT'],
      ['an answer that is neither', set({ isDistinct: 'perhaps' }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'resolveConflict',
    type: 'ResolveConflictInput',
    select: 'evalCase { id }',
    as,
    good: () => ({
      dataset: 'cases',
      conflict: world.conflict.id,
      version: world.conflict.version,
      choice: 'KEEP_ONE',
      itemId: world.conflict.cases[0].item.id,
      reason: 'This one.',
    }),
    bad: [
      ...datasets,
      ...reasons,
      ['a conflict that is no id', set({ conflict: 'x' }), 'INVALID_INPUT'],
      ['an unknown conflict', set({ conflict: '0'.repeat(64) }), 'NOT_FOUND'],
      ['an older version', set({ version: 'x' }), 'INVALID_INPUT'],
      ['one that is no part of it', () => ({ itemId: world.waiting }), 'INVALID_INPUT'],
      ['none to keep', set({ itemId: null }), 'INVALID_INPUT'],
      ['one to keep of none', set({ choice: 'DROP_ALL' }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'createSnapshot',
    type: 'CreateSnapshotInput',
    select: 'snapshot { id }',
    as,
    good: () => ({ dataset: 'cases' }),
    bad: [...datasets, ['no dataset', set({ dataset: null }), 'INVALID_INPUT'], stray],
  },
  {
    name: 'saveDataset',
    type: 'SaveDatasetInput',
    select: 'dataset { id }',
    as,
    good: () => ({ key: 'cases', name: 'Renamed' }),
    bad: [
      ['a key that is none', set({ key: 'My cases' }), 'INVALID_INPUT'],
      ['a queue that is not there', set({ queues: ['no-such'] }), 'INVALID_INPUT'],
      ['too many queues', set({ queues: Array.from({ length: 201 }, (_, n) => `q${n}`) }), 'INVALID_INPUT'],
      ['a bar above 1', set({ bar: { minAgreement: 1.5 } }), 'INVALID_INPUT'],
      ['a verdict that does not exist', set({ bar: { verdicts: ['MAYBE'] } }), 'INVALID_INPUT'],
      [
        'another split of cases that there are',
        set({ split: { train: 50, validation: 25, test: 25 } }),
        'INVALID_INPUT',
      ],
      ['a split that is no whole', set({ split: { train: 50, validation: 25, test: 5 } }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'reportEvalRun',
    type: 'ReportEvalRunInput',
    select: 'isNew',
    as,
    good: () => ({
      dataset: 'cases',
      runId: 'r1',
      outcome: 'FAILED',
      passed: [],
      failed: [world.case.id],
      incomplete: [],
    }),
    bad: [
      ...datasets,
      ['an unknown case', () => ({ failed: [unknown()] }), 'INVALID_INPUT'],
      ['a case that is no id', set({ failed: ['x'] }), 'INVALID_INPUT'],
      ['a case that passed and failed', () => ({ passed: [world.case.id] }), 'INVALID_INPUT'],
      ['an empty id of the run', set({ runId: '' }), 'INVALID_INPUT'],
      ['an outcome that does not exist', set({ outcome: 'MEH' }), 'INVALID_INPUT'],
      ['an address that is none', set({ url: 'javascript:alert(1)' }), 'INVALID_INPUT'],
      ['a commit that is none', set({ commit: 'a b' }), 'INVALID_INPUT'],
    ],
  },
];

const ofGold: readonly Mutation[] = [
  {
    name: 'makeGold',
    type: 'MakeGoldInput',
    select: 'gold { id }',
    as,
    good: () => ({ queue: 'support', input: 'in', output: 'out', verdict: 'CONFIRMED' }),
    bad: [
      ['an unknown queue', set({ queue: 'no-such' }), 'NOT_FOUND'],
      ['no verdict', set({ verdict: null }), 'INVALID_INPUT'],
      ['no output', set({ output: null }), 'INVALID_INPUT'],
      ['an item and an output', () => ({ itemId: world.waiting }), 'INVALID_INPUT'],
      ['corrections of what is right', set({ correctedOutputs: ['x'] }), 'INVALID_INPUT'],
      ['labels that are not asked for', set({ labels: { tone: 1 } }), 'RUBRIC_VIOLATION'],
      ['labels that are a list', set({ labels: [] }), 'RUBRIC_VIOLATION'],
      ['an output that is too large', set({ output: 'x'.repeat(1_100_000) }), 'PAYLOAD_TOO_LARGE'],
      ['an output with U+0000', set({ output: 'a\u0000' }), 'INVALID_JSON'],
      stray,
    ],
  },
  {
    name: 'retireGold',
    type: 'RetireGoldInput',
    select: 'gold { id }',
    as,
    good: () => ({ goldId: world.gold }),
    bad: [
      ['what is no id', set({ goldId: 'x' }), 'INVALID_INPUT'],
      ['an unknown one', () => ({ goldId: unknown() }), 'NOT_FOUND'],
      ['an item', () => ({ goldId: world.waiting }), 'NOT_FOUND'],
    ],
  },
  {
    name: 'resumeReviewer',
    type: 'ResumeReviewerInput',
    select: 'queue { id }',
    as,
    good: () => ({ queue: 'support', memberId: ann!.id }),
    bad: [
      ['an unknown queue', set({ queue: 'no-such' }), 'NOT_FOUND'],
      ['a member that is no id', set({ memberId: 'Ann' }), 'INVALID_INPUT'],
      ['a member who is not paused', () => ({ memberId: admin!.id }), 'INVALID_INPUT'],
      ['an unknown member', () => ({ memberId: unknown() }), 'INVALID_INPUT'],
    ],
  },
];

const ofSetUp: readonly Mutation[] = [
  {
    name: 'saveQueue',
    type: 'SaveQueueInput',
    select: 'queue { id }',
    as,
    good: () => ({ key: 'support', name: 'Renamed' }),
    bad: [
      ['a key that is none', set({ key: 'My queue' }), 'INVALID_INPUT'],
      ['no reviews', set({ reviewsRequired: 0 }), 'INVALID_INPUT'],
      ['too many reviews', set({ reviewsRequired: 10 }), 'INVALID_INPUT'],
      ['fewer at most than required', set({ reviewsRequired: 3, reviewsMax: 2 }), 'INVALID_INPUT'],
      ['a lease that is too short', set({ leaseSeconds: 0 }), 'INVALID_INPUT'],
      ['members that are not there', set({ members: ['Nobody'] }), 'INVALID_INPUT'],
      ['a rubric that is none', set({ rubric: [{ name: 'x' }] }), 'INVALID_INPUT'],
      ['hours of a zone that is not there', set({ hours: { zone: 'Mars/Olympus', week: {} } }), 'INVALID_INPUT'],
      ['a step that does not exist', set({ deadlineSteps: [{ afterSeconds: 0, action: 'PRAY' }] }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'savePolicy',
    type: 'SavePolicyInput',
    select: 'policy { version }',
    as,
    good: () => ({ rules: [{ name: 'all', queue: 'support' }] }),
    bad: [
      ['no rules', set({ rules: [] }), 'INVALID_INPUT'],
      ['rules that are no list', set({ rules: {} }), 'INVALID_INPUT'],
      ['a queue that is not there', set({ rules: [{ name: 'all', queue: 'no-such' }] }), 'INVALID_INPUT'],
      [
        'a condition that is none',
        set({ rules: [{ name: 'a', when: 'confidence <', queue: 'support' }] }),
        'INVALID_INPUT',
      ],
    ],
  },
  {
    name: 'applySetup',
    type: 'ApplySetupInput',
    select: 'hash',
    as,
    good: () => ({ document: { queues: [{ key: 'support', name: 'Renamed' }] } }),
    bad: [
      ['a document that is none', set({ document: [] }), 'INVALID_INPUT'],
      ['a section that does not exist', set({ document: { teams: [] } }), 'INVALID_INPUT'],
      [
        'one fault behind what is right',
        set({
          document: {
            queues: [
              { key: 'fresh', name: 'Fresh' },
              { key: 'No key', name: 'x' },
            ],
          },
        }),
        'INVALID_INPUT',
      ],
      ['changes that were not seen', set({ expectedHash: 'x' }), 'INVALID_INPUT'],
    ],
  },
];

const ofAccess: readonly Mutation[] = [
  {
    name: 'createApiKey',
    type: 'CreateApiKeyInput',
    select: 'token',
    as,
    good: () => ({ name: 'ci', scopes: ['EXPORT'] }),
    bad: [
      ...names,
      ['no scopes', set({ scopes: [] }), 'INVALID_INPUT'],
      ['a scope that does not exist', set({ scopes: ['ALL'] }), 'INVALID_INPUT'],
      ['an end that is over', set({ expiresAt: '2020-01-01T00:00:00Z' }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'createPersonalToken',
    type: 'CreatePersonalTokenInput',
    select: 'token',
    as,
    good: () => ({ name: 'laptop', memberId: ann!.id }),
    bad: [...names, ...members],
    toViewer: 'NOT_FOUND',
  },
  {
    name: 'createSignInLink',
    type: 'CreateSignInLinkInput',
    select: '__typename',
    as,
    good: () => ({ memberId: ann!.id }),
    bad: [...members, stray],
  },
  {
    name: 'createMember',
    type: 'CreateMemberInput',
    select: 'member { id }',
    as,
    good: () => ({ name: 'Eve', role: 'REVIEWER' }),
    bad: [
      ...names,
      ['a name that is taken', set({ name: 'Ada' }), 'INVALID_INPUT'],
      ['a role that does not exist', set({ role: 'KING' }), 'INVALID_INPUT'],
      ['a skill that is too long', set({ skills: ['x'.repeat(65)] }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'updateMember',
    type: 'UpdateMemberInput',
    select: 'member { id }',
    as,
    good: () => ({ memberId: ann!.id, capacity: 5 }),
    bad: [
      ...members,
      ['no room at all', set({ capacity: 0 }), 'INVALID_INPUT'],
      ['too much room', set({ capacity: 101 }), 'INVALID_INPUT'],
      ['a name that is taken', set({ name: 'Ada' }), 'INVALID_INPUT'],
      ['the last admin', () => ({ memberId: admin!.id, role: 'VIEWER' }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'revokeKey',
    type: 'RevokeKeyInput',
    select: '__typename',
    as,
    good: () => ({ keyId: admin!.token.split('_')[1] }),
    bad: [
      ['what is no key', set({ keyId: '-' }), 'INVALID_INPUT'],
      ['a whole token', () => ({ keyId: ann!.token }), 'INVALID_INPUT'],
      ['an unknown key', set({ keyId: 'A'.repeat(16) }), 'NOT_FOUND'],
    ],
    toViewer: 'NOT_FOUND',
  },
  {
    name: 'signOutEverywhere',
    type: 'SignOutEverywhereInput',
    select: '__typename',
    as,
    good: () => ({ memberId: ann!.id }),
    bad: [...members, stray],
    toViewer: 'NOT_FOUND',
  },
];

const ofItems: readonly Mutation[] = [
  {
    name: 'withdrawItem',
    type: 'WithdrawItemInput',
    select: 'item { id }',
    as,
    good: () => ({ itemId: world.waiting }),
    bad: [
      ['an item that is no id', set({ itemId: 'x' }), 'INVALID_INPUT'],
      ['an unknown item', () => ({ itemId: unknown() }), 'NOT_FOUND'],
      ['an item with its answer', () => ({ itemId: world.held }), 'ALREADY_RESOLVED'],
      ['a reason that is too long', set({ reason: 'x'.repeat(2_001) }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'flagOutput',
    type: 'FlagOutputInput',
    select: 'duplicate',
    as,
    good: () => output('bad-1', { queue: 'support' }),
    bad: [
      ['an empty id', set({ externalId: '' }), 'INVALID_INPUT'],
      ['an unknown queue', set({ queue: 'no-such' }), 'INVALID_INPUT'],
      ['a confidence above 1', set({ confidence: 1.1 }), 'INVALID_INPUT'],
      ['a priority above 9', set({ priority: 10 }), 'INVALID_INPUT'],
      ['an output with U+0000', set({ output: 'a\u0000' }), 'INVALID_JSON'],
      ['too many authors', set({ authors: Array.from({ length: 51 }, (_, n) => `a${n}`) }), 'INVALID_INPUT'],
      stray,
    ],
  },
  {
    name: 'flagOutputs',
    type: '[FlagOutputInput!]',
    select: 'rows { error { code } }',
    as,
    good: () => ({ list: [output('bad-2', { queue: 'support' })] }),
    bad: [
      ['too many', () => ({ list: Array.from({ length: 1_001 }, (_, n) => output(`bad-${n}`)) }), 'INVALID_INPUT'],
      // A wrong row of a list is refused alone: test/intake-payload.test.ts.
      ['a number for a list', set({ list: 7 }), 'INVALID_INPUT'],
      ['nothing for a list', set({ list: null }), 'INVALID_INPUT'],
    ],
  },
];

const tables = [ofDatasets, ofGold, ofSetUp, ofAccess, ofItems].flat();
refuses(tables, () => service);

test('each mutation of the API has a list of inputs that it refuses', () => {
  const schema = buildSchema(readFileSync('schema.gql', 'utf8'));
  const reviewing = readFileSync('test/review-bad-inputs.test.ts', 'utf8');
  const isListed = (name: string) =>
    tables.some((one) => one.name === name && one.bad.length > 1) || reviewing.includes(`name: '${name}',`);
  expect(Object.keys(schema.getMutationType()!.getFields()).filter((name) => !isListed(name))).toEqual([]);
});
