import 'reflect-metadata';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll } from 'vitest';

import { Role } from '../src/access/viewer.js';
import { items, leases, type Mutation, refuses, set, unknown, works } from './support/bad-inputs.js';
import { until } from './support/built.js';
import { FLAG_MANY, output } from './support/intake.js';
import { claimOne, escalate, leaseOf, makeQueue, submit, type TestQueue } from './support/reviewing.js';
import { startService, type TestMember, type TestService } from './support/service.js';

const FIELDS = [{ name: 'polite', type: 'BOOLEAN', label: 'Polite?', required: true }];
const RIGHT = { verdict: 'CONFIRMED', labels: { polite: true } };

let service: TestService;
let queue: TestQueue;
let [ann, bob, manager]: TestMember[] = [];
let world: Record<string, any>;

beforeAll(async () => {
  service = await startService();
  [ann, bob] = [await service.member(), await service.member()];
  manager = await service.member({ role: Role.MANAGER });
  queue = await makeQueue(service, { fields: FIELDS, reviewsRequired: 2 });
  const inputs = Array.from({ length: 5 }, () => output(uuidv7(), { queue: queue.key }));
  await service.do(await service.key(), FLAG_MANY, { inputs });
  const answer = async (member: TestMember, given: object = RIGHT) => {
    const held = await claimOne(service, member, queue);
    const { data } = await submit(service, member, held, given);
    return { held, review: data.submitReview.review.id, item: data.submitReview.item.id };
  };
  const agreed = await answer(ann!);
  await answer(bob!);
  const disputed = await answer(ann!);
  await answer(bob!, { ...RIGHT, verdict: 'REJECTED' });
  const party = await answer(manager!);
  await answer(ann!, { ...RIGHT, verdict: 'REJECTED' });
  const escalated = await claimOne(service, ann!, queue);
  await escalate(service, ann!, escalated, 'asked before');
  const held = await claimOne(service, ann!, queue);
  world = { agreed, disputed, party, escalated, held };
  // From here on nothing is on its way.
  await until(async () => (await service.sql(`SELECT FROM outbox`)).length === 0);
});
afterAll(() => service?.stop());

const badLeases = leases(() => world.escalated);
const badItems = items(() => queue);
const ITEM = `item { id }`;
const ASSIGNMENT = `assignment { id }`;
const BULK = `changed`;

const mutations: readonly Mutation[] = [
  {
    name: 'claimNext',
    type: 'ClaimNextInput',
    select: 'emptyReason',
    as: () => bob!,
    good: () => ({ queue: queue.key, count: 1 }),
    bad: [
      ['a count of none', set({ count: 0 }), 'INVALID_INPUT'],
      ['a count of eleven', set({ count: 11 }), 'INVALID_INPUT'],
      ['half a count', set({ count: 1.5 }), 'INVALID_INPUT'],
      ['a queue that is no key', set({ queue: 'A queue' }), 'INVALID_INPUT'],
      ['an unknown queue', set({ queue: 'no-such' }), 'NOT_FOUND'],
    ],
  },
  {
    name: 'renewLease',
    type: 'LeaseInput',
    select: ASSIGNMENT,
    as: () => ann!,
    good: () => leaseOf(world.held),
    bad: badLeases,
  },
  {
    name: 'saveDraft',
    type: 'SaveDraftInput',
    select: ASSIGNMENT,
    as: () => ann!,
    good: () => ({ ...leaseOf(world.held), comment: 'so far' }),
    // Late work is kept as a draft, which is no refusal without effect.
    bad: [...badLeases.filter(([what]) => what !== 'a lease that was given up'), ...works(false)],
  },
  {
    name: 'releaseAssignment',
    type: 'ReleaseInput',
    select: ASSIGNMENT,
    as: () => ann!,
    good: () => leaseOf(world.held),
    bad: [
      ...badLeases,
      ['a reason that is too long', set({ reason: 'x'.repeat(1_001) }), 'INVALID_INPUT'],
      ['a reason with U+0000', set({ reason: 'a\u0000b' }), 'INVALID_JSON'],
      ['a skip that is neither', set({ skip: 'yes' }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'escalate',
    type: 'EscalateInput',
    select: ITEM,
    as: () => ann!,
    good: () => ({ ...leaseOf(world.held), note: 'please' }),
    bad: [
      ...badLeases.filter(([what]) => what !== 'a lease that was given up'),
      ['another note than before', () => leaseOf(world.escalated), 'DUPLICATE_CONFLICT'],
      ['no note', set({ note: null }), 'INVALID_INPUT'],
      ['an empty note', set({ note: ' \n' }), 'INVALID_INPUT'],
      ['a note that is too long', set({ note: 'x'.repeat(2_001) }), 'INVALID_INPUT'],
      ['a note with U+0000', set({ note: 'a\u0000b' }), 'INVALID_JSON'],
    ],
  },
  {
    name: 'submitReview',
    type: 'SubmitReviewInput',
    select: ITEM,
    as: () => ann!,
    good: () => ({ ...leaseOf(world.held), ...RIGHT }),
    bad: [
      ...badLeases.filter(([what]) => what !== 'a lease that was given up'),
      ...works(true),
      [
        'another answer than before',
        () => ({ ...leaseOf(world.agreed.held), verdict: 'REJECTED' }),
        'DUPLICATE_CONFLICT',
      ],
    ],
  },
  {
    name: 'reviseReview',
    type: 'ReviseReviewInput',
    select: ITEM,
    as: () => ann!,
    good: () => ({ reviewId: world.agreed.review, ...RIGHT, comment: 'on second thoughts' }),
    bad: [
      ...works(true),
      ['a review that is no id', set({ reviewId: 'x' }), 'INVALID_INPUT'],
      ['no review', set({ reviewId: null }), 'INVALID_INPUT'],
      ['an unknown review', () => ({ reviewId: unknown() }), 'NOT_FOUND'],
      ["somebody else's review", () => ({ reviewId: world.party.review }), 'NOT_FOUND'],
    ],
  },
  {
    name: 'adjudicate',
    type: 'AdjudicateInput',
    select: ITEM,
    as: () => manager!,
    good: () => ({ itemId: world.disputed.item, ...RIGHT }),
    bad: [
      ...works(true),
      ['an item that is no id', set({ itemId: 'x' }), 'INVALID_INPUT'],
      ['an unknown item', () => ({ itemId: unknown() }), 'NOT_FOUND'],
      ['an item that was agreed on', () => ({ itemId: world.agreed.item }), 'ALREADY_RESOLVED'],
      ['an item that is being reviewed', () => ({ itemId: world.held.item.id }), 'INVALID_INPUT'],
      ['an item to which they are a party', () => ({ itemId: world.party.item }), 'FORBIDDEN'],
    ],
  },
  {
    name: 'assignItem',
    type: 'AssignItemInput',
    select: ITEM,
    as: () => manager!,
    good: () => ({ itemId: world.held.item.id, memberId: bob!.id }),
    bad: [
      ['an item that is no id', set({ itemId: 'x' }), 'INVALID_INPUT'],
      ['a member that is no id', set({ memberId: '' }), 'INVALID_INPUT'],
      ['an unknown item', () => ({ itemId: unknown() }), 'NOT_FOUND'],
      ['an unknown member', () => ({ memberId: unknown() }), 'NOT_FOUND'],
      ['a member who holds it', () => ({ memberId: ann!.id }), 'INVALID_INPUT'],
      ['an item with its answer', () => ({ itemId: world.agreed.item }), 'ALREADY_RESOLVED'],
      ['an item that waits for a decision', () => ({ itemId: world.escalated.item.id }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'unassign',
    type: 'UnassignInput',
    select: ITEM,
    as: () => manager!,
    good: () => ({ assignmentId: world.held.id }),
    bad: [
      ['an assignment that is no id', set({ assignmentId: 'x' }), 'INVALID_INPUT'],
      ['an unknown assignment', () => ({ assignmentId: unknown() }), 'NOT_FOUND'],
      ['one that has ended', () => ({ assignmentId: world.escalated.id }), 'NOT_FOUND'],
    ],
  },
  {
    name: 'moveItems',
    type: 'MoveItemsInput',
    select: BULK,
    as: () => manager!,
    good: () => ({ itemIds: [world.held.item.id], queue: queue.key }),
    bad: [
      ...badItems,
      ['an unknown queue', set({ queue: 'no-such' }), 'NOT_FOUND'],
      ['a queue that is too long a key', set({ queue: 'x'.repeat(64) }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'bumpItems',
    type: 'BumpItemsInput',
    select: BULK,
    as: () => manager!,
    good: () => ({ itemIds: [world.held.item.id], priority: 1 }),
    bad: [
      ...badItems,
      ['a priority below 0', set({ priority: -1 }), 'INVALID_INPUT'],
      ['a priority above 9', set({ priority: 10 }), 'INVALID_INPUT'],
      ['nothing to change', set({ priority: null }), 'INVALID_INPUT'],
      ['a deadline that is no instant', set({ dueAt: 'tomorrow' }), 'INVALID_INPUT'],
    ],
  },
  {
    name: 'withdrawItems',
    type: 'WithdrawItemsInput',
    select: BULK,
    as: () => manager!,
    good: () => ({ itemIds: [world.held.item.id] }),
    bad: [...badItems, ['a reason that is too long', set({ reason: 'x'.repeat(2_001) }), 'INVALID_INPUT']],
  },
];

refuses(mutations, () => service);
