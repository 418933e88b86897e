import fc from 'fast-check';
import { expect } from 'vitest';

import { ExpiryService } from '../../src/assignment/expiry.service.js';
import { until } from './built.js';
import { output } from './intake.js';
import { further } from './review-further-commands.js';
import { assignTo, at, dead, disputed, live, number, onLive, Step, verdict, waiting } from './review-step.js';
import { claim, codeOf, leaseOf, letExpire, onLease, submit } from './reviewing.js';

/** Shorter runs, and more of them, find the same and are easier to read. */
const MOST_STEPS = 30;

let flagged = 0;

const flag = fc.record({ priority: fc.nat({ max: 9 }), author: fc.option(number) }).map(
  ({ priority, author }) =>
    new Step(`flag(${priority}, ${author})`, async (model, real) => {
      const by = author === null ? null : author % real.actors.length;
      const authors = by === null ? [] : [real.actors[by]!.id];
      const input = output(`model-${(flagged += 1)}`, { queue: real.queues[0].key, priority, authors });
      const { flagOutput } = await real.service.do<any>(
        real.key,
        `mutation ($input: FlagOutputInput!) { flagOutput(input: $input) { item { id } } }`,
        { input },
      );
      model.flagged({ id: flagOutput.item.id, author: by, queue: real.queues[0] });
    }),
);

const claimSome = fc.record({ who: number, count: fc.integer({ min: 1, max: 3 }), which: fc.nat({ max: 1 }) }).map(
  ({ who, count, which }) =>
    new Step(`claim(${who}, ${count}, ${which})`, async (model, real) => {
      const member = who % real.actors.length;
      const queue = real.queues[which]!;
      const expected = model.offered(member, queue).slice(0, model.room(member, count));
      const { assignments } = await claim(real.service, real.actors[member]!, { queue: queue.key, count });
      expect(assignments.map((held) => held.item.id)).toEqual(expected.map((item) => item.id));
      expected.forEach((item, i) => model.claimed(item, member, assignments[i]!));
    }),
);

/** As `claim`, of a queue that gives a known answer to whoever has one left. */
const claimKnown = number.map(
  (who) =>
    new Step(
      `claim known(${who})`,
      async (model, real) => {
        const member = who % real.actors.length;
        const queue = real.queues[0];
        const [expected] = model.offered(member, queue).slice(0, model.room(member, 1));
        await real.service.sql(`UPDATE queue SET gold_rate = 1 WHERE id = $1`, [queue.id]);
        const { assignments } = await claim(real.service, real.actors[member]!, { queue: queue.key });
        await real.service.sql(`UPDATE queue SET gold_rate = 0 WHERE id = $1`, [queue.id]);
        const [held] = assignments;
        expect(assignments).toHaveLength(expected ? 1 : 0);
        if (!expected || !held) return;
        const isCopy = expected.copyFor === null && model.isCopyDue(member);
        if (!isCopy) expect(held.item.id).toBe(expected.id);
        model.claimed(isCopy ? model.copied({ id: held.item.id, queue }, member) : expected, member, held);
      },
      (model) => model.items.length > 0,
    ),
);

/** All at once: who gets what is open, but nobody gets what they may not have, and no slot goes twice. */
const claimTogether = fc.constant(null).map(
  () =>
    new Step('claim together', async (model, real) => {
      const answers = await Promise.all(
        [...real.actors, ...real.actors].map((actor) => claim(real.service, actor, { queue: real.queues[0].key })),
      );
      answers.forEach(({ assignments }, i) => {
        const member = i % real.actors.length;
        for (const held of assignments) {
          const item = model.find(held.item.id);
          if (item.copyFor === null) expect(model.free(item)).toBeGreaterThan(0);
          expect(model.mayHave(item, member)).toBe(true);
          model.claimed(item, member, held);
        }
      });
    }),
);

const renew = onLive('renew', async ({ held, member }, _model, { service, actors }) => {
  expect(codeOf(await onLease(service, actors[member]!, 'renewLease', leaseOf(held)))).toBeNull();
});

const draft = onLive('draft', async ({ held, member }, _model, { service, actors }) => {
  const input = { ...leaseOf(held), comment: 'so far' };
  expect(codeOf(await onLease(service, actors[member]!, 'saveDraft', input))).toBeNull();
});

const release = onLive('release', async (lease, _model, { service, actors }) => {
  const input = leaseOf(lease.held);
  expect(codeOf(await onLease(service, actors[lease.member]!, 'releaseAssignment', input))).toBeNull();
  lease.isLive = false;
});

const skip = onLive('skip', async (lease, _model, { service, actors }) => {
  const input = { ...leaseOf(lease.held), skip: true };
  expect(codeOf(await onLease(service, actors[lease.member]!, 'releaseAssignment', input))).toBeNull();
  lease.isLive = false;
  lease.item.skippedBy.add(lease.member);
});

const expire = onLive('expire', async (lease, _model, { service }) => {
  await letExpire(service, lease.held);
  // The service's own sweeper may have it in hand.
  await until(async () => {
    await service.app.get(ExpiryService).runOnce();
    return (await service.sql(`SELECT FROM assignment WHERE id = $1`, [lease.held.id])).length === 0;
  });
  lease.isLive = false;
});

const submitOne = fc.record({ n: number, verdict }).map(
  (given) =>
    new Step(
      `submit(${given.n}, ${given.verdict})`,
      async (model, { service, actors }) => {
        const lease = at(live(model), given.n);
        const answer = await submit(service, actors[lease.member]!, lease.held, { verdict: given.verdict });
        expect(codeOf(answer)).toBeNull();
        model.reviewed(lease, answer.data.submitReview.review.id, given.verdict);
      },
      (model) => live(model).length > 0,
    ),
);

const submitLate = number.map(
  (n) =>
    new Step(
      `submit late(${n})`,
      async (model, { service, actors }) => {
        const lease = at(dead(model), n);
        const answer = await submit(service, actors[lease.member]!, lease.held, {
          verdict: 'CORRECTED',
          correctedOutput: n,
        });
        const isFinal = lease.item.status === 'RESOLVED' || lease.item.status === 'WITHDRAWN';
        const lost = isFinal ? 'ALREADY_RESOLVED' : 'LEASE_LOST';
        expect(codeOf(answer)).toBe(lease.isSubmitted ? 'DUPLICATE_CONFLICT' : lost);
      },
      (model) => dead(model).length > 0,
    ),
);

const adjudicate = fc.record({ n: number, who: number }).map(
  ({ n, who }) =>
    new Step(
      `adjudicate(${n}, ${who})`,
      async (model, { service, actors }) => {
        const item = at(disputed(model), n);
        const member = who % actors.length;
        const answer = await service.ask(
          actors[member]!.token,
          `mutation ($input: AdjudicateInput!) { adjudicate(input: $input) { item { status } } }`,
          { input: { itemId: item.id, verdict: 'REJECTED' } },
        );
        const isParty = model.isParty(item, member);
        expect(codeOf(answer)).toBe(isParty ? 'FORBIDDEN' : null);
        if (!isParty) model.resolved(item, 'ADJUDICATION', 'REJECTED');
      },
      (model) => disputed(model).length > 0,
    ),
);

const withdraw = number.map(
  (n) =>
    new Step(
      `withdraw(${n})`,
      async (model, { service, key }) => {
        const item = at(waiting(model), n);
        const input = { itemId: item.id };
        await service.do(key, `mutation ($input: WithdrawItemInput!) { withdrawItem(input: $input) { item { id } } }`, {
          input,
        });
        model.withdrawn(item);
      },
      (model) => waiting(model).length > 0,
    ),
);

const assign = fc.record({ n: number, who: number }).map(
  ({ n, who }) =>
    new Step(
      `assign(${n}, ${who})`,
      async (model, real) => {
        const item = at(model.items, n);
        const member = who % real.actors.length;
        const isPossible = model.free(item) > 0 && model.mayHave(item, member);
        const held = await assignTo(real, item, member);
        expect(held !== null).toBe(isPossible);
        if (held) model.claimed(item, member, held);
      },
      (model) => model.items.length > 0,
    ),
);

const unassign = onLive('unassign', async (lease, _model, { service, key }) => {
  const input = { assignmentId: lease.held.id };
  await service.do(key, `mutation ($input: UnassignInput!) { unassign(input: $input) { item { id } } }`, { input });
  lease.isLive = false;
});

/** What there is to begin with, so that a run does not spend its steps on nothing. */
export const firstItems = fc.array(flag, { minLength: 2, maxLength: 4 });

/** Steps of a run; what leads somewhere comes more often. */
export const steps = fc.noBias(
  fc.commands(
    [
      flag,
      claimSome,
      claimSome,
      claimSome,
      claimTogether,
      claimKnown,
      claimKnown,
      submitOne,
      submitOne,
      submitOne,
      renew,
      draft,
      release,
      skip,
      expire,
      submitLate,
      adjudicate,
      withdraw,
      assign,
      unassign,
      ...further,
    ],
    { maxCommands: MOST_STEPS, size: 'max' },
  ),
);
